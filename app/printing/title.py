"""A title broken by sense: 梯形 or 菱形, never an hourglass, never a word in two (GB/T 9704, 7.3.1)."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from math import ceil

from app.printing.lines import SPACES, breaks

# Words of titles that are not cut in two; there is no segmenter here, and a miss only costs some beauty.
WORDS = re.findall(
    r"\w+",
    """院坝 协商 共识 村委会 居委会 任务 分解 清单 签到 会议 记录 纪要 议题 委员 政协 建设 关于 问题 工作 修建 挡墙 排水
    沟渠 道路 整治 环境 饮水 管理 村规民约 乡村 振兴 公示 公告 通知 通告 移风易俗 征求 意见 方案 活动 情况 报告 回访
    办理 反馈 满意度 测评 维修 改造 提升 治理 安全 产业 发展 群众 村民 代表 小组 社区 街道 乡镇 县委 党委 政府 部门
    深聊 一线 工作站 监督 落实 宅基地 滑坡 陈规 陋习 和美 美丽 清淤 桥梁 维护 秩序 停车 雨污 分流""",
)
AFTER_THESE = "的、和与及暨，：》）”"
AFTER_PLACES = "村组乡镇县市区会"
QUOTES = (("“", "”"), ("《", "》"), ("（", "）"), ("‘", "’"))
BEFORE_THESE = ("关于", "暨", "协商", "院坝", "和", "与", "及", "《", "（")
MOST_LINES = 4


def title_cuts(text: str, widths: Sequence[float], room: float, names: Sequence[str] = ()) -> list[str]:
    """Return the lines of a title, each at most `room` wide; one line when it fits, nothing for an empty title.

    A title too long for four lines, or with a word wider than the measure, comes back whole, to be broken as text.
    """
    if not text:
        return []
    total = sum(widths)
    fewest = ceil(total / room - 1e-9)
    em = max(widths)
    for count in range(max(1, fewest), MOST_LINES + 1):
        fitting = list(_fitting(text, widths, room, names, count))
        if fitting:
            best = min(fitting, key=lambda edges: _cost(text, widths, edges, em))
            return [text[start:end].strip(SPACES) for start, end in pairwise(best)]
    return [text]


def _fitting(
    text: str, widths: Sequence[float], room: float, names: Sequence[str], count: int
) -> Iterator[tuple[int, ...]]:
    """Yield every way to cut into `count` lines that fit."""
    allowed = [place for place, may in enumerate(breaks(text, names)) if may and place]
    inner = [place for place in allowed if _place_cost(text, place) < 2] if len(allowed) > 40 else allowed
    for cuts in combinations(inner, count - 1):
        edges = (0, *cuts, len(text))
        if all(sum(widths[start:end]) <= room + 1e-6 for start, end in pairwise(edges)):
            yield edges


def _cost(text: str, widths: Sequence[float], edges: tuple[int, ...], em: float) -> float:
    """Return how bad a way to cut is: torn words first, then the shape."""
    lengths = [sum(widths[start:end]) / em for start, end in pairwise(edges)]
    return sum(_place_cost(text, place) for place in edges[1:-1]) + _shape_cost(lengths)


def _place_cost(text: str, place: int) -> float:
    """Return how bad a cut at `place` is: 0 where sense pauses, 8 inside a word."""
    for word in WORDS:
        for shift in range(1, len(word)):
            if text.startswith(word, place - shift) and place >= shift:
                return 8.0
    if any(text[:place].count(opening) > text[:place].count(closing) for opening, closing in QUOTES):
        return 5.0
    if text[place - 1] in AFTER_THESE or text.startswith(BEFORE_THESE, place):
        return 0.0
    address_ends = text[place - 1] in AFTER_PLACES and not any(sign in AFTER_PLACES for sign in text[place : place + 4])
    return 0.5 if address_ends else 1.5


def _shape_cost(lengths: list[float]) -> float:
    """Return how far the lines are from a trapezium or a lozenge."""
    if len(lengths) == 1:
        return 0.0
    steps = [after - before for before, after in pairwise(lengths)]
    hourglass = any(before < 0 < after for before, after in pairwise(steps))
    flat = sum(abs(step) < 0.75 for step in steps)
    lopsided = max(lengths) / max(min(lengths), 0.5) - 1
    return 6.0 * hourglass + 1.0 * flat + 2.0 * lopsided * lopsided
