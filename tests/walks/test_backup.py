"""A province whose machine is gone: what was backed up while it served is put back by hand, and serves on."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256

from app.domain.topic import Topic
from db import keep, province
from sync.carriers.wire import synchronise
from tests.postgres import cluster
from tests.sync.fleet import NOW, Fleet, province_on_server
from tests.walks.serving import ROOT, server_on
from tests.walks.test_kill_server import recorded


def server(*words):
    """Let the server's command line do something; return what it says in JSON."""
    command = [sys.executable, "-m", "sync.server", *map(str, words)]
    return json.loads(subprocess.run(command, env=os.environ, cwd=ROOT, capture_output=True, check=True).stdout)


def test_what_came_after_the_backup_is_sent_again_to_the_restored_province(tmp_path):
    fleet = Fleet.known(tmp_path / "fleet", upper=province_on_server)
    home, file, key, back = fleet.province.folder, tmp_path / "p.tar", tmp_path / "p.key", tmp_path / "back"
    database, other = (home / "database").read_text("utf-8"), cluster().database()
    fleet.province.close()

    with server_on(home, "--database", database) as one:
        recorded(fleet, 1)
        synchronise(one.relay, fleet.county.exchange)
        made = server("backup", "--database", database, "--home", home, "--to", file, "--key-to", key)
        recorded(fleet, 2)
        synchronise(one.relay, fleet.county.exchange)
    store = province.open_store(database, home, NOW)
    before = keep.digest(store.engine)
    store.close()
    shutil.rmtree(home)
    put = server("restore", "--database", other, "--from", file, "--key", key, "--home", back)
    with server_on(back, "--database", other) as one:
        synchronise(one.relay, fleet.county.exchange)

    store = province.open_store(other, back, NOW)
    assert made["sha256"] == sha256(file.read_bytes()).hexdigest()
    assert put == {"ok": True, "problems": [], "attachments": ""}
    assert store.shelf.count(Topic) == 4
    assert keep.digest(store.engine) == before
    assert keep.check(store.engine, deep=True).problems == []
    store.close()
    for machine in (fleet.a, fleet.b, fleet.county):
        machine.close()
