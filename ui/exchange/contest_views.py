"""What two sides have both changed, as it is shown, and the command that settles it as chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.commands.contest import DecideContest
from app.domain import RECORDS
from app.domain.action import Action
from app.domain.change import STANDING
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.merge import Contest
from app.domain.merge import Side as Head
from app.domain.op import Op, Version
from app.domain.people import Household, Person
from app.domain.place import Places
from app.domain.record import Plain, field_names, plain
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.topic import Topic
from app.domain.unit import Unit
from app.domain.wording import short_day
from app.ports import Clock, Postbox, Shelf
from sync.directory import Directory
from ui.exchange.field_words import TEXTS, label_of, value_words
from ui.exchange.port import Choice, ContestView, FieldRow, How, Side, Sort
from ui.exchange.who import computer_place, computer_unit
from ui.words import tr

KINDS = {record.KIND: record for record in RECORDS}
SORTS: Mapping[str, Sort] = {
    "action": Sort.ACTION,
    "progress": Sort.ACTION,
    "revisit": Sort.ACTION,
    "contribution": Sort.ACTION,
    "topic": Sort.TOPIC,
    "consensus": Sort.SEALED,
    "edition": Sort.SEALED,
    "attendance": Sort.SIGN_IN,
    "person": Sort.PEOPLE,
    "household": Sort.PEOPLE,
    "unit": Sort.PEOPLE,
    "notice": Sort.NOTICE,
    "attachment": Sort.PICTURE,
    "consultation": Sort.MEETING,
    "sitting": Sort.MEETING,
    "issue": Sort.MEETING,
    "statement": Sort.NOTE,
    "reservation": Sort.NOTE,
}
CONTEXT: Mapping[str, tuple[str, ...]] = {
    "action": ("unit_id", "person_id", "due_on"),
    "person": ("group", "role", "post"),
    "topic": ("village_code", "raised_by"),
    "consensus": ("method", "result"),
    "statement": ("speaker_id",),
    "sitting": ("starts_at", "venue", "host"),
    "consultation": ("place_codes",),
    "contribution": ("party", "amount", "measure"),
    "progress": ("by",),
    "revisit": ("visited_on", "by"),
}
NAMED: Mapping[str, tuple[type[Any], str]] = {
    "unit_id": (Unit, "name"),
    "support_unit": (Unit, "name"),
    "person_id": (Person, "name"),
    "speaker_id": (Person, "name"),
    "host_id": (Person, "name"),
    "household_id": (Household, "head"),
    "issue_id": (Issue, "title"),
    "current_issue_id": (Issue, "title"),
    "consensus_id": (Consensus, "text"),
    "topic_id": (Topic, "title"),
    "merged_into": (Topic, "title"),
    "consultation_id": (Consultation, "title"),
    "action_id": (Action, "text"),
}
"""For each field that holds an id: what it is the id of, and which field of that says its name."""
LONGEST = 26


@dataclass(slots=True)
class _Author:
    """One side: who wrote it last, and which head of each field is theirs."""

    first: Op
    heads: dict[str, Head] = field(default_factory=dict)


class ContestViews:
    """Makes views of what waits, and commands of what was chosen."""

    def __init__(
        self, postbox: Postbox, shelf: Shelf, places: Places, clock: Clock, directory: Callable[[], Directory]
    ) -> None:
        self._postbox = postbox
        self._shelf = shelf
        self._places = places
        self._clock = clock
        self._directory = directory

    def keys(self) -> list[tuple[str, str]]:
        """Return kind and id of each record that waits for a person."""
        return list(dict.fromkeys((kind, record_id) for kind, record_id, _ in self._postbox.contests()))

    def all(self) -> list[ContestView]:
        """Return what waits, the oldest first."""
        directory = self._directory()
        found = [_Told(self, key, directory) for key in self.keys()]
        return [told.view() for told in sorted(found, key=_Told.age) if told.contests]

    def decision(self, view: ContestView, choice: Choice, reason: str) -> DecideContest:
        """Return the command that settles it as chosen; refused later if it is not any more as it was shown."""
        told = _Told(self, (view.kind, view.record_id), self._directory())
        if not told.contests or told.view() != view:
            return self._command(view, {}, frozenset(), frozenset(), reason, ())
        values, chosen = told.chosen(choice)
        lines = told.lines() if choice.how is How.BOTH and view.kind == Action.KIND else ()
        return self._command(view, values, told.versions(), chosen, reason, lines)

    def _command(
        self,
        view: ContestView,
        values: Mapping[str, Plain],
        seen: frozenset[Version],
        chosen: frozenset[Version],
        reason: str,
        lines: tuple[str, ...],
    ) -> DecideContest:
        title = tr("定夺 {subject}", subject=view.subject)
        of = (view.kind, view.record_id, values, self._postbox.disputed)
        return DecideContest(*of, seen, chosen, reason, lines, title)

    def ops(self, key: tuple[str, str]) -> dict[Version, Op]:
        """Return every op of a record by its version."""
        return {op.version: op for op in self._postbox.ops(*key)}

    def disputed(self, key: tuple[str, str]) -> tuple[Contest, ...]:
        """Return what of a record waits."""
        return self._postbox.disputed(*key)

    def record(self, key: tuple[str, str]) -> Any:
        """Return the record as it is shown; None when there is none."""
        kind = KINDS.get(key[0])
        return self._shelf.find(kind, key[1]) if kind else None

    def words(self, kind: str, name: str, value: Any) -> str:
        """Return a value as people read it."""
        return value_words(kind, name, value, self._places, self.name_of, self._clock.now().date())

    def name_of(self, name: str, record_id: str) -> str:
        """Return what an id in this field is called."""
        if name not in NAMED:
            return ""
        kind, told = NAMED[name]
        record = self._shelf.find(kind, record_id)
        return str(getattr(record, told)) if record else ""

    def subject(self, key: tuple[str, str]) -> str:
        """Return in one line which record it is: 石墙村 15 米挡墙 · 任务 1　修挡墙."""
        record = self.record(key)
        if record is None:
            return tr("一条记录")
        meeting, said = self._meeting(record), _said(record, self)
        return " · ".join(part for part in (meeting, said) if part)

    def _meeting(self, record: Any) -> str:
        """Return the title of the meeting that a record belongs to."""
        for name, kind in (("action_id", Action), ("consensus_id", Consensus), ("sitting_id", Sitting)):
            if not isinstance(record, Action | Consultation) and getattr(record, name, None):
                above = self._shelf.find(kind, getattr(record, name))
                return self._meeting(above) if above else ""
        above = self._shelf.find(Consultation, getattr(record, "consultation_id", None))
        return above.title if above else ""

    def unit(self, stream: str, directory: Directory) -> str:
        """Return whose computer wrote something."""
        return computer_unit(stream, directory, self._places)


class _Told:
    """One contested record while its view is being made."""

    def __init__(self, views: ContestViews, key: tuple[str, str], directory: Directory) -> None:
        self._views, self.key, self._directory = views, key, directory
        self.kind = key[0]
        self._ops = views.ops(key)
        self.contests = {one.field: one for one in views.disputed(key)}
        self._authors = self._sides()

    def age(self) -> tuple[int, str]:
        """Return what sorts the oldest first."""
        return min((version for version in self.versions()), default=(0, "", 0))[0], self.key[1]

    def versions(self) -> frozenset[Version]:
        """Return the versions of all sides."""
        return frozenset(side.version for one in self.contests.values() for side in one.sides)

    def _sides(self) -> list[_Author]:
        """Return the authors of the sides: this computer first, else who is shown."""
        found: dict[tuple[str, int], _Author] = {}
        for name, contest in self.contests.items():
            met: list[str] = []
            for head in contest.sides:
                op = self._origin(head.version, name)
                device = op.stream.partition("/")[0]
                place = (device, met.count(device))
                met.append(device)
                found.setdefault(place, _Author(op)).heads[name] = head
        own = self._directory.device_id
        return [found[place] for place in sorted(found, key=lambda place: place[0] != own)]

    def _origin(self, version: Version, name: str) -> Op:
        """Return the op that first said what a side says: a decision that was taken back lets its sides stand again."""
        op = self._ops[version]
        for settled in self._named(op, name):
            older = self._named(settled, name)
            if len(older) > 1:
                same = [one for one in older if one.sets.get(name) == op.sets.get(name)]
                return self._origin(same[0].version, name) if same else op
        return op

    def _named(self, op: Op, name: str) -> list[Op]:
        base = op.base or {}
        return [self._ops[one] for one in base.get(name, base.get("", ())) if one in self._ops]

    def _original(self, name: str) -> Any:
        """Return what a field was before the sides parted; None when that is not known."""
        contest = self.contests[name]
        bases = [set(map(_version, self._named(self._origin(one.version, name), name))) for one in contest.sides]
        common = set.intersection(*bases) if bases else set()
        known = [op for op in self._ops.values() if op.version in common and name in op.sets]
        return known[0].sets[name] if known else None

    def view(self) -> ContestView:
        """Return what is shown."""
        rows = self._rows()
        original = "，".join(row.original for row in rows if row.is_disputed and row.original and not row.is_text)
        sides = tuple(self._side(at) for at in range(len(self._authors)))
        told = (self.kind, *self.key[1:], self._views.subject(self.key), SORTS.get(self.kind, Sort.OTHER))
        return ContestView(*told, sides, rows, original, self._both())

    def _side(self, at: int) -> Side:
        author = self._authors[at]
        place = computer_place(author.first.stream, self._directory)
        taken = [computer_place(one.first.stream, self._directory) for one in self._authors[:at]]
        if place in taken:
            place = tr("{place}另外", place=place)
        unit = self._views.unit(author.first.stream, self._directory)
        head = author.heads.get(STANDING)
        is_removal = head is not None and head.value == 0
        return Side(tr("{place}写的", place=place), place, author.first.who, unit, _moment(author.first), is_removal)

    def _rows(self) -> tuple[FieldRow, ...]:
        disputed = [name for name in self._order() if name in self.contests and name != STANDING]
        rows = [self._disputed(name) for name in disputed] or self._since_removal()
        there = {row.name for row in rows}
        return (*rows, *(row for row in self._context() if row.name not in there))

    def _order(self) -> Sequence[str]:
        return [one for one in field_names(KINDS[self.kind]) if one != "id"] if self.kind in KINDS else []

    def _disputed(self, name: str) -> FieldRow:
        values = tuple(self._views.words(self.kind, name, self._value(author, name)) for author in self._authors)
        original = self._views.words(self.kind, name, self._original(name))
        return FieldRow(name, label_of(self.kind, name), values, True, original, name in TEXTS)

    def _value(self, author: _Author, name: str) -> Any:
        """Return what a side has a field to be; who has not touched it has what is shown."""
        head = author.heads.get(name)
        return head.value if head else self.contests[name].sides[0].value

    def _since_removal(self) -> list[FieldRow]:
        """Return what was gone on with, of a record that somebody else has removed."""
        contest = self.contests.get(STANDING)
        if contest is None:
            return []
        rows = []
        written = [self._ops[side.version] for side in contest.sides if side.value != 0]
        for name in self._order():
            values = [op.sets[name] for op in written if op.base is not None and name in op.sets and name != STANDING]
            if values:
                before = [one.sets[name] for op in written for one in self._named(op, name) if name in one.sets]
                said = [values[0] if not self._removes(author) else (before or [None])[0] for author in self._authors]
                told = tuple(self._views.words(self.kind, name, one) for one in said)
                rows.append(FieldRow(name, label_of(self.kind, name), told))
        return rows

    @staticmethod
    def _removes(author: _Author) -> bool:
        head = author.heads.get(STANDING)
        return head is not None and head.value == 0

    def _context(self) -> list[FieldRow]:
        record = self._views.record(self.key)
        if record is None:
            return []
        told = [(name, self._views.words(self.kind, name, plain(getattr(record, name)))) for name in self._beside()]
        count = len(self._authors)
        return [FieldRow(name, label_of(self.kind, name), (words,) * count, False) for name, words in told if words]

    def _beside(self) -> list[str]:
        return [name for name in CONTEXT.get(self.kind, ()) if name not in self.contests]

    def _both(self) -> str:
        """Return what keeping both would mean, '' where it cannot be."""
        if STANDING in self.contests:
            return ""
        if self.kind == Action.KIND and "due_on" in self.contests:
            return tr("都留着，写成两条进展，期限先空着")
        return tr("都留着，一段接一段") if self.contests.keys() <= TEXTS else ""

    def chosen(self, choice: Choice) -> tuple[dict[str, Plain], frozenset[Version]]:
        """Return what each contested field is to be, and the versions that were taken for it."""
        if choice.how is How.SIDE:
            author = self._authors[choice.side]
            heads = {name: author.heads.get(name) or one.sides[0] for name, one in self.contests.items()}
            return {name: head.value for name, head in heads.items()}, frozenset(one.version for one in heads.values())
        values = {name: one.sides[0].value for name, one in self.contests.items()}
        if choice.how is How.JOINED:
            return values | dict(choice.texts), frozenset()
        if self.kind == Action.KIND and "due_on" in self.contests:
            emptied: dict[str, Plain] = {"due_on": None, "due_words": ""}
            return values | {name: value for name, value in emptied.items() if name in values}, frozenset()
        return {name: self._one_after_the_other(name) for name in values}, frozenset()

    def _one_after_the_other(self, name: str) -> str:
        said = [str(self._value(author, name) or "") for author in self._authors]
        return "\n".join(dict.fromkeys(text for text in said if text))

    def lines(self) -> tuple[str, ...]:
        """Return for each side what it says, as a line about the task."""
        rows = [row for row in self._rows() if row.is_disputed]
        return tuple(
            f"{self._side(at).title}：" + "；".join(f"{row.label} {row.values[at] or tr('空着')}" for row in rows)
            for at in range(len(self._authors))
        )


def _version(op: Op) -> Version:
    return op.version


def _moment(op: Op) -> datetime | None:
    try:
        return datetime.fromisoformat(op.wall)
    except ValueError:
        return None


def _said(record: Any, views: ContestViews) -> str:
    """Return what a record says of itself in a few words."""
    if isinstance(record, Action):
        return f"{tr('任务')} {record.number}　{record.text}"
    if isinstance(record, Revisit):
        return f"{tr('回访')} {short_day(record.visited_on)}"
    if isinstance(record, Person):
        return f"{tr('名册')} {record.name}"
    for name in ("title", "text", "name", "head", "party", "venue"):
        said = getattr(record, name, "")
        if said:
            return str(said) if len(said) <= LONGEST else f"{said[:LONGEST]}…"
    person = getattr(record, "person_id", None)
    return views.name_of("person_id", person) if person else ""
