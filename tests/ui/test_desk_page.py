"""The live desk as a whole: zones by key, a crash in mid-word, opening and closing, and every width."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.commands.people import RegisterPerson
from app.domain.change import ChangeSet
from app.domain.sitting import SittingStage
from app.domain.statement import StatementKind
from tests.hands import Hands
from tests.ui.desk_world import ISSUES, Village, desk, settle
from ui.consultation.desk_floor import Fit, fits
from ui.theme import look


@pytest.fixture
def village(world):
    return Village(world, here=8, said=6)


@pytest.fixture
def room(world, village):
    standing = world.room()
    yield standing
    standing.tasks.finish()


@pytest.fixture
def page(qtbot, room, village):
    opened = desk(qtbot, room, village.sitting_id)
    yield opened
    opened.leave()
    settle(opened)


@pytest.fixture
def clerk(page):
    return Hands(page)


def test_the_head_says_what_meeting_this_is(page):
    assert page.head.title.text == "石墙村 15 米挡墙院坝协商"
    assert page.head.tag.text == "会中"
    assert page.head.frame.text() == "李某丁家院坝    主持 王某辛    记录 示例干部"
    assert page.head.rail.spoken() == "第 3 步 议事，共 5 步"


def test_the_clock_counts_from_the_opening(page, village):
    assert page.head.time.text() == "00:38:00"
    village.world.clock.passes(minutes=4, seconds=18)

    page.head.show_time()

    assert page.head.time.text() == "00:42:18"


@pytest.mark.parametrize(
    ("key", "alt", "zone"),
    [
        (Qt.Key.Key_F2, False, "checkin"),
        (Qt.Key.Key_Q, True, "checkin"),
        (Qt.Key.Key_F3, False, "speak"),
        (Qt.Key.Key_F, True, "speak"),
        (Qt.Key.Key_F4, False, "issue"),
        (Qt.Key.Key_J, True, "issue"),
        (Qt.Key.Key_F5, False, "settle"),
        (Qt.Key.Key_F6, False, "assign"),
    ],
)
def test_zone_keys_move_the_keyboard(page, clerk, room, village, key, alt, zone):
    clerk.chord(key, alt=alt)

    assert page.zone == zone
    assert room.jotted("desk/at") == f"{village.sitting_id}|{zone}"
    assert page.isAncestorOf(QApplication.focusWidget())


def test_every_zone_shows_seven_keys_at_most(page, clerk):
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_F6):
        clerk.chord(key)
        assert 3 <= len(page.hints()) <= 7


def test_a_crash_in_mid_word_comes_back_to_the_same_word(qtbot, page, clerk, world, village):
    clerk.press("wmx␣")
    clerk.chord(Qt.Key.Key_6, ctrl=True)
    clerk.chord(Qt.Key.Key_3, alt=True)
    clerk.say("村集体都按")
    QApplication.sendEvent(page.entry.text, QInputMethodEvent("tong'yi", []))
    page.entry.text.keeping.now()
    settle(page)

    again = world.room()
    reborn = desk(qtbot, again, "")

    draft = reborn.entry.draft()
    assert reborn.live.sitting_id == village.sitting_id
    assert reborn.zone == "speak"
    assert draft.text == "村集体都按tong'yi"
    assert (draft.speaker, draft.kind) == (village.ids["王某辛"], StatementKind.DISSENT)
    assert draft.issue_id == page.live.issues()[2].id
    assert reborn.entry.text.hasFocus()
    reborn.leave()
    settle(reborn)
    again.tasks.finish()


def test_a_crash_at_the_door_comes_back_to_the_door(qtbot, page, clerk, world):
    clerk.chord(Qt.Key.Key_F2)
    clerk.press("zm")
    page.checkin.field.keeping.now()
    settle(page)

    again = world.room()
    reborn = desk(qtbot, again, "")

    assert reborn.zone == "checkin"
    assert reborn.checkin.field.text() == "zm"
    assert reborn.checkin.field.hasFocus()
    reborn.leave()
    settle(reborn)
    again.tasks.finish()


def test_what_was_recorded_is_not_offered_again_when_the_power_went_before_the_clearing(
    qtbot, page, clerk, world, room, village
):
    clerk.press("wmx␣")
    clerk.say("只说一遍")
    page.entry.text.keeping.now()
    kept = room.jotted(f"desk/{village.sitting_id}/speak")
    clerk.press("↵")
    room.jot(f"desk/{village.sitting_id}/speak", kept)
    settle(page)

    again = world.room()
    reborn = desk(qtbot, again, "")

    assert reborn.entry.draft().text == ""
    reborn.leave()
    settle(reborn)
    again.tasks.finish()


def test_without_a_meeting_the_desk_offers_one(qtbot, world):
    empty = world.room()
    went = []
    empty.went.connect(lambda page, record_id: went.append((page, record_id)))
    page = desk(qtbot, empty, "")
    qtbot.waitUntil(lambda: page.nothing.isVisible())

    Hands(page).press("↵")

    assert went == [("call", "now")]
    empty.tasks.finish()


def test_f10_opens_and_then_closes_the_meeting(qtbot, world, village):
    sitting_id = world.sitting(*ISSUES, invited=village.invited, is_open=False)
    room = world.room()
    said, went = [], []
    room.said.connect(lambda text, undo: said.append((text, undo)))
    room.went.connect(lambda page, record_id: went.append((page, record_id)))
    page = desk(qtbot, room, sitting_id)
    clerk = Hands(page)
    assert page.head.tag.text == "签到中"
    assert "按 F10 开会" in page.timeline.empty.title.text()

    clerk.chord(Qt.Key.Key_F10)
    assert page.live.sitting.stage == SittingStage.RAISE
    assert page.entry.who.hasFocus()
    clerk.chord(Qt.Key.Key_F10)

    assert [(text, bool(act)) for text, act in said] == [("开会了", True), ("结会了", True)]
    assert went == [("closing", sitting_id)]
    assert page.head.tag.text == "已结会"
    assert page.entry.lock.isVisible()

    clerk.chord(Qt.Key.Key_F10)
    assert page.head.tag.text == "会中"
    assert page.entry.who.hasFocus()
    page.leave()
    settle(page)
    room.tasks.finish()


def test_only_zones_that_were_touched_are_shown_anew(page, room, monkeypatch):
    shown = []
    monkeypatch.setattr(page.checkin, "refresh", lambda: shown.append("checkin"))
    monkeypatch.setattr(page.timeline, "refresh", lambda: shown.append("timeline"))
    monkeypatch.setattr(page.issues, "show_live", lambda live, kinds: shown.append("issues"))

    page.took(ChangeSet("别处的事", ()))
    assert shown == []

    room.do(page, RegisterPerson("曹某金"))
    assert "checkin" in shown


@pytest.mark.parametrize(
    ("width", "fit"),
    [(1312, Fit.ALL), (1226, Fit.ALL), (1225, Fit.TWO), (1039, Fit.TWO), (966, Fit.DRAWER), (765, Fit.ONE)],
)
def test_the_width_decides_how_many_columns_stand_beside_each_other(width, fit):
    assert fits(width) == fit


def test_larger_letters_ask_for_fewer_columns(dressed):
    dressed("light", 20)
    assert fits(1312) < Fit.ALL


def test_with_two_columns_check_in_is_a_strip_and_opens_over_the_talk(page, clerk):
    page.resize(1039, 528)
    assert page.strip.isVisible()
    assert not page.checkin.isVisible()
    assert page.issues.isVisible()

    clerk.chord(Qt.Key.Key_F2)
    assert page.checkin.isVisible()
    assert page.checkin.field.hasFocus()
    clerk.press("⎋")

    assert not page.checkin.isVisible()
    assert page.entry.who.hasFocus()


def test_with_one_column_the_issues_are_a_drawer(page, clerk):
    page.resize(800, 500)
    assert not page.issues.isVisible()

    clerk.chord(Qt.Key.Key_F5)
    assert page.issues.isVisible()
    clerk.chord(Qt.Key.Key_F3)

    assert not page.issues.isVisible()


@pytest.mark.parametrize(("key", "part"), [(Qt.Key.Key_F2, "checkin"), (Qt.Key.Key_F5, "issues")])
def test_at_the_smallest_one_panel_is_in_view_and_the_entry_line_always(page, clerk, key, part):
    page.resize(629, 310)
    clerk.chord(key)
    panel = getattr(page, part)

    assert panel.isVisible()
    assert panel.width() == 629
    assert page.entry.isVisible()
    assert panel.geometry().bottom() <= page.entry.y()


def test_the_mouse_reaches_every_zone_at_the_smallest(page):
    page.resize(629, 310)
    for button, zone in ((page.strip.checkin, "checkin"), (page.strip.settle, "settle"), (page.strip.speak, "speak")):
        assert button.isVisible()
        button.click()
        assert page.zone == zone


def test_nothing_said_is_cut_off_at_the_side(page, dressed):
    for name, base in (("light", 15), ("sun", 15), ("light", 20)):
        dressed(name, base)
        for label in (page.checkin.benches, page.head.time):
            assert label.sizeHint().width() <= label.width() + look().px(2)


def test_tab_walks_round_and_comes_home(page, clerk):
    clerk.chord(Qt.Key.Key_F2)
    start, seen = QApplication.focusWidget(), []
    for _ in range(60):
        page.focusNextChild()
        seen.append(QApplication.focusWidget())
        if seen[-1] is start:
            break

    assert seen[-1] is start
    assert page.timeline.list in seen
    assert any(page.issues.isAncestorOf(part) for part in seen)


def test_a_stage_of_the_rail_is_gone_to_by_mouse(page, room, qtbot):
    rail, said = page.head.rail, []
    room.said.connect(lambda text, undo: said.append((text, bool(undo))))
    place = next(x for x in range(rail.width()) if rail.step_at(x) == 3)

    qtbot.mouseClick(rail, Qt.MouseButton.LeftButton, pos=QPoint(place + 2, rail.height() // 2))

    qtbot.waitUntil(lambda: bool(said))
    assert page.live.sitting.stage == SittingStage.SETTLE
    assert rail.current == 3
    assert said == [("换到定事", True)]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_what_keys_do_on_an_issue_is_offered_to_the_mouse(page, qtbot):
    card = next(iter(page.issues.cards.values()))
    more = next(b for b in card.findChildren(QWidget) if b.accessibleName() == "更多")

    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    words = [action.text().partition("\t")[0] for action in menu.actions()]
    menu.actions()[2].trigger()
    menu.close()

    assert words == ["议这个", "改名", "拿掉"]
    qtbot.waitUntil(lambda: card.issue_id not in page.issues.cards)


def test_hints_on_an_issue_are_the_issue_columns(page):
    page.go_issue()

    assert [hint.words for hint in page.hints()][:4] == ["换一条", "议这个", "改名", "拿掉"]
