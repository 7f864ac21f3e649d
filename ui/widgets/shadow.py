"""Shadow under things that float, and under nothing else."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from ui.theme import look

POPUP = (26, 6, 0.24)
PAGE = (28, 5, 0.22)


def paint_shadow(painter: QPainter, place: QRectF, radius: float, kind: tuple[int, int, float] = POPUP) -> None:
    """Paint a soft shadow around a place: blur and drop in px, strength between 0 and 1; none in sunlight."""
    if look().theme.is_sun:
        return
    blur, drop, strength = kind
    reach = blur // 2
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    for step in range(reach, 0, -1):
        share = (1 - step / (reach + 1)) ** 2
        painter.setBrush(look().colour("shadow", strength * share / reach * 1.4))
        grown = place.adjusted(-step, drop - step, step, drop + step)
        painter.drawRoundedRect(grown, radius + step, radius + step)
    painter.restore()
