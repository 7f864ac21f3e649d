"""印哪几样: the papers of the evening, which of them to print, and how many of each."""

from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.queries.printout import sheets
from ui.actions import means
from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.painted import RIGHT, advance, elided, paint_box, paint_text, pen_for
from ui.words import tr

ROW_ROLE = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 60
HEAD_HEIGHT = 30
MOST_COPIES = 99
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Choice:
    """One paper: how many copies are wanted, whether it is ticked, how many pages it has (0: not drawn yet).

    `head` begins a group of its own. What is not `offered` cannot be ticked; its detail says why.
    """

    kind: str
    name: str
    detail: str = ""
    copies: int = 1
    is_ticked: bool = True
    pages: int = 0
    two_sided: bool = False
    head: str = ""
    is_offered: bool = True

    @property
    def sheets(self) -> int:
        """Return how many sheets will be printed of it."""
        return sheets(self.pages, self.copies, self.two_sided) if self.is_ticked else 0

    @property
    def sides(self) -> int:
        """Return how many pages will be printed of it."""
        return self.copies * self.pages if self.is_ticked else 0

    def spoken(self) -> str:
        """Return the whole row in words."""
        if not self.is_offered:
            return f"{self.name} {self.detail}"
        ticked = tr("要印") if self.is_ticked else tr("不印")
        return f"{self.name} {ticked} {tr('{count} 份', count=self.copies)} {self.detail}".strip()


class Choices(QAbstractListModel):
    """The papers in the order they are printed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Choice] = []

    def show_choices(self, rows: list[Choice]) -> None:
        """Show these papers; the same kinds keep their places."""
        if [row.kind for row in rows] == [row.kind for row in self.rows]:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def put(self, at: int, row: Choice) -> None:
        """Replace one row."""
        self.rows[at] = row
        self.dataChanged.emit(self.index(at), self.index(at))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row.spoken()
        return row if role == ROW_ROLE else None


class _Brush(QStyledItemDelegate):
    """Paints a paper: its tick, its name and keepers, its copies."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(look().px(200), look().px(_height(index.data(ROW_ROLE))))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(ROW_ROLE)
        place, state = _place_and_state(option)
        if not isinstance(row, Choice):
            return
        pen_for(painter)
        if row.head:
            head, height = look().font(Role.CAPTION), look().px(HEAD_HEIGHT)
            words = QRectF(place.x() + look().px(12), place.y(), place.width(), height)
            paint_text(painter, words, row.head, head, "ink2")
            place = place.adjusted(0, height, 0, 0)
        if state & QStyle.StateFlag.State_Selected:
            ring = "indigo" if state & QStyle.StateFlag.State_HasFocus else "ink" if look().theme.is_sun else None
            paint_box(painter, place.adjusted(1, 2, -1, -2), "select", ring, 6, line=2)
        if row.is_offered:
            _paint_tick(painter, QRectF(place.x() + look().px(12), place.center().y() - 8, 16, 16), row.is_ticked)
        _paint_words(painter, place.adjusted(look().px(40), 0, -look().px(12), 0), row)


def _height(row: object) -> int:
    return ROW_HEIGHT + (HEAD_HEIGHT if isinstance(row, Choice) and row.head else 0)


def _place_and_state(option: QStyleOptionViewItem) -> tuple[QRectF, QStyle.StateFlag]:
    rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out the fields of style options
    state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
    return QRectF(rect), state


def _paint_tick(painter: QPainter, place: QRectF, is_ticked: bool) -> None:
    paint_box(painter, place, "ink" if is_ticked else "raised", "ink" if is_ticked else "edge", 2)
    if is_ticked:
        paint_icon(painter, "check", place.adjusted(2, 2, -2, -2), "on_ink", "bold")


def _paint_words(painter: QPainter, place: QRectF, row: Choice) -> None:
    letters, small = look().font(Role.STATEMENT), look().font(Role.CAPTION)
    copies = tr("{count} 份", count=row.copies) if row.is_ticked else "—"
    paint_text(painter, place, copies, letters, "ink" if row.is_ticked else "ink2", RIGHT)
    room = place.width() - advance(letters, copies) - look().px(10)
    top = place.center().y() - look().px(22)
    tone = "ink" if row.is_ticked else "ink2"
    paint_text(painter, QRectF(place.x(), top, room, look().px(24)), row.name, letters, tone)
    below = QRectF(place.x(), top + look().px(24), room, look().px(20))
    paint_text(painter, below, elided(small, row.detail, room), small, "ink2")


class ChoiceList(QListView):
    """Space ticks, + and − change the copies, Enter prints. `chosen` brings the paper to look at."""

    changed = Signal(str)
    shown = Signal(str)
    confirmed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices = Choices(self)
        self.setModel(self.choices)
        self.setItemDelegate(_Brush(self))
        self.setProperty("bare", True)
        self.setAccessibleName(tr("印哪几样"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(lambda index, _: self.shown.emit(self.current_kind()))

    def show_choices(self, rows: list[Choice]) -> None:
        """Show these papers; what was ticked and counted by hand is the caller's to keep."""
        self.choices.show_choices(rows)
        if not self.currentIndex().isValid() and rows:
            self.setCurrentIndex(self.choices.index(0))
        self.setMinimumHeight(look().px(ROW_HEIGHT))
        self.setMaximumHeight(sum(look().px(_height(row)) for row in rows) + 4)

    def show_kind(self, kind: str) -> None:
        """Look at a paper."""
        at = next((at for at, row in enumerate(self.choices.rows) if row.kind == kind), -1)
        if at >= 0:
            self.setCurrentIndex(self.choices.index(at))

    def current_kind(self) -> str:
        """Return which paper is looked at."""
        at = self.currentIndex().row()
        return self.choices.rows[at].kind if 0 <= at < len(self.choices.rows) else ""

    def ticked(self) -> list[Choice]:
        """Return the papers to be printed."""
        return [row for row in self.choices.rows if row.is_ticked and row.copies]

    def tick(self) -> None:
        """Take the current paper in or leave it out."""
        at = self.currentIndex().row()
        if at >= 0:
            row = self.choices.rows[at]
            self._put(at, replace(row, is_ticked=not row.is_ticked, copies=max(1, row.copies)))

    def add_copies(self, count: int) -> None:
        """Print more or fewer of the current paper; one at the least, and it is taken in."""
        at = self.currentIndex().row()
        if at >= 0:
            row = self.choices.rows[at]
            copies = row.copies + count if row.is_ticked else max(1, row.copies)
            self._put(at, replace(row, is_ticked=True, copies=max(1, min(MOST_COPIES, copies))))

    def _put(self, at: int, row: Choice) -> None:
        if row.is_offered:
            self.choices.put(at, row)
            self.changed.emit(row.kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if means(event, "closing.tick"):
            self.tick()
        elif means(event, "closing.more") or event.text() in ("+", "＋"):
            self.add_copies(1)
        elif means(event, "closing.fewer") or event.text() in ("-", "－"):
            self.add_copies(-1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirmed.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.position().x() < look().px(40) and self.indexAt(event.position().toPoint()).isValid():
            self.tick()
