"""交换核对单: the verdict first, then what is missing, then computer by computer and package by package."""

from app.domain.paper_exchange import ExchangeCheck
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import SMALL_SIZE, Align, Look

LEFT, CENTERED = cell_look(12.0), cell_look(12.0, Align.CENTER)
VERDICT = Look(Style.HEAD, 16.0, 28.0)
MISSING = Look(size=14.0, pitch=24.0)
HEAD = Look(Style.HEAD, 14.0, 26.0, 0, Align.LEFT)
NOTE = Look(size=SMALL_SIZE, pitch=19.0, indent=0, align=Align.LEFT)
ROOM = 156.0
LEVEL = 20.0


def compose(paper: ExchangeCheck, to: Compositor) -> None:
    """Set the sheet."""
    to.title(paper.title)
    to.blank(0.3)
    to.form([list(paper.facts[start : start + 2]) for start in range(0, len(paper.facts), 2)], row_mm=9.0)
    to.blank(0.3)
    to.text(paper.verdict, VERDICT)
    for line in paper.missing:
        to.text(line, MISSING)
    _computers(paper, to)
    _packages(paper, to)
    to.blank(0.3)
    for note in paper.notes:
        to.text(note, NOTE)
    to.blank(0.5)
    to.form([[("送交人", ""), ("接收人", "")], [("日期", ""), ("日期", "")]], row_mm=11.0)


def _computers(paper: ExchangeCheck, to: Compositor) -> None:
    to.blank(0.3, with_next=True)
    to.text("各台电脑", HEAD, with_next=True)
    levels = [Column(level, LEVEL, CENTERED) for level in paper.levels]
    names = ROOM - 24.0 - 30.0 - LEVEL * len(levels)
    columns = (
        Column("电脑", names, LEFT),
        Column("记录", 24.0, CENTERED),
        *levels,
        Column("核对码", 30.0, CENTERED),
    )
    to.table(columns, [(one.computer, one.entries, *one.reached, one.digits) for one in paper.computers])


def _packages(paper: ExchangeCheck, to: Compositor) -> None:
    if not paper.packages:
        return
    to.blank(0.3, with_next=True)
    to.text("最近送出的包", HEAD, with_next=True)
    levels = [Column(level, LEVEL, CENTERED) for level in paper.levels]
    days = ROOM - 22.0 - 26.0 - 22.0 - LEVEL * len(levels)
    columns = (
        Column("包", 22.0, CENTERED),
        Column("送出", days, CENTERED),
        Column("怎么送", 26.0, CENTERED),
        Column("内容", 22.0, CENTERED),
        *levels,
    )
    to.table(columns, [(one.number, one.day, one.carrier, one.items, *one.arrived) for one in paper.packages])
