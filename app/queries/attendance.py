"""Who usually comes: attendance at the last meetings in the same place."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.attendance import Attendance
from app.domain.consultation import Consultation
from app.domain.sitting import Sitting
from app.ports import Among, Shelf

MEETINGS = 5


@dataclass(frozen=True, slots=True)
class Regulars:
    """How often somebody came to the last meetings here, by person id, and who came to the very last."""

    times: Mapping[str, int] = field(default_factory=dict)
    last: frozenset[str] = frozenset()


def regulars(shelf: Shelf, sitting_id: str, meetings: int = MEETINGS) -> Regulars:
    """Return who came to the last meetings in the place of this one; nobody when it is the first."""
    before = _meetings_before(shelf, shelf.get(Sitting, sitting_id))[:meetings]
    came = [a for a in shelf.all(Attendance, Among("sitting_id", tuple(s.id for s in before))) if a.has_come()]
    last = frozenset(a.person_id for a in came if a.sitting_id == before[0].id)
    return Regulars(Counter(a.person_id for a in came), last)


def _meetings_before(shelf: Shelf, sitting: Sitting) -> list[Sitting]:
    """Return the meetings held in the same place before, the latest first."""
    here = set(shelf.get(Consultation, sitting.consultation_id).place_codes)
    owners = tuple(c.id for c in shelf.all(Consultation) if here & set(c.place_codes))
    found = [s for s in shelf.all(Sitting, Among("consultation_id", owners)) if s.opened_at and s.id != sitting.id]
    return sorted(found, key=lambda s: s.opened_at.timestamp() if s.opened_at else 0.0, reverse=True)
