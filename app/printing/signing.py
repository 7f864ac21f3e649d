"""Where people sign, press a finger and put the seal. A seal is never drawn: its place is a dashed frame with words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.paper import Signer
from app.printing.fonts import Fonts, Style
from app.printing.page import Draw, Galley, Strip, lay
from app.printing.pen import MM, SMALL_SIZE, Align, Look, Pen, SetLine, typeset

ROW_HEIGHT = 16.5 * MM
LABEL_ROOM = 27 * MM
LINE_LENGTH = 30 * MM
FINGER_SIDE = 15 * MM
SEAL_SIDE = 45 * MM
SEAL_STRIP = SEAL_SIDE + 10 * MM
LABEL = Look(Style.BODY, SMALL_SIZE, pitch=15.0, indent=0, align=Align.LEFT)
HINT = Look(Style.SONG, 8.0, pitch=10.0, indent=0, align=Align.CENTER)
SEAL = Look(Style.HEAD, SMALL_SIZE, pitch=15.0, indent=0, align=Align.CENTER)
DAY = Look(Style.BODY, SMALL_SIZE, pitch=15.0, indent=0, align=Align.CENTER)
FINGER_WORDS = "指印"
MOST_LEFT_EMPTY = 0.6
"""How much of a page may stay empty so that all who sign and the seals come to stand on one."""
SEAL_HERE = "盖章处"
DAY_WORDS = "年　　月　　日"


@dataclass(frozen=True, slots=True)
class RoomyStrip(Strip):
    """A strip with room at its left, `free` points wide and as high as it; `apart` are strips that have it instead."""

    free: float = 0.0
    apart: "tuple[Strip, RoomyStrip] | None" = None


def signatures(galley: Galley, signers: Sequence[Signer]) -> list[Strip]:
    """Return places to sign, two beside each other: label and name, a line, a frame for the finger."""
    pairs = [signers[start : start + 2] for start in range(0, len(signers), 2)]
    return [Strip(ROW_HEIGHT, _signing(galley, pair)) for pair in pairs]


def _signing(galley: Galley, pair: Sequence[Signer]) -> Draw:
    labels = [_label(galley, signer) for signer in pair]

    def draw(pen: Pen, top: float) -> None:
        for number, lines in enumerate(labels):
            _sign_here(pen, lines, galley.sheet.left + number * galley.sheet.room / 2, top)

    return draw


def _label(galley: Galley, signer: Signer) -> list[SetLine]:
    """Return who signs here: in which capacity, and under it the name."""
    names = (*galley.names, signer.name)
    parts = (part for part in (signer.label, signer.name) if part)
    return [line for part in parts for line in typeset(galley.fonts, part, LABEL_ROOM, LABEL, names)]


def _sign_here(pen: Pen, label: Sequence[SetLine], x: float, top: float) -> None:
    foot = top + FINGER_SIDE
    pen.lines(label, x, foot - len(label) * LABEL.pitch, LABEL_ROOM, LABEL)
    start = x + LABEL_ROOM + 1 * MM
    pen.rule(start, foot, start + LINE_LENGTH, foot)
    finger = start + LINE_LENGTH + 2 * MM
    pen.frame(finger, top, FINGER_SIDE, FINGER_SIDE, dashed=True)
    pen.words(FINGER_WORDS, finger, foot - 11, FINGER_SIDE, HINT)


def signed_and_sealed(galley: Galley, signers: Sequence[Signer], places: Sequence[str]) -> list[Strip]:
    """Return places to sign and then those for seals; a single seal stands beside a last signer who is alone."""
    if len(places) != 1 or len(signers) % 2 == 0:
        return [*signatures(galley, signers), *seals(galley, places)]
    alone, seal = _signing(galley, signers[-1:]), _sealing(galley, places)

    def both(pen: Pen, top: float) -> None:
        alone(pen, top)
        seal(pen, top)

    apart = (Strip(ROW_HEIGHT, alone, with_next=True), RoomyStrip(SEAL_STRIP, seal, free=galley.sheet.room * 2 / 3))
    return [*signatures(galley, signers[:-1]), RoomyStrip(SEAL_STRIP, both, apart=apart)]


def seals(galley: Galley, places: Sequence[str]) -> list[Strip]:
    """Return dashed frames for seals, three beside each other at most, a place for the day under each."""
    rows = [places[start : start + 3] for start in range(0, len(places), 3)]
    return [RoomyStrip(SEAL_STRIP, _sealing(galley, row), free=galley.sheet.room * (3 - len(row)) / 3) for row in rows]


def _sealing(galley: Galley, places: Sequence[str]) -> Draw:
    room = galley.sheet.room / 3
    first = galley.sheet.left + galley.sheet.room - room * len(places)

    def draw(pen: Pen, top: float) -> None:
        for number, words in enumerate(places):
            x = first + number * room + (room - SEAL_SIDE) / 2
            pen.frame(x, top + 2 * MM, SEAL_SIDE, SEAL_SIDE, dashed=True)
            made = _seal_words(pen.fonts, words)
            middle = top + 2 * MM + (SEAL_SIDE - len(made) * SEAL.pitch) / 2
            pen.lines(made, x + 4, middle, SEAL_SIDE - 8, SEAL)
            pen.words(DAY_WORDS, x, top + SEAL_SIDE + 4 * MM, SEAL_SIDE, DAY)

    return draw


def _seal_words(fonts: Fonts, words: str) -> list[SetLine]:
    """Return what stands in the place for a seal: on one line, else whose it is and under it 盖章处."""
    whole = typeset(fonts, words, SEAL_SIDE - 8, SEAL)
    if len(whole) < 2 or not words.endswith(SEAL_HERE):
        return whole
    return [
        *typeset(fonts, words.removesuffix(SEAL_HERE), SEAL_SIDE - 8, SEAL),
        *typeset(fonts, SEAL_HERE, SEAL_SIDE - 8, SEAL),
    ]


def keep_together(galley: Galley, *starts: int) -> int:
    """Keep all from a strip on to the end on one page: from the first of `starts` for which that does not waste one.

    Returns which strip that is. When there is none, the last signatures stay with the seals.
    """
    last = max(0, len(galley.strips) - 2)
    start = next((start for start in starts if _stands_well(galley, start)), last)
    galley.strips[start:-1] = [replace(strip, with_next=True) for strip in galley.strips[start:-1]]
    return start


def _stands_well(galley: Galley, start: int) -> bool:
    """Return whether all from a strip on fits on a page, and too much of the page before is not left empty."""
    needed = sum(strip.height for strip in galley.strips[start:])
    left = _room_left(galley, start)
    return needed <= left or (needed <= galley.sheet.depth and left <= MOST_LEFT_EMPTY * galley.sheet.depth)


def _room_left(galley: Galley, start: int) -> float:
    """Return how much of the page is empty when all before a strip has been laid."""
    bottom = galley.sheet.top + galley.sheet.depth
    laid = lay(galley.strips[:start], galley.sheet.top, bottom)[-1]
    return bottom - (laid[-1].top + laid[-1].strip.height) if laid else galley.sheet.depth
