"""Places to sign, for fingers and for seals in a Word file: tables without a grid, boxes dashed. No seal is drawn."""

from collections.abc import Sequence
from itertools import pairwise

from app.domain.paper import Signer
from app.office_files.ooxml import Element, border, made, points, run, told
from app.office_files.word_styles import BLANK, NAMED, cell_margins
from app.printing.page import Sheet
from app.printing.pen import MM, Look
from app.printing.signing import (
    DAY,
    DAY_WORDS,
    FINGER_SIDE,
    FINGER_WORDS,
    HINT,
    LABEL,
    LABEL_ROOM,
    LINE_LENGTH,
    ROW_HEIGHT,
    SEAL,
    SEAL_HERE,
    SEAL_SIDE,
    SEAL_STRIP,
)

DASHED = tuple((side, "dashed") for side in ("top", "left", "bottom", "right"))
UNDER = (("bottom", "single"),)
PLACE = (LABEL_ROOM, 1 * MM, LINE_LENGTH, 2 * MM, FINGER_SIDE)
"""One place to sign: who, a gap, the line, a gap, the finger."""
SEAL_DROP = 2 * MM
SEAL_CHARACTERS = int((SEAL_SIDE - 8) // SEAL.size)


def signatures(sheet: Sheet, signers: Sequence[Signer]) -> list[Element]:
    """Return places to sign, two beside each other."""
    if not signers:
        return []
    half = sheet.room / 2
    widths = [*PLACE, half - sum(PLACE), *PLACE, half - sum(PLACE)]
    rows = []
    for start in range(0, len(signers), 2):
        cells: list[Element] = []
        for number in (start, start + 1):
            signer = signers[number] if number < len(signers) else None
            cells += [*_place(signer), cell(half - sum(PLACE))]
        rows += [row(FINGER_SIDE, cells), _spacer(ROW_HEIGHT - FINGER_SIDE, widths)]
    return [bare_table(widths, rows)]


def _place(signer: Signer | None) -> list[Element]:
    """Return the five cells of a place to sign; empty ones where nobody signs."""
    if signer is None:
        return [cell(width) for width in PLACE]
    words = [part for part in (signer.label, signer.name) if part]
    return [
        cell(PLACE[0], words, LABEL, stands="bottom"),
        cell(PLACE[1]),
        cell(PLACE[2], borders=UNDER),
        cell(PLACE[3]),
        cell(PLACE[4], [FINGER_WORDS], HINT, borders=DASHED, stands="bottom"),
    ]


def seals(sheet: Sheet, places: Sequence[str]) -> list[Element]:
    """Return dashed boxes for seals, three beside each other at most, standing at the right."""
    rows: list[Element] = []
    room = sheet.room / 3
    side = (room - SEAL_SIDE) / 2
    widths = [side, SEAL_SIDE, side] * 3
    for start in range(0, len(places), 3):
        words: list[str] = ["", "", ""]
        words[3 - len(places[start : start + 3]) :] = places[start : start + 3]
        boxes, days = list[Element](), list[Element]()
        for one in words:
            boxes += [cell(side), _seal(one) if one else cell(SEAL_SIDE), cell(side)]
            days += [cell(side), cell(SEAL_SIDE, [DAY_WORDS] if one else [], DAY), cell(side)]
        rows += [_spacer(SEAL_DROP, widths), row(SEAL_SIDE, boxes), row(SEAL_STRIP - SEAL_SIDE - SEAL_DROP, days)]
    return [bare_table(widths, rows)] if rows else []


def beside(sheet: Sheet, signer: Signer, seal: str) -> list[Element]:
    """Return the place for the last signer, who is alone, and beside it that for the only seal."""
    side = (sheet.room / 3 - SEAL_SIDE) / 2
    gap = sheet.room - sum(PLACE) - SEAL_SIDE - side
    widths = [*PLACE, gap, SEAL_SIDE, side]
    empty = [cell(width) for width in PLACE]
    first = [*_place(signer), cell(gap), _seal(seal, merge="restart"), cell(side)]
    second = [*empty, cell(gap), _seal("", merge="continue"), cell(side)]
    third = [*[cell(width) for width in PLACE], cell(gap), cell(SEAL_SIDE, [DAY_WORDS], DAY), cell(side)]
    rows = [row(FINGER_SIDE, first), row(SEAL_SIDE - FINGER_SIDE, second), row(SEAL_STRIP - SEAL_SIDE, third)]
    return [bare_table(widths, rows)]


def _seal(words: str, merge: str = "") -> Element:
    if words.endswith(SEAL_HERE) and len(words) > SEAL_CHARACTERS:
        lines = [words.removesuffix(SEAL_HERE), SEAL_HERE]
    else:
        lines = [words] if words else []
    return cell(SEAL_SIDE, lines, SEAL, borders=DASHED, stands="center", merge=merge)


def bare_table(widths: Sequence[float], rows: Sequence[Element]) -> Element:
    """Return a table without a grid, `widths` in points, as wide as the 版心."""
    edges = edges_of(widths)
    about = made(
        "tblPr",
        made("tblW", w=edges[-1], type="dxa"),
        made("tblInd", w=0, type="dxa"),
        made("tblLayout", type="fixed"),
        cell_margins(0, 0),
    )
    grid = made("tblGrid", *(made("gridCol", w=after - before) for before, after in pairwise(edges)))
    return made("tbl", about, grid, *rows)


def edges_of(widths: Sequence[float]) -> list[int]:
    """Return where the columns begin and end, in twips, so that rounding does not add up."""
    edges, place = [0], 0.0
    for width in widths:
        place += width
        edges.append(points(place))
    return edges


def row(height: float, cells: Sequence[Element], rule: str = "exact") -> Element:
    """Return a row that is never split, `height` in points."""
    about = made("trPr", told("cantSplit", 1), made("trHeight", val=points(height), hRule=rule))
    return made("tr", about, *cells)


def _spacer(height: float, widths: Sequence[float]) -> Element:
    return row(height, [cell(width) for width in widths])


def cell(
    width: float,
    words: Sequence[str] = (),
    look: Look | None = None,
    *,
    borders: Sequence[tuple[str, str]] = (),
    stands: str = "top",
    merge: str = "",
) -> Element:
    """Return a cell with its lines in the style of a look; an empty one holds a line of no height to speak of."""
    about = made(
        "tcPr",
        made("tcW", w=points(width), type="dxa"),
        told("vMerge", merge) if merge else None,
        made("tcBorders", *(border(side, style=style) for side, style in borders)) if borders else None,
        told("vAlign", stands),
    )
    style = NAMED[look] if look else BLANK
    tight = made("pPr", told("pStyle", BLANK), made("spacing", line=20, lineRule="exact"))
    lines = [made("p", made("pPr", told("pStyle", style)), run(word)) for word in words]
    return made("tc", about, *(lines or [made("p", tight)]))
