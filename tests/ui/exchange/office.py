"""A window of an office: the room on a machine of a fleet, with all it exchanges through."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import resources
from app.domain.place import Places
from app.domain.practice import read_practices
from app.queries.people import register
from app.settings import PLACE
from sync.exchange import Relay
from sync.server.office import Office
from tests.sync.fleet import Fleet, Machine
from tests.sync.offices import COUNTY
from ui.exchange import relay_door
from ui.exchange.behind import Behind
from ui.exchange.enrol_behind import EnrolBehind
from ui.exchange.relay_door import RelayDoor
from ui.room import Room

PLACES = Places(resources.places("53"))


@contextmanager
def county_fleet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    """Yield a fleet at its first day, whose county's window answers this machine alone and renews at once."""
    monkeypatch.setattr(relay_door, "TOGETHER_MS", 50)
    monkeypatch.setattr(relay_door, "EVERYWHERE", "127.0.0.1")
    made = Fleet.known(folder / "fleet", days=0)
    yield made
    made.close()


@contextmanager
def county_room(fleet: Fleet) -> Iterator[Room]:
    """Yield the room of the county's window."""
    made = office_room(fleet.county, COUNTY)
    yield made
    assert made.door is not None
    made.tasks.drain()
    made.door.end()
    made.tasks.finish()


def office_room(machine: Machine, place: str) -> Room:
    """Return the room of a window on a machine that works for a place, with its relay shut."""
    home, desk = machine.home, machine.desk
    practices = read_practices(resources.practices())
    made = Room(desk, desk.ask(register), PLACES, practices, machine.clock, {PLACE.name: place})
    behind = Behind(machine.exchange, home.postbox, home.shelf, PLACES, machine.clock)
    office = partial(Office, machine.exchange, home.postbox, PLACES, machine.clock)
    made.let_in(RelayDoor(made, Relay(machine.exchange), office, machine.folder, port=0))
    made.join(behind, EnrolBehind(behind, home.postbox, PLACES))
    return made
