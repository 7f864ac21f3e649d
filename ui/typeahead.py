"""Keys typed while the disk is still busy with the last Enter: they wait, in order, and are typed when it is done.

Without this a slow disk would let the next words fall into the field that is about to be cleared.
"""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

HELD = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.InputMethod, QEvent.Type.ShortcutOverride})


class Typeahead(QObject):
    """Holds keys back between `hold` and `release`; calls nest."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._depth = 0
        self._typed: list[QKeyEvent | QInputMethodEvent] = []

    def hold(self) -> None:
        """Let keys wait from now on."""
        self._depth += 1
        application = QApplication.instance()
        if self._depth == 1 and application is not None:
            application.installEventFilter(self)

    def release(self) -> None:
        """Type what waited, unless something else is still being written."""
        self._depth -= 1
        application = QApplication.instance()
        if self._depth or application is None:
            return
        application.removeEventFilter(self)
        while self._typed and not self._depth:
            _type(self._typed.pop(0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep keys that were for a widget; the window itself passes them on first."""
        if event.type() not in HELD or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif isinstance(event, QKeyEvent | QInputMethodEvent):
            self._typed.append(event.clone())
        return True


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
