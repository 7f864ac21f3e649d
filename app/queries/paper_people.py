"""Who was there, as papers tell it: in what capacity, from which unit, bench by bench, and who was away."""

from collections.abc import Iterable

from app.domain import wording
from app.domain.attendance import Attendance, Mode, Presence
from app.domain.people import ROLE_WORDS, VILLAGERS, Bench, Person, Role, bench_of
from app.queries.paper import proxy_words
from app.queries.paper_words import printed
from app.queries.sitting import LiveSitting

SOMEBODY = "群众"
"""Who said what nobody has been named for."""

_FIRST = (Role.CPPCC_STAFF, Role.CPPCC_MEMBER, Role.NPC_DEPUTY, Role.TOWNSHIP_CADRE, Role.LINE_DEPT)
_LAST = (Role.PARTY, Role.VILLAGE_REP, Role.GROUP_HEAD, Role.ELDER, Role.OLD_PARTY_MEMBER, Role.OWNER_COMMITTEE)
_ORDER = (*_FIRST, *(role for role in Role if role not in (*_FIRST, *_LAST, Role.VILLAGER)), *_LAST, Role.VILLAGER)
"""In which order papers list people: members and offices, cadres, others, and the people with the parties first."""
_NAMELESS = {
    Role.LINE_DEPT: "部门代表",
    Role.ENTERPRISE: "企业代表",
    Role.OWNER_COMMITTEE: "业委会代表",
    Role.PROPERTY: "物业代表",
    Role.VILLAGE_SUPERVISION: "村监委成员",
    Role.CPPCC_STAFF: "政协机关干部",
    Role.OBSERVER: "列席人员",
}
_BY_UNIT = frozenset({Role.LINE_DEPT, Role.ENTERPRISE, Role.PROPERTY, Role.TOWNSHIP_CADRE, Role.CPPCC_STAFF})


def capacity(live: LiveSitting, person: Person, role: Role) -> str:
    """Return in what capacity somebody takes part: 当事人, 村支书, 自然资源所所长, 乡水利站."""
    if role == Role.PARTY:
        return ROLE_WORDS[role]
    unit, post = live.unit(person.unit_id), printed(person.post)
    of = unit.name if unit and role not in VILLAGERS and not post.startswith(unit.name) else ""
    return of + (post or ("" if of and role in _BY_UNIT else _NAMELESS.get(role, ROLE_WORDS[role])))


def called(live: LiveSitting, person_id: str | None) -> str:
    """Return somebody with the capacity they came in: 当事人赵某甲; 群众 for nobody named."""
    person = live.person(person_id)
    if person is None:
        return SOMEBODY
    attendance = live.attendance_of(person.id)
    return capacity(live, person, attendance.role if attendance else person.role) + person.name


def bench_of_speaker(live: LiveSitting, person_id: str | None) -> Bench:
    """Return the bench a speaker sits on; whoever is not named is of the people."""
    person = live.person(person_id)
    if person is None:
        return Bench.PEOPLE
    attendance = live.attendance_of(person.id)
    return bench_of(attendance.role if attendance else person.role)


def host_words(live: LiveSitting) -> str:
    """Return the host with post: 村支书王某辛; empty when nobody is named."""
    return called(live, live.sitting.host_id) if live.person(live.sitting.host_id) else live.sitting.host


def listed(live: LiveSitting, guests: Iterable[Attendance], *, noted: bool = True) -> str:
    """Return people by capacity: 当事人赵某甲、钱某乙（女儿钱某丑代）；村支书王某辛. `noted` tells of proxies."""
    groups: dict[str, list[str]] = {}
    for guest in sorted(guests, key=lambda one: _ORDER.index(one.role)):
        person = live.person(guest.person_id)
        if person is not None:
            note = _note(guest) if noted else ""
            groups.setdefault(capacity(live, person, guest.role), []).append(
                person.name + (f"（{note}）" if note else "")
            )
    return "；".join(word + "、".join(names) for word, names in groups.items())


def _note(guest: Attendance) -> str:
    parts = (
        f"{proxy_words(guest)}签" if guest.proxy_name else "",
        {Mode.ONLINE: "线上参会", Mode.CIRCULATED: "会后入户签认"}.get(guest.mode, ""),
        "" if guest.counts else "列席",
        f"{wording.clock(guest.left_at)}离会" if guest.left_at else "",
        guest.reason if guest.presence == Presence.EXCUSED else "",
    )
    return "，".join(part for part in parts if part)


def by_bench(live: LiveSitting, guests: Iterable[Attendance]) -> list[tuple[Bench, list[Attendance]]]:
    """Return guests bench by bench, in the order of the benches; empty benches are left out."""
    seated: dict[Bench, list[Attendance]] = {bench: [] for bench in Bench}
    for guest in guests:
        seated[bench_of(guest.role)].append(guest)
    return [(bench, sitting) for bench, sitting in seated.items() if sitting]


def excused(live: LiveSitting) -> list[Attendance]:
    """Return those who asked to be excused."""
    return [guest for guest in live.attendances() if guest.presence == Presence.EXCUSED]


def missing(live: LiveSitting) -> list[Attendance]:
    """Return those who were expected and neither came nor asked to be excused."""
    return [a for a in live.attendances() if a.presence in (Presence.EXPECTED, Presence.ABSENT) and a.invited]


def members_invited(live: LiveSitting) -> list[Person]:
    """Return the members who are asked or have come, the first of them speaks of the visits before the meeting."""
    found = (live.person(a.person_id) for a in live.attendances() if a.role == Role.CPPCC_MEMBER)
    return [person for person in found if person]


def units_invited(live: LiveSitting) -> list[str]:
    """Return the departments that are asked or have come, each once."""
    people = (live.person(a.person_id) for a in live.attendances() if a.role == Role.LINE_DEPT)
    units = (live.unit(person.unit_id) for person in people if person)
    return list(dict.fromkeys(unit.name for unit in units if unit))
