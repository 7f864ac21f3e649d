"""发言: one thing one person said, as the recorder caught it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.errors import Incomplete
from app.domain.people import refuse_forbidden_numbers


class StatementKind(StrEnum):
    """What kind of thing was said; Ctrl 1 to Ctrl 6 in this order."""

    CLAIM = "CLAIM"
    OPINION = "OPINION"
    PROPOSAL = "PROPOSAL"
    REPLY = "REPLY"
    PROMISE = "PROMISE"
    DISSENT = "DISSENT"


KINDS = tuple(StatementKind)

STATEMENT_KIND_WORDS: dict[StatementKind, str] = {
    StatementKind.CLAIM: "诉求",
    StatementKind.OPINION: "意见",
    StatementKind.PROPOSAL: "建议",
    StatementKind.REPLY: "答复",
    StatementKind.PROMISE: "承诺",
    StatementKind.DISSENT: "异议",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Without `speaker_id` it was 一位村民, who may be named later."""

    KIND: ClassVar[str] = "statement"
    id: str
    sitting_id: str
    number: int
    text: str
    kind: StatementKind = StatementKind.OPINION
    speaker_id: str | None = None
    issue_id: str | None = None
    said_at: datetime | None = None
    note: str = ""
    standing: int = 1

    def check(self) -> None:
        """Refuse an empty statement, or one with a number we must not keep.

        Raises:
            Incomplete: Nothing is written.
            IdNumberRefused: The text holds an identity or bank number.
        """
        if not self.text.strip():
            raise Incomplete("说了什么还没写")
        refuse_forbidden_numbers(self.text)
