"""印件: one paper as it went to a printer or a stick; printed copies are counted for each version."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Printout:
    """One paper printed. `version` 0 is an unsealed draft, `sha256` that of the PDF, `where` a printer or a folder."""

    KIND: ClassVar[str] = "printout"
    id: str
    consultation_id: str
    sitting_id: str
    paper: str
    version: int = 0
    copies: int = 1
    pages: int = 0
    sha256: str = ""
    printed_at: datetime | None = None
    where: str = ""
    is_reprint: bool = False
    standing: int = 1
