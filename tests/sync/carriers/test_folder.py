"""A pack onto a stick: whatever happens to the stick, it is whole there or nobody says so, and nothing else changes."""

import errno
import hashlib
import os
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import CarryStopped, NotCarried, StickFull, StickGone, StickLies, StickReadOnly
from sync.carriers import RealDisk, incoming, pack_name, place_of, take_from, write_out
from sync.carriers import folder as carrying
from tests.sync.carriers.faulty import FaultyDisk, every_call

PULLS = int(os.environ.get("YUANBA_PULLS", "100"))
NAME = pack_name("530102001", "7f3a91c2d4e5f607", 147)
FILE = f"YUANBA/530102/{NAME}"
PACK = Random(147).randbytes(30_000)
BEFORE = {
    "YUANBA/530102/YB-530102001-7F3A-000146.YB": b"the pack before",
    "YUANBA/530102/yb-530102001-7f3a-000147.yb": b"another pack, written small",
    "YUANBA/530102/YB-530102001-7F3A-000147.YB.PART": b"what somebody left",
    "\u7167\u7247.jpg": b"somebody's photograph",
}
WRITTEN = "YUANBA/530102/YB-530102001-7F3A-000147-2.YB"
BENEATH = {FILE: b"of this machine", WRITTEN: b"of this machine"}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    for module in (carrying, incoming):
        monkeypatch.setattr(module, "CHUNK", 4_096)
    for name, value in {"SYNC_FIRST": 8_192, "SYNC_MOST": 16_384, "QUICK_S": 1e9, "SLOW_S": 1e9}.items():
        monkeypatch.setattr(carrying, name, value)


@pytest.fixture
def stick(tmp_path):
    return FaultyDisk(tmp_path)


@pytest.fixture
def sticks(tmp_path):
    """Return a maker of sticks, one for each seed."""
    made = []

    def make(seed, before=BEFORE):
        root = tmp_path / str(len(made))
        root.mkdir()
        made.append(FaultyDisk(root, seed, before))
        return made[-1]

    return make


def carry(stick, pack=PACK, **more):
    return write_out(stick.place(), "530102", NAME, lambda out: pour(out, pack), len(pack), stick, **more)


def pour(out, pack):
    """Write as a tar does: now little, now much."""
    for start in range(0, len(pack), 5_000):
        out.write(pack[start : start + 512])
        out.write(pack[start + 512 : start + 5_000])


def calls_of_a_writing(sticks, before=BEFORE):
    stick = sticks(0, before)
    carry(stick)
    return stick.calls


def told_by(stick):
    """Return what a writing told, or None when it said the pack is there."""
    try:
        carry(stick)
    except NotCarried as trouble:
        return trouble
    return None


def is_said_in_three_parts(trouble):
    return all((trouble.what, trouble.kept, trouble.advice))


def is_nothing_else(found, before=BEFORE, pack=PACK):
    """Return whether a medium holds what was there before, and of the pack nothing, a part of it, or all."""
    new = {name: content for name, content in found.items() if before.get(name) != content}
    parts = [name for name in new if name.endswith(".PART")]
    return set(before) <= set(found) and all(new[name] == pack for name in set(new) - set(parts)) and len(new) <= 2


def test_a_pack_arrives_whole_under_its_name(stick):
    done = carry(stick)

    assert stick.shown() == {FILE: PACK}
    assert done.path == stick.root / FILE
    assert (done.name, done.to_org, done.size) == (NAME, "530102", len(PACK))
    assert done.sha256 == hashlib.sha256(PACK).hexdigest()


def test_what_is_written_is_there_however_soon_the_stick_is_pulled(sticks):
    for seed in range(PULLS):
        stick = sticks(seed)
        carry(stick)

        assert stick.pull() == {**BEFORE, WRITTEN: PACK}


@pytest.mark.parametrize("before", [{}, BEFORE], ids=["empty", "used"])
@pytest.mark.parametrize("beneath", [None, {}, BENEATH], ids=["dead", "bare", "bare but used"])
def test_a_stick_pulled_at_any_call_holds_nothing_a_part_or_all(sticks, before, beneath):
    count = calls_of_a_writing(sticks, before)

    for call, seed in every_call(count, PULLS // 6):
        stick = sticks(seed, before)
        stick.pull_at, stick.shows_bare = call, beneath is not None
        for name, content in (beneath or {}).items():
            (stick.bare / name).parent.mkdir(parents=True, exist_ok=True)
            (stick.bare / name).write_bytes(content)
        under_it = stick.under_it()
        told = told_by(stick)

        assert isinstance(told, StickGone) or (told is None and stick.calls < call)
        assert is_nothing_else(stick.pull(), before)
        assert stick.under_it() == under_it


@pytest.mark.parametrize("is_sticky", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize(
    ("fault", "trouble"),
    [(errno.EIO, StickGone), (errno.ENOSPC, StickFull), (errno.EROFS, StickReadOnly)],
    ids=["EIO", "ENOSPC", "EROFS"],
)
def test_a_fault_at_any_call_is_said_in_words_and_leaves_what_was_there(sticks, fault, trouble, is_sticky):
    for call, seed in every_call(calls_of_a_writing(sticks), PULLS // 10):
        stick = sticks(seed)
        stick.fault, stick.fault_at, stick.is_sticky = fault, call, is_sticky

        told = told_by(stick)

        if told is None:
            assert stick.pull() == {**BEFORE, WRITTEN: PACK}
        else:
            assert isinstance(told, trouble)
            assert is_said_in_three_parts(told)
            assert is_nothing_else(stick.shown())
            assert is_sticky or stick.shown() == BEFORE


def test_nobody_says_a_pack_is_there_when_the_stick_only_says_so(sticks):
    said = 0
    for seed in range(PULLS):
        stick = sticks(seed)
        stick.is_lying = True
        try:
            carry(stick)
        except StickLies:
            said += 1
            assert BEFORE.items() <= stick.pull().items()
        else:
            assert stick.pull()[WRITTEN] == PACK

    assert said >= PULLS * 0.95


def test_a_stick_smaller_than_it_says_is_found_out(sticks):
    stick = sticks(1)
    stick.real_room = 20_000

    with pytest.raises(StickLies) as told:
        carry(stick)

    assert told.value.sentence() == (
        "“示例U盘”写进去的读不回来。这一包不算拷出，本机的东西都在。这个盘靠不住，换一个U盘再来一次"
    )
    assert stick.shown() == BEFORE


def test_a_stick_without_room_is_refused_before_anything_is_made(stick):
    stick.room = len(PACK) - 1

    with pytest.raises(StickFull, match="装不下"):
        carry(stick)

    assert not {"create", "make_folder", "write"} & set(stick.asked)


def test_a_stick_that_fills_up_on_the_way_is_left_as_it_was(sticks):
    stick = sticks(3)
    stick.room = 20_000

    with pytest.raises(StickFull):
        write_out(stick.place(), "530102", NAME, lambda out: pour(out, PACK), 0, stick)

    assert stick.shown() == BEFORE


def test_a_stick_that_is_read_only_is_not_written_to(stick):
    with pytest.raises(StickReadOnly):
        write_out(replace(stick.place(), is_read_only=True), "530102", NAME, lambda out: pour(out, PACK), 0, stick)

    assert not {"create", "make_folder", "write"} & set(stick.asked)


def test_another_stick_in_the_same_socket_is_not_written_to(stick):
    place = stick.place()
    stick.volume = "5E6F-7A8B"

    with pytest.raises(StickGone) as told:
        write_out(place, "530102", NAME, lambda out: pour(out, PACK), 0, stick)

    assert told.value.advice == "插好原来那个U盘，再来一次"
    assert not {"create", "make_folder", "write"} & set(stick.asked)


def test_a_stop_at_any_step_leaves_the_stick_as_it_was(sticks):
    steps = []
    carry(sticks(0), progress=lambda done, whole: steps.append((done, whole)))

    for step in range(len(steps)):
        stick, heard = sticks(step), []
        with pytest.raises(CarryStopped):
            carry(stick, stop=lambda heard=heard, step=step: heard.append(1) or len(heard) > step)

        assert stick.shown() == BEFORE
    assert len(steps) > 10


def test_progress_comes_to_its_end_and_never_goes_back(stick):
    steps = []

    carry(stick, progress=lambda done, whole: steps.append((done, whole)))

    assert steps == sorted(steps)
    assert steps[-1] == (2 * len(PACK), 2 * len(PACK))
    assert (len(PACK), 2 * len(PACK)) in steps


def test_a_slow_stick_is_waited_for_more_often_than_a_quick_one(monkeypatch):
    monkeypatch.undo()
    mib = 1 << 20

    assert carrying.next_stretch(mib, 0.01) == 4 * mib
    assert carrying.next_stretch(64 * mib, 0.01) == 64 * mib
    assert carrying.next_stretch(4 * mib, 0.5) == 4 * mib
    assert carrying.next_stretch(4 * mib, 1.5) == 2 * mib
    assert carrying.next_stretch(mib, 9) == mib


def test_trouble_of_whoever_gives_the_bytes_is_theirs_and_nothing_stays(sticks):
    def breaks(out):
        out.write(PACK)
        raise OSError(errno.EIO, "the machine's own disk")

    stick = sticks(1)
    with pytest.raises(OSError, match="own disk"):
        write_out(stick.place(), "530102", NAME, breaks, 0, stick)

    assert stick.shown() == BEFORE


def test_the_same_pack_is_not_written_twice_and_another_of_its_name_gets_a_number(stick):
    first, again, other = carry(stick), carry(stick), carry(stick, b"other")

    assert first == again
    assert other.name == "YB-530102001-7F3A-000147-2.YB"
    assert stick.pull() == {FILE: PACK, WRITTEN: b"other"}


def test_a_folder_somebody_named_in_small_letters_is_the_same_folder(sticks):
    stick = sticks(1, {"yuanba/530102/note.txt": b"kept"})

    carry(stick)

    assert stick.shown() == {"yuanba/530102/note.txt": b"kept", f"yuanba/530102/{NAME}": PACK}


def test_a_file_that_has_the_name_of_our_folder_stays(sticks):
    stick = sticks(1, {"Yuanba": b"somebody's"})

    with pytest.raises(NotCarried) as told:
        carry(stick)

    assert told.value.sentence() == (
        "“Yuanba”这个名字被占着。本机的东西都在，盘上原有的文件没动。把那个文件挪开，再来一次"
    )
    assert stick.shown() == {"Yuanba": b"somebody's"}


@pytest.mark.parametrize(
    "name", ["../X.YB", "YB-桃园村.YB", "YB-1.TAR", "YB-" + "1" * 60 + ".YB", "YB-1:2.YB", "CON.YB"]
)
def test_a_name_that_no_stick_could_bear_is_never_tried(stick, name):
    with pytest.raises(ValueError, match="no name"):
        write_out(stick.place(), "530102", name, lambda out: None, 0, stick)
    with pytest.raises(ValueError, match="no name"):
        write_out(stick.place(), "../53", NAME, lambda out: None, 0, stick)

    assert stick.calls == 0


def test_the_name_of_a_pack_is_short_plain_and_large():
    assert NAME == "YB-530102001-7F3A-000147.YB"
    assert len(NAME + ".PART") < 60


@settings(max_examples=50)
@given(pieces=st.lists(st.binary(max_size=9_000), max_size=8), seed=st.integers(0, 2**32))
def test_any_bytes_in_any_pieces_arrive_as_they_are(tmp_path_factory, pieces, seed):
    stick = FaultyDisk(tmp_path_factory.mktemp("stick"), seed)

    done = write_out(stick.place(), "53", NAME, lambda out: [out.write(piece) for piece in pieces], 0, stick)

    assert stick.pull() == {f"YUANBA/53/{NAME}": b"".join(pieces)}
    assert done.sha256 == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_a_folder_of_this_machine_takes_packs_as_a_stick_does(tmp_path):
    place = place_of(tmp_path)

    done = write_out(place, "530102", NAME, lambda out: pour(out, PACK), len(PACK))

    assert done.path.read_bytes() == PACK
    assert [found.path for found in take_from(place, "530102")] == [done.path]
    assert not place.is_removable


def test_the_machine_itself_refuses_to_put_one_file_in_the_place_of_another(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(b"old")
    new.write_bytes(b"new")

    with pytest.raises(FileExistsError):
        RealDisk().rename(old, new)

    assert (old.read_bytes(), new.read_bytes()) == (b"old", b"new")
