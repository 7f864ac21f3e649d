"""Giving out tasks: one cell per Enter, words for days, shares that add up or say what is missing."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from app.commands.consensus import SettleConsensus
from app.domain.action import ActionStage
from app.domain.consensus import Tally
from app.domain.contribution_words import NotAnAmount, read_pledges, share_lacking
from app.domain.errors import NotSaved
from tests.ui.settling import Evening, stand_up
from tests.world import World

F6, ENTER, F2 = Qt.Key.Key_F6, Qt.Key.Key_Return, Qt.Key.Key_F2
WALL = "沿确权界线修 15 米挡墙，留三个泄水孔"


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def evening(world):
    made = Evening(world)
    world.desk.do(SettleConsensus(made.issue(1), "以确权图为准", tally=Tally(27)))
    return made


@pytest.fixture(autouse=True)
def no_echo(monkeypatch):
    """Let Enter follow a sentence at once."""
    monkeypatch.setattr("ui.widgets.composing_edit.ECHO_MS", 0)


def begin(hands, text=WALL):
    hands.chord(F6)
    hands.say(text)


def test_a_whole_task_takes_twenty_five_keys_besides_the_sentence(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)

    begin(hands)
    hands.press("↵cwh↵wmx↵430↵z 50 q 50↵")

    live = evening.live()
    action = live.actions()[0]
    assert hands.keys <= 25
    assert (action.text, action.number, action.stage) == (WALL, 1, ActionStage.ASSIGNED)
    assert live.unit(action.unit_id).name == "村委会"
    assert live.person(action.person_id).name == "王某辛"
    assert action.due_on == date(2026, 4, 30)
    assert action.consensus_id == evening.consensus(1).id
    brought = [(part.party, part.amount, part.measure) for part in live.contributions_of(action.id)]
    assert brought == [("赵某甲", "50", "%"), ("钱某乙", "50", "%")]
    assert yard.column.action.what.hasFocus(), "a new empty line is there"
    assert not yard.column.action.has_words()
    assert yard.column.action.title.text() == "任务 2"


def test_the_day_is_echoed_while_it_is_typed(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵↵↵430")

    assert yard.column.action.day.text() == "4月30日 周四"


def test_a_day_that_is_none_is_refused_in_the_field(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵↵↵431↵")

    assert yard.column.action.note.words.text() == "四月只有 30 天"
    assert yard.column.action.due.hasFocus()
    assert yard.column.action.due.property("wrong")
    hands.press("⌫")
    assert not yard.column.action.note.isVisible()
    hands.press("0↵")
    assert yard.column.action.shares.hasFocus()


def test_full_width_figures_and_words_are_days_too(qtbot, evening):
    _, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵↵↵")
    hands.say("清明前")
    hands.press("↵↵")

    action = evening.live().actions()[0]
    assert action.due_on == date(2026, 4, 4)
    assert action.due_words == "清明前"


def test_shares_that_lack_something_say_so_and_are_saved(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵↵↵↵z 50 q 40")
    assert yard.column.action.echo.text() == "赵某甲 50%、钱某乙 40%，还差 10%"
    assert yard.column.action.echo.property("tone") == "ochre"

    hands.press("↵")

    live = evening.live()
    assert live.share_missing(live.actions()[0].id) == Decimal(10)
    card = yard.column.cards[evening.issue(1)]
    assert card.state.tasks[0].lacks == "还差 责任单位、期限、分担差 10%"


def test_a_share_without_a_number_or_a_name_is_asked_about(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵↵↵↵z↵")
    assert yard.column.action.note.words.text().startswith("赵某甲出多少？")
    assert evening.live().actions() == []

    hands.press("⌫50↵")
    assert yard.column.action.note.words.text().startswith("先写谁出")
    assert yard.column.action.shares.text() == "50"


def test_the_arrow_turns_to_the_next_person_the_letter_may_mean(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵↵↵↵z 100↓")

    assert yard.column.action.echo.text() == "周某戊 100%"
    hands.press("↑")
    assert yard.column.action.echo.text() == "赵某甲 100%"


def test_a_unit_nobody_has_met_is_registered_by_its_name(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵")
    hands.say("石墙砂石场")
    hands.press("↵↵↵↵")

    live = evening.live()
    assert live.unit(live.actions()[0].unit_id).name == "石墙砂石场"
    hands.say("再送两车砂")
    hands.press("↵sqssc↵")
    assert yard.column.action.unit.text() == "石墙砂石场"


def test_common_units_are_found_though_nobody_registered_them(qtbot, evening):
    _, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵sfs↵↵↵↵")

    live = evening.live()
    assert live.unit(live.actions()[0].unit_id).name == "司法所"


def test_letters_that_are_no_unit_stay_and_say_how_to_go_on(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵xyzw↵")

    assert yard.column.action.unit.hasFocus()
    assert "按 Ctrl 空格打全名" in yard.column.action.note.words.text()
    assert yard.column.action.unit.text() == "xyzw"


def test_the_people_of_the_unit_come_first(qtbot, evening, world):
    from app.commands.people import RegisterPerson
    from app.queries.people import register

    unit = next(u for u in world.desk.ask(register).units.values() if u.name == "自然资源所")
    world.desk.do(RegisterPerson("王某远", unit_id=unit.id))
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵zrzys↵w")

    assert yard.column.action.person.popup.texts()[0].startswith("王某远")


def test_a_half_typed_task_comes_back_after_a_crash(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵cwh↵wmx↵43")
    yard.column.action.keep()
    qtbot.waitUntil(yard.room.is_saved)
    yard.hide()
    evening.world = evening.world.reopened()

    again, hands = stand_up(qtbot, evening)

    line = again.column.action
    assert line.isVisible()
    assert again.entry.hasFocus()
    assert (line.what.text(), line.unit.text(), line.person.text(), line.due.text()) == (WALL, "村委会", "王某辛", "43")
    hands.chord(F6)
    hands.press("⇥⇥⇥⇥")
    line.due.setFocus()
    line.due.end(False)
    hands.press("0↵↵")
    action = evening.live().actions()[0]
    assert evening.live().person(action.person_id).name == "王某辛"
    assert action.due_on == date(2026, 4, 30)
    assert again.room.jotted(f"desk/{evening.sitting_id}/action") == ""
    evening.world.close()


def test_escape_keeps_the_words_and_an_empty_enter_leaves(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("⎋")

    assert yard.entry.hasFocus()
    assert yard.column.action.what.text() == WALL
    hands.chord(F6)
    hands.chord(ENTER, ctrl=True)
    assert len(evening.live().actions()) == 1
    hands.press("↵")
    assert yard.entry.hasFocus()


def test_a_task_is_mended_where_it_stands(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵cwh↵wmx↵430↵z 50 q 50↵⎋")
    hands.chord(Qt.Key.Key_F4)
    stop = yard.column._stop("action", evening.live().actions()[0].id)
    stop.setFocus()

    hands.chord(F2)
    line = yard.column.action
    assert (line.unit.text(), line.due.text(), line.shares.text()) == ("村委会", "4月30日", "赵某甲 50% 钱某乙 50%")
    assert yard.said == [], "F2 is ours here, not 签到"
    hands.press("↵↵↵")
    line.due.clear()
    hands.press("5/10↵↵")

    live = evening.live()
    assert [(a.number, a.due_on) for a in live.actions()] == [(1, date(2026, 5, 10))]
    assert live.person(live.actions()[0].person_id).name == "王某辛"
    assert len(live.contributions_of(live.actions()[0].id)) == 2
    assert yard.column._stop("action", live.actions()[0].id).hasFocus()


def test_a_task_is_taken_away_and_brought_back(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵cwh↵↵430↵↵⎋")
    yard.column._stop("action", evening.live().actions()[0].id).setFocus()

    hands.chord(Qt.Key.Key_Delete)
    assert evening.live().actions() == []
    assert yard.said == ["已删任务 1"]

    yard.room.undo(yard)
    assert len(evening.live().actions()) == 1


def test_initials_fields_keep_the_input_method_out(qtbot, evening):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    line = yard.column.action

    assert [part.ime_on() for part in line.lines()] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("z 50 q 50", [("z", "50%"), ("q", "50%")]),
        ("z50，q50", [("z", "50%"), ("q", "50%")]),
        ("村集体 18方 赵某甲 12工 2000", [("村集体", "18方"), ("赵某甲", "12个工"), ("赵某甲", "2000元")]),
        ("村集体", [("村集体", "None")]),
        ("", []),
    ],
)
def test_a_line_of_shares_is_read_party_by_party(words, read):
    assert [(pledge.party, str(pledge.amount)) for pledge in read_pledges(words)] == read


def test_shares_are_added_up_and_other_things_are_not():
    assert share_lacking(read_pledges("z 50 q 30 c 2000")) == Decimal(20)
    assert share_lacking(read_pledges("z 2000")) == 0
    assert isinstance(read_pledges("50"), NotAnAmount)
    assert isinstance(read_pledges("z 150%"), NotAnAmount)


def test_what_is_typed_while_the_disk_says_no_is_not_swept_away(qtbot, evening, monkeypatch):
    yard, hands = stand_up(qtbot, evening)
    begin(hands)
    hands.press("↵↵↵↵")
    do, told = yard.room._desk.do, []

    def full_disk(command):
        if not told:
            told.append(command)
            raise NotSaved("disk full")
        return do(command)

    monkeypatch.setattr(yard.room._desk, "do", full_disk)
    hands.press("↵↵")
    assert evening.live().actions() == []
    yard.column.action.what.setFocus()
    hands.say("，再加一道边沟")

    yard.room.writes.retry.setInterval(0)
    yard.room.writes.retry.start()
    qtbot.waitUntil(lambda: len(evening.live().actions()) == 1)

    assert yard.column.action.what.text() == WALL + "，再加一道边沟"
