"""Packs from a stick: what is one, copied here whole or not at all, and removed only when named."""

import errno
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import CarryStopped, NoRoomHere, StickGone, TooLargeToCarry
from sync.carriers import RealDisk, fetch, incoming, leftovers, pack_name, place_of, remove_receipted, take_from
from sync.carriers import folder as carrying
from tests.sync.carriers.faulty import FaultyDisk, every_call

PULLS = int(os.environ.get("YUANBA_PULLS", "100"))
PACK = Random(12).randbytes(30_000)
OURS, PROVINCE = "YUANBA/530102/YB-530102001-7F3A-000147.YB", "YUANBA/53/YB-530102-22B0-000009.YB"
ON_IT = {
    OURS: PACK,
    PROVINCE: b"for the province",
    "YUANBA/530102/yb-530102002-91c2-000003.yb": b"small letters",
    "YB-530102003-0001-000001.YB": b"beside everything",
    "YUANBA/530102/YB-530102001-7F3A-000148.YB.PART": b"half",
    "YUANBA/530102/._YB-530102001-7F3A-000147.YB": b"what macOS leaves",
    "YUANBA/530102/YB-530102001-7F3A-000149.YB": b"",
    "YUANBA/530102/说明.txt": "不是包".encode(),
    "照片/YB-530102001-7F3A-000150.YB": b"not where packs lie",
    ".Trashes/YB-530102001-7F3A-000151.YB": b"thrown away",
}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    for module in (carrying, incoming):
        monkeypatch.setattr(module, "CHUNK", 4_096)


@pytest.fixture
def stick(tmp_path):
    return FaultyDisk(tmp_path, before=ON_IT)


class Here(FaultyDisk):
    """The stick to read from and, beside it, this machine's own disk, which may have no room."""

    is_full = False

    def __init__(self, *of):
        super().__init__(*of)
        self.kept = []

    def create(self, file):
        return RealDisk().create(file)

    def write(self, handle, chunk):
        if self.is_full:
            raise OSError(errno.ENOSPC, "full")
        return RealDisk().write(handle, chunk[: max(1, len(chunk) // 2)])

    def fsync(self, handle):
        self.kept.append("bytes")
        RealDisk().fsync(handle)

    def rename(self, old, new):
        self.kept.append("name")
        RealDisk().rename(old, new)

    def remove(self, file):
        RealDisk().remove(file)

    def make_folder(self, folder):
        RealDisk().make_folder(folder)

    def fsync_folder(self, folder):
        self.kept.append("folder")
        RealDisk().fsync_folder(folder)

    def close(self, handle):
        if handle in self._open:
            super().close(handle)
        else:
            RealDisk().close(handle)


@pytest.fixture
def laptop(tmp_path):
    """Return a maker of laptops, each with the stick in it and an inbox."""
    made = []

    def make(seed=0):
        root = tmp_path / f"laptop{len(made)}"
        root.mkdir()
        made.append(Here(root, seed, ON_IT))
        return made[-1], root / "inbox"

    return make


def ours(disk):
    return next(found for found in take_from(disk.place(), "530102", disk) if found.size == len(PACK))


def test_packs_are_found_whatever_lies_around_them_and_ours_come_first(stick):
    found = take_from(stick.place(), "530102", stick)

    assert [(one.to_org, one.name, one.size) for one in found] == [
        ("530102", "YB-530102001-7F3A-000147.YB", len(PACK)),
        ("530102", "yb-530102002-91c2-000003.yb", 13),
        ("53", "YB-530102-22B0-000009.YB", 16),
        ("", "YB-530102003-0001-000001.YB", 17),
    ]
    assert "open" not in stick.asked


def test_a_folder_is_looked_through_and_a_file_is_itself(tmp_path):
    deep = tmp_path / "下载" / "a" / "b" / "c" / "d" / "e"
    deep.mkdir(parents=True)
    for folder in (tmp_path / "下载", deep.parent, deep):
        (folder / f"{len(folder.parts)}.yb").write_bytes(PACK)

    assert len(take_from(tmp_path / "下载")) == 2
    assert [one.path for one in take_from(deep / f"{len(deep.parts)}.yb")] == [deep / f"{len(deep.parts)}.yb"]
    assert take_from(tmp_path / "下载" / "a" / "b") != []


def test_links_are_not_followed(tmp_path):
    (tmp_path / "stick").mkdir()
    (tmp_path / "secret.yb").write_bytes(PACK)
    (tmp_path / "stick" / "link.yb").symlink_to(tmp_path / "secret.yb")
    (tmp_path / "stick" / "loop").symlink_to(tmp_path / "stick")

    assert take_from(tmp_path / "stick") == []
    assert take_from(tmp_path / "stick" / "link.yb") == []


def test_a_stick_with_nothing_on_it_holds_nothing(tmp_path):
    stick = FaultyDisk(tmp_path)

    assert take_from(stick.place(), "530102", stick) == []
    assert leftovers(stick.place(), stick) == []


def test_a_stick_that_is_not_there_is_named(stick, tmp_path):
    stick.pull()

    with pytest.raises(StickGone, match="示例U盘"):
        take_from(stick.place(), "530102", stick)
    with pytest.raises(StickGone):
        take_from(tmp_path / "nowhere")


def test_names_without_end_do_not_hold_anybody_up(stick, monkeypatch):
    monkeypatch.setattr(incoming, "NAMES", 7)

    take_from(stick.place(), "530102", stick)

    assert stick.asked["status"] <= 7


def test_a_pack_is_copied_here_under_its_own_sum(laptop):
    disk, inbox = laptop()
    steps = []

    copy = fetch(ours(disk), inbox, disk, lambda done, whole: steps.append((done, whole)))

    assert copy == inbox / f"{hashlib.sha256(PACK).hexdigest()}.yb"
    assert copy.read_bytes() == PACK
    assert disk.kept == ["bytes", "name", "folder"]
    assert steps[-1] == (len(PACK), len(PACK))
    assert disk.shown() == ON_IT


def test_fetching_again_is_the_same_file_and_mends_a_damaged_one(laptop):
    disk, inbox = laptop()
    copy = fetch(ours(disk), inbox, disk)
    copy.write_bytes(b"damaged since")
    (inbox / "fetched.part").write_bytes(b"cut off")

    assert fetch(ours(disk), inbox, disk) == copy
    assert copy.read_bytes() == PACK
    assert list(inbox.iterdir()) == [copy]


@pytest.mark.parametrize("shows_bare", [False, True], ids=["dead", "bare"])
def test_a_stick_pulled_at_any_read_changes_nothing_here(laptop, shows_bare):
    disk, inbox = laptop()
    found = ours(disk)
    before = disk.calls
    fetch(found, inbox, disk)

    for call, seed in every_call(disk.calls - before, PULLS // 4):
        disk, inbox = laptop(seed)
        found = ours(disk)
        disk.pull_at, disk.shows_bare = disk.calls + call, shows_bare
        try:
            fetch(found, inbox, disk)
        except StickGone:
            assert list(inbox.iterdir()) == []
        else:
            assert [file.read_bytes() for file in inbox.iterdir()] == [PACK]


def test_a_stick_changed_for_another_in_the_middle_is_not_taken_from(laptop):
    disk, inbox = laptop()

    with pytest.raises(StickGone):
        fetch(ours(disk), inbox, disk, lambda done, whole: setattr(disk, "volume", "5E6F-7A8B"))

    assert list(inbox.iterdir()) == []


def test_a_laptop_without_room_says_so_and_keeps_nothing(laptop):
    disk, inbox = laptop()
    disk.is_full = True

    with pytest.raises(NoRoomHere) as told:
        fetch(ours(disk), inbox, disk)

    assert told.value.kept == "本机什么都没变，盘上的文件也没动"
    assert list(inbox.iterdir()) == []


def test_a_stop_keeps_nothing(laptop):
    disk, inbox = laptop()
    heard = []

    with pytest.raises(CarryStopped):
        fetch(ours(disk), inbox, disk, stop=lambda: heard.append(1) or len(heard) > 3)

    assert list(inbox.iterdir()) == []


def test_what_is_larger_than_a_pack_is_not_copied_even_if_it_grew(laptop, monkeypatch):
    disk, inbox = laptop()
    found = ours(disk)
    monkeypatch.setattr(incoming, "MOST", len(PACK) - 1)

    with pytest.raises(TooLargeToCarry):
        fetch(found, inbox, disk)
    monkeypatch.setattr(incoming, "MOST", len(PACK))
    with (disk.root / OURS).open("ab") as out:
        out.write(b"more")
    with pytest.raises(TooLargeToCarry):
        fetch(found, inbox, disk)

    assert list(inbox.iterdir()) == []


def test_only_what_was_named_is_removed(stick):
    names = ["53/YB-530102-22B0-000009.YB", "530102/YB-530102002-91C2-000003.YB", "530102/YB-530102001-7F3A-000999.YB"]

    removed = remove_receipted(stick.place(), names, stick)

    assert removed == ["53/YB-530102-22B0-000009.YB", "530102/yb-530102002-91c2-000003.yb"]
    gone = {PROVINCE, "YUANBA/530102/yb-530102002-91c2-000003.yb"}
    assert stick.pull() == {name: content for name, content in ON_IT.items() if name not in gone}


@pytest.mark.parametrize(
    "name", ["说明.txt", "530102/说明.txt", "../YB-1.YB", "530102/../53/YB-1.YB", "530102/*.YB", ""]
)
def test_a_name_that_is_no_pack_removes_nothing(stick, name):
    with pytest.raises(ValueError, match="not names of packs"):
        remove_receipted(stick.place(), [name], stick)

    assert stick.shown() == ON_IT


def test_a_stick_pulled_while_packs_are_removed_loses_none_that_was_not_named(tmp_path):
    for call in range(1, 40):
        root = tmp_path / str(call)
        root.mkdir()
        stick = FaultyDisk(root, call, ON_IT)
        stick.pull_at = call
        with suppress(StickGone):
            remove_receipted(stick.place(), ["53/YB-530102-22B0-000009.YB"], stick)

        assert {**stick.pull(), PROVINCE: b""} == {**ON_IT, PROVINCE: b""}


def test_what_was_cut_off_is_listed_so_that_it_can_be_thrown_away(stick):
    left = leftovers(stick.place(), stick)

    assert left == ["530102/YB-530102001-7F3A-000148.YB.PART"]
    assert remove_receipted(stick.place(), left, stick) == left


def test_a_pack_comes_from_one_machine_to_another(tmp_path):
    name = pack_name("530102001", "7f3a", 1)
    (tmp_path / "stick").mkdir()
    place = place_of(tmp_path / "stick")
    carrying.write_out(place, "530102", name, lambda out: out.write(PACK), len(PACK))

    copies = [fetch(found, tmp_path / "inbox") for found in take_from(place, "530102")]

    assert [copy.read_bytes() for copy in copies] == [PACK]
    assert isinstance(copies[0], Path)
