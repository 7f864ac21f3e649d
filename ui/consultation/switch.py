"""A few words in a row of which one is chosen: which list, which statements. The chosen one is in ink."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from ui.theme import Role, look
from ui.widgets.focus_ring import ring_around, ring_off
from ui.widgets.painted import MIDDLE, advance, paint_text, pen_for

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class _Word(QToolButton):
    """One word of a switch."""

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setProperty("painted", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def say(self, text: str) -> None:
        """Show other words."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(round(advance(self._letters(500), self.text())) + look().px(12), look().px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        ring_around(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        ring_off(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        switch = self.parentWidget()
        if step is not None and isinstance(switch, Switch):
            switch.turn(step, focus=True)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        is_on = self.isChecked()
        token = "ink" if is_on or self.underMouse() else "ink2"
        paint_text(painter, QRectF(self.rect()), self.text(), self._letters(500 if is_on else 400), token, MIDDLE)
        painter.end()

    def _letters(self, weight: int) -> QFont:
        return look().font(Role.CAPTION, weight)


class Switch(QWidget):
    """Words of which one is chosen; ← → go along them. `last_apart` puts the last one at the right end."""

    chosen = Signal(int)

    def __init__(self, name: str, count: int, last_apart: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.words = [_Word() for _ in range(count)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for at, word in enumerate(self.words):
            if last_apart and at == count - 1:
                row.addStretch(1)
            row.addWidget(word)
            word.clicked.connect(lambda _=False, at=at: self.chosen.emit(at))
        self.words[0].setChecked(True)

    @property
    def current(self) -> int:
        """Return which word is chosen."""
        return next((at for at, word in enumerate(self.words) if word.isChecked()), 0)

    def say(self, texts: Sequence[str]) -> None:
        """Show other words; an empty one takes its place away."""
        for word, text in zip(self.words, texts, strict=True):
            word.say(text)
            word.setVisible(bool(text))

    def choose(self, at: int) -> None:
        """Choose a word and say so."""
        self.words[at].setChecked(True)
        self.chosen.emit(at)

    def turn(self, steps: int, focus: bool = False) -> None:
        """Go to the next word that is there, or the one before; nothing at the ends."""
        there = [at for at, word in enumerate(self.words) if word.text()]
        place = there.index(self.current) + steps if self.current in there else 0
        if 0 <= place < len(there):
            self.choose(there[place])
            if focus:
                self.words[there[place]].setFocus(Qt.FocusReason.OtherFocusReason)
