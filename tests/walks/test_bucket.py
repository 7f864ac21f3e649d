"""A county whose attachments lie in a store of objects: a photograph goes there and on, whatever becomes of it."""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from hashlib import sha256

import pytest

from app.commands.attachment import FileScans
from app.commands.sitting import CallSitting
from app.domain.attachment import Attachment, Placed, Placing, Scan
from app.domain.errors_of_line import NotSent, OtherSideFailed
from db.keep import open_home
from sync.carriers.line import Http
from sync.carriers.wire import synchronise
from tests.bucket import NAME, PATIENCE_S, store_running
from tests.postgres import open_fresh
from tests.sync.faulty_line import Fault, faulty_line
from tests.sync.fleet import Fleet
from tests.walks.serving import ROOT, server_on

pytestmark = pytest.mark.slow
ADDRESS = f"s3://{NAME}/county"


@pytest.fixture(scope="module")
def running():
    with store_running() as store:
        yield store


@pytest.fixture
def store(running):
    running.empty()
    return running


@pytest.fixture(params=["a file", "a PostgreSQL"])
def fleet(tmp_path, request):
    """A township's two laptops, and a county that keeps its facts in a file, or in a PostgreSQL."""
    made = Fleet.known(tmp_path / "fleet", upper=open_home if request.param == "a file" else open_fresh)
    made.county.close()
    yield made
    for machine in made.machines:
        if machine is not made.county:
            machine.close()


def served(fleet, store, url=""):
    """Start the county's server, which has its own way to the store, or another."""
    database = fleet.county.folder / "database"
    where = ("--database", database.read_text("utf-8")) if database.exists() else ()
    return server_on(fleet.county.folder, *where, "--attachments", ADDRESS, told=store.environment(url))


def photographed(machine, content, **meeting):
    """Scan a page at a meeting and return the id of its picture."""
    desk = machine.desk
    called = desk.do(CallSitting("石墙怎么修", **meeting)).changes
    sitting = next(change.record_id for change in called if change.kind == "sitting")
    consultation = next(change.record_id for change in called if change.kind == "consultation")
    scan = Scan("一页.jpg", None, desk.blobs.put(content), "", len(content), sha256(content).hexdigest())
    desk.do(FileScans((Placed(scan, Placing.ASIDE, "", consultation, sitting),)))
    return scan.blob


def test_a_photograph_goes_into_the_store_and_out_to_the_other_laptop(fleet, store):
    content = os.urandom((5 << 20) + 7)
    blob = photographed(fleet.a, content)
    closed = photographed(fleet.a, content[:-1], closed_session=True, issues=("谁照看老人",))

    with served(fleet, store) as server:
        synchronise(server.relay, fleet.a.exchange)
        there = store.objects()
        synchronise(server.relay, fleet.b.exchange)

    assert fleet.b.home.blobs.get(blob) == content
    assert fleet.b.home.blobs.get(closed) == content[:-1]
    pieces = [f"county/carried/{closed}/{number}.age" for number in (0, 1)]
    assert sorted(there) == sorted([f"county/{blob[:2]}/{blob}", *pieces])
    assert not [name for name, lying in there.items() if content[:1000] in lying]
    assert [file for file in (fleet.county.folder / "blobs").rglob("*") if file.is_file()] == []


def test_a_store_killed_in_the_middle_costs_nothing_but_the_way(fleet, store):
    contents = [os.urandom(40_000) for _ in range(80)]  # one pack: what a store has said it keeps, it has to keep
    many = [photographed(fleet.a, content) for content in contents]

    with faulty_line(store.port) as line, served(fleet, store, line.url) as server:
        line.set(Fault())
        killer = threading.Thread(target=kill_in_the_middle, args=(store, line))
        killer.start()
        with pytest.raises(OtherSideFailed) as told:
            synchronise(server.relay, fleet.a.exchange, Http(pauses_s=()))
        killer.join()
        store.start()
        until = time.monotonic() + PATIENCE_S
        while not all(fleet.b.home.blobs.has(blob) for blob in many) and time.monotonic() < until:
            for machine in (fleet.a, fleet.b):
                with suppress(NotSent):
                    synchronise(server.relay, machine.exchange, Http(pauses_s=()))

    assert "E-341" in told.value.cause
    assert [fleet.b.home.blobs.get(blob) for blob in many] == contents
    assert len(store.objects()) == len(many)
    assert fleet.b.home.shelf.count(Attachment) == len(many)


def kill_in_the_middle(store, line):
    """Kill the store as soon as a third of the pictures has gone to it."""
    while line.up < 1_000_000:
        time.sleep(0.001)
    store.kill()


def test_a_server_says_at_its_start_what_is_wrong_with_the_store(fleet, store):
    told = store.environment() | {"AWS_SECRET_ACCESS_KEY": "not-the-secret"}
    database = fleet.county.folder / "database"
    where = ("--database", database.read_text("utf-8")) if database.exists() else ()
    words = ["--home", str(fleet.county.folder), *where, "--port", "0", "--relay-port", "0", "--attachments", ADDRESS]

    done = asked(words, told)

    assert done.returncode == 3
    assert "不认这把密钥" in done.stderr
    assert "not-the-secret" not in done.stderr + done.stdout
    assert store.key not in done.stderr + done.stdout


def asked(words, told):
    """Let the server's command line do something."""
    command = [sys.executable, "-m", "sync.server", *words]
    return subprocess.run(command, env=os.environ | told, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_backup_says_where_the_attachments_are_and_a_restored_home_finds_them(tmp_path, store):
    fleet = Fleet.known(tmp_path / "fleet")
    fleet.county.close()
    content = os.urandom(60_000)
    blob = photographed(fleet.a, content)
    with served(fleet, store) as server:
        synchronise(server.relay, fleet.a.exchange)
    home, back, told = fleet.county.folder, tmp_path / "back", store.environment()

    made = asked(["backup", "--home", str(home), "--to", f"{home}.tar", "--key-to", f"{home}.key"], told)
    put = asked(["restore", "--from", f"{home}.tar", "--key", f"{home}.key", "--home", str(back)], told)

    assert json.loads(made.stdout)["attachments"] == json.loads(put.stdout)["attachments"] == ADDRESS
    assert "不在这份备份里" in made.stderr
    with server_on(back, told=told) as server:
        synchronise(server.relay, fleet.b.exchange)
    assert fleet.b.home.blobs.get(blob) == content
    for machine in fleet.machines:
        if machine is not fleet.county:
            machine.close()


def test_what_lay_in_the_folder_moves_into_the_store_and_the_server_goes_on(fleet, store):
    content = os.urandom(60_000)
    blob = photographed(fleet.a, content)
    database = fleet.county.folder / "database"
    where = ("--database", database.read_text("utf-8")) if database.exists() else ()
    home, told = str(fleet.county.folder), store.environment()

    with server_on(fleet.county.folder, *where) as server:
        synchronise(server.relay, fleet.a.exchange)
        busy = asked(["attachments", "--home", home, "--to", ADDRESS], told)
    refused = asked(["--home", home, *where, "--port", "0", "--relay-port", "0", "--attachments", ADDRESS], told)
    moved = asked(["attachments", "--home", home, "--to", ADDRESS], told)
    with server_on(fleet.county.folder, *where, told=told) as server:
        synchronise(server.relay, fleet.b.exchange)

    assert busy.returncode == refused.returncode == 3
    assert "正开着" in busy.stderr
    assert "server attachments" in refused.stderr
    assert (fleet.county.folder / "ledger.db").exists() == (not where)
    assert json.loads(moved.stdout) == {"files": 1, "bytes": len(content) + 44, "attachments": ADDRESS}
    assert fleet.b.home.blobs.get(blob) == content
    for machine in fleet.machines:
        if machine is not fleet.county:
            machine.close()
