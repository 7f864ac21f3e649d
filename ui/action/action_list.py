"""The tasks in a list under their headings: number, text, unit, person, and when it is due."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.action import Action
from ui.icons import paint_icon
from ui.people.people_list import RowList
from ui.theme import Role, look
from ui.widgets.painted import RIGHT, advance, elided, paint_box, paint_text, pen_for

ROW_HEIGHT = 39
UNIT_WIDTH, PERSON_WIDTH, DUE_WIDTH, NARROW = 108, 76, 104, 560
_Index = QModelIndex | QPersistentModelIndex
_SPOKEN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)


@dataclass(frozen=True, slots=True)
class Heading:
    """A group and how many are in it."""

    words: str
    count: int
    tone: str = "ink"

    def spoken(self) -> str:
        """Return the heading in words."""
        return f"{self.words} {self.count}"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What one task shows in the list; `tone` is that of its due word."""

    action_id: str
    number: int
    text: str
    unit: str
    person: str
    due: str
    tone: str = "ink2"
    icon: str = "circle"
    icon_tone: str = "ink3"
    is_done: bool = False

    def spoken(self) -> str:
        """Return the whole row in words."""
        return " ".join(filter(None, (str(self.number), self.text, self.unit, self.person, self.due)))


class ActionRows(QAbstractListModel):
    """Headings and tasks in order; `tell` makes the row of one task when it is painted."""

    def __init__(self, tell: Callable[[Action], ActionRow], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self.rows: list[Action | Heading] = []

    def show(self, rows: list[Action | Heading]) -> None:
        """Show other rows; the same ones are not touched."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in _SPOKEN:
            return self.told(index.row()).spoken()
        return self.told(index.row()) if role == Qt.ItemDataRole.UserRole else None

    def told(self, at: int) -> ActionRow | Heading:
        """Return what a row shows."""
        row = self.rows[at]
        return self._tell(row) if isinstance(row, Action) else row

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def place_of(self, action_id: str) -> int:
        """Return in which row a task is; the first task's when it is not shown, -1 when there is none."""
        found = (at for at, row in enumerate(self.rows) if isinstance(row, Action) and row.id == action_id)
        # The first task stands under the first heading.
        return next(found, 1 if self.rows else -1)


class _Brush(QStyledItemDelegate):
    """Paints headings and tasks."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(look().px(200), look().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out the fields of style options
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        row, place = index.data(Qt.ItemDataRole.UserRole), QRectF(rect)
        pen_for(painter)
        if isinstance(row, Heading):
            _paint_heading(painter, place.adjusted(look().px(12), look().px(6), 0, 0), row)
            return
        if state & QStyle.StateFlag.State_Selected:
            view = self.parent()
            is_on = isinstance(view, QWidget) and view.hasFocus()
            ring = "indigo" if is_on else "ink" if look().theme.is_sun else None
            paint_box(painter, place.adjusted(1, 1, -1, -1), "select", ring, 6, line=2)
        if isinstance(row, ActionRow):
            _paint_task(painter, place.adjusted(look().px(12), 0, -look().px(12), 0), row)


def _paint_heading(painter: QPainter, place: QRectF, heading: Heading) -> None:
    font = look().font(Role.SECTION)
    paint_text(painter, place, heading.words, font, heading.tone)
    after = place.adjusted(advance(font, heading.words) + look().px(8), 0, 0, 0)
    paint_text(painter, after, str(heading.count), look().font(Role.CAPTION), "ink2")


def _paint_task(painter: QPainter, place: QRectF, row: ActionRow) -> None:
    side, small = look().size(17), look().font(Role.CAPTION)
    sign = QRectF(place.x(), place.center().y() - side / 2, side, side)
    paint_icon(painter, row.icon, sign, row.icon_tone, "fill" if row.is_done else None)
    number = QRectF(place.x() + look().px(28), place.y(), look().px(26), place.height())
    paint_text(painter, number, str(row.number), look().font(Role.NOTE), "ink2")
    weight = 500 if row.tone in ("seal", "ochre") else None
    paint_text(painter, place, row.due, look().font(Role.NOTE, weight), row.tone, RIGHT)
    right = place.right() - look().px(DUE_WIDTH)
    if place.width() > look().px(NARROW):
        for words, width in ((row.person, PERSON_WIDTH), (row.unit, UNIT_WIDTH)):
            right -= look().px(width)
            cell = QRectF(right, place.y(), look().px(width - 8), place.height())
            paint_text(painter, cell, elided(small, words, cell.width()), small, "ink2")
    body, x = look().font(Role.BODY), number.right() + look().px(3)
    room = QRectF(x, place.y(), right - x - look().px(10), place.height())
    paint_text(painter, room, elided(body, row.text, room.width()), body, "ink3" if row.is_done else "ink")


class ActionList(RowList):
    """The list itself, worked like every list."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setItemDelegate(_Brush(self))
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
