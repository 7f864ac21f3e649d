"""附件: a picture of a signed page, a photograph, a file; its bytes lie sealed beside the ledger, under `blob`."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


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
