"""Entries of the journal as ops, and ops as entries: the one place that knows what stands in an entry's body."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from app.domain.op import NOTHING, Base, Op, Version
from db.streams import Streams
from db.tables import EntryRow

JSON = msgspec.json.Encoder()
COLUMNS = ("stream", "seq", "lamport", "set_id", "kind", "record_id", "who", "wall", "body")


class Body(msgspec.Struct, omit_defaults=True, gc=False):
    """An entry's body. See `EntryRow`."""

    s: dict[str, Any]
    b: Base | None
    c: str = ""
    v: dict[str, int] | None = None
    h: tuple[str, ...] = ()
    x: frozenset[str] = NOTHING
    p: str = ""
    e: frozenset[str] = NOTHING


class _OldBody(Body, gc=False):
    """One of before the exchange, in which a base names one version without a list around it."""

    b: dict[str, list[Any]] | None  # type: ignore[assignment]


_BODY, _OLD_BODY = msgspec.json.Decoder(Body), msgspec.json.Decoder(_OldBody)


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


def entry_of(op: Op, stream: int, body: bytes | None = None) -> tuple[Any, ...]:
    """Return the row of an op, in the order of the table; its `body` is put into words unless it is known."""
    told = body_of(op) if body is None else body
    return (stream, op.seq, op.lamport, op.act, op.kind, op.record_id, op.who, op.wall, told)


def read_entries(connection: Connection, streams: Streams, statement: Select[Any]) -> list[Op]:
    """Return the ops of the entries that a statement over the entries' columns finds."""
    return [op_of(row, streams.names) for row in connection.execute(statement)]


def entries() -> Select[Any]:
    """Return the statement that reads entries whole."""
    return select(*(EntryRow.__table__.c[name] for name in COLUMNS))


def op_of(row: Iterable[Any], names: Mapping[int, str]) -> Op:
    """Return the op of an entry; `names` are those of the streams."""
    stream, seq, lamport, act, kind, record_id, who, wall, raw = row
    try:
        body = _BODY.decode(raw)
    except msgspec.ValidationError:
        body = _of_old(raw)
    sets = body.s | dict.fromkeys(body.e) if body.e else body.s
    evidence = (act, who, wall, body.c, body.v, body.h, body.x, body.p, body.e)
    return Op(names[stream], seq, lamport, kind, record_id, sets, body.b, *evidence)


def _of_old(raw: bytes) -> Body:
    old = _OLD_BODY.decode(raw)
    base = None if old.b is None else {name: _versions(said) for name, said in old.b.items()}
    return Body(old.s, base, old.c, old.v, old.h, old.x, old.p, old.e)


def _versions(said: list[Any]) -> tuple[Version, ...]:
    return ((said[0], said[1], said[2]),) if said and isinstance(said[0], int) else tuple(map(tuple, said))


def has_base(base: Base | None, name: str) -> tuple[tuple[int, str, int], ...]:
    """Return the versions a base names for a field."""
    if base is None:
        return ()
    found = base.get(name)
    return base.get("", ()) if found is None else found
