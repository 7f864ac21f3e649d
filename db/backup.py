"""Backups: a whole home in one file while it goes on working, checked before anybody relies on it; the key apart.

The ledger is copied as one moment of it (`VACUUM INTO`, still encrypted), then the blobs, which never change; what came
after that moment is in the next backup. The key is not in the file: whoever finds the file alone can read nothing.

    manifest.json       [[name, size, sha256], …] of everything that follows
    ledger.db           the ledger
    blobs/…             pictures and files, as they lie
    …                   what else a home keeps beside (erased words, marks)
"""

import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlcipher3.dbapi2

from app.domain.errors import Damaged, HomeUnreadable, KeyMissing, Refused, Trouble
from app.domain.wording import why_not
from db.blobs import fsync_folder
from db.keep import DAMAGED, has_key, hold, home_key
from db.store_folder import refuse

LEDGER, DUMP, MANIFEST, LOCK = "ledger.db", "database.dump", "manifest.json", "lock"
NOT_TAKEN = frozenset({LOCK, "key", "key.twin", LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", "relay", "part"})
"""What of a home is not in a backup: what is made anew, what is only passing through, and the key."""
Progress = Callable[[int, int], None]


class BackupSpoilt(Trouble):
    """A backup is not whole, or not one."""

    code = "E-330"

    def __init__(self, name: str) -> None:
        super().__init__(f"备份文件不完整：{name}", "现有数据没有动", "换一份备份再恢复")


class NotWritten(Trouble):
    """A backup, or what was in it, cannot be written where somebody said."""

    code = "E-338"

    def __init__(self, where: Path, why: str) -> None:
        super().__init__(
            f"{where} 写不进去（{why}）",
            "数据没有动，原来的备份也没有动，没写完的已经清掉",
            "换一个放得下、写得进的地方，再来一次",
        )


class KeyDoesNotFit(Trouble):
    """The key that was named is not there, or not that of the backup."""

    code = "E-339"

    def __init__(self, key: Path, why: str) -> None:
        super().__init__(
            f"{key} 打不开这份备份（{why}）",
            "什么也没恢复，备份文件没有动",
            "--key 写备份时用 --key-to 另存的那一份，再来一次",
        )


class NotThere(Refused):
    """A backup or a key would be written over something else, or into the home itself."""

    def __init__(self, where: Path, why: str) -> None:
        super().__init__(f"不能写到 {where}：{why}", "什么也没写，数据没有动", "换一个地方，或者换一个名字")


class OtherKind(Refused):
    """A backup of a home is to become a province on a PostgreSQL, or one of such a province a home."""

    def __init__(self, file: Path, *, is_of_province: bool) -> None:
        super().__init__(
            f"{file} 是 PostgreSQL 的备份" if is_of_province else f"{file} 不是 PostgreSQL 的备份，账本是一个文件",
            "备份文件是好的，什么也没恢复",
            "把 --database 和一个空数据库的地址也写上，再来一次" if is_of_province else "不写 --database，再来一次",
        )


class FolderNotEmpty(Refused):
    """Somebody would restore over something."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} 里已经有东西", "没有动它", "恢复到一个空文件夹里")


class NoLedger(Refused):
    """Somebody would back up a folder without a ledger: that of a province whose facts are in PostgreSQL, or none."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} 里没有 {LEDGER}，备份出来会是空的",
            "什么也没写，数据没有动",
            "数据放在 PostgreSQL 里的，把 --database 和地址也写上；不是的话，看看 --home 写得对不对",
        )


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    files: int
    size: int
    sha256: str


def back_up(home: Path, to: Path, progress: Progress = lambda done, whole: None) -> Backup:
    """Write a backup of a home, which may be open, and read it back; the file is there whole or not at all.

    Raises:
        NoLedger, FactsElsewhere: There is none of a home.
        KeyMissing: The home has no key.
        HomeUnreadable: The ledger is none, or damaged.
        NotThere: Something else is there, or it would lie in the home.
        NotWritten, NotSaved: The disk would not take it; nothing is left of it.
    """
    if not (home / LEDGER).exists():
        raise NoLedger(home)
    refuse(home)
    with place_for(home, to) as passing:
        ledger = passing / LEDGER
        _snapshot(home / LEDGER, home_key(home), ledger)
        return written(to, [(LEDGER, ledger), *beside(home)], progress)


@contextmanager
def place_for(home: Path, to: Path) -> Iterator[Path]:
    """Yield a folder beside a backup that is to be written, gone at the end of the block.

    Raises:
        NotThere: Something else is there, or it would lie in the home.
        NotWritten: The disk would not take it.
    """
    if to.is_dir():
        raise NotThere(to, "是文件夹，要写文件名")
    if is_within(to, home):
        raise NotThere(to, "那是数据自己的文件夹")
    if to.exists() and to.stat().st_size and not _is_one(to):
        raise NotThere(to, "那里有别的文件，不是备份")
    try:
        with _passing(to.parent, ".backup-") as (passing, _):
            yield passing
    except OSError as error:
        raise NotWritten(to, why_not(error)) from error


@contextmanager
def _passing(parent: Path, prefix: str) -> Iterator[tuple[Path, IO[str]]]:
    """Yield a folder for what is only passing through, with the lock that says that somebody is at it; those that
    others have left behind, because the power failed, go first."""
    for left in parent.glob(f"{prefix}*"):
        _sweep(left)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    try:
        with hold(folder) as lock:
            yield folder, lock
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(left: Path) -> None:
    if (left / LOCK).is_file():
        with suppress(Damaged), hold(left):
            shutil.rmtree(left, ignore_errors=True)


def is_within(file: Path, home: Path) -> bool:
    """Return whether a file would lie in the folder of a home."""
    return home.resolve() in file.resolve().parents


def _is_one(file: Path) -> bool:
    """Return whether a file begins as a backup does."""
    with suppress(tarfile.TarError, OSError), tarfile.open(file, "r:") as tar:
        first = tar.next()
        return first is not None and first.name == MANIFEST
    return False


def written(to: Path, files: list[tuple[str, Path]], progress: Progress = lambda done, whole: None) -> Backup:
    """Write files into a backup and read it back; it is there whole or not at all.

    Raises:
        NotSaved, OSError: The disk would not take it; nothing is left of it.
    """
    part = to.with_name(to.name + ".part")
    try:
        _write(part, files, progress)
        backup = examine(part)
        part.replace(to)
        fsync_folder(to.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return backup


def examine(file: Path) -> Backup:
    """Read a backup through and return what it holds.

    Raises:
        BackupSpoilt: Something is missing or not what it was.
    """
    try:
        with tarfile.open(file, "r:") as tar:
            told = _manifest(tar)
            for name, size, digest in told:
                member = tar.next()
                content = tar.extractfile(member) if member and member.isreg() and member.name == name else None
                if content is None or _digest(content) != (size, digest):
                    raise BackupSpoilt(name)
            if tar.next() is not None:
                raise BackupSpoilt(file.name)
    except (tarfile.TarError, EOFError, OSError, ValueError, KeyError) as error:
        raise BackupSpoilt(file.name) from error
    with file.open("rb") as whole:
        size, digest = _digest(whole)
    return Backup(len(told), size, digest)


def restore(file: Path, key: Path, home: Path) -> Backup:
    """Put a backup with its key into an empty folder; all of it or nothing.

    Raises:
        BackupSpoilt: The backup is not whole, or none.
        OtherKind: It is one of a province on a PostgreSQL.
        KeyDoesNotFit: The key is not there, or another one.
        FolderNotEmpty: Something is there.
        NotWritten: The disk would not take it; the folder is left as it was.
    """
    refuse_full(home)
    backup = examine(file)
    with taken_out(file, key, home, LEDGER) as passing:
        if not _opens(passing / LEDGER, home_key(passing)):
            raise KeyDoesNotFit(key, "是另一份数据的密钥")
        return backup


def refuse_full(folder: Path) -> None:
    """Refuse to restore into anything but an empty folder, or none.

    Raises:
        FolderNotEmpty: Something is there.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder)


@contextmanager
def taken_out(file: Path, key: Path, folder: Path, holds: str) -> Iterator[Path]:
    """Yield a place beside a folder with all files of a backup and its key; if the block comes to its end, they are in
    the folder, else nowhere.

    Raises:
        BackupSpoilt: A name leads out of the folder, or it does not hold the one that makes it such a backup.
        OtherKind: It holds what makes it one of the other kind.
        KeyDoesNotFit: There is no such key, or it is none.
        NotWritten: The disk would not take it.
    """
    try:
        told = key.read_bytes()
    except OSError as error:
        raise KeyDoesNotFit(key, why_not(error)) from error
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _passing(folder.parent, ".restore-") as (passing, lock):
            _take_all_out(file, told, passing)
            if not (passing / holds).exists():
                raise _not_held(file, passing, holds)
            _look_at_key(passing, key)
            yield passing
            lock.close()
            (passing / LOCK).unlink()
            if folder.exists():
                folder.rmdir()
            passing.rename(folder)
            fsync_folder(folder.parent)
    except OSError as error:
        raise NotWritten(folder, why_not(error)) from error


def _not_held(file: Path, passing: Path, holds: str) -> Trouble:
    is_of_province = holds == LEDGER
    is_other = (passing / (DUMP if is_of_province else LEDGER)).exists()
    return OtherKind(file, is_of_province=is_of_province) if is_other else BackupSpoilt(holds)


def _look_at_key(folder: Path, key: Path) -> None:
    try:
        home_key(folder)
    except KeyMissing as error:
        raise KeyDoesNotFit(key, "不是密钥文件") from error


def _take_all_out(file: Path, key: bytes, folder: Path) -> None:
    with tarfile.open(file, "r:") as tar:
        _manifest(tar)
        while (member := tar.next()) is not None:
            _take_out(tar, member, folder)
    for name in ("key", "key.twin"):
        _write_key(folder / name, key)


def take_key(home: Path, to: Path) -> None:
    """Write the key of a home into a file of its own, for another place than the backups; one that lies there already
    is left.

    Raises:
        KeyMissing: The home has none.
        NotThere: Something else is there, another key perhaps.
        NotWritten: The disk would not take it.
    """
    if not has_key(home):
        raise KeyMissing(str(home))
    home_key(home)
    key = (home / "key").read_bytes()
    if is_within(to, home):
        raise NotThere(to, "那是数据自己的文件夹，密钥要另放一处")
    try:
        if to.exists() and to.read_bytes() == key:
            return
        if to.exists():
            raise NotThere(to, "那里有别的文件，也许是另一把密钥")
        beside = to.with_name(to.name + ".part")
        beside.unlink(missing_ok=True)
        _write_key(beside, key)
        beside.replace(to)
        fsync_folder(to.parent)
    except OSError as error:
        raise NotWritten(to, why_not(error)) from error


def _write_key(file: Path, key: bytes) -> None:
    """Write a key into a new file that nobody else may read, not even for a moment."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(key)
        out.flush()
        os.fsync(out.fileno())


def _opens(ledger: Path, key: bytes) -> bool:
    """Return whether a key opens a ledger."""
    try:
        with _unlocked(ledger, key) as connection:
            connection.execute("PRAGMA cipher_log = off")
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlcipher3.dbapi2.DatabaseError:
        return False
    return True


def _snapshot(ledger: Path, key: bytes, to: Path) -> None:
    try:
        with _unlocked(ledger, key) as connection:
            connection.execute("PRAGMA busy_timeout = 60000")
            connection.execute("VACUUM INTO ?", (str(to),))
    except sqlcipher3.dbapi2.DatabaseError as error:
        if any(word in str(error) for word in DAMAGED):
            raise HomeUnreadable(str(ledger.parent)) from error
        raise OSError(errno.ENOSPC if "full" in str(error) else errno.EIO, str(error)) from error


@contextmanager
def _unlocked(ledger: Path, key: bytes) -> Iterator[Any]:
    """Open a ledger for itself; what is wrong with file or key comes to light at the first question."""
    connection: Any = sqlcipher3.dbapi2.connect(str(ledger), isolation_level=None)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        yield connection
    finally:
        connection.close()


def beside(home: Path) -> Iterator[tuple[str, Path]]:
    """Yield what lies in a home beside its ledger, in the order of names."""
    for folder, inner, names in os.walk(home):
        inner[:] = sorted(set(inner) - NOT_TAKEN)
        for name in sorted(names):
            file = Path(folder) / name
            if name not in NOT_TAKEN and file.is_file() and not file.is_symlink():
                yield file.relative_to(home).as_posix(), file


def _write(part: Path, files: list[tuple[str, Path]], progress: Progress) -> None:
    """Write files into a backup, with what each comes to in front of them; one that is gone meanwhile is left out."""
    told: list[tuple[str, int, str]] = []
    kept: list[tuple[str, Path]] = []
    for name, file in files:
        try:
            with file.open("rb") as content:
                told.append((name, *_digest(content)))
        except FileNotFoundError:
            continue  # gone since: tidied away by the home that is at work
        kept.append((name, file))
    with part.open("wb") as out, tarfile.open(fileobj=out, mode="w:", format=tarfile.PAX_FORMAT) as tar:
        manifest = json.dumps(told, ensure_ascii=False).encode()
        _add(tar, MANIFEST, len(manifest), manifest)
        for done, ((name, file), (_, size, _)) in enumerate(zip(kept, told, strict=True), 1):
            _add(tar, name, size, file)
            progress(done, len(kept))
        tar.close()
        out.flush()
        os.fsync(out.fileno())


def _add(tar: tarfile.TarFile, name: str, size: int, content: bytes | Path) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as source:
        tar.addfile(member, source)


def _manifest(tar: tarfile.TarFile) -> list[tuple[str, int, str]]:
    member = tar.next()
    content = tar.extractfile(member) if member and member.name == MANIFEST else None
    if content is None:
        raise BackupSpoilt(MANIFEST)
    return [(str(name), int(size), str(digest)) for name, size, digest in json.loads(content.read())]


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file of a backup; a name that leads out of the folder is none of ours."""
    to = (folder / member.name).resolve()
    content = tar.extractfile(member)
    if folder.resolve() not in to.parents or content is None:
        raise BackupSpoilt(member.name)
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as out:
        shutil.copyfileobj(content, out)
        out.flush()
        os.fsync(out.fileno())


def _digest(content: Any) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    while block := content.read(1 << 20):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()
