"""The writing on a sheet as a witness, where the edges of the paper are not on the picture.

Printed lines lie level and begin above one another. Of all the ways the far side of the sheet could run together, the
one is taken under which the ink falls into the sharpest rows and columns. Only where there is ink is looked at, never
what it says.
"""

from itertools import product

import numpy as np
from PIL import Image

from app.scanning.edges import filled_in
from app.scanning.sheet import A4, Floats, View, code_corners

LOOK = 1300  # pixels of the long side
MOST_POINTS = 9000
LEAST_POINTS = 600
INK = 0.72  # of the light of the paper around it
FINE_MM, COARSE = 0.5, 15  # a row of the profile, and how many make a coarse one
STRONGEST = 9e-4  # how far a scale may change in one millimetre: a quarter over the sheet
FINEST = 0.02
LEAST_GAIN = 1.05  # a flatbed scan lies as its code says
GAIN = 1.15  # the camera held askew must explain the rows and columns so much better than one held straight


def view_by_writing(gray: Image.Image, first: View, page: int) -> View:
    """Return the view under which the writing is level, beginning from the one the code gives."""
    ink = _ink(gray, first)
    if len(ink) < LEAST_POINTS:
        return first
    centre = code_corners(page).mean(axis=0)
    away = first.to_sheet(ink) - centre
    straight, best = _refined(away, np.zeros(6)), _refined(away, _searched(away))
    if _sharpness(away, best) < GAIN * _sharpness(away, straight):
        best = straight
        if _sharpness(away, straight) < LEAST_GAIN * _sharpness(away, np.zeros(6)):
            return first
    return View(_correction(best, centre) @ first.matrix, "writing")


def _ink(gray: Image.Image, first: View) -> Floats:
    """Return points of the picture where there is ink on the sheet, a fair choice of them."""
    smaller = max(1.0, max(gray.size) / LOOK)
    small = gray.resize((round(gray.width / smaller), round(gray.height / smaller)), Image.Resampling.BOX)
    light = np.asarray(small, dtype=np.float64)
    rows, columns = np.nonzero(light < INK * filled_in(light, 19))
    points = np.stack([columns, rows], axis=1) * smaller + (smaller - 1) / 2
    sheet = first.to_sheet(points) if len(points) else points
    kept = points[((sheet > -15) & (sheet < np.array(A4) + 15)).all(axis=1)]
    return kept[np.random.default_rng(7).permutation(len(kept))[:MOST_POINTS]]


def _searched(away: Floats) -> Floats:
    """Return the best of a net over how the scale changes to the right and downwards.

    Rows stay rows however the scale changes downwards, columns however it changes to the right: so each of the two is
    looked for alone, together with the slant of its own lines.
    """
    best = np.zeros(6)
    for strength, slant, axis in ((0, 4, 1), (1, 3, 0)):
        tries = []
        for strong, slanting in product(np.linspace(-STRONGEST, STRONGEST, 61), np.linspace(-0.02, 0.02, 17)):
            tried = best.copy()
            tried[strength], tried[slant] = strong, slanting
            tries.append(tried)
        best = max(tries, key=lambda tried: _lined_up(away, tried, axis))
    return best


def _lined_up(away: Floats, numbers: Floats, axis: int) -> float:
    """Return the sharpness of the rows (axis 1) or columns (axis 0) alone."""
    depth = 1 + away @ numbers[:2]
    if depth.min() < 0.3:
        return 0.0
    slant = float(numbers[4 if axis else 3])
    placed = (away[:, axis] + slant * away[:, 1 - axis]) / depth
    return _profile(placed) * (1 - abs(slant))


def _refined(away: Floats, begin: Floats) -> Floats:
    """Return the best nearby, feeling along one number at a time with ever smaller steps."""
    step = np.array([1.5e-5, 1.5e-5, 0.001, 0.001, 0.001, 0.001])
    best, sharpest = begin, _sharpness(away, begin)
    scale = 1.0
    while scale > FINEST:
        moved = False
        for number, sign in product(range(6), (1, -1)):
            tried = best.copy()
            tried[number] += sign * scale * step[number]
            sharpness = _sharpness(away, tried)
            if sharpness > sharpest:
                best, sharpest, moved = tried, sharpness, True
        scale = scale if moved else scale / 2
    return best


def _sharpness(away: Floats, numbers: Floats) -> float:
    """Return how much sharper the fine rows and columns of ink are than the coarse ones; shrinking gains nothing."""
    p, linear = numbers[:2], np.eye(2) + numbers[2:].reshape(2, 2)
    depth = 1 + away @ p
    if depth.min() < 0.3:
        return 0.0
    placed = (away @ linear.T) / depth[:, None]
    held = float(np.abs(numbers[2:]).sum())  # the code does tell its own size and lie: leave that only for a reason
    return _profile(placed[:, 0]) * _profile(placed[:, 1]) * (1 - held)


def _profile(places: Floats) -> float:
    fine = np.bincount(((places + 400) / FINE_MM).astype(int).clip(0, 1599), minlength=1600).astype(np.float64)
    coarse = fine[: 1600 // COARSE * COARSE].reshape(-1, COARSE).sum(axis=1)
    return float((fine**2).sum() / (coarse**2).sum() * COARSE)


def _correction(numbers: Floats, centre: Floats) -> Floats:
    """Return the map of the sheet onto itself that the numbers tell of, about the code's middle."""
    there, back = np.eye(3), np.eye(3)
    there[:2, 2], back[:2, 2] = -centre, centre
    bent = np.eye(3)
    bent[:2, :2] += numbers[2:].reshape(2, 2)
    bent[2, :2] = numbers[:2]
    return back @ bent @ there
