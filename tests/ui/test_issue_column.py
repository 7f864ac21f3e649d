"""Issues as cards: what they show, how one moves among them, and how they are put on the table and taken off."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.commands.consensus import SettleConsensus
from app.commands.issue import TakeUpIssue
from app.domain.consensus import Method, Ratio, Result, Tally
from tests.ui.settling import Evening, stand_up
from tests.world import World
from ui.consultation.consensus_editor import ConsensusEditor
from ui.widgets.label import Label

F4, F5 = Qt.Key.Key_F4, Qt.Key.Key_F5


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
    """Let Enter follow a sentence at once."""
    monkeypatch.setattr("ui.widgets.composing_edit.ECHO_MS", 0)


def words(part):
    """Return what can be read in a part of the screen."""
    return [label.text() for label in part.findChildren(Label) if label.isVisible() and label.text()]


def titles(yard):
    return [card.state.issue.title for card in yard.column._cards_in_order()]


def test_the_issue_under_discussion_tells_what_was_said_to_it(qtbot, evening):
    evening.world.desk.do(TakeUpIssue(evening.issue(2)))
    yard, _ = stand_up(qtbot, evening)

    card = yard.column.cards[evening.issue(2)]
    assert words(card)[:5] == ["② 挡墙谁出资", "正在议", "3 条发言", "建议 1", "异议 1"]
    assert card.property("card") == "current"
    assert words(yard.column.cards[evening.issue(3)]) == ["③ 墙后的水往哪排", "1 条发言"]


@pytest.mark.parametrize(
    ("settled", "told"),
    [
        (SettleConsensus("", "好", tally=Tally(27)), "一致 27"),
        (SettleConsensus("", "好", tally=Tally(25, 1, 1)), "已表决"),
        (SettleConsensus("", "好", tally=Tally(12, 15)), "未达比例"),
        (SettleConsensus("", "好", tally=Tally(14, 13), ratio=Ratio.TWO_THIRDS), "未达比例"),
        (SettleConsensus("", "好", method=Method.PARTY_SIGNATURE), "当事人签字"),
        (SettleConsensus("", "", result=Result.NOT_REACHED), "未达成"),
        (SettleConsensus("", "", result=Result.DEFERRED), "择期再议"),
        (SettleConsensus("", "好", tally=Tally(27), result=Result.CONDITIONAL), "附条件"),
    ],
)
def test_a_settled_card_says_how_it_ended(qtbot, evening, settled, told):
    from dataclasses import replace

    evening.world.desk.do(replace(settled, issue_id=evening.issue(1)))
    yard, _ = stand_up(qtbot, evening)

    assert told in yard.column.cards[evening.issue(1)].head.accessibleName()


def test_arrows_walk_over_issues_reservations_and_tasks(qtbot, evening):
    from app.commands.action import AssignAction
    from app.commands.consensus import Objection

    objections = (Objection(evening.ids["周某戊"], "应先定全村标准"),)
    evening.world.desk.do(SettleConsensus(evening.issue(1), "好", tally=Tally(26, 1), objections=objections))
    evening.world.desk.do(AssignAction(evening.sitting_id, "修墙", evening.consensus(1).id))
    _, hands = stand_up(qtbot, evening)

    hands.chord(F4)
    met = [hands.focus()]
    hands.press("↑")
    met.append(hands.focus())
    hands.press("↑↑↑↑")
    met.append(hands.focus())

    assert [stop.kind for stop in met] == ["issue", "action", "issue"]
    assert met[0].record_id == evening.issue(2)
    assert met[2].record_id == evening.issue(1)
    hands.press("↓")
    assert hands.focus().kind == "reservation"


def test_enter_takes_an_issue_up_and_goes_back_to_the_talk(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)

    hands.chord(F4)
    hands.press("↓↓↵")

    assert yard.live.current_issue().number == 3
    assert yard.entry.hasFocus()


def test_a_new_issue_needs_a_title_only(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)

    hands.chord(F4, ctrl=True)
    hands.say("砂石怎么运")
    hands.press("↵")

    assert titles(yard)[-1] == "砂石怎么运"
    assert yard.entry.hasFocus()
    assert yard.room.jotted(f"desk/{evening.sitting_id}/issue") == ""
    assert hands.keys == 2


def test_a_half_typed_title_comes_back(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    hands.chord(F4, ctrl=True)
    hands.say("砂石怎")
    hands.press("⎋")
    assert yard.entry.hasFocus()
    qtbot.waitUntil(yard.room.is_saved)
    yard.hide()
    evening.world = evening.world.reopened()

    again, hands = stand_up(qtbot, evening)

    assert again.column.title.line.text() == "砂石怎"
    evening.world.close()


def test_an_issue_is_renamed_in_its_place(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    hands.chord(F4)

    hands.chord(Qt.Key.Key_F2)
    assert yard.column.rename.line.text() == "地界怎么认"
    yard.column.rename.line.clear()
    hands.say("地界线怎么认")
    hands.press("↵")

    assert titles(yard)[0] == "地界线怎么认"
    assert yard.column.cards[evening.issue(1)].head.hasFocus()
    assert yard.said == []


def test_an_issue_is_dropped_and_brought_back(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    hands.chord(F4)
    hands.press("↓")

    hands.chord(Qt.Key.Key_Delete)
    assert titles(yard) == ["地界怎么认", "墙后的水往哪排"]
    assert yard.said == ["已拿掉“挡墙谁出资”"]

    yard.room.undo(yard)
    assert titles(yard) == ["地界怎么认", "挡墙谁出资", "墙后的水往哪排"]


def test_a_settled_issue_is_not_dropped_and_the_sentence_says_why(qtbot, evening):
    evening.world.desk.do(SettleConsensus(evening.issue(1), "好", tally=Tally(27)))
    yard, hands = stand_up(qtbot, evening)
    told = []
    yard.room.troubled.connect(lambda trouble: told.append(trouble.what))
    hands.chord(F4)
    hands.press("↑")

    hands.chord(Qt.Key.Key_Delete)

    assert told == ["“地界怎么认”已经定了共识"]
    assert len(titles(yard)) == 3


def test_r_opens_a_settled_issue_again_with_its_votes(qtbot, evening):
    evening.world.desk.do(SettleConsensus(evening.issue(1), "以确权图为准", tally=Tally(25, 2)))
    yard, hands = stand_up(qtbot, evening)
    hands.chord(F4)
    hands.press("↑r")

    assert not evening.consensus(1).is_settled()
    assert yard.live.current_issue().number == 1
    assert yard.said == ["重议 ①"]
    hands.chord(F5)
    editor = yard.column.editor
    assert (editor.text.text(), editor.cells.texts()["agree"]) == ("以确权图为准", "25")


def test_a_reservation_is_answered_and_cannot_be_removed(qtbot, evening):
    from app.commands.consensus import Objection

    objections = (Objection(evening.ids["周某戊"], "应先定全村标准"),)
    evening.world.desk.do(SettleConsensus(evening.issue(1), "好", tally=Tally(26, 1), objections=objections))
    yard, hands = stand_up(qtbot, evening)
    kept = evening.live().reservations_of(evening.consensus(1).id)[0]
    yard.column._stop("reservation", kept.id).setFocus()

    hands.chord(Qt.Key.Key_Delete)
    assert evening.live().reservations_of(evening.consensus(1).id) == [kept]

    hands.press("↵")
    hands.say("标准下月定")
    hands.press("↵")
    assert evening.live().reservations_of(evening.consensus(1).id)[0].answer == "标准下月定"
    assert "答复：标准下月定" in words(yard.column.cards[evening.issue(1)])
    assert yard.column._stop("reservation", kept.id).hasFocus()


def test_in_a_narrow_window_only_the_issue_under_discussion_is_open(qtbot, evening):
    evening.world.desk.do(SettleConsensus(evening.issue(1), "以确权图为准", tally=Tally(27)))
    yard, hands = stand_up(qtbot, evening, width=1093, height=614)

    assert words(yard.column.cards[evening.issue(1)]) == ["① 地界怎么认", "一致 27"]
    assert yard.column.cards[evening.issue(2)].body.isVisible()
    hands.chord(F4)
    hands.press("↑")
    assert "以确权图为准" in words(yard.column.cards[evening.issue(1)]), "standing on it opens it"


def test_fourteen_issues_scroll_to_the_one_under_discussion(qtbot, world):
    evening = Evening(world, tuple(f"第 {n} 件事怎么办" for n in range(1, 15)))
    world.desk.do(TakeUpIssue(evening.issue(13)))
    yard, hands = stand_up(qtbot, evening)

    card = yard.column.cards[evening.issue(13)]
    qtbot.waitUntil(lambda: not card.visibleRegion().isEmpty())
    hands.chord(F5)
    editor = yard.column.editor
    qtbot.waitUntil(lambda: not editor.text.visibleRegion().isEmpty())
    assert "⑬" in card.head.accessibleName()


def test_without_issues_every_zone_key_asks_for_one(qtbot, world):
    evening = Evening(world, ())
    yard, hands = stand_up(qtbot, evening)

    hands.chord(F5)

    assert yard.column.title.line.hasFocus()


def test_when_all_is_settled_f5_says_how_to_go_on(qtbot, world):
    evening = Evening(world, ("地界怎么认",))
    world.desk.do(SettleConsensus(evening.issue(1), "好", tally=Tally(27)))
    yard, hands = stand_up(qtbot, evening)

    hands.chord(F5)

    assert yard.said == ["焦点都定了。要改，在那一条上按 R 重议"]


def test_other_acts_leave_the_cards_as_they_are(qtbot, evening):
    yard, _ = stand_up(qtbot, evening)
    before = dict(yard.column.cards)
    heads = {key: card.head for key, card in before.items()}

    yard.column.show_live(yard.live, frozenset({"attendance"}))
    yard.column.show_live(yard.live, frozenset({"statement"}))

    assert yard.column.cards == before
    assert {key: card.head for key, card in yard.column.cards.items()} == heads


def test_every_part_has_a_name(qtbot, evening):
    evening.world.desk.do(SettleConsensus(evening.issue(1), "好", tally=Tally(25, 1, 1)))
    yard, hands = stand_up(qtbot, evening)
    hands.chord(Qt.Key.Key_F6)

    focusable = [
        part
        for part in yard.column.findChildren(QWidget)
        if part.isVisible() and part.focusPolicy() != Qt.FocusPolicy.NoFocus and "viewport" not in part.objectName()
    ]
    assert [type(part).__name__ for part in focusable if not part.accessibleName()] == []


@pytest.mark.parametrize("look", ["light", "dark", "sun"])
def test_nothing_is_wider_than_the_column_in_any_look(qtbot, evening, dressed, look):
    dressed(look)
    evening.world.desk.do(SettleConsensus(evening.issue(1), "好", tally=Tally(25, 1, 1)))
    yard, hands = stand_up(qtbot, evening)
    hands.chord(F5)
    hands.say("两户各担一半工钱")
    hands.chord(Qt.Key.Key_Down, ctrl=True)
    hands.press("25⇥1")
    hands.chord(Qt.Key.Key_F6)

    assert yard.column.findChild(ConsensusEditor).isVisible()
    assert yard.column.inner.width() <= yard.column.view.viewport().width()
