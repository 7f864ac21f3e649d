"""Packs from a stick: found by their names, copied to this machine before anybody reads them, removed when receipted.

A stick's own names are never used for anything here: a copy is called by its SHA-256.
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from app.domain.errors import NoRoomHere, TooLargeToCarry
from sync.carriers.digest import Digest
from sync.carriers.disk import Disk, RealDisk, Status
from sync.carriers.folder import CHUNK, HOUSE, PACK, PART, Pace, Progress, Stop, asked, must_be_there, write_all
from sync.carriers.stick import Place, place_of

NAME = re.compile(r"[A-Z0-9]{1,12}/YB-[A-Z0-9-]{1,45}\.YB(?:\.PART)?", re.ASCII | re.IGNORECASE)
MOST = 80_000_000  # a pack has 64 MB; what is larger is none
DEPTH, NAMES = 4, 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be a pack. `to_org` is whose folder it lay in, empty if nobody's."""

    path: Path
    name: str
    size: int
    to_org: str
    place: Place


def take_from(source: Place | Path, org: str = "", disk: Disk | None = None) -> list[Found]:
    """Return what may be a pack on a stick, in a folder, or the one file given; those for `org` first.

    On a stick it is looked for beside everything else and below YUANBA, in a folder all through, four folders deep.
    Half-written files, hidden ones, empty ones and links are left out. Nothing is opened.

    Raises:
        StickGone: The stick or folder is not there, or does not answer.
    """
    disk = disk or RealDisk()
    if isinstance(source, Path):
        with suppress(OSError):
            if disk.status(Path(os.path.realpath(source))).is_file:
                return _dropped(source, disk)
        place = place_of(source, disk)
    else:
        place = source
    with asked(place, disk):
        must_be_there(place, disk)
        seen = list(_seen(place, disk, only_ours=place is source and place.is_removable))
        must_be_there(place, disk)
    return sorted(seen, key=lambda found: (found.to_org != org, found.name.upper(), found.path))


def _dropped(file: Path, disk: Disk) -> list[Found]:
    told = disk.status(file)
    if not (told.is_file and told.size and _is_pack_name(file.name)):
        return []
    return [Found(file, file.name, told.size, "", place_of(file.parent, disk))]


def _seen(place: Place, disk: Disk, only_ours: bool) -> Iterator[Found]:
    for path, size in _files(place, disk, only_ours):
        if size and _is_pack_name(path.name):
            yield Found(path, path.name, size, _org_of(path), place)


def _is_pack_name(name: str) -> bool:
    """Return whether a name is that of a pack; `._X.YB` is what macOS leaves beside X.YB."""
    return name.upper().endswith(PACK) and not name.startswith(".")


def _org_of(path: Path) -> str:
    above = path.parts[:-1]
    return next((org for house, org in pairwise(above) if house.upper() == HOUSE), "")


def _files(place: Place, disk: Disk, only_ours: bool = True) -> Iterator[tuple[Path, int]]:
    """Return files and their sizes, nearest first, so many names and so deep as anybody would lay packs."""
    waiting, looked_at = [(place.folder, 0)], 0
    for folder, depth in waiting:  # grows while it is gone through
        for name in _names(folder, disk):
            looked_at += 1
            if looked_at > NAMES:
                return
            told = _told(folder / name, disk)
            if told is None:
                continue
            if told.is_file:
                yield folder / name, told.size
            elif told.is_folder and depth < DEPTH and _is_looked_into(name, depth, only_ours):
                waiting.append((folder / name, depth + 1))


def _is_looked_into(name: str, depth: int, only_ours: bool) -> bool:
    """Return whether packs may lie in a folder: on a stick only below YUANBA, and nowhere in hidden ones."""
    return not name.startswith(".") and (depth > 0 or not only_ours or name.upper() == HOUSE)


def _names(folder: Path, disk: Disk) -> list[str]:
    try:
        return disk.names(folder)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []  # somebody else's, or just gone


def _told(path: Path, disk: Disk) -> Status | None:
    try:
        return disk.status(path)
    except (FileNotFoundError, PermissionError):
        return None


def fetch(
    found: Found,
    inbox: Path,
    disk: Disk | None = None,
    progress: Progress = lambda done, whole: None,
    stop: Stop = lambda: False,
) -> Path:
    """Copy what was found into this machine's inbox and return the copy, which is durable and named by its SHA-256.

    The same pack fetched again is the same file. One fetch at a time: what one that was cut off left is thrown away.

    Raises:
        NotCarried: It could not be read, or not be kept; the inbox is as it was.
    """
    disk = disk or RealDisk()
    if found.size > MOST:
        raise TooLargeToCarry(found.name)
    with _here():
        part = _fresh_part(inbox, disk)
        into = disk.create(part)
    try:
        try:
            sha256 = _copy(found, into, disk, Pace(found.size, progress, stop))
        finally:
            disk.close(into)
        with _here():
            return _settled(part, inbox / f"{sha256}{PACK.lower()}", disk)
    except BaseException:
        with suppress(OSError):
            disk.remove(part)
        raise


@contextmanager
def _here() -> Iterator[None]:
    try:
        yield
    except OSError as cause:
        raise NoRoomHere(str(cause)) from cause


def _fresh_part(inbox: Path, disk: Disk) -> Path:
    with suppress(FileExistsError):
        disk.make_folder(inbox)
    part = inbox / "fetched.part"
    with suppress(FileNotFoundError):
        disk.remove(part)
    return part


def _copy(found: Found, into: int, disk: Disk, pace: Pace) -> str:
    """Copy, make durable, and return the hash."""
    hashed, size = Digest(), 0
    for chunk in _chunks(found, disk):
        size += len(chunk)
        if size > MOST:  # it has grown since it was looked at
            raise TooLargeToCarry(found.name)
        pace.step(len(chunk))
        hashed.update(chunk)
        with _here():
            write_all(disk, into, memoryview(chunk))
    with asked(found.place, disk):
        must_be_there(found.place, disk)
    with _here():
        disk.fsync(into)
    return hashed.hexdigest()


def _chunks(found: Found, disk: Disk) -> Iterator[bytes]:
    """Read a file of the stick from its beginning."""
    with asked(found.place, disk):
        handle = disk.open(found.path)
    try:
        while True:
            with asked(found.place, disk):
                chunk = disk.read(handle, CHUNK)
            if not chunk:
                return
            yield chunk
    finally:
        with suppress(OSError):
            disk.close(handle)


def _settled(part: Path, file: Path, disk: Disk) -> Path:
    """Give the copy its name. One of that name has the same bytes, or was damaged since and is replaced."""
    with suppress(FileNotFoundError):
        disk.remove(file)
    disk.rename(part, file)
    disk.fsync_folder(file.parent)
    return file


def leftovers(place: Place, disk: Disk | None = None) -> list[str]:
    """Return what writings that were cut off left below YUANBA, as `53/YB-….YB.PART`.

    Raises:
        StickGone: The stick is not there, or does not answer.
    """
    disk = disk or RealDisk()
    with asked(place, disk):
        must_be_there(place, disk)
        named = [f"{_org_of(path)}/{path.name}" for path, _ in _files(place, disk) if _org_of(path)]
    return sorted(name for name in named if name.upper().endswith(PACK + PART) and NAME.fullmatch(name))


def remove_receipted(place: Place, names: Iterable[str], disk: Disk | None = None) -> list[str]:
    """Remove the packs named, `53/YB-….YB` each, from below YUANBA and return which were there.

    Whoever names them has looked that all in them is receipted by the province. What has no such name stays.

    Raises:
        NotCarried: The stick is not there, or keeps them.
    """
    disk, wanted = disk or RealDisk(), {name.upper() for name in names}
    strange = sorted(name for name in wanted if not NAME.fullmatch(name))
    if strange:
        raise ValueError(f"not names of packs on a stick: {strange}")
    removed = []
    with asked(place, disk):
        must_be_there(place, disk)
        for path, _ in list(_files(place, disk)):
            name = f"{_org_of(path)}/{path.name}"
            if name.upper() in wanted and path.parent.parent.name.upper() == HOUSE:
                disk.remove(path)
                disk.fsync_folder(path.parent)
                removed.append(name)
    return sorted(removed)
