"""A province takes each county's packs among that county's rows: over several clusters, beside other processes."""

import shutil
import threading

import msgspec
import pytest

from app.commands.topic import RaiseTopic
from app.domain.errors import NotSaved, NotTaken
from app.domain.topic import Topic
from db import keep, province, shards
from db.scope import within
from sync.carriers.wire import synchronise
from sync.exchange import Answered, Asked, exchange_of
from sync.homes import SystemClock, SystemDice
from sync.receipts import RECEIPT, newest
from sync.server.counties import NOBODYS, ByCounty, CountyDesks, placed
from sync.server.relay import Heard, one_worker
from sync.server.web import Limits, Server
from tests.postgres import Cluster, cluster, refuse_commits, take_commits
from tests.sync.fleet import Fleet, Machine, province_on_server
from tests.sync.offices import COUNTY, TOWNSHIP
from tests.walks.test_kill_server import recorded

OTHER = "530199"
STRANGERS = msgspec.json.encode(Asked("530199001", "f" * 16, ""))


@pytest.fixture
def fleet(tmp_path):
    cluster()
    made = Fleet.known(tmp_path / "fleet", upper=province_on_server)
    yield made
    made.close()


@pytest.fixture
def peer(fleet):
    return ByCounty(fleet.province.exchange, fleet.province.home)


@pytest.fixture
def server(fleet, peer, tmp_path):
    with Server(peer, tmp_path / "relay", ("127.0.0.1", 0)) as made:
        yield made


def titles(machine):
    return sorted(one.title for one in machine.home.shelf.all(Topic))


def asked(machine):
    exchange = machine.exchange
    return msgspec.json.encode(Asked(exchange.directory().own(), exchange.device(), exchange.receipt_digits()))


def at_the_province(fleet):
    held = fleet.county.home.postbox.held()
    return {one.segment for one in held if one.level == "province"}


def test_a_county_is_answered_though_all_other_clusters_are_away(fleet, server):
    for number in (1, 2):
        recorded(fleet, number)
    away = Cluster()
    try:
        store = fleet.province.home
        shards.part(store.engine)
        shards.move(store.engine, COUNTY, cluster().database())
        shards.move(store.engine, OTHER, away.url())
        store.engine.dispose()
        away.stop("immediate")

        outcome = synchronise(server.url, fleet.county.exchange)
    finally:
        away.remove()

    own = {one.id for one in fleet.county.home.postbox.parcels() if one.audience == "O"}
    assert not outcome.is_nothing_new
    assert at_the_province(fleet) >= own
    with within(COUNTY):
        assert titles(fleet.province) == titles(fleet.county)


@pytest.mark.parametrize("table", ["arrival", "received", "statement_file"])
def test_a_pack_that_could_not_be_committed_is_taken_the_next_time_as_if_it_had_never_come(fleet, peer, table):
    recorded(fleet, 1)
    store, county = fleet.province.home, fleet.county.exchange
    pack = county.pack_for(peer.have(asked(fleet.county)))
    refuse_commits(store, table)
    with pytest.raises(NotSaved):
        peer.take(pack)
    with within(COUNTY):
        assert titles(fleet.province) == []
    take_commits(store, table)

    county.take(peer.take(pack))

    own = {one.id for one in fleet.county.home.postbox.parcels() if one.audience == "O"}
    assert at_the_province(fleet) >= own > set()
    with within(COUNTY):
        assert titles(fleet.province) == titles(fleet.county) != []


def test_a_receipt_speaks_of_the_county_alone_and_goes_on_from_what_the_province_said_before(fleet, peer, server):
    recorded(fleet, 1)
    synchronise(server.url, fleet.county.exchange)
    store, device = fleet.province.home, fleet.province.exchange.device()
    said = newest(fleet.county.home.postbox.statements(RECEIPT))[device][1]
    with within(OTHER):
        others = newest(store.postbox.statements(RECEIPT)).get(device)

    assert said.no > 1
    assert {stream.partition("/")[0] for stream in said.have} >= {fleet.a.exchange.device()}
    assert others is None or others[1].no < said.no
    assert synchronise(server.url, fleet.county.exchange).is_nothing_new


def test_whoever_nobody_knows_is_told_nothing_and_costs_nothing(fleet, peer, tmp_path):
    stranger = Machine(tmp_path / "路人", "路人")
    answer = msgspec.json.decode(peer.have(asked(stranger)), type=Answered)
    stranger.close()

    assert (answer.receipt, answer.yours, answer.waiting) == ("", "", 0)
    assert answer.device == fleet.province.exchange.device()


def test_a_prefecture_in_between_makes_one_place_of_its_counties(fleet, peer):
    store = fleet.province.home
    before = placed(COUNTY + "001", store.has_card)
    with store.ledger.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO statement_file (id, no, kind, subject, raw, at) VALUES ('c', 1, 'card', '5301', '', '')"
        )

    assert before == COUNTY
    assert {placed(org, store.has_card) for org in ("5301", COUNTY, COUNTY + "001", "530199")} == {"5301"}
    assert placed("53", store.has_card) == ""


def peers_of(fleet, count):
    """Return as many peers over the province's store, each with a worker."""
    store, made = fleet.province.home, []
    for number in range(count):
        beside = store.at_desk(f"{number}")
        told = (SystemClock(), SystemDice(), fleet.province.folder, keep.REVISION, beside.cargo, f"{number}")
        exchange = exchange_of(beside.postbox, beside.shelf, beside.seal, *told)
        made.append((ByCounty(exchange, beside), one_worker()))
    return made


def desks_of(fleet, count):
    return CountyDesks(peers_of(fleet, count), fleet.province.home, lambda peer: peer)


def test_a_county_is_served_while_another_waits_for_its_turn(fleet, tmp_path):
    recorded(fleet, 1)
    desks = desks_of(fleet, 3)
    assert desks.for_question(asked(fleet.county)).worker is not desks.for_question(STRANGERS).worker
    with Server(desks, tmp_path / "relay", ("127.0.0.1", 0), Limits(wait_s=0.2)) as server:
        with fleet.province.home.within(NOBODYS):
            waiting = desks.for_question(STRANGERS)
            held_up = waiting.worker.submit(waiting.peer.have, STRANGERS)
            outcome = synchronise(server.url, fleet.county.exchange)
            assert not held_up.done()
        answer = msgspec.json.decode(held_up.result(20), type=Answered)

    assert not outcome.is_nothing_new
    assert at_the_province(fleet)
    assert answer.receipt == ""


def test_what_is_no_pack_is_refused_at_a_desk_which_hears_of_it(fleet, tmp_path):
    told = []
    desks = CountyDesks(peers_of(fleet, 2), fleet.province.home, lambda peer: Heard(peer, told.append))
    nonsense = tmp_path / "nonsense.yb"
    nonsense.write_bytes(b"nonsense")

    with pytest.raises(NotTaken) as refused:
        desks.for_pack(nonsense).peer.take(nonsense)
    desks.close()

    assert told == [refused.value]


def test_laptops_of_one_county_and_its_office_call_at_once_and_nothing_is_lost(fleet, tmp_path):
    """All desks write to one database at once; whatever was acknowledged is there, once."""
    with Server(desks_of(fleet, 4), tmp_path / "relay", ("127.0.0.1", 0)) as server:
        for number in range(3):
            for machine in (fleet.a, fleet.b, fleet.county):
                machine.desk.do(RaiseTopic(f"{machine.name}提的第{number}件事", TOWNSHIP + "201"))
            callers = [
                threading.Thread(target=synchronise, args=(server.url, machine.exchange))
                for machine in (fleet.a, fleet.b, fleet.county)
            ]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
        for machine in (fleet.a, fleet.b, fleet.county):
            synchronise(server.url, machine.exchange)

        assert synchronise(server.url, fleet.a.exchange).is_nothing_new
    assert titles(fleet.province) == titles(fleet.a) == titles(fleet.b) == titles(fleet.county)
    assert len(titles(fleet.a)) == 9
    assert keep.check(fleet.province.home.engine, deep=True).problems == []


def test_two_servers_on_one_database_serve_a_county_in_turn_and_nothing_is_lost(fleet, server, tmp_path):
    """Whoever calls comes to this process or to that; each has a folder of its own, and the facts in the database."""
    url = (fleet.province.folder / "database").read_text("utf-8")
    folder = tmp_path / "省二"
    folder.mkdir()
    for key in ("key", "key.twin"):
        shutil.copy(fleet.province.folder / key, folder)
    second = Machine(folder, "省二", 1, lambda folder, now: province.open_store(url, folder, now))
    try:
        with Server(ByCounty(second.exchange, second.home), tmp_path / "relay 2", ("127.0.0.1", 0)) as other:
            doors = [server.url, other.url]
            for number in range(4):
                for laptop in (fleet.a, fleet.b):
                    laptop.desk.do(RaiseTopic(f"{laptop.name}提的第{number}件事", TOWNSHIP + "201"))
                callers = [
                    threading.Thread(target=synchronise, args=(door, laptop.exchange))
                    for door, laptop in zip(doors, (fleet.a, fleet.b), strict=True)
                ]
                for caller in callers:
                    caller.start()
                for caller in callers:
                    caller.join()
                doors.reverse()
            for laptop in (fleet.a, fleet.b):
                for door in doors:
                    synchronise(door, laptop.exchange)
            assert synchronise(doors[0], fleet.a.exchange).is_nothing_new
    finally:
        second.close()

    assert titles(fleet.province) == titles(fleet.a) == titles(fleet.b)
    assert len(titles(fleet.a)) == 8
    assert keep.check(fleet.province.home.engine, deep=True).problems == []
