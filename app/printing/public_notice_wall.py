"""公示 in letters to be read from three metres, A4."""

from dataclasses import replace

from app.domain.paper import Imprint, Paper
from app.domain.paper_notice import PublicNotice, PublicNoticeWall
from app.domain.wording import numeral
from app.printing.fonts import Fonts, Style
from app.printing.page import PORTRAIT, Sheet, lay
from app.printing.paper_pdf import PaperPdf
from app.printing.pen import MM, Align, Look

WALL = replace(PORTRAIT, left=20 * MM, top=20 * MM, room=170 * MM, depth=242 * MM)
"""A wall notice is not bound: its margins are even, and the letters have more room."""
SIZES = (36.0, 34.0, 32.0, 30.0, 28.0)
PITCH = 1.35


def draw(paper: PublicNoticeWall, fonts: Fonts) -> bytes:
    """Return the PDF, A4."""
    return notice_pdf(paper, paper.notice, paper.imprint, fonts, WALL, SIZES)


def notice_pdf(
    paper: Paper, notice: PublicNotice, imprint: Imprint, fonts: Fonts, sheet: Sheet, sizes: tuple[float, ...]
) -> bytes:
    """Return the notice in the largest letters with which it takes no more sheets than with the smallest."""
    fewest = _sheets(notice, fonts, sheet, sizes[-1])
    size = next(size for size in sizes if _sheets(notice, fonts, sheet, size) <= fewest)
    return _set(notice, fonts, sheet, size).pdf(paper.title, imprint)


def _sheets(notice: PublicNotice, fonts: Fonts, sheet: Sheet, size: float) -> int:
    return len(lay(_set(notice, fonts, sheet, size).strips, sheet.top, sheet.top + sheet.depth))


def _set(notice: PublicNotice, fonts: Fonts, sheet: Sheet, size: float) -> PaperPdf:
    galley = PaperPdf(fonts, sheet, name="公示")
    body = Look(Style.BODY, size, size * PITCH, 0, Align.LEFT)
    head = replace(body, style=Style.HEAD)
    galley.title(notice.title, Look(Style.TITLE, size * 1.2, size * 1.2 * PITCH, 0, Align.CENTER))
    galley.blank(0.5, with_next=True)
    for number, section in enumerate(notice.sections, start=1):
        galley.text(f"{numeral(number)}、{section.heading}", head, with_next=True)
        galley.text(section.text, body)
        galley.text(
            "　".join(part for part in (section.tally, section.reserved) if part), replace(body, style=Style.KAI)
        )
    for number, task in enumerate(notice.tasks, start=1):
        told = "，".join(part for part in (task.unit, task.due) if part)
        galley.text(f"任务{number}：{task.task}" + (f"（{told}）" if told else ""), body)
    galley.blank(0.5)
    with galley.kept():
        for line in (notice.period, notice.phone, f"{notice.organ}　{notice.day}".strip()):
            galley.text(line, replace(body, style=Style.KAI))
    return galley
