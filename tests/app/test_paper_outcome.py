"""How the paper of an evening is called: 共识, 意向书, 公约（草案）, and what it says of matters others must decide."""

from dataclasses import replace

import pytest

from app.domain.consensus import Consensus, Method, Result
from app.domain.issue import Issue
from app.queries.paper import consensus_paper
from tests.app.test_paper_content import GUESTS, PEOPLE, PLACES, PRACTICES, SETTLED, WALL, YUANBA, meeting

ASSEMBLY = "此项需提交村民会议讨论决定，并报乡镇备案。"
ISSUE = Issue("i1", "s", 1, "办客怎么管")
AGREED = Consensus("c1", "s", "i1", "礼金不超过一百元", Method.NO_OBJECTION, settled_at=SETTLED, present=7)


def paper_of(consensus=AGREED, category="OTHER", practice=YUANBA, issue=ISSUE):
    about = replace(WALL, category=category)
    return consensus_paper(meeting(about, *PEOPLE, *GUESTS, issue, consensus), PLACES, practice)


def test_a_village_rule_is_a_draft_that_the_assembly_decides():
    paper = paper_of(category="VILLAGE_RULE")

    assert paper.title == "石墙村15米挡墙院坝协商公约（草案）"
    assert paper.opening.endswith("形成以下公约草案，待村民会议讨论通过、报乡镇备案后施行：")
    assert paper.closing == "本公约（草案）已当场宣读，核对无误后签字。"
    assert paper.copies_line.startswith("本公约（草案）一式4份")
    assert paper.sections[0].route_line == ASSEMBLY


@pytest.mark.parametrize("result", [Result.CONDITIONAL, Result.PARTIAL])
def test_what_hangs_on_conditions_is_an_intent(result):
    paper = paper_of(replace(AGREED, result=result))

    assert paper.title == "石墙村15米挡墙院坝协商意向书"
    assert paper.opening.endswith("经充分协商，达成以下意向：")
    assert paper.closing.startswith("本意向书已当场宣读")


def test_a_practice_that_seeks_no_consensus_leaves_an_intent():
    assert paper_of(practice=PRACTICES["shenliaohui"]).title.endswith("意向书")


def test_anything_else_is_a_consensus_and_goes_nowhere_else():
    paper = paper_of()

    assert paper.title == "石墙村15米挡墙院坝协商共识"
    assert paper.sections[0].route_line == ""


@pytest.mark.parametrize(
    ("text", "is_rule"),
    [
        ("把礼金标准写进村规民约", True),
        ("修订完善村规民约，违者教育", True),
        ("村规民约修订稿由理事会起草", True),
        ("按村规民约办", False),
        ("村规民约已有规定，照此执行", False),
    ],
)
def test_words_that_make_a_village_rule_are_seen_whatever_the_category(text, is_rule):
    assert (paper_of(replace(AGREED, text=text)).sections[0].route_line == ASSEMBLY) is is_rule


def test_a_route_beyond_the_courtyard_stands_under_its_item_and_only_when_something_was_agreed():
    sent = replace(AGREED, route="REPRESENTATIVES")

    assert paper_of(sent).sections[0].route_line.startswith("此项需提交村民代表会议讨论决定")
    assert paper_of(replace(sent, result=Result.NOT_REACHED)).sections[0].route_line == ""
