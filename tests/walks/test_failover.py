"""A database goes on from a standby that lacks the last moments (F23): what it had receipted is sent to it again.

`YUANBA_FAILOVERS` says how many times (3 unless told); each standby lacks one to five synchronisations.
"""

import os
import random

import pytest

from app.domain.topic import Topic
from db import keep
from sync.carriers.wire import synchronise
from sync.server.counties import ByCounty
from sync.server.web import Server
from tests.postgres import cluster, copy_of
from tests.sync.fleet import Fleet, province_on_server
from tests.walks.test_kill_server import recorded

FAILOVERS = int(os.environ.get("YUANBA_FAILOVERS", "3"))
pytestmark = pytest.mark.slow


def test_after_a_failover_one_round_brings_back_what_the_standby_lacked(tmp_path):
    cluster()
    fleet, chance, numbers = (
        Fleet.known(tmp_path / "fleet", upper=province_on_server),
        random.Random(FAILOVERS),
        iter(range(10**6)),
    )
    for failover in range(FAILOVERS):
        synchronised(fleet, tmp_path / f"relay {failover}", numbers, 1)
        fleet.province.close()
        told = fleet.province.folder / "database"
        standby = copy_of(told.read_text("utf-8"))
        fleet.province.open()
        synchronised(fleet, tmp_path / f"relay {failover}", numbers, chance.randint(1, 5))
        before = keep.digest(fleet.province.home.engine)
        receipted = {one.segment for one in fleet.county.home.postbox.held() if one.level == "province"}

        fleet.province.close()
        told.write_text(standby, "utf-8")
        fleet.province.open()
        lacks = receipted - {one.id for one in fleet.province.home.postbox.parcels()}
        synchronised(fleet, tmp_path / f"relay {failover}", numbers, 0)

        assert lacks
        assert receipted <= {one.id for one in fleet.province.home.postbox.parcels()}
        assert keep.digest(fleet.province.home.engine) == before
        assert keep.check(fleet.province.home.engine, deep=True).problems == []
    made = next(numbers)
    assert fleet.province.home.shelf.count(Topic) == 2 * made
    fleet.close()


def synchronised(fleet, folder, numbers, evenings):
    """Let the county tell the province of so many evenings, and of what it lacks."""
    peer = ByCounty(fleet.province.exchange, fleet.province.home)
    with Server(peer, folder, ("127.0.0.1", 0)) as server:
        for _ in range(evenings):
            recorded(fleet, next(numbers))
            synchronise(server.url, fleet.county.exchange)
        synchronise(server.url, fleet.county.exchange)
