"""The steps of a meeting in one line: done with ✓, the present one with a red dot, the rest quiet."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.painted import Painted, advance, paint_text, pen_for
from ui.words import tr


class StageRail(Painted):
    """签到 — 说事 — 议事 — 定事 — 收尾, or whatever the practice calls its steps. `pressed` brings the step clicked."""

    pressed = Signal(int)

    def __init__(
        self, stages: tuple[str, ...], current: int = 0, dot: str = "seal", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.stages, self.current, self.dot = stages, current, dot
        self.show_stage(current)

    def show_stage(self, current: int, stages: tuple[str, ...] | None = None) -> None:
        """Move to a step, counted from 0; one past the last means all are done."""
        self.current, self.stages = current, stages or self.stages
        self.says(tr("会开到哪一步"), self.spoken())
        self.follow_look()

    def spoken(self) -> str:
        """Return in words what is drawn."""
        if self.current >= len(self.stages):
            return tr("{count} 步都走完了", count=len(self.stages))
        stage = self.stages[self.current]
        return tr("第 {at} 步 {stage}，共 {count} 步", at=self.current + 1, stage=stage, count=len(self.stages))

    def sizeHint(self) -> QSize:
        words = sum(self._mark_width(at) + advance(self._letters(at), stage) for at, stage in enumerate(self.stages))
        return QSize(round(words + (len(self.stages) - 1) * self._gap()) + 2, look().px(24))

    def step_at(self, x: float) -> int:
        """Return which step stands at a place from the left."""
        end = 0.0
        for at, stage in enumerate(self.stages):
            end += self._mark_width(at) + advance(self._letters(at), stage) + self._gap()
            if x < end - self._gap() / 2:
                return at
        return len(self.stages) - 1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self.step_at(event.position().x()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        x, height = 0.0, self.height()
        for at, stage in enumerate(self.stages):
            self._paint_mark(painter, at, x)
            x += self._mark_width(at)
            width = advance(self._letters(at), stage)
            token = "ink" if at == self.current else "ink2"
            paint_text(painter, QRectF(x, 0, width + 2, height), stage, self._letters(at), token)
            x += width
            if at + 1 < len(self.stages):
                self._paint_dash(painter, x)
            x += self._gap()
        painter.end()

    def _paint_mark(self, painter: QPainter, at: int, x: float) -> None:
        middle = self.height() / 2
        if at < self.current:
            side = look().size(14)
            paint_icon(painter, "check", QRectF(x, middle - side / 2, side, side), "pine", "bold")
        elif at == self.current:
            painter.setPen(QPen(look().colour(self.dot), 1))
            painter.setBrush(look().colour(self.dot))
            radius = look().size(7) / 2
            painter.drawEllipse(QPointF(x + radius, middle), radius, radius)

    def _paint_dash(self, painter: QPainter, x: float) -> None:
        painter.setPen(QPen(look().colour("line2"), look().theme.line))
        inset, middle = look().px(7), self.height() / 2
        painter.drawLine(QPointF(x + inset, middle), QPointF(x + self._gap() - inset, middle))

    def _mark_width(self, at: int) -> float:
        if at < self.current:
            return look().size(14) + look().px(4)
        return look().size(7) + look().px(6) if at == self.current else 0.0

    def _gap(self) -> float:
        return look().px(30)

    def _letters(self, at: int) -> QFont:
        return look().font(Role.BODY, 600 if at == self.current else 400, 14)
