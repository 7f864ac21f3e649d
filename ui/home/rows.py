"""Rows of the home page: a day or a sign, a title, one quiet line, a word; each can be pressed and reached by key."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.focus_ring import ring_around, ring_off
from ui.widgets.painted import LEFT, RIGHT, advance, elided, paint_box, paint_text, pen_for

DAY_WIDTH = 72
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Telling:
    """What one row says; `right_line` is the line the word at the right stands on: 0 in the middle, 1 or 2."""

    title: str
    detail: str = ""
    day: str = ""
    icon: str = ""
    right: str = ""
    right_tone: str = "ink2"
    right_line: int = 0

    def spoken(self) -> str:
        """Return the whole row in words."""
        return " ".join(filter(None, (self.day, self.title, self.detail, self.right)))


class TellingRow(QAbstractButton):
    """One row; Enter, Space or a click opens what it tells of. With `framed` it is a card of its own."""

    def __init__(self, height: int, pad: int = 14, framed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height, self._pad, self._framed = height, pad, framed
        self.telling = Telling("")
        self.last = True
        self.record_id = ""
        self.setProperty("painted", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def tell(self, telling: Telling, record_id: str = "", last: bool = True) -> None:
        """Say something else; `last` leaves out the hairline below."""
        self.telling, self.record_id, self.last = telling, record_id, last
        self.setAccessibleName(telling.spoken())
        self.setToolTip(telling.spoken())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(200), max(look().px(self._height), self._lines_height() + look().px(8)))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTERS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        ring_around(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        ring_off(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        self._paint_ground(painter)
        place = QRectF(self.rect()).adjusted(look().px(self._pad), 0, -look().px(self._pad), 0)
        self._paint_words(painter, place)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        place = QRectF(self.rect())
        pressed = "select" if self.isDown() or self.underMouse() else None
        if self._framed:
            paint_box(painter, place, pressed or "note", "line", 8)
            return
        if pressed:
            paint_box(painter, place, pressed, None, 6)
        if not self.last:
            line = look().theme.line
            painter.fillRect(QRectF(0, place.bottom() - line, place.width(), line), look().colour("line"))

    def _paint_words(self, painter: QPainter, place: QRectF) -> None:
        told, first, second = self.telling, look().line_height(Role.BODY), look().line_height(Role.CAPTION)
        top = place.center().y() - (self._lines_height() if told.detail else first) / 2
        x = self._paint_sign(painter, place, top, first)
        lines = {0: place, 1: QRectF(place.x(), top, place.width(), first)}
        lines[2] = QRectF(place.x(), top + first, place.width(), second)
        font = look().font(Role.CAPTION, 500 if told.right_tone in ("seal", "ochre", "pine") else None)
        paint_text(painter, lines[told.right_line], told.right, font, told.right_tone, RIGHT)
        taken = advance(font, told.right) + look().px(16) if told.right else 0
        room = place.right() - x
        name, small = look().font(Role.NAME), look().font(Role.CAPTION)
        title = elided(name, told.title, room - (taken if told.right_line < 2 else 0))
        paint_text(painter, QRectF(x, top, room + 2, first), title, name, "ink")
        left = x if told.day or told.right_line < 2 else place.x()
        detail = elided(small, told.detail, place.right() - left - (0 if told.right_line == 1 else taken))
        paint_text(painter, QRectF(left, top + first, place.width(), second), detail, small, "ink2")

    def _paint_sign(self, painter: QPainter, place: QRectF, top: float, height: float) -> float:
        """Paint the day or the icon before the words and return where the words begin."""
        told = self.telling
        if told.day:
            font = look().font(Role.CARD, size=17)
            paint_text(painter, place, told.day, font, "ink", LEFT)
            return place.x() + max(look().px(DAY_WIDTH), advance(font, told.day) + look().px(16))
        if not told.icon:
            return place.x()
        side = look().size(17)
        paint_icon(painter, told.icon, QRectF(place.x(), top + (height - side) / 2, side, side), "ink2")
        return place.x() + side + look().px(10)

    @staticmethod
    def _lines_height() -> int:
        return look().line_height(Role.BODY) + look().line_height(Role.CAPTION)
