"""One consultation, many local ways."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from app.domain.consensus import Method, Ratio
from app.domain.errors import Refused
from app.domain.people import Role
from app.domain.practice import Deadlines, PaperKind, PaperTime, Practice, read_practice, read_practices
from app.domain.sitting import QuorumBase, QuorumRule, SittingStage
from app.domain.statement import StatementKind
from app.domain.topic import LIFE, TopicStage


@pytest.fixture(scope="module")
def practices() -> dict[str, Practice]:
    return read_practices(resources.practices())


@pytest.fixture
def yuanba_file() -> dict:
    return copy.deepcopy(next(dict(found) for found in resources.practices() if found["code"] == "yuanba"))


def test_eight_ways_ship_and_the_courtyard_comes_first(practices):
    assert [practice.name for practice in practices.values()] == [
        "院坝协商",
        "七步协商",
        "协商在基层",
        "12345热线协商",
        "深聊会",
        "一线协商",
        "有事好商量",
        "委员工作站",
    ]


def test_every_way_names_all_stages_and_lists_its_papers_and_checks(practices):
    for practice in practices.values():
        assert list(practice.stages) == list(SittingStage)
        assert tuple(practice.life) == LIFE
        assert all(practice.stages.values())
        assert all(practice.life.values())
        assert practice.papers
        assert practice.checklist
        assert practice.source
        assert len({rule.kind for rule in practice.papers}) == len(practice.papers)


def test_the_courtyard_speaks_its_own_words(practices):
    yuanba = practices["yuanba"]

    assert list(yuanba.stages.values()) == ["签到", "说事", "议事", "定事", "收尾"]
    assert list(yuanba.life.values()) == ["征集", "研判", "立题", "协商", "办理", "回访", "办结"]
    assert (yuanba.quorum_rule, yuanba.quorum_base, yuanba.quorum_word) == (
        QuorumRule.HALF,
        QuorumBase.PERSONS,
        "过半",
    )
    assert (yuanba.threshold, yuanba.method, yuanba.needs_consensus) == (Ratio.HALF, Method.SHOW_OF_HANDS, True)
    assert yuanba.deadlines == Deadlines(notice_days=3)


def test_the_kind_of_a_statement_is_preset_by_who_speaks(practices):
    yuanba = practices["yuanba"]

    assert yuanba.kind_for(Role.VILLAGER) == StatementKind.CLAIM
    assert yuanba.kind_for(Role.LINE_DEPT) == StatementKind.REPLY
    assert yuanba.kind_for(Role.CPPCC_MEMBER) == StatementKind.PROPOSAL
    assert yuanba.kind_for(Role.INTERPRETER) == StatementKind.OPINION
    assert practices["shenliaohui"].kind_for(Role.VILLAGER) == StatementKind.OPINION


def test_each_party_takes_a_consensus_paper_home(practices):
    rule = practices["yuanba"].paper(PaperKind.CONSENSUS)

    assert rule is not None
    assert rule.copies_for(3) == 5
    assert practices["shenliaohui"].paper(PaperKind.CONSENSUS) is None
    tonight = [rule.name for rule in practices["yuanba"].papers_of(PaperTime.TONIGHT)]
    assert tonight == ["签到表", "会议记录", "协商共识书", "任务分解清单"]


def test_xupu_counts_seven_steps_of_its_own(practices):
    xupu = practices["xupu"]

    assert len(xupu.steps) == 7
    assert xupu.step_of(TopicStage.IN_HAND) == "办理反馈、监督落实"
    assert practices["yuanba"].step_of(TopicStage.IN_HAND) == "办理"


def test_a_talk_needs_no_consensus(practices):
    assert not practices["shenliaohui"].needs_consensus
    assert practices["shenliaohui"].quorum_word == ""
    assert practices["yixian"].quorum_base == QuorumBase.HOUSEHOLDS


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ranking": True}, "协商形式“院坝协商”：不认识“ranking”"),
        ({"quorum": {"rule": "most"}}, "协商形式“院坝协商”：“quorum.rule”只能是 none、half、two_thirds"),
        ({"quorum": {"rule": "half", "least": 5}}, "协商形式“院坝协商”：不认识“quorum.least”"),
        ({"deadlines": {"notice_days": -1}}, "协商形式“院坝协商”：“deadlines.notice_days”要写不小于 0 的整数"),
        ({"deadlines": {"notice_days": True}}, "协商形式“院坝协商”：“deadlines.notice_days”要写不小于 0 的整数"),
        ({"stages": {"DANCE": "跳舞"}}, "协商形式“院坝协商”：不认识“stages.DANCE”"),
        ({"checklist": "一条"}, "协商形式“院坝协商”：“checklist”要写一列文字"),
        ({"paper": [{"kind": "SIGN_IN", "name": "签到表"}]}, "协商形式“院坝协商”：缺“paper.when”"),
        ({"step": {"name": "一"}}, "协商形式“院坝协商”：“step”要写成几节"),
        ({"statement_kinds": {"NOBODY": "CLAIM"}}, "协商形式“院坝协商”：不认识“statement_kinds.NOBODY”"),
        ({"consensus": {"needed": "yes"}}, "协商形式“院坝协商”：“consensus.needed”要写 true 或 false"),
        ({"consensus": {"method": ["HANDS"]}}, None),
        ({"code": ""}, "协商形式“院坝协商”：“code”要写文字"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_that_is_wrong(yuanba_file, change, sentence):
    with pytest.raises(Refused) as refused:
        read_practice(yuanba_file | change)

    assert sentence is None or refused.value.what == sentence


def test_a_missing_name_is_told():
    with pytest.raises(Refused, match="缺“name”"):
        read_practice({"code": "x"})


def test_a_short_file_is_filled_up_with_what_is_usual():
    practice = read_practice({"code": "x", "name": "示例协商", "form": "MICRO"})

    assert practice.stages[SittingStage.SETTLE] == "定事"
    assert practice.deadlines == Deadlines()


def test_two_practices_may_not_share_a_code(yuanba_file):
    with pytest.raises(Refused, match="重了"):
        read_practices([yuanba_file, copy.deepcopy(yuanba_file)])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@given(st.sampled_from(["quorum", "consensus", "stages", "life", "step", "paper", "deadlines", "checklist"]), ANYTHING)
def test_noise_is_refused_or_read_but_never_breaks(key, value):
    told = ""
    try:
        told = read_practice({"code": "x", "name": "示例协商", "form": "MICRO", key: value}).name
    except Refused as refused:
        told = refused.what

    assert "示例协商" in told
