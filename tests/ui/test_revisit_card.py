"""回访 beside a task: five figures and Enter, a sentence when somebody is dissatisfied, and what was said before."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.commands.action import AssignAction, FinishAction
from app.commands.revisit import RecordRevisit
from app.commands.sitting import CallSitting
from app.commands.topic import RaiseTopic
from app.domain.action import Action
from app.domain.revisit import Revisit
from app.queries.topic import topic_life
from tests.hands import Hands
from tests.ui.action_board import headings, shown_tasks
from ui.actions import act
from ui.topic.topic_detail import life_lines


@pytest.fixture
def wall(world) -> str:
    """A task that was done in April, and one after it that is not; it is 18 May."""
    world.clock.at = world.clock.at.replace(month=4)
    sitting = world.sitting()
    made = world.made(world.desk.do(AssignAction(sitting, "修 15 米挡墙")), "action")
    world.desk.do(FinishAction(made, "墙砌好了"))
    world.desk.do(AssignAction(sitting, "栽界桩", due_on=date(2026, 6, 30)))
    world.clock.at = world.clock.at.replace(month=5, day=18)
    return made


@pytest.fixture
def page(qtbot, wall, room):
    return shown_tasks(qtbot, room, wall)


@pytest.fixture
def hands(page) -> Hands:
    return Hands(page)


@pytest.fixture
def card(page):
    return page.detail.revisit


def kept(world) -> list[Revisit]:
    return world.desk.ask(lambda shelf: shelf.all(Revisit))


def again(page, wall) -> None:
    page.enter(wall)
    QApplication.processEvents()


def test_nothing_is_asked_until_somebody_has_gone(card):
    assert not card.cells.isVisible()
    assert card.record.isVisible()
    assert (card.head.after.text(), card.share.isVisible()) == ("", False)


def test_v_and_a_figure_with_enter_five_times_write_a_round(page, card, hands, world, wall):
    hands.press("v4↵6↵1↵↵↵")

    (one,) = kept(world)
    assert (one.action_id, one.answers(), one.text) == (wall, (4, 6, 1, 0, 0), "")
    assert (one.visited_on, one.by) == (date(2026, 5, 18), "示例干部")
    assert page.list.hasFocus()
    assert (card.head.after.text(), card.quote.text()) == ("走了 11 户", "5月18日去的。")
    assert (card.share.text(), card.few.isVisible()) == ("满意 90%", False)
    assert [cell.line.text() for cell in card.cells.cells] == ["4", "6", "1", "0", "0"]
    assert hands.keys == 9


def test_while_counting_it_says_how_many_that_makes(card, hands):
    hands.press("v4↵5")

    assert card.head.after.text() == "走了 9 户"
    assert card.share.text() == "满意 100%"
    assert card.few.isVisible()


def test_a_dissatisfied_answer_asks_for_one_sentence_before_it_is_written(card, hands, world):
    hands.press("v4↵6↵1↵1↵↵")
    asked, at = card.note.text(), hands.focus()
    hands.press("↵")
    refused, before = card.note.text(), kept(world)
    hands.press("loushui↵")

    assert asked == "有 1 户不满意，他们怎么说，写一句"
    assert at is card.line
    assert (asked in refused, before) == (True, [])
    assert (kept(world)[0].dissatisfied, kept(world)[0].text) == (1, "loushui")
    assert card.quote.text() == "5月18日去的。不满意 1 户：“loushui”"
    assert card.hand.isVisible()


def test_nobody_asked_is_refused_and_what_was_typed_stays(card, hands, world):
    hands.press("v↵↵↵↵↵")

    assert "走了几户还没写" in card.note.text()
    assert card.cells.isVisible()
    assert kept(world) == []


def test_an_identity_number_in_the_sentence_is_refused(card, hands, world):
    hands.press("v↵↵↵1↵↵11010519491231002x↵")

    assert "身份证号" in card.note.text()
    assert card.line.text() == "11010519491231002x"
    assert kept(world) == []


def test_earlier_rounds_are_told_in_one_sentence_each(qtbot, page, card, world, room, wall):
    room.do(page, RecordRevisit(action_id=wall, satisfied=2, visited_on=date(2026, 5, 2)))
    whole = world.desk.ask(lambda shelf: shelf.get(Action, wall)).consultation_id
    room.do(page, RecordRevisit(whole, 0, date(2026, 5, 9), 8, 3, 1, 1, 0, "漏水"))
    room.do(page, RecordRevisit(action_id=wall, very_satisfied=12))
    qtbot.waitUntil(lambda: len(card.revisits) == 3)

    assert (card.head.after.text(), card.quote.text()) == ("走了 12 户", "5月18日去的。")
    assert card.earlier.text().split("\n") == [
        "5月9日为整场会走了 13 户，很满意 8、满意 3、一般 1、不满意 1。 漏水",
        "5月2日走了 2 户，都满意。 户数少",
    ]


def test_more_rounds_than_there_is_room_for_are_counted(qtbot, page, card, room, wall):
    for day in range(1, 7):
        room.do(page, RecordRevisit(action_id=wall, satisfied=2, visited_on=date(2026, 5, day)))
    qtbot.waitUntil(lambda: len(card.revisits) == 6)

    assert card.earlier.text().split("\n")[-1] == "再早还有 2 次"


def test_ctrl_z_takes_the_round_back_and_says_so(qtbot, page, card, hands, room, world):
    hands.press("v2↵↵↵↵↵")
    with qtbot.waitSignal(room.said) as said:
        room.undo(page)

    assert said.args[0] == "撤销 记回访 修 15 米挡墙"
    assert kept(world) == []
    qtbot.waitUntil(lambda: not card.cells.isVisible())


def test_esc_goes_back_to_the_list_and_what_is_half_counted_waits(page, card, hands, world, room, wall):
    hands.press("v4↵6⎋")
    closed, in_list = card.cells.isVisible(), page.list.hasFocus()
    hands.press("↓")
    elsewhere = card.cells.isVisible()
    again(page, wall)
    hands.press("v")

    assert (closed, in_list, elsewhere) == (False, True, False)
    assert [cell.line.text() for cell in card.cells.cells] == ["4", "6", "", "", ""]
    hands.press("↵↵↵")
    assert kept(world)[0].answers() == (4, 6, 0, 0, 0)
    assert room.jotted(f"action/{wall}/revisit") == ""


def test_the_line_of_an_open_task_makes_room_and_another_key_has_it_back(page, card, hands):
    hands.press("↑")
    before = page.detail.entry.isVisible()
    hands.press("v3↵")
    while_counting = page.detail.entry.isVisible()
    hands.chord(Qt.Key.Key_D, ctrl=True)

    assert (before, while_counting, page.detail.entry.isVisible()) == (True, False, True)
    assert page.detail.entry.line.hasFocus()
    assert not card.cells.isVisible()
    hands.press("⎋⎋v")
    assert card.cells.texts()[0] == "3"


def test_another_day_is_written_beside_it_and_one_that_has_not_come_is_told(card, hands, world):
    hands.press("v2↵↵↵↵")
    card.day.setFocus()
    hands.press("520↵")
    card.day.resume("20270520")
    card.cells.cells[4].line.setFocus()
    hands.press("↵")
    told, before = card.note.text(), kept(world)
    card.day.setFocus()
    card.day.selectAll()
    hands.press("zt↵")
    card.cells.cells[4].line.setFocus()
    hands.press("↵")

    assert (told, before) == ("那天还没到，走了再记", [])
    assert kept(world)[0].visited_on == date(2026, 5, 17)


def test_a_round_may_be_about_the_whole_meeting(card, hands, world):
    hands.press("v9↵3↵↵↵⇥⇥→")
    assert card.about.current == 1
    card.cells.cells[4].line.setFocus()
    hands.press("↵")

    (one,) = kept(world)
    assert (one.action_id, one.households()) == (None, 12)
    assert card.quote.text() == "5月18日为整场会去的。"


def test_enter_twice_on_a_slow_disk_writes_once(qtbot, card, hands, world, room, monkeypatch):
    hands.press("v2↵↵↵↵")
    monkeypatch.setattr("ui.tasks.BLINK_S", 0.0)
    for _ in range(2):
        QTest.keyClick(card.cells.cells[4].line, Qt.Key.Key_Return)
    qtbot.waitUntil(room.is_saved)
    qtbot.waitUntil(lambda: not card.is_open)

    assert len(kept(world)) == 1


def test_what_was_done_three_months_ago_stands_under_revisit_until_somebody_goes(qtbot, page, card, hands, world, wall):
    assert headings(page)[-1] == "办完了 1"
    world.clock.at = world.clock.at.replace(month=7, day=30)
    again(page, wall)

    due, told = headings(page)[-1], card.head.after.text()
    hands.press("v12↵↵↵↵↵")

    assert (due, told) == ("该回访 1", "该回访了")
    qtbot.waitUntil(lambda: headings(page)[-1] == "办完了 1")


def test_a_round_written_down_wrong_is_mended_in_place(qtbot, page, card, hands, room, world, wall):
    hands.press("v4↵6↵↵↵↵")
    hands.chord(Qt.Key.Key_V, shift=True)
    shown, day, is_asked = card.cells.texts(), card.day.text(), card.about.isVisible()
    hands.press("3↵↵↵1↵↵xiaojie↵")
    (one,) = kept(world)

    assert (shown, day, is_asked) == (("4", "6", "0", "0", "0"), "5月18日", False)
    assert (one.answers(), one.text, one.visited_on) == ((3, 6, 0, 1, 0), "xiaojie", date(2026, 5, 18))
    assert page.list.hasFocus()
    room.undo(page)
    assert kept(world)[0].answers() == (4, 6, 0, 0, 0)
    hands.press("v")
    assert card.cells.texts() == ("",) * 5


def test_there_is_nothing_to_mend_before_somebody_went(card, hands):
    hands.chord(Qt.Key.Key_V, shift=True)

    assert not card.cells.isVisible()


def test_the_topic_shows_when_somebody_went_and_what_they_said(world, wall):
    topic_id = world.made(world.desk.do(RaiseTopic("老墙滑坡")), "topic")
    called = world.desk.do(CallSitting("挡墙协商", topic_id=topic_id))
    consultation = world.made(called, "consultation")
    world.desk.do(RecordRevisit(consultation, satisfied=2, visited_on=date(2026, 5, 2)))
    world.desk.do(RecordRevisit(consultation, satisfied=9, fair=3))

    life = world.desk.ask(topic_life, topic_id)
    line = life_lines(life.topic, life, date(2026, 5, 18))[4]

    assert (line.name, line.state, line.day) == ("回访 · 办结", "now", "5月18日")
    assert line.detail == "走过 2 次，走了 12 户，满意 75%"


def test_the_key_of_the_card_is_the_one_of_the_list():
    assert QKeySequence(act("list.revisit").keys[0]) == QKeySequence(Qt.Key.Key_V)
