"""A PostgreSQL that stops as if the power had failed, under a server at work: what was receipted is there, and the
server goes on by itself once the database is back.

`YUANBA_DATABASE_KILLS` says how many times (4 unless told), each at a moment drawn within a synchronisation.
"""

import os
import random
import threading
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

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


def test_while_it_is_off_a_page_says_so_and_when_to_look_again_and_is_there_once_it_is_back(tmp_path):
    fleet = Fleet.known(tmp_path / "fleet", upper=province_on_server)
    database = (fleet.province.folder / "database").read_text("utf-8")
    for machine in (fleet.a, fleet.b, fleet.county, fleet.province):
        machine.close()

    with server_on(fleet.province.folder, "--database", database) as server:
        assert asked(server)[0] == 200
        cluster().stop("immediate")
        try:
            status, again, text = asked(server)
        finally:
            cluster().start()
        assert (status, again) == (503, "5")
        assert "数据库暂时断开了" in text
        assert asked(server)[0] == 200


def asked(server):
    """Return how the overview is answered: the status, when to ask again, and the text."""
    line = HTTPConnection(urlsplit(server.pages).netloc, timeout=20)
    line.request("GET", "/")
    answer = line.getresponse()
    told = answer.status, answer.getheader("Retry-After", ""), answer.read().decode()
    line.close()
    return told


def must_have_what_it_receipted(fleet, database):
    receipted = {one.segment for one in fleet.county.home.postbox.held() if one.level == "province"}
    store = open_store(database, fleet.province.folder, NOW)
    there = {one.id for one in store.postbox.parcels()}
    problems = keep.check(store.engine, deep=True).problems
    store.close()
    assert receipted <= there
    assert problems == []
