"""Rows of a list: a sign, a title, one quiet line below, and a word at the right that is never shortened."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.painted import RIGHT, advance, elided, paint_box, paint_text, pen_for

HEIGHT = 50
ROW_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """What one row shows; `hits` are the places in the title to paint red."""

    title: str
    detail: str = ""
    right: str = ""
    right_tone: str = "ink2"
    icon: str = ""
    icon_tone: str = "ink3"
    icon_weight: str | None = None
    hits: tuple[int, ...] = ()

    def spoken(self) -> str:
        """Return the whole row in words; a model gives it for AccessibleTextRole and ToolTipRole."""
        return " ".join(filter(None, (self.title, self.detail, self.right)))


class RowBrush(QStyledItemDelegate):
    """Paints a `Row` that the model gives for ROW_ROLE: two lines, the selected one on its own ground, a rule below."""

    def __init__(self, parent: QObject | None = None, height: int = HEIGHT, rules: bool = True) -> None:
        super().__init__(parent)
        self._height, self._rules = height, rules

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(look().px(200), look().px(self._height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row):
            return
        place, state = _place_and_state(option)
        pen_for(painter)
        if state & QStyle.StateFlag.State_Selected:
            ring = "indigo" if state & QStyle.StateFlag.State_HasFocus else "ink" if look().theme.is_sun else None
            paint_box(painter, place.adjusted(1, 1, -1, -1), "select", ring, 6, line=2)
        elif self._rules and index.row() + 1 < index.model().rowCount():
            line = look().theme.line
            painter.fillRect(QRectF(place.x(), place.bottom() - line, place.width(), line), look().colour("line"))
        _paint_row(painter, place.adjusted(look().px(13), 0, -look().px(13), 0), row)


def _place_and_state(option: QStyleOptionViewItem) -> tuple[QRectF, QStyle.StateFlag]:
    rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out the fields of style options
    state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
    return QRectF(rect), state


def _paint_row(painter: QPainter, place: QRectF, row: Row) -> None:
    small, x = look().font(Role.CAPTION), place.x()
    if row.icon:
        side = look().size(17)
        paint_icon(
            painter, row.icon, QRectF(x, place.center().y() - side / 2, side, side), row.icon_tone, row.icon_weight
        )
        x += side + look().px(10)
    right = look().font(Role.CAPTION, 500 if row.right_tone in ("seal", "ochre", "pine") else None)
    paint_text(painter, place, row.right, right, row.right_tone, RIGHT)
    room = place.right() - x - (advance(right, row.right) + look().px(16) if row.right else 0)
    title, detail = look().line_height(Role.BODY), look().line_height(Role.CAPTION) if row.detail else 0
    top = place.center().y() - (title + detail) / 2
    _paint_title(painter, QRectF(x, top, room, title), row)
    if row.detail:
        words = elided(small, row.detail, room)
        paint_text(painter, QRectF(x, top + title - 2, room + 2, detail), words, small, "ink2")


def _paint_title(painter: QPainter, place: QRectF, row: Row) -> None:
    font = look().font(Role.BODY)
    title, x = elided(font, row.title, place.width()), place.x()
    if not row.hits:
        paint_text(painter, place.adjusted(0, 0, 2, 0), title, font, "ink")
        return
    for at, sign in enumerate(title):
        shown = look().font(Role.BODY, 500) if at in row.hits else font
        width = advance(shown, sign)
        paint_text(
            painter, QRectF(x, place.y(), width + 2, place.height()), sign, shown, "seal" if at in row.hits else "ink"
        )
        x += width
