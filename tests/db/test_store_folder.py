"""The folder of a province on PostgreSQL: nobody begins an empty ledger in it, and it gets no key in the place of a
lost one."""

import psycopg
import pytest

from db import keep, province
from db.backup import back_up
from db.store_folder import STORE, FactsElsewhere, FactsHere, is_one
from tests.db.conftest import NOW
from tests.postgres import cluster, fresh_database

KEYS = ("key", "key.twin")


@pytest.fixture
def url():
    return fresh_database()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "province"


def opened(url, folder):
    province.open_store(url, folder, NOW).close()


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def test_no_home_is_begun_in_the_folder_of_a_province(url, folder):
    opened(url, folder)
    before = names(folder)

    with pytest.raises(FactsElsewhere) as told:
        keep.open_home(folder, NOW)

    assert "--database" in told.value.sentence()
    assert names(folder) == before
    opened(url, folder)


def test_nor_in_one_that_an_older_program_left_without_a_mark(url, folder):
    opened(url, folder)
    (folder / STORE).unlink()
    before = names(folder)

    with pytest.raises(FactsElsewhere):
        keep.open_home(folder, NOW)

    assert names(folder) == before


def test_an_empty_ledger_that_an_older_program_began_there_is_neither_gone_on_with_nor_backed_up(url, folder, tmp_path):
    opened(url, folder)
    (folder / STORE).rename(tmp_path / STORE)
    (folder / "lock").touch()
    keep.open_home(folder, NOW).close()
    (tmp_path / STORE).rename(folder / STORE)

    with pytest.raises(FactsElsewhere):
        keep.open_home(folder, NOW)
    with pytest.raises(FactsElsewhere):
        back_up(folder, tmp_path / "b.tar")

    assert not (tmp_path / "b.tar").exists()


def test_no_province_is_begun_in_the_folder_of_a_home_whose_owner_wrote_an_address_by_mistake(folder):
    url = cluster().database()
    keep.open_home(folder, NOW).close()
    before = names(folder)

    with pytest.raises(FactsHere) as told:
        opened(url, folder)

    assert "ledger.db" in told.value.sentence()
    assert names(folder) == before
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    keep.open_home(folder, NOW).close()


def test_nor_when_a_province_of_others_is_there(url, folder, tmp_path):
    opened(url, tmp_path / "first")
    keep.open_home(folder, NOW).close()

    with pytest.raises(FactsHere):
        opened(url, folder)


def test_a_province_of_an_older_program_opens_with_an_empty_ledger_that_was_begun_in_its_folder(url, folder):
    opened(url, folder)
    (folder / STORE).unlink()
    (folder / "lock").touch()
    keep.open_home(folder, NOW).close()

    opened(url, folder)

    assert not is_one(folder)


def test_a_home_whose_making_was_cut_off_is_no_folder_of_a_province(folder):
    keep.open_home(folder, NOW).close()
    assert not is_one(folder)

    (folder / "ledger.db").unlink()

    assert not is_one(folder)
    keep.open_home(folder, NOW).close()


def test_a_province_that_lost_its_key_gets_no_other_and_opens_again_with_its_own(url, folder, tmp_path):
    opened(url, folder)
    for name in KEYS:
        (folder / name).rename(tmp_path / name)
    before = names(folder)

    with pytest.raises(province.OtherKey) as told:
        opened(url, folder)

    assert "没有密钥" in told.value.sentence()
    assert "--key-to" in told.value.sentence()
    assert names(folder) == before
    for name in KEYS:
        (tmp_path / name).rename(folder / name)
    opened(url, folder)


def test_nor_does_it_get_one_for_another_database(url, folder):
    opened(url, folder)
    for name in KEYS:
        (folder / name).unlink()

    with pytest.raises(province.OtherKey):
        opened(fresh_database(), folder)

    assert not keep.has_key(folder)


def test_a_new_servers_empty_folder_gets_no_key_either_when_the_database_has_one(url, folder, tmp_path):
    opened(url, folder)

    with pytest.raises(province.OtherKey):
        opened(url, tmp_path / "second")

    assert names(tmp_path / "second") == []
