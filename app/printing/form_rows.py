"""Rows of a form that others than the printer fill in or grow long: a box to sign in, a story of many lines."""

from collections.abc import Iterator

from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.paper_pdf import FORM_PADDING, VALUE
from app.printing.pen import CELL_SIZE, MM, Align, Look

TITLE = Look(Style.TITLE, 20.0, pitch=30.0, indent=0, align=Align.CENTER)
NOTE = Look(size=CELL_SIZE, pitch=14.0, indent=0, align=Align.LEFT)
ROW_MM = 10.0
SIGNED = "　　　　　签字：　　　　　　　　（盖章）　　　　　年　　月　　日"
"""The line at the foot of a box: who signs, where the seal goes, the day."""
CHARACTERS, LINES = 32, 30
"""About how many characters fill a line of a value, and how many lines a row has at the most: it must fit a page."""


def box(to: Compositor, label: str, value: str, height_mm: float, *, foot: str = SIGNED) -> None:
    """Put a box at least so high, its last line the place to sign."""
    most = int((height_mm * MM - 2 * FORM_PADDING) // VALUE.pitch)
    told = value.splitlines()
    blanks = [""] * max(1, most - len(told) - 1)
    to.form([[(label, "\n".join((*told, *blanks, foot)))]], row_mm=height_mm)


def story(to: Compositor, label: str, value: str, height_mm: float) -> None:
    """Put what may be long: a row, and more of them where one would not fit on a page."""
    for number, part in enumerate(_parts(value)):
        name = f"{label}\n（续）" if number else label
        to.form([[(name, part)]], row_mm=0.0 if number else height_mm)


def _parts(value: str) -> Iterator[str]:
    """Yield a text in parts of so many lines, at least one."""
    held: list[str] = []
    filled = 0
    for line in _lines(value):
        height = -(-len(line) // CHARACTERS) or 1
        if held and filled + height > LINES:
            yield "\n".join(held)
            held, filled = [], 0
        held.append(line)
        filled += height
    yield "\n".join(held)


def _lines(value: str) -> Iterator[str]:
    """Yield the paragraphs; one that would fill more than a row is cut."""
    most = CHARACTERS * LINES
    for paragraph in value.splitlines():
        for start in range(0, len(paragraph) or 1, most):
            yield paragraph[start : start + most]
