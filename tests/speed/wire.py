"""The wire: nothing new (D7), a busy week over a poor line (D10), large files beside copying them (D15).

Real server, real client, real sockets; what goes is a township's week as it would be packed, and noise for pictures.
"""

import json
import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import zstandard

from sync.carriers.line import Http
from sync.carriers.wire import Exchanged, synchronise
from sync.server.web import Server
from tests.speed.figures import Figure, tell, took_ms, usual_ms
from tests.speed.workload import inserts
from tests.sync.faulty_line import Fault, FaultyLine, faulty_line
from tests.sync.letters import County, Township

KBIT_256 = 32_000
LATENCY_S = 0.25  # each way: half a second there and back
FILES = 60_000_000


def bench(pace: int = KBIT_256, latency_s: float = LATENCY_S, size: int = FILES, times: int = 20) -> Iterator[Figure]:
    """Exchange between a township and a county on this machine."""
    with _around() as (county, township, line, server):
        yield from _nothing_new(township, server, times)
        yield from _busy_week(county, township, line, pace, latency_s)
        yield _cut_once(county, township, line, Random(15).randbytes(size))
    yield from _large_files(size)


@contextmanager
def _around() -> Iterator[tuple[County, Township, FaultyLine, Server]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        county = County(folder)
        with Server(county, folder / "relay", ("127.0.0.1", 0)) as server, faulty_line(server.port) as line:
            yield county, Township(folder / "township"), line, server


def _nothing_new(township: Township, server: Server, times: int) -> Iterator[Figure]:
    done = synchronise(server.url, township)
    assert done.is_nothing_new
    took = usual_ms(lambda: synchronise(server.url, township), times)
    floor = usual_ms(lambda: _bare_question(server.port), times)
    questions = f"{done.questions} question"
    yield Figure("nothing new over the wire, bytes both ways", done.sent + done.received, "B", 1000, note=questions)
    yield Figure("nothing new over the wire", took, "ms", floor=floor, floor_what="bare connection, one small no")


def _bare_question(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        while sock.recv(4096):
            pass


def _busy_week(county: County, township: Township, line: FaultyLine, pace: int, latency_s: float) -> Iterator[Figure]:
    lines = "\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in inserts("W1"))
    week = zstandard.ZstdCompressor(9).compress(lines.encode())
    for name, way_s in (("half a second there and back", latency_s), ("half a second each way", 2 * latency_s)):
        county.begin_anew()
        township.begin_anew(week)
        line.set(Fault(bytes_a_second=pace, latency_s=way_s))
        begun = time.monotonic()
        done = synchronise(line.url, township)
        took = time.monotonic() - begun
        assert county.journal == township.journal
        floor = len(week) / pace + 4 * way_s
        note = f"{done.questions} questions, {(done.sent + done.received) / 1000:.0f} kB"
        yield Figure(f"W1 at {pace // 125} kbit/s, {name}", took, "s", 8, floor, "its bytes and two ways", note=note)


def _large_files(size: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        noise = Random(15).randbytes(size)
        postman = Postman(folder, noise)
        floors, took = [], []
        with Server(Doorkeeper(folder), folder / "relay", ("127.0.0.1", 0)) as server:
            for number in range(3):
                postman.seal(number)
                floors.append(took_ms(lambda: _copied(postman.pack, folder / "copy")))
                took.append(took_ms(lambda: synchronise(server.url, postman)))
    what = "the same file copied and made durable"
    note = f"{len(noise) / 1000 / sorted(took)[1]:.0f} MB/s"
    yield Figure(
        f"{size // 1_000_000} MB over the wire", sorted(took)[1], "ms", None, sorted(floors)[1], what, 1.25, note
    )


class Doorkeeper:
    """A home that puts what it gets aside."""

    def __init__(self, folder: Path) -> None:
        self._answer = folder / "answer"

    def have(self, asked: bytes) -> bytes:
        return b"{}"

    def take(self, pack: Path) -> Path:
        self._answer.write_bytes(b"taken")
        return self._answer


class Postman:
    """An office with one large pack to go, another one each time."""

    def __init__(self, folder: Path, noise: bytes) -> None:
        self.folder, self.pack, self._noise = folder / "fetched", folder / "pack.yb", noise
        self.folder.mkdir()

    def seal(self, number: int) -> None:
        self.pack.write_bytes(number.to_bytes(8, "big") + self._noise[8:])

    def have(self) -> bytes:
        return b"{}"

    def pack_for(self, answer: bytes) -> Path:
        return self.pack

    def drop(self, pack: Path) -> None:
        pass

    def take(self, pack: Path) -> bool:
        return False


def _cut_once(county: County, township: Township, line: FaultyLine, noise: bytes) -> Figure:
    county.begin_anew()
    township.begin_anew(noise)
    line.set(Fault(cut_up=len(noise) * 2 // 3))
    done: Exchanged = synchronise(line.url, township, Http(pauses_s=(0.0,)))
    assert county.journal == township.journal
    return Figure("sent again after a cut at two thirds", done.resent / 2**20, "MiB", 4)


def _copied(file: Path, to: Path) -> None:
    with file.open("rb") as given, to.open("wb") as copy:
        while block := given.read(1024 * 1024):
            copy.write(block)
        copy.flush()
        os.fsync(copy.fileno())


if __name__ == "__main__":
    tell(bench())
