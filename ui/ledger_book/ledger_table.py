"""A list as a table: every cell can be stood on, its sums stand last and bolder, and a cell says itself in words."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.domain.wording import clock, full_day
from app.queries.ledger_book import Ledger
from app.queries.ledger_columns import Cell, CellKind
from ui.theme import Role, look
from ui.widgets.painted import advance
from ui.words import tr

ROW, HEAD = 29, 42
"""How high a row and the head are, as drawn at 标准."""
NARROWEST, WIDEST, LEAST, PAD = 38, 330, 104, 20
LONG = 3
"""A header of more signs stands on two lines."""
MEASURED = 200
"""Of so many rows at the most the words are measured."""
_Index = QModelIndex | QPersistentModelIndex
_SPOKEN = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)


def said(cell: Cell) -> str:
    """Return a cell as it is read on a screen."""
    if isinstance(cell, datetime):
        return clock(cell)
    if isinstance(cell, date):
        return full_day(cell)
    return "" if cell is None else str(cell).replace("\n", "、")


class LedgerRows(QAbstractTableModel):
    """The rows of a list and, under them, its sums."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ledger: Ledger | None = None
        self.lines: Sequence[tuple[Cell, ...]] = ()

    def show(self, ledger: Ledger) -> None:
        """Show another list."""
        self.beginResetModel()
        self.ledger = ledger
        self.lines = (*ledger.rows, *((ledger.sums,) if ledger.sums else ()))
        self.endResetModel()

    def is_sum(self, row: int) -> bool:
        """Return whether a row is that of the sums."""
        return self.ledger is not None and row >= len(self.ledger.rows)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() or self.ledger is None else len(self.ledger.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self.ledger is None:
            return None
        column, cell = self.ledger.columns[index.column()], self.lines[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return said(cell)
        if role in _SPOKEN:
            head = said(self.lines[index.row()][1])
            return " ".join(filter(None, (head, tr(column.header), said(cell) or tr("空着"))))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_words = column.kind is CellKind.TEXT or isinstance(cell, str)
            side = Qt.AlignmentFlag.AlignLeft if is_words else Qt.AlignmentFlag.AlignHCenter
            return (side | Qt.AlignmentFlag.AlignVCenter).value
        if role == Qt.ItemDataRole.FontRole:
            is_number = isinstance(cell, int | Decimal) and bool(cell)
            return look().font(Role.NAME if self.is_sum(index.row()) or is_number else Role.BODY)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        shown = (Qt.ItemDataRole.DisplayRole, *_SPOKEN)
        if self.ledger is None or orientation != Qt.Orientation.Horizontal or role not in shown:
            return None
        return self.head(section) if role == Qt.ItemDataRole.DisplayRole else tr(self.ledger.columns[section].header)

    def head(self, column: int) -> str:
        """Return the header of a column, a long one on two lines."""
        assert self.ledger is not None
        words = tr(self.ledger.columns[column].header)
        for sign in ("（", "、"):
            if sign in words:
                return words.replace(sign, f"\n{sign}", 1) if sign == "（" else words.replace(sign, f"{sign}\n", 1)
        spaces = [at for at, sign in enumerate(words) if sign == " "]
        if spaces:
            half = min(spaces, key=lambda at: abs(at - len(words) / 2))
            return f"{words[:half]}\n{words[half + 1 :]}"
        half = len(words) // 2 if len(words) > LONG and not words.isascii() else 0
        return f"{words[:half]}\n{words[half:]}" if half else words


class LedgerTable(QTableView):
    """The table, worked by keys: arrows go from cell to cell, Enter asks what stands behind one."""

    opened = Signal()
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows = LedgerRows(self)
        self.setModel(self.rows)
        self.setAccessibleName(tr("台账"))
        self.setProperty("ledger", True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setAccessibleName(tr("各栏"))
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(1)
        self.doubleClicked.connect(lambda _: self.opened.emit())
        look().changed.connect(self.measure)

    def show_ledger(self, ledger: Ledger) -> None:
        """Show a list; the same cell stays current where it is the same list."""
        before, at = self.rows.ledger, self.currentIndex()
        is_same = before is not None and before.columns == ledger.columns
        self.rows.show(ledger)
        self.measure()
        row, column = (at.row(), at.column()) if is_same and at.isValid() else (0, 2 if ledger.sums else 0)
        self.setCurrentIndex(self.rows.index(min(max(row, 0), self.rows.rowCount() - 1), column))

    def measure(self) -> None:
        """Give columns and rows the room that their words need; what is left over goes to the widest."""
        px = look().px
        self.verticalHeader().setDefaultSectionSize(px(ROW))
        self.horizontalHeader().setFixedHeight(px(HEAD))
        if self.rows.ledger is None:
            return
        wanted = [self._wanted(at) for at in range(len(self.rows.ledger.columns))]
        spare, widest = self.viewport().width() - sum(wanted), max(range(len(wanted)), key=lambda at: wanted[at])
        if spare > 0 and self.rows.ledger.sums:  # figures share what there is
            wanted = [width + spare // len(wanted) for width in wanted]
            spare %= len(wanted)
        wanted[widest] = max(min(px(LEAST), wanted[widest]), wanted[widest] + spare)
        for at, width in enumerate(wanted):
            self.setColumnWidth(at, width)
        bar = self.horizontalScrollBar().sizeHint().height() if sum(wanted) > self.viewport().width() else 0
        self.setMaximumHeight(px(HEAD) + px(ROW) * max(2, self.rows.rowCount()) + bar + px(6))

    def _wanted(self, column: int) -> int:
        """Return how wide a column is: its longest words, or its header on two lines."""
        px, body, small = look().px, look().font(Role.NAME), look().font(Role.SMALL)
        texts = (said(line[column]) for line in self.rows.lines[:MEASURED])
        words = max((advance(body, text) for text in texts), default=0) + px(PAD)
        head = max(advance(small, line) for line in self.rows.head(column).split("\n")) + px(PAD) / 2
        return int(min(px(WIDEST), max(px(NARROWEST), words, head)))

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.measure()

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            self.opened.emit()
        else:
            super().keyPressEvent(event)


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
