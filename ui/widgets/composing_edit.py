"""The one place where words are typed: a line and a text that an input method can be trusted with.

Qt lets Enter through while a Chinese word is still being composed. Here every key belongs to the input method until the
composition is over, and an Enter that comes with its end is not taken for a second wish (ui.md section 9). What is
half typed, letters of the composition included, is said through `worth_keeping` soon enough to survive a power cut.
"""

import time
from collections.abc import Callable
from math import ceil
from typing import Protocol

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ui.theme import look
from ui.words import tr

ECHO_MS = 50
IDLE_MS = 250
MOST_MS = 1_000
MOST_LINES = 4

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = (
    Qt.Key.Key_Space,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)
_CTRL, _ALT, _SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
_EDITING = (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z)
_UNDOING = (Qt.Key.Key_Z, Qt.Key.Key_Y)


def monotonic_ms() -> int:
    """Return a clock that never goes back, in ms."""
    return time.monotonic_ns() // 1_000_000


def hint() -> str:
    """Return the sentence that stands under a field while a word is being composed."""
    return tr("组字中 · 回车只上屏，不提交")


def fold_width(text: str) -> str:
    """Return the text with full-width letters, figures and signs as narrow ones: ４３０ is 430, ： is :."""
    return "".join(_narrow(sign) for sign in text)


def _narrow(sign: str) -> str:
    if sign == "\u3000":
        return " "
    return chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else sign


class KeyTaker(Protocol):
    """Something that is worked from another's field, such as a list of candidates."""

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether this key is meant for it; does nothing yet."""

    def take(self, event: QKeyEvent) -> None:
        """Act on a key it wanted."""


class Composition(QObject):
    """What is being composed in one field, and which keys belong to the input method meanwhile."""

    changed = Signal(bool)

    def __init__(self, field: QWidget, clock_ms: Callable[[], int]) -> None:
        super().__init__(field)
        self.preedit = ""
        self._clock_ms = clock_ms
        self._committed_ms: int | None = None

    @property
    def composing(self) -> bool:
        """Say whether a word is under way."""
        return bool(self.preedit)

    def follow(self, event: QInputMethodEvent) -> None:
        """Take note of what the input method says it has so far."""
        before, self.preedit = self.composing, event.preeditString()
        if event.commitString():
            self._committed_ms = self._clock_ms()
        if before != self.composing:
            self.changed.emit(self.composing)

    def end(self) -> None:
        """Forget the word under way, as when the field has lost the keyboard."""
        if self.composing:
            self.preedit = ""
            self.changed.emit(False)

    def owns(self, event: QKeyEvent) -> bool:
        """Say whether a key is the input method's: while composing, or an Enter right after it."""
        if event.key() in _ENTERS and self._is_echo():
            return True
        return self.composing and not _is_letter(event)

    def _is_echo(self) -> bool:
        return self._committed_ms is not None and self._clock_ms() - self._committed_ms < ECHO_MS


def _is_letter(event: QKeyEvent) -> bool:
    """Say whether a key writes a letter or sign; figures choose candidates and do not count."""
    if event.modifiers() & (_CTRL | _ALT) or event.key() in _MOVES or event.key() in _ENTERS:
        return False
    return event.text().isprintable() and event.text() != "" and not event.text().isdigit()


class Keeping(QObject):
    """Says when what is half typed should be kept: after a short rest, and at the latest after a second."""

    due = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.rest, self.longest = QTimer(self), QTimer(self)
        for timer, wait_ms in ((self.rest, IDLE_MS), (self.longest, MOST_MS)):
            timer.setSingleShot(True)
            timer.setInterval(wait_ms)
            timer.timeout.connect(self.now)

    def typed(self) -> None:
        """Note that something was typed."""
        self.rest.start()
        if not self.longest.isActive():
            self.longest.start()

    def now(self) -> None:
        """Say that it is time, if anything was typed since the last time."""
        waited = self.longest.isActive() or self.sender() is self.longest
        self.rest.stop()
        self.longest.stop()
        if waited:
            self.due.emit()


class _Keys:
    """What a field does with a key before Qt sees it; the same for line and text."""

    def __init__(self, field: "ComposingLine | ComposingText", composition: Composition) -> None:
        self._field = field
        self._composition = composition

    def answer(self, event: QEvent) -> bool | None:
        """Return what the field's event() should return at once, or None to go on as usual."""
        if not isinstance(event, QKeyEvent):
            return None
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._before_shortcuts(event)
        if event.type() == QEvent.Type.KeyPress:
            return self._pressed(event)
        return None

    def _before_shortcuts(self, event: QKeyEvent) -> bool | None:
        if self._composition.owns(event) or self._taker(event) or self._switches_ime(event):
            event.accept()
            return True
        if self._belongs_to_the_window(event):
            event.ignore()
            return True
        return None

    def _pressed(self, event: QKeyEvent) -> bool | None:
        if self._composition.owns(event):
            event.accept()
            return True
        if taker := self._taker(event):
            event.accept()
            taker.take(event)
            return True
        if self._switches_ime(event):
            self._field.set_ime(not self._field.ime_on())
            event.accept()
            return True
        if self._belongs_to_the_window(event):
            event.ignore()
            return False
        return None

    def _taker(self, event: QKeyEvent) -> KeyTaker | None:
        return next((taker for taker in reversed(self._field.takers) if taker.wants(event)), None)

    def _switches_ime(self, event: QKeyEvent) -> bool:
        return self._field.initials_only and event.key() == Qt.Key.Key_Space and event.modifiers() == _CTRL

    def _belongs_to_the_window(self, event: QKeyEvent) -> bool:
        """Say whether a Ctrl key is none of the field's: editing keys are, except undo in an empty field."""
        if event.modifiers() & _ALT or not event.modifiers() & _CTRL:
            return False
        if event.key() in _UNDOING:
            return not self._field.half_typed()
        return Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z and event.key() not in _EDITING


MOST_INITIALS, MOST_LETTERS = 40, 32767


class ComposingLine(QLineEdit):
    """A line of text. `submitted` is Enter meant for us; do not use `returnPressed`."""

    submitted = Signal(str)
    keyed = Signal(str)
    worth_keeping = Signal(str)
    composing_changed = Signal(bool)
    left = Signal()
    _keys: _Keys | None = None  # Qt sends events while the field is still being made

    def __init__(self, parent: QWidget | None = None, clock_ms: Callable[[], int] = monotonic_ms) -> None:
        super().__init__(parent)
        self.composition = Composition(self, clock_ms)
        self.keeping = Keeping(self)
        self.initials_only = False
        self.takers: list[KeyTaker] = []
        self._keys = _Keys(self, self.composition)
        self._last_keyed = ""
        self.composition.changed.connect(self.composing_changed)
        self.keeping.due.connect(lambda: self.worth_keeping.emit(self.half_typed()))
        self.textChanged.connect(self._typed)

    @property
    def composing(self) -> bool:
        """Say whether a word is under way in the input method."""
        return self.composition.composing

    @property
    def preedit(self) -> str:
        """Return the letters of the word under way."""
        return self.composition.preedit

    def half_typed(self) -> str:
        """Return what stands in the field, the word under way included."""
        return _with_preedit(self.text(), self.cursorPosition(), self.preedit)

    def search_key(self) -> str:
        """Return text and letters under way, without the marks an input method puts between syllables."""
        return _with_preedit(self.text(), self.cursorPosition(), _plain_letters(self.preedit))

    def resume(self, text: str) -> bool:
        """Put back what was half typed without moving the focus; False, undisturbed, if a word is under way."""
        if self.composing:
            return False
        self.setText(text)
        return True

    def set_initials_only(self, only: bool = True) -> None:
        """Make this a field for initials: no input method until Ctrl Space, and no room for more than a name."""
        self.initials_only = only
        self.setMaxLength(MOST_INITIALS if only else MOST_LETTERS)
        self.set_ime(not only)

    def set_ime(self, on: bool) -> None:
        """Switch the input method on or off for this field; stays so until switched again."""
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on)

    def ime_on(self) -> bool:
        """Say whether the input method may work in this field."""
        return self.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def lend_keys(self, taker: KeyTaker) -> None:
        """Let something else have the keys it wants, the last lent first; never while composing."""
        self.takers.append(taker)

    def take_back_keys(self, taker: KeyTaker) -> None:
        """End a lending; nothing if there was none."""
        if taker in self.takers:
            self.takers.remove(taker)

    def set_wrong(self, wrong: bool) -> None:
        """Draw the red border of a field that cannot be right."""
        _mark_wrong(self, wrong)

    def event(self, event: QEvent) -> bool:
        answer = self._keys.answer(event) if self._keys else None
        return super().event(event) if answer is None else answer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ENTERS:
            super().keyPressEvent(event)
        elif event.modifiers() & (_CTRL | _ALT | _SHIFT):
            event.ignore()
        else:
            event.accept()
            self.submitted.emit(self.text())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composition.follow(event)
        super().inputMethodEvent(event)
        self._typed()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: object = None) -> object:
        if query == Qt.InputMethodQuery.ImEnabled:
            return self.ime_on() and self.isEnabled() and not self.isReadOnly()
        return super().inputMethodQuery(query)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.keeping.now()
        super().focusOutEvent(event)
        self.composition.end()
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and not self.isReadOnly() and not self.hasSelectedText():
            painter = QPainter(self)
            _paint_caret(painter, self.caret())
            painter.end()

    def caret(self) -> QRect:
        """Return where the caret stands, in the field's own coordinates."""
        place = self.cursorRect()
        return QRect(place.x() + 5, place.y(), look().px(2), place.height())

    def _typed(self) -> None:
        self.keeping.typed()
        key = self.search_key()
        if key != self._last_keyed:
            self._last_keyed = key
            self.keyed.emit(key)


class ComposingText(QPlainTextEdit):
    """A text of some lines: grows to four and then scrolls, Enter submits, Shift Enter is a new line, Tab leaves."""

    submitted = Signal(str)
    keyed = Signal(str)
    worth_keeping = Signal(str)
    composing_changed = Signal(bool)
    files_given = Signal(list)
    left = Signal()
    _keys: _Keys | None = None  # Qt sends events while the field is still being made

    def __init__(self, parent: QWidget | None = None, clock_ms: Callable[[], int] = monotonic_ms) -> None:
        super().__init__(parent)
        self.composition = Composition(self, clock_ms)
        self.keeping = Keeping(self)
        self.initials_only = False
        self.takers: list[KeyTaker] = []
        self.most_lines = MOST_LINES
        self._keys = _Keys(self, self.composition)
        self._last_keyed = ""
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setCursorWidth(2)
        self.document().setDocumentMargin(0)
        self._listen()
        self._grow()

    def _listen(self) -> None:
        self.composition.changed.connect(self.composing_changed)
        self.keeping.due.connect(lambda: self.worth_keeping.emit(self.half_typed()))
        self.textChanged.connect(self._typed)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        look().changed.connect(self._grow)

    @property
    def composing(self) -> bool:
        """Say whether a word is under way in the input method."""
        return self.composition.composing

    @property
    def preedit(self) -> str:
        """Return the letters of the word under way."""
        return self.composition.preedit

    def text(self) -> str:
        """Return the committed text."""
        return self.toPlainText()

    def half_typed(self) -> str:
        """Return what stands in the field, the word under way included."""
        return _with_preedit(self.text(), self.textCursor().position(), self.preedit)

    def search_key(self) -> str:
        """Return text and letters under way, without the marks an input method puts between syllables."""
        return _with_preedit(self.text(), self.textCursor().position(), _plain_letters(self.preedit))

    def resume(self, text: str) -> bool:
        """Put back what was half typed without moving the focus; False, undisturbed, if a word is under way."""
        if self.composing:
            return False
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.setTextCursor(cursor)
        return True

    def set_ime(self, on: bool) -> None:
        """Switch the input method on or off for this field."""
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on)

    def ime_on(self) -> bool:
        """Say whether the input method may work in this field."""
        return self.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)

    def lend_keys(self, taker: KeyTaker) -> None:
        """Let something else have the keys it wants, the last lent first; never while composing."""
        self.takers.append(taker)

    def take_back_keys(self, taker: KeyTaker) -> None:
        """End a lending; nothing if there was none."""
        if taker in self.takers:
            self.takers.remove(taker)

    def set_wrong(self, wrong: bool) -> None:
        """Draw the red border of a field that cannot be right."""
        _mark_wrong(self, wrong)

    def event(self, event: QEvent) -> bool:
        answer = self._keys.answer(event) if self._keys else None
        return super().event(event) if answer is None else answer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTERS:
            self._enter(event)
        elif event.key() == Qt.Key.Key_Tab and event.modifiers() == _CTRL:
            event.accept()
            self.insertPlainText("\t")
        else:
            super().keyPressEvent(event)

    def _enter(self, event: QKeyEvent) -> None:
        if event.modifiers() & (_CTRL | _ALT):
            event.ignore()
        elif event.modifiers() & _SHIFT:
            event.accept()
            self.insertPlainText("\n")
            self.ensureCursorVisible()
        else:
            event.accept()
            self.submitted.emit(self.text())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self.composition.follow(event)
        super().inputMethodEvent(event)
        self._typed()
        self._grow()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: object = None) -> object:
        if query == Qt.InputMethodQuery.ImEnabled:
            return self.ime_on() and self.isEnabled() and not self.isReadOnly()
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return QRectF(self.caret())
        return super().inputMethodQuery(query)

    def caret(self) -> QRect:
        """Return where the caret stands, in the field's own coordinates; Qt's answer leaves out the padding."""
        place = self.cursorRect()
        corner = self.viewport().mapTo(self, QPoint(0, 0))
        return QRect(place.x() + corner.x(), place.y() + corner.y(), look().px(2), place.height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.keeping.now()
        super().focusOutEvent(event)
        self.composition.end()
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()
        self.verticalScrollBar().setValue(0)
        self.ensureCursorVisible()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and not self.isReadOnly() and not self.textCursor().hasSelection():
            painter = QPainter(self.viewport())
            place = self.cursorRect()
            _paint_caret(painter, QRect(place.x(), place.y(), look().px(2), place.height()))
            painter.end()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(_files(source)) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if files := _files(source):
            self.files_given.emit(files)
        else:
            self.insertPlainText(source.text())

    def _typed(self) -> None:
        self.keeping.typed()
        key = self.search_key()
        if key != self._last_keyed:
            self._last_keyed = key
            self.keyed.emit(key)

    def _grow(self) -> None:
        lines = max(1, min(self.most_lines, round(self.document().size().height())))
        frame = self.height() - self.viewport().height()
        wanted = lines * self._line_height() + max(0, frame)
        if self.minimumHeight() != wanted:
            self.setFixedHeight(wanted)

    def _line_height(self) -> int:
        """Return how high a line is laid out, which is more than the font says."""
        block = self.document().firstBlock()
        return ceil(self.blockBoundingRect(block).height() / max(1, block.lineCount()))


def _with_preedit(text: str, place: int, preedit: str) -> str:
    return text[:place] + preedit + text[place:]


def _plain_letters(preedit: str) -> str:
    return preedit.replace("'", "").replace("’", "")


def _files(source: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in source.urls() if url.isLocalFile()] if source.hasUrls() else []


def _mark_wrong(field: QWidget, wrong: bool) -> None:
    field.setProperty("wrong", wrong)
    field.style().unpolish(field)
    field.style().polish(field)


def _paint_caret(painter: QPainter, place: QRect) -> None:
    painter.fillRect(place, look().colour("seal"))
