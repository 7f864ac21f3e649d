"""The evening of a laptop goes up to county and province on a stick, and receipts come back the same way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.commands.action import AssignAction
from app.commands.people import RegisterPerson
from app.commands.revisit import RecordRevisit
from app.commands.sitting import CallSitting, OpenSitting
from app.commands.statement import RecordStatement
from app.domain.consultation import Consultation
from app.domain.errors import NotForUs, NotSaved, PackFromNewer
from app.domain.people import Person
from app.domain.revisit import Revisit
from app.domain.statement import Statement
from db import keep
from db.keep import open_home
from sync import inbox, outbox
from sync.directory import opening
from sync.erasure import HALF, SWEEP
from sync.exchange import Relay, exchange_of
from sync.homes import SeededDice
from sync.pack import FIRST
from sync.receipts import forgetful
from sync.segment import open_segment, seal_segment
from tests.postgres import open_fresh
from tests.sync.fleet import Fleet, Machine, enrolled
from tests.sync.offices import COUNTY, TOWNSHIP
from ui.office_verify import pack_facts


@pytest.fixture
def fleet(upper, tmp_path):
    made = Fleet.known(tmp_path / "fleet", upper=upper)
    yield made
    made.close()


def evening(machine):
    """Record a short meeting."""
    who = machine.desk.do(RegisterPerson("赵某甲", group="二组", phone="13800000000")).changes[0].record_id
    called = machine.desk.do(CallSitting("石墙村 15 米挡墙", issues=("谁出资",), venue="院坝", host="王某辛"))
    sitting = next(change.record_id for change in called.changes if change.kind == "sitting")
    machine.desk.do(OpenSitting(sitting))
    machine.desk.do(RecordStatement(sitting, "两家各出一半。", speaker_id=who))
    return who, sitting


def test_an_evening_is_on_the_other_laptop_at_the_county_and_without_names_at_the_province(fleet):
    who, _ = evening(fleet.a)
    fleet.rounds(2)

    assert fleet.b.digest() == fleet.a.digest()
    assert fleet.county.home.shelf.get(Person, who).name == "赵某甲"
    assert fleet.county.home.shelf.get(Person, who).phone == ""
    assert [one.text for one in fleet.county.home.shelf.all(Statement)] == ["两家各出一半。"]
    assert [one.title for one in fleet.province.home.shelf.all(Consultation)] == ["石墙村 15 米挡墙"]
    assert fleet.province.home.shelf.all(Person) == []
    assert fleet.province.home.shelf.all(Statement) == []


def test_offices_with_a_server_end_like_offices_with_files(tmp_path):
    ends = []
    for name, upper in (("files", open_home), ("servers", open_fresh)):
        made = Fleet.known(tmp_path / name, upper=upper)
        evening(made.a)
        made.rounds(1)
        evening(made.b)
        made.rounds(2)
        homes = [(one.digest(), one.home) for one in made.machines]
        ends.append([(digest, home.postbox.contests(), home.shelf.count(Consultation)) for digest, home in homes])
        again = [found.taking.parcels for found in made.province.takes_from(made.stick)]
        assert not any(again)
        made.close()

    assert ends[0] == ends[1]
    assert ends[0][2][2] == ends[0][3][2] == 2


def test_receipts_of_county_and_province_are_back_at_the_laptop(fleet):
    evening(fleet.a)
    fleet.rounds(2)

    own = {one.id: one.audience for one in fleet.a.home.postbox.parcels(state="own")}
    held = {(own[one.segment], one.level, one.custody) for one in fleet.a.home.postbox.held() if one.segment in own}

    assert {("O", "province", "applied"), ("O", "county", "applied"), ("C", "county", "applied")} <= held
    assert ("T", "county", "received") in held


def test_nothing_new_writes_no_file(fleet):
    evening(fleet.a)
    fleet.rounds(3)
    before = sorted(fleet.stick.rglob("*"))

    said = [machine.writes_to(fleet.stick) for machine in fleet.machines]

    assert [one.files for one in said] == [(), (), (), ()]
    assert sorted(fleet.stick.rglob("*")) == before


def test_a_pack_looked_at_changes_nothing_and_tells_what_taking_it_does(fleet):
    evening(fleet.a)
    fleet.a.writes_to(fleet.stick)
    county = fleet.county
    before = county.digest()
    newest = max(county.exchange.found(fleet.stick), key=lambda found: found.path.stat().st_mtime_ns)
    file = county.exchange.fetched(newest)

    looked = county.exchange.look(file)

    assert county.digest() == before
    assert county.exchange.take_file(file) == looked
    assert looked.taking.made["statement"] == 1


def test_a_pack_taken_ten_times_is_taken_once(fleet):
    evening(fleet.a)
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    before = fleet.county.digest()

    for _ in range(9):
        assert not any(taken.is_news() for taken in fleet.county.takes_from(fleet.stick))

    assert fleet.county.digest() == before


def test_what_only_a_newer_version_reads_is_kept_and_passed_on_and_the_rest_is_taken(fleet, monkeypatch):
    def sealed_by_a_newer_version(head, *rest, **how):
        return seal_segment(replace(head, min_reader=2 if head.audience_class == "C" else 1), *rest, **how)

    monkeypatch.setattr(outbox, "seal_segment", sealed_by_a_newer_version)
    evening(fleet.a)
    fleet.rounds(2)
    newer = {
        one.id: fleet.a.home.postbox.content(one.id)
        for one in fleet.a.home.postbox.parcels(state="own")
        if one.audience == "C"
    }

    for machine in (fleet.county, fleet.b):
        states = {one.id: one.state for one in machine.home.postbox.parcels()}
        assert newer
        assert {states[name] for name in newer} == {"relayed"}
        assert {name: machine.home.postbox.content(name) for name in newer} == newer
    assert fleet.county.home.shelf.all(Statement) == []
    assert [one.title for one in fleet.county.home.shelf.all(Consultation)] == ["石墙村 15 米挡墙"]


def test_a_pack_can_be_checked_without_taking_it(fleet):
    evening(fleet.a)
    said = fleet.a.writes_to(fleet.stick)
    before = fleet.county.digest()

    facts = pack_facts(fleet.county.home.postbox, said.files[-1])

    assert (facts["known"], facts["org"], facts["new"]) == (True, "530102001", 3)
    assert fleet.county.digest() == before


def test_what_came_before_the_digits_were_compared_is_read_the_moment_they_are(tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    first, second, county = (Machine(tmp_path / name, name) for name in ("甲", "乙", "县"))
    county.work.found(COUNTY, "示例县")
    enrolled(first, county, stick)
    first.desk.do(RegisterPerson("赵某甲", group="二组"))
    first.writes_to(stick)
    asked = second.work.ask(TOWNSHIP, "乙笔记本")
    second.writes_to(stick)
    county.takes_from(stick)
    told = county.work.accept(asked.digits)
    county.writes_to(stick)
    second.takes_from(stick)
    before = second.home.shelf.count(Person)

    assert second.exchange.confirm(told.digits) == COUNTY

    assert before == 0
    assert [one.name for one in second.home.shelf.all(Person)] == ["赵某甲"]
    for machine in (first, second, county):
        machine.close()


def test_a_newer_program_reads_what_an_older_one_could_not_and_tries_it_once(tmp_path, monkeypatch):
    stick = tmp_path / "stick"
    stick.mkdir()
    laptop, county = Machine(tmp_path / "甲", "甲"), Machine(tmp_path / "县", "县")
    county.work.found(COUNTY, "示例县")
    enrolled(laptop, county, stick)
    laptop.desk.do(RegisterPerson("赵某甲", group="二组"))
    laptop.writes_to(stick)

    def from_newer(*_, **__):
        raise PackFromNewer("2.0")

    with monkeypatch.context() as older:
        older.setattr(inbox, "open_segment", from_newer)
        county.takes_from(stick)
        county.exchange.prepare()
    before = county.home.shelf.count(Person)
    county.exchange._program = "0.2.0 2027_01_01_next"
    county.exchange.prepare()

    assert before == 0
    assert [one.name for one in county.home.shelf.all(Person)] == ["赵某甲"]
    monkeypatch.setattr(county.exchange.inbox, "take_again", lambda: pytest.fail("tried twice"))
    county.exchange.prepare()
    for machine in (laptop, county):
        machine.close()


def test_receipts_are_told_in_the_order_they_came_also_when_the_clock_was_set_back(fleet):
    evening(fleet.a)
    fleet.rounds(1)
    before = _receipts_of_others(fleet.county)
    fleet.county.clock.at -= timedelta(days=7000)
    fleet.a.desk.do(RegisterPerson("钱某乙", group="二组"))
    fleet.rounds(2)

    came = _receipts_of_others(fleet.county)

    assert came[: len(before)] == before
    assert len(came) > len(before)
    assert forgetful(fleet.county.home.postbox.statements("receipt")) == frozenset()


def _receipts_of_others(machine):
    device = machine.exchange.device()
    return [one.id for one in machine.home.postbox.statements("receipt") if one.subject != device]


def test_an_office_keeps_the_newest_receipt_of_its_own_and_none_that_comes_back(fleet):
    office = fleet.county
    first = office.exchange.outbox.receipt()
    evening(fleet.a)
    fleet.rounds(1)
    fleet.stick.rename(fleet.folder / "an old stick")
    old = fleet.folder / "an old stick"
    fleet.stick.mkdir()
    fleet.a.desk.do(RegisterPerson("钱某乙", group="二组"))
    fleet.rounds(1)

    office.takes_from(old)

    ours = [one.id for one in office.home.postbox.statements("receipt") if one.subject == office.exchange.device()]
    assert ours == [office.exchange.outbox.receipt().id] != [first.id]
    assert forgetful(office.home.postbox.statements("receipt")) == frozenset()


def test_a_full_disk_while_a_pack_is_made_for_the_line_is_said_and_no_number_is_lost(fleet, monkeypatch):
    evening(fleet.a)
    number = fleet.a.exchange.outbox.next_number()
    answer = Relay(fleet.county.exchange).have(fleet.a.exchange.have())

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(fleet.a.exchange.outbox, "write", full)
        with pytest.raises(NotSaved):
            fleet.a.exchange.pack_for(answer)

    assert not list((fleet.a.folder / "exchange").glob("out-*"))
    assert fleet.a.exchange.outbox.next_number() == number
    assert fleet.a.exchange.pack_for(answer) is not None


def pack_of(machine, stick):
    """Return a file with an evening of somebody's."""
    evening(machine)
    return machine.writes_to(stick).files[0]


def other_desk(machine):
    """Return the exchange of a desk that works beside a machine's own, in the same folder."""
    home = machine.home
    ports = (home.postbox, home.shelf, home.seal, machine.clock, SeededDice("beside"))
    return exchange_of(*ports, machine.folder, keep.REVISION, home.cargo, "1")


def test_an_answer_is_not_swept_away_by_another_desk_while_it_is_written(fleet, monkeypatch):
    county, beside = fleet.county, other_desk(fleet.county)
    usual = beside.outbox.write

    def swept_in_between(load, file, *told):
        file.write(FIRST.encode()[:7])
        file.flush()
        county.home.postbox.note({SWEEP: "1"})
        county.exchange.sweep()
        file.seek(0)
        usual(load, file, *told)

    monkeypatch.setattr(beside.outbox, "write", swept_in_between)
    answer = Relay(beside).take(pack_of(fleet.a, fleet.stick))

    assert county.home.postbox.noted(SWEEP) == {}
    assert fleet.a.exchange.take_file(answer).head.device == county.exchange.device()


def test_what_a_killed_desk_left_of_an_answer_is_gone_when_it_begins_again_or_sweeps(fleet):
    county, beside = fleet.county, other_desk(fleet.county)
    for exchange in (county.exchange, beside):
        half = exchange.folder / f"answer-0123456789abcdef{HALF}"
        half.write_bytes(FIRST.encode()[:7])

        Relay(exchange)

        assert not half.exists()
    half = county.exchange.folder / f"answer-0123456789abcdef{HALF}"
    half.write_bytes(FIRST.encode()[:7])
    county.home.postbox.note({SWEEP: "1"})

    county.exchange.sweep()

    assert not half.exists()


def test_two_desks_that_answer_the_same_pack_write_two_answers(fleet):
    pack = pack_of(fleet.a, fleet.stick)

    answers = {Relay(exchange).take(pack) for exchange in (fleet.county.exchange, other_desk(fleet.county))}

    assert len(answers) == 2


def test_what_the_county_may_not_read_passes_it_unread_and_unchanged(fleet):
    fleet.a.desk.do(RegisterPerson("赵某甲", phone="13800003217"))
    fleet.rounds(2)

    sealed = [one.id for one in fleet.a.home.postbox.parcels() if one.audience == "T"]
    secrets = tuple(opening(fleet.county.home.postbox.identities()))

    assert sealed
    for segment in sealed:
        contents = {machine.home.postbox.content(segment) for machine in (fleet.a, fleet.b, fleet.county)}
        assert len(contents) == 1
        with pytest.raises(NotForUs):
            open_segment(contents.pop(), secrets, fleet.county.home.seal.holds)
    assert all(one.id not in sealed for one in fleet.province.home.postbox.parcels())


def test_a_revisit_reaches_the_province_to_the_nearest_five_and_without_the_name_in_its_sentence(fleet):
    _, sitting = evening(fleet.a)
    task = fleet.a.desk.do(AssignAction(sitting, "修挡墙")).changes[0].record_id
    counts = {"very_satisfied": 4, "satisfied": 6, "fair": 1, "dissatisfied": 1}
    fleet.a.desk.do(RecordRevisit(action_id=task, text="赵某甲家说墙脚漏水", **counts))
    fleet.rounds(2)

    (own,), (there,), (above,) = (m.home.shelf.all(Revisit) for m in (fleet.a, fleet.county, fleet.province))
    assert there == own
    assert (own.by, above.by) == ("甲干部", "")
    assert own.answers() == (4, 6, 1, 1, 0)
    assert above == replace(own.as_told(), text=above.text, by="")
    assert above.answers() == (5, 5, 0, 0, 0)
    assert "赵某甲" not in above.text
    assert "墙脚漏水" in above.text
