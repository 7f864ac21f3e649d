"""Who may read what: every field has an audience, and the parts of an op are the op, each with its own fields."""

import re
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import RECORDS, WORDS
from app.domain.audience import (
    CLASSES,
    FIELD_AUDIENCE,
    IN_DOUBT,
    MASKABLE,
    NOT_PUBLIC,
    RAISED,
    ROUNDED,
    audience_of,
    split,
)
from app.domain.merge import join
from app.domain.op import Audience, Op
from app.domain.record import field_names

OPEN, COUNTY, TOWNSHIP = Audience
NAME = "赵某甲"
FIELDS = {record.KIND: [name for name in field_names(record) if name != "id"] for record in RECORDS}


def open_mask(text):
    return text, False


def name_mask(text):
    """A mask that knows one name."""
    return text.replace(NAME, "赵某某"), NAME in text


def op(kind, sets, base=None, **more):
    return Op(
        "0011223344556677/1", 7, 12, kind, "f" * 32, sets, base, "a" * 32, "示例干部", "2026-03-30T10:00:00", **more
    )


def plain_op(one):
    """An op in one form: lists are tuples, versions are in order, and it is not told which parts it came in."""
    sets = {name: tuple(value) if isinstance(value, list) else value for name, value in one.sets.items()}
    base = None if one.base is None else {name: tuple(sorted(seen)) for name, seen in one.base.items()}
    return Op(
        *(one.stream, one.seq, one.lamport, one.kind, one.record_id, sets, base, one.act, one.who, one.wall),
        *(one.correction, one.seen, one.holds, one.masked),
    )


def test_every_field_of_every_record_has_an_audience():
    wanted = {(record.KIND, name) for record in RECORDS for name in field_names(record)}

    assert set(FIELD_AUDIENCE) == wanted


def test_the_page_about_audiences_says_what_the_table_says():
    page = (Path(__file__).parents[2] / "sync" / "AUDIENCES.md").read_text("utf-8")

    rows = [re.split(r" *\| *", line)[1:-1] for line in page.splitlines() if re.match(r"\| \S+ `", line)]
    told = {row[0]: tuple(" ".join(re.findall(r"`(\w+)`", cell)) for cell in row[1:]) for row in rows}

    meant = {f"{WORDS[kind]} `{kind}`": tuple(classes) for kind, classes in CLASSES.items()}
    assert told == {name: tuple(" ".join(cell.split()) for cell in cells) for name, cells in meant.items()}
    closed = page[page.index("**Closed session**") : page.index("## Fields")]
    assert set(RAISED) <= set(re.findall(r"`(\w+)`", closed))
    assert all(f"`{name}`" in closed for names in RAISED.values() for name in names or ())


def test_what_passes_the_mask_would_go_up():
    assert all(FIELD_AUDIENCE[one] is OPEN for one in MASKABLE)


def test_what_links_records_and_whether_they_stand_is_where_the_record_is_most_open():
    for record in RECORDS:
        least = min((FIELD_AUDIENCE[record.KIND, name] for name in FIELDS[record.KIND]), key=list(Audience).index)
        links = {"id", "standing", "sitting_id", "consultation_id", "issue_id", "action_id", "consensus_id"}

        assert {FIELD_AUDIENCE[record.KIND, name] for name in links & set(field_names(record))} == {least}


def test_no_field_that_points_at_a_villager_goes_up():
    pointing = {name for _, name in FIELD_AUDIENCE if name in ("person_id", "speaker_id", "host_id", "household_id")}

    assert len(pointing) == 4
    assert {one for (_, name), one in FIELD_AUDIENCE.items() if name in pointing} == {COUNTY}


def test_what_a_newer_version_knows_and_we_do_not_stays_in_the_county():
    assert audience_of("survey", "answer") is COUNTY
    assert audience_of("action", "colour") is COUNTY


@pytest.mark.parametrize("kind", ["statement", "reservation", "attachment"])
def test_what_was_said_behind_closed_doors_stays_in_the_township(kind):
    told = {audience_of(kind, name, is_closed=True) for name in FIELDS[kind]}

    assert told == {TOWNSHIP}


def test_what_opens_the_record_of_a_closed_session_stays_in_the_township_too():
    assert audience_of("edition", "openings", is_closed=True) is TOWNSHIP
    assert audience_of("edition", "closure", is_closed=True) is TOWNSHIP
    assert audience_of("edition", "sealed_by", is_closed=True) is COUNTY


@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
def test_what_households_answered_goes_up_to_the_nearest_five_and_stays_true_in_the_county(is_closed):
    answers = {"very_satisfied": 12, "satisfied": 5, "fair": 2, "dissatisfied": 1, "unsure": 0}
    one = op("revisit", {"consultation_id": "c", "text": "", "standing": 1} | answers)

    parts = split(one, open_mask, is_closed=is_closed)

    told = {"very_satisfied": 10, "satisfied": 5, "fair": 0, "dissatisfied": 0, "unsure": 0}
    assert parts[OPEN].sets == {"consultation_id": "c", "text": "", "standing": 1} | told
    assert parts[OPEN].masked == set(answers)
    assert parts[COUNTY].sets == answers
    assert plain_op(reduce(join, parts.values())) == plain_op(one)


@given(st.integers(0, 4), st.sampled_from(sorted(ROUNDED)))
def test_from_what_goes_up_nobody_can_tell_a_count_below_five(count, field):
    """Whatever else is known: the part that goes up is the same for another count."""
    kind, name = field

    told = {other: split(op(kind, {name: other}), open_mask)[OPEN] for other in range(10)}

    assert len([other for other, part in told.items() if part == told[count]]) >= 3


def test_a_count_that_is_no_number_does_not_go_up():
    parts = split(op("revisit", {"fair": "赵某甲"}), open_mask)

    assert (parts[OPEN].sets, parts[COUNTY].sets) == ({"fair": 0}, {"fair": "赵某甲"})


def test_a_text_with_a_name_goes_up_without_it_and_stays_true_in_the_county():
    parts = split(op("sitting", {"consultation_id": "c", "venue": "赵某甲家院坝", "standing": 1}), name_mask)

    assert list(parts) == [OPEN, COUNTY]
    assert parts[OPEN].sets == {"consultation_id": "c", "venue": "赵某某家院坝", "standing": 1}
    assert parts[OPEN].masked == {"venue"}
    assert parts[COUNTY].sets == {"venue": "赵某甲家院坝"}
    assert parts[COUNTY].masked == frozenset()


def test_no_text_of_a_closed_session_goes_up():
    sets = {"text": "各出一半", "support_units": ("e" * 32, "石墙组"), "fund": "", "standing": 1}

    parts = split(op("action", sets), open_mask, is_closed=True)

    assert parts[OPEN].sets == {"text": NOT_PUBLIC, "support_units": ("e" * 32, NOT_PUBLIC), "fund": "", "standing": 1}
    assert parts[COUNTY].sets == {"text": "各出一半", "support_units": ("e" * 32, "石墙组")}


def test_a_villager_at_the_keys_is_not_named_above_the_county():
    act = Op("d/1", 1, 1, "sitting", "s", {"stage": "RAISE"}, {"stage": ((1, "d/1", 1),)}, "a", NAME, "w")

    parts = split(act, name_mask)

    assert {one: part.who for one, part in parts.items()} == {OPEN: "", COUNTY: NAME}
    assert plain_op(join(parts[COUNTY], parts[OPEN])) == plain_op(act)


def test_a_record_laid_down_goes_as_one_part_with_all_that_was_seen_of_it():
    base = dict.fromkeys(("", "title", "note", "standing"), ((3, "d/1", 3),))

    parts = split(op("issue", {"standing": 0}, base), open_mask)

    assert list(parts) == [OPEN]
    assert parts[OPEN].base == base


versions = st.tuples(st.integers(1, 9), st.sampled_from(["d/1", "e/1"]), st.integers(1, 9))
words = st.sampled_from(["", NAME, "修挡墙", f"{NAME}家和村集体各出一半", IN_DOUBT])


def value_of(kind, name):
    """What may stand in a field: words where people write them, else a code."""
    if (kind, name) in ROUNDED:
        return st.integers(0, 40)
    if FIELD_AUDIENCE.get((kind, name)) is OPEN and (kind, name) not in MASKABLE:
        return st.sampled_from(["CODE", 1, None])
    return st.tuples(words) if name == "support_units" else words


@st.composite
def ops(draw):
    """Ops of any kind, of fields and kinds not known here too."""
    kind = draw(st.sampled_from([*FIELDS, "survey"]))
    names = [*FIELDS.get(kind, ()), "colour"]
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=len(names)))
    sets = {name: draw(value_of(kind, name)) for name in chosen}
    seen = st.dictionaries(st.sampled_from(["", *names]), st.lists(versions, min_size=1, max_size=2, unique=True))
    base = draw(st.none() | seen.map(lambda found: {name: tuple(many) for name, many in found.items()}))
    who = draw(st.sampled_from(["示例干部", NAME]))
    return Op("d/1", 9, 99, kind, "r", sets, base, "act", who, "wall", draw(st.sampled_from(["", "c" * 32])))


@given(ops(), st.booleans(), st.booleans())
def test_the_parts_of_an_op_joined_are_the_op_in_whatever_order(one, is_closed, is_backwards):
    parts = list(split(one, name_mask, is_closed=is_closed).values())

    joined = reduce(join, reversed(parts) if is_backwards else parts)

    assert plain_op(joined) == plain_op(one)
    assert joined.parts == "".join(part.parts for part in parts)


@given(ops(), st.booleans())
def test_each_part_has_only_what_its_audience_may_read(one, is_closed):
    parts = split(one, name_mask, is_closed=is_closed)

    for audience, part in parts.items():
        assert part.parts == audience
        for name, value in part.sets.items():
            own = audience_of(one.kind, name, is_closed=is_closed)
            assert own is audience or (audience is COUNTY and own is OPEN and name in parts[OPEN].masked)
            assert value == one.sets[name] or name in part.masked
    if OPEN in parts:
        assert NAME not in str(parts[OPEN])
