"""U 盘 or 网络: two words with their icons in one trough, of which one is chosen; ← → go from one to the other."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.focus_ring import ring_around, ring_off
from ui.widgets.painted import Painted, advance, paint_box, paint_text, pen_for

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class _Way(QAbstractButton):
    """One way; the chosen one lies on a box and is bolder."""

    def __init__(self, icon: str, words: str) -> None:
        super().__init__()
        self.icon_name = icon
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        words = advance(look().font(Role.NOTE, 500), self.text())
        return QSize(round(words) + look().size(16) + look().px(33), look().px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        ring_around(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        ring_off(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, ways = _STEPS.get(Qt.Key(event.key())), self.parentWidget()
        if step is not None and isinstance(ways, Ways):
            ways.turn(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        place, is_on = QRectF(self.rect()), self.isChecked()
        if is_on:
            paint_box(painter, place, "raised", "line2", 6)
        token, side = "ink" if is_on or self.underMouse() else "ink2", look().size(16)
        left = look().px(13)
        icon = QRectF(left, (place.height() - side) / 2, side, side)
        paint_icon(painter, self.icon_name, icon, token, "bold" if is_on else None)
        words = QRectF(left + side + look().px(7), 0, place.width(), place.height())
        paint_text(painter, words, self.text(), look().font(Role.NOTE, 500 if is_on else 400), token)
        painter.end()


class Ways(Painted):
    """The trough; `chosen` says which way."""

    chosen = Signal(int)

    def __init__(self, name: str, ways: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.says(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.ways = [_Way(icon, words) for icon, words in ways]
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for at, way in enumerate(self.ways):
            row.addWidget(way)
            way.clicked.connect(lambda _=False, at=at: self.chosen.emit(at))
        self.ways[0].setChecked(True)

    @property
    def current(self) -> int:
        """Return which way is chosen."""
        return next((at for at, way in enumerate(self.ways) if way.isChecked()), 0)

    def choose(self, at: int) -> None:
        """Choose a way and say so, unless it is chosen already."""
        if at != self.current:
            self.ways[at].setChecked(True)
            self.chosen.emit(at)

    def turn(self, steps: int) -> None:
        """Go to the next way, or the one before; nothing at the ends."""
        at = self.current + steps
        if 0 <= at < len(self.ways):
            self.choose(at)
            self.ways[at].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_box(painter, QRectF(self.rect()), "desk", "line" if look().theme.is_sun else None, 8)
        painter.end()
