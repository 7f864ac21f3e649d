"""A laptop that was restored or copied goes on under a new name; nothing written is lost, no number used twice."""

import json
import os
import random
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from sqlalchemy import text

from app.commands.people import AmendPerson, RegisterPerson
from app.commands.sitting import CallSitting
from app.desk import Desk
from app.domain.people import Person
from app.ports import OWN, TAKEN, Parcel
from db import keep
from db.incarnation import LEFT, MACHINE, Traces
from sync.homes import SeededDice, StageClock, default_state, machine_print
from tests.db.conftest import NOW

RESTORES = int(os.environ.get("YUANBA_RESTORES", "8"))


class Laptop:
    """A home that is opened, written in, and closed; its folder may be copied and put back at any time."""

    def __init__(self, folder, outside=None, machine=""):
        self.folder = folder
        self.traces = Traces(machine, outside)
        self.home = keep.open_home(folder, NOW, self.traces)

    def close(self):
        self.home.close()

    def again(self, machine=None):
        """Close it and open it again."""
        self.close()
        if machine is not None:
            self.traces = replace(self.traces, machine=machine)
        self.home = keep.open_home(self.folder, NOW, self.traces)
        return self

    def copied(self, to):
        """Copy the home while it is closed, and return the copy, which nothing tells that it is one."""
        self.close()
        shutil.copytree(self.folder, to)
        self.again()
        return Laptop(to)

    @property
    def stream(self):
        return self.home.postbox.stream()

    @property
    def told(self):
        return self.home.ledger.jotted().get(LEFT, "")

    def desk(self, seed):
        return Desk(
            self.home.shelf, self.home.ledger, StageClock(NOW, timedelta(seconds=3)), SeededDice(seed), "示例干部"
        )

    def writes(self, *names):
        desk = self.desk(f"{self.folder}{names}{random.random()}")
        return [desk.do(RegisterPerson(name)).changes[0].record_id for name in names]

    def amends(self, person_id, phone):
        person = replace(self.home.shelf.get(Person, person_id), phone=phone)
        self.desk(f"amend {phone}").do(AmendPerson(person))

    def names(self):
        return sorted(person.name for person in self.home.shelf.all(Person))

    def seals(self):
        """Seal what is new, as one segment for all, and return it as it arrives elsewhere."""
        box = self.home.postbox
        ops = box.unsealed(100_000)
        if not ops:
            return []
        act = f"{random.getrandbits(128):032x}"
        parcel = Parcel(
            f"{random.getrandbits(256):064x}",
            self.stream,
            "530102001",
            "O",
            ops[0].seq,
            ops[-1].seq,
            (act,),
            box.last_act(),
            1,
            OWN,
            b"x",
            None,
            self.home.seal.sign(b"").key,
            tuple(ops),
        )
        box.keep_sealed(act, parcel.after, parcel.last, [parcel])
        return [replace(parcel, state=TAKEN, ops=tuple(structs.replace(op, parts="OCT") for op in ops))]

    def takes(self, parcels):
        return self.home.postbox.take_in(parcels, NOW)

    def named_streams(self):
        """Return under which stream each person was registered."""
        ops = [op for person in self.home.shelf.all(Person) for op in self.home.postbox.ops("person", person.id)]
        with self.home.engine.connect() as connection:
            found = connection.execute(text("SELECT stream, seq, record_id FROM entry")).all()
        names = self.home.ledger.streams.names
        assert len(ops) == len(found)
        return {record_id: f"{names[stream]} {seq}" for stream, seq, record_id in found}

    def sound(self):
        """Return whether nothing in the home contradicts anything else."""
        return keep.check(self.home.engine, deep=True).problems == []


@pytest.fixture
def outside(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def laptop(folder, outside):
    laptop = Laptop(folder, outside, "this machine")
    yield laptop
    laptop.close()


def numbers(laptop):
    with laptop.home.engine.connect() as connection:
        found = connection.execute(text("SELECT stream, seq FROM entry ORDER BY stream, seq")).all()
    return [tuple(row) for row in found]


def test_opened_again_it_goes_on_under_its_name(laptop):
    laptop.writes("赵某甲")
    name = laptop.stream

    assert laptop.again().again().stream == name
    assert name.endswith("/1")
    assert laptop.told == ""


def test_an_old_copy_put_back_goes_on_under_a_new_name_and_people_are_told(laptop, tmp_path):
    laptop.writes("赵某甲")
    laptop.seals()
    laptop.close()
    shutil.copytree(laptop.folder, tmp_path / "image")
    laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)
    laptop.writes("钱某乙")
    sent = laptop.seals()
    name = laptop.stream
    laptop.close()
    shutil.rmtree(laptop.folder)
    shutil.copytree(tmp_path / "image", laptop.folder)

    laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)

    assert laptop.stream.partition("/")[0] == name.partition("/")[0]
    assert laptop.stream != name
    assert laptop.told == "rolled back"
    laptop.writes("孙某丙")
    laptop.takes(sent)
    assert laptop.names() == ["孙某丙", "赵某甲", "钱某乙"]
    assert laptop.sound()
    assert laptop.again().again().stream == laptop.stream


def test_a_copy_on_another_machine_goes_on_under_a_name_of_its_own(laptop, tmp_path):
    laptop.writes("赵某甲")
    laptop.seals()
    laptop.close()
    shutil.copytree(laptop.folder, tmp_path / "copy")
    laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)
    copy = Laptop(tmp_path / "copy", tmp_path / "other state", "another machine")

    assert laptop.stream.endswith("/1")
    assert copy.stream != laptop.stream
    assert copy.told == "moved"
    assert copy.again().stream == copy.stream
    copy.writes("钱某乙")
    laptop.writes("孙某丙")
    mine, theirs = laptop.seals(), copy.seals()
    laptop.takes(theirs)
    copy.takes(mine)

    assert laptop.names() == copy.names() == ["孙某丙", "赵某甲", "钱某乙"]
    assert keep.digest(laptop.home.engine) == keep.digest(copy.home.engine)
    assert laptop.sound()
    assert copy.sound()
    copy.close()


def test_what_was_not_sealed_goes_along_and_arrives_from_the_new_machine(laptop, tmp_path):
    laptop.writes("赵某甲")
    laptop.seals()
    (second,) = laptop.writes("钱某乙")
    laptop.amends(second, "0871")
    laptop.desk("call").do(CallSitting("石墙协商", issues=("挡墙",)))
    digest = keep.digest(laptop.home.engine)
    before = len(numbers(laptop))

    laptop.again(machine="a new laptop with the old disk")

    assert keep.digest(laptop.home.engine) == digest
    assert laptop.sound()
    assert len(numbers(laptop)) == before
    unsealed = laptop.home.postbox.unsealed(99)
    assert [op.seq for op in unsealed] == list(range(1, before))
    assert {op.stream for op in unsealed} == {laptop.stream}
    bases = [version for op in unsealed for said in (op.base or {}).values() for version in said]
    assert bases
    assert all(stream == laptop.stream for _, stream, _ in bases)


def test_a_reader_of_both_names_shows_what_the_laptop_shows(laptop, blank, tmp_path):
    laptop.writes("赵某甲")
    first = laptop.seals()
    (second,) = laptop.writes("钱某乙")
    laptop.amends(second, "0871")
    laptop.again(machine="another")
    laptop.amends(second, "0872")
    county = Laptop(tmp_path / "county")

    county.takes([*first, *laptop.seals()])

    assert keep.digest(county.home.engine) == keep.digest(laptop.home.engine)
    assert county.home.postbox.contests() == []
    assert county.sound()
    county.close()


def test_two_branches_that_come_in_one_pack_are_told_apart_as_those_that_come_in_two(laptop, tmp_path):
    laptop.writes("赵某甲")
    before = laptop.seals()
    twin = laptop.copied(tmp_path / "twin")
    laptop.writes("钱某乙")
    branches = laptop.seals()
    laptop.writes("周某己")
    twin.writes("孙某丙", "李某丁", "吴某庚")
    branches += [*laptop.seals(), *twin.seals()]
    together, apart = Laptop(tmp_path / "together"), Laptop(tmp_path / "apart")

    together.takes([*before, *branches])
    for parcel in (*before, *branches):
        apart.takes([parcel])

    assert together.named_streams() == apart.named_streams()
    assert len(together.named_streams()) == 6
    assert together.sound()
    for one in (twin, together, apart):
        one.close()


def test_entries_of_ours_that_come_from_elsewhere_never_hide_what_we_wrote_since(laptop, tmp_path):
    laptop.writes("赵某甲")
    laptop.seals()
    twin = laptop.copied(tmp_path / "twin")
    assert twin.stream == laptop.stream
    theirs = twin.writes("钱某乙", "李某丁") and twin.seals()
    laptop.writes("孙某丙")

    (trial,) = laptop.home.postbox.rehearse([theirs], NOW)
    assert laptop.told == ""
    taken = laptop.takes(theirs)

    assert (trial.made, trial.changed) == (taken.made, taken.changed)
    assert laptop.stream != twin.stream
    assert laptop.told == "seen elsewhere"
    assert laptop.names() == ["孙某丙", "李某丁", "赵某甲", "钱某乙"]
    assert laptop.sound()
    twin.takes(laptop.seals())
    assert twin.names() == laptop.names()
    laptop.writes("周某戊")
    assert laptop.again().sound()
    assert laptop.names() == ["周某戊", "孙某丙", "李某丁", "赵某甲", "钱某乙"]
    twin.close()


def test_two_twins_that_both_sealed_keep_both_branches_everywhere(laptop, tmp_path):
    laptop.writes("赵某甲")
    begun = laptop.seals()
    twin = laptop.copied(tmp_path / "twin")
    twin.writes("钱某乙")
    laptop.writes("孙某丙")
    mine, theirs = laptop.seals(), twin.seals()
    county = Laptop(tmp_path / "county")

    laptop.takes(theirs)
    twin.takes(mine)
    county.takes([*begun, *theirs, *mine])

    assert laptop.names() == twin.names() == county.names() == ["孙某丙", "赵某甲", "钱某乙"]
    assert laptop.stream != twin.stream
    assert all(one.sound() for one in (laptop, twin, county))
    laptop.writes("周某戊")
    twin.writes("吴某己")
    for parcels in (laptop.seals(), twin.seals()):
        county.takes(parcels)
    assert county.names() == ["吴某己", "周某戊", "孙某丙", "赵某甲", "钱某乙"]
    twin.close()
    county.close()


def test_a_receipt_for_what_we_do_not_have_begins_a_new_name(laptop):
    laptop.writes("赵某甲")
    name = laptop.stream

    laptop.home.postbox.begin_incarnation("seen elsewhere", NOW)

    assert laptop.stream != name
    laptop.writes("钱某乙")
    assert laptop.names() == ["赵某甲", "钱某乙"]
    assert laptop.sound()
    assert laptop.desk("undo").undo() is not None
    assert laptop.sound()


@pytest.mark.parametrize(
    "marks",
    [
        b"",
        b"\x00\xff" * 900,
        b"[" * 4000,
        b"{" * 90_000,
        b'{"x": 1e999}',
        b'{"STREAM": -5}',
        b'{"STREAM": true}',
        b'{"STREAM": "12"}',
        b'{"STREAM": 99999999999999999999}',
        b"null",
        b"7",
    ],
)
@pytest.mark.parametrize("where", ["beside", "outside"])
def test_marks_that_are_garbage_change_nothing(laptop, outside, where, marks):
    laptop.writes("赵某甲")
    name = laptop.stream
    laptop.close()
    file = laptop.folder / "mark" if where == "beside" else outside / name.partition("/")[0]
    assert json.loads(file.read_bytes()) == {name: 1}
    file.write_bytes(marks.replace(b"STREAM", name.encode()))

    laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)

    assert laptop.stream == name
    laptop.writes("钱某乙")
    laptop.again()
    assert laptop.names() == ["赵某甲", "钱某乙"]
    assert json.loads(file.read_bytes())[name] == 2


@pytest.mark.parametrize("where", ["beside", "outside"])
def test_a_mark_that_is_too_high_costs_a_new_name_once(laptop, outside, where):
    laptop.writes("赵某甲")
    name = laptop.stream
    laptop.close()
    file = laptop.folder / "mark" if where == "beside" else outside / name.partition("/")[0]
    file.write_text(json.dumps({name: 2**53}))

    laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)

    other = laptop.stream
    assert other != name
    assert laptop.writes("钱某乙")
    assert laptop.again().stream == other
    assert laptop.names() == ["赵某甲", "钱某乙"]


def test_marks_that_cannot_be_written_stop_nothing(laptop, outside):
    shutil.rmtree(outside, ignore_errors=True)
    outside.write_text("a file where a folder should be")
    (laptop.folder / "mark").mkdir()
    laptop.writes("赵某甲")

    laptop.seals()

    assert laptop.again().names() == ["赵某甲"]


def test_marks_never_sink(laptop, outside):
    laptop.writes("赵某甲", "钱某乙")
    laptop.seals()
    marks = laptop.home.ledger.marks
    marks.rise(laptop.stream, 1)

    assert marks.highest(laptop.stream) == 2


def test_a_machine_that_tells_nothing_of_itself_is_always_the_same(folder):
    laptop = Laptop(folder)
    assert laptop.again().again(machine="known by now").stream.endswith("/1")
    assert laptop.home.ledger.jotted()[MACHINE] == "known by now"
    assert laptop.again(machine="").stream.endswith("/1")
    laptop.close()


def test_the_print_of_a_machine_tells_nothing_and_stays_the_same(tmp_path, monkeypatch):
    assert machine_print(tmp_path) == machine_print(tmp_path / "not there yet")
    monkeypatch.setattr("sync.homes._machine_id", lambda: "0123456789abcdef0123456789abcdef")
    here = machine_print(tmp_path)
    monkeypatch.setattr("sync.homes._machine_id", lambda: "f" * 32)
    assert len(here) == 32
    assert machine_print(tmp_path) != here
    assert "0123456789abcdef" not in here
    monkeypatch.setattr("sync.homes._machine_id", lambda: "")
    assert machine_print(tmp_path) == ""


def test_what_belongs_to_the_machine_lies_where_the_platform_wants_it(tmp_path):
    assert default_state({"XDG_STATE_HOME": str(tmp_path)}, "linux") == tmp_path / "yuanba"
    assert default_state({"XDG_STATE_HOME": "relative"}, "linux").parts[-3:] == (".local", "state", "yuanba")
    assert default_state({"APPDATA": str(tmp_path)}, "win32") == tmp_path / "yuanba"


def test_restored_at_random_nothing_sealed_or_written_since_is_lost(folder, tmp_path, outside):
    """Whatever image is put back when: the county has all that was sealed, the laptop all that it wrote since."""
    dice = random.Random(os.environ.get("YUANBA_SEED", "restores"))
    laptop, county = Laptop(folder, outside, "this machine"), Laptop(tmp_path / "county")
    images, sealed, number = [], set(), 0
    for _ in range(RESTORES):
        for _ in range(dice.randrange(1, 4)):
            number += 1
            laptop.writes(f"村民{number}")
            if dice.random() < 0.6:
                # What is not yet in the county is still on some stick, which arrives late or twice.
                names = set(laptop.names())
                parcels = laptop.seals()
                sealed |= names
                county.takes(parcels)
            if dice.random() < 0.3:
                laptop.close()
                images.append(tmp_path / f"image{len(images)}")
                shutil.copytree(laptop.folder, images[-1])
                laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)
        if images and dice.random() < 0.7:
            laptop.close() if dice.random() < 0.8 else laptop.home.engine.dispose()
            laptop.home.lock.close()
            shutil.rmtree(laptop.folder)
            shutil.copytree(dice.choice(images), laptop.folder)
            laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)
            assert laptop.sound()
    number += 1
    laptop.writes(f"村民{number}")
    names = set(laptop.names())
    county.takes(laptop.seals())

    assert sealed | names <= set(county.names())
    assert len(county.names()) == len(set(county.names()))
    assert county.sound()
    assert laptop.sound()
    laptop.close()
    county.close()


def test_what_was_sealed_twice_after_a_restore_is_one_thing_and_no_dispute(laptop, tmp_path):
    (person,) = laptop.writes("赵某甲")
    laptop.close()
    shutil.copytree(laptop.folder, tmp_path / "image")
    laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)
    laptop.amends(person, "0871")
    first = laptop.seals()
    laptop.close()
    shutil.rmtree(laptop.folder)
    shutil.copytree(tmp_path / "image", laptop.folder)
    laptop.home = keep.open_home(laptop.folder, NOW, laptop.traces)
    again = laptop.seals()
    county, late = Laptop(tmp_path / "county"), Laptop(tmp_path / "late")

    county.takes([*first, *again])
    late.takes([*again, *first])
    laptop.takes(first)

    for one in (county, late, laptop):
        assert one.home.shelf.get(Person, person).phone == "0871"
        assert one.home.postbox.contests() == []
        assert one.sound()
    county.close()
    late.close()
