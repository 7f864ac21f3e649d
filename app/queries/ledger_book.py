"""台账: lists as offices keep, add up and hand on (F13, F19): 序号 first, 备注 last, every cell of its own type.

Two sorts. A list that may travel up tells units, posts and roles and no villager's name; names of villagers inside a
text are masked. A list of one meeting (who came, who does what) holds names, and its note says that it stays here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from app.domain import wording
from app.domain.action import ACTION_STAGE_WORDS, Action, ActionStage, Contribution, Progress
from app.domain.attachment import Attachment
from app.domain.attendance import Attendance, Mode, Presence
from app.domain.consensus import SETTLING, Consensus
from app.domain.consultation import CONSULTATION_STAGE_WORDS, Consultation
from app.domain.issue import Issue
from app.domain.people import COUNCIL, ROLE_WORDS, VILLAGERS, Person, Role
from app.domain.place import Places
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.domain.topic import CATEGORIES, SOURCES, TOPIC_STAGE_WORDS, Topic, TopicStage
from app.domain.unit import Unit
from app.ports import Among, Is, Shelf
from app.queries.attendance_tied import Tied
from app.queries.ledger_columns import (
    CONSULTATIONS,
    GUESTS,
    PHONE,
    PLAN,
    PROGRESS,
    SUPERVISION,
    TASKS,
    TOPICS,
    Cell,
    LedgerColumn,
)
from app.queries.paper_places import joined
from app.queries.paper_words import printed, share_lines
from app.queries.place_cells import opened_on

TRAVELS = "填列说明：本表由台账自动汇总；人员按单位、职务或身份填列，不含群众姓名，可以逐级报送。"
STAYS = "填列说明：本表含个人姓名，只供主办和承办单位办事、存档使用，不报送县级以上，不公开。"
MODE_WORDS = {Mode.IN_PERSON: "到场", Mode.ONLINE: "线上", Mode.PROXY: "代签", Mode.CIRCULATED: "入户签认"}
SHORTEST_NAME, LONGEST_NAME = 2, 6
SITTING = "sitting_id"


Key = tuple[str, str]
"""A kind of record and its id."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """One list, ready to be written: every row has a cell for each column, the first being its number.

    `records` are what the rows are about, where that can be opened. `sums` stand below them, `about` in the place of
    the day; `signers` answer for the list, and `meanings` say of each column what it counts. `unit` is who filled it
    in, or what `unit_head` says.
    """

    name: str
    title: str
    columns: tuple[LedgerColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
    day: date
    unit: str = ""
    records: tuple[Key, ...] = ()
    sums: tuple[Cell, ...] = ()
    about: str = ""
    signers: tuple[str, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    unit_head: str = "填报单位"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: as of which day, for which unit, of which meeting; telephones only when told so.

    Lists of many meetings can be had of one place, by the beginning of its code, and of some days, both included.
    `use` says where a return goes, as `return_figures.Use`; empty: where one of such a place usually goes.
    """

    today: date
    unit: str = ""
    consultation_id: str = ""
    phones: bool = False
    place: str = ""
    since: date = date.min
    until: date = date.max
    use: str = ""

    def wants(self, codes: Iterable[str], day: date | None) -> bool:
        """Return whether what lies in these places and was on this day is asked for; what has no day only of all."""
        here = next(iter(codes), "").startswith(self.place)
        return here and (self.since <= day <= self.until if day else self.since == date.min)


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
    records: Iterable[Key] = (),
) -> Ledger:
    numbered = tuple((number, *row) for number, row in enumerate(rows, start=1))
    return Ledger(name or title, title, columns, numbered, note, asked.today, asked.unit, tuple(records))


def _township(codes: Iterable[str]) -> str:
    """Return by what things stand in administrative order: the township of the first of their places."""
    return next(iter(codes), "")[:9]


def topics(book: Book, asked: Asked) -> Ledger:
    """Return 议题清单: every topic that stands for itself, by township, in the order they were noted."""
    held = Counter(one.topic_id for one in book.shelf.all(Consultation))
    found = [one for one in book.shelf.all(Topic) if asked.wants([one.village_code], one.raised_on or one.approved_on)]
    found.sort(key=lambda topic: _township([topic.village_code]))
    rows = (_topic(book, held, topic) for topic in found)
    return _ledger(asked, "议题清单", TOPICS, rows, records=((Topic.KIND, one.id) for one in found))


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
    """Return 活动台账 (F19): one row for each meeting that was held, by township, in the order of their days."""
    of = {one.id: one for one in book.shelf.all(Consultation)}
    sittings = [
        one
        for one in book.shelf.all(Sitting)
        if one.opened_at
        and one.consultation_id in of
        and asked.wants(of[one.consultation_id].place_codes, opened_on(one))
    ]
    sittings.sort(key=lambda one: (_township(of[one.consultation_id].place_codes), one.opened_at, one.id))
    counts = _counts(book.shelf)
    rows = (_held(book, counts, of[one.consultation_id], one, place) for place, one in enumerate(sittings, start=1))
    records = ((Consultation.KIND, one.consultation_id) for one in sittings)
    return _ledger(asked, "协商活动台账", CONSULTATIONS, rows, records=records)


def _counts(shelf: Shelf) -> _Counts:
    agreed = Among("result", tuple(result.value for result in SETTLING))
    pictures = (one for one in shelf.all(Attachment, Is("paper", "")) if one.media_type.startswith("image/"))
    tied, everybody = Tied(shelf), frozenset(Role)
    return _Counts(
        tied.came(everybody),
        tied.came(VILLAGERS),
        tied.came(COUNCIL),
        shelf.tally(Statement, SITTING),
        Counter(one.sitting_id for one in shelf.all(Consensus, agreed) if one.is_settled()),
        shelf.tally(Action, SITTING),
        shelf.tally(Action, SITTING, Is("stage", ActionStage.DONE.value)),
        Counter(one.sitting_id for one in pictures),
    )


def _held(book: Book, counts: _Counts, one: Consultation, sitting: Sitting, row: int) -> tuple[Cell, ...]:
    codes, here = one.place_codes, sitting.id
    agreed, pictures = counts.agreed.get(here, 0), counts.pictures.get(here, 0)
    place = joined(book.villages(codes[:1]), book.masked(sitting.venue, codes))
    which = f"第{sitting.ordinal}次" if sitting.ordinal > 1 else ""
    return (
        opened_on(sitting),
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
    latest, titles = _latest(book.shelf), book.consensus_titles()
    found = _given(book, asked)
    rows = (_progress(book, asked, one, held, titles, latest.get(one.id)) for one, held in found)
    return _ledger(asked, "协商任务台账", PROGRESS, rows, records=((Action.KIND, one.id) for one, _ in found))


def _latest(shelf: Shelf) -> dict[str, Progress]:
    """Return what was said last of each task."""
    return {line.action_id: line for line in shelf.all(Progress)}


def _given(book: Book, asked: Asked, *, is_open: bool = False) -> list[tuple[Action, Consultation | None]]:
    """Return the tasks of the meetings that are asked for, by township; with `is_open` those that are not done yet."""
    of = {one.id: one for one in book.shelf.all(Consultation)}
    days = {one.id: opened_on(one) for one in book.shelf.all(Sitting) if one.opened_at}
    found = [(one, of.get(one.consultation_id)) for one in book.shelf.all(Action) if one.is_open() or not is_open]
    wanted = [
        (one, held) for one, held in found if asked.wants(held.place_codes if held else (), days.get(one.sitting_id))
    ]
    return sorted(wanted, key=lambda pair: _township(pair[1].place_codes) if pair[1] else "")


def supervision(book: Book, asked: Asked) -> Ledger:
    """Return 督办表 (F14): every task that is not done, those overdue first; what is found is written by hand."""
    latest, whenever = _latest(book.shelf), replace(asked, since=date.min, until=date.max)
    found = _given(book, whenever, is_open=True)
    found.sort(key=lambda pair: (not pair[0].is_overdue(asked.today), pair[0].due_on or date.max))
    rows = (_chased(book, asked, one, held, latest.get(one.id)) for one, held in found)
    records = ((Action.KIND, one.id) for one, _ in found)
    return _ledger(asked, "协商任务督办表", SUPERVISION, rows, records=records)


def _chased(
    book: Book, asked: Asked, action: Action, held: Consultation | None, latest: Progress | None
) -> tuple[Cell, ...]:
    codes = held.place_codes if held else ()
    return (
        book.township(codes),
        book.masked(action.text, codes),
        book.unit(action.unit_id),
        action.due_on or (book.masked(action.due_words, codes) or None),
        (asked.today - action.due_on).days if action.due_on and action.is_overdue(asked.today) else None,
        book.masked(latest.text, codes) if latest else "",
        latest.said_at.date() if latest and latest.said_at else None,
        *("", "", None, ""),
        ACTION_STAGE_WORDS[action.stage],
    )


def plan(book: Book, asked: Asked) -> Ledger:
    """Return 协商计划表 (F3): every topic that was approved, the month of its meeting once it is called.

    Who is responsible and who leads is nobody's record yet: there is room to write it.
    """
    held = {one.topic_id: one for one in book.shelf.all(Consultation) if one.topic_id}
    first = {one.consultation_id: one for one in book.shelf.all(Sitting, order="-ordinal")}
    found = [
        one
        for one in book.shelf.all(Topic)
        if one.approved_on and one.stage != TopicStage.MERGED and asked.wants([one.village_code], one.approved_on)
    ]
    found.sort(key=lambda topic: (_township([topic.village_code]), topic.approved_on))
    rows = (_planned(book, one, held.get(one.id), first) for one in found)
    return _ledger(asked, "协商计划表", PLAN, rows, records=((Topic.KIND, one.id) for one in found))


def _planned(book: Book, topic: Topic, held: Consultation | None, first: Mapping[str, Sitting]) -> tuple[Cell, ...]:
    sitting = first.get(held.id) if held else None
    when = sitting.opened_at or sitting.starts_at if sitting else None
    return (
        book.township([topic.village_code]),
        book.villages([topic.village_code]),
        book.masked(topic.title, [topic.village_code]),
        CATEGORIES.get(topic.category, topic.category),
        f"{when.year}年{when.month}月" if when else "",
        *("", ""),
        book.practices.get(held.practice, "") if held else "",
        TOPIC_STAGE_WORDS[topic.stage],
    )


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
        book.township(codes),
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
    {
        "actions": actions,
        "topics": topics,
        "consultations": consultations,
        "attendance": attendance,
        "supervision": supervision,
        "plan": plan,
    }
)
"""Which lists there are, by the names the command line knows them by."""
OF_ONE_MEETING = frozenset({"attendance"})
