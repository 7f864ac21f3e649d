"""What the screens are told by a real exchange: an evening going out, arriving, being receipted; a contest settled."""

import os
import shutil
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

import resources
from app.commands.people import AmendPerson, RegisterPerson
from app.commands.statement import RecordStatement
from app.commands.topic import RaiseTopic
from app.domain.people import Person
from app.domain.place import Places
from app.domain.statement import Statement
from sync.exchange import Relay
from sync.server.web import Server
from tests.sync.fleet import NOW, Fleet, Machine
from tests.sync.test_exchange import evening
from ui.exchange.behind import Behind
from ui.exchange.port import Choice, How, Row, Sort, Step
from ui.exchange.words import taken_words


@pytest.fixture(scope="module")
def places():
    return Places(resources.places("53"))


@pytest.fixture
def fleet(tmp_path):
    made = Fleet.known(tmp_path / "fleet", days=0)
    for machine in made.machines:
        machine.exchange.prepare()
    yield made
    made.close()


@pytest.fixture
def behind(places):
    return lambda machine: Behind(machine.exchange, machine.home.postbox, machine.home.shelf, places, machine.clock)


def carried(behind, fleet, *machines: Machine) -> None:
    """Carry the stick past these machines: each takes what is there and writes what it has."""
    for machine in machines:
        one = behind(machine)
        one.take(one.look(fleet.stick, lambda step: None, lambda: False), lambda step: None, lambda: False)
        one.write_to(fleet.stick, lambda step: None, lambda: False)


def titles(found) -> list[str]:
    return [row.title for row in found.rows]


def test_an_evening_stands_under_its_meeting_in_the_clerks_words(fleet, behind):
    evening(fleet.a)
    fleet.a.desk.do(RaiseTopic("采购农资"))

    found = behind(fleet.a).outgoing()

    assert found.rows[0] == Row("会议记录", Sort.MEETING, "发言 1 条", "石墙村 15 米挡墙")
    assert titles(found) == ["会议记录", "新议题 1 条 · 采购农资", "名册 添了 1 人"]
    assert found.items == 3
    assert found.size > 0


def test_what_was_written_is_still_to_be_sent_until_the_county_has_said_that_it_has_it(fleet, behind):
    evening(fleet.a)
    here = behind(fleet.a)
    steps: list[Step] = []
    before = here.outgoing()

    sent = here.write_to(fleet.stick, steps.append, lambda: False)

    assert (sent.items, sent.of, sent.to, sent.number) == (before.items, before.items, "县里", before.number)
    assert {step.text for step in steps} <= set(titles(before))
    assert steps[-1].done == before.items
    assert here.outgoing().rows == before.rows

    carried(behind, fleet, fleet.county, fleet.a)
    assert here.outgoing().items == 0


def test_what_waits_says_since_when_also_after_it_has_been_written_to_a_stick(fleet, behind):
    assert behind(fleet.a).outgoing().since is None
    evening(fleet.a)
    day = fleet.a.clock.now().date()
    assert behind(fleet.a).outgoing().since == day

    behind(fleet.a).write_to(fleet.stick, lambda step: None, lambda: False)
    fleet.a.clock.at += timedelta(days=3)
    assert behind(fleet.a).outgoing().since == day


def test_each_level_says_on_which_day_it_has_taken_a_package_in(fleet, behind):
    evening(fleet.a)
    here = behind(fleet.a)
    here.write_to(fleet.stick, lambda step: None, lambda: False)
    newest = here.packages()[0]
    assert newest.received == {"县": None, "省": None}
    assert (newest.carrier, newest.items) == ("文件夹", 2)

    carried(behind, fleet, fleet.county, fleet.a)
    assert here.packages()[0].received == {"县": date(2026, 11, 23), "省": None}

    carried(behind, fleet, fleet.province, fleet.county, fleet.a)
    assert here.packages()[0].received == {"县": date(2026, 11, 23), "省": date(2026, 11, 23)}
    assert here.packages()[0].items == 2


def test_a_preview_of_all_packs_says_what_taking_them_does_and_changes_nothing(fleet, behind):
    evening(fleet.a)
    behind(fleet.a).write_to(fleet.stick, lambda step: None, lambda: False)
    fleet.b.desk.do(RegisterPerson("钱某乙"))
    behind(fleet.b).write_to(fleet.stick, lambda step: None, lambda: False)
    county = behind(fleet.county)
    before = fleet.county.digest()

    preview = county.look(fleet.stick, lambda step: None, lambda: False)
    assert fleet.county.digest() == before
    taken = county.take(preview, lambda step: None, lambda: False)

    assert (preview.new, preview.changed, preview.contests) == (taken.new, taken.changed, taken.contests)
    assert taken.new > 5
    assert county.look(fleet.stick, lambda step: None, lambda: False).brings_nothing()


def test_what_lies_in_two_packages_is_told_once_and_the_second_is_understood_with_the_first(fleet, behind):
    here, county = behind(fleet.a), behind(fleet.county)
    who, sitting = evening(fleet.a)
    here.write_to(fleet.stick, lambda step: None, lambda: False)
    fleet.a.desk.do(AmendPerson(replace(fleet.a.home.shelf.get(Person, who), group="三组")))
    fleet.a.desk.do(RecordStatement(sitting, "先把水沟通了。", speaker_id=who))
    here.write_to(fleet.stick, lambda step: None, lambda: False)

    preview = county.look(fleet.stick, lambda step: None, lambda: False)
    taken = county.take(preview, lambda step: None, lambda: False)

    told = (preview.new, preview.changed, preview.unread, preview.contests)
    assert told == (taken.new, taken.changed, taken.unread, taken.contests)
    assert (preview.changed, preview.unread) == (1, 0)
    assert len(fleet.county.home.shelf.all(Statement)) == 2


def test_a_package_that_cannot_be_taken_is_named_and_the_others_are_looked_at_all_the_same(fleet, behind):
    evening(fleet.a)
    behind(fleet.a).write_to(fleet.stick, lambda step: None, lambda: False)
    (whole,) = fleet.stick.rglob("*.YB")
    whole.with_name("YB-530102001-FFFF-000001.YB").write_bytes(whole.read_bytes()[:-700])

    preview = behind(fleet.county).look(fleet.stick, lambda step: None, lambda: False)

    assert preview.new > 0
    assert len(preview.gaps) == 1


def test_a_stick_full_of_old_packages_is_looked_at_without_holding_them_all_open(fleet, behind):
    resource = pytest.importorskip("resource", reason="only Unix limits open files")
    evening(fleet.a)
    behind(fleet.a).write_to(fleet.stick, lambda step: None, lambda: False)
    (whole,) = fleet.stick.rglob("*.YB")
    fleet.county.takes_from(fleet.stick)
    for number in range(200):
        shutil.copy(whole, whole.with_name(f"YB-530102001-{number:04X}-000001.YB"))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/dev/fd")) + 100, hard))
    try:
        preview = behind(fleet.county).look(fleet.stick, lambda step: None, lambda: False)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert preview.brings_nothing()
    assert preview.gaps == ()


def test_what_came_in_is_told_by_name(fleet, behind):
    evening(fleet.a)
    carried(behind, fleet, fleet.a, fleet.county)

    met = behind(fleet.county).arrivals()

    assert met.sender == "甲笔记本"
    assert {"会 1 场", "发言 1 条", "名册 1 人"} <= set(titles(met))


def test_a_package_that_never_came_is_missed_by_name(fleet, behind, tmp_path):
    lost = tmp_path / "lost"
    lost.mkdir()
    fleet.a.desk.do(RaiseTopic("头一件"))
    here = behind(fleet.a)
    gone = here.write_to(lost, lambda step: None, lambda: False)
    number = gone.number
    fleet.a.desk.do(RaiseTopic("第二件"))
    for file in lost.rglob("*.YB"):
        file.unlink()
    only = _only_the_newest(fleet, here)
    county = behind(fleet.county)
    fleet.county.exchange.take_file(only)
    of_another = {"device": fleet.b.exchange.device(), "number": number}  # that somebody gave the same name
    fleet.county.home.postbox.keep_arrival(NOW, "stick", "甲笔记本", msgspec.json.encode(of_another))

    told = county.gaps()

    assert len(told) == 1
    assert told[0].startswith(f"缺第 {number} 包，甲笔记本，11月23日")


def _only_the_newest(fleet, here):
    """Return a pack with the newest act of sealing alone, as somebody careless with files might leave it."""
    fleet.a.exchange.prepare()
    load = fleet.a.exchange.to_send()[0]
    last = max(parcel.last for parcel in load.parcels)
    only = replace(load, parcels=tuple(one for one in load.parcels if one.last == last))
    number = fleet.a.exchange.outbox.next_number()
    file = fleet.folder / "only.yb"
    with file.open("wb") as out:
        fleet.a.exchange.outbox.write(only, out, number)
    return file


def both_changed(fleet, behind) -> str:
    who = fleet.a.desk.do(RegisterPerson("赵某甲", group="二组")).changes[0].record_id
    carried(behind, fleet, fleet.a, fleet.county, fleet.b)
    for machine, group in ((fleet.a, "三组"), (fleet.county, "四组")):
        machine.desk.do(AmendPerson(replace(machine.home.shelf.get(Person, who), group=group)))
    carried(behind, fleet, fleet.a, fleet.county, fleet.a)
    return who


def test_a_contest_tells_who_wrote_what_when_and_what_it_was_before(fleet, behind):
    both_changed(fleet, behind)

    (view,) = behind(fleet.a).contests()

    assert view.subject == "名册 赵某甲"
    assert [(side.title, side.place, side.who) for side in view.sides] == [
        ("本机写的", "本机", "甲干部"),
        ("县里写的", "县里", "县干部"),
    ]
    assert view.sides[1].unit == "示例县"
    assert all(side.at is not None for side in view.sides)
    row = view.fields[0]
    assert (row.label, row.values, row.original) == ("小组", ("三组", "四组"), "二组")
    assert view.original == "二组"
    assert {field.label for field in view.fields if not field.is_disputed} == {"身份"}


@pytest.mark.parametrize(("side", "group"), [(0, "三组"), (1, "四组")])
def test_a_decision_travels_and_taken_back_both_sides_are_there_again_with_their_names(fleet, behind, side, group):
    who = both_changed(fleet, behind)
    here, there = behind(fleet.a), behind(fleet.county)
    (view,) = here.contests()

    fleet.a.desk.do(here.decision(view, Choice(How.SIDE, side), "户主来说过"))
    carried(behind, fleet, fleet.a, fleet.county)

    assert here.contests() == there.contests() == []
    assert fleet.county.home.shelf.get(Person, who).group == group

    fleet.a.desk.undo()
    assert here.contests() == [view]
    carried(behind, fleet, fleet.a, fleet.county)
    (theirs,) = there.contests()
    assert [one.place for one in theirs.sides] == ["本机", "甲笔记本"]
    assert theirs.fields[0].values == ("四组", "三组")


def test_over_the_line_it_says_what_went_and_what_came(fleet, behind, tmp_path):
    evening(fleet.a)
    fleet.county.desk.do(RaiseTopic("县里出的题"))
    here = behind(fleet.a)
    before = here.outgoing()

    with Server(Relay(fleet.county.exchange), tmp_path / "relay", ("127.0.0.1", 0)) as server:
        first = here.sync(f"http://127.0.0.1:{server.port}", lambda step: None, lambda: False)
        again = here.sync(f"http://127.0.0.1:{server.port}", lambda step: None, lambda: False)

    assert first.sent is not None
    assert (first.sent.items, first.sent.to) == (before.items, "县里")
    assert first.taken is not None
    assert (first.taken.sender, first.taken.new) == ("示例县", 1)
    assert here.packages()[0].carrier == "网络"
    assert here.packages()[0].received["县"] == date(2026, 11, 23)
    assert here.outgoing().items == 0
    assert (again.sent, again.taken) == (None, None)


def test_what_only_passes_through_is_offered_and_taken_too(fleet, behind):
    person = fleet.a.desk.do(RegisterPerson("赵某甲", group="二组")).changes[0].record_id
    carried(behind, fleet, fleet.a, fleet.county, fleet.a)
    fleet.a.desk.do(AmendPerson(replace(fleet.a.home.shelf.get(Person, person), phone="13800000000")))
    behind(fleet.a).write_to(fleet.stick, lambda step: None, lambda: False)
    county = behind(fleet.county)

    preview = county.look(fleet.stick, lambda step: None, lambda: False)
    taken = county.take(preview, lambda step: None, lambda: False)

    assert (preview.new, preview.changed, preview.kept) == (0, 0, 1)
    assert not preview.brings_nothing()
    assert "替别处带的 1 件" in taken_words(taken)
    assert fleet.county.exchange.look(preview.hold[0]).taking.kept == 0
