"""The parts of the screens: what they show, what they say to those who cannot see it, and which keys they answer."""

import pytest
from PySide6.QtCore import QEvent, QKeyCombination, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.gallery import Gallery
from ui.theme import look, tokens
from ui.widgets.banner import Banner
from ui.widgets.bench_meter import BenchMeter
from ui.widgets.button import Button, ReasonedButton
from ui.widgets.candidate_popup import Candidate, CandidatePopup, Offer
from ui.widgets.check_row import CheckRow
from ui.widgets.chip import Chip
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.empty_state import EmptyState
from ui.widgets.error_panel import ErrorPanel, WayOut
from ui.widgets.field import Field
from ui.widgets.focus_ring import FocusRing
from ui.widgets.key_cap import KeyCap, cap_size
from ui.widgets.lifecycle_dots import LifecycleDots
from ui.widgets.page_preview import PagePreview
from ui.widgets.progress import Progress, remaining_words
from ui.widgets.skeleton import Skeleton
from ui.widgets.stage_rail import StageRail
from ui.widgets.status_bar import KeyHint, StatusBar
from ui.widgets.tag import Tag, tone_of_statement
from ui.widgets.tally import Tally
from ui.widgets.toast import STAY_MS, Toast

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LIFE = ("征集", "研判", "立题", "协商", "办理", "回访", "办结")
STAGES = ("签到", "说事", "议事", "定事", "收尾")


def heard(signal) -> list[object]:
    said: list[object] = []
    signal.connect(lambda *words: said.append(words[0] if words else None))
    return said


def pixels(widget: QWidget, token: str) -> int:
    """Return how many pixels of a part have exactly the colour of a token."""
    image, wanted = widget.grab().toImage(), look().colour(token).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


@pytest.fixture
def window(qtbot):
    shown = QWidget()
    shown.resize(900, 640)
    QVBoxLayout(shown)
    qtbot.addWidget(shown)
    with qtbot.waitActive(shown):
        shown.show()
        shown.activateWindow()
    return shown


def put(window: QWidget, *parts: QWidget) -> None:
    for part in parts:
        window.layout().addWidget(part)
    QApplication.processEvents()


# Buttons


def test_enter_and_space_press_a_button(window):
    button = Button("进入会场", "primary", "arrow-right", "↵")
    put(window, button)
    pressed = heard(button.clicked)

    QTest.keyClick(button, Key.Key_Return)
    QTest.keyClick(button, Key.Key_Space)

    assert len(pressed) == 2


def test_a_button_says_its_key(window):
    assert Button("定下", key="Ctrl ↵").accessibleDescription() == "按键 Ctrl 回车"


def test_red_fills_only_the_button_that_seals(window):
    buttons = {kind: Button("定稿落印", kind, "stamp") for kind in ("primary", "seal", "plain", "quiet")}
    put(window, *buttons.values())

    red = {kind: pixels(button, "seal_fill") for kind, button in buttons.items()}

    assert red["seal"] > 2_000
    assert red["primary"] == red["plain"] == red["quiet"] == 0


def test_a_button_that_cannot_be_pressed_says_why_beside_itself(window):
    reasoned = ReasonedButton(Button("去打印", "primary", "printer", "Ctrl P"), "补上期限就亮")
    put(window, reasoned)
    pressed = heard(reasoned.clicked)

    QTest.mouseClick(reasoned.button, Qt.MouseButton.LeftButton)
    assert pressed == []
    assert reasoned.reason.isVisible()
    assert reasoned.button.accessibleDescription() == "补上期限就亮"

    reasoned.refuse(None)
    QTest.mouseClick(reasoned.button, Qt.MouseButton.LeftButton)
    assert len(pressed) == 1
    assert not reasoned.reason.isVisible()


def test_a_waiting_button_keeps_its_words_and_width(window):
    button = Button("打印", icon="printer")
    put(window, button)
    before = button.sizeHint()

    button.set_busy(True)
    assert not button.is_turning
    button._wait.timeout.emit()

    assert button.is_turning
    assert (button.text(), button.sizeHint()) == ("打印", before)


def test_buttons_can_be_hit_at_every_letter_size(dressed):
    for base in (14, 15, 17, 20):
        dressed("light", base)
        assert Button("试打印").sizeHint().height() >= 32
        assert Button("进入会场", "primary", tall=True).sizeHint().height() >= 39


def test_one_ring_stands_around_the_button_that_has_the_keyboard(window):
    one, other, line = Button("看材料"), Chip("王某辛", "person", "村支书"), ComposingLine()
    put(window, one, other, line)

    one.setFocus()
    ring = window.findChild(FocusRing)
    assert ring.isVisible()
    assert ring.geometry() == one.geometry().adjusted(-4, -4, 4, 4)

    other.setFocus()
    assert len(window.findChildren(FocusRing)) == 1
    assert ring.geometry() == other.geometry().adjusted(-4, -4, 4, 4)

    line.setFocus()
    assert not ring.isVisible()


# Chips and tags


def test_a_chip_shortens_the_role_before_the_name():
    chip = Chip("王某辛", "person", "自然资源所驻村第一书记")

    assert chip.minimumSizeHint().width() < chip.sizeHint().width()
    assert chip.minimumSizeHint().width() > Chip("王", "person").minimumSizeHint().width()
    assert chip.accessibleName() == "发言人 王某辛 自然资源所驻村第一书记"


def test_dissent_is_ochre_and_never_red():
    assert tone_of_statement("异议") == "ochre"
    assert [tone_of_statement(kind) for kind in ("诉求", "意见", "建议", "答复", "承诺")] == [
        "ink",
        "outline",
        "indigo",
        "pine",
        "pine",
    ]


def test_in_sunlight_a_tag_is_an_outline_in_its_colour(window, dressed):
    tag = Tag("异议", "ochre")
    put(window, tag)
    assert pixels(tag, "ochre_tint") > 300

    dressed("sun")

    assert pixels(tag, "ochre") > 2 * (tag.width() + tag.height())


def test_a_key_cap_names_its_key():
    cap = KeyCap("↵")

    assert cap.accessibleName() == "按键 回车"
    assert cap.sizeHint() == cap_size("↵")


# Meter, tally, dots, rail


@pytest.mark.parametrize(
    ("present", "said"),
    [
        (27, "到会 27 人，应到 32，已过半"),
        (12, "到会 12 人，应到 32，差 5 人过半"),
        (17, "到会 17 人，应到 32，已过半"),
    ],
)
def test_the_meter_says_what_it_draws(present, said):
    assert BenchMeter(present, 32, 17).accessibleDescription() == said


def test_the_meter_has_a_bar_for_each_person_and_one_for_five_in_a_large_yard():
    assert BenchMeter(27, 32, 17).bars() == (27, 32)
    assert BenchMeter(60, 60, 31).bars() == (60, 60)
    assert BenchMeter(212, 302, 152).bars() == (42, 61)
    assert BenchMeter(35, 32, 17).bars() == (35, 35)


def test_the_meter_marks_enough_in_red_only_when_enough_was_asked_for(window):
    asked, unasked = BenchMeter(3, 32, 17), BenchMeter(3, 32, None)
    put(window, asked, unasked)

    assert pixels(asked, "seal") > 10
    assert pixels(unasked, "seal") == 0
    assert unasked.verdict() == ""


def test_a_meter_without_people_draws_nothing_and_harms_nobody(window):
    empty = BenchMeter()
    put(window, empty)

    assert pixels(empty, "ink") == 0


def test_every_vote_is_a_stroke(window):
    inked = []
    for count in range(1, 6):
        tally = Tally(count, "同意", number=False)
        put(window, tally)
        inked.append(pixels(tally, "ink"))

    assert inked == sorted(inked)
    assert len(set(inked)) == 5


def test_the_tally_says_its_number():
    tally = Tally(25, "同意")

    assert tally.accessibleDescription() == "同意 25"
    tally.show_count(26)
    assert tally.accessibleDescription() == "同意 26"


def test_a_narrow_tally_says_how_many_fives():
    tally = Tally(98, "同意")

    assert tally.minimumSizeHint().width() < tally.sizeHint().width() / 3


def test_a_sum_that_does_not_fit_is_red(window):
    tally = Tally(3, "同意")
    put(window, tally)
    assert pixels(tally, "seal") == 0

    tally.show_count(3, wrong=True)

    assert pixels(tally, "seal") > 0


def test_in_sunlight_unwritten_strokes_are_not_drawn(window, dressed):
    dressed("sun")
    one, five = Tally(1, number=False), Tally(5, number=False)
    put(window, one, five)

    dark = [sum(pixels(tally, token) for token in ("ink", "line2")) for tally in (one, five)]

    assert dark[0] * 3 < dark[1]


def test_the_dots_say_which_step_of_how_many():
    dots = LifecycleDots(LIFE, 4)
    assert dots.accessibleDescription() == "第 5 步 办理，共 7 步"

    dots.show_stage(6)

    assert dots.accessibleDescription() == "第 7 步 办结，共 7 步"


def test_the_rail_has_one_red_dot_and_a_tick_for_what_is_done(window):
    rail = StageRail(STAGES, 0)
    put(window, rail)
    assert pixels(rail, "pine") == 0
    assert pixels(rail, "seal") > 8

    rail.show_stage(2)
    assert pixels(rail, "pine") > 0
    assert rail.accessibleDescription() == "第 3 步 议事，共 5 步"

    rail.show_stage(5)
    assert pixels(rail, "seal") == 0
    assert rail.accessibleDescription() == "5 步都走完了"


# Candidates


ZHENG = Candidate("zheng", "郑某庚", "zmg", "村民 · 二组")
ZHOU = Candidate("zhou", "周某庚", "zmg", "村民 · 五组")
HERE = Candidate("zhao", "赵某甲", "zmj", "当事人", already="10:01")
REGISTER = Offer("register", "登记新来的人", "user-plus", "Ctrl ↵", QKeyCombination(CTRL, Key.Key_Return))
PROXY = Offer("proxy", "家人代签", "hand-palm", "Tab", QKeyCombination(Key.Key_Tab))


@pytest.fixture
def desk(window):
    line, after = ComposingLine(), Button("后面的")
    line.set_initials_only()
    put(window, line, after)
    line.setFocus()
    popup = CandidatePopup(line, "名册里的人")
    return line, popup


def test_the_list_never_takes_the_keyboard(desk):
    line, popup = desk

    popup.show_candidates([ZHENG, ZHOU])
    QTest.keyClicks(line, "zmg")

    assert popup.isVisible()
    assert line.hasFocus()
    assert line.text() == "zmg"


def test_enter_takes_the_first_and_arrow_down_the_second(desk):
    line, popup = desk
    chosen, submitted = heard(popup.chosen), heard(line.submitted)
    popup.show_candidates([ZHENG, ZHOU], [REGISTER])

    QTest.keyClick(line, Key.Key_Return)
    QTest.keyClick(line, Key.Key_Down)
    QTest.keyClick(line, Key.Key_Return)

    assert chosen == ["zheng", "zhou"]
    assert submitted == []


def test_one_candidate_left_is_not_taken_by_itself(desk):
    _, popup = desk
    chosen = heard(popup.chosen)

    popup.show_candidates([ZHENG])

    assert chosen == []


def test_somebody_already_here_cannot_come_twice(desk):
    line, popup = desk
    chosen, refused = heard(popup.chosen), heard(popup.refused)
    popup.show_candidates([HERE])

    QTest.keyClick(line, Key.Key_Return)

    assert (chosen, refused) == ([], ["zhao"])
    assert popup.flashing_row() == 0
    popup._flash_end.timeout.emit()
    assert popup.flashing_row() == -1


def test_those_already_here_do_not_stand_in_the_way(desk):
    line, popup = desk
    chosen = heard(popup.chosen)
    popup.show_candidates([HERE, ZHENG])

    QTest.keyClick(line, Key.Key_Return)

    assert chosen == ["zheng"]


def test_offers_have_their_own_keys(desk):
    line, popup = desk
    offered = heard(popup.offered)
    popup.show_candidates([ZHENG], [REGISTER, PROXY])

    QTest.keyClick(line, Key.Key_Return, CTRL)
    QTest.keyClick(line, Key.Key_Tab)

    assert offered == ["register", "proxy"]
    assert line.hasFocus()


def test_an_offer_can_be_reached_with_the_arrows_too(desk):
    line, popup = desk
    offered = heard(popup.offered)
    popup.show_candidates([ZHENG], [REGISTER, PROXY])

    for _ in range(5):
        QTest.keyClick(line, Key.Key_Down)
    QTest.keyClick(line, Key.Key_Return)

    assert offered == ["proxy"]


def test_escape_closes_the_list_and_keeps_the_letters(desk):
    line, popup = desk
    QTest.keyClicks(line, "zm")
    popup.show_candidates([ZHENG])

    QTest.keyClick(line, Key.Key_Escape)

    assert not popup.isVisible()
    assert line.text() == "zm"


def test_nobody_found_is_said_and_enter_is_the_fields_own(desk):
    line, popup = desk
    submitted = heard(line.submitted)
    popup.show_candidates([], [REGISTER], "名册里没有")

    QTest.keyClick(line, Key.Key_Return)

    assert popup.texts() == ["名册里没有", "登记新来的人 Ctrl 回车"]
    assert submitted == [""]


def test_an_empty_list_goes_away(desk):
    _, popup = desk
    popup.show_candidates([ZHENG])

    popup.show_candidates([])

    assert not popup.isVisible()


def test_six_are_shown_at_most(desk):
    _, popup = desk

    popup.show_candidates([Candidate(at, f"赵某{at}") for at in range(20)], [REGISTER])

    assert len(popup.texts()) == 7


def test_a_click_takes_a_row(desk):
    _, popup = desk
    chosen = heard(popup.chosen)
    popup.show_candidates([ZHENG, ZHOU])
    shown = popup._list
    QApplication.processEvents()

    place = shown.visualRect(shown.model().index(1, 0)).center()
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert chosen == ["zhou"]


def test_a_reader_hears_the_row_that_enter_would_take(desk):
    line, popup = desk
    popup.show_candidates([ZHENG, ZHOU])
    assert popup.accessibleDescription() == "郑某庚 zmg 村民 · 二组"

    QTest.keyClick(line, Key.Key_Down)

    assert popup.accessibleDescription() == "周某庚 zmg 村民 · 五组"


def test_matched_letters_are_red(desk):
    _, popup = desk
    popup.show_candidates([Candidate(1, "郑某庚", detail="村民")])
    plain = pixels(popup, "seal")

    popup.show_candidates([Candidate(1, "郑某庚", "zmg", "村民")])

    assert pixels(popup, "seal") > plain


def test_the_list_closes_when_the_field_is_left(desk, window):
    _, popup = desk
    popup.show_candidates([ZHENG])

    window.findChild(Button).setFocus()

    assert not popup.isVisible()


# Toast, banner, error, empty


def test_a_toast_brings_the_way_back(window):
    toast = Toast(window)
    undone = heard(toast.undone)

    toast.say("已签到 郑某庚", "第 28 位")
    assert toast.isVisible()
    assert toast._stay.interval() == STAY_MS
    QTest.mouseClick(toast.undo, Qt.MouseButton.LeftButton)

    assert len(undone) == 1
    assert not toast.isVisible()


def test_a_toast_waits_while_somebody_is_on_it(window):
    toast = Toast(window)
    toast.say("已签到 郑某庚")

    here = QPointF(4, 4)
    QApplication.sendEvent(toast, QEnterEvent(here, here, here))
    assert toast.is_waiting

    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert not toast.is_waiting

    toast.undo.setFocus()
    assert toast.is_waiting


def test_a_toast_takes_no_focus_and_leaves_by_itself(window):
    line = ComposingLine()
    put(window, line)
    line.setFocus()
    toast = Toast(window)

    toast.say("已签到 郑某庚")
    assert line.hasFocus()
    toast._stay.timeout.emit()

    assert not toast.isVisible()


def test_the_last_ten_toasts_can_be_read_again(window):
    toast = Toast(window)

    for at in range(12):
        toast.say(f"已签到 {at}", undo=False)

    assert len(toast.last()) == 10
    assert toast.last()[0] == "已签到 11"
    assert not toast.undo.isVisible()


def test_a_banner_has_one_thing_to_do(window):
    banner = Banner()
    put(window, banner)
    acted = heard(banner.acted)
    assert not banner.isVisible()

    banner.say("磁盘只剩 1.2 吉，够写，不够存照片", "腾地方", "hard-drives")
    QTest.mouseClick(banner.action, Qt.MouseButton.LeftButton)
    assert len(acted) == 1
    assert banner.accessibleName() == "磁盘只剩 1.2 吉，够写，不够存照片"

    banner.say("")
    assert not banner.isVisible()


def test_an_error_says_what_happened_what_is_kept_and_what_to_do(window):
    tried: list[str] = []
    panel = ErrorPanel()
    put(window, panel)

    ways = (WayOut("接着印", lambda: tried.append("印")), WayOut("存 PDF", lambda: tried.append("存")))
    panel.say("打印机没有回应", "前 2 份好的。", "看看有没有纸。", "P-207", ways)
    for button in panel.findChildren(Button):
        button.click()

    shown = [label.text() for label in panel.findChildren(QLabel)]
    assert [*shown] == ["打印机没有回应", "前 2 份好的。", "看看有没有纸。", "代号 P-207"]
    assert tried == ["印", "存"]
    assert panel.accessibleName() == "打印机没有回应"


def test_an_error_said_anew_forgets_the_old_ways_out(window):
    panel = ErrorPanel()
    put(window, panel)
    for code in ("P-207", "P-208"):
        panel.say("打印机没有回应", "", "", code, (WayOut("接着印", lambda: None),))

    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    assert len(panel.findChildren(Button)) == 1


def test_emptiness_offers_the_first_step(window):
    empty = EmptyState("tray", "还没有议题", "听到一条记一条", "记一条议题", "Ctrl N")
    put(window, empty)
    acted = heard(empty.acted)

    QTest.mouseClick(empty.button, Qt.MouseButton.LeftButton)

    assert len(acted) == 1
    assert empty.accessibleName() == "还没有议题"


# Rows, status, progress


def test_a_missing_thing_is_mended_in_its_row(window):
    line = ComposingLine()
    row = CheckRow("任务 3 没有期限", "打 420 就是 4月20日", "missing", mend=line)
    put(window, row)
    assert line.isVisible()
    assert row.accessibleName() == "任务 3 没有期限 缺"

    row.say("任务 3 4月20日", "", "complete")

    assert not line.isVisible()
    assert row.word.text() == "齐"
    assert row.accessibleName() == "任务 3 4月20日 齐"


def test_the_status_bar_tells_whether_every_word_is_kept(window):
    bar = StatusBar()
    put(window, bar)

    bar.saved_at("10:42:07")
    assert (bar.saved.text, bar.saved.tone) == ("已存 10:42:07", "pine")
    bar.saving()
    assert (bar.saved.text, bar.saved.tone) == ("正在存…", "ink3")
    bar.not_saved("磁盘满了")
    assert (bar.saved.text, bar.saved.tone) == ("没存上", "seal")
    assert bar.saved.accessibleDescription() == "磁盘满了"


def test_the_status_bar_shows_seven_keys_and_they_can_be_clicked(window):
    bar = StatusBar()
    put(window, bar)
    clicked, helped = heard(bar.key_clicked), heard(bar.help_wanted)

    bar.set_keys([(f"F{at}", "甲") for at in range(1, 10)])
    assert len(bar.keys()) == 7
    QTest.mouseClick(bar.findChildren(KeyHint)[-1], Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.help, Qt.MouseButton.LeftButton)

    assert clicked == ["F7"]
    assert len(helped) == 1


def test_a_narrow_status_bar_drops_the_last_keys_and_keeps_the_clock(window):
    window.resize(640, 640)
    bar = StatusBar()
    put(window, bar)
    bar.saved_at("10:42:07")

    bar.set_keys([(f"Ctrl {at}", "撤销上一个") for at in range(7)])

    assert 0 < len(bar.keys()) < 7
    assert bar.saved.isVisible()


def test_progress_never_goes_back_and_can_be_stopped(window):
    progress = Progress("停下就当没导过")
    put(window, progress)
    stopped = heard(progress.stopped)

    progress.show_step("正在导入 286 人", 171, 286, 12)
    progress.show_step("正在导入 286 人", 100, 286, 12)
    assert progress.bar.value() == 171
    QTest.mouseClick(progress.stop, Qt.MouseButton.LeftButton)

    assert len(stopped) == 1
    assert not progress.stop.isEnabled()


def test_progress_becomes_the_sentence_of_what_came_of_it(window, qtbot):
    progress = Progress("停下就当没导过")
    put(window, progress)
    progress.show_step("正在导入", 1, 2)

    progress._become("286 人都进了名册")

    assert progress._step.text() == "286 人都进了名册"
    assert progress.bar.value() == 2
    assert not progress.stop.isVisible()


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "还要约 5 秒"), (12, "还要约 15 秒"), (15, "还要约 15 秒"), (61, "还要约 2 分钟")]
)
def test_what_remains_is_said_in_fives(seconds, said):
    assert remaining_words(seconds) == said


def test_a_field_says_what_is_wrong_below_itself_and_keeps_the_text(window):
    field = Field(name="日期")
    put(window, field)
    height = field.line.height()
    QTest.keyClicks(field.line, "431")

    field.say_wrong("四月只有 30 天")
    QApplication.processEvents()

    assert field.note.isVisible()
    assert field.line.text() == "431"
    assert field.line.height() == height
    field.say_wrong("")
    assert not field.note.isVisible()


def test_a_field_does_not_move_when_it_gets_the_keyboard(window):
    field, other = ComposingLine(), ComposingLine()
    put(window, field, other)
    other.setFocus()
    before = field.geometry()

    field.setFocus()
    QApplication.processEvents()

    assert field.geometry() == before


def test_rows_on_their_way_are_not_seen_at_once(window):
    skeleton = Skeleton(2)
    put(window, skeleton)
    assert pixels(skeleton, "line") == 0

    skeleton._wait.timeout.emit()

    assert pixels(skeleton, "line") > 100


# Pages


def white(count: int) -> list[QImage]:
    pages = [QImage(210, 297, QImage.Format.Format_RGB32) for _ in range(count)]
    for page in pages:
        page.fill(Qt.GlobalColor.white)
    return pages


def test_pages_lie_side_by_side_as_many_as_fit(window):
    preview = PagePreview()
    put(window, preview)

    preview.show_pages(white(3))
    preview.set_zoom(0.4)

    assert preview.page_count() == 3
    assert preview._sheets.across == 2
    assert preview.accessibleDescription() == "第 1 页，共 3 页"


def test_pages_keep_the_shape_of_a4_at_every_zoom(window):
    preview = PagePreview()
    put(window, preview)
    preview.show_pages(white(2))

    for zoom in (0.5, 1.0, 2.0):
        preview.set_zoom(zoom)
        side = preview._sheets.side
        assert side.height() / side.width() == pytest.approx(297 / 210, abs=0.01)
        assert preview.zoom() == pytest.approx(zoom, abs=0.01)


def test_the_keys_of_the_preview_are_larger_smaller_and_whole(window):
    preview = PagePreview()
    put(window, preview)
    preview.show_pages(white(2))
    whole = preview.zoom()

    QTest.keyClick(preview, Key.Key_Plus)
    assert preview.zoom() > whole
    QTest.keyClick(preview, Key.Key_Minus)
    QTest.keyClick(preview, Key.Key_0, CTRL)
    assert preview.zoom() == pytest.approx(whole)


def test_the_preview_knows_which_page_is_being_read(window):
    preview = PagePreview()
    put(window, preview)
    turned = heard(preview.page_changed)
    preview.show_pages(white(5))
    preview.set_zoom(1.0)
    QApplication.processEvents()

    preview.turn_to(3)

    assert preview.current_page() == 3
    assert turned[-1] == 3
    assert preview.accessibleDescription() == "第 4 页，共 5 页"


def test_blank_sheets_come_first_and_the_text_follows(window):
    preview = PagePreview()
    put(window, preview)
    preview.expect(2)
    QApplication.processEvents()
    black = QImage(210, 297, QImage.Format.Format_RGB32)
    black.fill(Qt.GlobalColor.black)

    preview.show_page(0, black)

    middle = preview._sheets.place_of(0).center()
    seen = preview._sheets.grab().toImage().pixelColor(middle)
    assert seen.lightness() < 10


def test_without_pages_the_preview_says_so(window):
    preview = PagePreview("还没有共识可印")
    put(window, preview)

    assert preview.accessibleDescription() == "还没有共识可印"


# All together


@pytest.fixture(params=[("light", 15), ("dark", 17), ("sun", 20)], ids=str)
def gallery(request, qtbot, dressed):
    dressed(*request.param)
    page = Gallery()
    page.resize(round(100 * request.param[1]), round(63 * request.param[1]))
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.open_everything()
    QApplication.processEvents()
    return page


def controls(page: QWidget) -> list[QWidget]:
    """Return every part one can reach with the keyboard."""
    reachable = Qt.FocusPolicy.TabFocus
    return [part for part in page.findChildren(QWidget) if part.focusPolicy() & reachable and part.isVisible()]


def test_every_control_has_a_name(gallery):
    nameless = [
        type(part).__name__
        for part in controls(gallery)
        if not (part.accessibleName() or getattr(part, "placeholderText", str)() or part.focusProxy())
    ]

    assert set(nameless) <= {"QScrollBar"}


def test_every_button_can_be_hit(gallery):
    small = [part.text() for part in gallery.findChildren(Button) if part.isVisible() and part.height() < 32]

    assert small == []


def test_the_page_of_parts_is_drawn_in_the_colours_of_its_theme(gallery):
    image = gallery.grab().toImage()
    ratio = image.devicePixelRatio()
    corner = image.pixelColor(QPoint(4, 4) * ratio).name().upper()

    assert corner == tokens()[look().theme.name]["paper"]


def test_the_tab_key_walks_round_and_comes_home(gallery):
    QApplication.sendEvent(gallery.composing.line, QInputMethodEvent("", []))
    start = gallery.findChildren(Button)[0]
    start.setFocus()
    walked = [start]
    for _ in range(200):
        QTest.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        if QApplication.focusWidget() is start:
            break
        walked.append(QApplication.focusWidget())

    assert QApplication.focusWidget() is start
    assert len(walked) > 20


def test_a_change_of_look_reaches_every_part(window, dressed):
    row = QWidget()
    inside = QHBoxLayout(row)
    parts = [Button("看材料"), Tag("会中", "seal"), KeyCap("F1"), Chip("王某辛"), StageRail(STAGES, 1), Tally(7)]
    for part in parts:
        inside.addWidget(part)
    put(window, row)
    before = [part.sizeHint().height() for part in parts]

    dressed("dark", 20)

    assert all(part.sizeHint().height() > height for part, height in zip(parts, before, strict=True))
