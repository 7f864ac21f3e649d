"""Settling an issue: by everybody, by votes that do or do not add up, with reservations that stay."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.commands.attendance import CheckIn
from app.domain.consensus import Method, Ratio, Result
from tests.ui.settling import Evening, stand_up
from tests.world import World
from ui.consultation.consensus_editor import read_half_entered

WORDS = "两户各担一半工钱，村集体出砂石约 18 方；今后凡协商确定的公共安全挡墙，照此办理。"
RESERVED = "应先定全村标准，再动砂石"
F5, DOWN, ENTER = Qt.Key.Key_F5, Qt.Key.Key_Down, Qt.Key.Key_Return


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def evening(world):
    return Evening(world)


@pytest.fixture(autouse=True)
def no_echo(monkeypatch):
    """Let Enter follow a sentence at once: hands in a test are faster than an input method's second Enter."""
    monkeypatch.setattr("ui.widgets.composing_edit.ECHO_MS", 0)


def write(hands, text=WORDS):
    hands.chord(F5)
    hands.say(text)


def test_everybody_agrees_in_four_keys(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)

    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("y")
    hands.chord(ENTER, ctrl=True)

    settled = evening.consensus(1)
    assert hands.keys <= 4
    assert settled.is_settled()
    assert (settled.agree, settled.against, settled.abstain, settled.present, settled.expected) == (27, 0, 0, 27, 32)
    assert settled.text == WORDS
    assert yard.live.current_issue().number == 2
    assert yard.entry.hasFocus()
    assert yard.said == ["已定下 ①"]


def test_votes_and_one_reservation_take_sixteen_keys_besides_the_sentence(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)

    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("25⇥1⇥1↵zmw␣")
    hands.say(RESERVED)
    hands.press("↵")
    hands.chord(ENTER, ctrl=True)

    settled = evening.consensus(1)
    assert hands.keys <= 16
    assert (settled.agree, settled.against, settled.abstain) == (25, 1, 1)
    kept = evening.live().reservations_of(settled.id)
    assert [(kept[0].person_id, kept[0].text)] == [(evening.ids["周某戊"], RESERVED)]
    assert yard.entry.hasFocus()


def test_a_reservation_survives_undo_and_is_shown_again(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("26⇥1⇥0↵zmw␣")
    hands.say(RESERVED)
    hands.chord(ENTER, ctrl=True)

    yard.room.undo(yard)

    draft = evening.consensus(1)
    assert not draft.is_settled()
    assert [r.text for r in evening.live().reservations_of(draft.id)] == [RESERVED]
    card = yard.column.cards[evening.issue(1)]
    assert [voice[1] for voice in card.state.voices] == [f"周某戊 保留：{RESERVED}"]
    hands.chord(F5)
    assert yard.column.editor.text.text() == WORDS, "the words come back with the undo"
    assert yard.column.editor.objections == [], "and the stored reservation is not handed in twice"
    assert yard.column.editor.reservation.title.text() == "保留意见 2"


def test_fewer_votes_than_people_ask_whether_somebody_left(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)

    hands.press("25⇥1⇥0")

    cells = yard.column.editor.cells
    assert cells.sum.text() == "合计 26，到会 27，差 1 人：有人离席？"
    assert cells.sum.property("tone") == "ochre"
    assert cells.cells["silent"].isVisible()
    hands.chord(ENTER, ctrl=True)
    assert not evening.consensus(1)
    assert "不表态" in yard.column.editor.note.words.text()

    hands.press("b")
    assert cells.sum.text() == "合计 27 = 到会 27"
    hands.chord(ENTER, ctrl=True)
    assert evening.consensus(1).silent == 1


def test_more_votes_than_people_are_refused_in_place(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("28")

    assert yard.column.editor.cells.sum.property("tone") == "seal"
    hands.press("↵")
    assert yard.column.editor.cells.cells["agree"].line.hasFocus(), "Enter does not lead on"
    hands.chord(ENTER, ctrl=True)

    assert evening.consensus(1) is None
    assert "多出 1 票" in yard.column.editor.note.words.text()
    assert yard.column.editor.text.text() == WORDS


def test_below_the_ratio_is_marked_and_kept(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("12⇥15⇥0")

    assert yard.column.editor.cells.below.isVisible()
    hands.chord(ENTER, ctrl=True)

    assert evening.consensus(1).is_below_ratio()
    assert "未达比例" in yard.column.cards[evening.issue(1)].head.accessibleName()


def test_hands_are_counted_stroke_by_stroke(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)

    hands.press("ttttttffq")
    cells = yard.column.editor.cells
    assert (cells.tally().agree, cells.tally().against, cells.tally().abstain) == (6, 2, 1)
    hands.press("⌫")
    assert cells.tally().abstain == 0
    hands.press("f⌫⌫t")

    assert (cells.tally().agree, cells.tally().against) == (7, 1)
    assert cells.cells["agree"].strokes.count == 7


def test_full_width_figures_are_votes_and_the_input_method_is_off(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)

    hands.say("２７")

    line = yard.column.editor.cells.cells["agree"].line
    assert line.text() == "27"
    assert not line.ime_on()


def test_enter_while_composing_settles_nothing_and_leads_nowhere(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    hands.chord(F5)
    hands.compose("liang'hu")

    hands.press("↵")
    hands.chord(ENTER, ctrl=True)
    hands.chord(DOWN, ctrl=True)

    assert yard.column.editor.text.hasFocus()
    assert yard.column.editor.note.words.text() == "组字中 · 回车只上屏，不提交"
    assert evening.consensus(1) is None


def test_half_entered_votes_come_back_after_a_crash(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("25⇥1⇥1↵zmw␣")
    hands.say("应先定")
    yard.column.editor.keep()
    qtbot.waitUntil(yard.room.is_saved)
    yard.hide()
    evening.world = evening.world.reopened()

    again, hands = stand_up(qtbot, evening)

    editor = again.column.editor
    assert editor.isVisible()
    assert again.entry.hasFocus(), "it comes back without taking the keyboard"
    assert editor.text.text() == WORDS
    assert editor.cells.texts() == {"agree": "25", "against": "1", "abstain": "1"}
    assert editor.reservation.half().person_id == evening.ids["周某戊"]
    assert editor.reservation.sentence.text() == "应先定"
    hands.chord(F5)
    hands.chord(ENTER, ctrl=True)
    assert evening.live().reservations_of(evening.consensus(1).id)[0].text == "应先定"
    evening.world.close()


def test_leaving_makes_the_words_a_draft_and_escape_keeps_them(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)

    hands.press("⎋")

    assert yard.entry.hasFocus()
    assert evening.consensus(1).text == WORDS
    assert not evening.consensus(1).is_settled()
    assert not yard.column.editor.isVisible()
    hands.chord(F5)
    assert yard.column.editor.text.text() == WORDS


def test_a_zone_key_away_and_back_leaves_everything_where_it_was(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("25⇥1")

    yard.entry.setFocus()
    qtbot.waitUntil(lambda: evening.consensus(1) is not None)

    assert evening.consensus(1).text == WORDS
    assert yard.column.editor.isVisible()
    assert yard.column.editor.cells.texts() == {"agree": "25", "against": "1"}


def test_the_yard_filling_up_changes_the_sum_while_votes_are_typed(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("27")

    late = list(evening.ids.values())[28]
    yard.room.do(yard, CheckIn(evening.sitting_id, late))

    assert yard.column.editor.cells.sum.text().startswith("合计 27，到会 28，差 1 人")
    assert yard.column.editor.cells.cells["agree"].line.hasFocus()


@pytest.mark.qt_log_ignore("raise|grabbing the keyboard", extend=True)
def test_without_a_count_the_votes_are_not_asked_for(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    editor = yard.column.editor

    hands.chord(Qt.Key.Key_M, ctrl=True)
    menu = editor.method.findChild(QMenu)
    assert menu.isVisible()
    menu.actions()[0].trigger()
    menu.close()

    assert editor.method.value == Method.NO_OBJECTION
    assert not editor.cells.isVisible()
    hands.chord(ENTER, ctrl=True)
    assert evening.consensus(1).method == Method.NO_OBJECTION
    assert evening.consensus(1).agree == 0


def test_arrows_change_the_method_and_the_result(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    editor = yard.column.editor

    editor.result.setFocus()
    hands.press("→→→")
    assert editor.result.value == Result.NOT_REACHED
    assert not editor.cells.isVisible()
    editor.method.setFocus()
    hands.press("←")

    assert editor.method.value == Method.HOST_SUMMARY
    assert editor.ratio.value == Ratio.HALF
    hands.chord(ENTER, ctrl=True)
    assert evening.consensus(1).result == Result.NOT_REACHED


def test_a_reservation_typed_wrongly_is_fetched_back_before_settling(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("26⇥1⇥0↵zmw␣")
    hands.say("应先订标准")
    hands.press("↵")
    assert len(yard.column.editor.objections) == 1

    hands.press("↑")

    assert yard.column.editor.objections == []
    assert yard.column.editor.reservation.sentence.text() == "应先订标准"


def test_an_empty_enter_ends_the_reservations(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("26⇥1⇥0↵↵")

    assert yard.column.editor.down.hasFocus()
    hands.press("↵")
    assert evening.consensus(1).is_settled()


def test_households_vote_by_household(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    yard.column.editor.method.pick(Method.HOUSEHOLD_VOTE)

    assert yard.column.editor.cells.yard.voters == yard.live.voters(Method.HOUSEHOLD_VOTE) == 0
    assert yard.column.editor.cells.sum.text() == "名册里还没归户，先在名册里合成一户，或换一种办法"
    assert yard.column.editor.cells.all.isHidden()


def test_every_part_of_the_editor_has_a_name(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    hands.press("25⇥1⇥1↵")

    focusable = [
        part
        for part in yard.column.findChildren(QWidget)
        if part.isVisible() and part.focusPolicy() != Qt.FocusPolicy.NoFocus and "viewport" not in part.objectName()
    ]
    assert [type(part).__name__ for part in focusable if not part.accessibleName()] == []


def test_tab_leaves_every_field_and_comes_home(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    start, met = hands.focus(), []

    for _ in range(40):
        hands.press("⇥")
        met.append(hands.focus())
        if hands.focus() is start:
            break

    assert met[-1] is start
    assert yard.entry in met


def test_what_cannot_be_read_any_more_is_as_if_nothing_was_kept():
    assert read_half_entered("") is None
    assert read_half_entered('{"method": "BY_DICE"}') is None
    assert read_half_entered("[1]") is None


def test_refused_words_stay_in_the_editor(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands, "   ")
    hands.chord(DOWN, ctrl=True)
    hands.press("y")
    hands.chord(ENTER, ctrl=True)

    assert yard.column.editor.note.words.text().startswith("定了什么还没写")
    assert yard.column.editor.isVisible()


def composing(widget, letters):
    QApplication.sendEvent(widget, QInputMethodEvent(letters, []))


def test_the_keys_of_the_votes_belong_to_the_input_method_while_it_composes(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    write(hands)
    hands.chord(DOWN, ctrl=True)
    line = yard.column.editor.cells.cells["agree"].line
    line.set_ime(True)
    composing(line, "er'shi")

    event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QApplication.sendEvent(line, event)

    assert evening.consensus(1) is None
    assert yard.column.editor.isVisible()
