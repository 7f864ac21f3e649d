"""One gate, two desks: who signs in at both is one person, whatever each desk knew of the other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.commands.attendance import CheckIn, Excuse, Invite, Leave, WalkIn
from app.domain.attendance import Attendance, Presence
from app.domain.change import ChangeSet, created
from app.domain.errors import AlreadyHere, ChangedElsewhere
from app.domain.people import Role
from app.ports import Is, Moment
from app.queries.paper import sign_in_sheet
from app.queries.people import register
from app.queries.sitting import LiveSitting, live_sitting
from db import keep
from tests.db.test_intake import Courier, digests
from tests.world import MORNING, World

GUESTS = 20


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
def post():
    return Courier()


def prepared(post, a: World, b: World, *, invited: int = GUESTS) -> tuple[str, list[str]]:
    """Call one meeting on laptop a and let b know of it; return the sitting and its twenty people."""
    people = [a.villager(f"赵某{no}", group=f"{no % 3 + 1}组") for no in range(GUESTS)]
    sitting = a.sitting("挡墙谁出资", invited=tuple(people[:invited]))
    post.meet(a, b)
    return sitting, people


def live(world: World, sitting: str) -> LiveSitting:
    return world.desk.ask(live_sitting, sitting, world.desk.ask(register))


def arrivals(world: World, sitting: str) -> list[tuple[str, str]]:
    return [(one.person_id, f"{one.arrived_at:%H:%M}") for one in live(world, sitting).came()]


@pytest.mark.parametrize("invited", [GUESTS, 0], ids=["on the list", "uninvited"])
def test_twenty_who_sign_in_at_both_desks_are_twenty_in_the_yard(worlds, post, invited):
    a, b = worlds
    sitting, people = prepared(post, a, b, invited=invited)
    for no, person in enumerate(people):
        a.clock.at = MORNING + timedelta(minutes=no)
        b.clock.at = MORNING + timedelta(minutes=40 - no)
        a.desk.do(CheckIn(sitting, person))
        b.desk.do(CheckIn(sitting, person))
    post.meet(a, b)

    earliest = sorted((min(no, 40 - no), person) for no, person in enumerate(people))
    told = [(person, f"{MORNING + timedelta(minutes=minute):%H:%M}") for minute, person in earliest]
    for world in worlds:
        assert arrivals(world, sitting) == told
        assert len(live(world, sitting).here()) == live(world, sitting).quorum().here == GUESTS
        assert world.home.shelf.count(Attendance) == GUESTS
        assert world.home.postbox.contests() == []
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_the_sign_in_sheet_of_both_desks_lists_everybody_once_in_the_order_of_coming(worlds, post):
    a, b = worlds
    sitting, people = prepared(post, a, b)
    for no, person in enumerate(people):
        (a if no % 2 else b).clock.passes(minutes=1)
        (a if no % 2 else b).desk.do(CheckIn(sitting, person))
        (a if no % 3 else b).clock.passes(minutes=1)
        try:
            (a if no % 3 else b).desk.do(CheckIn(sitting, person))
        except AlreadyHere:
            continue
    post.meet(a, b)

    sheets = [sign_in_sheet(live(world, sitting), world.room().places) for world in worlds]
    names = [row.name for row in sheets[0].rows]
    assert sheets[0] == sheets[1]
    assert sorted(names) == sorted(f"赵某{no}" for no in range(GUESTS))
    assert names == [live(a, sitting).person(one).name for one, _ in arrivals(a, sitting)]


def test_who_left_at_one_desk_and_came_at_the_other_has_left(worlds, post):
    a, b = worlds
    sitting, people = prepared(post, a, b)
    a.desk.do(CheckIn(sitting, people[0]))
    a.desk.do(Leave(live(a, sitting).attendance_of(people[0]).id))
    b.clock.passes(minutes=5)
    b.desk.do(CheckIn(sitting, people[0]))
    b.desk.do(Excuse(live(b, sitting).attendance_of(people[1]).id, "赶街"))
    a.desk.do(CheckIn(sitting, people[1]))
    post.meet(a, b)

    for world in worlds:
        told = live(world, sitting)
        assert told.attendance_of(people[0]).presence == Presence.LEFT
        assert told.attendance_of(people[1]).presence == Presence.PRESENT
        assert world.home.postbox.contests() == []


def test_who_leaves_after_both_desks_met_leaves_once_and_may_come_back(worlds, post):
    a, b = worlds
    sitting, people = prepared(post, a, b, invited=0)
    for world in worlds:
        world.desk.do(CheckIn(sitting, people[0]))
    post.meet(a, b)

    b.desk.do(Leave(live(b, sitting).attendance_of(people[0]).id))
    post.meet(a, b)
    assert live(a, sitting).here() == []
    a.desk.do(CheckIn(sitting, people[0]))
    post.meet(a, b)

    assert [len(live(world, sitting).here()) for world in worlds] == [1, 1]
    assert all(world.home.postbox.contests() == [] for world in worlds)
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_a_sign_in_taken_back_and_made_again_is_the_same_record_raised(worlds, post):
    a, b = worlds
    sitting, people = prepared(post, a, b, invited=0)
    first = a.desk.do(CheckIn(sitting, people[0])).changes[0].record_id
    a.desk.undo()
    loaded = live(a, sitting)
    a.clock.passes(minutes=3)
    again = a.desk.do(CheckIn(sitting, people[0]))
    loaded.take(again)

    assert {change.record_id for change in again.changes} == {first}
    assert [f"{one.arrived_at:%H:%M}" for one in loaded.here()] == ["10:03"]
    assert a.home.postbox.ops("attendance", first)[-1].base is not None
    post.meet(a, b)
    assert arrivals(b, sitting) == [(people[0], "10:03")]
    assert b.home.postbox.contests() == []

    a.desk.undo()
    post.meet(a, b)
    assert live(a, sitting).here() == live(b, sitting).here() == []
    a.desk.redo()
    post.meet(a, b)
    assert arrivals(a, sitting) == arrivals(b, sitting) == [(people[0], "10:03")]
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_an_invitation_taken_back_can_be_made_again_and_the_guest_signs_in(worlds, post):
    a, b = worlds
    sitting, people = prepared(post, a, b, invited=0)
    a.desk.do(Invite(sitting, tuple(people[:3])))
    a.desk.undo()
    a.desk.do(CheckIn(sitting, people[0]))
    a.desk.do(Invite(sitting, tuple(people[:3])))
    b.desk.do(Invite(sitting, tuple(people[:3])))
    post.meet(a, b)

    for world in worlds:
        told = live(world, sitting)
        assert [one.person_id for one in told.here()] == people[:1]
        assert {one.person_id for one in told.awaited()} == set(people[1:3])
        assert told.expected() == 3  # the other desk had invited who came by themselves here
        assert world.home.postbox.contests() == []


def test_a_sign_in_that_comes_from_the_other_desk_while_ours_is_being_written_is_joined_to_it(worlds, post):
    a, b = worlds
    sitting, people = prepared(post, a, b, invited=0)
    b.clock.passes(minutes=2)
    ours = CheckIn(sitting, people[0]).changes(b.home.shelf, moment(b))
    a.desk.do(CheckIn(sitting, people[0]))
    post.meet(a, b)
    b.home.ledger.write(replace(ours, id=b.desk._mint()), "示例干部", b.clock.now())
    post.meet(a, b)

    assert arrivals(a, sitting) == arrivals(b, sitting) == [(people[0], "10:00")]
    assert all(world.home.postbox.contests() == [] for world in worlds)
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def moment(world: World):
    return Moment(world.clock.now(), "示例干部", world.desk._mint, world.desk._dice.bits)


def test_a_sign_in_that_the_other_desk_joined_is_not_taken_back_in_passing(worlds, post):
    a, b = worlds
    sitting, people = prepared(post, a, b, invited=0)
    b.desk.do(CheckIn(sitting, people[0]))
    a.clock.passes(minutes=1)
    a.desk.do(CheckIn(sitting, people[0]))
    post.meet(a, b)

    with pytest.raises(ChangedElsewhere):
        a.desk.undo()
    assert len(live(a, sitting).here()) == 1


def test_attendances_from_before_that_were_minted_stay_what_they_are(worlds, post):
    a, b = worlds
    sitting, people = prepared(post, a, b, invited=0)
    old = Attendance(a.desk._mint(), sitting, people[0], Role.VILLAGER)
    written(a, old)
    post.meet(a, b)
    for world in worlds:
        world.desk.do(CheckIn(sitting, people[0]))
    post.meet(a, b)

    for world in worlds:
        (there,) = world.home.shelf.all(Attendance, Is("person_id", people[0]))
        assert (there.id, there.presence) == (old.id, Presence.PRESENT)


def written(world: World, record) -> None:
    world.home.ledger.write(ChangeSet("从前", created(record), world.desk._mint()), "示例干部", world.clock.now())


def test_strangers_who_come_to_both_desks_are_two_until_somebody_says_they_are_one(worlds, post):
    a, b = worlds
    sitting, _ = prepared(post, a, b, invited=0)
    for world in worlds:
        world.desk.do(WalkIn(sitting, "冯某壬", "三组"))
    post.meet(a, b)

    assert [len(live(world, sitting).here()) for world in worlds] == [2, 2]
