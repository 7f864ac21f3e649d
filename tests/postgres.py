"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on a socket that nobody else finds.

It is made at the first test that asks for it, and gone with the process; each test gets a database of its own.
"""

import atexit
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from db.office_secrets import SWEPT
from db.province import Store, open_store
from db.scope import OWNER, within

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")
NOBODY_KNOWN = "postgres"
"""As whom the server runs when the tests run as root, which it refuses to."""


@cache
def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL here; None when there is none, or nobody to run it as."""
    found = [folder for pattern in PLACES for folder in Path("/").glob(pattern[1:]) if (folder / "initdb").exists()]
    found.sort(key=lambda folder: [int(digits) for digits in re.findall(r"\d+", str(folder))])
    in_path = shutil.which("pg_ctl")
    if not found and in_path:
        found = [Path(in_path).resolve().parent]
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(NOBODY_KNOWN)
        except KeyError:
            return None
    return found[-1] if found else None


class Cluster:
    """A server with its data; `settings` are lines of its configuration, fsync among them."""

    def __init__(self, **settings: str) -> None:
        folder = binaries()
        assert folder, "ask `binaries` first"
        self._bin = folder
        self.folder = Path(tempfile.mkdtemp(prefix="yuanba-pg-"))
        self._numbers = count(1)
        self._user = NOBODY_KNOWN if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        atexit.register(self.remove)
        owned = ("-U", "yuanba", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        self._do("initdb", "-D", str(self.folder / "data"), *owned)
        told = {"fsync": "off", "listen_addresses": "''", "unix_socket_directories": f"'{self.folder}'"} | settings
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as out:
            out.writelines(f"{name} = {value}\n" for name, value in told.items())
        self.start()

    def _do(self, program: str, *words: str) -> None:
        subprocess.run(
            [str(self._bin / program), *words], user=self._user, cwd=self.folder, check=True, capture_output=True
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._do("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """Stop the server; `immediate` is as if the power had failed."""
        self._do("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop")

    def remove(self) -> None:
        """Stop the server and throw everything away."""
        if not self.folder.exists():
            return
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """Return where a database is."""
        return f"postgresql://yuanba@/{database}?host={self.folder}"

    def database(self, template: str = "template0") -> str:
        """Make a database and return where it is."""
        name = f"province_{next(self._numbers)}"
        self.make(name, template)
        return self.url(name)

    def make(self, name: str, template: str = "template0") -> None:
        """Make a database like another one. Its counters are set once more: what a copy has of them is not in the log,
        so that a crash would set them back to where they were copied."""
        self._do("createdb", "-h", str(self.folder), "-U", "yuanba", "-T", template, name)
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            for schema, counter in connection.execute("SELECT schemaname, sequencename FROM pg_sequences").fetchall():
                which = sql.Identifier(schema, counter)
                connection.execute(
                    sql.SQL("SELECT setval({}, last_value, is_called) FROM {}").format(
                        sql.Literal(which.as_string(connection)), which
                    )
                )


@cache
def cluster() -> Cluster:
    """Return the server of these tests; the test is skipped where there can be none."""
    if binaries() is None:
        pytest.skip("there is no PostgreSQL here, or nobody to run it as")
    return Cluster()


def fresh_database() -> str:
    """Return where a database is that has the tables and nothing else, not even a name of its own."""
    return cluster().database(_template())


@cache
def _template() -> str:
    folder = Path(tempfile.mkdtemp(prefix="yuanba-template-"))
    try:
        cluster().make("template_yuanba")
        store = open_store(cluster().url("template_yuanba"), folder, datetime(2026, 3, 30, tzinfo=UTC))
        with within(OWNER), store.engine.begin() as connection:
            connection.exec_driver_sql("TRUNCATE stream RESTART IDENTITY CASCADE")
            connection.exec_driver_sql("DELETE FROM note WHERE name <> ?", (SWEPT,))  # or each copy is swept anew
        store.close()
    finally:
        shutil.rmtree(folder)
    return "template_yuanba"


def copied(folder: Path) -> None:
    """Let a copy of a store's folder have a copy of its database; nobody may have it open."""
    told = folder / "database"
    if told.exists():
        told.write_text(copy_of(told.read_text(encoding="utf-8")), encoding="utf-8")


def copy_of(url: str) -> str:
    """Return where a copy of a database is; nobody may have it open."""
    return cluster().database(url.partition("@/")[2].partition("?")[0])


def open_fresh(folder: Path, now: datetime) -> Store:
    """Open a store of its own, as `open_home` opens a home; the folder remembers its database."""
    told = folder / "database"
    if not told.exists():
        folder.mkdir(parents=True, exist_ok=True)
        told.write_text(fresh_database(), encoding="utf-8")
    return open_store(told.read_text(encoding="utf-8"), folder, now)


@contextmanager
def stores_on(url: str, folder: Path, now: datetime) -> Iterator[Callable[[], Store]]:
    """Yield how one opens the store of a database; all that were opened are closed at the end of the block."""
    with ExitStack() as opened:

        def opens() -> Store:
            store = open_store(url, folder, now)
            opened.callback(store.close)
            return store

        yield opens


def refuse_commits(store: Store, table: str, when: str = "CONSTRAINT TRIGGER full_disk AFTER") -> None:
    """Let each commit fail that makes a row of a table, as a full disk does at the very end."""
    put_off = " DEFERRABLE INITIALLY DEFERRED" if "CONSTRAINT" in when else ""
    with within(OWNER), store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END$$"
        )
        connection.exec_driver_sql(
            f"CREATE {when} INSERT ON {table}{put_off} FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    store.engine.dispose()  # nobody goes on with a line that was told otherwise


def refuse_at_once(store: Store, table: str) -> None:
    """Let no row of a table be made, and say so at once."""
    refuse_commits(store, table, "TRIGGER full_disk BEFORE")


def take_commits(store: Store, table: str) -> None:
    """Let rows of a table be made again."""
    with within(OWNER), store.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER full_disk ON {table}")
