"""Killed in the middle of an export, an import or a synchronisation, nothing is lost and nothing is there twice.

`YUANBA_EXCHANGE_KILLS` says how many kills from outside (24 unless told), at moments drawn within a measured run, each
of them SIGKILL. Besides, each run is killed at every so many of its steps to the disk: `YUANBA_EXCHANGE_STEPS` says
how many apart (25 unless told; 1 is each of them).
"""

import contextlib
import os
import random
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from db import keep
from db.blobs import lost_attachments
from db.incarnation import Traces
from db.tables import EntryRow, SegmentRow
from db.turns import reader
from sync.homes import default_state, machine_print
from sync.pack import read_pack
from tests.sync.fleet import Machine, enrolled
from tests.sync.offices import COUNTY
from tests.walks.nursery import Nursery

KILLS = int(os.environ.get("YUANBA_EXCHANGE_KILLS", "24"))
STEPS_APART = int(os.environ.get("YUANBA_EXCHANGE_STEPS", "25"))
CHAIN = 4
"""How often one home is killed, one run after the other, before it is let go on."""


@contextmanager
def opened(folder):
    """Open a home as the command line does."""
    home = keep.open_home(folder, datetime.now(UTC), Traces(machine_print(folder), default_state()))
    try:
        yield home
    finally:
        home.close()


@dataclass(frozen=True)
class State:
    """What a home is, seen after it was opened and checked."""

    digest: str
    stream: str
    segments: dict
    entries: dict
    arrivals: int
    packages: tuple


def state_of(folder):
    """Open and check a home, and return its state."""
    with opened(folder) as home:
        problems = keep.check(home.engine, deep=True).problems + lost_attachments(home.shelf, home.blobs)
        assert problems == []
        with reader(home.engine).connect() as connection:
            table = SegmentRow
            rows = connection.execute(
                select(table.id, table.stream, table.audience, table.first, table.last, table.content)
            )
            segments = {row.id: tuple(row[1:]) for row in rows}
            counts = select(EntryRow.stream, func.count(), func.max(EntryRow.seq)).group_by(EntryRow.stream)
            entries = {row[0]: tuple(row[1:]) for row in connection.execute(counts)}
        packages = tuple((one.number, one.carrier, one.segments) for one in home.postbox.packages(1000))
        arrivals = len(home.postbox.arrivals(1000))
        return State(keep.digest(home.engine), home.postbox.stream(), segments, entries, arrivals, packages)


def must_be_sealed_once(before, after):
    """What was sealed before is the same bytes after, and no number is sealed twice for the same readers."""
    for segment_id, row in before.segments.items():
        assert after.segments[segment_id] == row
    lanes = {}
    for stream, audience, first, last, _ in after.segments.values():
        lanes.setdefault((stream, audience), []).append((first, last))
    for spans in lanes.values():
        spans.sort()
        assert all(one[1] < other[0] for one, other in pairwise(spans)), spans


def whole_packs(stick):
    """Return the packs of a stick by file; whatever else lies there must be a half one with its own name."""
    packs = {}
    for file in sorted(file for file in stick.rglob("*") if file.is_file()):
        if file.name.endswith(".PART"):
            continue
        with file.open("rb") as content:
            packs[file] = read_pack(content).head
    return packs


def must_hold(stick, home_folder, acts):
    """Every act that was acknowledged is on the stick, with all of its segments."""
    there = {segment_id for head in whole_packs(stick).values() for segment_id, *_ in head.segs}
    with opened(home_folder) as home:
        on_stick = set(home.postbox.acts(there))
        lacking = {one.id for one in home.postbox.parcels(state="own")} - there
        not_whole = set(home.postbox.acts(lacking))
    assert set(acts) <= on_stick
    assert not set(acts) & not_whole


class Village:
    """A laptop and its county as they are before anything is killed; every kill is done to copies."""

    def __init__(self, folder, office):
        self.folder, self.office = folder, office
        stick = folder / "first stick"
        stick.mkdir()
        laptop, county = Machine(folder / "laptop", "甲"), Machine(folder / "county", "县")
        county.work.found(COUNTY, "示例县")
        enrolled(laptop, county, stick)
        laptop.close()
        county.close()
        self.does("work", "--home", folder / "laptop", "--seed", "evening", "--edits", 120)
        self.must_be_as_planned()

    def does(self, *words, **more):
        run = self.office.does(*words, **more)
        assert run.code == 0, run.err
        return run

    def must_be_as_planned(self):
        """Do each of it once, undisturbed; keep how long it took and what came of it."""
        self.seconds, self.steps = {}, {}
        self.before, self.laptop = state_of(self.folder / "county"), state_of(self.folder / "laptop")
        place = self.copy("plan")
        self.pack = place / "stick"
        self.acts = self.timed("export", "--home", place / "laptop", "--to", self.pack).acts
        self.timed("import", "--home", place / "county", self.pack)
        self.after = state_of(place / "county")
        place = self.copy("wired")
        network = Network(self, place)
        run = self.timed("sync", "--home", place / "laptop", "--url", network.url)
        network.kill()
        assert sorted(run.acts) == sorted(self.acts)
        assert len(self.acts) == len(set(self.acts)) > 100
        assert self.before.digest != self.after.digest == state_of(place / "county").digest

    def timed(self, verb, *words):
        began = time.monotonic()
        run = self.does(verb, *words)
        self.seconds[verb] = time.monotonic() - began
        self.steps[verb] = int((self.office.folder / f"{run.pid}.steps").read_text("ascii"))
        return run

    def copy(self, name):
        place = self.folder / name
        place.mkdir()
        for home in ("laptop", "county"):
            shutil.copytree(self.folder / home, place / home)
        (place / "stick").mkdir()
        return place


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    folder = tmp_path_factory.mktemp("village")
    with Nursery(folder) as office:
        yield Village(folder, office)


def killed_export(village, place, **how):
    """Kill one export, and look at what it left; return whether it was killed before it had ended."""
    before = state_of(place / "laptop")
    run = village.office("export", "--home", place / "laptop", "--to", place / "stick", dies_at=how.get("dies_at", 0))
    is_killed = ended(run, how)
    after = state_of(place / "laptop")
    assert (after.digest, after.stream) == (before.digest, before.stream)
    must_be_sealed_once(before, after)
    must_hold(place / "stick", place / "laptop", run.acts)
    return is_killed


def ended(run, how):
    """Wait for the end of a run, killing it after a while; return whether it was killed."""
    if "after_s" in how:
        time.sleep(how["after_s"])
        run.kill()
    assert run.ends() in (0, -9), run.err
    return run.code == -9


def after_killed_exports(village, place):
    """Let export and import go on as if nothing had been: everything is there once, no number twice or left out."""
    village.does("export", "--home", place / "laptop", "--to", place / "stick")
    laptop = state_of(place / "laptop")
    must_be_sealed_once(village.laptop, laptop)
    numbers = sorted(head.number for head in whole_packs(place / "stick").values())
    assert numbers == list(range(2, 2 + len(numbers)))
    assert [number for number, *_ in laptop.packages] == [*reversed(numbers), 1]
    must_hold(place / "stick", place / "laptop", village.acts)
    village.does("import", "--home", place / "county", place / "stick")
    must_be_at_county_once(village, place)


def killed_import(village, place, **how):
    """Kill one import; the county is what it was before it, or what it is after a whole pack."""
    before = state_of(place / "county")
    run = village.office("import", "--home", place / "county", village.pack, dies_at=how.get("dies_at", 0))
    is_killed = ended(run, how)
    after = state_of(place / "county")
    assert after.stream == before.stream
    assert after.digest in (village.before.digest, village.after.digest)
    assert before.digest in (village.before.digest, after.digest)
    assert after.arrivals == village.before.arrivals + (after.digest == village.after.digest)
    return is_killed


def after_killed_imports(village, place):
    village.does("import", "--home", place / "county", village.pack)
    must_be_at_county_once(village, place)


def must_be_at_county_once(village, place):
    county = state_of(place / "county")
    assert county.digest == village.after.digest
    assert county.entries == village.after.entries


class Network:
    """The county's computer answers its network; it may be killed and started again at the same address."""

    def __init__(self, village, place, **how):
        self.village, self.place, self.port = village, place, 0
        self.start(**how)

    def start(self, **how):
        self.run = self.village.office("serve", "--home", self.place / "county", "--port", self.port, **how)
        until = time.monotonic() + 60
        while not self.run.out.endswith("\n"):
            assert time.monotonic() < until, self.run.err
            time.sleep(0.01)
        self.url = self.run.last["url"]
        self.port = int(self.url.rpartition(":")[2])

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            self.run.kill()
        assert self.run.ends() == -9


def killed_sync(village, place, chance, **how):
    """Kill a synchronisation, the laptop's end of it, the county's, or both; return whether it was in its middle."""
    before = state_of(place / "laptop"), state_of(place / "county")
    end = how.pop("end", None) or chance.choice(("laptop", "county", "both"))
    network = Network(village, place)
    run = village.office("sync", "--home", place / "laptop", "--url", network.url, **how)
    if how:
        is_killed = ended(run, how)
    else:
        time.sleep(chance.uniform(0, 0.8 * village.seconds["sync"]))
        if end != "laptop":
            network.kill()
        if end != "county":
            run.kill()
        else:
            network.start()
        assert run.ends() in (0, -9), run.err  # with the county back at once, the laptop goes on by itself
        is_killed = run.code == -9 or end == "county"
    network.kill()
    laptop, county = state_of(place / "laptop"), state_of(place / "county")
    must_be_sealed_once(before[0], laptop)
    assert (laptop.stream, county.stream) == (before[0].stream, before[1].stream)
    assert county.digest in (village.before.digest, village.after.digest)
    assert not run.acts or county.digest == village.after.digest
    return is_killed


def after_killed_syncs(village, place):
    network = Network(village, place)
    run = village.does("sync", "--home", place / "laptop", "--url", network.url)
    again = village.does("sync", "--home", place / "laptop", "--url", network.url)
    network.kill()
    assert again.last["questions"] == 1, "nothing new is one question"
    assert not (set(village.acts) - acts_at_county(place)), run.out
    must_be_at_county_once(village, place)
    numbers = [number for number, *_ in state_of(place / "laptop").packages]
    assert len(numbers) == len(set(numbers))
    assert [*(place / "laptop" / "exchange").rglob("*.tmp")] == []


def acts_at_county(place):
    with opened(place / "county") as home:
        return set(keep.check(home.engine).tokens)


WAYS = {
    "export": (killed_export, after_killed_exports),
    "import": (killed_import, after_killed_imports),
    "sync": (killed_sync, after_killed_syncs),
}


def live_through(village, name, way, chance):
    """Kill one home's runs some times, one after the other, and let it go on; return how many were in their middle."""
    kill, go_on = WAYS[way]
    place = village.copy(name)
    middle = 0
    for _ in range(CHAIN):
        if way == "sync":
            middle += kill(village, place, chance)
        else:
            middle += kill(village, place, after_s=chance.uniform(0, 0.8 * village.seconds[way]))
    go_on(village, place)
    shutil.rmtree(place)
    return middle


@pytest.mark.kill
def test_killed_at_any_moment_nothing_is_lost_or_there_twice_and_the_next_one_starts_at_once(village):
    chance = random.Random("moments")
    lives = -(-KILLS // CHAIN)
    ways = [tuple(WAYS)[number % len(WAYS)] for number in range(lives)]

    middle = [live_through(village, f"life{number}", way, chance) for number, way in enumerate(ways)]

    print(f"{lives * CHAIN} kills, {sum(middle)} of them in the middle of a run")
    assert sum(middle) > lives * CHAIN // 4, "the runs ended before they were killed"


@pytest.mark.kill
@pytest.mark.parametrize("way", WAYS)
def test_killed_at_each_step_to_the_disk_the_next_one_brings_everything(village, way):
    kill, go_on = WAYS[way]
    more = (random.Random(0),) if way == "sync" else ()
    for number in range(1 + STEPS_APART // 2, village.steps[way] + 1, STEPS_APART):
        place = village.copy(f"{way}{number}")
        kill(village, place, *more, dies_at=number)
        go_on(village, place)
        shutil.rmtree(place)
