"""Blobs: what goes in comes out, nobody reads it without the key, and no fault leaves half of one."""

import errno
import os
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.attachment import Attachment
from app.domain.change import ChangeSet, created
from app.domain.errors import AttachmentLost, Damaged, NotSaved
from db import blobs as store
from db import keep
from db.blobs import FileBlobs, lost_attachments
from tests.db.conftest import NOW

KEY = bytes(range(32))
PICTURE = "签了字的纸".encode() * 40_000


@pytest.fixture
def shelf_of_pictures(tmp_path):
    return FileBlobs(tmp_path / "blobs", KEY)


def file_of(blobs, blob_id):
    return blobs._folder / blob_id[:2] / blob_id


def everything(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [0, 1, store.CHUNK - 1, store.CHUNK, store.CHUNK + 1, 2 * store.CHUNK])
def test_what_goes_in_comes_out(shelf_of_pictures, size):
    content = os.urandom(size)

    blob_id = shelf_of_pictures.put(content)

    assert shelf_of_pictures.get(blob_id) == content
    assert shelf_of_pictures.has(blob_id)
    assert shelf_of_pictures.size(blob_id) == size


def test_the_same_picture_twice_is_one_file(shelf_of_pictures, tmp_path):
    first, second = shelf_of_pictures.put(PICTURE), shelf_of_pictures.put(PICTURE)

    assert first == second
    assert len(everything(tmp_path)) == 1


def test_neither_words_nor_their_sum_are_on_the_disk(shelf_of_pictures, tmp_path):
    import hashlib

    blob_id = shelf_of_pictures.put(PICTURE)

    assert "签了字".encode() not in file_of(shelf_of_pictures, blob_id).read_bytes()
    assert blob_id != hashlib.sha256(PICTURE).hexdigest()
    assert FileBlobs(tmp_path / "other", bytes(32)).id_of(PICTURE) != blob_id


def test_another_key_opens_nothing(shelf_of_pictures, tmp_path):
    blob_id = shelf_of_pictures.put(PICTURE)

    with pytest.raises(AttachmentLost):
        FileBlobs(tmp_path / "blobs", bytes(32)).get(blob_id)


@settings(max_examples=int(os.environ.get("YUANBA_FLIPS", "150")))
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_bit_that_turned_is_told_and_never_shown(tmp_path_factory, where, bit):
    blobs = FileBlobs(tmp_path_factory.mktemp("bits") / "blobs", KEY)
    blob_id = blobs.put(b"a page" * 50)
    file = file_of(blobs, blob_id)
    sealed = bytearray(file.read_bytes())
    sealed[int(where * len(sealed))] ^= 1 << bit
    file.write_bytes(sealed)

    with pytest.raises(AttachmentLost) as told:
        blobs.get(blob_id)

    assert isinstance(told.value, Damaged)
    assert "坏了" in told.value.sentence()


def test_chunks_cannot_change_places_be_cut_off_or_take_another_name(shelf_of_pictures):
    long_id = shelf_of_pictures.put(bytes(3 * store.CHUNK))
    other_id = shelf_of_pictures.put(b"\1" * (3 * store.CHUNK))
    whole = file_of(shelf_of_pictures, long_id).read_bytes()
    step = store.CHUNK + store.TAG
    head, one, two, three = (
        whole[: store.HEAD],
        *(whole[store.HEAD + n * step : store.HEAD + (n + 1) * step] for n in range(3)),
    )
    shorter = store.MAGIC + (2 * store.CHUNK).to_bytes(8, "big") + one + two

    for forged in (head + two + one + three, head + one + two, whole + b"\0", shorter, whole[: store.HEAD], b""):
        file_of(shelf_of_pictures, long_id).write_bytes(forged)
        with pytest.raises(AttachmentLost):
            shelf_of_pictures.get(long_id)
    file_of(shelf_of_pictures, other_id).write_bytes(whole)
    with pytest.raises(AttachmentLost):
        shelf_of_pictures.get(other_id)


def test_a_damaged_blob_is_whole_again_when_the_same_page_comes_again(shelf_of_pictures):
    blob_id = shelf_of_pictures.put(PICTURE)
    file_of(shelf_of_pictures, blob_id).write_bytes(b"noise")

    assert shelf_of_pictures.put(PICTURE) == blob_id
    assert shelf_of_pictures.get(blob_id) == PICTURE


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ab", "AB" * 32, "/" * 64, "ab" * 31 + "\n\n"])
def test_a_name_that_is_none_leads_nowhere(shelf_of_pictures, name):
    with pytest.raises(AttachmentLost) as told:
        shelf_of_pictures.get(name)

    assert "不见了" in told.value.what


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
def test_a_disk_that_will_not_take_it_leaves_nothing(shelf_of_pictures, tmp_path, monkeypatch, fault, call):
    kept = shelf_of_pictures.put(b"before")

    def fails(*_, **__):
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as disk:
        if call == "fsync":
            disk.setattr(os, "fsync", fails)
        else:
            disk.setattr(store.Path, call, fails)
        with pytest.raises(NotSaved):
            shelf_of_pictures.put(PICTURE)

    assert [path.name for path in everything(tmp_path)] == [kept]
    assert not shelf_of_pictures.has(shelf_of_pictures.id_of(PICTURE))
    assert shelf_of_pictures.get(kept) == b"before"


@pytest.mark.skipif(not os.path.isdir("/dev/shm") or os.name == "nt", reason="needs a way to limit file sizes")
def test_a_real_short_write_leaves_nothing(tmp_path):
    """The child may write no file over 1 MB: the disk is full in the middle of the blob."""
    import subprocess
    import sys

    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "from pathlib import Path; from db.blobs import FileBlobs; from app.domain.errors import NotSaved\n"
        "try: FileBlobs(Path(sys.argv[1]), bytes(32)).put(bytes(3_000_000))\n"
        "except NotSaved: print('told')"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "blobs"], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "told"
    assert everything(tmp_path) == []


def test_what_a_crash_left_beside_is_swept_at_the_next_opening(folder):
    beside = folder / "blobs" / "part"
    beside.mkdir(parents=True)
    (beside / "ab.part").write_bytes(b"half")

    keep.open_home(folder, NOW).close()

    assert everything(folder / "blobs") == []


def test_pictures_are_there_when_the_home_is_opened_again(folder):
    home = keep.open_home(folder, NOW)
    blob_id = home.blobs.put(PICTURE)
    home.close()

    again = keep.open_home(folder, NOW)

    assert again.blobs.get(blob_id) == PICTURE
    again.close()


def test_the_deep_check_names_what_is_missing_and_what_is_damaged(home, clock):
    ids = [home.blobs.put(content) for content in (b"one", b"two", b"three")]
    rows = [Attachment(f"a{n}", "c1", blob_id, "image/jpeg", 3) for n, blob_id in enumerate(ids)]
    home.ledger.write(ChangeSet("收扫描件", sum(map(created, rows), ()), "set-1"), "示例干部", clock.now())
    file_of(home.blobs, ids[1]).unlink()
    shutil.copy(file_of(home.blobs, ids[0]), file_of(home.blobs, ids[2]))

    said = lost_attachments(home.shelf, home.blobs)

    assert [line.split(":")[0] for line in said] == ["attachment a1", "attachment a2"]
    assert said[0].endswith("is gone")
    assert said[1].endswith("is damaged")
