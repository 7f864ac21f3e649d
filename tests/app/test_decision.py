"""“四议两公开”: six sheets for what is a village's to decide, with what the courtyard knows filled in."""

from dataclasses import replace

import pytest

from app.queries.paper_decision import decision_forms
from app.queries.papers import Matter
from tests.app.test_mediation import WALL as DISPUTE
from tests.app.test_paper_content import AGREED, GUESTS, ISSUES, PEOPLE, PLACES, PRACTICES, TASKS, WALL, YUANBA, meeting


def forms(*records, practice=YUANBA):
    return decision_forms(Matter(meeting(*records), PLACES, practice))


@pytest.fixture
def sheets():
    return forms(*PEOPLE, *GUESTS, *ISSUES, *AGREED, *TASKS).sheets


def test_the_six_steps_are_six_sheets_in_their_order(sheets):
    assert [sheet.name.partition("、")[2] for sheet in sheets] == [
        "动议（决策事项）",
        "村党支部会提议",
        "村“两委”会商议",
        "党员大会审议",
        "村民会议或者村民代表会议决议",
        "决议公开和实施结果公开",
    ]


def test_what_was_agreed_is_the_motion_and_what_missed_its_ratio_is_not(sheets):
    told = {label: value for label, value, _ in sheets[0].fields}

    assert told["事项内容"] == "2026年3月30日协商形成：\n以2021年确权图为准。"
    assert told["协商到会"].endswith("实到8人")
    assert told["动议事由"] == "□ 党员群众建议　□ 村干部提议　□ 上级党委政府安排"


def test_every_meeting_counts_who_is_there_and_the_township_signs(sheets):
    assert [sheet.shares for sheet in sheets] == [False, True, True, True, True, False]
    assert [("乡镇参会人员（写明职务）" in sheet.signs) for sheet in sheets] == [False, False, True, True, True, False]
    assert "三分之二以上" in sheets[4].rule


def test_the_tasks_stand_on_the_last_sheet(sheets):
    told = {label: value for label, value, _ in sheets[5].fields}

    assert told["实施任务"].startswith("1. 修15米挡墙，由村委会（王某辛）负责，2026年4月30日前完成")


def test_there_are_none_for_a_dispute_a_community_or_when_nothing_was_agreed():
    community = replace(WALL, place_codes=("999902005206",))

    assert forms(*DISPUTE) is None
    assert forms(community, *PEOPLE, *GUESTS, *ISSUES, *AGREED) is None
    assert forms(*PEOPLE, *GUESTS, *ISSUES) is None
    assert forms(*PEOPLE, *GUESTS, *ISSUES, *AGREED, practice=PRACTICES["xupu"]) is not None
