"""Which stream a segment belongs to, when a laptop was copied or restored and goes on under one name twice.

Sealing acts form a tree: each names the act before it. Two acts after the same one are a fork. Both branches are kept,
each as a stream of its own named after its first act, so that every machine names them alike, in whatever order they
come. What was written before the fork stays where it was.
"""

from functools import cache
from typing import Any

from sqlalchemy import Connection, select, update

from app.ports import Parcel
from db.projection import Key
from db.rows import columns, making
from db.streams import Streams, parted
from db.tables import ActRow, EntryRow, SegmentRow

BRANCH_DIGITS = 8
_COLUMNS = columns(ActRow.__tablename__)


@cache
def _acting(count: int) -> str:
    """Return the statement that finds as many acts of sealing."""
    said = ", ".join(f'"{name}"' for name in _COLUMNS)
    return f"SELECT {said} FROM sealing WHERE id IN ({', '.join('?' * count)})"


class Branches:
    """Finds the stream of arriving segments within one transaction. What it said of one may be another's after a fork
    has been found: ask again before entries are put down."""

    def __init__(self, connection: Connection, streams: Streams) -> None:
        self._connection = connection
        self._streams = streams
        self._told: list[str] = []
        self._moved: set[Key] = set()
        self._placed: dict[str, int] = {}

    def told(self) -> list[str]:
        """Return the streams that have been found to be forked since last asked."""
        told, self._told = self._told, []
        return told

    def moved(self) -> set[Key]:
        """Return the records whose entries now belong to a branch, since last asked."""
        moved, self._moved = self._moved, set()
        return moved

    def knows(self, act: str) -> bool:
        """Return whether an act of sealing has been met."""
        return bool(self._acts((act,)))

    def place(self, parcel: Parcel) -> int:
        """Return the number of the stream that a segment belongs to; note the acts that it spans."""
        if parcel.acts[-1] not in self._placed:
            stream = self._place(parcel)
            self._placed[parcel.acts[-1]] = stream
        return self._placed[parcel.acts[-1]]

    def _place(self, parcel: Parcel) -> int:
        acts = self._acts(parcel.acts)
        if parcel.acts[-1] in acts:
            newest = acts[parcel.acts[-1]]
            if newest["last"] is None:  # it was only known from a class that had nothing in it
                ends = update(ActRow).where(ActRow.id == newest["id"])
                self._connection.execute(ends.values(last=parcel.last))
            return int(newest["stream"])
        stream, after = self._before(parcel)
        for act in parcel.acts:
            stream = int(acts[act]["stream"]) if act in acts else self._grow(parcel, act, after, stream)
            after = act
        return stream

    def _acts(self, ids: tuple[str, ...]) -> dict[str, Any]:
        rows = self._connection.exec_driver_sql(_acting(len(ids)), ids)
        return {row[0]: dict(zip(_COLUMNS, row, strict=True)) for row in rows}

    def _before(self, parcel: Parcel) -> tuple[int, str | None]:
        """Return the stream that a segment goes on from, and the act before it."""
        root = self._streams.number(self._connection, parcel.stream, parcel.key)
        if parcel.after is None:
            return root, None
        parent = self._acts((parcel.after,)).get(parcel.after)
        return (int(parent["stream"]) if parent else root), parcel.after

    def _grow(self, parcel: Parcel, act: str, after: str | None, stream: int) -> int:
        """Note an act; return the stream it belongs to, which is a new one when it has a sibling."""
        last = parcel.last if act == parcel.acts[-1] else None
        root = parcel.stream.partition("~")[0]
        family = [no for name, no in self._streams.numbers.items() if name == root or name.startswith(f"{root}~")]
        marks = ", ".join("?" * len(family))
        same = f'SELECT id, stream FROM sealing WHERE "after" IS NOT DISTINCT FROM ? AND stream IN ({marks})'
        siblings = self._connection.exec_driver_sql(same, (after, *family)).all()
        if siblings:
            self._told.append(parcel.stream)
            for sibling, there in siblings:
                self._part(parcel.stream, sibling, there, after)
            stream = self._branch(parcel.stream, act)
        self._connection.exec_driver_sql(making(ActRow.__tablename__), (act, stream, after, last))
        return stream

    def _branch(self, stream: str, act: str) -> int:
        device, incarnation, _ = parted(stream)
        return self._streams.number(self._connection, f"{device}/{incarnation}~{act[:BRANCH_DIGITS]}")

    def _part(self, stream: str, act: str, there: int, after: str | None) -> None:
        """Give an act that has got a sibling, and all that came after it, a stream of their own."""
        branch = self._branch(stream, act)
        if there == branch:
            return
        self._placed.clear()
        line = self._line(act, there)
        begins = max(self._last(after), self._first(line, there) - 1)
        moves = (EntryRow.stream == there, EntryRow.seq > begins)
        touched = select(EntryRow.kind, EntryRow.record_id).where(*moves).distinct()
        self._moved |= {(kind, record_id) for kind, record_id in self._connection.execute(touched)}
        self._connection.execute(update(EntryRow).where(*moves).values(stream=branch))
        self._connection.execute(update(ActRow).where(ActRow.id.in_(line)).values(stream=branch))
        at = (SegmentRow.stream == there, SegmentRow.first > begins)
        self._connection.execute(update(SegmentRow).where(*at).values(stream=branch))

    def _last(self, act: str | None) -> int:
        """Return up to which entry an act is known to go; of one that ended no segment here, what the acts before it
        tell."""
        while act is not None:
            found = self._connection.execute(select(ActRow.last, ActRow.after).where(ActRow.id == act)).first()
            if found is None:
                break
            if found.last is not None:
                return int(found.last)
            act = found.after
        return 0

    def _first(self, line: list[str], stream: int) -> int:
        """Return the first entry of what acts have sealed."""
        table = SegmentRow.__table__
        found = self._connection.execute(select(table.c.first, table.c.acts).where(table.c.stream == stream))
        return min((first for first, acts in found if not set(line).isdisjoint(acts)), default=1)

    def _line(self, act: str, stream: int) -> list[str]:
        """Return an act and those that came after it in its stream."""
        children: dict[str | None, list[str]] = {}
        for one, after in self._connection.execute(select(ActRow.id, ActRow.after).where(ActRow.stream == stream)):
            children.setdefault(after, []).append(one)
        line = [act]
        for one in line:
            line += children.get(one, [])
        return line
