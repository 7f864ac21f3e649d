"""W3: two hundred townships, a busy week each, into one province on PostgreSQL; beside a staged COPY of the same rows.

The packs are made before (`townships.py`), of sixteen counties as `workload.py` has them. Measured is what a server
does with each: find out whose it is, read, verify, open, take in, keep, and write the answer with its receipt; all of
it durable (fsync is on). Eight connections to two processes share the counties, as with two servers on one database;
each has its desks, at which packs wait for their turn, and the waiting counts. A province reads what everybody may
know and keeps the rest as it is sealed; so the same is told of a county, which reads every word.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

from sqlalchemy import Engine

from app.domain.sweeping import keep_loaded
from db import keep, province
from db.rows import columns
from db.scope import OWNER, within
from db.tables import TABLES
from sync.exchange import exchange_of
from sync.homes import SystemClock, SystemDice
from sync.server.counties import ByCounty
from sync.server.main import DESKS
from sync.server.relay import one_worker
from tests.postgres import Cluster
from tests.speed.county import room
from tests.speed.figures import Figure, spread, tell
from tests.speed.townships import Plan, Township, moved_to, ready
from tests.sync.offices import COUNTY

PROCESSES, CONNECTIONS = 2, 8
COUNTIES = 16
TOWNSHIPS, OF_ONE = 200, 50
PACK_S = 5 / 200
Share = list[Path]


def bench(townships: int = TOWNSHIPS, of_one: int = OF_ONE) -> Iterator[Figure]:
    """Take a week of so many townships into a province, and of so many into the one county that they are all of."""
    yield from _told("a province", Plan(townships, counties_at_most=COUNTIES))
    yield from _told("one county, which reads all", Plan(of_one, COUNTY))


def _told(whose: str, plan: Plan) -> Iterator[Figure]:
    cluster = Cluster(fsync="on", shared_buffers="256MB")
    with room() as folder, ExitStack() as stack:
        stack.callback(cluster.remove)
        waiting = ready(plan)
        packs = Path(waiting.folder)
        homes = [Path(shutil.copytree(packs / waiting.server, folder / f"home {no}")) for no in range(PROCESSES)]
        url = moved_to(cluster, homes[0])
        took, each = _taken(homes, url, _shares(waiting.townships, packs))
        rows, floor = _staged(cluster, homes[0])
    what = f"W3, {plan.townships} townships into {whose}"
    note = f"{rows:,} rows, {len(each) / took:.1f} packs a second"
    yield Figure(what, took, "s", PACK_S * plan.townships, floor, "staged COPY", None, note)
    note = f"{CONNECTIONS} connections to {PROCESSES} processes of {DESKS} desks; {spread(each)}"
    yield Figure(f"{what}: one pack, p99", spread(each).p99, "ms", 200, note=note)


def _shares(townships: Sequence[Township], packs: Path) -> list[Share]:
    """Deal the packs to the connections, those of a county to one."""
    counties = sorted({one.org[:6] for one in townships})
    shares: list[Share] = [[] for _ in range(CONNECTIONS)]
    for one in townships:
        shares[counties.index(one.org[:6]) % CONNECTIONS] += (packs / name for name in one.packs)
    return shares


def _taken(homes: Sequence[Path], url: str, shares: Sequence[Share]) -> tuple[float, list[float]]:
    """Take packs in and return how many seconds that took, and how many milliseconds each."""
    context = get_context("spawn")
    at_line = context.Barrier(len(homes) + 1)
    with ProcessPoolExecutor(len(homes), context, _let_wait, (at_line,)) as workers:
        at_work = [workers.submit(_work, home, url, list(shares[no :: len(homes)])) for no, home in enumerate(homes)]
        at_line.wait()
        begun = time.perf_counter()
        each = [one for work in at_work for one in work.result()]
        return time.perf_counter() - begun, each


_AT_LINE: list[Barrier] = []


def _let_wait(at_line: Barrier) -> None:
    """Keep what a process waits at until all are ready."""
    _AT_LINE.append(at_line)


def _work(home: Path, url: str, shares: Sequence[Share]) -> list[float]:
    """Take packs in as one server does, a share at each connection; return how many milliseconds each took."""
    with ExitStack() as stack:
        desks = [(_taking(home, url, stack), stack.enter_context(one_worker())) for _ in range(DESKS)]
        takings = [partial(_at_desk, *desks[no % DESKS]) for no, _ in enumerate(shares)]
        keep_loaded()  # as a server does once it serves
        _AT_LINE[0].wait()
        with ThreadPoolExecutor(len(shares)) as threads:
            return [ms for some in threads.map(_share, takings, shares) for ms in some]


def _at_desk(take: Callable[[Path], Path], worker: Executor, pack: Path) -> Path:
    """Have a pack taken in when it is its turn."""
    return worker.submit(take, pack).result()


def _taking(home: Path, url: str, stack: ExitStack) -> Callable[[Path], Path]:
    store = province.open_store(url, home, SystemClock().now())
    stack.callback(store.close)
    ports = (store.postbox, store.shelf, store.seal, SystemClock(), SystemDice())
    return ByCounty(exchange_of(*ports, home, keep.REVISION, store.cargo), store).take


def _share(take: Callable[[Path], Path], packs: Share) -> list[float]:
    each = []
    for pack in packs:
        begun = time.perf_counter()
        answer = take(pack)
        each.append((time.perf_counter() - begun) * 1000)
        answer.unlink()
    return each


def _staged(cluster: Cluster, home: Path) -> tuple[int, float]:
    """Copy every row of journal and records into an empty database by way of a table beside; return how many there
    were, and how long that took."""
    cluster.make("floor")
    full, empty = (province.open_store(cluster.url(name), home, datetime.now(UTC)) for name in ("office", "floor"))
    with ExitStack() as stack, within(OWNER):
        for store in (full, empty):
            stack.callback(store.close)
        tables = ("stream", "entry", "segment", *TABLES)
        rows = {table: _rows(full.engine, table) for table in tables}
        with empty.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM stream")
        begun = time.perf_counter()
        with empty.engine.begin() as connection:
            driver = connection.connection.driver_connection
            for table, many in rows.items():
                names = ", ".join(f'"{name}"' for name in columns(table))
                beside = f'"beside_{table}"'
                made = f'CREATE TEMP TABLE {beside} ON COMMIT DROP AS SELECT {names} FROM "{table}" WITH NO DATA'
                connection.exec_driver_sql(made)
                with driver.cursor() as cursor, cursor.copy(f"COPY {beside} ({names}) FROM STDIN") as copy:
                    for row in many:
                        copy.write_row(row)
                copied = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM {beside} ON CONFLICT DO NOTHING'
                connection.exec_driver_sql(copied)
        took = time.perf_counter() - begun
    return sum(map(len, rows.values())), took


def _rows(engine: Engine, table: str) -> list[tuple[object, ...]]:
    names = ", ".join(f'"{name}"' for name in columns(table))
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f'SELECT {names} FROM "{table}"')]


if __name__ == "__main__":
    tell(bench())
