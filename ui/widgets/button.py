"""Buttons: ink for the one thing to do, red for 定稿落印 only, paper for the rest, words alone for what can wait."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.focus_ring import ring_around, ring_off
from ui.widgets.key_cap import cap_size, paint_cap, spoken_key
from ui.widgets.label import Label
from ui.widgets.painted import advance, paint_box, paint_text, pen_for
from ui.words import tr

WAIT_MS = 300
TURN_MS = 120
ICON_ALONE = 32


class Kind(StrEnum):
    """How much a button asks to be pressed."""

    PRIMARY = "primary"
    SEAL = "seal"
    PLAIN = "plain"
    QUIET = "quiet"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class _Coat:
    """Tokens of a button: ground, border, letters, and its ground under the mouse and under a press."""

    fill: str | None
    border: str | None
    ink: str
    hover: str | None
    pressed: str | None
    weight: int


_COATS = {
    Kind.PRIMARY: _Coat("ink", None, "on_ink", "ink2", "ink3", 600),
    Kind.SEAL: _Coat("seal_fill", None, "on_seal", "seal_fill", "seal_fill", 600),
    Kind.PLAIN: _Coat("raised", "line2", "ink", "raised", "select", 500),
    Kind.QUIET: _Coat(None, None, "ink2", "select", "select", 400),
    Kind.LINK: _Coat(None, None, "indigo", None, None, 400),
}
_OFF = _Coat("desk", "line", "ink3", "desk", "desk", 500)
_OFF_QUIET = _Coat(None, None, "ink3", None, None, 400)


class Button(QPushButton):
    """A button with an icon before and a key cap after its words; never wraps and keeps its width while it waits."""

    def __init__(
        self,
        text: str,
        kind: Kind | str = Kind.PLAIN,
        icon: str = "",
        key: str = "",
        tall: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.kind, self.icon_name, self.key, self.tall = Kind(kind), icon, key, tall
        self.setProperty("painted", True)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self.setAccessibleDescription(tr("按键 {key}", key=spoken_key(key)) if key else "")
        self._turns = -1
        self._wait = QTimer(self)
        self._wait.timeout.connect(self._turn)
        look().changed.connect(self._keep_height)

    def say(self, text: str) -> None:
        """Change the words."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def _keep_height(self) -> None:
        """Ask for the whole height: the sheet's least height for buttons is less than ours."""
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_height()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._keep_height()

    def be(self, kind: Kind | str) -> None:
        """Change how much the button asks to be pressed."""
        self.kind = Kind(kind)
        self.updateGeometry()
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Show that what was asked is under way, after a moment; the words and the width stay."""
        self._turns = -1
        if busy:
            self._wait.start(WAIT_MS)
        else:
            self._wait.stop()
        self.update()

    @property
    def is_turning(self) -> bool:
        """Say whether the sign of waiting is seen."""
        return self._turns >= 0

    def _turn(self) -> None:
        self._turns += 1
        self._wait.setInterval(TURN_MS)
        self.update()

    def sizeHint(self) -> QSize:
        look_ = look()
        if not self.text() and not self.key:
            return QSize(look_.px(ICON_ALONE), look_.px(ICON_ALONE))
        width = advance(self._letters(), self.text()) + 2 * self._pad()
        width += look_.size(18) + look_.px(8) if self.icon_name else 0
        width += cap_size(self.key).width() + look_.px(8) if self.key else 0
        return QSize(round(width) + 1, look_.px(42 if self.tall else 36 if self.kind != Kind.LINK else 32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        ring_around(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        ring_off(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        coat = self._coat()
        fill = coat.pressed if self.isDown() else coat.hover if self._is_hovered() else coat.fill
        border = "edge" if self.kind == Kind.PLAIN and self._is_hovered() else coat.border
        paint_box(painter, QRectF(self.rect()), fill, border)
        self._paint_words(painter, coat.ink)
        painter.end()

    def _paint_words(self, painter: QPainter, ink: str) -> None:
        x, height = (self.width() - self.sizeHint().width()) / 2 + self._pad(), self.height()
        if self.icon_name:
            side = look().size(18)
            self._paint_sign(painter, QRectF(x, (height - side) / 2, side, side), ink)
            x += side + look().px(8)
        width = advance(self._letters(), self.text())
        paint_text(painter, QRectF(x, 0, width + 2, height), self.text(), self._letters(), ink)
        if self.key:
            self._paint_key(painter, x + width + look().px(8), ink)
        elif self.is_turning and not self.icon_name:
            self._paint_sign(painter, QRectF(2, height / 2 - 6, 12, 12), ink)

    def _paint_key(self, painter: QPainter, x: float, ink: str) -> None:
        size = cap_size(self.key)
        place = QRectF(x, (self.height() - size.height()) / 2, size.width(), size.height())
        if self.is_turning and not self.icon_name:
            side = place.height() - 4
            self._paint_sign(painter, QRectF(place.center().x() - side / 2, place.y() + 2, side, side), ink)
        else:
            is_dark = self.kind in (Kind.PRIMARY, Kind.SEAL) and self.isEnabled()
            paint_cap(painter, place, self.key, ink, None if is_dark or not self.isEnabled() else "raised")

    def _paint_sign(self, painter: QPainter, place: QRectF, ink: str) -> None:
        if not self.is_turning:
            paint_icon(painter, self.icon_name, place, ink)
            return
        painter.save()
        painter.translate(place.center())
        painter.rotate(0 if look().theme.is_sun else self._turns * 30 % 360)
        middle = QPointF(place.width() / 2, place.height() / 2)
        paint_icon(painter, "circle-dashed", QRectF(-middle.x(), -middle.y(), place.width(), place.height()), ink)
        painter.restore()

    def _coat(self) -> _Coat:
        if self.isEnabled():
            return _COATS[self.kind]
        return _OFF_QUIET if self.kind in (Kind.QUIET, Kind.LINK) else _OFF

    def _letters(self) -> QFont:
        return look().font(Role.BODY, self._coat().weight, 16 if self.tall and self.kind == Kind.PRIMARY else None)

    def _pad(self) -> int:
        if not self.text() and not self.key:
            return (look().px(ICON_ALONE) - look().size(18)) // 2
        return look().px(4 if self.kind == Kind.LINK else 15)

    def _is_hovered(self) -> bool:
        return self.isEnabled() and self.underMouse()


class ReasonedButton(QWidget):
    """A button that says beside itself why it cannot be pressed yet."""

    clicked = Signal()

    def __init__(self, button: Button, reason: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = button
        self.reason = Label("", Role.CAPTION, "ink2").wrapped()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(button)
        row.addWidget(self.reason, 1)
        row.addStretch(0)
        button.clicked.connect(self.clicked)
        self.setAccessibleName(button.text())
        self.refuse(reason)

    def refuse(self, reason: str | None) -> None:
        """Grey the button and say why; None lets it be pressed."""
        self.button.setEnabled(reason is None)
        self.reason.say(reason or "")
        self.reason.setVisible(reason is not None)
        self.button.setAccessibleDescription(reason or "")
        self.button.setToolTip(reason or "")


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
