"""找: one box over the window, worked without leaving the keys."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.commands.action import AssignAction
from app.commands.statement import RecordStatement
from app.commands.topic import RaiseTopic
from app.domain.people import Role
from tests.hands import Hands
from ui.room import Room
from ui.search_box import SearchBox
from ui.widgets.composing_edit import ComposingLine

PICTURES = os.environ.get("YUANBA_PICTURES", "")


class Yard(QWidget):
    """A window that has a line of its own and the box over it."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.line = ComposingLine()
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        column.addStretch(1)
        self.box = SearchBox(self, room)
        self.resize(1366, 768)


@pytest.fixture
def told(world) -> dict[str, str]:
    """A village that has talked about its feasts: ids by what they are of."""
    village = "530502205205"
    person = world.villager("王某辛", Role.GROUP_HEAD, village_code=village, phone="13800003217")
    world.villager("王某寅", Role.VILLAGER, "五组")
    topic = world.made(world.desk.do(RaiseTopic("“清明客”陈规旧俗，送礼攀比怎么刹住", village)), "topic")
    sitting = world.sitting("清明客办不办", topic_id=topic, place_codes=(village,))
    world.desk.do(RecordStatement(sitting, "办清明客比过年还费钱，一家办三天，谁也不好意思先停", speaker_id=person))
    world.desk.do(RecordStatement(sitting, "清明客可以办，只办一天、不收礼，大家看行不行", speaker_id=person))
    world.desk.do(RecordStatement(sitting, "王某辛家去年没办，也没人说", speaker_id=person))
    assigned = world.desk.do(AssignAction(sitting, "清明客报备单，红白理事会先印 200 份", unit_name="乡民政所"))
    return {"person": person, "topic": topic, "sitting": sitting, "action": world.made(assigned, "action")}


@pytest.fixture
def yard(qtbot, told, room):
    window = Yard(room)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.line.setFocus()
    window.box.open()
    return window


@pytest.fixture
def hands(yard) -> Hands:
    return Hands(yard)


def titles(yard) -> list[str]:
    return [entry.title for entry in yard.box.entries.entries()]


def groups(yard) -> list[str]:
    return [row for row in yard.box.entries.rows if isinstance(row, str)]


def settled(qtbot, room) -> None:
    qtbot.waitUntil(lambda: not room.tasks.is_busy())


def test_one_word_finds_topic_issue_statements_and_task(qtbot, yard, hands, room):
    hands.press("qmk")
    settled(qtbot, room)

    assert groups(yard) == ["议题", "焦点", "发言", "任务"]
    assert len(titles(yard)) == 5
    assert yard.box.count.text().startswith("5 条 · ")
    assert all("".join(e.title[at] for at in e.hits) == "清明客" for e in yard.box.entries.entries())


def test_enter_opens_the_first_and_arrows_go_on_over_the_headings(qtbot, yard, hands, room, told):
    hands.press("qmk")
    settled(qtbot, room)
    with qtbot.waitSignal(room.went) as first:
        hands.press("↵")
    yard.box.open()
    settled(qtbot, room)
    hands.press("↓↓↓↓↑↓")
    with qtbot.waitSignal(room.went) as last:
        hands.press("↵")

    assert first.args == ["topics", told["topic"]]
    assert last.args == ["actions", told["action"]]
    assert not yard.box.isVisible()


@pytest.mark.parametrize("query", ["wmx", "wangmouxin", "3217", "王某辛"])
def test_somebody_is_found_by_letters_and_the_end_of_the_phone_and_never_with_what_they_said(
    qtbot, yard, hands, room, told, query
):
    hands.say(query)
    settled(qtbot, room)
    found = yard.box.entries.entries()

    assert found[0].record_id == told["person"]
    assert "发言" not in groups(yard)
    assert not any("家去年没办" in entry.title for entry in found)
    assert "1380000" not in found[0].detail


def test_what_was_said_does_not_name_who_said_it(qtbot, yard, hands, room):
    hands.say("比过年")
    settled(qtbot, room)
    found = yard.box.entries.entries()

    assert [entry.group for entry in found] == ["发言"]
    assert "王某辛" not in found[0].spoken()
    assert "院坝协商" in found[0].detail


def test_escape_gives_the_focus_back_where_it_was(yard, hands):
    hands.press("qm⎋")

    assert not yard.box.isVisible()
    assert yard.line.hasFocus()


def test_what_was_looked_for_is_marked_and_the_next_letters_replace_it(qtbot, yard, hands, room):
    hands.press("qmk⎋")
    yard.box.open()
    hands.press("wmy")
    settled(qtbot, room)

    assert titles(yard) == ["王某寅"]


def test_a_command_is_found_and_said_to_the_shell(qtbot, yard, hands, room):
    hands.press("xzkh")
    settled(qtbot, room)
    with qtbot.waitSignal(yard.box.chosen_act) as chosen:
        hands.press("↵")

    assert chosen.args == ["meet.now"]


def test_nothing_found_says_so_and_enter_does_nothing(qtbot, yard, hands, room):
    hands.press("xyzxyz")
    settled(qtbot, room)
    with qtbot.assertNotEmitted(room.went):
        hands.press("↵")

    assert yard.box.nothing.isVisible()
    assert "没有“xyzxyz”" in yard.box.nothing.text()
    assert yard.box.isVisible()


def test_what_was_written_just_now_is_found(qtbot, yard, hands, room):
    hands.press("hts")
    settled(qtbot, room)
    before = titles(yard)
    room.do(yard, RaiseTopic("核桃树砍不砍"))
    settled(qtbot, room)
    hands.press("k")
    settled(qtbot, room)

    assert before == []
    assert titles(yard) == ["核桃树砍不砍"]


def test_letters_of_an_input_method_search_as_well(qtbot, yard, hands, room):
    hands.chord(Qt.Key.Key_Space, ctrl=True)
    hands.compose("qing'ming'ke")
    settled(qtbot, room)

    assert groups(yard)[0] == "议题"


def test_tab_stays_in_the_box(yard, hands):
    hands.press("q⇥⇥")

    assert yard.box.line.hasFocus()


def test_every_part_has_a_name(yard):
    assert yard.box.accessibleName()
    assert yard.box.line.accessibleName()
    assert yard.box.list.accessibleName()


@pytest.mark.skipif(not PICTURES, reason="only when somebody wants to look")
@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_picture(qtbot, yard, hands, room, dressed, theme):
    dressed(theme)
    hands.press("qmk")
    settled(qtbot, room)
    yard.grab().save(f"{PICTURES}/search-{theme}.png")
