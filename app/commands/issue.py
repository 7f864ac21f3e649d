"""Putting issues on the table, taking them up, renaming and dropping them."""

from dataclasses import dataclass, replace

from app.domain.change import Change, ChangeSet, changed, created, laid_down
from app.domain.consensus import Consensus
from app.domain.errors import AlreadySettled
from app.domain.issue import Issue
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
        for consensus in shelf.all(Consensus, Is("issue_id", issue.id)):
            if consensus.is_settled():
                raise AlreadySettled(f"“{issue.title}”已经定了共识", "", "先重议，再拿掉")
        freed: list[Change] = []
        for statement in shelf.all(Statement, Is("issue_id", issue.id)):
            freed += changed(statement, replace(statement, issue_id=None))
        return ChangeSet(f"拿掉焦点 {issue.title}", laid_down(issue) + tuple(freed))
