"""Things in the world of screens: a dressed program, and a clock that stands still until told."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tests.world import World
from ui import theme
from ui.room import Room


class Tick:
    """A clock in ms that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now_ms = 1_000

    def __call__(self) -> int:
        return self.now_ms

    def passes(self, ms: int) -> None:
        self.now_ms += ms


@pytest.fixture
def tick() -> Tick:
    return Tick()


@pytest.fixture(autouse=True)
def light(request: pytest.FixtureRequest) -> None:
    """Dress the program in light at 标准 once; tests that change the look put it back."""
    app = request.getfixturevalue("qapp")
    assert isinstance(app, QApplication)
    if not app.styleSheet():
        theme.begin(app)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait longer than a blink for the worker, so that a busy machine is no slow disk; tests of that shorten it."""
    monkeypatch.setattr("ui.tasks.BLINK_S", 2.0)


@pytest.fixture
def dressed(qapp: QApplication):
    """Return how to dress the program; light at 标准 again afterwards."""
    yield lambda name, base=15: theme.apply(qapp, name, base)
    theme.apply(qapp, "light", 15)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """One laptop with a real home."""
    laptop = World(tmp_path / "home")
    yield laptop
    laptop.close()


@pytest.fixture
def room(world: World) -> Iterator[Room]:
    """The room of a window on that home."""
    standing = world.room()
    yield standing
    standing.tasks.finish()
