"""Putting issues on the table, taking them up, renaming and dropping them."""

from dataclasses import dataclass, replace

from app.domain.action import Action
from app.domain.change import STANDING, Change, ChangeSet, changed, created, laid_down
from app.domain.consensus import Consensus, Reservation
from app.domain.errors import AlreadySettled, ReservationStays
from app.domain.issue import Issue
from app.domain.people import Person
from app.domain.sitting import Sitting, SittingStage
from app.domain.statement import Statement
from app.ports import Is, Moment, Shelf


@dataclass(frozen=True, slots=True)
class RaiseIssue:
    """Put a further issue on the table."""

    sitting_id: str
    title: str
    note: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the issue, last on the list; the first one of an open meeting is taken up at once."""
        sitting = shelf.get(Sitting, self.sitting_id)
        sitting.may_record()
        number = 1 + max((i.number for i in shelf.all(Issue, Is("sitting_id", sitting.id))), default=0)
        issue = Issue(moment.mint(), sitting.id, number, self.title.strip(), self.note.strip())
        issue.check()
        taken_up = issue.id if sitting.opened_at and sitting.current_issue_id is None else sitting.current_issue_id
        moved = changed(sitting, replace(sitting, current_issue_id=taken_up))
        return ChangeSet(f"加焦点 {issue.title}", created(issue) + moved)


@dataclass(frozen=True, slots=True)
class AmendIssue:
    """Change what an issue is called, or its note."""

    issue_id: str
    title: str
    note: str | None = None

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the fields that differ."""
        issue = shelf.get(Issue, self.issue_id)
        after = replace(issue, title=self.title.strip(), note=issue.note if self.note is None else self.note.strip())
        after.check()
        return ChangeSet(f"改焦点 {after.title}", changed(issue, after))


@dataclass(frozen=True, slots=True)
class TakeUpIssue:
    """Make an issue the one under discussion."""

    issue_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the sitting turned to the issue; from 说事 it moves on to 议事."""
        issue = shelf.get(Issue, self.issue_id)
        sitting = shelf.get(Sitting, issue.sitting_id)
        stage = SittingStage.DISCUSS if sitting.stage == SittingStage.RAISE else sitting.stage
        after = replace(sitting, current_issue_id=issue.id, stage=stage)
        return ChangeSet(f"议 {issue.title}", changed(sitting, after))


@dataclass(frozen=True, slots=True)
class DropIssue:
    """Take an issue off the table; what was said under it stays, without an issue."""

    issue_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the issue laid down and its statements set free.

        Raises:
            AlreadySettled: A consensus was settled on it.
        """
        issue = shelf.get(Issue, self.issue_id)
        sitting = shelf.get(Sitting, issue.sitting_id)
        sitting.may_record()
        may_drop(shelf, issue)
        freed: list[Change] = []
        for statement in shelf.all(Statement, Is("issue_id", issue.id)):
            freed += changed(statement, replace(statement, issue_id=None))
        left = [i for i in shelf.all(Issue, Is("sitting_id", sitting.id), order="number") if i.id != issue.id]
        current = sitting.current_issue_id if sitting.current_issue_id != issue.id else (left[0].id if left else None)
        moved = changed(sitting, replace(sitting, current_issue_id=current))
        return ChangeSet(f"拿掉焦点 {issue.title}", (*laid_down(issue), *freed, *moved))


def may_drop(shelf: Shelf, issue: Issue) -> None:
    """Refuse to let an issue go while a settled consensus, a reservation or a task hangs on it.

    Raises:
        AlreadySettled: A consensus was settled on it, or a task was given out under it.
        ReservationStays: Somebody kept a reservation.
    """
    for consensus in shelf.all(Consensus, Is("issue_id", issue.id)):
        if consensus.is_settled():
            raise AlreadySettled(f"“{issue.title}”已经定了共识", "", "先重议，再拿掉")
        for kept in shelf.all(Reservation, Is("consensus_id", consensus.id)):
            person = shelf.find(Person, kept.person_id)
            raise ReservationStays(person.name if person else "有人")
        if shelf.count(Action, Is("consensus_id", consensus.id)):
            raise AlreadySettled(f"“{issue.title}”下面有任务", "", "先把任务拿掉")


def may_undo(shelf: Shelf, back: ChangeSet) -> None:
    """Refuse to undo the putting of an issue on which something hangs by now.

    Raises:
        AlreadySettled: As for dropping it.
        ReservationStays: As for dropping it.
    """
    for change in back.changes:
        if change.kind == Issue.KIND and change.field == STANDING and change.new == 0:
            issue = shelf.find(Issue, change.record_id)
            if issue is not None:
                may_drop(shelf, issue)
