"""Who has come, who has not spoken, who is missing: one short list of people with their time."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import Role, look
from ui.widgets.painted import RIGHT, advance, elided, paint_box, paint_text, pen_for

HEIGHT = 30
GUEST_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Guest:
    """One row: whose attendance, the name, what stands beside it, and a time or a word at the right."""

    attendance_id: str
    person_id: str
    name: str
    title: str = ""
    right: str = ""
    tone: str = "ink2"

    def spoken(self) -> str:
        """Return the whole row in words."""
        return " ".join(filter(None, (self.name, self.title, self.right)))


class Guests(QAbstractListModel):
    """The people of one list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Guest] = []

    def show_guests(self, rows: list[Guest]) -> None:
        """Show other people."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.spoken()
        return row if role == GUEST_ROLE else None


class _Brush(QStyledItemDelegate):
    """Paints a guest: name, title, time."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(look().px(120), look().size(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        guest = index.data(GUEST_ROLE)
        place = QRectF(option.rect)  # type: ignore[attr-defined]  # the stubs leave out the fields of style options
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        if not isinstance(guest, Guest):
            return
        pen_for(painter)
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            paint_box(painter, place.adjusted(1, 0, -1, 0), "select", "indigo", 6, line=2)
        _paint_guest(painter, place.adjusted(look().px(10), 0, -look().px(10), 0), guest)


def _paint_guest(painter: QPainter, place: QRectF, guest: Guest) -> None:
    name, small = look().font(Role.NAME), look().font(Role.CAPTION)
    paint_text(painter, place, guest.right, small, guest.tone, RIGHT)
    paint_text(painter, place, guest.name, name, "ink")
    x = place.x() + advance(name, guest.name) + look().px(8)
    room = place.right() - x - advance(small, guest.right) - look().px(8)
    title = QRectF(x, place.y(), room + 2, place.height())
    paint_text(painter, title, elided(small, guest.title, room), small, "ink2")


class GuestList(QListView):
    """The list itself; keys on a row are said with their row. `turned` is ← or →, `quit_up` leaves at the top."""

    entered = Signal(object)
    removed = Signal(object)
    excused = Signal(object)
    turned = Signal(int)
    quit_up = Signal()
    current_moved = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.guests = Guests(self)
        self.setModel(self.guests)
        self.setItemDelegate(_Brush(self))
        self.setProperty("bare", True)
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(lambda: self.current_moved.emit())
        look().changed.connect(self.doItemsLayout)

    def show_guests(self, rows: list[Guest]) -> None:
        """Show other people; the current row stays with its person, or its place."""
        before, place = self.guest(), self.currentIndex().row()
        self.guests.show_guests(rows)
        if before is None or not rows:
            return
        same = next((at for at, row in enumerate(rows) if row.person_id == before.person_id), None)
        self.setCurrentIndex(self.guests.index(min(place, len(rows) - 1) if same is None else same))

    def guest(self) -> Guest | None:
        """Return the current row."""
        at = self.currentIndex().row()
        return self.guests.rows[at] if 0 <= at < len(self.guests.rows) else None

    def enter_list(self) -> None:
        """Take the keyboard, on the first row if none is current."""
        if not self.guests.rows:
            return
        if self.guest() is None:
            self.setCurrentIndex(self.guests.index(0))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.current_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.current_moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        guest, key = self.guest(), event.key()
        said = {
            Qt.Key.Key_Return: self.entered,
            Qt.Key.Key_Enter: self.entered,
            Qt.Key.Key_Delete: self.removed,
            Qt.Key.Key_Q: self.excused,
        }.get(Qt.Key(key))
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            event.ignore()
        elif said is not None:
            if guest is not None:
                said.emit(guest)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.turned.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.quit_up.emit()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)
