"""What an office opens and signs with is in no dump of its database, and was in one of an older program only."""

import subprocess

import psycopg
import pytest
from sqlalchemy import text, update

from app.domain.topic import Topic
from db.scope import OWNER, within
from db.tables import IdentityRow, StreamRow
from db.turns import reader
from tests.postgres import binaries, cluster
from tests.sync.fleet import Fleet, province_on_server
from tests.walks.test_kill_server import recorded


@pytest.fixture
def fleet(tmp_path):
    cluster()
    made = Fleet.known(tmp_path / "fleet", upper=province_on_server)
    yield made
    made.close()


def dumped(province):
    """Return everything in a province's database, as whoever looks after it can write it out."""
    url = (province.folder / "database").read_text("utf-8")
    return subprocess.run([binaries() / "pg_dump", url], check=True, capture_output=True, text=True).stdout


def secrets_of(province):
    """Return what must not be told: what opens what is sealed for the office, and what its server signs with."""
    private = province.home.seal._private.private_bytes_raw().hex()
    return [private, *(one.secret for one in province.home.postbox.identities())]


def told_plainly(province, secrets, where):
    return [secret for secret in secrets if secret.lower() in where.lower()]


def kept_as_older_programs_did(province):
    """Let the database have the secrets as they are."""
    secrets = secrets_of(province)
    with within(OWNER), province.home.engine.begin() as connection:
        for one in province.home.postbox.identities():
            connection.execute(update(IdentityRow).where(IdentityRow.key_id == one.key_id).values(secret=one.secret))
        ours = update(StreamRow).where(StreamRow.is_current)
        connection.execute(ours.values(private_key=bytes.fromhex(secrets[0])))
    return secrets


def files_of(province):
    """Return which files the two tables are in, with everything that was written so far."""
    with within(OWNER), reader(province.home.engine).connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        asked = text("SELECT pg_relation_filepath('identity'), pg_relation_filepath('stream')")
        return tuple(connection.execute(asked).one())


def pages_of(province):
    """Return what lies in the files of the two tables."""
    return "".join((cluster().folder / "data" / one).read_bytes().decode("latin-1") for one in files_of(province))


def test_a_dump_of_the_database_tells_no_secret_of_the_office(fleet):
    secrets = secrets_of(fleet.province)

    assert len(secrets) > 2
    assert told_plainly(fleet.province, secrets, dumped(fleet.province)) == []


def test_what_an_older_program_kept_plain_is_sealed_at_the_next_opening_and_opens_as_before(fleet):
    province = fleet.province
    secrets = kept_as_older_programs_did(province)
    assert sorted(told_plainly(province, secrets, dumped(province))) == sorted(secrets)
    province.close()

    province.open()

    assert secrets_of(province) == secrets
    assert told_plainly(province, secrets, dumped(province)) == []
    assert told_plainly(province, secrets[1:], pages_of(province)) == []
    assert bytes.fromhex(secrets[0]).decode("latin-1") not in pages_of(province)


@pytest.mark.expects_log("not swept yet")
def test_pages_that_could_not_be_swept_are_at_the_next_opening_until_they_are(fleet):
    """Somebody else reads the table just then, and the database does not wait for long."""
    province = fleet.province
    secrets = kept_as_older_programs_did(province)
    url = (province.folder / "database").read_text("utf-8")
    province.close()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(f"ALTER DATABASE {other.info.dbname} SET lock_timeout = 50")

    for _ in range(2):
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE stream IN ACCESS SHARE MODE")
            province.open()
            assert secrets_of(province) == secrets
            assert told_plainly(province, secrets, dumped(province)) == []
            assert bytes.fromhex(secrets[0]).decode("latin-1") in pages_of(province)
        province.close()
    province.open()

    assert bytes.fromhex(secrets[0]).decode("latin-1") not in pages_of(province)
    assert told_plainly(province, secrets[1:], pages_of(province)) == []


def test_what_was_swept_once_is_not_again_at_every_opening(fleet):
    province = fleet.province
    before = files_of(province)

    province.close()
    province.open()

    assert files_of(province) == before


def test_a_province_whose_secrets_are_sealed_takes_in_signs_and_answers_as_before(fleet):
    kept_as_older_programs_did(fleet.province)
    fleet.province.close()
    fleet.province.open()
    recorded(fleet, 1)

    fleet.county.writes_to(fleet.stick)
    fleet.province.takes_from(fleet.stick)
    fleet.province.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)

    assert fleet.province.home.shelf.count(Topic) == 2
    assert {one.level for one in fleet.county.home.postbox.held()} >= {"province"}
