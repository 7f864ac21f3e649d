"""Giving out tasks under a consensus, mending them, and following them up."""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.action import Action, ActionStage, Contribution, ContributionKind, Progress
from app.domain.change import Change, ChangeSet, changed, created, laid_down
from app.domain.errors import Incomplete
from app.domain.people import refuse_forbidden_numbers
from app.domain.sitting import Sitting
from app.domain.unit import Unit
from app.domain.wording import full_day
from app.ports import Is, Moment, Shelf


@dataclass(frozen=True, slots=True)
class Offer:
    """One party's share as typed: who brings how much of what."""

    party: str
    kind: ContributionKind
    amount: str
    measure: str = ""
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class AssignAction:
    """加任务: what, which unit, who, by when, who brings what. Unit and day may follow later."""

    sitting_id: str
    text: str
    consensus_id: str | None = None
    unit_id: str | None = None
    unit_name: str = ""
    person_id: str | None = None
    due_on: date | None = None
    due_words: str = ""
    supervisor: str = ""
    fund: str = ""
    support_units: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the task, its contributions, and its unit if the name is a new one."""
        sitting = shelf.get(Sitting, self.sitting_id)
        unit_id, new_unit = named_unit(shelf, moment, self.unit_id, self.unit_name)
        action = Action(
            moment.mint(),
            sitting.id,
            sitting.consultation_id,
            1 + _last_number(shelf, sitting.consultation_id),
            self.text.strip(),
            self.consensus_id,
            unit_id,
            self.person_id,
            self.support_units,
            self.due_on,
            self.due_words.strip(),
            self.supervisor.strip(),
            self.fund.strip(),
            ActionStage.ASSIGNED if unit_id and self.due_on else ActionStage.DRAFT,
        )
        action.check()
        offered = _contributions(moment, action.id, self.offers)
        return ChangeSet(f"加任务 {action.text[:12]}", (*new_unit, *created(action), *offered))


def named_unit(shelf: Shelf, moment: Moment, unit_id: str | None, name: str) -> tuple[str | None, tuple[Change, ...]]:
    """Return the id of a unit given by id or by name, and the changes that register a name not met before."""
    if unit_id or not name.strip():
        return unit_id, ()
    known = shelf.all(Unit, Is("name", name.strip()), limit=1)
    if known:
        return known[0].id, ()
    unit = Unit(moment.mint(), name.strip())
    return unit.id, created(unit)


def _last_number(shelf: Shelf, consultation_id: str) -> int:
    last = shelf.all(Action, Is("consultation_id", consultation_id), order="-number", limit=1)
    return last[0].number if last else 0


def _contributions(moment: Moment, action_id: str, offers: tuple[Offer, ...]) -> tuple[Change, ...]:
    parts: list[Change] = []
    for offer in offers:
        parts += created(
            Contribution(
                moment.mint(), action_id, offer.party, offer.kind, offer.amount, offer.measure, offer.person_id
            )
        )
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class AmendAction:
    """Mend a task; with `offers` its contributions are replaced as a whole."""

    action: Action
    unit_name: str = ""
    offers: tuple[Offer, ...] | None = None

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return what differs; a draft that got its unit and day is assigned."""
        before = shelf.get(Action, self.action.id)
        unit_id, new_unit = named_unit(shelf, moment, self.action.unit_id, self.unit_name)
        after = replace(self.action, text=self.action.text.strip(), unit_id=unit_id, standing=before.standing)
        after = replace(after, number=before.number)  # the one shown may have been counted anew
        if after.stage == ActionStage.DRAFT and after.unit_id and after.due_on:
            after = replace(after, stage=ActionStage.ASSIGNED)
        after.check()
        parts = [*new_unit, *changed(before, after)]
        if self.offers is not None:
            for old in shelf.all(Contribution, Is("action_id", before.id)):
                parts += laid_down(old)
            parts += _contributions(moment, before.id, self.offers)
        return ChangeSet(f"改任务 {after.text[:12]}", tuple(parts))


@dataclass(frozen=True, slots=True)
class RemoveAction:
    """Put a task into the recycle bin."""

    action_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the task and its contributions laid down."""
        action = shelf.get(Action, self.action_id)
        parts = list(laid_down(action))
        for contribution in shelf.all(Contribution, Is("action_id", action.id)):
            parts += laid_down(contribution)
        return ChangeSet(f"删任务 {action.text[:12]}", tuple(parts))


@dataclass(frozen=True, slots=True)
class NoteProgress:
    """写进展: one line about how a task is going; the stage follows it."""

    action_id: str
    text: str
    stage: ActionStage = ActionStage.IN_PROGRESS

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the line and the task's new stage."""
        if not self.text.strip():
            raise Incomplete("进展还没写")
        refuse_forbidden_numbers(self.text)
        action = shelf.get(Action, self.action_id)
        line = Progress(
            moment.mint(), action.id, self.text.strip(), moment.now.replace(microsecond=0), self.stage, moment.who
        )
        return ChangeSet(
            f"写进展 {action.text[:12]}", created(line) + changed(action, replace(action, stage=self.stage))
        )


@dataclass(frozen=True, slots=True)
class FinishAction:
    """办完了: one line about how it was done."""

    action_id: str
    text: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the task done today and the line that says how.

        Raises:
            Incomplete: Nobody says how.
            StageForbids: It has ended already.
        """
        action = shelf.get(Action, self.action_id)
        action.may_finish()
        if not self.text.strip():
            raise Incomplete("办得怎么样，写一句")
        refuse_forbidden_numbers(self.text)
        now = moment.now.replace(microsecond=0)
        line = Progress(moment.mint(), action.id, self.text.strip(), now, ActionStage.DONE, moment.who)
        after = replace(action, stage=ActionStage.DONE, done_on=now.date())
        return ChangeSet(f"办完 {action.text[:12]}", created(line) + changed(action, after))


@dataclass(frozen=True, slots=True)
class ExtendAction:
    """要延期: a later day, with a reason; the old day stays in the line."""

    action_id: str
    due_on: date
    reason: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the new day and the line that tells why and from when."""
        action = shelf.get(Action, self.action_id)
        action.may_finish()
        if not self.reason.strip():
            raise Incomplete("延期要写一句理由")
        refuse_forbidden_numbers(self.reason)
        was = full_day(action.due_on) if action.due_on else "没定"
        text = f"延期：原定{was}，改到{full_day(self.due_on)}。{self.reason.strip()}"
        line = Progress(moment.mint(), action.id, text, moment.now.replace(microsecond=0), action.stage, moment.who)
        return ChangeSet(
            f"延期 {action.text[:12]}", created(line) + changed(action, replace(action, due_on=self.due_on))
        )
