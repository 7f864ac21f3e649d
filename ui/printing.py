"""Papers on their way to paper: drawn once as PDF, shown, saved and printed from the same bytes.

Printing goes sheet by sheet on a thread of its own: a printer that does not answer holds up neither the window nor
what is being written. Each copy is a job of its own, so that a jam at the third leaves two that count.
"""

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.domain.errors import Trouble
from app.domain.paper import ConsensusPaper, ConsensusSection, Paper, Signer
from app.printing import PAPERS, draw
from app.printing.fonts import Fonts
from ui.pages_of import PRINTER_DPI, page_image, page_images
from ui.room import Room
from ui.words import tr

PATIENCE_MS = 15_000
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\t', "_"))


class PrinterSilent(Trouble):
    """The printer did not take a sheet."""

    code = "P-207"

    def __init__(self, name: str, copy: int) -> None:
        kept = tr("{name}第 {copy} 份没印出来，前面的都好。会议内容都在，一个字没少。", name=name, copy=copy)
        advice = tr("看看打印机有没有纸、线松没松，再按“接着印”。")
        super().__init__(tr("打印机没有回应"), kept, advice)


class NoPrinter(Trouble):
    """There is no printer on this machine."""

    code = "P-201"

    def __init__(self) -> None:
        kept = tr("会议内容都在，文书也排好了。")
        super().__init__(tr("没找到打印机"), kept, tr("接上打印机再按一次打印；没带就存 PDF，回去再印。"))


class PdfNotSaved(Trouble):
    """The folder would not take a PDF."""

    code = "P-208"

    def __init__(self, folder: str) -> None:
        super().__init__(
            tr("PDF 没存上"), tr("会议内容都在。"), tr("“{folder}”写不进去，换个地方再存。", folder=folder)
        )


@dataclass(frozen=True, slots=True)
class DrawnPaper:
    """A paper as it will be printed: what it says, its bytes, and its pages for the screen."""

    kind: str
    content: Paper
    pdf: bytes
    pages: tuple[QImage, ...]

    @property
    def name(self) -> str:
        """Return what such a paper is called."""
        return PAPERS[self.kind].name


# The PDF library keeps its fonts in one table for the whole program: one paper at a time.
_PRESS = threading.Lock()


@cache
def fonts() -> Fonts:
    """Return the fonts of this machine; they are opened when first drawn with, on the worker."""
    return Fonts()


def warm() -> None:
    """Open the fonts now, rather than before the first page somebody waits for."""
    sections = (ConsensusSection("一", "一", "1"),)
    with _PRESS:
        draw(ConsensusPaper("一", "一", "一", sections, signers=(Signer("一"),), seals=("一",)), fonts())


def drawn_paper(kind: str, content: Paper) -> DrawnPaper:
    """Draw a paper; to be run on the worker."""
    with _PRESS:
        pdf = draw(content, fonts())
    return DrawnPaper(kind, content, pdf, page_images(pdf))


class DrawnPapers(QObject):
    """The papers of one meeting, each drawn anew when what it says has changed, the one in view first."""

    drawn = Signal(str)

    def __init__(self, room: Room, parent: QObject) -> None:
        super().__init__(parent)
        self._room = room
        self._wanted: dict[str, Paper] = {}
        self._held: dict[str, DrawnPaper] = {}
        self._is_drawing = False

    def want(self, contents: Mapping[str, Paper], first: str = "") -> None:
        """Take what the papers say now; each that differs is drawn, `first` before the others."""
        ordered = sorted(contents, key=lambda kind: kind != first)
        self._wanted = {kind: contents[kind] for kind in ordered}
        self._go_on()

    def paper(self, kind: str) -> DrawnPaper | None:
        """Return a paper as last drawn; None before the first time."""
        return self._held.get(kind)

    def is_ready(self) -> bool:
        """Return whether every paper is drawn as it should be."""
        return self._next() is None

    def rest(self) -> None:
        """Draw no more until papers are wanted again."""
        self._wanted = {}

    def forget(self) -> None:
        """Drop what was drawn for another meeting."""
        self._wanted, self._held = {}, {}

    def _next(self) -> str | None:
        return next((kind for kind, content in self._wanted.items() if self._differs(kind, content)), None)

    def _differs(self, kind: str, content: Paper) -> bool:
        held = self._held.get(kind)
        return held is None or held.content != content

    def _go_on(self) -> None:
        kind = self._next()
        if kind is None or self._is_drawing:
            return
        self._is_drawing = True
        content = self._wanted[kind]
        self._room.work(self, lambda: drawn_paper(kind, content), self._take, self._fail)

    def _take(self, paper: DrawnPaper) -> None:
        self._is_drawing = False
        if paper.kind in self._wanted:
            self._held[paper.kind] = paper
            self.drawn.emit(paper.kind)
        self._go_on()

    def _fail(self, error: BaseException) -> None:
        self._is_drawing = False
        self._wanted = {}
        (self._room.troubled if isinstance(error, Trouble) else self._room.broken).emit(error)


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of one paper on its way to the printer; copies are counted from 1."""

    paper: DrawnPaper
    number: int

    @property
    def sheets(self) -> int:
        """Return how many sheets it takes, printed on one side."""
        return len(self.paper.pages)


def copies_of(papers: Iterable[tuple[DrawnPaper, int]]) -> list[Copy]:
    """Return every copy in the order they are printed: all of one paper, then the next."""
    return [Copy(paper, number) for paper, count in papers for number in range(1, count + 1)]


PrinterFor = Callable[[Copy], QPrinter]


def printer_names() -> list[str]:
    """Return the printers this machine knows, the usual one first."""
    usual = QPrinterInfo.defaultPrinterName()
    return sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: name != usual)


def printer_named(name: str) -> QPrinter:
    """Return a printer of this machine, set for A4 on one side."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(name)
    return set_for_papers(printer)


def set_for_papers(printer: QPrinter) -> QPrinter:
    """Set a printer for our papers: A4 to the edge, black, one side; the margins are in the papers themselves."""
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setColorMode(QPrinter.ColorMode.GrayScale)
    return printer


class _Press(QObject):
    """The thread that talks to the printer. It is left behind if the printer never answers."""

    answered = Signal(int, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._orders: SimpleQueue[tuple[int, Callable[[], bool]] | None] = SimpleQueue()
        threading.Thread(target=self._work, name="printer", daemon=True).start()

    def order(self, number: int, work: Callable[[], bool]) -> None:
        """Have something done; `answered` tells its number and whether the printer took it."""
        self._orders.put((number, work))

    def rest(self) -> None:
        """End when all that was ordered is done."""
        self._orders.put(None)

    def _work(self) -> None:
        while (order := self._orders.get()) is not None:
            number, work = order
            try:
                took = work()
            except Exception:  # a driver may raise anything; to the clerk it is a printer that did not answer
                took = False
            try:
                self.answered.emit(number, took)
            except RuntimeError:
                return  # the window is gone


class _Job:
    """One copy at the printer; used on the press's thread, one call after another."""

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

    def drop(self) -> bool:
        """Give the job up; what the printer already has may still come out."""
        self._printer.abort()
        return self._painter is None or self._painter.end()

    def _is_well(self) -> bool:
        return self._printer.printerState() not in (QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted)


class PrintRun(QObject):
    """Prints copies one after another. `copied` is said for each that is out; then `ended`, or `failed`."""

    went_on = Signal(str, int, int)
    copied = Signal(object)
    ended = Signal(bool)
    failed = Signal(object)

    def __init__(
        self,
        room: Room,
        copies: Sequence[Copy],
        printer_for: PrinterFor,
        parent: QObject,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(parent)
        self._room, self._printer_for = room, printer_for
        self.left = list(copies)
        self.sheets = sum(copy.sheets for copy in copies)
        self.done = 0
        self._page = 0
        self._job: _Job | None = None
        self._order = 0
        self._is_stopped = self._is_over = False
        self._press = _Press(self)
        self._press.answered.connect(self._answered)
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(self._fail)

    def start(self) -> None:
        """Begin with the first copy."""
        self._go_on()

    def stop(self) -> None:
        """Print no more; copies that are out stay out and count."""
        self._is_stopped = True

    def _go_on(self) -> None:
        if self._is_stopped or not self.left:
            self._finish()
            return
        copy, page = self.left[0], self._page
        name = tr("正在印{name}第 {copy} 份", name=copy.paper.name, copy=copy.number)
        self.went_on.emit(name, self.done, self.sheets)
        if page < copy.sheets:
            self._draw(copy.paper.pdf, page)
        else:
            self._ask_printer(self._job_of(copy).end)

    def _draw(self, pdf: bytes, page: int) -> None:
        try:
            self._room.work(self, lambda: page_image(pdf, page, PRINTER_DPI), self._put)
        except RuntimeError:  # the worker has gone home: the program is being closed
            self._finish()

    def _put(self, sheet: QImage) -> None:
        job = self._job_of(self.left[0])
        self._ask_printer(lambda: job.put(sheet))

    def _job_of(self, copy: Copy) -> _Job:
        if self._job is None:
            self._job = _Job(self._printer_for(copy), f"{copy.paper.content.title} {copy.number}")
        return self._job

    def _ask_printer(self, work: Callable[[], bool]) -> None:
        self._order += 1
        self._patience.start()
        self._press.order(self._order, work)

    def _answered(self, order: int, took: bool) -> None:
        if self._is_over or order != self._order:
            return
        self._patience.stop()
        if not took:
            self._fail()
        elif self._page < self.left[0].sheets:
            self._page += 1
            self.done += 1
            self._go_on()
        else:
            self._page, self._job = 0, None
            self.copied.emit(self.left.pop(0))
            self._go_on()

    def _fail(self) -> None:
        self._patience.stop()
        self._is_over = True
        copy = self.left[0]
        self._leave()
        self.failed.emit(PrinterSilent(copy.paper.name, copy.number))

    def _finish(self) -> None:
        self._is_over = True
        self._leave()
        self.ended.emit(not self.left)

    def _leave(self) -> None:
        if self._job is not None:
            self._press.order(0, self._job.drop)
        self._press.rest()


def save_papers(papers: Sequence[DrawnPaper], folder: Path) -> list[Path]:
    """Write papers as PDF into a folder and return where; what lies there under the same name is replaced whole.

    Raises:
        PdfNotSaved: The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_save(paper, folder) for paper in papers]
    except OSError as error:
        raise PdfNotSaved(str(folder)) from error


def _save(paper: DrawnPaper, folder: Path) -> Path:
    """Write beside, make durable, rename: a stick pulled out leaves the old file or the new one."""
    target = folder / f"{paper.content.title.translate(_FORBIDDEN_IN_NAMES)}.pdf"
    beside = target.with_suffix(".pdf.part")
    with beside.open("wb") as file:
        file.write(paper.pdf)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    return target
