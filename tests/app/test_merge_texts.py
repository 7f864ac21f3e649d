"""Parts of one op joined, and a proposal made of two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.merge import join, project
from app.domain.merge_texts import three_way
from app.domain.op import Op

FIELDS = ("title", "summary", "raised_by", "standing")
versions = st.tuples(st.integers(1, 3), st.sampled_from(["a/1", "b/1"]), st.integers(1, 3))
values = st.sampled_from(["甲", "乙", "某", 0, 1, None, True, ("甲", "乙"), ["甲", "乙"]])
bases = st.none() | st.dictionaries(st.sampled_from(["", *FIELDS]), st.lists(versions, max_size=2).map(tuple))
# Whatever may come under one version, honest or not.
parts = st.builds(
    Op,
    st.just("a/1"),
    st.just(7),
    st.just(9),
    st.just("topic"),
    st.just("r1"),
    st.dictionaries(st.sampled_from(FIELDS), values),
    bases,
    act=st.sampled_from(["", "x"]),
    who=st.sampled_from(["", "赵某甲"]),
    seen=st.none() | st.dictionaries(st.sampled_from(["a/1", "b/1"]), st.integers(0, 9)),
    holds=st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
    masked=st.frozensets(st.sampled_from(FIELDS)),
    parts=st.sampled_from(["", "O", "C", "T", "OC", "OT"]),
)


@given(parts, parts)
def test_it_does_not_matter_which_part_comes_first(one, other):
    assert join(one, other) == join(other, one)


@given(parts, parts, parts)
def test_it_does_not_matter_which_parts_are_joined_first(one, other, third):
    assert join(join(one, other), third) == join(one, join(other, third))


@given(parts, parts)
def test_a_part_joined_again_changes_nothing(one, other):
    both = join(one, other)

    assert join(one, one) == one
    assert join(both, one) == both == join(both, both)


def test_parts_of_three_audiences_are_the_op_again():
    public = {"title": "某家的墙", "standing": 1}
    county = {"title": "赵某甲家的墙", "raised_by": "赵某甲"}
    base = {"": ((1, "a/1", 1),), "title": ((2, "a/1", 2),)}
    whole = Op("a/1", 3, 3, "topic", "r1", {}, {}, seen={"a/1": 2})
    o = replace(whole, sets=public, base=base, masked=frozenset({"title"}), parts="O", seen=None)
    c = replace(whole, sets=county, base={"title": base["title"]}, parts="C")
    t = replace(whole, sets={"note": "电话不通"}, base={"": base[""]}, parts="T")

    joined = join(join(t, o), c)

    assert joined.sets == {"title": "赵某甲家的墙", "standing": 1, "raised_by": "赵某甲", "note": "电话不通"}
    assert (joined.base, joined.masked, joined.parts, joined.seen) == (base, frozenset(), "OCT", {"a/1": 2})


def test_what_the_public_reads_is_no_rival_of_the_true_value():
    public = Op("a/1", 1, 1, "topic", "r1", {"title": "某家的墙"}, None, masked=frozenset({"title"}), parts="O")
    true = replace(public, sets={"title": "赵某甲家的墙"}, masked=frozenset(), parts="C")

    assert project("topic", [public]).values == {"title": "某家的墙"}
    assert (
        project("topic", [true, public]) == project("topic", [public, true]) == project("topic", [join(true, public)])
    )
    assert project("topic", [true, public]).values == {"title": "赵某甲家的墙"}
    assert project("topic", [true, public]).contests == ()


# Texts

BASE = "大家认为墙要修。水往沟里排。钱由两家各出一半。"


@pytest.mark.parametrize(
    ("left", "right", "proposal"),
    [
        (
            BASE.replace("要修", "要加高"),
            BASE.replace("一半", "三成"),
            "大家认为墙要加高。水往沟里排。钱由两家各出三成。",
        ),
        (
            BASE.replace("要修", "要加高"),
            BASE.replace("沟里", "田里"),
            "大家认为墙要加高。水往田里排。钱由两家各出一半。",
        ),
        (
            BASE + "月底前完工。",
            BASE.replace("要修", "要加高"),
            "大家认为墙要加高。水往沟里排。钱由两家各出一半。月底前完工。",
        ),
        (
            BASE + "月底前完工。",
            BASE.replace("一半", "三成"),
            "大家认为墙要修。水往沟里排。钱由两家各出三成。月底前完工。",
        ),
        (BASE.replace("水往沟里排。", ""), BASE.replace("要修", "要拆"), "大家认为墙要拆。钱由两家各出一半。"),
        (BASE + "月底前完工。", BASE + "月底前完工。", BASE + "月底前完工。"),
        (BASE.replace("要修", "要加高"), BASE.replace("要修", "要降低"), None),
        (BASE.replace("要修", "要加高"), BASE.replace("大家认为墙要修。", ""), None),
        (BASE + "月底前完工。", BASE + "下月完工。", None),
    ],
)
def test_two_texts_are_put_together_where_no_sentence_was_changed_twice(left, right, proposal):
    assert three_way(BASE, left, right) == proposal
    assert three_way(BASE, right, left) == proposal


texts = st.lists(st.sampled_from(["甲。", "乙！", "丙？", "丁\n", "说“好。”", "戊"]), max_size=8).map("".join)


@given(texts, texts)
def test_what_only_one_side_changed_is_taken(base, new):
    assert three_way(base, new, base) == new
    assert three_way(base, base, new) == new
    assert three_way(base, new, new) == new


@given(texts, texts, texts)
def test_a_proposal_does_not_depend_on_the_side_and_invents_nothing(base, left, right):
    proposal = three_way(base, left, right)

    assert proposal == three_way(base, right, left)
    assert proposal is None or set(proposal) <= set(base + left + right)


@given(
    st.lists(st.sampled_from("一二三四五六七八"), unique=True, min_size=2).flatmap(
        lambda names: st.tuples(st.just(names), *[st.integers(0, len(names) - 1)] * 2)
    )
)
def test_changes_of_two_different_sentences_are_both_in_the_proposal(drawn):
    names, first, second = drawn
    left, right = (
        "".join(f"{name}变{word}。" if at == changed else f"{name}。" for at, name in enumerate(names))
        for word, changed in (("左", first), ("右", second))
    )

    proposal = three_way("".join(f"{name}。" for name in names), left, right)

    if first == second:
        assert proposal is None
    else:
        assert proposal is not None
        assert f"{names[first]}变左。" in proposal
        assert f"{names[second]}变右。" in proposal
        assert proposal.count("。") == len(names)


def test_a_text_beyond_all_measure_gets_no_proposal():
    text = "甲。" * 2_000

    assert three_way(text, text + "乙。", "丙。" + text) is None
