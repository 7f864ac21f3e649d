"""签到: who was in the yard, from when to when, and who signed for whom."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.ids import about
from app.domain.people import Role


class Presence(StrEnum):
    """Whether somebody is there."""

    EXPECTED = "EXPECTED"
    PRESENT = "PRESENT"
    LEFT = "LEFT"
    EXCUSED = "EXCUSED"
    ABSENT = "ABSENT"


_FURTHEST = (Presence.EXPECTED, Presence.ABSENT, Presence.EXCUSED, Presence.PRESENT, Presence.LEFT)


class Mode(StrEnum):
    """How somebody takes part."""

    IN_PERSON = "IN_PERSON"
    ONLINE = "ONLINE"
    PROXY = "PROXY"
    CIRCULATED = "CIRCULATED"


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person at one sitting. `invited` is False for those who came by themselves.

    A proxied person counts as here: `proxy_name` signed, being their `proxy_relation`.
    `counts` is False for experts and observers: they do not count towards a consensus.
    """

    KIND: ClassVar[str] = "attendance"
    id: str
    sitting_id: str
    person_id: str
    role: Role = Role.VILLAGER
    presence: Presence = Presence.EXPECTED
    mode: Mode = Mode.IN_PERSON
    invited: bool = True
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    proxy_name: str = ""
    proxy_relation: str = ""
    reason: str = ""
    counts: bool = True
    standing: int = 1

    @classmethod
    def of(cls, sitting_id: str, person_id: str, role: Role, *, invited: bool = True) -> "Attendance":
        """Return somebody's attendance at a sitting as it begins; the same one at whichever desk it is written."""
        return cls(about(cls.KIND, sitting_id, person_id), sitting_id, person_id, role, invited=invited)

    def together(self, other: "Attendance") -> "Attendance":
        """Return this attendance with what another one of the same person at the same sitting says."""
        furthest = max(self, other, key=lambda one: _FURTHEST.index(one.presence))
        arrived = [one for one in (self.arrived_at, other.arrived_at) if one]
        left = [one for one in (self.left_at, other.left_at) if one]
        return replace(
            self,
            presence=furthest.presence,
            mode=furthest.mode,
            invited=self.invited or other.invited,
            counts=self.counts and other.counts,
            arrived_at=min(arrived) if arrived else None,
            left_at=max(left) if left and furthest.presence == Presence.LEFT else None,
            proxy_name=furthest.proxy_name,
            proxy_relation=furthest.proxy_relation,
            reason=furthest.reason,
        )

    def is_here(self) -> bool:
        """Return whether this person is in the yard now, in person or by proxy."""
        return self.presence == Presence.PRESENT

    def was_here_at(self, moment: datetime) -> bool:
        """Return whether this person was in the yard at the moment."""
        came = self.arrived_at is not None and self.arrived_at <= moment
        return came and (self.left_at is None or self.left_at > moment)

    def has_come(self) -> bool:
        """Return whether this person came at all; those who left later did come."""
        return self.presence in (Presence.PRESENT, Presence.LEFT)
