"""The real window on a county home, and eyes on it: how long until a key's consequence is painted."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from app.desk import Desk
from db.keep import open_home
from sync.homes import StageClock, SystemDice
from tests.speed.county import EVENING, Copy, Size, county
from ui import theme
from ui.main import furnish
from ui.shell import Shell

PATIENCE_S = 10.0


def application() -> QApplication:
    """Return the dressed program."""
    running = QApplication.instance() or QApplication(["speed"])
    assert isinstance(running, QApplication)
    if not running.styleSheet():
        theme.begin(running)
    return running


@contextmanager
def shell_on(size: Size) -> Iterator[tuple[Shell, Copy]]:
    """Open the program on a copy of the county, wait until it is quiet, and close it at the end."""
    running = application()
    with county(size) as lent:
        clock = StageClock(EVENING)
        home = open_home(lent.folder, EVENING)
        window = furnish(running, home, Desk(home.shelf, home.ledger, clock, SystemDice()), clock)  # type: ignore[arg-type]
        sys.excepthook = sys.__excepthook__  # a benchmark that breaks should say so here, not in the home
        window.show()
        window.activateWindow()
        until(window.isActiveWindow)
        quiet(window)
        try:
            yield window, lent
        finally:
            window.close()
            home.close()
            theme.apply(running, "light", theme.STANDARD)


def until(is_so: Callable[[], bool]) -> None:
    """Let the program run until something is so.

    Raises:
        TimeoutError: It does not come about.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("waited in vain")
        QApplication.processEvents()


def quiet(window: Shell) -> None:
    """Let the program run until nothing is under way and nothing waits to be painted."""
    until(window.room.is_saved)
    for _ in range(5):
        QApplication.processEvents()
        # Without exec() nobody else carries out deleteLater().
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Eye(QObject):
    """Sees when widgets are painted. Qt paints between events, so once the loop comes back the pixels are there."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.seen: set[QWidget] = set()
        self.watched = tuple(_canvas(widget) for widget in watched)
        for widget in self.watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.seen.add(watched)
        return False

    def ms_until_painted(self, act: Callable[[], object]) -> float:
        """Return the time from the beginning of an act until every watched widget has been painted after it."""
        QApplication.processEvents()
        self.seen.clear()
        begun = time.perf_counter_ns()
        act()
        until(lambda: self.seen.issuperset(self.watched))
        return (time.perf_counter_ns() - begun) / 1e6

    def close(self) -> None:
        """Look away."""
        for widget in self.watched:
            widget.removeEventFilter(self)


def _canvas(widget: QWidget) -> QWidget:
    return widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget


def focused() -> QWidget:
    """Return where the keys go."""
    focus = QApplication.focusWidget()
    assert focus is not None, "nothing has the focus"
    return focus


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(focused(), key, held)


def typed(letter: str) -> None:
    """Type one letter where the focus is."""
    QTest.keyClicks(focused(), letter)
