"""Catching what people say, and mending how it was caught."""

from dataclasses import dataclass, replace

from app.domain.change import ChangeSet, changed, created, laid_down
from app.domain.people import Person
from app.domain.sitting import Sitting, SittingStage
from app.domain.statement import Statement, StatementKind
from app.ports import Is, Moment, Shelf

SOMEBODY = "一位村民"


@dataclass(frozen=True, slots=True)
class RecordStatement:
    """记发言: who said what, as what kind, to which issue."""

    sitting_id: str
    text: str
    speaker_id: str | None = None
    kind: StatementKind = StatementKind.OPINION
    issue_id: str | None = None

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the statement; the first one to an issue moves the evening from 说事 to 议事.

        Raises:
            Incomplete: Nothing is written.
            StageForbids: The meeting has ended.
        """
        sitting = shelf.get(Sitting, self.sitting_id)
        sitting.may_record()
        speaker = shelf.get(Person, self.speaker_id).name if self.speaker_id else SOMEBODY
        statement = Statement(
            moment.mint(),
            sitting.id,
            1 + _last_number(shelf, sitting.id),
            self.text.strip(),
            self.kind,
            self.speaker_id,
            self.issue_id,
            moment.now.replace(microsecond=0),
        )
        statement.check()
        discussed = self.issue_id is not None and sitting.stage == SittingStage.RAISE
        moved = changed(sitting, replace(sitting, stage=SittingStage.DISCUSS)) if discussed else ()
        return ChangeSet(f"记发言 {speaker}", created(statement) + moved)


def _last_number(shelf: Shelf, sitting_id: str) -> int:
    last = shelf.all(Statement, Is("sitting_id", sitting_id), order="-number", limit=1)
    return last[0].number if last else 0


@dataclass(frozen=True, slots=True)
class AmendStatement:
    """Mend a statement: its words, speaker, kind or issue; what stood before stays in the history."""

    statement: Statement

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the fields that differ."""
        before = shelf.get(Statement, self.statement.id)
        shelf.get(Sitting, before.sitting_id).may_record()
        after = replace(
            self.statement, text=self.statement.text.strip(), number=before.number, standing=before.standing
        )
        after.check()
        return ChangeSet("改发言", changed(before, after))


@dataclass(frozen=True, slots=True)
class RemoveStatement:
    """Put a statement into the recycle bin."""

    statement_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the statement laid down."""
        statement = shelf.get(Statement, self.statement_id)
        shelf.get(Sitting, statement.sitting_id).may_record()
        return ChangeSet("删发言", laid_down(statement))
