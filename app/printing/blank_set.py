"""应急空白表 (A9): blanks of one meeting for a power cut: sign-in, notes, consensus, tally; its head is on every page.

Typed in later, or scanned: the code at the foot of each page belongs to the meeting.
"""

from app.domain.paper import Signer
from app.domain.paper_blanks import BlankSet
from app.domain.wording import numeral
from app.printing import sign_in_sheet
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import CELL_SIZE, SMALL_SIZE, Align, Look

TITLE = Look(Style.TITLE, 18.0, pitch=24.0, indent=0, align=Align.CENTER)
ABOUT = Look(size=SMALL_SIZE, pitch=18.0, indent=0, align=Align.LEFT)
HEAD = Look(Style.HEAD, 14.0, pitch=24.0, indent=0)
LINE = Look(size=SMALL_SIZE, pitch=22.0, indent=0, align=Align.LEFT)
NOTICE = Look(size=CELL_SIZE, pitch=14.5, indent=2)
CENTERED, LEFT = cell_look(SMALL_SIZE, Align.CENTER), cell_look(SMALL_SIZE)
ROW_MM = 10.2
NOTES = (
    Column("时间", 18, CENTERED),
    Column("发言人", 26, CENTERED),
    Column("焦点", 14, CENTERED),
    Column("说了什么", 98, LEFT),
)
BOXES = 8
TALLY = (
    Column("意见", 22, CENTERED),
    *(Column("正" if not place else "", 14, CENTERED) for place in range(BOXES)),
    Column("合计", 22, CENTERED),
)
VOICES = ("同意", "反对", "弃权", "不表态")
ISSUE_MM = 32.0
BLANK = "　　　"


def compose(paper: BlankSet, to: Compositor) -> None:
    """Set the blanks, each kind on pages of its own."""
    for sheet in range(paper.sign_sheets):
        _sign_in(paper, sheet, to)
        to.new_page()
    for sheet in range(1, paper.note_sheets + 1):
        _notes(paper, sheet, to)
        to.new_page()
    _consensus(paper, to)
    to.new_page()
    _tally(paper, to)


def _head(paper: BlankSet, name: str, to: Compositor) -> None:
    to.title(f"{paper.meeting}{name}", TITLE)
    when = f"时间：{paper.time or f'{BLANK}年{BLANK}月{BLANK}日{BLANK}时{BLANK}分'}"
    to.text(f"{when}　　地点：{paper.place or BLANK * 4}", ABOUT, with_next=True)
    to.text(f"主持：{paper.host or BLANK * 2}　　记录：{paper.recorder or BLANK * 2}", ABOUT, with_next=True)
    to.blank(0.2, with_next=True)


def _sign_in(paper: BlankSet, sheet: int, to: Compositor) -> None:
    _head(paper, f"签到表（第{sheet + 1}张）", to)
    to.text(f"应到{BLANK}{paper.measure}　　实到{BLANK}{paper.measure}", ABOUT, with_next=True)
    to.text(paper.notice, NOTICE, with_next=True)
    to.blank(0.2, with_next=True)
    first = 1 + sheet * paper.sign_rows
    rows = [(str(number), *("",) * 5) for number in range(first, first + paper.sign_rows)]
    to.table(sign_in_sheet.COLUMNS, rows, row_mm=ROW_MM, head_mm=ROW_MM)


def _notes(paper: BlankSet, sheet: int, to: Compositor) -> None:
    _head(paper, f"记录（第{sheet}张）", to)
    to.table(NOTES, [("",) * 4] * paper.note_rows, row_mm=ROW_MM)


def _consensus(paper: BlankSet, to: Compositor) -> None:
    _head(paper, "共识", to)
    for number, issue in enumerate(paper.issues, start=1):
        with to.kept():
            to.text(f"{numeral(number)}、{issue}", HEAD, with_next=True)
            to.form([[("议定内容", "")]], row_mm=20.0, label_mm=24.0)
            to.form(
                [
                    [("怎么定的", "，".join(f"{voice}{BLANK}{paper.measure}" for voice in VOICES[:3]))],
                    [("保留意见", "")],
                ],
                row_mm=12.0,
                label_mm=24.0,
            )
            to.blank(0.3)
    start = to.mark()
    to.text("谁来办、什么时候办完、谁出什么：", HEAD, with_next=True)
    to.form([[("任务", "")], [("任务", "")], [("任务", "")]], row_mm=11.0, label_mm=24.0)
    to.blank(0.3)
    signing = to.mark()
    to.text(paper.consensus_notice, NOTICE, with_next=True)
    to.sign(
        (Signer("当事人或代表"), Signer("当事人或代表"), Signer("主持", paper.host), Signer("记录", paper.recorder)),
        paper.seals,
    )
    to.stay_together(start, signing)


def _tally(paper: BlankSet, to: Compositor) -> None:
    _head(paper, "计票表", to)
    to.text("每人一画，满五画成一个“正”；一格一个“正”。", LINE, with_next=True)
    for number, issue in enumerate(paper.issues, start=1):
        with to.kept():
            to.text(f"{numeral(number)}、{issue}", HEAD, with_next=True)
            to.table(TALLY, [(voice, *("",) * (BOXES + 1)) for voice in VOICES], row_mm=12.0)
            to.blank(0.3)
    to.text(f"表决时在场{BLANK}{paper.measure}", LINE, with_next=True)
    to.sign((Signer("监票人"), Signer("计票人")))
