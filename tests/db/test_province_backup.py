"""A backup of a province at work is one moment of it, whole and sealed; it comes back on a cluster new to it."""

import threading

import pytest
from sqlalchemy import make_url, text

from app.domain.errors import HomeFromTheFuture, KeyMissing
from app.domain.people import Person
from db import keep, province, province_backup, shards
from db.backup import DUMP, BackupSpoilt, FolderNotEmpty, KeyDoesNotFit, OtherKind, examine, take_key
from db.backup import back_up as back_up_home
from db.backup import restore as restore_home
from db.province_backup import CountiesElsewhere, DatabaseNotEmpty, ToolFailed, ToolsMissing, back_up, restore
from db.scope import OWNER, within
from tests.db.conftest import NOW
from tests.db.test_counties import ONE
from tests.db.test_intake import Courier
from tests.postgres import Cluster, binaries, cluster, fresh_database
from tests.world import World


class Province:
    """A store, its database, and a laptop that writes to it."""

    def __init__(self, folder):
        self.url, self.folder, self.key = fresh_database(), folder / "store", folder / "store.key"
        self.store = province.open_store(self.url, self.folder, NOW)
        self.laptop, self.courier = World(folder / "laptop"), Courier()
        take_key(self.folder, self.key)

    def hears_of(self, *names):
        """Take in so many people, one after the other, each with a picture; return the parcels."""
        for name in names:
            self.laptop.villager(name)
            self.courier.parcels(self.laptop)
        return self.courier.parcels(self.laptop)

    def takes_in(self, *parcels):
        with self.store.within(ONE):
            self.store.postbox.take_in(parcels, NOW)

    def digest(self):
        return keep.digest(self.store.engine)


@pytest.fixture
def place(tmp_path):
    made = Province(tmp_path)
    yield made
    made.laptop.close()
    made.store.close()


@pytest.fixture
def backup(place, tmp_path):
    place.takes_in(*place.hears_of("赵某甲", "钱某乙"))
    back_up(place.url, place.folder, tmp_path / "b.tar")
    return tmp_path / "b.tar"


@pytest.fixture(scope="module")
def elsewhere():
    """A cluster on which there was never a province, not even its roles."""
    if binaries() is None:
        pytest.skip("there is no PostgreSQL here, or nobody to run it as")
    made = Cluster()
    yield made
    made.remove()


def tables_in(url):
    engine = province.engine_of(url)
    with within(OWNER), engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar()
    engine.dispose()
    return count


@pytest.mark.parametrize("is_parted", [False, True])
def test_what_is_backed_up_under_writes_is_one_moment_and_goes_on_elsewhere(place, tmp_path, elsewhere, is_parted):
    if is_parted:
        shards.part(place.store.engine)
    parcels = place.hears_of(*(f"村民{number}" for number in range(60)))
    digests, pictures, some_in = [place.digest()], [], threading.Event()

    def write():
        for number, parcel in enumerate(parcels):
            pictures.append(place.store.blobs.put(f"picture {number}".encode() * 1000))
            place.takes_in(parcel)
            digests.append(place.digest())
            some_in.set()

    writer = threading.Thread(target=write)
    writer.start()
    some_in.wait()
    before = list(pictures)
    made = back_up(place.url, place.folder, tmp_path / "b.tar")
    writer.join()
    url = elsewhere.database()
    restore(tmp_path / "b.tar", place.key, url, tmp_path / "back", NOW)

    again = province.open_store(url, tmp_path / "back", NOW)
    assert made == examine(tmp_path / "b.tar")
    assert keep.digest(again.engine) in digests[1:]
    assert keep.check(again.engine, deep=True).problems == []
    assert all(again.blobs.has(picture) for picture in before)
    with again.within(ONE):
        again.postbox.take_in(parcels, NOW)
    assert keep.digest(again.engine) == place.digest() == digests[-1]
    again.close()


def test_a_restored_province_goes_on_under_a_new_name_and_signs_with_the_same_key(place, backup, tmp_path):
    url = cluster().database()
    restore(backup, place.key, url, tmp_path / "back", NOW)

    again = province.open_store(url, tmp_path / "back", NOW)

    assert keep.digest(again.engine) == place.digest()
    assert again.postbox.stream().partition("/")[0] == place.store.postbox.stream().partition("/")[0]
    assert again.postbox.stream() != place.store.postbox.stream()
    assert place.store.seal.holds(b"words", again.seal.sign(b"words"))
    again.close()


def test_neither_the_key_nor_a_word_is_in_the_file(place, backup):
    raw = backup.read_bytes()

    assert "赵某甲".encode() not in raw
    assert place.key.read_bytes().split()[0] not in raw
    assert b"CREATE TABLE" not in raw


def test_nothing_is_restored_over_anything(place, backup, tmp_path):
    before = place.digest()
    with pytest.raises(FolderNotEmpty):
        restore(backup, place.key, cluster().database(), place.folder, NOW)
    with pytest.raises(DatabaseNotEmpty):
        restore(backup, place.key, place.url, tmp_path / "back", NOW)

    assert not (tmp_path / "back").exists()
    assert place.digest() == before


def test_a_folder_gets_its_name_only_when_the_restored_province_goes_on_under_a_new_name(place, tmp_path):
    """Whoever found it there would serve on, and give numbers anew that others hold already."""
    with within(OWNER), place.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '2031_01_01_someday'"))
    back_up(place.url, place.folder, tmp_path / "b.tar")

    with pytest.raises(HomeFromTheFuture):
        restore(tmp_path / "b.tar", place.key, cluster().database(), tmp_path / "back", NOW)

    assert not (tmp_path / "back").exists()
    assert list(tmp_path.glob(".restore-*")) == []


def test_with_another_key_or_a_damaged_file_the_database_stays_empty(place, backup, tmp_path):
    url, whole = cluster().database(), backup.read_bytes()
    keep.home_key(tmp_path)
    with pytest.raises(KeyDoesNotFit):
        restore(backup, tmp_path / "key", url, tmp_path / "back", NOW)
    for at in (whole.index(b"YBF1") + 5_000, len(whole) // 2, len(whole) - 20_000):
        (tmp_path / "damaged.tar").write_bytes(whole[:at])
        with pytest.raises(BackupSpoilt):
            restore(tmp_path / "damaged.tar", place.key, url, tmp_path / "back", NOW)

    assert tables_in(url) == 0
    assert not (tmp_path / "back").exists()
    restore(backup, place.key, url, tmp_path / "back", NOW)
    assert tables_in(url) > 0


def test_what_a_sealed_dump_was_changed_to_by_hand_is_not_restored(place, tmp_path, monkeypatch):
    """The sums in front of a backup are no secret; the seal is."""
    place.takes_in(*place.hears_of("赵某甲"))
    usual = province_backup.backup.written

    def changed(to, files):
        dump = next(file for name, file in files if name == DUMP)
        raw = bytearray(dump.read_bytes())
        raw[len(raw) // 2] ^= 1
        dump.write_bytes(raw)
        return usual(to, files)

    monkeypatch.setattr(province_backup.backup, "written", changed)
    back_up(place.url, place.folder, tmp_path / "b.tar")
    monkeypatch.undo()
    url = cluster().database()

    with pytest.raises(BackupSpoilt):
        restore(tmp_path / "b.tar", place.key, url, tmp_path / "back", NOW)

    assert tables_in(url) == 0


def test_a_backup_of_a_province_is_none_of_a_home(place, backup, tmp_path):
    with pytest.raises(OtherKind) as told:
        restore_home(backup, place.key, tmp_path / "home")

    assert "把 --database 和一个空数据库的地址也写上" in told.value.sentence()
    assert not (tmp_path / "home").exists()


def test_a_backup_of_a_home_is_none_of_a_province(place, tmp_path):
    home, url = tmp_path / "home", cluster().database()
    keep.open_home(home, NOW).close()
    back_up_home(home, tmp_path / "h.tar")

    with pytest.raises(OtherKind) as told:
        restore(tmp_path / "h.tar", home / "key", url, tmp_path / "back", NOW)

    assert "不写 --database" in told.value.sentence()
    assert tables_in(url) == 0
    assert not (tmp_path / "back").exists()


def test_where_there_is_no_pg_dump_it_says_what_to_install(place, tmp_path, monkeypatch):
    monkeypatch.setattr(province_backup, "PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolsMissing) as told:
        back_up(place.url, place.folder, tmp_path / "b.tar")

    assert "postgresql-client-" in told.value.sentence()


def test_a_pg_dump_that_gives_up_leaves_nothing_and_says_why(place, tmp_path, monkeypatch):
    here = tmp_path / "bin"
    here.mkdir()
    (here / "pg_dump").write_text(
        "#!/bin/sh\nhead -c 9000000 /dev/zero\necho 'pg_dump: error: disk gone' >&2\nexit 1\n"
    )
    (here / "pg_dump").chmod(0o755)
    monkeypatch.setattr(province_backup, "PLACES", (str(here), f"{binaries()}"))

    with pytest.raises(ToolFailed) as told:
        back_up(place.url, place.folder, tmp_path / "b.tar")

    assert "disk gone" in told.value.sentence()
    assert list(tmp_path.glob("*b.tar*")) == list(tmp_path.glob(".backup*")) == []


@pytest.mark.parametrize("is_in_front", [True, False])
def test_the_password_of_the_database_stands_on_no_command_line(place, tmp_path, monkeypatch, is_in_front):
    """Whoever can list the processes of the machine reads the command lines."""
    here, seen, word = tmp_path / "bin", tmp_path / "seen", "heimlich"
    here.mkdir()
    (here / "pg_dump").write_text(f'#!/bin/sh\necho "$PGPASSWORD|$@" > {seen}\nexec {binaries()}/pg_dump "$@"\n')
    (here / "pg_dump").chmod(0o755)
    monkeypatch.setattr(province_backup, "PLACES", (str(here), f"{binaries()}"))
    url = make_url(place.url)
    told = url.set(password=word) if is_in_front else url.update_query_dict({"password": word})

    back_up(told.render_as_string(hide_password=False), place.folder, tmp_path / "b.tar")

    password, _, words = seen.read_text().partition("|")
    assert password == word
    assert word not in words
    assert "--dbname=" in words


def test_a_folder_without_the_key_cannot_be_backed_up(place, tmp_path):
    with pytest.raises(KeyMissing):
        back_up(place.url, tmp_path / "another", tmp_path / "b.tar")


def test_what_lies_in_other_clusters_is_not_passed_over_in_silence(place, tmp_path):
    place.takes_in(*place.hears_of("赵某甲"))
    shards.part(place.store.engine)
    shards.move(place.store.engine, ONE, cluster().database())

    with pytest.raises(CountiesElsewhere) as told:
        back_up(place.url, place.folder, tmp_path / "b.tar")

    assert ONE in told.value.sentence()
    shards.move(place.store.engine, ONE)
    back_up(place.url, place.folder, tmp_path / "b.tar")
    with place.store.within(ONE):
        assert place.store.shelf.count(Person) == 1
