"""Tables of official papers: thin grid, header in 黑体 repeated on every page, rows never split.

Only a row higher than a whole page is split, between its lines: there is no other way to print it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from app.printing.column import PADDING, Column
from app.printing.fonts import Style
from app.printing.page import Draw, Galley, Strip
from app.printing.pen import MM, SMALL_SIZE, Align, Look, Pen, SetLine, typeset

AIR = 0.9 * MM  # above and below the text: two lines of 五号 fit into 10.2 mm
HEADER = Look(Style.HEAD, SMALL_SIZE, pitch=15.0, indent=0, align=Align.CENTER)


@dataclass(frozen=True, slots=True)
class Row:
    """One row, typeset: the lines of each cell."""

    cells: tuple[tuple[SetLine, ...], ...]

    def height(self, looks: Sequence[Look], least: float) -> float:
        """Return how high the row is with the given looks, `least` points at the least."""
        text = max(_text_height(cell, look) for cell, look in zip(self.cells, looks, strict=True))
        return max(least, text + 2 * AIR)

    def lines(self, start: int, end: int) -> "Row":
        """Return the row with only some lines of each cell."""
        return Row(tuple(cell[start:end] for cell in self.cells))


def table(
    galley: Galley,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    row_mm: float = 8.0,
    head_mm: float = 8.0,
) -> list[Strip]:
    """Return the strips of a table as wide as its columns, centred in the 版心; a header alone when there are no rows.

    Rows are at least `row_mm` high. Text in a cell may have several lines of its own.
    """
    header = _header(galley, columns, head_mm)
    looks = [column.look for column in columns]
    most = galley.sheet.depth - header.height
    strips = [replace(header, with_next=True)] if rows else [header]
    for texts in rows:
        row = _row(galley, columns, texts, looks)
        for part in _parts(row, looks, most):
            height = part.height(looks, row_mm * MM)
            strips.append(Strip(height, _drawing(galley, columns, part, looks, height), head=header))
    return strips


def _header(galley: Galley, columns: Sequence[Column], head_mm: float) -> Strip:
    looks = [HEADER] * len(columns)
    row = _row(galley, columns, [column.header for column in columns], looks)
    height = row.height(looks, head_mm * MM)
    return Strip(height, _drawing(galley, columns, row, looks, height))


def _row(galley: Galley, columns: Sequence[Column], texts: Sequence[str], looks: Sequence[Look]) -> Row:
    return Row(
        tuple(
            tuple(
                line
                for paragraph in text.splitlines()
                for line in typeset(galley.fonts, paragraph, column.room, look, galley.names)
            )
            for column, text, look in zip(columns, texts, looks, strict=True)
        )
    )


def _parts(row: Row, looks: Sequence[Look], most: float) -> list[Row]:
    """Return the row in one piece, or in as few as pages need."""
    if row.height(looks, 0) <= most:
        return [row]
    fit = int((most - 2 * AIR) // max(look.pitch for look in looks))
    longest = max(len(cell) for cell in row.cells)
    return [row.lines(start, start + fit) for start in range(0, longest, fit)]


def _text_height(cell: Sequence[SetLine], look: Look) -> float:
    return (len(cell) - 1) * look.pitch + look.size if cell else 0.0


def _drawing(galley: Galley, columns: Sequence[Column], row: Row, looks: Sequence[Look], height: float) -> Draw:
    """Return how to draw a row: its cells centred from top to bottom, and the grid around them."""
    widths = [column.width_mm * MM for column in columns]
    left = galley.sheet.left + (galley.sheet.room - sum(widths)) / 2
    edges = [left, *accumulate(widths, initial=left)][1:]

    def draw(pen: Pen, top: float) -> None:
        for cell, column, look, edge in zip(row.cells, columns, looks, edges, strict=False):
            text_top = top + (height - _text_height(cell, look)) / 2
            pen.lines(cell, edge + PADDING, text_top, column.room, look)
        for edge in edges:
            pen.rule(edge, top, edge, top + height)
        for y in (top, top + height):
            pen.rule(edges[0], y, edges[-1], y)

    return draw
