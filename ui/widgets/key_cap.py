"""A key as it looks on the keyboard: the name of a shortcut in a small frame."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Role, look
from ui.widgets.painted import MIDDLE, Painted, advance, paint_box, paint_text, pen_for
from ui.words import tr

SPOKEN = {"↵": "回车", "↓": "下", "↑": "上", "←": "左", "→": "右"}
HEIGHT = 20


def cap_size(key: str, height: int = HEIGHT) -> QSize:
    """Return how large the cap of a key is in the look in force."""
    width = advance(look().font(Role.SMALL), key) + look().px(16)
    return QSize(max(look().px(29), round(width)), look().px(height))


def paint_cap(painter: QPainter, place: QRectF, key: str, ink: str = "ink2", fill: str | None = "raised") -> None:
    """Paint a cap into a place; without a fill on dark buttons and selected rows."""
    border = ink if ink.startswith("on_") or look().theme.is_sun else "line2"
    paint_box(painter, place, fill, border, 4, line=1)
    paint_text(painter, place, key, look().font(Role.SMALL), ink, MIDDLE)


def spoken_key(key: str) -> str:
    """Return a key as one says it, for screen readers: Ctrl ↵ is Ctrl 回车."""
    return " ".join(tr(SPOKEN[part]) if part in SPOKEN else part for part in key.split())


class KeyCap(Painted):
    """The cap of one shortcut, as a part of its own."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.says(tr("按键 {key}", key=spoken_key(key)))

    def sizeHint(self) -> QSize:
        return cap_size(self.key)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_cap(painter, QRectF(self.rect()), self.key, "ink2" if self.isEnabled() else "ink3")
        painter.end()
