"""Counties apart in one database: each row under its county, and a county's role sees and writes no other's."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.commands.people import AmendPerson
from app.domain.issue import Issue
from app.domain.people import Person
from app.ports import StatementFile
from db import keep, province
from db.bulk import put
from db.scope import ALL, KEPT_APART, within
from db.settling import SHARED
from db.tables import Base
from db.turns import reader
from tests.db.test_intake import Courier
from tests.db.test_province import NOW
from tests.postgres import fresh_database
from tests.world import World

ONE, OTHER, ABOVE = "530102", "530103", "5301"
_KEYS = """SELECT r.relname, c.contype, array_agg(a.attname::text ORDER BY a.attnum), f.relname
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid LEFT JOIN pg_class f ON f.oid = c.confrelid
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = ANY (c.conkey)
WHERE c.contype IN ('p', 'u', 'f') AND r.relnamespace = to_regnamespace(current_schema())
GROUP BY c.oid, r.relname, c.contype, f.relname"""


@pytest.fixture
def store(tmp_path):
    opened = province.open_store(fresh_database(), tmp_path / "store", NOW)
    yield opened
    opened.close()


@pytest.fixture
def laptops(tmp_path):
    made = [World(tmp_path / name) for name in ("one", "other", "above")]
    for no, world in enumerate(made):
        world.desk._dice._random.seed(f"laptop {no}")
    yield made
    for world in made:
        world.close()


def parcels_of(world, region):
    """Return what a laptop of a region has written; it is open to all."""
    return [replace(one, region=region, audience="O") for one in Courier().parcels(world)]


def told(store, statement):
    with reader(store.engine).connect() as connection:
        return connection.execute(text(statement)).all()


def test_every_table_has_the_county_in_its_keys_or_a_reason_why_not(store):
    keys = told(store, _KEYS)

    assert set(Base.metadata.tables) == {*KEPT_APART, *SHARED}
    assert set(KEPT_APART).isdisjoint(SHARED)
    for table, kind, columns, there in keys:
        if table in KEPT_APART:
            assert "county" in columns if kind in "pu" else there in SHARED, (table, kind, columns)
        elif kind == "f":
            assert there in SHARED
    assert {table for table, kind, *_ in keys if kind == "p"} >= set(KEPT_APART)


def test_every_row_lies_under_the_county_of_whoever_wrote_it(store, laptops):
    for world, region in zip(laptops, (f"{ONE}001", f"{OTHER}002", ABOVE), strict=True):
        world.villagers(2)
        store.postbox.take_in(parcels_of(world, region), NOW)

    for table in ("person", "entry", "segment", "sealing"):
        assert {row[0] for row in told(store, f'SELECT DISTINCT county FROM "{table}"')} == {ONE, OTHER, ABOVE}


def test_within_a_county_only_its_own_rows_are_seen_and_those_of_the_offices_above(store, laptops):
    for world, region in zip(laptops, (f"{ONE}001", f"{OTHER}002", ABOVE), strict=True):
        world.villagers(1)
        store.postbox.take_in(parcels_of(world, region), NOW)

    seen = {}
    for place in (ALL, ONE, OTHER, ABOVE, "530199", "00"):
        with within(place):
            seen[place] = {parcel.region for parcel in store.postbox.parcels()}

    assert seen == {
        ALL: {f"{ONE}001", f"{OTHER}002", ABOVE},
        ONE: {f"{ONE}001", ABOVE},
        OTHER: {f"{OTHER}002", ABOVE},
        ABOVE: {f"{ONE}001", f"{OTHER}002", ABOVE},
        "530199": {ABOVE},
        "00": set(),
    }


def test_within_a_county_nothing_can_be_written_for_another(store, laptops):
    laptops[1].villagers(1)
    store.postbox.take_in(parcels_of(laptops[1], f"{OTHER}002"), NOW)
    with within(ONE), store.engine.begin() as connection:
        changed = connection.exec_driver_sql("UPDATE person SET name = '某'").rowcount
        gone = connection.exec_driver_sql("DELETE FROM segment").rowcount

    laptops[0].villagers(1)
    foreign = parcels_of(laptops[0], f"{OTHER}001")
    with within(ONE), pytest.raises(DatabaseError, match="row-level security"):
        store.postbox.take_in(foreign, NOW)

    assert (changed, gone) == (0, 0)
    assert store.shelf.count(Person) == 1


def test_counties_come_to_the_same_as_in_one_file_in_whatever_order_they_come(store, laptops, tmp_path):
    one, other, _ = laptops
    lots = []
    for world, region in ((one, f"{ONE}001"), (other, f"{OTHER}002")):
        world.villagers(3)
        world.sitting("水沟改道")
        lots.append(parcels_of(world, region))
    file = keep.open_home(tmp_path / "file", NOW)
    file.postbox.take_in([*lots[0], *lots[1]], NOW)
    together = [*lots[1], *lots[0]]

    with within(ONE):
        store.postbox.take_in(lots[0], NOW)
    taking = store.postbox.take_in(together, NOW)

    assert (taking.known, len(taking.parcels)) == (len(lots[0]), len(lots[1]))
    assert keep.digest(store.engine) == keep.digest(file.engine)
    assert keep.check(store.engine, deep=True).problems == []
    file.close()


def test_what_an_office_above_changes_of_a_record_stays_one_record_under_its_county(store, laptops):
    one, _, above = laptops
    (villager,) = one.villagers(1)
    first = parcels_of(one, f"{ONE}001")
    above.home.postbox.take_in(first, NOW)
    for world, name in ((above, "钱某乙"), (one, "孙某丙")):
        world.desk.do(AmendPerson(replace(world.home.shelf.get(Person, villager), name=name)))
    courier = Courier()
    courier.sealed[one.home.postbox.stream()] = list(first)
    second = [replace(p, region=f"{ONE}001", audience="O") for p in courier.parcels(one)][len(first) :]

    with within(ONE):
        store.postbox.take_in(first, NOW)
    store.postbox.take_in(parcels_of(above, ABOVE), NOW)
    with within(ONE):
        store.postbox.take_in(second, NOW)
        contested = store.postbox.contests()

    assert contested == [("person", villager, "name")]
    assert told(store, "SELECT county, count(*) FROM person GROUP BY county") == [(ONE, 1)]
    assert keep.check(store.engine, deep=True).problems == []


def test_many_rows_go_in_for_a_county_and_for_the_province_over_one_connection(store):
    with store.engine.connect() as connection:
        for number, place in enumerate((ONE, ALL, OTHER)):
            with within(place), connection.begin():
                put(connection, "guard", [(f"{number}{count}", "edition") for count in range(20)])

    assert told(store, "SELECT county, count(*) FROM guard GROUP BY county ORDER BY county") == [
        ("", 20),
        (ONE, 20),
        (OTHER, 20),
    ]


def test_two_counties_are_told_the_same_and_each_has_it(store):
    said = [StatementFile("a" * 64, "card", "53", b"card"), StatementFile("b" * 64, "receipt", "x", b"receipt")]
    for place in (ONE, OTHER):
        with within(place):
            assert store.postbox.keep_statements(said, NOW) == 2
            assert store.postbox.keep_statements(said, NOW) == 0
            assert store.postbox.statements() == said

    assert store.postbox.statements() == said
    assert not store.has_card("53", "530102")
    store.postbox.keep_statements(said, NOW)
    assert store.has_card("53", "530102")
    assert store.postbox.statements() == said


def test_what_was_read_for_one_county_is_not_taken_for_anothers(store):
    turns = set()
    for place in (ALL, ONE, OTHER):
        with within(place):
            turns.add(store.postbox.turn())

    assert len(turns) == 3


def test_a_county_forgets_what_it_was_told_and_the_others_still_know(store):
    said = StatementFile("b" * 64, "receipt", "x", b"receipt")
    for place in (ALL, ONE, OTHER):
        with within(place):
            store.postbox.keep_statements([said], NOW)

    with within(ONE):
        store.postbox.forget_statements([said.id])

    assert sorted(told(store, "SELECT county FROM statement_file")) == [("",), (OTHER,)]


def test_issues_of_all_counties_are_found_by_whoever_works_for_the_province(store, laptops):
    for world, region in zip(laptops, (f"{ONE}001", f"{OTHER}002", ABOVE), strict=True):
        world.sitting("红白事")
        store.postbox.take_in(parcels_of(world, region), NOW)

    assert store.shelf.count(Issue) == 3
