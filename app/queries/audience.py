"""What a sealing must know of a whole home: whose names no text may take up to the province, and what is 不公开."""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import lru_cache
from typing import Any

from app.domain import RECORDS
from app.domain.action import Action, Contribution, Progress
from app.domain.attachment import Attachment
from app.domain.attendance import Attendance
from app.domain.audience import IN_DOUBT, Mask, split
from app.domain.consensus import Consensus, Reservation
from app.domain.consultation import Consultation
from app.domain.edition import Correction, Edition
from app.domain.hamlet import Hamlet
from app.domain.issue import Issue
from app.domain.notice import IN_OFFICE, Notice
from app.domain.notice_check import leaks
from app.domain.notice_mask import COMPOUND, MaskRules, doubts, masked
from app.domain.notice_sieve import Sieve
from app.domain.op import Audience, Op
from app.domain.people import Household, Person
from app.domain.record import Plain, Record
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.domain.topic import Topic
from app.domain.unit import Unit
from app.ports import Among, Is, Shelf
from app.queries.paper_notice import NO_PERSON, is_like_a_person, rules_hiding

REMEMBERED = 20_000
"""How many texts a mask remembers; the same words come again with every edit."""
NO_NAME = tuple("民众长书记任员户主表")
"""How a word ends that tells what somebody is, not who: 村民, 组长."""


Parts = Callable[[Sequence[Op]], Iterator[dict[Audience, Op]]]


def split_of(shelf: Shelf, ops_of: Callable[[str, str], list[Op]]) -> Callable[[], Parts]:
    """Return what begins a sealing: each time it returns what splits the ops of that sealing, so many at a time.

    `ops_of` returns every op of a record (`Postbox.ops`). The register is asked when a sealing begins, for it is large;
    who is told of in the ops besides is hidden from then on. Whether a meeting is closed is asked each time.
    """

    def begin() -> Parts:
        masks = Masks(shelf)

        def parts(ops: Sequence[Op]) -> Iterator[dict[Audience, Op]]:
            mask, is_closed = masks.knowing(ops), ClosedSessions(shelf, ops_of, ops)
            return (split(op, mask, is_closed=is_closed(op)) for op in ops)

        return parts

    return begin


def mask_of(shelf: Shelf, ops: Iterable[Op] = ()) -> Mask:
    """Return the mask for all texts of one sealing, made of everybody in the register who is in no office.

    `ops` are what is to be sealed: who was taken off the register or renamed since the last time is in there.
    """
    return Masks(shelf).knowing(ops)


class Masks:
    """The masks of one sealing. Each knows whom the ones before it knew."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._told: set[str] = set()
        self._mask: Mask | None = None

    def knowing(self, ops: Iterable[Op]) -> Mask:
        """Return the mask that hides whom these ops tell of, too. Somebody who left an office is met by asking anew."""
        ops = tuple(ops)
        told = set(_told_by(ops)) - self._told
        self._told |= told
        if self._mask is None or any(_turns_role(op) for op in ops):
            self._register = _Register(self._shelf)
            self._mask = None
        if self._mask is None or told - self._register.known:
            self._mask = _mask(self._register.rules(self._told))
        return self._mask


def _turns_role(op: Op) -> bool:
    return op.kind == Person.KIND and op.base is not None and "role" in op.sets


def _mask(rules: MaskRules) -> Mask:
    """Return the mask of rules.

    Doubts are decided for the villager: a word that may be somebody on no list is hidden, and a text in which the
    second check still finds something goes up as 涉及个人.
    """
    sieve = _sieve(rules)

    @lru_cache(REMEMBERED)
    def mask(text: str) -> tuple[str, bool]:
        narrow = sieve.rules_for(text)
        is_harmless = sieve.lets_pass(text, narrow)
        public = text if is_harmless else masked(text, narrow)[0]
        unknown = tuple(word for word in doubts(public, rules) if not word.endswith(NO_PERSON))
        if unknown:
            narrow = _also_hiding(narrow, unknown)
            public = masked(text, narrow)[0]
        elif is_harmless:
            return text, False
        return (IN_DOUBT, True) if leaks(public, narrow) else (public, public != text)

    return mask


@lru_cache(1)
def _sieve(rules: MaskRules) -> Sieve:
    """Return the sieve of rules, which are the same from one sealing to the next unless somebody has come or gone."""
    return Sieve(rules)


def _also_hiding(rules: MaskRules, words: tuple[str, ...]) -> MaskRules:
    return replace(rules, chosen=(*rules.chosen, *words))


class _Register:
    """Whose names are known when a sealing begins: those of villagers, of people in office, of places and of units."""

    def __init__(self, shelf: Shelf) -> None:
        roles = shelf.tally(Person, "role")
        office = {role for role in roles if role in IN_OFFICE}
        self.in_office = _names_of(shelf, office)
        villagers = _names_of(shelf, roles.keys() - office)
        self.hidden = villagers | ({name for name in _written(shelf) if name} - self.in_office)
        self.known = self.hidden | self.in_office
        self._things = {str(name) for kind in (Unit, Hamlet) for name in shelf.tally(kind, "name")}

    def rules(self, told: set[str]) -> MaskRules:
        """Return what is hidden in every text that goes above the county, whichever meeting it is of."""
        hidden = self.hidden | ({name for name in told if name} - self.in_office)
        return rules_hiding(hidden, {*(self.in_office - hidden), *self._things})


def _names_of(shelf: Shelf, roles: Set[Plain]) -> set[str]:
    """Return how people of these roles are called."""
    named = tuple(str(role) for role in roles if role is not None)
    found = dict(shelf.tally(Person, "name", Among("role", named))) if named else {}
    if None in roles:
        found |= shelf.tally(Person, "name", Is("role", None))
    return {str(name) for name in found}


_NAMES: tuple[tuple[type[Record], str], ...] = ((Person, "name"), (Attendance, "proxy_name"))
_PERHAPS: tuple[tuple[type[Record], str], ...] = (
    (Contribution, "party"),
    (Household, "head"),
    (Topic, "raised_by"),
    (Action, "supervisor"),
)
"""Where names of villagers are written who may be on no register; in the latter other words may stand too."""


def _written(shelf: Shelf) -> Iterator[str]:
    yield from (str(name or "") for name in shelf.tally(Attendance, "proxy_name"))
    for kind, field in _PERHAPS:
        yield from filter(_is_name, (str(name or "") for name in shelf.tally(kind, field)))


def _told_by(ops: Iterable[Op]) -> Iterator[str]:
    """Yield the names that ops tell of; somebody made in an office is no villager."""
    sure = {(kind.KIND, field) for kind, field in _NAMES}
    perhaps = {(kind.KIND, field) for kind, field in _PERHAPS}
    for op in ops:
        if op.sets.get("role") not in IN_OFFICE:
            for field, value in op.sets.items():
                if (op.kind, field) in sure or ((op.kind, field) in perhaps and _is_name(str(value or ""))):
                    yield str(value or "")


def _is_name(word: str) -> bool:
    longest = 4 if word.startswith(COMPOUND) else 3
    return bool(word) and len(word) <= longest and is_like_a_person(word) and not word.endswith(NO_NAME)


_UP: dict[str, tuple[str, str]] = {
    Sitting.KIND: ("consultation_id", Consultation.KIND),
    Issue.KIND: ("sitting_id", Sitting.KIND),
    Statement.KIND: ("sitting_id", Sitting.KIND),
    Consensus.KIND: ("sitting_id", Sitting.KIND),
    Reservation.KIND: ("consensus_id", Consensus.KIND),
    Action.KIND: ("consultation_id", Consultation.KIND),
    Contribution.KIND: ("action_id", Action.KIND),
    Progress.KIND: ("action_id", Action.KIND),
    Revisit.KIND: ("consultation_id", Consultation.KIND),
    Edition.KIND: ("consultation_id", Consultation.KIND),
    Correction.KIND: ("consultation_id", Consultation.KIND),
    Notice.KIND: ("consultation_id", Consultation.KIND),
    Attachment.KIND: ("consultation_id", Consultation.KIND),
}
"""By which field a record hangs on what, up to its consultation."""


def _depth(kind: str) -> int:
    return 1 + _depth(_UP[kind][1]) if kind in _UP else 0


_UPWARD = sorted(_UP, key=lambda kind: -_depth(kind))
"""The kinds that hang on others, the farthest from a consultation first."""
_KINDS: dict[str, Any] = {kind.KIND: kind for kind in RECORDS}
MOST_IDS = 500


def _standing(shelf: Shelf, kind: str, ids: set[str]) -> Iterator[Any]:
    """Yield those of these records that stand."""
    listed = sorted(ids)
    for first in range(0, len(listed), MOST_IDS):
        yield from shelf.all(_KINDS[kind], Among("id", tuple(listed[first : first + MOST_IDS])))


class ClosedSessions:
    """Tells of an op whether it is of a consultation that is 不公开 at this moment; made for one sealing.

    Records that are laid down are on no shelf, so `ops_of` tells every op of a record (`Postbox.ops`). What leads to
    no consultation counts as closed; a scan nobody has placed yet leads to none on purpose, and does not.
    """

    def __init__(self, shelf: Shelf, ops_of: Callable[[str, str], list[Op]], ops: Iterable[Op] = ()) -> None:
        self._ops_of = ops_of
        closed = shelf.all(Consultation, Is("closed_session", True))
        self._known = {(Topic.KIND, one.topic_id): True for one in closed if one.topic_id}
        self._foresee(shelf, ops)

    def _foresee(self, shelf: Shelf, ops: Iterable[Op]) -> None:
        """Look up at once, many of a kind at a time, what these ops hang on as far as it stands."""
        wanted: dict[str, set[str]] = {kind: set() for kind in (*_UP, Consultation.KIND)}
        for op in ops:
            up = _UP.get(op.kind)
            link = op.sets.get(up[0]) if up else None
            if up and link is not None:
                wanted[up[1]].add(str(link))
            elif up or op.kind == Consultation.KIND:
                wanted[op.kind].add(op.record_id)
        hung: dict[tuple[str, str], tuple[str, str]] = {}
        for kind in _UPWARD:
            name, above = _UP[kind]
            for record in _standing(shelf, kind, wanted[kind]):
                link = getattr(record, name)
                hung[(kind, record.id)] = (above, link)
                if link:
                    wanted[above].add(link)
        for one in _standing(shelf, Consultation.KIND, wanted[Consultation.KIND]):
            self._known[(Consultation.KIND, one.id)] = bool(one.closed_session)
        for key, above_key in reversed(hung.items()):
            if not above_key[1]:
                self._known[key] = False
            elif above_key in self._known:
                self._known[key] = self._known[above_key]

    def __call__(self, op: Op) -> bool:
        """Return whether the op is of a closed session."""
        kind, key = op.kind, (op.kind, op.record_id)
        found = self._known.get(key)
        if found is None:
            up = _UP.get(kind)
            link = op.sets.get(up[0]) if up and kind != Attachment.KIND else None  # a scan may be placed later
            found = self._known[key] = self._look_up(key) if link is None else self._is_closed(kind, str(link))
        return found

    def _look_up(self, key: tuple[str, str]) -> bool:
        kind, record_id = key
        if kind == Consultation.KIND:
            return bool(self._last(kind, record_id, "closed_session", True))
        return kind in _UP and self._is_closed(kind, str(self._last(kind, record_id, _UP[kind][0], NOWHERE)))

    def _is_closed(self, kind: str, link: str) -> bool:
        """Return whether what a record of a kind hangs on is of a closed session."""
        if not link:
            return False
        key = (_UP[kind][1], link)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._look_up(key)
        return found

    def _last(self, kind: str, record_id: str, field: str, missing: object) -> object:
        ops = [op for op in self._ops_of(kind, record_id) if field in op.sets]
        return max(ops, key=lambda op: op.version).sets[field] if ops else missing


NOWHERE = "?"
"""Stands for a record that has not come; nothing is known of it, not even whether it is closed."""
