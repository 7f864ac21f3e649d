"""A ruler laid on a finished PDF: where every character and stroke is, in millimetres from the top left, page by page.

It reads what PDFium reads, and knows none of our constants.
"""

from collections import Counter
from collections.abc import Iterator
from ctypes import c_double
from dataclasses import dataclass
from itertools import groupby

import pypdfium2
import pypdfium2.raw as pdfium

MM = 72 / 25.4


@dataclass(frozen=True)
class Mark:
    """One printed character, its em box and its baseline, in millimetres."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float


@dataclass(frozen=True)
class Leaf:
    """One page: how large it is, its characters, and the bounds of everything drawn on it."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    bounds: tuple[tuple[float, float, float, float], ...]

    def rows(self, size: float) -> list[str]:
        """Return the lines set in one size, in points, from the top."""
        inked = [mark for mark in self.marks if abs(mark.size - size) < 0.05 and mark.text.strip()]
        inked.sort(key=lambda mark: (round(mark.base, 1), mark.left))
        return ["".join(mark.text for mark in row) for _, row in groupby(inked, key=lambda mark: round(mark.base, 1))]


def leaves(pdf: bytes) -> list[Leaf]:
    """Return every page, measured."""
    document = pypdfium2.PdfDocument(pdf)
    found = [_leaf(page) for page in document]
    document.close()
    return found


def _leaf(page: pypdfium2.PdfPage) -> Leaf:
    width, height = page.get_size()
    bounds = []
    for thing in page.get_objects():
        left, bottom, right, top = thing.get_bounds()
        bounds.append((left / MM, (height - top) / MM, right / MM, (height - bottom) / MM))
    return Leaf(width / MM, height / MM, tuple(_marks(page.get_textpage(), height)), tuple(bounds))


def _marks(text: pypdfium2.PdfTextPage, height: float) -> Iterator[Mark]:
    place, count = 0, text.count_chars()
    while place < count:
        if pdfium.FPDFText_IsGenerated(text, place) == 1:
            place += 1
            continue
        code, pair = pdfium.FPDFText_GetUnicode(text, place), 0
        if 0xD800 <= code < 0xDC00:
            pair = pdfium.FPDFText_GetUnicode(text, place + 1)
            code = 0x10000 + ((code - 0xD800) << 10) + (pair - 0xDC00)
        left, bottom, right, top = text.get_charbox(place, loose=True)
        size = pdfium.FPDFText_GetFontSize(text, place)
        base = _base(text, place)
        box = (left / MM, (height - top) / MM, right / MM, (height - bottom) / MM, (height - base) / MM)
        yield Mark(chr(code), *box, size)
        place += 2 if pair else 1


def _base(text: pypdfium2.PdfTextPage, place: int) -> float:
    x, y = c_double(), c_double()
    pdfium.FPDFText_GetCharOrigin(text, place, x, y)
    return y.value


def signs(leaves_of: list[Leaf]) -> Counter[str]:
    """Return how often each character is printed, spaces left out."""
    return Counter(mark.text for leaf in leaves_of for mark in leaf.marks if mark.text.strip())
