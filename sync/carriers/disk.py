"""The few system calls a carrier makes, and the machine's own way of making them.

They are handed in, so that a test can put a stick there that is pulled, torn, full or lying at any one of them.
Every call may raise OSError; what that means for a person is decided by whoever made the call.
"""

import ctypes
import errno
import os
import shutil
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

VOLUMES = Path("/dev/disk/by-uuid")
WAITS_S = (0.05, 0.1, 0.2, 0.4, 0.8)


@dataclass(frozen=True, slots=True)
class Status:
    """What the system says of a name or an open file. `device` is the number of the medium it lies on.

    Whatever only points elsewhere (a link, a junction) is neither a file nor a folder.
    """

    is_file: bool
    is_folder: bool
    size: int
    device: int


class Disk(Protocol):
    """A disk or a stick, call by call."""

    def create(self, file: Path) -> int:
        """Make a new empty file and return a handle to write it; FileExistsError if the name is taken."""

    def open(self, file: Path) -> int:
        """Return a handle to read a file; links are not followed."""

    def read(self, handle: int, most: int) -> bytes:
        """Return the next bytes, empty at the end."""

    def write(self, handle: int, chunk: memoryview) -> int:
        """Write some of the chunk and return how much of it."""

    def fsync(self, handle: int) -> None:
        """Come back when the medium has all that was written."""

    def forget(self, file: Path) -> None:
        """Drop what the system remembers of a file, so that the next read asks the medium."""

    def close(self, handle: int) -> None:
        """Give the handle back."""

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name; FileExistsError if there is one of that name."""

    def remove(self, file: Path) -> None:
        """Remove one file."""

    def make_folder(self, folder: Path) -> None:
        """Make one folder; FileExistsError if the name is taken."""

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder that is empty; refuse one that is not."""

    def fsync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable."""

    def names(self, folder: Path) -> list[str]:
        """Return the names in a folder, in no order."""

    def status(self, path: Path) -> Status:
        """Say what a name stands for, without following it."""

    def status_of(self, handle: int) -> Status:
        """Say what an open file is."""

    def medium(self, folder: Path) -> str:
        """Return which medium a folder lies on: the device number, then what tells this volume from others."""

    def free(self, folder: Path) -> int:
        """Return how many bytes may still be written there."""


class RealDisk:
    """The machine's own disks and whatever is plugged into it."""

    def create(self, file: Path) -> int:
        """Make a new empty file and return a handle to write it; FileExistsError if the name is taken."""
        return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o644)

    def open(self, file: Path) -> int:
        """Return a handle to read a file; links are not followed."""
        return os.open(file, os.O_RDONLY | _BINARY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))

    def read(self, handle: int, most: int) -> bytes:
        """Return the next bytes, empty at the end."""
        return os.read(handle, most)

    def write(self, handle: int, chunk: memoryview) -> int:
        """Write some of the chunk and return how much of it."""
        return os.write(handle, chunk)

    def fsync(self, handle: int) -> None:
        """Come back when the medium has all that was written."""
        os.fsync(handle)

    def forget(self, file: Path) -> None:
        """Drop what the system remembers of a file, so that the next read asks the medium."""
        if sys.platform == "win32":
            forget_on_windows(ctypes.windll.kernel32, file)
        elif hasattr(os, "posix_fadvise"):
            handle = self.open(file)
            try:
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(handle)

    def close(self, handle: int) -> None:
        """Give the handle back."""
        os.close(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name; FileExistsError if there is one of that name."""
        if os.path.lexists(new):  # POSIX would put the one in the place of the other without a word
            raise FileExistsError(new)
        # On Windows whoever looks for viruses opens a new file at once and holds its name for a moment.
        for wait_s in WAITS_S if os.name == "nt" else ():
            try:
                os.rename(old, new)
            except PermissionError:
                time.sleep(wait_s)
            else:
                return
        os.rename(old, new)

    def remove(self, file: Path) -> None:
        """Remove one file."""
        os.unlink(file)

    def make_folder(self, folder: Path) -> None:
        """Make one folder; FileExistsError if the name is taken."""
        os.mkdir(folder)

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder that is empty; refuse one that is not."""
        os.rmdir(folder)

    def fsync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable; Windows does so with the file itself."""
        if os.name != "nt":
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            except OSError as cause:
                if cause.errno not in (errno.EINVAL, errno.ENOTSUP):  # what is shared over a wire often cannot
                    raise
            finally:
                os.close(handle)

    def names(self, folder: Path) -> list[str]:
        """Return the names in a folder, in no order."""
        return os.listdir(folder)

    def status(self, path: Path) -> Status:
        """Say what a name stands for, without following it."""
        return _status(os.lstat(path))

    def status_of(self, handle: int) -> Status:
        """Say what an open file is."""
        return _status(os.fstat(handle))

    def medium(self, folder: Path) -> str:
        """Return which medium a folder lies on: the device number, then the id of its volume where there is one.

        The number alone would not do: the stick that is plugged in next often gets the number of the last.
        """
        device = os.stat(folder).st_dev
        return "/".join([str(device), *volume_ids(device)])

    def free(self, folder: Path) -> int:
        """Return how many bytes may still be written there."""
        if sys.platform == "win32":
            return shutil.disk_usage(folder).free
        told = os.statvfs(folder)
        return told.f_bavail * told.f_frsize if told.f_blocks else sys.maxsize  # nothing said is not nothing left


_BINARY = getattr(os, "O_BINARY", 0)
_REPARSE_POINT = 0x400  # what Windows calls a name that points elsewhere


def _status(told: os.stat_result) -> Status:
    points_elsewhere = bool(getattr(told, "st_file_attributes", 0) & _REPARSE_POINT)
    return Status(
        is_file=stat.S_ISREG(told.st_mode) and not points_elsewhere,
        is_folder=stat.S_ISDIR(told.st_mode) and not points_elsewhere,
        size=told.st_size,
        device=told.st_dev,
    )


def volume_ids(device: int, volumes: Path = VOLUMES) -> list[str]:
    """Return the id written on the volume with this device number, as a list of one or none."""
    found = []
    with suppress(OSError):  # no such folder outside Linux
        for link in sorted(volumes.iterdir()):
            with suppress(OSError):  # a link may go while it is looked at
                if os.stat(link).st_rdev == device:
                    found.append(link.name)
    return found[:1]


def forget_on_windows(kernel32: Any, file: Path) -> None:
    """Open a file past the cache and close it again: Windows then throws away what it had cached of it."""
    read, share_all, open_existing, no_buffering = 0x80000000, 0x7, 3, 0x20000000
    kernel32.CreateFileW.restype = ctypes.c_void_p
    handle = kernel32.CreateFileW(str(file), read, share_all, None, open_existing, no_buffering, None)
    if handle in (None, ctypes.c_void_p(-1).value):
        raise OSError(f"cannot be opened past the cache: {file}")
    kernel32.CloseHandle(ctypes.c_void_p(handle))
