"""The five answers of a round of households: a figure over its word, walked from left to right by Enter."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.revisit import ANSWERS, Answers
from ui.consultation.vote_cells import VoteLine
from ui.theme import Role, look
from ui.widgets.card import Card
from ui.widgets.label import Label
from ui.words import tr


class RevisitCell(Card):
    """One answer: how many households gave it, and its word; read only until somebody counts."""

    def __init__(self, name: str) -> None:
        super().__init__("raised", tr(ANSWERS[name]))
        self.name = name
        self.line = VoteLine(tr(ANSWERS[name]), "ink")
        self.word = Label(tr(ANSWERS[name]), Role.CAPTION, "ink2")
        self.set_margins(2, 4, 2, 5, 0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for part in (self.line, self.word):
            self.column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        self.line.focused.connect(self._stand_out)
        self.line.textChanged.connect(lambda: self._stand_out(self.line.hasFocus()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.line.isReadOnly():
            self.line.setFocus(Qt.FocusReason.MouseFocusReason)

    def _stand_out(self, is_counted: bool) -> None:
        """Be edged while somebody counts, and in ink where somebody is dissatisfied."""
        quiet = "current" if self.name == "dissatisfied" and self.count() else "raised"
        self.be("entry-on" if is_counted else quiet)

    def count(self) -> int:
        """Return how many households; none for an empty cell."""
        text = self.line.text()
        return int(text) if text.isdecimal() else 0

    def be_open(self, on: bool) -> None:
        """Let somebody count, or only show."""
        self.line.setReadOnly(not on)
        self.line.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)


class RevisitCells(QWidget):
    """The five cells in a line. `finished` is Enter in the last one."""

    changed = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cells = tuple(RevisitCell(name) for name in ANSWERS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(6))
        for cell in self.cells:
            row.addWidget(cell, 1)
            cell.line.textChanged.connect(self.changed)
            cell.line.submitted.connect(lambda _, at=cell: self._next(at))
        self.setAccessibleName(tr("走了几户，怎么说"))

    def counts(self) -> Answers:
        """Return the five counts from 很满意 to 说不清."""
        very_satisfied, satisfied, fair, dissatisfied, unsure = (cell.count() for cell in self.cells)
        return very_satisfied, satisfied, fair, dissatisfied, unsure

    def texts(self) -> tuple[str, ...]:
        """Return what stands in the cells, counted or not, to be kept."""
        return tuple(cell.line.text() for cell in self.cells)

    def fill(self, texts: tuple[str, ...]) -> None:
        """Put something into the cells; those for which there is nothing are emptied."""
        for cell, text in zip(self.cells, (*texts, *("",) * len(self.cells)), strict=False):
            cell.line.setText(text)

    def be_open(self, on: bool) -> None:
        """Let somebody count, or only show."""
        for cell in self.cells:
            cell.be_open(on)

    def begin(self) -> None:
        """Take the keyboard: the first cell that is empty, or the first."""
        empty = (cell for cell in self.cells if not cell.line.text())
        next(empty, self.cells[0]).line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _next(self, cell: RevisitCell) -> None:
        at = self.cells.index(cell) + 1
        if at < len(self.cells):
            self.cells[at].line.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.finished.emit()
