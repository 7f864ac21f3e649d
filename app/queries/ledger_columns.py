"""台账: the columns of each list, with what they hold and how wide they are."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class CellKind(StrEnum):
    """What a column holds. A code is text even when it looks like a number: its zeros stay."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    DAY = "day"
    TIME = "time"


Cell = str | int | Decimal | date | datetime | None


class LedgerColumn(NamedTuple):
    """A column: its header, what it holds, and how many Chinese characters wide it is."""

    header: str
    kind: CellKind = CellKind.TEXT
    width: int = 10


T, C, N, D, H = CellKind.TEXT, CellKind.CODE, CellKind.NUMBER, CellKind.DAY, CellKind.TIME
NUMBER_FIRST, NOTE_LAST = LedgerColumn("序号", N, 3), LedgerColumn("备注", T, 8)
TOPICS = (
    NUMBER_FIRST,
    LedgerColumn("议题", T, 18),
    LedgerColumn("乡镇（街道）", T, 7),
    LedgerColumn("村（社区）", T, 6),
    LedgerColumn("区划代码", C, 7),
    LedgerColumn("类别", T, 5),
    LedgerColumn("来源", T, 6),
    LedgerColumn("提出日期", D, 7),
    LedgerColumn("立题日期", D, 7),
    LedgerColumn("协商场次", N, 4),
    LedgerColumn("目前状态", T, 5),
    NOTE_LAST,
)
CONSULTATIONS = (
    NUMBER_FIRST,
    LedgerColumn("时间", D, 7),
    LedgerColumn("乡镇（街道）", T, 7),
    LedgerColumn("地点", T, 10),
    LedgerColumn("主题", T, 14),
    LedgerColumn("协商形式", T, 5),
    LedgerColumn("参加人数", N, 3),
    LedgerColumn("其中群众", N, 3),
    LedgerColumn("委员人数", N, 3),
    LedgerColumn("收集意见数", N, 4),
    LedgerColumn("形成共识数", N, 4),
    LedgerColumn("任务数", N, 3),
    LedgerColumn("解决数", N, 3),
    LedgerColumn("成果形式", T, 5),
    LedgerColumn("照片编号", C, 5),
    LedgerColumn("目前状态", T, 5),
    NOTE_LAST,
)
PROGRESS = (
    NUMBER_FIRST,
    LedgerColumn("乡镇（街道）", T, 6),
    LedgerColumn("协商主题", T, 10),
    LedgerColumn("任务内容", T, 15),
    LedgerColumn("对应共识", T, 8),
    LedgerColumn("牵头单位", T, 7),
    LedgerColumn("配合单位", T, 7),
    LedgerColumn("责任人职务或身份", T, 6),
    LedgerColumn("完成时限", D, 7),
    LedgerColumn("办理状态", T, 5),
    LedgerColumn("逾期天数", N, 4),
    LedgerColumn("最近进展", T, 12),
    LedgerColumn("进展日期", D, 7),
    LedgerColumn("办结日期", D, 7),
    NOTE_LAST,
)
SUPERVISION = (
    NUMBER_FIRST,
    LedgerColumn("乡镇（街道）", T, 6),
    LedgerColumn("任务", T, 15),
    LedgerColumn("牵头单位", T, 7),
    LedgerColumn("完成时限", D, 7),
    LedgerColumn("逾期天数", N, 4),
    LedgerColumn("上次进度", T, 12),
    LedgerColumn("进展日期", D, 7),
    LedgerColumn("现场情况、存在问题", T, 10),
    LedgerColumn("督办意见", T, 8),
    LedgerColumn("下次时间", D, 6),
    LedgerColumn("督办人", T, 5),
    LedgerColumn("备注", T, 5),
)
PLAN = (
    NUMBER_FIRST,
    LedgerColumn("乡镇（街道）", T, 7),
    LedgerColumn("村（社区）", T, 6),
    LedgerColumn("议题", T, 18),
    LedgerColumn("类别", T, 5),
    LedgerColumn("时间（月）", T, 6),
    LedgerColumn("责任领导", T, 6),
    LedgerColumn("牵头单位", T, 7),
    LedgerColumn("协商形式", T, 5),
    NOTE_LAST,
)
TASKS = (
    NUMBER_FIRST,
    LedgerColumn("任务内容", T, 15),
    LedgerColumn("对应共识", T, 8),
    LedgerColumn("牵头单位", T, 7),
    LedgerColumn("配合单位", T, 7),
    LedgerColumn("责任人", T, 5),
    LedgerColumn("完成时限", D, 7),
    LedgerColumn("资金来源与分担", T, 12),
    LedgerColumn("监督员", T, 5),
    NOTE_LAST,
)
GUESTS = (
    NUMBER_FIRST,
    LedgerColumn("姓名", T, 6),
    LedgerColumn("单位/村组", T, 12),
    LedgerColumn("职务/身份", T, 9),
    LedgerColumn("到会时间", H, 5),
    LedgerColumn("离会时间", H, 5),
    LedgerColumn("参加方式", T, 5),
    LedgerColumn("代签人及关系", T, 8),
    NOTE_LAST,
)
PHONE = LedgerColumn("联系电话", C, 8)
