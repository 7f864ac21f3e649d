"""What two sides had both changed is settled by somebody, everywhere; and it is open again when that is taken back."""

from dataclasses import replace

import pytest

from app.commands.contest import DecideContest
from app.commands.people import AmendPerson, RemovePerson
from app.domain.errors import ChangedElsewhere, ContestMoved
from app.domain.people import Person
from app.domain.ruling import Ruling, version_words
from tests.db.test_intake import Courier, digests, person
from tests.world import World


@pytest.fixture
def worlds(tmp_path):
    made = [World(tmp_path / name) for name in "abc"]
    for no, world in enumerate(made):
        world.desk._dice._random.seed(f"laptop {no}")
    yield made
    for world in made:
        world.close()


@pytest.fixture
def post():
    return Courier()


def contests_of(world: World):
    return lambda kind, record_id: world.home.postbox.disputed(kind, record_id)


def decision(world: World, who: str, take: int, **told) -> DecideContest:
    """Return the command that takes the side at this place for every contested field."""
    contests = world.home.postbox.disputed("person", who)
    values = {one.field: one.sides[min(take, len(one.sides) - 1)].value for one in contests}
    seen = frozenset(side.version for one in contests for side in one.sides)
    chosen = frozenset(one.sides[min(take, len(one.sides) - 1)].version for one in contests)
    return DecideContest("person", who, values, contests_of(world), seen, chosen, **told)


def disputed(world: World, who: str) -> dict[str, set]:
    contests = world.home.postbox.disputed("person", who)
    return {one.field: {side.value for side in one.sides} for one in contests}


def both_changed(post, *worlds, **fields) -> str:
    """Let each laptop change the group of one villager, not knowing of the others."""
    who = worlds[0].villager("赵某甲")
    post.meet(*worlds)
    for world, group in zip(worlds, ("三组", "四组", "五组"), strict=False):
        world.desk.do(AmendPerson(replace(person(world, who), group=group, **fields.get(world.desk.who, {}))))
    post.meet(*worlds)
    return who


@pytest.mark.parametrize("take", [0, 1])
def test_a_decision_travels_and_closes_the_contest_on_the_other_laptop(worlds, post, take):
    a, b, _ = worlds
    who = both_changed(post, a, b)
    wanted = a.home.postbox.disputed("person", who)[0].sides[take].value

    a.desk.do(decision(a, who, take, reason="户主来说过"))
    post.meet(a, b)

    assert disputed(a, who) == disputed(b, who) == {}
    assert person(a, who).group == person(b, who).group == wanted
    assert digests([a, b]) == digests([a])


def test_both_laptops_can_read_who_decided_and_why_and_what_was_not_taken(worlds, post):
    a, b, _ = worlds
    who = both_changed(post, a, b)
    contest = a.home.postbox.disputed("person", who)[0]

    a.desk.do(decision(a, who, 1, reason="户主来说过"))
    post.meet(a, b)

    ruling = b.home.shelf.all(Ruling)[0]
    assert (ruling.kind, ruling.record_id, ruling.fields) == ("person", who, ("group",))
    assert (ruling.reason, ruling.by) == ("户主来说过", a.desk.who)
    assert ruling.chosen == (version_words(contest.sides[1].version),)
    assert ruling.others == (version_words(contest.sides[0].version),)


@pytest.mark.parametrize("take", [0, 1])
def test_a_decision_taken_back_opens_the_contest_on_both_laptops_and_redo_settles_it(worlds, post, take):
    a, b, _ = worlds
    who = both_changed(post, a, b)
    shown = person(a, who).group
    a.desk.do(decision(a, who, take))
    post.meet(a, b)

    a.desk.undo()
    assert disputed(a, who) == {"group": {"三组", "四组"}}
    assert a.home.shelf.all(Ruling) == []
    post.meet(a, b)
    assert disputed(b, who) == {"group": {"三组", "四组"}}
    assert person(a, who).group == person(b, who).group == shown
    assert digests([a, b]) == digests([a])

    a.desk.redo()
    post.meet(a, b)
    assert disputed(a, who) == disputed(b, who) == {}
    assert len(b.home.shelf.all(Ruling)) == 1
    assert digests([a, b]) == digests([a])


def test_it_can_be_taken_back_and_done_again_any_number_of_times(worlds, post):
    a, b, _ = worlds
    who = both_changed(post, a, b)
    a.desk.do(decision(a, who, 1))

    for _ in range(3):
        a.desk.undo()
        assert disputed(a, who) == {"group": {"三组", "四组"}}
        a.desk.redo()
        assert disputed(a, who) == {}
    post.meet(a, b)

    assert digests([a, b]) == digests([a])


def test_what_was_taken_back_can_be_decided_on_the_other_laptop(worlds, post):
    a, b, _ = worlds
    who = both_changed(post, a, b)
    a.desk.do(decision(a, who, 1))
    a.desk.undo()
    post.meet(a, b)

    b.desk.do(decision(b, who, 0))
    post.meet(a, b)

    assert disputed(a, who) == disputed(b, who) == {}
    assert digests([a, b]) == digests([a])
    with pytest.raises(ChangedElsewhere):
        a.desk.redo()


def test_three_sides_are_all_back_when_the_decision_is_taken_back(worlds, post):
    who = both_changed(post, *worlds)
    a = worlds[0]
    a.desk.do(decision(a, who, 2))
    post.meet(*worlds)
    a.desk.undo()
    post.meet(*worlds)

    assert [disputed(world, who) for world in worlds] == [{"group": {"三组", "四组", "五组"}}] * 3
    assert digests(worlds) == digests([a])


def test_several_fields_are_settled_in_one_act_and_open_again_in_one(worlds, post):
    a, b, _ = worlds
    who = a.villager("赵某甲")
    post.meet(a, b)
    a.desk.do(AmendPerson(replace(person(a, who), group="三组", note="腿脚不便")))
    b.desk.do(AmendPerson(replace(person(b, who), group="四组", note="在外打工")))
    post.meet(a, b)
    before = disputed(a, who)

    b.desk.do(decision(b, who, 1))
    post.meet(a, b)
    assert disputed(a, who) == {}
    b.desk.undo()
    post.meet(a, b)

    assert before == disputed(a, who) == disputed(b, who)
    assert before.keys() == {"group", "note"}
    assert digests([a, b]) == digests([a])


@pytest.mark.parametrize("take", [0, 1])
def test_a_disputed_removal_is_settled_and_opened_again(worlds, post, take):
    a, b, _ = worlds
    who = a.villager("赵某甲")
    post.meet(a, b)
    a.desk.do(RemovePerson(who))
    b.desk.do(AmendPerson(replace(person(b, who), group="四组")))
    post.meet(a, b)
    assert disputed(b, who) == {"standing": {0, 1}}

    b.desk.do(decision(b, who, take))
    post.meet(a, b)
    assert [world.home.shelf.find(Person, who) is None for world in (a, b)] == [bool(take)] * 2
    assert disputed(a, who) == disputed(b, who) == {}

    b.desk.undo()
    post.meet(a, b)
    assert disputed(a, who) == disputed(b, who) == {"standing": {0, 1}}
    assert person(a, who).group == "四组"
    assert digests([a, b]) == digests([a])


def test_who_has_not_seen_a_side_cannot_decide_over_it(worlds, post):
    a, b, c = worlds
    who = a.villager("赵某甲")
    post.meet(*worlds)
    for world, group in zip(worlds, ("三组", "四组", "五组"), strict=True):
        world.desk.do(AmendPerson(replace(person(world, who), group=group)))
    post.meet(a, b)
    looked_at = decision(a, who, 1)
    post.meet(a, b, c)

    with pytest.raises(ContestMoved):
        a.desk.do(looked_at)
    assert disputed(a, who) == {"group": {"三组", "四组", "五组"}}


def test_a_side_that_comes_after_the_decision_is_asked_about_and_stays_when_it_is_taken_back(worlds, post):
    a, b, _c = worlds
    who = a.villager("赵某甲")
    post.meet(*worlds)
    for world, group in zip(worlds, ("三组", "四组", "五组"), strict=True):
        world.desk.do(AmendPerson(replace(person(world, who), group=group)))
    post.meet(a, b)
    a.desk.do(decision(a, who, 0))
    taken = person(a, who).group
    post.meet(*worlds)
    assert disputed(a, who) == {"group": {taken, "五组"}}

    if person(a, who).group == taken:
        a.desk.undo()
    else:
        with pytest.raises(ChangedElsewhere):
            a.desk.undo()
    post.meet(*worlds)
    assert "五组" in disputed(b, who)["group"]
    assert digests(worlds) == digests([a])
