"""Clocks order nothing: whatever they say, everybody comes to show the same, and what they show is the same."""

from datetime import timedelta

import pytest

from app.commands.people import RegisterPerson
from app.commands.topic import AmendTopic, RaiseTopic
from app.domain.people import Person
from app.domain.topic import Topic
from tests.sync.fleet import NOW, Fleet

YEARS = timedelta(days=7305)


class Stopped:
    """A clock that has stopped."""

    def __init__(self, at):
        self.at = at

    def now(self):
        return self.at


class Backwards(Stopped):
    """A clock that runs backwards, an hour at each look."""

    def now(self):
        self.at -= timedelta(hours=1)
        return self.at


def told(fleet, clocks):
    """Let two laptops write about the same things under these clocks; return what everybody shows in the end."""
    for machine, clock in zip(fleet.machines, clocks, strict=True):
        machine.clock.now = clock.now
    topic = fleet.a.desk.do(RaiseTopic("挡墙谁来修")).changes[0].record_id
    fleet.a.desk.do(RegisterPerson("赵某甲", phone="13800003217"))
    fleet.rounds(1)
    fleet.a.desk.do(AmendTopic(topic, summary="两家各出一半"))
    fleet.b.desk.do(AmendTopic(topic, summary="村里出一半", title="挡墙怎么修"))
    fleet.rounds(1)
    fleet.b.desk.do(RegisterPerson("钱某乙"))
    fleet.rounds(2)
    return [
        (
            sorted((one.title, one.summary) for one in machine.home.shelf.all(Topic)),
            sorted((one.name, one.phone) for one in machine.home.shelf.all(Person)),
            [name for _, _, name in machine.home.postbox.contests()],
        )
        for machine in fleet.machines
    ]


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    """What is shown when every clock is right."""
    fleet = Fleet.known(tmp_path_factory.mktemp("right") / "fleet")
    shown = told(fleet, [machine.clock for machine in fleet.machines])
    fleet.close()
    return shown


@pytest.mark.parametrize(
    "clocks",
    [
        lambda: [Stopped(NOW) for _ in range(4)],
        lambda: [Stopped(NOW + YEARS), Stopped(NOW - YEARS), Stopped(NOW), Stopped(NOW + YEARS)],
        lambda: [Stopped(NOW - YEARS), Stopped(NOW + YEARS), Backwards(NOW), Stopped(NOW - YEARS)],
        lambda: [Backwards(NOW + YEARS) for _ in range(4)],
    ],
    ids=["stopped", "twenty years apart", "the other way round", "backwards"],
)
def test_whatever_the_clocks_say_the_same_is_shown(tmp_path, right, clocks):
    fleet = Fleet.known(tmp_path / "fleet")

    assert told(fleet, clocks()) == right
    assert right[0][2] == ["summary"]
    fleet.close()
