"""Laws of segments made anew, and of who may have them put in the place of the first ones."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from app.domain.merge import join, project
from app.domain.op import Op
from sync import enrolment
from sync.directory import ERASE, Directory, file_of, read_said
from sync.erasure import Erasures, agree, made_anew, without
from sync.segment import SegmentForged, SegmentUnvouched, op_line, open_segment, seal_segment
from sync.statement import sign_statement
from tests.sync import makings
from tests.sync.makings import KEY, OTHER_SIGN, OUR_PUBLIC, OURS, SIGN, STREAM, WAYS, head
from tests.sync.offices import COUNTY, OTHER_TOWNSHIP, TOWNSHIP, Desk, enrol

BY = WAYS.fingerprint(OTHER_SIGN(b"").key)
NAMES = ("text", "name", "count", "flag")
VALUES = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=6), st.lists(st.text(max_size=3)))


@st.composite
def ops(draw):
    """Return the ops of one segment, of few records and fields."""
    made = []
    for seq in range(1, draw(st.integers(1, 6)) + 1):
        sets = draw(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
        base = draw(st.sampled_from([None, {}, dict.fromkeys(sets, ((7, STREAM, 1),))]))
        kind, record = draw(st.sampled_from(["person", "statement"])), draw(st.sampled_from(["a" * 32, "b" * 32]))
        made.append(Op(STREAM, seq, 100 + seq, kind, record, sets, base, "ab" * 16, "钱某乙", makings.WALL))
    return made


gone = st.dictionaries(st.integers(1, 6), st.frozensets(st.sampled_from(NAMES)), max_size=6)


def opened(content, reissues=()):
    return open_segment(content, [OURS], WAYS.holds, reissues=reissues)


def anew_of(first, fields, name=None):
    """Return a segment made anew of an opened one, opened."""
    sealed = made_anew(name or "c4" * 32, first, fields, BY, OTHER_SIGN, [OUR_PUBLIC])
    return sealed, opened(sealed.content, {(sealed.head.replaces, sealed.id, BY)})


def segment(made):
    return opened(seal_segment(head(len(made)), [op_line(one) for one in made], SIGN, [OUR_PUBLIC]).content)


def plain(op):
    """Return an op with lists as a line has them."""
    return structs.replace(
        op, sets={name: list(one) if isinstance(one, tuple) else one for name, one in op.sets.items()}
    )


@settings(max_examples=40, deadline=None)
@given(ops(), gone, gone)
def test_nothing_but_the_named_values_changes_however_often_and_in_whatever_order(made, one, other):
    first = segment(made)
    _, once = anew_of(first, one)
    _, twice = anew_of(once, other)
    _, apart = anew_of(first, other)

    assert agree(first, once)
    assert agree(once, apart)
    assert agree(first, twice)
    assert [op.erased for op in once.ops] == [one.get(op.seq, frozenset()) & op.sets.keys() for op in made]
    assert twice.head.replaces == once.head.replaces
    assert (twice.head.was, once.head.was) == (first.plain_digest,) * 2
    for was, a, b, both in zip(first.ops, once.ops, apart.ops, twice.ops, strict=True):
        assert plain(join(join(was, a), b)) == plain(join(b, join(a, was))) == plain(both)
        assert structs.replace(a, sets=was.sets, erased=frozenset()) == was


@settings(max_examples=40, deadline=None)
@given(ops(), gone)
def test_erased_values_are_nowhere_and_the_record_is_shown_with_blanks(made, fields):
    canary = "赵某甲不愿留名"
    told = [structs.replace(op, sets=dict.fromkeys(op.sets, canary)) for op in made]
    every = {op.seq: frozenset(op.sets) for op in told}

    sealed, anew = anew_of(segment(told), fields | every)

    assert canary.encode() not in b"\n".join(anew.lines)
    shown = project("person", [op for op in anew.ops if (op.kind, op.record_id) == ("person", "a" * 32)])
    assert set(shown.values.values()) <= {None}
    assert sealed.head.by == BY


@settings(max_examples=40, deadline=None)
@given(ops(), st.data())
def test_whatever_else_is_changed_is_seen(made, data):
    first = segment(made)
    _, anew = anew_of(first, {})
    at = data.draw(st.integers(0, len(made) - 1))
    op = anew.ops[at]
    name = data.draw(st.sampled_from([*op.sets, "new"]))
    forged = structs.replace(op, sets=op.sets | {name: ["another"]})

    assert not agree(first, replace(anew, ops=(*anew.ops[:at], forged, *anew.ops[at + 1 :])))


def test_a_line_keeps_what_a_newer_version_said_in_it():
    line = op_line(makings.op(1, text="赵某甲", at=1))[:-1] + b',"z9":{"of":[1,null]}}'
    first = opened(seal_segment(head(1), [line], SIGN, [OUR_PUBLIC]).content)

    _, anew = anew_of(first, {1: frozenset({"text"})})

    assert b'"z9":{"of":[1,null]}' in anew.lines[0]
    assert "赵某甲".encode() not in anew.lines[0]
    assert agree(first, anew)


def test_what_nobody_vouches_for_and_what_another_signed_is_not_opened():
    first = segment([makings.op(1)])
    sealed = made_anew("c4" * 32, first, {}, BY, OTHER_SIGN, [OUR_PUBLIC])
    forged = made_anew("c4" * 32, first, {}, BY, SIGN, [OUR_PUBLIC])

    for told in ((), {("c4" * 32, "f" * 64, BY)}, {("f" * 64, sealed.id, BY)}, {("c4" * 32, sealed.id, "0" * 16)}):
        with pytest.raises(SegmentUnvouched):
            opened(sealed.content, told)
    with pytest.raises(SegmentForged):
        opened(forged.content, {("c4" * 32, forged.id, BY)})


def test_an_op_without_a_value_says_so_once():
    op = makings.op(1, text="赵某甲", at=1)
    once = without(op, frozenset({"text", "never there"}))

    assert (once.sets, once.erased) == ({"text": None, "at": 1}, {"text"})
    assert without(once, frozenset({"text"})) == once
    assert KEY


# Who may say it


@pytest.fixture
def offices(tmp_path, monkeypatch):
    monkeypatch.setattr(enrolment, "COST", 4)
    county, laptop, other = (Desk(tmp_path / name) for name in ("county", "laptop", "other"))
    county.work.found(COUNTY, "示例县")
    enrol(laptop, county)
    enrol(other, county, OTHER_TOWNSHIP)
    county.work.take(laptop.hands_out(COUNTY))
    yield county, laptop, other
    for desk in (county, laptop, other):
        desk.home.close()


def said_by(desk, region=TOWNSHIP, **other) -> bytes:
    told = {"device": desk.device, "region": region, "reason": "request", "at": makings.WALL}
    told |= {"pairs": [["aa" * 32, "bb" * 32]], **other}
    return sign_statement(ERASE, told, desk.home.seal.sign)


def believed(at, *raws) -> frozenset[str]:
    files = [file_of(ERASE, said) for said in map(read_said, raws) if said]
    return Erasures.of(Directory([*at.postbox.statements(), *files], at.device)).gone


def test_a_township_and_its_county_may_have_erased_and_nobody_else(offices):
    county, laptop, other = offices

    assert believed(county, said_by(laptop)) == {"aa" * 32}
    assert believed(laptop, said_by(county)) == {"aa" * 32}
    assert believed(county, said_by(other)) == frozenset()
    assert believed(county, said_by(laptop, OTHER_TOWNSHIP)) == frozenset()
    assert believed(county, said_by(laptop, COUNTY)) == frozenset()
    assert believed(county, said_by(laptop, device=county.device)) == frozenset()


def test_the_word_of_a_lost_laptop_counts_no_more(offices):
    county, laptop, _ = offices
    said = said_by(laptop)

    county.work.lose(laptop.device, "丢了")

    assert believed(county, said) == frozenset()
    assert believed(county, said_by(county)) == {"aa" * 32}
