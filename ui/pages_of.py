"""Pages of a PDF as pictures: the very bytes that are saved and printed, shown.

PDFium is not made for several threads: here one page is painted at a time, whichever thread asks.
"""

from contextlib import closing
from threading import Lock

from pypdfium2 import PdfDocument
from PySide6.QtGui import QImage

POINTS_PER_INCH = 72
SCREEN_DPI = 144
PRINTER_DPI = 300
_ONE_AT_A_TIME = Lock()


def page_count(pdf: bytes) -> int:
    """Return how many pages there are."""
    with _ONE_AT_A_TIME, closing(PdfDocument(pdf)) as document:
        return len(document)


def page_image(pdf: bytes, page: int, dpi: int = SCREEN_DPI) -> QImage:
    """Return one page in greys, counted from 0."""
    with _ONE_AT_A_TIME, closing(PdfDocument(pdf)) as document:
        return _picture(document, page, dpi)


def page_images(pdf: bytes, dpi: int = SCREEN_DPI) -> tuple[QImage, ...]:
    """Return all pages in greys."""
    with _ONE_AT_A_TIME, closing(PdfDocument(pdf)) as document:
        return tuple(_picture(document, page, dpi) for page in range(len(document)))


def _picture(document: PdfDocument, page: int, dpi: int) -> QImage:
    drawn = document[page].render(scale=dpi / POINTS_PER_INCH, grayscale=True)
    greys = QImage.Format.Format_Grayscale8
    return QImage(bytes(drawn.buffer), drawn.width, drawn.height, drawn.stride, greys).copy()
