"""A clerk's hands: press keys where the focus is, say Chinese through the input method, count every key."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NAMED = {
    "↵": Qt.Key.Key_Return,
    "⇥": Qt.Key.Key_Tab,
    "⎋": Qt.Key.Key_Escape,
    "↓": Qt.Key.Key_Down,
    "↑": Qt.Key.Key_Up,
    "←": Qt.Key.Key_Left,
    "→": Qt.Key.Key_Right,
    "⌫": Qt.Key.Key_Backspace,
    "␣": Qt.Key.Key_Space,
}


AFTER_COMMIT_MS = 55
"""No hand is faster: an Enter within 50 ms of a commit is taken for the input method's own (ui.md 9, rule 1)."""


class Hands:
    """Types into whatever has the focus, as a person would. `keys` counts key presses, not the sentence itself."""

    def __init__(self, window: QWidget) -> None:
        self.window = window
        self.keys = 0

    def focus(self) -> QWidget:
        """Return where the keys go."""
        return QApplication.focusWidget() or self.window

    def press(self, letters: str) -> None:
        """Press keys one after another: letters, digits, and ↵ ⇥ ⎋ ↓ ↑ ← → ⌫ ␣."""
        for letter in letters:
            self.keys += 1
            if letter in NAMED:
                QTest.keyClick(self.focus(), NAMED[letter])
            else:
                QTest.keyClicks(self.focus(), letter)
            QApplication.processEvents()

    def chord(self, key: Qt.Key, *, ctrl: bool = False, alt: bool = False, shift: bool = False) -> None:
        """Press one key, with Ctrl, Alt or Shift held; counts as one."""
        self.keys += 1
        held = Qt.KeyboardModifier.NoModifier
        for is_held, modifier in (
            (ctrl, Qt.KeyboardModifier.ControlModifier),
            (alt, Qt.KeyboardModifier.AltModifier),
            (shift, Qt.KeyboardModifier.ShiftModifier),
        ):
            held |= modifier if is_held else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.focus(), key, held)
        QApplication.processEvents()

    def say(self, sentence: str) -> None:
        """Write a sentence through the input method; its keys are not counted."""
        event = QInputMethodEvent()
        event.setCommitString(sentence)
        QApplication.sendEvent(self.focus(), event)
        QTest.qWait(AFTER_COMMIT_MS)

    def compose(self, letters: str) -> None:
        """Leave a composition open, as when somebody stops in the middle of a word."""
        QApplication.sendEvent(self.focus(), QInputMethodEvent(letters, []))
        QApplication.processEvents()
