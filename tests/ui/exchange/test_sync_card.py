"""The card 同步 on the home page: what waits and since when, how far the last package came, one key to 同步."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt

from tests.ui.exchange.conftest import shown
from tests.ui.exchange.town import packages
from ui.exchange.port import Outgoing
from ui.home.home_page import HomePage
from ui.home.sync_card import waiting_words

TODAY = date(2026, 3, 30)


@pytest.fixture
def home(qtbot, world, town, room):
    world.clock.at = world.clock.at.replace(year=2026, month=3, day=30)
    page = HomePage(room)
    page.went = []
    room.went.connect(lambda name, record_id: page.went.append(name))
    return page


def test_the_card_says_what_waits_and_how_far_the_last_package_has_come(qtbot, home, room):
    shown(qtbot, home, room)

    assert home.sync.waits.text() == "7 项待送出"
    assert home.sync.chain.accessibleName() == "本机 已存，县 3月27日，州 3月27日，省 在路上"
    assert home.sync.stick.text() == "没插 U 盘"


def test_a_stick_that_is_plugged_in_is_called_by_its_name(qtbot, home, room, stick):
    shown(qtbot, home, room)

    assert home.sync.stick.text() == "示例U盘"


def test_one_key_on_its_button_goes_to_the_exchange(qtbot, home, room):
    shown(qtbot, home, room)

    qtbot.keyClick(home.sync.button, Qt.Key.Key_Return)

    assert home.went == ["exchange"]


def test_who_has_never_sent_anything_sees_one_sentence_in_place_of_the_levels(qtbot, home, room, town):
    town.sent = []

    shown(qtbot, home, room)

    assert home.sync.chain.isHidden()
    assert home.sync.never.text() == "还没送过。送出去以后，哪一级收到了，这里都看得到。"


def test_where_nothing_can_be_sent_there_is_no_card(qtbot, home, room):
    room.exchange = None

    shown(qtbot, home, room)

    assert home.sync.isHidden()


def test_what_has_been_sent_meanwhile_waits_no_longer(qtbot, home, room, town):
    shown(qtbot, home, room)
    town.to_send, town.sent = [], [replace(one, received={"县": TODAY}) for one in packages()]

    room.waiting.emit(0)
    qtbot.waitUntil(lambda: home.sync.waits.text() == "都送出去了")

    assert home.sync.chain.accessibleName() == "本机 已存，县 3月30日"


def test_the_day_since_which_something_waits_is_told():
    assert waiting_words(Outgoing((), 7, since=date(2026, 3, 27)), TODAY) == "7 项待送出 · 3月27日起"
    assert waiting_words(Outgoing(), TODAY) == "都送出去了"
