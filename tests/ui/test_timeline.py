"""What was said, in its order: filtered, mended, taken out, five hundred of them at once."""

import pytest
from PySide6.QtCore import Qt

from app.commands.issue import TakeUpIssue
from app.commands.statement import RecordStatement
from app.domain.change import ChangeSet, created
from app.domain.statement import Statement, StatementKind
from tests.hands import Hands
from tests.ui.desk_world import Village, desk, settle
from ui.theme import look


@pytest.fixture
def village(world):
    return Village(world, here=8, said=6)


@pytest.fixture
def room(world, village):
    standing = world.room()
    yield standing
    standing.tasks.finish()


@pytest.fixture
def page(qtbot, room, village):
    opened = desk(qtbot, room, village.sitting_id)
    yield opened
    opened.leave()
    settle(opened)


def rows(page):
    return page.timeline.list.statements.rows


def test_a_row_says_everything_to_a_reader(page):
    index = page.timeline.list.statements.index(5)

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "10:38 周某戊 村民代表 异议 焦点 2 村集体出砂石，别家修墙是不是也给？得有个说法。"
    )


def test_few_statements_stand_at_the_foot(page):
    last = page.timeline.list.visualRect(page.timeline.list.statements.index(5))

    assert page.timeline.list.viewport().height() - last.bottom() < look().px(12)


def test_dissent_alone_and_one_issue_alone_can_be_read(page, room, village):
    page.timeline.filters.choose(2)
    assert [row.kind for row in rows(page)] == [StatementKind.DISSENT]

    room.do(page, TakeUpIssue(page.live.issues()[1].id))
    assert page.timeline.filters.words[1].text() == "只看 ②"
    page.timeline.filters.choose(1)
    assert [row.name for row in rows(page)] == ["李某丁", "周某戊"]


def test_a_long_statement_is_shown_whole(page, room, village):
    before = page.timeline.list.brush.height_of(rows(page)[0])
    room.do(page, RecordStatement(village.sitting_id, "讲" * 200))

    assert page.timeline.list.brush.height_of(rows(page)[-1]) > 3 * before / 2
    tall = page.timeline.list.visualRect(page.timeline.list.statements.index(6)).height()
    assert tall == page.timeline.list.brush.height_of(rows(page)[-1])


def test_enter_on_a_row_mends_it_and_del_takes_it_out_with_a_way_back(page, room):
    clerk = Hands(page)
    page.timeline.enter_list()
    clerk.press("↑↵")
    assert page.entry.number.text() == "改第 5 条"
    clerk.press("⎋")

    page.timeline.enter_list()
    page.timeline.list.setCurrentIndex(page.timeline.list.statements.index(5))
    clerk.chord(Qt.Key.Key_Delete)
    assert len(rows(page)) == 5

    room.undo(page)
    assert len(rows(page)) == 6


def test_f2_on_a_row_mends_it_and_does_not_go_to_the_door(page):
    page.timeline.enter_list()
    Hands(page).chord(Qt.Key.Key_F2)

    assert page.entry.number.text() == "改第 6 条"
    assert page.zone == "speak"


def test_a_row_in_hand_shows_what_can_be_done_with_it(page):
    assert not page.timeline.edit.isVisible()
    page.timeline.enter_list()
    assert page.timeline.edit.isVisible()

    page.timeline.remove.click()

    assert len(rows(page)) == 5


def test_esc_goes_back_to_the_entry_line(page):
    page.timeline.enter_list()
    Hands(page).press("⎋")

    assert page.entry.who.hasFocus()


def five_hundred(village):
    text = "墙就沿量出来的线砌，15 米，两家各出一半工钱；砂石村里砂场有，村集体可以出。" * 2
    ids = [f"{number:026}" for number in range(10, 510)]
    said = [
        Statement(key, village.sitting_id, number, text, said_at=village.world.clock.now())
        for number, key in enumerate(ids, start=10)
    ]
    parts = tuple(change for statement in said for change in created(statement))
    village.world.home.ledger.write(ChangeSet("示例", parts, "x" * 26), "示例干部", village.world.clock.now())


def test_five_hundred_statements_open_and_scroll_to_the_newest(qtbot, world, village):
    five_hundred(village)
    room = world.room()
    page = desk(qtbot, room, "")
    page.enter(village.sitting_id)
    qtbot.waitUntil(lambda: page.live is not None and len(rows(page)) == 506)

    view = page.timeline.list
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum() > 1000
    page.leave()
    settle(page)
    room.tasks.finish()


def test_a_reader_who_scrolled_up_is_left_in_peace(qtbot, world, village):
    five_hundred(village)
    room = world.room()
    page = desk(qtbot, room, village.sitting_id)
    bar = page.timeline.list.verticalScrollBar()
    bar.setValue(100)

    room.do(page, RecordStatement(village.sitting_id, "新的一条"))

    assert bar.value() == 100
    page.leave()
    settle(page)
    room.tasks.finish()


def test_a_new_row_fades_in_but_not_in_sunlight(page, room, village, dressed):
    room.do(page, RecordStatement(village.sitting_id, "新的一条"))
    assert page.timeline.list.brush.fresh == rows(page)[-1].statement_id

    dressed("sun")
    room.do(page, RecordStatement(village.sitting_id, "又一条"))
    assert page.timeline.list.brush.fresh == rows(page)[-2].statement_id
