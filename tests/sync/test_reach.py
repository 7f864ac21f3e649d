"""How far a record has got is told from receipts, step by step, on every computer that has it."""

import pytest

from app.commands.people import RegisterPerson
from app.commands.topic import AmendTopic, RaiseTopic
from sync.reach import Reach, reach_of
from tests.sync.fleet import Fleet


@pytest.fixture
def fleet(upper, tmp_path):
    fleet = Fleet.known(tmp_path / "fleet", upper=upper)
    yield fleet
    fleet.close()


def reach(machine, *records):
    return reach_of(machine.home.postbox, machine.exchange.directory(), records)


def visited(fleet, *machines):
    for machine in machines:
        machine.takes_from(fleet.stick)
        machine.writes_to(fleet.stick)


def raised(machine) -> str:
    return machine.desk.do(RaiseTopic("挡墙谁来修")).changes[0].record_id


def test_a_topic_goes_step_by_step_from_the_laptop_into_the_books_of_the_province(fleet):
    topic = raised(fleet.a)
    assert reach(fleet.a, topic) is Reach.HERE

    fleet.a.exchange.prepare()
    assert reach(fleet.a, topic) is Reach.HERE

    fleet.a.writes_to(fleet.stick)
    assert reach(fleet.a, topic) is Reach.CARRIED

    visited(fleet, fleet.county, fleet.a)
    assert reach(fleet.a, topic) is Reach.RECEIVED
    assert reach(fleet.county, topic) is Reach.RECEIVED

    visited(fleet, fleet.province, fleet.county, fleet.a)
    assert reach(fleet.a, topic) is Reach.APPLIED
    assert reach(fleet.county, topic) is reach(fleet.province, topic) is Reach.APPLIED


def test_what_is_changed_afterwards_has_its_way_before_it(fleet):
    topic = raised(fleet.a)
    fleet.a.writes_to(fleet.stick)
    visited(fleet, fleet.county, fleet.a)

    fleet.a.desk.do(AmendTopic(topic, summary="两家说好再定"))

    assert reach(fleet.a, topic) is Reach.HERE


def test_a_name_ends_its_way_at_the_county(fleet):
    person = fleet.a.desk.do(RegisterPerson("赵某甲", phone="13800003217")).changes[0].record_id

    fleet.rounds(2)

    assert reach(fleet.a, person) is Reach.RECEIVED
    assert reach(fleet.b, person) is Reach.RECEIVED
    assert reach(fleet.province, person) is None


def test_a_meeting_is_as_far_as_the_last_of_its_records(fleet):
    first = raised(fleet.a)
    fleet.a.writes_to(fleet.stick)
    visited(fleet, fleet.county, fleet.a)
    second = raised(fleet.a)

    assert reach(fleet.a, first) is Reach.RECEIVED
    assert reach(fleet.a, first, second) is Reach.HERE


def test_nothing_is_said_of_what_nobody_wrote(fleet):
    assert reach(fleet.a, "nobody") is None
