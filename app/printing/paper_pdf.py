"""A paper set for print: what `Compositor` asks for, in strips of the page engine."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.paper import Signer
from app.printing.column import Column, cell_look
from app.printing.fonts import Style
from app.printing.imprint_block import both_ends, hung, imprinted
from app.printing.lines import Line
from app.printing.page import BODY, TITLE, Draw, Galley, Strip
from app.printing.pen import BODY_PITCH, BODY_SIZE, CELL_SIZE, MM, Align, Look, Pen, SetLine, typeset
from app.printing.seal_block import put_seal
from app.printing.signing import keep_together, seals, signed_and_sealed
from app.printing.table import table

RED = (0.78, 0.0, 0.0)
MAST = Look(Style.TITLE, 36.0, pitch=44.0, indent=0, align=Align.CENTER)
MAST_DROP = 35 * MM  # from the top of the 版心 to the top of the mark (7.2.4)
RED_DROP, RED_WIDTH = 4 * MM, 1.2  # under the number (7.2.7); the standard leaves the width open
LABEL = cell_look(CELL_SIZE, Align.CENTER, Style.HEAD)
VALUE = cell_look(CELL_SIZE)
FORM_PADDING = 1.5 * MM
NO_WORDS = SetLine(Line("", 0, (), 0.0), (), (), 0.0)
SEALED_INDENT, PLAIN_INDENT = 4, 2


class PaperPdf(Galley):
    """A paper on its way to PDF."""

    _kept_from: int | None = None

    def masthead(self, text: str) -> None:
        """Put the red mark; 35 mm of white stand above it on the first page."""
        made = self._fitted(text)
        look = replace(MAST, size=made[0].size, pitch=made[0].size * 1.2) if made else MAST

        def draw(pen: Pen, top: float) -> None:
            with pen.coloured(*RED):
                pen.lines(made, self.sheet.left, top + MAST_DROP, self.sheet.room, look)

        self.add(Strip(MAST_DROP + len(made) * look.pitch, draw, with_next=True))

    def _fitted(self, text: str) -> list[SetLine]:
        """Return the mark on one line, in the greatest size that fits."""
        for size in range(int(MAST.size), 20, -1):
            made = typeset(self.fonts, text, self.sheet.room, replace(MAST, size=float(size)))
            if len(made) < 2:
                return made
        return made

    def title(self, text: str, look: Look | None = None) -> None:
        """Put the title."""
        super().title(text, look or TITLE)

    def rule(self, width_pt: float = 0.5) -> None:
        """Draw a line as wide as the 版心."""
        left, right = self.sheet.left, self.sheet.left + self.sheet.room
        self.add(Strip(width_pt, lambda pen, top: pen.rule(left, top, right, top, width_pt)))

    def red_rule(self) -> None:
        """Draw the red line of an official head."""
        left, right = self.sheet.left, self.sheet.left + self.sheet.room

        def draw(pen: Pen, top: float) -> None:
            with pen.coloured(*RED):
                pen.rule(left, top + RED_DROP, right, top + RED_DROP, RED_WIDTH)

        self.add(Strip(RED_DROP + RED_WIDTH, draw, with_next=True))

    def ends(self, left: str, right: str, look: Look = BODY) -> None:
        """Put two texts on one line; on two when they are too long."""
        self.add(*both_ends(self, left, right, look, look.pitch))

    def hanging(self, label: str, text: str, *, with_next: bool = False) -> None:
        """Put a label and a text that hangs beside it."""
        strips = hung(self, label, text, BODY, BODY.pitch, 2)
        self.add(*(replace(strip, with_next=True) for strip in strips) if with_next else strips)

    def imprint_block(self, copies: str, organ: str, day: str) -> None:
        """Put 版记; what stands before it comes along when it needs a page of its own."""
        if self.strips:
            self.strips[-1] = replace(self.strips[-1], with_next=True)
        self.add(imprinted(self, copies, organ, day))

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        row_mm: float = 8.0,
        head_mm: float = 8.0,
        keep_last: bool = False,
    ) -> None:
        """Put a table."""
        strips = table(self, columns, rows, row_mm=row_mm, head_mm=head_mm)
        if keep_last:
            strips[-1] = replace(strips[-1], with_next=True)
        self.add(*strips)

    def form(self, fields: Sequence[Sequence[tuple[str, str]]], *, row_mm: float = 9.0, label_mm: float = 28.0) -> None:
        """Put a form: each row is one strip, its cells as wide as they are many."""
        for row in fields:
            self.add(self._form_row(row, row_mm * MM, label_mm * MM))

    def _form_row(self, row: Sequence[tuple[str, str]], least: float, label: float) -> Strip:
        share = self.sheet.room / len(row)
        rooms = (label - 2 * FORM_PADDING, share - label - 2 * FORM_PADDING)
        cells = [(self._cell(name, rooms[0], LABEL), self._cell(value, rooms[1], VALUE)) for name, value in row]
        lines = max(len(part) for cell in cells for part in cell)
        height = max(least, lines * VALUE.pitch + 2 * FORM_PADDING)
        return Strip(height, self._form_drawing(cells, share, label, height))

    def _cell(self, text: str, room: float, look: Look) -> list[SetLine]:
        """Return the lines of a cell; a paragraph without a word is a line left blank, as in Word."""
        paragraphs = text.splitlines()
        return [line for part in paragraphs for line in typeset(self.fonts, part, room, look, self.names) or [NO_WORDS]]

    def _form_drawing(
        self, cells: list[tuple[list[SetLine], list[SetLine]]], share: float, label: float, height: float
    ) -> Draw:
        def draw(pen: Pen, top: float) -> None:
            for number, (name, value) in enumerate(cells):
                x = self.sheet.left + number * share
                for made, left, room, look in (
                    (name, x, label, LABEL),
                    (value, x + label, share - label, VALUE),
                ):
                    text_top = top + (height - len(made) * look.pitch) / 2 + (look.pitch - look.size) / 2
                    pen.lines(made, left + FORM_PADDING, text_top, room - 2 * FORM_PADDING, look)
                    pen.frame(left, top, room, height)

        return draw

    def sign(self, signers: Sequence[Signer], seals: Sequence[str] = ()) -> None:
        """Put places to sign and for seals."""
        self.add(*signed_and_sealed(self, signers, seals))

    def seals(self, places: Sequence[str]) -> None:
        """Put places for seals."""
        self.add(*seals(self, places))

    def subscribe(self, organ: str, day: str, *, sealed: bool = True) -> None:
        """Put 署名 and 成文日期: the organ centred over the day (sealed), or the day two characters further in."""
        with self.kept():
            self.blank()
            made = [
                typeset(self.fonts, text, self.sheet.room, Look(indent=0, align=Align.LEFT))[0:1]
                for text in (organ, day)
            ]
            widths = [sum(line.line.width for line in lines) for lines in made]
            self.add(*self._subscribed(made, widths, sealed))

    def _subscribed(self, made: list[list[SetLine]], widths: list[float], sealed: bool) -> list[Strip]:
        right = self.sheet.left + self.sheet.room
        if sealed:
            day_x = right - SEALED_INDENT * BODY_SIZE - widths[1]
            organ_x = min(day_x + (widths[1] - widths[0]) / 2, right - widths[0])
        else:
            organ_x = right - PLAIN_INDENT * BODY_SIZE - widths[0]
            # 7.3.5.2: the day begins two characters after the organ does; a longer day ends two characters in.
            day_x = min(organ_x + 2 * BODY_SIZE, right - PLAIN_INDENT * BODY_SIZE - widths[1])
            if widths[1] > widths[0]:
                day_x = right - PLAIN_INDENT * BODY_SIZE - widths[1]
                organ_x = day_x + 2 * BODY_SIZE if widths[0] < widths[1] - 2 * BODY_SIZE else organ_x
        return [Strip(BODY_PITCH, self._at(lines, x)) for lines, x in zip(made, (organ_x, day_x), strict=True) if lines]

    def _at(self, lines: list[SetLine], x: float) -> Draw:
        return lambda pen, top: pen.line(lines[0], x, top)

    def seal_code(self, text: str, beside: Sequence[str]) -> None:
        """Put the seal code where it costs no page: at the end, or before what stays together there."""
        put_seal(self, text, beside, self._kept_from)

    def new_page(self) -> None:
        """Begin a new page."""
        self.add(Strip(0.0, lambda pen, top: None, with_next=True, breaks=True))

    def mark(self) -> int:
        """Return how many strips there are."""
        return len(self.strips)

    def stay_together(self, *marks: int) -> None:
        """Keep all from a mark on to the end on one page."""
        self._kept_from = keep_together(self, *marks)
