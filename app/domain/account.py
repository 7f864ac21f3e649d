"""账号: who may do what on a server, how sign-ins are counted, and when a stay ends.

Roles are apart: whoever makes accounts reads no log, whoever reads the log does nothing else, devices are a third's. A
person has one role and one scope, the beginning of a place's code; what lies elsewhere does not exist for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

TRIES = 5
LONGEST_LOCK = timedelta(minutes=60)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
FRESH = timedelta(minutes=1)
"""A stay is marked as used at most once in this time."""


class Role(StrEnum):
    """What somebody may do; each person has one."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"
    READER = "reader"


ROLE_WORDS = {
    Role.SYSTEM: "系统管理员",
    Role.SECURITY: "安全管理员",
    Role.AUDIT: "审计员",
    Role.READER: "查阅",
}


WATCHING = frozenset((Role.SECURITY, Role.AUDIT))
"""Who watches over those that make accounts."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. `password` is kept as what it comes to, with how; `totp` is the secret of the second
    factor, `totp_offered` one that was shown and not yet confirmed, `totp_step` the last half minute that was used."""

    id: str
    name: str
    role: Role
    scope: str
    password: str
    made_at: datetime
    must_change: bool = True
    totp: str = ""
    totp_offered: str = ""
    totp_step: int = 0
    failures: int = 0
    lockouts: int = 0
    locked_until: datetime | None = None
    is_locked: bool = False
    removed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Return whether a right password opens it at this moment. No lock lasts longer than the longest, whatever the
        clock said when it began."""
        is_waiting = self.locked_until is not None and now < self.locked_until <= now + LONGEST_LOCK
        return not (self.is_locked or is_waiting or self.removed_at)

    def failed(self, now: datetime) -> "Account":
        """Return it after a wrong try: every fifth locks it, each time twice as long, an hour at most."""
        if not self.is_open(now):
            return self
        if self.failures + 1 < TRIES:
            return replace(self, failures=self.failures + 1)
        wait = min(timedelta(minutes=2 ** min(self.lockouts, 10)), LONGEST_LOCK)
        return replace(self, failures=0, lockouts=self.lockouts + 1, locked_until=now + wait)

    def came_in(self, step: int) -> "Account":
        """Return it after a right try, with the half minute of the second factor that was used."""
        return replace(self, failures=0, lockouts=0, locked_until=None, totp_step=max(step, self.totp_step))

    def unlocked(self) -> "Account":
        """Return it open again."""
        return replace(self, is_locked=False, failures=0, lockouts=0, locked_until=None)

    def begun_anew(self, password: str) -> "Account":
        """Return it with a password that must be changed at the first sign-in, and no second factor."""
        return replace(self, password=password, must_change=True, totp="", totp_offered="", totp_step=0)

    def reaches(self, code: str) -> bool:
        """Return whether a place lies within its scope."""
        return code.startswith(self.scope)


@dataclass(frozen=True, slots=True)
class Stay:
    """One sign-in: a token of which only the hash is kept, whose it is, since when, and when it was last used."""

    token_hash: str
    account_id: str
    began_at: datetime
    seen_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended: half an hour unused, or twelve hours old; or the clock was put back."""
        return now - self.seen_at >= IDLE or now - self.began_at >= LONGEST or now < self.began_at - IDLE

    def seen(self, now: datetime) -> "Stay":
        """Return it as used just now."""
        return replace(self, seen_at=now) if now - self.seen_at >= FRESH else self


def may_approve(account: Account, place: str) -> bool:
    """Return whether somebody may approve what has to do with a place, if they are let in."""
    return account.role is Role.SECURITY and account.reaches(place) and not (account.is_locked or account.removed_at)


def held_back(account: Account, accounts: Sequence[Account]) -> Account:
    """Return it as somebody leaves it who made it or knows its password: one that watches over those who make accounts
    opens only once a security administrator has unlocked it. The first of these opens by itself."""
    is_held = account.role in WATCHING and bool(_others(account, Role.SECURITY, accounts))
    return replace(account, is_locked=True) if is_held else account


def is_last(account: Account, accounts: Sequence[Account]) -> bool:
    """Return whether nobody else could make accounts in its scope without this one, or unlock them."""
    others = _others(account, account.role, accounts)
    return account.role in (Role.SYSTEM, Role.SECURITY) and all(one.is_locked for one in others)


def _others(account: Account, role: Role, accounts: Sequence[Account]) -> list[Account]:
    """Return who else of a role has all of an account's scope."""
    there = [one for one in accounts if one.role is role and not one.removed_at and one.id != account.id]
    return [one for one in there if one.reaches(account.scope)]
