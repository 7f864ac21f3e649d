"""Where the log of a real server stood comes down to a county with its usual exchange."""

import os
import subprocess
import sys

import pytest

from db.keep import open_home
from sync.carriers.wire import synchronise
from sync.witnessing import heads
from tests.sync.fleet import Fleet, province_on_server
from tests.sync.server.offices import PASSWORD
from tests.walks.serving import ROOT, server_on

TRIES = 60


@pytest.mark.parametrize("is_on_server", [False, True])
def test_a_county_is_told_where_the_log_of_the_province_stood(tmp_path, is_on_server):
    fleet = Fleet.known(tmp_path / "fleet", upper=province_on_server if is_on_server else open_home)
    home, database = fleet.province.folder, fleet.province.folder / "database"
    where = ("--database", database.read_text("utf-8")) if is_on_server else ()
    fleet.province.close()
    add = ("account", "add", "--home", str(home), *where, "--role", "system", "--name", "李示例")
    command = [sys.executable, "-m", "sync.server", *add]
    subprocess.run(command, input=PASSWORD + "\n", env=os.environ, cwd=ROOT, text=True, check=True)

    with server_on(home, *where) as server:
        for _ in range(TRIES):  # it is signed beside, a moment after the doors are open
            synchronise(server.relay, fleet.county.exchange)
            found = [said.body for _, said in heads(fleet.county.home.postbox, fleet.county.exchange.directory())]
            if found:
                break

    assert [(one.place, one.number) for one in found] == [("53", 1)]
    for machine in (fleet.a, fleet.b, fleet.county):
        machine.close()
