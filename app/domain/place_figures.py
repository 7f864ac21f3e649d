"""Figures of places: what was planned, taken up, agreed, done and found good, by township, month and category.

All of it is added up from records that have come in; no figure can be typed in. What each one counts stands in
`FIGURES`, which the pages print as 数字怎么来的. A consultation of several places counts once, where its host village
is, so that a county has as many as its townships together.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

MANY = 20
"""Of fewer households no share is told."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted, as whole numbers; `households` and `content` as every level may know them (`revisit.told`)."""

    planned: int = 0
    taken_up: int = 0
    sittings: int = 0
    consensuses: int = 0
    unanimous: int = 0
    done: int = 0
    underway: int = 0
    households: int = 0
    content: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Return both together."""
        return Figures(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    def share_taken_up(self) -> int | None:
        """Return how many per cent of what was planned have been taken up; None when nothing was planned."""
        return _per_cent(self.taken_up, self.planned)

    def share_unanimous(self) -> int | None:
        """Return how many per cent of what was agreed was agreed by everybody; None when nothing was agreed."""
        return _per_cent(self.unanimous, self.consensuses)

    def share_content(self) -> int | None:
        """Return about how many per cent of the households revisited are satisfied; None when too few were asked."""
        return min(100, _per_cent(self.content, self.households) or 0) if self.households >= MANY else None


NAMES = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True, slots=True)
class Cell:
    """What was counted for one township (nine digits; shorter when that is not known), month (2026-03) and category."""

    township: str
    month: str
    category: str
    figures: Figures


def total(parts: Iterable[Figures]) -> Figures:
    """Return all of them together."""
    sums = [0] * len(NAMES)
    for part in parts:
        sums = [one + two for one, two in zip(sums, astuple(part), strict=True)]
    return Figures(*sums)


def _per_cent(part: int, whole: int) -> int | None:
    return (200 * part + whole) // (2 * whole) if whole else None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure counts: its name, its unit, and the sentence that explains it."""

    name: str
    title: str
    measure: str
    sentence: str


FIGURES = (
    Meaning(
        "planned",
        "列入计划的议题",
        "个",
        "这一年里立题的议题，按立题日期算在那个月，按议题所在的村算在那个乡镇。并案的只算并到的那一个。",
    ),
    Meaning(
        "taken_up",
        "已经协商",
        "个",
        "上面那些议题里，已经开过会的，不管开了几场。算在立题的那个月，所以一定不比计划的多。",
    ),
    Meaning("sittings", "协商场次", "场", "开过的会，按开会那天算。一件事开了两场算两场。取消的、没开的不算。"),
    Meaning(
        "consensuses",
        "形成共识",
        "条",
        "会上议定的条款，达成、部分达成、附条件的都算，未达成和择期再议的不算。按议定那天算。",
    ),
    Meaning(
        "unanimous",
        "一致通过",
        "条",
        "共识里，点过人数而且在场的人都同意的，或者按“无异议通过”定下来的。没有点人数的其他办法不算一致。",
    ),
    Meaning("done", "解决的问题", "个", "销了号的任务，按办完那天算。一条共识分给三家办，三家都办完算三个。"),
    Meaning("underway", "还在办", "个", "没有办完、也没有终止的任务，算在定下它的那场会的月份。"),
    Meaning(
        "households",
        "回访户数",
        "户",
        "办完以后回头问过的户数，按回访那天算。每一次回访，五种回答各自先凑成 5 的倍数再加起来，"
        "从哪一级都倒推不出是哪一家。",
    ),
    Meaning(
        "content",
        "回访满意",
        "户",
        "回访时回答“很满意”和“满意”的户数，同样先凑成 5 的倍数。“说不清”的算在总数里，不算满意。"
        "只显示比例；不到 20 户的不算比例。",
    ),
)
"""Every figure with what it counts, in the order they are told."""
