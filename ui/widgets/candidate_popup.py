"""Who is meant by the letters typed so far: a list under a field, worked from the field, that never takes the keyboard.

The first six are shown. Those already here are grey with their time and cannot be taken again; below a line stand the
other things one can do with what was typed, each with its key.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QKeyCombination,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout

from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.key_cap import cap_size, paint_cap, spoken_key
from ui.widgets.painted import RIGHT, advance, announce, elided, paint_box, paint_text, pen_for
from ui.widgets.shadow import paint_shadow

MOST = 6
MARGIN = 14
FLASH_MS = 300
_Index = QModelIndex | QPersistentModelIndex
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = Qt.KeyboardModifier.NoModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody or something the letters may mean: its key, name, letters that matched, what tells it from namesakes.

    `already` is the time since when it is taken (10:06); `hits` are the places in the name to paint red.
    """

    key: object
    name: str
    letters: str = ""
    detail: str = ""
    already: str = ""
    hits: tuple[int, ...] = ()

    def spoken(self) -> str:
        """Return the whole row in words."""
        return " ".join(filter(None, (self.name, self.letters, self.detail, self.already)))


@dataclass(frozen=True, slots=True)
class Offer:
    """Something else to do with what was typed: its name for the owner, words, icon, key as shown and as pressed."""

    name: str
    words: str
    icon: str
    cap: str
    keys: QKeyCombination | None = None

    def spoken(self) -> str:
        """Return the whole row in words."""
        return f"{self.words} {spoken_key(self.cap)}"


Row = Candidate | Offer | str


class _Rows(QAbstractListModel):
    """Candidates, then offers; a plain sentence stands where there is nobody."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def replace(self, rows: list[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row if isinstance(row, str) else row.spoken()
        return row if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Brush(QStyledItemDelegate):
    """Paints rows of the popup."""

    def __init__(self, popup: "CandidatePopup") -> None:
        super().__init__(popup)
        self._popup = popup

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(look().px(200), look().px(38) + (look().px(9) if self._begins_offers(index) else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        place = QRectF(_rect(option))
        pen_for(painter)
        if self._begins_offers(index):
            painter.fillRect(QRectF(place.x(), place.y() + look().px(4), place.width(), 1), look().colour("line"))
            place.setTop(place.top() + look().px(9))
        if index.row() == self._popup.current_row():
            paint_box(painter, place, "select", "ink" if look().theme.is_sun else None)
        row = index.data(Qt.ItemDataRole.UserRole)
        inner = place.adjusted(look().px(10), 0, -look().px(8), 0)
        if isinstance(row, Candidate):
            self._paint_candidate(painter, inner, row, index.row())
        elif isinstance(row, Offer):
            _paint_offer(painter, inner, row)
        else:
            paint_text(painter, inner, str(row), look().font(Role.BODY), "ink2")

    def _begins_offers(self, index: _Index) -> bool:
        return index.row() > 0 and index.row() == self._popup.candidate_count

    def _paint_candidate(self, painter: QPainter, place: QRectF, row: Candidate, at: int) -> None:
        flashes = self._popup.flashing_row() == at
        right = self._paint_right(painter, place, row, at, flashes)
        x = _paint_name(painter, place, row) + look().px(9)
        if row.letters:
            letters = look().font(Role.BODY, size=14)
            paint_text(painter, QRectF(x, place.y(), place.width(), place.height()), row.letters, letters, "seal")
            x += advance(letters, row.letters) + look().px(9)
        small, room = look().font(Role.CAPTION), right - x - look().px(8)
        detail = elided(small, row.detail, room)
        paint_text(
            painter, QRectF(x, place.y(), room + 2, place.height()), detail, small, "ink3" if row.already else "ink2"
        )

    def _paint_right(self, painter: QPainter, place: QRectF, row: Candidate, at: int, flashes: bool) -> float:
        if row.already:
            small = look().font(Role.CAPTION, 500 if flashes else None)
            paint_text(painter, place, row.already, small, "seal" if flashes else "ink3", RIGHT)
            return place.right() - advance(small, row.already)
        cap = {self._popup.current_row(): "↵", self._popup.current_row() + 1: "↓"}.get(at)
        return _paint_cap_right(painter, place, cap) if cap else place.right()


def _rect(option: QStyleOptionViewItem) -> QRect:
    return option.rect  # type: ignore[attr-defined,no-any-return]  # the stubs leave out the fields of style options


def _paint_name(painter: QPainter, place: QRectF, row: Candidate) -> float:
    """Paint the name letter by letter, those that matched in red; return where it ends."""
    font, x = look().font(Role.NAME), place.x()
    for at, sign in enumerate(row.name):
        token = "ink3" if row.already else "seal" if at in row.hits else "ink"
        paint_text(painter, QRectF(x, place.y(), place.width(), place.height()), sign, font, token)
        x += advance(font, sign)
    return x


def _paint_offer(painter: QPainter, place: QRectF, row: Offer) -> None:
    side = look().size(16)
    paint_icon(painter, row.icon, QRectF(place.x(), place.center().y() - side / 2, side, side), "ink2")
    words = place.adjusted(side + look().px(8), 0, 0, 0)
    paint_text(painter, words, row.words, look().font(Role.BODY, size=14), "ink2")
    if row.cap:
        _paint_cap_right(painter, place, row.cap)


def _paint_cap_right(painter: QPainter, place: QRectF, cap: str) -> float:
    size = cap_size(cap)
    left = place.right() - size.width()
    paint_cap(
        painter, QRectF(left, place.center().y() - size.height() / 2, size.width(), size.height()), cap, fill=None
    )
    return left


class CandidatePopup(QFrame):
    """The list under a field: `chosen` brings a candidate's key, `refused` that of one already in, `offered` a name."""

    chosen = Signal(object)
    refused = Signal(object)
    offered = Signal(str)

    def __init__(self, line: ComposingLine, name: str = "") -> None:
        super().__init__(line.window())
        self._line = line
        self._current, self._flash = 0, -1
        self.candidate_count = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAccessibleName(name or line.accessibleName())
        self._rows = _Rows(self)
        self._list = self._make_list()
        self._flash_end = QTimer(self, singleShot=True, interval=FLASH_MS)
        self._flash_end.timeout.connect(self._end_flash)
        line.lend_keys(self)
        line.left.connect(self.hide)
        self.hide()
        look().changed.connect(self._place)

    def _make_list(self) -> QListView:
        made = QListView(self)
        made.setModel(self._rows)
        made.setItemDelegate(_Brush(self))
        made.setProperty("bare", True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setSelectionMode(QListView.SelectionMode.NoSelection)
        made.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setAccessibleName(self.accessibleName())
        made.clicked.connect(lambda index: self._take_row(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN + 5, MARGIN - 8 + 5, MARGIN + 5, MARGIN + 6 + 5)
        column.addWidget(made)
        return made

    def show_candidates(
        self, candidates: Sequence[Candidate], offers: Sequence[Offer] = (), sentence: str = ""
    ) -> None:
        """Show whom the letters may mean, and what else can be done; with neither it goes away.

        The first one not yet taken is current. The sentence stands where nobody is found.
        """
        shown: list[Row] = [*candidates[:MOST]] or ([sentence] if sentence else [])
        self.candidate_count = len(shown)
        self._rows.replace([*shown, *offers])
        free = (at for at, row in enumerate(shown) if isinstance(row, Candidate) and not row.already)
        self._current = next(free, 0 if candidates else -1)
        self.setVisible(bool(self._rows.rows))
        self._place()
        self._tell()

    def current_row(self) -> int:
        """Return which row Enter would take; -1 for none."""
        return self._current

    def flashing_row(self) -> int:
        """Return the row that was asked for though it is taken; -1 for none."""
        return self._flash

    def texts(self) -> list[str]:
        """Return what the rows say, for readers and tests."""
        return [row if isinstance(row, str) else row.spoken() for row in self._rows.rows]

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key in the field is for the list."""
        if not self.isVisible():
            return False
        if self._offer_for(event) is not None:
            return True
        if event.modifiers() & ~_KEYPAD != _PLAIN:
            return False
        if event.key() in _ENTERS:
            return self._current >= 0
        return event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape)

    def take(self, event: QKeyEvent) -> None:
        """Move, choose or go away."""
        offer = self._offer_for(event)
        if offer is not None:
            self.offered.emit(offer.name)
        elif event.key() in _ENTERS:
            self._take_row(self._current)
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            self._move(1 if event.key() == Qt.Key.Key_Down else -1)

    def _offer_for(self, event: QKeyEvent) -> Offer | None:
        pressed = QKeyCombination(event.modifiers() & ~_KEYPAD, Qt.Key(event.key()))
        return next((row for row in self._rows.rows if isinstance(row, Offer) and row.keys == pressed), None)

    def _move(self, steps: int) -> None:
        first = 0 if not self._rows.rows or not isinstance(self._rows.rows[0], str) else 1
        self._current = max(first, min(len(self._rows.rows) - 1, self._current + steps))
        self._list.viewport().update()
        self._tell()

    def _take_row(self, at: int) -> None:
        row = self._rows.rows[at]
        if isinstance(row, Offer):
            self.offered.emit(row.name)
        elif isinstance(row, Candidate) and row.already:
            self._begin_flash(at)
            self.refused.emit(row.key)
        elif isinstance(row, Candidate):
            self.chosen.emit(row.key)

    def _begin_flash(self, at: int) -> None:
        self._flash = at
        self._flash_end.start()
        self._list.viewport().update()

    def _end_flash(self) -> None:
        self._flash = -1
        self._list.viewport().update()

    def _tell(self) -> None:
        """Let a screen reader hear the current row."""
        if 0 <= self._current < len(self._rows.rows):
            spoken = self.texts()[self._current]
            self.setAccessibleDescription(spoken)
            announce(self, spoken)

    def _place(self) -> None:
        """Lie under the field, or over it where there is no room below."""
        if not self.isVisible():
            return
        window, line = self._line.window(), self._line
        if self.parentWidget() is not window:
            self.setParent(window)
            self.show()
        hints = (self._list.sizeHintForRow(at) for at in range(len(self._rows.rows)))
        height = sum(hints) + 2 * MARGIN + 12
        width = max(line.width(), look().px(340)) + 2 * MARGIN
        corner = line.mapTo(window, QPoint(0, line.height() + look().px(4)))
        left = max(0, min(corner.x(), window.width() - width + 2 * MARGIN)) - MARGIN
        above = line.mapTo(window, QPoint(0, 0)).y() - height + MARGIN + 2
        top = corner.y() - MARGIN + 8
        fits = top + height - MARGIN <= window.height() or above < 0
        self.setGeometry(left, top if fits else above, width, height)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        place = QRectF(self.rect()).adjusted(MARGIN, MARGIN - 8, -MARGIN, -MARGIN - 6)
        paint_shadow(painter, place, look().px(8))
        paint_box(painter, place, "raised", "edge", 8)
        painter.end()
