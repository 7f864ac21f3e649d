"""Histories of one record on several desks that meet now and then: whatever happens, nothing is lost in silence.

The desks are played here with nothing but sets of ops; what each author really had before them is written down beside
each op, so that what `merge` concludes from bases can be held against the truth.
"""

import os
from dataclasses import dataclass, field

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.merge import SEALED, Seal, base_for, is_fast_forward, project
from app.domain.op import Op

MANY = int(os.environ.get("YUANBA_HISTORIES", "40"))
TEXTS = ("title", "note", "reason")
VALUES = ("甲", "乙", "丙", "")
TIMES = ("2026-03-30T10:00:00+08:00", "2026-03-30T10:07:00+08:00", None)
QUIET = {"presence": ("PRESENT", "EXPECTED", "LEFT"), "arrived_at": TIMES, "invited": (True, False)}
KINDS = {"topic": dict.fromkeys(TEXTS, VALUES), "attendance": {"note": VALUES, **QUIET}}


@dataclass
class Desk:
    """One desk: the ops it holds, and how far its own stream and counter have come."""

    stream: str
    held: dict = field(default_factory=dict)
    seq: int = 0
    lamport: int = 0


@dataclass
class Village:
    """All desks, every op ever written, and what its author held when writing it."""

    kind: str
    desks: list
    begins_twice: bool = False
    ops: dict = field(default_factory=dict)
    known: dict = field(default_factory=dict)

    def write(self, desk, sets, base):
        desk.seq += 1
        desk.lamport += 1
        op = Op(desk.stream, desk.seq, desk.lamport, self.kind, "r1", sets, base, who=desk.stream[:1])
        self.known[op.version] = frozenset(desk.held)
        self.ops[op.version] = desk.held[op.version] = op

    def act(self, desk, deed, pick):
        """Do one thing at a desk, as far as it can be done there."""
        seen = project(self.kind, desk.held.values())
        fields = list(KINDS[self.kind])
        name = fields[pick % len(fields)]
        value = KINDS[self.kind][name][pick // 7 % len(KINDS[self.kind][name])]
        if seen.is_waiting:
            if not self.ops or (self.begins_twice and not desk.held):
                self.write(desk, {name: value, "standing": 1}, None)
        elif deed == "decide":
            sets = chosen(seen, pick)
            if sets:
                self.write(desk, sets, base_for(seen, sets, decided=sets))
        elif deed in ("lay", "restore"):
            sets = {"standing": int(deed == "restore")}
            if seen.values["standing"] != sets["standing"]:
                self.write(desk, sets, base_for(seen, sets))
        else:
            sets = {name: value} if pick % 3 else {name: value, fields[0]: KINDS[self.kind][fields[0]][0]}
            self.write(desk, sets, base_for(seen, sets))

    def meet(self, desk, other, pick):
        """Let a desk have some of what another holds, with gaps, as lost and late sticks leave them."""
        for place, op in enumerate(list(other.held.values())):
            if pick >> place % 11 & 1 or pick % 2:
                desk.held[op.version] = op
                desk.lamport = max(desk.lamport, op.lamport)

    def meet_all(self):
        for desk in self.desks:
            desk.held |= self.ops
            desk.lamport = max(op.lamport for op in self.ops.values())


def chosen(seen, pick):
    """Return a choice between the sides of whatever is to be asked."""
    asked = [contest for contest in seen.contests if not contest.settled_by_rule]
    return {contest.field: contest.sides[pick % len(contest.sides)].value for contest in asked}


DEEDS = ("edit", "meet", "edit", "meet", "edit", "meet", "lay", "restore", "decide")
steps = st.tuples(st.integers(0, 4), st.sampled_from(DEEDS), st.integers(0, 4), st.integers(0, 2**11))


@st.composite
def villages(draw):
    """Desks that work for a while, mostly all meet, and then do a few things more."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    desks = [Desk(f"{letter * 16}/1") for letter in "abcde"[: draw(st.integers(2, 5))]]
    village = Village(kind, desks, begins_twice=draw(st.booleans()))
    village.act(village.desks[0], "edit", draw(st.integers(0, 99)))
    for most in (30, 6):
        for place, deed, other, pick in draw(st.lists(steps, min_size=most // 3, max_size=most)):
            desk, other_desk = (village.desks[one % len(village.desks)] for one in (place, other))
            if deed == "meet":
                village.meet(desk, other_desk, pick)
            else:
                village.act(desk, deed, pick)
        if most > 6 and draw(st.integers(0, 2)):
            village.meet_all()
    return village


def heads_of(name, ops):
    """Return the heads of a field in the words of the rule: what sets it, less what others that set it name."""
    setters = [op for op in ops if name in op.sets]
    bases = [(op, (op.base or {}).get(name, (op.base or {}).get("", ()))) for op in setters]
    named = {one for op, versions in bases for one in versions if one[0] < op.lamport}
    return {op.version for op in setters} - named


@settings(max_examples=MANY)
@given(villages(), st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_show_the_same(village, random):
    ops = list(village.ops.values())
    again = ops + random.choices(ops, k=5)
    random.shuffle(again)

    assert repr(project(village.kind, again)) == repr(project(village.kind, again[::-1]))
    assert project(village.kind, again) == project(village.kind, ops)


@settings(max_examples=MANY)
@given(villages())
def test_every_value_is_shown_or_an_ancestor_or_in_a_contest(village):
    for held in (village.ops, *(desk.held for desk in village.desks)):
        seen = project(village.kind, held.values())
        if seen.is_waiting:
            continue
        contests = {contest.field: contest for contest in seen.contests}
        for name in {name for op in held.values() for name in op.sets}:
            heads = heads_of(name, held.values())
            told = {side.version for side in contests[name].sides} if name in contests else set()
            values = {held[one].sets[name] for one in heads}
            assert heads <= told or values == {seen.values[name]}
            assert set(seen.heads.get(name, heads)) == heads
            assert held[seen.versions.get(name, seen.versions[""])].sets[name] == seen.values[name] or (
                name == "standing" and name in contests
            )
            assert name not in contests or contests[name].sides[0].value == seen.values[name]


@settings(max_examples=MANY)
@given(villages())
def test_a_record_lies_down_only_if_somebody_had_seen_all_that_is_in_it(village):
    for held in (village.ops, *(desk.held for desk in village.desks)):
        seen = project(village.kind, held.values())
        if seen.is_waiting:
            continue
        names = {name for op in held.values() for name in op.sets} - {"standing"}
        heads = set().union(*(heads_of(name, held.values()) for name in names))
        standing = heads_of("standing", held.values())
        saw_all = [one for one in standing if heads <= village.known[one] | {one} and held[one].sets["standing"] == 0]
        are_laid = all(held[one].sets["standing"] == 0 for one in standing)

        assert (seen.values["standing"] == 0) == (are_laid and bool(saw_all))


@settings(max_examples=MANY)
@given(villages(), st.randoms(use_true_random=False))
def test_the_fast_path_comes_to_the_same(village, random):
    ops = list(village.ops.values())
    if random.random() < 0.5:
        random.shuffle(ops)
    seen, held = project(village.kind, ()), []
    for op in ops:
        held.append(op)
        whole = project(village.kind, held)
        if (len(held) == 1 or seen.is_plain) and is_fast_forward(seen.versions, op):
            news = dict.fromkeys(op.sets, op.version)
            assert seen.values | op.sets == whole.values
            assert (seen.versions | news if seen.versions else {"": op.version}) == whole.versions
            assert whole.is_plain
        seen = whole


@given(st.lists(st.integers(0, 2**11), max_size=12))
def test_a_lone_desk_is_on_the_fast_path_until_it_lays_the_record_down(picks):
    village = Village("topic", [Desk("a/1")])
    for place, pick in enumerate([0, *picks, 0]):
        seen = project(village.kind, village.ops.values())
        village.act(village.desks[0], "lay" if place > len(picks) else "edit", pick)
        assert is_fast_forward(seen.versions, list(village.ops.values())[-1])


@settings(max_examples=MANY)
@given(villages(), st.integers(0, 9))
def test_a_decision_on_everything_leaves_nothing_to_ask(village, pick):
    seen = project(village.kind, village.ops.values())
    assume(not seen.is_waiting)
    sets = chosen(seen, pick)
    lamport = max(op.lamport for op in village.ops.values()) + 1
    decision = Op("f/1", 1, lamport, village.kind, "r1", sets, base_for(seen, sets, decided=sets))

    decided = project(village.kind, [*village.ops.values(), decision])

    assert [one for one in decided.contests if not one.settled_by_rule] == []
    assert {name: decided.values[name] for name in sets} == sets


@settings(max_examples=MANY)
@given(villages())
def test_who_lays_down_what_is_in_front_of_them_sees_it_gone(village):
    seen = project(village.kind, village.ops.values())
    assume(not seen.is_waiting)
    lamport = max(op.lamport for op in village.ops.values()) + 1
    laid = Op("f/1", 1, lamport, village.kind, "r1", {"standing": 0}, base_for(seen, {"standing": 0}))

    gone = project(village.kind, [*village.ops.values(), laid])

    assert gone.values["standing"] == 0
    assert [one for one in gone.contests if not one.settled_by_rule] == []


@settings(max_examples=MANY)
@given(
    villages(),
    st.dictionaries(st.sampled_from([f"{letter * 16}/1" for letter in "abcde"]), st.integers(0, 9)),
    st.none() | st.frozensets(st.sampled_from([*TEXTS, "presence", "standing"])),
    st.randoms(use_true_random=False),
)
def test_what_a_sealing_guards_is_set_by_nothing_it_had_not_seen(village, vector, guarded, random):
    ops = [replace(op, correction=random.choice(["", "", "k1", "k2"])) for op in village.ops.values()]
    seal = Seal(vector, guarded, frozenset({"k1"}))
    by_version = {op.version: op for op in ops}

    sealed = project(village.kind, ops, [seal])
    shuffled = project(village.kind, random.sample(ops, len(ops)), [seal])

    assert repr(sealed.withheld) == repr(shuffled.withheld)
    assert sealed == shuffled
    assert {one.reason for one in sealed.withheld} <= {SEALED}
    late = {op.version for op in ops if op.seq > vector.get(op.stream, 0) and op.correction != "k1"}
    assert {one.version for one in sealed.withheld} <= late
    for name in sealed.values:
        if guarded is None or name in guarded:
            assert sealed.versions.get(name, sealed.versions[""]) not in late
            assert not late & set(sealed.heads.get(name, ()))
    if not late:
        assert sealed == project(village.kind, ops)
    assert by_version.keys() >= {one.version for one in sealed.withheld}


versions = st.tuples(st.integers(1, 6), st.sampled_from(["a/1", "b/1"]), st.integers(1, 4))
wild_bases = st.none() | st.dictionaries(
    st.sampled_from(["", "title", "note", "standing"]), st.lists(versions, max_size=3).map(tuple)
)
wild = st.builds(
    lambda version, sets, base: Op(version[1], version[2], version[0], "topic", "r1", sets, base),
    versions,
    st.dictionaries(st.sampled_from(["title", "note", "standing"]), st.sampled_from([0, 1, None, "甲", "乙", ["丙"]])),
    wild_bases,
)


@settings(max_examples=2 * MANY)
@given(st.lists(wild, max_size=12), st.randoms(use_true_random=False))
def test_whatever_is_claimed_it_ends_and_every_order_ends_the_same(ops, random):
    seal = Seal({"a/1": 2}, frozenset({"title"}))

    for seals in ((), (seal,)):
        seen = project("topic", ops, seals)
        assert repr(seen.contests) == repr(project("topic", random.sample(ops, len(ops)), seals).contests)
        assert seen == project("topic", random.sample(ops, len(ops)) + ops, seals)
        for name in seen.values:
            assert seen.versions.get(name) or seen.versions[""]


@settings(max_examples=MANY)
@given(st.lists(wild, max_size=8))
def test_the_fast_path_is_not_deceived(ops):
    seen, held = project("topic", ()), []
    for op in ops:
        if any(one.version == op.version for one in held):
            continue
        held.append(op)
        whole = project("topic", held)
        if (len(held) == 1 or seen.is_plain) and is_fast_forward(seen.versions, op):
            plain = {name: tuple(one) if isinstance(one, list) else one for name, one in op.sets.items()}
            assert seen.values | plain == whole.values
            news = dict.fromkeys(op.sets, op.version)
            assert (seen.versions | news if seen.versions else {"": op.version}) == whole.versions
        seen = whole
