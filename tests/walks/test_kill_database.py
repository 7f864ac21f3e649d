"""A PostgreSQL that stops as if the power had failed, under a server at work: what was receipted is there, and the
server goes on by itself once the database is back.

`YUANBA_DATABASE_KILLS` says how many times (4 unless told), each at a moment drawn within a synchronisation.
"""

import os
import random
import threading
from contextlib import suppress

import pytest

from app.domain.errors_of_line import NotSent
from app.domain.topic import Topic
from app.queries.place_book import By, bring_up_to_date
from db import keep
from db.place_book import SqlBook
from db.province import open_store
from sync.carriers.line import Http
from sync.carriers.wire import synchronise
from tests.postgres import cluster
from tests.sync.fleet import NOW, Fleet, province_on_server
from tests.walks.serving import server_on
from tests.walks.test_kill_server import COUNTY, recorded

KILLS = int(os.environ.get("YUANBA_DATABASE_KILLS", "4"))
pytestmark = [pytest.mark.kill, pytest.mark.slow]


def test_what_was_receipted_is_there_whenever_the_database_stopped(tmp_path):
    fleet, chance = Fleet.known(tmp_path / "fleet", upper=province_on_server), random.Random(KILLS)
    database = (fleet.province.folder / "database").read_text("utf-8")
    fleet.province.close()

    with server_on(fleet.province.folder, "--database", database) as server:
        for number in range(KILLS):
            recorded(fleet, number)
            stopper = threading.Timer(chance.uniform(0, 0.4), cluster().stop, ("immediate",))
            stopper.start()
            with suppress(NotSent):
                synchronise(server.relay, fleet.county.exchange, Http(pauses_s=()))
            stopper.join()
            cluster().start()
            must_have_what_it_receipted(fleet, database)
        synchronise(server.relay, fleet.county.exchange)

    must_have_what_it_receipted(fleet, database)
    store = open_store(database, fleet.province.folder, NOW)
    titles = [topic.title for topic in store.shelf.all(Topic)]
    book = SqlBook(store.engine, store.ledger)
    bring_up_to_date(store.shelf, book, NOW)
    assert len(titles) == len(set(titles)) == 2 * KILLS
    assert book.sums(By.COUNTY)[COUNTY].planned == 2 * KILLS
    store.close()
    for machine in (fleet.a, fleet.b, fleet.county):
        machine.close()


def must_have_what_it_receipted(fleet, database):
    receipted = {one.segment for one in fleet.county.home.postbox.held() if one.level == "province"}
    store = open_store(database, fleet.province.folder, NOW)
    there = {one.id for one in store.postbox.parcels()}
    problems = keep.check(store.engine, deep=True).problems
    store.close()
    assert receipted <= there
    assert problems == []
