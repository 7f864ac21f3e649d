"""The edges of a sheet on a photograph: where bright paper ends, looked for along rays from the middle of the sheet.

The picture is looked at small, its writing filled in with paper, its light on a scale of ratios so that a shadow over
the page changes little. Each ray tells where it crossed the sharpest drop from paper to table; on each side a straight
line must have most of the rays behind it, or the side counts as not seen.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from app.scanning.sheet import A4, Edge, Floats

LOOK = 800  # pixels of the long side
RAYS = 72
SPAN = 4  # pixels on either side of a step
LEAST_STEP = np.log(1.22)  # paper must be so much brighter than what it lies on
NEAR = 1.6  # pixels a crossing may lie off its line
LEAST_SHARE = 0.45
WRITING = 11  # pixels: wider than a stroke or a cell of the code, looked at small
NEAREST, FURTHEST = 0.5, 1.45  # of the way to where the edge is thought to be
FRAME = 3  # pixels: what lies so near the frame of the picture is the frame


@dataclass(frozen=True, slots=True)
class Look:
    """A picture looked at small: the logarithm of its light, and how many times smaller it is."""

    light: Floats
    smaller: float


def look_at(gray: Image.Image) -> Look:
    """Return a picture made ready for finding edges."""
    smaller = max(1.0, max(gray.size) / LOOK)
    size = (max(1, round(gray.width / smaller)), max(1, round(gray.height / smaller)))
    small = gray.resize(size, Image.Resampling.BOX)
    return Look(np.log(filled_in(np.asarray(small, dtype=np.float64), WRITING) + 8.0), smaller)


def filled_in(light: Floats, width: int) -> Floats:
    """Return the light with everything dark and narrower than `width` pixels filled in with what is around it."""
    return -_greatest(-_greatest(light, width), width)


def _greatest(light: Floats, width: int) -> Floats:
    """Return for each pixel the greatest in the square of that width around it."""
    for axis in (0, 1):
        edge = [(0, 0), (0, 0)]
        edge[axis] = (width // 2, width // 2)
        light = np.pad(light, edge, mode="edge")
        reach = 1
        while reach < width:  # each pass looks twice as far, the last only as far as is left
            step = min(reach, width - reach)
            ahead = (slice(None),) * axis
            light = np.maximum(light[(*ahead, slice(None, -step))], light[(*ahead, slice(step, None))])
            reach += step
    return light


def edges_of(look: Look, outline: Floats) -> list[Edge]:
    """Return the edges of the sheet whose corners are about where `outline` has them (upper left first, clockwise)."""
    small = outline / look.smaller
    sides = (
        (1, 0.0, small[0], small[1], small[3], small[2]),
        (0, A4[0], small[1], small[2], small[0], small[3]),
        (1, A4[1], small[3], small[2], small[0], small[1]),
        (0, 0.0, small[0], small[3], small[1], small[2]),
    )
    found = []
    for axis, at, begin, end, far_begin, far_end in sides:
        points = _crossings(look.light, (begin, end), (far_begin, far_end))
        line = _straight(points, look.light.shape)
        if line is not None:
            found.append(Edge(axis, at, line * look.smaller + (look.smaller - 1) / 2))
    return found


def _crossings(light: Floats, side: tuple[Floats, Floats], across: tuple[Floats, Floats]) -> Floats:
    """Return for each ray towards a side where the light drops most; rays that meet no edge are left out."""
    shares = np.linspace(0.06, 0.94, RAYS)[:, None]
    aims = side[0] + (side[1] - side[0]) * shares
    middles = (aims + across[0] + (across[1] - across[0]) * shares) / 2
    ways = aims - middles
    lengths = np.linalg.norm(ways, axis=1)
    steps = np.arange(0, int(max(light.shape) * 1.2))
    along = middles[:, None, :] + (ways / lengths[:, None])[:, None, :] * steps[None, :, None]
    seen, inside = _sampled(light, along)
    sums = np.cumsum(np.pad(seen, ((0, 0), (1, 0))), axis=1)
    width = seen.shape[1]
    places = np.arange(SPAN, width - SPAN)
    drops = (2 * sums[:, places] - sums[:, places - SPAN] - sums[:, places + SPAN]) / SPAN
    far = places[None, :] / lengths[:, None]
    drops[~(inside[:, places + SPAN - 1] & (far > NEAREST) & (far < FURTHEST))] = -np.inf
    best = drops.argmax(axis=1)
    rays = np.arange(len(best))
    good = drops[rays, best] > LEAST_STEP
    crossed: Floats = along[rays[good], places[best[good]]] - ways[good] / lengths[good, None] * 0.5
    return crossed


def _sampled(light: Floats, along: Floats) -> tuple[Floats, np.ndarray]:
    """Return the light along rays, and where they are on the picture at all."""
    x, y = np.rint(along[..., 0]).astype(int), np.rint(along[..., 1]).astype(int)
    high, wide = light.shape
    inside = (x >= FRAME) & (x < wide - FRAME) & (y >= FRAME) & (y < high - FRAME)
    return light[np.clip(y, 0, high - 1), np.clip(x, 0, wide - 1)], inside


def _straight(points: Floats, shape: tuple[int, ...]) -> Floats | None:
    """Return the points on the line most of them agree on; None if too few do."""
    if len(points) < RAYS * LEAST_SHARE:
        return None
    random = np.random.default_rng(len(points))
    pairs = random.integers(0, len(points), (240, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    first, second = points[pairs[:, 0]], points[pairs[:, 1]]
    way = second - first
    length = np.linalg.norm(way, axis=1)
    first, way = first[length > 8], way[length > 8] / length[length > 8, None]
    if not len(way):
        return None
    off = np.abs(
        (points[None, :, 0] - first[:, None, 0]) * way[:, None, 1]
        - (points[None, :, 1] - first[:, None, 1]) * way[:, None, 0]
    )
    agreeing = off < NEAR
    best = int(agreeing.sum(axis=1).argmax())
    kept = points[agreeing[best]]
    return kept if len(kept) >= RAYS * LEAST_SHARE else None
