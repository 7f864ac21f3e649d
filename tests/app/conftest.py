"""A desk on a home of its own, and a meeting called at it."""

import shutil
from datetime import datetime, timedelta, timezone

import pytest

from app.commands.attendance import CheckIn
from app.commands.people import RegisterHousehold, RegisterPerson
from app.commands.sitting import CallSitting, OpenSitting
from app.desk import Desk
from app.domain.issue import Issue
from app.domain.people import Person
from app.domain.sitting import Sitting
from db import keep
from sync.homes import SeededDice, StageClock

NOW = datetime(2026, 3, 30, 10, 0, tzinfo=timezone(timedelta(hours=8)))
NAMES = ("赵某甲", "钱某乙", "孙某丙", "李某丁", "周某戊", "吴某己", "郑某庚")


@pytest.fixture(scope="session")
def blank_home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("blank") / "home"
    keep.open_home(folder, NOW).close()
    return folder


@pytest.fixture
def desk_clock():
    return StageClock(NOW, timedelta(seconds=11))


@pytest.fixture
def desk(blank_home, tmp_path, desk_clock):
    home = keep.open_home(shutil.copytree(blank_home, tmp_path / "home"), NOW)
    yield Desk(home.shelf, home.ledger, desk_clock, SeededDice("desk"), "示例干部", seal=home.seal)
    assert keep.check(home.engine, deep=True).problems == []
    home.close()


class Yard:
    """A meeting of seven people in six households, all there, with three issues; short ways to ask."""

    def __init__(self, desk):
        self.desk = desk
        self.people = {name: self.made(RegisterPerson(name, "532627208204", "二组")) for name in NAMES}
        for name in NAMES[:6]:
            desk.do(RegisterHousehold("532627208204", "二组", name, (self.people[name],)))
        invited = tuple(self.people.values())
        desk.do(
            CallSitting("石墙协商", ("532627208204",), issues=("地界怎么认", "谁出资", "水往哪排"), invited=invited)
        )
        self.sitting_id = self.all(Sitting)[0].id
        for person_id in invited:
            desk.do(CheckIn(self.sitting_id, person_id))
        desk.do(OpenSitting(self.sitting_id))

    def made(self, command):
        """Do what creates a record and return its id."""
        return self.desk.do(command).changes[0].record_id

    def all(self, kind, *where, order=""):
        return self.desk.ask(lambda shelf: shelf.all(kind, *where, order=order))

    def get(self, kind, record_id):
        return self.desk.ask(lambda shelf: shelf.get(kind, record_id))

    @property
    def sitting(self):
        return self.get(Sitting, self.sitting_id)

    @property
    def issues(self):
        return self.all(Issue, order="number")

    def person(self, name):
        return self.get(Person, self.people[name])


@pytest.fixture
def yard(desk):
    return Yard(desk)
