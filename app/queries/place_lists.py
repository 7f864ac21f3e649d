"""取数据: what the pages show, as lists anybody may take away; each column says what it holds.

A list is asked for a place and a year, and yields its rows as they are read: a province need not fit into memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.action import ACTION_STAGE_WORDS, Action
from app.domain.consensus import METHOD_WORDS, RESULT_WORDS, Consensus
from app.domain.consultation import CONSULTATION_STAGE_WORDS, Consultation
from app.domain.edition import Edition
from app.domain.issue import Issue
from app.domain.place import Places
from app.domain.place_figures import FIGURES
from app.domain.sitting import Sitting
from app.domain.topic import CATEGORIES, SOURCES, TOPIC_STAGE_WORDS, Topic
from app.domain.unit import Unit
from app.ports import Is, Shelf
from app.queries.ledger_columns import Cell, CellKind
from app.queries.place_book import Book
from app.queries.place_cells import COUNTY, TOWNSHIP, hosted_in, hung_on, in_place, local_day, opened_in
from app.queries.place_titles import is_open, is_planned, sealed_or_posted

_Opened = list[tuple[Sitting, date]]
"""Sittings of one consultation, each with the day on which it was opened."""
T, C, N, D = CellKind.TEXT, CellKind.CODE, CellKind.NUMBER, CellKind.DAY


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, its head, what kind of cell it has, and what it holds in a sentence."""

    name: str
    head: str
    kind: CellKind
    sentence: str
    width: int = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which place and year a list is asked."""

    shelf: Shelf
    book: Book
    places: Places
    code: str
    year: int

    def counties(self) -> list[str]:
        """Return the counties to be read one after the other; the place itself when it is no larger."""
        if len(self.code) >= COUNTY:
            return [self.code]
        return [one.code for one in self.places if len(one.code) == COUNTY and one.code.startswith(self.code)]

    def where(self, village: str) -> tuple[str, str, str, str]:
        """Return the township's code, and the names of county, township and village; empty where unknown."""
        names = [place.display_name if (place := self.places.get(village[:size])) else "" for size in (6, 9)]
        known = self.places.get(village) if len(village) > TOWNSHIP else None
        return village[:TOWNSHIP], names[0], names[1], known.display_name if known else ""


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list: its name in addresses, its title, a sentence about it, its columns, and how its rows are read."""

    name: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    rows: Callable[[Asked], Iterator[tuple[Cell, ...]]]


_WHERE = (
    Column("township_code", "乡镇代码", C, "统计用区划代码，9 位", 7),
    Column("county", "县（市、区）", T, "县级政区的名称", 6),
    Column("township", "乡镇（街道）", T, "乡级政区的名称", 7),
)
_VILLAGE = Column("village", "村（社区）", T, "村或社区的名称；只到乡镇的空着", 7)


def _figures(asked: Asked) -> Iterator[tuple[Cell, ...]]:
    for cell in asked.book.cells(asked.code, f"{asked.year}-01", f"{asked.year}-12"):
        code, county, township, _ = asked.where(cell.township)
        one = cell.figures
        counts = (one.planned, one.taken_up, one.sittings, one.consensuses, one.unanimous, one.done, one.underway)
        what = CATEGORIES.get(cell.category, cell.category)
        yield code, county, township, cell.month, what, *counts, one.households


def _topics(asked: Asked) -> Iterator[tuple[Cell, ...]]:
    for county in asked.counties():
        for one in asked.shelf.all(Topic, *in_place("village_code", county)):
            if is_planned(one) and one.approved_on and one.approved_on.year == asked.year:
                what, source = CATEGORIES.get(one.category, one.category), SOURCES.get(one.source, one.source)
                told = (one.title, what, source, one.approved_on, TOPIC_STAGE_WORDS[one.stage])
                yield one.id, *asked.where(one.village_code), *told


def _consultations(asked: Asked) -> Iterator[tuple[Cell, ...]]:
    for one, opened in _held(asked):
        days = sorted(day for _, day in opened)
        editions = asked.shelf.all(Edition, Is("consultation_id", one.id), order="-version", limit=1)
        what, stage = CATEGORIES.get(one.category, one.category), CONSULTATION_STAGE_WORDS[one.stage]
        told = (one.title, what, days[0], len(days), stage, editions[0].digits if editions else "")
        yield one.id, *asked.where(one.place_codes[0]), *told


def _consensuses(asked: Asked) -> Iterator[tuple[Cell, ...]]:
    for one, opened, told in _told(asked):
        ids = tuple(sitting.id for sitting, _ in opened if sitting.id in told)
        issues = {issue.id: issue for issue in hung_on(asked.shelf, Issue, "sitting_id", ids)}
        for consensus in hung_on(asked.shelf, Consensus, "sitting_id", ids):
            if consensus.settled_at:
                issue = issues.get(consensus.issue_id)
                how = (METHOD_WORDS[consensus.method], RESULT_WORDS[consensus.result])
                counts = (consensus.agree, consensus.against, consensus.abstain, consensus.silent, consensus.present)
                words = (issue.title if issue else "", consensus.text)
                day = local_day(consensus.settled_at)
                yield one.id, *asked.where(one.place_codes[0]), *words, *how, *counts, day


def _actions(asked: Asked) -> Iterator[tuple[Cell, ...]]:
    for one, _, told in _told(asked):
        found = hung_on(asked.shelf, Action, "consultation_id", (one.id,))
        actions = [action for action in found if action.sitting_id in told]
        ids = tuple({action.unit_id for action in actions if action.unit_id})
        units = {unit.id: unit.name for unit in hung_on(asked.shelf, Unit, "id", ids)}
        for action in actions:
            stage, unit = ACTION_STAGE_WORDS[action.stage], units.get(action.unit_id or "", "")
            yield one.id, *asked.where(one.place_codes[0]), action.text, unit, action.due_on, stage, action.done_on


def _told(asked: Asked) -> Iterator[tuple[Consultation, _Opened, frozenset[str]]]:
    """Yield what `_held` yields, with the sittings of which it may be told what they settled: asked once a county."""
    for county in asked.counties():
        held = list(_held_in(asked, county))
        told = sealed_or_posted(asked.shelf, tuple(one.id for one, _ in held))
        yield from ((one, opened, told) for one, opened in held)


def _held(asked: Asked) -> Iterator[tuple[Consultation, _Opened]]:
    """Yield the consultations open to all that began in the year, with their sittings, in the order of their ids."""
    for county in asked.counties():
        yield from _held_in(asked, county)


def _held_in(asked: Asked, county: str) -> Iterator[tuple[Consultation, _Opened]]:
    found = {one.id: one for one in asked.shelf.all(Consultation, *hosted_in(county)) if is_open(one)}
    opened: dict[str, _Opened] = {}
    for sitting, day in opened_in(asked.shelf, found):
        opened.setdefault(sitting.consultation_id, []).append((sitting, day))
    for key, one in found.items():
        if key in opened and min(day.year for _, day in opened[key]) == asked.year:
            yield one, opened[key]


_ABOUT = {meaning.name: meaning for meaning in FIGURES}
_COUNTED = ("planned", "taken_up", "sittings", "consensuses", "unanimous", "done", "underway", "households")
_ID = Column("id", "编号", C, "程序给的编号，不变，可用来对上别的表", 10)
LISTS: tuple[OpenList, ...] = (
    OpenList(
        "figures",
        "各乡镇数字",
        "总览上的每个数字，按乡镇、月份、类别分开",
        (
            *_WHERE,
            Column("month", "月份", C, "年-月", 5),
            Column("category", "类别", T, "议题的类别", 6),
            *(Column(name, _ABOUT[name].title, N, _ABOUT[name].sentence, 6) for name in _COUNTED),
        ),
        _figures,
    ),
    OpenList(
        "topics",
        "议题",
        "这一年立题的议题",
        (
            _ID,
            *_WHERE,
            _VILLAGE,
            Column("title", "议题", T, "题目；涉及个人的部分已遮盖", 16),
            Column("category", "类别", T, "议题的类别", 6),
            Column("source", "来源", T, "由谁提出", 6),
            Column("approved_on", "立题日期", D, "列入计划的日期", 7),
            Column("stage", "目前状态", T, "走到哪一步", 5),
        ),
        _topics,
    ),
    OpenList(
        "consultations",
        "协商活动",
        "这一年开始的协商，不公开的会不在内",
        (
            _ID,
            *_WHERE,
            _VILLAGE,
            Column("title", "主题", T, "题目；涉及个人的部分已遮盖", 16),
            Column("category", "类别", T, "议题的类别", 6),
            Column("held_on", "日期", D, "第一场的日期", 7),
            Column("sittings", "场次", N, "一共开了几场", 4),
            Column("stage", "目前状态", T, "走到哪一步", 5),
            Column("digits", "验真码", C, "定稿的 20 位数字，可在“查一查”里核对；没有定稿的空着", 12),
        ),
        _consultations,
    ),
    OpenList(
        "consensuses",
        "共识",
        "已经定稿或公示的会上议定的每一条，连没有达成的也在内",
        (
            Column("consultation_id", "协商活动编号", C, "对应“协商活动”表的编号", 10),
            *_WHERE,
            _VILLAGE,
            Column("issue", "焦点", T, "议的是什么", 12),
            Column("text", "共识", T, "议定的文字；涉及个人的部分已遮盖", 24),
            Column("method", "怎么定的", T, "表决办法", 6),
            Column("result", "结果", T, "达成、未达成等", 5),
            Column("agree", "同意", N, "同意的票数；没有点票的是 0", 4),
            Column("against", "反对", N, "反对的票数", 4),
            Column("abstain", "弃权", N, "弃权的票数", 4),
            Column("silent", "不表态", N, "在场没有表态的人数", 4),
            Column("present", "在场", N, "议定时在场的人数", 4),
            Column("settled_on", "议定日期", D, "议定的日期", 7),
        ),
        _consensuses,
    ),
    OpenList(
        "actions",
        "任务",
        "已经定稿或公示的共识分下去的任务，和办得怎样",
        (
            Column("consultation_id", "协商活动编号", C, "对应“协商活动”表的编号", 10),
            *_WHERE,
            _VILLAGE,
            Column("text", "任务", T, "做什么；涉及个人的部分已遮盖", 18),
            Column("unit", "责任单位", T, "谁来办", 8),
            Column("due_on", "期限", D, "说好什么时候办完", 7),
            Column("stage", "办理状态", T, "办到哪一步", 5),
            Column("done_on", "办完日期", D, "实际办完的日期；没办完的空着", 7),
        ),
        _actions,
    ),
)
"""Every list, in the order it is offered."""
