"""One record out of its ops: what is shown, what is disputed, what is withheld; whatever order the ops came in.

A field's heads are the versions that no other op of the field names as what its author was looking at. One head is
the usual case. Several are 有分歧: the value of the greatest version is shown, all of them are kept, and only an op
that names several of them, somebody's decision, ends it. Lamport counters rise along every base, so the ops need
only be looked at from the least version to the greatest, once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from msgspec import structs

from app.domain.attendance import Attendance, Presence
from app.domain.change import STANDING
from app.domain.consensus import Consensus
from app.domain.issue import Issue
from app.domain.op import AUDIENCES, Base, Op, Version
from app.domain.people import Person
from app.domain.sitting import STAGES, Sitting

SEALED, REFUSED = "sealed", "refused"
MOST_LAMPORT = 2**53
"""Counters beyond this cannot be told apart by every reader of JSON; an op that claims one is refused."""
NOTHING_REFUSED: Mapping[Version, str] = {}


@dataclass(frozen=True, slots=True)
class Side:
    """One value of a disputed field, and who set it; `wall` is what their clock said and decides nothing."""

    version: Version
    value: Any
    who: str = ""
    wall: str = ""
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """有分歧: several values of one field that nobody has seen together.

    The side that is shown comes first, then the greatest version first. `settled_by_rule` is True when nobody needs
    to be asked: a quiet field (`_QUIET`), or a record that was laid down by somebody who had seen every side.
    A contest on `standing` is 删除有争议; there the update stays, so the sides that stand come first.
    """

    field: str
    sides: tuple[Side, ...]
    settled_by_rule: bool = False


@dataclass(frozen=True, slots=True)
class Withheld:
    """An op that is kept but not applied, why (`SEALED`, `REFUSED`), and for which of its fields."""

    version: Version
    reason: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """A 定稿 as far as one record goes: what it had seen, which fields it guards, which corrections it has had.

    An op beyond `seen` that sets a field of `fields` (None: any) is withheld, unless it names one of `corrections`.
    """

    seen: dict[str, int]
    fields: frozenset[str] | None = None
    corrections: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Projection:
    """One record as its ops tell it.

    `versions` tells for each field which op the value shown is from; '' stands for the fields it does not name.
    `heads` names only fields with more than one, the greatest first. While `is_waiting` there is nothing to show: the
    creation has not arrived, or is itself withheld.
    """

    values: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    heads: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    contests: tuple[Contest, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    is_waiting: bool = False

    @property
    def is_plain(self) -> bool:
        """Return whether `values` and `versions` tell everything, so that the next op may take the fast path.

        Heads of equal values are no contest, but an op that names only one of them makes one.
        """
        return not (self.heads or self.contests or self.withheld or self.is_waiting)


def project(
    kind: str, ops: Iterable[Op], seals: Sequence[Seal] = (), refused: Mapping[Version, str] = NOTHING_REFUSED
) -> Projection:
    """Return the record that the set of its ops makes: the same for every order of them and for every repetition.

    `refused` gives a reason for each op that failed a check elsewhere: it is withheld, but still leads from the op that
    names it to those that it names. Never raises for what an op says: bases that make no sense count as not there,
    counters without sense are refused.
    """
    met, rivals = _gathered(ops)
    weave = _Weave(kind, met, rivals)
    for version in sorted(met):
        op = met[version]
        reason, barred = _barred(kind, op, seals)
        if version in refused:
            reason, barred = refused[version], op.sets.keys()
        if reason:
            weave.hide(version, op, reason, barred)
        if not reason or len(barred) < len(op.sets):
            weave.take(version, op, [name for name in op.sets if name not in barred] if reason else op.sets)
    return weave.projection()


def is_fast_forward(versions: Mapping[str, Version], op: Op) -> bool:
    """Return whether projecting the record anew with this op surely gives its old values updated by what the op sets.

    Then the new versions are the old ones with the op's for each field it sets. `versions` is that of a projection
    that `is_plain`, of a record without seals; empty means that not one op of the record is known, not even one that
    waits. False only means that it must be looked at (`project`), not that there is a contest.
    """
    if op.lamport > MOST_LAMPORT:
        return False
    if op.base is None or not versions:
        return op.base is None and not versions
    if STANDING in versions:  # It has been laid down once: whether this op had seen that is not told by versions.
        return False
    default, base, lamport = versions[""], op.base, op.lamport
    unnamed = base.get("", ())
    for name in op.sets:
        current = versions.get(name, default)
        if current[0] >= lamport or current not in base.get(name, unnamed):
            return False
    return STANDING not in op.sets or {*versions.values()} <= _named(op)


def base_for(seen: Projection, sets: Mapping[str, Any], decided: Collection[str] = ()) -> Base:
    """Return the base of an op that sets these fields, made by somebody who was looking at `seen`.

    Who edits a disputed field without being asked has not decided: only the value shown (and its equals) is named,
    and the contest stays. `decided` names the fields for which a person has chosen between the sides. Laying a record
    down names every version of every field.
    """
    heads = {name: seen.heads.get(name) or (version,) for name, version in seen.versions.items()} | seen.heads
    if sets.get(STANDING) == 0:
        return heads
    asked = {contest.field: contest for contest in seen.contests if not contest.settled_by_rule}
    base = {}
    for name in sets:
        if name in asked and name not in decided and name != STANDING:
            sides = asked[name].sides
            base[name] = tuple(dict.fromkeys(side.version for side in sides if side.value == sides[0].value))
        else:
            base[name] = heads.get(name) or heads[""]
    return base


def join(one: Op, other: Op) -> Op:
    """Return the op that two parts of it make; it does not matter which comes first, or how often.

    A true value wins over a masked one. Where two say different things about the same field with the same right (a
    copied disk has used a number twice) the greater of them is kept here, and `project` shows both.
    """
    if one == other:
        return one
    if _are_plain_parts(one, other):
        base = None if one.base is None or other.base is None else {**one.base, **other.base}
        whole = (one.lamport, one.kind, one.record_id, {**one.sets, **other.sets}, base, one.act, one.who, one.wall)
        parts = _parts_of_both(one.parts, other.parts)
        return Op(one.stream, one.seq, *whole, one.correction, one.seen, one.holds, parts=parts)
    true = _true_fields(one) | _true_fields(other)
    masked = (one.masked | other.masked) - true
    erased = one.erased | other.erased  # what has to go is gone, whoever still tells it
    sets = {name: None if name in erased else _of_both(name, one, other) for name in {**one.sets, **other.sets}}
    told = {name: max(getattr(one, name), getattr(other, name)) for name in _TOLD}
    return structs.replace(
        one,
        sets=sets,
        base=_base_of_both(one.base, other.base),
        seen=_seen_of_both(one.seen, other.seen),
        holds=_united(one.holds, other.holds),
        masked=masked,
        parts=_parts_of_both(one.parts, other.parts),
        erased=erased,
        **told,
    )


def _are_apart(one: Base, other: Base) -> bool:
    """Return whether two bases name different fields, and both name them."""
    return "" not in one and "" not in other and one.keys().isdisjoint(other)


def _are_plain_parts(one: Op, other: Op) -> bool:
    """Return whether two parts of one op say nothing about the same thing, as nearly all do."""
    return (
        not (
            one.erased
            or other.erased
            or one.masked
            or other.masked
            or one.seen is not None
            or other.seen is not None
            or one.holds
            or other.holds
        )
        and one.parts != ""
        and other.parts != ""
        and one.sets.keys().isdisjoint(other.sets)
        and (one.base is None) == (other.base is None)
        and (one.base is None or other.base is None or _are_apart(one.base, other.base))
        and _alike(one) == _alike(other)
    )


# What follows is how a record is put together.


class _Weave:
    """A record while its ops are being looked at, from the least version to the greatest."""

    __slots__ = ("answered", "created", "forks", "hidden", "kind", "met", "newest", "rivals", "values", "withheld")

    def __init__(self, kind: str, met: dict[Version, Op], rivals: "dict[tuple[Version, str], list[Side]]") -> None:
        self.kind = kind
        self.met = met
        self.rivals = rivals
        self.values: dict[str, Any] = {}
        self.newest: dict[str, Version] = {}
        self.forks: dict[str, list[Version]] = {}
        self.created: Version | None = None
        self.withheld: list[Withheld] = []
        self.hidden: dict[str, dict[Version, tuple[Version, ...]]] = {}
        self.answered: set[tuple[Version, str]] = set()

    def take(self, version: Version, op: Op, names: Iterable[str]) -> None:
        """Apply an op to some of the fields it sets; the last one to set a field is always one of its heads."""
        base, newest, sets = op.base, self.newest, op.sets
        if base is None:
            self.created = version
            base = {}
        unnamed = base.get("", ())
        for name in names:
            last = newest.get(name)
            if last is not None:
                named = base.get(name, unnamed)
                if len(named) != 1 or named[0] != last or last[0] >= version[0] or name in self.forks:
                    self._branch(name, last, version, named)
            elif self.hidden:
                self._reached(name, base.get(name, unnamed), version[0])
            newest[name] = version
            self.values[name] = sets[name]

    def hide(self, version: Version, op: Op, reason: str, barred: Collection[str]) -> None:
        """Keep an op out of some fields; who names it later has seen what it had seen."""
        base = op.base or {}
        for name in barred:
            named = base.get(name, base.get("", ()))
            self.hidden.setdefault(name, {})[version] = tuple(one for one in named if one[0] < version[0])
        self.withheld.append(Withheld(version, reason, tuple(sorted(barred))))

    def projection(self) -> Projection:
        """Return what has come of it."""
        withheld = self._still_withheld()
        if self.created is None:
            return Projection(withheld=withheld, is_waiting=True)
        contests = self._contests()
        values = {name: tuple(one) if type(one) is list else one for name, one in self.values.items()}
        default = self.created
        versions = {"": default}
        versions.update([pair for pair in self.newest.items() if pair[1] != default])
        heads = {name: tuple(heads[::-1]) for name, heads in self.forks.items()}
        return Projection(values, versions, heads, contests, withheld)

    def _branch(self, name: str, last: Version, version: Version, named: tuple[Version, ...]) -> None:
        """Put a version beside those heads of a field that its author had not seen."""
        seen = self._reached(name, named, version[0])
        left = [head for head in self.forks.pop(name, (last,)) if head not in seen]
        if left:
            self.forks[name] = [*left, version]

    def _reached(self, name: str, named: Iterable[Version], lamport: int) -> set[Version]:
        """Return the named versions, and those that withheld ops among them had named."""
        reached = {one for one in named if one[0] < lamport}
        hidden = self.hidden.get(name)
        todo = list(reached) if hidden else []
        while hidden and todo:
            one = todo.pop()
            if one in hidden:
                self.answered.add((one, name))
                todo += [older for older in hidden[one] if older not in reached]
                reached.update(hidden[one])
        return reached

    def _still_withheld(self) -> tuple[Withheld, ...]:
        """Return what is withheld but for the fields in which somebody has already answered it."""
        left = []
        for one in self.withheld:
            names = tuple([name for name in one.fields if (one.version, name) not in self.answered])
            if names or not one.fields:
                left.append(replace(one, fields=names))
        return tuple(left)

    def _contests(self) -> tuple[Contest, ...]:
        """Return what is disputed, by field, and show of each what its rule says."""
        if not self.forks and not self.rivals and self.values.get(STANDING) != 0:
            return ()
        doubled = {name for version, name in self.rivals if version in self._heads(name)}
        found = [self._contest(name) for name in sorted({*self.forks, *doubled} - {STANDING})]
        contests = [contest for contest in found if contest is not None]
        on_standing = self._contest_on_standing()
        if on_standing is None and self.values.get(STANDING) == 0:
            contests = [replace(contest, settled_by_rule=True) for contest in contests]
        return (*contests, *((on_standing,) if on_standing else ()))

    def _contest(self, name: str) -> Contest | None:
        sides = self._sides(name)
        if all(side.value == sides[0].value for side in sides):
            return None
        rule = _QUIET.get((self.kind, name))
        sides, is_settled = _ruled(rule, sides) if rule else (sides, False)
        self.values[name], self.newest[name] = sides[0].value, sides[0].version
        return Contest(name, tuple(sides), is_settled)

    def _contest_on_standing(self) -> Contest | None:
        """Return 删除有争议 if it is; a record stays while anything of it was unknown to whoever laid it down."""
        sides = self._sides(STANDING)
        laid = [side for side in sides if side.value == 0]
        if not laid:
            return self._contest(STANDING) if sides else None
        stand = [side for side in sides if side.value != 0]
        if stand:
            self.values[STANDING], self.newest[STANDING] = stand[0].value, stand[0].version
            return Contest(STANDING, (*stand, *laid))
        unseen = self._unseen(laid)
        if not unseen:
            return None
        self.values[STANDING] = 1
        return Contest(STANDING, (*[self._side(version, 1) for version in unseen], *laid))

    def _unseen(self, laid: list[Side]) -> list[Version]:
        """Return the heads not seen by those who laid the record down, the greatest first; none if one saw all."""
        heads = {head for name in self.newest if name != STANDING for head in self._heads(name)}
        missed = [heads - self._seen_by(side.version) for side in laid]
        return sorted(set().union(*missed), reverse=True) if all(missed) else []

    def _seen_by(self, version: Version) -> set[Version]:
        """Return the versions that whoever laid the record down was looking at.

        Such an op names every field. One that does not, from before this was so or when only sides were chosen from,
        had seen what the ops it names had seen, and its own stream.
        """
        op = self.met[version]
        seen = _named(op) | {version}
        for name in self.hidden:
            seen |= self._reached(name, seen, version[0])
        if "" not in (op.base or {}):
            todo = [*seen]
            while todo:
                one = todo.pop()
                older = _named(self.met[one]) - seen if one in self.met else set()
                seen |= older
                todo += older
            seen |= {one for one in self.met if one[1] == version[1] and one[2] < version[2]}
        return seen

    def _heads(self, name: str) -> Sequence[Version]:
        return self.forks.get(name) or ((self.newest[name],) if name in self.newest else ())

    def _sides(self, name: str) -> list[Side]:
        """Return each head of a field with its value, the greatest first."""
        sides: list[Side] = []
        for version in reversed(self._heads(name)):
            sides.append(self._side(version, _frozen(self.met[version].sets[name])))
            sides += self.rivals.get((version, name), ())
        return sides

    def _side(self, version: Version, value: Any) -> Side:
        op = self.met[version]
        return Side(version, value, op.who, op.wall, op.stream)


def _gathered(ops: Iterable[Op]) -> tuple[dict[Version, Op], dict[tuple[Version, str], list[Side]]]:
    """Return each op once, its parts joined, and what else was said under the same version."""
    met: dict[Version, Op] = {}
    several: dict[Version, list[Op]] = {}
    for op in ops:
        version = (op.lamport, op.stream, op.seq)
        known = met.setdefault(version, op)
        if known is not op and known != op:
            several.setdefault(version, [known]).append(op)
            met[version] = join(known, op)
    return met, _rivals(met, several) if several else {}


def _rivals(met: dict[Version, Op], several: dict[Version, list[Op]]) -> dict[tuple[Version, str], list[Side]]:
    """Return what the joined op does not tell because another value of the same right was kept."""
    rivals: dict[tuple[Version, str], list[Side]] = {}
    for version, ops in several.items():
        for name, kept in met[version].sets.items():
            is_masked = name in met[version].masked
            told = [op for op in ops if name in op.sets and (name in op.masked) == is_masked]
            others = [op for op in told if _frozen(op.sets[name]) != kept]
            found = {(_canonical(op.sets[name]), op.who, op.wall): op for op in others}
            by_value = {key[0]: found[key] for key in sorted(found)}
            if by_value:
                ordered = [by_value[key] for key in sorted(by_value, reverse=True)]
                sides = [Side(version, _frozen(op.sets[name]), op.who, op.wall, op.stream) for op in ordered]
                rivals[(version, name)] = sides
    return rivals


def _barred(kind: str, op: Op, seals: Sequence[Seal]) -> tuple[str, Collection[str]]:
    """Return why an op is not applied, and to which of its fields; ('', ()) as a rule."""
    if op.lamport > MOST_LAMPORT or op.kind != kind:
        return REFUSED, frozenset(op.sets)
    barred: set[str] = set()
    for seal in seals:
        if op.seq > seal.seen.get(op.stream, 0) and op.correction not in seal.corrections:
            barred |= set(op.sets) if seal.fields is None else seal.fields & op.sets.keys()
    # A record that begins after the sealing is no part of what was sealed, not even with its free fields.
    return (SEALED, frozenset(op.sets) if op.base is None else barred) if barred else ("", ())


def _named(op: Op) -> set[Version]:
    """Return every version an op names, whatever the field; those that cannot have been seen are left out."""
    return {version for many in (op.base or {}).values() for version in many if version[0] < op.lamport}


# Quiet fields: two desks at one gate say different things about them every evening, and nobody needs to be asked.
# A rule returns what is to be greatest, or None when it does not know such a value; equals must be asked about.
Rule = Callable[[Side], Any]
_CHINA = timedelta(hours=8)
_PRESENCE: dict[Any, int] = {
    # Who has left has been here, so leaving is the later news.
    Presence.LEFT: 3,
    Presence.PRESENT: 2,
    Presence.EXCUSED: 1,
    Presence.ABSENT: 1,
    Presence.EXPECTED: 0,
}


def _instant(value: Any) -> timedelta | None:
    """Return a moment as time since an arbitrary one; None for what is no moment."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    offset = moment.utcoffset()
    return moment.replace(tzinfo=None) - datetime(2000, 1, 1) - (_CHINA if offset is None else offset)


def _earliest(side: Side) -> tuple[int, timedelta] | None:
    found = _instant(side.value)
    return (1, -found) if found is not None else _nothing(side)


def _latest(side: Side) -> tuple[int, timedelta] | None:
    found = _instant(side.value)
    return (1, found) if found is not None else _nothing(side)


def _nothing(side: Side) -> tuple[int, timedelta] | None:
    return (0, timedelta()) if side.value is None else None


def _latest_of_moments(side: Side) -> timedelta | None:
    """Return the moment; none at all means reopened, which only a person can weigh against a moment."""
    return _instant(side.value)


def _newest(side: Side) -> Version:
    return side.version


def _newest_of_moments(side: Side) -> Version | None:
    return side.version if _instant(side.value) is not None else None


def _presence(side: Side) -> int | None:
    return _PRESENCE.get(side.value) if isinstance(side.value, str) else None


def _true_first(side: Side) -> int | None:
    return int(side.value) if side.value in (True, False) else None


def _furthest(side: Side) -> int | None:
    return STAGES.index(side.value) if side.value in STAGES else None


_QUIET: dict[tuple[str, str], Rule] = {
    (Attendance.KIND, "presence"): _presence,
    (Attendance.KIND, "arrived_at"): _earliest,
    (Attendance.KIND, "left_at"): _latest,
    (Attendance.KIND, "invited"): _true_first,
    (Person.KIND, "merged_into"): _newest,
    (Sitting.KIND, "current_issue_id"): _newest,
    (Sitting.KIND, "stage"): _furthest,
    (Sitting.KIND, "opened_at"): _earliest,
    (Sitting.KIND, "ended_at"): _latest_of_moments,
    (Consensus.KIND, "drafted_at"): _newest,
    (Consensus.KIND, "settled_at"): _newest_of_moments,
    (Issue.KIND, "number"): _newest,
}


def _ruled(rule: Rule, sides: list[Side]) -> tuple[list[Side], bool]:
    """Return the sides with the one to show first, and whether the rule leaves nothing to ask."""
    ranks = [rule(side) for side in sides]
    if None in ranks:
        return sides, False
    top = max(ranks)
    best = [side for side, rank in zip(sides, ranks, strict=True) if rank == top]
    rest = [side for side in sides if side is not best[0]]
    return [best[0], *rest], all(side.value == best[0].value for side in best)


# Joining the parts of one op.
T = TypeVar("T", str, Version)
_TOLD = ("kind", "record_id", "act", "who", "wall", "correction")
_alike = attrgetter("seq", "lamport", "stream", *_TOLD)


_PARTS = {("O", "C"): "OC", ("O", "T"): "OT", ("C", "T"): "CT", ("OC", "T"): "OCT"}
"""How nearly all parts meet; the rest is worked out."""


def _true_fields(op: Op) -> frozenset[str]:
    return frozenset(op.sets) - op.masked


def _of_both(name: str, one: Op, other: Op) -> Any:
    """Return a field's value: a true one before a masked one, the greater of two with the same right."""
    told = [op for op in (one, other) if name in op.sets]
    true = [op for op in told if name not in op.masked]
    return max([_frozen(op.sets[name]) for op in true or told], key=_canonical)


def _base_of_both(one: Base | None, other: Base | None) -> Base | None:
    """Return the versions that either names; what either says is a creation is one."""
    if one is None or other is None:
        return None
    return {
        name: _united(one.get(name, other.get(name, ())), other.get(name, one.get(name, ()))) for name in one | other
    }


def _united(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    return one if one == other else tuple(sorted(set(one).union(other)))


def _seen_of_both(one: dict[str, int] | None, other: dict[str, int] | None) -> dict[str, int] | None:
    if one is None or other is None:
        return other if one is None else one
    return {stream: max(one.get(stream, 0), other.get(stream, 0)) for stream in {**one, **other}}


def _parts_of_both(one: str, other: str) -> str:
    """Return the audiences of both; an op that is whole stays whole."""
    if not (one and other):
        return ""
    return _PARTS.get((one, other)) or "".join(part for part in AUDIENCES if part in one or part in other)


def _frozen(value: Any) -> Any:
    return tuple(value) if type(value) is list else value


def _canonical(value: Any) -> str:
    """Return a text that is the same for the same value on every machine; it gives values of any type an order."""
    if isinstance(value, dict):
        return f"dict:{sorted((_canonical(key), _canonical(one)) for key, one in value.items())}"
    if isinstance(value, list | tuple):
        return f"list:{[_canonical(one) for one in value]}"
    return f"{type(value).__name__}:{value!s}"
