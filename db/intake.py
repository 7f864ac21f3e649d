"""Taking parcels in: entries first, then rows, in one transaction of the ledger's.

An op of a record that nobody else has touched is put down as our own acts are; any other record is shown anew from
all of its ops (`db/projection.py`), so that the order in which parcels come never matters.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, update

from app.domain.change import STANDING
from app.domain.edition import HUNG_ON, Correction, Edition
from app.domain.merge import join
from app.domain.op import Op, Version
from app.domain.sweeping import no_sweeping
from app.ports import COVERED, ENTERED, TAKEN, Parcel, Taking
from db.branches import Branches
from db.bulk import find, put, put_anew
from db.erasure import Forgetting
from db.ground import roomy
from db.incarnation import SEEN_ELSEWHERE, leave
from db.journal import COLUMNS, JSON, body_of, entry_of, has_base, op_of
from db.opened import MOST_LAMPORT, Batch, Made, Opened, is_plain, joined, made
from db.projection import Key, Projector
from db.rows import bound, row_of, turning
from db.scope import at, county_of, scope
from db.streams import LocalVersion, Streams
from db.tables import TABLES, EntryRow, SegmentRow

AT_ONCE = 2_000
"""How many entries are put down together at least: an evening's segment for itself costs as much as a thousand."""
_VERSIONS = msgspec.json.Decoder(dict[str, LocalVersion])
# Said to the driver as it is: for what every intake asks, putting a statement together costs more than its answer.
_SPAN = f"SELECT {', '.join(COLUMNS)} FROM entry WHERE stream = ? AND seq BETWEEN ? AND ?"
_WIDEN = "UPDATE entry SET body = ? WHERE stream = ? AND seq = ?"
_COUNTS = """SELECT (SELECT count(*) FROM (SELECT DISTINCT kind, record_id FROM contest WHERE NOT is_by_rule) AS asked),
 (SELECT count(*) FROM withheld), (SELECT count(*) FROM waiting)"""


class Intake:
    """Takes parcels in, within one transaction."""

    def __init__(self, connection: Connection, streams: Streams, now: str) -> None:
        self._connection = connection
        self._streams = streams
        self._now = now
        self._county = scope()
        self._projector = Projector(connection, streams)
        self._branches = Branches(connection, streams)
        self._forgetting = Forgetting(connection)
        self._is_troubled = self._projector.is_troubled()
        self._slow: set[Key] = set()
        self._waiting: list[tuple[Parcel, dict[int, Made]]] = []
        self._made: set[Key] = set()
        self._changed: set[Key] = set()
        self.lamport = 0
        self.taking = Taking()

    def take(self, opened: Opened) -> Taking:
        """Take all parcels in and return what came of it."""
        with no_sweeping(), roomy(self._connection, opened.is_large):
            return self._take(opened)

    def _take(self, opened: Opened) -> Taking:
        before = self._counts() if self._is_troubled else (0, 0, 0)
        for batch in opened.batches():
            self._turn_to(county_of(batch.parcels[0].region))
            self._take_batch(batch, self._known(batch))
        self._settle()
        for key in sorted(self._slow, key=_turn):
            self._projector.show(key)
        self._forgetting.forget()
        self._tell(before)
        return self.taking

    def _turn_to(self, county: str) -> None:
        """Keep what comes from now on under the county of whoever wrote it."""
        if county != self._county:
            self._settle()
            at(self._connection, county)
            self._county = county

    def _known(self, batch: Batch) -> dict[str, str]:
        """Return which segments of a batch are here, and in which state."""
        ids = tuple(parcel.id for parcel in batch.parcels)
        return {row[0]: row[1] for row in self._connection.exec_driver_sql(_knowing(len(ids)), ids)}

    @staticmethod
    def _is_here(known: dict[str, str], parcel: Parcel) -> bool:
        """Return whether a parcel is here in the very state in which it comes again, or in a better one."""
        return parcel.id in known and (parcel.state == COVERED or known[parcel.id] in (parcel.state, "own"))

    def _take_batch(self, batch: Batch, known: dict[str, str]) -> None:
        """Take in what was sealed together: the parts of the same entries for several audiences."""
        new: dict[str, Parcel] = {}
        for parcel in batch.parcels:
            if known.get(parcel.id) == TAKEN or self._is_here(known, parcel):
                self.taking.known += 1
                continue
            is_there = parcel.id in known
            known[parcel.id] = parcel.state
            self._leave_if_ours(parcel)
            self._keep(parcel, self._branches.place(parcel), is_there=is_there)
            self.taking.forks += self._branches.told()
            self.taking.parcels.append(parcel.id)
            if parcel.state in ENTERED:
                new[parcel.acts[-1]] = parcel
            else:
                self.taking.kept += 1
        self._slow |= self._branches.moved()
        self._waiting += [(parcel, batch.ops(act)) for act, parcel in new.items()]
        if sum(len(ops) for _, ops in self._waiting) >= AT_ONCE:
            self._settle()

    def _settle(self) -> None:
        """Put down the entries that wait, those of many small segments together, in the streams that they belong to by
        now: a fork may have been found since they came."""
        many: dict[int, list[dict[int, Made]]] = {}
        for parcel, ops in self._waiting:
            many.setdefault(self._branches.place(parcel), []).append(ops)
        self._waiting = []
        unmet = [(stream, one) for stream, some in many.items() for one in self._unmet(stream, _united(some)).values()]
        if unmet:
            self._put_down(unmet)

    def _leave_if_ours(self, parcel: Parcel) -> None:
        """Begin a new incarnation when somebody else has written into our stream: a copy of this home, or this home
        before it was restored. What we wrote since keeps out of the way of what comes."""
        streams = self._streams
        if parcel.stream == streams.names[streams.current] and not self._branches.knows(parcel.acts[-1]):
            self._settle()
            leave(self._connection, datetime.fromisoformat(self._now), SEEN_ELSEWHERE)
            streams.reload(self._connection)

    def _keep(self, parcel: Parcel, stream: int, *, is_there: bool) -> None:
        row = {
            "id": parcel.id,
            "stream": stream,
            "region": parcel.region,
            "audience": parcel.audience,
            "first": parcel.first,
            "last": parcel.last,
            "acts": parcel.acts,
            "after": parcel.after,
            "plain_digest": parcel.plain_digest,
            "size": parcel.size,
            "state": parcel.state,
            "taken_at": self._now,
            "content": parcel.content,
        }
        table = SegmentRow.__tablename__
        put_anew(self._connection, table, row_of(table, row), is_there=is_there)

    def _unmet(self, stream: int, ops: dict[int, Made]) -> dict[int, Made]:
        """Return the ops without an entry yet; parts of entries that are here are joined to them."""
        if not ops:
            return {}
        left = dict(ops)
        widened: list[tuple[Op, dict[str, Any]]] = []
        rows = self._connection.exec_driver_sql(_SPAN, (stream, min(ops), max(ops))).all()
        for there in (op_of(row, self._streams.names) for row in rows):
            one = left.pop(there.seq, None)
            if one is None:
                continue
            op = one[0]
            if not op.erased <= there.erased:
                self._forgetting.note(there, op.erased - there.erased)
                self._widen(stream, join(there, op))
            elif there.parts and not set(op.parts) <= set(there.parts):
                whole = join(there, op)
                news = {name: value for name, value in whole.sets.items() if there.sets.get(name, whole) != value}
                widened.append((whole, news))
        if widened:
            self._widen_many(stream, widened)
        return left

    def _widen_many(self, stream: int, widened: list[tuple[Op, dict[str, Any]]]) -> None:
        """Keep entries of which one more part has come in, each with what that tells, and let the rows of the records
        tell it too that need no second thought."""
        ops = [op for op, _ in widened]
        self._connection.exec_driver_sql(_WIDEN, [(body_of(op), stream, op.seq) for op in ops])
        page = _Rows(self._connection, self._streams, ops)
        careful = self._careful(ops)
        for op, news in widened:
            key = (op.kind, op.record_id)
            self._changed.add(key)
            if key in self._slow or op.record_id in careful or not is_plain(op) or not page.widen(op, news, stream):
                page.drop(key)
                self._slow.add(key)
        page.print()

    def erase(self, ops: Iterable[Op]) -> None:
        """Erase from entries that lie here what these ops say is erased of them."""
        numbers = self._streams.numbers
        wanted: dict[int, dict[int, Made]] = {}
        for op in ops:
            wanted.setdefault(numbers[op.stream], {})[op.seq] = made(op)
        for stream, some in wanted.items():
            self._unmet(stream, some)
        for key in sorted(self._slow, key=_turn):
            self._projector.show(key)
        self._forgetting.forget()

    def _widen(self, stream: int, op: Op) -> None:
        """Keep an entry of which one more part has come in, or something has to go."""
        where = (EntryRow.stream == stream, EntryRow.seq == op.seq)
        self._connection.execute(update(EntryRow).where(*where).values(body=body_of(op)))
        self._mark(op)

    def _mark(self, op: Op) -> None:
        self._slow.add((op.kind, op.record_id))
        self._changed.add((op.kind, op.record_id))

    def _put_down(self, many: list[tuple[int, Made]]) -> None:
        """Write entries, and the rows of the records that need no second thought."""
        ops = [op for _, (op, _, _) in many]
        page = _Rows(self._connection, self._streams, ops)
        careful = self._careful(ops)
        for stream, (op, _, may_lie) in many:
            key = (op.kind, op.record_id)
            self.lamport = max(self.lamport, op.lamport if op.lamport <= MOST_LAMPORT else 0)
            if op.kind in (Edition.KIND, Correction.KIND) or op.seen is not None:
                self._mark(op)
            elif not may_lie or key in self._slow or op.record_id in careful or not page.lay(op, stream):
                page.drop(key)
                self._slow.add(key)
            (self._made if op.base is None else self._changed).add(key)
        rows = [entry_of(op, stream, body) for stream, (op, body, _) in many]
        put(self._connection, EntryRow.__tablename__, rows)
        page.print()
        for op in ops:
            if op.kind == Edition.KIND and op.holds:
                self._slow |= self._projector.hold(op)
                self._is_troubled = True
            elif op.kind == Correction.KIND:
                self._slow |= self._projector.corrected(op)

    def _careful(self, ops: Iterable[Op]) -> set[str]:
        """Return the records of which something is contested, waiting, withheld or held fast."""
        if not self._is_troubled:
            return set()
        ids: dict[str, set[str]] = {}
        changed: dict[str, list[str]] = {}
        for op in ops:
            hung = HUNG_ON.get(op.kind, "")
            parents = ids.setdefault(op.record_id, {op.record_id})
            if hung in op.sets:
                parents.add(str(op.sets[hung]))
            elif hung:
                changed.setdefault(op.kind, []).append(op.record_id)
        for kind, some in changed.items():
            for record_id, parent in self._projector.parents(kind, some).items():
                ids[record_id].add(parent)
        found = self._projector.troubled(sorted(set().union(*ids.values())))
        return {record_id for record_id, among in ids.items() if not found.isdisjoint(among)}

    def _counts(self) -> tuple[int, int, int]:
        contests, withheld, waiting = self._connection.exec_driver_sql(_COUNTS).one()
        return contests, withheld, waiting

    def _tell(self, before: tuple[int, int, int]) -> None:
        is_troubled = self._is_troubled or self._slow  # what is put down without a second thought is no question
        after = self._counts() if is_troubled else before
        self.taking.contests, self.taking.withheld, self.taking.waiting = (
            max(0, now - then) for now, then in zip(after, before, strict=True)
        )
        for kind, _ in self._made:
            self.taking.made[kind] = self.taking.made.get(kind, 0) + 1
        for kind, _ in self._changed - self._made:
            self.taking.changed[kind] = self.taking.changed.get(kind, 0) + 1
        self.taking.kinds = frozenset(kind for kind, _ in chain(self._made, self._changed, self._slow))


@cache
def _knowing(count: int) -> str:
    return f"SELECT id, state FROM segment WHERE id IN ({', '.join('?' * count)})"


def _turn(key: Key) -> tuple[int, Key]:
    """Return when a record is shown: what a sealing lets change is told by the rows of editions and corrections."""
    first = (Edition.KIND, Correction.KIND)
    return (first.index(key[0]) if key[0] in first else len(first), key)


def _united(many: list[dict[int, Made]]) -> dict[int, Made]:
    """Return the ops of several acts, with the parts of each joined."""
    if len(many) == 1:
        return many[0]
    return {seq: made(op) for seq, op in joined(op for ops in many for op, _, _ in ops.values()).items()}


class _Rows:
    """The rows of a run of ops: what was there, and what is to be made or changed of it."""

    def __init__(self, connection: Connection, streams: Streams, ops: Iterable[Op]) -> None:
        self._connection = connection
        self._streams = streams
        self._versions: dict[Key, dict[str, LocalVersion]] = self._there(ops)
        self._new: dict[Key, dict[str, Any]] = {}
        self._turned: dict[Key, dict[str, Any]] = {}

    def _there(self, ops: Iterable[Op]) -> dict[Key, dict[str, LocalVersion]]:
        wanted: dict[str, set[str]] = {}
        for op in ops:
            if op.kind in TABLES:
                wanted.setdefault(op.kind, set()).add(op.record_id)
        found: dict[Key, dict[str, LocalVersion]] = {}
        for kind, record_id, said in find(self._connection, {kind: sorted(ids) for kind, ids in wanted.items()}):
            found[(kind, record_id)] = _VERSIONS.decode(said)
        return found

    def lay(self, op: Op, stream: int) -> bool:
        """Lay an op on its row; return False when that is not for sure what all ops of the record come to."""
        key = (op.kind, op.record_id)
        version = [op.lamport, stream, op.seq]
        there = self._versions.get(key)
        if there is None:
            if op.base is not None:
                return False
            self._new[key] = op.sets
            self._versions[key] = {"": version}
            return True
        if op.base is None or STANDING in op.sets or not self._follows(op, there, version):
            return False
        into = self._new if key in self._new else self._turned
        into[key] = {**into.get(key, {}), **op.sets}
        self._versions[key] = there | dict.fromkeys(op.sets, version)
        return True

    def widen(self, op: Op, news: dict[str, Any], stream: int) -> bool:
        """Lay what one more part of an op tells on the row; return False when that is not for sure what is shown."""
        key, version = (op.kind, op.record_id), [op.lamport, stream, op.seq]
        there = self._versions.get(key)
        if there is None or STANDING in news:
            return False
        later = {name: value for name, value in news.items() if (there.get(name) or there[""]) != version}
        if later and (op.base is None or not self._follows(replace(op, sets=later), there, version)):
            return False
        self._turned[key] = self._turned.get(key, {}) | news
        self._versions[key] = there | dict.fromkeys(later, version)
        return True

    def _follows(self, op: Op, there: dict[str, LocalVersion], version: LocalVersion) -> bool:
        """Return whether an op starts, field by field, from what the row shows."""
        numbers = self._streams.numbers
        last: tuple[Version, ...] = ()
        said: list[int | None] = []
        if STANDING in there:  # it was laid down once: whether the author had seen that is not told here
            return False
        for name in op.sets:
            base = has_base(op.base, name)
            if len(base) != 1:
                return False
            if base is not last:  # most ops start from one version in all of their fields
                last, (lamport, stream, seq) = base, base[0]
                said = [lamport, numbers.get(stream), seq]
            if (there.get(name) or there[""]) != said or last[0][0] >= version[0]:
                return False
        return True

    def drop(self, key: Key) -> None:
        """Leave a record to be shown anew."""
        self._new.pop(key, None)
        self._turned.pop(key, None)

    def print(self) -> None:
        """Send the rows to the tables, many of a kind at a time."""
        made: dict[str, list[tuple[object, ...]]] = {}
        many: dict[str, list[tuple[object, ...]]] = {}
        for key, sets in self._new.items():
            kind, record_id = key
            said = JSON.encode(self._versions[key]).decode()
            made.setdefault(kind, []).append(row_of(kind, {**sets, "id": record_id, "versions": said}))
        for key, sets in self._turned.items():
            kind, record_id = key
            said = JSON.encode(self._versions[key]).decode()
            changed = (*(bound(value) for value in sets.values()), said, record_id)
            many.setdefault(turning(kind, tuple(sets)), []).append(changed)
        for kind, rows in made.items():
            put(self._connection, kind, rows)
        for statement, rows in many.items():
            self._connection.exec_driver_sql(statement, rows)
