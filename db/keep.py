"""Keeping a home: its key, its lock, opening it, growing it, checking it, its digest.

A home is a folder: `ledger.db` (encrypted), `key` with its twin `key.twin` (hexadecimal, with a check sum),
`lock`, held while a program has the home open, and `blobs/` with pictures and files (`db/blobs.py`).
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec
import sqlcipher3.dbapi2
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, func, insert, select, text
from sqlalchemy.exc import DatabaseError

from app.domain.errors import HomeBusy, HomeFromTheFuture, HomeReadOnly, HomeUnreadable, KeyMissing, NotSaved
from app.ports import FORGOT
from db.attachments import blobs_of
from db.blobs import FileBlobs, fsync_folder
from db.cargo import SqlCargo, never_was_here
from db.dialect import is_server
from db.incarnation import NO_TRACES, Traces, begin_or_go_on
from db.lasting import Lasting
from db.ledger import SqlLedger
from db.office_secrets import OfficeSecrets
from db.postbox import SqlPostbox
from db.projection import UNKNOWN, Projector
from db.seal import DeviceSeal
from db.shelf import SqlShelf
from db.store_folder import refuse
from db.streams import Streams
from db.tables import TABLES, ChangeSetRow, EntryRow, StreamRow, WaitingRow
from db.turns import READS, reader

_FROM_ELSEWHERE = select(EntryRow.set_id).where(EntryRow.set_id.not_in(select(ChangeSetRow.id))).distinct()
_TOLD = select(EntryRow.kind, EntryRow.record_id).distinct()
_IS_GROWN = {
    False: "SELECT name FROM sqlite_master WHERE name = 'alembic_version'",
    True: "SELECT to_regclass('alembic_version')",
}
REVISION = "2026_11_30_turn"
# What is deleted is overwritten with zeros, so that no erased word is left in a page (trust.md, layer 1).
_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")
DAMAGED = ("not a database", "malformed")
UNREADABLE = (*DAMAGED, "unable to open", "disk I/O error")
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(slots=True)
class Home:
    """An open home."""

    folder: Path
    engine: Engine
    shelf: SqlShelf
    ledger: SqlLedger
    lock: IO[str]
    blobs: FileBlobs
    seal: DeviceSeal
    postbox: SqlPostbox
    cargo: SqlCargo

    def close(self) -> None:
        """Fold the write-ahead log in and raise the marks, if the disk lets us, and let go of the home."""
        self.ledger.raise_marks()
        # What is not folded in now is folded in at the next opening.
        with suppress(DatabaseError, HomeUnreadable), reader(self.engine).connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.engine.dispose()
        self.lock.close()


def open_home(folder: Path, now: datetime, traces: Traces = NO_TRACES) -> Home:
    """Open a home, making it if the folder holds none, and growing it to this version. `traces` tell whether it was
    copied or restored since; then it goes on under a new name.

    Raises:
        FactsElsewhere: The folder is that of a server whose facts lie in a PostgreSQL.
        HomeBusy: Another program has it open.
        KeyMissing: There is a ledger but no key.
        HomeUnreadable: The key does not fit, or the file is damaged.
        HomeFromTheFuture: A newer version wrote it.
        NotSaved: The disk would not take a new home.
    """
    refuse(folder)
    _make_folder(folder)
    lock = hold(folder)
    try:
        return _opened(folder, now, lock, traces)
    except BaseException:
        lock.close()
        raise


def _opened(folder: Path, now: datetime, lock: IO[str], traces: Traces) -> Home:
    key = home_key(folder)
    engine = _engine(folder / "ledger.db", key)
    try:
        has_grown = grow(engine, folder)
        begin_stream(engine, now)
        if has_grown:
            show_what_waited(engine)
        marks = begin_or_go_on(engine, folder, now, traces)
        blobs = blobs_of(folder, key, lambda blob_id: never_was_here(engine, blob_id))
        ledger = SqlLedger(engine)
        ledger.marks = marks
        ledger.lasting = Lasting(folder, ledger.stream().partition("/")[0], traces.outside)
        if ledger.lasting.forget_again(engine, now):
            ledger.jot({FORGOT: "1"})
        parts = (SqlShelf(engine), ledger, lock, blobs, DeviceSeal(engine), SqlPostbox(engine, ledger))
        return Home(folder, engine, *parts, SqlCargo(engine, ledger, blobs))
    except DatabaseError as error:
        engine.dispose()
        raise _why_closed(error, folder) from error
    except BaseException:
        engine.dispose()
        raise


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError) as error:
        raise HomeUnreadable(str(folder)) from error
    except OSError as error:
        raise NotSaved(str(error)) from error


def hold(folder: Path) -> IO[str]:
    """Take the lock of a home; the system lets go of it when the program ends, however it ends.

    Raises:
        HomeBusy: Another program has it.
        HomeUnreadable: There is no such folder, or nobody may write there.
    """
    try:
        lock = (folder / "lock").open("a+", encoding="ascii")
    except (PermissionError, IsADirectoryError) as error:
        raise HomeReadOnly(str(folder)) from error
    except OSError as error:
        kind = HomeReadOnly if error.errno == errno.EROFS else HomeUnreadable
        raise kind(str(folder)) from error
    try:
        _lock_file(lock)
    except OSError as error:
        lock.close()
        raise HomeBusy(str(folder)) from error
    return lock


def _lock_file(lock: IO[str]) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def home_key(folder: Path) -> bytes:
    """Return the 32 bytes that open the home; a new home gets new ones. The one place that knows where they lie.

    Raises:
        KeyMissing: There is a ledger or something in a key file, but neither of them is whole.
    """
    files = (folder / "key", folder / "key.twin")
    whole = [key for key in map(_read_key, files) if key]
    if not whole and ((folder / "ledger.db").exists() or has_key(folder)):
        raise KeyMissing(str(folder))
    key = whole[0] if whole else secrets.token_bytes(32)
    if len(whole) < len(files):
        for file in files:
            _write_key(file, key)
    return key


def has_key(folder: Path) -> bool:
    """Return whether there is a key in a folder, or what is left of one."""
    return any(map(_has_something, (folder / "key", folder / "key.twin")))


def _read_key(file: Path) -> bytes | None:
    try:
        digits, check = file.read_text(encoding="ascii").split()
        key = bytes.fromhex(digits)
    except (OSError, ValueError):
        return None
    return key if len(key) == 32 and hashlib.sha256(key).hexdigest()[:8] == check else None


def _has_something(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0


def _write_key(file: Path, key: bytes) -> None:
    part = file.with_suffix(".part")
    line = f"{key.hex()} {hashlib.sha256(key).hexdigest()[:8]}\n"
    try:
        with part.open("w", encoding="ascii") as out:
            part.chmod(0o600)
            out.write(line)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        fsync_folder(file.parent)
    except OSError as error:
        raise NotSaved(str(error)) from error


def _engine(file: Path, key: bytes) -> Engine:
    engine = create_engine(f"sqlite:///{file}", module=sqlcipher3.dbapi2)

    @event.listens_for(engine, "connect")
    def unlock(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in (f"key = \"x'{key.hex()}'\"", *_PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(READS):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "handle_error")
    def damaged(context: ExceptionContext) -> None:
        if any(word in str(context.original_exception) for word in DAMAGED):
            raise HomeUnreadable(str(file.parent)) from context.original_exception

    return engine


def grow(engine: Engine, folder: Path) -> bool:
    """Bring the tables to this version; return whether they were of an older one."""
    found = _revision(engine)
    if found is not None and found not in _known_revisions():
        raise HomeFromTheFuture(str(folder))
    if found != REVISION:
        _upgrade(engine)
    return found not in (None, REVISION)


def show_what_waited(engine: Engine) -> None:
    """Show the records that came from newer machines while nobody here knew their kind, or a field of theirs."""
    with engine.begin() as connection:
        waiting = select(WaitingRow.kind, WaitingRow.record_id).where(WaitingRow.why == UNKNOWN)
        projector = Projector(connection, Streams(connection))
        for kind, record_id in connection.execute(waiting).all():
            projector.show((kind, record_id))


def _why_closed(error: DatabaseError, folder: Path) -> Exception:
    said = str(error.orig)
    return HomeUnreadable(str(folder)) if any(word in said for word in UNREADABLE) else NotSaved(said)


def _revision(engine: Engine) -> str | None:
    with reader(engine).connect() as connection:
        if connection.execute(text(_IS_GROWN[is_server(engine)])).scalar() is None:
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _known_revisions() -> frozenset[str]:
    return frozenset(file.stem for file in (MIGRATIONS / "versions").glob("2*.py"))


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def begin_stream(engine: Engine, now: datetime, office: OfficeSecrets | None = None) -> None:
    """Give a new home its device key and its first incarnation."""
    with engine.begin() as connection:
        if connection.execute(select(func.count()).select_from(StreamRow)).scalar_one():
            return
        public, secret = _new_device_key()
        row = {"device": hashlib.sha256(public).hexdigest()[:16], "incarnation": 1, "is_current": True, "branch": ""}
        kept = office.seal_device(secret, public) if office else secret
        keys = {"public_key": public, "private_key": kept, "began_at": now.isoformat()}
        connection.execute(insert(StreamRow).values(row | keys))


def _new_device_key() -> tuple[bytes, bytes]:
    """Return a fresh Ed25519 key, public and private half, 32 bytes each."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    return private.public_key().public_bytes_raw(), private.private_bytes_raw()


def digest(engine: Engine) -> str:
    """Return one line that is equal exactly when the stored facts are equal."""
    total = hashlib.sha256()
    with reader(engine).connect() as connection:
        for kind in sorted(TABLES):
            for row in _facts(connection, kind):
                total.update(msgspec.json.encode([kind, row]) + b"\n")
    return total.hexdigest()


def _facts(connection: Connection, kind: str) -> Iterator[dict[str, Any]]:
    table = TABLES[kind]
    names = sorted(name for name in table.c.keys() if name != "versions")  # noqa: SIM118
    for row in connection.execute(select(*(table.c[name] for name in names)).order_by(table.c.id)).mappings():
        yield {name: row[name] for name in names if row[name] is not None}


@dataclass(slots=True)
class Findings:
    """What a check found: the acts that are there, and what is wrong."""

    tokens: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def check(engine: Engine, deep: bool = False) -> Findings:
    """Look for damage: pages, gaps in our streams, and with `deep` rows that the journal does not tell of."""
    findings = Findings()
    try:
        with reader(engine).connect() as connection:
            findings.tokens += connection.execute(select(ChangeSetRow.id).order_by(ChangeSetRow.ordinal)).scalars()
            findings.tokens += connection.execute(_FROM_ELSEWHERE).scalars()
            findings.problems += _damaged_pages(connection) + _gaps(connection) + _torn_sets(connection)
            if deep:
                findings.problems += _unexplained_rows(connection)
    except (DatabaseError, HomeUnreadable) as error:
        findings.problems.append(f"the ledger cannot be read to its end: {error}")
    return findings


def damaged_pages(engine: Engine) -> list[str]:
    """Return what the ledger's own check sums say of its pages; empty when all is well."""
    try:
        with reader(engine).connect() as connection:
            return _damaged_pages(connection)
    except (DatabaseError, HomeUnreadable) as error:
        return [str(error)]


def _damaged_pages(connection: Connection) -> list[str]:
    if is_server(connection):
        return []  # its pages are the server's to look after
    said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA cipher_integrity_check")]
    said += [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check") if row[0] != "ok"]
    return said


def _gaps(connection: Connection) -> list[str]:
    """Return which of our own streams lack an entry; those of others may, until what is missing comes in."""
    own = select(StreamRow.no).where(StreamRow.private_key.is_not(None), StreamRow.branch == "")
    counts = select(EntryRow.stream, func.min(EntryRow.seq), func.max(EntryRow.seq), func.count())
    rows = connection.execute(counts.where(EntryRow.stream.in_(own)).group_by(EntryRow.stream)).all()
    return [f"stream {no} has gaps" for no, first, last, count in rows if first != 1 or last != count]


def _torn_sets(connection: Connection) -> list[str]:
    """Return our own acts with entries but no name."""
    own = select(StreamRow.no).where(StreamRow.is_current)
    named = select(ChangeSetRow.id)
    nameless = select(EntryRow.set_id).where(EntryRow.stream.in_(own), EntryRow.set_id.not_in(named)).distinct()
    return [f"act {set_id} has no name" for set_id in connection.execute(nameless).scalars()]


def _unexplained_rows(connection: Connection) -> list[str]:
    """Show every record anew from the journal and return what the rows tell otherwise."""
    projector = Projector(connection, Streams(connection))
    told = {(kind, record_id) for kind, record_id in connection.execute(_TOLD) if kind in TABLES}
    problems = []
    for kind in TABLES:
        for row in _facts(connection, kind):
            key = (kind, row.pop("id"))
            if key not in told or not projector.tells(key, row):
                problems.append(f"{kind} {key[1]} differs from its journal")
            told.discard(key)
    waiting = {
        (kind, record_id) for kind, record_id in connection.execute(select(WaitingRow.kind, WaitingRow.record_id))
    }
    return problems + [f"{kind} {record_id} is in the journal only" for kind, record_id in sorted(told - waiting)]
