"""A server killed in the middle of whatever it does: what it receipted is there, and figures are those of the records.

`YUANBA_SERVER_KILLS` says how many kills (8 unless told), each SIGKILL at a moment drawn within a synchronisation.
"""

import os
import random
import signal
import threading
from contextlib import suppress

import pytest

from app.commands.topic import AdvanceTopic, RaiseTopic
from app.domain.errors_of_line import NotSent
from app.domain.topic import Topic, TopicStage
from app.queries.place_book import By, bring_up_to_date
from app.queries.place_cells import county_cells
from db import keep
from db.place_book import SqlBook
from sync.carriers.line import Http
from sync.carriers.wire import synchronise
from tests.sync.fleet import NOW, Fleet
from tests.walks.serving import server_on

KILLS = int(os.environ.get("YUANBA_SERVER_KILLS", "8"))
VILLAGE, COUNTY = "530102001001", "530102"
pytestmark = [pytest.mark.kill, pytest.mark.slow]


def recorded(fleet, number):
    """Let the laptop plan two topics and carry them to the county."""
    for title in (f"第 {number} 条水沟", f"第 {number} 段路"):
        made = fleet.a.desk.do(RaiseTopic(title, VILLAGE)).changes[0].record_id
        fleet.a.desk.do(AdvanceTopic(made, TopicStage.APPROVED))
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)


def must_have_what_it_receipted(fleet):
    receipted = {one.segment for one in fleet.county.home.postbox.held() if one.level == "province"}
    home = keep.open_home(fleet.province.folder, NOW)
    there = {one.id for one in home.postbox.parcels()}
    problems = keep.check(home.engine, deep=True).problems
    home.close()
    assert receipted <= there
    assert problems == []


def test_what_was_receipted_is_there_whenever_the_server_was_killed(tmp_path):
    fleet, chance, cut_short = Fleet.known(tmp_path / "fleet"), random.Random(KILLS), 0
    fleet.province.close()

    for number in range(KILLS):
        recorded(fleet, number)
        with server_on(fleet.province.folder) as server:
            killer = threading.Timer(chance.uniform(0, 0.25), server.process.kill)
            killer.start()
            with suppress(NotSent):
                synchronise(server.relay, fleet.county.exchange, Http(pauses_s=()))
            killer.join()
            cut_short += server.process.wait(60) == -signal.SIGKILL
        must_have_what_it_receipted(fleet)

    with server_on(fleet.province.folder) as server:
        synchronise(server.relay, fleet.county.exchange)
    assert cut_short == KILLS
    must_have_what_it_receipted(fleet)
    home = keep.open_home(fleet.province.folder, NOW)
    titles = [topic.title for topic in home.shelf.all(Topic)]
    book = SqlBook(home.engine, home.ledger)
    bring_up_to_date(home.shelf, book, NOW)
    assert len(titles) == len(set(titles)) == 2 * KILLS
    assert book.cells(COUNTY, "", "9999") == list(county_cells(home.shelf, COUNTY))
    assert book.sums(By.COUNTY)[COUNTY].planned == 2 * KILLS
    home.close()
    for machine in (fleet.a, fleet.b, fleet.county):
        machine.close()
