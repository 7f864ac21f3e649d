"""What somebody asks to have erased is gone from every copy, and nothing else changes: homes, a folder as stick."""

import contextlib
import os
import random
import shutil
from dataclasses import replace

import msgspec
import pytest
from msgspec import structs
from sqlalchemy import inspect

from app.commands.people import AmendPerson, RegisterPerson
from app.commands.topic import RaiseTopic
from app.domain.attachment import Attachment
from app.domain.errors import ErasureForbidden
from app.domain.people import Person
from app.ports import RELAYED
from db import keep
from db.scope import OWNER, within
from sync import enrolment
from sync.directory import file_of, read_said
from sync.erasure import without
from sync.exchange import RELAY
from sync.receipts import read_receipt
from sync.snapshot import INDEX, Kept
from sync.statement import sign_statement
from tests.sync.fleet import NOW, Fleet, Machine
from tests.sync.offices import TOWNSHIP
from tests.sync.test_pictures import photographed
from ui.erasing import ErasureDesk

NAME, PHONE, NOTE = "赵某甲", "13800003217", "腿脚不便，坐前排"
CANARIES = (NAME, PHONE, NOTE)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(enrolment, "COST", 4)


@pytest.fixture
def fleet(upper, tmp_path):
    fleet = Fleet.known(tmp_path / "fleet", upper=upper)
    fresh(fleet)
    yield fleet
    fleet.close()


def fresh(fleet):
    """Give everybody a stick on which nothing of before lies."""
    fleet.sticks = getattr(fleet, "sticks", 0) + 1
    fleet.seen = getattr(fleet, "seen", {})
    fleet.stick = fleet.folder / f"stick {fleet.sticks}"
    fleet.stick.mkdir()


def registers(machine, name=NAME, **more) -> str:
    changes = machine.desk.do(RegisterPerson(name, **({"phone": PHONE, "note": NOTE} | more)))
    return changes.changes[0].record_id


def erasing(machine) -> ErasureDesk:
    return ErasureDesk(machine.desk, machine.exchange, machine.home.postbox)


def person(machine, person_id) -> Person:
    return machine.desk.ask(lambda shelf: shelf.get(Person, person_id))


def dump(machine) -> str:
    """Return everything that stands in a home's ledger, decrypted."""
    with within(OWNER), machine.home.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        raw = connection.connection.dbapi_connection
        cells = (cell for table in tables for row in raw.execute(f'SELECT * FROM "{table}"') for cell in row)
        return "\n".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in cells)


def opened_segments(machine) -> str:
    """Return all lines of all segments that a home can open."""
    eraser = machine.exchange.eraser()
    opened = [eraser._open(one) for one in machine.home.postbox.parcels()]
    return "\n".join(line.decode() for one in opened if one for line in one.lines)


def carry(fleet, *machines):
    """Carry the stick to these, one after the other; each takes what it has not taken before, and writes."""
    for machine in machines:
        seen = fleet.seen.setdefault((fleet.stick, machine.name), set())
        for found in machine.exchange.found(fleet.stick):
            if found.path not in seen:
                machine.exchange.take_file(machine.exchange.fetched(found))
        machine.writes_to(fleet.stick)
        seen |= {found.path for found in machine.exchange.found(fleet.stick)}


def down(fleet, count=1):
    """Carry the stick up from one laptop and down to the other, so many times."""
    for _ in range(count):
        carry(fleet, fleet.a, fleet.county, fleet.b, fleet.county, fleet.a)


def told(machine) -> set[str]:
    everything = dump(machine) + opened_segments(machine)
    return {canary for canary in CANARIES if canary in everything}


def gone_ids(machine) -> frozenset[str]:
    return machine.exchange.eraser().erasures.gone


def sound(*machines) -> bool:
    return all(keep.check(machine.home.engine, deep=True).problems == [] for machine in machines)


def test_the_words_are_gone_everywhere_and_the_seat_stays(fleet):
    person_id = registers(fleet.a, group="二组")
    fleet.b.desk.do(RegisterPerson("钱某乙"))
    fleet.rounds(1)
    assert told(fleet.county) == {NAME, PHONE, NOTE} - {PHONE, NOTE}

    erasing(fleet.a).erase("person", person_id)
    down(fleet)

    assert [told(machine) for machine in fleet.machines] == [set()] * 4
    assert person(fleet.b, person_id) == person(fleet.a, person_id)
    assert (person(fleet.a, person_id).name, person(fleet.a, person_id).phone) == ("（已删去）", "")
    assert fleet.a.digest() == fleet.b.digest()
    assert sound(*fleet.machines)
    everybody = {one.name for one in fleet.b.desk.ask(lambda shelf: shelf.all(Person))}
    assert everybody == {"（已删去）", "钱某乙"}


def test_it_is_told_how_many_computers_have_done_it(fleet):
    person_id = registers(fleet.a)
    down(fleet)
    desk = erasing(fleet.a)

    desk.erase("person", person_id)
    at_once = desk.progress("person", person_id)
    carry(fleet, fleet.a, fleet.county, fleet.a)
    halfway = desk.progress("person", person_id)
    down(fleet)
    after = desk.progress("person", person_id)

    assert (at_once.done(), [one.name for one in at_once.waiting()]) == (1, ["乙笔记本", "示例县"])
    assert (halfway.done(), [one.name for one in halfway.waiting()]) == (2, ["乙笔记本"])
    assert (after.done(), after.waiting()) == (3, ())
    assert erasing(fleet.b).progress("person", person_id).done() == 3


def test_the_original_never_comes_back_from_an_old_stick(fleet):
    person_id = registers(fleet.a)
    fleet.a.writes_to(fleet.stick)
    old = fleet.stick
    down(fleet)
    fresh(fleet)
    erasing(fleet.a).erase("person", person_id)
    down(fleet)

    for machine in fleet.machines:
        machine.takes_from(old)

    assert [told(machine) for machine in fleet.machines] == [set()] * 4
    assert all(
        gone_ids(machine).isdisjoint(one.id for one in machine.home.postbox.parcels()) for machine in fleet.machines
    )


def erased_and_put_back(fleet, machine, backup):
    """Register somebody and have it erased everywhere; then one machine is put back to between the two."""
    person_id = registers(fleet.a)
    down(fleet)
    machine.close()
    shutil.copytree(machine.folder, backup)
    machine.open()
    erasing(fleet.a).erase("person", person_id)
    down(fleet)
    machine.close()
    shutil.rmtree(machine.folder)
    shutil.copytree(backup, machine.folder)
    machine.open()


def test_a_restored_backup_forgets_again_when_it_hears_of_it(fleet, tmp_path):
    erased_and_put_back(fleet, fleet.b, tmp_path / "backup")
    assert told(fleet.b) == set(CANARIES)

    fresh(fleet)
    registers(fleet.county, "冯某壬", phone="", note="")
    down(fleet, 3)

    assert [told(machine) for machine in fleet.machines] == [set()] * 4
    assert fleet.a.digest() == fleet.b.digest()
    assert sound(*fleet.machines)


def test_who_erases_is_put_back_to_before_and_forgets_again(fleet, tmp_path):
    erased_and_put_back(fleet, fleet.a, tmp_path / "backup")

    fresh(fleet)
    registers(fleet.county, "冯某壬", phone="", note="")
    down(fleet, 3)

    assert [told(machine) for machine in fleet.machines] == [set()] * 4
    assert fleet.a.digest() == fleet.b.digest()
    assert sound(*fleet.machines)


def test_two_who_erase_other_words_of_one_segment_at_once_both_have_their_way(fleet):
    first, second = registers(fleet.a), registers(fleet.a, "孙某丙", phone="13900001111", note="")
    down(fleet)

    erasing(fleet.a).erase("person", first)
    erasing(fleet.b).erase("person", second)
    down(fleet, 2)

    assert [told(machine) for machine in fleet.machines] == [set()] * 4
    assert all("孙某丙" not in dump(machine) + opened_segments(machine) for machine in fleet.machines)
    assert fleet.a.digest() == fleet.b.digest()
    assert sound(*fleet.machines)


def test_nothing_but_the_named_values_changes(fleet):
    person_id = registers(fleet.a, group="二组")
    other = registers(fleet.a, "钱某乙", phone="13700000000", note="")
    fleet.a.desk.do(AmendPerson(person(fleet.a, other).__class__(other, "钱某乙", phone="13700000001")))
    down(fleet)
    before = {key: fleet.b.home.ledger.ops(*key) for key in (("person", person_id), ("person", other))}

    erasing(fleet.a).erase("person", person_id)
    down(fleet)

    assert fleet.b.home.ledger.ops("person", other) == before[("person", other)]
    (was, *_), (now, *_) = before[("person", person_id)], fleet.b.home.ledger.ops("person", person_id)
    assert now.erased == {"name", "group", "phone", "note"}
    assert {name: value for name, value in was.sets.items() if name not in now.erased} == {
        name: value for name, value in now.sets.items() if name not in now.erased
    }
    assert (now.version, now.base, now.act, now.who, now.wall) == (was.version, was.base, was.act, was.who, was.wall)


def test_what_stands_in_undo_in_notes_and_in_the_names_of_acts_goes_as_well(fleet):
    person_id = registers(fleet.b)
    fleet.b.desk.do(AmendPerson(Person(person_id, NAME, phone="13800003218")))
    fleet.b.desk.jot({"draft/9": f"请 {NAME} 明天来", "draft/8": "明天下雨"})
    down(fleet)

    erasing(fleet.a).erase("person", person_id)
    down(fleet)

    assert told(fleet.b) == set()
    assert fleet.b.desk.jotted("draft/") == {"draft/8": "明天下雨"}
    assert all(deed.title != f"登记 {NAME}" for deed in fleet.b.desk.deeds())


def test_before_anybody_has_vouched_for_a_laptop_the_words_just_go(tmp_path):
    laptop = Machine(tmp_path / "home", "甲")
    person_id = registers(laptop)

    erasing(laptop).erase("person", person_id)

    assert told(laptop) == set()
    assert sound(laptop)
    with pytest.raises(ErasureForbidden):
        erasing(laptop).erase("person", person_id)
    laptop.close()


@pytest.mark.parametrize("upper", ["files"], indirect=True)
def test_no_page_of_the_file_and_no_file_of_the_home_tells_it(fleet, tmp_path):
    person_id = registers(fleet.a)
    down(fleet)
    erasing(fleet.a).erase("person", person_id)
    down(fleet)
    gone = gone_ids(fleet.a)
    assert gone

    for machine in (fleet.a, fleet.county):
        machine.close()
        files = [one.read_bytes() for one in machine.folder.rglob("*") if one.is_file()]
        assert not [one for one in gone for content in files if one.encode() in content]
        assert pages(machine.folder, tmp_path / f"{machine.name}.plain").isdisjoint(CANARIES)
        machine.open()


def test_what_a_relay_keeps_of_packs_on_their_way_goes_as_well(fleet):
    person_id = registers(fleet.a)
    down(fleet)
    kept = [fleet.county.folder / RELAY / name for name in ("arriving/a.part", "answers/b.yb", "answers/c.json")]
    for file in kept:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"on its way")
    erasing(fleet.a).erase("person", person_id)
    down(fleet)

    assert not [file for file in kept if file.exists()]


def test_what_lies_ready_at_another_desk_is_left_to_it_unless_it_stands_for_erased_words(fleet):
    person_id = registers(fleet.a)
    down(fleet)
    desk = fleet.county.folder / "exchange" / "snap" / "1"
    desk.mkdir(parents=True)
    of_others, told = "0" * 64, tuple(one.id for one in fleet.county.home.postbox.parcels())
    ready = [Kept(name, 1, "530102001:C", (), segments) for name, segments in (("a", (of_others,)), ("b", told))]
    (desk / INDEX).write_bytes(msgspec.json.encode(ready))
    for name in ("a.age", "b.age", "of nobody.age"):
        (desk / name).write_bytes(b"sealed")

    erasing(fleet.a).erase("person", person_id)
    down(fleet)

    assert sorted(file.name for file in desk.iterdir()) == ["a.age", INDEX]


def pages(folder, to) -> set[str]:
    """Return which words stand anywhere in the decrypted pages of a ledger, free ones and its log among them."""
    import sqlcipher3.dbapi2 as sqlite

    copy = to.with_suffix(".db")
    shutil.copy(folder / "ledger.db", copy)
    connection = sqlite.connect(copy)
    key = keep.home_key(folder).hex()
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    count = connection.execute("PRAGMA freelist_count").fetchone()[0]
    assert count == 0
    connection.execute(f"ATTACH '{to}' AS plain KEY ''")
    connection.execute("SELECT sqlcipher_export('plain')")
    connection.close()
    raw = to.read_bytes()
    return {word for word in CANARIES for code in ("utf-8", "utf-16-le", "gb18030") if word.encode(code) in raw}


def test_who_changes_more_than_is_erased_is_not_followed(fleet, monkeypatch):
    person_id = registers(fleet.a, group="二组")
    down(fleet)
    before = fleet.b.home.ledger.ops("person", person_id)

    def with_another_name(op, names):
        left = without(op, names)
        return structs.replace(left, sets=left.sets | {"role": "TOWNSHIP_CADRE"}) if names else left

    with monkeypatch.context() as patch:
        patch.setattr("sync.erasure.without", with_another_name)
        erasing(fleet.a).erase("person", person_id)
    down(fleet, 2)

    assert fleet.b.home.ledger.ops("person", person_id)[: len(before)] == before
    assert [one.name for one in erasing(fleet.a).progress("person", person_id).waiting()] == ["乙笔记本", "示例县"]
    assert sound(fleet.b, fleet.county)


@pytest.mark.parametrize("how", ["in its own place", "in each other's", "in that of another"])
def test_nothing_goes_for_what_spans_other_entries_or_is_the_same(fleet, how):
    """A laptop could have taken all that its neighbour ever sealed out of the county, and nobody have the words."""
    for title in ("修路", "修桥"):
        fleet.a.desk.do(RaiseTopic(title))
        fleet.rounds(2)
    there = sorted(one.id for one in fleet.county.home.postbox.parcels())
    first, second = there[0], there[-1]
    pairs = {"in its own place": [[one, one] for one in there], "in each other's": [[first, second], [second, first]]}
    body = {"device": fleet.b.exchange.device(), "region": TOWNSHIP, "reason": "request", "blobs": []}
    body |= {"at": fleet.b.clock.now().isoformat(), "pairs": sorted(pairs.get(how, [[first, second]]))}
    raw = sign_statement("erase", body, fleet.b.home.seal.sign)

    said = read_said(raw)
    fleet.b.home.postbox.keep_statements([file_of(said.kind, said)], NOW)
    fleet.rounds(3)

    assert len(fleet.county.exchange.directory().erasures) == 1
    assert sorted(one.id for one in fleet.county.home.postbox.parcels()) == there


def test_the_county_passes_on_what_it_cannot_open_and_keeps_nothing_of_the_first(fleet):
    person_id = registers(fleet.a)
    down(fleet)
    sealed = {one.id for one in fleet.county.home.postbox.parcels(state=RELAYED)}
    assert sealed

    erasing(fleet.a).erase("person", person_id)
    carry(fleet, fleet.a, fleet.county)

    now = {one.id for one in fleet.county.home.postbox.parcels(state=RELAYED)}
    assert sealed & gone_ids(fleet.county)
    assert now.isdisjoint(gone_ids(fleet.county))
    assert len(now) > len(sealed - gone_ids(fleet.county))


def test_the_county_erases_what_it_can_open_and_says_what_it_cannot(fleet):
    person_id = registers(fleet.a)
    down(fleet)

    look = erasing(fleet.county).look("person", person_id)
    erasing(fleet.county).erase("person", person_id)
    carry(fleet, fleet.county, fleet.a)

    assert look.found.entries == 1
    assert told(fleet.a) == {PHONE, NOTE}
    assert erasing(fleet.a).look("person", person_id).found.entries == 1
    assert fleet.a.exchange.eraser().replicas(())[0].is_here


def test_a_picture_goes_from_every_home_and_does_not_come_back(fleet):
    blob, small = photographed(fleet.a)
    attachment = fleet.a.desk.ask(lambda shelf: shelf.all(Attachment))[0].id
    down(fleet, 2)
    old = fleet.stick
    assert fleet.county.home.blobs.has(blob)

    fresh(fleet)
    erasing(fleet.a).erase("attachment", attachment)
    down(fleet)
    fleet.b.takes_from(old)

    assert not any(machine.home.blobs.has(one) for machine in fleet.machines for one in (blob, small))
    assert all(blob not in {one.id for one in machine.home.cargo.freights()} for machine in fleet.machines)
    assert blob not in dump(fleet.b)
    assert sound(fleet.a, fleet.b, fleet.county)


SEEDS = range(int(os.environ.get("YUANBA_ERASURES", "1")))


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_the_order_everybody_ends_alike_and_nobody_knows_the_words(fleet, seed):
    dice = random.Random(seed)
    known: list[str] = []
    laptops = (fleet.a, fleet.b)

    def writes():
        known.append(registers(dice.choice(laptops), NAME))

    def amends():
        machine = dice.choice(laptops)
        here = [one for one in machine.desk.ask(lambda shelf: shelf.all(Person)) if one.name == NAME]
        if here:
            machine.desk.do(AmendPerson(replace(dice.choice(here), phone=PHONE, note=NOTE)))

    def erases():
        machine = dice.choice((*laptops, fleet.county))
        for person_id in known:
            with contextlib.suppress(ErasureForbidden):
                erasing(machine).erase("person", person_id)

    for _ in range(12):
        dice.choice((writes, amends, erases, lambda: carry(fleet, dice.choice(fleet.machines[:3]))))()
    for _ in range(2):  # what was written before they had heard of it needs another word
        down(fleet, 2)
        for machine in laptops:
            for person_id in known:
                with contextlib.suppress(ErasureForbidden):
                    erasing(machine).erase("person", person_id)
    down(fleet, 3)

    assert [told(machine) for machine in fleet.machines[:3]] == [set()] * 3
    assert fleet.a.digest() == fleet.b.digest()
    assert sound(*fleet.machines[:3])


def test_a_word_to_erase_that_was_lost_with_the_disk_is_said_again_by_the_restored_home(fleet, tmp_path):
    person_id = registers(fleet.a)
    down(fleet)
    fleet.a.close()
    shutil.copytree(fleet.a.folder, tmp_path / "backup")
    fleet.a.open()
    erasing(fleet.a).erase("person", person_id)  # and nothing of it has left this computer
    fleet.a.close()
    shutil.copy(fleet.a.folder / "erased", tmp_path / "erased")
    shutil.rmtree(fleet.a.folder)
    shutil.copytree(tmp_path / "backup", fleet.a.folder)
    shutil.copy(tmp_path / "erased", fleet.a.folder / "erased")
    fleet.a.open()

    fresh(fleet)
    down(fleet, 3)

    assert [told(machine) for machine in fleet.machines] == [set()] * 4
    assert fleet.a.digest() == fleet.b.digest()
    assert sound(*fleet.machines)


def test_what_a_computer_had_erased_before_it_was_reported_lost_stays_erased_everywhere(fleet):
    person_id = registers(fleet.a)
    down(fleet)
    erasing(fleet.b).erase("person", person_id)
    fleet.b.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    fleet.county.work.lose("乙笔记本", "丢了")

    for machine in (fleet.county, fleet.a, fleet.county, fleet.a):
        machine.takes_from(fleet.stick)
        machine.writes_to(fleet.stick)

    assert told(fleet.a) == told(fleet.county) == set()
    assert gone_ids(fleet.a) == gone_ids(fleet.county) != set()


def test_two_erasures_that_have_to_become_one_wait_for_new_keys_and_hold_nothing_up(fleet):
    person_id, other = registers(fleet.a), registers(fleet.a, "钱某乙", phone="13800004444", note="")
    down(fleet)
    erasing(fleet.b).erase("person", person_id)
    fleet.b.writes_to(fleet.stick)
    erasing(fleet.county).erase("person", other)
    fleet.county.takes_from(fleet.stick)
    fleet.county.work.lose("甲笔记本", "丢了")

    fleet.county.writes_to(fleet.stick)  # that is how the township hears of it, and makes new keys
    down(fleet, 3)

    assert fleet.b.work.directory.revoked_upto(fleet.a.exchange.device()) is not None
    assert gone_ids(fleet.b) == gone_ids(fleet.county)
    assert NAME not in dump(fleet.b)
    assert "钱某乙" not in dump(fleet.b)


def test_who_cannot_read_what_was_made_anew_does_not_say_that_the_words_are_gone(fleet):
    person_id = registers(fleet.a)
    down(fleet)
    fleet.county.work.lose("甲笔记本", "丢了")
    down(fleet)
    erasing(fleet.b).erase("person", person_id)
    down(fleet)

    assert told(fleet.b) == set()
    assert told(fleet.a) == set(CANARIES)
    assert read_receipt(fleet.a.exchange.outbox.receipt().raw).erased == []
    assert erasing(fleet.b).progress("person", person_id).lost() == 1


def test_when_the_computer_that_erased_is_reported_lost_another_may_still_erase(fleet):
    person_id, other = registers(fleet.a), registers(fleet.a, "钱某乙", phone="13800004444", note="")
    down(fleet)
    erasing(fleet.a).erase("person", person_id)
    down(fleet)
    fleet.county.work.lose("甲笔记本", "丢了")
    down(fleet)

    erasing(fleet.b).erase("person", other)
    down(fleet, 2)

    assert "13800004444" not in dump(fleet.b) + dump(fleet.county)
    assert told(fleet.b) == set()
