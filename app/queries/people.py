"""The register at hand: everybody and every unit, found by initials, kept up to date by each act's changes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from app.domain.change import STANDING, ChangeSet, applied
from app.domain.people import Household, Person, the_one
from app.domain.pinyin import Index, last_four
from app.domain.record import Record
from app.domain.unit import Unit
from app.ports import Shelf

KINDS: dict[str, type[Record]] = {Person.KIND: Person, Household.KIND: Household, Unit.KIND: Unit}


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Somebody the query may mean, and which characters of the name matched it."""

    person: Person
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit the query may mean, and which characters of its name matched it."""

    unit: Unit
    positions: tuple[int, ...]


class Register:
    """People, households and units by id, with their names indexed by every reading.

    20,000 names take a while to index. It is done at the first search, or ahead of it beside other work: what
    `indexed` returns is handed to `adopt`, and who changes in between is not lost.
    """

    def __init__(self, people: list[Person], households: list[Household], units: list[Unit]) -> None:
        self.people = {person.id: person for person in people}
        self.households = {household.id: household for household in households}
        self.units = {unit.id: unit for unit in units}
        self._names: Index[str] | None = None
        self._late: list[Person] = []
        self._merged: tuple[dict[str, Person], dict[str, str]] | None = None

    def one_id(self, person_id: str) -> str:
        """Return under whose id somebody is shown: their own, or that of whom they were merged into."""
        return self._ones().get(person_id, person_id)

    def one(self, person_id: str | None) -> Person | None:
        """Return somebody as they are shown, standing or not; None for who is not known."""
        return self.people.get(self.one_id(person_id or ""))

    def is_shown(self, person: Person) -> bool:
        """Return whether somebody has a line of their own on the register."""
        return bool(person.standing) and person.id not in self._ones()

    def twins_of(self, person: Person) -> list[Person]:
        """Return who was merged into somebody and stands behind them now."""
        return [self.people[twin] for twin, one in self._ones().items() if one == person.id]

    def _ones(self) -> dict[str, str]:
        """Return for each one who stands behind another, behind whom."""
        if self._merged is None or self._merged[0] is not self.people:
            tied = [one.id for one in self.people.values() if one.merged_into and one.standing]
            found = {person_id: the_one(person_id, self._into) for person_id in tied}
            self._merged = (self.people, {twin: one for twin, one in found.items() if twin != one})
        return self._merged[1]

    def _into(self, person_id: str) -> str | None:
        person = self.people[person_id]
        kept = self.people.get(person.merged_into or "")
        return kept.id if kept and kept.standing and person.standing else None

    def indexed(self) -> Index[str]:
        """Return the names of everybody as they are now, indexed; may run on a thread of its own."""
        standing = [person for person in list(self.people.values()) if self.is_shown(person)]
        return Index((person.id, person.name, _other_names(person)) for person in standing)

    def adopt(self, names: Index[str]) -> None:
        """Search by these names from now on, unless a search has come first."""
        if self._names is not None:
            return
        self._names = names
        for person in self._late:
            self._index(person)
        self._late.clear()

    def _people(self) -> Index[str]:
        if self._names is None:
            self.adopt(self.indexed())
        assert self._names is not None
        return self._names

    @cached_property
    def _unit_names(self) -> Index[str]:
        return Index((unit.id, unit.name, ()) for unit in self.units.values() if unit.standing)

    def take(self, changes: ChangeSet) -> frozenset[str]:
        """Apply an act and return which of our kinds it touched."""
        shelves: dict[str, dict[str, Record]] = {
            Person.KIND: self.people,  # type: ignore[dict-item]
            Household.KIND: self.households,  # type: ignore[dict-item]
            Unit.KIND: self.units,  # type: ignore[dict-item]
        }
        touched = set()
        for kind, record_id, parts in changes.by_record():
            held = shelves.get(kind)
            if held is None or (
                record_id not in held and not any(p.field == STANDING and p.old is None for p in parts)
            ):
                continue
            hidden = set(self._ones())
            record = applied(KINDS[kind], held.get(record_id), record_id, parts)
            held[record_id] = record
            self._merged = None
            self._index(record)
            for other in hidden ^ set(self._ones()) - {record_id}:
                self._index(self.people[other])
            touched.add(kind)
        return frozenset(touched)

    def renew(self, fresh: "Register") -> None:
        """Become what was read anew: much has come in from elsewhere."""
        self.people, self.households, self.units = fresh.people, fresh.households, fresh.units
        self._names = None
        self._late.clear()
        self.__dict__.pop("_unit_names", None)

    def _index(self, record: Record) -> None:
        if isinstance(record, Person):
            if self._names is None:
                self._late.append(record)
            elif self.is_shown(record):
                self._names.replace(record.id, record.name, _other_names(record))
            else:
                self._names.remove(record.id)
        elif isinstance(record, Unit) and "_unit_names" in self.__dict__:
            if record.standing:
                self._unit_names.replace(record.id, record.name)
            else:
                self._unit_names.remove(record.id)

    def find_people(
        self, query: str, limit: int = 6, first: Callable[[Person], int] | None = None
    ) -> list[FoundPerson]:
        """Return whom the query may mean: initials, full pinyin, characters, or the last four digits of a phone.

        `first` ranks people before closeness does, the smallest number first: those expected before others.
        """
        people = self.people
        rank = (lambda person_id: first(people[person_id])) if first else None
        hits = self._people().search(query, limit, first=rank)
        return [FoundPerson(people[hit.id], hit.positions) for hit in hits]

    def find_units(self, query: str, limit: int = 6) -> list[FoundUnit]:
        """Return which units the query may mean."""
        return [FoundUnit(self.units[hit.id], hit.positions) for hit in self._unit_names.search(query, limit)]

    def namesakes(self, name: str) -> list[Person]:
        """Return the people on the register who bear exactly this name: possible twins, shown before saving."""
        return [person for person in self.people.values() if self.is_shown(person) and person.name == name.strip()]

    def is_name(self, text: str) -> bool:
        """Return whether somebody on the register bears exactly this name, written so."""
        return any(self.people[hit.id].name == text for hit in self._people().search(text, 20))

    def standing(self) -> list[Person]:
        """Return everybody on the register, in the order they were put there."""
        return sorted((p for p in self.people.values() if self.is_shown(p)), key=lambda person: person.id)

    def sharing(self, person: Person) -> list[Person]:
        """Return who else is of the same household; nobody when none is known."""
        if person.household_id is None:
            return []
        same = (one for one in self.people.values() if one.household_id == person.household_id)
        return [one for one in same if self.is_shown(one) and one.id != person.id]

    def households_of(self, village_code: str) -> list[Household]:
        """Return the households of a village, by group and head; all of them when no village is given."""
        known = (one for one in self.households.values() if one.standing)
        near = (one for one in known if not village_code or one.village_code in ("", village_code))
        return sorted(near, key=lambda one: (one.group, one.head))

    def where(self, person: Person) -> str:
        """Return what tells namesakes apart: title, unit, group."""
        unit = self.units.get(person.unit_id or "")
        parts = (person.title(), unit.name if unit else "", person.group)
        return " · ".join(part for part in parts if part)


def _other_names(person: Person) -> tuple[str, ...]:
    digits = last_four(person.phone)
    return (digits,) if digits else ()


def register(shelf: Shelf) -> Register:
    """Return the whole register."""
    return Register(shelf.all(Person), shelf.all(Household), shelf.all(Unit))
