"""Backups of a province on PostgreSQL: the database and the folder in one file while servers go on, the key apart.

`pg_dump` writes one moment of the database, then the folder's pictures are taken, which never change: a row never names
a picture that is not there yet. What came after that moment is in the next backup, and is sent again by whoever has no
receipt for it. The file is laid out like that of a home (`db/backup.py`), with two others in the ledger's place:

    database.dump       what pg_dump wrote for pg_restore, sealed with the key of the folder (`db/sealed_file.py`)
    store.json          by which mark that key is known
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from app.domain.errors import KeyMissing, Refused, Trouble
from db import backup, scope
from db.backup import DUMP
from db.dialect import POSTGRESQL
from db.incarnation import ROLLED_BACK
from db.keep import has_key, home_key
from db.province import DatabaseAway, OtherKey, engine_of, key_mark, open_store
from db.scope import OWNER
from db.sealed_file import SealBroken, opened, seal_into
from db.settling import let_roles_in, make_roles

STORE = "store.json"
PLACES = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin")
"""Where the programs of one version of PostgreSQL lie; then the PATH is looked through."""
_VERSION = "SELECT current_setting('server_version_num')::int / 10000"
_TABLES = """SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
 AND relnamespace = to_regnamespace(current_schema())"""
_ELSEWHERE = "SELECT relname FROM pg_class JOIN pg_foreign_table ON ftrelid = pg_class.oid ORDER BY relname"


class ToolsMissing(Trouble):
    """The programs that write out a PostgreSQL and put it back are not on this machine."""

    code = "E-334"

    def __init__(self, name: str, version: int) -> None:
        super().__init__(
            f"这台机器上没有 {name}",
            "什么也没写，数据没有动",
            f"装上 PostgreSQL {version} 的客户端程序（postgresql-client-{version}），或者把它所在的文件夹写进 PATH",
        )


class ToolFailed(Trouble):
    """A program of PostgreSQL did not come to its end."""

    code = "E-335"

    def __init__(self, name: str, said: str) -> None:
        lines = said.strip().splitlines() or [""]
        super().__init__(f"{name} 没有做完（{lines[0]}）", "数据没有动，没做完的已经清掉", "照括号里的话改好，再做一次")


class CountiesElsewhere(Refused):
    """Counties lie in other clusters: one file cannot hold one moment of several."""

    def __init__(self, tables: Sequence[str]) -> None:
        counties = "、".join(sorted({name.rpartition("_")[2] for name in tables}))
        super().__init__(
            f"{counties} 搬到了别的数据库集群，或者在那边还有旧行",
            "什么也没写，数据没有动",
            "用 server move 搬回来再备份；或者停下服务，每个集群各用各的工具备份",
        )


class DatabaseNotEmpty(Refused):
    """Somebody would restore over something."""

    def __init__(self) -> None:
        super().__init__("这个数据库里已经有东西", "没有动它", "用 createdb 建一个空的数据库，恢复到那里")


def back_up(url: str, folder: Path, to: Path) -> backup.Backup:
    """Write a backup of a database and the folder of one of its servers, which may be at work, and read it back; the
    file is there whole or not at all.

    Raises:
        DatabaseAway: Nobody answers there.
        ToolsMissing, ToolFailed: There is no pg_dump that fits, or it gave up.
        CountiesElsewhere: Some rows lie in other clusters.
        KeyMissing, OtherKey: This folder is none of the database's.
        NotThere: Something else is there, or it would lie in the folder.
        NotWritten, NotSaved: The disk would not take it; nothing is left of it.
    """
    if not has_key(folder):
        raise KeyMissing(str(folder))
    key = home_key(folder)
    mark = key_mark(key)
    with _engine(url) as engine:
        _look_at(engine, mark)
        program, checker = (_program(name, _version(engine)) for name in ("pg_dump", "pg_restore"))
    with backup.place_for(folder, to) as beside:
        dump, store = beside / DUMP, beside / STORE
        _dump(program, url, dump, key)
        _read(checker, "", opened(dump, key), "--file=" + os.devnull)
        store.write_text(json.dumps({"key": mark}), "ascii")
        return backup.written(to, [(DUMP, dump), (STORE, store), *backup.beside(folder)])


def restore(file: Path, key: Path, url: str, folder: Path, now: datetime) -> backup.Backup:
    """Put a backup with its key into an empty database and an empty folder. It goes on under a new name of its own, for
    others may hold what was written after the backup.

    Raises:
        BackupSpoilt: The backup is not whole, or none.
        OtherKind: It is one of a home.
        KeyDoesNotFit: It was made with another key.
        DatabaseNotEmpty, FolderNotEmpty: Something is there.
        DatabaseAway: Nobody answers there.
        ToolsMissing, ToolFailed: There is no pg_restore that fits, or it gave up; the database is as empty as before.
        HomeFromTheFuture: A newer program made it; nothing is in the folder, and the database is no empty one any more.
    """
    backup.refuse_full(folder)
    made = backup.examine(file)
    with _engine(url) as engine, _taken_out(file, key, folder) as beside:
        with scope.within(OWNER), engine.begin() as connection:
            if connection.execute(text(_TABLES)).scalar():
                raise DatabaseNotEmpty
            make_roles(connection)
        words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
        program = _program("pg_restore", _version(engine))
        _read(program, url, opened(beside / DUMP, home_key(beside)), *words)
        with scope.within(OWNER), engine.begin() as connection:
            let_roles_in(connection)
        _go_on_anew(url, beside, now)
    return made


def _go_on_anew(url: str, folder: Path, now: datetime) -> None:
    """Begin a new incarnation, before anybody can find the folder and serve on under the old one."""
    store = open_store(url, folder, now)
    try:
        store.postbox.begin_incarnation(ROLLED_BACK, now)
    finally:
        store.close()


@contextmanager
def _taken_out(file: Path, key: Path, folder: Path) -> Iterator[Path]:
    """Take the files of a backup out beside a folder; they are in it if the block comes to its end, but those that the
    database is made of."""
    try:
        with backup.taken_out(file, key, folder, DUMP) as beside:
            if json.loads((beside / STORE).read_text("ascii"))["key"] != key_mark(home_key(beside)):
                raise backup.KeyDoesNotFit(key, "是另一份数据的密钥")
            yield beside
            for name in (DUMP, STORE):
                (beside / name).unlink()
    except SealBroken as error:
        raise backup.BackupSpoilt(DUMP) from error


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = engine_of(url)
    try:
        yield engine
    except DBAPIError as error:
        raise DatabaseAway(str(error.orig)) from error
    finally:
        engine.dispose()


def _look_at(engine: Engine, mark: str) -> None:
    """Refuse what one file cannot hold, and a folder that is none of the database's."""
    with scope.within(OWNER), engine.connect() as connection:
        elsewhere = connection.execute(text(_ELSEWHERE)).scalars().all()
        known = connection.execute(text("SELECT text FROM note WHERE name = 'store/key'")).scalar()
    if elsewhere:
        raise CountiesElsewhere(elsewhere)
    if known != mark:
        raise OtherKey


def _version(engine: Engine) -> int:
    with scope.within(OWNER), engine.connect() as connection:
        return int(connection.execute(text(_VERSION)).scalar_one())


def _program(name: str, version: int) -> Path:
    """Return where a program is that belongs to this version of PostgreSQL, or else whatever the PATH has.

    Raises:
        ToolsMissing: There is none.
    """
    own = [Path(place.format(version)) / name for place in PLACES]
    found = next((file for file in own if file.exists()), None) or shutil.which(name)
    if not found:
        raise ToolsMissing(name, version)
    return Path(found)


def _dump(program: Path, url: str, to: Path, key: bytes) -> None:
    """Write a database out, sealed on its way.

    Raises:
        ToolFailed: The program gave up.
    """
    with _running(program, url, "--format=custom", stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        seal_into(to, running.stdout, key)


def _read(program: Path, url: str, chunks: Iterable[bytes], *words: str) -> None:
    """Let a program read what was written out; into a database, if it is told one.

    Raises:
        ToolFailed: The program gave up.
    """
    with _running(program, url, *words, stdin=subprocess.PIPE) as running:
        assert running.stdin is not None
        with suppress(BrokenPipeError), running.stdin:  # why it reads no further, it says itself
            for chunk in chunks:
                running.stdin.write(chunk)


@contextmanager
def _running(
    program: Path, url: str, *words: str, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program on a database until the end of the block; its password stands on no command line."""
    shown, password = _without_password(make_url(url or f"{POSTGRESQL}:///"))
    told = {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    command = [str(program), *([f"--dbname={shown}", "--no-password"] if url else []), *words]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=os.environ | told, stdin=stdin, stdout=stdout, stderr=said) as running,
    ):
        try:
            yield running
        except BaseException:
            running.kill()  # it must not come to an end that looks like one
            raise
        if running.wait():
            said.seek(0)
            raise ToolFailed(program.name, re.sub(r"^\S+: (error: )?", "", said.read().decode("utf-8", "replace")))


def _without_password(place: URL) -> tuple[str, str]:
    """Return an address as these programs take it, without its password, and the password; '' when it has none.

    `URL.set` leaves a part as it was that it is told to be None.
    """
    told = place.password or place.query.get("password", "")
    rest = place.difference_update_query(["password"])._replace(drivername=POSTGRESQL, password=None)
    return rest.render_as_string(hide_password=False), told if isinstance(told, str) else told[-1]
