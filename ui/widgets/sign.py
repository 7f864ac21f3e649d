"""An icon that stands beside words and says nothing of its own."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.theme import look
from ui.widgets.painted import Painted


class Sign(Painted):
    """One icon in a tone of the look; its meaning, if it has any, is its accessible name."""

    def __init__(
        self,
        icon: str,
        tone: str = "ink2",
        size: int = 18,
        weight: str | None = None,
        meaning: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.icon, self.tone, self.side, self.weight = icon, tone, size, weight
        self.says(meaning)

    def show_icon(self, icon: str, tone: str, weight: str | None = None, meaning: str = "") -> None:
        """Show another icon."""
        self.icon, self.tone, self.weight = icon, tone, weight
        self.says(meaning)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().size(self.side), look().size(self.side))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = look().size(self.side)
        place = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_icon(painter, self.icon, place, self.tone, self.weight)
        painter.end()
