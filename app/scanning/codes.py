"""Where the codes of our pages stand on a picture."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from app.domain.edition_code import PageCode, read_code
from app.scanning.sheet import Floats

QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A page's code, and its corners in pixels, clockwise from the code's own upper left."""

    page: PageCode
    corners: Floats


def page_codes(gray: Image.Image) -> list[FoundCode]:
    """Return the codes of our pages on a picture, each page once; harder looks only where the first finds none."""
    for looked, scale in looks(gray):
        found = _found(looked, scale)
        if found:
            return found
    return []


def looks(gray: Image.Image) -> Iterator[tuple[Image.Image, float]]:
    """Yield the picture in ways a code may be easier to read in, the quickest first, and how much larger each is."""
    yield gray, 1.0
    yield ImageOps.autocontrast(gray, cutoff=2), 1.0
    yield gray.filter(ImageFilter.MedianFilter(3)), 1.0
    yield ImageOps.autocontrast(gray.resize((gray.width * 3 // 2, gray.height * 3 // 2), Image.Resampling.BICUBIC)), 1.5
    yield gray.filter(ImageFilter.UnsharpMask(3, 250, 2)), 1.0


def _found(looked: Image.Image, scale: float) -> list[FoundCode]:
    read = zxingcpp.read_barcodes(np.asarray(looked), formats=QR, try_invert=False)
    told = ((read_code(code.text), code.position) for code in read)
    pages = {page: place for page, place in told if isinstance(page, PageCode)}
    return [FoundCode(page, _corners(place) / scale) for page, place in pages.items()]


def _corners(place: zxingcpp.Position) -> Floats:
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], dtype=np.float64)
