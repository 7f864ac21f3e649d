"""办理反馈表 and 回访记录: what was written of a task stands on the form its unit answers on, and on the record of who
went back."""

from datetime import date, timedelta

import pytest

from app.commands.action import AssignAction, FinishAction, NoteProgress
from app.commands.consensus import SettleConsensus
from app.commands.revisit import RecordRevisit
from app.domain.action import ActionStage
from app.domain.consensus import Consensus, Method
from app.domain.errors import Missing
from app.domain.practice import read_practices
from app.queries.paper_feedback import BOX, TICKED, feedback_form
from app.queries.paper_revisit import revisit_record
from resources import practices

PRACTICES = read_practices(practices())


@pytest.fixture
def wall(yard):
    """A task under the second consensus, given to a unit, with a day."""
    first, second, _ = yard.issues
    for issue in (first, second):
        yard.desk.do(SettleConsensus(issue.id, "照此办理", Method.NO_OBJECTION))
    yard.desk.do(AssignAction(yard.sitting_id, "钉桩"))
    paid = next(one.id for one in yard.all(Consensus) if one.issue_id == second.id)
    given = {"unit_name": "乡自然资源所", "due_on": date(2026, 4, 30), "consensus_id": paid}
    changes = yard.desk.do(AssignAction(yard.sitting_id, "修 15 米挡墙", **given)).changes
    return next(change.record_id for change in changes if change.kind == "action")


def form(yard, task):
    return yard.desk.ask(feedback_form, PRACTICES, task)


def record(yard, task):
    return yard.desk.ask(revisit_record, PRACTICES, task)


def test_the_form_says_what_was_given_to_whom_and_until_when(yard, wall):
    told = form(yard, wall)

    assert told.task == "第2项　修15米挡墙"
    assert told.matter == "2026年3月30日，石墙协商"
    assert (told.unit, told.due, told.consensus) == ("乡自然资源所", "2026年4月30日", "二、谁出资")
    assert told.title == "石墙协商任务2办理反馈（答复）表"


def test_what_was_done_is_told_day_by_day_from_the_first(yard, wall, desk_clock):
    yard.desk.do(NoteProgress(wall, "放线了"))
    desk_clock.moment += timedelta(days=3)
    yard.desk.do(NoteProgress(wall, "下雨停工", ActionStage.BLOCKED))

    assert form(yard, wall).process.splitlines() == ["2026年3月30日　放线了", "2026年4月2日　下雨停工（受阻）"]


def test_only_a_task_that_is_done_or_planned_has_its_grade_ticked(yard, wall):
    assert TICKED not in form(yard, wall).result
    assert form(yard, wall).result.count(BOX) == 4

    yard.desk.do(NoteProgress(wall, "列入明年", ActionStage.LONG_TERM))
    assert f"{TICKED} C" in form(yard, wall).result

    yard.desk.do(FinishAction(wall, "修好了"))
    assert f"{TICKED} A" in form(yard, wall).result


def test_what_the_unit_has_to_say_is_left_to_it(yard, wall):
    assert (form(yard, wall).proof, form(yard, wall).plans) == ("", "")


def test_before_anybody_went_the_record_is_a_sheet_to_take_along(yard, wall):
    (blank,) = record(yard, wall).rounds

    assert (blank.day, blank.by, blank.households, set(blank.answers)) == ("", "", "", {""})


def test_every_round_is_on_the_record_from_the_first_with_who_went(yard, wall, desk_clock):
    yard.desk.do(FinishAction(wall, "修好了"))
    yard.desk.do(RecordRevisit(action_id=wall, very_satisfied=2, satisfied=1, dissatisfied=1, text="水沟没清"))
    desk_clock.moment += timedelta(days=30)
    yard.desk.do(RecordRevisit(yard.sitting.consultation_id, very_satisfied=12))

    first, second = record(yard, wall).rounds
    assert (first.by, first.about, first.households, first.rate) == ("示例干部", "这一项任务", "4", "75%")
    assert first.answers == ("2", "1", "0", "1", "0")
    assert first.text == "水沟没清。"
    assert (second.about, second.households) == ("整场协商", "12")


def test_the_record_says_what_was_agreed_and_how_it_stands(yard, wall):
    yard.desk.do(FinishAction(wall, "修好了"))
    told = record(yard, wall)

    assert told.reason == "2026年3月30日协商“石墙协商”定下的第2项任务：修15米挡墙。"
    assert "承办单位：乡自然资源所" in told.state
    assert "已销号，2026年3月30日办完" in told.state
    assert told.state.endswith("修好了。")


@pytest.mark.parametrize("paper", [form, record])
def test_there_is_none_of_a_task_nobody_knows(yard, paper):
    with pytest.raises(Missing):
        paper(yard, "nowhere")
