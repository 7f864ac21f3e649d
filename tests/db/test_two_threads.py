"""Somebody is at the keys while a stick is being written: two threads write, and neither loses a word."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from app.commands.people import AmendPerson
from app.domain.people import Person
from db import keep, opened
from tests.db.test_intake import Courier
from tests.world import World

ACTS = 60


def sealed_again_and_again(world: World, courier: Courier) -> int:
    """Seal whatever is new, many times, as an errand would."""
    return max(len(courier.parcels(world)) for _ in range(ACTS))


def written(world: World, who: str) -> None:
    for no in range(ACTS):
        person = world.home.shelf.get(Person, who)
        world.desk.do(AmendPerson(replace(person, note=f"第 {no} 次")))
        if no % 5 == 4:
            world.desk.undo()


def test_what_is_typed_while_it_is_sealed_is_whole_and_all_of_it_is_sealed(tmp_path):
    world, other, courier = World(tmp_path / "a"), World(tmp_path / "b"), Courier()
    who = world.villager("赵某甲")

    with ThreadPoolExecutor(2) as threads:
        typing = threads.submit(written, world, who)
        sealing = threads.submit(sealed_again_and_again, world, courier)
        typing.result()
        sealing.result()
    courier.meet(other, world)

    assert other.home.shelf.get(Person, who) == world.home.shelf.get(Person, who)
    assert keep.digest(other.home.engine) == keep.digest(world.home.engine)
    world.close()
    other.close()


def test_what_comes_in_while_somebody_types_stands_beside_it(tmp_path):
    world, other, courier = World(tmp_path / "a"), World(tmp_path / "b"), Courier()
    other.desk._dice._random.seed("another laptop")
    who = world.villager("赵某甲")
    for name in ("钱某乙", "孙某丙"):
        other.villager(name)
        courier.parcels(other)
    arriving = courier.parcels(other)

    with ThreadPoolExecutor(2) as threads:
        typing = threads.submit(written, world, who)
        taking = threads.submit(lambda: [world.home.postbox.take_in([one], world.clock.now()) for one in arriving * 10])
        typing.result()
        taking.result()
    courier.meet(world, other)

    assert {one.name for one in world.home.shelf.all(Person)} == {"赵某甲", "钱某乙", "孙某丙"}
    assert keep.digest(other.home.engine) == keep.digest(world.home.engine)
    world.close()
    other.close()


def test_a_note_is_kept_while_what_came_is_still_being_opened(tmp_path):
    world, other, courier = World(tmp_path / "a"), World(tmp_path / "b"), Courier()
    other.villager("钱某乙")
    arriving = courier.parcels(other)

    with ThreadPoolExecutor(1) as keys:

        def opening():
            for parcel in arriving:
                keys.submit(world.home.ledger.jot, {"half": "写到一半"}).result(timeout=60)
                yield parcel

        taking = world.home.postbox.take_in(opening(), world.clock.now())

    assert taking.parcels
    assert world.home.ledger.jotted("half") == {"half": "写到一半"}
    world.close()
    other.close()


def test_a_large_intake_leaves_no_long_log_behind_and_whoever_writes_next_folds_as_usual(tmp_path, monkeypatch):
    monkeypatch.setattr(opened, "LARGE", 1)
    world, other, courier = World(tmp_path / "a"), World(tmp_path / "b"), Courier()
    world.villagers()
    file = tmp_path / "b" / "ledger.db"
    before = file.stat().st_size

    with ThreadPoolExecutor(2) as threads:
        typing = threads.submit(lambda: [other.home.ledger.jot({"typing": str(no)}) for no in range(ACTS)])
        other.home.postbox.take_in(courier.parcels(world), other.clock.now())
        typing.result()

    with other.home.engine.connect() as connection:
        assert connection.connection.driver_connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (1_000,)
    assert file.stat().st_size > before
    assert other.home.ledger.jotted("typing") == {"typing": str(ACTS - 1)}
    assert keep.digest(other.home.engine) == keep.digest(world.home.engine)
    world.close()
    other.close()
