"""附件: a picture of a signed page, a photograph, a file; its bytes lie sealed beside the ledger, under `blob`.

A signed page comes back as a scan. Its code says where it belongs; a scan nobody can place is kept aside, of no
meeting, until a person says what it is. Signatures and thumbprints are pictures of paper: nothing here looks at them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.edition_code import PageCode


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment. `paper`, `version`, `page` and `pages` tell which sheet of which paper a scan shows."""

    KIND: ClassVar[str] = "attachment"
    id: str
    consultation_id: str
    blob: str
    media_type: str
    size: int
    sitting_id: str | None = None
    edition_id: str | None = None
    action_id: str | None = None
    paper: str = ""
    version: int = 0
    page: int = 0
    pages: int = 0
    thumbnail: str = ""
    digest: str = ""
    taken_at: datetime | None = None
    note: str = ""
    standing: int = 1


@dataclass(frozen=True, slots=True)
class Scan:
    """One sheet that came back and is kept, not yet filed. `source` is the file and page it came from."""

    source: str
    code: PageCode | None
    blob: str
    thumbnail: str
    size: int
    digest: str = ""
    taken_at: datetime | None = None


class Placing(StrEnum):
    """What becomes of a scan."""

    FILED = "filed"
    OTHER_VERSION = "other version"
    ASIDE = "aside"
    ALREADY = "already"
    FOREIGN = "foreign"

    @property
    def is_filed(self) -> bool:
        """Return whether it goes to its paper."""
        return self in (Placing.FILED, Placing.OTHER_VERSION)

    @property
    def is_kept(self) -> bool:
        """Return whether it is written down at all: foreign paper and what is there already are not."""
        return self.is_filed or self is Placing.ASIDE


@dataclass(frozen=True, slots=True)
class Placed:
    """A scan and where it goes, with the sentence that says so."""

    scan: Scan
    placing: Placing
    sentence: str
    consultation_id: str = ""
    sitting_id: str | None = None
    edition_id: str | None = None


def is_aside(attachment: Attachment) -> bool:
    """Return whether this is a scan that waits for a person to say what it is."""
    return not attachment.consultation_id
