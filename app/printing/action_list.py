"""任务分解清单 (F13): the tasks a committee hands to departments, on a sheet turned sideways."""

from app.domain.paper import ActionLine, ActionList
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import CELL_SIZE, SMALL_SIZE, Align, Look

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


def names(paper: ActionList) -> list[str]:
    """Return every name that is kept in one piece."""
    return [name for row in paper.rows for name in (row.person, row.supervisor)]


def compose(paper: ActionList, to: Compositor) -> None:
    """Set an action list."""
    to.title(paper.title)
    to.text(paper.subtitle, SUBTITLE, with_next=True)
    to.blank(0.3, with_next=True)
    rows = [_row(number, row) for number, row in enumerate(paper.rows, start=1)]
    # A seal never stands on a page of its own (GB/T 9704-2012, 7.3.5.5).
    to.table(COLUMNS, rows, row_mm=10, keep_last=bool(paper.seals))
    to.seals(paper.seals)


def _row(number: int, row: ActionLine) -> tuple[str, ...]:
    whom = (row.lead_unit, row.support_units, row.person)
    return (str(number), row.task, row.consensus, *whom, row.due, row.funds, row.supervisor, row.note)
