"""A meeting is recorded while a stick takes its time: the keys never wait for it."""

from threading import Event

import pytest
from PySide6.QtWidgets import QApplication, QWidget

import resources
import sync.enrolment as enrolment
from app.domain.place import Places
from app.domain.statement import Statement
from app.queries.audience import split_of
from db import keep
from sync.carriers import RealDisk
from sync.exchange import Exchange
from sync.homes import SeededDice
from tests.hands import Hands
from tests.sync.fleet import Machine
from tests.ui.desk_world import Village, desk, settle
from ui.exchange.behind import Behind
from ui.exchange.errand import Errand


class Stuck(RealDisk):
    """A stick that takes nothing until it is let go."""

    def __init__(self) -> None:
        self.reached, self.go = Event(), Event()

    def write(self, handle: int, chunk: memoryview) -> int:
        """Wait, then write."""
        self.reached.set()
        assert self.go.wait(30)
        return super().write(handle, chunk)


@pytest.fixture
def disk():
    made = Stuck()
    yield made
    made.go.set()


@pytest.fixture
def behind(world, tmp_path, monkeypatch, disk):
    """The exchange of a laptop that the county has taken in."""
    monkeypatch.setattr(enrolment, "COST", 4)
    home, dice, split = world.home, SeededDice("laptop"), split_of(world.home.shelf, world.home.postbox.ops)
    told = {"schema": keep.REVISION, "app": "0.1.0"}
    carrier = Exchange(home.postbox, home.seal, world.clock, dice, split, tmp_path / "exchange", disk=disk, **told)
    county = Machine(tmp_path / "county", "县")
    county.work.found("530102", "示例县")
    asked = carrier.enrolment().ask("530102001", "桃园村笔记本")
    answered = county.work.accept(asked.digits, [asked.request.raw])
    carrier.enrolment().confirm(answered.digits)
    carrier.enrolment().take([file.raw for file in county.exchange.directory().riders("530102001")])
    county.close()
    return Behind(carrier, home.postbox, home.shelf, Places(resources.places("53")), world.clock)


def test_a_statement_is_on_the_disk_while_the_stick_has_not_taken_a_byte(qtbot, world, behind, disk, tmp_path):
    village, room = Village(world, here=8), world.room()
    stick = tmp_path / "stick"
    stick.mkdir()
    page = desk(qtbot, room, village.sitting_id)
    owner, sent = QWidget(), []
    qtbot.addWidget(owner)
    errand = Errand(room, owner)
    errand.begin(lambda step, stop: behind.write_to(stick, step, stop), sent.append)
    qtbot.waitUntil(disk.reached.is_set)

    clerk = Hands(page)
    clerk.press("wmx␣")
    clerk.say("村集体都按统一办法出砂石。")
    clerk.press("↵")
    qtbot.waitUntil(lambda: world.home.shelf.count(Statement) == 1)

    assert errand.is_under_way
    assert sent == []
    assert page.entry.isAncestorOf(QApplication.focusWidget())
    disk.go.set()
    qtbot.waitUntil(lambda: bool(sent))
    assert sent[0].items > 0
    assert behind.outgoing().rows[1].note == "发言 1 条"
    page.leave()
    settle(page)
    room.tasks.finish()
