"""Two panes: a list and, beside it, what the current row is about; in a narrow window one of them at a time."""

from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import look
from ui.widgets.painted import Painted
from ui.words import tr

NARROW = 860


class Pane(Painted):
    """The sheet at the right: its own ground, and a line between it and the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("详情"))
        self.column = QVBoxLayout(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("note"))
        painter.fillRect(0, 0, look().theme.line, self.height(), look().colour("line"))
        painter.end()


class TwoPanes(QWidget):
    """A list at the left and a pane at the right, whose width is given as drawn at 标准."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.is_on_detail = False
        self.main, self.pane = QWidget(), Pane()
        self.column = QVBoxLayout(self.main)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.main, 1)
        row.addWidget(self.pane)
        look().changed.connect(self._fit)

    def is_narrow(self) -> bool:
        """Return whether there is room for one of the two only."""
        return self.width() < look().px(NARROW)

    def show_detail(self, on: bool) -> None:
        """Turn to the pane or back to the list; changes what is seen in a narrow window only."""
        self.is_on_detail = on
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.is_narrow()
        edge = look().px(22 if self.width() < look().px(1000) else 32)
        self.column.setContentsMargins(edge, look().px(20), look().px(24), look().px(12))
        self.column.setSpacing(look().px(10))
        self.pane.column.setContentsMargins(look().px(25), look().px(20), look().px(24), look().px(16))
        self.pane.setMinimumWidth(0 if narrow else look().px(self._width))
        self.pane.setMaximumWidth(16_777_215 if narrow else look().px(self._width))
        self.pane.setVisible(not narrow or self.is_on_detail)
        self.main.setVisible(not narrow or not self.is_on_detail)
