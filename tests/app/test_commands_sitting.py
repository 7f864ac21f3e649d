"""Calling a meeting, opening it, closing it, putting it off and going on another day."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.commands.action import AssignAction
from app.commands.attendance import CheckIn
from app.commands.consensus import SettleConsensus
from app.commands.issue import AmendIssue, DropIssue, RaiseIssue, TakeUpIssue
from app.commands.sitting import (
    AmendSitting,
    CallNextSitting,
    CallSitting,
    CloseSitting,
    MoveStage,
    OpenSitting,
    PostponeSitting,
    ReopenSitting,
)
from app.commands.statement import AmendStatement, RecordStatement, RemoveStatement
from app.commands.topic import AdvanceTopic, AmendTopic, MergeTopics, RaiseTopic, TurnTopicAway
from app.domain.attendance import Attendance
from app.domain.consensus import Method, Result
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.errors import AlreadySettled, IdNumberRefused, Incomplete, Missing, StageForbids
from app.domain.issue import Issue
from app.domain.sitting import Sitting, SittingStage
from app.domain.statement import Statement, StatementKind
from app.domain.topic import Topic, TopicStage
from app.ports import Is
from app.queries.people import register
from app.queries.sitting import live_sitting
from tests.world import NAMES, World

ID_NUMBER = "11010119900307" + "7870"


def test_a_meeting_is_called_with_all_it_needs_as_one_act(yard):
    assert [issue.title for issue in yard.issues] == ["地界怎么认", "谁出资", "水往哪排"]
    assert [issue.number for issue in yard.issues] == [1, 2, 3]
    assert len(yard.all(Attendance)) == 7
    assert all(guest.invited for guest in yard.all(Attendance))


def test_a_meeting_without_a_title_is_not_called(yard):
    with pytest.raises(Incomplete, match="会叫什么还没写"):
        yard.desk.do(CallSitting("   "))


def test_calling_about_a_topic_moves_the_topic_on(yard):
    topic = yard.made(RaiseTopic("挡墙谁来修", "532627208204"))

    yard.desk.do(CallSitting("挡墙协商", topic_id=topic))

    assert yard.get(Topic, topic).stage == TopicStage.IN_CONSULTATION


def test_opening_starts_the_clock_once_and_takes_the_first_issue_up(yard):
    opened = yard.sitting

    assert opened.stage == SittingStage.RAISE
    assert opened.current_issue_id == yard.issues[0].id
    assert yard.get(Consultation, opened.consultation_id).stage == ConsultationStage.IN_SESSION
    assert not yard.desk.do(OpenSitting(opened.id))


def test_the_stage_can_be_moved_forward_and_back(yard):
    yard.desk.do(MoveStage(yard.sitting_id, SittingStage.SETTLE))
    yard.desk.do(MoveStage(yard.sitting_id, SittingStage.DISCUSS))

    assert yard.sitting.stage == SittingStage.DISCUSS


def test_the_frame_is_amended_field_by_field(yard):
    yard.desk.do(AmendSitting(yard.sitting_id, title="石墙挡墙协商", venue="李某丁家院坝", expected=32))

    assert (yard.sitting.venue, yard.sitting.expected) == ("李某丁家院坝", 32)
    assert yard.get(Consultation, yard.sitting.consultation_id).title == "石墙挡墙协商"


def test_a_closed_meeting_takes_nothing_more_until_it_is_reopened(yard):
    yard.desk.do(CloseSitting(yard.sitting_id))

    assert yard.get(Consultation, yard.sitting.consultation_id).stage == ConsultationStage.CONCLUDED
    with pytest.raises(StageForbids, match="会已经结了"):
        yard.desk.do(RecordStatement(yard.sitting_id, "还有一句"))
    yard.desk.do(ReopenSitting(yard.sitting_id))
    yard.desk.do(RecordStatement(yard.sitting_id, "还有一句"))
    assert yard.sitting.is_open()


def test_a_meeting_is_put_off_with_a_reason_and_goes_on_another_day_with_what_is_open(yard, desk_clock):
    yard.desk.do(SettleConsensus(yard.issues[0].id, "以确权图为准", Method.NO_OBJECTION))
    yard.desk.do(SettleConsensus(yard.issues[1].id, "", Method.HOST_SUMMARY, result=Result.DEFERRED))
    with pytest.raises(Incomplete):
        yard.desk.do(PostponeSitting(yard.sitting_id, " "))
    yard.desk.do(PostponeSitting(yard.sitting_id, "停电"))

    yard.desk.do(CallNextSitting(yard.sitting_id, desk_clock.moment + timedelta(days=7)))

    first, second = yard.all(Sitting, order="ordinal")
    assert yard.get(Consultation, first.consultation_id).reason == "停电"
    assert not first.is_open()
    assert (second.ordinal, second.is_open()) == (2, True)
    carried = yard.all(Issue, Is("sitting_id", second.id), order="number")
    assert [issue.title for issue in carried] == ["谁出资", "水往哪排"]
    assert len(yard.all(Attendance, Is("sitting_id", second.id))) == 7


def test_issues_are_raised_taken_up_renamed_and_dropped_with_their_statements_set_free(yard):
    fourth = yard.made(RaiseIssue(yard.sitting_id, "路灯谁来管"))
    yard.desk.do(TakeUpIssue(fourth))
    yard.desk.do(AmendIssue(fourth, "路灯坏了谁修"))
    said = yard.made(RecordStatement(yard.sitting_id, "坏了九盏", issue_id=fourth))

    yard.desk.do(DropIssue(fourth))

    assert [issue.number for issue in yard.issues] == [1, 2, 3]
    assert yard.get(Statement, said).issue_id is None
    yard.desk.undo()
    assert yard.issues[3].title == "路灯坏了谁修"
    assert yard.get(Statement, said).issue_id == fourth


def test_an_issue_that_is_settled_is_not_dropped(yard):
    yard.desk.do(SettleConsensus(yard.issues[0].id, "以确权图为准", Method.NO_OBJECTION))

    with pytest.raises(AlreadySettled, match="已经定了共识"):
        yard.desk.do(DropIssue(yard.issues[0].id))


def test_statements_are_numbered_mended_and_removed_and_their_numbers_not_used_again(yard):
    first = yard.made(RecordStatement(yard.sitting_id, "土滑下来两回", yard.people["赵某甲"], StatementKind.CLAIM))
    second = yard.made(RecordStatement(yard.sitting_id, "怕砌出去两尺"))
    yard.desk.do(RemoveStatement(first))
    third = yard.made(RecordStatement(yard.sitting_id, "先量再砌"))

    assert [yard.get(Statement, one).number for one in (second, third)] == [2, 3]
    assert yard.get(Statement, second).speaker_id is None
    with pytest.raises(Missing):
        yard.get(Statement, first)


def test_the_first_statement_to_an_issue_moves_the_evening_on(yard):
    yard.desk.do(RecordStatement(yard.sitting_id, "大家好"))
    assert yard.sitting.stage == SittingStage.RAISE

    yard.desk.do(RecordStatement(yard.sitting_id, "先量再砌", issue_id=yard.issues[0].id))
    assert yard.sitting.stage == SittingStage.DISCUSS


@pytest.mark.parametrize(("text", "refusal"), [("  ", Incomplete), (f"他的号是{ID_NUMBER}", IdNumberRefused)])
def test_an_empty_statement_or_an_identity_number_is_refused_and_changes_nothing(yard, text, refusal):
    said = yard.made(RecordStatement(yard.sitting_id, "先量再砌"))

    with pytest.raises(refusal):
        yard.desk.do(RecordStatement(yard.sitting_id, text))
    with pytest.raises(refusal):
        yard.desk.do(AmendStatement(replace(yard.get(Statement, said), text=text)))

    assert [one.text for one in yard.all(Statement)] == ["先量再砌"]


def test_a_topic_goes_its_way_and_leaves_only_with_a_reason(yard, desk_clock):
    topic = yard.made(RaiseTopic("挡墙谁来修", "532627208204", "赵某甲"))
    yard.desk.do(AdvanceTopic(topic, TopicStage.SCREENED))
    yard.desk.do(AmendTopic(topic, summary="滑过两回"))

    with pytest.raises(Incomplete, match="要写一句理由"):
        yard.desk.do(TurnTopicAway(topic, TopicStage.DECLINED, " "))
    yard.desk.do(TurnTopicAway(topic, TopicStage.DECLINED, "属于家事，先请调解员"))

    left = yard.get(Topic, topic)
    assert (left.stage, left.reason, left.summary) == (TopicStage.DECLINED, "属于家事，先请调解员", "滑过两回")
    assert left.screened_on == desk_clock.moment.date()
    assert left.step() is None


def test_topics_are_merged_and_the_others_kept_as_its_sources(yard):
    into, one, two = (yard.made(RaiseTopic(title)) for title in ("办客", "礼钱", "席面"))

    yard.desk.do(MergeTopics(into, (into, one, two)))

    merged = yard.all(Topic, Is("merged_into", into))
    assert [topic.title for topic in merged] == ["礼钱", "席面"]
    with pytest.raises(Incomplete):
        yard.desk.do(MergeTopics(into, (into,)))


def test_a_meeting_nobody_called_is_told_as_missing(yard):
    with pytest.raises(Missing, match="找不到"):
        yard.desk.do(AssignAction("0" * 32, "修墙"))


def test_who_comes_in_the_same_moment_stands_in_the_order_of_the_register(tmp_path):
    world = World(tmp_path)
    people = [world.villager(name) for name in NAMES]
    sitting = world.sitting("挡墙谁出资")
    for person in people:
        world.desk.do(CheckIn(sitting, person))

    live = world.desk.ask(live_sitting, sitting, world.desk.ask(register))

    assert [one.person_id for one in live.came()] == people
    assert [one.person_id for one in live.here()] == people[::-1]
    world.close()
