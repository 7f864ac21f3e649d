"""The floor of the live desk: three columns where there is room; where there is not, one comes over the others.

Widths are counted in px at 标准, so that larger letters ask for fewer columns. The entry line is always in view.
"""

from enum import IntEnum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.consultation.checkin_column import CheckInColumn
from ui.consultation.entry_line import EntryLine
from ui.consultation.headcount import CheckInStrip
from ui.consultation.timeline import Timeline
from ui.theme import STANDARD, look
from ui.widgets.painted import Painted
from ui.words import tr

RAIL = 54
CHECKIN, ISSUES, ISSUES_BESIDE, OVERLAY = 236, 368, 336, 300


class Fit(IntEnum):
    """How many parts stand beside each other. Source: ui.md section 2, the table of widths."""

    ALL = 3
    TWO = 2
    DRAWER = 1
    ONE = 0


def fits(width: int) -> Fit:
    """Return what fits in a page so wide, at the letter size in force; the rail stands beside the page."""
    whole = width * STANDARD / look().theme.base + RAIL
    if whole >= 1280:
        return Fit.ALL
    if whole >= 1024:
        return Fit.TWO
    return Fit.DRAWER if whole >= 820 else Fit.ONE


class _Talk(QWidget):
    """The middle: the strip where check-in has no column, the timeline, the entry line."""

    def __init__(self, entry: EntryLine, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("发言"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "note")
        self.strip, self.timeline, self.entry = CheckInStrip(), Timeline(), entry
        self.rule = QFrame()
        self.rule.setProperty("rule", True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.strip)
        self.column.addWidget(self.rule)
        self.column.addWidget(self.timeline, 1)
        self.column.addWidget(entry)


class _Edge(Painted):
    """The line along a part that lies over another."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("edge"))
        painter.end()


class DeskFloor(Painted):
    """Places check-in, talk and issues side by side or over each other; `front` is the one that is asked for."""

    def __init__(
        self, checkin: CheckInColumn, entry: EntryLine, issues: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("会场各栏"))
        self.talk = _Talk(entry, self)
        self.checkin, self.issues = checkin, issues
        self.edge = _Edge(self)
        for part in (checkin, issues):
            part.setParent(self)
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            part.setProperty("ground", "paper")
        QWidget.setTabOrder(checkin, self.talk)
        QWidget.setTabOrder(self.talk, issues)
        self.front: QWidget = self.talk
        look().changed.connect(self.arrange)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what shows between the columns: their lines."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("line"))
        painter.end()

    def bring(self, part: QWidget) -> None:
        """Let a part be seen, over the others if need be."""
        if part is not self.front:
            self.front = part
            self.arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Give every part its place."""
        fit, width, height = fits(self.width()), self.width(), self.height()
        line, left = look().theme.line, look().px(CHECKIN) if fit == Fit.ALL else 0
        right = {Fit.ALL: look().px(ISSUES), Fit.TWO: look().px(ISSUES_BESIDE)}.get(fit, 0)
        self.talk.strip.setVisible(fit != Fit.ALL)
        self.talk.rule.setVisible(fit != Fit.ALL)
        self.talk.strip.offer(settle=fit < Fit.TWO, speak=fit == Fit.ONE, meter=fit != Fit.ONE)
        self.checkin.be_compact(fit != Fit.ALL, fit == Fit.ONE and height < look().px(400))
        gap = line if left else 0
        self.talk.setGeometry(left + gap, 0, width - left - gap - (right + line if right else 0), height)
        self._place(self.checkin, fit == Fit.ALL, QRect(0, 0, left, height), self._over(fit, is_left=True))
        self._place(self.issues, right > 0, QRect(width - right, 0, right, height), self._over(fit, is_left=False))
        self._show_edge(fit, right)

    def _place(self, part: QWidget, has_column: bool, beside: QRect, over: QRect) -> None:
        """Place a part in its column; without one it lies over the talk, and only while it is in front."""
        part.setGeometry(beside if has_column else over)
        part.setVisible(has_column or part is self.front)
        if not has_column:
            part.raise_()

    def _over(self, fit: Fit, is_left: bool) -> QRect:
        """Return where a part lies over the talk: above the entry line."""
        talk, entry = self.talk, self.talk.entry
        talk.column.activate()
        strip = talk.strip.height() + look().theme.line
        foot = self.height() - max(entry.minimumSizeHint().height(), entry.sizeHint().height())
        if fit == Fit.ONE:
            return QRect(0, strip, self.width(), max(0, foot - strip))
        wide = look().px(OVERLAY if is_left else ISSUES)
        return QRect(0 if is_left else self.width() - wide, strip, wide, max(0, foot - strip))

    def _show_edge(self, fit: Fit, right: int) -> None:
        over = (self.front is self.checkin and fit != Fit.ALL) or (self.front is self.issues and not right)
        self.edge.setVisible(over and fit != Fit.ONE)
        place, line = self.front.geometry(), look().theme.line
        x = place.right() + 1 if self.front is self.checkin else place.x() - line
        self.edge.setGeometry(x, place.y(), line, place.height())
        self.edge.raise_()
