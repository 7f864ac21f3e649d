"""A province's store: the ledger, the shelf and the postbox of a home, on a PostgreSQL that several processes share.

The database holds the facts. A folder holds what is no row: pictures and files, and the key that they are sealed with.
What keeps a file whole is the server's own affair: its log, its copies, its sums.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError

from app.domain.errors import NotSaved, Refused, Trouble
from db import keep, scope
from db.attachments import blobs_of
from db.blobs import FileBlobs
from db.cargo import SqlCargo, never_was_here
from db.dialect import POSTGRESQL, prepared, said, unsaved
from db.ground import counted
from db.ledger import SqlLedger
from db.office_secrets import OfficeSecrets, seal_what_was_plain
from db.postbox import SqlPostbox
from db.scope import OWNER, narrowed, tell, untold
from db.seal import DeviceSeal
from db.settling import SETTLED, settle
from db.shelf import SqlShelf, ask
from db.store_folder import FactsHere, has_ledger, is_told
from db.store_folder import tell as tell_folder
from db.turns import Counts, Lines, Turn, in_turn, reader

FEWEST, MOST = 8, 24
"""How many connections are kept, and how many there are at most."""
PATIENCE = {
    "connect_timeout": "10",
    "tcp_user_timeout": "20000",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "4",
}
"""How long a machine is waited for that says nothing more, as one whose power has failed: all in seconds but one in
milliseconds. Left to itself the system waits for a quarter of an hour, or for two. The address may say otherwise."""
LONGEST_UNSEEN_S = 1.0
"""After so long a connection is looked at before it is used: the server may have stopped since."""
_SEEN = "seen"
KEY_MARK = "store/key"
_KNOWN_KEY, _KEEP_KEY = "SELECT text FROM note WHERE name = ?", "INSERT INTO note (name, text) VALUES (?, ?)"
_HAS_NOTES = "SELECT to_regclass('note')"
_IN_TURN = 0x7962
_CERTIFICATES = "SELECT raw FROM statement_file WHERE kind = 'device' AND subject = ? LIMIT 8"
_CARD = (
    "SELECT 1 FROM statement_file WHERE kind = 'card' AND subject = ?"
    f" AND county IN ('{scope.ALL}', '{scope.DIRECTORY}') LIMIT 1"
)
GROWING = 0x79620000
"""The number of the lock under which the tables grow; those of counties are smaller."""


class DatabaseAway(Trouble):
    """Nobody answers at the address of a database, or it is none of a PostgreSQL. The address may hold a password, so
    it is not told."""

    code = "E-331"

    def __init__(self, why: str = "") -> None:
        told = f"（{why.strip().splitlines()[0]}）" if why.strip() else ""
        super().__init__(f"连不上数据库{told}", "数据没有动", "看看数据库开着没有，--database 后面的地址写对没有")


class OtherKey(Refused):
    """The folder of a server has another key than the one that this database's pictures and secrets are sealed with, or
    none (`is_missing`)."""

    code = "E-332"

    def __init__(self, is_missing: bool = False) -> None:
        super().__init__(
            "这个文件夹里没有密钥" if is_missing else "这个文件夹的密钥不是这个数据库的",
            "数据没有动" + ("，也没有另造一把" if is_missing else ""),
            "把第一台服务器文件夹里的 key 和 key.twin 拷到这个文件夹，再开一次"
            + ("；没有别的服务器，就把用 --key-to 另存的那一份拷回来，起这两个名字" if is_missing else ""),
        )


@dataclass(slots=True)
class Store:
    """An open store; it has what a home has."""

    folder: Path
    engine: Engine
    shelf: SqlShelf
    ledger: SqlLedger
    blobs: FileBlobs
    seal: DeviceSeal
    postbox: SqlPostbox
    cargo: SqlCargo
    office: OfficeSecrets

    @contextmanager
    def within(self, place: str) -> Iterator[None]:
        """Work with the rows of one county or prefecture until the end of the block, all in one transaction. Nobody
        else begins to work with that same place meanwhile, in whatever process. Whoever works for all of them, or for a
        prefecture, is kept off only once something is written (`db/ground.py`).

        Raises:
            NotSaved: The database is away, or would not take it; nothing of what was written came to be.
        """
        turn, beginning = None, _Beginning(place, self.ledger.lines)
        try:
            with (
                unsaved(),
                scope.within(place),
                self.ledger.alone(),
                in_turn(self.engine, beginning) as turn,
            ):
                yield
        except BaseException:
            beginning.fail()
            if turn and turn.has_written:
                with suppress(NotSaved):
                    self.ledger.reopen()
            raise

    def certificates(self, device: str, place: str) -> list[bytes]:
        """Return what has been said of a device to whoever works for a place, believed or not.

        Raises:
            NotSaved: The database is away.
        """
        with unsaved(), scope.within(place):
            return [bytes(row[0]) for row in ask(reader(self.engine), _CERTIFICATES, (device,))]

    def has_card(self, org: str, place: str) -> bool:
        """Return whether the office itself knows the card of an organisation, as whoever works for a place sees it.

        Raises:
            NotSaved: The database is away.
        """
        with unsaved(), scope.within(place):
            return bool(ask(reader(self.engine), _CARD, (org,)))

    def at_desk(self, desk: str) -> "Store":
        """Return the same store for a thread that writes beside others; what it has read and has begun is its own."""
        ledger, blobs = SqlLedger(self.engine), self.blobs.at_desk(desk)
        postbox, cargo = SqlPostbox(self.engine, ledger, self.office), SqlCargo(self.engine, ledger, blobs)
        return replace(self, ledger=ledger, blobs=blobs, postbox=postbox, cargo=cargo)

    def close(self) -> None:
        """Let go of the store."""
        self.engine.dispose()


def open_store(url: str, folder: Path, now: datetime) -> Store:
    """Open the store of a database, making its tables or growing them to this version.

    Raises:
        DatabaseAway: Nobody answers there, or it is no PostgreSQL.
        OtherKey: The database was begun with another key than this folder's, or the folder has lost its own.
        FactsHere: The folder is that of a home, of which the database knows nothing.
        HomeFromTheFuture: A newer version wrote it.
        NotSaved: The folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotSaved(str(error)) from error
    engine = engine_of(url)
    try:
        with scope.within(OWNER), _alone(engine):
            _refuse_home(engine, folder)
            has_grown = keep.grow(engine, folder)
            _settle(engine)
            key = _key(engine, folder)
            office = OfficeSecrets(key)
            keep.begin_stream(engine, now, office)
            if has_grown:
                keep.show_what_waited(engine)
        ledger = SqlLedger(engine)
        seal_what_was_plain(engine, ledger, office)
        tell_folder(folder)
    except DBAPIError as error:
        engine.dispose()
        raise DatabaseAway(str(error.orig)) from error
    except BaseException:
        engine.dispose()
        raise
    blobs = blobs_of(folder, key, lambda blob_id: never_was_here(engine, blob_id))
    parts = (SqlShelf(engine), ledger, blobs, DeviceSeal(engine, office), SqlPostbox(engine, ledger, office))
    return Store(folder, engine, *parts, SqlCargo(engine, ledger, blobs), office)


def engine_of(url: str) -> Engine:
    """Return what opens the database.

    Raises:
        DatabaseAway: That is no address of a PostgreSQL.
    """
    try:
        place = make_url(url)
    except ArgumentError as error:
        raise DatabaseAway from error
    if place.get_backend_name() not in (POSTGRESQL, "postgres"):
        raise DatabaseAway
    # The one that was given back last is taken first: it may still be told whose rows it works with.
    sizes = {"pool_size": FEWEST, "max_overflow": MOST - FEWEST, "pool_use_lifo": True}
    place = place.set(drivername=f"{POSTGRESQL}+psycopg", query=PATIENCE | dict(place.query))
    engine = create_engine(place, **sizes)

    @event.listens_for(engine, "connect")
    def begin(connection: Any, _: Any) -> None:
        prepared(connection)

    @event.listens_for(engine, "checkout")
    def is_there(driver: Any, record: Any, _: Any) -> None:
        """Look whether a connection is still there that has not been used for a while."""
        now = time.monotonic()
        if now - record.info.get(_SEEN, now) > LONGEST_UNSEEN_S:
            try:
                engine.dialect.do_ping(driver)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error
        record.info[_SEEN] = now

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def translate(
        connection: Connection, cursor: Any, statement: str, values: Any, context: Any, _: bool
    ) -> tuple[str, Any]:
        tell(connection, cursor)
        return narrowed(statement if context.compiled else said(statement)), values

    @event.listens_for(engine, "rollback")
    @event.listens_for(engine, "rollback_savepoint")
    def take_back(connection: Connection, *_: Any) -> None:
        if not connection.invalidated and _is_within(connection.connection.driver_connection):
            untold(connection.info)

    @event.listens_for(engine, "handle_error")
    def have_gone_wrong(context: Any) -> None:
        """Forget what a connection was told: a commit that fails takes it back, and nobody hears of a rollback."""
        connection = context.connection
        if connection is not None and not connection.invalidated:
            untold(connection.info)

    @event.listens_for(engine, "reset")
    def let_go(driver: Any, record: Any, _: Any) -> None:
        if _is_within(driver):
            untold(record.info)

    return engine


def key_mark(key: bytes) -> str:
    """Return by what a key is known, which does not tell it."""
    return hashlib.sha256(b"yuanba store" + key).hexdigest()[:16]


class _Beginning:
    """The beginning of a turn with a place: waits until nobody else works with its rows, for as long as the transaction
    lasts, and finds out whether anybody else has written of them since our last turn."""

    def __init__(self, place: str, lines: Lines) -> None:
        self._place, self._lines = place, lines
        self._counts: Counts = {}

    def begin(self, connection: Connection) -> int:
        """Wait; return since when nobody else has written."""
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(?, ?)", (_IN_TURN, int(self._place or 0)))
        self._counts = counted(connection, self._place)
        return self._lines.since(self._place, self._counts)

    def end(self, turn: Turn) -> None:
        """Take down that all that was written is durable."""
        own = {self._place: self._counts.get(self._place, 0) + 1} if turn.has_written else {}
        self._lines.hold(self._place, self._counts | own, turn.since)

    def fail(self) -> None:
        """Take down that it came to nothing."""
        self._lines.drop(self._place)


def _is_within(driver: Any) -> bool:
    """Return whether a connection is within a transaction, so that what was told it there would go with it."""
    return bool(driver.info.transaction_status)


def _refuse_home(engine: Engine, folder: Path) -> None:
    """Refuse the folder of a home, unless the database was begun with it and an empty ledger lies there since."""
    if is_told(folder) or not has_ledger(folder):
        return
    with engine.begin() as connection:
        is_begun = connection.exec_driver_sql(_HAS_NOTES).scalar()
        known = connection.exec_driver_sql(_KNOWN_KEY, (KEY_MARK,)).scalar() if is_begun else None
    if known is None or not keep.has_key(folder) or known != key_mark(keep.home_key(folder)):
        raise FactsHere(folder)


def _key(engine: Engine, folder: Path) -> bytes:
    """Return the key of a folder, which gets one only if the database knows of none; refuse one that is not that of the
    first server on this database. It lies in the folder before the database knows it."""
    with engine.begin() as connection:
        known = connection.exec_driver_sql(_KNOWN_KEY, (KEY_MARK,)).scalar()
        if (known or is_told(folder)) and not keep.has_key(folder):
            raise OtherKey(is_missing=True)
        key = keep.home_key(folder)
        if known not in (None, key_mark(key)):
            raise OtherKey
        if known is None:
            connection.exec_driver_sql(_KEEP_KEY, (KEY_MARK, key_mark(key)))
    return key


def _settle(engine: Engine) -> None:
    """Keep counties apart in a database of an older program."""
    with engine.begin() as connection:
        if not connection.exec_driver_sql(SETTLED).scalar():
            settle(connection)


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Let one process at a time make or grow the tables."""
    with reader(engine).connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(?)", (GROWING,))
        try:
            yield
        finally:
            connection.exec_driver_sql("SELECT pg_advisory_unlock(?)", (GROWING,))
