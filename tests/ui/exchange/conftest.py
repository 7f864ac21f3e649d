"""Things in the world of 同步: a laptop that is enrolled, a stick, the pages in a window."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands.topic import RaiseTopic
from tests.ui.exchange.town import Town, due_contest, packages
from tests.world import World
from ui.exchange.contest_page import ContestPage
from ui.exchange.page import ExchangePage
from ui.exchange.port import Stick
from ui.room import Room


@pytest.fixture
def town(world: World) -> Town:
    """What the laptop has to send; two of its topics were changed by the county as well."""
    for title in ("挡墙哪天修完", "农资在哪里买"):
        world.desk.do(RaiseTopic(title))
    return Town(world.desk, sent=packages(), views=[due_contest, due_contest])


@pytest.fixture
def room(world: World, town: Town) -> Iterator[Room]:
    """The room of an enrolled laptop."""
    standing = world.room()
    standing.exchange = town
    yield standing
    town.gate.set()
    standing.tasks.finish()


@pytest.fixture
def stick(tmp_path: Path, town: Town) -> Path:
    """A stick that is plugged in."""
    folder = tmp_path / "stick"
    folder.mkdir()
    town.here.append(Stick("示例U盘", folder, 5_100_000_000))
    return folder


def shown(qtbot, page, room):
    """Show a page as the shell would, and wait until it has what it shows."""
    qtbot.addWidget(page)
    page.resize(1198, 694)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.enter()
    qtbot.waitUntil(lambda: not room.tasks.is_busy())
    return page


@pytest.fixture
def page(qtbot, room: Room, stick: Path) -> ExchangePage:
    """同步, with the stick seen."""
    made = shown(qtbot, ExchangePage(room), room)
    made.card.take_keys()
    return made


@pytest.fixture
def contests(qtbot, room: Room) -> ContestPage:
    """两边都改过，听您的."""
    return shown(qtbot, ContestPage(room), room)
