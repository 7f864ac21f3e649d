"""The seal code on a paper: where it costs no page of its own.

At the end it is 55 mm wide, so that a stamp over its corner or a fold does it no harm. Where that would begin a new
page it stands beside the place for the seal, at the end a little smaller, or before the signatures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.printing.fonts import Style
from app.printing.page import Draw, Galley, Strip, lay
from app.printing.pen import CELL_SIZE, MM, Align, Look, Pen, typeset
from app.printing.seal_code import modules_of
from app.printing.signing import RoomyStrip

SIDE, SIDE_BY_SEAL, LEAST_SIDE, LEAST_MODULE = 55 * MM, 50 * MM, 45 * MM, 0.45 * MM
ABOVE, BESIDE = 2 * MM, 6 * MM
WORDS_ROOM = 46 * MM  # twenty digits with their hyphens on one line
CAPTION = Look(Style.BODY, CELL_SIZE, pitch=16.0, indent=0, align=Align.LEFT)


def put_seal(galley: Galley, text: str, beside: Sequence[str], before: int | None) -> None:
    """Put the seal code where it costs no page; `before` is the strip at which the signatures begin."""
    pages = _pages(galley, galley.strips)
    for strips in _ways(galley, text, beside, before):
        if _pages(galley, strips) == pages:
            galley.strips = strips
            return
    galley.add(_strip(galley, text, beside, SIDE))


def _pages(galley: Galley, strips: Sequence[Strip]) -> int:
    return len(lay(strips, galley.sheet.top, galley.sheet.top + galley.sheet.depth))


def _ways(galley: Galley, text: str, beside: Sequence[str], before: int | None) -> Iterator[list[Strip]]:
    """Yield the paper with its seal code, the best way first."""
    strips, last = galley.strips, galley.strips[-1]
    small = max(LEAST_SIDE, LEAST_MODULE * len(modules_of(text)))
    yield [*strips, _strip(galley, text, beside, SIDE)]
    before_seal, seal = last.apart if isinstance(last, RoomyStrip) and last.apart else (None, last)
    if isinstance(seal, RoomyStrip) and seal.free >= SIDE_BY_SEAL + BESIDE + WORDS_ROOM:
        code = _drawing(galley, text, beside, SIDE_BY_SEAL, seal.free)
        with_code = replace(seal, draw=_both(seal.draw, code))
        yield [*strips[:-1], *((before_seal,) if before_seal else ()), with_code]
    if small < SIDE:
        yield [*strips, _strip(galley, text, beside, small)]
    if before is not None:
        for side in (SIDE, small):
            yield [*strips[:before], _strip(galley, text, beside, side), *strips[before:]]


def _both(one: Draw, other: Draw) -> Draw:
    def draw(pen: Pen, top: float) -> None:
        one(pen, top)
        other(pen, top)

    return draw


def _strip(galley: Galley, text: str, beside: Sequence[str], side: float) -> Strip:
    return Strip(ABOVE + side, _drawing(galley, text, beside, side, galley.sheet.room))


def _drawing(galley: Galley, text: str, beside: Sequence[str], side: float, room: float) -> Draw:
    modules, left = modules_of(text), galley.sheet.left + side + BESIDE
    made = [
        line for part in beside for line in typeset(galley.fonts, part, room - side - BESIDE, CAPTION, galley.names)
    ]

    def draw(pen: Pen, top: float) -> None:
        pen.modules(modules, galley.sheet.left, top + ABOVE, side)
        pen.lines(made, left, top + ABOVE + (side - len(made) * CAPTION.pitch) / 2, room, CAPTION)

    return draw
