"""What a desk remembers of a county from one turn to the next is what whoever reads it afresh finds.

Whoever has written in between: itself, another desk, another process, the office for all counties; and turns that came
to nothing.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from app.commands.topic import RaiseTopic
from app.domain.errors import NotSaved
from app.ports import StatementFile
from db import province
from db.scope import ALL, DIRECTORY, within
from tests.db.test_intake import Courier
from tests.db.test_turns import NOW, ONE, OTHER
from tests.postgres import fresh_database
from tests.world import World

STEPS = 40
ABOVE = ONE[:4]


class Office:
    """Two processes on one database, the first with two desks, and two laptops, each of a county of its own."""

    def __init__(self, folder, seed):
        self.chance, self.folder, self.url = Random(seed), folder, fresh_database()
        self.first, self.second = (province.open_store(self.url, folder / "store", NOW) for _ in range(2))
        self.desks = [self.first, self.first.at_desk("1"), self.second]
        self.laptops = {place: (World(folder / place), Courier()) for place in (ONE, OTHER)}
        for place, (world, _) in self.laptops.items():
            world.desk._dice._random.seed(f"laptop {place} {seed}")
        self.now = NOW

    def step(self):
        """Let somebody do something for some place: in a turn or without one, and not always to a good end."""
        desk, place = self.chance.choice(self.desks), self.chance.choice((ONE, OTHER, ABOVE, ALL, DIRECTORY))
        acts = (self.say, self.forget) if place == DIRECTORY else (self.say, self.forget, self.bring, self.bring_in_two)
        act = self.chance.choice(acts)
        self.now += timedelta(seconds=self.chance.choice((60, 60, -30)))
        if self.chance.random() < 0.2:
            with within(place):
                act(desk, place)
            return
        with suppress(NotSaved), desk.within(place):
            act(desk, place)
            if self.chance.random() < 0.3:
                raise NotSaved("the line was lost")

    def say(self, desk, place):
        """Keep a few statements; some were met before."""
        names = [f"{self.chance.randrange(40):02}" for _ in range(3)]
        said = [StatementFile(name * 32, "card", name, name.encode()) for name in dict.fromkeys(names)]
        desk.postbox.keep_statements(said, self.now)

    def forget(self, desk, place):
        """Forget a statement, if there is one."""
        there = desk.postbox.statements("card")
        desk.postbox.forget_statements([one.id for one in there[:1]])

    def bring(self, desk, place):
        """Take in what a laptop has written by now."""
        desk.postbox.take_in(self.written(self.county(place)), self.now)

    def bring_in_two(self, desk, place):
        """Do the same in two lots, and look in between."""
        parcels = self.written(self.county(place))
        desk.postbox.take_in(parcels[:1], self.now)
        desk.postbox.parcels()
        desk.postbox.take_in(parcels, self.now)

    def county(self, place):
        """Return a county of which somebody may write who works for a place."""
        return ONE if ONE.startswith(place) else OTHER

    def written(self, place):
        """Return all that the laptop of a county has written, with one more topic."""
        world, courier = self.laptops[place]
        world.desk.do(RaiseTopic("石墙", f"{place}001001", "赵某甲"))
        return [replace(one, region=f"{place}001", audience="O") for one in courier.parcels(world)]

    def told(self, desk, place):
        """Return what a desk knows of a county in its turn."""
        with desk.within(place):
            box = desk.postbox
            said = [one.id for one in box.statements()]
            return said, [(one.id, one.stream, one.state) for one in box.parcels()], box.have()

    def close(self):
        """Let go of everything."""
        for one in (self.first, self.second, *(world for world, _ in self.laptops.values())):
            one.close()


@pytest.fixture
def office(tmp_path, request):
    made = Office(tmp_path, request.param)
    yield made
    made.close()


@pytest.mark.parametrize("office", range(6), indirect=True)
def test_a_desk_remembers_of_a_county_what_is_so(office):
    for _ in range(STEPS):
        office.step()
        place = office.chance.choice((ONE, OTHER))
        desk = office.chance.choice(office.desks)

        assert office.told(desk, place) == office.told(desk.at_desk("fresh"), place)


@pytest.mark.parametrize("office", [0], indirect=True)
def test_what_nobody_else_has_written_is_not_read_again(office):
    desk, asked = office.first, []
    with desk.within(ONE):
        office.bring(desk, ONE)
        office.say(desk, ONE)
    with desk.within(OTHER):
        office.bring(desk, OTHER)
    office.told(desk, ONE)
    ask = Asked(asked)

    with desk.within(ONE), ask:
        assert desk.postbox.statements()
        assert desk.postbox.parcels()
    assert asked == []
    office.say(office.second, ALL)
    with desk.within(ONE), ask:
        desk.postbox.statements()
    assert len(asked) == 1


class Asked:
    """Takes down what is asked of statements and segments."""

    def __init__(self, asked):
        self._asked, self._patch = asked, pytest.MonkeyPatch()

    def __enter__(self):
        from db import rooms

        ask = rooms.ask
        self._patch.setattr(rooms, "ask", lambda *told: self._asked.append(told) or ask(*told))

    def __exit__(self, *_):
        self._patch.undo()
