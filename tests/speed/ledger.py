"""One statement captured and durable, and 980 records in one act (D6), beside raw SQLite doing the same commit."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2

from app.commands.statement import RecordStatement
from app.desk import Desk
from db.keep import open_home
from sync.homes import StageClock, SystemDice
from tests.speed.county import EVENING, L, Size, county, room
from tests.speed.figures import Figure, spread, tell, took_ms
from tests.speed.workload import DDL, INSERT, inserts, jsonl, row
from ui.office_load import TakeRecords, read

TIMES = 300
SAID = "去年雨季就堵过两回，今年再不修要进水；砂石村里有，工钱大家想办法，先把沟挖通再说。"


def bench(size: Size = L, times: int = TIMES) -> Iterator[Figure]:
    """Measure single acts on data set L, then the week of one township as one act."""
    with county(size) as lent, room() as beside:
        raw, ciphered = raw_commit(beside / "raw.db"), ciphered_commit(beside / "raw.cipher")
        home = open_home(lent.folder, EVENING)
        desk = Desk(home.shelf, home.ledger, StageClock(EVENING), SystemDice(), "示例干部")
        acts: list[Callable[[], object]] = [
            raw,
            ciphered,
            lambda: desk.do(RecordStatement(lent.big, SAID)),
            lambda: desk.jot({"desk/half": SAID[: len(SAID) // 2]}),
        ]
        # By turns, so that a busy moment of the machine falls on all alike.
        taken = [[took_ms(act) for act in acts] for _ in range(times + 20)][20:]
        plain, cipher, statement, jot = (spread(times) for times in zip(*taken, strict=True))
        home.close()
    yield Figure("one statement, durable", statement.p50, "ms", 2, plain.p50, "raw SQLite commit", 5, str(statement))
    what = "raw SQLCipher commit"
    yield Figure("one statement, durable, beside SQLCipher", statement.p50, "ms", 2, cipher.p50, what, 4, str(cipher))
    yield Figure("half-typed words kept, durable", jot.p50, "ms", 2, cipher.p50, what, note=str(jot))
    yield _week(5 if times > 20 else 1)


def _week(times: int) -> Figure:
    """Take W1's records in as one act, each time into a new home."""
    rows = [row(rec) for rec in inserts("W1")]
    ours, floors = [], []
    for _ in range(times + 1):
        with room() as new:
            floors.append(took_ms(raw_week(new / "raw.db", rows)))
            ours.append(_taking(new))
    best, floor = spread(ours[1:] or ours), spread(floors[1:] or floors)
    return Figure("980 records in one act", best.p50, "ms", 25, floor.p50, "raw executemany", note=str(best))


def _taking(folder: Path) -> float:
    file = folder / "w1.jsonl"
    file.write_bytes(jsonl(inserts("W1")))
    records = tuple(read(file, print))
    home = open_home(folder / "home", EVENING)
    desk = Desk(home.shelf, home.ledger, StageClock(EVENING), SystemDice(), "示例干部")
    taken = took_ms(lambda: desk.do(TakeRecords(records)))
    home.close()
    return taken


def raw_week(file: Path, rows: list[tuple[Any, ...]]) -> Callable[[], object]:
    """Return an act that writes the rows in one durable transaction, as plainly as can be."""
    connection = _durable(sqlite3.connect(file))
    connection.execute(DDL)

    def write() -> None:
        with connection:
            connection.executemany(INSERT, rows)

    return write


def raw_commit(file: Path) -> Callable[[], object]:
    """Return an act that commits one statement's row durably in plain SQLite."""
    return _committing(sqlite3.connect(file))


def ciphered_commit(file: Path) -> Callable[[], object]:
    """Return an act that commits one statement's row durably in SQLCipher."""
    connection = sqlcipher3.dbapi2.connect(str(file))
    connection.execute(f"PRAGMA key = \"x'{'ab' * 32}'\"")
    return _committing(connection)


def _durable(connection: Any) -> Any:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _committing(connection: Any) -> Callable[[], object]:
    _durable(connection).execute(
        "CREATE TABLE statement(id TEXT PRIMARY KEY, sitting TEXT, number INTEGER, text TEXT, said_at TEXT)"
    )
    numbers = itertools.count()

    def commit() -> None:
        number = next(numbers)
        with connection:
            values = (f"{number:032x}", "sitting", number, SAID, EVENING.isoformat())
            connection.execute("INSERT INTO statement VALUES(?,?,?,?,?)", values)

    return commit


if __name__ == "__main__":
    tell(bench())
