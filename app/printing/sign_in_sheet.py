"""签到表 (F7): who was asked, who came, with room to sign or press a thumb, and blank rows for those who come late."""

from app.domain.paper import SignInRow, SignInSheet
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.pen import CELL_SIZE, SMALL_SIZE, Align, Look

ROW_MM = 10.2  # 21 rows and the header on a page; an elder can sign or press a thumb in 10 mm
ABOUT = Look(size=SMALL_SIZE, pitch=18.0, indent=0, align=Align.LEFT)
NOTICE = Look(size=CELL_SIZE, pitch=14.5, indent=2)
CENTERED = cell_look(SMALL_SIZE, Align.CENTER)
SMALL = cell_look(CELL_SIZE)
COLUMNS = (
    Column("序号", 11, CENTERED),
    Column("姓名", 22, CENTERED),
    Column("单位/村组", 32, SMALL),
    Column("职务/身份", 30, SMALL),
    Column("签到", 34, CENTERED),
    Column("备注", 27, SMALL),
)


def names(paper: SignInSheet) -> list[str]:
    """Return every name that is kept in one piece."""
    return [row.name for row in paper.rows]


def compose(paper: SignInSheet, to: Compositor) -> None:
    """Set a sign-in sheet."""
    to.title(paper.title)
    to.blank(0.3)
    for line in _about(paper):
        to.text(line, ABOUT, with_next=True)
    to.text(paper.notice, NOTICE, with_next=True)
    to.blank(0.25, with_next=True)
    rows = [_row(number, row) for number, row in enumerate(paper.rows, start=1)]
    blank = [_row(len(rows) + number, SignInRow("")) for number in range(1, paper.blank_rows + 1)]
    to.table(COLUMNS, [*rows, *blank], row_mm=ROW_MM, head_mm=ROW_MM)


def _about(paper: SignInSheet) -> list[str]:
    """Return the lines above the table: when and how many, where."""
    expected = "" if paper.expected is None else f"应到{paper.expected}人"
    arrived = f"实到{'　　' if paper.arrived is None else paper.arrived}人" if expected or paper.arrived else ""
    when = (f"时间：{paper.time}" if paper.time else "", expected, arrived)
    where = f"地点：{paper.place}" if paper.place else ""
    return [line for line in ("　".join(part for part in when if part), where) if line]


def _row(number: int, row: SignInRow) -> tuple[str, ...]:
    return (str(number), row.name, row.unit, row.role, "", row.note)
