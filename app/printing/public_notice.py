"""公示 (F17): on the wall for the days its practice asks for, names hidden, with room for what villagers say to it."""

from app.domain.paper_notice import PublicNotice
from app.domain.wording import numeral
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import BODY_TRACKING, CELL_SIZE, Align, Look
from app.printing.seal_words import seal_words

BELOW_RATIO = "【未达比例】"
LEFT, CENTERED = cell_look(12.0), cell_look(12.0, Align.CENTER)
COLUMNS = (
    Column("序", 10, CENTERED),
    Column("任务", 80, LEFT),
    Column("责任单位", 36, CENTERED),
    Column("期限", 30, CENTERED),
)
REMARK_ROWS = 3
ROUTE = Look(Style.KAI, tracking=BODY_TRACKING)
SMALL = cell_look(CELL_SIZE)


def compose(paper: PublicNotice, to: Compositor) -> None:
    """Set a public notice."""
    to.title(paper.title)
    to.blank(with_next=True)
    to.text(paper.opening)
    for number, section in enumerate(paper.sections, start=1):
        to.heading(f"{numeral(number)}、{section.heading}")
        to.text(section.text)
        to.text(section.tally, lead=BELOW_RATIO if section.below_ratio else "")
        to.text(section.reserved)
        to.text(section.route_line, ROUTE)
    if paper.tasks:
        to.heading(f"{numeral(len(paper.sections) + 1)}、任务分解")
        rows = [(str(number), task.task, task.unit, task.due) for number, task in enumerate(paper.tasks, start=1)]
        to.table(COLUMNS, rows)
        to.blank(0.5)
    start = to.mark()
    for line in (paper.basis, paper.period, paper.phone, paper.closing):
        to.text(line)
    _foot(paper, to)
    to.stay_together(start)
    if paper.imprint.seal:
        to.seal_code(paper.imprint.seal, seal_words(paper.imprint))


def _foot(paper: PublicNotice, to: Compositor) -> None:
    to.form([[(paper.remarks, "\n" * REMARK_ROWS)]], row_mm=30, label_mm=20)
    if paper.organ:
        to.subscribe(paper.organ, paper.day)
    else:
        to.seals(paper.seals)
