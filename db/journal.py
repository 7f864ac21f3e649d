"""Entries of the journal as ops, and ops as entries: the one place that knows what stands in an entry's body."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from app.domain.op import Base, Op
from db.streams import Streams
from db.tables import EntryRow

JSON = msgspec.json.Encoder()
_COLUMNS = ("stream", "seq", "lamport", "set_id", "kind", "record_id", "who", "wall", "body")


class Body(msgspec.Struct, omit_defaults=True):
    """An entry's body. See `EntryRow`."""

    s: dict[str, Any]
    b: dict[str, list[Any]] | None
    c: str = ""
    v: dict[str, int] | None = None
    h: list[str] = []
    x: list[str] = []
    p: str = ""
    e: list[str] = []


_BODY = msgspec.json.Decoder(Body)


def body_of(op: Op) -> bytes:
    """Return the body of an entry that keeps an op."""
    sets = {name: value for name, value in op.sets.items() if name not in op.erased} if op.erased else op.sets
    told: dict[str, Any] = {"s": sets, "b": op.base}
    if op.correction:
        told["c"] = op.correction
    if op.seen is not None:
        told |= {"v": op.seen, "h": op.holds}
    if op.masked:
        told["x"] = sorted(op.masked)
    if op.parts:
        told["p"] = op.parts
    if op.erased:
        told["e"] = sorted(op.erased)
    return JSON.encode(told)


def entry_of(op: Op, stream: int) -> tuple[object, ...]:
    """Return the row of an op, in the order of the table."""
    return (stream, op.seq, op.lamport, op.act, op.kind, op.record_id, op.who, op.wall, body_of(op))


def read_entries(connection: Connection, streams: Streams, statement: Select[Any]) -> list[Op]:
    """Return the ops of the entries that a statement over the entries' columns finds."""
    return [op_of(row, streams.names) for row in connection.execute(statement)]


def entries() -> Select[Any]:
    """Return the statement that reads entries whole."""
    return select(*(EntryRow.__table__.c[name] for name in _COLUMNS))


def op_of(row: Iterable[Any], names: Mapping[int, str]) -> Op:
    """Return the op of an entry; `names` are those of the streams."""
    stream, seq, lamport, act, kind, record_id, who, wall, raw = row
    body = _BODY.decode(raw)
    base = None if body.b is None else {name: _versions(said) for name, said in body.b.items()}
    return Op(
        names[stream],
        seq,
        lamport,
        kind,
        record_id,
        body.s | dict.fromkeys(body.e) if body.e else body.s,
        base,
        act,
        who,
        wall,
        body.c,
        body.v,
        tuple(body.h),
        frozenset(body.x),
        body.p,
        frozenset(body.e),
    )


def _versions(said: list[Any]) -> tuple[tuple[int, str, int], ...]:
    """Return base versions; entries of before the exchange name one without a list around it."""
    if said and isinstance(said[0], int):
        return ((said[0], said[1], said[2]),)
    return tuple((one[0], one[1], one[2]) for one in said)


def has_base(base: Base | None, name: str) -> tuple[tuple[int, str, int], ...]:
    """Return the versions a base names for a field."""
    if base is None:
        return ()
    found = base.get(name)
    return base.get("", ()) if found is None else found
