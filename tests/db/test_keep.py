"""A home is opened whole or not at all, and a disk that says no changes nothing."""

import os
import resource
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import text

from app.commands.people import RegisterPerson
from app.commands.sitting import CallSitting
from app.domain.errors import (
    Damaged,
    HomeBusy,
    HomeFromTheFuture,
    HomeUnreadable,
    KeyMissing,
    NotSaved,
)
from app.domain.people import Person
from app.ports import Is
from app.queries.people import register
from db import keep


@contextmanager
def disk_full(folder):
    """Let no file grow: what is written beyond the log as it is fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((folder / "ledger.db-wal").stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "lock"}


def lines_to_do(trouble):
    """Return whether a person is told what happened, what is safe and what to do."""
    return all((trouble.what, trouble.kept, trouble.advice))


def test_on_a_full_disk_nothing_is_half_written_and_work_goes_on_once_there_is_room(desk, home, folder):
    desk.do(RegisterPerson("赵某甲"))
    digest, tokens = keep.digest(home.engine), keep.check(home.engine).tokens

    with disk_full(folder):
        with pytest.raises(NotSaved) as refused:
            desk.do(CallSitting("石墙协商", issues=tuple(f"焦点 {no}" for no in range(200))))
        with pytest.raises(NotSaved):
            desk.jot({"desk/1/statement": "没写完" * 5_000})
        assert keep.digest(home.engine) == digest
        assert [person.name for person in desk.ask(lambda shelf: shelf.all(Person))] == ["赵某甲"]

    assert lines_to_do(refused.value)
    assert keep.check(home.engine, deep=True).tokens == tokens
    assert desk.jotted() == {}
    desk.do(RegisterPerson("钱某乙"))
    findings = keep.check(home.engine, deep=True)
    assert findings.problems == []
    assert len(findings.tokens) == 2


def test_undo_on_a_full_disk_takes_nothing_back(desk, home, folder):
    desk.do(RegisterPerson("赵某甲"))
    digest = keep.digest(home.engine)

    with disk_full(folder), pytest.raises(NotSaved):
        desk.undo()

    assert keep.digest(home.engine) == digest
    assert desk.undo().title == "撤销 登记 赵某甲"
    assert keep.check(home.engine, deep=True).problems == []


def test_a_home_that_is_open_is_not_opened_twice(home, folder, clock):
    with pytest.raises(HomeBusy) as busy:
        keep.open_home(folder, clock.now())

    assert lines_to_do(busy.value)


def test_closed_it_can_be_opened_again(folder, clock):
    keep.open_home(folder, clock.now()).close()
    keep.open_home(folder, clock.now()).close()


def test_without_its_key_a_home_opens_nothing_and_makes_no_new_key(folder, clock):
    (folder / "key").unlink()
    (folder / "key.twin").unlink()
    before = contents(folder)

    with pytest.raises(KeyMissing) as missing:
        keep.open_home(folder, clock.now())

    assert lines_to_do(missing.value)
    assert contents(folder) == before


@pytest.mark.parametrize("lost", ["key", "key.twin"])
def test_a_lost_key_file_is_made_again_from_its_twin(folder, clock, lost):
    key = (folder / lost).read_bytes()
    (folder / lost).unlink()

    keep.open_home(folder, clock.now()).close()

    assert (folder / lost).read_bytes() == key


@pytest.mark.parametrize("damage", [b"", b"00" * 32, b"\xff\xfe", b"zz" * 32 + b" 12345678\n"])
@pytest.mark.parametrize("hurt", ["key", "key.twin"])
def test_a_damaged_key_file_is_mended_from_its_twin(folder, clock, hurt, damage):
    key = (folder / hurt).read_bytes()
    (folder / hurt).write_bytes(damage)

    keep.open_home(folder, clock.now()).close()

    assert (folder / hurt).read_bytes() == key


def test_with_another_homes_key_nothing_is_opened_or_touched(folder, clock, tmp_path):
    keep.open_home(tmp_path / "other", clock.now()).close()
    for name in ("key", "key.twin"):
        (folder / name).write_bytes((tmp_path / "other" / name).read_bytes())
    before = contents(folder)

    with pytest.raises(HomeUnreadable) as closed:
        keep.open_home(folder, clock.now())

    assert lines_to_do(closed.value)
    assert contents(folder) == before


@pytest.mark.parametrize("garbage", [b"not a ledger", b"SQLite format 3\x00" + b"\x00" * 5000, os.urandom(9000)])
def test_a_file_that_is_no_ledger_is_not_opened_and_not_touched(folder, clock, garbage):
    (folder / "ledger.db").write_bytes(garbage)
    before = contents(folder)

    with pytest.raises(HomeUnreadable):
        keep.open_home(folder, clock.now())

    assert contents(folder) == before


def test_a_folder_in_the_ledgers_place_is_no_ledger(folder, clock):
    (folder / "ledger.db").unlink()
    (folder / "ledger.db").mkdir()

    with pytest.raises(HomeUnreadable):
        keep.open_home(folder, clock.now())


def test_a_file_in_the_homes_place_is_no_home(tmp_path, clock):
    (tmp_path / "home").write_text("not a folder")

    with pytest.raises(Damaged):
        keep.open_home(tmp_path / "home", clock.now())


def test_a_home_from_the_future_is_left_as_it_is(folder, clock):
    home = keep.open_home(folder, clock.now())
    with home.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '2031_01_01_someday'"))
    home.close()
    before = contents(folder)

    with pytest.raises(HomeFromTheFuture) as future:
        keep.open_home(folder, clock.now())

    assert lines_to_do(future.value)
    assert contents(folder)["ledger.db"] == before["ledger.db"]


def test_after_a_refused_opening_the_home_is_not_held(folder, clock):
    twins = [folder / "key", folder / "key.twin"]
    keys = [file.read_bytes() for file in twins]
    for file in twins:
        file.unlink()
    with pytest.raises(KeyMissing):
        keep.open_home(folder, clock.now())

    for file, key in zip(twins, keys, strict=True):
        file.write_bytes(key)

    keep.open_home(folder, clock.now()).close()


def test_a_home_begun_but_never_grown_is_grown(folder, clock):
    (folder / "ledger.db").write_bytes(b"")

    home = keep.open_home(folder, clock.now())

    assert keep.check(home.engine, deep=True).problems == []
    home.close()


def test_nothing_of_a_home_can_be_read_without_its_key(desk, home, folder):
    desk.do(RegisterPerson("赵某甲", phone="13800000000"))
    home.close()

    everything = b"".join(file.read_bytes() for file in folder.iterdir() if not file.name.startswith("key"))

    assert "赵某甲".encode() not in everything
    assert b"13800000000" not in everything
    assert b"CREATE TABLE" not in everything


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_flipped_bit_in_a_page_is_found_and_told_in_a_sentence(desk, home, folder, clock, place):
    for number in range(60):
        desk.do(RegisterPerson(f"赵某甲{number}", note="去年雨季就堵过两回。" * 20))
    home.close()
    ledger = bytearray((folder / "ledger.db").read_bytes())
    ledger[int(len(ledger) * place)] ^= 1
    (folder / "ledger.db").write_bytes(ledger)

    try:
        again = keep.open_home(folder, clock.now())
    except HomeUnreadable:
        return

    assert keep.check(again.engine).problems
    with suppress(HomeUnreadable):  # no other trouble than the sentence
        keep.digest(again.engine)
    again.close()


@pytest.mark.parametrize("name", ["陈某䶮", "刘某𬱖", "李某㛃", "龙某竜", "𬱖䶮㛃竜"])
def test_a_name_with_rare_characters_is_stored_and_found(desk, home, folder, clock, name):
    desk.do(RegisterPerson(name, "532627208201"))
    home.close()

    again = keep.open_home(folder, clock.now())

    assert [person.name for person in again.shelf.all(Person, Is("name", name))] == [name]
    found = register(again.shelf).find_people(name[-1])
    assert [one.person.name for one in found] == [name]
    assert keep.check(again.engine, deep=True).problems == []
    again.close()
