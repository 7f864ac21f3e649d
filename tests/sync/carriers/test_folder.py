"""A pack onto a stick: whatever happens to the stick, it is whole there or nobody says so, and nothing else changes."""

import hashlib
import os
from random import Random

import pytest

from app.domain.errors import StickGone
from sync.carriers import folder as carrying
from sync.carriers import incoming, pack_name, write_out
from tests.sync.carriers.faulty import FaultyDisk, every_call

PULLS = int(os.environ.get("YUANBA_PULLS", "100"))
NAME = pack_name("530102001", "7f3a91c2d4e5f607", 147)
FILE = f"YUANBA/530102/{NAME}"
PACK = Random(147).randbytes(30_000)
BEFORE = {
    "YUANBA/530102/YB-530102001-7F3A-000146.YB": b"the pack before",
    "YUANBA/530102/yb-530102001-7f3a-000147.yb": b"another pack, written small",
    "YUANBA/530102/YB-530102001-7F3A-000147-2.YB.PART": b"what somebody left",
    "\u7167\u7247.jpg": b"somebody's photograph",
}
WRITTEN = "YUANBA/530102/YB-530102001-7F3A-000147-2.YB"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    for module in (carrying, incoming):
        monkeypatch.setattr(module, "CHUNK", 4_096)
    monkeypatch.setattr(carrying, "SYNC_EVERY", 8_192)


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
@pytest.mark.parametrize("shows_bare", [False, True], ids=["dead", "bare"])
def test_a_stick_pulled_at_any_call_holds_nothing_a_part_or_all(sticks, before, shows_bare):
    count = calls_of_a_writing(sticks, before)
    said = 0

    for call, seed in every_call(count, PULLS // 4):
        stick = sticks(seed, before)
        stick.pull_at, stick.shows_bare = call, shows_bare
        with pytest.raises(StickGone) as told:
            carry(stick)
        said += told.value.kept.startswith("本机的东西都在")

        assert is_nothing_else(stick.image, before)
        assert stick.left_in_the_bare_folder() == []

    assert said >= count
