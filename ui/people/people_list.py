"""The people in a list: 20,000 rows that are made only when they are painted."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QWidget

from app.queries.people import FoundPerson
from ui.widgets.row import ROW_ROLE, Row, RowBrush
from ui.words import tr

ROW_HEIGHT = 54
_Index = QModelIndex | QPersistentModelIndex
_MOVES = {Qt.Key.Key_J: Qt.Key.Key_Down, Qt.Key.Key_K: Qt.Key.Key_Up}
_SPOKEN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)


class PeopleRows(QAbstractListModel):
    """Who was found, in order; `tell` makes the row of one person."""

    def __init__(self, tell: Callable[[FoundPerson, str], Row], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self.found: list[FoundPerson] = []
        self.ticked: dict[str, None] = {}

    def show(self, found: list[FoundPerson]) -> None:
        """Show others."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != ROW_ROLE and role not in _SPOKEN:
            return None
        found = self.found[index.row()]
        row = self._tell(found, self._icon(found.person.id))
        spoken = f"{tr('勾上了')} {row.spoken()}" if found.person.id in self.ticked else row.spoken()
        return row if role == ROW_ROLE else spoken

    def _icon(self, person_id: str) -> str:
        if not self.ticked:
            return ""
        return "check-circle" if person_id in self.ticked else "circle"

    def tick(self, person_id: str) -> None:
        """Tick somebody, or no longer."""
        if person_id in self.ticked:
            del self.ticked[person_id]
        else:
            self.ticked[person_id] = None
        self.repaint_all()

    def clear_ticks(self) -> None:
        """Tick nobody."""
        self.ticked.clear()
        self.repaint_all()

    def repaint_all(self) -> None:
        """Have the rows in view painted anew; nothing moves."""
        if self.found:
            self.dataChanged.emit(self.index(0), self.index(len(self.found) - 1))

    def place_of(self, person_id: str) -> int:
        """Return in which row somebody is; -1 when not shown."""
        return next((at for at, found in enumerate(self.found) if found.person.id == person_id), -1)


class RowList(QListView):
    """A list worked by keys: J and K move, Enter and → open, letters go to the filter."""

    opened = Signal()
    typed = Signal(str)
    moved = Signal()

    def __init__(self, name: str, height: int = ROW_HEIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("bare", True)
        self.setItemDelegate(RowBrush(self, height))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda _: self.moved.emit())

    def go_to(self, row: int) -> None:
        """Make a row the current one."""
        if self.model() is not None and 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, 0))

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        key = Qt.Key(event.key())
        if plain and key in _MOVES:
            super().keyPressEvent(QKeyEvent(event.type(), _MOVES[key], Qt.KeyboardModifier.NoModifier))
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.opened.emit()
        elif plain and event.text().isalnum():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)
