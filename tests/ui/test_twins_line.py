"""名册: who was written down twice is mentioned quietly, and one key or another ends it."""

import os

import pytest
from PySide6.QtCore import Qt

from app.commands.people import RegisterPerson
from tests.hands import Hands
from ui.people.people_page import PeoplePage

PICTURES = os.environ.get("YUANBA_PICTURES", "")
VILLAGE = "530502205205"


@pytest.fixture
def entries(world) -> list[str]:
    """Register three people, one of them twice and one more with a sign of the same sound."""
    people = (("赵某甲", "一组"), ("曾某庚", "二组"), ("赵某甲", ""), ("李某丁", "三组"), ("增某庚", "二组"))
    return [world.villager(name, group=group, village_code=VILLAGE) for name, group in people]


@pytest.fixture
def page(qtbot, entries, room):
    shown = PeoplePage(room)
    qtbot.addWidget(shown)
    shown.resize(1198, 694)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    shown.enter()
    qtbot.waitUntil(shown.twins.isVisible)
    return shown


@pytest.fixture
def hands(page) -> Hands:
    return Hands(page)


def names(page) -> list[str]:
    return [found.person.name for found in page.rows.found]


def test_two_entries_of_one_person_are_mentioned_and_nothing_happens_by_itself(page):
    assert page.twins.words.text().startswith("像是同一个人：赵某甲 村民 · 一组")
    assert len(names(page)) == 5
    if PICTURES:
        page.grab().save(f"{PICTURES}/twins.png")


def test_one_key_makes_them_one_and_the_sheet_says_what_stands_behind(qtbot, page, hands, room, entries):
    with qtbot.waitSignal(room.said) as said:
        hands.chord(Qt.Key.Key_H, alt=True)
    qtbot.waitUntil(lambda: len(names(page)) == 4)
    page.enter(entries[0])

    assert said.args[0] == "赵某甲 合成一个了"
    assert page.detail.twins.text().startswith("也记过：赵某甲")
    qtbot.waitUntil(lambda: "曾某庚" in page.twins.words.text())
    if PICTURES:
        page.grab().save(f"{PICTURES}/twins_one.png")

    page.detail.separate.click()
    qtbot.waitUntil(lambda: len(names(page)) == 5)


def test_undo_brings_both_back_and_they_are_mentioned_again(qtbot, page, hands, room):
    hands.chord(Qt.Key.Key_H, alt=True)
    qtbot.waitUntil(lambda: len(names(page)) == 4)
    room.undo(page)
    qtbot.waitUntil(lambda: len(names(page)) == 5)

    qtbot.waitUntil(lambda: "赵某甲" in page.twins.words.text())


def test_the_other_key_ends_the_mentioning_for_good(qtbot, page, hands, room):
    for _ in range(2):
        hands.chord(Qt.Key.Key_B, alt=True)
    assert not page.twins.isVisible()
    with qtbot.waitSignal(room.changed):
        room.do(page, RegisterPerson("周某戊", VILLAGE, "三组"))
    qtbot.waitUntil(lambda: len(names(page)) == 6)
    qtbot.waitUntil(lambda: not page.twins._rest.isActive())
    room.tasks.drain()

    assert page.twins.pairs == []


def test_while_somebody_is_being_registered_the_line_makes_room_and_its_keys_do_nothing(page, hands):
    page.new.begin("")
    hands.chord(Qt.Key.Key_H, alt=True)

    assert not page.twins.isVisible()
    assert len(names(page)) == 5

    page.new.closed.emit()

    assert page.twins.isVisible()
