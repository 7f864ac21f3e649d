"""人 and 户: who lives here and who works here, with as little about them as the evening needs.

Name, village, group and role; a phone only if given. Identity and bank numbers are never kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from app.domain.errors import IdNumberRefused, Incomplete


class Role(StrEnum):
    """In what capacity somebody takes part (身份)."""

    VILLAGER = "VILLAGER"
    PARTY = "PARTY"
    VILLAGE_REP = "VILLAGE_REP"
    GROUP_HEAD = "GROUP_HEAD"
    ELDER = "ELDER"
    OLD_PARTY_MEMBER = "OLD_PARTY_MEMBER"
    VILLAGE_CADRE = "VILLAGE_CADRE"
    VILLAGE_SUPERVISION = "VILLAGE_SUPERVISION"
    RESIDENT_TEAM = "RESIDENT_TEAM"
    TOWNSHIP_CADRE = "TOWNSHIP_CADRE"
    CPPCC_MEMBER = "CPPCC_MEMBER"
    CPPCC_STAFF = "CPPCC_STAFF"
    LINE_DEPT = "LINE_DEPT"
    NPC_DEPUTY = "NPC_DEPUTY"
    EXPERT = "EXPERT"
    MEDIATOR = "MEDIATOR"
    ENTERPRISE = "ENTERPRISE"
    OWNER_COMMITTEE = "OWNER_COMMITTEE"
    PROPERTY = "PROPERTY"
    INTERPRETER = "INTERPRETER"
    OBSERVER = "OBSERVER"


ROLE_WORDS: dict[Role, str] = {
    Role.VILLAGER: "村民",
    Role.PARTY: "当事人",
    Role.VILLAGE_REP: "村民代表",
    Role.GROUP_HEAD: "组长",
    Role.ELDER: "寨老乡贤",
    Role.OLD_PARTY_MEMBER: "老党员",
    Role.VILLAGE_CADRE: "村干部",
    Role.VILLAGE_SUPERVISION: "村监委",
    Role.RESIDENT_TEAM: "驻村队员",
    Role.TOWNSHIP_CADRE: "乡镇干部",
    Role.CPPCC_MEMBER: "政协委员",
    Role.CPPCC_STAFF: "政协机关",
    Role.LINE_DEPT: "部门",
    Role.NPC_DEPUTY: "人大代表",
    Role.EXPERT: "专家",
    Role.MEDIATOR: "人民调解员",
    Role.ENTERPRISE: "企业",
    Role.OWNER_COMMITTEE: "业委会",
    Role.PROPERTY: "物业",
    Role.INTERPRETER: "双语翻译",
    Role.OBSERVER: "列席",
}

VILLAGERS = frozenset(
    {Role.VILLAGER, Role.PARTY, Role.VILLAGE_REP, Role.GROUP_HEAD, Role.ELDER, Role.OLD_PARTY_MEMBER}
    | {Role.OWNER_COMMITTEE}
)
CADRES = frozenset({Role.VILLAGE_CADRE, Role.VILLAGE_SUPERVISION, Role.RESIDENT_TEAM, Role.TOWNSHIP_CADRE})
COUNCIL = frozenset({Role.CPPCC_MEMBER})
"""Who is counted as 委员 in what is handed up."""
MEMBERS = frozenset({Role.CPPCC_MEMBER, Role.CPPCC_STAFF, Role.NPC_DEPUTY})


class Bench(StrEnum):
    """The four benches a courtyard sees, 群众 干部 委员 部门, and whoever sits on none: mediators, experts."""

    PEOPLE = "群众"
    CADRES = "干部"
    MEMBERS = "委员"
    DEPARTMENTS = "部门"
    OTHERS = "其他"


def bench_of(role: Role) -> Bench:
    """Return the bench on which somebody of this role is counted."""
    if role in VILLAGERS:
        return Bench.PEOPLE
    if role in CADRES:
        return Bench.CADRES
    if role in MEMBERS:
        return Bench.MEMBERS
    return Bench.DEPARTMENTS if role == Role.LINE_DEPT else Bench.OTHERS


@dataclass(frozen=True, slots=True)
class Person:
    """One person of the register. `post` is what people call them (村支书); `group` is 二组 and the like.

    `merged_into` names the entry that somebody said is the same person; nothing that names this one is rewritten.
    """

    KIND: ClassVar[str] = "person"
    id: str
    name: str
    village_code: str = ""
    group: str = ""
    role: Role = Role.VILLAGER
    post: str = ""
    unit_id: str | None = None
    household_id: str | None = None
    phone: str = ""
    note: str = ""
    merged_into: str | None = None
    standing: int = 1

    def title(self) -> str:
        """Return what stands beside the name: post if there is one, else the role's word."""
        return self.post or ROLE_WORDS[self.role]

    def check(self) -> None:
        """Refuse a person without a name, or with a number we must not keep.

        Raises:
            Incomplete: The name is empty.
            IdNumberRefused: Any field holds what looks like an identity or bank number.
        """
        if not self.name.strip():
            raise Incomplete("名字还没写")
        for text in (self.name, self.group, self.post, self.phone, self.note):
            refuse_forbidden_numbers(text)


def the_one(person_id: str, merged_into: Callable[[str], str | None]) -> str:
    """Return under which entry a person is shown: the last of those that each was merged into.

    Two laptops may have merged two entries into each other; then the one that was registered first is shown.
    """
    path = [person_id]
    while (into := merged_into(path[-1])) is not None:
        if into in path:
            return min(path[path.index(into) :])
        path.append(into)
    return path[-1]


@dataclass(frozen=True, slots=True)
class Household:
    """One household (户): counted once when households decide. `head` is how the village names it."""

    KIND: ClassVar[str] = "household"
    id: str
    village_code: str
    group: str
    head: str
    standing: int = 1


_FOLD = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_CARD_NUMBER = re.compile(r"(?<!\d)\d{16,19}(?!\d)")


def refuse_forbidden_numbers(text: str) -> None:
    """Refuse text holding an 18-digit identity number (GB 11643) or a bank card number (ISO/IEC 7812).

    Raises:
        IdNumberRefused: The check digits fit, so it is hardly anything else.
    """
    flat = re.sub(r"(?<=\d)[\s\-]+(?=[\dXx])", "", text.translate(_FOLD))
    if any(_is_id_number(found) for found in _ID_NUMBER.findall(flat)):
        raise IdNumberRefused
    if any(_is_card_number(found) for found in _CARD_NUMBER.findall(flat)):
        raise IdNumberRefused


def _is_id_number(digits: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], weights, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()


def _is_card_number(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
