"""A pack onto a stick: whole, or not there.

A pack is written beside its name (`.PART`), made durable, named, its folder made durable, and read back past the
system's memory. Only then is it 已拷出. Whatever happens before takes away what this writing made, nothing else, and
says so. Sticks are FAT: names are upper-case ASCII, differ by more than case, and nobody asks for the time of a file.
"""

import errno
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from time import monotonic
from typing import BinaryIO, cast

from app.domain.errors import (
    CarryStopped,
    NotCarried,
    StickFull,
    StickGone,
    StickLies,
    StickReadOnly,
    Trouble,
)
from sync.carriers.digest import Digest
from sync.carriers.disk import Disk, RealDisk
from sync.carriers.stick import Place

HOUSE = "YUANBA"
PACK, PART = ".YB", ".PART"
NAME = re.compile(r"YB-[A-Z0-9-]{1,40}\.YB", re.ASCII)
ORG = re.compile(r"[A-Z0-9]{1,12}", re.ASCII)
CHUNK = 1 << 20
SYNC_FIRST, SYNC_LEAST, SYNC_MOST = 1 << 20, 1 << 20, 64 << 20
QUICK_S, SLOW_S = 0.2, 0.8
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}

Progress = Callable[[int, int], None]
"""Is told how much of how much is done, in bytes. Writing ends at half, for the other half all is read back."""
Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Written:
    """A pack that is whole on the medium: it has been read back from there. Nothing else may be called 已拷出."""

    path: Path
    name: str
    to_org: str
    size: int
    sha256: str


def pack_name(org: str, device: str, number: int) -> str:
    """Return what a pack is called on every medium: YB-530102001-7F3A-000147.YB."""
    return f"YB-{org}-{device[:4]}-{number:06}{PACK}".upper()


def write_out(
    place: Place,
    to_org: str,
    name: str,
    write: Callable[[BinaryIO], None],
    size_hint: int = 0,
    disk: Disk | None = None,
    progress: Progress = lambda done, whole: None,
    stop: Stop = lambda: False,
) -> Written:
    """Write one pack to a place, `write` giving its bytes, and return when the place has it whole.

    A name that is taken by something else gets a number; a pack that is there already is not written twice.

    Raises:
        NotCarried: It is not there, and nothing else has changed there. What `write` raises passes through.
    """
    name = name.upper()
    if not NAME.fullmatch(name) or not ORG.fullmatch(to_org):
        raise ValueError(f"no name for a stick: {to_org}/{name}")
    pace = Pace(2 * size_hint, progress, stop)
    outgoing = _Outgoing(place, disk or RealDisk(), pace)
    try:
        outgoing.begin(to_org, name, size_hint)
        sink = _Sink(outgoing.write)
        write(cast(BinaryIO, sink))
        sink.pour()
        return outgoing.settle()
    except BaseException:
        outgoing.undo()
        raise


class Pace:
    """How far it is, and whether somebody wants to stop."""

    def __init__(self, whole: int, progress: Progress, stop: Stop) -> None:
        self._done, self._whole, self._progress, self._stop = 0, whole, progress, stop

    def step(self, size: int) -> None:
        """Tell of some more bytes.

        Raises:
            CarryStopped: Somebody wants to stop.
        """
        if self._stop():
            raise CarryStopped
        self._done += size
        self._progress(self._done, max(self._whole, self._done))

    def expect(self, whole: int) -> None:
        """Correct what was guessed about the whole."""
        self._whole = whole


class _Sink(RawIOBase):
    """What a pack is written into: gathers small writes to chunks."""

    def __init__(self, pour: Callable[[memoryview], None]) -> None:
        self._pour, self._gathered, self._size = pour, bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, some: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._size += len(some)
        if len(some) >= CHUNK:
            self.pour()
            self._pour_chunks(memoryview(bytes(some)))  # bytes stay as they are, and are not copied
            return len(some)
        self._gathered += some
        if len(self._gathered) >= CHUNK:
            self.pour()
        return len(some)

    def tell(self) -> int:
        return self._size

    def pour(self) -> None:
        """Pass on what has gathered, in chunks."""
        gathered, self._gathered = self._gathered, bytearray()
        self._pour_chunks(memoryview(gathered))

    def _pour_chunks(self, some: memoryview) -> None:
        for start in range(0, len(some), CHUNK):
            self._pour(some[start : start + CHUNK])


class _Outgoing:
    """A pack on its way: what it made on the medium is known, and taken away again unless it arrives."""

    def __init__(self, place: Place, disk: Disk, pace: Pace) -> None:
        self._place, self._disk, self._pace = place, disk, pace
        self._device = int(place.device_id.partition("/")[0])
        self._made: list[tuple[Path, int]] = []
        self._file: Path | None = None
        self._file_device = self._device
        self._handle: int | None = None
        self._hash, self._size, self._unsynced, self._stretch = Digest(), 0, 0, SYNC_FIRST

    def begin(self, to_org: str, name: str, size_hint: int) -> None:
        """Make the folders and an empty file beside the name; nothing is made where there is no room."""
        self._to_org, self._name = to_org, name
        with asked(self._place, self._disk):
            must_be_there(self._place, self._disk)
            if self._place.is_read_only:
                raise StickReadOnly(self._place.label)
            free = self._disk.free(self._place.folder)
            if free < size_hint:
                raise StickFull(self._place.label, size_hint - free)
            self._folder = self._inner(self._inner(self._place.folder, HOUSE), to_org)
            self._create()

    def _inner(self, folder: Path, name: str) -> Path:
        """Return a folder's folder of this name in any case, making it if there is none."""
        for there in self._disk.names(folder):
            if there.casefold() == name.casefold():
                if not self._disk.status(folder / there).is_folder:
                    raise NotCarried(f"“{there}”这个名字被占着", NotCarried.KEPT, "把那个文件挪开，再来一次")
                return folder / there
        made = folder / name
        self._disk.make_folder(made)
        self._made.append((made, self._disk.status(made).device))
        self._disk.fsync_folder(folder)
        return made

    def _create(self) -> None:
        taken = {there.casefold() for there in self._disk.names(self._folder)}
        name = next(name for name in _numbered(self._name) if (name + PART).casefold() not in taken)
        file = self._folder / (name + PART)
        self._handle = self._disk.create(file)
        self._file = file
        self._file_device = self._disk.status_of(self._handle).device
        self._must_lie_there(self._file_device)

    def _must_lie_there(self, device: int) -> None:
        """Refuse to write under a mount that has gone: what is made then lies in the bare folder."""
        if device != self._device:
            raise StickGone(self._place.label)

    def write(self, chunk: memoryview) -> None:
        """Write a chunk, and wait for the medium now and then."""
        assert self._handle is not None
        self._pace.step(len(chunk))
        self._hash.update(chunk)
        with asked(self._place, self._disk):
            write_all(self._disk, self._handle, chunk)
            self._size += len(chunk)
            self._unsynced += len(chunk)
            if self._unsynced >= self._stretch:
                self._catch_up(self._handle)

    def _catch_up(self, handle: int) -> None:
        """Wait for the medium, so that progress is what it has, and a stop is heard within a second on a slow one."""
        begun = monotonic()
        self._disk.fsync(handle)
        self._unsynced, self._stretch = 0, next_stretch(self._stretch, monotonic() - begun)

    def settle(self) -> Written:
        """Make the file durable, give it its name, and read it back."""
        assert self._handle is not None
        assert self._file is not None
        self._pace.expect(2 * self._size)
        with asked(self._place, self._disk):
            self._disk.fsync(self._handle)
            self._let_go()
            name, is_new = self._free_name()
            final = self._folder / name
            if is_new:
                self._disk.rename(self._file, final)
                self._file = final
            self._disk.fsync_folder(self._folder)
            if is_new:
                self._read_back(final)
            must_be_there(self._place, self._disk)
        if is_new:
            self._file = None
        else:
            self._take_away()
        return Written(final, name, self._to_org, self._size, self._hash.hexdigest())

    def _free_name(self) -> tuple[str, bool]:
        """Return the first name that is free, or one under which this very pack lies there already."""
        there = {name.casefold(): name for name in self._disk.names(self._folder)}
        for name in _numbered(self._name):
            other = there.get(name.casefold())
            if other is None:
                return name, True
            if self._is_the_same(self._folder / other):
                return other, False
        raise FileExistsError(self._name)

    def _is_the_same(self, file: Path) -> bool:
        told = self._disk.status(file)
        if not told.is_file or told.size != self._size:
            return False
        handle = self._disk.open(file)
        try:
            with suppress(PermissionError):  # Windows makes nothing durable through a handle that only reads
                self._disk.fsync(handle)
        finally:
            self._disk.close(handle)
        return self._read(file) == self._hash.hexdigest()

    def _read_back(self, file: Path) -> None:
        try:
            is_whole = self._read(file) == self._hash.hexdigest()
        except FileNotFoundError as cause:
            must_be_there(self._place, self._disk)
            raise StickLies(self._place.label) from cause
        if not is_whole:
            raise StickLies(self._place.label)

    def _read(self, file: Path) -> str:
        """Return the hash of a file as the medium has it, not as the system remembers it."""
        self._disk.forget(file)
        handle, read = self._disk.open(file), Digest()
        try:
            self._must_lie_there(self._disk.status_of(handle).device)
            for chunk in iter(lambda: self._disk.read(handle, CHUNK), b""):
                self._pace.step(len(chunk))
                read.update(chunk)
        finally:
            self._disk.close(handle)
        return read.hexdigest()

    def _let_go(self) -> None:
        if self._handle is not None:
            handle, self._handle = self._handle, None
            self._disk.close(handle)

    def undo(self) -> None:
        """Take away all that was made, as far as the medium still answers."""
        with suppress(OSError):
            self._let_go()
        self._take_away()
        for folder, device in reversed(self._made):
            with suppress(OSError):  # it may hold something of somebody else by now
                if self._disk.status(folder).device == device:
                    self._disk.remove_folder(folder)

    def _take_away(self) -> None:
        """Remove the file, unless its name stands for one on another medium by now."""
        with suppress(OSError):
            if self._file and self._disk.status(self._file).device == self._file_device:
                self._disk.remove(self._file)
                self._file = None
                self._disk.fsync_folder(self._folder)


def next_stretch(size: int, took_s: float) -> int:
    """Return how much to write before waiting again: much more where it went quickly, half where slowly."""
    if took_s < QUICK_S:
        return min(4 * size, SYNC_MOST)
    return max(size // 2, SYNC_LEAST) if took_s > SLOW_S else size


def _numbered(name: str) -> Iterator[str]:
    """Return the name, then the name with -2, -3 and so on."""
    stem = name.removesuffix(PACK)
    yield name
    yield from (f"{stem}-{number}{PACK}" for number in range(2, 1000))


@contextmanager
def asked(place: Place, disk: Disk) -> Iterator[None]:
    """Say in words what it means that a stick did not do what it was asked for.

    Raises:
        NotCarried: In the place of any OSError.
    """
    try:
        yield
    except OSError as cause:
        raise _meaning(cause, place, disk) from cause


def _meaning(cause: OSError, place: Place, disk: Disk) -> Trouble:
    if not _is_there(place, disk):
        return StickGone(place.label)
    if cause.errno in FULL:
        return StickFull(place.label)
    if cause.errno in READ_ONLY:
        return StickReadOnly(place.label)
    return StickGone(place.label, is_silent=True)


def must_be_there(place: Place, disk: Disk) -> None:
    """Refuse a place whose medium has gone or is another one.

    Raises:
        StickGone: The folder lies on something else now, or nowhere.
    """
    if not _is_there(place, disk):
        raise StickGone(place.label)


def _is_there(place: Place, disk: Disk) -> bool:
    try:
        return disk.medium(place.folder) == place.device_id
    except OSError:
        return False


def write_all(disk: Disk, handle: int, chunk: memoryview) -> None:
    """Write a chunk whole, however little is taken at a time."""
    while chunk:
        chunk = chunk[disk.write(handle, chunk) :]
