"""Keeping the register: people, households, units and hamlets."""

from dataclasses import dataclass, replace

from app.domain.change import ChangeSet, changed, created, laid_down
from app.domain.errors import Incomplete
from app.domain.hamlet import Hamlet
from app.domain.people import Household, Person, Role
from app.domain.unit import Unit
from app.ports import Moment, Shelf


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    """Put somebody on the register."""

    name: str
    village_code: str = ""
    group: str = ""
    role: Role = Role.VILLAGER
    post: str = ""
    unit_id: str | None = None
    household_id: str | None = None
    phone: str = ""
    note: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the new person."""
        person = Person(
            moment.mint(),
            self.name.strip(),
            self.village_code,
            self.group.strip(),
            self.role,
            self.post.strip(),
            self.unit_id,
            self.household_id,
            self.phone.strip(),
            self.note.strip(),
        )
        person.check()
        return ChangeSet(f"登记 {person.name}", created(person))


@dataclass(frozen=True, slots=True)
class AmendPerson:
    """Replace what the register says of somebody; the id tells whom."""

    person: Person

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the fields that differ."""
        before = shelf.get(Person, self.person.id)
        after = replace(self.person, name=self.person.name.strip(), standing=before.standing)
        after.check()
        return ChangeSet(f"改名册 {after.name}", changed(before, after))


@dataclass(frozen=True, slots=True)
class RemovePerson:
    """Take somebody off the register; where they spoke, their name stays."""

    person_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the person laid down."""
        person = shelf.get(Person, self.person_id)
        return ChangeSet(f"移出名册 {person.name}", laid_down(person))


@dataclass(frozen=True, slots=True)
class RegisterHousehold:
    """Put a household on the register and its people into it."""

    village_code: str
    group: str
    head: str
    person_ids: tuple[str, ...] = ()

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the household and its people's new tie to it."""
        if not self.head.strip():
            raise Incomplete("户主还没写")
        household = Household(moment.mint(), self.village_code, self.group, self.head.strip())
        people = [shelf.get(Person, person_id) for person_id in self.person_ids]
        tied = [change for person in people for change in changed(person, replace(person, household_id=household.id))]
        return ChangeSet(f"登记户 {household.head}", (*created(household), *tied))


@dataclass(frozen=True, slots=True)
class RegisterUnit:
    """Put a unit on the list of those who can be given tasks."""

    name: str
    place_code: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the new unit."""
        if not self.name.strip():
            raise Incomplete("单位名字还没写")
        unit = Unit(moment.mint(), self.name.strip(), self.place_code)
        return ChangeSet(f"登记单位 {unit.name}", created(unit))


@dataclass(frozen=True, slots=True)
class NameHamlet:
    """Put a hamlet under its village."""

    village_code: str
    name: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the new hamlet."""
        if not self.name.strip():
            raise Incomplete("自然村名字还没写")
        hamlet = Hamlet(moment.mint(), self.village_code, self.name.strip())
        return ChangeSet(f"登记自然村 {hamlet.name}", created(hamlet))
