"""A computer that was restored or copied says so once in the window, until somebody has taken note of it."""

import pytest
from PySide6.QtWidgets import QApplication

from app.desk import Desk
from db.incarnation import LEFT, Traces
from db.keep import open_home
from sync.homes import SeededDice, StageClock
from tests.speed.window import until
from tests.ui.test_home_page import MORNING
from ui import theme
from ui.main import furnish

TOLD = "这台电脑的数据被恢复或复制过，两边的都留着"


class Opened:
    """A home opened on some machine, with its window."""

    def __init__(self, folder, application, machine):
        self.home = open_home(folder, MORNING, Traces(machine))
        clock = StageClock(MORNING)
        desk = Desk(self.home.shelf, self.home.ledger, clock, SeededDice(machine), blobs=self.home.blobs)
        self.window = furnish(application, self.home, desk, clock)
        self.window.show()
        # Beside the window things are asked after it stands; the last of them is who this computer belongs to.
        until(lambda: self.window.room.enrolling is not None and not self.window.room.tasks.is_busy())

    def notes(self):
        return self.home.ledger.jotted(LEFT)

    def close(self):
        self.window.close()
        self.home.close()


@pytest.fixture
def opened(qapp, tmp_path):
    if not qapp.styleSheet():
        theme.begin(qapp)
    still: list[Opened] = []

    def on(machine: str) -> Opened:
        while still:
            still.pop().close()
        still.append(Opened(tmp_path / "home", QApplication.instance(), machine))
        return still[0]

    yield on
    while still:
        still.pop().close()


def test_a_home_that_moved_to_another_machine_says_so_until_somebody_has_taken_note(opened):
    first = opened("甲")
    assert first.window.banner.isHidden()
    assert not first.notes()

    moved = opened("乙")
    assert not moved.window.banner.isHidden()
    assert moved.window.banner.accessibleName().startswith(TOLD)
    assert moved.notes()

    moved.window.banner.action.click()
    until(lambda: not moved.notes())
    assert moved.window.banner.isHidden()


def test_what_a_stick_has_shown_is_said_at_once_and_only_taking_note_of_it_forgets_it(opened):
    here = opened("甲")
    here.home.ledger.jot({LEFT: "seen elsewhere"})

    here.window.room.waiting.emit(0)
    until(lambda: not here.window.banner.isHidden())
    assert here.window.banner.accessibleName().startswith(TOLD)

    here.window.warn("数据文件有一处坏了")
    here.window.banner.action.click()
    until(lambda: not here.window.room.tasks.is_busy())
    assert here.notes()
