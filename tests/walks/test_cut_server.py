"""A line cut at any byte of a sync with a server in its own process: the laptop goes on by itself on a new connection,
and in the end every word and picture is there once, and receipted.

`YUANBA_SERVER_CUTS` says how many cuts each way in each of the two talks (20 unless told), drawn by a seed; `all` is
every byte, two or three hours, and `5000:8000` a part of them. A home takes part in a hundred cuts and then another
does, so that none grows old.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random

import pytest

from app.commands.statement import RecordStatement
from app.domain.statement import Statement
from db import keep
from sync.carriers import wire
from sync.carriers.line import Http
from sync.carriers.wire import synchronise
from tests.sync.faulty_line import Fault, FaultyLine, faulty_line
from tests.sync.fleet import NOW, Fleet
from tests.sync.test_exchange import evening
from tests.sync.test_pictures import photographed
from tests.walks.serving import PROGRAM, server_on

CUTS = os.environ.get("YUANBA_SERVER_CUTS", "20")
A_HOME = 100
SOON = Http(pauses_s=(0.0, 0.0, 0.0))
SHORT = "from sync.server import main, relay; relay.INLINE = 2_000; raise SystemExit(main.main())"
"""A server that lets answers above 2 kB be fetched in pieces, as it does those above 256: so every byte can be cut."""
pytestmark = [pytest.mark.kill, pytest.mark.slow]


class Township:
    """A laptop that says three statements at a time, and shows a photograph if it has a camera; and its county."""

    def __init__(self, folder: Path, has_camera: bool) -> None:
        self.fleet, self._has_camera = Fleet.known(folder), has_camera
        self.fleet.county.close()
        self.laptop, self._times = self.fleet.a, count()
        self._who, self._sitting = evening(self.laptop)
        self._pictures: dict[str, bytes] = {}

    def goes_on(self) -> None:
        """Record what was said since."""
        time = next(self._times)
        for words in ("先看地基", "两家各出一半", "秋后再议"):
            self.laptop.desk.do(RecordStatement(self._sitting, f"{words}，第 {time} 次。", speaker_id=self._who))
        if self._has_camera:
            picture, small = (Random(f"{time} {size}").randbytes(size) for size in (1_500, 300))
            blobs = photographed(self.laptop, picture, small, self._sitting)
            self._pictures.update(zip(blobs, (picture, small), strict=True))

    def must_be_receipted(self) -> None:
        """See that the county has said that it holds everything."""
        own = {one.id for one in self.laptop.home.postbox.parcels(state="own")}
        assert own == {one.segment for one in self.laptop.home.postbox.held() if one.level == "county"} & own
        assert not [load for load in self.laptop.exchange.to_send() if load.parcels or load.pieces]

    def must_be_there(self) -> None:
        """See that the county holds what was said, each thing once; nobody may serve its home any more."""
        home = keep.open_home(self.fleet.county.folder, NOW)
        said, there = (
            sorted(one.text for one in shelf.all(Statement)) for shelf in (self.laptop.home.shelf, home.shelf)
        )
        shown = {blob: home.blobs.get(blob) for blob in self._pictures}
        problems = keep.check(home.engine, deep=True).problems
        home.close()
        assert there == said
        assert shown == self._pictures
        assert problems == []
        for machine in (self.fleet.a, self.fleet.b, self.fleet.province):
            machine.close()


@contextmanager
def _at_work(folder: Path, has_camera: bool) -> Iterator[tuple[Township, FaultyLine]]:
    """A township whose county's server has heard of it once, over a line of ours."""
    township = Township(folder, has_camera)
    program = ("-c", SHORT) if has_camera else PROGRAM
    with (
        server_on(township.fleet.county.folder, program=program) as server,
        faulty_line(int(server.relay.rpartition(":")[2])) as line,
    ):
        for _ in range(2):
            township.goes_on()
            line.set(Fault())
            synchronise(line.url, township.laptop.exchange, SOON)
        yield township, line
    township.must_be_there()


def _carried(line: FaultyLine) -> dict[str, int]:
    return {"cut_up": line.up, "cut_down": line.down}


def _cuts(line: FaultyLine) -> list[tuple[str, int]]:
    """Return where to cut a talk like the one that this line has just carried."""
    sizes = _carried(line)
    every = [(way, at) for way, size in sizes.items() for at in range(size)]
    if CUTS == "all":
        return every
    first, is_part, last = CUTS.partition(":")
    if is_part:
        return every[int(first) : int(last)]
    return [(way, at) for way, size in sizes.items() for at in sorted(Random(size).sample(range(size), int(CUTS)))]


@pytest.mark.parametrize("has_camera", [False, True], ids=["in one go", "in pieces"])
def test_a_line_cut_at_any_byte_loses_and_doubles_nothing(tmp_path, monkeypatch, has_camera):
    if has_camera:
        for name, size in {"DIRECT": 0, "FIRST_PIECE": 4_000, "LEAST_PIECE": 2_000}.items():
            monkeypatch.setattr(wire, name, size)
    waiting: list[tuple[str, int]] | None = None
    for home in count():
        with _at_work(tmp_path / f"{home}", has_camera) as (township, line):
            waiting = _cuts(line) if waiting is None else waiting
            for way, at in waiting[:A_HOME]:
                township.goes_on()
                line.set(Fault(**{way: at}))
                synchronise(line.url, township.laptop.exchange, SOON)
                assert line.connections > 1 or at >= _carried(line)[way], (way, at)
                township.must_be_receipted()
        shutil.rmtree(tmp_path / f"{home}")
        waiting = waiting[A_HOME:]
        print(f"{len(waiting)} cuts to come", flush=True)
        if not waiting:
            return
