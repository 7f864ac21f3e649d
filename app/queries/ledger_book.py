"""台账: lists as offices keep, add up and hand on (F13, F19): 序号 first, 备注 last, every cell of its own type.

Two sorts. A list that may travel up tells units, posts and roles and no villager's name; names of villagers inside a
text are masked. A list of one meeting (who came, who does what) holds names, and its note says that it stays here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from app.domain import wording
from app.domain.action import ACTION_STAGE_WORDS, Action, ActionStage, Contribution, Progress
from app.domain.attachment import Attachment
from app.domain.attendance import Attendance, Mode, Presence
from app.domain.consensus import SETTLING, Consensus
from app.domain.consultation import CONSULTATION_STAGE_WORDS, Consultation
from app.domain.issue import Issue
from app.domain.people import MEMBERS, ROLE_WORDS, VILLAGERS, Person, Role
from app.domain.place import Places
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.domain.topic import CATEGORIES, SOURCES, TOPIC_STAGE_WORDS, Topic
from app.domain.unit import Unit
from app.ports import Among, Is, Shelf
from app.queries.attendance_tied import Tied
from app.queries.paper_places import joined
from app.queries.paper_words import printed, share_lines

TRAVELS = "填列说明：本表由台账自动汇总；人员按单位、职务或身份填列，不含群众姓名，可以逐级报送。"
STAYS = "填列说明：本表含个人姓名，只供主办和承办单位办事、存档使用，不报送县级以上，不公开。"
MODE_WORDS = {Mode.IN_PERSON: "到场", Mode.ONLINE: "线上", Mode.PROXY: "代签", Mode.CIRCULATED: "入户签认"}
SHORTEST_NAME, LONGEST_NAME = 2, 6
SITTING = "sitting_id"


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


@dataclass(frozen=True, slots=True)
class Ledger:
    """One list, ready to be written: every row has a cell for each column, the first being its number."""

    name: str
    title: str
    columns: tuple[LedgerColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
    day: date
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: as of which day, for which unit, of which meeting; telephones only when told so."""

    today: date
    unit: str = ""
    consultation_id: str = ""
    phones: bool = False


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


class Book:
    """The records lists are made from, read once each when first needed."""

    def __init__(self, shelf: Shelf, places: Places, practices: Mapping[str, str]) -> None:
        """Read from a shelf; `practices` are the names of the practices by their codes."""
        self.shelf = shelf
        self.places = places
        self.practices = practices
        self.units = {unit.id: unit.name for unit in shelf.all(Unit)}
        self._people: dict[str, Person] = {}
        self._villagers: dict[str, frozenset[str]] = {}

    @property
    def people(self) -> Mapping[str, Person]:
        """Return everybody of the register by id."""
        if not self._people:
            self._people = {person.id: person for person in self.shelf.all(Person)}
            known = defaultdict[str, set[str]](set)
            for person in self._people.values():
                if person.role in VILLAGERS and SHORTEST_NAME <= len(person.name) <= LONGEST_NAME:
                    known[person.village_code].add(person.name)
            self._villagers = {code: frozenset(names) for code, names in known.items()}
        return self._people

    def masked(self, text: str, codes: Iterable[str]) -> str:
        """Return a text in which the names of villagers of these villages are masked: 李某某家院坝."""
        text = printed(text)
        if self.people:
            for code in codes:
                text = _masked(text, self._villagers.get(code, frozenset()))
        return text

    def township(self, codes: Iterable[str]) -> str:
        """Return the townships of some villages, each once."""
        return "、".join(dict.fromkeys(name for name in (self._name(code[:9]) for code in codes) if name))

    def villages(self, codes: Iterable[str]) -> str:
        """Return the short names of villages."""
        return "、".join(name for name in (self._name(code) for code in codes if len(code) == 12) if name)

    def _name(self, code: str) -> str:
        place = self.places.get(code) if len(code) in (9, 12) else None
        return place.display_name if place else ""

    def unit(self, unit_id: str | None) -> str:
        """Return the name of a unit; empty for none."""
        return self.units.get(unit_id or "", "")

    def supporting(self, action: Action) -> str:
        """Return the units that support a task, one on each line."""
        return "\n".join(self.units.get(one, one) for one in action.support_units)

    def consensus_titles(self) -> dict[str, str]:
        """Return what each consensus is about, by its id."""
        titles = {issue.id: issue.title for issue in self.shelf.all(Issue)}
        return {one.id: titles.get(one.issue_id, "") for one in self.shelf.all(Consensus)}


def _masked(text: str, names: frozenset[str]) -> str:
    """Return a text with every name in it masked, the longest first."""
    if not names:
        return text
    place = 0
    while place < len(text):
        for size in range(LONGEST_NAME, SHORTEST_NAME - 1, -1):
            name = text[place : place + size]
            if len(name) == size and name in names:
                hidden = wording.masked_name(name)
                text = text[:place] + hidden + text[place + size :]
                place += len(hidden) - 1
                break
        place += 1
    return text


def _ledger(
    asked: Asked,
    title: str,
    columns: tuple[LedgerColumn, ...],
    rows: Iterable[tuple[Cell, ...]],
    note: str = TRAVELS,
    name: str = "",
) -> Ledger:
    numbered = tuple((number, *row) for number, row in enumerate(rows, start=1))
    return Ledger(name or title, title, columns, numbered, note, asked.today, asked.unit)


def topics(book: Book, asked: Asked) -> Ledger:
    """Return 议题清单: every topic that stands for itself, in the order they were noted."""
    held = Counter(one.topic_id for one in book.shelf.all(Consultation))
    return _ledger(asked, "议题清单", TOPICS, (_topic(book, held, topic) for topic in book.shelf.all(Topic)))


def _topic(book: Book, held: Mapping[str | None, int], topic: Topic) -> tuple[Cell, ...]:
    codes = [topic.village_code]
    return (
        book.masked(topic.title, codes),
        book.township(codes),
        book.villages(codes),
        topic.village_code,
        CATEGORIES.get(topic.category, topic.category),
        SOURCES.get(topic.source, topic.source),
        topic.raised_on,
        topic.approved_on,
        held.get(topic.id, 0),
        TOPIC_STAGE_WORDS[topic.stage],
        book.masked(topic.reason, codes),
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """What has been counted by meeting: who came, who of them were villagers and members, statements, and the rest."""

    came: Mapping[Any, int]
    villagers: Mapping[Any, int]
    members: Mapping[Any, int]
    said: Mapping[Any, int]
    agreed: Mapping[Any, int]
    tasks: Mapping[Any, int]
    done: Mapping[Any, int]
    pictures: Mapping[Any, int]


def consultations(book: Book, asked: Asked) -> Ledger:
    """Return 活动台账 (F19): one row for each meeting that was held, in the order of their days."""
    of = {one.id: one for one in book.shelf.all(Consultation)}
    sittings = [one for one in book.shelf.all(Sitting) if one.opened_at and one.consultation_id in of]
    sittings.sort(key=lambda one: (one.opened_at, one.id))
    counts = _counts(book.shelf)
    rows = (_held(book, counts, of[one.consultation_id], one, place) for place, one in enumerate(sittings, start=1))
    return _ledger(asked, "协商活动台账", CONSULTATIONS, rows)


def _counts(shelf: Shelf) -> _Counts:
    came = Among("presence", (Presence.PRESENT.value, Presence.LEFT.value))
    agreed = Among("result", tuple(result.value for result in SETTLING))
    pictures = (one for one in shelf.all(Attachment, Is("paper", "")) if one.media_type.startswith("image/"))
    tied = Tied(shelf)

    def guests(roles: frozenset[Role]) -> Counter[Any]:
        counted = Counter(shelf.tally(Attendance, SITTING, came, _any_of(roles)))
        counted.subtract(tied.too_many(lambda one: one.has_come() and one.role in roles))
        return counted

    return _Counts(
        guests(frozenset(Role)),
        guests(VILLAGERS),
        guests(MEMBERS),
        shelf.tally(Statement, SITTING),
        Counter(one.sitting_id for one in shelf.all(Consensus, agreed) if one.is_settled()),
        shelf.tally(Action, SITTING),
        shelf.tally(Action, SITTING, Is("stage", ActionStage.DONE.value)),
        Counter(one.sitting_id for one in pictures),
    )


def _any_of(roles: frozenset[Role]) -> Among:
    return Among("role", tuple(sorted(role.value for role in roles)))


def _held(book: Book, counts: _Counts, one: Consultation, sitting: Sitting, row: int) -> tuple[Cell, ...]:
    codes, here = one.place_codes, sitting.id
    agreed, pictures = counts.agreed.get(here, 0), counts.pictures.get(here, 0)
    place = joined(book.villages(codes[:1]), book.masked(sitting.venue, codes))
    which = f"第{sitting.ordinal}次" if sitting.ordinal > 1 else ""
    return (
        sitting.opened_at.date() if sitting.opened_at else None,
        book.township(codes),
        place,
        book.masked(one.title, codes),
        book.practices.get(one.practice, ""),
        counts.came.get(here, 0),
        counts.villagers.get(here, 0),
        counts.members.get(here, 0),
        counts.said.get(here, 0),
        agreed,
        counts.tasks.get(here, 0),
        counts.done.get(here, 0),
        "协商共识" if agreed else "",
        "、".join(f"{row}-{number}" for number in range(1, pictures + 1)),
        CONSULTATION_STAGE_WORDS[one.stage],
        which,
    )


def actions(book: Book, asked: Asked) -> Ledger:
    """Return 任务台账: every task with how it goes; of one consultation 任务分解清单 (F13) as it is handed to units."""
    if asked.consultation_id:
        return _tasks(book, asked)
    latest: dict[str, Progress] = {}
    for line in book.shelf.all(Progress):
        latest[line.action_id] = line
    of = {one.id: one for one in book.shelf.all(Consultation)}
    titles = book.consensus_titles()

    def row(action: Action) -> tuple[Cell, ...]:
        return _progress(book, asked, action, of.get(action.consultation_id), titles, latest.get(action.id))

    return _ledger(asked, "协商任务台账", PROGRESS, map(row, book.shelf.all(Action)))


def _progress(
    book: Book,
    asked: Asked,
    action: Action,
    held: Consultation | None,
    titles: Mapping[str, str],
    latest: Progress | None,
) -> tuple[Cell, ...]:
    codes = held.place_codes if held else ()
    late = action.is_overdue(asked.today) and action.due_on is not None
    return (
        book.masked(held.title, codes) if held else "",
        book.masked(action.text, codes),
        book.masked(titles.get(action.consensus_id or "", ""), codes),
        book.unit(action.unit_id),
        book.supporting(action),
        _post(book.people.get(action.person_id or "")),
        action.due_on or (book.masked(action.due_words, codes) or None),
        ACTION_STAGE_WORDS[action.stage],
        (asked.today - action.due_on).days if late and action.due_on else None,
        book.masked(latest.text, codes) if latest else "",
        latest.said_at.date() if latest and latest.said_at else None,
        action.done_on,
        book.masked(action.note, codes),
    )


def _post(person: Person | None) -> str:
    """Return in what capacity somebody answers for a task: the post of who holds one, never a villager's name."""
    if person is None:
        return ""
    return ROLE_WORDS[person.role] if person.role in VILLAGERS else person.post or ROLE_WORDS[person.role]


def _tasks(book: Book, asked: Asked) -> Ledger:
    held = book.shelf.get(Consultation, asked.consultation_id)
    titles = book.consensus_titles()
    shares = defaultdict[str, list[Contribution]](list)
    for part in book.shelf.all(Contribution):
        shares[part.action_id].append(part)

    def row(action: Action) -> tuple[Cell, ...]:
        person = book.people.get(action.person_id or "")
        return (
            printed(action.text),
            printed(titles.get(action.consensus_id or "", "")),
            book.unit(action.unit_id),
            book.supporting(action),
            person.name if person else "",
            action.due_on or (printed(action.due_words) or None),
            "\n".join((*share_lines(shares[action.id]), *([printed(action.fund)] if action.fund.strip() else []))),
            action.supervisor,
            printed(action.note),
        )

    given = book.shelf.all(Action, Is("consultation_id", held.id), order="number")
    return _ledger(asked, f"{held.title}任务分解清单", TASKS, map(row, given), STAYS, "任务分解清单")


def attendance(book: Book, asked: Asked) -> Ledger:
    """Return 签到名单 of the latest meeting of a consultation: who came, in the order of arrival, then who excused.

    Raises:
        Missing: There is no such consultation.
    """
    held = book.shelf.get(Consultation, asked.consultation_id)
    latest = book.shelf.all(Sitting, Is("consultation_id", held.id), order="-ordinal", limit=1)
    guests = book.shelf.all(Attendance, Is("sitting_id", latest[0].id)) if latest else []
    guests = Tied(book.shelf).one_each(guests)
    came = sorted((one for one in guests if one.has_come()), key=lambda one: (str(one.arrived_at), one.person_id))
    excused = [one for one in guests if one.presence == Presence.EXCUSED]
    columns = (*GUESTS[:-1], PHONE, GUESTS[-1]) if asked.phones else GUESTS
    rows = (_guest(book, one, phones=asked.phones) for one in (*came, *excused) if one.person_id in book.people)
    return _ledger(asked, f"{held.title}签到名单", columns, rows, STAYS, "签到名单")


def _guest(book: Book, one: Attendance, *, phones: bool) -> tuple[Cell, ...]:
    person = book.people[one.person_id]
    notes = ("" if one.counts else "列席", "请假" if one.presence == Presence.EXCUSED else "", printed(one.reason))
    phone = (person.phone,) if phones else ()
    return (
        person.name,
        book.unit(person.unit_id) or joined(book.villages([person.village_code]), person.group),
        printed(person.post or ROLE_WORDS[one.role]),
        one.arrived_at,
        one.left_at,
        "代签" if one.proxy_name else MODE_WORDS[one.mode] if one.has_come() else "",
        "，".join(part for part in (one.proxy_name, one.proxy_relation) if part),
        *phone,
        "；".join(note for note in notes if note),
    )


LISTS: Mapping[str, Callable[[Book, Asked], Ledger]] = MappingProxyType(
    {"actions": actions, "topics": topics, "consultations": consultations, "attendance": attendance}
)
"""Which lists there are, by the names the command line knows them by."""
OF_ONE_MEETING = frozenset({"attendance"})
