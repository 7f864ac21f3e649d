"""The questions behind home page, topics and calling: what is under way, what is found, what is carried over."""

from datetime import date, datetime, timedelta

import pytest

from app.commands.action import AssignAction
from app.commands.attendance import CheckIn
from app.commands.people import NameHamlet
from app.commands.sitting import CallSitting, CloseSitting, OpenSitting, SignConsultation
from app.commands.statement import RecordStatement
from app.commands.topic import AdvanceTopic, BinTopics, MergeTopics, RaiseTopic, TakeTopicOn, TurnTopicAway
from app.domain.errors import StageForbids
from app.domain.topic import Topic, TopicStage
from app.queries.overview import overview
from app.queries.topic import carried_over, topic_life, topic_pool
from tests.world import BEIJING, World

NOW = datetime(2026, 3, 30, 8, 42, tzinfo=BEIJING)
VILLAGE, OTHER = "532622202001", "532622202002"


@pytest.fixture
def world(tmp_path):
    laptop = World(tmp_path / "home")
    laptop.clock.at = NOW
    yield laptop
    laptop.close()


def raise_topic(world, title, village=VILLAGE):
    return world.made(world.desk.do(RaiseTopic(title, village)), "topic")


def call(world, title="挡墙协商", village=VILLAGE, **more):
    return world.made(world.desk.do(CallSitting(title, (village,), **more)), "sitting")


def test_the_meeting_under_way_tells_how_much_of_it_is_kept(world):
    sitting = call(world)
    world.desk.do(OpenSitting(sitting))
    world.clock.passes(minutes=30)
    world.desk.do(RecordStatement(sitting, "墙是我家的"))

    resume = world.desk.ask(overview, world.clock.at).resume

    assert (resume.plan.sitting.id, resume.statements) == (sitting, 1)
    assert resume.last_at == NOW + timedelta(minutes=30)


def test_of_two_meetings_under_way_the_one_opened_last_is_gone_on_with(world):
    first, second = call(world), call(world)
    world.desk.do(OpenSitting(second))
    world.clock.passes(minutes=5)
    world.desk.do(OpenSitting(first))

    assert world.desk.ask(overview, world.clock.at).resume.plan.sitting.id == first


def test_a_meeting_that_ended_counts_what_it_still_lacks(world):
    sitting = call(world, issues=("谁出资", "谁来砌"))
    world.desk.do(OpenSitting(sitting))
    world.desk.do(AssignAction(sitting, "砌墙", due_on=date(2026, 4, 30)))
    world.desk.do(CloseSitting(sitting))

    (left,) = world.desk.ask(overview, world.clock.at).unfinished

    assert (left.unsettled, left.without_unit, left.without_day) == (2, 1, 0)


def test_a_meeting_under_way_is_offered_whatever_the_clock_says(world):
    sitting = call(world)
    world.desk.do(OpenSitting(sitting))

    for years in (-20, 20):
        moved = NOW + timedelta(days=365 * years)
        assert world.desk.ask(overview, moved).resume.plan.sitting.id == sitting


def test_a_meeting_five_months_ahead_stands_among_those_to_come(world):
    sitting = call(world, starts_at=NOW + timedelta(days=158))

    assert [plan.sitting.id for plan in world.desk.ask(overview, NOW).ahead] == [sitting]


def test_a_signed_meeting_is_unfinished_no_more(world):
    signed, waiting = call(world, "修路协商"), call(world, "挡墙协商")
    for sitting in (signed, waiting):
        world.desk.do(OpenSitting(sitting))
        world.desk.do(CloseSitting(sitting))
    world.desk.do(SignConsultation(signed))

    assert [one.plan.sitting.id for one in world.desk.ask(overview, NOW).unfinished] == [waiting]


def test_the_year_is_counted_by_what_was_approved_and_held(world):
    topic = raise_topic(world, "挡墙")
    world.desk.do(TakeTopicOn((topic,)))
    world.desk.do(TakeTopicOn((topic,)))
    raise_topic(world, "路灯")
    world.desk.do(OpenSitting(call(world)))

    found = world.desk.ask(overview, NOW)

    assert (found.topics, found.planned_this_year, found.held_this_year) == (2, 1, 1)


def test_a_topic_goes_on_to_approval_and_no_further_without_a_meeting(world):
    topic = raise_topic(world, "挡墙")
    for stage in (TopicStage.SCREENED, TopicStage.APPROVED):
        world.desk.do(TakeTopicOn((topic,)))
        assert world.desk.ask(lambda shelf: shelf.get(Topic, topic)).stage == stage

    with pytest.raises(StageForbids):
        world.desk.do(TakeTopicOn((topic,)))


def test_a_deferred_topic_begins_again(world):
    topic = raise_topic(world, "挡墙")
    world.desk.do(TurnTopicAway(topic, TopicStage.DEFERRED, "等测量"))

    world.desk.do(TakeTopicOn((topic,)))

    assert world.desk.ask(lambda shelf: shelf.get(Topic, topic)).stage == TopicStage.RAISED


def test_several_topics_go_to_the_bin_together_and_come_back_together(world):
    topics = (raise_topic(world, "挡墙"), raise_topic(world, "路灯"))
    world.desk.do(BinTopics(topics))
    assert world.desk.ask(lambda shelf: shelf.all(Topic)) == []

    world.desk.undo()

    assert len(world.desk.ask(lambda shelf: shelf.all(Topic))) == 2


def test_a_topic_somebody_will_meet_about_stays(world):
    topic = raise_topic(world, "挡墙")
    call(world, topic_id=topic)

    with pytest.raises(StageForbids, match="不能放进回收站"):
        world.desk.do(BinTopics((topic,)))


def test_the_pool_keeps_up_with_every_act_without_asking_again(world):
    first = raise_topic(world, "挡墙怎么分摊")
    pool = world.desk.ask(topic_pool)
    raised = world.desk.do(RaiseTopic("路灯不亮", VILLAGE))
    second = world.made(raised, "topic")

    assert pool.take(raised)
    assert [one.topic.id for one in pool.find("")] == [second, first]
    assert pool.take(world.desk.do(MergeTopics(first, (second,))))
    assert [one.topic.id for one in pool.find("")] == [first]
    assert pool.find("ld") == []
    assert pool.take(world.desk.undo())
    assert pool.find("ld")[0].positions == (0, 1)
    assert not pool.take(world.desk.do(CallSitting("别的事")))


def test_a_life_tells_who_came_and_what_was_done(world):
    topic = raise_topic(world, "挡墙")
    sitting = call(world, topic_id=topic)
    world.desk.do(OpenSitting(sitting))
    for person in world.villagers(3):
        world.desk.do(CheckIn(sitting, person))
    world.desk.do(AssignAction(sitting, "砌墙", due_on=date(2026, 3, 29)))

    (held,) = world.desk.ask(topic_life, topic).held

    assert (held.came, held.done(), held.overdue(NOW.date())) == (3, 0, 1)


def test_all_that_a_village_left_open_comes_along_and_nothing_of_others(world):
    topics = [raise_topic(world, f"第 {number} 件") for number in range(12)]
    world.desk.do(AdvanceTopic(topics[0], TopicStage.SETTLED))
    raise_topic(world, "别村的事", OTHER)
    sitting = call(world, venue="李某丁家院坝")
    world.desk.do(OpenSitting(sitting))
    person = world.villager("赵某甲")
    world.desk.do(CheckIn(sitting, person))
    late = world.made(world.desk.do(AssignAction(sitting, "公约上墙", due_on=date(2026, 3, 29))), "action")
    world.desk.do(AssignAction(call(world, village=OTHER), "别村的任务", due_on=date(2026, 3, 1)))
    world.desk.do(NameHamlet(VILLAGE, "大寨子"))

    found = world.desk.ask(carried_over, VILLAGE, NOW.date())

    assert {topic.id for topic in found.topics} == set(topics[1:])
    assert [action.id for action in found.overdue] == [late]
    assert (found.hamlets, found.came_last, found.last_venue) == (("大寨子",), (person,), "李某丁家院坝")


def test_no_village_carries_nothing(world):
    raise_topic(world, "挡墙", "")

    assert world.desk.ask(carried_over, "", NOW.date()).topics == ()
