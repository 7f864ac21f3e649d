"""Calling a meeting: in ten seconds with two keys, or with everything filled in beforehand."""

from datetime import date, datetime, time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.commands.action import AssignAction
from app.commands.attendance import CheckIn
from app.commands.people import NameHamlet
from app.commands.sitting import CallSitting, OpenSitting
from app.commands.topic import RaiseTopic
from app.domain.attendance import Attendance
from app.domain.consultation import Consultation
from app.domain.hamlet import Hamlet
from app.domain.issue import Issue
from app.domain.sitting import QuorumBase, QuorumRule, Sitting
from app.domain.topic import Topic, TopicStage
from app.ports import Is
from tests.hands import Hands
from tests.world import BEIJING, NAMES
from ui.consultation.call_form import read_time
from ui.consultation.call_page import CallPage

TOWNSHIP = "532622202"


@pytest.fixture
def spring(world):
    world.clock.at = datetime(2026, 3, 30, 8, 42, tzinfo=BEIJING)
    return world


@pytest.fixture
def village(spring):
    """The village of this story: its code; 15 people live there."""
    place = spring.room().places.children(TOWNSHIP)[0]
    for name in NAMES:
        spring.villager(name, village_code=place.code)
    spring.desk.jot({"here/place": TOWNSHIP, "here/village": place.code, "me/name": "示例干部"})
    return place


@pytest.fixture
def room(spring, village):
    standing = spring.room()
    yield standing
    standing.tasks.finish()


@pytest.fixture
def page(qtbot, room):
    made = CallPage(room)
    made.went = []
    room.went.connect(lambda name, record_id: made.went.append((name, record_id)))
    qtbot.addWidget(made)
    made.resize(1198, 694)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def hands(page):
    return Hands(page)


def only(world, kind):
    found = world.desk.ask(lambda shelf: shelf.all(kind))
    assert len(found) == 1
    return found[0]


def all_of(world, kind, *where):
    return world.desk.ask(lambda shelf: shelf.all(kind, *where))


def test_a_meeting_begins_now_with_two_keys(spring, village, page, hands):
    page.enter("now")
    hands.press("↵↵")

    consultation, sitting = only(spring, Consultation), only(spring, Sitting)
    assert consultation.title == f"{village.display_name}院坝协商会"
    assert consultation.place_codes == (village.code,)
    assert (sitting.recorder, sitting.starts_at) == ("示例干部", spring.clock.at)
    assert (sitting.quorum_rule, sitting.quorum_base) == (QuorumRule.HALF, QuorumBase.PERSONS)
    assert page.went == [("desk", sitting.id)]
    assert hands.keys == 2


def test_now_asks_for_nothing_but_title_and_village(page):
    page.enter("now")

    assert [field for field in page.form.order if field.isVisible()] == [page.form.title, page.form.village]


def test_another_village_is_picked_by_initials_and_remembered(spring, page, hands, room):
    other = room.places.children(TOWNSHIP)[2]
    page.enter("now")
    hands.say("修路的事")
    hands.press("↵")
    hands.say(other.display_name)
    hands.press("↵")

    assert only(spring, Consultation).place_codes == (other.code,)
    assert room.jotted("here/village") == other.code


def test_a_village_nobody_knows_is_told_in_its_field(spring, page, hands):
    page.enter("now")
    hands.press("↵")
    hands.say("没有这个村")
    hands.press("↵")

    assert "没有“没有这个村”" in page.form.village.note.words.text()
    assert all_of(spring, Sitting) == []


def test_everything_is_filled_in_by_keys(spring, village, page, hands):
    page.enter()
    hands.say("挡墙协商")
    hands.press("↵↵")
    hands.say("李某丁家院坝")
    hands.press("↵")
    hands.say("大寨子")
    hands.press("↵402↵1500↵wmx↵↵↵32↵↵")
    for issue in ("挡墙谁出资", "界线怎么走"):
        hands.say(issue)
        hands.press("↵")
    hands.press("↵zmj↵qmy↵")
    hands.chord(Qt.Key.Key_Return, ctrl=True)

    consultation, sitting = only(spring, Consultation), only(spring, Sitting)
    names = {person.id: person.name for person in page.room.register.standing()}
    assert (consultation.title, consultation.hamlet, consultation.practice) == ("挡墙协商", "大寨子", "yuanba")
    assert (sitting.venue, sitting.expected) == ("李某丁家院坝", 32)
    assert names[sitting.host_id] == "王某辛"
    assert sitting.starts_at == datetime(2026, 4, 2, 15, 0, tzinfo=BEIJING)
    assert [issue.title for issue in all_of(spring, Issue)] == ["挡墙谁出资", "界线怎么走"]
    assert [names[guest.person_id] for guest in all_of(spring, Attendance)] == ["赵某甲", "钱某乙"]
    assert only(spring, Hamlet).name == "大寨子"
    assert page.went == [("home", "")]


def test_a_known_hamlet_is_picked_by_initials_and_not_named_twice(spring, village, page, hands):
    spring.desk.do(NameHamlet(village.code, "大寨子"))
    page.enter()
    page.form.hamlet.setFocus()
    hands.press("dzz↵")
    hands.chord(Qt.Key.Key_Return, ctrl=True)

    assert only(spring, Consultation).hamlet == "大寨子"
    only(spring, Hamlet)


def test_the_whole_village_is_invited_with_one_key(spring, page, hands):
    page.enter()
    hands.chord(Qt.Key.Key_Z, alt=True)
    hands.chord(Qt.Key.Key_Z, alt=True)
    assert page.village.text() == "全村名册 15 人"

    hands.chord(Qt.Key.Key_Return, ctrl=True)

    assert len(all_of(spring, Attendance)) == len(NAMES)


def test_those_who_came_last_time_are_invited_with_one_key(spring, village, page, hands, room):
    people = [person.id for person in room.register.standing()]
    before = spring.made(spring.desk.do(CallSitting("上一次", (village.code,))), "sitting")
    spring.desk.do(OpenSitting(before))
    for person in people[:4]:
        spring.desk.do(CheckIn(before, person))
    page.enter()

    hands.chord(Qt.Key.Key_S, alt=True)
    hands.chord(Qt.Key.Key_Return, ctrl=True)

    called = page.room.jotted("here/practice") and all_of(spring, Sitting)[-1]
    assert {guest.person_id for guest in all_of(spring, Attendance, Is("sitting_id", called.id))} == set(people[:4])


def test_a_topic_brings_its_title_village_and_category(spring, village, page, hands):
    raised = spring.desk.do(RaiseTopic("挡墙怎么分摊", village.code, category="DISPUTE"))
    topic_id = spring.made(raised, "topic")
    page.enter(f"topic:{topic_id}")
    assert page.about.text().startswith("议题：挡墙怎么分摊")

    hands.chord(Qt.Key.Key_Return, ctrl=True)

    consultation = only(spring, Consultation)
    assert (consultation.title, consultation.topic_id, consultation.category) == ("挡墙怎么分摊", topic_id, "DISPUTE")
    assert only(spring, Topic).stage == TopicStage.IN_CONSULTATION


def test_all_that_a_village_left_open_is_carried_over(spring, village, page, room):
    for number in range(9):
        spring.desk.do(RaiseTopic(f"第 {number} 件没议的事", village.code))
    spring.desk.do(RaiseTopic("别村的事", room.places.children(TOWNSHIP)[1].code))
    sitting = spring.made(spring.desk.do(CallSitting("上一次", (village.code,))), "sitting")
    spring.desk.do(AssignAction(sitting, "公约上墙", due_on=date(2026, 3, 27)))
    spring.desk.do(AssignAction(sitting, "还早的事", due_on=date(2026, 4, 27)))

    page.enter()

    assert page.overdue.shown() == ["公约上墙"]
    assert page.overdue.rows[0].telling.right == "逾期 3 天"
    assert sorted(page.topics.shown()) == [f"第 {number} 件没议的事" for number in range(9)]


def test_an_open_topic_becomes_an_issue_with_one_press(spring, village, page, hands):
    spring.desk.do(RaiseTopic("路灯不亮", village.code))
    page.enter()

    page.topics.rows[0].setFocus()
    hands.press("↵↵")

    assert page.form.issues == ["路灯不亮"]


def test_a_day_nobody_can_read_keeps_the_focus_and_says_why(spring, page, hands):
    page.enter()
    page.form.day.setFocus()
    hands.press("431↵")

    assert page.form.day.note.words.text() == "四月只有 30 天"
    assert page.form.day.line.hasFocus()
    hands.chord(Qt.Key.Key_Return, ctrl=True)
    assert all_of(spring, Sitting) == []


def test_what_was_understood_stands_under_day_and_hour(page, hands):
    page.enter()
    page.form.day.setFocus()
    hands.press("402↵")
    hands.say("下午3点半")

    assert page.form.day.note.words.text() == "4月2日 周四"
    assert page.form.hour.note.words.text() == "15:30"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("10:00", time(10)),
        ("1000", time(10)),
        ("930", time(9, 30)),
        ("15", time(15)),
        ("１５：３０", time(15, 30)),
        ("下午3点半", time(15, 30)),
        ("晚上8点", time(20)),
        ("中午12点", time(12)),
        ("上午9点10分", time(9, 10)),
        ("25:00", None),
        ("10:75", None),
        ("天黑", None),
    ],
)
def test_hours_are_read_as_people_say_them(words, meant):
    assert read_time(words) == meant


def test_a_form_left_half_typed_is_whole_again_after_a_crash(qtbot, spring, page, hands, room):
    page.enter()
    hands.say("挡墙协商")
    hands.press("↵↵")
    hands.say("李某丁家")
    page.form.invite([room.register.standing()[0].id])
    page.form.issues.append("谁出资")
    page.leave()

    after = CallPage(room)
    qtbot.addWidget(after)
    after.enter()

    assert after.form.title.line.text() == "挡墙协商"
    assert after.form.venue.line.text() == "李某丁家"
    assert (after.form.issues, len(after.form.invited)) == (["谁出资"], 1)


def test_once_called_nothing_half_typed_is_left(spring, page, hands, room):
    page.enter()
    hands.say("挡墙协商")
    hands.chord(Qt.Key.Key_Return, ctrl=True)
    page.leave()

    assert room.jotted("call/half/") == ""


def test_escape_goes_back_and_destroys_nothing(page, hands, room):
    page.enter()
    hands.say("挡墙协商")
    hands.press("⎋")

    assert page.went == [("home", "")]
    assert "挡墙协商" in room.jotted("call/half/")


def test_now_can_be_filled_in_whole_after_all(page, hands, qtbot):
    page.enter("now")
    hands.say("修路")
    qtbot.mouseClick(page.more, Qt.MouseButton.LeftButton)

    assert page.form.venue.isVisible()
    assert page.form.title.line.text() == "修路"


def test_tab_walks_through_the_form_and_comes_home(page, hands):
    page.enter()
    first, seen = hands.focus(), []
    for _ in range(60):
        seen.append(hands.focus())
        hands.press("⇥")
        if hands.focus() is first:
            break

    assert QApplication.focusWidget() is first
    assert {field.line for field in page.form.order} <= set(seen)
    assert all(part.accessibleName() for part in seen)


@pytest.mark.parametrize("width", [1198, 1039, 760, 629])
def test_the_form_fits_every_width(qtbot, page, width):
    page.enter()
    page.resize(width, 540)

    assert page._grid.minimumSize().width() <= width
