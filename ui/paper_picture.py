"""A paper as one long picture, for groups on the telephone where nobody opens a PDF: its pages under each other."""

import struct
import zlib
from collections.abc import Iterator

import pypdfium2

DOTS = 110
"""Dots to the inch: an A4 page is 910 dots wide, as much as a telephone shows."""
SEAM = 6
LIGHT = b"\xe0"


def long_picture(pdf: bytes, dots: int = DOTS) -> bytes:
    """Return the pages of a PDF under each other as PNG, a light seam between them."""
    book = pypdfium2.PdfDocument(pdf)
    bitmaps = [page.render(scale=dots / 72, rev_byteorder=True) for page in book]
    width = max(bitmap.width for bitmap in bitmaps)
    rows = list(_rows(bitmaps, width))
    book.close()
    return _png(width, rows)


def _rows(bitmaps: list[pypdfium2.PdfBitmap], width: int) -> Iterator[bytes]:
    """Yield the rows of all pages, three bytes a dot; what is narrower is filled up to the right."""
    for number, bitmap in enumerate(bitmaps):
        yield from [LIGHT * 3 * width] * SEAM if number else ()
        shown, ink = bytes(bitmap.buffer), bitmap.width * 3
        for start in range(0, bitmap.height * bitmap.stride, bitmap.stride):
            yield shown[start : start + ink] + LIGHT * (3 * width - ink)


def _png(width: int, rows: list[bytes]) -> bytes:
    """Return a PNG of eight bits a colour (ISO/IEC 15948); no row is filtered."""
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    picture = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    parts = ((b"IHDR", header), (b"IDAT", picture), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts)


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
