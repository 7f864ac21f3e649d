"""Typing with an input method: no word is lost, no Enter is taken for a wish it was not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.widgets.composing_edit import ComposingLine, ComposingText, fold_width, hint

CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
Key = Qt.Key


def compose(field, preedit: str = "", commit: str = "") -> None:
    """Say to a field what an input method would say."""
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QApplication.sendEvent(field, event)


def heard(signal) -> list[object]:
    said: list[object] = []
    signal.connect(lambda *words: said.append(words[0] if words else None))
    return said


class Yard(QWidget):
    """A window with a line, a text and one more field."""

    def __init__(self, tick) -> None:
        super().__init__()
        self.line, self.text, self.other = ComposingLine(clock_ms=tick), ComposingText(clock_ms=tick), ComposingLine()
        column = QVBoxLayout(self)
        for field in (self.line, self.text, self.other):
            column.addWidget(field)
        self.resize(500, 300)
        self.pressed: list[str] = []

    def shortcut(self, keys: str) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(lambda: self.pressed.append(keys))


@pytest.fixture
def yard(qtbot, tick):
    window = Yard(tick)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.line.setFocus()
    return window


@pytest.fixture(params=["line", "text"])
def field(request, yard):
    chosen = getattr(yard, request.param)
    chosen.setFocus()
    return chosen


# Rule 1: while composing, keys belong to the input method.


def test_enter_while_composing_submits_nothing(field):
    submitted = heard(field.submitted)
    compose(field, "zhao")

    QTest.keyClick(field, Key.Key_Return)
    QTest.keyClick(field, Key.Key_Enter)

    assert submitted == []
    assert field.composing
    assert field.preedit == "zhao"


def test_even_qts_own_signal_of_enter_stays_silent_while_composing(yard):
    returned = heard(yard.line.returnPressed)
    compose(yard.line, "zhao")

    QTest.keyClick(yard.line, Key.Key_Return)

    assert returned == []


@pytest.mark.parametrize(
    "key",
    [
        Key.Key_Space,
        Key.Key_1,
        Key.Key_9,
        Key.Key_Up,
        Key.Key_Down,
        Key.Key_Left,
        Key.Key_Escape,
        Key.Key_Tab,
        Key.Key_Backspace,
    ],
)
def test_choosing_keys_change_nothing_while_composing(field, yard, key):
    field.resume("石墙")
    escaped = []
    yard.keyPressEvent = lambda event: escaped.append(event.key())  # type: ignore[method-assign]
    compose(field, "cun")

    QTest.keyClick(field, key)

    assert field.text() == "石墙"
    assert field.preedit == "cun"
    assert field.hasFocus()
    assert escaped == []


@pytest.mark.parametrize("keys", ["Ctrl+K", "Ctrl+Return", "F3", "Alt+Q", "Esc", "Ctrl+Z", "Ctrl+1"])
def test_our_shortcuts_wait_for_the_end_of_the_composition(field, yard, keys):
    yard.shortcut(keys)
    combination = QKeySequence(keys)[0]

    compose(field, "zmg")
    QTest.keyClick(field, combination.key(), combination.keyboardModifiers())
    assert yard.pressed == []

    compose(field, "")
    QTest.keyClick(field, combination.key(), combination.keyboardModifiers())
    assert yard.pressed == [keys]


def test_an_enter_right_after_a_commit_is_the_same_key_twice(field, tick):
    submitted = heard(field.submitted)
    compose(field, "zhao")
    compose(field, "", commit="赵某甲")

    tick.passes(49)
    QTest.keyClick(field, Key.Key_Return)
    assert submitted == []

    tick.passes(1)
    QTest.keyClick(field, Key.Key_Return)
    assert submitted == ["赵某甲"]


def test_enter_without_a_composition_submits_at_once(field):
    submitted = heard(field.submitted)
    QTest.keyClicks(field, "zmg")

    QTest.keyClick(field, Key.Key_Return)

    assert submitted == ["zmg"]
    assert field.text() == "zmg"


# Rule 2: the hint.


def test_the_hint_comes_and_goes_with_the_composition(field):
    said = heard(field.composing_changed)

    compose(field, "z")
    compose(field, "zh")
    compose(field, "", commit="这")

    assert said == [True, False]
    assert "回车只上屏" in hint()


def test_a_field_that_loses_the_keyboard_is_not_composing_any_more(yard):
    yard.line.setFocus()
    compose(yard.line, "zh")

    yard.other.setFocus()

    assert not yard.line.composing


# Rules 3 and 4: fields for initials.


def test_a_field_for_initials_keeps_the_input_method_off(yard):
    yard.line.set_initials_only()

    assert not yard.line.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)
    assert yard.other.inputMethodQuery(Qt.InputMethodQuery.ImEnabled)


def test_ctrl_space_turns_the_input_method_on_for_that_field_and_it_stays(yard):
    yard.line.set_initials_only()
    yard.other.set_initials_only()

    QTest.keyClick(yard.line, Key.Key_Space, CTRL)
    yard.text.setFocus()
    yard.line.setFocus()

    assert yard.line.ime_on()
    assert not yard.other.ime_on()
    assert yard.line.text() == ""
    QTest.keyClick(yard.line, Key.Key_Space, CTRL)
    assert not yard.line.ime_on()


def test_the_letters_under_way_are_searched_without_their_marks(yard):
    keyed = heard(yard.line.keyed)

    compose(yard.line, "z")
    compose(yard.line, "z'm")
    compose(yard.line, "z'm'g")
    compose(yard.line, "")

    assert keyed == ["z", "zm", "zmg", ""]


def test_typed_letters_are_searched_just_the_same(yard):
    keyed = heard(yard.line.keyed)

    QTest.keyClicks(yard.line, "zm")

    assert keyed == ["z", "zm"]


def test_the_search_sees_the_letters_where_the_caret_stands(yard):
    yard.line.resume("王辛")
    yard.line.setCursorPosition(1)

    compose(yard.line, "mo'u")

    assert yard.line.search_key() == "王mou辛"
    assert yard.line.half_typed() == "王mo'u辛"


# Rule 6: nothing takes a word away, and half of one is kept too.


def test_putting_text_back_never_disturbs_a_composition(field):
    compose(field, "zhao")

    assert not field.resume("别的")

    assert field.half_typed() == "zhao"


def test_putting_text_back_moves_no_focus(yard):
    yard.other.setFocus()

    assert yard.line.resume("说到一半")
    assert yard.text.resume("凡是涉及")

    assert yard.other.hasFocus()
    assert yard.text.textCursor().position() == 4


def test_half_a_word_is_kept_after_a_rest_with_its_letters(field):
    kept = heard(field.worth_keeping)
    QTest.keyClicks(field, "a")
    compose(field, "tong'yi")
    assert (field.keeping.rest.interval(), field.keeping.longest.interval()) == (250, 1_000)
    assert kept == []

    field.keeping.rest.timeout.emit()

    assert kept == ["atong'yi"]
    assert not field.keeping.rest.isActive()
    assert not field.keeping.longest.isActive()


def test_typing_without_a_rest_is_kept_every_second(field):
    QTest.keyClicks(field, "a")
    first = field.keeping.longest.remainingTime()

    QTest.keyClicks(field, "b")

    assert field.keeping.longest.isActive()
    assert field.keeping.longest.remainingTime() <= first


def test_leaving_a_field_keeps_what_was_typed_at_once(yard):
    kept = heard(yard.line.worth_keeping)
    QTest.keyClicks(yard.line, "zm")

    yard.other.setFocus()

    assert kept == ["zm"]


def test_a_field_nobody_typed_in_has_nothing_to_keep(yard):
    kept = heard(yard.line.worth_keeping)

    yard.other.setFocus()

    assert kept == []


def test_a_change_of_theme_leaves_focus_text_and_composition_alone(field, dressed):
    field.resume("石墙村")
    compose(field, "cun")

    dressed("dark", 20)

    assert field.hasFocus()
    assert (field.text(), field.preedit) == ("石墙村", "cun")


# Rule 7: the window of candidates stands at the caret.


def test_the_caret_is_said_where_it_stands(field):
    def place() -> float:
        return field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).x()

    at_the_start = place()
    field.resume("凡是涉及公共安全")

    assert field.rect().contains(field.caret())
    assert place() > at_the_start + 80


def test_the_caret_of_a_text_counts_its_padding(yard):
    inner = yard.text.viewport().mapTo(yard.text, QPoint(0, 0))

    rectangle = yard.text.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)

    assert rectangle.y() >= inner.y() > 0


# Rule 8: full-width figures and signs.


def test_full_width_figures_are_figures():
    assert fold_width("４３０") == "430"
    assert fold_width("１０：３０　ＡＭ") == "10:30 AM"
    assert fold_width("赵某甲") == "赵某甲"


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold_width(fold_width(text)) == fold_width(text)
    assert len(fold_width(text)) == len(text)


# Keys of a text, and undo.


def test_shift_enter_is_a_new_line_and_tab_leaves(yard):
    yard.text.setFocus()
    QTest.keyClicks(yard.text, "ab")
    QTest.keyClick(yard.text, Key.Key_Return, SHIFT)
    QTest.keyClicks(yard.text, "c")
    assert yard.text.text() == "ab\nc"

    QTest.keyClick(yard.text, Key.Key_Tab, CTRL)
    assert yard.text.text() == "ab\nc\t"

    QTest.keyClick(yard.text, Key.Key_Tab)
    assert yard.other.hasFocus()


def test_a_text_grows_to_four_lines_and_then_scrolls(yard):
    heights = []
    for lines in range(1, 8):
        yard.text.resume("\n".join("行" * lines))
        heights.append(yard.text.height())

    assert heights[0] < heights[1] < heights[2] < heights[3]
    assert heights[3] == heights[6]


def test_as_many_lines_are_seen_as_the_text_has_grown_to(yard):
    for lines in range(1, 7):
        yard.text.resume("\n".join("行" * lines))
        QApplication.processEvents()

        assert yard.text.verticalScrollBar().value() == max(0, lines - 4)


def test_a_long_line_grows_the_text_too(yard):
    one_line = yard.text.height()

    yard.text.resume("墙就沿量出来的线砌，两家各出一半工钱。" * 4)

    assert yard.text.height() > one_line


@pytest.mark.parametrize("field", ["line", "text"], indirect=True)
def test_ctrl_enter_is_not_enter(field, yard):
    submitted = heard(field.submitted)
    yard.shortcut("Ctrl+Return")
    QTest.keyClicks(field, "ab")

    QTest.keyClick(field, Key.Key_Return, CTRL)

    assert (submitted, field.text(), yard.pressed) == ([], "ab", ["Ctrl+Return"])


def test_ctrl_z_undoes_typing_while_there_is_any_and_the_meeting_when_the_field_is_empty(field, yard):
    yard.shortcut("Ctrl+Z")
    QTest.keyClicks(field, "ab")

    QTest.keyClick(field, Key.Key_Z, CTRL)
    assert field.text() != "ab"
    assert yard.pressed == []

    field.resume("")
    QTest.keyClick(field, Key.Key_Z, CTRL)
    assert yard.pressed == ["Ctrl+Z"]


@pytest.mark.parametrize("letter", "KEDUNPFHBL")
def test_ctrl_letters_that_edit_nothing_belong_to_the_window(field, yard, letter):
    yard.shortcut(f"Ctrl+{letter}")
    field.resume("石墙村")

    QTest.keyClick(field, getattr(Key, f"Key_{letter}"), CTRL)

    assert yard.pressed == [f"Ctrl+{letter}"]
    assert field.text() == "石墙村"


class Down:
    """Something that wants the arrow down."""

    def __init__(self) -> None:
        self.taken = 0

    def wants(self, event: QKeyEvent) -> bool:
        return event.key() == Key.Key_Down

    def take(self, event: QKeyEvent) -> None:
        self.taken += 1


def test_a_field_lends_keys_to_a_list_but_never_while_composing(field):
    list_of_names = Down()
    field.lend_keys(list_of_names)

    QTest.keyClick(field, Key.Key_Down)
    compose(field, "zm")
    QTest.keyClick(field, Key.Key_Down)
    compose(field, "")
    field.take_back_keys(list_of_names)
    QTest.keyClick(field, Key.Key_Down)

    assert list_of_names.taken == 1


def test_dropped_photos_are_given_away_and_not_written_into_the_text(yard):
    given = heard(yard.text.files_given)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile("/tmp/桩.jpg")])

    assert yard.text.canInsertFromMimeData(dropped)
    yard.text.insertFromMimeData(dropped)

    assert given == [["/tmp/桩.jpg"]]
    assert yard.text.text() == ""


def test_a_release_of_a_key_is_nobodys_wish(field):
    submitted = heard(field.submitted)

    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyRelease, Key.Key_Return, Qt.KeyboardModifier.NoModifier))

    assert submitted == []


def test_a_field_for_initials_holds_no_more_than_a_name(qtbot):
    line = ComposingLine()
    qtbot.addWidget(line)
    line.set_initials_only()

    line.insert("z" * 5000)
    held = len(line.text())
    line.set_initials_only(False)
    line.insert("z" * 5000)

    assert held == 40
    assert len(line.text()) == 5040
