"""A warning that interrupts nobody: a tinted line at the top of the page with one thing to do about it."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.label import Label
from ui.widgets.painted import Painted, announce, paint_box, pen_for
from ui.widgets.sign import Sign


class Banner(Painted):
    """One sentence of at most two lines in ochre or red; hidden until it has something to say."""

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "ochre"
        self._sign, self._words = Sign("warning", "ochre", 16), Label("", Role.NAME, "ochre").wrapped()
        self.action = Button("", "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 8, 5)
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addWidget(self._words, 1)
        row.addWidget(self.action)
        self.action.clicked.connect(self.acted)
        self.hide()

    def say(self, text: str, action: str = "", icon: str = "warning", tone: str = "ochre") -> None:
        """Show a sentence and one action; an empty sentence hides the banner. Tones: ochre, seal, indigo, pine."""
        self._tone = tone
        self._sign.show_icon(icon, tone)
        self._words.say(text, tone)
        self.action.say(action)
        self.action.setVisible(bool(action))
        self.says(text)
        self.setVisible(bool(text))
        if text:
            announce(self, text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        border = self._tone if look().theme.is_sun else None
        paint_box(painter, QRectF(self.rect()), f"{self._tone}_tint", border, 6)
        painter.end()
