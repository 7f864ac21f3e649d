"""上次说的事办到哪了: one table to read out and to pin on the wall, what is late first, the figures at the end."""

from app.domain.paper_notice import LookBack
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import Align, Look

OPENING = Look(size=16.0, pitch=26.0)
SUMS = Look(Style.HEAD, 18.0, 30.0, 0, Align.CENTER)
LEFT, CENTERED = cell_look(14.0), cell_look(14.0, Align.CENTER)
COLUMNS = (
    Column("当时说好的", 56, LEFT),
    Column("谁来办", 30, CENTERED),
    Column("哪天前", 25, CENTERED),
    Column("办到哪了", 45, LEFT),
)


def compose(paper: LookBack, to: Compositor) -> None:
    """Set a look back."""
    to.title(paper.title)
    to.blank(0.4, with_next=True)
    to.text(paper.opening, OPENING, with_next=True)
    rows = [
        (line.promised, line.unit, line.due, "\n".join(part for part in (line.state, line.happened) if part))
        for line in paper.lines
    ]
    to.table(COLUMNS, rows, row_mm=12.0)
    to.blank(0.4, with_next=True)
    to.text(paper.sums, SUMS, with_next=True)
    to.text(paper.closing, OPENING)
