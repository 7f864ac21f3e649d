"""At the door: three letters and Enter, namesakes, newcomers, family who sign, and the way back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from app.commands.attendance import CheckIn
from app.commands.sitting import CloseSitting
from app.domain.attendance import Mode, Presence
from app.domain.people import Role
from app.domain.sitting import QuorumBase, QuorumRule
from tests.hands import Hands
from tests.ui.desk_world import Village, desk, settle


@pytest.fixture
def village(world):
    return Village(world, is_open=False)


@pytest.fixture
def room(world, village):
    standing = world.room()
    yield standing
    standing.tasks.finish()


@pytest.fixture
def page(qtbot, room, village):
    opened = desk(qtbot, room, village.sitting_id)
    opened.said = []
    room.said.connect(lambda text, undo: opened.said.append((text, undo)))
    yield opened
    opened.leave()
    settle(opened)


@pytest.fixture
def clerk(page):
    return Hands(page)


def names_here(page):
    return [page.live.person(attendance.person_id).name for attendance in page.live.here()]


def test_the_evening_begins_at_the_door(page):
    assert page.checkin.field.hasFocus()
    assert page.checkin.popup.isHidden()
    assert not page.checkin.field.ime_on()


def test_three_letters_and_enter_check_somebody_in(page, clerk):
    clerk.press("wmx↵")

    assert names_here(page) == ["王某辛"]
    assert clerk.keys == 4
    assert page.checkin.field.text() == ""
    assert page.checkin.field.hasFocus()
    assert [(text, bool(act)) for text, act in page.said] == [("已签到 王某辛", True)]
    assert "1" in page.checkin.count.accessibleDescription()


def test_thirty_people_take_four_keys_each(page, clerk):
    for letters in ("wmx↵", "zmj↵", "qmy↵", "lmd↵", "cmg↵", "smb↵", "hmz↵", "fmr↵"):
        clerk.press(letters)

    assert len(page.live.here()) == 8
    assert clerk.keys == 32


def test_the_second_of_two_namesakes_is_one_arrow_away(page, clerk):
    clerk.press("zmg")
    shown = page.checkin.popup.texts()
    assert "二组" in shown[0]
    assert "五组" in shown[1]

    clerk.press("↓↵")

    assert names_here(page) == ["周某庚"]


def test_nothing_is_checked_in_without_enter(page, clerk):
    clerk.press("wmx")

    assert page.live.here() == []
    assert "王某辛" in page.checkin.popup.texts()[0]


def test_who_is_in_is_grey_with_the_time_and_enter_only_flashes(page, clerk):
    clerk.press("wmx↵")
    clerk.press("wmx")
    assert "10:00" in page.checkin.popup.texts()[0]

    clerk.press("↵")

    assert page.checkin.popup.flashing_row() == 0
    assert page.checkin.note.words.text() == "王某辛 10:00 已经到了"
    assert len(page.live.here()) == 1

    clerk.press("lmd↵")
    assert len(page.live.here()) == 2


def test_somebody_let_in_elsewhere_meanwhile_is_refused_in_place(page, clerk, village):
    clerk.press("wmx")
    village.world.desk.do(CheckIn(village.sitting_id, village.ids["王某辛"]))

    clerk.press("↵")

    assert page.checkin.note.words.text() == "王某辛 10:00 已经到了"
    assert page.checkin.field.text() == "wmx"


def test_ctrl_enter_registers_somebody_nobody_expected(page, clerk):
    clerk.press("cxj")
    clerk.chord(Qt.Key.Key_Return, ctrl=True)
    assert page.checkin.walk_in.name.line.hasFocus()

    clerk.say("曹某金")
    clerk.press("↵2↵↵")

    assert names_here(page) == ["曹某金"]
    person = page.live.person(page.live.here()[0].person_id)
    assert (person.group, person.role) == ("二组", Role.VILLAGER)
    assert page.checkin.field.hasFocus()
    assert page.checkin.foot.counts.text() == "新登记 1"


def test_a_role_is_chosen_by_its_initials(page, clerk):
    clerk.press("cxj")
    clerk.chord(Qt.Key.Key_Return, ctrl=True)
    clerk.say("曹某金")
    clerk.press("↵↵zxwy↵")

    assert page.live.person(page.live.here()[0].person_id).role == Role.CPPCC_MEMBER


def test_chinese_typed_in_the_field_is_the_newcomers_name_and_namesakes_are_shown(page, clerk):
    clerk.chord(Qt.Key.Key_Space, ctrl=True)
    clerk.say("郑某庚")
    clerk.chord(Qt.Key.Key_Return, ctrl=True)

    assert page.checkin.walk_in.name.line.text() == "郑某庚"
    assert "1 个同名" in page.checkin.walk_in.twins.text()
    assert "二组" in page.checkin.walk_in.twins.text()


def test_leaving_the_form_keeps_what_is_in_it(page, clerk):
    clerk.press("cxj")
    clerk.chord(Qt.Key.Key_Return, ctrl=True)
    clerk.say("曹某")
    clerk.press("⎋")
    assert page.checkin.field.hasFocus()
    assert page.checkin.field.text() == "cxj"

    clerk.chord(Qt.Key.Key_Return, ctrl=True)

    assert page.checkin.walk_in.name.line.text() == "曹某"


def test_family_signs_with_tab(page, clerk):
    clerk.press("zmg⇥")
    clerk.say("郑某妹 女儿")
    clerk.press("↵")

    attendance = page.live.here()[0]
    assert (attendance.mode, attendance.proxy_name, attendance.proxy_relation) == (Mode.PROXY, "郑某妹", "女儿")
    assert clerk.keys == 5
    assert page.checkin.foot.counts.text() == "代签 1"


def test_the_last_check_in_can_be_taken_back_from_the_empty_field(page, clerk):
    clerk.press("wmx↵")

    clerk.chord(Qt.Key.Key_Z, ctrl=True)

    assert page.live.here() == []


def test_a_missing_one_is_excused_or_checked_in_from_the_list(page, clerk):
    clerk.press("→→↓")
    assert page.checkin.list.hasFocus()
    first, second = (row.person_id for row in page.checkin.list.guests.rows[:2])

    clerk.press("↵")
    clerk.press("q")

    assert page.live.attendance_of(first).presence == Presence.PRESENT
    assert page.live.attendance_of(second).presence == Presence.EXCUSED


def test_somebody_who_came_can_leave_from_the_list(page, clerk):
    clerk.press("wmx↵↓")
    clerk.chord(Qt.Key.Key_Delete)

    assert page.live.here() == []
    assert page.said[-1][0] == "王某辛 离开了"
    assert page.said[-1][1]


def test_who_has_not_spoken_is_picked_from_the_list_to_speak(page, clerk):
    clerk.press("wmx↵→↓↵")

    assert page.entry.draft().speaker == page.live.here()[0].person_id
    assert page.entry.text.hasFocus()


def test_enough_is_said_in_words_by_persons(page, clerk):
    assert page.checkin.verdict.words.text() == "差 6 人过半"
    for letters in ("wmx↵", "zmj↵", "qmy↵", "lmd↵", "cmg↵", "smb↵"):
        clerk.press(letters)

    assert page.checkin.verdict.words.text() == "过半"
    assert page.checkin.meter.spoken() == "到会 6 人，应到 11，已过半"


def test_households_are_counted_as_households(qtbot, world, village):
    rules = {"quorum_rule": QuorumRule.TWO_THIRDS, "quorum_base": QuorumBase.HOUSEHOLDS, "expected_households": 6}
    sitting_id = world.sitting(invited=village.invited, is_open=False, **rules)
    room = world.room()
    page = desk(qtbot, room, sitting_id)

    assert page.checkin.verdict.words.text() == "差 4 户三分之二"
    assert "6 户" in page.checkin.meter.accessibleDescription()
    page.leave()
    room.tasks.finish()


def test_with_the_input_method_on_its_letters_are_the_query(page, clerk):
    clerk.chord(Qt.Key.Key_Space, ctrl=True)
    QApplication.sendEvent(page.checkin.field, QInputMethodEvent("w'm'x", []))

    assert "王某辛" in page.checkin.popup.texts()[0]
    clerk.press("↵")
    assert page.live.here() == []
    assert "组字中" in page.checkin.note.words.text()


def test_who_came_last_time_stands_before_who_never_came(qtbot, world, village):
    before = world.sitting(place_codes=("532622202001",))
    world.desk.do(CheckIn(before, village.ids["周某庚"]))
    world.desk.do(CloseSitting(before))
    today = world.sitting(place_codes=("532622202001",), is_open=False)
    room = world.room()
    page = desk(qtbot, room, today)

    Hands(page).press("zmg")

    assert page.checkin.popup.texts()[0] == "周某庚 zmg 村民 · 五组 · 上次到会"
    page.leave()
    settle(page)
    room.tasks.finish()


def test_every_part_one_can_press_or_type_in_has_a_name(page):
    kinds = (QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit)
    parts = [part for part in page.findChildren(QWidget) if isinstance(part, kinds)]
    nameless = [part for part in parts if not part.accessibleName() and part.isVisibleTo(page)]

    assert len(parts) > 20
    assert nameless == []


def test_those_in_are_always_among_the_six(qtbot, world, village):
    for stem in "甲乙丙丁戊己庚辛":
        world.villager(f"武某{stem}")
    room = world.room()
    page = desk(qtbot, room, village.sitting_id)
    clerk = Hands(page)
    clerk.press("wmx↵")

    clerk.press("wm")

    shown = page.checkin.popup.texts()
    assert [text for text in shown if "10:00" in text] == ["王某辛 wm 村支书 10:00"]
    assert page.checkin.popup.current_row() == 0
    page.leave()
    settle(page)
    room.tasks.finish()


def test_the_last_four_digits_of_a_phone_find_somebody(qtbot, world, village):
    person_id = world.villager("金某", phone="138 0013 3217")
    room = world.room()
    page = desk(qtbot, room, village.sitting_id)

    Hands(page).press("3217↵")

    assert [a.person_id for a in page.live.here()] == [person_id]
    page.leave()
    settle(page)
    room.tasks.finish()
