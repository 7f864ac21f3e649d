"""What was just done, and the way back: one dark line at the foot of the window, gone after eight seconds.

It waits while the mouse or the keyboard is on it. The last ten can be read again.
"""

from collections import deque

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.key_cap import cap_size, paint_cap
from ui.widgets.label import Label
from ui.widgets.painted import Painted, advance, announce, paint_box, paint_text, pen_for
from ui.widgets.sign import Sign
from ui.words import tr

STAY_MS = 8_000
SLIDE_MS = 120
KEPT = 10
FOOT = 34 + 12


class _Undo(Button):
    """撤销 Ctrl Z in the colour of paper on ink."""

    def __init__(self) -> None:
        super().__init__(tr("撤销"), "quiet", key="Ctrl Z")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        if self.underMouse() or self.hasFocus():
            paint_box(painter, QRectF(self.rect()), None, "on_ink", 4, line=1)
        font, height = look().font(Role.NAME), look().px(20)
        width = advance(font, self.text())
        left = self.width() - look().px(6 + 9) - cap_size(self.key).width() - width
        paint_text(painter, QRectF(left, 0, width + 2, self.height()), self.text(), font, "on_ink")
        broad = cap_size(self.key).width()
        cap = QRectF(self.width() - look().px(6) - broad, (self.height() - height) / 2, broad, height)
        paint_cap(painter, cap, self.key, "on_ink", None)
        painter.end()


class Toast(Painted):
    """The dark line over a window. `undone` is said when 撤销 is pressed."""

    undone = Signal()

    def __init__(self, host: QWidget, foot: int = FOOT) -> None:
        super().__init__(host)
        self._host, self._foot = host, foot
        self._head: int | None = None
        self._past: deque[str] = deque(maxlen=KEPT)
        self._sign = Sign("check-circle", "pine_on_ink", 18, "fill")
        self._words, self._detail = Label("", Role.NAME, "on_ink"), Label("", Role.CAPTION, "on_ink")
        self.undo: QPushButton = _Undo()
        self.undo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rest_ms = STAY_MS
        self._stay = QTimer(self, singleShot=True)
        self._stay.timeout.connect(self.hide)
        self._slide = QPropertyAnimation(self, b"pos", self)
        self._lay_out()
        self.undo.clicked.connect(self._undo)
        self.undo.installEventFilter(self)
        host.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 10, 4)
        row.setSpacing(10)
        for part in (self._sign, self._words, self._detail):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.undo)

    def say(self, text: str, detail: str = "", undo: bool = True, icon: str = "check-circle") -> None:
        """Show a line in place of the one before; it can be taken back unless `undo` is False."""
        self._sign.show_icon(icon, "pine_on_ink", "fill")
        self._words.say(text)
        self._detail.say(detail)
        self.undo.setVisible(undo)
        self._past.appendleft(f"{text} {detail}".strip())
        self.says(self._past[0])
        announce(self, self._past[0])
        self._rest_ms = STAY_MS
        self._stay.start(STAY_MS)
        self._appear()

    def stand(self, head: int | None) -> None:
        """Stand so far below the head of the window, where the foot is for writing; None: at the foot."""
        self._head = head

    def last(self) -> list[str]:
        """Return the last ten lines, the newest first."""
        return list(self._past)

    @property
    def is_waiting(self) -> bool:
        """Say whether the clock stands still because somebody is on it."""
        return self.isVisible() and not self._stay.isActive()

    def _undo(self) -> None:
        if self.undo.hasFocus():
            self._host.setFocus()  # else Qt would hand it to whatever button comes next
        self.hide()
        self.undone.emit()

    def _appear(self) -> None:
        was_here = self.isVisible()
        self._place()
        self.show()
        self.raise_()
        if was_here or look().theme.is_sun:
            return
        self._slide.setDuration(SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.setStartValue(self.pos() + QPoint(0, 16))
        self._slide.setEndValue(self.pos())
        self._slide.start()

    def _place(self) -> None:
        room = self._host.width() - 2 * look().px(24)
        width = min(room, max(look().px(420), self.sizeHint().width()))
        height = look().px(46)
        foot = self._host.height() - look().px(self._foot) - height
        top = foot if self._head is None else look().px(self._head)
        self.setGeometry((self._host.width() - width) // 2, top, width, height)

    def _pause(self) -> None:
        if self._stay.isActive():
            self._rest_ms = max(1_000, self._stay.remainingTime())
            self._stay.stop()

    def _go_on(self) -> None:
        if self.isVisible() and not self._stay.isActive():
            self._stay.start(self._rest_ms)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        elif watched is self.undo and event.type() == QEvent.Type.FocusIn:
            self._pause()
        elif watched is self.undo and event.type() == QEvent.Type.FocusOut:
            self._go_on()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        self._pause()

    def leaveEvent(self, event: QEvent) -> None:
        self._go_on()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_box(painter, QRectF(self.rect()), "ink", None, 6)
        painter.end()
