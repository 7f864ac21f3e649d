"""The evening of a laptop is at the county over a real line, from home to home."""

from contextlib import suppress

import pytest

from app.commands.statement import RecordStatement
from app.domain.consultation import Consultation
from app.domain.errors_of_line import NotSent
from app.domain.statement import Statement
from db.keep import open_home
from db.province import Store
from sync import enrolment
from sync.carriers.line import Http
from sync.carriers.wire import synchronise
from sync.exchange import Relay
from sync.server.counties import ByCounty, CountyDesks
from sync.server.relay import one_worker
from sync.server.web import Server
from tests.postgres import open_fresh
from tests.sync.faulty_line import Fault, faulty_line
from tests.sync.fleet import Fleet, Machine
from tests.sync.test_exchange import evening


@pytest.fixture
def fleet(tmp_path):
    made = Fleet.known(tmp_path / "fleet")
    yield made
    made.close()


@pytest.fixture
def line(fleet, tmp_path):
    with (
        Server(Relay(fleet.county.exchange), tmp_path / "relay", ("127.0.0.1", 0)) as server,
        faulty_line(server.port) as line,
    ):
        yield line


def test_an_evening_is_at_the_county_and_its_receipt_is_back(fleet, line):
    evening(fleet.a)

    synchronise(line.url, fleet.a.exchange)

    assert words_at(fleet.county) == ["两家各出一半。"]
    own = {one.id for one in fleet.a.home.postbox.parcels(state="own")}
    assert {one.segment for one in fleet.a.home.postbox.held() if one.level == "county"} >= own
    assert synchronise(line.url, fleet.a.exchange).is_nothing_new


@pytest.fixture(params=["a file", "a PostgreSQL"])
def province(tmp_path, request):
    """A province at its line, and how it is called."""
    opening = {"a file": open_home, "a PostgreSQL": open_fresh}[request.param]
    office = Machine(tmp_path / "省二", "省二", opening=opening)
    office.work.found("53", "示例省")
    office.work.tend()
    store = office.home
    desks = Relay(office.exchange)
    if isinstance(store, Store):
        desks = CountyDesks([(ByCounty(office.exchange, store), one_worker())], store, lambda peer: peer)
    with Server(desks, tmp_path / "relay", ("127.0.0.1", 0)) as server:
        yield office, server.url
    office.close()


def test_a_county_that_stands_alone_joins_its_province_over_the_line(province, tmp_path, monkeypatch):
    monkeypatch.setattr(enrolment, "COST", 4)
    office, url = province
    county = Machine(tmp_path / "县二", "县二")
    county.work.found("530103", "示例县")
    asked = county.work.ask("53", "县里值班电脑")

    synchronise(url, county.exchange)
    told = office.work.accept(asked.digits)
    synchronise(url, county.exchange)
    assert county.work.confirm(told.digits) == "53"
    evening(county)
    synchronise(url, county.exchange)

    assert [one.title for one in office.home.shelf.all(Consultation)] == ["石墙村 15 米挡墙"]
    assert office.work.waiting() == []
    assert synchronise(url, county.exchange).is_nothing_new
    county.close()


def test_whatever_is_cut_every_word_arrives_once(fleet, line):
    who, sitting = evening(fleet.a)
    synchronise(line.url, fleet.a.exchange)

    for number, at in enumerate((0, 300, 700, 1500, 4000, 9000)):
        for way in ("cut_up", "cut_down"):
            fleet.a.desk.do(RecordStatement(sitting, f"第 {number} 句，{way}。", speaker_id=who))
            line.set(Fault(**{way: at}))
            with suppress(NotSent):
                synchronise(line.url, fleet.a.exchange, Http(pauses_s=()))
            line.set(Fault())
            synchronise(line.url, fleet.a.exchange, Http(pauses_s=()))

    said = words_at(fleet.county)
    assert len(said) == len(set(said)) == 13
    assert set(said) == set(words_at(fleet.a))


def words_at(machine):
    return [one.text for one in machine.home.shelf.all(Statement)]
