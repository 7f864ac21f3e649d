"""The return as a list (F20): rows that add up, who answers for it, and what each column counts."""

from datetime import date

from app.domain import wording
from app.domain.place import Level
from app.domain.return_figures import MEANINGS, POINTS, USE_WORDS, ReturnFigures, Use, figure, meanings
from app.queries.ledger_book import Ledger
from app.queries.ledger_columns import NUMBER_FIRST, Cell, CellKind, LedgerColumn
from app.queries.return_count import Return

SUM = "合计"
SIGNERS = ("填报人", "审核人", "单位负责人")
BELOW = {
    Level.PROVINCE: "州市",
    Level.PREFECTURE: "县（市、区）",
    Level.COUNTY: "乡镇（街道）",
    Level.TOWNSHIP: "村（社区）",
}
NOTE = "填列说明：本表由台账自动汇总，一个数也不用另填；按行政区划顺序排列，不排名次。各项怎么算见指标说明。"
NOTES = {
    Use.UP: "本表供上报：回访户数、满意户数每一次回访先凑成5的倍数再相加，不到20户的不算满意度，看不出是哪几户；"
    "其余各项是实数，省里网页上也有的一个数不差。",
    Use.KEPT: "本表由本县留存：回访户数、满意户数是实数，只在县内使用，不报送县级以上、不公开；往上报的另有一张。",
}
"""What a return says of the households in it, by what it is for."""


def return_ledger(found: Return, unit: str, today: date) -> Ledger:
    """Return a return as a list to be written and printed."""
    first = LedgerColumn(BELOW.get(found.place.level, "单位"), CellKind.TEXT, 8)
    figures = (LedgerColumn(_head(one.name, one.title), CellKind.NUMBER, 4) for one in MEANINGS)
    rows = tuple((at, row.name, *_cells(row.figures, found.use)) for at, row in enumerate(found.rows, start=1))
    return Ledger(
        "统计报表",
        f"{found.place.printed_name}{span_words(found.since, found.until)}协商工作统计报表（{USE_WORDS[found.use]}）",
        (NUMBER_FIRST, first, *figures),
        rows,
        NOTE + NOTES[found.use],
        today,
        unit,
        sums=(None, SUM, *_cells(found.whole, found.use)),
        about=f"时段：{wording.full_day(found.since)}至{wording.full_day(found.until)}",
        signers=SIGNERS,
        meanings=tuple((f"{one.title}（{one.measure}）", one.sentence) for one in meanings(found.use)),
    )


def _head(name: str, title: str) -> str:
    return f"其中{title}" if name in POINTS else "满意度（%）" if name == "share_content" else title


def _cells(figures: ReturnFigures, use: Use) -> tuple[Cell, ...]:
    return tuple(figure(figures, one.name, use) for one in MEANINGS)


def span_words(since: date, until: date) -> str:
    """Return 2026年, 2026年上半年 or 2026年下半年; of any other days nothing, for they are told beside it."""
    ends = (since.month, since.day, until.month, until.day)
    name = {(1, 1, 12, 31): "年", (1, 1, 6, 30): "年上半年", (7, 1, 12, 31): "年下半年"}.get(ends, "")
    return f"{since.year}{name}" if name and since.year == until.year else ""
