"""定稿: one version of what was agreed, sealed; and 更正, the only way from one version to the next.

An edition never changes and is never taken back. Its format is told in `sync/SEALED_RECORD.md`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Edition:
    """One sealed version. `record` is the canonical text whose SHA-256 is `digest`; personal parts stand in it as
    commitments, and `openings` opens them. `closure` holds the records the papers of this version are made from.
    """

    KIND: ClassVar[str] = "edition"
    id: str
    consultation_id: str
    sitting_id: str
    version: int
    record: str
    openings: str
    closure: str
    digest: str
    digits: str
    device_key: str
    signature: str
    sealed_at: datetime
    sealed_by: str = ""
    spoken_digits: str = ""
    previous_id: str | None = None
    reason: str = ""
    standing: int = 1


@dataclass(frozen=True, slots=True)
class Correction:
    """更正: from when it is opened until the next edition is sealed, what was frozen may be changed."""

    KIND: ClassVar[str] = "correction"
    id: str
    consultation_id: str
    sitting_id: str
    edition_id: str
    reason: str
    asked_by: str = ""
    opened_at: datetime | None = None
    opened_by: str = ""
    standing: int = 1


HELD: dict[str, frozenset[str] | None] = {
    "sitting": None,
    "attendance": None,
    "issue": None,
    "statement": None,
    "consensus": None,
    "reservation": None,
    "contribution": None,
    "consultation": frozenset(
        {"title", "place_codes", "hamlet", "practice", "form", "closed_session", "standing"},
    ),
    "action": frozenset({"text", "consensus_id", "number", "fund", "standing"}),
}
"""What a sealing holds fast: kinds, and which of their fields (None: all but those beside the text)."""
BESIDE: dict[str, frozenset[str]] = {"consensus": frozenset({"second_text"})}
"""What stands beside the sealed text as an aid for reading out."""
HUNG_ON: dict[str, str] = {
    "attendance": "sitting_id",
    "issue": "sitting_id",
    "statement": "sitting_id",
    "consensus": "sitting_id",
    "reservation": "consensus_id",
    "contribution": "action_id",
}
"""By which field a record hangs on one that a sealing holds: what was not there when it was sealed is not let in."""
