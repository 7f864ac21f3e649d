"""报表: what a county hands up adds up, says what it counts, and every figure has its meetings behind it."""

import csv
import io
from dataclasses import astuple
from datetime import date, timedelta

import openpyxl
import pytest

from app.commands.action import AssignAction, FinishAction
from app.commands.attendance import WalkIn
from app.commands.consensus import SettleConsensus
from app.commands.people import MergePeople
from app.commands.revisit import RecordRevisit, ReviseRevisit
from app.commands.sitting import CallSitting, OpenSitting
from app.commands.topic import AdvanceTopic, RaiseTopic
from app.domain.consensus import Consensus, Method, Result
from app.domain.consultation import Consultation
from app.domain.people import Role
from app.domain.place import Level, Places
from app.domain.place_figures import FIGURES, total
from app.domain.return_figures import (
    COUNTED,
    MADE_OF,
    MEANINGS,
    POINTS,
    ReturnFigures,
    Use,
    figure,
    meanings,
    point_of,
    usual_use,
)
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.topic import CATEGORIES, TopicStage
from app.office_files.excel import excel
from app.queries.place_cells import county_cells
from app.queries.return_count import count_return
from app.queries.return_sheet import return_ledger
from tests.papers.office_eye import office

COUNTY, HERE, THERE = "532627", "532627208", "532627209"
PLACES = Places(
    "532627\t示例县\n532627100\t莲城镇\n532627208\t五珠乡\n532627209\t那洒乡\n"
    "532627208204\t老厂村委会\n532627208205\t新厂村委会\n532627209201\t贵马村委会\n"
)
SINCE, UNTIL = date(2026, 1, 1), date(2026, 6, 30)


@pytest.fixture
def county(yard, desk_clock):
    """Two townships: a wall agreed, done and looked at in one; in the other a meeting that settled nothing yet."""
    topic = yard.made(RaiseTopic("老墙滑坡", "532627208204", category="DISPUTE"))
    yard.desk.do(AdvanceTopic(topic, TopicStage.APPROVED))
    held = met(yard, "挡墙协商", "532627208204", topic_id=topic, issues=("谁出资", "水往哪排"))
    for name, role in (("白某丑", Role.CPPCC_MEMBER), ("何某子", Role.CPPCC_STAFF), ("黄某寅", Role.VILLAGER)):
        yard.desk.do(WalkIn(held.id, name, role=role))
    first, second = yard.all(type(yard.issues[0]))[-2:]
    yard.desk.do(SettleConsensus(first.id, "各出一半", Method.NO_OBJECTION))
    yard.desk.do(SettleConsensus(second.id, "往东", Method.NO_OBJECTION))
    agreed = yard.all(Consensus)[-2]
    task = yard.made(AssignAction(held.id, "修墙", consensus_id=agreed.id))
    yard.desk.do(FinishAction(task, "修好了"))
    yard.desk.do(RecordRevisit(action_id=task, very_satisfied=2, satisfied=1, fair=1))
    met(yard, "灌渠清淤", "532627209201", issues=("出工",))
    yard.desk.do(SettleConsensus(yard.all(type(first))[-1].id, "", Method.HOST_SUMMARY, result=Result.NOT_REACHED))
    return yard


def met(yard, title, village, **more):
    yard.desk.do(CallSitting(title, (village,), **more))
    sitting = yard.all(Sitting)[-1]
    yard.desk.do(OpenSitting(sitting.id))
    return sitting


def counted(yard, code=COUNTY, since=SINCE, until=UNTIL, use=Use.KEPT):
    return yard.desk.ask(count_return, PLACES, code, since, until, use)


def row(found, code):
    return next(one.figures for one in found.rows if one.code == code)


def test_each_township_has_a_row_in_administrative_order_also_where_nothing_was(county):
    found = counted(county)

    assert [one.name for one in found.rows] == ["莲城镇", "五珠乡", "那洒乡"]
    assert row(found, "532627100") == ReturnFigures()


def test_a_township_counts_what_was_planned_held_agreed_done_and_found_good(county):
    told = row(counted(county), HERE)

    assert (told.planned, told.taken_up, told.sittings) == (1, 1, 2)
    assert (told.members, told.villagers) == (1, 8)
    assert (told.consensuses, told.converted) == (2, 1)
    assert (told.done, told.households, told.content, told.share_content) == (1, 4, 3, 75)


def test_a_member_is_who_signed_in_as_one_and_no_staff_of_the_office(county):
    assert row(counted(county), HERE).members == 1


def test_who_was_signed_in_twice_came_once(county):
    yard = county
    twin = yard.made(WalkIn(yard.sitting_id, "赵某甲", "二组"))
    assert row(counted(yard), HERE).villagers == 9

    yard.desk.do(MergePeople(yard.people["赵某甲"], twin))

    assert row(counted(yard), HERE).villagers == 8


def test_the_sum_is_that_of_the_rows_and_solved_problems_those_of_the_five_points(county):
    found = counted(county)
    sums = [sum(column) for column in zip(*(astuple(one.figures) for one in found.rows), strict=True)]

    assert found.whole == ReturnFigures(*sums)
    assert found.whole.done == sum(getattr(found.whole, point) for point in POINTS)


def test_behind_every_figure_are_the_meetings_that_come_to_it(county):
    found = counted(county)

    for place in ("", *(one.code for one in found.rows)):
        figures = row(found, place) if place else found.whole
        for name in (*COUNTED, "done"):
            behind = found.behind(place, name)
            assert sum(entry.counts[0][1] for entry in behind) == figures.told(name)
    (meeting,) = found.behind(HERE, "consensuses")
    assert (meeting.title, meeting.kind, meeting.counts) == ("挡墙协商", Consultation.KIND, (("consensuses", 2),))
    assert [entry.title for entry in found.behind(HERE, "planned")] == ["老墙滑坡"]
    assert set(MADE_OF) == {"done", "share_content"}


def test_days_outside_are_not_counted_and_both_ends_are(county):
    day = date(2026, 3, 30)

    assert counted(county, since=day, until=day).whole == counted(county).whole
    assert counted(county, until=day - timedelta(days=1)).whole == ReturnFigures()
    assert counted(county, since=day + timedelta(days=1)).whole == ReturnFigures()


def test_a_township_makes_its_own_village_by_village_and_comes_to_its_row(county):
    own = counted(county, HERE)

    assert [one.name for one in own.rows] == ["老厂村", "新厂村"]
    assert own.whole == row(counted(county), HERE)


def test_what_belongs_to_no_township_stands_last_and_in_the_sum(county):
    met(county, "县里的协商", COUNTY)
    found = counted(county)

    assert (found.rows[-1].name, found.rows[-1].figures.sittings) == ("县本级", 1)
    assert found.whole.sittings == 4


def test_it_tells_what_the_pages_of_the_province_tell_but_households_exactly(county):
    page = total(cell.figures for cell in county.desk.ask(county_cells, COUNTY))
    found = counted(county).whole

    for name in ("planned", "taken_up", "sittings", "consensuses", "done"):
        assert found.told(name) == getattr(page, name)
    assert (found.households, page.households) == (4, 0)


def test_what_goes_up_tells_of_households_what_the_pages_of_the_province_tell(county):
    county.desk.do(RecordRevisit(county.sitting.consultation_id, very_satisfied=8, fair=3))
    page = total(cell.figures for cell in county.desk.ask(county_cells, COUNTY))
    up = counted(county, use=Use.UP)

    assert (up.whole.households, up.whole.content) == (page.households, page.content) == (15, 10)
    assert up.whole.sittings == counted(county).whole.sittings


def test_of_few_households_no_share_goes_up_as_on_the_pages_and_it_stays_in_the_county(county):
    up, kept = counted(county, use=Use.UP), counted(county)

    assert figure(up.whole, "share_content", Use.UP) is None
    assert figure(kept.whole, "share_content", Use.KEPT) == 75
    assert figure(ReturnFigures(households=20, content=15), "share_content", Use.UP) == 75


@pytest.mark.parametrize("answers", [(0, 0, 1, 0, 0), (2, 2, 2, 0, 2), (1, 2, 0, 0, 0), (0, 0, 0, 0, 2)])
def test_nobody_above_the_county_can_tell_how_one_household_answered_from_how_eight_did(county, answers):
    def told():
        spans = [(SINCE, UNTIL), (date(2026, 3, 30), date(2026, 3, 30))]
        founds = [counted(county, code, *span, use=Use.UP) for code in (COUNTY, HERE) for span in spans]
        return [(one.rows, one.whole) for one in founds]

    (before,) = county.all(Revisit)
    first = told()
    county.desk.do(
        ReviseRevisit(Revisit(before.id, before.consultation_id, before.visited_on, before.action_id, *answers))
    )

    assert told() == first


def test_what_goes_up_adds_up_and_has_its_meetings_behind_it_as_well(county):
    county.desk.do(RecordRevisit(county.sitting.consultation_id, very_satisfied=8, fair=3))
    found = counted(county, use=Use.UP)

    assert found.whole.households == sum(one.figures.households for one in found.rows) == 15
    assert sum(entry.counts[0][1] for entry in found.behind("", "households")) == 15


def test_a_round_too_small_to_be_told_does_not_go_up_and_is_not_behind_a_figure(county):
    (one,) = county.all(Revisit)
    county.desk.do(ReviseRevisit(Revisit(one.id, one.consultation_id, one.visited_on, one.action_id, 2)))
    found = counted(county, use=Use.UP)

    assert found.whole.households == 0
    assert found.behind("", "households") == ()


def test_a_countys_return_goes_up_unless_told_otherwise_and_a_townships_to_its_county():
    assert [usual_use(level) for level in (Level.PROVINCE, Level.COUNTY)] == [Use.UP, Use.UP]
    assert usual_use(Level.TOWNSHIP) is Use.KEPT


def test_the_paper_says_whether_it_goes_up_and_what_that_means_for_its_figures(county):
    up = return_ledger(counted(county, use=Use.UP), "政协示例县委员会办公室", date(2026, 7, 2))
    kept = sheet_of(county)

    assert up.title.endswith("统计报表（上报）")
    assert kept.title.endswith("统计报表（本县留存）")
    assert "凑成5的倍数" in up.note
    assert "不报送县级以上" in kept.note
    assert "实数" in dict(kept.meanings)["满意户数（户）"]
    assert "实数" not in "".join(sentence for _, sentence in up.meanings)
    assert [one.name for one in meanings(Use.UP)] == [one.name for one in MEANINGS]


def test_every_column_says_what_it_counts_and_the_same_as_the_province_where_it_is_the_same():
    assert {one.name for one in MEANINGS} == {*COUNTED, "done", "share_content"}
    assert all(one.sentence.endswith("。") for one in MEANINGS)
    shared = {one.name: one for one in FIGURES}
    assert all(one.sentence == shared[one.name].sentence for one in MEANINGS if one.name in ("sittings", "done"))


def test_every_category_belongs_to_one_of_the_five_points():
    homes = [point for code in CATEGORIES for point, (_, codes) in POINTS.items() if code in codes]

    assert len(homes) == len(CATEGORIES)
    assert point_of("DISPUTE") == "difficult"


def test_a_share_says_a_hundred_only_of_all_and_nothing_of_nobody():
    assert ReturnFigures(households=200, content=199).share_content == 99
    assert ReturnFigures().share_content is None


def sheet_of(county):
    return return_ledger(counted(county), "政协示例县委员会办公室", date(2026, 7, 2))


def test_as_excel_it_adds_up_and_says_what_each_column_counts(county):
    book = openpyxl.load_workbook(io.BytesIO(excel(sheet_of(county))))
    sheet, meanings = book.worksheets

    rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=4, max_row=7)]
    assert [line[1] for line in rows] == ["莲城镇", "五珠乡", "那洒乡", "合计"]
    for column in range(2, 17):
        assert sum(line[column] for line in rows[:3]) == rows[3][column]
    assert sheet.auto_filter.ref == "A3:R6"
    assert sheet["A1"].value == "示例县2026年上半年协商工作统计报表（本县留存）"
    assert "2026年1月1日至2026年6月30日" in str([cell.value for cell in sheet[2]])
    assert "填报人：" in sheet["A9"].value
    assert meanings["B2"].value == MEANINGS[0].sentence
    assert meanings.max_row == 1 + len(MEANINGS)


def test_an_office_opens_it_and_sees_the_same_numbers(county, tmp_path):
    file = tmp_path / "return.xlsx"
    file.write_bytes(excel(sheet_of(county)))

    desk = office(tmp_path)
    told = list(csv.reader(desk.converted([file], "csv")[0].read_text("utf-8").splitlines()))

    assert told[4][2:9] == ["1", "1", "2", "1", "8", "2", "1"]
    assert told[6][2:9] == ["1", "1", "3", "1", "8", "2", "1"]
