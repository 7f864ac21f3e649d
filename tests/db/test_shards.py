"""A province over several PostgreSQL clusters: a county's work asks its own alone, and moving one loses nothing."""

import threading
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError

from app.domain.errors import NotSaved
from app.domain.people import Person
from app.ports import StatementFile
from db import keep, province, shards
from db.scope import OWNER, within
from db.shelf import ask
from db.turns import reader
from tests.db.test_counties import ONE, OTHER
from tests.db.test_intake import Courier
from tests.db.test_province import NOW
from tests.postgres import Cluster, binaries, fresh_database
from tests.world import World

TOWNSHIPS = {ONE: f"{ONE}001", OTHER: f"{OTHER}001"}


@pytest.fixture(scope="module")
def clusters():
    if binaries() is None:
        pytest.skip("there is no PostgreSQL here, or nobody to run it as")
    made = [Cluster(), Cluster()]
    yield made
    for one in made:
        one.remove()


@pytest.fixture
def store(tmp_path):
    opened = province.open_store(fresh_database(), tmp_path / "store", NOW)
    shards.part(opened.engine)
    yield opened
    opened.close()


class Township:
    """A laptop that writes, and what of it has not been sent."""

    def __init__(self, folder, county):
        self.world, self.county, self.courier = World(folder), county, Courier()
        self.world.desk._dice._random.seed(county)
        self.sent = 0

    def writes(self, name):
        self.world.villager(name)

    def sends(self, store):
        parcels = [replace(one, region=TOWNSHIPS[self.county]) for one in self.courier.parcels(self.world)]
        with store.within(self.county):
            store.postbox.take_in(parcels[self.sent :], NOW)
        self.sent = len(parcels)


@pytest.fixture
def townships(tmp_path):
    made = [Township(tmp_path / county, county) for county in (ONE, OTHER)]
    yield made
    for one in made:
        one.world.close()


def digest_of_all(townships, folder):
    """Return what one file comes to that has taken in everything."""
    file = keep.open_home(folder, NOW)
    for one in townships:
        file.postbox.take_in(one.courier.parcels(one.world), NOW)
    digest = keep.digest(file.engine)
    file.close()
    return digest


def test_counties_lie_where_they_were_moved_and_the_province_sees_them_all(store, townships, clusters, tmp_path):
    for one in townships:
        one.writes("赵某甲")
        one.sends(store)
    urls = [cluster.database() for cluster in clusters]

    rows = [shards.move(store.engine, county, url) for county, url in zip((ONE, OTHER), urls, strict=True)]
    for one in townships:
        one.writes("钱某乙")
        one.sends(store)

    assert min(rows) > 3
    assert shards.move(store.engine, ONE, urls[0]) == 0
    assert set(shards.away(store.engine)) == {ONE, OTHER}
    assert store.shelf.count(Person) == 4
    assert keep.digest(store.engine) == digest_of_all(townships, tmp_path / "file")
    assert keep.check(store.engine, deep=True).problems == []
    assert shards.move(store.engine, ONE) > rows[0]
    assert set(shards.away(store.engine)) == {OTHER}
    assert keep.digest(store.engine) == digest_of_all(townships, tmp_path / "again")


def test_work_for_a_county_asks_no_other_cluster_than_its_own(store, townships, clusters, tmp_path):
    one, other = townships
    for township, cluster in zip(townships, clusters, strict=True):
        township.writes("赵某甲")
        township.sends(store)
        shards.move(store.engine, township.county, cluster.database())
    store.engine.dispose()
    clusters[1].stop("immediate")
    try:
        one.writes("钱某乙")
        one.world.villagers(2)
        one.sends(store)
        with store.within(ONE):
            there = store.shelf.count(Person)
            store.postbox.keep_held(())
            lies = store.postbox.parcels()
        other.writes("孙某丙")
        with pytest.raises((NotSaved, DatabaseError)):
            other.sends(store)
    finally:
        clusters[1].start()

    other.sends(store)
    assert there == 4
    assert {parcel.region for parcel in lies} == {TOWNSHIPS[ONE]}
    assert keep.digest(store.engine) == digest_of_all(townships, tmp_path / "file")


def test_counties_are_moved_to_and_fro_while_packs_come_in_and_nothing_is_lost(store, townships, clusters, tmp_path):
    urls = ["", *(cluster.database() for cluster in clusters)]
    stopped = threading.Event()
    faults = []

    def move():
        turn = 0
        while not stopped.is_set() or turn < 6:
            turn += 1
            shards.move(store.engine, (ONE, OTHER)[turn % 2], urls[turn % 3])

    def work(township):
        for number in range(12):
            township.writes(f"村民{number}")
            for _ in range(20):
                try:
                    township.sends(store)
                    break
                except NotSaved:  # whoever sends tries again
                    continue
            else:
                faults.append(number)

    mover = threading.Thread(target=move)
    workers = [threading.Thread(target=work, args=(one,)) for one in townships]
    for thread in (mover, *workers):
        thread.start()
    for thread in workers:
        thread.join()
    stopped.set()
    mover.join()

    assert faults == []
    assert store.shelf.count(Person) == 24
    assert keep.digest(store.engine) == digest_of_all(townships, tmp_path / "file")
    assert keep.check(store.engine, deep=True).problems == []


def test_a_cluster_that_stops_while_a_county_is_moved_there_leaves_it_where_it_was(
    store, townships, clusters, tmp_path
):
    one, _ = townships
    one.writes("赵某甲")
    one.sends(store)
    url = clusters[1].database()
    clusters[1].stop("immediate")
    try:
        with pytest.raises(province.DatabaseAway):
            shards.move(store.engine, ONE, url)
    finally:
        clusters[1].start()

    assert shards.away(store.engine) == {}
    assert keep.digest(store.engine) == digest_of_all(townships, tmp_path / "file")
    shards.move(store.engine, ONE, url)
    with within(ONE):
        assert store.shelf.count(Person) == 1


def test_a_cluster_that_stops_once_its_county_has_left_says_so_and_is_emptied_the_next_time(
    store, townships, clusters, tmp_path, monkeypatch
):
    one, _ = townships
    one.writes("赵某甲")
    one.sends(store)
    first, second = (cluster.database() for cluster in clusters)
    shards.move(store.engine, ONE, first)
    usual = shards.sweep

    def stopped_before(engine):
        clusters[0].stop("immediate")
        usual(engine)

    monkeypatch.setattr(shards, "sweep", stopped_before)
    try:
        with pytest.raises(shards.LeftBehind) as told:
            shards.move(store.engine, ONE, second)
    finally:
        clusters[0].start()
        monkeypatch.undo()

    assert told.value.sentence().startswith(f"{ONE} 已经搬好了")
    assert "数据没有动" not in told.value.sentence()
    assert keep.digest(store.engine) == digest_of_all(townships, tmp_path / "file")
    assert rows_in(first) > 0
    assert shards.move(store.engine, ONE, second) == 0
    assert rows_in(first) == 0


def killed(backend, store, waits=""):
    """End what serves a connection, once it waits as told."""
    with psycopg.connect(plain_url(store), autocommit=True) as other:
        asked = "SELECT coalesce(wait_event, '') = %s FROM pg_stat_activity WHERE pid = %s"
        while waits and other.execute(asked, (waits, backend)).fetchone() == (False,):
            pass
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (backend,))


def plain_url(store):
    return store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_a_connection_lost_before_the_commit_is_known_to_have_moved_nothing(store, townships, clusters, monkeypatch):
    townships[0].writes("赵某甲")
    townships[0].sends(store)
    usual = shards._move

    def lost(connection, *told):
        count = usual(connection, *told)
        killed(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar(), store)
        return count

    monkeypatch.setattr(shards, "_move", lost)
    with pytest.raises(province.DatabaseAway) as told:
        shards.move(store.engine, ONE, clusters[0].database())

    assert "数据没有动" in told.value.sentence()
    assert shards.away(store.engine) == {}


def test_a_connection_lost_at_the_commit_leaves_it_open_and_the_same_move_again_finds_out(
    store, townships, clusters, tmp_path
):
    townships[0].writes("赵某甲")
    townships[0].sends(store)
    url = clusters[0].database()

    def lost(connection):
        killed(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar(), store)

    event.listen(store.engine, "commit", lost, once=True)
    with pytest.raises(shards.MoveUnclear) as told:
        shards.move(store.engine, ONE, url)

    assert_says_that_nobody_knows(told.value)
    assert shards.away(store.engine) == {}
    assert shards.move(store.engine, ONE, url) > 0
    assert set(shards.away(store.engine)) == {ONE}
    assert keep.digest(store.engine) == digest_of_all(townships, tmp_path / "file")


def test_so_does_one_lost_after_the_commit_before_anybody_heard_of_it(townships, clusters, tmp_path):
    """The database waits for a standby that never comes: what was committed there is not told to whoever asked."""
    home = Cluster(synchronous_standby_names="'nobody'", synchronous_commit="off")
    store = province.open_store(home.database(), tmp_path / "store", NOW)
    try:
        shards.part(store.engine)
        townships[0].writes("赵某甲")
        townships[0].sends(store)
        url, killers = clusters[0].database(), []

        def lost(connection):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
            backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            killers.append(threading.Thread(target=killed, args=(backend, store, "SyncRep")))
            killers[0].start()

        event.listen(store.engine, "commit", lost, once=True)
        with pytest.raises(shards.MoveUnclear) as told:
            shards.move(store.engine, ONE, url)

        killers[0].join()
        assert_says_that_nobody_knows(told.value)
        assert set(shards.away(store.engine)) == {ONE}
        assert shards.move(store.engine, ONE, url) == 0
        assert keep.digest(store.engine) == digest_of_all(townships, tmp_path / "file")
    finally:
        store.close()
        home.remove()


def assert_says_that_nobody_knows(trouble):
    sentence = trouble.sentence()
    assert ONE in sentence
    assert "不知道" in sentence
    assert "再写一遍" in sentence
    assert "数据没有动" not in sentence


def rows_in(url):
    """Return how many people of the county lie in a cluster."""
    with psycopg.connect(url) as connection:
        return connection.execute(f"SELECT count(*) FROM person_{ONE}").fetchone()[0]


def test_a_cluster_that_is_lost_at_the_very_commit_leaves_each_county_its_own_rows(tmp_path):
    store, away = province.open_store(fresh_database(), tmp_path / "store", NOW), Cluster()
    try:
        shards.part(store.engine)
        shards.move(store.engine, "530102", away.url())
        store.engine.dispose()

        def keep_while_the_cluster_stops():
            with store.ledger.together():
                store.postbox.keep_statements([StatementFile("b" * 64, "card", "b", b"b")], NOW)
                away.stop("immediate")

        with within("530102"):
            with pytest.raises(NotSaved):
                keep_while_the_cluster_stops()
            assert ask(reader(store.engine), "SELECT current_user, current_setting('yuanba.scope')") == [
                ("yuanba_county", "530102")
            ]
    finally:
        away.remove()
        store.close()


def test_a_province_that_was_parted_before_its_program_was_renewed_opens(tmp_path):
    url = fresh_database()
    store = province.open_store(url, tmp_path / "store", NOW)
    shards.part(store.engine)
    with within(OWNER), store.engine.begin() as connection:
        for said in (
            "DROP TABLE turn",
            "DROP INDEX uq_stream_name",
            "CREATE INDEX ix_entry_set_id ON here_entry (set_id)",
            "ALTER TABLE here_entry ADD CONSTRAINT fk_entry_stream_stream FOREIGN KEY (stream) REFERENCES stream (no)",
            "UPDATE alembic_version SET version_num = '2026_11_29_statement_order'",
        ):
            connection.exec_driver_sql(said)
    store.close()

    store = province.open_store(url, tmp_path / "store", NOW)
    with store.within(ONE):
        store.postbox.note({"x": "y"})
    with within(OWNER), store.engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT 1 FROM pg_constraint WHERE conname = 'fk_entry_stream_stream'").all()
    assert (store.postbox.noted("x"), left) == ({"x": "y"}, [])
    store.close()
