"""Keys typed while the disk is still busy with the last Enter: they wait, in order, and are typed when it is done.

Without this a slow disk would let the next words fall into the field that is about to be cleared.
"""

import time
from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

ECHO_MS, REST_MS = 50, 55
HELD = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.InputMethod, QEvent.Type.ShortcutOverride})


@dataclass(frozen=True, slots=True)
class _Typed:
    """One event that waits, and when it was typed."""

    event: QKeyEvent | QInputMethodEvent
    at_s: float


class Typeahead(QObject):
    """Holds keys back between `hold` and `release`; calls nest."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._depth = 0
        self._typed: deque[_Typed] = deque()
        self._is_typing = False
        self._is_resting = False
        self._committed_s = 0.0

    def hold(self) -> None:
        """Let keys wait from now on."""
        self._depth += 1
        application = QApplication.instance()
        if self._depth == 1 and application is not None:
            application.installEventFilter(self)

    def release(self) -> None:
        """Type what waited, unless something else is still being written."""
        self._depth -= 1
        if not self._is_resting:
            self._type_on()

    def is_waiting(self) -> bool:
        """Return whether keys are held back or still being typed."""
        return self._depth > 0 or bool(self._typed) or self._is_resting

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep keys that were for a widget; the window itself passes them on first."""
        if self._is_typing or event.type() not in HELD or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif isinstance(event, QKeyEvent | QInputMethodEvent):
            self._typed.append(_Typed(event.clone(), time.monotonic()))
        return True

    def _type_on(self) -> None:
        """Type what waited, in order; after words of the input method with the rest a hand would have made."""
        self._is_resting = False
        while self._typed and not self._depth:
            typed = self._typed.popleft()
            if self._is_echo(typed):
                continue
            self._is_typing = True
            _type(typed.event)
            self._is_typing = False
            if isinstance(typed.event, QInputMethodEvent) and typed.event.commitString():
                self._committed_s, self._is_resting = typed.at_s, True
                QTimer.singleShot(REST_MS, self, self._type_on)
                return
        application = QApplication.instance()
        if not self._depth and application is not None:
            application.removeEventFilter(self)

    def _is_echo(self, typed: _Typed) -> bool:
        """Return whether this is an Enter so soon after a commit that it is the input method's own (ui.md 9.1)."""
        is_enter = isinstance(typed.event, QKeyEvent) and typed.event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return is_enter and (typed.at_s - self._committed_s) * 1000 < ECHO_MS


def _type(event: QKeyEvent | QInputMethodEvent) -> None:
    target = QApplication.focusWidget() or QApplication.activeWindow()
    if target is None:
        return
    action = _shortcut(target, event) if isinstance(event, QKeyEvent) else None
    if action is not None:
        action.trigger()
    else:
        QApplication.sendEvent(target, event)


def _shortcut(target: QWidget, event: QKeyEvent) -> QAction | None:
    """Return the act whose keys these are, as Qt would have found it; None when the field wants them for itself."""
    if event.type() != QEvent.Type.KeyPress:
        return None
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, event.key(), event.modifiers(), event.text())
    asked.ignore()
    QApplication.sendEvent(target, asked)
    if asked.isAccepted():
        return None
    keys = QKeySequence(event.keyCombination())
    holder: QWidget | None = target
    while holder is not None:
        for action in holder.actions():
            if action.isEnabled() and keys in action.shortcuts():
                return action
        holder = None if holder.isWindow() else holder.parentWidget()
    return None
