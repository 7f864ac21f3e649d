"""回访（回头看）记录 (F18): what was agreed and how it stands, then every round, signed by whoever went."""

from app.domain.paper_revisit import RevisitRecord, RevisitRound
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.form_rows import NOTE, ROW_MM, TITLE, box, story
from app.printing.pen import CELL_SIZE, Align

SIGNED = "　　　　　回访人签字：　　　　　　　　　　　　　　　年　　月　　日"
CENTERED = cell_look(CELL_SIZE, Align.CENTER)
ROOM = 156.0


def names(paper: RevisitRecord) -> list[str]:
    """Return every name that is kept in one piece."""
    return [one.by for one in paper.rounds]


def compose(paper: RevisitRecord, to: Compositor) -> None:
    """Set the record."""
    to.title(paper.head, TITLE)
    to.blank(0.3, with_next=True)
    to.form([[("协议编号", paper.agreement)]], row_mm=ROW_MM)
    to.form([[("回访事由", paper.reason)]], row_mm=14.0)
    story(to, "履行情况", paper.state, 20.0)
    for one in paper.rounds:
        with to.kept():
            _round(paper, one, to)
    to.blank(0.2)
    to.text(paper.note, NOTE)


def _round(paper: RevisitRecord, one: RevisitRound, to: Compositor) -> None:
    to.blank(0.3)
    to.form([[("回访日期", one.day), ("问的是", one.about)]], row_mm=ROW_MM)
    heads = ("走访户数", *paper.answers, "满意率")
    columns = [Column(head, ROOM / len(heads), CENTERED) for head in heads]
    to.table(columns, [(one.households, *one.answers, one.rate)], row_mm=ROW_MM)
    box(to, "群众怎么说\n履行得怎样", one.text, 30.0, foot="")
    box(to, "回访人", one.by, 16.0, foot=SIGNED)
