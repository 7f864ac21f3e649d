"""交办单 (F13): a page for each unit: what it is to do, where the office seals, and the receipt to cut off and return.

The page code stands under the receipt, so that the half that comes back tells which tasks it is about.
"""

from app.domain.paper_assignment import AssignedTask, AssignmentSlip, AssignmentSlips
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import CELL_SIZE, SMALL_SIZE, Align, Look

TITLE = Look(Style.TITLE, 18.0, pitch=24.0, indent=0, align=Align.CENTER)
NUMBER = Look(size=SMALL_SIZE, pitch=18.0, indent=0, align=Align.CENTER)
ADDRESSEE = Look(size=14.0, pitch=22.0, indent=0)
TEXT = Look(size=SMALL_SIZE, pitch=18.0)
CUT = Look(Style.SONG, 9.0, pitch=16.0, indent=0, align=Align.CENTER)
RECEIPT = Look(Style.HEAD, 14.0, pitch=22.0, indent=0, align=Align.CENTER)
LEFT, CENTERED = cell_look(CELL_SIZE), cell_look(CELL_SIZE, Align.CENTER)
COLUMNS = (
    Column("序号", 11, CENTERED),
    Column("任务内容", 50, LEFT),
    Column("对应共识", 27, LEFT),
    Column("配合单位", 23, LEFT),
    Column("完成时限", 26, CENTERED),
    Column("监督员", 19, CENTERED),
)
DASHES = "- " * 30
BOX = "□"


def names(paper: AssignmentSlips) -> list[str]:
    """Return every name that is kept in one piece."""
    return [name for slip in paper.slips for task in slip.tasks for name in (task.person, task.supervisor) if name]


def compose(paper: AssignmentSlips, to: Compositor) -> None:
    """Set the slips, each on a page of its own."""
    for place, slip in enumerate(paper.slips):
        if place:
            to.new_page()
        _slip(paper, slip, to)


def _slip(paper: AssignmentSlips, slip: AssignmentSlip, to: Compositor) -> None:
    to.title(paper.title, TITLE)
    to.text(f"{paper.number}{slip.part}", NUMBER)
    to.text(f"{slip.unit}：", ADDRESSEE, with_next=True)
    to.text(paper.opening, TEXT)
    to.blank(0.2)
    to.table(COLUMNS, [_row(task) for task in slip.tasks], row_mm=10.0)
    to.blank(0.2)
    to.text(paper.demands, TEXT, with_next=True)
    with to.kept():
        to.subscribe(paper.organ, paper.day)
        to.text(f"{DASHES}沿此线剪开{DASHES}".strip(), CUT)
        _receipt(paper, slip, to)


def _row(task: AssignedTask) -> tuple[str, ...]:
    return (str(task.number), task.task, task.consensus, task.support_units, task.due, task.supervisor)


def _receipt(paper: AssignmentSlips, slip: AssignmentSlip, to: Compositor) -> None:
    numbers = "、".join(str(task.number) for task in slip.tasks)
    to.text(f"签收回执（{paper.return_words}）", RECEIPT)
    to.form(
        [
            [("承办单位", slip.unit), ("任务序号", f"第{numbers}项")],
            [("签收人", ""), ("签收日期", "　　　　年　　月　　日")],
            [("退办理由", f"{BOX} 非本单位职责　{BOX} 其他：")],
            [("建议\n承办单位", "")],
        ],
        row_mm=10.0,
        label_mm=24.0,
    )
