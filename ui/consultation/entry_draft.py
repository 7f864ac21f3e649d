"""A statement half written: who, what kind, to which issue, and the words so far, as kept against a power cut."""

from dataclasses import dataclass

from app.domain.statement import Statement, StatementKind
from app.queries.sitting import LiveSitting

SOMEBODY = "?"
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the entry line. `speaker` is a person's id, `?` for 一位村民, empty while nobody is chosen.

    `statement_id` is that of the statement being mended, empty for a new one.
    """

    speaker: str = NOBODY
    kind: StatementKind = StatementKind.OPINION
    issue_id: str = ""
    text: str = ""
    statement_id: str = ""

    def is_empty(self) -> bool:
        """Return whether there is nothing worth keeping."""
        return not (self.speaker or self.text or self.statement_id)

    def note(self) -> str | None:
        """Return the draft as it is kept, None if it is empty."""
        first = "|".join((self.speaker, self.kind.value, self.issue_id, self.statement_id))
        return None if self.is_empty() else f"{first}\n{self.text}"


def draft_from(note: str) -> Draft:
    """Return a draft that was kept; an empty one if the note says nothing we know."""
    first, _, text = note.partition("\n")
    parts = first.split("|")
    if len(parts) != 4 or parts[1] not in tuple(StatementKind):
        return Draft()
    return Draft(parts[0], StatementKind(parts[1]), parts[2], text, parts[3])


def draft_of(statement: Statement) -> Draft:
    """Return a statement as a draft, to be mended."""
    speaker = statement.speaker_id or SOMEBODY
    return Draft(speaker, statement.kind, statement.issue_id or "", statement.text, statement.id)


def is_recorded(draft: Draft, live: LiveSitting) -> bool:
    """Return whether the draft is what was recorded last: the power went between the record and the clearing."""
    said = live.statements()
    return bool(said) and not draft.statement_id and draft_of(said[-1]).text == draft.text.strip() != ""


def last_speaker(live: LiveSitting) -> str:
    """Return who spoke last, empty if nobody has."""
    said = live.statements()
    return said[-1].speaker_id or SOMEBODY if said else NOBODY


def speaker_before(live: LiveSitting) -> str:
    """Return who spoke before the one who spoke last: the other of two who argue."""
    last = last_speaker(live)
    others = (s.speaker_id or SOMEBODY for s in reversed(live.statements()))
    return next((speaker for speaker in others if speaker != last), NOBODY)
