"""What painted parts share: they follow the look, speak to screen readers, and draw boxes and lines the same way."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from ui.theme import look

Align = Qt.AlignmentFlag
LEFT = Align.AlignLeft | Align.AlignVCenter
RIGHT = Align.AlignRight | Align.AlignVCenter
MIDDLE = Align.AlignCenter
_ONE_LINE = Qt.TextFlag.TextSingleLine.value
# Joining flags of two kinds costs as much as drawing a word.
_IN_ONE_LINE = {align: align.value | _ONE_LINE for align in (LEFT, RIGHT, MIDDLE)}


class Painted(QWidget):
    """A part that paints itself from the look and paints anew when the look changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look().changed.connect(self.follow_look)

    def follow_look(self) -> None:
        """Measure and paint again."""
        self.updateGeometry()
        self.update()

    def says(self, name: str, meaning: str = "") -> None:
        """Name the part for screen readers and say in words what is drawn; the tooltip says the same."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(meaning)
        self.setToolTip(meaning or name)


def pen_for(painter: QPainter) -> QPainter:
    """Return the painter, smooth."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def advance(font: QFont, text: str) -> float:
    """Return how wide a text is in a font."""
    return QFontMetricsF(font).horizontalAdvance(text)


def elided(font: QFont, text: str, width: float) -> str:
    """Return the text, shortened at its end if it is wider than the width."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))


def paint_box(
    painter: QPainter,
    place: QRectF,
    fill: str | None,
    border: str | None = None,
    radius: float = 6,
    line: int | None = None,
) -> None:
    """Paint a rounded box; the border lies inside the place and is as broad as lines are in this look."""
    breadth = (line or look().theme.line) if border else 0
    inner = place.adjusted(breadth / 2, breadth / 2, -breadth / 2, -breadth / 2)
    painter.setPen(QPen(look().colour(border), breadth) if border else Qt.PenStyle.NoPen)
    painter.setBrush(look().colour(fill) if fill else Qt.BrushStyle.NoBrush)
    corner = look().px(radius) if radius else 0
    painter.drawRoundedRect(inner, corner, corner)


def paint_text(
    painter: QPainter, place: QRectF, text: str, font: QFont, token: str, align: Qt.AlignmentFlag = LEFT
) -> None:
    """Paint one line of text."""
    painter.setFont(font)
    painter.setPen(look().colour(token))
    painter.drawText(place, _IN_ONE_LINE.get(align) or align.value | _ONE_LINE, text)


def paint_words(
    painter: QPainter, at: QPointF, height: float, words: list[tuple[str, QFont, str]], gap: float = 8
) -> float:
    """Paint words one after the other on one middle line; return where the last one ends."""
    x = at.x()
    for text, font, token in words:
        width = advance(font, text)
        paint_text(painter, QRectF(x, at.y(), width + 2, height), text, font, token)
        x += width + gap
    return x - gap


def announce(part: QWidget, text: str) -> None:
    """Tell a screen reader something that happened, politely and once."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(part, text))
