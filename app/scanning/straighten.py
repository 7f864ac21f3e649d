"""The sheet upright, lit evenly, small, and silent about where it was taken."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from app.scanning.codes import FoundCode
from app.scanning.edges import Look, edges_of, filled_in
from app.scanning.sheet import A4, Edge, Floats, View, is_astray, is_whole, view_by, view_by_code
from app.scanning.writing import view_by_writing

DPI = 200
WIDTH, HEIGHT = round(A4[0] / 25.4 * DPI), round(A4[1] / 25.4 * DPI)
PAPER = 246.0
MOST_GAIN = 4.0
WHITE_FROM = 0.93  # of the paper's light: grain of the paper and the camera, of no use to anybody
MOST_PAGE, MOST_THUMBNAIL = 400_000, 30_000
THUMBNAIL = (240, 340)


@dataclass(frozen=True, slots=True)
class Straightened:
    """One sheet as it is kept: JPEG and thumbnail, and what it was straightened by (edges, writing, code, nothing)."""

    jpeg: bytes
    thumbnail: bytes
    by: str


def view_of(gray: Image.Image, look: Look, code: FoundCode) -> View:
    """Return how a picture shows the sheet this code stands on."""
    page = code.page.page
    first = view_by_code(code.corners, page)
    edges = edges_of(look, first.corners())
    if len(edges) >= 3 or _has_both_ways(edges):
        view = view_by(edges, code.corners, page)
        if is_whole(view) and not is_astray(view, code.corners, page):
            return view
    view = view_by_writing(gray, first, page)
    return view if is_whole(view) else first


def _has_both_ways(edges: list[Edge]) -> bool:
    return {edge.axis for edge in edges} == {0, 1}


def view_by_edges(look: Look, size: tuple[int, int]) -> View | None:
    """Return how a picture shows a sheet without a code, upright as the camera was; None unless all edges are seen."""
    wide, high = size
    outline = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]) * (wide * 0.7, high * 0.7)
    outline += (wide * 0.15, high * 0.15)
    edges = edges_of(look, outline)
    if len(edges) < 4:
        return None
    view = view_by(edges, None, 1)
    return view if is_whole(view) and _fills(view, size) else None


def _fills(view: View, size: tuple[int, int]) -> bool:
    """Return whether the sheet is most of the picture; something smaller is a drawing on it."""
    corners = view.corners()
    after = np.roll(corners, -1, axis=0)
    area = abs(float((corners[:, 0] * after[:, 1] - corners[:, 1] * after[:, 0]).sum())) / 2
    return area > 0.3 * size[0] * size[1]


def is_wider(view: View) -> bool:
    """Return whether the sheet lies across, as the picture shows it."""
    top, right, bottom, left = np.linalg.norm(np.roll(view.corners(), -1, axis=0) - view.corners(), axis=1)
    return bool(top + bottom > right + left)


def straightened(image: Image.Image, view: View | None, sideways: bool) -> Straightened:
    """Return a sheet upright and evenly lit; without a view, the whole picture as it is, only smaller."""
    if view is None:
        page = image.copy()
        page.thumbnail((HEIGHT, HEIGHT), Image.Resampling.LANCZOS)
        return _kept(page, "nothing")
    page = _laid_flat(image, view, across=is_wider(view) and view.by == "frame")
    page = evenly_lit(page)
    if sideways:
        page = page.transpose(Image.Transpose.ROTATE_270)
    return _kept(page, view.by)


def _laid_flat(image: Image.Image, view: View, across: bool) -> Image.Image:
    size = (HEIGHT, WIDTH) if across else (WIDTH, HEIGHT)
    to_mm = np.diag([A4[0] / size[0], A4[1] / size[1], 1.0])
    way = np.linalg.inv(view.matrix) @ to_mm
    way /= way[2, 2]
    finer = _pixels_per_mm(view) / (DPI / 25.4)
    if finer > 1.7:  # more than the page needs: made smaller first, so that no stroke falls between two pixels
        factor = int(finer + 0.3)
        image = image.reduce(factor)
        way = np.diag([1 / factor, 1 / factor, 1.0]) @ way
    numbers = tuple(float(number) for number in way.flatten()[:8])
    # Where the picture is finer than the page, the quicker way loses nothing.
    how = Image.Resampling.BILINEAR if finer > 1.1 else Image.Resampling.BICUBIC
    return image.transform(size, Image.Transform.PERSPECTIVE, numbers, how, fillcolor=(255, 255, 255))


def _pixels_per_mm(view: View) -> float:
    corners = view.corners()
    return float(np.linalg.norm(corners[1] - corners[0]) / A4[0] + np.linalg.norm(corners[3] - corners[0]) / A4[1]) / 2


def evenly_lit(page: Image.Image) -> Image.Image:
    """Return the page as if lit from everywhere: paper white, ink as dark beside it as it was."""
    small = page.resize((page.width // 8, page.height // 8), Image.Resampling.BOX)
    paper = np.asarray(small, dtype=np.float64)
    light = np.stack([_softened(filled_in(paper[..., channel], 11)) for channel in range(3)], axis=2)
    gain = np.clip(PAPER / np.maximum(light, 1.0), 1.0, MOST_GAIN).astype(np.float32)
    pixels = np.asarray(page, dtype=np.float32)
    for channel in range(3):
        wide = Image.fromarray(gain[..., channel]).resize(page.size, Image.Resampling.BILINEAR)
        pixels[..., channel] *= np.asarray(wide)
    pixels *= 255.0 / (WHITE_FROM * PAPER)
    return Image.fromarray(np.minimum(pixels, 255.0).astype(np.uint8))


def _softened(light: Floats) -> Floats:
    """Return the light without sharp steps."""
    small = Image.fromarray(light.astype(np.float32))
    size = (max(1, small.width // 6), max(1, small.height // 6))
    soft = small.resize(size, Image.Resampling.BOX).resize(small.size, Image.Resampling.BICUBIC)
    return np.asarray(soft, dtype=np.float64)


def _kept(page: Image.Image, by: str) -> Straightened:
    small = page.copy()
    small.thumbnail(THUMBNAIL if page.width < page.height else THUMBNAIL[::-1], Image.Resampling.LANCZOS)
    return Straightened(_jpeg(page, MOST_PAGE), _jpeg(small, MOST_THUMBNAIL), by)


def _jpeg(page: Image.Image, most: int) -> bytes:
    """Return the picture as JPEG of at most so many bytes, as good as that allows; no notes of any kind are in it."""
    bare = Image.frombytes(page.mode, page.size, page.tobytes())
    while True:
        for quality in (84, 72, 60, 48):
            out = BytesIO()
            bare.save(out, "JPEG", quality=quality, optimize=True, dpi=(DPI, DPI))
            if out.tell() <= most:
                return out.getvalue()
        bare = bare.resize((bare.width * 4 // 5, bare.height * 4 // 5), Image.Resampling.LANCZOS)
