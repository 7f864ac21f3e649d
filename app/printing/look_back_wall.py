"""上次说的事办到哪了 in letters for a wall, A4: what is late first, each promise with what became of it."""

from app.domain.paper_notice import LookBackWall
from app.domain.wording import numeral
from app.printing.fonts import Fonts
from app.printing.paper_pdf import PaperPdf
from app.printing.public_notice_wall import SIZES, WALL, by_day, looks, signed, wall_pdf


def draw(paper: LookBackWall, fonts: Fonts) -> bytes:
    """Return the PDF, A4."""
    return wall_pdf(paper, paper.imprint, fonts, WALL, SIZES, lambda to, size: _put(paper, to, size))


def _put(paper: LookBackWall, to: PaperPdf, size: float) -> None:
    title, head, body, small = looks(size)
    to.title(paper.title, title)
    to.blank(0.5, with_next=True)
    for number, line in enumerate(paper.page.lines, start=1):
        with to.kept():
            told = "，".join(part for part in (line.unit, by_day(line.due)) if part)
            to.text(f"{numeral(number)}、{line.promised}" + (f"（{told}）" if told else ""), body)
            to.text(f"{line.state}。{line.happened}", head if line.is_late else small)
    to.blank(0.4)
    to.text(paper.page.sums, head)
    signed(to, paper.organ, paper.day, small)
