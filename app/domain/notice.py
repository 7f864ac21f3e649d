"""公示: what was agreed, on the wall for the days its practice asks for, with names and phones hidden.

The term is counted in calendar days from the day after posting.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.domain.people import Role

IN_OFFICE = frozenset(
    {
        *(Role.VILLAGE_CADRE, Role.VILLAGE_SUPERVISION, Role.RESIDENT_TEAM, Role.TOWNSHIP_CADRE),
        *(Role.CPPCC_MEMBER, Role.CPPCC_STAFF, Role.LINE_DEPT, Role.NPC_DEPUTY),
    }
)
"""Who acts in office and may be named; everybody else is hidden. Source: trust.md section 4, class P1."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice on a wall. `shown` is its text as posted, masks and all; `phone` is the office's, no villager's."""

    KIND: ClassVar[str] = "notice"
    id: str
    consultation_id: str
    sitting_id: str
    posted_on: date
    until: date
    edition_id: str | None = None
    version: int = 0
    where: str = ""
    phone: str = ""
    shown: str = ""
    standing: int = 1
