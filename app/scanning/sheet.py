"""From picture to sheet: where the edges of a page lie on a photograph, and the way from one to the other.

A `View` is a plane projective map from the picture (pixels) to the sheet (millimetres, from its upper left corner). It
is found from two kinds of witness: the four corners of the page's code, whose place on the sheet is known, and points
along the edges of the paper where the picture shows them. Either may be missing; the code tells which way is up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Corners = tuple[tuple[float, float], ...]

A4 = (210.0, 297.0)
# The code stands opposite the page number: on the left of odd pages, on the right of even ones (app/printing/page.py).
CODE_SIDE, CODE_TOP, CODE_LEFT_ODD, CODE_LEFT_EVEN = 24.0, 266.0, 28.0, 160.0
# A code seen further from its place than this tells that the edges are those of something else.
ASTRAY_MM = 5.0


@dataclass(frozen=True, slots=True)
class View:
    """How a picture shows a sheet: the map from pixels to millimetres, and what it was found by."""

    matrix: Floats
    by: str = ""

    def to_sheet(self, points: Floats) -> Floats:
        """Return where points of the picture lie on the sheet."""
        return _mapped(self.matrix, points)

    def to_picture(self, points: Floats) -> Floats:
        """Return where points of the sheet lie on the picture."""
        return _mapped(np.linalg.inv(self.matrix), points)

    def corners(self) -> Floats:
        """Return the four corners of an A4 sheet on the picture, from the upper left clockwise."""
        return self.to_picture(sheet_corners())


def sheet_corners() -> Floats:
    """Return the corners of an A4 sheet in millimetres, from the upper left clockwise."""
    return np.array([(0.0, 0.0), (A4[0], 0.0), A4, (0.0, A4[1])])


def code_corners(page: int) -> Floats:
    """Return where the corners of a page's code are printed, from the upper left clockwise."""
    left = CODE_LEFT_ODD if page % 2 else CODE_LEFT_EVEN
    square = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
    return square * CODE_SIDE + (left, CODE_TOP)


@dataclass(frozen=True, slots=True)
class Edge:
    """Points of the picture that lie on one edge of the paper: x or y of the sheet (`axis` 0 or 1) is `at` there."""

    axis: int
    at: float
    points: Floats


def view_by_code(seen: Floats, page: int) -> View:
    """Return the view from the code alone, as if the camera looked straight down.

    A code is small: how lines run together towards the far side of the sheet cannot be told from it.
    """
    known = code_corners(page)
    rows = np.hstack([seen, np.ones((4, 1))])
    solved, *_ = np.linalg.lstsq(rows, known, rcond=None)
    return View(np.vstack([solved.T, (0.0, 0.0, 1.0)]), "code")


def view_by(edges: Sequence[Edge], seen: Floats | None, page: int) -> View:
    """Return the view that fits edges and code best; both are weighed by how much of the sheet they span."""
    matrix = np.eye(3)
    depths: list[Floats] = []
    everything = np.vstack([edge.points for edge in edges] + ([seen] if seen is not None else []))
    centre, scale = everything.mean(axis=0), everything.std() or 1.0
    inwards = np.array([[1 / scale, 0, -centre[0] / scale], [0, 1 / scale, -centre[1] / scale], [0, 0, 1.0]])
    for _ in range(3):
        rows = [_edge_rows(edge, inwards) for edge in edges]
        rows += [_corner_rows(seen, page, inwards)] if seen is not None else []
        if depths:
            rows = [block / depth[:, None] for block, depth in zip(rows, depths, strict=True)]
        _, _, turned = np.linalg.svd(np.vstack(rows))
        matrix = turned[-1].reshape(3, 3) @ inwards
        depths = [_depths(matrix, edge.points) for edge in edges]
        depths += [np.repeat(_depths(matrix, seen), 2)] if seen is not None else []
    return View(matrix / matrix[2, 2], "edges")


def _edge_rows(edge: Edge, inwards: Floats) -> Floats:
    """Return one equation a point: its x (or y) on the sheet, which is h·p over depth·p, is where the edge lies."""
    points = _mapped(inwards, edge.points)
    ones = np.hstack([points, np.ones((len(points), 1))])
    rows = np.zeros((len(points), 9))
    rows[:, 3 * edge.axis : 3 * edge.axis + 3] = ones
    rows[:, 6:] = -edge.at * ones
    weighed: Floats = rows / np.sqrt(len(points))
    return weighed


def _corner_rows(seen: Floats, page: int, inwards: Floats) -> Floats:
    """Return two equations a corner of the code."""
    points = np.hstack([_mapped(inwards, seen), np.ones((4, 1))])
    rows = np.zeros((8, 9))
    known = code_corners(page)
    for number in range(4):
        for axis in (0, 1):
            row = rows[2 * number + axis]
            row[3 * axis : 3 * axis + 3] = points[number]
            row[6:] = -known[number, axis] * points[number]
    weighed: Floats = rows / np.sqrt(8)
    return weighed


def _depths(matrix: Floats, points: Floats) -> Floats:
    depth: Floats = np.abs(np.hstack([points, np.ones((len(points), 1))]) @ matrix[2])
    return np.maximum(depth, 1e-9)


def _mapped(matrix: Floats, points: Floats) -> Floats:
    """Return points moved by a projective map."""
    moved = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    result: Floats = moved[:, :2] / moved[:, 2:]
    return result


def is_astray(view: View, seen: Floats, page: int) -> bool:
    """Return whether the code does not stand where it was printed."""
    off = np.linalg.norm(view.to_sheet(seen) - code_corners(page), axis=1)
    return bool(off.max() > ASTRAY_MM)


def is_whole(view: View) -> bool:
    """Return whether the sheet's corners are in order and none lies at infinity: a sheet could look like that."""
    corners = view.corners()
    if not np.isfinite(corners).all():
        return False
    sides = np.roll(corners, -1, axis=0) - corners
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    lengths = np.linalg.norm(sides, axis=1)
    return bool((turns > 0).all() and lengths.min() > 0.2 * lengths.max())
