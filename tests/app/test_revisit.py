"""Somebody goes back to the households: what they say is counted, what displeases is written, the topic moves on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands.action import AssignAction, FinishAction
from app.commands.revisit import RecordRevisit, ReviseRevisit
from app.commands.sitting import CallSitting
from app.commands.topic import AdvanceTopic, RaiseTopic
from app.domain.action import Action
from app.domain.errors import IdNumberRefused, Incomplete, Missing, StageForbids
from app.domain.practice import Deadlines
from app.domain.revisit import ANSWERS, Revisit, share, told, total
from app.domain.sitting import Sitting
from app.domain.topic import LIFE, Topic, TopicStage
from app.queries.action import board, story
from app.queries.revisit import due_revisits, revisits_about, revisits_of

DAY = date(2026, 5, 18)
TWELVE = Revisit("r1", "c1", DAY, None, 4, 6, 1, 1, 0, "自家没办，亲戚照样来要礼")


@pytest.fixture
def topic_id(yard):
    return yard.made(RaiseTopic("老墙滑坡", "532627208204"))


@pytest.fixture
def wall(yard, topic_id):
    """A task that was done, of a meeting about a topic."""
    yard.desk.do(CallSitting("挡墙协商", ("532627208204",), topic_id=topic_id))
    sitting = yard.all(Sitting)[-1]
    task_id = yard.made(AssignAction(sitting.id, "修 15 米挡墙", due_on=date(2026, 4, 30)))
    yard.desk.do(FinishAction(task_id, "墙砌好了"))
    return yard.get(Action, task_id)


def stage(yard, topic_id):
    return yard.get(Topic, topic_id).stage


def test_households_are_those_of_all_five_answers():
    assert TWELVE.households() == 12
    assert TWELVE.answers() == tuple(getattr(TWELVE, name) for name in ANSWERS)
    assert total([TWELVE, replace(TWELVE, unsure=3)]) == (8, 12, 2, 2, 3)
    assert total([]) == (0, 0, 0, 0, 0)


def test_the_share_is_whole_per_cent_and_says_a_hundred_only_of_all():
    assert TWELVE.satisfied_share() == 83
    assert share(199, 200) == 99
    assert share(200, 200) == 100
    assert Revisit("r", "c", DAY).satisfied_share() is None


@given(st.integers(0, 30_000))
def test_a_told_count_is_near_and_leaves_at_least_three_numbers_open(count):
    assert abs(told(count) - count) <= 2
    assert len([one for one in range(max(0, count - 5), count + 6) if told(one) == told(count)]) >= 3


@given(st.tuples(*[st.integers(0, 40)] * len(ANSWERS)))
def test_a_round_is_told_answer_by_answer_and_told_again_the_same(answers):
    one = Revisit("r1", "c1", DAY, None, *answers)

    assert one.as_told().answers() == tuple(map(told, answers))
    assert one.as_told().as_told() == one.as_told()


def test_below_ten_households_are_few():
    assert not replace(TWELVE, very_satisfied=2).is_few()
    assert replace(TWELVE, very_satisfied=1).is_few()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"very_satisfied": 0, "satisfied": 0, "fair": 0, "dissatisfied": 0}, "走了几户还没写"),
        ({"unsure": -1}, "户数不能比 0 少"),
        ({"text": " "}, "有 1 户不满意，他们怎么说，写一句"),
    ],
)
def test_a_round_that_says_nothing_or_passes_over_what_displeases_is_refused(wrong, sentence):
    with pytest.raises(Incomplete, match=sentence):
        replace(TWELVE, **wrong).check()


def test_nobody_dissatisfied_needs_no_sentence_and_no_sentence_holds_an_identity_number():
    replace(TWELVE, dissatisfied=0, text="").check()
    with pytest.raises(IdNumberRefused):
        replace(TWELVE, text="11010519491231002X 家不满意").check()


def test_a_revisit_of_a_task_is_of_its_consultation_today_and_by_whoever_is_at_the_keys(yard, wall, desk_clock):
    changes = yard.desk.do(RecordRevisit(action_id=wall.id, very_satisfied=2))

    (revisit,) = yard.all(Revisit)
    assert (revisit.action_id, revisit.consultation_id) == (wall.id, wall.consultation_id)
    assert (revisit.visited_on, revisit.by) == (desk_clock.moment.date(), "示例干部")
    assert changes.title == "记回访 修 15 米挡墙"


def test_a_revisit_may_be_of_the_whole_consultation(yard, wall):
    yard.desk.do(RecordRevisit(wall.consultation_id, satisfied=11, fair=1, by="王某辛", text=" 路好走了 "))

    (revisit,) = yard.all(Revisit)
    assert (revisit.action_id, revisit.by, revisit.text) == (None, "王某辛", "路好走了")


def test_what_is_refused_writes_nothing(yard, wall):
    refused = (
        (Incomplete, RecordRevisit(action_id=wall.id)),
        (Incomplete, RecordRevisit(action_id=wall.id, dissatisfied=1)),
        (StageForbids, RecordRevisit(action_id=wall.id, satisfied=1, visited_on=date(2026, 3, 31))),
        (Missing, RecordRevisit(action_id="0" * 32, satisfied=1)),
        (Missing, RecordRevisit(satisfied=1)),
    )

    for trouble, command in refused:
        with pytest.raises(trouble):
            yard.desk.do(command)
    assert yard.all(Revisit) == []


@pytest.mark.parametrize("before", [TopicStage.IN_CONSULTATION, TopicStage.IN_HAND])
def test_a_topic_in_hand_is_revisited_in_the_same_act_and_back_again_with_undo(yard, topic_id, wall, before):
    yard.desk.do(AdvanceTopic(topic_id, before))
    yard.desk.do(RecordRevisit(action_id=wall.id, satisfied=2))
    assert stage(yard, topic_id) == TopicStage.REVISITED

    taken_back = yard.desk.undo()
    assert taken_back.title == "撤销 记回访 修 15 米挡墙"
    assert (stage(yard, topic_id), yard.all(Revisit)) == (before, [])
    yard.desk.redo()
    assert stage(yard, topic_id) == TopicStage.REVISITED
    assert yard.all(Revisit)[0].satisfied == 2


def test_a_revisit_never_takes_a_topic_back_or_off_a_side_exit(yard, topic_id, wall):
    for there in sorted((set(TopicStage) - set(LIFE)) | {TopicStage.REVISITED, TopicStage.SETTLED}):
        yard.desk.do(AdvanceTopic(topic_id, there))
        yard.desk.do(RecordRevisit(action_id=wall.id, satisfied=2))
        assert stage(yard, topic_id) == there


def test_a_consultation_without_a_topic_can_be_revisited_too(yard):
    yard.desk.do(RecordRevisit(yard.sitting.consultation_id, satisfied=2))

    assert yard.all(Revisit)[0].households() == 2


def test_a_revisit_written_down_wrong_is_mended_and_stays_about_the_same(yard, wall):
    yard.desk.do(RecordRevisit(action_id=wall.id, satisfied=2))
    (before,) = yard.all(Revisit)
    wrong = replace(before, satisfied=1, dissatisfied=1, text="墙脚漏水", action_id=None, consultation_id="other")

    changes = yard.desk.do(ReviseRevisit(wrong))

    (after,) = yard.all(Revisit)
    assert after == replace(before, satisfied=1, dissatisfied=1, text="墙脚漏水")
    assert changes.title == "改回访 修 15 米挡墙"
    with pytest.raises(Incomplete):
        yard.desk.do(ReviseRevisit(replace(after, text="")))
    yard.desk.undo()
    assert yard.all(Revisit) == [before]


def test_a_task_shows_its_own_revisits_and_those_of_the_whole_the_latest_day_first(yard, wall):
    other = yard.made(AssignAction(wall.sitting_id, "栽界桩"))
    yard.desk.do(RecordRevisit(action_id=wall.id, satisfied=1, visited_on=date(2026, 3, 28)))
    yard.desk.do(RecordRevisit(wall.consultation_id, satisfied=2, visited_on=date(2026, 3, 30)))
    yard.desk.do(RecordRevisit(action_id=other, satisfied=3, visited_on=date(2026, 3, 29)))

    assert [one.satisfied for one in yard.desk.ask(revisits_about, wall)] == [2, 1]
    assert [one.satisfied for one in yard.desk.ask(story, wall.id).revisits] == [2, 1]
    assert [one.satisfied for one in yard.desk.ask(revisits_of, wall.consultation_id)] == [2, 3, 1]


def due_on(held, days, deadlines=None):
    """Return what is due so many days after the task was done."""
    today = date(2026, 3, 30) + timedelta(days=days)
    told = deadlines or Deadlines()
    found = due_revisits(held.actions.values(), held.revisits.values(), today, lambda _: told)
    return [(due.action.text, due.due_on, due.is_second) for due in found]


def test_three_and_twelve_months_after_it_was_done_a_task_waits_for_a_revisit(yard, wall):
    yard.desk.do(AssignAction(wall.sitting_id, "栽界桩"))
    held = yard.desk.ask(board)

    assert due_on(held, 91) == []
    assert due_on(held, 92) == [("修 15 米挡墙", date(2026, 6, 30), False)]
    held.take(yard.desk.do(RecordRevisit(action_id=wall.id, satisfied=2)))
    assert due_on(held, 300) == []
    assert due_on(held, 365) == [("修 15 米挡墙", date(2027, 3, 30), True)]
    assert due_on(held, 365, Deadlines(second_revisit_months=0)) == []
    held.take(yard.desk.undo())
    assert due_on(held, 92) == [("修 15 米挡墙", date(2026, 6, 30), False)]


def test_two_rounds_on_one_day_are_one_and_a_round_before_the_work_was_done_is_none(yard, wall):
    for day in (30, 30, 29):
        yard.desk.do(RecordRevisit(wall.consultation_id, satisfied=2, visited_on=date(2026, 3, day)))
    held = yard.desk.ask(board)

    assert wall.done_on == date(2026, 3, 30)
    assert [second for _, _, second in due_on(held, 365)] == [True]
    assert due_on(held, 364) == []
