"""Reading a printed paper back from its PDF, as a ruler and an eye would, knowing nothing of how it was made."""

from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

import pdfplumber
from fontTools.ttLib import TTFont
from pdfminer.pdftypes import resolve1

MM = 72 / 25.4


@dataclass(frozen=True)
class Sign:
    """One printed character: where its box is, in points from the top left of the page."""

    text: str
    x0: float
    x1: float
    top: float
    size: float
    font: str
    upright: bool


@dataclass(frozen=True)
class Grid:
    """A rule of a table or a place to sign."""

    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """One page with everything on it."""

    width: float
    height: float
    signs: tuple[Sign, ...]
    rules: tuple[Grid, ...]
    frames: tuple[Grid, ...]

    def body(self) -> list[Sign]:
        """Return what stands on the 版心 of a portrait page."""
        return [sign for sign in self.signs if 36 * MM < sign.top < 262 * MM and sign.text.strip()]

    def rows(self) -> list[list[Sign]]:
        """Return the characters line by line, from the top; then what is printed sideways."""
        upright = sorted((sign for sign in self.signs if sign.upright), key=lambda sign: (round(sign.top), sign.x0))
        sideways = sorted((sign for sign in self.signs if not sign.upright), key=lambda sign: sign.top)
        rows = [list(row) for _, row in groupby(upright, key=lambda sign: round(sign.top))]
        return [*rows, sideways] if sideways else rows

    def text(self) -> str:
        """Return the lines as text, spaces left out."""
        return "\n".join("".join(sign.text for sign in row).replace(" ", "") for row in self.rows())


def pages(pdf: bytes) -> list[Page]:
    """Return every page of a PDF."""
    with pdfplumber.open(BytesIO(pdf)) as book:
        return [
            Page(
                float(page.width),
                float(page.height),
                tuple(
                    Sign(c["text"], c["x0"], c["x1"], c["top"], c["size"], c["fontname"], c["upright"])
                    for c in page.chars
                ),
                tuple(Grid(r["x0"], r["x1"], r["top"], r["bottom"]) for r in page.lines),
                tuple(Grid(r["x0"], r["x1"], r["top"], r["bottom"]) for r in page.rects),
            )
            for page in book.pages
        ]


def text_of(pdf: bytes) -> str:
    """Return all text of a PDF, page after page."""
    return "\n\f\n".join(page.text() for page in pages(pdf))


def joined(pdf: bytes) -> str:
    """Return all text without line ends and spaces."""
    return "".join(text_of(pdf).split())


@dataclass(frozen=True)
class Embedded:
    """One font inside the PDF and the outlines that came with it."""

    name: str
    kind: str
    outlines: TTFont | None


def fonts_in(pdf: bytes) -> list[Embedded]:
    """Return the fonts the pages refer to."""
    found = {}
    with pdfplumber.open(BytesIO(pdf)) as book:
        for page in book.pages:
            for name, reference in (resolve1(page.page_obj.resources.get("Font")) or {}).items():
                found[name] = resolve1(reference)
    return [_embedded(font) for font in found.values()]


def _embedded(font: dict[str, object]) -> Embedded:
    descriptor = resolve1(font.get("FontDescriptor")) or {}
    stream = resolve1(descriptor.get("FontFile2"))
    outlines = TTFont(BytesIO(stream.get_data())) if stream else None
    return Embedded(font["BaseFont"].name, font["Subtype"].name, outlines)


def document_facts(pdf: bytes) -> dict[str, str]:
    """Return title, author and so on."""
    with pdfplumber.open(BytesIO(pdf)) as book:
        return dict(book.metadata)
