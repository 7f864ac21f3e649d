"""What waits to be written: acts one after another in the order they were done, notes as they were last.

The next act is sent only when the one before is on the disk or was refused by a rule. What the disk refuses stays
first in the line and is tried again every two seconds; nothing overtakes it. Notes asked for before an act are on the
disk before it: a power cut between the two must not bring back, as half written, words that the act has recorded.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.domain.errors import NotSaved
from ui.tasks import Tasks

RETRY_MS = 2000


@dataclass(frozen=True, slots=True)
class Write:
    """One act to be written: for whom, what it is, how it is done, and who wants to hear of it.

    `done` is called once it is on the disk, whoever is left to see it; `then` and `otherwise` only if `owner` is.
    """

    owner: QObject
    what: object
    work: Callable[[], Any]
    done: Callable[[Any], None]
    then: Callable[[Any], None]
    otherwise: Callable[[BaseException], None]
    soon: bool = True


class Writes(QObject):
    """The line of acts and the notes beside it. `refused` is said when the disk would not take something."""

    refused = Signal(object)
    kept = Signal()

    def __init__(self, tasks: Tasks, keep: Callable[[dict[str, str | None]], None], parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._keep = tasks, keep
        self._line: deque[Write] = deque()
        self._notes: dict[str, str | None] = {}
        self._latest: dict[str, str | None] = {}
        self._notes_under_way = 0
        self._is_writing = self._is_stuck = False
        self.retry = QTimer(self, interval=RETRY_MS, singleShot=True)
        self.retry.timeout.connect(self._try_again)

    def add(self, write: Write) -> None:
        """Put an act into the line, unless the very same one is waiting there."""
        if write.what is not None and any(waiting.what == write.what for waiting in self._line):
            return
        self._line.append(write)
        self._next()

    def note(self, name: str, text: str | None) -> None:
        """Keep a note as it is now; one that has not been written yet is replaced."""
        self._notes[name] = self._latest[name] = text
        self._next_notes()

    def is_stuck(self) -> bool:
        """Return whether the disk has refused something that still waits."""
        return self._is_stuck

    def is_empty(self) -> bool:
        """Return whether everything asked for is on the disk."""
        return not (self._line or self._notes or self._notes_under_way)

    def _next(self) -> None:
        if self._is_writing or self._is_stuck or not self._line:
            return
        self._is_writing = True
        self._send_notes()
        self._tasks.run(self, self._line[0].work, self._written, self._failed, self._line[0].soon)

    def _written(self, result: Any) -> None:
        write = self._taken()
        write.done(result)
        if isValid(write.owner):
            write.then(result)
        self._next()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, NotSaved):
            self._is_writing = False
            self._stick(error)
            return
        write = self._taken()
        if isValid(write.owner):
            write.otherwise(error)
        self._next()

    def _taken(self) -> Write:
        self._is_writing = False
        return self._line.popleft()

    def _next_notes(self) -> None:
        if not self._notes_under_way and not self._is_stuck:
            self._send_notes()

    def _send_notes(self) -> None:
        """Send what waits, even behind notes that are still being written: the worker keeps the order."""
        if not self._notes:
            return
        notes, self._notes = self._notes, {}
        self._notes_under_way += 1
        self._tasks.run(self, lambda: self._keep(notes), self._noted, lambda error: self._not_noted(notes, error))

    def _noted(self, _: object) -> None:
        self._notes_under_way -= 1
        self.kept.emit()
        self._next_notes()

    def _not_noted(self, notes: dict[str, str | None], error: BaseException) -> None:
        """Let notes wait to be written again, except those that a newer one, sent or waiting, has replaced."""
        self._notes_under_way -= 1
        self._notes = {name: text for name, text in notes.items() if self._latest[name] == text} | self._notes
        if not isinstance(error, NotSaved):
            raise error
        self._stick(error)

    def _stick(self, error: NotSaved) -> None:
        self._is_stuck = True
        self.refused.emit(error)
        self.retry.start()

    def _try_again(self) -> None:
        self._is_stuck = False
        self._next()
        self._next_notes()
