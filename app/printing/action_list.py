"""任务分解清单 (F13): the tasks a committee hands to departments, on a sheet turned sideways."""

from app.domain.paper import ActionLine, ActionList
from app.printing.fonts import Fonts, Style
from app.printing.page import LANDSCAPE, Galley
from app.printing.pen import CELL_SIZE, SMALL_SIZE, Align, Look
from app.printing.signing import seals
from app.printing.table import Column, cell_look, table

SUBTITLE = Look(Style.BODY, SMALL_SIZE, pitch=20.0, indent=0, align=Align.CENTER)
LEFT = cell_look(CELL_SIZE)
CENTERED = cell_look(CELL_SIZE, Align.CENTER)
COLUMNS = (
    Column("序号", 11, CENTERED),
    Column("任务内容", 49, LEFT),
    Column("对应共识", 27, LEFT),
    Column("牵头单位", 24, LEFT),
    Column("配合单位", 24, LEFT),
    Column("责任人", 17, CENTERED),
    Column("完成时限", 20, CENTERED),
    Column("资金来源\n与分担", 22, LEFT),
    Column("监督员", 15.5, CENTERED),
    Column("备注", 15.5, LEFT),
)


def draw(paper: ActionList, fonts: Fonts) -> bytes:
    """Return the PDF of an action list."""
    names = [name for row in paper.rows for name in (row.person, row.supervisor)]
    galley = Galley(fonts, LANDSCAPE, names)
    galley.title(paper.title)
    galley.text(paper.subtitle, SUBTITLE, with_next=True)
    galley.blank(0.3, with_next=True)
    rows = [_row(number, row) for number, row in enumerate(paper.rows, start=1)]
    strips = table(galley, COLUMNS, rows, row_mm=10)
    galley.add(*strips[:-1])
    with galley.kept():  # a seal never stands on a page of its own (GB/T 9704-2012, 7.3.5.5)
        galley.add(*strips[-1:])
        galley.add(*seals(galley, paper.seals))
    return galley.pdf(paper.title, paper.imprint)


def _row(number: int, row: ActionLine) -> tuple[str, ...]:
    whom = (row.lead_unit, row.support_units, row.person)
    return (str(number), row.task, row.consensus, *whom, row.due, row.funds, row.supervisor, row.note)
