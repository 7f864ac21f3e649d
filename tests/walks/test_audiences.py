"""The practice home goes out to its audiences: nothing that goes above the county names or points at a villager."""

from datetime import date, datetime, timedelta, timezone
from functools import cached_property, reduce
from itertools import cycle
from shutil import copytree

import msgspec
import pytest

import resources
from app.commands.edition import OpenCorrection, SealSitting
from app.desk import Desk
from app.domain import RECORDS
from app.domain.attachment import Attachment
from app.domain.audience import FIELD_AUDIENCE, MASKABLE, NOT_PUBLIC
from app.domain.change import Change, ChangeSet, created
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.edition_record import digest_of
from app.domain.merge import join, project
from app.domain.notice import IN_OFFICE, Notice
from app.domain.op import Audience
from app.domain.people import Household, Person
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.printout import Printout
from app.domain.revisit import ANSWERS, STEP
from app.domain.sitting import Sitting
from app.queries.audience import split_of
from app.queries.edition import content_of
from db import keep
from sync.homes import SeededDice
from ui.rehearsal import rehearse

NOW = datetime(2026, 3, 30, 10, 42, 18, tzinfo=timezone(timedelta(hours=8)))
OPEN, COUNTY, TOWNSHIP = Audience
PRACTICES = read_practices(resources.practices())
KINDS = {record.KIND: record for record in RECORDS}


class Clock:
    def now(self):
        return NOW


class Played:
    """A practice home; every meeting that has ended can be sealed, and names can be planted in all it says."""

    def __init__(self, folder):
        self.home = keep.open_home(folder, NOW)
        self.desk = Desk(
            self.home.shelf, self.home.ledger, Clock(), SeededDice("desk"), "示例干部", seal=self.home.seal
        )
        self.dice = SeededDice("planting")

    def all(self, kind):
        return self.home.shelf.all(kind)

    def write(self, *changes):
        self.home.ledger.write(ChangeSet("种", changes, f"{self.dice.bits(128):032x}"), "示例干部", NOW)

    def seal_all(self):
        """Seal what has ended and hang it up, print it, take its paper back, and open a correction."""
        places = Places(resources.places("53"))
        for sitting in [one for one in self.all(Sitting) if one.ended_at]:
            practice = PRACTICES[self.consultation(sitting).practice]
            self.desk.do(SealSitting(sitting.id, content_of(places, practice, sitting.id)))
            ids, day = (sitting.consultation_id, sitting.id), date(2026, 3, 30)
            for kind, rest in (
                (Notice, (day, day, None, 1, "村委会公开栏", "0871-6512345", "两家各出一半。")),
                (Printout, ("minutes", 1, 1, 2, "ab" * 32, NOW, "D:/文书")),
            ):
                self.write(*created(kind(self.new(), *ids, *rest)))
            self.write(*created(Attachment(self.new(), ids[0], "b" * 64, "image/jpeg", 9, sitting.id, note="签字页")))
            self.desk.do(OpenCorrection(sitting.id, "写错一个数", "示例群众"))

    def new(self):
        return f"{self.dice.bits(128):032x}"

    def consultation(self, sitting):
        return self.home.shelf.get(Consultation, sitting.consultation_id)

    def villagers(self):
        return [person for person in self.all(Person) if person.role not in IN_OFFICE and len(person.name) > 1]

    def plant(self):
        """Give every villager a phone, and put somebody's name and phone into every text that people write."""
        told = enumerate(self.villagers())
        phones = [Change("person", one.id, "phone", one.phone, f"139{n:04}8{n % 1000:03}") for n, one in told]
        self.write(*phones)
        canaries, planted = cycle(self.villagers()), []
        for kind, field in sorted(MASKABLE - {("edition", "record"), ("action", "support_units")}):
            for record in self.all(KINDS[kind]):
                was, one = getattr(record, field), next(canaries)
                text = f"{was}，{one.name}家（电话{one.phone}）也同意"
                planted.append(Change(kind, record.id, field, was, text))
        self.write(*planted)

    @cached_property
    def parts(self):
        ops = self.home.postbox.unsealed(1_000_000)
        return list(zip(ops, split_of(self.home.shelf, self.home.postbox.ops)()(ops), strict=True))


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    home = keep.open_home(tmp_path_factory.mktemp("practice") / "home", NOW)
    rehearse(home.shelf, home.ledger, SeededDice("practice"), NOW)
    home.close()
    return home.folder


@pytest.fixture(scope="module")
def played(practice, tmp_path_factory):
    played = Played(copytree(practice, tmp_path_factory.mktemp("played") / "home"))
    played.seal_all()
    yield played
    played.home.close()


@pytest.fixture(scope="module")
def planted(practice, tmp_path_factory):
    played = Played(copytree(practice, tmp_path_factory.mktemp("planted") / "home"))
    played.plant()
    played.seal_all()
    played.plant()
    yield played
    played.home.close()


def told_in(parts, audience):
    return msgspec.json.encode([found[audience] for _, found in parts if audience in found]).decode()


@pytest.mark.parametrize("home", ["played", "planted"])
def test_nothing_that_goes_above_the_county_names_or_points_at_a_villager(request, home):
    played = request.getfixturevalue(home)
    parts = played.parts

    up = told_in(parts, OPEN)

    people, houses = played.all(Person), played.all(Household)
    secret = [person.name for person in played.villagers()] + [person.phone for person in people if person.phone]
    secret += [one.id for one in (*people, *houses)]
    assert len(secret) > 800
    assert [word for word in secret if word in up] == []
    assert all(word in told_in(parts, COUNTY) for word in secret[:50])


def test_the_names_planted_everywhere_were_really_there(planted):
    hidden = {(op.kind, name) for op, found in planted.parts if OPEN in found for name in found[OPEN].masked}

    assert {("action", "support_units")} >= MASKABLE - hidden


def test_no_count_of_what_households_answered_goes_above_the_county(played):
    revisits = [(op.sets, found) for op, found in played.parts if op.kind == "revisit"]

    up = [count for _, found in revisits for name, count in found[OPEN].sets.items() if name in ANSWERS]
    true = [count for sets, _ in revisits for name, count in sets.items() if name in ANSWERS]
    county = [count for _, found in revisits for name, count in found[COUNTY].sets.items() if name in ANSWERS]

    assert {count % STEP for count in up} == {0}
    assert sorted(true) == sorted(county)
    assert any(count % STEP for count in true)


def test_no_phone_and_no_private_note_goes_to_the_county(planted):
    county = told_in(planted.parts, COUNTY)
    own = {person.phone for person in planted.villagers()}

    told = [found[COUNTY].sets for op, found in planted.parts if op.kind == "person" and COUNTY in found]

    assert len(own) > 300
    assert not any({"phone", "note"} & set(sets) for sets in told)
    assert '"phone":"139' not in county


def as_json(op):
    """Everything an op says, in one form."""
    told = (op.sets, op.base, op.who, op.correction, op.seen, sorted(op.holds), op.masked)
    return msgspec.json.encode(told, order="sorted")


def test_joined_again_the_parts_are_what_was_written(played):
    for op, found in played.parts:
        assert as_json(reduce(join, found.values())) == as_json(op)


def test_above_the_county_every_meeting_can_be_read_as_far_as_it_is_open(played):
    by_record = {}
    for op, found in played.parts:
        if OPEN in found:
            by_record.setdefault((op.kind, op.record_id), []).append(found[OPEN])

    shown = {key: project(key[0], ops) for key, ops in by_record.items()}

    open_kinds = {kind for (kind, name), one in FIELD_AUDIENCE.items() if name == "standing" and one is OPEN}
    assert {kind for kind, _ in shown} == open_kinds
    assert not any(one.is_waiting for one in shown.values())
    assert all(one.contests == () for one in shown.values())


def test_a_sealed_record_goes_up_whole_and_can_be_checked_there_unless_its_session_was_closed(played):
    closed = {one.id for one in played.all(Consultation) if one.closed_session}
    up = {op.record_id: found[OPEN] for op, found in played.parts if op.kind == "edition"}

    for edition in played.all(Edition):
        part = up[edition.id]
        assert "openings" not in part.sets
        assert "closure" not in part.sets
        is_whole = digest_of(part.sets["record"].encode()) == edition.digest
        assert is_whole is (edition.consultation_id not in closed)
    assert len(up) - len(closed) >= 10


def test_of_a_closed_session_no_text_goes_up_and_nothing_said_reaches_the_county(played):
    closed = {one.id for one in played.all(Consultation) if one.closed_session}
    sittings = {one.id for one in played.all(Sitting) if one.consultation_id in closed}

    for op, found in played.parts:
        if op.kind == "statement" and op.sets.get("sitting_id") in sittings:
            assert list(found) == [TOWNSHIP]
        if op.kind == "consensus" and op.sets.get("sitting_id") in sittings and op.sets.get("text"):
            assert found[OPEN].sets["text"] == NOT_PUBLIC
        if op.kind == "revisit" and op.sets.get("consultation_id") in closed:
            assert (found[OPEN].sets["text"], found[OPEN].sets["very_satisfied"]) == (NOT_PUBLIC, 0)
            assert (found[COUNTY].sets["by"], found[COUNTY].sets["very_satisfied"]) == (op.sets["by"], 2)
            assert "by" not in found[OPEN].sets
    assert sittings
    assert any(op.kind == "revisit" and op.sets.get("consultation_id") in closed for op, _ in played.parts)
