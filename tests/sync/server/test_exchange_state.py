"""How the exchange stands at an office: which computers were heard from, and when."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.commands.topic import RaiseTopic
from app.domain.place import Places
from sync import enrolment
from sync.server.office import Office
from tests.sync.fleet import NOW, Fleet, Machine
from tests.sync.offices import TOWNSHIP
from tests.sync.server.offices import PLACES


@pytest.fixture
def fleet(tmp_path):
    made = Fleet.known(tmp_path / "fleet", days=30)
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path):
    made = tmp_path / "stick"
    made.mkdir()
    return made


def state(machine):
    """Return how the exchange stands at an office."""
    with ThreadPoolExecutor(1) as worker:
        return Office(machine.exchange, machine.home.postbox, Places(PLACES), machine.clock, worker).state("53")


def computers(machine):
    """Return how the computers stand that an office knows, by their names."""
    return {one.name: one for one in state(machine).computers()}


def heard(machine):
    """Return of each computer how many days after `NOW` an office heard from it last."""
    return {name: one.heard_at and (one.heard_at - NOW).days for name, one in computers(machine).items()}


def ours(machine):
    """Return of each organisation whether an office enrolled its computers."""
    return {unit.name: unit.is_ours for unit in state(machine).units}


def test_a_computer_is_heard_from_each_time_a_pack_of_it_comes(fleet, stick):
    assert heard(fleet.county) == {"甲笔记本": 0, "乙笔记本": 0, "示例省": 0}

    fleet.a.desk.do(RaiseTopic("挡墙谁来修"))
    fleet.a.writes_to(stick)
    fleet.county.takes_from(stick)

    assert heard(fleet.county) == {"甲笔记本": 30, "乙笔记本": 0, "示例省": 0}


def test_a_province_hears_from_a_township_by_what_its_county_brings(fleet, stick):
    fleet.a.desk.do(RaiseTopic("挡墙谁来修"))
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    fleet.county.writes_to(stick)
    fleet.province.takes_from(stick)

    assert heard(fleet.province) == {"甲笔记本": 30, "乙笔记本": 0, "示例县": 30}


def test_a_copied_laptop_is_told_as_copied_and_nothing_of_it_as_missing(fleet, stick):
    fleet.a.desk.do(RaiseTopic("挡墙谁来修"))
    fleet.a.writes_to(stick)
    fleet.a.close()
    twin = Machine(shutil.copytree(fleet.a.folder, fleet.folder / "甲的副本"), "甲的副本")
    fleet.a.open()
    for machine, title in ((fleet.a, "路灯谁来管"), (twin, "沟渠谁来清")):
        machine.desk.do(RaiseTopic(title))
        machine.writes_to(stick)
    fleet.county.takes_from(stick)
    twin.close()
    found = computers(fleet.county)["甲笔记本"]

    assert found.is_forked
    assert not found.has_gap


def test_a_computer_is_to_be_reported_lost_by_the_office_that_enrolled_it_and_no_other(fleet):
    assert ours(fleet.county) == {"甲乡 · 示例县": True, "示例省": False}
    assert ours(fleet.province) == {"甲乡 · 示例县": False, "示例县": False}


def test_a_computer_that_was_enrolled_just_now_is_not_called_silent_and_weeks_later_it_is(fleet, stick, monkeypatch):
    monkeypatch.setattr(enrolment, "COST", 4)
    newcomer = Machine(fleet.folder / "丙", "丙")
    asked = newcomer.work.ask(TOWNSHIP, "丙笔记本")
    newcomer.writes_to(fleet.stick)
    newcomer.close()
    fleet.county.takes_from(fleet.stick)
    fleet.county.work.accept(asked.digits)
    fleet.county.writes_to(stick)
    fleet.province.takes_from(stick)
    seen = [computers(fleet.province)["丙笔记本"]]
    fleet.province.clock.at += timedelta(days=14)
    seen.append(computers(fleet.province)["丙笔记本"])

    assert [(one.heard_at, one.is_silent) for one in seen] == [(None, False), (None, True)]
