"""议题审批表: what a topic knows stands on its form; whoever has to agree finds room to write and sign."""

from datetime import date, datetime

import pytest

from app.commands.sitting import CallSitting
from app.commands.topic import MergeTopics, RaiseTopic, TakeTopicOn
from app.domain.errors import Missing
from app.domain.place import Places
from app.domain.practice import read_practices
from app.queries.paper_approval import approval_form
from resources import practices
from tests.world import BEIJING

PLACES = Places(
    "532627\t示例县\n532627208\t五珠乡\n532627208204\t老厂村委会\n"
    "530103\t示例区\n530103002\t桃源街道办事处\n530103002001\t桃源社区居委会\n"
)
PRACTICES = read_practices(practices())


def form(yard, topic):
    return yard.desk.ask(approval_form, PLACES, PRACTICES, topic)


@pytest.fixture
def wall(yard):
    return yard.made(
        RaiseTopic("老墙滑坡怎么修", "532627208204", "赵某甲", category="DISPUTE", summary="雨季压了下边一家的院子")
    )


def test_the_form_knows_what_was_noted_and_nobody_types_it_again(yard, wall):
    told = form(yard, wall)

    assert (told.topic, told.origin, told.category) == ("老墙滑坡怎么修", "群众反映", "矛盾纠纷")
    assert (told.raised, told.where) == ("2026年3月30日", "五珠乡老厂村")
    assert told.situation == "雨季压了下边一家的院子。"
    assert told.title == "老墙滑坡怎么修议题审批表"


def test_nobody_has_said_anything_before_they_write_it(yard, wall):
    told = form(yard, wall)

    assert [label.replace("\n", "") for label, _ in told.opinions] == [
        "五珠乡党委意见",
        "县政协专委会意见",
        "县政协主席会议意见",
        "县委意见（重大议题）",
    ]
    assert {text for _, text in told.opinions} == {""}
    assert told.approved.split() == ["年", "月", "日"]


def test_a_street_of_a_city_calls_its_offices_by_their_own_names(yard):
    topic = yard.made(RaiseTopic("雨污分流", "530103002001"))

    heads = [label.replace("\n", "") for label, _ in form(yard, topic).opinions]

    assert heads[0].endswith("党工委意见")
    assert heads[1:] == ["区政协专委会意见", "区政协主席会议意见", "区委意见（重大议题）"]


def test_once_approved_the_day_stands_on_it(yard, wall):
    yard.desk.do(TakeTopicOn((wall,)))
    yard.desk.do(TakeTopicOn((wall,)))

    assert form(yard, wall).approved == "2026年3月30日"


def test_a_meeting_that_was_called_says_when_and_where_and_who_is_asked_and_names_no_villager(yard, wall):
    yard.desk.do(
        CallSitting(
            "老墙协商",
            ("532627208204",),
            topic_id=wall,
            venue="李家院坝",
            starts_at=datetime(2026, 4, 2, 19, 30, tzinfo=BEIJING),
            invited=tuple(yard.people.values()),
        )
    )
    told = form(yard, wall)

    assert told.planned == "2026年4月2日19时30分\n五珠乡老厂村李家院坝"
    assert told.asked == "村民7人。"
    assert told.head == "院坝协商议题审批表"


def test_what_was_merged_into_it_is_told_with_it(yard, wall):
    other = yard.made(RaiseTopic("下边那家的院子被压了", "532627208204"))
    yard.desk.do(MergeTopics(wall, (wall, other)))

    assert form(yard, wall).situation.endswith("另有1条相同的议题并入：下边那家的院子被压了。")


def test_a_topic_of_which_only_three_things_are_known_has_room_for_the_rest(yard):
    told = form(yard, yard.made(RaiseTopic("修路")))

    assert (told.where, told.situation, told.planned, told.asked) == ("", "", "", "")
    assert told.opinions[0][0] == "乡镇\n党委意见"
    assert told.raised == f"{date(2026, 3, 30):%Y年}3月30日"


def test_there_is_no_form_of_a_topic_nobody_knows(yard):
    with pytest.raises(Missing):
        form(yard, "nowhere")
