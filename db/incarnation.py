"""Incarnations: a laptop that was copied or restored goes on under a new name, so that no number is ever used twice.

A new incarnation begins when the machine is another one than last time, when the ledger is older than a mark kept
outside of it, or when somebody shows us entries of our own that we do not have. What was sealed stays in its stream;
what was not goes along into the new one, renumbered from 1, so that it reaches everybody whichever copy lives on.

The marks are kept beside the ledger and once more outside of the home. They only ever rise, and nothing depends on
their being there, whole or true: a wrong one costs a new name, never a day's work.
"""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import OperationalError

from db.journal import JSON
from db.rows import replacing
from db.streams import named
from db.tables import TABLES, ActRow, EntryRow, NoteRow, StreamRow, WithheldRow
from db.turns import reader

MACHINE = "incarnation/machine"
"""The note of the machine this home was last opened on."""
LEFT = "incarnation/left"
"""The note that people are to be told once: 这台电脑的数据被恢复或复制过，两边的都留着. It names the reason."""
MOVED, ROLLED_BACK, SEEN_ELSEWHERE = "moved", "rolled back", "seen elsewhere"
BESIDE = "mark"
BITS = 48
MOST_STREAMS = 16
MOST_BYTES = 4096
GREATEST = 2**53
MOST_IDS = 500


@dataclass(frozen=True, slots=True)
class Traces:
    """What tells of a home outside of it: the print of the machine, and a folder of this person's that no copy of the
    home takes along. Empty ones are not looked at."""

    machine: str = ""
    outside: Path | None = None


NO_TRACES = Traces()


class Marks:
    """The highest entry of each of our streams, as two files tell it."""

    def __init__(self, home: Path, device: str, outside: Path | None) -> None:
        self._files = [home / BESIDE, *([outside / device] if outside else [])]

    def highest(self, stream: str) -> int:
        """Return the highest entry that any mark tells of a stream; 0 when none does."""
        return max(_read(file).get(stream, 0) for file in self._files)

    def rise(self, stream: str, seq: int) -> None:
        """Raise the marks of a stream, as far as the disks let us; they never sink."""
        for file in self._files:
            marks = _read(file)
            if seq > marks.get(stream, 0):
                others = {name: mark for name, mark in marks.items() if name != stream}
                kept = dict(list(others.items())[-MOST_STREAMS + 1 :])
                with suppress(OSError):
                    _write(file, kept | {stream: seq})


def _read(file: Path) -> dict[str, int]:
    try:
        with file.open("rb") as raw:
            found = json.loads(raw.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: mark for name, mark in found.items() if type(mark) is int and 0 < mark <= GREATEST}


def _write(file: Path, marks: dict[str, int]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    with part.open("w", encoding="ascii") as out:
        json.dump(marks, out)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def begin_or_go_on(engine: Engine, home: Path, now: datetime, traces: Traces) -> Marks:
    """Begin a new incarnation if this home cannot prove that it is the one it was; return its marks.

    A disk that takes nothing just now changes nothing: the next opening looks again.
    """
    with reader(engine).connect() as connection:
        current = connection.execute(_CURRENT).one()
        stream = named(current.device, current.incarnation)
        last = _last(connection, current.no)
        machine = connection.execute(select(NoteRow.text).where(NoteRow.name == MACHINE)).scalar()
    marks = Marks(home, current.device, traces.outside)
    reason = ROLLED_BACK if last < marks.highest(stream) else ""
    if traces.machine and machine not in (None, traces.machine):
        reason = MOVED
    if reason or (traces.machine and machine is None):
        with suppress(OperationalError), engine.begin() as connection:
            if reason:
                leave(connection, now, reason)
            if traces.machine:
                note(connection, MACHINE, traces.machine)
    return marks


_CURRENT = select(StreamRow).where(StreamRow.is_current).with_only_columns(*StreamRow.__table__.c)


def _last(connection: Connection, stream: int) -> int:
    return connection.execute(select(func.max(EntryRow.seq)).where(EntryRow.stream == stream)).scalar() or 0


def sealed_upto(connection: Connection, stream: int) -> int:
    """Return up to which entry a stream has been sealed."""
    return connection.execute(select(func.max(ActRow.last)).where(ActRow.stream == stream)).scalar() or 0


def leave(connection: Connection, now: datetime, reason: str) -> None:
    """Leave the current stream for a new one of the same device, and take along what has not been sealed."""
    old = connection.execute(_CURRENT).mappings().one()
    sealed = sealed_upto(connection, old["no"])
    connection.execute(update(StreamRow).where(StreamRow.no == old["no"]).values(is_current=False))
    incarnation = secrets.randbits(BITS) | 1 << (BITS - 1)  # so that none is as small as the first
    fresh = {"incarnation": incarnation, "began_at": now.isoformat()}
    keys = {name: old[name] for name in ("device", "public_key", "private_key")}
    added = connection.execute(insert(StreamRow).values(**fresh, **keys, is_current=True, branch=""))
    assert added.inserted_primary_key is not None
    to = int(added.inserted_primary_key[0])
    names = (named(old["device"], old["incarnation"], old["branch"]), named(old["device"], incarnation))
    _Tail(connection, (old["no"], to), names, sealed).move()
    told = connection.execute(select(NoteRow.name).where(NoteRow.name == LEFT)).first()
    if told is None:
        note(connection, LEFT, reason)


def note(connection: Connection, name: str, text: str) -> None:
    """Keep a note of this machine."""
    connection.exec_driver_sql(replacing(NoteRow.__tablename__), (name, text))


class _Tail:
    """The entries of a stream that were never sealed: nobody else has seen them, so they may be renumbered, if only all
    that speaks of them says the new number too."""

    def __init__(self, connection: Connection, streams: tuple[int, int], names: tuple[str, str], sealed: int) -> None:
        self._connection = connection
        self._from, self._to = streams
        self._from_name, self._to_name = names
        self._sealed = sealed

    def move(self) -> None:
        """Move them, and what speaks of them: bases, sealings, versions of rows."""
        where = (EntryRow.stream == self._from, EntryRow.seq > self._sealed)
        told = select(EntryRow.seq, EntryRow.kind, EntryRow.record_id, EntryRow.body).where(*where)
        rows = self._connection.execute(told.order_by(EntryRow.seq)).all()
        if not rows:
            return
        turned = [(self._to, seq - self._sealed, self._body(bytes(body)), self._from, seq) for seq, *_, body in rows]
        moving = "UPDATE entry SET stream = ?, seq = ?, body = ? WHERE stream = ? AND seq = ?"
        self._connection.exec_driver_sql(moving, turned)
        withheld = (WithheldRow.stream == self._from, WithheldRow.seq > self._sealed)
        shifted = {"stream": self._to, "seq": WithheldRow.seq - self._sealed}
        self._connection.execute(update(WithheldRow).where(*withheld).values(shifted))
        touched: dict[str, set[str]] = {}
        for _, kind, record_id, _ in rows:
            touched.setdefault(kind, set()).add(record_id)
        for kind, ids in touched.items():
            self._turn_rows(kind, sorted(ids))

    def _body(self, raw: bytes) -> bytes:
        told = msgspec.json.decode(raw)
        if told.get("b"):
            told["b"] = {name: self._base(said) for name, said in told["b"].items()}
        seen = told.get("v")
        if seen and seen.get(self._from_name, 0) > self._sealed:
            beyond = seen[self._from_name] - self._sealed
            before = {self._from_name: self._sealed} if self._sealed else {}
            others = {name: last for name, last in seen.items() if name != self._from_name}
            told["v"] = others | before | {self._to_name: beyond}
        return JSON.encode(told)

    def _base(self, said: list[Any]) -> list[Any]:
        """Return base versions with the new number; entries of before the exchange name one without a list around."""
        if said and isinstance(said[0], int):
            lamport, stream, seq = said
            is_moved = stream == self._from_name and seq > self._sealed
            return [lamport, self._to_name, seq - self._sealed] if is_moved else said
        return [self._base(one) for one in said]

    def _turn_rows(self, kind: str, ids: list[str]) -> None:
        if kind not in TABLES:
            return
        table = TABLES[kind]
        turning = f'UPDATE "{kind}" SET versions = ? WHERE id = ?'  # a kind of ours, not a word of anybody's
        for first in range(0, len(ids), MOST_IDS):
            some = select(table.c.id, table.c.versions).where(table.c.id.in_(ids[first : first + MOST_IDS]))
            told = [(record_id, json.loads(said)) for record_id, said in self._connection.execute(some)]
            rows = [(self._versions(said), record_id) for record_id, said in told]
            if rows:
                self._connection.exec_driver_sql(turning, rows)

    def _versions(self, said: dict[str, list[int]]) -> str:
        return JSON.encode({name: self._version(version) for name, version in said.items()}).decode()

    def _version(self, version: list[int]) -> list[int]:
        lamport, stream, seq = version
        is_moved = stream == self._from and seq > self._sealed
        return [lamport, self._to, seq - self._sealed] if is_moved else version


def forget_told(connection: Connection) -> None:
    """Forget that people are to be told: they have been."""
    connection.execute(delete(NoteRow).where(NoteRow.name == LEFT))
