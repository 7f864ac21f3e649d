"""会议议程和主持词 (F6): a table for everybody, then the host's lines step by step, large enough to read standing."""

from app.domain.paper_agenda import Agenda
from app.domain.wording import numeral
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.pen import SMALL_SIZE, Align

LEFT = cell_look(SMALL_SIZE)
CENTERED = cell_look(SMALL_SIZE, Align.CENTER)
COLUMNS = (
    Column("序", 10, CENTERED),
    Column("时间", 31, CENTERED),
    Column("议程", 63, LEFT),
    Column("分钟", 14, CENTERED),
    Column("发言", 38, LEFT),
)


def compose(paper: Agenda, to: Compositor) -> None:
    """Set an agenda and the host's lines."""
    to.title(paper.title)
    to.blank(0.5, with_next=True)
    to.form(paper.frame)
    to.blank(0.5)
    to.heading("一、议程")
    rows = [
        (str(number), step.clock, step.name, str(step.minutes), step.speakers)
        for number, step in enumerate(paper.steps, start=1)
    ]
    to.table(COLUMNS, rows, row_mm=9.0)
    to.blank(0.5)
    to.text(paper.total)
    to.text(paper.warning)
    to.heading("二、主持词")
    for number, step in enumerate(paper.steps, start=1):
        minutes = f"（{step.minutes}分钟）"
        to.heading(f"（{numeral(number)}）{step.name}{minutes}", 2)
        to.text("\n".join(step.lines))


def names(paper: Agenda) -> tuple[str, ...]:
    """Return every name that is kept in one piece."""
    return paper.names
