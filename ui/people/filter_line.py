"""The line that narrows a list: a funnel, what is typed, how many are left, and Esc to see all again."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from ui.theme import Role as Face
from ui.theme import look
from ui.widgets.card import Card
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.widgets.sign import Sign

_DOWN = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterLine(Card):
    """`keyed` brings what is typed; `down` is ↓ or Enter, which go to the list."""

    keyed = Signal(str)
    down = Signal()

    def __init__(self, name: str, example: str) -> None:
        super().__init__("entry", name)
        self.line, self.count, self.cap = ComposingLine(), Label("", Face.CAPTION, "ink2"), KeyCap("Esc")
        self.line.setProperty("bare", True)
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(example)
        self.line.set_initials_only()
        self.line.lend_keys(self)
        self.line.keyed.connect(self._keyed)
        self.line.installEventFilter(self)
        row = QHBoxLayout()
        row.setSpacing(look().px(8))
        row.addWidget(Sign("funnel", "ink2", 16))
        row.addWidget(self.line, 1)
        row.addWidget(self.count)
        row.addWidget(self.cap)
        self.column.addLayout(row)
        self.set_margins(12, 5, 12, 5)
        self.setFocusProxy(self.line)
        self.cap.hide()

    def text(self) -> str:
        """Return what is typed, letters under way included."""
        return self.line.search_key().strip()

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key in the line is for us."""
        return event.key() in _DOWN or (event.key() == Qt.Key.Key_Escape and bool(self.line.text()))

    def take(self, event: QKeyEvent) -> None:
        """Go to the list, or show all again."""
        if event.key() in _DOWN:
            self.down.emit()
        else:
            self.line.clear()

    def _keyed(self, typed: str) -> None:
        self.cap.setVisible(bool(typed))
        self.keyed.emit(typed.strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.be("entry-on" if event.type() == QEvent.Type.FocusIn else "entry")
        return False
