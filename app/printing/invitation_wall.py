"""会议公告 on a wall (F5): black letters of 36 to 48 points, as large as one sheet holds."""

from dataclasses import replace

from app.domain.paper import Imprint, Paper
from app.domain.paper_invitation import InvitationWall, Poster
from app.printing.fonts import Fonts, Style
from app.printing.page import PORTRAIT, Sheet, Strip, lay
from app.printing.paper_pdf import PaperPdf
from app.printing.pen import MM, Align, Look

SIZES = (48.0, 44.0, 40.0, 36.0)
PITCH = 1.3
LARGER_HEAD = 1.15
FRAME = 3 * MM
WALL = replace(PORTRAIT, left=20 * MM, top=22 * MM, room=170 * MM, depth=240 * MM)
"""A wall notice is not bound: its margins are even, and the letters have more room."""


def draw(paper: InvitationWall, fonts: Fonts) -> bytes:
    """Return the PDF, A4."""
    return poster_pdf(paper, paper.poster, paper.imprint, fonts, WALL, SIZES)


def poster_pdf(
    paper: Paper, poster: Poster, imprint: Imprint, fonts: Fonts, sheet: Sheet, sizes: tuple[float, ...]
) -> bytes:
    """Return a poster in the largest of `sizes` that fits on one sheet, else in the smallest on as many as it takes."""
    for size in sizes:
        galley = PaperPdf(fonts, sheet)
        _put(poster, galley, size)
        if len(lay(galley.strips, sheet.top, sheet.top + sheet.depth)) == 1:
            break
    return galley.pdf(paper.title, imprint)


def _put(poster: Poster, galley: PaperPdf, size: float) -> None:
    head = Look(Style.TITLE, size * LARGER_HEAD, size * LARGER_HEAD * PITCH, 0, Align.CENTER)
    body = Look(Style.HEAD, size, size * PITCH, 0, Align.LEFT)
    galley.title(poster.head, head)
    galley.add(_gap(size * 0.3))
    for label, lines in poster.points:
        _point(galley, label, lines, body)
    galley.text(poster.closing, replace(body, style=Style.KAI, size=size * 0.75, pitch=size * 0.75 * PITCH))
    foot = Look(Style.BODY, size * 0.6, size * 0.6 * PITCH, 0, Align.RIGHT)
    galley.text(f"{poster.organ}\n{poster.day}", foot)


def _gap(height: float) -> Strip:
    return Strip(height, lambda pen, top: None, with_next=True, gap=True)


def _point(galley: PaperPdf, label: str, lines: tuple[str, ...], look: Look) -> None:
    """Put a label in small letters, and what matters under it in large ones."""
    small = replace(look, size=look.size * 0.6, pitch=look.size * 0.6 * PITCH, style=Style.KAI)
    galley.text(label, small, with_next=True)
    for line in lines:
        galley.text(line, look)
    galley.add(_gap(look.size * 0.2))
