"""工作台: today's meeting, what comes next, what is unfinished, what to watch."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.action import ENDED, Action, ActionStage
from app.domain.attendance import Attendance
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.issue import Issue
from app.domain.sitting import Sitting
from app.domain.topic import Topic
from app.domain.unit import Unit
from app.ports import Among, AtLeast, Before, Is, Shelf

AHEAD = (ConsultationStage.PREPARING, ConsultationStage.NOTIFIED, ConsultationStage.POSTPONED)


@dataclass(frozen=True, slots=True)
class Planned:
    """One meeting on the home page."""

    sitting: Sitting
    consultation: Consultation
    invited: int
    issues: int

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
class Overview:
    """Everything the home page shows. `resume` is a meeting under way, to be gone on with at one key."""

    resume: Planned | None
    today: tuple[Planned, ...]
    ahead: tuple[Planned, ...]
    unfinished: tuple[Planned, ...]
    watched: tuple[Watched, ...]
    watched_in_all: int
    overdue: int
    topics: int
    held_this_year: int


def overview(shelf: Shelf, now: datetime, days_to_watch: int = 7) -> Overview:
    """Return the home page as of now: meetings of today and ahead, and tasks overdue, due today or this week."""
    today = now.date()
    sittings = _sittings_around(shelf, today)
    plans = [_planned(shelf, sitting) for sitting in sittings]
    running = [p for p in plans if p.sitting.opened_at and p.sitting.is_open()]
    waiting = [
        p for p in plans if p.sitting.opened_at is None and p.consultation.stage in AHEAD and p.sitting.is_open()
    ]
    watched = _watched(shelf, today + timedelta(days=days_to_watch))
    return Overview(
        resume=max(running, key=lambda plan: plan.sitting.opened_at or now) if running else None,
        today=tuple(p for p in waiting if p.sitting.starts_at and p.sitting.starts_at.date() <= today),
        ahead=tuple(p for p in waiting if p.sitting.starts_at and p.sitting.starts_at.date() > today),
        unfinished=tuple(p for p in plans if p.consultation.stage == ConsultationStage.CONCLUDED)[-4:],
        watched=tuple(_told(shelf, action) for action in watched[:5]),
        watched_in_all=len(watched),
        overdue=sum(action.is_overdue(today) for action in watched),
        topics=shelf.count(Topic),
        held_this_year=shelf.count(
            Sitting, AtLeast("opened_at", f"{today.year}-"), Before("opened_at", f"{today.year + 1}-")
        ),
    )


def _sittings_around(shelf: Shelf, today: date) -> list[Sitting]:
    """Return the sittings that start within two months of today, either way, by their time."""
    first, last = (today - timedelta(days=60)).isoformat(), (today + timedelta(days=62)).isoformat()
    return shelf.all(Sitting, AtLeast("starts_at", first), Before("starts_at", last), order="starts_at")


def _planned(shelf: Shelf, sitting: Sitting) -> Planned:
    consultation = shelf.get(Consultation, sitting.consultation_id)
    invited = shelf.count(Attendance, Is("sitting_id", sitting.id), Is("invited", True))
    return Planned(sitting, consultation, invited, shelf.count(Issue, Is("sitting_id", sitting.id)))


def _watched(shelf: Shelf, until: date) -> list[Action]:
    open_ones = tuple(stage.value for stage in ActionStage if stage not in ENDED)
    return shelf.all(Action, Among("stage", open_ones), Before("due_on", until.isoformat()), order="due_on")


def _told(shelf: Shelf, action: Action) -> Watched:
    consultation = shelf.find(Consultation, action.consultation_id)
    unit = shelf.find(Unit, action.unit_id)
    codes = consultation.place_codes if consultation else ()
    return Watched(action, codes, unit.name if unit else "", action.person_id)
