"""报表 (F20): what a half-year or yearly return tells of each township: planned, held, who came, agreed, done, content.

A return is added up from records and by nobody typed. Where it tells what the pages of a province tell, it tells the
same (`place_figures.py`). Households it tells as its use allows (trust.md R2): as they were counted where it stays
within the county, whose people may read the records; as the pages of a province tell them where it goes up.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from enum import StrEnum

from app.domain.place import Level
from app.domain.place_figures import FIGURES, Figures, Meaning
from app.domain.revisit import share
from app.domain.topic import CATEGORIES

POINTS: dict[str, tuple[str, frozenset[str]]] = {
    "difficult": ("难点", frozenset({"GOVERNANCE", "DISPUTE", "VILLAGE_RULE"})),
    "hot": ("热点", frozenset({"CUSTOMS", "WATER", "ROAD_BRIDGE", "TRAFFIC", "OTHER"})),
    "blind": ("盲点", frozenset({"ENVIRONMENT", "DRAINAGE"})),
    "blocked": ("堵点", frozenset({"CARE", "HOUSING"})),
    "key": ("重点", frozenset({"INDUSTRY", "ECOMMERCE", "LAND"})),
}
"""五个点, each with the categories of topics that belong to it: 难点 is governance, 热点 what people care about, 盲点
surroundings, 堵点 those in need, 重点 livelihood (source: domain.md 5.2). Which category is which is our proposal."""


class Use(StrEnum):
    """Whether a return goes above the county or stays within it."""

    UP = "up"
    KEPT = "kept"


USE_WORDS: dict[Use, str] = {Use.UP: "上报", Use.KEPT: "本县留存"}


def usual_use(level: Level) -> Use:
    """Return where a return of a place goes unless somebody says so: a county's up, a township's to its county."""
    return Use.KEPT if level in (Level.TOWNSHIP, Level.VILLAGE) else Use.UP


@dataclass(frozen=True, slots=True)
class ReturnFigures:
    """What is counted, as whole numbers: the columns of the return, but for its sums and its share."""

    planned: int = 0
    taken_up: int = 0
    sittings: int = 0
    members: int = 0
    villagers: int = 0
    consensuses: int = 0
    converted: int = 0
    difficult: int = 0
    hot: int = 0
    blind: int = 0
    blocked: int = 0
    key: int = 0
    households: int = 0
    content: int = 0

    def __add__(self, other: "ReturnFigures") -> "ReturnFigures":
        """Return both together."""
        return ReturnFigures(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    @property
    def done(self) -> int:
        """Return how many problems were solved, of all five points."""
        return self.difficult + self.hot + self.blind + self.blocked + self.key

    @property
    def share_content(self) -> int | None:
        """Return how many per cent of the households are content, rounded down; None when nobody was asked."""
        return share(self.content, self.households)

    def told(self, name: str) -> int | None:
        """Return a figure, a sum or the share by the name of its column."""
        value: int | None = getattr(self, name)
        return value


def figure(figures: ReturnFigures, name: str, use: Use) -> int | None:
    """Return what stands in a column: a figure, a sum, or the share, which of too few households does not go up."""
    if name == "share_content" and use is Use.UP:
        return Figures(households=figures.households, content=figures.content).share_content()
    return figures.told(name)


COUNTED = tuple(field.name for field in fields(ReturnFigures))


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that counts: of which place, on which day, the record to open for it, its title, and its counts."""

    code: str
    day: date
    kind: str
    record_id: str
    title: str
    counts: tuple[tuple[str, int], ...]

    def of(self, name: str) -> int:
        """Return by how much it counts for a column."""
        wanted = MADE_OF.get(name, (name,))
        return sum(count for which, count in self.counts if which in wanted)


MADE_OF: dict[str, tuple[str, ...]] = {"done": tuple(POINTS), "share_content": ("households",)}
"""The columns that are made of others, with what stands behind them."""


def total(entries: Iterable[Entry]) -> ReturnFigures:
    """Return what entries come to together."""
    sums = dict.fromkeys(COUNTED, 0)
    for entry in entries:
        for name, count in entry.counts:
            sums[name] += count
    return ReturnFigures(**sums)


_POINT_OF = {category: point for point, (_, categories) in POINTS.items() for category in categories}


def point_of(category: str) -> str:
    """Return which of the five points a category belongs to."""
    return _POINT_OF.get(category, "hot")


_SAME = {meaning.name: meaning for meaning in FIGURES}


def _like(name: str, title: str) -> Meaning:
    """Return what a figure means that the pages of a province tell as well, under the name it has in a return."""
    return Meaning(name, title, _SAME[name].measure, _SAME[name].sentence.replace("这一年里", "这段时间里"))


def _point(name: str) -> Meaning:
    title, categories = POINTS[name]
    named = "、".join(words for code, words in CATEGORIES.items() if code in categories)
    return Meaning(name, title, "个", f"解决问题数里，类别是{named}的。")


_MEMBERS = "开过的会上签到的政协委员，一个人来两场算两次。代签的算，没到的不算。"
_VILLAGERS = "开过的会上签到的群众：村民、当事人、村民代表、组长、寨老乡贤、老党员、业委会的。一个人来两场算两次。"
_CONVERTED = "形成的共识里，已经变成任务有人去办的。一条共识分成几项任务还是算一条，任务都终止了的不算。"
_HOUSEHOLDS = "办完以后回头问过的户数，按回访那天算。本县留存的表是实数，上报的把每一次的每种回答各自凑成 5 的倍数。"
_CONTENT = "回访时回答“很满意”和“满意”的户数，也是实数。“说不清”的算在户数里，不算满意。"
_CONTENT_UP = "回访时回答“很满意”和“满意”的户数，同样先凑成 5 的倍数。“说不清”的算在户数里，不算满意。"
_SHARE_UP = "满意户数除以回访户数，四舍五入。不到 20 户的不算，空着。合计按合计的户数算，不是各行的平均。"
_SHARE = "满意户数除以回访户数，舍去小数，没有回访的空着。合计按合计的户数算，不是各行的平均。"
MEANINGS: tuple[Meaning, ...] = (
    _like("planned", "计划议题数"),
    _like("taken_up", "完成数"),
    _like("sittings", "协商场次"),
    Meaning("members", "参与委员人次", "人次", _MEMBERS),
    Meaning("villagers", "参与群众人次", "人次", _VILLAGERS),
    _like("consensuses", "形成共识数"),
    Meaning("converted", "转化数", "条", _CONVERTED),
    _like("done", "解决问题数"),
    *map(_point, POINTS),
    Meaning("households", "回访户数", "户", _HOUSEHOLDS),
    Meaning("content", "满意户数", "户", _CONTENT),
    Meaning("share_content", "满意度", "%", _SHARE),
)
"""Every column of the return with what it counts, in its order, as it stays within the county."""

_UP = {"households": _SAME["households"].sentence, "content": _CONTENT_UP, "share_content": _SHARE_UP}
_MEANINGS_UP = tuple(replace(one, sentence=_UP.get(one.name, one.sentence)) for one in MEANINGS)


def meanings(use: Use) -> tuple[Meaning, ...]:
    """Return every column with what it counts in a return of some use."""
    return _MEANINGS_UP if use is Use.UP else MEANINGS
