"""工作台 at a county: its own meetings are gone on with; those of its townships lie here too and are none of its."""

import pytest

from app.commands.sitting import CallSitting, CloseSitting, OpenSitting
from app.domain.sitting import Sitting
from tests.ui.exchange.conftest import shown
from tests.ui.exchange.office import county_fleet, county_room
from ui.home.home_page import HomePage


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    with county_fleet(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def room(fleet):
    with county_room(fleet) as made:
        yield made


def called(machine, title, *, is_open=False, is_closed=False):
    """Call a meeting on a machine for now, and go as far with it as told."""
    made = machine.desk.do(CallSitting(title, issues=("谁出资",)))
    sitting = next(change.record_id for change in made.changes if change.kind == "sitting")
    if is_open or is_closed:
        machine.desk.do(OpenSitting(sitting))
    if is_closed:
        machine.desk.do(CloseSitting(sitting))
    return sitting


def titles(page):
    """Return what the page tells of meetings: those to go on with, those to come, those not yet done."""
    found = page.found
    plans = [*([found.resume.plan] if found.resume else []), *found.today, *found.ahead]
    return [plan.consultation.title for plan in (*plans, *(one.plan for one in found.unfinished))]


def test_no_meeting_of_a_township_is_gone_on_with_at_the_county_by_one_key(qtbot, fleet, room):
    called(fleet.a, "水沟谁来清", is_open=True)
    called(fleet.a, "明天的会")
    called(fleet.a, "石墙怎么修", is_closed=True)
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    assert fleet.county.home.shelf.count(Sitting) == 3

    page = shown(qtbot, HomePage(room), room)
    qtbot.waitUntil(lambda: page.found is not None)

    assert titles(page) == []


def test_nor_in_the_moments_before_the_window_knows_whose_computer_it_is(qtbot, fleet, room):
    called(fleet.a, "水沟谁来清", is_open=True)
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    called(fleet.county, "全县的路灯", is_open=True)
    exchange, enrolling = room.exchange, room.enrolling
    room.exchange = room.enrolling = None

    page = shown(qtbot, HomePage(room), room)
    qtbot.waitUntil(lambda: page.found is not None)
    assert titles(page) == []
    room.join(exchange, enrolling)

    qtbot.waitUntil(lambda: titles(page) == ["全县的路灯"])


def test_its_own_meetings_are(qtbot, fleet, room):
    called(fleet.a, "水沟谁来清", is_open=True)
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    called(fleet.county, "全县的路灯", is_open=True)
    called(fleet.county, "县里的会")
    called(fleet.county, "上回的会", is_closed=True)

    page = shown(qtbot, HomePage(room), room)
    qtbot.waitUntil(lambda: page.found is not None)

    assert sorted(titles(page)) == sorted(["全县的路灯", "县里的会", "上回的会"])
