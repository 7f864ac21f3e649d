"""A consultation as everybody may read it: what was settled, by how many, who does what by when, and what came of it.

Only what the province has (audience O) is told, names hidden already where it was sealed; a closed session is not told
at all. What was settled is told once it was sealed or posted: until then villagers have not signed it, and it may
change. What stands on a wall for its days is told for those days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.action import Action
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.edition import Edition
from app.domain.edition_record import read_record
from app.domain.issue import Issue
from app.domain.notice import Notice
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.topic import LIFE, Topic, TopicStage
from app.domain.unit import Unit
from app.ports import Is, Shelf
from app.queries.place_cells import hosted_in, hung_on, in_place, local_day, opened_in
from app.queries.place_titles import is_open, is_planned

SHOWN = (0, 2, 3, 4, 5, 6)
"""Which of the seven steps of a topic everybody is shown: 研判 happens indoors."""
_STAGE_STEPS = {
    ConsultationStage.FOLLOWING_UP: TopicStage.IN_HAND,
    ConsultationStage.EVALUATED: TopicStage.REVISITED,
    ConsultationStage.CLOSED: TopicStage.SETTLED,
    ConsultationStage.ARCHIVED: TopicStage.SETTLED,
}


@dataclass(frozen=True, slots=True)
class Item:
    """One issue and what was settled about it. `reservations` is None when nobody here knows their number; what
    `waits` to be sealed is not told yet."""

    number: int
    heading: str
    consensus: Consensus | None
    reservations: int | None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One task with the name of the unit that does it."""

    action: Action
    unit: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """One consultation in a list, with the day of its first sitting."""

    consultation: Consultation
    day: date


@dataclass(frozen=True, slots=True)
class OpenConsultation:
    """Everything that is told of one consultation. `step` is how far it has come, an index of `LIFE`."""

    consultation: Consultation
    topic: Topic | None
    sittings: tuple[Sitting, ...]
    day: date | None
    present: int
    step: int
    items: tuple[Item, ...]
    tasks: tuple[Task, ...]
    revisits: tuple[Revisit, ...]
    edition: Edition | None
    notice: Notice | None

    def steps(self) -> tuple[tuple[TopicStage, bool], ...]:
        """Return the steps everybody is shown, and whether each was reached."""
        return tuple((LIFE[at], at <= self.step) for at in SHOWN)

    def years(self) -> int:
        """Return the year it belongs to; 0 when it has no day."""
        return self.day.year if self.day else 0


def open_consultation(shelf: Shelf, consultation_id: str, today: date) -> OpenConsultation | None:
    """Return what everybody may read of a consultation; None when there is none, or it is not for everybody."""
    one = shelf.find(Consultation, consultation_id)
    if one is None or not is_open(one):
        return None
    sittings = sorted(shelf.all(Sitting, Is("consultation_id", one.id)), key=lambda found: (found.ordinal, found.id))
    held = tuple(sitting for sitting in sittings if sitting.opened_at)
    editions = shelf.all(Edition, Is("consultation_id", one.id), order="version")
    latest = {edition.sitting_id: edition for edition in editions}
    notices = shelf.all(Notice, Is("consultation_id", one.id), order="-id")
    told = frozenset((*latest, *(notice.sitting_id for notice in notices)))  # as `sealed_or_posted`, of what is read
    items = tuple(item for sitting in held for item in _items(shelf, sitting, latest.get(sitting.id), told))
    topic = shelf.find(Topic, one.topic_id)
    return OpenConsultation(
        one,
        topic,
        held,
        local_day(held[0].opened_at) if held and held[0].opened_at else None,
        max((item.consensus.present for item in items if item.consensus), default=0),
        _step(one, topic),
        items,
        tuple(task for task in _tasks(shelf, one) if task.action.sitting_id in told),
        tuple(shelf.all(Revisit, Is("consultation_id", one.id), order="visited_on")),
        editions[-1] if editions else None,
        _on_the_wall(notices, today),
    )


def meetings_in(shelf: Shelf, code: str, year: int) -> tuple[list[Meeting], int]:
    """Return the meetings of a township in a year, the latest first, and how many of them are not for everybody."""
    found = {one.id: one for one in shelf.all(Consultation, *hosted_in(code))}
    days: dict[str, date] = {}
    for sitting, day in opened_in(shelf, found):
        days[sitting.consultation_id] = min(day, days.get(sitting.consultation_id, day))
    meetings = [Meeting(found[one], day) for one, day in days.items() if day.year == year]
    shown = [meeting for meeting in meetings if is_open(meeting.consultation)]
    shown.sort(key=lambda meeting: (meeting.day, meeting.consultation.id), reverse=True)
    return shown, sum(meeting.consultation.closed_session for meeting in meetings)


def waiting_in(shelf: Shelf, code: str, year: int) -> list[Topic]:
    """Return the topics of a township that were planned in a year and have not been taken up, in the order of ids."""
    planned = [one for one in shelf.all(Topic, *in_place("village_code", code)) if is_planned(one)]
    wanted = {one.id: one for one in planned if one.approved_on and one.approved_on.year == year}
    about = list(hung_on(shelf, Consultation, "topic_id", tuple(wanted)))
    held = {sitting.consultation_id for sitting, _ in opened_in(shelf, (one.id for one in about))}
    taken = {one.topic_id for one in about if one.id in held}
    return [topic for topic in wanted.values() if topic.id not in taken]


def _items(shelf: Shelf, sitting: Sitting, edition: Edition | None, told: frozenset[str]) -> list[Item]:
    issues = sorted(shelf.all(Issue, Is("sitting_id", sitting.id)), key=lambda issue: (issue.number, issue.id))
    if sitting.id not in told:
        return [Item(at, issue.title, None, None, waits=True) for at, issue in enumerate(issues, 1)]
    settled = {one.issue_id: one for one in shelf.all(Consensus, Is("sitting_id", sitting.id)) if one.is_settled()}
    sealed = _sealed_items(edition) if edition else []
    kept = [_count(item) for item in sealed] if len(sealed) == len(issues) else [None] * len(issues)
    return [
        Item(at, issue.title, settled.get(issue.id), number)
        for at, (issue, number) in enumerate(zip(issues, kept, strict=True), 1)
    ]


def _sealed_items(edition: Edition) -> list[Any]:
    """Return what a sealed record has of its issues; nothing when the record did not come up."""
    record: Mapping[str, Any] = read_record(edition.record.encode()) or {}
    items = record.get("items")
    return items if isinstance(items, list) else []


def _count(item: Any) -> int | None:
    kept = item.get("reservations") if isinstance(item, Mapping) else None
    return len(kept) if isinstance(kept, list) else None


def _tasks(shelf: Shelf, one: Consultation) -> list[Task]:
    actions = sorted(shelf.all(Action, Is("consultation_id", one.id)), key=lambda action: (action.number, action.id))
    units = {action.unit_id: shelf.find(Unit, action.unit_id) for action in actions}
    return [Task(action, unit.name if (unit := units[action.unit_id]) else "") for action in actions]


def _step(one: Consultation, topic: Topic | None) -> int:
    """Return how far it has come: as its topic says, or as it says itself where that is further."""
    own = LIFE.index(_STAGE_STEPS.get(one.stage, TopicStage.IN_CONSULTATION))
    step = topic.step() if topic else None
    return max(own, step if step is not None else own)


def _on_the_wall(notices: Sequence[Notice], today: date) -> Notice | None:
    """Return the newest notice that hangs on the wall today; what has run out is not shown any more."""
    return next((notice for notice in notices if notice.posted_on <= today <= notice.until), None)
