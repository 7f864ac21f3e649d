"""The workers: what touches the ledger runs on one, in order, while the window goes on; long errands on another.

What an act answers comes back on the window's thread. An act asked for with `soon` is waited for a blink
(`BLINK_S`), which on a sound disk is all it takes: the field is then free before the next key. On a slow disk
the window goes on painting and the keys wait (`ui/typeahead.py`), so that no word falls into the wrong field.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, TimeoutError
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from shiboken6 import isValid

from ui.typeahead import Typeahead

T = TypeVar("T")
LEDGER, ASIDE, ERRAND = "ledger", "aside", "errand"
BLINK_S = 0.06
DRAIN_S = 5.0


@dataclass(slots=True, eq=False)
class _Job:
    """One piece of work and who waits for it."""

    owner: QObject
    future: "Future[Any]"
    then: Callable[[Any], None]
    otherwise: Callable[[BaseException], None]
    holds_keys: bool = False
    answered: bool = False


class Tasks(QObject):
    """Runs work one after another, each kind on a thread of its own."""

    _ended = Signal(object)
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = {name: ThreadPoolExecutor(1, name) for name in (LEDGER, ASIDE, ERRAND)}
        self._keys = Typeahead(self)
        self._line: deque[_Job] = deque()
        self._waiting = 0
        self._is_over = False
        self._ended.connect(self._answer_to, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        work: Callable[[], T],
        then: Callable[[T], None],
        otherwise: Callable[[BaseException], None],
        soon: bool = False,
        aside: bool = False,
        errand: bool = False,
    ) -> None:
        """Run work and then call back, unless the owner is gone by then; after the end nothing is run any more.

        Work `aside` touches neither ledger nor shelf and does not stand in the way of what does. An `errand` is long
        and writes now and then, beside the acts of whoever is at the keys: the ledger takes both.
        """
        if self._is_over:
            return
        self._waiting += 1
        worker = self._workers[ERRAND if errand else ASIDE if aside else LEDGER]
        job = _Job(owner, worker.submit(work), then, otherwise)
        if not (aside or errand):
            self._line.append(job)
        if soon:
            try:
                job.future.exception(BLINK_S)
            except TimeoutError:
                job.holds_keys = True
                self._keys.hold()
            else:
                self._answer_to(job)
                return
        job.future.add_done_callback(lambda _: self._ended.emit(job))

    @property
    def errands(self) -> Executor:
        """Return the worker of errands itself, for whoever answers others meanwhile; it ends with these tasks."""
        return self._workers[ERRAND]

    def is_busy(self) -> bool:
        """Return whether anything is still to be answered."""
        return self._waiting > 0

    def is_quiet(self) -> bool:
        """Return whether nothing is under way and no key waits to be typed."""
        return not self.is_busy() and not self._keys.is_waiting()

    def _answer_to(self, job: _Job) -> None:
        """Answer a job, and before it those that ended before it: answers keep the order of the work."""
        while job in self._line:
            self._answer(self._line.popleft())
        self._answer(job)

    def _answer(self, job: _Job) -> None:
        if job.answered:
            return
        job.answered = True
        self._waiting -= 1
        is_dropped = job.future.cancelled()  # it stood in line aside when all came to its end
        error = None if is_dropped else job.future.exception()
        try:
            if isValid(job.owner) and not is_dropped:
                job.otherwise(error) if error else job.then(job.future.result())
        finally:
            if job.holds_keys:
                self._keys.release()
        if not self._waiting:
            self.idle.emit()

    def drain(self) -> None:
        """Wait until all that was asked for is answered."""
        deadline = time.monotonic() + DRAIN_S
        while self.is_busy() and time.monotonic() < deadline:
            QCoreApplication.processEvents()

    def finish(self) -> None:
        """Wait for all work that was asked for, and take no more."""
        self._is_over = True
        for name, worker in self._workers.items():
            worker.shutdown(wait=True, cancel_futures=name == ASIDE)
