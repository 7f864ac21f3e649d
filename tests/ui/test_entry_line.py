"""Catching what is said: who, kind, issue, words; keys counted; nothing lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.domain.errors import NotSaved
from app.domain.statement import StatementKind
from tests.hands import Hands
from tests.ui.desk_world import Village, desk, settle
from tests.ui.test_room import break_disk


@pytest.fixture
def village(world):
    return Village(world, here=8, said=0)


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


def said(page):
    return [(page.live.person(s.speaker_id).name if s.speaker_id else "?", s.text) for s in page.live.statements()]


def test_an_open_meeting_begins_at_the_entry_line(page):
    assert page.entry.who.hasFocus()
    assert page.entry.who.placeholderText() == "谁说的？首字母选人，写他说的话，回车记下"
    assert not page.entry.text.isVisible()


def test_known_speaker_takes_five_keys_around_the_words(page, clerk):
    clerk.press("wmx␣")
    clerk.say("凡涉及公共安全的挡墙，村集体都出砂石。")
    clerk.press("↵")

    assert said(page) == [("王某辛", "凡涉及公共安全的挡墙，村集体都出砂石。")]
    assert clerk.keys == 5
    assert page.entry.who.hasFocus()
    assert page.entry.text.text() == ""


@pytest.mark.parametrize(
    ("letters", "kind"),
    [
        ("fmr", StatementKind.CLAIM),
        ("hmz", StatementKind.REPLY),
        ("smb", StatementKind.PROPOSAL),
        ("wmx", StatementKind.REPLY),
    ],
)
def test_the_kind_is_set_by_role(page, clerk, letters, kind):
    clerk.press(letters + "␣")

    assert page.entry.draft().kind == kind


def test_the_issue_under_discussion_is_set(page, clerk):
    clerk.press("wmx␣")
    clerk.say("认。")
    clerk.press("↵")

    assert page.live.statements()[0].issue_id == page.live.issues()[0].id


def test_same_speaker_again_is_enter_on_the_empty_field(page, clerk):
    clerk.press("wmx␣")
    clerk.say("一")
    clerk.press("↵")
    clerk.keys = 0

    clerk.press("↵")
    clerk.say("二")
    clerk.press("↵")

    assert said(page) == [("王某辛", "一"), ("王某辛", "二")]
    assert clerk.keys == 2


def test_two_who_argue_take_turns_with_tab(page, clerk):
    for letters in ("zmj␣", "qmy␣"):
        clerk.press(letters)
        clerk.say("话")
        clerk.press("↵")
    clerk.keys = 0

    for _ in range(2):
        clerk.press("⇥")
        clerk.say("再说一句")
        clerk.press("↵")

    assert [name for name, _ in said(page)] == ["赵某甲", "钱某乙", "赵某甲", "钱某乙"]
    assert clerk.keys == 4


def test_a_question_mark_is_some_villager(page, clerk):
    clerk.press("?")
    clerk.say("路灯也坏了。")
    clerk.press("↵")

    assert said(page) == [("?", "路灯也坏了。")]
    assert page.live.statements()[0].kind == StatementKind.CLAIM


def test_people_in_the_yard_stand_before_those_who_are_not(page, clerk):
    clerk.press("zm")

    shown = page.entry.popup.texts()
    assert "赵某甲" in shown[0]
    assert "周某戊" in shown[1]
    assert "没签到" in shown[2]


def test_ctrl_and_a_digit_set_the_kind_in_the_middle_of_the_words(page, clerk):
    clerk.press("wmx␣")
    clerk.say("这个不行")
    clerk.chord(Qt.Key.Key_6, ctrl=True)
    clerk.say("，得有说法。")
    clerk.press("↵")

    statement = page.live.statements()[0]
    assert (statement.kind, statement.text) == (StatementKind.DISSENT, "这个不行，得有说法。")


def test_alt_and_a_digit_put_it_to_an_issue(page, clerk):
    clerk.press("wmx␣")
    clerk.say("水往沟里排")
    clerk.chord(Qt.Key.Key_3, alt=True)
    clerk.press("↵")

    assert page.live.statements()[0].issue_id == page.live.issues()[2].id
    assert page.live.sitting.current_issue_id == page.live.issues()[0].id


def test_alt_and_a_digit_with_nothing_written_take_the_issue_up(page, clerk):
    clerk.chord(Qt.Key.Key_2, alt=True)

    assert page.live.sitting.current_issue_id == page.live.issues()[1].id


def test_shift_enter_is_a_new_line(page, clerk):
    clerk.press("wmx␣")
    clerk.say("一")
    clerk.chord(Qt.Key.Key_Return, shift=True)
    clerk.say("二")
    clerk.press("↵")

    assert page.live.statements()[0].text == "一\n二"


def test_backspace_in_empty_words_goes_back_to_who(page, clerk):
    clerk.press("wmx␣⌫")

    assert page.entry.who.hasFocus()
    assert page.entry.draft().speaker == ""


def test_enter_while_composing_records_nothing(page, clerk):
    clerk.press("wmx␣")
    clerk.compose("tong'yi")
    assert page.entry.note.words.text() == "组字中 · 回车只上屏，不提交"

    clerk.press("↵")

    assert page.live.statements() == []
    assert page.entry.draft().text == "tong'yi"
    assert page.entry.text.hasFocus()


def test_up_in_the_empty_field_mends_the_last_entry(page, clerk):
    clerk.press("wmx␣")
    clerk.say("记错字了")
    clerk.press("↵↑")
    assert page.entry.number.text() == "改第 1 条"
    page.entry.text.selectAll()
    clerk.say("改对了")
    clerk.press("↵")

    assert said(page) == [("王某辛", "改对了")]
    assert page.entry.who.hasFocus()
    assert not page.entry.is_amending()


def test_leaving_a_statement_unmended_keeps_what_was_changed(page, clerk):
    clerk.press("wmx␣")
    clerk.say("原话")
    clerk.press("↵↑")
    clerk.say("，又加半句")
    clerk.press("⎋")
    assert said(page) == [("王某辛", "原话")]
    assert page.entry.who.hasFocus()

    clerk.press("↑")

    assert page.entry.text.text() == "原话，又加半句"


def test_a_half_written_statement_waits_while_another_is_mended(page, clerk):
    clerk.press("wmx␣")
    clerk.say("第一条")
    clerk.press("↵zmj␣")
    clerk.say("写了一半")
    page.entry.amend(page.live.statements()[0].id)
    page.entry.text.selectAll()
    clerk.say("第一条改")
    clerk.press("↵")

    assert page.entry.text.text() == "写了一半"
    assert page.entry.person.text() == "赵某甲"


def test_an_identity_number_is_refused_in_place_and_the_words_stay(page, clerk):
    clerk.press("wmx␣")
    clerk.say("我的号码 11010519491231002X")
    clerk.press("↵")

    assert "身份证号" in page.entry.note.words.text()
    assert page.entry.text.text() == "我的号码 11010519491231002X"
    assert page.live.statements() == []


def test_empty_words_are_refused_in_place(page, clerk):
    clerk.press("wmx␣↵")

    assert page.entry.note.words.text() == "说了什么还没写"


def test_what_the_disk_does_not_take_stays_and_is_written_once(page, clerk, monkeypatch, room):
    real, refusals = room._desk.do, iter([True])
    room.writes.retry.setInterval(1)

    def full(command):
        if next(refusals, False):
            raise NotSaved("disk full")
        return real(command)

    monkeypatch.setattr(room._desk, "do", full)
    clerk.press("wmx␣")
    clerk.say("这句没存上")
    clerk.press("↵")
    assert page.entry.text.text() == "这句没存上"
    assert "没记下" in page.entry.note.words.text()

    clerk.press("↵")
    settle_until(page, lambda: bool(page.live.statements()))

    assert said(page) == [("王某辛", "这句没存上")]
    assert page.entry.text.text() == ""


def settle_until(page, done):
    for _ in range(100):
        settle(page)
        if done():
            return


def test_words_typed_while_the_disk_is_slow_are_kept(page, clerk):
    clerk.press("wmx␣")
    clerk.say("第一句")
    page.entry._submitted = "第一句"
    page.entry.text.insertPlainText("，第二句")
    page.entry._recorded(None)

    assert page.entry.text.text() == "，第二句"
    assert page.entry.person.text() == "王某辛"


def test_undo_in_the_empty_field_takes_the_record_back_but_typing_is_undone_locally(page, clerk):
    clerk.press("wmx␣")
    clerk.say("留")
    clerk.press("↵wmx␣")
    clerk.say("字")
    clerk.chord(Qt.Key.Key_Z, ctrl=True)
    assert page.entry.text.text() == ""
    assert len(page.live.statements()) == 1

    clerk.chord(Qt.Key.Key_Z, ctrl=True)

    assert page.live.statements() == []


def test_the_who_field_has_the_input_method_off_and_the_words_have_it_on(page, clerk):
    assert not page.entry.who.ime_on()
    clerk.press("wmx␣")
    assert page.entry.text.ime_on()


def test_an_open_composition_survives_a_zone_key(page, clerk):
    clerk.press("wmx␣")
    clerk.say("写了一半")
    clerk.chord(Qt.Key.Key_F2)
    clerk.press("zmg↵")
    clerk.chord(Qt.Key.Key_F3)

    assert page.entry.text.hasFocus()
    assert page.entry.text.text() == "写了一半"
    assert len(page.live.here()) == 9


def test_the_number_of_the_entry_is_counted(page, clerk):
    clerk.press("wmx␣")
    clerk.say("一")
    clerk.press("↵wmx␣")

    assert page.entry.number.text() == "第 2 条"


def test_letters_of_a_composition_find_people_too(page):
    page.entry.who.set_ime(True)
    QApplication.sendEvent(page.entry.who, QInputMethodEvent("w'm'x", []))

    assert "王某辛" in page.entry.popup.texts()[0]


def test_a_new_issue_asked_for_in_the_middle_of_a_statement_is_its_issue(page, clerk):
    clerk.press("wmx␣")
    clerk.say("路灯也要修")
    clerk.chord(Qt.Key.Key_F4, ctrl=True)
    clerk.say("路灯谁修")
    clerk.press("↵")
    clerk.chord(Qt.Key.Key_F3)
    clerk.press("↵")

    assert page.live.issues()[-1].title == "路灯谁修"
    assert page.live.statements()[0].issue_id == page.live.issues()[-1].id


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_mouse_sets_kind_and_issue_from_their_chips(page, clerk, qtbot):
    clerk.press("wmx␣")
    clerk.say("话")
    for chip, at in ((page.entry.kind, 4), (page.entry.issue, 1)):
        chip.click()
        menu = QApplication.activePopupWidget()
        menu.actions()[at].trigger()
        menu.close()

    draft = page.entry.draft()
    assert (draft.kind, draft.issue_id) == (StatementKind.PROMISE, page.live.issues()[1].id)
    assert page.entry.text.hasFocus()


def test_words_typed_while_an_amendment_waits_for_a_full_disk_stay(page, clerk, world, room, qtbot):
    clerk.press("wmx␣")
    clerk.say("hello")
    clerk.press("↵↑")
    clerk.say(" world")
    broken = break_disk(world, room)

    clerk.press("↵")
    clerk.say(" EXTRA WORDS")
    broken.clear()
    qtbot.waitUntil(lambda: said(page) == [("王某辛", "hello world")])

    assert page.entry.text.text() == "hello world EXTRA WORDS"
    assert page.entry.is_amending()
    clerk.press("↵")
    assert said(page) == [("王某辛", "hello world EXTRA WORDS")]


def test_a_new_statement_begun_while_an_amendment_waits_stays(page, clerk, world, room, qtbot):
    clerk.press("wmx␣")
    clerk.say("hello")
    clerk.press("↵↑")
    clerk.say(" world")
    broken = break_disk(world, room)

    clerk.press("↵⎋wmx␣")
    clerk.say("新的一条")
    broken.clear()
    qtbot.waitUntil(lambda: said(page) == [("王某辛", "hello world")])

    assert page.entry.text.text() == "新的一条"
    clerk.press("↵")
    assert said(page)[-1] == ("王某辛", "新的一条")
