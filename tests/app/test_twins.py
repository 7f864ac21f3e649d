"""One person written down twice: suggested, tied by somebody's word, untied at any time, and nothing is rewritten."""

from dataclasses import replace

import pytest

from app.commands.action import AssignAction
from app.commands.attendance import CheckIn, WalkIn
from app.commands.consensus import votes_in_yard
from app.commands.people import MergePeople, RegisterHousehold, SeparatePeople
from app.commands.statement import RecordStatement
from app.domain.attendance import Attendance
from app.domain.consensus import Method
from app.domain.people import Person, the_one
from app.domain.statement import Statement
from app.queries.paper import sign_in_sheet
from app.queries.people import Register, register
from app.queries.people_twins import twins
from app.queries.sitting import LiveSitting, live_sitting
from db import keep
from tests.db.test_intake import Courier, digests
from tests.world import World

VILLAGE = "530502205205"


@pytest.fixture
def worlds(tmp_path):
    made = [World(tmp_path / name) for name in "ab"]
    for no, world in enumerate(made):
        world.desk._dice._random.seed(f"desk {no}")
    yield made
    for world in made:
        assert keep.check(world.home.engine, deep=True).problems == []
        world.close()


@pytest.fixture
def world(worlds) -> World:
    return worlds[0]


def on_register(world: World) -> Register:
    return world.desk.ask(register)


def live(world: World, sitting: str) -> LiveSitting:
    return world.desk.ask(live_sitting, sitting, on_register(world))


def shown(world: World) -> list[str]:
    return [person.id for person in on_register(world).standing()]


def pairs(world: World, apart=()) -> list[tuple[str, str]]:
    return [(one.id, other.id) for one, other in twins(on_register(world).standing(), apart)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "赵某甲"}, {"name": "赵某甲"}),
        ({"name": "赵某甲", "group": "", "village_code": ""}, {"name": "赵某甲"}),
        ({"name": "曾某甲"}, {"name": "增某甲"}),
        ({"name": "赵某甲", "phone": "13800003217"}, {"name": "赵老甲", "phone": "138-0000-3217", "group": "三组"}),
    ],
    ids=["name", "name, the rest blank", "sound", "phone"],
)
def test_who_looks_like_the_same_person_is_suggested_the_earlier_entry_first(world, first, second):
    ids = [world.villager(**{"village_code": VILLAGE, **one}) for one in (first, second)]

    assert pairs(world) == [(ids[0], ids[1])]
    assert pairs(world, apart={(ids[0], ids[1])}) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "赵某甲", "group": "二组"}, {"name": "赵某甲", "group": "三组"}),
        ({"name": "赵某甲"}, {"name": "赵某甲", "village_code": "530502205206"}),
        ({"name": "赵某甲", "phone": "13800003217"}, {"name": "赵某甲", "phone": "13800003218"}),
        ({"name": "曾某甲", "group": ""}, {"name": "增某甲", "group": ""}),
        ({"name": "赵某甲"}, {"name": "赵某乙"}),
    ],
    ids=["another group", "another village", "another phone", "sound without a group", "another name"],
)
def test_whom_the_register_tells_apart_is_not_suggested(world, first, second):
    for one in (first, second):
        world.villager(**{"village_code": VILLAGE, **one})

    assert pairs(world) == []


def test_a_couple_with_one_telephone_is_not_suggested(world):
    couple = [world.villager(name, phone="13800003217", village_code=VILLAGE) for name in ("赵某甲", "钱某乙")]
    world.desk.do(RegisterHousehold(VILLAGE, "二组", "赵某甲", tuple(couple)))

    assert pairs(world) == []


def evening(world: World) -> tuple[str, str, str]:
    """Hold a meeting to which somebody came twice, under two entries; return it and them."""
    kept = world.villager("赵某甲", group="三组")
    sitting = world.sitting("挡墙谁出资", invited=(kept,))
    world.desk.do(CheckIn(sitting, kept))
    world.clock.passes(minutes=2)
    twin = world.made(world.desk.do(WalkIn(sitting, "赵某甲", "三组")), "person")
    world.desk.do(RecordStatement(sitting, "我家出工。", speaker_id=twin))
    world.desk.do(AssignAction(sitting, "修挡墙", person_id=twin))
    return sitting, kept, twin


def test_whatever_names_the_twin_shows_the_kept_one_and_no_row_is_rewritten(world):
    sitting, kept, twin = evening(world)
    before = {kind: world.home.shelf.all(kind) for kind in (Attendance, Statement)}
    told = world.desk.do(MergePeople(kept, twin))

    meeting = live(world, sitting)
    assert [(change.record_id, change.field) for change in told.changes] == [(twin, "merged_into")]
    assert {kind: world.home.shelf.all(kind) for kind in before} == before
    assert shown(world) == [kept]
    assert [hit.person.id for hit in on_register(world).find_people("zmj")] == [kept]
    assert meeting.person(meeting.statements()[0].speaker_id).id == kept
    assert meeting.person(meeting.actions()[0].person_id).id == kept
    assert [(one.person_id, f"{one.arrived_at:%H:%M}", one.invited) for one in meeting.came()] == [
        (kept, "10:00", True)
    ]
    assert meeting.silent() == []
    assert meeting.quorum().here == meeting.voters() == 1
    assert [row.name for row in sign_in_sheet(meeting, world.room().places).rows] == ["赵某甲"]
    guests = world.home.shelf.all(Attendance)
    assert votes_in_yard(guests, Method.SHOW_OF_HANDS, world.home.shelf) == 1
    assert pairs(world) == []


@pytest.mark.parametrize("way", ["undo", "separate"])
def test_both_come_back_by_undo_or_by_being_told_apart(world, way):
    sitting, kept, twin = evening(world)
    before = live(world, sitting).came(), shown(world)
    room = world.room()
    room.register.find_people("zmj")
    room.register.take(world.desk.do(MergePeople(kept, twin)))
    assert [hit.person.id for hit in room.register.find_people("zmj")] == [kept]
    back = world.desk.undo() if way == "undo" else world.desk.do(SeparatePeople(kept))
    room.register.take(back)

    assert {hit.person.id for hit in room.register.find_people("zmj")} == {kept, twin}
    assert (live(world, sitting).came(), shown(world)) == before


@pytest.mark.parametrize("is_crossed", [False, True], ids=["both alike", "in opposite directions"])
def test_merged_on_both_laptops_one_is_shown_and_nobody_vanishes(worlds, is_crossed):
    a, b = worlds
    post = Courier()
    one, other = a.villager("赵某甲"), a.villager("赵某甲")
    post.meet(a, b)
    a.desk.do(MergePeople(one, other))
    b.desk.do(MergePeople(other, one) if is_crossed else MergePeople(one, other))
    post.meet(a, b)

    assert shown(a) == shown(b) == [one]
    assert a.home.postbox.contests() == b.home.postbox.contests() == []
    assert digests([a, b]) == {keep.digest(a.home.engine)}

    b.desk.do(SeparatePeople(one))
    post.meet(a, b)
    assert shown(a) == shown(b) == [one, other]


def test_an_entry_merged_into_two_others_is_behind_the_one_of_the_greater_version_on_both_laptops(worlds):
    a, b = worlds
    post = Courier()
    first, second, third = (a.villager("赵某甲") for _ in range(3))
    post.meet(a, b)
    a.desk.do(MergePeople(first, third))
    b.desk.do(MergePeople(second, third))
    post.meet(a, b)

    assert on_register(a).one(third) == on_register(b).one(third)
    assert a.home.postbox.contests() == []
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_a_chain_ends_at_its_last_and_a_ring_at_its_earliest():
    chain, ring = {"c": "b", "b": "a"}, {"c": "b", "b": "a", "a": "c", "d": "c"}

    assert the_one("c", chain.get) == "a"
    assert {the_one(one, ring.get) for one in "abcd"} == {"a"}


def test_who_is_tied_to_somebody_off_the_register_stands_by_themselves(world):
    kept, twin = world.villager("赵某甲"), world.villager("赵某甲")
    found = on_register(world).people
    people = [replace(found[twin], merged_into=kept)]

    assert Register(people, [], []).standing() == people
    assert Register([*people, replace(found[kept], standing=0)], [], []).one(twin) == people[0]


def test_of_many_a_few_are_told_and_the_rest_when_those_are_answered():
    people = [Person(f"{no:032x}", f"赵某{chr(0x4E00 + no % 30)}", VILLAGE, "一组") for no in range(60)]
    first = {(one.id, other.id) for one, other in twins(people)}
    then = {(one.id, other.id) for one, other in twins(people, first)}

    assert len(first) == 20
    assert then
    assert not first & then
