"""A backup of a home at work is one moment of it, whole and checked; without its key nobody reads it."""

import shutil

import pytest
import sqlcipher3.dbapi2
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands.sitting import CallSitting
from app.commands.topic import RaiseTopic
from app.domain.errors import KeyMissing
from app.domain.topic import Topic
from db import keep
from db.backup import (
    BackupSpoilt,
    FolderNotEmpty,
    KeyDoesNotFit,
    NoLedger,
    NotThere,
    NotWritten,
    back_up,
    examine,
    restore,
    take_key,
)
from tests.db.conftest import NOW


@pytest.fixture
def backup(home, folder, desk, tmp_path):
    """A backup of a home that is open and goes on."""
    desk.do(RaiseTopic("修路"))
    home.blobs.put(b"picture" * 1000)
    back_up(folder, tmp_path / "b.tar")
    take_key(folder, tmp_path / "b.key")
    return tmp_path / "b.tar"


def test_a_restored_home_has_the_same_facts(home, backup, tmp_path):
    before = keep.digest(home.engine)

    restore(backup, tmp_path / "b.key", tmp_path / "back")

    again = keep.open_home(tmp_path / "back", NOW)
    assert keep.digest(again.engine) == before
    assert keep.check(again.engine, deep=True).problems == []
    again.close()


def test_what_was_written_meanwhile_is_in_the_next_backup(home, desk, backup, folder, tmp_path):
    desk.do(CallSitting("石墙"))
    desk.do(RaiseTopic("水沟"))

    back_up(folder, tmp_path / "c.tar")
    restore(tmp_path / "c.tar", tmp_path / "b.key", tmp_path / "back")

    again = keep.open_home(tmp_path / "back", NOW)
    assert [one.title for one in again.shelf.all(Topic)] == ["修路", "水沟"]
    again.close()


def test_neither_the_key_nor_a_word_is_in_the_file(backup, tmp_path):
    raw = backup.read_bytes()

    assert "修路".encode() not in raw
    assert (tmp_path / "b.key").read_bytes().split()[0] not in raw


def test_nothing_is_restored_over_anything(backup, folder, tmp_path):
    with pytest.raises(FolderNotEmpty):
        restore(backup, tmp_path / "b.key", folder)


def test_a_home_without_a_key_cannot_be_backed_up(home, folder, tmp_path):
    home.close()
    (folder / "key").unlink()
    (folder / "key.twin").unlink()

    with pytest.raises(KeyMissing):
        back_up(folder, tmp_path / "b.tar")
    assert not (tmp_path / "b.tar").exists()


def test_a_folder_whose_facts_lie_elsewhere_is_not_backed_up_as_if_it_were_empty(tmp_path):
    """A province on PostgreSQL has a folder with a key and pictures, and no ledger in it."""
    folder = tmp_path / "province"
    folder.mkdir()
    keep.home_key(folder)
    before = sorted(file.name for file in folder.iterdir())

    with pytest.raises(NoLedger) as told:
        back_up(folder, tmp_path / "b.tar")

    assert "--database" in told.value.sentence()
    assert not (tmp_path / "b.tar").exists()
    assert sorted(file.name for file in folder.iterdir()) == before


@pytest.mark.usefixtures("backup")
def test_any_damage_is_found_and_nothing_is_restored(tmp_path):
    whole = (tmp_path / "b.tar").read_bytes()

    @settings(max_examples=60)
    @given(st.integers(0, len(whole) - 1), st.booleans())
    def damaged(at, is_cut):
        file = tmp_path / "damaged.tar"
        file.write_bytes(whole[:at] if is_cut else whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        try:
            found = examine(file)
        except BackupSpoilt:
            with pytest.raises(BackupSpoilt):
                restore(file, tmp_path / "b.key", tmp_path / "back")
            assert not (tmp_path / "back").exists()
            return
        assert found.files == examine(tmp_path / "b.tar").files  # padding, owner, time: nothing of ours

    damaged()


def test_a_stopped_backup_leaves_nothing(home, folder, tmp_path):
    def stop(done, whole):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(folder, tmp_path / "b.tar", stop)

    assert not list(tmp_path.glob("*.tar*"))
    assert not list(tmp_path.glob(".backup*"))


def test_a_full_disk_leaves_what_was_there(home, backup, folder, tmp_path, monkeypatch):
    before = backup.read_bytes()
    monkeypatch.setattr(shutil, "copyfileobj", None)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("db.backup._add", full)
    with pytest.raises(NotWritten, match="磁盘满了"):
        back_up(folder, backup)

    assert backup.read_bytes() == before


def test_a_ledger_is_not_backed_up_over_itself_nor_into_its_own_folder(home, folder, desk, tmp_path):
    desk.do(RaiseTopic("修路"))

    for to in (folder / "ledger.db", folder / "b.tar", folder / "blobs" / "b.tar"):
        with pytest.raises(NotThere):
            back_up(folder, to)
    with pytest.raises(NotThere):
        take_key(folder, folder / "b.key")

    assert [one.title for one in home.shelf.all(Topic)] == ["修路"]
    assert not (folder / "b.tar").exists()


def test_only_an_older_backup_is_written_over_and_no_other_file_or_key(backup, folder, tmp_path):
    photograph, other = tmp_path / "photograph.jpg", tmp_path / "other.key"
    photograph.write_bytes(b"\xff\xd8 picture")
    other.write_text("another key", "ascii")

    back_up(folder, backup)
    take_key(folder, tmp_path / "b.key")
    with pytest.raises(NotThere):
        back_up(folder, photograph)
    with pytest.raises(NotThere):
        back_up(folder, tmp_path)
    for file in (other, backup):
        with pytest.raises(NotThere):
            take_key(folder, file)

    assert photograph.read_bytes() == b"\xff\xd8 picture"
    assert other.read_text("ascii") == "another key"
    assert examine(backup).files


def test_with_the_key_of_somebody_else_or_none_nothing_is_restored(backup, tmp_path):
    keep.home_key(tmp_path)
    (tmp_path / "no.key").write_text("words", "ascii")

    for key in (tmp_path / "key", tmp_path / "no.key", tmp_path / "nowhere.key"):
        with pytest.raises(KeyDoesNotFit):
            restore(backup, key, tmp_path / "back")

    assert not (tmp_path / "back").exists()
    assert list(tmp_path.glob(".restore-*")) == []
    restore(backup, tmp_path / "b.key", tmp_path / "back")


def test_where_nothing_can_be_written_it_is_said(backup, folder, tmp_path):
    nowhere = tmp_path / "nowhere" / "b.tar"

    with pytest.raises(NotWritten, match="没有这个文件或文件夹"):
        back_up(folder, nowhere)
    with pytest.raises(NotWritten):
        take_key(folder, nowhere)
    with pytest.raises(NotWritten):
        restore(backup, tmp_path / "b.key", backup / "back")
    with pytest.raises(FolderNotEmpty):
        restore(backup, tmp_path / "b.key", backup)


def test_a_full_disk_is_told_as_one(home, folder, tmp_path, monkeypatch):
    def full(*_):
        raise sqlcipher3.dbapi2.OperationalError("database or disk is full")

    class Connection:
        execute, close = full, print

    monkeypatch.setattr(sqlcipher3.dbapi2, "connect", lambda *_, **__: Connection())
    with pytest.raises(NotWritten, match="磁盘满了"):
        back_up(folder, tmp_path / "b.tar")

    assert not list(tmp_path.glob("*b.tar*"))


def test_what_a_power_cut_left_of_a_backup_or_a_restoring_goes_with_the_next(backup, folder, tmp_path):
    """The second holds the key beside the ledger. A folder that somebody is still at stays, and one of no backup."""
    left, at_work, others = tmp_path / ".backup-left", tmp_path / ".backup-at-work", tmp_path / ".backup-of-others"
    half = tmp_path / ".restore-left"
    for one in (left, at_work, others, half):
        one.mkdir()
        (one / "ledger.db").write_bytes(b"half")
    keep.hold(left).close()
    keep.hold(half).close()

    with keep.hold(at_work):
        back_up(folder, tmp_path / "c.tar")
        restore(backup, tmp_path / "b.key", tmp_path / "back")

    assert [one.exists() for one in (left, half, at_work, others)] == [False, False, True, True]
    assert not (tmp_path / "back" / "lock").exists()
