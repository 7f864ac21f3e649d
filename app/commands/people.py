"""Keeping the register: people, households, units and hamlets."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain.change import ChangeSet, changed, created, laid_down
from app.domain.errors import Incomplete
from app.domain.hamlet import Hamlet
from app.domain.people import Household, Person, Role, the_one
from app.domain.unit import Unit
from app.ports import Is, Moment, Shelf


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
class MergePeople:
    """合成一个: two entries are the same person. From now on whatever names the twin shows the kept one.

    Only that is written; no attendance, statement or task is touched, so that it can be taken back at any time.
    """

    kept_id: str
    twin_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the tie; nothing when they are tied already."""
        kept, twin = shelf.get(Person, self.kept_id), shelf.get(Person, self.twin_id)
        if the_one(kept.id, into(shelf)) == the_one(twin.id, into(shelf)):
            return ChangeSet("", ())
        return ChangeSet(f"合成一个 {kept.name}", changed(twin, replace(twin, merged_into=kept.id)))


@dataclass(frozen=True, slots=True)
class SeparatePeople:
    """分开: what was merged into somebody, directly or by way of others, stands by itself again."""

    person_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return every tie of theirs loosened."""
        kept = shelf.get(Person, self.person_id)
        tied = {one.id: one for one in shelf.all(Person, Is("merged_into", kept.id))}
        if kept.merged_into:
            tied[kept.id] = kept
        loose = [change for one in tied.values() for change in changed(one, replace(one, merged_into=None))]
        return ChangeSet(f"分开 {kept.name}", tuple(loose))


def into(shelf: Shelf) -> Callable[[str], str | None]:
    """Return what tells into whom somebody of the register was merged; None for who is not on it."""

    def merged_into(person_id: str) -> str | None:
        person = shelf.find(Person, person_id)
        kept = shelf.find(Person, person.merged_into) if person else None
        return kept.id if kept else None

    return merged_into


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
