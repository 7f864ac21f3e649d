"""The keys of the entry line that stand for more than letters, in 谁 and in the words."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.domain.statement import KINDS
from ui.actions import act

if TYPE_CHECKING:
    from ui.consultation.entry_line import EntryLine

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _is_plain(event: QKeyEvent) -> bool:
    return not event.modifiers() & ~_KEYPAD


def enter_key() -> QKeyEvent:
    """Return a press of Enter."""
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)


class WhoKeys:
    """In 谁: Space chooses like Enter; in the empty field Enter, Tab and ↑ stand for people and the last entry."""

    def __init__(self, entry: "EntryLine") -> None:
        self._entry = entry

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether the key is one of ours just now."""
        if not _is_plain(event):
            return False
        if self._entry.who.half_typed():
            return event.key() == Qt.Key.Key_Space and self._entry.can_choose()
        if event.key() in _ENTERS:
            return True
        if event.key() == Qt.Key.Key_Tab:
            return bool(self._entry.speaker_before())
        return event.key() == Qt.Key.Key_Up and self._entry.can_amend_last()

    def take(self, event: QKeyEvent) -> None:
        """Choose somebody, or go back to the last entry."""
        if event.key() == Qt.Key.Key_Space:
            self._entry.popup.take(enter_key())
        elif event.key() == Qt.Key.Key_Tab:
            self._entry.choose_speaker(self._entry.speaker_before())
        elif event.key() == Qt.Key.Key_Up:
            self._entry.amend_last()
        else:
            self._entry.same_speaker()


class TextKeys:
    """In the words: Ctrl 1-6 kinds; in the empty field Backspace goes back to 谁 and ↑ to the last entry."""

    def __init__(self, entry: "EntryLine") -> None:
        self._entry = entry
        self._kinds = {
            QKeySequence(keys)[0].toCombined(): kind  # type: ignore[index]
            for number, kind in enumerate(KINDS, start=1)
            for keys in act(f"desk.kind.{number}").keys
        }

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether the key is one of ours just now."""
        if self._pressed(event) in self._kinds:
            return True
        if not _is_plain(event):
            return False
        if event.key() == Qt.Key.Key_Escape:
            return self._entry.is_amending()
        if self._entry.text.half_typed():
            return False
        if event.key() == Qt.Key.Key_Up:
            return self._entry.can_amend_last()
        return event.key() == Qt.Key.Key_Backspace

    def take(self, event: QKeyEvent) -> None:
        """Set the kind, go back, or leave what is being mended."""
        if self._pressed(event) in self._kinds:
            self._entry.choose_kind(self._kinds[self._pressed(event)])
        elif event.key() == Qt.Key.Key_Escape:
            self._entry.leave_amending()
        elif event.key() == Qt.Key.Key_Up:
            self._entry.amend_last()
        else:
            self._entry.back_to_who()

    def _pressed(self, event: QKeyEvent) -> int:
        return int(event.keyCombination().toCombined()) & ~_KEYPAD.value
