"""One computer of a simulated county: a real home in a folder, its desk and its exchange; clock and dice handed in.

The only module of the simulator that opens homes. What the shipped code draws from the machine itself (device keys,
names of incarnations) comes from a seed here, so that a history can be run again exactly.
"""

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace
from sqlalchemy import Connection, insert, select

from app.desk import Desk
from app.domain.errors import AttachmentLost
from app.domain.op import Audience, Op
from app.ports import Parcel
from app.queries.audience import split_of
from db import incarnation, keep
from db.incarnation import Traces
from db.journal import entry_of
from db.projection import Key, Projector
from db.rows import making
from db.streams import Streams
from db.tables import TABLES, ChangeSetRow, EntryRow, WaitingRow, WithheldRow
from db.turns import reader
from sync import enrolment
from sync.exchange import Exchange
from sync.homes import StageClock

APP = "0.1.0"
COLUMNS = {kind: frozenset(table.c.keys()) - {"id", "versions"} for kind, table in TABLES.items()}
"""The fields of every kind of record that this version knows."""
FIELDS = {kind: ("id", *sorted(names)) for kind, names in COLUMNS.items()}
Uid = tuple[str, str, str]
"""One op, whatever name it travels under: act, kind, record."""
SealedParts = dict[tuple[str, int], tuple[Uid, dict[Audience, Op]]]


class _Dice:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def bits(self, count: int) -> int:
        return self._chance.getrandbits(count)

    randbits = bits


@contextmanager
def drawn_from(chance: random.Random) -> Iterator[None]:
    """Draw from a seed what the shipped code draws from the machine, and let digits of the telephone cost nothing."""
    drawn: Any = incarnation
    kept = keep._new_device_key, drawn.secrets, enrolment.COST

    def new_device_key() -> tuple[bytes, bytes]:
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        return private.public_key().public_bytes_raw(), private.private_bytes_raw()

    keep._new_device_key = new_device_key
    drawn.secrets = _Dice(chance)
    enrolment.COST = 4
    try:
        yield
    finally:
        keep._new_device_key, drawn.secrets, enrolment.COST = kept


class Machine:
    """One computer. `print_` tells machines apart, `outside` is what of a person stays when a home is copied back."""

    def __init__(self, folder: Path, name: str, clock: StageClock, chance: random.Random, print_: str = "") -> None:
        self.folder, self.name, self.clock = folder, name, clock
        self.print_ = print_ or name
        self.outside: Path | None = folder.with_name(f"{folder.name}-outside")
        self._dice = _Dice(chance)
        self.newly_sealed: SealedParts = {}
        self.open()

    def open(self) -> None:
        """Open the home as the program does."""
        self.home = home = keep.open_home(self.folder, self.clock.now(), Traces(self.print_, self.outside))
        self.desk = Desk(
            home.shelf, home.ledger, self.clock, self._dice, f"{self.name}干部", blobs=home.blobs, seal=home.seal
        )
        place = self.folder / "exchange"
        self.exchange = Exchange(
            home.postbox,
            home.seal,
            self.clock,
            self._dice,
            self._split,
            place,
            schema=keep.REVISION,
            app=APP,
            cargo=home.cargo,
        )

    def close(self) -> None:
        """Close the home."""
        self.home.close()

    def copy_to(self, folder: Path) -> None:
        """Copy the home as somebody copies a folder."""
        with self.home.ledger.transaction():  # nothing is being written meanwhile
            shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("lock", "exchange"))

    def _split(self) -> Callable[[Sequence[Op]], Iterator[dict[Audience, Op]]]:
        """Split as the program does, and note for the oracle what went into which part."""
        split = split_of(self.home.shelf, self.home.postbox.ops)()

        def noted(ops: Sequence[Op]) -> Iterator[dict[Audience, Op]]:
            for op, parts in zip(ops, split(ops), strict=True):
                self.newly_sealed[(op.stream, op.seq)] = ((op.act, op.kind, op.record_id), parts)
                yield parts

        return noted

    # What the oracle and the checks look at

    @property
    def box(self) -> Any:
        """Return the postbox."""
        return self.home.postbox

    @property
    def device(self) -> str:
        """Return the id of the device."""
        return str(self.box.stream().partition("/")[0])

    def digest(self) -> str:
        """Return what is equal exactly when the facts are: that of `keep.digest`, but quicker."""
        return hashlib.sha256(repr(sorted(self.rows().items())).encode()).hexdigest()

    def problems(self) -> list[str]:
        """Return what a deep check of the home finds."""
        return keep.check(self.home.engine, deep=True).problems

    def parcels(self) -> list[Parcel]:
        """Return every segment that lies here."""
        found: list[Parcel] = self.box.parcels()
        return found

    def rows(self) -> dict[Key, dict[str, Any]]:
        """Return every row, those laid down too, as the driver gives them."""
        found: dict[Key, dict[str, Any]] = {}
        with reader(self.home.engine).connect() as connection:
            cursor = connection.connection.cursor()
            for kind, names in FIELDS.items():
                listed = ", ".join(map(_quoted, names))
                cursor.execute(f'SELECT {listed} FROM "{kind}"')
                for row in cursor.fetchall():
                    found[(kind, row[0])] = dict(zip(names, row, strict=True))
            cursor.close()
        return found

    def record(self, kind: str, record_id: str) -> dict[str, Any] | None:
        """Return one row in plain values, laid down or not."""
        table = TABLES[kind]
        with reader(self.home.engine).connect() as connection:
            row = connection.execute(select(table).where(table.c.id == record_id)).mappings().first()
        return dict(row) if row else None

    def contested(self) -> dict[tuple[str, str, str], bool]:
        """Return (kind, record, field) of what is contested, and whether a rule settles it."""
        asked = dict.fromkeys(self.box.contests(), False)
        return asked | dict.fromkeys(self.box.contests(is_by_rule=True), True)

    def sides(self, key: Key) -> dict[str, list[Any]]:
        """Return the values that are shown as sides, by contested field."""
        with reader(self.home.engine).connect() as connection:
            projector = Projector(connection, Streams(connection))
            shown = projector.projected(key, projector.ops(key))
        return {contest.field: [side.value for side in contest.sides] for contest in shown.contests}

    def withheld(self) -> set[Uid]:
        """Return the ops that are kept aside with a reason."""
        joined = select(EntryRow.set_id, EntryRow.kind, EntryRow.record_id).join(
            WithheldRow, (WithheldRow.stream == EntryRow.stream) & (WithheldRow.seq == EntryRow.seq)
        )
        with reader(self.home.engine).connect() as connection:
            return {(act, kind, record_id) for act, kind, record_id in connection.execute(joined)}

    def erased_of(self, uid: Uid) -> frozenset[str]:
        """Return which fields of an op are erased here."""
        act, kind, record_id = uid
        return frozenset(name for op in self.box.ops(kind, record_id) if op.act == act for name in op.erased)

    def picture(self, blob: str) -> bytes | None:
        """Return a picture as it can be read here; None while it cannot."""
        try:
            return self.home.blobs.get(blob)
        except AttachmentLost:
            return None

    def words(self) -> str:
        """Return everything that stands in the journal and in the rows."""
        with reader(self.home.engine).connect() as connection:
            bodies = [bytes(body) for body in connection.execute(select(EntryRow.body)).scalars()]
        return b"".join(bodies).decode() + repr(self.rows())

    def waiting(self) -> set[Key]:
        """Return the records of which something waits."""
        with reader(self.home.engine).connect() as connection:
            found = connection.execute(select(WaitingRow.kind, WaitingRow.record_id)).all()
        return {(kind, record_id) for kind, record_id in found}

    def journal(self) -> set[Uid]:
        """Return every op that lies in the journal."""
        with reader(self.home.engine).connect() as connection:
            found = connection.execute(select(EntryRow.set_id, EntryRow.kind, EntryRow.record_id)).all()
        return {(act, kind, record_id) for act, kind, record_id in found}

    def write_newer(self, op: Op) -> Op:
        """Write an entry as a newer version would: kinds and fields that this one has no place for."""
        ledger = self.home.ledger
        with ledger.transaction() as connection:
            streams = Streams(connection)
            seq, lamport = self._next(connection, streams.current)
            op = replace(op, stream=streams.names[streams.current], seq=seq, lamport=lamport)
            connection.exec_driver_sql(making(EntryRow.__tablename__), [entry_of(op, streams.current)])
            Projector(connection, streams).show((op.kind, op.record_id))
            connection.execute(_SET, {"id": op.act, "title": "新版", "who": op.who, "at": op.wall, "state": "kept"})
        ledger.reopen()
        return op

    def _next(self, connection: Connection, stream: int) -> tuple[int, int]:
        pen = self.home.ledger._pen
        return pen.seq + 1, pen.lamport + 1


_SET = insert(ChangeSetRow)


def _quoted(name: str) -> str:
    return f'"{name}"'
