"""What was read of one county's segments and statements, or of all: once, and then only what has changed since.

An office asks for them several times an exchange, and after some years there are thousands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Engine

from app.ports import Parcel, StatementFile
from db.bulk import MOST_IDS
from db.shelf import ask
from db.tables import SegmentRow, StatementFileRow

NEVER = -1
Names = Callable[[Iterable[int]], Mapping[int, str]]
"""What tells the names of streams, and is asked for those that are wanted."""
ROUTE = ("id", "stream", "region", "audience", "first", "last", "acts", "after", "size", "state", "plain_digest")
_ROUTE = ", ".join(f'"{name}"' for name in ROUTE)
_SEGMENTS = f"SELECT {_ROUTE}, taken_at FROM {SegmentRow.__tablename__}"
_LYING = f"{_SEGMENTS} ORDER BY taken_at, last"
_STATEMENTS = StatementFileRow.__tablename__
_STATEMENTS_ON = (
    f"SELECT before.many, before.sum, said.no, said.id, said.kind, said.subject, said.raw"
    f" FROM (SELECT count(*) AS many, coalesce(sum(no), 0) AS sum FROM {_STATEMENTS} WHERE no <= ?) AS before"
    f" LEFT JOIN {_STATEMENTS} AS said ON said.no > ? ORDER BY said.no, said.id"
)
"""How many came up to one, and the sum of their numbers, which tell whether they are still the same; all that came
since."""
_TEXTS = msgspec.json.Decoder(tuple[str, ...])


class Room:
    """What was read within one scope."""

    def __init__(self, engine: Engine) -> None:
        self.statements, self.lying = Statements(engine), Lying(engine)


class Lying:
    """The segments that lie here, as they came, read at some turn of the ledger; `moved` counts how often segments of
    ours came or went."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine
        self.turn, self.moved = NEVER, 0
        self.all: list[Parcel] = []
        self._upto: tuple[str, int] = ("", 0)

    def read(self, names: Names) -> None:
        """Read all of them; those are not made anew that were known and have not changed."""
        known = {one.id: one for one in self.all}
        self.all = []
        self._add(ask(self._reader, _LYING), names, known)

    def read_some(self, ids: Iterable[str], names: Names) -> bool:
        """Read those that have just been taken in, which come last; return False if they do not."""
        wanted = sorted(set(ids))
        rows: list[Any] = []
        for first in range(0, len(wanted), MOST_IDS):
            some = wanted[first : first + MOST_IDS]
            rows += ask(self._reader, f"{_SEGMENTS} WHERE id IN ({', '.join('?' * len(some))})", some)
        rows.sort(key=_came)
        if rows and _came(rows[0]) < self._upto:  # the clock was set back
            return False
        gone = set(wanted)
        self.all = [one for one in self.all if one.id not in gone]
        self._add(rows, names, {})
        return True

    def _add(self, rows: Sequence[Any], names: Names, known: Mapping[str, Parcel]) -> None:
        said = names({row[1] for row in rows})
        for row in rows:
            segment_id, stream, *_, size, state, digest, _ = row
            one = known.get(segment_id)
            now = (said[stream], size, state, digest)
            if one is None or (one.stream, one.size, one.state, one.plain_digest) != now:
                one = _parcel(row, said[stream])
            self.all.append(one)
            self._upto = _came(row)


def _came(row: Any) -> tuple[str, int]:
    """Return by what rows are ordered: when they were taken in, and up to which entry they go."""
    return row[-1], row[ROUTE.index("last")]


def _parcel(row: Any, stream: str) -> Parcel:
    segment_id, _, region, audience, first, last, acts, after, size, state, digest, taken_at = row
    route = (stream, region, audience, first, last, _TEXTS.decode(acts), after, size, state)
    return Parcel(segment_id, *route, plain_digest=digest, taken_at=taken_at)


class Statements:
    """The statements that lie here, as they came, read at some turn of the ledger; `said` counts how often we kept some
    or forgot some."""

    def __init__(self, engine: Engine) -> None:
        self._reader = engine
        self.turn, self.last, self._sum = NEVER, 0, 0
        self.said = 0
        self._all: list[tuple[int, StatementFile]] = []
        self._some: dict[tuple[str, ...], list[StatementFile]] = {}

    def of(self, kinds: tuple[str, ...]) -> list[StatementFile]:
        """Return those of some kinds, or all; each once, though several counties were told it."""
        if kinds not in self._some:
            some = {one.id: one for _, one in self._all if not kinds or one.kind in kinds}
            self._some[kinds] = list(some.values())
        return list(self._some[kinds])

    def read_on(self) -> None:
        """Read what came since; `last` is the number of the one that came last."""
        rows = ask(self._reader, _STATEMENTS_ON, (self.last, self.last))
        if rows[0][:2] != (len(self._all), self._sum):  # some were forgotten, or another process has kept one late
            self.forget()
            rows = ask(self._reader, _STATEMENTS_ON, (0, 0))
        self.add((no, StatementFile(*told)) for _, _, no, *told in rows if no is not None)

    def add(self, numbered: Iterable[tuple[int, StatementFile]]) -> None:
        """Take down what came since, by rising numbers."""
        for no, one in numbered:
            self._all.append((no, one))
            self._sum += no
            self.last, self._some = no, {}

    def drop(self, ids: Iterable[str]) -> int:
        """Take down that some were forgotten; return how many."""
        gone = set(ids)
        dropped = [no for no, one in self._all if one.id in gone]
        self._all = [(no, one) for no, one in self._all if one.id not in gone]
        self._sum -= sum(dropped)
        self._some = {}
        return len(dropped)

    def forget(self) -> None:
        """Read all of them again the next time."""
        self.turn, self.last, self._sum, self._all, self._some = NEVER, 0, 0, [], {}
