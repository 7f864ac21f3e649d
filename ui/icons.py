"""Pictures beside words: Phosphor glyphs in the colour of the moment, and our own square with 院.

An icon asks for its colour when it is painted, so a change of theme needs no new icons. A name is the Phosphor name
without its weight; sunlight takes the bold drawing by itself.
"""

import logging
from functools import cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from ui.theme import RESOURCES, look

FOLDER = RESOURCES / "icons"
USUAL = 20
BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256"/>'


@cache
def drawing(name: str, weight: str | None = None) -> str:
    """Return the SVG text of an icon; FileNotFoundError if we do not carry it."""
    file = f"{name}-{weight}.svg" if weight else f"{name}.svg"
    return (FOLDER / file).read_text("utf-8")


def weight_in_force(weight: str | None) -> str | None:
    """Return the weight to draw: what was asked, or bold in sunlight."""
    return weight or ("bold" if look().theme.is_sun else None)


def pixmap(name: str, token: str = "ink", size: int = USUAL, ratio: float = 1.0, weight: str | None = None) -> QPixmap:
    """Return an icon of `size` logical px in a colour of the look, from the cache if it was drawn before."""
    return _recoloured(name, look().colour(token), size, ratio, weight_in_force(weight))


def _recoloured(name: str, colour: QColor, size: int, ratio: float, weight: str | None) -> QPixmap:
    key = f"yuanba/{name}/{weight}/{colour.rgba()}/{size}/{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawn = _draw(_drawing_or_blank(name, weight), colour, size, ratio)
    QPixmapCache.insert(key, drawn)
    return drawn


def _drawing_or_blank(name: str, weight: str | None) -> str:
    """Return an icon's drawing, or an empty one: an error raised while Qt paints would stop the window for good."""
    try:
        return drawing(name, weight)
    except OSError:
        logging.getLogger(__name__).error("no drawing for %s %s", name, weight or "")
        return BLANK


def _draw(svg: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    pixels = round(size * ratio)
    picture = QPixmap(pixels, pixels)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setOpacity(colour.alphaF())
    renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", colour.name()).encode()))
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def paint_icon(
    painter: QPainter, name: str, place: QRectF | QRect, token: str = "ink", weight: str | None = None
) -> None:
    """Paint an icon into a square at the painter's own pixel ratio."""
    ratio = painter.device().devicePixelRatioF()
    drawn = pixmap(name, token, round(place.width()), ratio, weight)
    painter.drawPixmap(QPointF(place.topLeft()), drawn)


class _TokenIcon(QIconEngine):
    """An icon that looks its colour up while it is painted."""

    def __init__(self, name: str, token: str, weight: str | None) -> None:
        super().__init__()
        self._glyph = (name, token, weight)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        place = QRect(0, 0, side, side)
        place.moveCenter(rect.center())
        name, token, weight = self._glyph
        shown = "ink3" if mode == QIcon.Mode.Disabled else token
        paint_icon(painter, name, place, shown, weight)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        name, token, weight = self._glyph
        shown = "ink3" if mode == QIcon.Mode.Disabled else token
        pixels = min(size.width(), size.height())
        return pixmap(name, shown, round(pixels / scale), scale, weight)

    def clone(self) -> QIconEngine:
        return _TokenIcon(*self._glyph)


def icon(name: str, token: str = "ink", weight: str | None = None) -> QIcon:
    """Return an icon that follows the theme; `weight` is "fill" for things switched on."""
    drawing(name, weight)
    return QIcon(_TokenIcon(name, token, weight))


def paint_logo(painter: QPainter, place: QRectF) -> None:
    """Paint our mark: a red rounded square with 院 in the colour of paper."""
    side = place.width()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look().colour("seal_fill"))
    painter.drawRoundedRect(place, side * 0.14, side * 0.14)
    font = look().font("section", weight=700)
    font.setPixelSize(max(8, round(side * 0.66)))
    painter.setFont(font)
    painter.setPen(look().colour("on_seal"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "院")
    painter.restore()


def logo(size: int = 64) -> QPixmap:
    """Return our mark as a picture, for the window and the desktop."""
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_logo(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture
