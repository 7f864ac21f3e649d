"""A new laptop gets from its county everything of its township at once, and goes on as if it had all the segments."""

import random
import shutil
from contextlib import suppress
from dataclasses import replace
from unittest.mock import patch

import pytest

from app.commands.people import AmendPerson, RegisterPerson
from app.domain.errors import SegmentForged, SegmentReaddressed, SegmentSpoilt, Trouble
from app.domain.people import Person
from db import keep
from sync import enrolment, snapshot
from sync.carriers.wire import synchronise
from sync.directory import opening
from sync.exchange import Relay
from sync.outbox import Outbox
from sync.pack import read_pack, write_pack
from sync.server.web import Server
from sync.snapshot import open_snapshot, seal_snapshot
from sync.suite import suite
from tests.sync.fleet import Fleet, Machine, enrolled
from tests.sync.offices import TOWNSHIP
from tests.sync.test_erasure import erasing, gone_ids
from tests.sync.test_exchange import evening
from ui.office_verify import pack_facts


def two_evenings(fleet):
    """Let two evenings be held and be everywhere."""
    evening(fleet.a)
    fleet.rounds(1)
    evening(fleet.b)
    fleet.rounds(2)


@pytest.fixture
def worked(upper, tmp_path, monkeypatch):
    """A fleet after two evenings that are everywhere."""
    monkeypatch.setattr(snapshot, "FEWEST", 3)
    monkeypatch.setattr(enrolment, "COST", 4)
    made = Fleet.lived(tmp_path / "fleet", two_evenings, upper=upper)
    yield made
    made.close()


@pytest.fixture
def empty(tmp_path):
    """A new laptop."""
    made = Machine(tmp_path / "丙", "丙")
    yield made
    made.close()


@pytest.fixture
def newcomer(worked, empty):
    """A new laptop that was enrolled, and so has taken its first pack from the county."""
    enrolled(empty, worked.county, worked.stick)
    return empty


def granted(laptop, other, stick):
    """Let another laptop of the township give what only the township may read."""
    for machine in (laptop, other, laptop):
        machine.takes_from(stick)
        machine.writes_to(stick)


def states(machine):
    return {one.id: one.state for one in machine.home.postbox.parcels()}


def snapshots_on(stick):
    found = []
    for file in sorted(stick.rglob("*.YB")):
        with file.open("rb") as stream:
            found += read_pack(stream).head.snapshots
    return found


def test_a_new_laptop_shows_what_the_county_shows_after_its_first_pack(worked, newcomer):
    assert newcomer.digest() == worked.county.digest()
    assert set(states(newcomer).values()) == {"covered", "relayed"}
    assert {one.audience for one in newcomer.home.postbox.parcels() if one.state == "covered"} == {"O", "C"}
    assert keep.check(newcomer.home.engine, deep=True).problems == []


def test_it_shows_what_the_others_show_when_it_was_given_the_key_of_the_township(worked, newcomer):
    granted(newcomer, worked.a, worked.stick)

    assert newcomer.digest() == worked.a.digest()
    assert set(states(newcomer).values()) == {"covered", "taken"}
    assert keep.check(newcomer.home.engine, deep=True).problems == []


def test_it_says_to_hold_what_it_has_through_a_snapshot_and_gets_nothing_twice(worked, newcomer):
    newcomer.writes_to(worked.stick)
    worked.county.takes_from(worked.stick)

    assert worked.county.exchange.outbox.load_for(TOWNSHIP, newcomer.exchange.device()).parcels == ()


def test_it_hands_on_nothing_that_it_has_only_through_a_snapshot(worked, newcomer):
    covered = {name for name, state in states(newcomer).items() if state == "covered"}

    load = newcomer.exchange.outbox.load_for("530102")

    assert covered
    assert covered.isdisjoint(one.id for one in load.parcels)


def test_later_words_follow_as_segments(worked, newcomer):
    newcomer.desk.do(RegisterPerson("孙某戊", group="三组"))
    granted(newcomer, worked.a, worked.stick)
    evening(worked.a)
    for machine in (newcomer, worked.a, worked.county, newcomer, worked.a):
        machine.writes_to(worked.stick)
        machine.takes_from(worked.stick)
    worked.county.takes_from(worked.stick)
    worked.county.writes_to(worked.stick)
    newcomer.takes_from(worked.stick)
    worked.a.takes_from(worked.stick)

    assert newcomer.digest() == worked.a.digest()
    assert "孙某戊" in {one.name for one in worked.a.home.shelf.all(Person)}


def test_a_look_tells_what_taking_does(worked, empty):
    made = empty
    asked = made.work.ask(TOWNSHIP, "丙笔记本")
    made.writes_to(worked.stick)
    worked.county.takes_from(worked.stick)
    made.work.confirm(worked.county.work.accept(asked.digits).digits)
    worked.county.writes_to(worked.stick)

    for found in made.exchange.found(worked.stick):
        file = made.exchange.fetched(found)
        looked = made.exchange.look(file)
        taken = made.exchange.take_file(file)
        assert replace(looked, pictures=taken.pictures) == taken
        assert not made.exchange.take_file(file).is_news()
    assert "covered" in states(made).values()


@pytest.mark.parametrize("seed", range(4))
def test_a_snapshot_and_what_came_later_show_what_all_segments_show(worked, tmp_path, seed, monkeypatch):
    """Both laptops change the same people without knowing of each other, before a snapshot is made and after."""
    dice = random.Random(seed)
    sticks = [tmp_path / name for name in ("up", "down", "later")]
    for stick in sticks:
        stick.mkdir()
    people = [one.id for one in worked.a.home.shelf.all(Person)]

    def evenings(count):
        for _ in range(count):
            for machine in (worked.a, worked.b):
                person = machine.home.shelf.get(Person, dice.choice(people))
                words = {name: f"{dice.randrange(90)}组" for name in dice.sample(("group", "name", "note"), 2)}
                with suppress(Trouble):
                    machine.desk.do(AmendPerson(replace(person, **words)))
                machine.writes_to(sticks[0])
                if dice.random() < 0.4:
                    machine.takes_from(worked.stick)
        worked.county.takes_from(sticks[0])
        worked.county.writes_to(worked.stick)

    evenings(4)
    through, other = Machine(tmp_path / "丙", "丙"), Machine(tmp_path / "丁", "丁")
    enrolled(through, worked.county, sticks[1])
    monkeypatch.setattr(snapshot, "FEWEST", 1_000)
    evenings(4)
    worked.county.writes_to(sticks[2])
    through.takes_from(sticks[2])
    shutil.rmtree(worked.county.folder / "exchange" / "snap")
    enrolled(other, worked.county, sticks[2])
    covered = {state for machine in (through, other) for state in states(machine).values()}
    shown = [(one.digest(), sorted(one.home.postbox.contests())) for one in (through, other, worked.county)]
    problems = [keep.check(one.home.engine, deep=True).problems for one in (through, other)]
    for machine in (through, other):
        machine.close()

    assert shown[0] == shown[1] == shown[2]
    assert shown[0][1]
    assert problems == [[], []]
    assert {"covered", "taken"} <= covered


def test_those_who_have_everything_take_nothing_from_a_snapshot(worked, newcomer):
    assert snapshots_on(worked.stick)
    before = states(worked.b)

    worked.b.takes_from(worked.stick)

    assert {name: state for name, state in states(worked.b).items() if name in before} == before
    assert "covered" not in states(worked.b).values()


def test_few_segments_travel_as_they_are(worked, empty, monkeypatch):
    monkeypatch.setattr(snapshot, "FEWEST", 1_000)
    enrolled(empty, worked.county, worked.stick)

    assert empty.digest() == worked.county.digest()
    assert set(states(empty).values()) == {"taken", "relayed"}


def test_while_the_keys_of_the_township_are_changed_everything_else_still_goes(worked, newcomer, tmp_path):
    with worked.county.home.postbox.together():
        worked.county.work.lose("甲笔记本", "丢了")
    late = Machine(tmp_path / "丁", "丁")
    asked = late.work.ask(TOWNSHIP, "丁笔记本")
    worked.county.work.accept(asked.digits, [asked.request.raw])

    done = worked.county.writes_to(worked.stick)

    assert TOWNSHIP in done.to
    with done.files[-1].open("rb") as file:
        assert not read_pack(file).head.snapshots
    late.close()


def test_a_snapshot_lies_ready_for_the_next_one_who_needs_it(worked, newcomer, tmp_path):
    ready = worked.county.folder / "exchange" / "snap"
    before = {file.name: file.stat().st_mtime_ns for file in ready.iterdir()}
    another = Machine(tmp_path / "丁", "丁")
    enrolled(another, worked.county, worked.stick)
    shown = another.digest()
    another.close()

    assert before
    assert {file.name: file.stat().st_mtime_ns for file in ready.iterdir()} == before
    assert shown == worked.county.digest()


def test_a_segment_that_comes_by_itself_takes_the_place_of_what_came_through_a_snapshot(
    worked, newcomer, tmp_path, monkeypatch
):
    monkeypatch.setattr(snapshot, "FEWEST", 1_000)
    shutil.rmtree(worked.county.folder / "exchange" / "snap")
    (tmp_path / "another stick").mkdir()
    worked.county.writes_to(tmp_path / "another stick")
    before = newcomer.digest()

    newcomer.takes_from(tmp_path / "another stick")

    assert set(states(newcomer).values()) == {"taken", "relayed"}
    assert newcomer.digest() == before
    assert keep.check(newcomer.home.engine, deep=True).problems == []


def test_a_new_laptop_gets_one_over_the_line_as_well(worked, empty, tmp_path):
    with Server(Relay(worked.county.exchange), tmp_path / "relay", ("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.port}"
        asked = empty.work.ask(TOWNSHIP, "丙笔记本")
        synchronise(url, empty.exchange)
        empty.work.confirm(worked.county.work.accept(asked.digits).digits)
        for _ in range(3):
            synchronise(url, empty.exchange)

    assert empty.digest() == worked.county.digest()
    assert "covered" in states(empty).values()


def test_a_pack_with_a_snapshot_can_be_checked_without_taking_it(worked, newcomer):
    facts = [pack_facts(worked.b.home.postbox, file) for file in sorted(worked.stick.rglob("*.YB"))]

    (told,) = [one for one in facts if "snapshots" in one]
    assert (told["snapshots"], told["segments"], told["new"]) == (1, 6, 0)


def test_words_that_came_through_a_snapshot_are_erased_where_their_segments_are(worked, newcomer):
    desk = newcomer.exchange.eraser()
    person = person_of(newcomer)

    found = desk.look({("person", person): frozenset({"name"})})
    said = desk.erase({("person", person): frozenset({"name"})}, "request")

    assert (found.entries, found.beyond, said) == (1, 1, [])
    assert newcomer.home.shelf.get(Person, person).name == worked.county.home.shelf.get(Person, person).name


def person_of(machine):
    return machine.home.shelf.all(Person)[0].id


def test_what_is_erased_later_goes_from_what_came_through_a_snapshot(worked, newcomer):
    granted(newcomer, worked.a, worked.stick)
    erasing(worked.a).erase("person", person_of(worked.a))
    granted(worked.a, worked.county, worked.stick)
    granted(newcomer, worked.county, worked.stick)

    assert "（已删去）" in {one.name for one in newcomer.home.shelf.all(Person)}
    assert newcomer.digest() == worked.a.digest()
    assert gone_ids(newcomer).isdisjoint(states(newcomer))
    assert newcomer.exchange.eraser().replicas(())


def test_an_old_snapshot_brings_nothing_back_that_was_erased(worked, newcomer, tmp_path):
    lost = shutil.copytree(worked.stick, tmp_path / "lost")
    granted(newcomer, worked.a, worked.stick)
    erasing(worked.a).erase("person", person_of(worked.a))
    granted(worked.a, worked.county, worked.stick)
    another = Machine(tmp_path / "丁", "丁")
    enrolled(another, worked.county, worked.stick)
    before = another.digest()
    another.takes_from(lost)
    shown, lying = another.digest(), states(another)
    granted(newcomer, worked.county, worked.stick)
    newcomer.takes_from(lost)
    another.close()

    assert shown == before == worked.county.digest()
    assert gone_ids(worked.a)
    assert gone_ids(worked.a).isdisjoint({*lying, *states(newcomer)})
    assert newcomer.digest() == worked.a.digest()


def test_a_snapshot_that_stands_for_erased_words_does_not_lie_ready_any_more(worked, newcomer):
    ready = worked.county.folder / "exchange" / "snap"
    before = {file.name for file in ready.glob("*.age")}
    erasing(worked.a).erase("person", person_of(worked.a))
    granted(worked.a, worked.county, worked.stick)
    worked.county.writes_to(worked.stick)

    assert before
    assert before.isdisjoint(file.name for file in ready.glob("*.age"))


def remade(worked, sign=None, change=lambda held: held, by="", recipients=None):
    """Return the county's snapshot, made again otherwise, in a pack of the county's."""
    county = worked.county
    directory = county.exchange.directory()
    secrets = opening(county.home.postbox.identities())
    load = county.exchange.outbox.load_for(TOWNSHIP)
    (kept,) = county.exchange.outbox.packs(load)[0].snapshots
    whole = open_snapshot(county.exchange.outbox._snapshots.content(kept.id), secrets, county.home.seal.holds)
    held = change([(one, whole.plains[one.id]) for one in whole.head.held])
    to = recipients or directory.recipients(TOWNSHIP, "C")
    content = seal_snapshot(whole.head.aud, held, by or directory.device_id, sign or county.home.seal.sign, to)
    return content, tuple(one.id for one, _ in held)


def packed(worked, content, held, change=lambda content: content):
    county = worked.county
    load = county.exchange.outbox.load_for(TOWNSHIP)
    content = change(content)
    name = suite().digest(content)
    file = worked.folder / "pack.yb"
    head = replace(county.exchange.outbox._pack_head(load, 99, 1, 1), snapshots={name: held})
    raws = [one.raw for one in load.statements], [one.raw for one in load.receipts]
    with file.open("wb") as stream:
        write_pack(stream, head, *raws, (), (), county.home.seal.sign, {name: content})
    return file


@pytest.fixture
def waiting(worked, empty):
    """A laptop that is enrolled and knows everybody, and has not got a single word yet."""
    made = worked.county.exchange.outbox
    keep_back = patch.object(type(made), "_load", lambda self, *told: replace(LOAD(self, *told), parcels=()))
    with keep_back:
        enrolled(empty, worked.county, worked.stick)
    assert states(empty) == {}
    return empty


LOAD = Outbox._load


def test_the_snapshot_of_these_stories_is_taken_as_it_is(worked, waiting):
    waiting.exchange.take_file(packed(worked, *remade(worked)))

    assert waiting.digest() == worked.county.digest()


def other_words(plain: bytes) -> bytes:
    return plain.replace("石墙".encode(), "土墙".encode())


@pytest.mark.parametrize(
    ("trouble", "made", "change"),
    [
        (SegmentSpoilt, {}, lambda content: content[:-1] + bytes([content[-1] ^ 1])),
        (SegmentForged, {"sign": suite().signer(bytes(range(32)))}, None),
        (
            SegmentForged,
            {"change": lambda held: [(held[0][0], held[0][1].replace(b'"n":1', b'"n":2')), *held[1:]]},
            None,
        ),
        (SegmentReaddressed, {"change": lambda held: held[1:]}, None),
    ],
)
def test_a_pack_with_a_bad_snapshot_is_refused_whole(worked, waiting, trouble, made, change):
    content, held = remade(worked, **made)
    if trouble is SegmentReaddressed:
        held = (*held, "0" * 64)
    file = packed(worked, content, held, change or (lambda content: content))
    before = len(waiting.home.postbox.statements())

    with pytest.raises(trouble):
        waiting.exchange.take_file(file)

    assert states(waiting) == {}
    assert len(waiting.home.postbox.statements()) == before


def test_a_snapshot_by_whoever_is_no_office_above_is_left_out_and_the_rest_is_taken(worked, waiting):
    by_laptop = {"sign": worked.a.home.seal.sign, "by": worked.a.exchange.device()}

    taken = waiting.exchange.take_file(packed(worked, *remade(worked, **by_laptop)))

    assert taken.taking.parcels == []
    assert states(waiting) == {}
