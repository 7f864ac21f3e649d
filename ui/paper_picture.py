"""A paper as one long picture, for groups on the telephone where nobody opens a PDF: its pages under each other."""

from io import BytesIO

import pypdfium2
from PIL import Image

DOTS = 110
"""Dots to the inch: an A4 page is 910 dots wide, as much as a telephone shows."""
SEAM = 6


def long_picture(pdf: bytes, dots: int = DOTS) -> bytes:
    """Return the pages of a PDF under each other as PNG, a light seam between them."""
    book = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=dots / 72).to_pil().convert("RGB") for page in book]
    book.close()
    height = sum(page.height for page in pages) + SEAM * (len(pages) - 1)
    whole = Image.new("RGB", (max(page.width for page in pages), height), (224, 224, 224))
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height + SEAM
    out = BytesIO()
    whole.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
