"""Votes as a village counts them: strokes of 正 that can be read across the yard and checked by anyone."""

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Role, look
from ui.widgets.painted import Painted, advance, paint_text, pen_for
from ui.words import tr

STROKES = (
    (0.08, 0.12, 0.92, 0.12),
    (0.53, 0.12, 0.53, 0.90),
    (0.53, 0.50, 0.86, 0.50),
    (0.24, 0.46, 0.24, 0.90),
    (0.03, 0.90, 0.97, 0.90),
)
FIVE = len(STROKES)


def paint_sign(painter: QPainter, place: QRectF, strokes: int, token: str) -> None:
    """Paint one 正 with so many strokes written and the others pale; in sunlight these are left out."""
    for at, (x1, y1, x2, y2) in enumerate(STROKES[:strokes] if look().theme.is_sun else STROKES):
        is_written = at < strokes
        breadth = place.width() * 0.12 * (1.2 if look().theme.is_sun else 1)
        pen = QPen(look().colour(token if is_written else "line2"), breadth if is_written else breadth * 0.7)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        w, h, left, top = place.width(), place.height(), place.x(), place.y()
        painter.drawLine(QLineF(left + x1 * w, top + y1 * h, left + x2 * w, top + y2 * h))


class Tally(Painted):
    """A count in strokes of 正, with its number after it if wanted; short of room it says 正 × 5."""

    def __init__(
        self,
        count: int = 0,
        name: str = "",
        tone: str = "ink",
        size: int = 19,
        number: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.count, self.name, self.tone, self.drawn_size, self.number = count, name, tone, size, number
        self.is_wrong = False
        self.show_count(count)

    def show_count(self, count: int, wrong: bool = False) -> None:
        """Show another count; a wrong one, whose sum does not fit, has its number in red."""
        self.count, self.is_wrong = count, wrong
        self.says(self.name or tr("票数"), f"{self.name} {count}".strip())
        self.follow_look()

    def sizeHint(self) -> QSize:
        return QSize(round(self._full_width()), round(self._side() + look().px(4)))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._short_width()), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        x = self._paint_signs(painter) if self._full_width() <= self.width() + 1 else self._paint_short(painter)
        if self.number:
            place = QRectF(x + look().px(8), 0, self.width(), self.height())
            paint_text(painter, place, str(self.count), self._figures(), "seal" if self.is_wrong else "ink")
        painter.end()

    def _paint_signs(self, painter: QPainter) -> float:
        top, side, step = (self.height() - self._side()) / 2, self._side(), self._step()
        for at in range(self._signs()):
            paint_sign(painter, QRectF(at * step, top, side, side), min(FIVE, self.count - at * FIVE), self._ink())
        return self._signs() * step - (step - side)

    def _paint_short(self, painter: QPainter) -> float:
        fives, rest = divmod(self.count, FIVE)
        top, side = (self.height() - self._side()) / 2, self._side()
        paint_sign(painter, QRectF(0, top, side, side), FIVE, self._ink())
        text = f" × {fives}"
        paint_text(painter, QRectF(side, 0, self.width(), self.height()), text, look().font(Role.CAPTION), "ink2")
        x = side + advance(look().font(Role.CAPTION), text) + 4
        if rest:
            paint_sign(painter, QRectF(x, top, side, side), rest, self._ink())
            x += side
        return x

    def _ink(self) -> str:
        return self.tone if self.isEnabled() else "ink3"

    def _signs(self) -> int:
        return max(1, -(-self.count // FIVE))

    def _side(self) -> float:
        return look().size(self.drawn_size)

    def _step(self) -> float:
        return self._side() * 1.16

    def _number_width(self) -> float:
        return advance(self._figures(), str(self.count)) + look().px(9) if self.number else 0.0

    def _full_width(self) -> float:
        return self._signs() * self._step() + self._number_width()

    def _short_width(self) -> float:
        signs = self._side() + advance(look().font(Role.CAPTION), f" × {self.count // FIVE}") + 1
        signs += self._side() + 4 if self.count % FIVE else 0
        return min(self._full_width(), signs + self._number_width())

    def _figures(self) -> QFont:
        return look().font(Role.STATEMENT, 400, 17)
