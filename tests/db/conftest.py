"""A laptop with a home on it, a clock set by hand, and somebody at the keys."""

import shutil
from datetime import datetime, timedelta, timezone

import pytest

from app.desk import Desk
from db import keep
from sync.homes import SeededDice, StageClock
from tests.world import World

NOW = datetime(2026, 3, 30, 19, 30, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """A home that was made and closed, to be copied."""
    folder = tmp_path_factory.mktemp("blank") / "home"
    keep.open_home(folder, NOW).close()
    return folder


@pytest.fixture
def folder(blank, tmp_path):
    return shutil.copytree(blank, tmp_path / "home")


@pytest.fixture
def home(folder):
    home = keep.open_home(folder, NOW)
    yield home
    home.close()


@pytest.fixture
def clock():
    return StageClock(NOW, timedelta(seconds=7))


@pytest.fixture
def desk(home, clock):
    return Desk(home.shelf, home.ledger, clock, SeededDice("desk"), "示例干部")


@pytest.fixture
def laptop(tmp_path):
    world = World(tmp_path / "laptop")
    yield world
    world.close()
