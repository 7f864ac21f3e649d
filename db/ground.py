"""What a ledger stands on: a file of its own, or a PostgreSQL that other processes write to as well."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.errors import NotSaved
from db.dialect import is_server
from db.folding import Folding
from db.scope import ALL, PREFECTURE, kept_under, scope
from db.tables import Base
from db.turns import Counts, reader

ROOM_KIB, USUAL_KIB = 40_000, 2_000
"""How much SQLite holds of the ledger in memory during a large intake, and else."""
_TURN = "SELECT pg_current_snapshot()::text"
_COUNT = "INSERT INTO turn (county, no) VALUES (?, 1) ON CONFLICT (county) DO UPDATE SET no = turn.no + 1"
_COUNTED = "SELECT county, no FROM turn WHERE county IN (?, ?, ?, ?)"
_ALONE, _BESIDE = "pg_advisory_xact_lock(?)", "pg_advisory_xact_lock_shared(?)"


class TurnRow(Base):
    """How often something was written for a place, in a store that is shared; a county, an office, or '' for all."""

    __tablename__ = "turn"
    county: Mapped[str] = mapped_column(primary_key=True)
    no: Mapped[int]


class Ground(Protocol):
    """What a ledger stands on."""

    is_shared: bool
    """Whether others may have written since one looked last."""

    def begin(self, connection: Connection) -> None:
        """Wait until nobody else writes, for as long as the transaction lasts."""

    def look(self) -> None:
        """Look after a commit whether what was written can be found.

        Raises:
            NotSaved: It cannot.
        """

    def turned(self) -> None:
        """Take down that a transaction has ended."""

    def turn(self) -> int:
        """Return a number that is another one after each transaction."""

    def sweep(self) -> None:
        """Write everything anew, so that nothing of what was erased is left where it was.

        Raises:
            NotSaved: The disk would not.
        """


class FileGround:
    """A file that this process alone writes to."""

    is_shared = False

    def __init__(self, engine: Engine) -> None:
        self._reader = reader(engine)
        self._file = str(engine.url.database)
        self._inode = os.stat(self._file).st_ino
        self._turn = 0

    def begin(self, connection: Connection) -> None:
        """Do nothing: to begin is to wait (`db/keep.py`)."""

    def look(self) -> None:
        """Refuse to call saved what went into a file that nobody can find any more (its folder was deleted)."""
        try:
            found = os.stat(self._file).st_ino
        except OSError as error:
            raise NotSaved(str(error)) from error
        if found != self._inode:
            raise NotSaved("the ledger has been replaced")

    def turned(self) -> None:
        """Count a transaction."""
        self._turn += 1

    def turn(self) -> int:
        """Return how many transactions there have been."""
        return self._turn

    def sweep(self) -> None:
        """Write the file anew and empty its log."""
        try:
            with self._reader.connect() as connection:
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except OperationalError as error:
            raise NotSaved(str(error.orig)) from error


class ServerGround:
    """A PostgreSQL that several processes write to: one at a time for each county, and nobody else while somebody
    writes for all of them. Who reads never waits."""

    is_shared = True

    def __init__(self, engine: Engine) -> None:
        self._reader = reader(engine)

    def begin(self, connection: Connection) -> None:
        """Wait until nobody else writes within the scope of this thread, and count that something is written."""
        alone(connection, scope())
        connection.exec_driver_sql(_COUNT, (kept_under(scope()),))

    def look(self) -> None:
        """Do nothing: what is committed is the server's to keep."""

    def turned(self) -> None:
        """Do nothing: the server knows."""

    def turn(self) -> int:
        """Return a number that is another one as soon as anybody has committed anything."""
        with self._reader.connect() as connection:
            return snapshot(connection)

    def sweep(self) -> None:
        """Do nothing: pages, log and copies of a server are whoever's who keeps it (VACUUM FULL, archives)."""


def ground_of(engine: Engine) -> Ground:
    """Return what a ledger stands on that is opened by this engine."""
    return ServerGround(engine) if is_server(engine) else FileGround(engine)


def folding_of(engine: Engine) -> "Folding":
    """Return what brings the log into the file; a server sees to its own."""
    return _NoFolding(reader(engine)) if is_server(engine) else Folding(reader(engine))


class _NoFolding(Folding):
    def put_off(self, connection: Connection) -> None:
        """Do nothing."""

    @contextmanager
    def around(self, connection: Connection) -> Iterator[None]:
        """Do nothing."""
        yield

    def fold(self) -> None:
        """Do nothing."""


def snapshot(connection: Connection) -> int:
    """Return a number of a server that is another one as soon as anybody has committed anything."""
    return hash(connection.exec_driver_sql(_TURN).scalar_one())


def counted(connection: Connection, place: str) -> Counts:
    """Return how often something was written for a county and for the offices above it."""
    return {row[0]: row[1] for row in connection.exec_driver_sql(_COUNTED, (place, place[:PREFECTURE], place[:2], ALL))}


def alone(connection: Connection, place: str) -> None:
    """Wait until nobody else writes for a place, for one within it or for one that it lies in, until the transaction
    ends."""
    above = [int(code or 0) for code in (ALL, place[:PREFECTURE]) if code != place]
    locks = ", ".join([*(_BESIDE for _ in above), _ALONE])  # they are taken one after the other, as they stand
    connection.exec_driver_sql(f"SELECT {locks}", (*above, int(place or 0)))


@contextmanager
def roomy(connection: Connection, is_large: bool) -> Iterator[None]:
    """Give SQLite room for a large intake: each page that has to leave is sealed, and opened again at its next entry,
    since records come in no order of their ids."""
    is_large = is_large and not is_server(connection)
    if is_large:
        connection.exec_driver_sql(f"PRAGMA cache_size = {-ROOM_KIB}")
    try:
        yield
    finally:
        if is_large:
            connection.exec_driver_sql(f"PRAGMA cache_size = {-USUAL_KIB}")
