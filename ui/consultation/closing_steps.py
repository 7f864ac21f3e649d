"""The steps of the closing assistant, one below the other: done, in hand, to come."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.exchange.reach_tag import ReachTag
from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.focus_ring import ring_around, ring_off
from ui.widgets.label import Label
from ui.widgets.painted import MIDDLE, paint_box, paint_text, pen_for
from ui.widgets.sign import Sign
from ui.words import tr

STEPS = (
    ("查齐", "缺什么一眼看到"),
    ("定稿", "锁定，不能再改"),
    ("打印", "共识、签到、清单"),
    ("签字", "念一遍，按手印"),
    ("收好", "拍下签好的纸"),
)
CHECK, SEAL, PRINT, SIGN, DONE = range(5)
TO_PRINT = "print:"
"""What stands before a sitting's id when the desk asks for paper in the middle of the meeting."""


class Step(QAbstractButton):
    """One step: its number, what it is called, what it is about."""

    def __init__(self, number: int, name: str, about: str) -> None:
        super().__init__()
        self.number, self.name, self.about = number, name, about
        self.current = 0
        self.setText(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def show_current(self, current: int) -> None:
        """Show how this step stands while another is in hand, counted from 0."""
        self.current = current
        states = {True: tr("正在做"), False: tr("做好了") if self.number <= current else tr("还没到")}
        self.setAccessibleName(tr("第 {number} 步 {name}", number=self.number, name=self.name))
        self.setAccessibleDescription(f"{states[self._is_current()]}，{self.about}")
        self.setToolTip(self.about)
        self.setEnabled(self.number - 1 != DONE or self._is_current())
        self.update()

    def _is_current(self) -> bool:
        return self.number - 1 == self.current

    def sizeHint(self) -> QSize:
        return QSize(look().px(220), look().px(62))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        ring_around(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        ring_off(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        if self._is_current():
            paint_box(painter, QRectF(self.rect()), "note", "line2", 8)
        self._paint_mark(painter, QPointF(look().px(23), look().px(21)))
        left, width = look().px(45), self.width() - look().px(50)
        name = look().font(Role.STATEMENT, 500 if self._is_current() else 400)
        tone = "ink" if self._is_current() else "ink2"
        paint_text(painter, QRectF(left, look().px(10), width, look().px(24)), self.name, name, tone)
        about = QRectF(left, look().px(34), width, look().px(20))
        paint_text(painter, about, self.about, look().font(Role.CAPTION), "ink2")
        painter.end()

    def _paint_mark(self, painter: QPainter, middle: QPointF) -> None:
        radius = look().size(20) / 2
        place = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        if self.number - 1 < self.current:
            paint_icon(painter, "check-circle", place, "pine", "fill")
            return
        is_current = self._is_current()
        painter.setPen(QPen(look().colour("ink" if is_current else "edge"), look().theme.line * 1.4))
        painter.setBrush(look().colour("ink") if is_current else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(place)
        ink = "on_ink" if is_current else "ink2"
        paint_text(painter, place, str(self.number), look().font(Role.SMALL, 600), ink, MIDDLE)


class StepColumn(QWidget):
    """The left of the assistant: which meeting, which step. `chosen` brings a step that was pressed, from 0."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("收尾"))
        self.meeting, self.reach = Label("", Role.CAPTION, "ink2").wrapped(), ReachTag()
        self.steps = [Step(number, tr(name), tr(about)) for number, (name, about) in enumerate(STEPS, start=1)]
        self._column = QVBoxLayout(self)
        self._column.addWidget(Label(tr("收尾"), Role.PAGE))
        self._column.addWidget(self.meeting)
        self._column.addWidget(self.reach)
        self._column.addSpacing(12)
        for step in self.steps:
            self._column.addWidget(step)
            step.clicked.connect(lambda _=False, at=step.number - 1: self.chosen.emit(at))
        self._column.addStretch(1)
        self._column.addWidget(_Kept())
        self._measure()
        look().changed.connect(self._measure)

    def _measure(self) -> None:
        self.setFixedWidth(look().px(268))
        self._column.setContentsMargins(look().px(24), look().px(24), look().px(24), look().px(16))
        self._column.setSpacing(look().px(3))

    def show_step(self, current: int) -> None:
        """Mark the step in hand."""
        for step in self.steps:
            step.show_current(current)


class _Kept(QWidget):
    """每一步都已存好."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Sign("shield-check", "pine", 16))
        row.addWidget(Label(tr("每一步都已存好，随时可离开"), Role.CAPTION, "ink2"))
        row.addStretch(1)
