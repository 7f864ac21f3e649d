"""Squares: one for each task, filled when done, red when overdue, hollow while under way."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Role, look
from ui.widgets.painted import Painted, advance, paint_box, paint_text, pen_for
from ui.words import tr

PITCH, SIDE, HEIGHT = 18, 14, 22
MOST_SQUARES = 24


class Squares(Painted):
    """Done, overdue and under way, as squares and in words; many tasks share a square, which is then said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.done, self.overdue, self.open = 0, 0, 0

    def show_counts(self, done: int, overdue: int, under_way: int) -> None:
        """Show other counts."""
        self.done, self.overdue, self.open = done, overdue, under_way
        self.says(tr("办得怎么样"), "，".join(words for words, _ in self.words()))
        self.follow_look()

    def words(self) -> list[tuple[str, str]]:
        """Return what is said beside the squares, with the tone of each part."""
        parts = [(tr("{count} 项办完", count=self.done), "pine")]
        if self.overdue:
            parts.append((tr("{count} 项逾期", count=self.overdue), "seal"))
        parts.append((tr("{count} 项在办", count=self.open), "ink2"))
        return parts

    @property
    def tasks_per_square(self) -> int:
        """Return how many tasks one square stands for."""
        return max(1, -(-(self.done + self.overdue + self.open) // MOST_SQUARES))

    def squares(self) -> list[str]:
        """Return the token of each square in order, empty for a hollow one; any count above nothing has a square."""
        each = self.tasks_per_square
        counts = (("pine", self.done), ("seal", self.overdue), ("", self.open))
        return [token for token, count in counts for _ in range(-(-count // each))]

    def sizeHint(self) -> QSize:
        return QSize(look().px(300), look().px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        top, side = (self.height() - look().px(SIDE)) / 2, look().px(SIDE)
        for at, token in enumerate(self.squares()):
            place = QRectF(at * look().px(PITCH), top, side, side)
            paint_box(painter, place, token or None, None if token else "edge", 3, line=1)
        self._paint_words(painter, len(self.squares()) * look().px(PITCH) + look().px(16))
        painter.end()

    def _paint_words(self, painter: QPainter, x: float) -> None:
        font = look().font(Role.CAPTION, 500)
        each = [(tr("一格 {count} 项", count=self.tasks_per_square), "ink3")] if self.tasks_per_square > 1 else []
        for words, tone in (*self.words(), *each):
            paint_text(painter, QRectF(x, 0, self.width() - x, self.height()), words, font, tone)
            x += advance(font, words) + look().px(14)
