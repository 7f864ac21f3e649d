"""Rows that are on their way: grey bars where text will be, seen only when it takes longer than 300 ms."""

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import look
from ui.widgets.painted import Painted, paint_box, pen_for
from ui.words import tr

WAIT_MS = 300
ROW = 50


class Skeleton(Painted):
    """So many rows of bars; nothing to press, nothing to read."""

    def __init__(self, rows: int = 3, at_once: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self.is_seen = rows, at_once
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.says(tr("正在取来"))
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._appear)
        if not at_once:
            self._wait.start()

    def _appear(self) -> None:
        self.is_seen = True
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(300), look().px(ROW) * self.rows)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_seen:
            return
        painter = pen_for(QPainter(self))
        for row in range(self.rows):
            top, left = row * look().px(ROW), look().px(40)
            for drop, share in ((8, 0.43), (29, 0.25)):
                width = (self.width() - left) * share
                paint_box(painter, QRectF(left, top + look().px(drop), width, look().px(12)), "line", None, 4)
        painter.end()
