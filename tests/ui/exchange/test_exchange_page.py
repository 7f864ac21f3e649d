"""同步 through its real page: what goes and came, the stick, the line, stopping, and what is said at the end."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain.errors_of_line import LineDown
from app.settings import PLACE
from tests.hands import Hands
from tests.ui.exchange.conftest import shown
from tests.ui.exchange.town import MEETING, THEIRS, gone
from ui.exchange.page import ExchangePage
from ui.exchange.port import Row, Sent, Sort
from ui.exchange.receipts import PackageRow
from ui.exchange.rows import Heading, ItemRow
from ui.exchange.stick_card import TAKING, WIRE, WRITING
from ui.exchange.words import sent_words

SENTENCE = "7 项都在 U 盘里了，可以拔。到县里插上，选“收”。"


def rows_of(part):
    return [one.accessibleName() for one in part.findChildren(ItemRow) if one.isVisible()]


def ended(qtbot, page):
    qtbot.waitUntil(lambda: not page.errand.is_under_way and page.card.is_at_rest)


def test_what_is_to_be_sent_stands_by_meeting_with_its_size(page):
    assert page.out_title.after.text() == "7 项 · 3.2 兆"
    assert rows_of(page.out_card)[:2] == ["协商共识（已定稿） 含签字页 1", "签到表 27 人"]
    assert [one.text() for one in page.out_card.findChildren(Heading)] == [MEETING]


def test_the_stick_is_seen_by_itself(page):
    assert page.card.title.text() == "U 盘插好了"
    assert page.card.about.text() == "示例U盘 · 剩 5.1 吉 · 第 19 包"


def test_without_a_stick_the_buttons_say_why_they_are_grey(qtbot, room):
    page = shown(qtbot, ExchangePage(room), room)

    assert page.card.title.text() == "没插 U 盘"
    assert not page.card.write.isEnabled()
    assert page.card.write.accessibleDescription() == "插上 U 盘就亮"
    assert QApplication.focusWidget() is page.card.folder


def test_two_keys_write_everything_and_one_sentence_says_so(qtbot, page, stick, town):
    hands = Hands(page)
    hands.chord(Qt.Key.Key_U, ctrl=True)

    ended(qtbot, page)
    assert page.told.sentence.text() == SENTENCE
    assert page.card.title.text() == "写好了，可以拔"
    assert len(list(stick.glob("*.json"))) == 7
    qtbot.waitUntil(lambda: page.out_title.after.text() == "没有要送的")


def test_what_was_cleared_from_the_stick_is_said():
    assert sent_words(Sent(0, cleared=2)) == "没有新的要写，可以拔。早就送到了的 2 包已从 U 盘里清走，其余的都在。"
    assert sent_words(Sent(7, 7, 19, "县里", 1)).startswith(
        "7 项都在 U 盘里了，可以拔。到县里插上，选“收”。早就送到了的 1 包"
    )


def test_while_it_is_written_it_says_how_far_and_not_to_unplug(qtbot, page, town):
    town.gate.clear()
    page.write()

    qtbot.waitUntil(page.card.count.isVisible)
    assert page.card.state == WRITING
    assert page.card.count.text() == "0 / 7"
    assert page.card.step.text() == "协商共识（已定稿），约 10 秒"
    assert page.card.hold.text() == "先别拔"
    assert page.card.stop.hasFocus()
    town.gate.set()
    ended(qtbot, page)


def test_escape_stops_and_what_is_written_stays(qtbot, page, stick, town):
    town.gate.clear()
    page.write()
    qtbot.waitUntil(page.card.count.isVisible)

    Hands(page).press("⎋")
    assert page.card.step.text() == "正在停下"
    town.gate.set()

    ended(qtbot, page)
    assert page.told.sentence.text() == "没有新的要写，可以拔。U 盘里原来的都在。"
    assert len(town.to_send) == 7


def test_the_window_answers_while_a_slow_stick_is_written(qtbot, page, town):
    town.gate.clear()
    page.write()
    qtbot.waitUntil(page.card.count.isVisible)

    page.ways.ways[1].setFocus()
    Hands(page).press("←")
    assert page.ways.ways[0].isChecked()
    town.gate.set()
    ended(qtbot, page)


def test_a_stick_pulled_too_early_is_told_in_three_parts_and_tried_again(qtbot, page, town):
    town.breaks = gone()
    page.write()
    qtbot.waitUntil(page.trouble.isVisible)
    assert page.trouble.accessibleName() == "“示例U盘”不在了"
    assert "C-603" in page.trouble.accessibleDescription()
    assert "本机的东西都在" in page.trouble.accessibleDescription()

    ended(qtbot, page)
    page._try_again()
    ended(qtbot, page)
    assert not page.trouble.isVisible()
    assert page.told.sentence.text() == SENTENCE


def carried(stick):
    for at, title in enumerate(("四月协商计划 3 场", "批示 1 条")):
        row = {"title": title, "sort": "plan", "note": "", "meeting": ""}
        (stick / f"{at}.json").write_text(json.dumps(row), "utf-8")


def test_nothing_is_taken_in_before_somebody_has_seen_what_it_would_do(qtbot, page, stick, town):
    carried(stick)
    hands = Hands(page)
    hands.chord(Qt.Key.Key_I, ctrl=True)
    qtbot.waitUntil(page.card.accept.isVisible)

    assert [one.text() for one in page.card.told] == ["新 2 条", "改 3 条", "两边都改 1 处", "看不懂先存着 0"]
    assert town.met.rows == ()
    hands.press("↵")

    ended(qtbot, page)
    assert page.told.sentence.text() == "收好了：新 2 条，改 3 条。有 1 处两边都改过，等您定。"
    qtbot.waitUntil(lambda: page.in_title.after.text() == "县政协办 · 3月27日")


def test_escape_at_the_preview_takes_nothing(qtbot, page, stick, town):
    carried(stick)
    page.look_in()
    qtbot.waitUntil(page.card.accept.isVisible)

    Hands(page).press("⎋")

    ended(qtbot, page)
    assert town.met.rows == ()
    assert page.told.sentence.text() == "没有收，本机和 U 盘都没变。"


def test_what_was_taken_in_once_is_said_to_be_known(qtbot, page, stick, town):
    carried(stick)
    page.look_in()
    qtbot.waitUntil(page.card.accept.isVisible)
    page.accept()
    assert page.card.state == TAKING
    ended(qtbot, page)

    page.look_in()

    ended(qtbot, page)
    assert page.told.sentence.text() == "都收过了，没有新的。"


def test_the_line_asks_for_an_address_once_and_keeps_it(qtbot, page, room):
    hands = Hands(page)
    hands.chord(Qt.Key.Key_R, ctrl=True)
    assert page.card.way == WIRE
    assert page.card.address.note.isVisible()

    page.card.address.line.setText("http://192.168.1.10:8420")
    hands.press("↵")

    ended(qtbot, page)
    assert page.told.sentence.text() == "7 项送到县里了。"
    assert room.jotted("exchange/address") == "http://192.168.1.10:8420"


def test_a_line_that_is_down_says_to_use_the_stick(qtbot, page, town):
    town.breaks = LineDown()
    page.card.address.line.setText("http://192.168.1.10:8420")
    page.sync()

    qtbot.waitUntil(page.trouble.isVisible)
    assert "U盘" in page.trouble.accessibleDescription()
    ended(qtbot, page)


def test_every_package_says_who_has_it_in_words(page):
    spoken = [one.accessibleName() for one in page.receipts.findChildren(PackageRow)]

    assert spoken[0] == "3月27日 · 12 项，U 盘 · 第 18 包，县 收到了 3月27日，州 收到了 3月27日，省 在路上"
    assert len(spoken) == 3


def test_gaps_are_named(qtbot, page, town):
    town.missing = ["缺第 7 包，桃园村，3月2日"]
    page._ask()

    qtbot.waitUntil(page.gaps.isVisible)
    assert page.gaps.sentences == ("缺第 7 包，桃园村，3月2日",)


def test_the_red_row_leads_to_what_waits(page, room, qtbot):
    assert page.waiting.words.text() == "有 2 处两边都改过，等您定"

    with qtbot.waitSignal(room.went) as went:
        page.waiting.button.click()

    assert went.args[0] == "contest"


def test_a_laptop_that_is_not_enrolled_says_so_and_what_to_do(qtbot, world):
    bare = world.room()
    page = shown(qtbot, ExchangePage(bare), bare)

    assert page.nobody.title.text() == "还没登记"
    assert "一条都不会丢" in page.nobody.sentence.text()
    with qtbot.waitSignal(bare.went) as went:
        Hands(page).press("↵")
    assert went.args == ["enrolment", "exchange"]
    bare.tasks.finish()


def test_a_county_that_nobody_has_founded_is_told_so_and_not_to_enrol_at_the_county(qtbot, world):
    bare = world.room()
    bare.choose(PLACE, "530102")
    page = shown(qtbot, ExchangePage(bare), bare)

    assert page.nobody.title.text() == "这个单位还没设立"
    assert "县里登记" not in page.nobody.sentence.text()
    assert page.nobody.button.text() == "去设立"
    assert page.hints()[0].words == "去设立"
    bare.tasks.finish()


def test_a_year_of_rows_is_cut_to_what_one_can_read(qtbot, page, town):
    town.to_send = [Row(f"第 {at} 条", Sort.TOPIC) for at in range(500)]
    page._ask()

    qtbot.waitUntil(lambda: page.out_title.after.text().startswith("500"))
    qtbot.waitUntil(lambda: len(rows_of(page.out_card)) == 40)


def test_several_sticks_are_all_shown_and_the_one_meant_is_ticked(qtbot, page, tmp_path):
    page.use_folder(tmp_path)

    assert page.card.stick.folder == tmp_path
    assert page.card.title.text() == "U 盘插好了"
    assert page._show_sticks([*page.card.sticks[:1]]) is None
    assert page.card.stick.folder == tmp_path


def test_what_came_is_listed(qtbot, page, town):
    town.met = type(town.met)("县政协办", None, THEIRS)
    page._ask()

    qtbot.waitUntil(lambda: len(rows_of(page.in_card)) == 2)
    assert page.in_title.after.text() == "还没收过"


@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_on_its_way_is_said_in_a_word_in_every_theme(page, dressed, theme):
    dressed(theme)

    assert page.receipts.findChildren(PackageRow)[0]._told(2) == "在路上"


def test_the_check_sheet_is_printed_with_one_key_or_kept_as_pdf_where_nothing_prints(qtbot, page, tmp_path):
    page.check_sheet.folder, page.check_sheet.find = tmp_path / "papers", list

    with qtbot.waitSignal(page.check_sheet.told) as told:
        Hands(page).chord(Qt.Key.Key_P, ctrl=True)

    (file,) = (tmp_path / "papers").glob("*交换核对单*")
    assert file.read_bytes().startswith(b"%PDF")
    assert told.args[0].startswith("没印成，核对单存在")
    assert not page.check_sheet.is_under_way


def test_a_folder_that_cannot_be_written_to_is_said_in_place(qtbot, page, tmp_path):
    (tmp_path / "papers").write_bytes(b"")
    page.check_sheet.folder, page.check_sheet.find = tmp_path / "papers", list

    page.check.click()

    qtbot.waitUntil(page.trouble.isVisible)
    assert not page.check_sheet.is_under_way
