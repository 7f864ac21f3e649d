"""台账: the columns an office knows, and no villager's name in what travels up."""

from datetime import date

import pytest

from app.commands.action import AssignAction, NoteProgress
from app.commands.attendance import WalkIn
from app.commands.people import MergePeople, RegisterPerson
from app.commands.sitting import CallSitting
from app.commands.topic import AdvanceTopic, RaiseTopic
from app.domain.action import Action
from app.domain.errors import Missing
from app.domain.people import Person, Role
from app.domain.place import Places
from app.domain.topic import TopicStage
from app.ports import Is
from app.queries.ledger_book import LISTS, STAYS, TRAVELS, Asked, Book
from tests.app.conftest import NAMES

VILLAGE = "532627208204"
PLACES = Places(f"532627208\t五珠乡\n{VILLAGE}\t老厂村委会\n")
TODAY = date(2026, 5, 6)


@pytest.fixture
def told(yard):
    """Ask for a list of the yard."""

    def ask(name, **how):
        asked = Asked(TODAY, "示例县政协", **how)
        return yard.desk.ask(lambda shelf: LISTS[name](Book(shelf, PLACES, {"yuanba": "院坝协商"}), asked))

    return ask


@pytest.fixture
def tasks(yard):
    """Three tasks: a villager's, a cadre's, one of nobody."""
    cadre = yard.made(RegisterPerson("何某子", VILLAGE, role=Role.TOWNSHIP_CADRE, post="所长"))
    first = yard.made(
        AssignAction(
            yard.sitting_id,
            "赵某甲家门口砌15米挡墙",
            person_id=yard.people["赵某甲"],
            due_on=date(2026, 4, 30),
            supervisor="周某戊",
        )
    )
    yard.desk.do(AssignAction(yard.sitting_id, "界桩备案", unit_name="自然资源所", person_id=cadre, due_words="雨季前"))
    yard.desk.do(NoteProgress(first, "钱某乙运来砂石"))
    return first


def approved(yard, title, village=VILLAGE):
    topic = yard.made(RaiseTopic(title, village))
    yard.desk.do(AdvanceTopic(topic, TopicStage.APPROVED))
    return topic


def cell(ledger, row, header):
    return ledger.rows[row - 1][[column.header for column in ledger.columns].index(header)]


def words(ledger):
    return "\n".join(str(one) for line in ledger.rows for one in line)


def test_a_task_tells_its_day_how_late_it_is_and_what_was_said_last(told, tasks):
    ledger = told("actions")

    assert cell(ledger, 1, "完成时限") == date(2026, 4, 30)
    assert cell(ledger, 1, "逾期天数") == 6
    assert cell(ledger, 1, "办理状态") == "办理中"
    assert cell(ledger, 2, "牵头单位") == "自然资源所"
    assert cell(ledger, 2, "完成时限") == "雨季前"
    assert cell(ledger, 2, "逾期天数") is None


@pytest.mark.parametrize("name", ["actions", "topics", "consultations"])
def test_no_villager_is_named_in_a_list_that_travels(yard, told, tasks, name):
    yard.desk.do(RaiseTopic("吴某己和郑某庚争水", VILLAGE, raised_by="吴某己"))
    ledger = told(name)

    assert ledger.note == TRAVELS
    assert ledger.rows
    assert [villager for villager in NAMES if villager in words(ledger)] == []


def test_a_task_that_travels_is_answered_for_by_a_post_or_a_role(told, tasks):
    ledger = told("actions")

    assert [cell(ledger, row, "责任人职务或身份") for row in (1, 2)] == ["村民", "所长"]
    assert cell(ledger, 1, "任务内容") == "赵某某家门口砌15米挡墙"
    assert cell(ledger, 1, "最近进展") == "钱某某运来砂石"


def test_the_list_for_the_units_holds_names_and_says_that_it_stays(yard, told, tasks):
    held = yard.get(Action, tasks).consultation_id
    ledger = told("actions", consultation_id=held)

    assert ledger.note == STAYS
    assert ledger.title == "石墙协商任务分解清单"
    assert cell(ledger, 1, "责任人") == "赵某甲"
    assert cell(ledger, 1, "监督员") == "周某戊"
    assert [column.header for column in ledger.columns][::9] == ["序号", "备注"]


def test_a_meeting_is_counted_in_the_ledger_of_meetings(told, tasks):
    ledger = told("consultations")

    assert (cell(ledger, 1, "时间"), cell(ledger, 1, "乡镇（街道）")) == (date(2026, 3, 30), "五珠乡")
    assert (cell(ledger, 1, "参加人数"), cell(ledger, 1, "其中群众"), cell(ledger, 1, "任务数")) == (7, 7, 2)
    assert cell(ledger, 1, "协商形式") == "院坝协商"


def test_a_meeting_that_is_only_called_is_no_activity_yet(yard, told):
    yard.desk.do(CallSitting("还没开的", (VILLAGE,)))

    assert len(told("consultations").rows) == 1


def test_a_topic_keeps_the_zeros_of_its_code_and_counts_its_meetings(yard, told):
    yard.desk.do(RaiseTopic("路灯不亮", "012345678901"))
    ledger = told("topics")

    assert cell(ledger, 1, "区划代码") == "012345678901"
    assert cell(ledger, 1, "协商场次") == 0
    assert cell(ledger, 1, "目前状态") == "征集"


def test_who_came_stands_in_the_order_of_arrival_and_telephones_only_when_asked(yard, told):
    held = yard.sitting.consultation_id
    ledger = told("attendance", consultation_id=held)

    assert [row[1] for row in ledger.rows] == list(NAMES)
    assert cell(ledger, 1, "单位/村组") == "老厂村二组"
    assert "联系电话" not in [column.header for column in ledger.columns]
    assert "联系电话" in [column.header for column in told("attendance", consultation_id=held, phones=True).columns]


def test_every_row_has_a_cell_for_each_column_number_first_and_note_last(yard, told, tasks):
    approved(yard, "路灯不亮")
    held = yard.sitting.consultation_id

    for name in LISTS:
        ledger = told(name, consultation_id=held)
        assert ledger.rows
        assert {len(row) for row in ledger.rows} == {len(ledger.columns)}
        assert [row[0] for row in ledger.rows] == list(range(1, len(ledger.rows) + 1))
        assert (ledger.columns[0].header, ledger.columns[-1].header) == ("序号", "备注")


def test_a_meeting_that_is_not_there_is_missing(told):
    with pytest.raises(Missing):
        told("attendance", consultation_id="0" * 32)


def test_a_tally_is_what_counting_value_by_value_gives(yard, tasks):
    tally = yard.desk.ask(lambda shelf: shelf.tally(Person, "role"))

    assert tally == {
        role: yard.desk.ask(lambda shelf, role=role: shelf.count(Person, Is("role", role))) for role in tally
    }
    assert tally == {"VILLAGER": 7, "TOWNSHIP_CADRE": 1}
    assert yard.desk.ask(lambda shelf: shelf.tally(Person, "role", Is("name", "没有这个人"))) == {}


def test_who_was_signed_in_under_two_entries_is_counted_once(yard, told):
    twin = yard.made(WalkIn(yard.sitting_id, "赵某甲", "二组"))
    before = [cell(told("consultations"), 1, header) for header in ("参加人数", "其中群众")]
    yard.desk.do(MergePeople(yard.people["赵某甲"], twin))
    held = yard.sitting.consultation_id

    assert before == [8, 8]
    assert [cell(told("consultations"), 1, header) for header in ("参加人数", "其中群众")] == [7, 7]
    assert len(told("attendance", consultation_id=held).rows) == 7
