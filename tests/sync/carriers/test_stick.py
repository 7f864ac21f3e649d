"""Sticks as UOS, Kylin, Ubuntu and Windows show them; nobody waits for one that does not answer."""

import ctypes
import os
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.domain.errors import StickGone
from sync.carriers import RealDisk, Watch, place_of, sticks
from sync.carriers import stick as looking
from sync.carriers.disk import forget_on_windows, volume_ids

MOUNTS = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
28 27 254:2 / /boot/efi rw,relatime - vfat /dev/nvme0n1p1 rw
40 27 8:17 / {media}/shili/示例U盘 rw,nosuid shared:9 - vfat /dev/sdb1 rw,utf8
41 27 8:33 / {media}/shili/two\\040words rw - fuseblk /dev/sdc1 ro,user_id=0
42 27 8:49 / {media}/shili/1A2B-3C4D ro - exfat /dev/sdd1 ro
43 27 254:5 / {media}/shili/Windows rw - fuseblk /dev/nvme0n1p5 rw
44 27 11:0 / {media}/shili/UOS rw - iso9660 /dev/sr0 ro
45 27 179:1 / {media}/shili/CARD rw - vfat /dev/mmcblk0p1 rw
46 27 7:3 / {media}/image rw - vfat /dev/loop3 rw
47 27 7:4 / /snap/core ro - ext4 /dev/loop4 ro
48 27 0:51 / {media}/shili/phone rw - fuse.gvfsd-fuse gvfsd-fuse rw
49 27 8:17 /YUANBA /srv/bound rw - vfat /dev/sdb1 rw
50 27 8:65 / /mnt/second rw - ext4 /dev/sde1 rw
not a line of mounts
"""
DEVICES = {
    "8:17": ("pci/usb1/block/sdb", "1", "sdb1"),
    "8:33": ("pci/usb2/block/sdc", "0", "sdc1"),
    "8:49": ("pci/usb3/block/sdd", "1", ""),
    "8:65": ("pci/usb4/block/sde", "0", "sde1"),
    "254:1": ("pci/nvme/block/nvme0n1", "0", "nvme0n1p2"),
    "254:2": ("pci/nvme/block/nvme0n1", "0", "nvme0n1p1"),
    "254:5": ("pci/nvme/block/nvme0n1", "0", "nvme0n1p5"),
    "11:0": ("pci/ata/block/sr0", "1", ""),
    "179:1": ("pci/mmc/block/mmcblk0", "0", "mmcblk0p1"),
    "7:3": ("virtual/block/loop3", "0", ""),
    "7:4": ("virtual/block/loop4", "0", ""),
}


class Answering:
    """A disk that says of every stick that it is there, or nothing at all of one that hangs."""

    def __init__(self, hanging="nobody"):
        self.hanging, self.never = hanging, threading.Event()

    def medium(self, folder):
        if self.hanging in str(folder):
            self.never.wait(30)
        return "7/1A2B-3C4D"

    def free(self, folder):
        return 1_000_000


@pytest.fixture
def machine(tmp_path):
    """Return what on_linux looks at: the mounts, the devices, and where sticks are mounted."""
    for number, (device, removable, partition) in DEVICES.items():
        whole = tmp_path / "sys" / device
        (whole / partition).mkdir(parents=True, exist_ok=True)
        (whole / "removable").write_text(removable + "\n")
        (tmp_path / "block").mkdir(exist_ok=True)
        (tmp_path / "block" / number).symlink_to(whole / partition)
    (tmp_path / "sys/pci/mmc/block/mmcblk0/device").mkdir()
    (tmp_path / "sys/pci/mmc/block/mmcblk0/device/type").write_text("SD\n")
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(media=tmp_path / "media"))
    return {"mounts_file": mounts, "devices": tmp_path / "block", "media": (tmp_path / "media",)}


def test_sticks_cards_and_images_are_found_and_the_machine_itself_is_not(machine):
    found = looking.on_linux(Answering(), **machine)

    assert [(place.label, place.filesystem, place.is_read_only) for place in found] == [
        ("示例U盘", "vfat", False),
        ("two words", "fuseblk", True),
        ("U盘", "exfat", True),
        ("CARD", "vfat", False),
        ("image", "vfat", False),
        ("second", "ext4", False),
    ]
    assert all(place.is_removable and place.free == 1_000_000 for place in found)


def test_a_stick_that_does_not_answer_is_left_out_and_nobody_waits_for_it(machine, monkeypatch):
    monkeypatch.setattr(looking, "PATIENCE_S", 0.05)
    disk = Answering("two words")

    found = looking.on_linux(disk, **machine)
    disk.never.set()

    assert [place.label for place in found] == ["示例U盘", "U盘", "CARD", "image", "second"]


def test_a_stick_is_called_what_is_written_on_its_volume(tmp_path):
    device = tmp_path / "sdb1"
    device.touch()
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "\\xe9\\x9d\\x92\\xe7\\x9f\\xb3\\x20U").symlink_to(device)
    mount = looking.Mount(Path("/media/shili/1A2B-3C4D"), "8:17", str(device), "vfat", False)

    assert looking.label_of(mount, tmp_path / "labels") == "青石 U"
    assert looking.label_of(mount, tmp_path / "none") == "U盘"


def test_this_machine_can_be_asked_for_its_sticks():
    assert all(place.is_removable and place.folder.is_dir() for place in sticks())


def test_a_bare_folder_where_a_stick_was_is_no_place(tmp_path, monkeypatch):
    (tmp_path / "media" / "shili").mkdir(parents=True)
    monkeypatch.setattr(looking, "MEDIA", (tmp_path / "media",))

    with pytest.raises(StickGone, match="shili"):
        place_of(tmp_path / "media" / "shili")
    with pytest.raises(StickGone, match="nowhere"):
        place_of(tmp_path / "nowhere")


def test_a_folder_is_a_place_under_its_own_name(tmp_path):
    place = place_of(tmp_path)

    assert (place.folder, place.label, place.is_removable) == (tmp_path, tmp_path.name, False)
    assert place.free > 0
    assert place.device_id.split("/")[0] == str(os.stat(tmp_path).st_dev)


def test_a_window_looks_cheaply_and_is_told_when_a_stick_comes(monkeypatch):
    here = []
    monkeypatch.setattr(looking, "sticks", lambda disk: list(here))
    watch = Watch()
    rings = iter([False, True, True, False])
    watch._has_rung = lambda: next(rings)
    here.append("stick")

    assert [watch.look() for _ in range(4)] == [False, True, False, False]
    assert watch.places == ["stick"]
    watch.close()


def test_looking_at_the_real_mounts_asks_nothing_when_nothing_has_changed(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(looking, "sticks", lambda disk: pytest.fail("asked for nothing"))
    if watch._bell:
        watch._bell.has_rung()

    assert not watch.look()
    watch.close()


def test_two_sticks_that_get_the_same_number_are_told_apart(tmp_path):
    null = os.stat(os.devnull).st_rdev
    (tmp_path / "1A2B-3C4D").symlink_to(os.devnull)
    (tmp_path / "gone").symlink_to(tmp_path / "nothing")

    assert volume_ids(null, tmp_path) == ["1A2B-3C4D"]
    assert volume_ids(null + 1, tmp_path) == []


class Kernel32:
    """The calls of Windows: C is fixed, D an empty card reader, E a stick, F a nameless one with its lock on."""

    def __init__(self):
        self.volumes = {"E:\\": ("示例U盘", "FAT32", 0), "F:\\": ("", "exFAT", 0x00080000)}
        self.modes = []
        self.CreateFileW = lambda *asked: self.opened.append(asked) or 4
        self.CreateFileW.restype = None
        self.opened, self.closed = [], []

    def SetErrorMode(self, mode):
        self.modes.append(mode)
        return 7

    def GetLogicalDrives(self):
        return 0b111100

    def GetDriveTypeW(self, root):
        return 3 if root == "C:\\" else 2

    def GetVolumeInformationW(self, root, name, size, serial, longest, flags, kind, kind_size):
        if root not in self.volumes:
            return 0
        name.value, kind.value, flags._obj.value = self.volumes[root]
        return 1

    def CloseHandle(self, handle):
        self.closed.append(handle.value)


def test_windows_is_asked_drive_by_drive_and_opens_no_box():
    windows = Kernel32()

    found = looking.on_windows(Answering(), windows)

    assert [(str(place.folder), place.label, place.filesystem, place.is_read_only) for place in found] == [
        ("E:\\", "示例U盘", "FAT32", False),
        ("F:\\", "U盘 (F:)", "exFAT", True),
    ]
    assert windows.modes == [1, 7]


def test_windows_forgets_a_file_opened_past_its_memory():
    windows = Kernel32()

    forget_on_windows(windows, Path("E:/YUANBA/X.YB"))

    assert windows.opened[0][5] == 0x20000000
    assert windows.closed == [4]
    refusing = Kernel32()
    refusing.CreateFileW = lambda *asked: ctypes.c_void_p(-1).value
    with pytest.raises(OSError, match="past the cache"):
        forget_on_windows(refusing, Path("E:/YUANBA/X.YB"))


def test_a_disk_that_does_not_say_how_much_is_left_is_not_full(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "statvfs", lambda folder: SimpleNamespace(f_blocks=0, f_bavail=0, f_frsize=0))

    assert RealDisk().free(tmp_path) > 10**15
