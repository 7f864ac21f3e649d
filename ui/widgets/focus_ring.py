"""The one ring of focus: 2 px of indigo, 2 px away from the button that has the keyboard."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.painted import Painted, paint_box, pen_for

REACH = 4
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class FocusRing(Painted):
    """A ring that lies over a window and keeps to one of its parts."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._watched: list[QWidget] = []
        self._target: QWidget | None = None

    def surround(self, part: QWidget) -> None:
        """Move to a part and stay with it."""
        self.release()
        self._target = part
        step: QWidget | None = part
        while step is not None and step is not self.window():
            step.installEventFilter(self)
            self._watched.append(step)
            step = step.parentWidget()
        self._place()

    def release(self, part: QWidget | None = None) -> None:
        """Let go of the part, or of this one only."""
        if part is not None and part is not self._target:
            return
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._watched, self._target = [], None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    def _place(self) -> None:
        part = self._target
        if part is None or not part.isVisible() or part.visibleRegion().isEmpty():
            self.hide()
            return
        corner = part.mapTo(self.window(), QPoint(0, 0))
        self.setGeometry(QRect(corner, part.size()).adjusted(-REACH, -REACH, REACH, REACH))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_box(painter, QRectF(self.rect()), None, "indigo", 8, line=2)
        painter.end()


def ring_around(part: QWidget) -> None:
    """Put the ring of its window around a part that just got the keyboard."""
    _ring(part).surround(part)


def ring_off(part: QWidget) -> None:
    """Take the ring away from a part that lost the keyboard."""
    _ring(part).release(part)


def _ring(part: QWidget) -> FocusRing:
    window = part.window()
    found = window.findChild(FocusRing, "focus-ring", Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, FocusRing) else FocusRing(window)
