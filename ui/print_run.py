"""A printing run: copies one after another, page by page, on a thread that may be left behind.

Nothing here waits: the printer is asked on the press's thread, and what it does not answer in time is told as trouble.
What is `left` after a jam begins with the very page that did not come out.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import SimpleQueue
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import Trouble
from ui.aside import Aside
from ui.ipp import QueueRefused
from ui.print_ways import Copy, GivenUp, Step, Way
from ui.printing import DrawnPaper, PrinterRefused, PrinterSilent
from ui.words import tr

PATIENCE_MS = 15_000
STOPPING_MS = 400
Work = Callable[[], Iterator[Step]]


def copies_of(papers: Iterable[tuple[DrawnPaper, int]]) -> list[Copy]:
    """Return every copy in the order they are printed: all of one paper, then the next."""
    return [Copy(paper, number) for paper, count in papers for number in range(1, count + 1)]


class _Press(Aside):
    """The thread that talks to the printer."""

    stepped = Signal(int, object)
    ended = Signal(int, object)

    def __init__(self) -> None:
        super().__init__("printer")
        self._orders: SimpleQueue[tuple[int, Work] | None] = SimpleQueue()
        self.begin()

    def order(self, number: int, work: Work) -> None:
        """Have a copy printed; `stepped` tells how far it is, `ended` what came of it: None, or what went wrong."""
        self._orders.put((number, work))

    def rest(self) -> None:
        """End when all that was ordered is done."""
        self._orders.put(None)

    def work(self) -> None:
        """Have what was ordered printed, one after the other."""
        while (order := self._orders.get()) is not None:
            self._print(*order)

    def _print(self, number: int, work: Work) -> None:
        error: Exception | None = None
        try:
            for step in work():
                self.stepped.emit(number, step)
        except Exception as found:  # a driver may raise anything; to the clerk it is a printer that did not answer
            error = found
        self.ended.emit(number, error)


class PrintRun(QObject):
    """Prints copies one after another. `copied` is said for each that is out; then `ended`, or `failed`.

    `turned` is said after each page; what is then `left` may be kept, to go on after a power cut. `waits` names what
    the printer waits for, empty when it goes on.
    """

    went_on = Signal(str, int, int, object)
    turned = Signal()
    waits = Signal(str)
    copied = Signal(object)
    ended = Signal(bool)
    failed = Signal(object)

    def __init__(self, copies: Sequence[Copy], way: Way, parent: QObject, patience_ms: int = PATIENCE_MS) -> None:
        super().__init__(parent)
        self._way = way
        self.left = list(copies)
        self.pages = sum(copy.pages for copy in copies)
        self._order = 0
        self._given_up = threading.Event()
        self._is_stopped = self._is_over = False
        self._began, self._waits_for = monotonic(), ""
        self._press = _Press()
        self._press.stepped.connect(self._stepped)
        self._press.ended.connect(self._answered)
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(self._lose_patience)

    @property
    def done(self) -> int:
        """Return how many pages are out."""
        return self.pages - sum(copy.pages for copy in self.left)

    def seconds_a_page(self) -> float | None:
        """Return how long a page took so far; None before the second one."""
        return (monotonic() - self._began) / self.done if self.done > 1 else None

    def start(self) -> None:
        """Begin with the first copy."""
        self._began = monotonic()
        self._go_on()

    def stop(self) -> None:
        """Print no more; what is out stays out and counts."""
        if self._is_over or self._is_stopped:
            return
        self._is_stopped = True
        self._given_up.set()
        self._patience.start(STOPPING_MS)

    def _go_on(self) -> None:
        if self._is_stopped or not self.left:
            self._finish()
            return
        self._tell()
        copy, self._order = self.left[0], self._order + 1
        self._patience.start()
        self._press.order(self._order, lambda: self._way.copy(copy, self._given_up))

    def _tell(self) -> None:
        copy, pace = self.left[0], self.seconds_a_page()
        name = tr("正在印{name}第 {copy} 份", name=copy.paper.name, copy=copy.number)
        self.went_on.emit(name, self.done, self.pages, pace * (self.pages - self.done) if pace else None)

    def _stepped(self, order: int, step: object) -> None:
        if self._is_over or order != self._order:
            return
        assert isinstance(step, Step)
        if not self._is_stopped:
            self._patience.start()
        if step.waits_for != self._waits_for:
            self._waits_for = step.waits_for
            self.waits.emit(step.waits_for)
        after = self.left[0].after(step.pages)
        if after != self.left[0]:
            self.left[0] = after
            self._tell()
            self.turned.emit()

    def _answered(self, order: int, error: object) -> None:
        if self._is_over or order != self._order:
            return
        if error is None or not self.left[0].pages:
            self.copied.emit(self.left.pop(0))
            self.turned.emit()
            self._go_on()
        elif isinstance(error, GivenUp) or self._is_stopped:
            self._finish()
        else:
            self._fail(PrinterRefused if isinstance(error, QueueRefused) else PrinterSilent)

    def _lose_patience(self) -> None:
        if self._is_stopped:
            self._finish()
        else:
            self._fail(PrinterSilent)

    def _fail(self, kind: type[PrinterSilent]) -> None:
        copy = self.left[0]
        self._leave()
        trouble: Trouble = kind(copy.paper.name, copy.number, copy.first + 1)
        self.failed.emit(trouble)

    def _finish(self) -> None:
        self._leave()
        self.ended.emit(not self.left)

    def _leave(self) -> None:
        self._is_over = True
        self._patience.stop()
        self._given_up.set()
        self._press.rest()
