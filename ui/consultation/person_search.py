"""Who is meant by a few letters: at the door those expected come first, at the table those in the yard."""

from collections.abc import Callable

from app.domain.attendance import Attendance
from app.domain.people import Person
from app.domain.pinyin import Index, last_four
from app.domain.wording import clock
from app.queries.attendance import Regulars
from app.queries.sitting import LiveSitting
from ui.widgets.candidate_popup import Candidate
from ui.words import tr

MOST = 6
SHOWN_HERE = 2
LONGEST = 40
"""No name is longer, spelled out or not."""
_REGULAR = 50


class PersonSearch:
    """Finds people for one sitting; shared by the check-in field and the entry line.

    Those of the evening are few and ranked one by one; the register behind them may hold 20,000 and is only asked for
    its closest.
    """

    def __init__(self, live: LiveSitting, regulars: Regulars) -> None:
        self.live = live
        self.regulars = regulars
        self.by_person: dict[str, Attendance] = {}
        self._near: Index[str] = Index()
        self._names: dict[str, str] = {}
        self.learn()

    def learn(self) -> None:
        """Take note of who is here now; call after attendance or a name has changed."""
        self.by_person = {attendance.person_id: attendance for attendance in self.live.attendances()}
        people = [self.live.person(person_id) for person_id in {**self.by_person, **self.regulars.times}]
        names = {person.id: person.name for person in people if person and person.standing}
        if names != self._names:
            self._names = names
            self._near = Index((key, name, self._digits(key)) for key, name in names.items())

    def _digits(self, person_id: str) -> tuple[str, ...]:
        person = self.live.person(person_id)
        digits = last_four(person.phone) if person else ""
        return (digits,) if digits else ()

    def arriving(self, query: str) -> list[Candidate]:
        """Return who may be at the door: expected and absent, then regulars, then others; those in come last.

        A few of those in are always shown, so that nobody is checked in twice for want of being seen.
        """
        near = self._nearby(query, self._rank_at_the_door)
        absent = [person for person in near if not self._is_here(person)]
        here = [person for person in near if self._is_here(person)]
        room = MOST - min(len(here), SHOWN_HERE)
        others = self._others(query, room - len(absent), near)
        found = [*absent[:room], *others]
        return [self._at_the_door(person, query) for person in (*found, *here[: MOST - len(found)])]

    def speaking(self, query: str) -> list[Candidate]:
        """Return who may be speaking: those in the yard, then those expected, then anybody on the register."""
        near = self._nearby(query, self._rank_at_the_table)[:MOST]
        found = [*near, *self._others(query, MOST - len(near), near)]
        return [self._at_the_table(person, query) for person in found]

    def _nearby(self, query: str, rank: Callable[[Person], int]) -> list[Person]:
        """Return those of the evening whom the query may mean, by rank and then by closeness."""
        if len(query) > LONGEST:
            return []
        found = (self.live.person(hit.id) for hit in self._near.search(query, None))
        return sorted((person for person in found if person), key=rank)

    def _others(self, query: str, most: int, near: list[Person]) -> list[Person]:
        """Return the closest of the register who are none of the evening's."""
        if most <= 0 or len(query) > LONGEST:
            return []
        found = self.live.register.find_people(query, most + len(near))
        return [hit.person for hit in found if hit.person.id not in self._names][:most]

    def _is_here(self, person: Person) -> bool:
        attendance = self.by_person.get(person.id)
        return attendance is not None and attendance.is_here()

    def _rank_at_the_door(self, person: Person) -> int:
        return 0 if person.id in self.by_person else _REGULAR - self.regulars.times.get(person.id, 0)

    def _rank_at_the_table(self, person: Person) -> int:
        if person.id not in self.by_person:
            return _REGULAR - self.regulars.times.get(person.id, 0)
        return 0 if self._is_here(person) else 1

    def _at_the_door(self, person: Person, query: str) -> Candidate:
        attendance = self.by_person.get(person.id)
        came = attendance.arrived_at if attendance and attendance.is_here() else None
        since = clock(came) if came else ""
        return self._candidate(person, query, person.id in self.regulars.last, tr("上次到会"), since)

    def _at_the_table(self, person: Person, query: str) -> Candidate:
        return self._candidate(person, query, not self._is_here(person), tr("没签到"))

    def _candidate(self, person: Person, query: str, is_noted: bool, note: str, already: str = "") -> Candidate:
        where = self.live.register.where(person)
        detail = " · ".join(part for part in (where, note if is_noted else "") if part)
        return Candidate(person.id, person.name, letters_shown(query), detail, already)


def letters_shown(query: str) -> str:
    """Return what to show in red beside the name: the letters or digits typed, not Chinese signs."""
    flat = query.strip().lower()
    return flat if flat.isascii() and flat.isalnum() else ""
