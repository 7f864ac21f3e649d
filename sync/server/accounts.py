"""Accounts: signing in and out, passwords, and what an administrator may do to others. Every act is a line of the log.

What is done and its line are one transaction. A wrong name, a wrong password, a locked account and wrong digits get the
same answer after the same work, so that nobody learns by asking who has an account.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from app.domain.account import Account, Role, Stay, held_back, is_last
from app.domain.audit import DONE, NOWHERE, REFUSED, Deed, Line, Walk, walk
from app.domain.errors import Missing, Refused
from app.domain.people import refuse_forbidden_numbers
from app.domain.place import Places
from app.ports import Clock, Dice
from sync.server.passwords import COST, fits, hashed, refuse_weak
from sync.server.second_factor import SECRET_BYTES, secret_of, step_of

COMMAND_LINE = "命令行"
LONGEST_NAME, LONGEST_OBJECT = 30, 120
SCOPES = (2, 4, 6, 9)
WRONG = ("名字、密码或者动态码不对", "连错 5 次要等一会儿再试；忘了密码找系统管理员，锁住了找安全管理员")
OLD_WRONG = ("现在的密码不对", "再打一遍；连错 5 次要等一会儿")
CODE_WRONG = ("动态码不对", "看一下手机上的时间准不准，等换了新的 6 位再打")
HAS_FACTOR = ("动态码已经用上了", "要换手机，先打现在的密码停用，再重新设")
NAME = ("名字要写 2 到 30 个字，别人没用过的", "写本人的名字，重名的后面加单位")
SCOPE = ("没有这个区划，或者不在您管的范围", "写区划代码：省 2 位，州市 4 位，县 6 位，乡镇 9 位")
OWN = ("自己的账号自己不能这样动", "请另一位系统管理员办")
LAST = ("这是最后一个能用的系统管理员", "先设好另一个系统管理员")
LAST_GUARD = (
    "这是最后一个能用的安全管理员",
    "先设另一个，由这一位解锁；忘了密码，在服务器上用 account add 再设一个",
)
ROLE = ("没有这个角色", "选系统管理员、安全管理员、审计员或者查阅")
AUDITOR = ("审计员看整本日志，范围只能是本级全部", "把范围写成本级的区划代码，或者换一个角色")
SAID = (*HAS_FACTOR, *AUDITOR, *WRONG, *OLD_WRONG, *CODE_WRONG, *NAME, *SCOPE, *OWN, *LAST, *LAST_GUARD, *ROLE)


class Pen(Protocol):
    """Writes within one transaction."""

    def account(self, account_id: str) -> Account | None:
        """Return an account, removed ones too."""

    def named(self, name: str) -> Account | None:
        """Return the account of a name, removed ones too."""

    def accounts(self) -> list[Account]:
        """Return all accounts by name, removed ones too."""

    def keep(self, account: Account) -> None:
        """Keep an account as it now is."""

    def keep_stay(self, stay: Stay) -> None:
        """Keep a new stay."""

    def see_stay(self, stay: Stay) -> None:
        """Take down when a stay was used last; one that has ended meanwhile stays ended."""

    def end_stay(self, token_hash: str) -> None:
        """Forget one stay."""

    def end_stays(self, account_id: str, but: str = "") -> None:
        """Forget every stay of an account but one."""

    def log(self, deed: Deed) -> Line:
        """Add a line to the log."""


class Register(Protocol):
    """Where accounts, stays and the log are kept."""

    def writing(self) -> AbstractContextManager[Pen]:
        """Open one durable transaction.

        Raises:
            NotSaved: The disk would not take it.
        """

    def account(self, account_id: str) -> Account | None:
        """Return an account, removed ones too."""

    def named(self, name: str) -> Account | None:
        """Return the account of a name, removed ones too."""

    def accounts(self) -> list[Account]:
        """Return all accounts by name, removed ones too."""

    def stay(self, token_hash: str) -> Stay | None:
        """Return the stay of a token."""

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Yield the lines of the log after a number, the oldest first."""

    def newest(self, limit: int, before: int = 0) -> list[Line]:
        """Return the newest lines of the log, of those before a number if one is given."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, and the token of this stay."""

    account: Account
    token: str


class Accounts:
    """What can be done about accounts on one server; `place` is the code of the place that it is of."""

    def __init__(
        self, register: Register, clock: Clock, dice: Dice, places: Places, place: str, cost: int = COST
    ) -> None:
        self.register = register
        self._clock, self._dice, self._places, self._place, self._cost = clock, dice, places, place, cost
        self._nobody = hashed("", self.random(16), cost)
        self._walked = NOWHERE

    def random(self, count: int) -> bytes:
        """Return so many random bytes."""
        return self._dice.bits(8 * count).to_bytes(count, "big")

    def walked(self) -> Walk:
        """Return what comes of walking along the log, which goes on from the last line that it came to before: that one
        must still be what it was, or the log is broken there at the latest, however well it holds in itself. The lines
        before it are walked along again when the program begins anew.
        """
        so_far = self._walked
        if so_far.count:
            last = next(self.register.lines(so_far.count - 1), None)
            if last is None or (last.number, last.hash) != (so_far.count, so_far.last):
                found = walk(self.register.lines())
                # Cut short or written anew it may hold in itself, and is not the log that was here.
                return replace(found, broken_at=found.broken_at or min(found.count + 1, so_far.count))
        found = walk(self.register.lines(so_far.count), so_far)
        if found.broken_at is None:
            self._walked = found
        return found

    # Signing in and out

    def sign_in(self, name: str, password: str, digits: str = "", before: str = "") -> Visitor:
        """Begin a stay; that of the token that the browser had before ends.

        Raises:
            Refused: Something is wrong, whatever it may be.
        """
        met = self.register.named(name.strip())
        is_right = fits(password, met.password if met else self._nobody)
        with self.register.writing() as pen:
            now = self._clock.now()  # to compare takes long, and others may have locked it meanwhile
            account = pen.account(met.id) if met else None
            is_same = account is not None and met is not None and account.password == met.password
            visitor = self._let_in(pen, account, digits, now) if account and is_right and is_same else None
            if visitor and before:
                pen.end_stay(_token_hash(before))
            if visitor is None:
                if account:
                    pen.keep(account.failed(now))
                # What a stranger typed is not written down: it may be a password in the wrong field.
                pen.log(self._deed(account, "sign-in", "" if account else "unknown", REFUSED))
        if visitor is None:
            raise Refused(WRONG[0], "", WRONG[1])
        return visitor

    def _let_in(self, pen: Pen, account: Account, digits: str, now: datetime) -> Visitor | None:
        step = step_of(account.totp, digits, now, account.totp_step) if account.totp else 0
        if not account.is_open(now) or (account.totp and not step):
            return None
        account, token = account.came_in(step), base64.urlsafe_b64encode(self.random(32)).decode("ascii")
        pen.keep(account)
        pen.keep_stay(Stay(_token_hash(token), account.id, now, now))
        pen.log(self._deed(account, "sign-in", "", DONE))
        return Visitor(account, token)

    def who(self, token: str) -> Visitor | None:
        """Return who holds a token; None when the stay is over, or the account is not theirs any more."""
        stay = self.register.stay(_token_hash(token)) if token else None
        account = self.register.account(stay.account_id) if stay else None
        if stay is None or account is None:
            return None
        now = self._clock.now()
        if stay.is_over(now) or account.is_locked or account.removed_at or not account.scope.startswith(self._place):
            with self.register.writing() as pen:
                pen.end_stay(stay.token_hash)
            return None
        if (seen := stay.seen(now)) is not stay:
            with self.register.writing() as pen:
                pen.see_stay(seen)
        return Visitor(account, token)

    def sign_out(self, visitor: Visitor) -> None:
        """End a stay."""
        with self.register.writing() as pen:
            pen.end_stay(_token_hash(visitor.token))
            pen.log(self._deed(visitor.account, "sign-out", "", DONE))

    # One's own

    def change_password(self, visitor: Visitor, old: str, new: str) -> None:
        """Change one's own password; every other stay of theirs ends.

        Raises:
            Refused: The old one is wrong, or the new one is weak.
        """
        account = self._proven(visitor.account, old)
        refuse_weak(new, account.name)
        kept = hashed(new, self.random(16), self._cost)
        self._own(visitor, "password", lambda one: replace(one, password=kept, must_change=False))

    def offer_second_factor(self, visitor: Visitor) -> str:
        """Return a new secret, which counts once its digits have been typed. It is shown this once.

        Raises:
            Refused: There is one, which is dropped first, with the password: an unlocked screen must not be enough.
        """
        self._refuse_second(visitor)
        secret = secret_of(self._dice.bits(8 * SECRET_BYTES))
        self._own(visitor, "second-factor.offer", lambda one: replace(one, totp_offered=secret))
        return secret

    def confirm_second_factor(self, visitor: Visitor, digits: str) -> None:
        """Take the offered secret for good.

        Raises:
            Refused: The digits are not of it, or there is one already.
        """
        self._refuse_second(visitor)
        offered = visitor.account.totp_offered
        step = step_of(offered, digits, self._clock.now()) if offered else 0
        if not step:
            raise Refused(CODE_WRONG[0], "", CODE_WRONG[1])
        self._own(visitor, "second-factor.on", lambda one: replace(one, totp=offered, totp_offered="", totp_step=step))

    def _refuse_second(self, visitor: Visitor) -> None:
        if visitor.account.totp:
            raise Refused(HAS_FACTOR[0], "原来的没变", HAS_FACTOR[1])

    def drop_second_factor(self, visitor: Visitor, password: str) -> None:
        """Do without it again.

        Raises:
            Refused: The password is wrong.
        """
        self._proven(visitor.account, password)
        self._own(visitor, "second-factor.off", lambda one: replace(one, totp="", totp_offered="", totp_step=0))

    def _proven(self, account: Account, password: str) -> Account:
        """Return an account whose password somebody knows; wrong tries are counted as at the door."""
        is_right = fits(password, account.password)
        with self.register.writing() as pen:
            account, now = pen.account(account.id) or account, self._clock.now()
            is_good = is_right and account.is_open(now)
            if not is_good:
                pen.keep(account.failed(now))
                pen.log(self._deed(account, "password.prove", "", REFUSED))
        if not is_good:
            raise Refused(OLD_WRONG[0], "原来的没变", OLD_WRONG[1])
        return account

    def _own(self, visitor: Visitor, act: str, how: Callable[[Account], Account]) -> None:
        with self.register.writing() as pen:
            account = pen.account(visitor.account.id) or visitor.account
            pen.keep(how(account))
            pen.end_stays(account.id, but=_token_hash(visitor.token))
            pen.log(self._deed(account, act, "", DONE))

    # Those of others

    def listed(self, by: Account) -> Sequence[Account]:
        """Return the accounts within somebody's scope, by name."""
        return [one for one in self.register.accounts() if not one.removed_at and by.reaches(one.scope)]

    def everybody(self) -> Sequence[Account]:
        """Return all accounts that were not removed."""
        return [one for one in self.register.accounts() if not one.removed_at]

    def add(self, by: Account | None, name: str, role: str, scope: str, password: str = "") -> tuple[Account, str]:
        """Make an account and return it with its password: the one given, or one to be changed at the first sign-in.
        Nobody means the command line, where the first account is made. One that watches over others is locked at first.

        Raises:
            Refused: The name, the role, the scope or the password will not do.
        """
        name, scope = _named(name), self._scope(by, scope)
        self._refuse_narrow_auditor(role, scope)
        if password:
            refuse_weak(password, name)
        word, now = password or self._first_password(), self._clock.now()
        account_id, kept = self.random(16).hex(), hashed(word, self.random(16), self._cost)
        account = Account(account_id, name, _role(role), scope, kept, now, must_change=not password)
        with self.register.writing() as pen:
            _refuse_who_may_not_any_more(pen, by)
            there = pen.accounts()
            if _alike(name) in {_alike(COMMAND_LINE), *(_alike(one.name) for one in there)}:
                raise Refused(NAME[0], "", NAME[1])
            account = held_back(account, there) if by else account
            pen.keep(account)
            pen.log(self._deed(by, "account.add", f"{name} {role} {scope}", DONE))
        return account, word

    def lock(self, by: Account, account_id: str) -> None:
        """Let an account in no more until it is unlocked; whoever is in is out.

        Raises:
            Refused: It is one's own, or the last that can make accounts or unlock.
            Missing: There is none within one's scope.
        """
        self._change(by, account_id, "account.lock", lambda one: replace(one, is_locked=True), is_loss=True)

    def unlock(self, by: Account, account_id: str) -> None:
        """Let an account in again, with the count of wrong tries begun anew.

        Raises:
            Missing: There is none within one's scope.
        """
        self._change(by, account_id, "account.unlock", Account.unlocked)

    def reset(self, by: Account, account_id: str) -> tuple[Account, str]:
        """Return an account with a new password, to be changed at the first sign-in; its second factor is off. One that
        watches over others is locked.

        Raises:
            Refused: It is one's own, or the last that can unlock.
            Missing: There is none within one's scope.
        """
        word = self._first_password()
        kept = hashed(word, self.random(16), self._cost)
        return self._change(by, account_id, "account.reset", lambda one: one.begun_anew(kept), is_loss=True), word

    def set_role(self, by: Account, account_id: str, role: str) -> None:
        """Give somebody else another role; one that watches over others is locked.

        Raises:
            Refused: It is one's own, or the last that can make accounts or unlock.
            Missing: There is none within one's scope.
        """
        new = _role(role)
        whom = self.register.account(account_id)
        is_loss = whom is None or new is not whom.role
        if whom and by.reaches(whom.scope):
            self._refuse_narrow_auditor(role, whom.scope)
        self._change(by, account_id, "account.role", lambda one: replace(one, role=new), is_loss, f" {new.value}")

    def remove(self, by: Account, account_id: str) -> None:
        """Remove an account; its name is never given again, so that the log stays clear.

        Raises:
            Refused: It is one's own, or the last that can make accounts or unlock.
            Missing: There is none within one's scope.
        """
        now = self._clock.now()
        self._change(by, account_id, "account.remove", lambda one: replace(one, removed_at=now), is_loss=True)

    def _change(
        self,
        by: Account,
        account_id: str,
        act: str,
        how: Callable[[Account], Account],
        is_loss: bool = False,
        more: str = "",
    ) -> Account:
        with self.register.writing() as pen:
            account = pen.account(account_id)
            if account is None or account.removed_at or not by.reaches(account.scope):
                raise Missing("account", account_id)
            if account.id == by.id:
                raise Refused(OWN[0], "什么也没变", OWN[1])
            if is_loss and is_last(account, pen.accounts()):
                told = LAST if account.role is Role.SYSTEM else LAST_GUARD
                raise Refused(told[0], "什么也没变", told[1])
            _refuse_who_may_not_any_more(pen, by)
            changed = how(account)
            if (changed.role, changed.password) != (account.role, account.password):
                changed = held_back(changed, pen.accounts())
            pen.keep(changed)
            pen.end_stays(account.id)
            pen.log(self._deed(by, act, account.name + more, DONE))
        return changed

    def _scope(self, by: Account | None, scope: str) -> str:
        code = scope.strip() or self._place
        is_ours = code.startswith(self._place) and len(code) in SCOPES and self._places.get(code) is not None
        if not is_ours or not (by is None or by.reaches(code)):
            raise Refused(SCOPE[0], "", SCOPE[1])
        return code

    def _refuse_narrow_auditor(self, role: str, scope: str) -> None:
        """Refuse an auditor of a part: the log is one chain, and is read whole or not at all."""
        if role == Role.AUDIT and scope != self._place:
            raise Refused(AUDITOR[0], "什么也没变", AUDITOR[1])

    def _first_password(self) -> str:
        """Return sixteen signs in four groups, easy to read out: about 80 bits."""
        signs = base64.b32encode(self.random(10)).decode("ascii").lower()
        return "-".join(signs[at : at + 4] for at in range(0, 16, 4))

    # The log

    def note(self, by: Account | None, act: str, about: str, outcome: str = DONE) -> None:
        """Write into the log that somebody has done, read or tried something.

        Raises:
            NotSaved: The disk would not take it; then it must not be answered either.
        """
        with self.register.writing() as pen:
            pen.log(self._deed(by, act, about, outcome))

    def _deed(self, by: Account | None, act: str, about: str, outcome: str) -> Deed:
        at = self._clock.now().astimezone(UTC).isoformat(timespec="seconds")
        name = by.name if by else "" if act == "sign-in" else COMMAND_LINE
        plain = "".join(sign if sign.isprintable() else " " for sign in about)
        return Deed(at, name, act, " ".join(plain.split())[:LONGEST_OBJECT], outcome)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _named(name: str) -> str:
    name = name.strip()
    if not 2 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refused(NAME[0], "", NAME[1])
    refuse_forbidden_numbers(name)
    return name


def _alike(name: str) -> str:
    """Return what is the same of names that a reader of the log could take for each other."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _refuse_who_may_not_any_more(pen: Pen, by: Account | None) -> None:
    """Refuse an act of somebody who was locked, removed or given another role while they asked: two who remove each
    other at the same time would both be gone.

    Raises:
        Missing: They have not this account any more.
    """
    now = pen.account(by.id) if by else None
    if by and (now is None or now.is_locked or now.removed_at or (now.role, now.scope) != (by.role, by.scope)):
        raise Missing("account", by.id)


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        raise Refused(ROLE[0], "", ROLE[1]) from error
