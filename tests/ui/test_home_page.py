"""The home page as a clerk meets it in the morning: one meeting, Enter, and what must not be forgotten."""

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt

from app.commands.action import AssignAction
from app.commands.printout import OwePrintouts, ToPrint
from app.commands.sitting import CallSitting, CloseSitting, OpenSitting
from app.commands.statement import RecordStatement
from app.commands.topic import RaiseTopic
from tests.hands import Hands
from tests.world import BEIJING
from ui.home.home_page import HomePage, half_note

MORNING = datetime(2026, 3, 30, 8, 42, tzinfo=BEIJING)
TEN = datetime(2026, 3, 30, 10, 0, tzinfo=BEIJING)


@pytest.fixture
def morning(world):
    world.clock.at = MORNING
    return world


@pytest.fixture
def home(qtbot, morning, room):
    page = HomePage(room)
    page.went = []
    room.went.connect(lambda name, record_id: page.went.append((name, record_id)))
    qtbot.addWidget(page)
    page.resize(1198, 694)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    return page


def come_in(qtbot, page):
    """Open the page and wait until the lunar line has come from the worker."""
    page.enter()
    qtbot.waitUntil(lambda: page.room.is_saved() and "农历" in page.beside_day.text())


def call(world, title="石墙村 15 米挡墙院坝协商", starts_at=TEN, **more):
    return world.made(world.desk.do(CallSitting(title, starts_at=starts_at, **more)), "sitting")


def test_the_day_is_written_as_people_say_it_and_by_the_moon(qtbot, home):
    come_in(qtbot, home)

    assert home.day.text() == "三月三十日"
    assert home.beside_day.text() == "星期一 · 农历二月十二"


def test_todays_meeting_is_entered_by_one_key(qtbot, morning, home):
    people = tuple(morning.villagers(3))
    topic = morning.made(morning.desk.do(RaiseTopic("挡墙怎么分摊")), "topic")
    frame = {"venue": "李某丁家院坝", "host": "王某辛", "category": "DISPUTE", "topic_id": topic}
    sitting = call(morning, invited=people, issues=("谁出资",), **frame)

    come_in(qtbot, home)

    assert (home.hero.when.text(), home.hero.beside.text()) == ("今天 10:00", "还有 1 小时 18 分")
    assert home.hero.line.text() == "李某丁家院坝 · 应到 3 人 · 主持 王某辛"
    assert home.hero.category.text() == "矛盾纠纷"
    assert [mark.words.text() for mark in home.hero.marks] == ["议题已立", "名册已备 3", "焦点已列 1"]
    hands = Hands(home)
    hands.press("↵")
    assert hands.keys == 1
    assert home.went == [("desk", sitting)]


def test_paper_that_did_not_come_out_is_one_key_away(qtbot, morning, home):
    sitting = call(morning)
    come_in(qtbot, home)
    assert home.owed.isHidden()
    morning.desk.do(OwePrintouts(sitting, (ToPrint("consensus_paper", 4), ToPrint("sign_in_sheet", 1)), "文书"))

    come_in(qtbot, home)

    assert home.owed.accessibleName() == "回去再印：石墙村 15 米挡墙院坝协商 2 样 5 份，纸在打印这一步"
    home.owed.setFocus()
    Hands(home).press("↵")
    assert home.went == [("closing", f"print:{sitting}")]


def test_the_papers_of_the_topic_are_one_tab_away(qtbot, morning, home):
    topic = morning.made(morning.desk.do(RaiseTopic("挡墙怎么分摊")), "topic")
    call(morning, topic_id=topic)
    come_in(qtbot, home)

    Hands(home).press("⇥␣")

    assert home.went == [("topics", topic)]


def test_a_meeting_broken_off_is_gone_on_with_and_nothing_is_lost(qtbot, morning, home, room):
    sitting = call(morning)
    morning.desk.do(OpenSitting(sitting))
    morning.clock.at = TEN.replace(minute=42)
    for number in range(14):
        morning.desk.do(RecordStatement(sitting, f"第 {number} 句"))
    room.jot(half_note(sitting), "凡涉及")

    come_in(qtbot, home)

    assert home.hero.line.text() == "上次停在 10:42，14 条发言都在，没写完的半句也在"
    assert home.hero.start.text() == "接着开"
    Hands(home).press("↵")
    assert home.went == [("desk", sitting)]


def test_without_a_meeting_the_next_one_is_named_and_enter_opens_one_now(qtbot, morning, home, room):
    village = room.places.children("532622202")[0]
    call(morning, starts_at=datetime(2026, 4, 2, 10, 0, tzinfo=BEIJING), place_codes=(village.code,))

    come_in(qtbot, home)

    assert home.hero.title.text() == "今天没有会。"
    assert home.hero.line.text() == f"下一场 4月2日，{village.display_name}。"
    assert home.nothing.text() == "没有要盯的事。"
    assert home.nothing.isVisible()
    Hands(home).press("↵")
    assert home.went == [("call", "now")]


def test_what_comes_next_says_what_is_not_ready(qtbot, morning, home):
    call(morning)
    later = call(morning, "官田村“清明客”旧俗怎么改", datetime(2026, 4, 2, 15, 0, tzinfo=BEIJING), venue="官田村火塘")
    call(morning, "没开成的会", datetime(2026, 3, 27, 15, 0, tzinfo=BEIJING))

    come_in(qtbot, home)

    shown = [row.telling.spoken() for row in home.plans if row.isVisible()]
    assert shown == [
        "4月2日 官田村“清明客”旧俗怎么改 15:00 · 官田村火塘 名册没备",
        "3月27日 没开成的会 15:00 过了日子，还没开",
    ]
    home.plans[0].setFocus()
    Hands(home).press("↵")
    assert home.went == [("desk", later)]


def test_a_meeting_that_ended_with_gaps_is_listed_as_saved(qtbot, morning, home):
    sitting = call(morning, issues=("谁出资", "谁来砌"))
    morning.desk.do(OpenSitting(sitting))
    morning.desk.do(AssignAction(sitting, "砌墙"))
    morning.desk.do(CloseSitting(sitting))

    come_in(qtbot, home)

    row = home.unfinished[0]
    assert home.unfinished_title.after.text() == "都已存好"
    assert row.telling.detail == "还差 2 个焦点没有结论、1 项没定责任单位"
    row.setFocus()
    Hands(home).press("␣")
    assert home.went == [("closing", sitting)]


def test_at_most_five_things_are_watched_the_longest_overdue_first_in_red(qtbot, morning, home):
    sitting = morning.sitting()
    for day in (29, 27, 30, 31):
        morning.desk.do(AssignAction(sitting, f"三月{day}日的事", due_on=date(2026, 3, day)))
    for day in (1, 2, 20):
        morning.desk.do(AssignAction(sitting, f"四月{day}日的事", due_on=date(2026, 4, day)))

    come_in(qtbot, home)

    told = [row.telling for row in home.watched]
    assert [row.right for row in told] == ["逾期 3 天", "逾期 1 天", "今天", "明天", "后天"]
    assert [row.right_tone for row in told] == ["seal", "seal", "ochre", "ink2", "ink2"]
    assert home.watched_all.text() == "全部 6"
    home.watched_all.setFocus()
    Hands(home).press("↵")
    assert home.went == [("actions", "")]


def test_what_is_written_elsewhere_shows_without_moving_the_focus(qtbot, morning, home, room):
    come_in(qtbot, home)
    home.call.setFocus()

    room.do(home, CallSitting("石墙村 15 米挡墙院坝协商", starts_at=TEN))

    assert home.hero.title.text() == "石墙村 15 米挡墙院坝协商"
    assert home.call.hasFocus()


def test_a_minute_passes_on_the_card_without_asking_again(qtbot, morning, home):
    call(morning)
    come_in(qtbot, home)

    morning.clock.passes(minutes=10)
    home._pass_time()

    assert home.hero.beside.text() == "还有 1 小时 8 分"


def test_ctrl_n_calls_a_meeting(qtbot, home):
    come_in(qtbot, home)

    Hands(home).chord(Qt.Key.Key_N, ctrl=True)

    assert home.went == [("call", "")]


def test_every_part_can_be_reached_by_tab_and_has_a_name(qtbot, morning, home):
    sitting = morning.sitting()
    morning.desk.do(AssignAction(sitting, "砌墙", due_on=date(2026, 3, 29)))
    call(morning, "下午的会", TEN.replace(hour=15))
    come_in(qtbot, home)

    hands, seen = Hands(home), []
    while hands.focus() not in seen:
        seen.append(hands.focus())
        hands.press("⇥")

    assert {home.hero.start, home.plans[0], home.watched[0], home.watched_all, home.call, home.meet} <= set(seen)
    assert all(part.accessibleName() for part in seen)


@pytest.mark.parametrize("width", [1198, 1039, 760, 629])
def test_nothing_is_cut_off_at_any_width(qtbot, morning, home, width):
    call(morning, venue="李某丁家院坝")
    come_in(qtbot, home)

    home.resize(width, 694)
    qtbot.waitUntil(lambda: home.body.width() <= width)

    assert home.body.minimumSizeHint().width() <= width
