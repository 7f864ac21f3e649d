"""补打: the mark at the head of a page printed again, put behind the sealed bytes and not into them.

The PDF is carried on by an incremental update (ISO 32000-1, 7.5.6): what was sealed stays as it is, byte for byte, at
the front. The words are drawn as outlines, so that no font and no text of the paper changes.
"""

import re
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from app.printing.fonts import SHIPPED
from app.printing.pen import MM

SIZE = 12.0
TOP, RIGHT, HEIGHT, INSET = 18 * MM, 26 * MM, 8 * MM, 2 * MM
_TRAILER = re.compile(rb"trailer\s*(<<.*?>>)\s*startxref\s+(\d+)\s+%%EOF\s*$", re.DOTALL)
_CONTENTS = re.compile(rb"/Contents (\d+) 0 R")


def reprint_words(copy: int) -> str:
    """Return the mark: which copy of this version it is, counted from the first."""
    return f"补打 第{copy}份"


def marked(pdf: bytes, words: str) -> bytes:
    """Return the PDF with the mark at the head of every page; the same words, the same bytes."""
    update = _Update(pdf, words)
    return update.appended() if update.can_append else update.rewritten()


class _Update:
    """A PDF and what is put behind it."""

    def __init__(self, pdf: bytes, words: str) -> None:
        self._pdf, self._words = pdf, words
        found = _TRAILER.search(pdf)
        self._trailer, self._previous = (found[1], int(found[2])) if found else (b"", 0)
        self.can_append = found is not None and b"/Size" in self._trailer

    def appended(self) -> bytes:
        """Return the PDF carried on."""
        number = self._size()
        objects: dict[int, bytes] = {}
        with pikepdf.open(BytesIO(self._pdf)) as document:
            for page in document.pages:
                objects[number] = _stream(_drawing(self._words, *_box(page)))
                whole = page.obj.unparse(resolved=True)
                objects[page.obj.objgen[0]] = _CONTENTS.sub(rb"/Contents [ \1 0 R %d 0 R ]" % number, whole)
                number += 1
        return self._carried_on(objects, number)

    def _size(self) -> int:
        found = re.search(rb"/Size (\d+)", self._trailer)
        assert found is not None
        return int(found[1])

    def _carried_on(self, objects: dict[int, bytes], size: int) -> bytes:
        out, places = bytearray(self._pdf), {}
        for number, body in sorted(objects.items()):
            places[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n"
        for number, place in places.items():
            out += b"%d 1\n%010d 00000 n \n" % (number, place)
        trailer = re.sub(rb"/Size \d+", b"/Size %d /Prev %d" % (size, self._previous), self._trailer)
        out += b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)
        return bytes(out)

    def rewritten(self) -> bytes:
        """Return a PDF that cannot be carried on in plain sight, written anew with the mark."""
        out = BytesIO()
        with pikepdf.open(BytesIO(self._pdf)) as document:
            for page in document.pages:
                page.contents_add(document.make_stream(_drawing(self._words, *_box(page))))
            document.save(out, deterministic_id=True)
        return out.getvalue()


def _box(page: Any) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


def _stream(drawing: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing)


def _drawing(words: str, width: float, height: float) -> bytes:
    """Return what draws the mark: a thin frame at the head, as on a portrait sheet, and the words in it."""
    turn = "" if width <= height else f"0 -1 1 0 0 {height:.2f} cm "
    across, high = (width, height) if width <= height else (height, width)
    outlines, room = _outlines(words)
    x, y = across - RIGHT - room - 2 * INSET, high - TOP - HEIGHT
    frame = f"0.5 w {x:.2f} {y:.2f} {room + 2 * INSET:.2f} {HEIGHT:.2f} re S"
    place = f"1 0 0 1 {x + INSET:.2f} {y + (HEIGHT - SIZE) / 2 + 0.14 * SIZE:.2f} cm"
    return f"q {turn}0 g 0 G [] 0 d {frame} {place} {outlines} f Q".encode()


@cache
def _outlines(words: str) -> tuple[str, float]:
    """Return the words as paths, and how wide they are."""
    font = _font()
    glyphs, names, scale = font.getGlyphSet(), font.getBestCmap(), SIZE / font["head"].unitsPerEm
    pen, x = _PathPen(glyphs), 0.0
    for sign in words:
        glyph = glyphs[names[ord(sign)]]
        pen.begin(x, scale)
        glyph.draw(pen)
        x += glyph.width * scale
    return " ".join(pen.parts), x


@cache
def _font() -> TTFont:
    return TTFont(SHIPPED / "FandolFang-Regular.ttf", lazy=True)


class _PathPen(BasePen):  # type: ignore[misc]  # the library has no types
    """Writes outlines as the paths of a PDF."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.parts: list[str] = []
        self._x, self._scale = 0.0, 1.0

    def begin(self, x: float, scale: float) -> None:
        """Go on with a glyph at `x`."""
        self._x, self._scale = x, scale

    def _put(self, sign: str, *points: tuple[float, float]) -> None:
        told = (f"{self._x + x * self._scale:.2f} {y * self._scale:.2f}" for x, y in points)
        self.parts.append(" ".join([*told, sign]))

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._put("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._put("l", pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
        self._put("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self._put("h")
