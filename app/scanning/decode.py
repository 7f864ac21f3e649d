"""Files to pictures: JPEG, PNG, TIFF, HEIC and PDF, by what is in them and not by their name. Runs in the child only.

What a picture tells besides itself (where it was taken, by which telephone) is dropped here; only the hour is read.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
MOST_BYTES = 256 * 1024 * 1024
MOST_PAGES = 300
PDF_DPI = 250
PDF_PIXELS = 16_000_000
LONGEST = 4200  # pixels: finer than a page needs, so larger pictures are made smaller while they are read
FORMATS = ("JPEG", "PNG", "TIFF")


class CannotRead(Exception):
    """The file is none of ours; `why` is a word of `app/domain/errors.py` PictureRefused."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture, upright as far as the camera knew, and when it was taken as the camera wrote it, or empty."""

    image: Image.Image
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened file: how many pictures it holds, and a way to each, counted from 0."""

    count: int
    picture: Callable[[int], Picture]


def opened(path: Path) -> Source:
    """Open a file.

    Raises:
        CannotRead: It is not there, too large, locked, broken, or no picture.
    """
    content = _content(path)
    if content[:1024].find(b"%PDF-") >= 0:
        return _pdf(content)
    return _image(content)


def _content(path: Path) -> bytes:
    try:
        # Not to wait for a pipe that nobody writes to.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
            told = os.fstat(file.fileno())
            if not stat.S_ISREG(told.st_mode):
                raise CannotRead("unknown")
            if told.st_size > MOST_BYTES:
                raise CannotRead("large")
            content = file.read(MOST_BYTES)
    except OSError as error:
        raise CannotRead("missing" if isinstance(error, FileNotFoundError) else "broken") from error
    if not content:
        raise CannotRead("broken")
    return content


def _pdf(content: bytes) -> Source:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise CannotRead("locked" if "assword" in str(error) else "broken") from error
    count = len(document)
    if not count:
        raise CannotRead("broken")
    if count > MOST_PAGES:
        raise CannotRead("long")
    return Source(count, lambda number: _pdf_page(document, number))


def _pdf_page(document: Any, number: int) -> Picture:
    try:
        page = document[number]
        width, height = page.get_size()
        if not (1 <= width <= 20_000 and 1 <= height <= 20_000):
            raise CannotRead("large")
        scale = min(PDF_DPI / 72, (PDF_PIXELS / (width * height)) ** 0.5)
        image = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    except pypdfium2.PdfiumError as error:
        raise CannotRead("broken") from error
    return Picture(image)


def _image(content: bytes) -> Source:
    is_heic = content[4:8] == b"ftyp"
    if is_heic:
        _know_heic()
    try:
        image = Image.open(BytesIO(content), formats=("HEIF",) if is_heic else FORMATS)
    except UnidentifiedImageError as error:
        raise CannotRead("unknown") from error
    except Exception as error:  # decoders raise whatever they like about broken files
        raise CannotRead(_why(error)) from error
    _check_size(image)
    # A telephone's JPEG or HEIC may carry further pictures (depth, a moving one); only a TIFF has pages.
    count = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    if count > MOST_PAGES:
        raise CannotRead("long")
    return Source(count, lambda number: _frame(image, number))


def _frame(image: Any, number: int) -> Picture:
    try:
        if number:
            image.seek(number)
        _check_size(image)
        if image.format == "JPEG" and max(image.size) >= 2 * LONGEST:
            image.draft("RGB", (LONGEST, LONGEST))
        image.load()
        taken = _taken(image)
        plain = ImageOps.exif_transpose(image) or image
        plain = _on_white(plain) if plain.mode in ("RGBA", "LA", "PA", "P") else plain.convert("RGB")
    except CannotRead:
        raise
    except Exception as error:  # as above
        raise CannotRead(_why(error)) from error
    if max(plain.size) > LONGEST:
        plain = plain.copy()
        plain.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(plain, taken)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise CannotRead("large")


def _why(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "memory"
    return "large" if isinstance(error, Image.DecompressionBombError) else "broken"


def _on_white(image: Image.Image) -> Image.Image:
    clear = image.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    white.alpha_composite(clear)
    return white.convert("RGB")


def _taken(image: Image.Image) -> str:
    """Return when the camera says the picture was taken, as it wrote it; nothing else is looked at."""
    try:
        exif = image.getexif()
        told = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    except Exception:  # broken notes do not make a broken picture
        return ""
    return str(told or "")[:19]


def _know_heic() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False, decode_threads=1)
