"""台账 through its real page: a county's return, figure by figure down to the meeting, by keyboard, and taken along."""

import io

import docx
import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

import resources
from app.commands.action import FinishAction
from app.domain.action import Action
from app.domain.place import Places
from app.queries.return_count import count_return
from app.settings import ORGAN, PLACE
from tests.county_year import lived
from tests.hands import Hands
from tests.ui.exchange.conftest import shown
from ui.ledger_book.ledger_page import LedgerPage
from ui.ledger_book.ledger_scope import span_of
from ui.words import speak

COUNTY, TOWNSHIP = "530102", "530102002"
PLACES = Places(resources.places("53"))


@pytest.fixture
def room(world):
    """The room of a county whose townships have lived through a year."""
    lived(world.desk, PLACES, COUNTY, world.home.seal, topics=24)
    world.clock.passes(days=210)
    made = world.room()
    made.choose(PLACE, COUNTY)
    made.choose(ORGAN, "政协示例县委员会办公室")
    yield made
    made.tasks.finish()


@pytest.fixture
def page(qtbot, room, tmp_path):
    made = shown(qtbot, LedgerPage(room), room)
    made.sheet.folder, made.sheet.find = tmp_path / "papers", list
    return made


def settled(qtbot, page):
    qtbot.waitUntil(lambda: page.room.tasks.is_quiet() and not page.sheet.is_under_way)


def cells(page, row):
    table = page.table.rows
    return [table.data(table.index(row, column)) for column in range(table.columnCount())]


def stand(page, row, column):
    page.table.setCurrentIndex(page.table.rows.index(row, column))
    page.table.setFocus()


def last(page):
    return page.table.rows.rowCount() - 1


def test_every_township_has_its_row_and_the_last_is_their_sum(page):
    names = [cells(page, row)[1] for row in range(last(page) + 1)]

    assert names == [one.display_name for one in PLACES.children(COUNTY)] + ["合计"]
    for column in range(2, 17):
        assert sum(int(cells(page, row)[column]) for row in range(last(page))) == int(cells(page, last(page))[column])
    assert int(cells(page, last(page))[2]) == 24


def test_a_figure_says_what_it_counts_and_which_meetings_it_came_from(page):
    stand(page, last(page), 7)

    told = cells(page, last(page))[7]
    assert page.figure.text() == f"五华区 · 形成共识数 · {told} 条"
    assert page.meaning.text().startswith("会上议定的条款")
    assert sum(entry.counts[0][1] for entry in page.entries.found) == int(told)


def test_two_enters_open_a_meeting_behind_a_figure_and_esc_goes_back(qtbot, page):
    went = []
    page.room.went.connect(lambda *where: went.append(where))
    stand(page, last(page), 4)
    hands = Hands(page)

    hands.press("↵")
    assert page.behind.hasFocus()
    hands.press("⎋")
    assert page.table.hasFocus()
    hands.press("↵↵")
    settled(qtbot, page)

    ((name, record_id),) = went
    assert name == "desk"
    assert record_id


def test_a_planned_topic_is_opened_among_the_topics(qtbot, page):
    went = []
    page.room.went.connect(lambda *where: went.append(where))
    stand(page, last(page), 2)

    Hands(page).press("↵↵")

    assert went == [("topics", page.entries.found[0].record_id)]


def test_half_a_year_and_days_of_ones_own_count_what_lies_in_them(qtbot, page):
    whole = int(cells(page, last(page))[4])
    page.scope.choose("first")
    settled(qtbot, page)
    first = int(cells(page, last(page))[4])
    page.scope.choose("second")
    settled(qtbot, page)

    assert first + int(cells(page, last(page))[4]) == whole
    assert "下半年" in page.shown.ledger.title

    page.scope.choose("own")
    for field, words in ((page.scope.first, "2026年3月1日"), (page.scope.last, "6月30日")):
        field.line.setText(words)
        field.setFocus()
        Hands(page).press("↵")
    settled(qtbot, page)

    found = page.room._desk.ask(count_return, PLACES, COUNTY, page.scope.since, page.scope.until, page.scope.use)
    assert int(cells(page, last(page))[4]) == found.whole.sittings < whole
    assert "3月1日至2026年6月30日" in page.shown.ledger.about


def test_a_day_that_is_none_is_said_under_its_field_and_nothing_changes(page):
    page.scope.choose("own")
    page.scope.first.line.setText("没有这天")
    page.scope._take_days()

    assert "没看懂" in page.scope.first.note.words.text()
    page.scope.first.line.setText("2026年7月1日")
    page.scope.last.line.setText("2026年6月1日")
    page.scope._take_days()
    assert "比开头那天还早" in page.scope.last.note.words.text()
    assert page.scope.since == span_of("year", page.room.today())[0]


def test_initials_ask_for_one_township_village_by_village_and_nothing_for_all_again(qtbot, page):
    told = cells(page, 1)[2]
    hands = Hands(page)
    hands.chord(Qt.Key.Key_F, ctrl=True)
    page.scope.place.line.selectAll()
    hands.press("hgjd↵")
    settled(qtbot, page)

    assert page.shown.counted.place.code == TOWNSHIP
    assert cells(page, 0)[1] == PLACES.children(TOWNSHIP)[0].display_name
    assert cells(page, last(page))[2] == told

    page.scope.place.setFocus()
    page.scope.place.line.selectAll()
    hands.press("⌫↵")
    settled(qtbot, page)
    assert page.shown.counted.place.code == COUNTY


def test_what_is_shown_is_written_as_excel_with_one_key(qtbot, page, tmp_path):
    said = []
    page.room.said.connect(lambda text, _: said.append(text))

    Hands(page).chord(Qt.Key.Key_E, ctrl=True)
    qtbot.waitUntil(lambda: bool(said))

    (file,) = (tmp_path / "papers").glob("*.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    assert [str(cell.value or "") for cell in sheet[4]][2:8] == cells(page, 0)[2:8]
    assert sheet["A2"].value == "填报单位：政协示例县委员会办公室"
    assert str(file) in said[0]


def test_it_is_printed_with_one_key_and_kept_as_pdf_where_nothing_prints(qtbot, page, tmp_path):
    with qtbot.waitSignal(page.sheet.told) as told:
        Hands(page).chord(Qt.Key.Key_P, ctrl=True)

    (file,) = (tmp_path / "papers").glob("*.pdf")
    assert file.read_bytes().startswith(b"%PDF")
    assert told.args[0].startswith("没印成，台账存在")

    with qtbot.waitSignal(page.sheet.told) as told:
        Hands(page).chord(Qt.Key.Key_E, ctrl=True, shift=True)
    assert told.args[0].startswith("台账存在")


def households(page):
    return [int(cells(page, row)[15]) for row in range(last(page) + 1)]


def test_a_countys_return_goes_up_rounded_and_the_exact_one_is_a_click_away_and_says_so(qtbot, page):
    assert all(count % 5 == 0 for count in households(page))
    assert page.shown.ledger.title.endswith("（上报）")
    stand(page, last(page), 15)
    assert "凑成 5 的倍数" in page.meaning.text()

    page.scope.uses.chips["kept"].click()
    settled(qtbot, page)

    assert any(count % 5 for count in households(page))
    assert page.shown.ledger.title.endswith("（本县留存）")
    assert "只在县内使用" in page.shown.ledger.note


def test_what_goes_up_and_what_stays_lie_beside_each_other_as_files(qtbot, page, tmp_path):
    for use in ("up", "kept"):
        page.scope.uses.chips[use].click()
        settled(qtbot, page)
        page.save_excel()
        settled(qtbot, page)

    names = sorted(file.stem[-6:] for file in (tmp_path / "papers").glob("*.xlsx"))
    assert [name[name.index("（") :] for name in names] == ["（上报）", "（本县留存）"]


def test_a_townships_return_stays_in_its_county_and_lists_have_no_such_choice(qtbot, page):
    page.scope.go_to(TOWNSHIP)
    settled(qtbot, page)
    assert page.shown.ledger.title.endswith("（本县留存）")
    assert page.scope.uses.isVisible()

    page.choose("plan")
    settled(qtbot, page)
    assert not page.scope.uses.isVisible()


def test_the_plan_is_kept_as_word_to_go_behind_a_letter_with_room_for_who_is_responsible(qtbot, page, tmp_path):
    page.choose("plan")
    settled(qtbot, page)

    with qtbot.waitSignal(page.sheet.told):
        Hands(page).chord(Qt.Key.Key_W, ctrl=True, shift=True)

    (file,) = (tmp_path / "papers").glob("*.docx")
    (table,) = docx.Document(str(file)).tables
    heads = [cell.text for cell in table.rows[0].cells]
    assert heads[5:8] == ["时间（月）", "责任领导", "牵头单位"]
    assert len(table.rows) == 1 + 24
    assert {row.cells[6].text for row in table.rows[1:]} == {""}


@pytest.mark.parametrize("width", [820, 1060, 1198, 1600])
def test_the_kinds_of_lists_and_the_buttons_are_never_cut(page, width):
    page.resize(width, 694)
    QApplication.processEvents()

    for part in (page.kinds, page.scope.uses, page.scope.span, *page.carrying):
        assert part.width() >= part.sizeHint().width()


def test_a_folder_that_cannot_be_written_to_is_said_in_place(qtbot, page, tmp_path):
    (tmp_path / "papers").write_bytes(b"")

    page.excel.click()

    qtbot.waitUntil(page.trouble.isVisible)


@pytest.mark.parametrize(("kind", "to"), [("plan", "topics"), ("supervision", "actions"), ("consultations", "desk")])
def test_a_row_of_a_list_is_opened_with_enter(qtbot, page, kind, to):
    went = []
    page.room.went.connect(lambda *where: went.append(where))
    page.choose(kind)
    settled(qtbot, page)
    stand(page, 0, 1)

    Hands(page).press("↵")
    settled(qtbot, page)

    assert went[0][0] == to
    assert not page.behind.isVisible()


def test_a_list_of_one_township_holds_what_is_its_own(qtbot, page):
    page.choose("plan")
    settled(qtbot, page)
    whole = last(page) + 1
    page.scope.go_to(TOWNSHIP)
    settled(qtbot, page)

    assert 0 < last(page) + 1 < whole == 24
    assert {cells(page, row)[1] for row in range(last(page) + 1)} == {"护国街道"}


def test_a_task_that_is_done_moves_the_figure_where_one_stands(qtbot, page):
    stand(page, last(page), 9)
    before = int(cells(page, last(page))[9])
    task = next(one for one in page.room._desk.ask(lambda shelf: shelf.all(Action)) if one.is_open())

    page.room.do(page, FinishAction(task.id, "修好了"))

    qtbot.waitUntil(lambda: int(cells(page, last(page))[9]) == before + 1)
    assert page.table.currentIndex().row() == last(page)


def test_every_figure_and_its_row_are_said_to_those_who_cannot_see_them(page):
    table = page.table.rows

    told = table.data(table.index(1, 7), Qt.ItemDataRole.AccessibleTextRole)

    assert told == f"护国街道 形成共识数 {cells(page, 1)[7]}"


def test_in_english_heads_and_meanings_are_english(qtbot, room):
    speak("en")
    try:
        page = shown(qtbot, LedgerPage(room), room)
        stand(page, 0, 7)
        assert page.table.rows.headerData(7, Qt.Orientation.Horizontal) == "Consensuses"
        assert page.meaning.text().isascii() or "“" in page.meaning.text()
    finally:
        speak("zh")


def test_it_wears_every_look(page, dressed):
    for theme in ("dark", "sun", "light"):
        dressed(theme)
        QApplication.processEvents()
        assert not page.grab().isNull()
