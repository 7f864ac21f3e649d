"""The child that reads pictures: one request in, one answer out, until nobody asks any more.

A request is a line of JSON: {"open": path} → how many pictures; {"page": number} → the sheets on that picture. An
answer is a line of JSON and then, for each sheet, its JPEG and its thumbnail, as long as the line says. Before anything
is opened the child gives up what it does not need: memory beyond its share, and writing files at all.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

from PIL import Image  # noqa: E402 - threads reserve memory, so they are forbidden first

from app.scanning.codes import FoundCode, page_codes  # noqa: E402
from app.scanning.decode import CannotRead, Picture, Source, opened  # noqa: E402
from app.scanning.edges import Look, look_at  # noqa: E402
from app.scanning.sheet import View  # noqa: E402
from app.scanning.straighten import Straightened, straightened, view_by_edges, view_of  # noqa: E402

MOST_SHEETS = 8


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One sheet of a picture: what its code says, and its picture."""

    code: str
    kept: Straightened


def main(wanted: list[str] | None = None, asked: IO[bytes] | None = None, said: IO[bytes] | None = None) -> int:
    """Answer until the other side closes."""
    memory_mib, *sideways = wanted if wanted is not None else sys.argv[1:]
    restrain(int(memory_mib))
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, before anything is decoded (decode.py)
    asked, said = asked or sys.stdin.buffer, said or sys.stdout.buffer
    source: Source | None = None
    for line in asked:
        request = json.loads(line)
        try:
            if "open" in request:
                source = None
                source = opened(Path(request["open"]))
                _answer(said, {"count": source.count})
            elif source is not None:
                picture = source.picture(request["page"])
                _tell(said, picture, sheets_of(picture.image, frozenset(sideways)))
        except CannotRead as trouble:
            _answer(said, {"refused": trouble.why})
        except MemoryError:
            source = None
            _answer(said, {"refused": "memory"})
    return 0


def restrain(memory_mib: int) -> None:
    """Give up what is not needed, for good. Where a system knows no such limits, the parent's clock is left."""
    try:
        import resource
    except ImportError:
        return
    share = memory_mib * 1024 * 1024
    for what, most in ((resource.RLIMIT_AS, share), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def sheets_of(image: Image.Image, sideways: frozenset[str]) -> list[ReadSheet]:
    """Return the sheets on a picture: one for each code of ours, or the one that no code was found on."""
    gray = image.convert("L")
    look = look_at(gray)
    codes = page_codes(gray)[:MOST_SHEETS]
    if codes:
        return [_with_code(image, gray, code, look, sideways) for code in codes]
    return [ReadSheet("", straightened(image, _framed(view_by_edges(look, image.size)), False))]


def _with_code(
    image: Image.Image, gray: Image.Image, code: FoundCode, look: Look, sideways: frozenset[str]
) -> ReadSheet:
    view = view_of(gray, look, code)
    return ReadSheet(code.page.tail(), straightened(image, view, code.page.paper in sideways))


def _framed(view: View | None) -> View | None:
    return None if view is None else View(view.matrix, "frame")


def _tell(said: IO[bytes], picture: Picture, sheets: list[ReadSheet]) -> None:
    lines = [
        {"code": sheet.code, "by": sheet.kept.by, "jpeg": len(sheet.kept.jpeg), "thumbnail": len(sheet.kept.thumbnail)}
        for sheet in sheets
    ]
    _answer(said, {"sheets": lines, "taken": picture.taken}, *(part for s in sheets for part in _parts(s)))


def _parts(sheet: ReadSheet) -> tuple[bytes, bytes]:
    return sheet.kept.jpeg, sheet.kept.thumbnail


def _answer(said: IO[bytes], line: dict[str, Any], *parts: bytes) -> None:
    said.write(json.dumps(line).encode() + b"\n" + b"".join(parts))
    said.flush()


if __name__ == "__main__":
    raise SystemExit(main())
