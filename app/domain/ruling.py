"""定夺: what two sides had both changed, and somebody has settled: who, when, why.

It names the versions that were looked at and holds nothing of what they say: they stay in the journal, each for its
own readers. Who has the record finds there what was taken and what was not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.domain.op import Version


@dataclass(frozen=True, slots=True)
class Ruling:
    """One settled contest: of which record, in which fields.

    `chosen` and `others` are versions (`version_words`); nothing is chosen where both were kept or joined.
    """

    KIND: ClassVar[str] = "ruling"
    id: str
    kind: str
    record_id: str
    fields: tuple[str, ...]
    chosen: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    reason: str = ""
    decided_at: datetime | None = None
    by: str = ""
    standing: int = 1


def version_words(version: Version) -> str:
    """Return a version as one word: its counter, its stream, its number there."""
    lamport, stream, seq = version
    return f"{lamport}:{stream}:{seq}"
