"""Who is meant by a few letters: at the door those expected come first, at the table those in the yard."""

from app.domain.attendance import Attendance
from app.domain.people import Person
from app.domain.wording import clock
from app.queries.attendance import Regulars
from app.queries.sitting import LiveSitting
from ui.widgets.candidate_popup import Candidate
from ui.words import tr

MOST = 6
_HERE, _ELSE = 90, 50


class PersonSearch:
    """Finds people for one sitting; shared by the check-in field and the entry line."""

    def __init__(self, live: LiveSitting, regulars: Regulars) -> None:
        self.live = live
        self.regulars = regulars
        self.by_person: dict[str, Attendance] = {}
        self.learn()

    def learn(self) -> None:
        """Take note of who is here now; call after attendance has changed."""
        self.by_person = {attendance.person_id: attendance for attendance in self.live.attendances()}

    def arriving(self, query: str) -> list[Candidate]:
        """Return who may be at the door: expected and absent, then regulars, then others; those in come last."""
        found = self.live.register.find_people(query, MOST, self._rank_at_the_door)
        return [self._at_the_door(hit.person, query) for hit in found]

    def speaking(self, query: str) -> list[Candidate]:
        """Return who may be speaking: those in the yard, then those expected, then anybody on the register."""
        found = self.live.register.find_people(query, MOST, self._rank_at_the_table)
        return [self._at_the_table(hit.person, query) for hit in found]

    def _rank_at_the_door(self, person: Person) -> int:
        attendance = self.by_person.get(person.id)
        if attendance is None:
            return _ELSE - self.regulars.times.get(person.id, 0)
        return _HERE if attendance.is_here() else 0

    def _rank_at_the_table(self, person: Person) -> int:
        attendance = self.by_person.get(person.id)
        if attendance is None:
            return _ELSE - self.regulars.times.get(person.id, 0)
        return 0 if attendance.is_here() else 1

    def _at_the_door(self, person: Person, query: str) -> Candidate:
        attendance = self.by_person.get(person.id)
        is_in = attendance is not None and attendance.is_here()
        since = clock(attendance.arrived_at) if attendance and is_in and attendance.arrived_at else ""
        return self._candidate(person, query, person.id in self.regulars.last, tr("上次到会"), since)

    def _at_the_table(self, person: Person, query: str) -> Candidate:
        attendance = self.by_person.get(person.id)
        is_away = attendance is None or not attendance.is_here()
        return self._candidate(person, query, is_away, tr("没签到"))

    def _candidate(self, person: Person, query: str, is_noted: bool, note: str, already: str = "") -> Candidate:
        where = self.live.register.where(person)
        detail = " · ".join(part for part in (where, note if is_noted else "") if part)
        return Candidate(person.id, person.name, letters_shown(query), detail, already)


def letters_shown(query: str) -> str:
    """Return what to show in red beside the name: the letters or digits typed, not Chinese signs."""
    flat = query.strip().lower()
    return flat if flat.isascii() and flat.isalnum() else ""
