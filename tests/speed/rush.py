"""The rush after a holiday: the townships of a province, a busy week each, straight to its server over HTTP.

    python -m tests.speed.rush 1400 --minutes 30                  to the province, on SQLite
    python -m tests.speed.rush 1400 --minutes 3 --database        on a PostgreSQL of its own, fsync on
    python -m tests.speed.rush 900 --minutes 2 --scans 8          to a county, with 2 MB of scanned pages each

Each township comes at a moment of its own, drawn evenly by a seed, and asks as our laptops ask: the real client, with
its ordinary patience, over packs made before (`townships.py`). One in ten sits behind a slow line. The server is the
real one, in a process of its own. An error is a laptop that gave up.
"""

import argparse
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import msgspec
import psutil
import psycopg

from app.domain.action import Action
from app.domain.errors import Trouble
from app.domain.issue import Issue
from db import keep
from db.province import open_store
from sync.carriers.line import PAUSES_S, Answer, Http, Line, Moved, Stop
from sync.carriers.wire import synchronise
from sync.homes import SystemClock
from sync.pack import read_pack
from sync.receipts import Receipt
from sync.statement import read_statement
from sync.suite import suite
from tests.postgres import Cluster
from tests.speed.county import room
from tests.speed.figures import Figure, spread, tell
from tests.speed.townships import Plan, Ready, Township, moved_to, ready
from tests.sync.faulty_line import Fault, faulty_line
from tests.sync.offices import COUNTY, PROVINCE
from tests.walks.serving import Started, server_on

SLOW = 32_000  # bytes a second: 256 kbit/s, as in wire.py
ONE_IN = 10


@dataclass
class Told:
    """What the laptops saw."""

    requests: list[float] = field(default_factory=list)
    slow_requests: list[float] = field(default_factory=list)
    receipts: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    done_s: float = 0.0


class Laptop:
    """A township at the line: it gives its packs one after the other, and looks for its receipt in the answers."""

    def __init__(self, township: Township, packs: Path, folder: Path, told: Told) -> None:
        self.folder, self._told, self._township = folder, told, township
        self._packs = [packs / one for one in township.packs]
        self.sent_at = 0.0

    def have(self) -> bytes:
        """Return the question that was made with the packs."""
        return self._township.question

    def pack_for(self, answer: bytes) -> Path | None:
        """Return the next pack."""
        return self._packs[0] if self._packs else None

    def drop(self, pack: Path) -> None:
        """Go on to the next."""
        self._packs.pop(0)

    def take(self, pack: Path) -> bool:
        """See that the answer holds our receipt; return whether there is more to send."""
        with pack.open("rb") as file:
            receipts = [_receipt(raw) for raw in read_pack(file).receipts()]
        pack.unlink()
        if not any(self._is_ours(one) for one in receipts):
            raise AssertionError(f"no receipt for {self._township.org}")
        self._told.receipts.append((time.perf_counter() - self.sent_at) * 1000)
        return bool(self._packs)

    def _is_ours(self, receipt: Receipt) -> bool:
        have = receipt.have.get(self._township.stream, {})
        return all(have.get(letter, [[0, 0]])[-1][1] >= last for letter, last in self._township.upto.items())


def _receipt(raw: bytes) -> Receipt:
    return msgspec.convert(read_statement(raw, suite().holds).body, Receipt)


class Listening:
    """A transport as ours that takes down how long each question took."""

    def __init__(self, laptop: Laptop, told: Told, times: list[float]) -> None:
        self._laptop, self._told, self._times, self.pauses_s = laptop, told, times, PAUSES_S

    def line(self, url: str, stop: Stop, moved: Moved) -> "Ear":
        """Return a line with an ear at it."""
        return Ear(Http().line(url, stop, moved), self._laptop, self._told, self._times)


class Ear:
    """A line that is listened to."""

    def __init__(self, line: Line, laptop: Laptop, told: Told, times: list[float]) -> None:
        self._line, self._laptop, self._told, self._times = line, laptop, told, times
        self._is_waiting = False

    def ask(self, method: str, target: str, frame: bytes) -> Answer:
        """Ask, and take down what came of it."""
        begun = time.perf_counter()
        if method == "POST" and target.startswith("/v1/pack") and not self._is_waiting:
            self._laptop.sent_at = begun
        try:
            answer = self._line.ask(method, target, frame)
        except Exception as error:
            self._told.statuses[type(error).__name__] += 1
            raise
        self._is_waiting = answer.status == 202
        self._times.append((time.perf_counter() - begun) * 1000)
        self._told.statuses[str(answer.status)] += 1
        return answer

    def moved(self) -> tuple[int, int]:
        """Return how many bytes went out and came in."""
        return self._line.moved()

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def _calls(urls: tuple[str, str], waiting: Ready, minutes: float, folder: Path) -> Told:
    """Let each township call at its moment, and wait for the last; the second address has the slow line before it."""
    townships, packs = waiting.townships, Path(waiting.folder)
    told, dice = Told(), Random(len(townships))
    moments = sorted(dice.uniform(0, minutes * 60) for _ in townships)
    begun, threads = time.perf_counter(), []
    for number, (moment, township) in enumerate(zip(moments, townships, strict=True)):
        time.sleep(max(0.0, begun + moment - time.perf_counter()))
        is_slow = number % ONE_IN == ONE_IN - 1
        laptop = Laptop(township, packs, folder / township.org, told)
        times = told.slow_requests if is_slow else told.requests
        threads.append(threading.Thread(target=_call, args=(urls[is_slow], laptop, told, times)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    told.done_s = time.perf_counter() - begun
    return told


def _call(url: str, laptop: Laptop, told: Told, times: list[float]) -> None:
    laptop.folder.mkdir()
    try:
        synchronise(url, laptop, Listening(laptop, told, times))
    except Trouble as trouble:
        told.errors.append(f"{type(trouble).__name__} {trouble.what}")
    except Exception as error:
        told.errors.append(repr(error))


@dataclass(frozen=True)
class Cost:
    """What the server had to spend: seconds of two cores, and MB at most; a PostgreSQL with it."""

    cpu_s: float
    database_cpu_s: float
    peak_mb: float
    disk_mb: float


class Watcher:
    """Looks at a server, and at its PostgreSQL, while they are at work."""

    def __init__(self, server: Started, cluster: Cluster | None) -> None:
        self._server = psutil.Process(server.process.pid)
        pid = int((cluster.folder / "data" / "postmaster.pid").read_text().splitlines()[0]) if cluster else 0
        self._database = psutil.Process(pid) if pid else None
        self._begun = (_cpu_s(self._server), self._database_s())

    def _database_s(self) -> float:
        """Return what a PostgreSQL has spent, with its children that are gone."""
        if self._database is None:
            return 0.0
        return _cpu_s(self._database) + sum(_cpu_s(one) for one in self._database.children())

    def cost(self, home: Path, url: str) -> "Cost":
        """Return what they have spent since."""
        spent = (_cpu_s(self._server) - self._begun[0], self._database_s() - self._begun[1])
        status = Path(f"/proc/{self._server.pid}/status").read_text("ascii")
        peak = float(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
        disk = sum(file.stat().st_size for file in home.rglob("*") if file.is_file())
        if url:
            with psycopg.connect(url) as connection:
                row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
                disk += row[0] if row else 0
        return Cost(*spent, peak, disk / 1e6)


def _cpu_s(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def bench(
    townships: int = 24, minutes: float = 0.25, scans: int = 0, to: str = PROVINCE, with_postgresql: bool = False
) -> Iterator[Figure]:
    """Let so many townships come within so many minutes; tell how long each waited, and what it took."""
    plan = Plan(townships, to, scans)
    waiting = ready(plan)
    with room() as folder, ExitStack() as stack:
        home = Path(shutil.copytree(Path(waiting.folder) / waiting.server, folder / "home"))
        cluster = stack.enter_context(_cluster()) if with_postgresql else None
        url = moved_to(cluster, home) if cluster else ""
        with server_on(home, *(("--database", url) if url else ())) as server, _slow(server.relay) as slow:
            watcher = Watcher(server, cluster)
            told = _calls((server.relay, slow), waiting, minutes, folder)
            cost = watcher.cost(home, url)
        came = _there(home, url)
    yield from _figures(plan, minutes, told, cost, came, "PostgreSQL" if url else "SQLite")


@contextmanager
def _cluster() -> Iterator[Cluster]:
    made = Cluster(fsync="on", shared_buffers="256MB")
    try:
        yield made
    finally:
        made.remove()


@contextmanager
def _slow(url: str) -> Iterator[str]:
    with faulty_line(int(url.rpartition(":")[2])) as line:
        line.set(Fault(bytes_a_second=SLOW))
        yield line.url


def _there(home: Path, url: str) -> int:
    now = SystemClock().now()
    store = open_store(url, home, now) if url else keep.open_home(home, now)
    count = store.shelf.count(Issue) + store.shelf.count(Action)
    store.close()
    return count


def _figures(plan: Plan, minutes: float, told: Told, cost: Cost, came: int, where: str) -> Iterator[Figure]:
    what = f"{plan.townships} townships in {minutes:g} min, {where}"
    requests, receipts = spread(told.requests), spread(told.receipts)
    statuses = ", ".join(f"{status} × {count}" for status, count in sorted(told.statuses.items()))
    yield Figure(f"{what}: gave up", len(told.errors), "townships", 0.0, note="; ".join(Counter(told.errors)))
    yield Figure(f"{what}: a request, p95", requests.p95, "ms", 1_000.0, note=f"{requests}; {statuses}")
    yield Figure(f"{what}: to the receipt, p95", receipts.p95, "ms", 10_000.0, note=f"{receipts}")
    if told.slow_requests:
        slow = spread(told.slow_requests)
        yield Figure(f"{what}: a request over 256 kbit/s, p95", slow.p95, "ms", note=str(slow))
    note, most = f"{len(told.receipts)} packs; {came} issues and tasks there", max(minutes * 60 + 60, 15 * 60)
    yield Figure(f"{what}: until the last had its receipt", told.done_s, "s", most, note=note)
    note = f"with PostgreSQL {cost.cpu_s + cost.database_cpu_s:.0f}"
    yield Figure(f"{what}: CPU of the server", cost.cpu_s, "s", note=note if cost.database_cpu_s else "")
    yield Figure(f"{what}: memory of the server, peak", cost.peak_mb, "MB", 2_000.0)
    yield Figure(f"{what}: on the disk", cost.disk_mb, "MB")


def main() -> None:
    """Run one rush as it is told."""
    parser = argparse.ArgumentParser(description="a rush of townships to one server")
    parser.add_argument("townships", type=int, nargs="?", default=24)
    parser.add_argument("--minutes", type=float, default=0.25)
    parser.add_argument("--scans", type=int, default=0, help="scanned pages of each; they go to the county, no further")
    parser.add_argument("--database", action="store_true", help="the server keeps its facts in a PostgreSQL of its own")
    told = parser.parse_args()
    tell(bench(told.townships, told.minutes, told.scans, COUNTY if told.scans else PROVINCE, told.database))


if __name__ == "__main__":
    main()
