"""The line that filters the topics: letters narrow the list at once, the other keys work the list from here."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from ui.theme import Role, look
from ui.topic.topic_list import STEPS
from ui.widgets.card import Card
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.widgets.sign import Sign
from ui.words import tr

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class TopicFilter(Card):
    """The line with what it found. It lends the keys of the list to the list, so that hands stay where they are."""

    moved = Signal(int)
    opened = Signal()
    ticked = Signal()
    binned = Signal()

    def __init__(self) -> None:
        super().__init__("entry")
        self.line = ComposingLine()
        self.line.setProperty("bare", True)
        self.line.setPlaceholderText(tr("打首字母就筛，如 cg"))
        self.line.setAccessibleName(tr("筛选议题"))
        self.line.set_initials_only()
        self.line.lend_keys(self)
        self.line.installEventFilter(self)
        self.count, self.escape = Label("", Role.CAPTION, "ink2"), KeyCap("Esc")
        row = QHBoxLayout()
        row.setSpacing(look().px(8))
        for part in (Sign("funnel", "ink2", 18), self.line, self.count, self.escape):
            row.addWidget(part, 1 if part is self.line else 0)
        self.set_margins(12, 6, 10, 6, 0)
        self.column.addLayout(row)
        self.setFocusProxy(self.line)
        self.say(0)

    def say(self, found: int) -> None:
        """Say how many topics the letters found."""
        is_typing = bool(self.line.text())
        self.escape.setVisible(is_typing)
        self.count.say(tr("{count} 条 · 拼音首字母", count=found) if is_typing else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.be("entry-on" if event.type() == QEvent.Type.FocusIn else "entry")
        return False

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key is for the list rather than for the line."""
        if event.modifiers() & ~_KEYPAD:
            return False
        key, at_end = event.key(), self.line.cursorPosition() == len(self.line.text())
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Delete):
            return at_end and not self.line.hasSelectedText()
        return key in _MOVES or key in _ENTERS or key in (Qt.Key.Key_Space, Qt.Key.Key_Escape)

    def take(self, event: QKeyEvent) -> None:
        """Move in the list, open, tick, bin, or empty the line."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.moved.emit(STEPS[key])
        elif key == Qt.Key.Key_Space:
            self.ticked.emit()
        elif key == Qt.Key.Key_Delete:
            self.binned.emit()
        elif key == Qt.Key.Key_Escape:
            self.line.clear()
        else:
            self.opened.emit()
