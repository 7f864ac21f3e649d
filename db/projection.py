"""Rows from the journal: one record shown anew from all of its ops, with what is contested, withheld or waiting.

Most ops never come here: those of records nobody else has touched are put down directly. What does come here is
decided by `app.domain.merge.project` alone, so that every replica that holds the same ops shows the same.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert, select

from app.domain import RECORDS
from app.domain.edition import BESIDE, HELD, HUNG_ON, Correction, Edition
from app.domain.merge import Projection, Seal, project
from app.domain.op import Op, Version
from app.domain.record import fits
from db.bulk import put_anew
from db.journal import JSON, entries, read_entries
from db.rows import filled, ignoring, row_of
from db.scope import at_that_of
from db.streams import Streams
from db.tables import TABLES, ContestRow, EntryRow, GuardRow, WaitingRow, WithheldRow
from db.twins import united

Key = tuple[str, str]
_TROUBLED = "SELECT " + " OR ".join(
    f"EXISTS (SELECT 1 FROM {table.__tablename__})" for table in (ContestRow, WaitingRow, WithheldRow, GuardRow)
)
_LIES_IN = "SELECT county FROM entry WHERE record_id = ? ORDER BY length(county) DESC, county LIMIT 1"
UNBORN, UNKNOWN, UNFIT = "unborn", "unknown", "unfit"
KINDS = {kind.KIND: kind for kind in RECORDS}


class Projector:
    """Shows records anew within one transaction."""

    def __init__(self, connection: Connection, streams: Streams) -> None:
        self._connection = connection
        self._streams = streams

    def show(self, key: Key) -> Projection:
        """Write the row of a record, and what is contested, withheld or waiting of it, from its ops."""
        at_that_of(self._connection, _LIES_IN, key[1])  # whoever above it may have had the last word
        ops = self.ops(key)
        kind, record_id = key
        shown = self.projected(key, ops)
        self._forget(key)
        if kind not in TABLES:
            self._wait(key, UNKNOWN)
            return shown
        if any(name not in TABLES[kind].c for name in shown.values):
            self._wait(key, UNKNOWN)
        if shown.is_waiting:
            self._wait(key, UNBORN)
            # It may have been shown until a sealing came that had not seen it begin.
            self._connection.execute(delete(TABLES[kind]).where(TABLES[kind].c.id == record_id))
        else:
            self._write_row(key, shown)
        self._note(key, shown)
        return shown

    def projected(self, key: Key, ops: Sequence[Op]) -> Projection:
        """Return what a record's ops come to; values that can stand in no record of ours are refused."""
        kind, seals = key[0], self.seals(key, ops)
        ops = united(ops, seals)
        refused = {op.version: UNFIT for op in ops if not fits(KINDS.get(kind), op.sets)}
        return project(kind, ops, seals, refused)

    def shown(self, key: Key) -> Projection:
        """Return what all ops of a record come to."""
        return self.projected(key, self.ops(key))

    def tells(self, key: Key, row: dict[str, Any]) -> bool:
        """Return whether a row, without what is not there, is what the ops of its record come to."""
        ops = self.ops(key)
        kind = key[0]
        shown = self.projected(key, ops).values
        names = [name for name in TABLES[kind].c.keys() if name not in ("id", "versions")]  # noqa: SIM118
        told = {name: filled(kind, name, shown.get(name)) for name in names}
        there = {name: filled(kind, name, row.get(name)) for name in names}
        return bool(shown) and told == there

    def ops(self, key: Key) -> list[Op]:
        """Return every op of a record."""
        kind, record_id = key
        statement = entries().where(EntryRow.record_id == record_id, EntryRow.kind == kind)
        found = read_entries(self._connection, self._streams, statement)
        return [_in_branch(op, found) for op in found] if self._streams.has_branches() else found

    def seals(self, key: Key, ops: Sequence[Op]) -> list[Seal]:
        """Return the sealings that hold a record, or what it hangs on."""
        kind, record_id = key
        if kind not in HELD:
            return []
        hung = HUNG_ON.get(kind)
        parents = {str(op.sets[hung]) for op in ops if hung and hung in op.sets}
        return [self._seal(told, kind) for told in self._editions(tuple(sorted({record_id, *parents})))]

    def _editions(self, ids: tuple[str, ...]) -> list[list[Op]]:
        """Return the editions that hold any of these, each as often as it was told: by a laptop and by its copy."""
        of = select(GuardRow.edition_id).where(GuardRow.record_id.in_(ids))
        statement = entries().where(EntryRow.record_id.in_(of), EntryRow.kind == Edition.KIND)
        told: dict[str, list[Op]] = {}
        for op in read_entries(self._connection, self._streams, statement):
            if op.seen is not None:
                told.setdefault(op.record_id, []).append(op)
        return list(told.values())

    def _seal(self, told: list[Op], kind: str) -> Seal:
        """Return what an edition holds of a kind, and the corrections under which it may change."""
        edition = told[0]
        sitting, version = edition.sets.get("sitting_id"), edition.sets.get("version", 0)
        table, editions = TABLES[Correction.KIND], TABLES[Edition.KIND]
        later = select(editions.c.id).where(editions.c.sitting_id == sitting, editions.c.version >= version)
        found = self._connection.execute(select(table.c.id).where(table.c.edition_id.in_(later))).scalars()
        seen: dict[str, int] = {}
        for twin in told:
            seen |= {name: max(last, seen.get(name, 0)) for name, last in self._seen_by(twin).items()}
        return Seal(seen, _held_fields(kind), frozenset(found))

    def _seen_by(self, edition: Op) -> dict[str, int]:
        """Return what a sealing had seen by the names that streams have here: its author knew of no fork, and had of
        its own stream only the branch that it stands in."""
        seen = edition.seen or {}
        if not self._streams.has_branches():
            return seen
        own = edition.stream.partition("~")[0]
        found = dict(seen)
        for name in self._streams.numbers:
            root, tilde, _ = name.partition("~")
            if tilde and root in seen and (root != own or name == edition.stream):
                found.setdefault(name, seen[root])
        return found

    def _forget(self, key: Key) -> None:
        kind, record_id = key
        for table in (ContestRow, WaitingRow, WithheldRow):
            gone = delete(table).where(table.record_id == record_id, table.kind == kind)
            self._connection.execute(gone)

    def _wait(self, key: Key, why: str) -> None:
        kind, record_id = key
        row = {"kind": kind, "record_id": record_id, "why": why}
        table = WaitingRow.__tablename__
        put_anew(self._connection, table, row_of(table, row))

    def _write_row(self, key: Key, shown: Projection) -> None:
        kind, record_id = key
        local = self._streams.local
        versions = {name: local(self._connection, version) for name, version in shown.versions.items()}
        whole = shown.values | {"id": record_id, "versions": JSON.encode(versions).decode()}
        put_anew(self._connection, kind, row_of(kind, whole))

    def _note(self, key: Key, shown: Projection) -> None:
        kind, record_id = key
        # Several heads with one value are no question for anybody, but the next change has to name them all.
        fields = dict.fromkeys(shown.heads, True) | {one.field: one.settled_by_rule for one in shown.contests}
        rows = [
            {"kind": kind, "record_id": record_id, "field": name, "is_by_rule": by_rule}
            for name, by_rule in fields.items()
        ]
        if rows:
            self._connection.execute(insert(ContestRow), rows)
        for one in shown.withheld:
            _, stream, seq = one.version
            place = {"stream": self._streams.numbers[stream], "seq": seq, "why": one.reason}
            row = place | {"kind": kind, "record_id": record_id}
            table = WithheldRow.__tablename__
            put_anew(self._connection, table, row_of(table, row))

    def hold(self, edition: Op) -> set[Key]:
        """Note what a sealing holds fast; return the records that must be shown anew for it."""
        rows = [(record_id, edition.record_id) for record_id in edition.holds]
        if not rows:
            return set()
        self._connection.exec_driver_sql(ignoring(GuardRow.__tablename__), rows)
        return self.held_by((edition.record_id,))

    def held_by(self, editions: tuple[str, ...]) -> set[Key]:
        """Return the records that sealings hold, and those that hang on them."""
        ids = select(GuardRow.record_id).where(GuardRow.edition_id.in_(editions))
        direct = select(EntryRow.kind, EntryRow.record_id).where(EntryRow.record_id.in_(ids)).distinct()
        keys = {(kind, record_id) for kind, record_id in self._connection.execute(direct)}
        for kind, name in HUNG_ON.items():
            table = TABLES[kind]
            hanging = select(table.c.id).where(table.c[name].in_(ids))
            keys |= {(kind, record_id) for record_id in self._connection.execute(hanging).scalars()}
        return {key for key in keys if key[0] in HELD}

    def corrected(self, correction: Op) -> set[Key]:
        """Return the records to be shown anew because a correction has come in: those with something withheld."""
        edition = correction.sets.get("edition_id")
        if not edition:
            return set()
        editions = TABLES[Edition.KIND]
        sitting = select(editions.c.sitting_id).where(editions.c.id == edition)
        of = select(editions.c.id).where(editions.c.sitting_id.in_(sitting))
        held = self.held_by(tuple(self._connection.execute(of).scalars()))
        withheld = select(WithheldRow.kind, WithheldRow.record_id).distinct()
        return held & {(kind, record_id) for kind, record_id in self._connection.execute(withheld)}

    def is_troubled(self) -> bool:
        """Return whether anything at all is contested, waiting, withheld or held."""
        return bool(self._connection.exec_driver_sql(_TROUBLED).scalar())

    def parents(self, kind: str, ids: Sequence[str]) -> dict[str, str]:
        """Return what records of a kind hang on, as far as they are shown."""
        table = TABLES[kind]
        found: dict[str, str] = {}
        for first in range(0, len(ids), 500):
            some = select(table.c.id, table.c[HUNG_ON[kind]]).where(table.c.id.in_(ids[first : first + 500]))
            for record_id, parent in self._connection.execute(some):
                found[record_id] = parent
        return found

    def contested(self, ids: Sequence[str]) -> list[Key]:
        """Return which of these records two sides have changed."""
        if not self._connection.execute(select(ContestRow.kind).limit(1)).first():
            return []
        found = select(ContestRow.kind, ContestRow.record_id).where(ContestRow.record_id.in_(ids)).distinct()
        return [(kind, record_id) for kind, record_id in self._connection.execute(found)]

    def troubled(self, ids: Sequence[str]) -> set[str]:
        """Return which of these records must be shown from all of their ops."""
        found: set[str] = set()
        for table in (ContestRow, WaitingRow, WithheldRow, GuardRow):
            for first in range(0, len(ids), 500):
                some = select(table.record_id).where(table.record_id.in_(ids[first : first + 500]))
                found |= set(self._connection.execute(some).scalars())
        return found


@cache
def _held_fields(kind: str) -> frozenset[str] | None:
    fields = HELD[kind]
    if fields is None and kind in BESIDE:
        return frozenset(TABLES[kind].c.keys()) - BESIDE[kind]
    return fields


def _in_branch(op: Op, others: Sequence[Op]) -> Op:
    """Return an op whose base names the branch that it speaks of: its author knew of one stream only."""
    if op.base is None:
        return op
    there = {one.version for one in others}
    base = {name: tuple(_branched(one, op, others, there) for one in said) for name, said in op.base.items()}
    return replace(op, base=base)


def _branched(version: Version, op: Op, others: Sequence[Op], there: set[Version]) -> Version:
    if version in there:
        return version
    lamport, stream, seq = version
    alike = [o for o in others if (o.lamport, o.seq) == (lamport, seq) and o.stream.partition("~")[0] == stream]
    alike.sort(key=lambda one: (one.stream != op.stream, one.stream))
    return alike[0].version if alike else version


def closure_ids(closure: str) -> tuple[str, ...]:
    """Return the ids of the records in a closure that a sealing holds fast."""
    kept: dict[str, list[dict[str, Any]]] = msgspec.json.decode(closure) if closure else {}
    return tuple(row["id"] for kind in sorted(kept) if kind in HELD for row in kept[kind])
