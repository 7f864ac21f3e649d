"""One person is one guest, also where two entries that were tied together were signed in."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.domain.attendance import Attendance, Presence
from app.domain.people import Person, Role
from app.ports import Among, AtLeast, Shelf
from app.queries.people import Register

OneId = Callable[[str], str]


def one_each(found: Iterable[Attendance], one_id: OneId) -> list[Attendance]:
    """Return the attendances of a sitting, one a person, in the order of the register: the same at every desk."""
    ones: dict[str, Attendance] = {}
    for guest in sorted(found, key=lambda a: (a.person_id, a.id)):
        one = one_id(guest.person_id)
        own = guest if guest.person_id == one else replace(guest, person_id=one)
        ones[one] = ones[one].together(own) if one in ones else own
    return [ones[one] for one in sorted(ones)]


class Tied:
    """The entries of the register that were tied to others. Nearly always there are none."""

    def __init__(self, shelf: Shelf) -> None:
        """Look which there are."""
        self._shelf = shelf
        found = {person.id: person for person in shelf.all(Person, AtLeast("merged_into", ""))}
        while missing := {one.merged_into for one in found.values() if one.merged_into} - found.keys():
            kept = shelf.all(Person, Among("id", tuple(sorted(missing))))
            if not kept:
                break
            found |= {person.id: person for person in kept}
        self._ids = tuple(sorted(found))
        self._register = Register(list(found.values()), [], [])

    def one_each(self, found: Iterable[Attendance]) -> list[Attendance]:
        """Return the attendances of a sitting, one a person."""
        return one_each(found, self._register.one_id)

    def came(self, roles: Collection[Role]) -> Mapping[Any, int]:
        """Return by sitting how many people of these roles came, everybody once."""
        there = Among("presence", (Presence.PRESENT.value, Presence.LEFT.value))
        of_these = Among("role", tuple(sorted(role.value for role in roles)))
        counted = Counter[Any](self._shelf.tally(Attendance, "sitting_id", there, of_these))
        counted.subtract(self.too_many(lambda one: one.has_come() and one.role in roles))
        return counted

    def too_many(self, counts: Callable[[Attendance], bool]) -> Counter[str]:
        """Return by sitting how many of those that count are of somebody who counts already."""
        of = defaultdict[str, list[Attendance]](list)
        for guest in self._shelf.all(Attendance, Among("person_id", self._ids)) if self._ids else ():
            of[guest.sitting_id].append(guest)
        return Counter({one: _count(there, counts) - _count(self.one_each(there), counts) for one, there in of.items()})


def _count(guests: Iterable[Attendance], counts: Callable[[Attendance], bool]) -> int:
    return sum(map(counts, guests))
