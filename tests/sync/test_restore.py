"""A laptop is restored, copied, or lost among laptops, county and province that go on exchanging by stick."""

import shutil
from datetime import timedelta

import pytest

from app.commands.people import RegisterPerson
from app.commands.topic import RaiseTopic
from app.domain.people import Person
from app.domain.topic import Topic
from db import keep
from sync import enrolment
from tests.sync.fleet import Fleet, Machine, enrolled


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(enrolment, "COST", 4)


@pytest.fixture
def fleet(upper, tmp_path):
    fleet = Fleet.known(tmp_path / "fleet", upper=upper)
    fleet.seen = {}
    yield fleet
    fleet.close()


def registers(machine, *names):
    for name in names:
        machine.desk.do(RegisterPerson(name))


def names(machine):
    return sorted(person.name for person in machine.desk.ask(lambda shelf: shelf.all(Person)))


def image_of(machine, to):
    """Copy a home as it lies while the program is closed."""
    machine.close()
    shutil.copytree(machine.folder, to)
    machine.open()


def put_back(machine, image):
    machine.close()
    shutil.rmtree(machine.folder)
    shutil.copytree(image, machine.folder)
    machine.open()


def carry(fleet, count=1, machines=None):
    """Carry the stick around so many times; everybody reads what they have not read before."""
    order = machines or (fleet.a, fleet.b, fleet.county, fleet.province, fleet.county, fleet.a, fleet.b)
    for _ in range(count):
        for machine in order:
            seen = fleet.seen.setdefault(machine.name, set())
            for found in machine.exchange.found(fleet.stick):
                file = machine.exchange.fetched(found)
                if file.name not in seen:  # that is its hash; a number may be given twice by a disk that was put back
                    seen.add(file.name)
                    machine.exchange.take_file(file)
            machine.writes_to(fleet.stick)


def sound(*machines):
    return all(keep.check(machine.home.engine, deep=True).problems == [] for machine in machines)


def test_a_restored_laptop_gets_back_what_it_had_sent_and_keeps_what_it_wrote_since(fleet, tmp_path):
    registers(fleet.a, "赵某甲")
    carry(fleet)
    image_of(fleet.a, tmp_path / "image")
    registers(fleet.a, "钱某乙", "孙某丙")
    carry(fleet)
    (fleet.a.folder / "mark").unlink()
    put_back(fleet.a, tmp_path / "image")
    (fleet.a.folder / "mark").unlink()
    name = fleet.a.home.postbox.stream()
    registers(fleet.a, "李某丁")

    carry(fleet, 2)

    everybody = sorted(["赵某甲", "钱某乙", "孙某丙", "李某丁"])
    assert [names(machine) for machine in (fleet.a, fleet.b, fleet.county)] == [everybody] * 3
    assert fleet.a.home.postbox.stream() != name
    assert fleet.a.digest() == fleet.b.digest()
    assert fleet.a.home.postbox.contests() == []
    assert sound(*fleet.machines)


def test_a_receipt_alone_tells_a_restored_laptop(fleet, tmp_path):
    registers(fleet.a, "赵某甲")
    carry(fleet)
    image_of(fleet.a, tmp_path / "image")
    registers(fleet.a, "钱某乙")
    carry(fleet)
    put_back(fleet.a, tmp_path / "image")

    carry(fleet)

    assert names(fleet.a) == ["赵某甲", "钱某乙"]
    assert not fleet.a.home.postbox.stream().endswith("/1")
    registers(fleet.a, "孙某丙")
    carry(fleet)
    assert names(fleet.county) == names(fleet.a) == sorted(["赵某甲", "钱某乙", "孙某丙"])
    assert sound(*fleet.machines)


def test_a_laptop_put_back_to_before_it_made_new_keys_gets_them_back(fleet, tmp_path):
    image_of(fleet.a, tmp_path / "image")
    now = fleet.a.clock.at
    fleet.a.clock.at += timedelta(days=500)  # the keys are a year old
    registers(fleet.a, "赵某甲")
    carry(fleet, 2)
    fleet.a.clock.at = now
    put_back(fleet.a, tmp_path / "image")
    fleet.b.desk.do(RegisterPerson("钱某乙", phone="13900000000"))

    carry(fleet, 2)

    assert names(fleet.a) == ["赵某甲", "钱某乙"]
    assert fleet.a.digest() == fleet.b.digest()


def test_what_only_the_province_has_kept_comes_back_to_a_restored_laptop(fleet, tmp_path):
    carry(fleet)
    image_of(fleet.a, tmp_path / "image")
    fleet.a.desk.do(RaiseTopic("排水沟怎么修", "530102001001"))
    fleet.a.writes_to(fleet.stick)
    for found in fleet.province.exchange.found(fleet.stick):  # the stick went past the county
        fleet.province.exchange.take_file(fleet.province.exchange.fetched(found))
    put_back(fleet.a, tmp_path / "image")
    for file in fleet.stick.rglob("*.YB"):
        file.unlink()

    carry(fleet, 3)

    for machine in fleet.machines:
        assert [topic.title for topic in machine.home.shelf.all(Topic)] == ["排水沟怎么修"]


def test_a_cloned_laptop_and_its_twin_both_go_on(fleet, tmp_path):
    registers(fleet.a, "赵某甲")
    carry(fleet)
    image_of(fleet.a, tmp_path / "twin")
    twin = Machine(tmp_path / "twin", "克隆")
    registers(fleet.a, "钱某乙")
    registers(twin, "孙某丙")

    carry(fleet, 3, (fleet.a, twin, fleet.b, fleet.county))
    everybody = sorted(["赵某甲", "钱某乙", "孙某丙"])

    assert [names(machine) for machine in (fleet.a, twin, fleet.b, fleet.county)] == [everybody] * 4
    assert fleet.a.home.postbox.stream() != twin.home.postbox.stream()
    registers(fleet.a, "周某戊")
    registers(twin, "吴某己")
    carry(fleet, 2, (fleet.a, twin, fleet.b, fleet.county))
    everybody = sorted([*everybody, "周某戊", "吴某己"])
    assert [names(machine) for machine in (fleet.a, twin, fleet.b, fleet.county)] == [everybody] * 4
    assert sound(*fleet.machines, twin)
    twin.close()


def test_what_a_lost_laptop_writes_after_its_loss_waits_and_is_not_dropped(fleet):
    registers(fleet.a, "赵某甲")
    carry(fleet)
    device = fleet.a.home.postbox.stream().partition("/")[0]
    fleet.county.work.lose(device, "乡里说丢了")
    registers(fleet.a, "钱某乙")
    fleet.a.writes_to(fleet.stick)

    fleet.county.takes_from(fleet.stick)

    assert names(fleet.county) == ["赵某甲"]
    doubted = fleet.county.home.postbox.parcels(state="doubted")
    assert doubted
    assert {parcel.stream.partition("/")[0] for parcel in doubted} == {device}


def test_work_before_enrolment_arrives_with_it(fleet, tmp_path):
    late = Machine(tmp_path / "late", "丙")
    registers(late, "赵某甲", "钱某乙")
    stick = tmp_path / "another stick"
    stick.mkdir()
    enrolled(late, fleet.county, stick)
    late.writes_to(stick)
    fleet.county.takes_from(stick)

    assert names(fleet.county) == ["赵某甲", "钱某乙"]
    late.close()
