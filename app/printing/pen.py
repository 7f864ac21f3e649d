"""The pen: text, lines, frames and codes put on one page. Places are in points from the left and top edge of the sheet.

Text stands by its em box: the top of a line is the top of its characters, whatever font they come from.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from reportlab.pdfgen.canvas import Canvas

from app.domain.paper import Modules
from app.printing.fonts import Fonts, Span, Style, clean
from app.printing.lines import SPACES, Line, break_lines

MM = 72 / 25.4
BASELINE = 0.88  # of the em box, from its top
THIN = 0.5
TITLE_SIZE, BODY_SIZE, FOLIO_SIZE, SMALL_SIZE, CELL_SIZE = 22.0, 16.0, 14.0, 12.0, 10.5  # 二号 三号 四号 小四 五号
BODY_PITCH = 28.95  # 225 mm / 22 lines, rounded down so that 22 fit
BODY_TRACKING = (156 * MM - BODY_SIZE) / 27 - BODY_SIZE  # 28 characters fill 156 mm


class Align(StrEnum):
    """Where the lines of a paragraph stand."""

    JUSTIFY = "justify"
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks: `indent` in characters, `pitch` from line to line, `tracking` added to each character."""

    style: Style = Style.BODY
    size: float = BODY_SIZE
    pitch: float = BODY_PITCH
    indent: float = 2.0
    align: Align = Align.JUSTIFY
    tracking: float = 0.0


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line ready to print: where each character goes, how wide it is, and its font."""

    line: Line
    spans: tuple[Span, ...]
    widths: tuple[float, ...]
    size: float

    def runs(self) -> Iterator[tuple[str, str, float, float]]:
        """Yield pieces of even spacing: text, font, left edge, space between characters."""
        start = 0
        for span in self.spans:
            yield from self._even(span, start)
            start += len(span.text)

    def _even(self, span: Span, start: int) -> Iterator[tuple[str, str, float, float]]:
        lefts, first, last = self.line.lefts, start, start + len(span.text)
        while first < last:
            end, gap = first + 1, self._gap(first)
            while end < last and (end == first + 1 or abs(self._gap(end - 1) - gap) < 0.001):
                end += 1
            yield span.text[first - start : end - start], span.font, lefts[first], gap
            first = end

    def _gap(self, place: int) -> float:
        lefts = self.line.lefts
        return lefts[place + 1] - lefts[place] - self.widths[place] if place + 1 < len(lefts) else 0.0


def typeset(
    fonts: Fonts, text: str, room: float, look: Look, names: Sequence[str] = (), lead: str = ""
) -> list[SetLine]:
    """Return the lines of one paragraph, `room` points wide; `lead` begins it in 黑体."""
    text, lead = clean(text), clean(lead)
    if look.indent or lead:
        text = text.lstrip(SPACES)
    whole = lead + text
    spans = fonts.spans(lead, Style.HEAD) + fonts.spans(text, look.style, names)
    widths = fonts.widths(lead, Style.HEAD, look.size) + fonts.widths(text, look.style, look.size, names)
    advances = [width + look.tracking for width in widths]
    lines = break_lines(
        whole,
        room + look.tracking,
        lambda _: advances,
        indent=look.indent * (look.size + look.tracking),
        names=names,
        justify=look.align is Align.JUSTIFY,
    )
    return [_cut(line, spans, widths, look.size) for line in lines]


def _cut(line: Line, spans: Sequence[Span], widths: Sequence[float], size: float) -> SetLine:
    """Return the part of a paragraph that stands on `line`."""
    end, passed, cut = line.start + len(line.text), 0, []
    for span in spans:
        piece = span.text[max(0, line.start - passed) : max(0, end - passed)]
        passed += len(span.text)
        if piece:
            cut.append(Span(piece, span.font))
    return SetLine(line, tuple(cut), tuple(widths[line.start : end]), size)


class Pen:
    """One canvas, measured from the top left."""

    def __init__(self, canvas: Canvas, fonts: Fonts, height: float) -> None:
        """Draw on a sheet `height` points high."""
        self._canvas = canvas
        self._height = height
        self._outline = 0.0
        self.fonts = fonts

    def line(self, made: SetLine, x: float, top: float) -> None:
        """Print a line whose characters' top is at `top`."""
        y = self._height - top - BASELINE * made.size
        text = self._canvas.beginText()
        if self._outline:
            self._canvas.setLineWidth(self._outline * made.size)
            text.setTextRenderMode(2)
        for piece, font, left, gap in made.runs():
            text.setTextOrigin(x + left, y)
            text.setFont(font, made.size)
            text.setCharSpace(gap)
            text.textOut(piece)
        self._canvas.drawText(text)

    def lines(self, made: Sequence[SetLine], x: float, top: float, room: float, look: Look) -> None:
        """Print lines under each other, aligned within `room`."""
        share = {Align.CENTER: 0.5, Align.RIGHT: 1.0}.get(look.align, 0.0)
        for number, line in enumerate(made):
            self.line(line, x + share * (room + look.tracking - line.line.width), top + number * look.pitch)

    def words(self, text: str, x: float, top: float, room: float, look: Look, names: Sequence[str] = ()) -> None:
        """Print a paragraph at once."""
        self.lines(typeset(self.fonts, text, room, look, names), x, top, room, look)

    @contextmanager
    def coloured(self, red: float, green: float, blue: float) -> Iterator[None]:
        """Print in a colour; only the heads of official papers are red."""
        self._canvas.saveState()
        self._canvas.setFillColorRGB(red, green, blue)
        self._canvas.setStrokeColorRGB(red, green, blue)
        yield
        self._canvas.restoreState()

    @contextmanager
    def heavier(self, share: float) -> Iterator[None]:
        """Print letters with an outline, `share` of their size wide, for paper that is not white."""
        self._canvas.saveState()
        self._outline = share
        yield
        self._outline = 0.0
        self._canvas.restoreState()

    def rule(self, x1: float, y1: float, x2: float, y2: float, width: float = THIN) -> None:
        """Draw a straight line."""
        self._canvas.setLineWidth(width)
        self._canvas.line(x1, self._height - y1, x2, self._height - y2)

    def frame(self, x: float, top: float, width: float, height: float, *, dashed: bool = False) -> None:
        """Draw a box, dashed where somebody is to press a seal or a finger."""
        self._canvas.saveState()
        self._canvas.setLineWidth(THIN)
        if dashed:
            self._canvas.setDash(3, 2.5)
        self._canvas.rect(x, self._height - top - height, width, height)
        self._canvas.restoreState()

    def cut(self, x: float, y: float, length: float, *, down: bool = False) -> None:
        """Draw a line to cut along, across the sheet or `down` it: long dashes from edge to edge."""
        self._canvas.saveState()
        self._canvas.setLineWidth(1.0)
        self._canvas.setDash(8, 5)
        end = (x, self._height - y - length) if down else (x + length, self._height - y)
        self._canvas.line(x, self._height - y, *end)
        self._canvas.restoreState()

    def modules(self, code: Modules, x: float, top: float, side: float) -> None:
        """Draw a square code, black modules as one shape per row so that printers leave no seams."""
        size = side / len(code)
        path = self._canvas.beginPath()
        for row, modules in enumerate(code):
            y = self._height - top - (row + 1) * size
            for column, black in enumerate(modules):
                if black:
                    path.rect(x + column * size, y, size, size)
        self._canvas.drawPath(path, stroke=0, fill=1)
