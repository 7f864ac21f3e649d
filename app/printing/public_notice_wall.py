"""公示 in letters to be read from three metres, A4.

Strokes of 仿宋 are too thin for three metres: what is agreed stands in 黑体, how it was settled in 楷体.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.paper import Imprint, Paper
from app.domain.paper_notice import PublicNotice, PublicNoticeWall
from app.domain.wording import numeral
from app.printing.fonts import Fonts, Style
from app.printing.page import PORTRAIT, Sheet, lay
from app.printing.paper_pdf import PaperPdf
from app.printing.pen import MM, Align, Look, Pen, typeset
from app.printing.seal_words import seal_words
from app.printing.signing import RoomyStrip

WALL = replace(PORTRAIT, left=20 * MM, top=20 * MM, room=170 * MM, depth=242 * MM)
"""A wall notice is not bound: its margins are even, and the letters have more room."""
SIZES = (36.0, 34.0, 32.0, 30.0, 28.0)
PITCH = 1.32
SEAL_ROOM = 52 * MM
"""How high the place is where the seal is pressed over organ and day: 42 mm and air, or the seal code beside it."""
SEAL_ABOVE = 20 * MM

Put = Callable[[PaperPdf, float], None]


def draw(paper: PublicNoticeWall, fonts: Fonts) -> bytes:
    """Return the PDF, A4."""
    return wall_pdf(paper, paper.imprint, fonts, WALL, SIZES, lambda to, size: put_notice(paper.notice, to, size))


def wall_pdf(paper: Paper, imprint: Imprint, fonts: Fonts, sheet: Sheet, sizes: Sequence[float], put: Put) -> bytes:
    """Return a paper in the largest letters with which it takes no more sheets than with the smallest."""

    def made(size: float) -> PaperPdf:
        galley = PaperPdf(fonts, sheet, name=paper.title)
        put(galley, size)
        if imprint.seal:
            galley.seal_code(imprint.seal, seal_words(imprint))
        return galley

    def sheets(galley: PaperPdf) -> int:
        return len(lay(galley.strips, sheet.top, sheet.top + sheet.depth))

    fewest = sheets(made(sizes[-1]))
    return next(one for one in map(made, sizes) if sheets(one) <= fewest).pdf(paper.title, imprint)


def looks(size: float) -> tuple[Look, Look, Look, Look]:
    """Return how title, headings, text and remarks on a wall look."""
    body = Look(Style.HEAD, size, size * PITCH, 0, Align.LEFT)
    title = Look(Style.TITLE, size * 1.2, size * 1.2 * PITCH, 0, Align.CENTER)
    return title, replace(body, style=Style.TITLE), body, replace(body, style=Style.KAI)


def by_day(due: str) -> str:
    """Return by when: 7月3日前; words that are no day stay as they are."""
    return f"{due}前" if due[-1:] in ("日", "号") else due


def signed(to: PaperPdf, organ: str, day: str, look: Look) -> None:
    """Put who issued it and when, at the right, with white above for the seal; the seal code may stand at the left."""
    right = replace(look, align=Align.RIGHT)
    parts = [part for part in (organ, day) if part]
    made = [line for part in parts for line in typeset(to.fonts, part, to.sheet.room, right)]
    height = max(SEAL_ROOM, SEAL_ABOVE + len(made) * right.pitch)

    def draw(pen: Pen, top: float) -> None:
        pen.lines(made, to.sheet.left, top + height - len(made) * right.pitch, to.sheet.room, right)

    widest = max((line.line.width for line in made), default=0.0)
    to.add(RoomyStrip(height, draw, free=to.sheet.room - widest - 6 * MM))


def put_notice(notice: PublicNotice, to: PaperPdf, size: float) -> None:
    """Put a notice in letters of a size."""
    title, head, body, small = looks(size)
    to.title(notice.title, title)
    to.blank(0.5, with_next=True)
    for number, section in enumerate(notice.sections, start=1):
        to.text(f"{numeral(number)}、{section.heading}", head, with_next=True)
        to.text(section.text, body)
        below = "【未达比例】" if section.below_ratio else ""
        to.text(below + "".join(part for part in (section.tally, section.reserved) if part), small)
        to.text(section.route_line, small)
    if notice.tasks:
        to.text(f"{numeral(len(notice.sections) + 1)}、谁来办、哪天前", head, with_next=True)
    for number, task in enumerate(notice.tasks, start=1):
        told = "，".join(part for part in (task.unit, by_day(task.due)) if part)
        to.text(f"（{numeral(number)}）{task.task}" + (f"（{told}）" if told else ""), body)
    to.blank(0.5)
    with to.kept():
        to.text("\n".join(part for part in (notice.period, notice.phone, notice.remark_line) if part), small)
    signed(to, notice.organ, notice.day, body)
