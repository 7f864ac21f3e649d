"""印件: one paper as it went to a printer or a stick; printed copies are counted for each version."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Printout:
    """One paper printed. `version` 0 is an unsealed draft, `sha256` that of the PDF, `where` a printer or a folder.

    With `pages` 0 nothing came out yet: from then on so many copies are still to be printed (回去再印); `where` is the
    folder the PDF was saved in, if it was. `copies` 0 says that no more are wanted. `sha256` is that of the paper
    without the mark a reprint carries.
    """

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

    def is_out(self) -> bool:
        """Return whether it is on paper, not only to be printed later."""
        return self.pages > 0
