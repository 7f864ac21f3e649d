"""Ways to the printer: through a print queue that answers (CUPS), or through Qt where the system draws itself.

Measured with Qt 6.9 on CUPS (`tests/ui/ipp_printer.py`): Qt's plugin is silent when a queue refuses a job, and holds
Python's lock while a queue does not answer, even on another thread: the window then stands still for as long. So
where CUPS prints, we speak to it ourselves. A way is used on the press's thread, one call after another.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Event
from typing import Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from app.printing.bundle import pages_from
from app.printing.reprint import marked
from ui import ipp
from ui.pages_of import PRINTER_DPI, page_image
from ui.printing import DrawnPaper

POLL_S = 1.0
STANDING_S = 60.0
EMPTY = "media-empty"
_NEEDS = ("media-empty", "media-needed", "input-tray-missing")


class GivenUp(Exception):
    """Nobody wants the rest any more."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of one paper on its way to the printer; copies are counted from 1, pages from 0.

    `first` is the page it goes on with after a jam; `mark` stands at the head of a reprint.
    """

    paper: DrawnPaper
    number: int
    first: int = 0
    two_sided: bool = False
    mark: str = ""

    @property
    def pages(self) -> int:
        """Return how many pages are still to come."""
        return self.paper.count - self.first

    def pdf(self) -> bytes:
        """Return what is sent to the printer."""
        whole = marked(self.paper.pdf, self.mark) if self.mark else self.paper.pdf
        return pages_from(whole, self.first)

    def after(self, pages: int) -> "Copy":
        """Return the copy as it goes on after so many pages; on both sides it goes on with a whole sheet."""
        whole = pages - pages % 2 if self.two_sided and pages < self.paper.count else pages
        return replace(self, first=max(self.first, whole))


@dataclass(frozen=True, slots=True)
class Step:
    """How far a copy has come: how many of its pages are out, and what the printer waits for."""

    pages: int
    waits_for: str = ""


class Way(Protocol):
    """Prints copies."""

    def copy(self, copy: Copy, given_up: Event) -> Iterator[Step]:
        """Print one copy, telling each step; it ends when all is out, and gives the job up when asked to.

        Raises:
            QueueSilent: The printer does not answer, or does not go on.
            QueueRefused: It will not take the job, or has ended it.
            GivenUp: The job was given up as asked.
        """


PrinterFor = Callable[[Copy], QPrinter]


class QtWay:
    """Page by page through Qt: the driver of the system takes pictures of them."""

    def __init__(self, printer_for: PrinterFor) -> None:
        self._printer_for = printer_for

    def copy(self, copy: Copy, given_up: Event) -> Iterator[Step]:
        """Print one copy; a page counts once the driver has taken it."""
        job = _QtJob(self._printer_for(copy), f"{copy.paper.content.title} {copy.number}")
        pdf = copy.pdf()
        for page in range(copy.pages):
            if given_up.is_set():
                job.drop()
                raise GivenUp
            if not job.put(page_image(pdf, page, PRINTER_DPI)):
                raise ipp.QueueSilent("page")
            yield Step(copy.first + page + 1)
        if not job.end():
            raise ipp.QueueSilent("end")


class _QtJob:
    """One copy at the printer."""

    def __init__(self, printer: QPrinter, title: str) -> None:
        self._printer = printer
        self._painter: QPainter | None = None
        printer.setDocName(title)

    def put(self, sheet: QImage) -> bool:
        """Put a sheet; the first one opens the job."""
        is_wide = sheet.width() > sheet.height()
        if self._painter is None:
            sideways, upright = QPageLayout.Orientation.Landscape, QPageLayout.Orientation.Portrait
            self._printer.setPageOrientation(sideways if is_wide else upright)
            self._painter = QPainter()
            if not self._painter.begin(self._printer):
                return False
        elif not self._printer.newPage():
            return False
        place = self._printer.pageLayout().fullRectPixels(self._printer.resolution())
        self._painter.drawImage(QRectF(place), sheet)
        return self._is_well()

    def end(self) -> bool:
        """Hand the job over."""
        return self._painter is not None and self._painter.end() and self._is_well()

    def drop(self) -> None:
        """Give the job up; what the printer already has may still come out."""
        self._printer.abort()
        if self._painter is not None:
            self._painter.end()

    def _is_well(self) -> bool:
        return self._printer.printerState() not in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)


def printer_named(name: str) -> QPrinter:
    """Return a printer of this machine, set for our papers."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(name)
    return set_for_papers(printer)


def set_for_papers(printer: QPrinter) -> QPrinter:
    """Set a printer for our papers: A4 to the edge, black; the margins are in the papers themselves."""
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setColorMode(QPrinter.ColorMode.GrayScale)
    return printer


@dataclass(slots=True)
class _Job:
    """One copy in the queue: its number there, which page of the copy it began with, whether all was sent."""

    id: int
    first: int
    is_sent: bool = False


class IppWay:
    """Through a print queue. It remembers its jobs, so that one that was lost sight of is not printed twice."""

    def __init__(self, door: ipp.Door, name: str, tray: str = "", poll_s: float | None = None) -> None:
        self._door, self._name, self._tray = door, name, tray
        self._poll_s = POLL_S if poll_s is None else poll_s
        self._jobs: dict[tuple[str, int], _Job] = {}

    def copy(self, copy: Copy, given_up: Event) -> Iterator[Step]:
        """Print one copy and watch it come out; a job that is still there from before is gone on with."""
        key = (sha256(copy.paper.pdf).hexdigest() + copy.mark, copy.number)
        job = self._jobs.get(key)
        if job is None or not self._lives(job):
            first = max(copy.first, job.first if job else 0)
            if first >= copy.paper.count:
                del self._jobs[key]
                yield Step(first)
                return
            job = self._jobs[key] = self._begun(copy, first)
            self._send(replace(copy, first=first), job)
        yield from self._watched(copy, job, given_up)
        del self._jobs[key]

    def _lives(self, job: _Job) -> bool:
        """Return whether a job from before still runs or has ended well; else note what came out of it."""
        try:
            found = self._ask_of(job)
        except ipp.QueueRefused:
            return False  # the queue has forgotten it
        state = _state(found)
        if state is ipp.JobState.COMPLETED or (job.is_sent and not state.is_over()):
            return True
        job.first += _pages_out(found)
        if not state.is_over():
            self._cancel(job)
        return False

    def _begun(self, copy: Copy, first: int) -> _Job:
        sides = "two-sided-long-edge" if copy.two_sided else "one-sided"
        asked = [
            ipp.Field(ipp.INTEGER, "copies", (1,)),
            ipp.Field(ipp.KEYWORD, "media", ("iso_a4_210x297mm",)),
            ipp.Field(ipp.KEYWORD, "sides", (sides,)),
            ipp.Field(ipp.KEYWORD, "print-color-mode", ("monochrome",)),
            ipp.Field(ipp.KEYWORD, "print-scaling", ("none",)),
        ]
        if self._tray:
            asked.append(ipp.Field(ipp.KEYWORD, "media-source", (self._tray,)))
        title = ipp.Field(ipp.NAME, "job-name", (f"{copy.paper.content.title} {copy.number}",))
        groups = [(ipp.OPERATION, [self._where(), _USER, title]), (ipp.JOB, asked)]
        answer = self._door.ask(ipp.Operation.CREATE_JOB, groups, self._path())
        number = next((ipp.number(group, "job-id") for group in answer.of(ipp.JOB)), 0)
        if not number:
            raise ipp.QueueSilent("no job")
        return _Job(number, first)

    def _send(self, copy: Copy, job: _Job) -> None:
        about = [
            ipp.Field(ipp.MEDIA_TYPE, "document-format", ("application/pdf",)),
            ipp.Field(ipp.BOOLEAN, "last-document", (True,)),
        ]
        groups = [(ipp.OPERATION, [self._where(), _job(job), _USER, *about])]
        self._door.ask(ipp.Operation.SEND_DOCUMENT, groups, self._path(), copy.pdf())
        job.is_sent = True

    def _watched(self, copy: Copy, job: _Job, given_up: Event) -> Iterator[Step]:
        standing, before = 0.0, -1
        while True:
            found = self._ask_of(job)
            state, out = _state(found), job.first + _pages_out(found)
            if state is ipp.JobState.COMPLETED:
                yield Step(copy.paper.count)
                return
            waits = EMPTY if _is_empty(found) else ""
            yield Step(min(out, copy.paper.count), waits)
            if state.is_over():
                raise ipp.QueueRefused(0x0503)
            standing, before = (0.0 if out != before or waits else standing + self._poll_s), out
            if standing > STANDING_S:
                raise ipp.QueueSilent("standing")
            if given_up.wait(self._poll_s):
                yield self._given_up(copy, job)
                raise GivenUp

    def _given_up(self, copy: Copy, job: _Job) -> Step:
        """Cancel a job and return what of it came out all the same."""
        self._cancel(job)
        found = self._ask_of(job)
        is_whole = _state(found) is ipp.JobState.COMPLETED
        return Step(copy.paper.count if is_whole else min(job.first + _pages_out(found), copy.paper.count))

    def _cancel(self, job: _Job) -> None:
        try:
            groups = [(ipp.OPERATION, [self._where(), _job(job), _USER])]
            self._door.ask(ipp.Operation.CANCEL_JOB, groups, self._path())
        except ipp.QueueRefused:
            pass  # it has ended by itself

    def _ask_of(self, job: _Job) -> ipp.Attributes:
        groups = [(ipp.OPERATION, [self._where(), _job(job), _USER])]
        answer = self._door.ask(ipp.Operation.GET_JOB, groups, self._path())
        return next(answer.of(ipp.JOB), {})

    def _path(self) -> str:
        return f"/printers/{self._name}"

    def _where(self) -> ipp.Field:
        return ipp.Field(ipp.URI, "printer-uri", (f"ipp://localhost/printers/{self._name}",))


_USER = ipp.Field(ipp.NAME, "requesting-user-name", ("yuanba",))


def _job(job: _Job) -> ipp.Field:
    return ipp.Field(ipp.INTEGER, "job-id", (job.id,))


def _state(found: ipp.Attributes) -> ipp.JobState:
    try:
        return ipp.JobState(ipp.number(found, "job-state"))
    except ValueError as error:
        raise ipp.QueueSilent("no state") from error


def _pages_out(found: ipp.Attributes) -> int:
    """Return how many pages the printer says are out; queues that count sheets count them printed on one side."""
    return ipp.number(found, "job-impressions-completed") or ipp.number(found, "job-media-sheets-completed")


def _is_empty(found: ipp.Attributes) -> bool:
    told = ipp.words(found, "job-printer-state-reasons") + ipp.words(found, "job-state-reasons")
    return any(reason.startswith(_NEEDS) for reason in told)
