"""The store behind the exchange: what has been sealed, what lies here to be carried, who holds what.

Everything that arrives goes through the ledger (`SqlLedger.take_in`); the rest are rows about segments and statements
that no screen of the consultation ever sees.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, case, func, select

from app.domain.merge import Contest
from app.domain.op import Op
from app.ports import EXCHANGE, OWN, SENT, Have, Held, Identity, Lane, Package, Parcel, StatementFile, Taking, Touched
from db.bulk import MOST_IDS, put_anew
from db.dialect import GREATEST, holds, is_server, unsaved
from db.erasure import supersede
from db.journal import COLUMNS, op_of
from db.lasting import erased_entries
from db.ledger import SqlLedger
from db.office_secrets import OfficeSecrets
from db.opened import opened
from db.projection import Projector
from db.rooms import NEVER, ROUTE, Room, Statements
from db.rows import ignoring, making, row_of
from db.scope import COUNTY_SETTING, at_that_of, scope
from db.shelf import ask
from db.tables import (
    ActRow,
    ArrivalRow,
    ContestRow,
    EntryRow,
    IdentityRow,
    PackageRow,
    ReceivedRow,
    SegmentRow,
    StatementFileRow,
)
from db.turns import asking, reader, turn_with

MOST_ROOMS = 32
"""Of how many counties is remembered what was read last."""
GREATER = ("received", "stored", "applied")

# Said to the driver as it is: these are asked several times an exchange, and putting a statement together anew costs
# more than its answer.
_STATEMENTS = StatementFileRow.__tablename__
_FORGET_STATEMENT = f"DELETE FROM {_STATEMENTS} WHERE id = ?"
_OF_HERE = f" AND county = current_setting('{COUNTY_SETTING}')"
_KEEP_STATEMENT = ignoring(_STATEMENTS)
_KEEP_IDENTITY = ignoring(IdentityRow.__tablename__)
_ALL_IDENTITIES = f'SELECT key_id, org, "use", public, secret FROM {IdentityRow.__tablename__} ORDER BY at DESC'
_ENTRY = ", ".join(COLUMNS)
_UNSEALED = (
    f"SELECT {_ENTRY} FROM entry WHERE stream = ?"
    " AND seq > coalesce((SELECT max(last) FROM sealing WHERE stream = ?), 0) ORDER BY seq LIMIT ?"
)
_LANE = (
    'SELECT "last", plain_digest, acts FROM segment WHERE stream = ? AND region = ? AND audience = ?'
    ' ORDER BY "last" DESC LIMIT 1'
)
_ACTS = 'SELECT id FROM sealing WHERE stream = ? ORDER BY "last"'
_CONTENT = "SELECT content FROM segment WHERE id = ?"
_LIES_IN = "SELECT county FROM segment WHERE id = ?"
_HELD = "SELECT segment, org, custody FROM received"
_PACKAGES = "SELECT number, at, carrier, to_org, items, size, segments FROM package ORDER BY number DESC LIMIT ?"
_LAST_PACKAGE = "SELECT max(number) FROM package"
_KEEP_ARRIVAL = "INSERT INTO arrival (at, carrier, sender, told) VALUES (?, ?, ?, ?)"
_SHORT_NOTES = "SELECT name, text FROM note WHERE name >= ? AND name < ? AND NOT (name >= ? AND name < ?)"
_SHORT = (EXCHANGE, EXCHANGE + GREATEST, SENT, SENT + GREATEST)
_TEXTS = msgspec.json.Decoder(tuple[str, ...])


# A creation has no base versions. Within the text of a field the quotation marks would stand behind a backslash.
_IS_CREATION = case((holds(EntryRow.body, bindparam("creation", b'"b":null')), 1), else_=0)
_TOUCHED = (
    select(EntryRow.kind, EntryRow.record_id, func.max(_IS_CREATION))
    .where(EntryRow.stream == bindparam("stream"), EntryRow.seq.between(bindparam("first"), bindparam("last")))
    .group_by(EntryRow.kind, EntryRow.record_id)
)


class SqlPostbox:
    """The exchange's side of one home. Its secrets are sealed where the database is not sealed as a whole."""

    def __init__(self, engine: Engine, ledger: SqlLedger, office: OfficeSecrets | None = None) -> None:
        self._engine = engine
        self._office = office
        self._reader = reader(engine)
        self._ledger = ledger
        self._rooms: OrderedDict[str, Room] = OrderedDict()
        self._identities: tuple[int, dict[tuple[str, ...], Identity]] = (NEVER, {})
        self._named = self._noted = self._setbacks = 0
        self._notes: tuple[int, dict[str, str]] = (NEVER, {})

    def turn(self) -> int:
        """Return a number that is another one after each transaction: what was read at one turn is so till the next."""
        return self._ledger.turn

    def setbacks(self) -> int:
        """Return how often something that was kept may not have come to be after all."""
        return self._ledger.setbacks

    def stream(self) -> str:
        """Return the name of our present stream."""
        return self._ledger.stream()

    def begin_incarnation(self, reason: str, at: datetime) -> None:
        """Go on under a new name, for somebody holds entries of ours that we do not have."""
        self._ledger.begin_incarnation(reason, at)
        self._room().lying.moved += 1

    def unsealed(self, limit: int) -> list[Op]:
        """Return our first entries that have not been sealed, in their order."""
        streams = self._ledger.streams
        rows = ask(self._reader, _UNSEALED, (streams.current, streams.current, limit))
        return [op_of(row, streams.names) for row in rows]

    def unsealed_from(self) -> int:
        """Return the number of our first entry that has not been sealed, or that the next one will have."""
        with asking(self._reader) as connection:
            current = self._ledger.streams.current
            sealed = select(func.max(ActRow.last)).where(ActRow.stream == current)
            return (connection.execute(sealed).scalar() or 0) + 1

    def touched(self, spans: Iterable[tuple[str, int, int]]) -> list[Touched]:
        """Return the records that the entries of these spans (stream, first, last) are about, in the order of ids."""
        found: dict[tuple[str, str], bool] = {}
        with asking(self._reader) as connection:
            numbers = self._ledger.streams.numbers
            for stream, first, last in spans:
                span = {"stream": numbers[stream], "first": first, "last": last}
                rows = connection.execute(_TOUCHED, span)
                for kind, record_id, is_new in rows:
                    found[(kind, record_id)] = found.get((kind, record_id), False) or bool(is_new)
        return [Touched(kind, record_id, is_new) for (kind, record_id), is_new in sorted(found.items())]

    def last_act(self) -> str | None:
        """Return the newest act of sealing of our stream."""
        acts = self._own_acts()
        return acts[-1] if acts else None

    def lane(self, region: str, audience: str) -> Lane:
        """Return where the sealing of our stream stands for an audience."""
        found = ask(self._reader, _LANE, (self._ledger.streams.current, region, audience))
        acts = self._own_acts()
        if not found:
            return Lane(0, None, tuple(acts), None)
        last, prev, sealed = found[0][0], found[0][1], _TEXTS.decode(found[0][2])
        return Lane(last, prev, tuple(acts[acts.index(sealed[-1]) + 1 :]), sealed[-1])

    def _own_acts(self) -> list[str]:
        return [row[0] for row in ask(self._reader, _ACTS, (self._ledger.streams.current,))]

    def keep_sealed(self, act: str, after: str | None, last: int, parcels: Iterable[Parcel]) -> None:
        """Keep what one act of sealing made, up to our entry `last`."""
        with self._moving(), self._ledger.transaction() as connection:
            streams = self._ledger.streams
            acts, segments = ActRow.__tablename__, SegmentRow.__tablename__
            row = {"id": act, "stream": streams.current, "after": after, "last": last}
            connection.exec_driver_sql(making(acts), row_of(acts, row))
            for parcel in parcels:
                sealed = row_of(segments, _segment_row(parcel, streams.current))
                connection.exec_driver_sql(making(segments), sealed)
        self._ledger.raise_marks()

    def parcels(self, *, but: frozenset[str] = frozenset(), state: str = "") -> list[Parcel]:
        """Return all segments that lie here without their content, oldest first, but those named."""
        lying = self._room().lying
        turn = self._turn_of(lying.moved, self._ledger.alone_since)
        if turn != lying.turn:
            lying.read(self._ledger.names)
            lying.turn = self._lasting(turn)
        return [one for one in lying.all if one.id not in but and state in ("", one.state)]

    def _room(self) -> Room:
        """Return what was read within the scope of this thread; what came to nothing was never there."""
        if self._setbacks != self._ledger.setbacks:
            self._rooms.clear()
            self._setbacks = self._ledger.setbacks
        room = self._rooms.setdefault(scope(), Room(self._reader))
        self._rooms.move_to_end(scope())
        while len(self._rooms) > MOST_ROOMS:
            self._rooms.popitem(last=False)
        return room

    def content(self, segment_id: str) -> bytes:
        """Return the sealed bytes of a segment."""
        ((found,),) = ask(self._reader, _CONTENT, (segment_id,))
        return bytes(found)

    def acts(self, segments: Iterable[str]) -> list[str]:
        """Return the ids of our own acts that these segments hold, in the order they were done."""
        wanted = set(segments)
        spans = [(one.stream, one.first, one.last) for one in self.parcels() if one.id in wanted and one.state == OWN]
        found: dict[str, None] = {}
        with asking(self._reader) as connection:
            streams = self._ledger.streams
            for stream, first, last in sorted(set(spans)):
                where = (EntryRow.stream == streams.numbers[stream], EntryRow.seq.between(first, last))
                acts = select(EntryRow.set_id).where(*where).order_by(EntryRow.seq)
                found |= dict.fromkeys(connection.execute(acts).scalars())
        return list(found)

    @contextmanager
    def _moving(self) -> Iterator[None]:
        """Take down that segments come or go: what is read of them before and what is read afterwards are two."""
        lying = self._room().lying
        lying.moved += 1
        try:
            yield
        finally:
            lying.moved += 1

    def have(self) -> Have:
        """Return what we hold."""
        have: Have = {}
        for one in sorted(self.parcels(), key=lambda one: one.first):
            # A branch shares the numbers of its stream: what it holds is told by segment, not by number.
            if "~" not in one.stream:
                _add_span(have.setdefault(one.stream, {}).setdefault(one.audience, []), one.first, one.last)
        return have

    def go_on(self) -> None:
        """Make durable what has been kept in this turn with a place: whatever comes after may fail for itself."""
        turn = turn_with(self._engine)
        if turn:
            with unsaved():
                turn.go_on()

    def together(self) -> AbstractContextManager[None]:
        """Make one durable transaction of all that is kept until the end of the block."""
        return self._ledger.together()

    def open(self, parcels: Iterable[Parcel]) -> Iterable[Parcel]:
        """Return parcels opened and ready to be taken in; nobody waits for that."""
        return opened(parcels)

    def take_in(self, parcels: Iterable[Parcel], at: datetime) -> Taking:
        """Take parcels in: all, or nothing when one of them cannot be."""
        lying = self._room().lying
        is_ours = self._ledger.alone_since is not None
        is_known = is_ours and lying.turn == self._turn_of(lying.moved, self._ledger.alone_since)
        with self._moving():
            taking = self._ledger.take_in(parcels, at)
        if is_known and not taking.forks and lying.read_some(taking.parcels, self._ledger.names):
            lying.turn = self._turn_of(lying.moved, self._ledger.alone_since)
        return taking

    def rehearse(self, many: Iterable[Iterable[Parcel]], at: datetime) -> list[Taking]:
        """Return what would come of taking parcels in, one lot after the other; nothing is taken."""
        return self._ledger.rehearse(many, at)

    def supersede(self, pairs: Iterable[tuple[str, str]]) -> int:
        """Put segments that were made anew in the place of those that had to go, where both lie here."""
        with self._moving(), self._ledger.transaction() as connection:
            return supersede(connection, pairs)

    def entries_about(self, records: Iterable[str]) -> list[tuple[str, int]]:
        """Return (stream, number) of every entry about records."""
        found: list[tuple[str, int]] = []
        wanted = sorted(set(records))
        with asking(self._reader) as connection:
            names = self._ledger.streams.names
            for first in range(0, len(wanted), MOST_IDS):
                some = wanted[first : first + MOST_IDS]
                told = select(EntryRow.stream, EntryRow.seq).where(EntryRow.record_id.in_(some))
                found += ((names[stream], seq) for stream, seq in connection.execute(told))
        return found

    def naming(self, words: Iterable[str]) -> list[tuple[str, str]]:
        """Return the records of which some entry has one of these words in it."""
        found: dict[tuple[str, str], None] = {}
        with asking(self._reader) as connection:
            for word in words:
                told = holds(EntryRow.body, word.encode())
                rows = connection.execute(select(EntryRow.kind, EntryRow.record_id).where(told).distinct())
                found |= dict.fromkeys(rows)
        return sorted(found)

    def erased(self) -> list[Op]:
        """Return the entries of which something is erased."""
        with asking(self._reader) as connection:
            return erased_entries(connection, self._ledger.streams)

    def erase(self, ops: Iterable[Op], at: datetime) -> None:
        """Erase from entries that were never sealed what these say is erased of them."""
        self._ledger.erase(ops, at)

    def sweep(self) -> None:
        """Write the whole ledger anew, so that nothing of what was forgotten is left in its pages."""
        self._ledger.sweep()

    def statements(self, *kinds: str) -> list[StatementFile]:
        """Return the statements of these kinds, or of all, in the order they came."""
        return self._statements().of(kinds)

    def _statements(self) -> Statements:
        """Return the statements as they are now."""
        statements = self._room().statements
        turn = self._turn_of(statements.said, self._ledger.alone_since)
        if turn != statements.turn:
            statements.read_on()
            statements.turn = self._lasting(turn)
        return statements

    def _turn_of(self, own: int, since: int | None) -> int:
        """Return a number that is another one once something was kept, by whoever might; `own` counts how often we did,
        `since` says since when nobody else has."""
        return self._ledger.turn if since is None else hash((since, own))

    def _lasting(self, turn: int) -> int:
        """Return at which turn something was read, or none if what is being written will make another thing of it."""
        return NEVER if self._ledger.is_writing and self._ledger.alone_since is None else turn

    def keep_statements(self, statements: Iterable[StatementFile], at: datetime) -> int:
        """Keep statements not met before; return how many were new."""
        many, is_ours = list(statements), self._ledger.alone_since is not None
        if not many:
            return 0
        before = self._statements()
        with self._ledger.transaction() as connection:
            last = before.last
            if not is_ours:
                last = max(last, connection.exec_driver_sql(_last_of_here(connection)).scalar() or 0)
            numbered = list(enumerate(many, last + 1))
            rows = [_statement_row(no, one, at) for no, one in numbered]
            # In one order, so that two who are told the same never wait for each other.
            new = connection.exec_driver_sql(_KEEP_STATEMENT, sorted(rows)).rowcount
        before.said += 1
        if is_ours and new == len(many):
            before.add(numbered)
            before.turn = self._turn_of(before.said, self._ledger.alone_since)
        return new

    def forget_statements(self, ids: Iterable[str]) -> None:
        """Forget statements of which a newer one says everything."""
        gone, is_ours = sorted(ids), self._ledger.alone_since is not None
        if not gone:
            return
        before = self._statements()
        with self._ledger.transaction() as connection:
            forgetting = _FORGET_STATEMENT + (_OF_HERE if is_server(connection) else "")
            count = connection.exec_driver_sql(forgetting, [(one,) for one in gone]).rowcount
        before.said += 1
        if before.drop(gone) == count and is_ours:  # else it is found out when they are read on
            before.turn = self._turn_of(before.said, self._ledger.alone_since)

    def identities(self) -> list[Identity]:
        """Return the secrets that open what is sealed for us, the newest first."""
        turn, known = self._identities
        if turn != (now := self._turn_of(self._named, self._ledger.alone_in)):
            rows = ask(self._reader, _ALL_IDENTITIES)
            known = {row: known.get(row) or self._identity(*row) for row in map(tuple, rows)}
            self._identities = (self._lasting(now), known)
        return list(known.values())

    def _identity(self, key_id: str, org: str, use: str, public: str, kept: str) -> Identity:
        secret = self._office.open_identity(kept, key_id) if self._office else kept
        return Identity(key_id, org, use, public, secret)

    def keep_identity(self, identity: Identity, at: datetime) -> None:
        """Keep a secret; one met before is left as it is."""
        row = {"key_id": identity.key_id, "org": identity.org, "use": identity.use, "public": identity.public}
        office, secret = self._office, identity.secret
        row |= {"secret": office.seal_identity(secret, identity.key_id) if office else secret, "at": at.isoformat()}
        with self._ledger.transaction() as connection:
            connection.exec_driver_sql(_KEEP_IDENTITY, row_of(IdentityRow.__tablename__, row))
        self._named += 1

    def held(self) -> list[Held]:
        """Return who holds which of the segments that lie here."""
        table = ReceivedRow
        found = select(table.segment, table.org, table.level, table.custody, table.at)
        with asking(self._reader) as connection:
            return [Held(*row) for row in connection.execute(found)]

    def keep_held(self, held: Iterable[Held]) -> None:
        """Keep what receipts said; a lesser word does not replace a greater."""
        table = ReceivedRow.__tablename__
        said = list(held)
        if not said:
            return
        with self._ledger.transaction() as connection:
            before = {row[:2]: row[2] for row in connection.exec_driver_sql(_HELD)}
            for one in said:
                met = before.get((one.segment, one.org))
                if met is None or GREATER.index(one.custody) > GREATER.index(met):
                    at_that_of(connection, _LIES_IN, one.segment)
                    row = {"segment": one.segment, "org": one.org, "level": one.level, "custody": one.custody}
                    put_anew(connection, table, row_of(table, row | {"at": one.at}), is_there=met is not None)
                    before[(one.segment, one.org)] = one.custody

    def packages(self, limit: int) -> list[Package]:
        """Return what went out, the newest first."""
        return [_package(row) for row in ask(self._reader, _PACKAGES, (limit,))]

    def keep_package(self, package: Package) -> int:
        """Keep a package that went out and return its number; 0 asks for the next one."""
        row: dict[str, Any] = {"at": package.at.isoformat(), "carrier": package.carrier, "to_org": package.to_org}
        row |= {"items": package.items, "size": package.size, "segments": package.segments}
        table = PackageRow.__tablename__
        with self._ledger.transaction() as connection:
            last = connection.exec_driver_sql(_LAST_PACKAGE).scalar() or 0
            number = package.number or last + 1
            put_anew(connection, table, row_of(table, row | {"number": number}))
        return number

    def arrivals(self, limit: int) -> list[tuple[datetime, str, str, bytes]]:
        """Return what came in, the newest first."""
        table = ArrivalRow
        found = select(table.at, table.carrier, table.sender, table.told).order_by(table.no.desc()).limit(limit)
        with asking(self._reader) as connection:
            rows = connection.execute(found).all()
        return [(datetime.fromisoformat(at), carrier, sender, bytes(told)) for at, carrier, sender, told in rows]

    def keep_arrival(self, at: datetime, carrier: str, sender: str, told: bytes) -> None:
        """Keep that something was taken in."""
        with self._ledger.transaction() as connection:
            connection.exec_driver_sql(_KEEP_ARRIVAL, (at.isoformat(), carrier, sender, told))

    def contests(self, is_by_rule: bool = False) -> list[tuple[str, str, str]]:
        """Return (kind, record id, field) of what two sides have changed."""
        table = ContestRow
        found = select(table.kind, table.record_id, table.field).where(table.is_by_rule.is_(is_by_rule))
        with asking(self._reader) as connection:
            rows = connection.execute(found.order_by(table.kind, table.record_id, table.field)).all()
        return [(kind, record_id, name) for kind, record_id, name in rows]

    def disputed(self, kind: str, record_id: str) -> tuple[Contest, ...]:
        """Return what of a record waits for a person, field by field."""
        with asking(self._reader) as connection:
            shown = Projector(connection, self._ledger.streams).shown((kind, record_id))
        return tuple(one for one in shown.contests if not one.settled_by_rule)

    def ops(self, kind: str, record_id: str) -> list[Op]:
        """Return every op of a record that lies here."""
        return self._ledger.ops(kind, record_id)

    def note(self, notes: dict[str, str | None]) -> None:
        """Keep notes of this machine alone; None forgets one."""
        self._ledger.jot(notes)
        self._noted += 1

    def noted(self, prefix: str) -> dict[str, str]:
        """Return the notes whose names begin with the prefix. In a turn with a county the exchange's own are read once:
        they are few, and asked for again and again."""
        if self._ledger.alone_since is None or not prefix.startswith(EXCHANGE) or prefix.startswith(SENT):
            return self._ledger.jotted(prefix)
        turn, notes = self._notes
        if turn != (now := self._turn_of(self._noted, self._ledger.alone_in)):
            notes = dict(map(tuple, ask(self._reader, _SHORT_NOTES, _SHORT)))
            self._notes = (now, notes)
        return {name: text for name, text in notes.items() if name.startswith(prefix)}


def _last_of_here(connection: Connection) -> str:
    """Return what asks for the number of the statement that came last, within a transaction; of a county's alone, for
    those are found at once."""
    said = f"SELECT max(no) FROM {_STATEMENTS}"
    return f"{said} WHERE county = current_setting('{COUNTY_SETTING}')" if is_server(connection) else said


def _statement_row(no: int, one: StatementFile, at: datetime) -> tuple[Any, ...]:
    told = {"id": one.id, "no": no, "kind": one.kind, "subject": one.subject, "raw": one.raw, "at": at.isoformat()}
    return row_of(_STATEMENTS, told)


def _segment_row(parcel: Parcel, stream: int) -> dict[str, Any]:
    row = {name: getattr(parcel, name) for name in ROUTE} | {"stream": stream, "content": parcel.content}
    return row | {"taken_at": "", "state": OWN}


def _add_span(spans: list[list[int]], first: int, last: int) -> None:
    """Add a span to ascending ones, joined where they meet."""
    if spans and first <= spans[-1][1] + 1:
        spans[-1][1] = max(spans[-1][1], last)
    else:
        spans.append([first, last])


def _package(row: Any) -> Package:
    number, at, carrier, to_org, items, size, segments = row
    return Package(number, datetime.fromisoformat(at), carrier, to_org, items, size, _TEXTS.decode(segments))
