"""A province's ledger on PostgreSQL: tables as declared, several processes, and a server that is killed in between."""

import shutil
import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.errors import KeyMissing, StoreAway
from app.domain.people import Person
from app.domain.statement import Statement
from app.ports import Among, AtLeast, Contains, StatementFile
from db import keep, province
from db.dialect import there
from db.intake import Intake
from db.ledger import MOMENT_S
from db.scope import OWNER, within
from db.tables import Base
from db.turns import reader
from tests.db.test_intake import Courier
from tests.postgres import Cluster, cluster, fresh_database, stores_on

NOW = datetime(2026, 3, 30, 19, 30, tzinfo=timezone(timedelta(hours=8)))
_NOT_SETTLED = """SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()
 AND table_name <> 'alembic_version'
 AND (data_type = 'integer' OR data_type = 'text' AND collation_name IS DISTINCT FROM 'C')"""


@pytest.fixture
def place(tmp_path):
    """A fresh database, and how one opens it."""
    with stores_on(fresh_database(), tmp_path / "store", NOW) as opens:
        yield opens


def test_an_empty_database_gets_the_declared_tables_and_the_county_in_them_whatever_it_is_sorted_by(tmp_path):
    store = province.open_store(cluster().database(), tmp_path, NOW)
    with reader(store.engine).connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
        left = connection.execute(text(_NOT_SETTLED)).all()
    store.close()

    assert [one for one in differences if not _is_meant(one)] == []
    assert left == []


def test_a_machine_whose_power_has_failed_is_waited_for_for_seconds_unless_the_address_says_otherwise(tmp_path):
    engine = province.engine_of(cluster().url() + "&connect_timeout=60")
    with engine.connect() as connection:
        told = connection.connection.driver_connection.info.get_parameters()
    engine.dispose()

    assert told["connect_timeout"] == "60"
    assert told["tcp_user_timeout"] == "20000"
    assert told["keepalives_idle"] == "20"


def _is_meant(difference):
    """Return whether a province has its tables otherwise: by counties, and with entries that ask for no stream."""
    what, *_, thing = difference
    if what == "remove_table_comment":  # it says that the tables were settled
        return thing.name == "turn"
    if what == "add_fk":
        return thing.name == "fk_entry_stream_stream"
    if what in ("remove_constraint", "add_constraint"):
        return thing.name in ("uq_freight_id", "uq_stream_name")
    return (what == "remove_column" and thing.name == "county") or (
        what == "remove_index" and ("_county_" in thing.name or thing.name == "uq_stream_name")
    )


def test_it_is_the_same_store_when_it_is_opened_again(place, laptop):
    laptop.villagers(3)
    store = place()
    store.postbox.take_in(Courier().parcels(laptop), NOW)

    again = place()

    assert again.postbox.stream() == store.postbox.stream()
    assert keep.digest(again.engine) == keep.digest(laptop.home.engine)
    assert keep.check(again.engine, deep=True).problems == []


def test_two_processes_of_one_province_see_what_the_other_took_in(place, laptop):
    one, other = place(), place()
    other.postbox.statements()
    laptop.villagers(3)
    parcels = Courier().parcels(laptop)

    one.postbox.take_in(parcels, NOW)
    one.postbox.keep_statements([StatementFile("a" * 64, "card", "x", b"raw")], NOW)
    time.sleep(MOMENT_S)  # so much later at most the other has heard of it

    assert [one.id for one in other.postbox.parcels()] == [parcels[0].id]
    assert [one.kind for one in other.postbox.statements()] == ["card"]
    assert other.postbox.take_in(parcels, NOW).brought_nothing()
    assert other.ledger.ops("person", other.shelf.all(Person)[0].id)


def test_two_who_take_the_same_in_at_once_take_it_once(place, laptop):
    laptop.villagers(8)
    stores, parcels = [place() for _ in range(4)], Courier().parcels(laptop)
    takings = []

    def take(store):
        takings.append(store.postbox.take_in(parcels, NOW))

    threads = [threading.Thread(target=take, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taking.brought_nothing() for taking in takings) == [False, True, True, True]
    assert keep.digest(stores[0].engine) == keep.digest(laptop.home.engine)


def test_who_reads_does_not_wait_for_who_writes(place, laptop):
    laptop.villagers(3)
    store, other = place(), place()

    with store.ledger.together():
        store.postbox.take_in(Courier().parcels(laptop), NOW)
        assert other.shelf.all(Person) == []
        assert store.shelf.count(Person) == 0

    assert other.shelf.count(Person) == 3


def test_lists_come_in_the_order_that_a_laptop_shows_them_in(place, laptop):
    for name in ("王某", "Ödön", "a", "B", "_", "李某", "%"):
        laptop.villager(name, group="")
    store = place()
    store.postbox.take_in(Courier().parcels(laptop), NOW)

    for order in ("name", "-name", "post", "-group"):
        assert store.shelf.all(Person, order=order) == laptop.home.shelf.all(Person, order=order)
    for condition in (AtLeast("name", "a"), Contains("name", "b"), Contains("name", "_"), Contains("name", "ö")):
        assert store.shelf.all(Person, condition) == laptop.home.shelf.all(Person, condition)


@pytest.mark.parametrize("moment", ["_put_down", "_keep", "_tell"])
def test_a_backend_that_is_killed_in_the_middle_leaves_all_or_nothing(place, laptop, monkeypatch, moment):
    laptop.sitting("挡墙谁出资", invited=tuple(laptop.villagers(3)))
    store, parcels = place(), Courier().parcels(laptop)
    before = keep.digest(store.engine)
    usual = getattr(Intake, moment)

    def killed(self, *told, **more):
        done = usual(self, *told, **more)
        number = self._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with within(OWNER), reader(store.engine).connect() as other:
            other.exec_driver_sql("SELECT pg_terminate_backend(?, 5000)", (number,))
        return done

    monkeypatch.setattr(Intake, moment, killed)
    with pytest.raises(StoreAway):
        store.postbox.take_in(parcels, NOW)
    monkeypatch.undo()

    assert keep.digest(store.engine) == before
    assert store.postbox.parcels() == []
    assert not store.postbox.take_in(parcels, NOW).brought_nothing()
    assert keep.digest(store.engine) == keep.digest(laptop.home.engine)
    assert keep.check(store.engine, deep=True).problems == []


def test_a_database_that_is_off_is_told_from_a_disk_that_is_full(laptop, tmp_path):
    """Whoever asks may ask the same again once it is back; a full disk waits for a person."""
    home = Cluster()
    try:
        store = province.open_store(home.database(), tmp_path / "store", NOW)
        parcels = Courier().parcels(laptop)
        home.stop()
        for _ in range(2):  # the first finds its connection cut, the second finds nobody
            with pytest.raises(StoreAway):
                store.postbox.take_in(parcels, NOW)
        home.start()
        store.postbox.take_in(parcels, NOW)
        assert keep.digest(store.engine) == keep.digest(laptop.home.engine)
        store.close()
    finally:
        home.remove()


def test_what_the_driver_itself_will_not_ask_is_our_mistake_and_no_database_that_is_away(place):
    with pytest.raises(DBAPIError), there(), place().engine.connect() as connection:
        connection.exec_driver_sql("SELECT ?", (b"one", b"too many"))


@pytest.mark.parametrize("others", [0, 20])
def test_a_sign_that_no_text_there_can_have_stops_nothing(place, laptop, others):
    laptop.villager("赵\0某")
    for number in range(others):
        laptop.villager(f"钱某{number}")
    store = place()

    store.postbox.take_in(Courier().parcels(laptop), NOW)

    (found,) = store.shelf.all(Person, Contains("name", "赵"))
    assert found.name == "赵␀某"
    assert store.ledger.ops("person", found.id)[0].sets["name"] == "赵\0某"


@pytest.mark.parametrize("url", ["postgresql://nobody@/x?host=/nowhere", "sqlite:///x", "no address"])
def test_where_nobody_answers_it_says_so(tmp_path, url):
    with pytest.raises(province.DatabaseAway):
        province.open_store(url, tmp_path, NOW)


def test_a_second_server_with_a_key_of_its_own_is_refused_and_with_the_firsts_it_opens(place, tmp_path):
    store = place()
    url = store.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")

    with pytest.raises(province.OtherKey):
        province.open_store(url, tmp_path / "second", NOW)
    for key in ("key", "key.twin"):
        shutil.copy(store.folder / key, tmp_path / "second")

    province.open_store(url, tmp_path / "second", NOW).close()


def test_key_files_that_cannot_be_read_are_left_as_they_are_and_no_new_key_is_made(place):
    """Without the key the office opens and signs nothing any more; whoever mends the files needs their rest."""
    store = place()
    url = store.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    for name in ("key", "key.twin"):
        (store.folder / name).write_text((store.folder / name).read_text()[:-3])
    before = [(store.folder / name).read_bytes() for name in ("key", "key.twin")]

    with pytest.raises(KeyMissing):
        province.open_store(url, store.folder, NOW)

    assert [(store.folder / name).read_bytes() for name in ("key", "key.twin")] == before


def test_an_address_that_is_none_is_not_said_aloud_for_it_may_hold_a_password(tmp_path):
    with pytest.raises(province.DatabaseAway) as told:
        province.open_store("mysql://somebody:secret@db/yuanba", tmp_path, NOW)

    assert "secret" not in told.value.sentence()


def test_among_no_values_there_is_nothing(place):
    assert place().shelf.all(Statement, Among("id", ()), order="-number", limit=1) == []
