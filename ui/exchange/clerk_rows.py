"""What goes out and what came in, in the clerk's words: the rows of one meeting together, not a list of records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.action import Action
from app.domain.attachment import Attachment
from app.domain.attendance import Attendance, Presence
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.sitting import Sitting
from app.domain.topic import Topic
from app.ports import Among, Shelf, Touched
from ui.exchange.contest_views import KINDS
from ui.exchange.port import Row, Sort
from ui.words import tr

MOST_LOOKED_AT = 4_000
MOST_IDS = 500
PEOPLE = ("person", "household", "unit", "hamlet")
TALK = ("sitting", "consultation", "issue", "statement", "consensus", "reservation")
THINGS: tuple[tuple[str, str, Sort, str], ...] = (
    ("edition", "定稿 {count} 份", Sort.SEALED, ""),
    ("sitting", "会 {count} 场", Sort.MEETING, ""),
    ("attendance", "签到 {count} 人", Sort.SIGN_IN, ""),
    ("statement", "发言 {count} 条", Sort.NOTE, ""),
    ("consensus", "共识 {count} 条", Sort.SEALED, ""),
    ("action", "任务 {count} 项", Sort.ACTION, ""),
    ("progress", "任务进展 {count} 条", Sort.ACTION, ""),
    ("revisit", "回访 {count} 次", Sort.ACTION, ""),
    ("topic", "议题 {count} 条", Sort.TOPIC, ""),
    ("notice", "公示 {count} 张", Sort.NOTICE, ""),
    ("attachment", "照片和附件 {count} 张", Sort.PICTURE, ""),
    ("person", "名册 {count} 人", Sort.PEOPLE, ""),
    ("ruling", "两边都改过的定了 {count} 处", Sort.NOTE, ""),
)
"""What is told of large loads, and of what came in: by kind alone."""


@dataclass(slots=True)
class _Meeting:
    """What one meeting has to send, by kind: the records, and how many of them are new."""

    title: str
    records: dict[str, list[Any]] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)

    def count(self, *kinds: str) -> int:
        """Return how many records of these kinds there are."""
        return sum(len(self.records.get(kind, ())) for kind in kinds)

    def word(self, *kinds: str) -> str:
        """Return 新 where all of them are new, else 改."""
        new = sum(self.new.get(kind, 0) for kind in kinds)
        return tr("新") if new == self.count(*kinds) else tr("改")


def outgoing_rows(shelf: Shelf, touched: Sequence[Touched]) -> tuple[tuple[Row, ...], int]:
    """Return the rows of what is to be sent, and how many things that are as a clerk counts them."""
    if not touched:
        return (), 0
    if len(touched) > MOST_LOOKED_AT:
        counts: dict[str, int] = {}
        for one in touched:
            counts[one.kind] = counts.get(one.kind, 0) + 1
        rows = counted_rows(counts, "")
        return rows, sum(counts[kind] for kind, *_ in THINGS if kind in counts)
    found = _looked_at(shelf, touched)
    others = tr("别的") if any(meeting.title for meeting in found) else ""
    rows = tuple(replace(row, meeting=row.meeting or others) for meeting in found for row in _meeting_rows(meeting))
    items = sum(_items(meeting) for meeting in found)
    return (rows, items) if rows else ((Row(tr("改动 {count} 处", count=len(touched)), Sort.OTHER),), 1)


def counted_rows(counts: Mapping[str, int], word: str) -> tuple[Row, ...]:
    """Return rows by kind alone."""
    told = [(tr(words, count=counts[kind]), sort) for kind, words, sort, _ in THINGS if counts.get(kind)]
    return tuple(Row(title, sort, word) for title, sort in told)


def _looked_at(shelf: Shelf, touched: Sequence[Touched]) -> list[_Meeting]:
    """Return the records by the meeting they belong to; those of none come last, under no title."""
    new = {one.record_id for one in touched if one.is_new}
    titles = _Titles(shelf)
    meetings: dict[str, _Meeting] = {}
    for kind in dict.fromkeys(one.kind for one in touched):
        for record in _records(shelf, kind, [one.record_id for one in touched if one.kind == kind]):
            consultation = titles.of(record)
            meeting = meetings.setdefault(consultation, _Meeting(titles.title(consultation)))
            meeting.records.setdefault(kind, []).append(record)
            meeting.new[kind] = meeting.new.get(kind, 0) + (record.id in new)
    return [meetings[one] for one in sorted(meetings, key=lambda one: (not one, one))]


def _records(shelf: Shelf, kind: str, ids: Sequence[str]) -> Iterable[Any]:
    if kind in KINDS:
        for first in range(0, len(ids), MOST_IDS):
            yield from shelf.all(KINDS[kind], Among("id", tuple(ids[first : first + MOST_IDS])))


class _Titles:
    """Which meeting a record belongs to, each asked for once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._of: dict[str, str] = {}
        self._titles: dict[str, str] = {"": ""}

    def of(self, record: Any) -> str:
        """Return the id of the consultation, '' for what belongs to none."""
        if isinstance(record, Consultation):
            return record.id
        own = getattr(record, "consultation_id", None)
        if own:
            return str(own)
        for name, kind in (("sitting_id", Sitting), ("action_id", Action), ("consensus_id", Consensus)):
            above = getattr(record, name, None)
            if above:
                return self._above(kind, above)
        return ""

    def _above(self, kind: type[Any], record_id: str) -> str:
        if record_id not in self._of:
            found = self._shelf.find(kind, record_id)
            self._of[record_id] = self.of(found) if found else ""
        return self._of[record_id]

    def title(self, consultation_id: str) -> str:
        """Return the title of a consultation."""
        if consultation_id not in self._titles:
            found = self._shelf.find(Consultation, consultation_id)
            self._titles[consultation_id] = found.title if found else ""
        return self._titles[consultation_id]


def _meeting_rows(one: _Meeting) -> list[Row]:
    """Return the rows of a meeting, or of what belongs to none."""
    rows = [*_sealed_rows(one), *_talk_rows(one), *_task_rows(one), *_other_rows(one)]
    return [Row(row.title, row.sort, row.note, one.title) for row in rows]


def _sealed_rows(one: _Meeting) -> list[Row]:
    if not one.count(Edition.KIND):
        return []
    pages = sum(1 for paper in one.records.get(Attachment.KIND, ()) if paper.paper)
    note = tr("含签字页 {count}", count=pages) if pages else ""
    return [Row(tr("协商共识（已定稿）"), Sort.SEALED, note)]


def _talk_rows(one: _Meeting) -> list[Row]:
    rows = []
    here = [seat for seat in one.records.get(Attendance.KIND, ()) if seat.presence in (Presence.PRESENT, Presence.LEFT)]
    seats = one.count(Attendance.KIND)
    if seats:
        words = tr("{count} 人", count=len(here)) if here else tr("请了 {count} 人", count=seats)
        rows.append(Row(tr("签到表"), Sort.SIGN_IN, words))
    if one.count(*TALK) and not one.count(Edition.KIND):
        said = one.count("statement")
        title = tr("会议记录") if said or one.count("consensus") else tr("会议安排")
        rows.append(Row(title, Sort.MEETING, tr("发言 {count} 条", count=said) if said else one.word(*TALK)))
    return rows


def _task_rows(one: _Meeting) -> list[Row]:
    rows = []
    tasks, lines, photos = one.count("action"), one.count("progress"), _photos(one)
    if tasks:
        rows.append(Row(tr("任务 {count} 项", count=tasks), Sort.ACTION, one.word("action")))
    if lines:
        note = tr("照片 {count}", count=photos) if photos else tr("新")
        rows.append(Row(tr("任务进展 {count} 条", count=lines), Sort.ACTION, note))
    elif photos:
        rows.append(Row(tr("照片 {count} 张", count=photos), Sort.PICTURE, tr("新")))
    elif one.count("contribution") and not tasks:
        rows.append(Row(tr("谁出多少"), Sort.ACTION, one.word("contribution")))
    if one.count("revisit"):
        rows.append(Row(tr("回访 {count} 次", count=one.count("revisit")), Sort.ACTION, one.word("revisit")))
    return rows


def _photos(one: _Meeting) -> int:
    return sum(1 for paper in one.records.get(Attachment.KIND, ()) if not paper.paper)


def _other_rows(one: _Meeting) -> list[Row]:
    rows = []
    topics: list[Topic] = one.records.get(Topic.KIND, [])
    if topics:
        word = tr("新议题") if one.new.get(Topic.KIND) == len(topics) else tr("议题")
        title = topics[0].title if len(topics) == 1 else tr("{title}等", title=topics[0].title)
        rows.append(
            Row(
                tr("{word} {count} 条 · {title}", word=word, count=len(topics), title=title),
                Sort.TOPIC,
                one.word("topic"),
            )
        )
    if one.count("notice"):
        rows.append(Row(tr("公示 贴出去 {count} 张", count=one.count("notice")), Sort.NOTICE))
    people = one.count(*PEOPLE)
    if people:
        is_new = one.new.get("person") == people
        words = tr("名册 添了 {count} 人", count=people) if is_new else tr("名册 改了 {count} 处", count=people)
        rows.append(Row(words, Sort.PEOPLE, one.word(*PEOPLE)))
    if one.count("printout") and not one.count(Edition.KIND):
        rows.append(Row(tr("打印登记 {count} 条", count=one.count("printout")), Sort.OTHER))
    if one.count("ruling"):
        rows.append(Row(tr("两边都改过的定了 {count} 处", count=one.count("ruling")), Sort.NOTE))
    return rows


def _items(one: _Meeting) -> int:
    """Return how many things a clerk counts: tasks, lines and topics each for itself, everything else by its row."""
    each = one.count("action", "progress", "topic")
    rows = len(_meeting_rows(one))
    listed = sum(1 for kind in ("action", "progress", "topic") if one.count(kind))
    return rows - listed + each
