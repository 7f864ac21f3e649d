"""An errand: one long work of the exchange on a worker of its own, told step by step, that can be stopped."""

from collections.abc import Callable
from threading import Event
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from app.domain.errors import CarryStopped, Trouble
from app.domain.errors_of_line import SendingStopped
from ui.exchange.port import Progress, Step, Stop
from ui.room import Room

T = TypeVar("T")


class Errand(QObject):
    """One at a time. `stepped` tells how far it is; then what came of it is handed over, or `failed`, or `halted`.

    `halted` says True when somebody has stopped it, False when it was our own mistake.
    """

    stepped = Signal(object)
    _moved = Signal()
    failed = Signal(object)
    halted = Signal(bool)

    def __init__(self, room: Room, parent: QObject) -> None:
        super().__init__(parent)
        self.room = room
        self.is_under_way = False
        self._stop = Event()
        self._latest: Step | None = None
        self._moved.connect(self._show)

    def begin(self, work: Callable[[Progress, Stop], T], then: Callable[[T], None]) -> None:
        """Have it done, unless another is under way."""
        if self.is_under_way:
            return
        self.is_under_way = True
        self._stop, self._latest = Event(), None
        stop = self._stop.is_set

        def ended(made: T) -> None:
            self.is_under_way = False
            then(made)

        self.room.errand(self, lambda: work(self._tell, stop), ended, self._went_wrong)

    def stop(self) -> None:
        """Ask it to stop; it ends in its own time, soon."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Say whether it was asked to stop."""
        return self._stop.is_set()

    def _tell(self, step: Step) -> None:
        """Take note how far it is, on the worker; steps that come faster than they are shown replace each other."""
        is_news = self._latest is None
        self._latest = step
        if is_news:
            self._moved.emit()

    def _show(self) -> None:
        step, self._latest = self._latest, None
        if step is not None and self.is_under_way:
            self.stepped.emit(step)

    def _went_wrong(self, error: BaseException) -> None:
        self.is_under_way = False
        if isinstance(error, CarryStopped | SendingStopped):
            self.halted.emit(True)
        elif isinstance(error, Trouble):
            self.failed.emit(error)
        else:
            self.halted.emit(False)
            self.room.broken.emit(error)
