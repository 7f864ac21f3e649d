"""The foot of the window: whether every word is kept, and the keys that work here and now."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.key_cap import cap_size, paint_cap, spoken_key
from ui.widgets.painted import Painted, advance, announce, paint_text, pen_for
from ui.words import tr

HEIGHT = 34
MOST_KEYS = 7


class KeyHint(QAbstractButton):
    """A key cap and what it does; pressing it does the same, for those who use the mouse."""

    def __init__(self, key: str, text: str, key_last: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self.key_last = key, key_last
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{text} {spoken_key(key)}")
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        words = advance(look().font(Role.CAPTION), self.text())
        return QSize(round(cap_size(self.key).width() + look().px(6) + words) + 2, look().px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        size, font = cap_size(self.key), look().font(Role.CAPTION)
        words = advance(font, self.text())
        cap_x, words_x = (words + look().px(12), 0.0) if self.key_last else (0.0, size.width() + look().px(6))
        token = "ink" if self.underMouse() or self.isDown() else "ink2"
        paint_text(painter, QRectF(words_x, 0, words + 2, self.height()), self.text(), font, token)
        cap_x = min(cap_x, self.width() - size.width())
        place = QRectF(cap_x, (self.height() - size.height()) / 2, size.width(), size.height())
        paint_cap(painter, place, self.key, token)
        painter.end()


class SavedMark(Painted):
    """已存 HH:MM:SS in pine, 正在存… quietly, 没存上 in red."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.text, self.tone, self.icon = "", "pine", "check-circle"

    def show_state(self, text: str, tone: str, icon: str, meaning: str = "") -> None:
        """Show how the keeping stands."""
        self.text, self.tone, self.icon = text, tone, icon
        self.says(text, meaning)
        self.follow_look()

    def sizeHint(self) -> QSize:
        width = advance(look().font(Role.CAPTION, 500), self.text)
        return QSize(round(width) + look().size(14) + look().px(8), look().px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        side, height = look().size(15), self.height()
        paint_icon(painter, self.icon, QRectF(0, (height - side) / 2 + 1, side, side), self.tone, "fill")
        words = QRectF(side + look().px(6), 0, self.width(), height)
        paint_text(painter, words, self.text, look().font(Role.CAPTION, 500), self.tone)
        painter.end()


class StatusBar(Painted):
    """Left: what is saved. Middle: at most seven keys of the zone in use. Right: all keys."""

    key_clicked = Signal(str)
    help_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(look().px(HEIGHT))
        self.setAccessibleName(tr("存好没有、现在的按键"))
        self.saved = SavedMark()
        self.help = KeyHint("F1", tr("全部快捷键"), key_last=True)
        self.help.clicked.connect(self.help_wanted)
        self._hints: list[KeyHint] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(15, 1, 14, 1)
        self._row.setSpacing(14)
        self._row.addWidget(self.saved)
        self._row.addSpacing(28)
        self._row.addStretch(1)
        self._row.addWidget(self.help)
        self.saved_at("")

    def saved_at(self, time: str) -> None:
        """Say when the last word reached the disk; called only after it did."""
        self.saved.show_state(tr("已存 {time}", time=time).strip(), "pine", "check-circle")

    def saving(self) -> None:
        """Say that keeping takes longer than one would notice."""
        self.saved.show_state(tr("正在存…"), "ink3", "circle")

    def not_saved(self, reason: str) -> None:
        """Say that it could not be kept, and why."""
        self.saved.show_state(tr("没存上"), "seal", "warning", reason)
        announce(self, f"{tr('没存上')} {reason}")

    def set_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show the keys of the zone in use, each with what it does; those after the seventh are left out."""
        for hint in self._hints:
            self._row.removeWidget(hint)
            hint.hide()
            hint.deleteLater()
        self._hints = [KeyHint(key, text) for key, text in keys[:MOST_KEYS]]
        for at, hint in enumerate(self._hints):
            hint.clicked.connect(lambda _=False, key=hint.key: self.key_clicked.emit(key))
            self._row.insertWidget(2 + at, hint)
        self._fit()

    def keys(self) -> list[tuple[str, str]]:
        """Return the keys shown, those hidden for want of room not among them."""
        return [(hint.key, hint.text()) for hint in self._hints if not hint.isHidden()]

    def follow_look(self) -> None:
        self.setFixedHeight(look().px(HEIGHT))
        self._fit()
        super().follow_look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(240), look().px(HEIGHT))

    def _fit(self) -> None:
        """Hide the last keys where there is no room for all."""
        room = self.width() - self.saved.sizeHint().width() - self.help.sizeHint().width() - 15 - 14 - 28 - 3 * 14
        for hint in self._hints:
            room -= hint.sizeHint().width() + 14
            hint.setVisible(room >= 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("desk"))
        painter.fillRect(0, 0, self.width(), look().theme.line, look().colour("line"))
        if self._hints:
            x, tall = self.saved.geometry().right() + look().px(21), look().px(14)
            painter.fillRect(x, (self.height() - tall) // 2, look().theme.line, tall, look().colour("line2"))
        painter.end()
