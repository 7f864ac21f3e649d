"""A county opens its relay in the window: townships send over the network while the clerk goes on working."""

import socket
import urllib.request
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from app.commands.topic import RaiseTopic
from app.domain.topic import Topic
from sync.carriers.wire import synchronise
from tests.hands import Hands
from tests.sync.fleet import Machine
from tests.sync.offices import TOWNSHIP
from tests.sync.test_exchange import evening
from tests.ui.exchange.conftest import shown
from tests.ui.exchange.office import county_fleet, county_room, office_room
from tests.ui.exchange.test_exchange_page import rows_of
from ui.exchange import relay_door
from ui.exchange.page import ExchangePage
from ui.exchange.relay_door import Door
from ui.shell import Shell


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    with county_fleet(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def room(fleet):
    with county_room(fleet) as made:
        yield made


@pytest.fixture
def page(qtbot, room):
    return shown(qtbot, ExchangePage(room), room)


def opened(qtbot, page) -> str:
    """Open the relay by keyboard and return where laptops call it."""
    Hands(page).chord(Qt.Key.Key_R, ctrl=True, shift=True)
    qtbot.waitUntil(lambda: page.room.door.stands is Door.OPEN)
    return f"http://127.0.0.1:{page.room.door.port}"


def sends(qtbot, room, laptop, url) -> None:
    """Let a laptop call while the window lives on."""
    done = []
    room.tasks.run(room, lambda: synchronise(url, laptop.exchange), done.append, done.append, aside=True)
    qtbot.waitUntil(lambda: bool(done))
    assert not isinstance(done[0], Exception), done[0]


def test_one_key_opens_it_and_the_address_to_read_out_stands_large(qtbot, page):
    page.room.door.find = lambda: ("192.168.1.10", "10.0.0.7")
    assert page.relay.title.text() == "没开着"
    assert not page.relay.address.isVisible()

    opened(qtbot, page)

    port = page.room.door.port
    assert page.relay.title.text() == "开着，等乡镇交来"
    assert page.relay.address.text() == f"http://192.168.1.10:{port}"
    assert page.relay.others.text() == f"也可以用 http://10.0.0.7:{port}"
    assert page.relay.news.text() == "还没有乡镇来过"
    assert page.relay.switch.text() == "不收了"


def test_a_township_sends_while_the_clerk_writes_and_both_are_there(qtbot, page, fleet):
    url = opened(qtbot, page)
    evening(fleet.a)
    page.room.do(page, RaiseTopic("县里出的题"))

    sends(qtbot, page.room, fleet.a, url)

    qtbot.waitUntil(lambda: page.relay.news.text() == "这一次收了 1 包")
    qtbot.waitUntil(lambda: "会 1 场 新" in rows_of(page.in_card))
    titles = [topic.title for topic in fleet.county.home.shelf.all(Topic)]
    assert "县里出的题" in titles
    assert fleet.a.exchange.outbox.loads() is not None
    qtbot.waitUntil(lambda: "替别处带的 3 件" in rows_of(page.out_card))


def test_every_computer_says_when_it_came_last_and_who_has_none_is_named(qtbot, page, fleet):
    computers = page.computers
    qtbot.waitUntil(lambda: len(rows_of(computers.card)) == 2)  # its own county is named nowhere
    assert [one.text() for one in computers.card.findChildren(type(computers.unknown)) if one.text() == "华山街道"]
    assert rows_of(computers.card) == ["乙笔记本 11月23日来过", "甲笔记本 11月23日来过"]
    assert computers.unknown.text().startswith("还没登记电脑的：护国街道、大观街道")

    fleet.county.clock.at += timedelta(days=16)
    page.enter()
    qtbot.waitUntil(lambda: computers.title.after.text() == "2 台 · 2 台好久没来")

    qtbot.waitUntil(lambda: rows_of(computers.card)[:1] == ["乙笔记本 11月23日来过 · 16 天没来"])


def test_an_office_is_not_sent_to_the_county_which_it_is_itself(qtbot, page):
    assert page.slogan.text().endswith("送上去、带回乡里都行")

    page._go_by(1)
    page.sync()

    assert page.card.address.note.words.text() == "先写上级的电脑在哪里，问上级要"
    page._go_by(0)
    assert "县里" not in page.slogan.text()


def test_who_asks_to_be_enrolled_stands_first_and_it_says_what_to_do(qtbot, page, fleet, tmp_path):
    new = Machine(tmp_path / "new", "丙")
    new.exchange.enrolment().ask(TOWNSHIP, "丙笔记本")
    new.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    new.close()

    page.enter()
    qtbot.waitUntil(lambda: page.computers.title.after.text() == "2 台 · 1 台等着登记")

    qtbot.waitUntil(lambda: rows_of(page.computers.card)[:1] == ["丙笔记本 等着登记，打电话对 8 位数"])


def test_a_stranger_may_knock_and_hears_nothing_of_what_is_here(qtbot, page, tmp_path, fleet):
    url = opened(qtbot, page)

    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f"{url}/v1/secret")

    assert answer.value.code == 404
    answer.value.close()


def test_where_another_program_answers_it_says_so_and_can_be_tried_again(qtbot, page):
    with socket.create_server(("127.0.0.1", 0)) as other:
        page.room.door.port = other.getsockname()[1]
        page.turn_door()
        qtbot.waitUntil(page.relay.trouble.isVisible)
        assert page.room.door.trouble.code == "N-711"
        assert "让别的程序占着" in page.relay.trouble.accessibleName() + page.room.door.trouble.what
        assert page.relay.title.text() == "没开着"
    page.room.door.port = 0
    opened(qtbot, page)

    assert not page.relay.trouble.isVisible()


def test_where_the_system_bars_the_way_it_says_so(qtbot, page, monkeypatch):
    def barred(*_: object, **__: object) -> None:
        raise PermissionError(13, "barred")

    monkeypatch.setattr(relay_door, "Server", barred)
    page.turn_door()
    qtbot.waitUntil(page.relay.trouble.isVisible)

    assert page.room.door.trouble.code == "N-712"


def test_without_a_network_it_waits_for_the_cable(qtbot, page, monkeypatch):
    page.room.door.find = tuple
    opened(qtbot, page)
    assert page.relay.address.text() == "这台电脑没连网，接上网线，地址自己出来"

    page.room.door.find = lambda: ("192.168.1.10",)
    page.relay._look.timeout.emit()

    assert page.relay.address.text().startswith("http://192.168.1.10:")


def test_the_switch_shuts_it_and_a_township_keeps_what_it_has(qtbot, page, fleet):
    port = page.room.door.port
    opened(qtbot, page)
    port = page.room.door.port
    page.turn_door()
    qtbot.waitUntil(lambda: page.room.door.stands is Door.SHUT)

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert page.relay.switch.text() == "让乡镇从网上交来"


def test_a_township_and_whoever_is_nobodys_yet_have_no_relay(qtbot, fleet):
    township = office_room(fleet.a, TOWNSHIP)
    page = shown(qtbot, ExchangePage(township), township)
    page.turn_door()

    assert not page.relay.isVisible()
    assert not page.computers.isVisible()
    assert township.door.stands is Door.SHUT
    township.tasks.finish()


def test_it_ends_with_the_window(qtbot, room):
    window = Shell(room, lambda _: None)
    qtbot.addWidget(window)
    window.show()
    window.go("exchange")
    qtbot.waitUntil(lambda: not room.tasks.is_busy())
    window.page().turn_door()
    qtbot.waitUntil(lambda: room.door.stands is Door.OPEN)
    port = room.door.port

    assert window.close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_the_addresses_told_lead_here_from_other_computers():
    assert all(not one.startswith(("127.", "169.254.")) for one in relay_door.addresses())
