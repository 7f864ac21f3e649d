"""What an office sees and decides of the exchange: who has not been heard from, who asks to be enrolled, what was lost.

The relay's worker is the only thread that may call the exchange for writing (see `relay.py`). So what is decided here
is given to that very worker as one more piece of its work, between two packs, and waited for. Reading is done where it
is asked: statements and segments are read in one go each, and the directory is a view over what was read.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from app.domain.errors import DigitsDiffer, Missing, Refused
from app.domain.place import Places
from app.ports import Clock, Parcel, Postbox
from app.queries.place_cells import TOWNSHIP
from sync.custody import after_a_gap
from sync.directory import DeviceCard, Directory, Said, certifier
from sync.enrolment import Accepted, Enrolment, request_digits, shown, typed, with_digits
from sync.exchange import Exchange
from sync.inbox import read_told
from sync.statement import is_moment

T = TypeVar("T")
WAIT_S = 20.0
SILENT_DAYS = 14
ARRIVALS = 20_000
MOST_UNKNOWN = 80
BUSY = ("正在收一个大包，还没轮到", "等一两分钟再办一次；现在什么也没变")
GOING_ON = ("轮到了，还没办完", "过一会儿刷新，看办好没有")
NOT_CHECKED = ("这份申请没有核对过，或者核对过了一天", "请先核对 8 位数，再由另一个人确认")
SAME_PERSON = ("自己核对的，要另一个人确认", "请另一位安全管理员登录来办")
NO_REQUEST = ("这里没有等着登记的申请", "请乡镇先联网同步一次，或者把 U 盘带来")
SAID = (*BUSY, *GOING_ON, *NOT_CHECKED, *SAME_PERSON, *NO_REQUEST)
CHECKED = "enrolment/checked/"
"""How the note begins that somebody has compared the digits of a request."""
HOLDS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Computer:
    """A device: when it was heard from last, and what is the matter with it. One that was enrolled just now need not
    have been heard from yet."""

    id: str
    name: str
    heard_at: datetime | None
    days: int | None
    is_silent: bool
    is_lost: bool
    has_gap: bool
    is_forked: bool

    def asks_for_care(self) -> bool:
        """Return whether it has to be rung up about: silent, with a gap, or forked."""
        return self.is_silent or self.has_gap or self.is_forked


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation with its computers; `is_ours` if this office has enrolled them, and so can report them lost."""

    code: str
    name: str
    computers: tuple[Computer, ...]
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """A request that waits: what the computer is called, and whose it is to be. Its digits are read out by telephone
    and never shown here. `checked_by` is the account that has compared them, if a second one is to confirm it."""

    id: str
    name: str
    unit: str
    org: str
    at: str
    checked_by: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How the exchange stands within a scope; `unknown` are townships of which no computer was ever enrolled, `waiting`
    those who ask to be."""

    units: tuple[Unit, ...]
    unknown: tuple[str, ...]
    unknown_count: int
    waiting: tuple[Waits, ...] = ()

    def computers(self) -> list[Computer]:
        """Return all computers."""
        return [one for unit in self.units for one in unit.computers]

    def listed(self, most: int, place: str) -> tuple[Unit, ...]:
        """Return all units with their computers; where these are more than `most`, the first so many of those that
        somebody has to look after, and of those of the place itself, which lie in none below it."""
        if len(self.computers()) <= most:
            return self.units
        units, left = [], most
        for unit in self.units:
            if some := tuple(one for one in unit.computers if unit.code == place or one.asks_for_care())[:left]:
                units.append(replace(unit, computers=some))
                left -= len(some)
        return tuple(units)


Approvers = Callable[[str], Collection[str]]
"""Returns the ids of the accounts that may approve for a place."""


class Office:
    """The exchange of one home, as its office sees it. `worker` is the relay's."""

    def __init__(
        self,
        exchange: Exchange,
        postbox: Postbox,
        places: Places,
        clock: Clock,
        worker: Executor,
        wait_s: float = WAIT_S,
    ) -> None:
        self._exchange, self._postbox, self._places, self._clock = exchange, postbox, places, clock
        self._worker, self._wait_s, self._drawing = worker, wait_s, threading.Lock()

    def state(self, scope: str, *, is_bare: bool = False) -> State:
        """Return how the exchange stands for whatever lies within a scope, in the order of codes; with `is_bare`
        townships are named without their county, for somebody who sits there."""
        name_of = self._name_of if is_bare else self._label
        directory, parcels = self._exchange.directory(), self._postbox.parcels()
        marks = _Marks(
            _heard(self._postbox.arrivals(ARRIVALS), parcels),
            frozenset(one.device for one in after_a_gap(parcels)),
            frozenset(one.device for one in parcels if "~" in one.stream),
        )
        cards: dict[str, list[DeviceCard]] = {}
        for card in directory.devices():
            if card.org.startswith(scope) and card.device != directory.device_id:
                cards.setdefault(card.org, []).append(card)
        units = [
            Unit(
                org,
                name_of(org),
                tuple(self._computer(card, directory, marks) for card in sorted(found, key=_name)),
                certifier(org) == directory.own(),
            )
            for org, found in sorted(cards.items())
        ]
        unknown = [code for code in self._townships(scope) if code not in cards]
        names = tuple(name_of(code) for code in unknown[:MOST_UNKNOWN])
        return State(tuple(units), names, len(unknown), tuple(self.waiting(scope, name_of)))

    def _computer(self, card: DeviceCard, directory: Directory, marks: "_Marks") -> Computer:
        heard, now = marks.heard.get(card.device), self._clock.now()
        is_lost = directory.revoked_upto(card.device) is not None
        days = _days(heard, now) if heard else None
        is_new = is_moment(card.at) and _days(datetime.fromisoformat(card.at), now) < SILENT_DAYS
        is_silent = not is_lost and (not is_new if days is None else days >= SILENT_DAYS)
        is_gap, is_forked = card.device in marks.gaps, card.device in marks.forks
        return Computer(card.device, card.name, heard, days, is_silent, is_lost, is_gap, is_forked)

    def _townships(self, scope: str) -> Iterable[str]:
        """Yield the townships of a scope in the order of the table."""
        if len(scope) == TOWNSHIP:
            yield scope
        elif len(scope) < TOWNSHIP:
            for child in self._places.children(scope):
                yield from self._townships(child.code)

    def _name_of(self, code: str) -> str:
        place = self._places.get(code)
        if place is not None:
            return place.display_name
        card = self._exchange.directory().org(code)
        return card.name if card else code

    def _label(self, code: str) -> str:
        """Return what a place is called among others: townships with their county, for many have one name."""
        return self._places.label(code) if len(code) == TOWNSHIP and self._places.get(code) else self._name_of(code)

    def waiting(self, scope: str, name_of: Callable[[str], str] | None = None) -> list[Waits]:
        """Return the requests that wait, of organisations within a scope."""
        return [self._waits(said, name_of) for said in self._within(self._exchange.enrolment(), scope)]

    def _waits(self, said: Said, name_of: Callable[[str], str] | None = None) -> Waits:
        told, name_of = said.body, name_of or self._label
        return Waits(said.id, told.name, name_of(told.org), told.org, told.at, self._checked_by(said.id))

    def _checked_by(self, request_id: str) -> str:
        """Return who has compared the digits of a request within the last day; '' when nobody has."""
        name = CHECKED + request_id
        who, _, at = self._postbox.noted(name).get(name, "").partition(" ")
        return who if who and abs(self._clock.now() - datetime.fromisoformat(at)) < HOLDS else ""

    def _within(self, work: Enrolment, scope: str) -> list[Said]:
        return [said for said in work.waiting() if said.body.org.startswith(scope)]

    def accept(self, scope: str, digits: str, by: str, approvers: Approvers) -> Waits | tuple[Accepted, str]:
        """Take in the computer that read these digits out; return who it is, and the digits to be read back to it.
        Where another account may approve as well it takes two: the request is returned, and waits for the second.

        Raises:
            Refused: Nobody within the scope asks, or the exchange is busy.
            DigitsDiffer: No request within the scope has these digits.
        """
        said = self._with_digits(scope, typed(digits))

        def accept() -> Waits | tuple[Accepted, str]:
            work, asked = self._exchange.enrolment(), self._waits(said)
            if said.id not in {one.id for one in self._within(work, scope)}:
                raise Refused(NO_REQUEST[0], "什么也没变", NO_REQUEST[1])
            others = frozenset(approvers(asked.org)) - {by}
            if others and asked.checked_by not in others:
                self._postbox.note({CHECKED + said.id: f"{by} {self._clock.now().isoformat()}"})
                return self._waits(said)
            return self._accept(work, said)

        return self._alone(accept)

    def _with_digits(self, scope: str, wanted: str) -> Said:
        """Return the request that waits with these digits. They are drawn here and not by the worker: each takes half
        a second, strangers may have put hundreds, and packs go on meanwhile."""
        waiting = self._exchange.enrolment().waiting()
        if not any(one.body.org.startswith(scope) for one in waiting):
            raise Refused(NO_REQUEST[0], "什么也没变", NO_REQUEST[1])
        with self._drawing:
            said = with_digits(waiting, wanted)
        if said is None or not said.body.org.startswith(scope):
            raise DigitsDiffer("收到的申请")
        return said

    def confirm(self, scope: str, request_id: str, by: str, approvers: Approvers) -> tuple[Accepted, str]:
        """Take in a computer whose digits somebody else has compared; return who it is, and the digits to be read back.

        Raises:
            Missing: No such request waits within the scope.
            Refused: Nobody has compared them, or the same person has, or the exchange is busy.
        """

        asked_for = self._with_id(self._exchange.enrolment(), scope, request_id)
        self._with_digits(scope, request_digits(asked_for.raw))

        def confirm() -> tuple[Accepted, str]:
            work = self._exchange.enrolment()
            said = self._with_id(work, scope, request_id)
            asked = self._waits(said)
            if asked.checked_by == by:
                raise Refused(SAME_PERSON[0], "什么也没变", SAME_PERSON[1])
            if asked.checked_by not in approvers(asked.org):
                raise Refused(NOT_CHECKED[0], "什么也没变", NOT_CHECKED[1])
            return self._accept(work, said)

        return self._alone(confirm)

    def _with_id(self, work: Enrolment, scope: str, request_id: str) -> Said:
        said = next((one for one in self._within(work, scope) if one.id == request_id), None)
        if said is None:
            raise Missing("request", request_id)
        return said

    def _accept(self, work: Enrolment, said: Said) -> tuple[Accepted, str]:
        accepted = work.accept(request_digits(said.raw), (), self._name_of)
        self._postbox.note({CHECKED + said.id: None})
        return accepted, shown(accepted.digits)

    def lose(self, scope: str, device: str, reason: str) -> DeviceCard:
        """Report a computer lost: what came from it so far is good, what comes later waits until somebody looks.

        Raises:
            Missing: There is no such computer within the scope.
            Refused: It is not for this office to say so, or the exchange is busy.
        """
        card = self._exchange.directory().device(device)
        if card is None or not card.org.startswith(scope):
            raise Missing("device", device)
        return self._alone(lambda: self._exchange.enrolment().lose(device, reason))

    def _alone(self, work: Callable[[], T]) -> T:
        """Have the worker of the relay do something, between two packs.

        Raises:
            Refused: It has not come to it in time, and will not; or it has begun and is not done.
        """
        done = self._worker.submit(work)
        try:
            return done.result(self._wait_s)
        except TimeoutError as error:
            said = BUSY if done.cancel() else GOING_ON
            raise Refused(said[0], "", said[1]) from error


@dataclass(frozen=True, slots=True)
class _Marks:
    heard: Mapping[str, datetime]
    gaps: frozenset[str]
    forks: frozenset[str]


def _heard(arrivals: Iterable[tuple[datetime, str, str, bytes]], parcels: Iterable[Parcel]) -> dict[str, datetime]:
    """Return when each device was heard from last: by a pack of its own, or by what it wrote in the pack of another, as
    townships are heard of above their county."""
    heard = {one.device: one.taken_at for one in parcels if one.taken_at}  # they lie as they came
    found = {device: datetime.fromisoformat(at) for device, at in heard.items()}
    for at, _, sender, raw in arrivals:
        device = read_told(raw).device or sender
        found[device] = max(at, found.get(device, at))
    return found


def _days(at: datetime, now: datetime) -> int:
    return (now.date() - at.astimezone(now.tzinfo).date()).days


def _name(card: DeviceCard) -> str:
    return card.name
