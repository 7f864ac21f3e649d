"""The ledger: the only writer. Rows and journal go down in one durable transaction, or not at all.

A journal entry is one record's part of one act. It carries its stream (device and incarnation), its number in
that stream, a Lamport counter, the person, the wall time as evidence only, the fields set, and for each of
them the version its author was looking at. The exchange file is made of these entries; there is no second log.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import wraps
from threading import RLock
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, RowMapping, bindparam, insert, select, update

from app.domain.change import STANDING, Change, ChangeSet, Reopened
from app.domain.edition import Edition
from app.domain.errors import ChangedElsewhere, NothingToUndo
from app.domain.merge import Contest, base_for
from app.domain.op import Op
from app.domain.record import Plain
from app.ports import Deed, Parcel, Taking
from db.dialect import GREATEST, unsaved
from db.ground import folding_of, ground_of
from db.incarnation import Marks, leave
from db.intake import Intake
from db.lasting import Lasting
from db.opened import Opened, opened
from db.page import (
    Key,
    Page,
    Version,
    agreed,
    is_creation,
    laid_down_once,
    met_already,
    other_sides,
    print_page,
    row_in,
    rows_of,
    version_of,
)
from db.pen import Pen, pen_of
from db.projection import Projector, closure_ids
from db.rows import replacing
from db.scope import COUNTY, scope
from db.shelf import ask
from db.streams import Streams
from db.tables import ChangeSetRow, NoteRow
from db.toggles import read_toggle, toggle_bytes
from db.turns import Lines, Turn, asking, reader, turn_with, writing

DONE, UNDONE, KEPT = "done", "undone", "kept"
Allow = Callable[[ChangeSet], str]

_JSON = msgspec.json.Encoder()
# Made once: putting a statement together costs several times what SQLite needs to run it.
_SET = insert(ChangeSetRow.__table__)  # type: ignore[arg-type]
_MET = select(ChangeSetRow.id).where(ChangeSetRow.id == bindparam("met"))
_FORGET_UNDONE = update(ChangeSetRow).where(ChangeSetRow.state == UNDONE).values(state=KEPT)
_VERSIONS = msgspec.json.Decoder(dict[str, Version])
# Said to the driver as it is: notes are kept and asked for all the time.
_NOTES = "SELECT name, text FROM note WHERE name >= ? AND name < ? ORDER BY name"
_KEEP_NOTE = replacing(NoteRow.__tablename__)
_FORGET_NOTE = "DELETE FROM note WHERE name = ?"


MOMENT_S = 0.02
"""How long a store that is shared is not asked again whether anybody has written: dozens of times an exchange."""
P = ParamSpec("P")
T = TypeVar("T")


def _alone(method: "Callable[Concatenate[SqlLedger, P], T]") -> "Callable[Concatenate[SqlLedger, P], T]":
    """Return the method as one thread at a time does it."""

    @wraps(method)
    def alone(self: "SqlLedger", /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._pen_lock:
            return method(self, *args, **kwargs)

    return alone


class SqlLedger:
    """The writer of one home. Two threads may write, whoever is at the keys and an errand: one act after the other."""

    def __init__(self, engine: Engine) -> None:
        self._pen_lock = RLock()
        self._together: Connection | None = None
        self._engine = engine
        self._reader = reader(engine)
        self._ground = ground_of(engine)
        with self._reader.connect() as connection:
            self._streams = Streams(connection)
            self._pen = pen_of(connection, self._streams.current)
        self.marks: Marks | None = None
        self.lasting: Lasting | None = None
        self._contested: frozenset[Key] = frozenset()
        self._folding = folding_of(engine)
        self._own = 0
        self._looked: tuple[float, int, int] = (0.0, -1, 0)
        self.setbacks = 0
        self.lines = Lines()
        self._heard: tuple[int | None, Streams] = (None, self._streams)
        self._grown = 0

    @property
    def turn(self) -> int:
        """Return a number that is another one after each transaction, and in another scope: what was read at one turn
        is so till the next.

        Of what others have committed to a store that is shared we may hear a moment later, and after our own turn with
        a place (`Store.within`); of our own at once.
        """
        if not self._ground.is_shared:
            return self._ground.turn()
        turn_of_ours = turn_with(self._engine)
        if turn_of_ours:
            since = turn_of_ours.since if len(scope()) == COUNTY else turn_of_ours.number
            return hash((since, self._own, scope()))
        own, now = self._own, time.monotonic()
        at, since, turn = self._looked
        if since != own or now - at > MOMENT_S:
            turn = self._ground.turn()
            self._looked = (now, own, turn)
        return hash((turn, scope()))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other thread write with this ledger until the end of the block."""
        with self._pen_lock:
            yield

    def look(self) -> None:
        """Ask at once whether others have written: one's turn has come after theirs."""
        self._own += 1

    @_alone
    def write(self, changes: ChangeSet, who: str, at: datetime) -> None:
        """Write an act; a set met before is left as it is."""
        with self._begin() as connection:
            if self._has_met(connection, changes.id):
                return
            self._look_again(connection)
            inverse = replace(changes.inverted(""), reopens=self._sides(connection, changes))
            pen = self._put_down(connection, changes, who, at)
            connection.execute(_FORGET_UNDONE)
            connection.execute(_SET, _set_row(changes, who, at, DONE if inverse else KEPT, inverse))
        self._pen = pen

    @_alone
    def undo(self, set_id: str, who: str, at: datetime, allow: Allow) -> ChangeSet:
        """Take back the newest act of this machine."""
        return self._toggle((DONE, UNDONE), ChangeSetRow.ordinal.desc(), "撤销", (set_id, who, at), allow)

    @_alone
    def redo(self, set_id: str, who: str, at: datetime, allow: Allow) -> ChangeSet:
        """Do again the act last taken back."""
        return self._toggle((UNDONE, DONE), ChangeSetRow.ordinal.asc(), "重做", (set_id, who, at), allow)

    def deeds(self, limit: int) -> list[Deed]:
        """Return the acts that could be undone, the newest first."""
        return self._deeds(DONE, ChangeSetRow.ordinal.desc(), limit)

    def undone(self, limit: int) -> list[Deed]:
        """Return the acts that could be done again, the next one first."""
        return self._deeds(UNDONE, ChangeSetRow.ordinal.asc(), limit)

    @_alone
    def jot(self, notes: dict[str, str | None]) -> None:
        """Keep or forget notes of this machine."""
        with self._begin() as connection:
            for name, text in notes.items():
                if text is None:
                    connection.exec_driver_sql(_FORGET_NOTE, (name,))
                else:
                    connection.exec_driver_sql(_KEEP_NOTE, (name, text))

    def jotted(self, prefix: str = "") -> dict[str, str]:
        """Return the notes whose names begin with the prefix."""
        rows = ask(self._reader, _NOTES, (prefix, prefix + GREATEST))
        return {name: text for name, text in rows if name.startswith(prefix)}

    def stream(self) -> str:
        """Return the name of the stream that our acts go into."""
        streams = self.streams
        return streams.names[streams.current]

    @property
    def is_writing(self) -> bool:
        """Return whether something is being written that reading does not see yet."""
        return self._together is not None

    @property
    def streams(self) -> Streams:
        """Return every stream that this home has heard of."""
        if not self._ground.is_shared:
            return self._streams
        heard, streams = self._heard
        if heard is None or heard != self._now():
            with asking(self._reader) as connection:
                streams = Streams(connection, streams)
            self._heard = (self._now(), streams)
        return streams

    def names(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """Return the names of streams, among them those of these numbers, one of which may just have been given."""
        if not self.streams.names.keys() >= set(numbers):
            self._heard = (None, self._heard[1])
        return self.streams.names

    def _now(self) -> int | None:
        """Return until when the streams are what they are: in a turn in which we alone write, until a new one comes."""
        turn = self._turn_alone()
        return hash((turn.number, self._grown)) if turn else None

    def _turn_alone(self) -> Turn | None:
        return turn_with(self._engine) if len(scope()) == COUNTY else None

    @property
    def alone_since(self) -> int | None:
        """Return since when we alone have written what is kept for a county, while we have our turn with it; None when
        others may be writing as well."""
        turn = self._turn_alone()
        return turn.since if turn else None

    @property
    def alone_in(self) -> int | None:
        """Return the number of the turn in which we alone write for a county, as `alone_since`; but of what is the same
        for all counties others may have written between two turns."""
        turn = self._turn_alone()
        return turn.number if turn else None

    def ops(self, kind: str, record_id: str) -> list[Op]:
        """Return every op of a record."""
        with asking(self._reader) as connection:
            return Projector(connection, self.streams).ops((kind, record_id))

    @_alone
    def reopen(self) -> None:
        """Read again where the streams stand, after a new one was begun or what was written did not come to be.

        Raises:
            NotSaved: The store is away.
        """
        self._grown += 1
        self.setbacks += 1
        self._heard = (None, self._streams)
        with unsaved(), asking(self._reader) as connection:
            self._streams = Streams(connection)
            self._pen = pen_of(connection, self._streams.current)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open one durable transaction for what is no fact of the consultation: segments, statements, receipts.

        Raises:
            NotSaved: The disk would not take it. Nothing is half written.
        """
        with self._pen_lock, self._begin() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make one durable transaction of all that is written until the end of the block. Reading sees it afterwards.

        Raises:
            NotSaved: The disk would not take it. Nothing of it is written.
        """
        with self._pen_lock:
            try:
                with self._begin() as connection:
                    self._together = connection
                    try:
                        yield
                    finally:
                        self._together = None
            except BaseException:
                if not turn_with(self._engine):  # else all of the turn fails, and is cleared up after
                    self.reopen()  # what was written did not come to be, and so did not move the pen
                raise
        self._folding.fold()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """Open a transaction; whatever the disk says no to becomes NotSaved, with nothing half written."""
        if self._together is not None:
            yield self._together
            return
        turn = turn_with(self._engine)
        try:
            if turn:
                with unsaved(), writing(turn, self._ground.begin) as connection:
                    yield connection
            else:
                with (
                    unsaved(),
                    self._engine.connect() as connection,
                    self._folding.around(connection),
                    connection.begin(),
                ):
                    self._ground.begin(connection)
                    yield connection
        finally:
            self._own += 1
            self._ground.turned()
        self._ground.look()

    def _look_again(self, connection: Connection) -> None:
        """Read where the streams stand if somebody else may have written."""
        if self._ground.is_shared:
            self._streams = Streams(connection, self._streams)
            self._pen = pen_of(connection, self._streams.current)

    def _has_met(self, connection: Connection, set_id: str) -> bool:
        return connection.execute(_MET, {"met": set_id}).first() is not None

    def _deeds(self, state: str, order: Any, limit: int) -> list[Deed]:
        statement = select(ChangeSetRow.id, ChangeSetRow.title, ChangeSetRow.at).where(ChangeSetRow.state == state)
        with asking(self._reader) as connection:
            rows = connection.execute(statement.order_by(order).limit(limit)).all()
        return [Deed(set_id, title, datetime.fromisoformat(at)) for set_id, title, at in rows]

    def _toggle(
        self, states: tuple[str, str], order: Any, word: str, act: tuple[str, str, datetime], allow: Allow
    ) -> ChangeSet:
        """Apply what takes an act back (or does it again), and keep what turns it round once more."""
        (before, after), (set_id, who, at) = states, act
        with self._begin() as connection:
            row = connection.execute(_newest(before, order)).mappings().first()
            if row is None:
                raise NothingToUndo(f"没有可{word}的了")
            self._look_again(connection)
            back = read_toggle(row["toggles"], f"{word} {row['title']}", set_id)
            self._may_touch(connection, back, row["title"])
            back = replace(back, correction=allow(back))
            again = replace(back.inverted(row["title"]), reopens=self._sides(connection, back))
            pen = self._put_down(connection, back, who, at)
            connection.execute(_SET, _set_row(back, who, at, "trace", None))
            turned = update(ChangeSetRow).where(ChangeSetRow.ordinal == row["ordinal"])
            connection.execute(turned.values(state=after, toggles=toggle_bytes(again)))
        self._pen = pen
        return back

    def _may_touch(self, connection: Connection, back: ChangeSet, title: str) -> None:
        """Refuse to undo over what came from another machine."""
        rows = rows_of(connection, back)
        settled = {one[:2] for one in (*back.decides, *back.reopens)}  # laid down or not was the very question
        for kind, record_id, changes in back.by_record():
            versions = _VERSIONS.decode(row_in(rows, kind, record_id)["versions"])
            lays_down = (kind, record_id) not in settled and any(change.field == STANDING for change in changes)
            looked_at = versions.values() if lays_down else [version_of(versions, change.field) for change in changes]
            if any(version[1] not in self._streams.own for version in looked_at):
                raise ChangedElsewhere(title)
        streams = {side.version[1] for _, contest in self._decided(connection, back) for side in contest.sides}
        if any(self._streams.numbers[stream] not in self._streams.own for stream in streams):
            raise ChangedElsewhere(title)

    def _sides(self, connection: Connection, changes: ChangeSet) -> tuple[Reopened, ...]:
        """Return what the sides say of each field that an act decides, the one that is shown last."""
        found = self._decided(connection, changes)
        values = [tuple(dict.fromkeys(side.value for side in contest.sides))[::-1] for _, contest in found]
        return tuple((*key, contest.field, said) for (key, contest), said in zip(found, values, strict=True))

    def _decided(self, connection: Connection, changes: ChangeSet) -> list[tuple[Key, Contest]]:
        """Return the contests that an act decides, as they stand before it."""
        projector = Projector(connection, self._streams)
        keys = sorted({(kind, record_id) for kind, record_id, _ in changes.decides})
        found = [(key, contest) for key in keys for contest in projector.shown(key).contests]
        return [(key, contest) for key, contest in found if (*key, contest.field) in changes.decides]

    def _put_down(self, connection: Connection, changes: ChangeSet, who: str, at: datetime) -> Pen:
        """Write rows and entries of one act and return where the pen stands after it."""
        pen = Pen(self._pen.stream, self._pen.seq, self._pen.lamport)
        page = Page(rows_of(connection, changes))
        ids = [record_id for _, record_id, _ in changes.by_record()]
        self._contested = frozenset(Projector(connection, self._streams).contested(ids)) | laid_down_once(page.there)
        self._contested |= {(kind, record_id) for kind, record_id, _, _ in changes.reopens}
        met = met_already(connection, changes)
        self._contested |= met
        wall = at.isoformat()
        for kind, record_id, parts in changes.by_record():
            key, values = (kind, record_id), {part.field: part.new for part in parts}
            for side in other_sides(changes, key):
                body = self._reopening(row_in(page.there, *key), side, changes.correction)
                page.entries.append((*pen.next(), changes.id, kind, record_id, who, wall, body))
            place = pen.next()
            base = self._lay_out(page, key, parts, values, [pen.lamport, pen.stream, pen.seq])
            body = self._body(connection, key, changes, values, base)
            page.entries.append((*place, changes.id, kind, record_id, who, wall, body))
        for key in met:  # what both say of it is shown from all of its ops
            page.made.pop(key, None)
        print_page(connection, page)
        self._settle(connection, changes)
        return pen

    def _settle(self, connection: Connection, changes: ChangeSet) -> None:
        """Note what a sealing holds, and show anew what two sides had changed."""
        projector = Projector(connection, self._streams)
        if Edition.KIND in changes.kinds():
            for kind, record_id, _ in changes.by_record():
                if kind == Edition.KIND:
                    for op in projector.ops((kind, record_id)):
                        projector.hold(op)
        for key in self._contested:
            projector.show(key)

    def _lay_out(
        self, page: Page, key: Key, parts: tuple[Change, ...], values: dict[str, Plain], version: Version
    ) -> dict[str, Any] | None:
        """Put one record's changes on the page; return the base versions they were made from, None for a new one."""
        if is_creation(parts):
            page.made[key] = values
            page.versions[key] = {"": version}
            return None
        versions = page.versions.get(key) or agreed(row_in(page.there, *key), key, parts)
        base = {name: [self._streams.portable(version_of(versions, name))] for name in values}
        if values.get(STANDING) == 0:  # what lays a record down says all that its author saw of it
            base |= {name: [self._streams.portable(seen)] for name, seen in versions.items() if name not in base}
        page.versions[key] = versions | dict.fromkeys(values, version)
        target = page.made if key in page.made else page.turned
        target.setdefault(key, {}).update(values)
        return base

    def _reopening(self, row: RowMapping, side: dict[str, Plain], correction: str) -> bytes:
        """Return the body of an entry that lets a side stand again beside those that follow it in the same act."""
        versions = _VERSIONS.decode(row["versions"])
        base = {name: [self._streams.portable(version_of(versions, name))] for name in side}
        return _JSON.encode({"s": side, "b": base} | ({"c": correction} if correction else {}))

    def _body(
        self,
        connection: Connection,
        key: Key,
        changes: ChangeSet,
        values: dict[str, Plain],
        base: dict[str, Any] | None,
    ) -> bytes:
        """Return what the entry says beyond its columns."""
        told: dict[str, Any] = {"s": values, "b": base}
        if changes.correction:
            told["c"] = changes.correction
        is_reopened = any(one[:2] == key for one in changes.reopens)
        if base is not None and key in self._contested and not is_reopened:
            told["b"] = self._base_in_contest(connection, key, changes, values)
        if key[0] == Edition.KIND and base is None:
            told |= {"v": self._streams.seen(connection), "h": closure_ids(str(values["closure"]))}
        return _JSON.encode(told)

    def _base_in_contest(
        self, connection: Connection, key: Key, changes: ChangeSet, values: dict[str, Plain]
    ) -> dict[str, Any]:
        """Return what the author of a change saw of a record that two sides have changed."""
        decided = {field for kind, record_id, field in changes.decides if (kind, record_id) == key}
        base = base_for(Projector(connection, self._streams).shown(key), values, decided)
        if not changes.seen:
            return base
        return base | {name: tuple(one for one in base[name] if one in changes.seen) for name in decided & base.keys()}

    def take_in(self, parcels: Iterable[Parcel], now: datetime) -> Taking:
        """Take parcels in, all in one durable transaction. They are opened before anybody has to wait for it.

        Raises:
            NotSaved: The disk would not take it. Nothing has changed.
        """
        taking = self._take_in(opened(parcels), now)
        if self._together is None:
            self._folding.fold()
        return taking

    @_alone
    def _take_in(self, parcels: Opened, now: datetime) -> Taking:
        with self._begin() as connection:
            streams = self._streams_now(connection)
            intake = Intake(connection, streams, now.isoformat())
            if parcels.is_large:
                self._folding.put_off(connection)
            taking = intake.take(parcels)
            pen = self._pen if streams.current == self._pen.stream else pen_of(connection, streams.current)
        self._streams, self._pen = streams, pen
        self._grown += 1
        self._heard = (self._now(), streams)
        self._pen.lamport = max(self._pen.lamport, intake.lamport)
        return taking

    def _streams_now(self, connection: Connection) -> Streams:
        """Return every stream as it is now, when nobody else who may write of them can."""
        return Streams(connection, self._streams if self._ground.is_shared else None)

    @_alone
    def rehearse(self, many: Iterable[Iterable[Parcel]], now: datetime) -> list[Taking]:
        """Return what would come of taking parcels in, one lot after the other; nothing is taken."""
        assert turn_with(self._engine) is None, "it would take all of the turn back"
        with self._begin() as connection:
            takings = [
                Intake(connection, Streams(connection), now.isoformat()).take(opened(parcels)) for parcels in many
            ]
            connection.rollback()
        return takings

    @_alone
    def begin_incarnation(self, reason: str, now: datetime) -> None:
        """Go on under a new name: this home was copied or restored. What was not sealed goes along.

        Raises:
            NotSaved: The disk would not take it. Nothing has changed.
        """
        with self._begin() as connection:
            leave(connection, now, reason)
        self.reopen()

    @_alone
    def erase(self, ops: Iterable[Op], now: datetime) -> None:
        """Erase from our own entries what these ops say is erased of them, and show their records anew.

        Raises:
            NotSaved: The disk would not take it. Nothing has changed.
        """
        with self._begin() as connection:
            Intake(connection, self._streams, now.isoformat()).erase(ops)

    @_alone
    def sweep(self) -> None:
        """Write the file anew and empty its log, so that nothing of what was erased is left in pages that are free.

        Raises:
            NotSaved: The disk would not, or somebody was reading; nothing is lost, and it can be done again.
        """
        self._ground.sweep()
        if self.lasting is not None:
            self.lasting.keep(self._engine)

    @_alone
    def raise_marks(self) -> None:
        """Keep outside of the ledger how far it goes, as far as the disks let us."""
        if self.marks is not None:
            self.marks.rise(self.stream(), self._pen.seq)


def _set_row(changes: ChangeSet, who: str, at: datetime, state: str, toggles: ChangeSet | None) -> dict[str, Any]:
    kept = toggle_bytes(toggles) if toggles else None
    row = {"id": changes.id, "title": changes.title, "who": who, "at": at.isoformat()}
    return row | {"state": state, "toggles": kept}


def _newest(state: str, order: Any) -> Any:
    return select(ChangeSetRow.__table__).where(ChangeSetRow.state == state).order_by(order).limit(1)
