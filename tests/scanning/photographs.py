"""Photographs made from our own pages: how a sheet on a table looks through a telephone, without a telephone.

The page is the real PDF, with the page's code where it is printed, pen strokes and thumb marks over it, seen at an
angle, lit unevenly, out of focus, with grain, as a JPEG. What is true is known: where the corners of the sheet are.
"""

import io
from dataclasses import dataclass

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from app.scanning.sheet import A4

PAGE_DPI = 250


@dataclass(frozen=True)
class Shot:
    """How a picture was taken. `turn` is in quarter turns, `cut` the share of the sheet that is beyond the frame."""

    width: int = 2400
    height: int = 3200
    tilt: float = 0.04
    turn: int = 0
    lean: float = 2.0
    cut: float = 0.0
    margin: float = 0.06
    shadow: float = 0.35
    blur: float = 0.8
    grain: float = 5.0
    quality: int = 80
    desk: tuple[int, int, int] = (70, 55, 42)


@dataclass(frozen=True)
class Photograph:
    """A picture, and where the sheet's corners are on it, from the upper left of the page clockwise."""

    image: Image.Image
    corners: np.ndarray
    quality: int

    def jpeg(self, **more) -> bytes:
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=self.quality, **more)
        return out.getvalue()


def rendered(pdf: bytes) -> list[Image.Image]:
    """Return every page of a PDF as printed, on white paper."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=PAGE_DPI / 72).to_pil().convert("RGB") for page in document]
    document.close()
    return [page if page.width < page.height else page.transpose(Image.Transpose.ROTATE_90) for page in pages]


def signed(page: Image.Image, random: np.random.Generator, strokes: int = 6, thumbs: int = 3) -> Image.Image:
    """Return the page with pen strokes and thumb marks, some of them carelessly placed."""
    copy = page.copy()
    pen = ImageDraw.Draw(copy, "RGBA")
    for _ in range(strokes):
        x, y = random.uniform((250, 1500), (1500, 2450))
        line = [(x, y)]
        for _ in range(12):
            x, y = x + random.uniform(-30, 60), y + random.uniform(-45, 45)
            line.append((x, y))
        pen.line(line, fill=(25, 30, 110, 230), width=int(random.integers(4, 9)), joint="curve")
    for _ in range(thumbs):
        x, y = random.uniform((250, 1500), (1600, 2500))
        for ring in range(4, 48, 7):
            pen.ellipse((x - ring * 0.8, y - ring, x + ring * 0.8, y + ring), outline=(190, 30, 40, 200), width=4)
    return copy


def photograph(page: Image.Image, shot: Shot, random: np.random.Generator) -> Photograph:
    """Return what the camera saw."""
    wide, high = shot.width, shot.height
    corners = _corners(shot, wide, high, random)
    seen = _on_desk(page, corners, (wide, high), shot, random)
    seen = _lit(seen, shot, random)
    image = Image.fromarray(seen).filter(ImageFilter.GaussianBlur(shot.blur))
    grain = random.normal(0, shot.grain, (high, wide, 1))
    image = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    for _ in range(shot.turn % 4):
        corners = np.stack([corners[:, 1], image.width - corners[:, 0]], axis=1)
        image = image.transpose(Image.Transpose.ROTATE_90)
    return Photograph(image, corners, shot.quality)


def _corners(shot: Shot, wide: int, high: int, random: np.random.Generator) -> np.ndarray:
    """Return where the corners of the sheet come to lie before the camera is turned."""
    spare = -shot.cut if shot.cut else shot.margin
    scale = min(wide * (1 - 2 * spare) / A4[0], high * (1 - 2 * spare) / A4[1])
    flat = (np.array([(0, 0), (A4[0], 0), A4, (0, A4[1])]) - np.array(A4) / 2) * scale
    angle = np.radians(random.uniform(-shot.lean, shot.lean))
    turned = flat @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    # The camera is not quite overhead: what is further away is smaller.
    lean_x, lean_y = random.uniform(-shot.tilt, shot.tilt, 2)
    depth = 1 + lean_x * turned[:, 0] / (wide / 2) + lean_y * turned[:, 1] / (high / 2)
    return turned / depth[:, None] + (wide / 2, high / 2)


def _on_desk(page, corners, size, shot: Shot, random) -> np.ndarray:
    way = _coefficients(corners, np.array([(0, 0), (page.width, 0), page.size, (0, page.height)], dtype=float))
    laid = page.transform(size, Image.Transform.PERSPECTIVE, way, Image.Resampling.BICUBIC)
    mask = Image.new("L", page.size, 255).transform(size, Image.Transform.PERSPECTIVE, way, Image.Resampling.BILINEAR)
    planks = np.repeat(random.normal(0, 9, (size[1] // 8 + 1, 1, 1)), 8, axis=0)[: size[1]]
    desk = np.clip(np.array(shot.desk) + planks + np.zeros((size[1], size[0], 1)), 0, 255)
    share = np.asarray(mask, dtype=float)[..., None] / 255
    return np.asarray(laid, dtype=float) * share * 0.93 + desk * (1 - share)


def _lit(seen: np.ndarray, shot: Shot, random) -> np.ndarray:
    """Return the picture with light from one side and the photographer's own shadow."""
    high, wide = seen.shape[:2]
    angle = random.uniform(0, 2 * np.pi)
    across = np.linspace(-1, 1, wide) * np.cos(angle) + (np.linspace(-1, 1, high) * np.sin(angle))[:, None]
    light = 1 - shot.shadow * (across / 2.8 + 0.5)
    edge = random.uniform(-0.5, 1.0)
    light *= 1 - 0.5 * shot.shadow / (1 + np.exp(-(across - edge) * 14))
    return np.clip(seen * light[..., None], 0, 255).astype(np.uint8)


def _coefficients(target: np.ndarray, source: np.ndarray) -> list[float]:
    """Return what Pillow asks for: the map from the target's pixels to the source's."""
    rows, values = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return list(np.linalg.solve(np.array(rows), np.array(values)))
