"""A home that is put back to before something was erased forgets it again, before anybody sees it."""

import shutil

import pytest
from msgspec.structs import replace

from app.domain.people import Person
from db import keep
from db.incarnation import Traces
from db.lasting import FILE, Lasting
from tests.world import MORNING, World

NAME, PHONE = "赵某甲", "13800003217"


def erase(world, person_id):
    (op,) = world.home.ledger.ops("person", person_id)
    gone = frozenset({"name", "phone"})
    world.home.ledger.erase([replace(op, sets=op.sets | dict.fromkeys(gone), erased=gone)], MORNING)
    world.home.ledger.sweep()


def told(home) -> bool:
    with home.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT body FROM entry").all()
        rows += connection.exec_driver_sql("SELECT name || phone FROM person").all()
        rows += connection.exec_driver_sql("SELECT title || text FROM change_set, note").all()
    return any(
        word.encode() in (one if isinstance(one, bytes) else str(one).encode())
        for (one,) in rows
        for word in (NAME, PHONE)
    )


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "home")
    yield made
    made.close()


def test_an_old_ledger_in_its_home_forgets_again(tmp_path, world):
    person_id = world.villager(NAME, phone=PHONE)
    other = world.villager("钱某乙", phone="13900001111")
    world.close()
    shutil.copy(tmp_path / "home" / "ledger.db", tmp_path / "backup.db")
    world.__post_init__()
    erase(world, person_id)
    world.close()
    shutil.copy(tmp_path / "backup.db", tmp_path / "home" / "ledger.db")

    world.__post_init__()

    assert not told(world.home)
    assert world.home.shelf.get(Person, other).phone == "13900001111"
    assert keep.check(world.home.engine, deep=True).problems == []


def test_a_whole_home_that_is_restored_is_told_from_outside(tmp_path):
    traces = Traces(outside=tmp_path / "outside")
    world = World(tmp_path / "home")
    world.home.close()
    world.home = keep.open_home(tmp_path / "home", MORNING, traces)
    world.desk._shelf, world.desk._ledger = world.home.shelf, world.home.ledger
    person_id = world.villager(NAME, phone=PHONE)
    world.close()
    shutil.copytree(tmp_path / "home", tmp_path / "backup")
    world.home = keep.open_home(tmp_path / "home", MORNING, traces)
    erase(world, person_id)
    world.close()

    restored = keep.open_home(tmp_path / "backup", MORNING, traces)

    assert not told(restored)
    assert not (tmp_path / "backup" / FILE).exists()
    restored.close()


def test_a_list_that_is_damaged_is_as_good_as_none(tmp_path, world):
    world.villager(NAME, phone=PHONE)
    stream = world.home.ledger.stream()
    wrong = ("", "[]", "{", '{"a":1}', '{"a":{"1":"name"}}', f'{{"{stream}":{{"x":["name"],"99":["name"],"1":[1]}}}}')
    for text in wrong:
        (tmp_path / "home" / FILE).write_text(text, "utf-8")

        assert not Lasting(tmp_path / "home", "", None).forget_again(world.home.engine, MORNING)
    assert told(world.home)


def test_the_list_tells_nothing_of_what_was_erased(tmp_path, world):
    person_id = world.villager(NAME, phone=PHONE)
    erase(world, person_id)

    raw = (tmp_path / "home" / FILE).read_text("utf-8")

    assert NAME not in raw
    assert PHONE not in raw
    assert Lasting(tmp_path / "home", "", None).told() == {world.home.ledger.stream(): {"1": ["name", "phone"]}}
