"""工作台: today's meeting, what comes next, what is unfinished, what to watch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.action import ENDED, Action, ActionStage
from app.domain.attendance import Attendance
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.issue import Issue
from app.domain.people import Person
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.domain.topic import Topic
from app.domain.unit import Unit
from app.ports import Among, AtLeast, Before, Is, Shelf
from app.queries.attendance_tied import Tied

MOST_UNFINISHED = 12
AHEAD = (ConsultationStage.PREPARING, ConsultationStage.NOTIFIED, ConsultationStage.POSTPONED)


@dataclass(frozen=True, slots=True)
class Planned:
    """One meeting on the home page. `host` is the name of who leads it; empty when nobody is named yet."""

    sitting: Sitting
    consultation: Consultation
    invited: int
    issues: int
    host: str = ""

    def expected(self) -> int:
        """Return how many are expected: the base number if one is set, else the invited."""
        return self.sitting.expected or self.invited

    def lacks(self) -> tuple[str, ...]:
        """Return what is not ready before leaving, in the clerk's words."""
        wanted = (("名册没备", self.invited), ("地点没写", self.sitting.venue), ("焦点没列", self.issues))
        return tuple(word for word, there in wanted if not there)


@dataclass(frozen=True, slots=True)
class Watched:
    """One task to watch, with where and who."""

    action: Action
    place_codes: tuple[str, ...]
    unit: str
    person_id: str | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A meeting under way: how much of it is kept and when something was last written."""

    plan: Planned
    statements: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A meeting that has ended with something still open; the counts say what."""

    plan: Planned
    unsettled: int
    without_unit: int
    without_day: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the home page shows. `resume` is a meeting under way, to be gone on with at one key."""

    resume: Stopped | None
    today: tuple[Planned, ...]
    ahead: tuple[Planned, ...]
    unfinished: tuple[Unfinished, ...]
    watched: tuple[Watched, ...]
    watched_in_all: int
    overdue: int
    topics: int
    planned_this_year: int
    held_this_year: int


def overview(
    shelf: Shelf, now: datetime, days_to_watch: int = 7, is_ours: Callable[[str], bool] | None = None
) -> Overview:
    """Return the home page as of now: meetings of today and ahead, and tasks overdue, due today or this week.

    Where meetings of others lie here as well, as at a county, `is_ours` tells of a sitting whether it is to be held, or
    gone on with, by whoever works here; the tasks are watched all the same.
    """
    today, tied = now.date(), Tied(shelf)
    concluded = _concluded(shelf, all_of_them=is_ours is not None)
    lying = [*shelf.all(Sitting, Is("ended_at", None), order="starts_at"), *concluded]
    sittings = [sitting for sitting in lying if is_ours is None or is_ours(sitting.id)]
    stages = {c.id: c.stage for c in _consultations_of(shelf, sittings)}
    waiting = [
        _planned(shelf, tied, s) for s in sittings if s.opened_at is None and s.is_open() and _lies_ahead(stages, s)
    ]
    ended = [s for s in sittings if stages.get(s.consultation_id) == ConsultationStage.CONCLUDED and not s.is_open()]
    watched = _watched(shelf, today + timedelta(days=days_to_watch))
    return Overview(
        resume=_stopped(shelf, tied, [s for s in sittings if s.opened_at and s.is_open()]),
        today=tuple(p for p in waiting if p.sitting.starts_at and p.sitting.starts_at.date() <= today),
        ahead=tuple(p for p in waiting if p.sitting.starts_at and p.sitting.starts_at.date() > today),
        unfinished=tuple(_unfinished(shelf, tied, sitting) for sitting in ended[:4]),
        watched=tuple(_told(shelf, action) for action in watched[:5]),
        watched_in_all=len(watched),
        overdue=sum(action.is_overdue(today) for action in watched),
        topics=shelf.count(Topic),
        planned_this_year=shelf.count(Topic, *_in_year("approved_on", today)),
        held_this_year=shelf.count(Sitting, *_in_year("opened_at", today)),
    )


def _in_year(field: str, today: date) -> tuple[AtLeast, Before]:
    return AtLeast(field, f"{today.year}-"), Before(field, f"{today.year + 1}-")


def _lies_ahead(stages: dict[str, ConsultationStage], sitting: Sitting) -> bool:
    return stages.get(sitting.consultation_id) in AHEAD


def _consultations_of(shelf: Shelf, sittings: list[Sitting]) -> list[Consultation]:
    return shelf.all(Consultation, Among("id", tuple({sitting.consultation_id for sitting in sittings})))


def _concluded(shelf: Shelf, *, all_of_them: bool) -> list[Sitting]:
    """Return the sittings of consultations that were settled but not signed yet, the latest first."""
    most = 0 if all_of_them else MOST_UNFINISHED
    found = shelf.all(Consultation, Is("stage", ConsultationStage.CONCLUDED.value), order="-id", limit=most)
    sittings = shelf.all(Sitting, Among("consultation_id", tuple(consultation.id for consultation in found)))
    return sorted(sittings, key=lambda sitting: (sitting.ended_at or sitting.starts_at, sitting.id), reverse=True)


def _planned(shelf: Shelf, tied: Tied, sitting: Sitting) -> Planned:
    consultation = shelf.get(Consultation, sitting.consultation_id)
    invited = len(tied.one_each(shelf.all(Attendance, Is("sitting_id", sitting.id), Is("invited", True))))
    host = shelf.find(Person, sitting.host_id)
    issues = shelf.count(Issue, Is("sitting_id", sitting.id))
    return Planned(sitting, consultation, invited, issues, host.name if host else sitting.host)


def _stopped(shelf: Shelf, tied: Tied, running: list[Sitting]) -> Stopped | None:
    """Return the meeting under way that was opened last, with what is kept of it."""
    if not running:
        return None
    sitting = max(running, key=lambda one: (one.opened_at is not None, one.opened_at))
    ours = Is("sitting_id", sitting.id)
    last = shelf.all(Statement, ours, order="-id", limit=1)
    last_at = last[0].said_at if last else sitting.opened_at
    return Stopped(_planned(shelf, tied, sitting), shelf.count(Statement, ours), last_at)


def _unfinished(shelf: Shelf, tied: Tied, sitting: Sitting) -> Unfinished:
    """Return what a meeting that has ended still lacks."""
    plan, ours = _planned(shelf, tied, sitting), Is("sitting_id", sitting.id)
    settled = sum(consensus.is_settled() for consensus in shelf.all(Consensus, ours))
    actions = [action for action in shelf.all(Action, ours) if action.is_open()]
    unit, day = (sum(getattr(action, name) is None for action in actions) for name in ("unit_id", "due_on"))
    return Unfinished(plan, max(0, plan.issues - settled), unit, day)


def _watched(shelf: Shelf, until: date) -> list[Action]:
    open_ones = tuple(stage.value for stage in ActionStage if stage not in ENDED)
    return shelf.all(Action, Among("stage", open_ones), Before("due_on", until.isoformat()), order="due_on")


def _told(shelf: Shelf, action: Action) -> Watched:
    consultation = shelf.find(Consultation, action.consultation_id)
    unit = shelf.find(Unit, action.unit_id)
    codes = consultation.place_codes if consultation else ()
    return Watched(action, codes, unit.name if unit else "", action.person_id)
