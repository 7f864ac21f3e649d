"""The page of an official paper: GB/T 9704-2012 in numbers, and strips of paper laid on it from the top.

A paper is a list of *strips*: pieces that are never cut (a line of text, a row of a table, two places to sign). They
are laid page by page; a strip can ask to stay with the next one, and to have a header above it on every new page.
Sources of the measures: clauses 5.2 (版心, lines), 7.3 (title, levels), 7.5 (page number), 8 (landscape tables).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from app.domain.edition_code import shown_digits
from app.domain.paper import Imprint
from app.printing.document import Document
from app.printing.fonts import Fonts, Style, clean
from app.printing.pen import (
    BASELINE,
    BODY_PITCH,
    BODY_TRACKING,
    FOLIO_SIZE,
    MM,
    TITLE_SIZE,
    Align,
    Look,
    Pen,
    SetLine,
    typeset,
)
from app.printing.seal_code import PAGE_LEVEL, modules_of, page_code
from app.printing.title import title_cuts


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper and the 版心 on it, in points; `sideways` is a portrait sheet turned for a wide table.

    `scale` enlarges all that is on it: A3 is A4 times the root of two.
    """

    width: float
    height: float
    left: float
    top: float
    room: float
    depth: float
    sideways: bool = False
    scale: float = 1.0


PORTRAIT = Sheet(210 * MM, 297 * MM, 28 * MM, 37 * MM, 156 * MM, 225 * MM)
# Turned clockwise: 订口 (28) on top, 天头 (37) right. The page number stays where the portrait sheet has it (clause 8).
LANDSCAPE = Sheet(297 * MM, 210 * MM, 35 * MM, 28 * MM, 225 * MM, 156 * MM, sideways=True)

BODY = Look(tracking=BODY_TRACKING)
TITLE = Look(Style.TITLE, TITLE_SIZE, indent=0, align=Align.CENTER)
DATE_LINE = Look(Style.KAI, indent=0, align=Align.CENTER)
LEVELS = (
    Look(Style.HEAD, tracking=BODY_TRACKING),
    Look(Style.KAI, tracking=BODY_TRACKING),
    BODY,
    BODY,
)
FOLIO = Look(Style.SONG, FOLIO_SIZE, indent=0, align=Align.LEFT)
FOOT = Look(Style.SONG, 8.0, pitch=10.5, indent=0, align=Align.LEFT)
DRAFT = Look(Style.HEAD, FOLIO_SIZE, indent=0, align=Align.CENTER)
FOLIO_TOP = PORTRAIT.top + PORTRAIT.depth + 7 * MM
DASH_RISE = 0.34  # of the type size, from the baseline to the stroke of — in Song faces
FOOT_ROOM = 108 * MM
CODE_SIDE = 24 * MM
CODE_DROP = 4 * MM  # under the 版心
CODE_GAP = 3 * MM  # to the words beside it: four modules of white
FITS = 0.01

Draw = Callable[[Pen, float], None]


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of paper that is never cut: how high it is, and how to draw it when its top is known.

    `with_next` keeps it on the page of the strip after it, `head` is laid above it when it begins a page, a `gap` is
    left out at the top of a page, one that `breaks` begins a new page, and one that `sinks` stands at its foot. One
    that is `listed` is among the bookmarks, so many levels deep.
    """

    height: float
    draw: Draw
    with_next: bool = False
    head: "Strip | None" = None
    gap: bool = False
    breaks: bool = False
    sinks: bool = False
    listed: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Laid:
    """A strip and where its top is, from the top of the sheet."""

    strip: Strip
    top: float


def lay(strips: Sequence[Strip], top: float, bottom: float, first_top: float | None = None) -> list[list[Laid]]:
    """Return the pages: strips that stay together start a new page when they do not fit; one page at the least.

    A group higher than a page is laid strip by strip.
    """
    pages: list[list[Laid]] = [[]]
    place = top if first_top is None else first_top
    fresh = True
    for group in _groups(strips):
        height = sum(strip.height for strip in group)
        too_high = place + height > bottom + FITS and (group[0].gap or height <= bottom - top + FITS)
        if not fresh and (too_high or group[0].breaks):
            pages.append([])
            place, fresh = top, True
        for strip in group:
            if not fresh and place + strip.height > bottom + FITS:
                pages.append([])
                place, fresh = top, True
            if fresh and strip.gap:
                continue
            if fresh and strip.head and len(pages) > 1:
                pages[-1].append(Laid(strip.head, place))
                place += strip.head.height
            place = max(place, bottom - strip.height) if strip.sinks else place
            pages[-1].append(Laid(strip, place))
            place += strip.height
            fresh = False
    return pages if pages[-1] or len(pages) == 1 else pages[:-1]


def _groups(strips: Sequence[Strip]) -> Iterator[list[Strip]]:
    group: list[Strip] = []
    for strip in strips:
        group.append(strip)
        if not strip.with_next:
            yield group
            group = []
    if group:
        yield group


class Galley:
    """A paper being set: blocks go in from the top, `pdf` prints the pages."""

    def __init__(self, fonts: Fonts, sheet: Sheet = PORTRAIT, names: Sequence[str] = (), name: str = "") -> None:
        """Begin an empty paper of some `name` (签到表); `names` are kept whole wherever they stand."""
        self.fonts = fonts
        self.sheet = sheet
        self.names = tuple(dict.fromkeys(clean(name) for name in names if name))
        self.name = name
        self.strips: list[Strip] = []

    def add(self, *strips: Strip) -> None:
        """Put strips at the end."""
        self.strips.extend(strips)

    def text(self, text: str, look: Look = BODY, lead: str = "", *, with_next: bool = False) -> None:
        """Put paragraphs, one for each line of `text`; nothing for empty text."""
        for number, paragraph in enumerate(text.splitlines()):
            made = typeset(self.fonts, paragraph, self.sheet.room, look, self.names, lead if number == 0 else "")
            self.set_lines(made, look, with_next=with_next)

    def set_lines(self, made: Sequence[SetLine], look: Look, *, with_next: bool = False) -> None:
        """Put lines that are already made."""
        for line in made:
            self.add(Strip(look.pitch, self._line_drawing(line, look), with_next))

    def _line_drawing(self, line: SetLine, look: Look) -> Draw:
        x, room = self.sheet.left, self.sheet.room
        return lambda pen, top: pen.lines([line], x, top, room, look)

    def title(self, text: str, look: Look = TITLE) -> None:
        """Put the title, centred and broken by sense."""
        text = clean(text).strip()
        widths = self.fonts.widths(text, look.style, look.size, self.names)
        with self._listed(text, 0):
            for cut in title_cuts(text, widths, self.sheet.room, self.names):
                self.set_lines(typeset(self.fonts, cut, self.sheet.room, look, self.names), look, with_next=True)

    def heading(self, text: str, level: int = 1) -> None:
        """Put a heading: 一、黑体, （一）楷体, 1. and （1）仿宋. It stays with what follows."""
        with self._listed(text, level):
            self.text(text, LEVELS[level - 1], with_next=True)

    @contextmanager
    def _listed(self, words: str, level: int) -> Iterator[None]:
        """List what is put inside among the bookmarks."""
        start = len(self.strips)
        yield
        if len(self.strips) > start:
            self.strips[start] = replace(self.strips[start], listed=clean(words), level=level)

    def blank(self, lines: float = 1.0, *, with_next: bool = False) -> None:
        """Leave lines blank; at the top of a page they fall away."""
        self.add(Strip(lines * BODY_PITCH, lambda pen, top: None, with_next, gap=True))

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Keep everything put inside on one page, as far as one page holds it."""
        start = len(self.strips)
        yield
        if len(self.strips) > start:
            self.strips[start:-1] = [replace(strip, with_next=True) for strip in self.strips[start:-1]]

    def pdf(self, title: str, imprint: Imprint, start_mm: float = 0.0) -> bytes:
        """Return the PDF: the same content, the same bytes.

        `start_mm` is where the first page begins, from the top of the sheet, for paper with a printed red head.
        """
        bottom = self.sheet.top + self.sheet.depth
        first = max(start_mm * MM, self.sheet.top)
        pages = lay(self.strips, self.sheet.top, bottom, first)
        size = (self.sheet.width * self.sheet.scale, self.sheet.height * self.sheet.scale)
        canvas = Document(self.fonts, size, title, imprint.author, imprint.number_shown)
        pen = Pen(canvas, self.fonts, self.sheet.height)
        for number, page in enumerate(pages, start=1):
            if self.sheet.scale != 1:
                canvas.scale(self.sheet.scale, self.sheet.scale)
            for laid in page:
                if laid.strip.listed:
                    canvas.heading(laid.strip.listed, laid.strip.level, laid.top * self.sheet.scale)
                laid.strip.draw(pen, laid.top)
            self._foot(canvas, number, len(pages), imprint)
            canvas.showPage()
        return canvas.pdf()

    def _foot(self, canvas: Document, number: int, count: int, imprint: Imprint) -> None:
        """Print what stands under the 版心, always as on a portrait sheet."""
        canvas.saveState()
        if self.sheet.sideways:
            canvas.transform(0, -1, 1, 0, 0, PORTRAIT.width)
        pen = Pen(canvas, self.fonts, PORTRAIT.height)
        _folio(pen, number)
        _imprint(pen, number, count, imprint, self.name)
        canvas.restoreState()


def _folio(pen: Pen, number: int) -> None:
    """Print — 1 —, 7 mm under the 版心: one character in from the right on odd pages, from the left on even ones."""
    made = typeset(pen.fonts, f"— {number} —", PORTRAIT.room, FOLIO)[0]
    odd = PORTRAIT.left + PORTRAIT.room - FOLIO_SIZE - made.line.width
    top = FOLIO_TOP - (BASELINE - DASH_RISE) * FOLIO_SIZE
    pen.line(made, odd if number % 2 else PORTRAIT.left + FOLIO_SIZE, top)


def _imprint(pen: Pen, number: int, count: int, imprint: Imprint, name: str) -> None:
    """Print number, version, page x of y and the code opposite the page number, and the draft mark on top."""
    version = f"第{imprint.version}版" if imprint.version else "未定稿"
    parts = (f"编号 {imprint.number_shown}", version, "草稿" if imprint.draft else "")
    said = " · ".join(part for part in (*parts, f"第{number}页 共{count}页", imprint.footer) if part)
    code = page_code(imprint, name, number, count)
    shift = CODE_SIDE + CODE_GAP if code else 0.0
    odd = number % 2 == 1
    look = FOOT if odd else replace(FOOT, align=Align.RIGHT)
    edge = PORTRAIT.left if odd else PORTRAIT.left + PORTRAIT.room
    digits = f"验真码 {shown_digits(imprint.digits)}" if imprint.digits else ""
    for row, words in enumerate(part for part in (said, digits) if part):
        top = FOLIO_TOP - FOOT.size / 2 + row * FOOT.pitch
        pen.words(words, edge + shift if odd else edge - shift - FOOT_ROOM, top, FOOT_ROOM, look)
    if code:
        modules = modules_of(code, PAGE_LEVEL)
        pen.modules(modules, edge if odd else edge - CODE_SIDE, PORTRAIT.top + PORTRAIT.depth + CODE_DROP, CODE_SIDE)
    if imprint.draft:
        x, width, height = PORTRAIT.left + PORTRAIT.room - 18 * MM, 18 * MM, 8 * MM
        pen.frame(x, 18 * MM, width, height)
        pen.words("草稿", x, 18 * MM + (height - FOLIO_SIZE) / 2, width, DRAFT)
