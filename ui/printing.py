"""Papers on their way to paper: drawn once as PDF, shown, saved and printed from the same bytes."""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.domain.errors import Trouble
from app.domain.paper import ConsensusPaper, ConsensusSection, Paper, Signer
from app.printing import PAPERS, draw
from app.printing.bundle import BundledPaper, bundle
from app.printing.fonts import Fonts
from ui.pages_of import page_count, page_image
from ui.room import Room
from ui.words import tr


class PrinterSilent(Trouble):
    """The printer did not take a page."""

    code = "P-207"

    def __init__(self, name: str, copy: int, page: int = 1) -> None:
        super().__init__(tr("打印机没有回应"), _kept(name, copy, page), _advice())


class PrinterRefused(PrinterSilent):
    """The printer said no, or gave the job up."""

    code = "P-209"

    def __init__(self, name: str, copy: int, page: int = 1) -> None:
        Trouble.__init__(self, tr("打印机停下了"), _kept(name, copy, page), _advice())


def _kept(name: str, copy: int, page: int) -> str:
    if page > 1:
        sentence = "{name}第 {copy} 份从第 {page} 页起没印出来，前面的都好。会议内容都在，一个字没少。"
        return tr(sentence, name=name, copy=copy, page=page)
    return tr("{name}第 {copy} 份没印出来，前面的都好。会议内容都在，一个字没少。", name=name, copy=copy)


def _advice() -> str:
    return tr("看看打印机有没有纸、线松没松，再按“接着印”。")


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


@dataclass(frozen=True)
class DrawnPaper:
    """A paper as it will be printed: what it says, its bytes, and how many pages they are."""

    kind: str
    content: Paper
    pdf: bytes
    count: int

    @property
    def name(self) -> str:
        """Return what such a paper is called."""
        return PAPERS[self.kind].name

    @cached_property
    def digest(self) -> str:
        """Return the sum of its bytes, by which printed copies are known to be of it."""
        return sha256(self.pdf).hexdigest()


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
    """Draw a paper; to be run aside."""
    with _PRESS:
        pdf = draw(content, fonts())
    return DrawnPaper(kind, content, pdf, page_count(pdf))


class DrawnPapers(QObject):
    """The papers of one meeting, each drawn anew when what it says has changed.

    The paper in view comes first, then its pages as pictures, then the other papers; pictures are made of what is
    looked at alone. All of it is done aside, so that no key and nothing to be written waits for a page.
    """

    drawn = Signal(str)
    pictured = Signal(str, int)

    def __init__(self, room: Room, parent: QObject) -> None:
        super().__init__(parent)
        self._room = room
        self._wanted: dict[str, Paper] = {}
        self._held: dict[str, DrawnPaper] = {}
        self._pictures: dict[str, list[QImage | None]] = {}
        self._to_paint: dict[str, list[int]] = {}
        self._in_view: tuple[str, ...] = ()
        self._is_drawing = False

    def want(self, contents: Mapping[str, Paper], first: str = "") -> None:
        """Take what the papers say now; each that differs is drawn, `first` before the others."""
        ordered = sorted(contents, key=lambda kind: kind != first)
        self._wanted = {kind: contents[kind] for kind in ordered}
        self._go_on()

    def look_at(self, *kinds: str) -> None:
        """Make pictures of these papers' pages, and of no others."""
        self._in_view = kinds
        self._pictures = {kind: pages for kind, pages in self._pictures.items() if kind in kinds}
        for kind in kinds:
            if kind not in self._pictures:
                self._expect(kind)
        self._go_on()

    def paper(self, kind: str) -> DrawnPaper | None:
        """Return a paper as last drawn; None before the first time."""
        return self._held.get(kind)

    def pages(self, kind: str) -> list[QImage | None]:
        """Return the pages of a paper as pictures, None for those never painted; old ones stay until painted anew."""
        return list(self._pictures.get(kind, ()))

    def is_ready(self) -> bool:
        """Return whether every paper is drawn as it should be."""
        return self._next() is None

    def digests(self) -> dict[str, str]:
        """Return the sums of the papers drawn so far, by kind."""
        return {kind: paper.digest for kind, paper in self._held.items() if kind in self._wanted}

    def rest(self) -> None:
        """Draw no more until papers are wanted again."""
        self._wanted = {}

    def forget(self) -> None:
        """Drop what was drawn for another meeting."""
        self._wanted, self._held, self._pictures, self._to_paint = {}, {}, {}, {}

    def _next(self) -> str | None:
        return next((kind for kind, content in self._wanted.items() if self._differs(kind, content)), None)

    def _differs(self, kind: str, content: Paper) -> bool:
        held = self._held.get(kind)
        return held is None or held.content != content

    def _unpainted(self) -> tuple[DrawnPaper, int] | None:
        """Return the next page somebody looks at and cannot see yet, if its paper is drawn as it should be."""
        for kind in self._in_view:
            held, pages = self._held.get(kind), self._to_paint.get(kind)
            if held is not None and pages and kind in self._wanted and not self._differs(kind, self._wanted[kind]):
                return held, pages[0]
        return None

    def _go_on(self) -> None:
        if self._is_drawing:
            return
        kind, unpainted = self._next(), self._unpainted()
        if unpainted is not None and kind not in self._in_view:
            self._paint(*unpainted)
        elif kind is not None:
            self._is_drawing = True
            content = self._wanted[kind]
            self._room.tasks.run(self, lambda: drawn_paper(kind, content), self._take, self._fail, aside=True)

    def _paint(self, paper: DrawnPaper, page: int) -> None:
        self._is_drawing = True

        def take(picture: QImage) -> None:
            self._is_drawing = False
            if self._held.get(paper.kind) is paper and paper.kind in self._pictures:
                self._to_paint[paper.kind].remove(page)
                self._pictures[paper.kind][page] = picture
                self.pictured.emit(paper.kind, page)
            self._go_on()

        self._room.tasks.run(self, lambda: page_image(paper.pdf, page), take, self._fail, aside=True)

    def _take(self, paper: DrawnPaper) -> None:
        self._is_drawing = False
        if paper.kind in self._wanted:
            self._held[paper.kind] = paper
            self._expect(paper.kind)
            self.drawn.emit(paper.kind)
        self._go_on()

    def _expect(self, kind: str) -> None:
        if kind in self._in_view and kind in self._held:
            count, before = self._held[kind].count, self._pictures.get(kind, [])
            self._pictures[kind] = [*before[:count], *[None] * (count - len(before))]
            self._to_paint[kind] = list(range(count))

    def _fail(self, error: BaseException) -> None:
        self._is_drawing = False
        self._wanted = {}
        (self._room.troubled if isinstance(error, Trouble) else self._room.broken).emit(error)


def save_papers(papers: Sequence[tuple[DrawnPaper, int]], folder: Path) -> list[Path]:
    """Write papers as PDF into a folder, each with its place in the order of printing, and all in one.

    What lies there under the same name is replaced whole.

    Raises:
        PdfNotSaved: The folder cannot be written to, or what was read back is not what was written.
    """
    files = bundle([BundledPaper(paper.content.title, paper.pdf, copies) for paper, copies in papers])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_save(folder / name, pdf) for name, pdf in files.items()]
    except OSError as error:
        raise PdfNotSaved(str(folder)) from error


def _save(target: Path, pdf: bytes) -> Path:
    """Write beside, make durable, rename, read back: a stick pulled out leaves the old file or the new one."""
    beside = target.with_suffix(".pdf.part")
    with beside.open("wb") as file:
        file.write(pdf)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    if target.read_bytes() != pdf:
        raise OSError("read back otherwise")
    return target
