"""Parcels are taken in whole, in any order, any number of times; nobody's words are lost over it."""

import random
import shutil
from dataclasses import replace

import pytest
from msgspec import structs

import resources
from app.commands.consensus import DraftConsensus
from app.commands.edition import OpenCorrection, SealSitting
from app.commands.people import AmendPerson, RegisterPerson
from app.commands.sitting import CloseSitting
from app.commands.statement import AmendStatement, RecordStatement
from app.domain.change import Change, ChangeSet, laid_down
from app.domain.consensus import Consensus
from app.domain.issue import Issue
from app.domain.op import Op
from app.domain.people import Person
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.statement import Statement
from app.ports import TAKEN, Parcel
from app.queries.edition import content_of
from db import keep
from db.keep import open_home
from tests.postgres import open_fresh
from tests.world import World


@pytest.fixture(params=["files", "servers"])
def worlds(request, tmp_path):
    """Three homes, the second and the third of them on PostgreSQL in half of the tests."""
    opening = [open_home, *([open_fresh if request.param == "servers" else open_home] * 2)]
    made = [World(tmp_path / name, opening=way) for name, way in zip("abc", opening, strict=True)]
    for no, world in enumerate(made):
        world.desk._dice._random.seed(f"laptop {no}")
    yield made
    for world in made:
        world.close()


class Courier:
    """Carries ops between homes as parcels, without any sealing."""

    def __init__(self):
        self.sealed: dict[str, list[Parcel]] = {}

    def parcels(self, world: World) -> list[Parcel]:
        """Return everything a home has written, cut where it was asked before."""
        box = world.home.postbox
        name = box.stream()
        kept = self.sealed.setdefault(name, [])
        ops = box.unsealed(10_000)
        if ops:
            before = kept[-1] if kept else None
            act = f"{len(kept):02d}{name[:14]}{'0' * 16}"
            after = before.acts[-1] if before else None
            last = ops[-1].seq
            parcel = Parcel(
                act + act, name, "530102001", "C", ops[0].seq, last, (act,), after, 1, TAKEN, b"x", None, "", tuple(ops)
            )
            box.keep_sealed(act, after, last, [parcel])
            kept.append(parcel)
        return list(kept)

    def meet(self, *worlds: World, chance: random.Random | None = None) -> None:
        """Let every home have everything that all have written."""
        everything = [parcel for world in worlds for parcel in self.parcels(world)]
        for world in worlds:
            mine = list(everything)
            if chance:
                mine += chance.sample(mine, len(mine) // 2)
                chance.shuffle(mine)
            world.home.postbox.take_in(
                [one for one in mine if one.stream != world.home.postbox.stream()], world.clock.now()
            )


def digests(worlds) -> set[str]:
    return {keep.digest(world.home.engine) for world in worlds}


def person(world: World, person_id: str) -> Person:
    return world.home.shelf.get(Person, person_id)


def test_what_one_laptop_recorded_is_on_the_other_word_for_word(worlds):
    a, b, _ = worlds
    speaker = a.villagers(3)[0]
    sitting = a.sitting("挡墙谁出资", invited=(speaker,))
    a.desk.do(RecordStatement(sitting, "两家各出一半。", speaker_id=speaker))
    taking = b.home.postbox.take_in(Courier().parcels(a), b.clock.now())

    assert digests([a, b]) == {keep.digest(a.home.engine)}
    assert b.home.shelf.all(Statement)[0].text == "两家各出一半。"
    assert taking.made["statement"] == 1
    assert keep.check(b.home.engine, deep=True).problems == []


def test_the_same_parcel_ten_times_brings_nothing_new(worlds):
    a, b, _ = worlds
    a.villagers(5)
    parcels = Courier().parcels(a)
    b.home.postbox.take_in(parcels, b.clock.now())
    before = digests([b])

    takings = [b.home.postbox.take_in(parcels, b.clock.now()) for _ in range(10)]

    assert all(taking.brought_nothing() and taking.known == 1 for taking in takings)
    assert digests([b]) == before


def test_a_trial_says_what_would_come_of_it_and_takes_nothing(worlds):
    a, b, _ = worlds
    a.villagers(5)
    parcels = Courier().parcels(a)
    before = digests([b])

    (said,) = b.home.postbox.rehearse([parcels], b.clock.now())

    assert digests([b]) == before
    assert b.home.postbox.parcels() == []
    assert b.home.postbox.take_in(parcels, b.clock.now()) == said


def test_two_who_changed_the_same_field_are_both_heard_and_one_decision_ends_it(worlds):
    a, b, _ = worlds
    post = Courier()
    who = a.villager("赵某甲")
    post.meet(a, b)
    a.desk.do(AmendPerson(replace(person(a, who), group="三组")))
    b.desk.do(AmendPerson(replace(person(b, who), group="四组")))
    post.meet(a, b)

    assert a.home.postbox.contests() == b.home.postbox.contests() == [("person", who, "group")]
    assert digests([a, b]) == {keep.digest(a.home.engine)}

    shown = person(a, who).group
    change = Change("person", who, "group", shown, "三组")
    decided = ChangeSet("定下", (change,), "d" * 32, decides=frozenset({("person", who, "group")}))
    a.home.ledger.write(decided, "示例干部", a.clock.now())
    post.meet(a, b)

    assert a.home.postbox.contests() == b.home.postbox.contests() == []
    assert person(b, who).group == "三组"
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_what_one_removed_and_another_changed_stays_and_is_asked_about(worlds):
    a, b, _ = worlds
    post = Courier()
    who = a.villager("赵某甲")
    post.meet(a, b)
    a.home.ledger.write(ChangeSet("移出名册", laid_down(person(a, who)), "e" * 32), "示例干部", a.clock.now())
    b.desk.do(AmendPerson(replace(person(b, who), group="四组")))
    post.meet(a, b)

    assert person(a, who).group == "四组"
    assert a.home.postbox.contests() == b.home.postbox.contests() == [("person", who, "standing")]
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_a_change_that_comes_before_what_it_changes_waits_for_it(worlds):
    a, b, _ = worlds
    post = Courier()
    who = a.villager("赵某甲")
    first = post.parcels(a)
    a.desk.do(AmendPerson(replace(person(a, who), group="三组")))
    second = post.parcels(a)[1:]

    early = b.home.postbox.take_in(second, b.clock.now())
    assert early.waiting == 1
    assert b.home.shelf.all(Person) == []

    b.home.postbox.take_in(first, b.clock.now())
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_kinds_and_fields_of_a_newer_version_are_kept_and_the_rest_goes_on(worlds):
    a, b, _ = worlds
    who = a.villager("赵某甲")
    (parcel,) = Courier().parcels(a)
    known = parcel.ops[0]
    newer = (
        structs.replace(known, sets=known.sets | {"clan": "老屋"}),
        Op(known.stream, 2, 2, "drone_flight", "f" * 32, {"height": 30}, None),
    )

    taking = b.home.postbox.take_in([replace(parcel, ops=newer, last=2)], b.clock.now())

    assert person(b, who).name == "赵某甲"
    assert taking.waiting == 2
    assert b.home.postbox.ops("drone_flight", "f" * 32)[0].sets == {"height": 30}


def test_a_value_that_cannot_be_is_kept_aside_and_blocks_nothing(worlds):
    a, b, _ = worlds
    a.villagers(2)
    (parcel,) = Courier().parcels(a)
    bad = structs.replace(parcel.ops[0], sets=parcel.ops[0].sets | {"role": 7})

    taking = b.home.postbox.take_in([replace(parcel, ops=(bad, *parcel.ops[1:]))], b.clock.now())

    assert taking.withheld == 1
    assert [one.name for one in b.home.shelf.all(Person)] == ["钱某乙"]


def test_what_a_sealing_had_not_seen_begin_is_shown_nowhere_not_even_where_it_was_shown_before(worlds):
    a, b, _ = worlds
    post = Courier()
    sitting = a.sitting("挡墙谁出资")
    post.meet(a, b)
    b.desk.do(RecordStatement(sitting, "我家不出。"))
    a.desk.do(CloseSitting(sitting))
    practice = read_practices(resources.practices())["yuanba"]
    a.desk.do(SealSitting(sitting, content_of(Places(""), practice, sitting)))
    post.meet(a, b)

    assert b.home.shelf.all(Statement) == a.home.shelf.all(Statement) == []
    assert digests([a, b]) == {keep.digest(a.home.engine)}
    assert [op.sets["text"] for op in b.home.postbox.ops("statement", _only_statement(b))] == ["我家不出。"]
    assert all(keep.check(world.home.engine, deep=True).problems == [] for world in (a, b))


def test_what_was_sealed_is_shown_also_when_the_laptop_that_sealed_it_turns_out_to_be_copied(worlds, tmp_path):
    a, b, _ = worlds
    sitting = a.sitting("挡墙谁出资")
    a.desk.do(RecordStatement(sitting, "两家各出一半。"))
    a.desk.do(CloseSitting(sitting))
    shutil.copytree(a.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("lock"))
    copy = World(tmp_path / "copy")
    copy.desk.do(RegisterPerson("李某庚"))
    practice = read_practices(resources.practices())["yuanba"]
    a.desk.do(SealSitting(sitting, content_of(Places(""), practice, sitting)))
    sealed, copied = Courier().parcels(a), Courier().parcels(copy)
    copied = [replace(one, id="f" * 64, acts=("f" * 32,)) for one in copied]

    b.home.postbox.take_in([*sealed, *copied], b.clock.now())

    assert [one.text for one in b.home.shelf.all(Statement)] == ["两家各出一半。"]
    assert [one.name for one in b.home.shelf.all(Person)] == ["李某庚"]
    copy.close()


def test_a_fork_behind_an_act_that_ended_no_segment_leaves_what_came_before_where_it_was(worlds):
    a, b, _ = worlds
    stream, first, silent, left, right = "ab" * 8 + "/1", *(f"{no:08x}" * 4 for no in (1, 2, 3, 4))

    def person(seq, name, act):
        return Op(
            stream,
            seq,
            seq,
            "person",
            f"{name}{'0' * 30}",
            {"name": name, "role": "VILLAGER", "standing": 1},
            None,
            act,
        )

    def parcel(acts, after, *ops):
        route = (stream, "530102001", "O", ops[0].seq, ops[-1].seq, acts, after)
        return Parcel(acts[-1] * 2, *route, 1, TAKEN, b"x", None, "cd" * 32, ops)

    both = person(2, "钱某", "b" * 32)
    parcels = [
        parcel((first,), None, person(1, "赵某", "a" * 32)),
        parcel((silent, left), first, both, person(3, "孙某", "c" * 32)),
        parcel((silent, right), first, both, person(3, "李某", "d" * 32)),
    ]
    a.home.postbox.take_in(parcels, a.clock.now())
    b.home.postbox.take_in(parcels[::-1], b.clock.now())

    streams = {one.id: one.stream for one in a.home.postbox.parcels()}
    assert streams[first * 2] == stream
    assert [op.stream for op in a.home.postbox.ops("person", f"赵某{'0' * 30}")] == [stream]
    assert sorted(one.name for one in b.home.shelf.all(Person)) == sorted(["赵某", "钱某", "孙某", "李某"])
    assert digests([a, b]) == {keep.digest(a.home.engine)}
    assert a.home.postbox.contests() == b.home.postbox.contests() == []


def test_what_a_laptop_and_its_copy_both_tell_of_one_sealing_is_one_sealing(worlds, tmp_path):
    a, b, _ = worlds
    sitting = a.sitting("挡墙谁出资")
    a.desk.do(RecordStatement(sitting, "两家各出一半。"))
    a.desk.do(CloseSitting(sitting))
    practice = read_practices(resources.practices())["yuanba"]
    a.desk.do(SealSitting(sitting, content_of(Places(""), practice, sitting)))
    shutil.copytree(a.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("lock"))
    copy = World(tmp_path / "copy")
    copied = [replace(one, id="f" * 64, acts=("f" * 32,)) for one in Courier().parcels(copy)]

    b.home.postbox.take_in([*Courier().parcels(a), *copied], b.clock.now())

    assert [one.text for one in b.home.shelf.all(Statement)] == ["两家各出一半。"]
    assert digests([a, b]) == {keep.digest(a.home.engine)}
    copy.close()


def test_what_a_sealing_had_not_seen_is_withheld_also_when_it_was_amended_at_once(worlds):
    a, b, c = worlds
    post = Courier()
    sitting = a.sitting("挡墙谁出资")
    post.meet(a, b, c)
    said = b.desk.do(RecordStatement(sitting, "我家不出。")).changes[0].record_id
    b.desk.do(AmendStatement(replace(b.home.shelf.get(Statement, said), text="我家出一点。")))
    a.desk.do(CloseSitting(sitting))
    practice = read_practices(resources.practices())["yuanba"]
    a.desk.do(SealSitting(sitting, content_of(Places(""), practice, sitting)))
    post.meet(a, c)
    post.meet(b, c)

    assert c.home.shelf.all(Statement) == []
    assert keep.check(c.home.engine, deep=True).problems == []


def test_what_was_written_under_a_correction_is_shown_also_when_all_comes_at_once(worlds):
    a, b, _ = worlds
    sitting = a.sitting("挡墙谁出资")
    issue = a.home.shelf.all(Issue)[0].id
    a.desk.do(CloseSitting(sitting))
    practice = read_practices(resources.practices())["yuanba"]
    a.desk.do(SealSitting(sitting, content_of(Places(""), practice, sitting)))
    a.desk.do(OpenCorrection(sitting, "漏了一条"))
    a.desk.do(DraftConsensus(issue, "两家各出一半。"))

    b.home.postbox.take_in(Courier().parcels(a), b.clock.now())

    assert [one.text for one in b.home.shelf.all(Consensus)] == ["两家各出一半。"]
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def _only_statement(world):
    with world.home.engine.connect() as connection:
        (found,) = connection.exec_driver_sql("SELECT DISTINCT record_id FROM entry WHERE kind = 'statement'").all()
    return found[0]


def test_whatever_the_order_and_however_often_all_come_to_the_same(worlds):
    post, chance = Courier(), random.Random("orders")
    ids: list[str] = []
    for turn in range(12):
        world = worlds[turn % 3]
        ids.append(world.desk.do(RegisterPerson(f"李某{turn}")).changes[0].record_id)
        for who in chance.sample(ids, min(len(ids), 3)):
            there = world.home.shelf.find(Person, who)
            if there is not None and chance.random() < 0.2:
                world.home.ledger.write(
                    ChangeSet("移出", laid_down(there), f"{turn:032x}"), "示例干部", world.clock.now()
                )
            elif there is not None:
                world.desk.do(AmendPerson(replace(there, group=f"{turn}组", post=chance.choice(["组长", "护林员"]))))
        if chance.random() < 0.6:
            pair = chance.sample(worlds, 2)
            post.meet(*pair, chance=chance)
    post.meet(*worlds, chance=chance)

    assert len(digests(worlds)) == 1
    assert len({tuple(world.home.postbox.contests()) for world in worlds}) == 1
    assert all(keep.check(world.home.engine, deep=True).problems == [] for world in worlds)
