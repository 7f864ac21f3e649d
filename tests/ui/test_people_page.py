"""名册: found by letters, mended in place, nobody profiled."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from app.commands.people import RegisterPerson
from app.commands.statement import RecordStatement
from app.domain.people import Person, Role
from app.queries.people import Register
from app.settings import PLACE
from tests.hands import Hands
from ui.people.people_page import PeoplePage

PICTURES = os.environ.get("YUANBA_PICTURES", "")
VILLAGE = "530502205205"
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def village(world) -> list[str]:
    """Nine people of one village."""
    people = (
        ("赵某甲", Role.VILLAGER, "一组", ""),
        ("郑某庚", Role.VILLAGER, "二组", "13800003217"),
        ("周某庚", Role.VILLAGE_REP, "五组", ""),
        ("李某丁", Role.VILLAGE_CADRE, "", "13900001111"),
        ("王某辛", Role.GROUP_HEAD, "二组", ""),
        ("冯某壬", Role.CPPCC_MEMBER, "", ""),
        ("陈某癸", Role.LINE_DEPT, "", ""),
        ("赵某子", Role.VILLAGER, "一组", ""),
        ("赵某丑", Role.ELDER, "一组", ""),
    )
    return [world.villager(name, role, group, village_code=VILLAGE, phone=phone) for name, role, group, phone in people]


@pytest.fixture
def page(qtbot, village, room):
    shown = PeoplePage(room)
    qtbot.addWidget(shown)
    shown.resize(1198, 694)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    shown.enter()
    qtbot.waitUntil(lambda: shown.isActiveWindow() and shown.list.hasFocus())
    return shown


@pytest.fixture
def hands(page) -> Hands:
    return Hands(page)


def names(page) -> list[str]:
    return [found.person.name for found in page.rows.found]


def person(room, name: str) -> Person:
    return next(one for one in room.register.people.values() if one.name == name)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zm", ["赵某甲", "郑某庚", "周某庚", "赵某子", "赵某丑"]),
        ("zmg", ["郑某庚", "周某庚"]),
        ("zhengmou", ["郑某庚"]),
        ("3217", ["郑某庚"]),
        ("xyz", []),
    ],
)
def test_letters_narrow_the_list_from_wherever_one_is(page, hands, query, found):
    hands.press(query)

    assert names(page) == found
    assert page.filter.count.text() == f"{len(found)} 人"
    assert page.empty.isVisible() == (not found)


def test_matched_letters_are_lit_and_escape_shows_all_again(page, hands):
    hands.press("zmg")
    lit = page.rows.found[0].positions
    hands.press("⎋")

    assert lit == (0, 1, 2)
    assert len(names(page)) == 9


def test_benches_are_counted_and_chosen(page, hands):
    QTest.mouseClick(page.chips["委员"], Qt.MouseButton.LeftButton)

    assert names(page) == ["冯某壬"]
    assert page.chips["群众"].detail == "6"
    assert page.chips["部门"].detail == "1"


def test_a_new_person_is_three_enters_and_comes_with_undo(qtbot, page, hands, room):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    hands.press("chenmougeng↵6zu↵cmdb")
    with qtbot.waitSignal(room.said) as said:
        hands.press("↵")

    made = person(room, "chenmougeng")
    assert (made.group, made.role, made.village_code) == ("6zu", Role.VILLAGE_REP, VILLAGE)
    assert said.args[0] == "已登记 chenmougeng 村民代表"
    assert said.args[1]
    assert page.new.name.hasFocus()
    assert page.new.name.text() == ""
    assert page.detail.person_id == made.id


def test_a_namesake_is_shown_before_anything_is_written(page, hands, room):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    page.new.name.insert("郑某庚")

    assert "名册里有 1 个同名：郑某庚 村民 · 二组" in page.new.note.text()
    assert len(room.register.namesakes("郑某庚")) == 1


def test_half_a_new_person_is_there_again_after_escape(qtbot, page, hands, room):
    hands.chord(Qt.Key.Key_N, ctrl=True)
    hands.press("lim⎋")

    assert page.list.hasFocus()
    assert room.jotted("people/new").startswith("lim")
    hands.chord(Qt.Key.Key_N, ctrl=True)
    assert page.new.name.text() == "lim"


def test_f2_edits_and_leaving_a_field_saves_it(page, hands, room):
    hands.press("↓")
    hands.chord(Qt.Key.Key_F2)
    assert page.detail.fields["name"].line.hasFocus()
    hands.press("↵⇥")
    page.detail.fields["group"].line.setFocus()
    page.detail.fields["group"].line.selectAll()
    hands.press("7z↵")

    assert person(room, "郑某庚").group == "7z"
    assert page.detail.fields["role"].line.hasFocus()


def test_role_village_and_unit_are_chosen_by_initials(world, page, hands, room):
    room.choose(PLACE, "532622202")
    hands.chord(Qt.Key.Key_F2)
    page.detail.fields["role"].line.setFocus()
    page.detail.fields["role"].line.selectAll()
    hands.press("zz")
    assert page.detail.fields["role"].popup().texts() == ["组长"]
    hands.press("↵")

    assert person(room, "赵某甲").role == Role.GROUP_HEAD
    assert page.detail.fields["post"].line.hasFocus()

    page.detail.fields["village_code"].line.setFocus()
    page.detail.fields["village_code"].line.selectAll()
    hands.press("wmx↵")
    assert "维摩" in room.places.label(person(room, "赵某甲").village_code)


def test_a_choice_that_means_nothing_is_told_under_it_and_kept(page, hands, room):
    hands.chord(Qt.Key.Key_F2)
    page.detail.fields["role"].line.setFocus()
    page.detail.fields["role"].line.selectAll()
    hands.press("qqq⇥")

    assert page.detail.fields["role"].line.text() == "qqq"
    assert "没有“qqq”" in page.detail.fields["role"].field.note.words.text()
    assert person(room, "赵某甲").role == Role.VILLAGER


def test_an_identity_number_is_refused_in_place(page, hands, room):
    hands.chord(Qt.Key.Key_F2)
    phone = page.detail.fields["phone"]
    phone.line.setFocus()
    hands.press(ID_NUMBER + "⇥")

    assert "身份证号、银行卡号不收" in phone.field.note.words.text()
    assert phone.line.text() == ID_NUMBER
    assert person(room, "赵某甲").phone == ""


def test_a_phone_is_seen_whole_only_while_one_is_in_it(page, hands):
    hands.press("↓")
    phone = page.detail.fields["phone"]
    masked = phone.line.text()
    phone.line.setFocus()
    whole = phone.line.text()
    hands.press("⇥")

    assert (masked, whole, phone.line.text()) == ("138****3217", "13800003217", "138****3217")


def test_delete_removes_with_a_way_back(qtbot, page, hands, room):
    with qtbot.waitSignal(room.said) as said:
        hands.chord(Qt.Key.Key_Delete)
    gone = names(page)
    room.undo(page)

    assert said.args[0] == "已移出名册 赵某甲"
    assert said.args[1]
    assert "赵某甲" not in gone
    assert names(page)[0] == "赵某甲"


def test_three_ticked_people_become_one_household(page, hands, room):
    hands.press("␣")
    page.list.go_to(7)
    hands.press("␣↓␣")
    hands.chord(Qt.Key.Key_M, ctrl=True)
    asked = page.household.asks.text()
    hands.press("zmz↵")

    household = room.register.households[person(room, "赵某甲").household_id]
    assert "赵某甲、赵某子、赵某丑" in asked
    assert (household.head, household.group, household.village_code) == ("赵某子", "一组", VILLAGE)
    assert not page.rows.ticked
    page.list.go_to(0)
    assert page.detail.shared.text() == "同户：赵某子、赵某丑"
    page.detail.leave_household.click()
    assert person(room, "赵某甲").household_id is None


def test_nothing_one_person_said_is_anywhere_on_the_page(world, page, room, village):
    sitting = world.sitting("挡墙谁来修")
    world.desk.do(RecordStatement(sitting, "金丝雀在此", speaker_id=village[0]))
    page.enter(village[0])

    told = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "金丝雀" not in told
    assert "石墙村" not in told


def test_an_empty_register_says_how_the_first_comes_about(qtbot, world, room):
    page = PeoplePage(room)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.enter()

    assert page.empty.isVisible()
    assert page.empty.title.text() == "名册还是空的"
    QTest.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert page.new.name.hasFocus()


def test_in_a_narrow_window_list_and_sheet_take_turns(page, hands):
    page.resize(720, 560)
    assert not page.detail.isVisible()
    hands.press("→")
    assert page.detail.isVisible()
    assert not page.list.isVisible()
    hands.press("⎋")
    assert page.list.hasFocus()


def test_every_part_one_can_reach_has_a_name(page):
    reachable = [w for w in page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]

    assert reachable
    assert [type(w).__name__ for w in reachable if not w.accessibleName()] == []


@pytest.mark.slow
def test_twenty_thousand_people_are_narrowed_at_every_key(qtbot, room):
    people = [Person(f"p{at:06}", _name(at), VILLAGE, f"{at % 9 + 1}组") for at in range(20_000)]
    room.register = Register(people, [], [])
    room.register.adopt(room.register.indexed())
    page = PeoplePage(room)
    qtbot.addWidget(page)
    page.resize(1198, 694)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.enter()
    page.filter.setFocus()

    found = []
    for letter in "zmj":
        QTest.keyClicks(page.filter.line, letter)
        found.append(len(page.rows.found))

    assert found[0] > 0
    qtbot.waitUntil(lambda: page.filter.count.text() == f"{len(page.rows.found)} 人")
    assert len(page.rows.found) > 100


def _name(at: int) -> str:
    signs = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    return "赵钱孙李周吴郑王冯陈"[at % 10] + "某" + signs[at % len(signs)]


@pytest.mark.skipif(not PICTURES, reason="only when somebody wants to look")
@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_picture(qtbot, page, hands, room, dressed, theme):
    dressed(theme)
    room.do(page, RegisterPerson("郑某戊", VILLAGE, "三组"))
    hands.press("␣↓↓↓↓↓↓↓␣")
    hands.chord(Qt.Key.Key_M, ctrl=True)
    hands.press("↵")
    hands.press("zm")
    page.grab().save(f"{PICTURES}/people-{theme}.png")
    hands.press("⎋")
    hands.chord(Qt.Key.Key_N, ctrl=True)
    page.new.name.insert("郑某庚")
    page.resize(1026, 500)
    page.grab().save(f"{PICTURES}/people-new-{theme}.png")
