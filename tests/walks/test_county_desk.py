"""A county at its desk: a township sends to its window over HTTP while a return is printed; the county sends on to the
province; and both tell the same, from packs alone.
"""

import pytest

from app.domain.people import Person
from app.queries.place_book import By, bring_up_to_date
from app.queries.return_count import count_return
from db.place_book import SqlBook
from sync.carriers.wire import synchronise
from sync.exchange import Relay
from sync.server.web import Server
from tests.county_year import lived
from tests.sync.offices import COUNTY, TOWNSHIP
from tests.ui.exchange.conftest import shown
from tests.ui.exchange.office import PLACES, county_fleet, county_room
from ui.exchange.page import ExchangePage
from ui.exchange.relay_door import Door
from ui.ledger_book.ledger_page import LedgerPage

SAME = ("planned", "taken_up", "sittings", "consensuses", "done")
"""What a return and the pages of a province both tell."""


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    with county_fleet(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def room(fleet):
    with county_room(fleet) as made:
        yield made


def opened(qtbot, room) -> str:
    """Open the relay of the county's window and return where laptops call it."""
    room.door.port = 0
    room.door.open()
    qtbot.waitUntil(lambda: room.door.stands is Door.OPEN)
    return f"http://127.0.0.1:{room.door.port}"


def test_a_county_receives_prints_and_sends_on_and_the_province_tells_the_same(qtbot, fleet, room, tmp_path):
    lived(fleet.a.desk, PLACES, TOWNSHIP, fleet.a.home.seal, topics=14)
    url = opened(qtbot, room)
    page = shown(qtbot, LedgerPage(room), room)
    page.sheet.folder, page.sheet.find = tmp_path / "papers", list
    sent, printed = [], []
    page.sheet.told.connect(printed.append)

    room.tasks.run(room, lambda: synchronise(url, fleet.a.exchange), sent.append, sent.append, aside=True)
    page.print_it()
    qtbot.waitUntil(lambda: bool(sent and printed))
    assert sent[0].delivered, sent[0]
    assert printed[0].startswith("没印成，台账存在")

    qtbot.waitUntil(lambda: page.shown.counted.whole.planned == 14)
    there = fleet.a.desk.ask(count_return, PLACES, COUNTY, page.scope.since, page.scope.until, page.scope.use)
    assert page.shown.counted.whole == there.whole
    assert page.shown.counted.whole.villagers > 0

    passed_on(qtbot, fleet, room, tmp_path)
    book = SqlBook(fleet.province.home.engine, fleet.province.home.ledger)
    bring_up_to_date(fleet.province.home.shelf, book, fleet.province.clock.now())
    told = book.sums(By.TOWNSHIP, COUNTY, "2026-01", "2026-12")

    assert set(told) == {TOWNSHIP}
    row = next(one for one in page.shown.counted.rows if one.code == TOWNSHIP)
    assert {name: row.figures.told(name) for name in SAME} == {name: getattr(told[TOWNSHIP], name) for name in SAME}
    assert (told[TOWNSHIP].households, told[TOWNSHIP].content) == (row.figures.households, row.figures.content)
    assert row.figures.households % 5 == 0
    assert fleet.province.home.shelf.all(Person) == []


def passed_on(qtbot, fleet, room, tmp_path) -> None:
    """Let the clerk send on over the network, from the page where it is done."""
    page = shown(qtbot, ExchangePage(room), room)
    with Server(Relay(fleet.province.exchange), tmp_path / "relay", ("127.0.0.1", 0)) as server:
        page.card.address.line.setText(server.url)
        page._go_by(1)
        page.sync()
        qtbot.waitUntil(lambda: not page.errand.is_under_way and page.card.is_at_rest)
    assert not page.trouble.isVisible()
