"""How far a topic has come: seven dots on a line, the present one larger, what is to come hollow."""

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import look
from ui.widgets.painted import Painted, pen_for
from ui.words import tr

PITCH = 14.6


def paint_dots(painter: QPainter, place: QRectF, count: int, current: int) -> None:
    """Paint the dots into a place, left and middle; the last stage reached is pine, all before that ink."""
    ink = "pine" if current == count - 1 else "ink"
    pitch, middle, left = look().px(PITCH * 10) / 10, place.center().y(), place.x() + look().px(4)
    points = [QPointF(left + pitch * at, middle) for at in range(count)]
    for at, (one, other) in enumerate(pairwise(points)):
        painter.setPen(QPen(look().colour(ink if at < current else "line2"), 1.5 if at < current else 1))
        painter.drawLine(one, other)
    for at, point in enumerate(points):
        is_coming = at > current
        radius = look().px(40 if at == current else 28 if is_coming else 24) / 10
        painter.setPen(QPen(look().colour("edge" if is_coming else ink), 1))
        painter.setBrush(look().colour("note" if is_coming else ink))
        painter.drawEllipse(point, radius, radius)


class LifecycleDots(Painted):
    """The stages of one topic as dots, named by the practice."""

    def __init__(self, stages: tuple[str, ...], current: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.stages, self.current = stages, current
        self.show_stage(current)

    def show_stage(self, current: int) -> None:
        """Move to a stage, counted from 0."""
        self.current = current
        self.says(tr("走到哪一步"), self.spoken())
        self.update()

    def spoken(self) -> str:
        """Return in words what is drawn."""
        stage = self.stages[self.current]
        return tr("第 {at} 步 {stage}，共 {count} 步", at=self.current + 1, stage=stage, count=len(self.stages))

    def sizeHint(self) -> QSize:
        return QSize(round(look().px(PITCH * 10) / 10 * (len(self.stages) - 1)) + 2 * look().px(4) + 1, look().px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_dots(painter, QRectF(self.rect()), len(self.stages), self.current)
        painter.end()
