"""Checking people in and out of the yard, in person, by proxy, or as somebody nobody expected."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.attendance import Attendance, Mode, Presence
from app.domain.change import Change, ChangeSet, changed, created, raised
from app.domain.errors import AlreadyHere, Incomplete
from app.domain.people import Person, Role
from app.domain.sitting import Sitting
from app.ports import Is, Moment, Shelf


@dataclass(frozen=True, slots=True)
class Invite:
    """Put people on the list of those expected."""

    sitting_id: str
    person_ids: tuple[str, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return an expected attendance for each person not on the list yet."""
        there = {a.person_id for a in shelf.all(Attendance, Is("sitting_id", self.sitting_id))}
        new = [person_id for person_id in dict.fromkeys(self.person_ids) if person_id not in there]
        parts: list[Change] = []
        for person_id in new:
            person = shelf.get(Person, person_id)
            parts += _put_down(shelf, Attendance.of(self.sitting_id, person.id, person.role))
        return ChangeSet(f"请 {len(new)} 人", tuple(parts))


@dataclass(frozen=True, slots=True)
class CheckIn:
    """签到: somebody of the register is here, or has come back. With `proxy_name`, that person signed for them."""

    sitting_id: str
    person_id: str
    proxy_name: str = ""
    proxy_relation: str = ""
    mode: Mode = Mode.IN_PERSON

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the arrival.

        Raises:
            AlreadyHere: They are in the yard already, so there can be no double sign-in.
            StageForbids: The meeting has ended.
        """
        shelf.get(Sitting, self.sitting_id).may_record()
        person = shelf.get(Person, self.person_id)
        before = _attendance(shelf, self.sitting_id, self.person_id)
        if before is not None and before.is_here():
            raise AlreadyHere(person.name, _clock_time(before.arrived_at))
        title = f"签到 {person.name}" if not self.proxy_name else f"代签 {person.name}"
        if before is None:
            return ChangeSet(title, _put_down(shelf, self._arrived(_uninvited(self.sitting_id, person), moment)))
        return ChangeSet(title, changed(before, self._arrived(before, moment)))

    def _arrived(self, attendance: Attendance, moment: Moment) -> Attendance:
        now = moment.now.replace(microsecond=0)
        return replace(
            attendance,
            presence=Presence.PRESENT,
            mode=Mode.PROXY if self.proxy_name.strip() else self.mode,
            arrived_at=attendance.arrived_at or now,
            left_at=None,
            proxy_name=self.proxy_name.strip(),
            proxy_relation=self.proxy_relation.strip(),
        )


def _attendance(shelf: Shelf, sitting_id: str, person_id: str) -> Attendance | None:
    found = shelf.all(Attendance, Is("sitting_id", sitting_id), Is("person_id", person_id), limit=1)
    return found[0] if found else None


def _uninvited(sitting_id: str, person: Person) -> Attendance:
    return Attendance.of(sitting_id, person.id, person.role, invited=False)


def _put_down(shelf: Shelf, attendance: Attendance) -> tuple[Change, ...]:
    """Return an attendance newly put down; one that was taken back before is brought back as this one."""
    before = shelf.kept(Attendance, attendance.id)
    return raised(before, attendance) if before else created(attendance)


def _clock_time(moment: datetime | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


@dataclass(frozen=True, slots=True)
class WalkIn:
    """登记新来的人: somebody not on the register comes in; registered and checked in as one act."""

    sitting_id: str
    name: str
    group: str = ""
    role: Role = Role.VILLAGER
    village_code: str = ""
    post: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the new person and their arrival."""
        shelf.get(Sitting, self.sitting_id).may_record()
        person = Person(
            moment.mint(), self.name.strip(), self.village_code, self.group.strip(), self.role, self.post.strip()
        )
        person.check()
        arrival = replace(
            _uninvited(self.sitting_id, person),
            presence=Presence.PRESENT,
            arrived_at=moment.now.replace(microsecond=0),
        )
        return ChangeSet(f"登记并签到 {person.name}", created(person) + created(arrival))


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody leaves before the end."""

    attendance_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the leaving; who has not come cannot leave."""
        attendance = shelf.get(Attendance, self.attendance_id)
        name = shelf.get(Person, attendance.person_id).name
        if not attendance.is_here():
            raise Incomplete(f"{name} 不在会场")
        after = replace(attendance, presence=Presence.LEFT, left_at=moment.now.replace(microsecond=0))
        return ChangeSet(f"离开 {name}", changed(attendance, after))


@dataclass(frozen=True, slots=True)
class Excuse:
    """Somebody expected asked for leave (请假), with a reason if one was given."""

    attendance_id: str
    reason: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the absence with leave."""
        attendance = shelf.get(Attendance, self.attendance_id)
        name = shelf.get(Person, attendance.person_id).name
        after = replace(attendance, presence=Presence.EXCUSED, reason=self.reason.strip(), arrived_at=None)
        return ChangeSet(f"请假 {name}", changed(attendance, after))


@dataclass(frozen=True, slots=True)
class SetRole:
    """Say in what capacity somebody takes part here, and whether they count towards a consensus."""

    attendance_id: str
    role: Role
    counts: bool = True

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the role at this sitting; the register stays as it is."""
        attendance = shelf.get(Attendance, self.attendance_id)
        after = replace(attendance, role=self.role, counts=self.counts)
        return ChangeSet("改到会身份", changed(attendance, after))
