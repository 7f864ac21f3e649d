"""U盘: where packs can be carried to and from, as the machine shows it just now.

Linux tells its mounts in one file and how a device hangs on the machine in /sys; UOS and Kylin mount sticks below
/media or /run/media. Windows is asked drive by drive. A stick that does not answer is waited for a blink, no longer.
"""

import ctypes
import os
import re
import select
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from app.domain.errors import StickGone
from sync.carriers.disk import Disk, RealDisk

MOUNTS, DEVICES = Path("/proc/self/mountinfo"), Path("/sys/dev/block")
LABELS = Path("/dev/disk/by-label")
MEDIA = (Path("/run/media"), Path("/media"))
PATIENCE_S = 0.3
NOT_FOR_PACKS = {"iso9660", "squashfs", "swap", "overlay", "autofs"}
NAMELESS = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}|[0-9A-F]{16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|disk\d*|usb\d*")
NO_NAME = "U盘"
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Place:
    """A stick, or a folder that stands in for one. `free` is None when nobody could say in time."""

    folder: Path
    label: str
    free: int | None
    device_id: str
    is_removable: bool
    is_read_only: bool
    filesystem: str


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the mounts. `device` is the number as the system writes it, 8:17."""

    folder: Path
    device: str
    source: str
    filesystem: str
    is_read_only: bool


def sticks(disk: Disk | None = None) -> list[Place]:
    """Return the sticks that can be seen now, by label; never waits for one that does not answer."""
    disk = disk or RealDisk()
    if sys.platform == "win32":
        found = on_windows(disk, ctypes.windll.kernel32)
    else:
        found = on_linux(disk)
    return sorted(found, key=lambda place: (place.label, place.folder))


def place_of(folder: Path, disk: Disk | None = None) -> Place:
    """Return a folder as a place: the stick it lies on, or just the folder itself.

    Raises:
        StickGone: There is no such folder, or it is where a stick was and is bare now.
    """
    disk, folder = disk or RealDisk(), Path(os.path.abspath(folder))
    try:
        if not disk.status(Path(os.path.realpath(folder))).is_folder:
            raise StickGone(folder.name)
    except OSError as cause:
        raise StickGone(folder.name) from cause
    mount = _mount_of(folder, mounts())
    if mount and _lies_bare(folder, mount):
        raise StickGone(folder.name)
    is_removable = bool(mount and _may_be_stick(mount, DEVICES, MEDIA))
    label = label_of(mount) if mount and is_removable else folder.name or str(folder)
    place = _place(folder, label, mount, is_removable, disk)
    if place is None:
        raise StickGone(label, is_silent=True)
    return place


class Watch:
    """Looks whether sticks have come or gone since it last looked; looking costs one system call."""

    def __init__(self, disk: Disk | None = None, mounts_file: Path = MOUNTS) -> None:
        self._disk = disk or RealDisk()
        self._bell = _Bell(mounts_file) if mounts_file.exists() else None
        self._drives = _drives()
        self.places = sticks(self._disk)

    def look(self) -> bool:
        """Return whether anything has changed; `places` then holds what there is now."""
        if not self._has_rung():
            return False
        before, self.places = self.places, sticks(self._disk)
        return before != self.places

    def close(self) -> None:
        """Stop looking."""
        if self._bell:
            self._bell.close()

    def _has_rung(self) -> bool:
        if self._bell:
            return self._bell.has_rung()
        before, self._drives = self._drives, _drives()
        return before != self._drives


class _Bell:
    """The file of the mounts, which the kernel marks when a mount comes or goes."""

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_RDONLY)
        self._poll = select.poll()
        self._poll.register(self._handle, select.POLLPRI | select.POLLERR)
        self.has_rung()

    def has_rung(self) -> bool:
        """Return whether it rang since it was last asked; asking takes the mark away."""
        return bool(self._poll.poll(0))

    def close(self) -> None:
        os.close(self._handle)


def on_linux(
    disk: Disk, mounts_file: Path = MOUNTS, devices: Path = DEVICES, media: tuple[Path, ...] = MEDIA
) -> list[Place]:
    """Return the sticks among the mounts: what hangs on USB can be taken out, or is an image mounted as one."""
    found: dict[str, Place] = {}
    for mount in mounts(mounts_file):
        if _may_be_stick(mount, devices, media):
            place = _place(mount.folder, label_of(mount), mount, True, disk)
            if place is not None:
                found.setdefault(mount.device, place)
    return list(found.values())


def mounts(file: Path = MOUNTS) -> list[Mount]:
    """Return what is mounted, in the order of mounting; empty where the system does not say so."""
    try:
        lines = os.fsdecode(file.read_bytes()).splitlines()
    except OSError:
        return []
    return [mount for line in lines if (mount := _mount(line))]


def _mount(line: str) -> Mount | None:
    """Read `36 35 8:17 / /media/a rw,nosuid shared:1 - vfat /dev/sdb1 rw`; only whole volumes count."""
    before, _, after = line.partition(" - ")
    fields, kinds = before.split(" "), after.split(" ")
    if len(fields) < 6 or len(kinds) < 3 or fields[3] != "/":
        return None
    is_read_only = "ro" in fields[5].split(",") or "ro" in kinds[2].split(",")
    return Mount(Path(_plain(fields[4])), fields[2], _plain(kinds[1]), kinds[0], is_read_only)


def _plain(field: str) -> str:
    """Undo the octal signs the kernel writes for spaces and backslashes."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)


def _may_be_stick(mount: Mount, devices: Path, media: tuple[Path, ...]) -> bool:
    if not mount.source.startswith("/dev/") or mount.filesystem in NOT_FOR_PACKS:
        return False
    is_lent = any(mount.folder.is_relative_to(root) for root in media)
    if hangs_on_usb(mount, devices):
        return is_lent or not _is_system(mount.folder)
    return is_lent and _hangs_on_nothing(mount, devices)


def hangs_on_usb(mount: Mount, devices: Path = DEVICES) -> bool:
    """Return whether the device can be taken out: it says so itself, hangs on USB, or is a card."""
    told = _device_folder(mount, devices)
    if told is None:
        return False
    whole = told if (told / "removable").exists() else told.parent  # a partition lies in the folder of its device
    return _says(whole / "removable", "1") or "/usb" in told.as_posix() or _says(whole / "device" / "type", "SD")


def _hangs_on_nothing(mount: Mount, devices: Path) -> bool:
    """Return whether it is an image or a drive of another machine, which nobody mounts among sticks by chance."""
    told = _device_folder(mount, devices)
    return told is None or "/virtual/" in told.as_posix()


def _device_folder(mount: Mount, devices: Path) -> Path | None:
    try:
        return (devices / mount.device).resolve(strict=True)
    except OSError:
        return None


def _says(file: Path, word: str) -> bool:
    try:
        return file.read_text("ascii").strip() == word
    except (OSError, UnicodeDecodeError):
        return False


def _is_system(folder: Path) -> bool:
    """Return whether the machine itself runs from there, as one started from a stick does."""
    return folder == Path("/") or folder.parts[1] in ("boot", "usr", "var", "home", "efi", "recovery", "persistent")


def label_of(mount: Mount, labels: Path = LABELS) -> str:
    """Return what people call the stick: the name on its volume, else of its folder, else that it is one."""
    try:
        for link in labels.iterdir():
            if os.path.realpath(link) == os.path.realpath(mount.source):
                return _unescaped(link.name)
    except OSError:
        pass  # no such folder where nobody fills it
    return NO_NAME if NAMELESS.fullmatch(mount.folder.name) else mount.folder.name or NO_NAME


def _unescaped(name: str) -> str:
    """Undo the hexadecimal signs udev writes for what is not plain ASCII."""
    raw = re.sub(rb"\\x([0-9a-f]{2})", lambda found: bytes([int(found[1], 16)]), os.fsencode(name))
    return raw.decode("utf-8", "replace").strip() or NO_NAME


def _mount_of(folder: Path, among: list[Mount]) -> Mount | None:
    """Return the mount a folder lies on: the longest path above it, and of those the last."""
    real = Path(os.path.realpath(folder))
    above = [mount for mount in among if real.is_relative_to(mount.folder)]
    return max(reversed(above), key=lambda mount: len(mount.folder.parts), default=None)


def _lies_bare(folder: Path, mount: Mount) -> bool:
    """Return whether a folder is where sticks are mounted and yet lies on the machine's own disk."""
    real = Path(os.path.realpath(folder))
    return any(real.is_relative_to(root) and not mount.folder.is_relative_to(root) for root in MEDIA)


def _place(folder: Path, label: str, mount: Mount | None, is_removable: bool, disk: Disk) -> Place | None:
    """Return the place, or None when it does not answer at all."""
    device_id = _within(PATIENCE_S, lambda: disk.medium(folder))
    if device_id is None:
        return None
    free = _within(PATIENCE_S, lambda: disk.free(folder))
    is_read_only, filesystem = (mount.is_read_only, mount.filesystem) if mount else (False, "")
    return Place(folder, label, free, device_id, is_removable, is_read_only, filesystem)


def _within(patience_s: float, ask: Callable[[], Answer]) -> Answer | None:
    """Return an answer if it comes in time; a question a stick never answers is left to itself."""
    answers: list[Answer] = []

    def asking() -> None:
        try:
            answers.append(ask())
        except OSError:
            return

    thread = Thread(target=asking, daemon=True)
    thread.start()
    thread.join(patience_s)
    return answers[0] if answers else None


def _drives() -> int:
    if sys.platform == "win32":
        return int(ctypes.windll.kernel32.GetLogicalDrives())
    return 0


def on_windows(disk: Disk, kernel32: Any) -> list[Place]:
    """Return the removable drives that have something in them, asking Windows drive by drive."""
    quiet, removable = 0x0001, 2  # no box that asks for a disk; DRIVE_REMOVABLE
    before = kernel32.SetErrorMode(quiet)
    try:
        letters = [chr(65 + bit) for bit in range(2, 26) if kernel32.GetLogicalDrives() >> bit & 1]
        roots = [f"{letter}:\\" for letter in letters]
        asked = [_drive(disk, kernel32, root) for root in roots if kernel32.GetDriveTypeW(root) == removable]
    finally:
        kernel32.SetErrorMode(before)
    return [place for place in asked if place]


def _drive(disk: Disk, kernel32: Any, root: str) -> Place | None:
    """Ask for a volume's name, filesystem and flags; None for an empty card reader."""
    name, kind = ctypes.create_unicode_buffer(261), ctypes.create_unicode_buffer(261)
    flags, read_only = ctypes.c_uint32(), 0x00080000
    if not kernel32.GetVolumeInformationW(root, name, 261, None, None, ctypes.byref(flags), kind, 261):
        return None
    label = name.value.strip() or f"{NO_NAME} ({root[:2]})"
    mount = Mount(Path(root), root, root, kind.value, bool(flags.value & read_only))
    return _place(Path(root), label, mount, True, disk)
