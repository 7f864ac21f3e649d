"""The votes as they are counted: three cells in figures or strokes of 正, and whether they fit the people here."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.consensus import Method, Ratio, Tally
from app.domain.errors import Refused, VotesDoNotAddUp
from ui.actions import means, shown_key
from ui.theme import Role, look
from ui.widgets.button import Button, Kind
from ui.widgets.card import Card
from ui.widgets.composing_edit import ComposingLine, fold_width
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.widgets.painted import advance, announce
from ui.widgets.sign import Sign
from ui.widgets.tag import Tag
from ui.widgets.tally import Tally as Strokes
from ui.words import tr

PARTS = ("agree", "against", "abstain", "silent")
WORDS = {"agree": "同意", "against": "反对", "abstain": "弃权", "silent": "不表态"}
MOST = 9999


@dataclass(frozen=True, slots=True)
class Yard:
    """What the votes are held against: how many there are to give, by which method, and the ratio asked for."""

    voters: int
    method: Method
    ratio: Ratio

    def unit(self) -> str:
        """Return what one vote stands for in words."""
        return tr("到会户数") if self.method == Method.HOUSEHOLD_VOTE else tr("到会")

    def is_without_households(self) -> bool:
        """Return whether households vote and nobody here belongs to one."""
        return self.method == Method.HOUSEHOLD_VOTE and not self.voters


class VoteLine(ComposingLine):
    """The figure in a cell. Figures may be typed in full width; letters are strokes and never stand here."""

    focused = Signal(bool)

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self.tone = tone
        self.setProperty("bare", True)
        self.setProperty("role", str(Role.PAGE))
        self.setAccessibleName(name)
        self.set_initials_only()
        self.textChanged.connect(self._only_figures)
        look().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        height = look().line_height(Role.PAGE)
        self.setStyleSheet(f"color: {look().theme.hex(self.tone)}; min-height: {height}px; max-height: {height}px")
        self._fit()

    def _fit(self) -> None:
        """Be as broad as the figure and the caret; the strokes have the rest."""
        self.setFixedWidth(round(advance(look().font(Role.PAGE), self.text() or "0")) + look().px(10))

    def _only_figures(self, text: str) -> None:
        figures = "".join(sign for sign in fold_width(text) if sign in "0123456789")[:4]
        if figures != text:
            self.setText(figures)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.deselect()
        self.focused.emit(False)


class VoteCell(Card):
    """One pile of votes: its word and key, its figure, its strokes."""

    changed = Signal()

    def __init__(self, part: str) -> None:
        super().__init__("raised", tr(WORDS[part]))
        self.part = part
        self.by_strokes = False
        tone = "ochre" if part == "against" else "ink"
        self.line = VoteLine(tr(WORDS[part]), tone)
        self.strokes = Strokes(0, tr(WORDS[part]), tone, 14, number=False)
        self.strokes.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_margins(10, 4, 7, 4, 0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.line.focused.connect(lambda on: self.be("entry-on" if on else "raised"))
        self.line.textEdited.connect(self._typed)
        self.line.textChanged.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(Label(tr(WORDS[self.part]), Role.CAPTION, "ink2"))
        top.addStretch(1)
        top.addWidget(Label(shown_key(f"votes.{self.part}"), Role.CAPTION, "ink2"))
        bottom.setSpacing(2)
        bottom.addWidget(self.line)
        bottom.addStretch(1)
        bottom.addWidget(self.strokes)
        self.column.addLayout(top)
        self.column.addLayout(bottom)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_strokes()

    def _show_strokes(self) -> None:
        """Show the strokes where there is room for them beside the figure."""
        room = self.width() - self.line.width() - look().px(21)
        self.strokes.setVisible(self.count() > 0 and room >= self.strokes.minimumSizeHint().width())

    def count(self) -> int:
        """Return how many votes stand here; none for an empty cell."""
        text = self.line.text()
        return min(MOST, int(text)) if text.isdecimal() else 0

    def add(self, strokes: int) -> None:
        """Write or take away a stroke."""
        self.by_strokes = True
        self.put(max(0, self.count() + strokes))

    def put(self, count: int) -> None:
        """Show a number of votes."""
        self.line.setText(str(count))
        self.line.deselect()

    def _typed(self) -> None:
        self.by_strokes = False

    def _show(self) -> None:
        self.strokes.show_count(self.count())
        self._show_strokes()
        self.changed.emit()


class VoteCells(QWidget):
    """All piles and their sum. `finished` is Enter in any of them."""

    changed = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.yard = Yard(0, Method.SHOW_OF_HANDS, Ratio.HALF)
        self.cells = {part: VoteCell(part) for part in PARTS}
        self.sign, self.sum = Sign("check", "pine", 15, "bold"), Label("", Role.CAPTION, "pine")
        self.below = Tag(tr("未达比例"), "ochre")
        self.all = Button(tr("全体一致"), Kind.LINK)
        self.cap = KeyCap(shown_key("votes.all"))
        self.sum.setWordWrap(True)
        self._lay_out()
        for cell in self.cells.values():
            cell.changed.connect(self._counted)
            cell.line.lend_keys(self)
            cell.line.submitted.connect(lambda _: self.finished.emit())
        self.all.clicked.connect(self.be_unanimous)
        self.all.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("票数"))
        self._counted()

    def _lay_out(self) -> None:
        row, rest, below = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        row.setSpacing(8)
        for part, breadth in (("agree", 4), ("against", 3), ("abstain", 3)):
            row.addWidget(self.cells[part], breadth)
        rest.addWidget(self.cells["silent"], 4)
        rest.addStretch(6)
        below.setSpacing(6)
        below.addWidget(self.sign)
        below.addWidget(self.sum, 1)
        for widget in (self.below, self.all, self.cap):
            below.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for line in (row, rest, below):
            column.addLayout(line)

    def tally(self) -> Tally:
        """Return the votes as counted so far."""
        return Tally(*(cell.count() for cell in self.cells.values()))

    def is_empty(self) -> bool:
        """Return whether nothing has been counted."""
        return not any(cell.line.text() for cell in self.cells.values())

    def texts(self) -> dict[str, str]:
        """Return what stands in the cells, half counted or not, to be kept."""
        return {part: cell.line.text() for part, cell in self.cells.items() if cell.line.text()}

    def fill(self, texts: dict[str, str]) -> None:
        """Put back what stood in the cells."""
        for part, cell in self.cells.items():
            cell.line.setText(texts.get(part, ""))

    def hold_against(self, yard: Yard) -> None:
        """Take note of who is here now and how it is decided."""
        if yard != self.yard:
            self.yard = yard
            self._counted()

    def begin(self) -> None:
        """Take the keyboard: the first cell that is empty, or the first."""
        empty = (cell for cell in self.cells.values() if cell.isVisibleTo(self) and not cell.line.text())
        next(empty, self.cells["agree"]).line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def be_unanimous(self) -> None:
        """Y: everybody here agrees."""
        for part, cell in self.cells.items():
            cell.put(self.yard.voters if part == "agree" else 0)
        self._go("agree")

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key in a cell counts: a letter, or Backspace on strokes."""
        if event.key() == Qt.Key.Key_Backspace:
            return event.modifiers() == Qt.KeyboardModifier.NoModifier and self._current().by_strokes
        return self._letter(event) is not None

    def take(self, event: QKeyEvent) -> None:
        """Write a stroke, take one away, fill in the rest."""
        part = self._letter(event)
        if part is None:
            self._current().add(-1)
        elif part == "all":
            self.be_unanimous()
        elif part == "silent":
            self._fill_silent()
        else:
            self._go(part)
            self.cells[part].add(1)

    def _letter(self, event: QKeyEvent) -> str | None:
        return next((part for part in ("all", *PARTS) if means(event, f"votes.{part}")), None)

    def _go(self, part: str) -> None:
        line = self.cells[part].line
        if not line.hasFocus():
            line.setFocus(Qt.FocusReason.OtherFocusReason)
        line.deselect()

    def _fill_silent(self) -> None:
        tally = self.tally()
        missing = self.yard.voters - (tally.total() - tally.silent)
        self.cells["silent"].setVisible(True)
        self.cells["silent"].put(max(0, missing))
        self._go("silent")

    def _current(self) -> VoteCell:
        return next((cell for cell in self.cells.values() if cell.line.hasFocus()), self.cells["agree"])

    def _counted(self) -> None:
        tally, yard = self.tally(), self.yard
        short = 0 < tally.total() < yard.voters
        silent = self.cells["silent"]
        silent.setVisible(bool(silent.count()) or short or silent.line.hasFocus())
        if yard.is_without_households():
            self._say(tr("名册里还没归户，先在名册里合成一户，或换一种办法"), "seal", "warning")
        elif self.is_empty():
            self._say(f"{yard.unit()} {yard.voters}", "ink3", "users-three")
        else:
            self._weigh(tally)
        fits = (self.is_empty() or tally.total() == yard.voters) and not yard.is_without_households()
        self.all.setVisible(fits)
        self.cap.setVisible(fits)
        self.below.setVisible(not self.is_empty() and tally.total() == yard.voters and not tally.reaches(yard.ratio))
        self.changed.emit()

    def _weigh(self, tally: Tally) -> None:
        yard = self.yard
        try:
            tally.check(yard.voters)
        except VotesDoNotAddUp as trouble:
            self._say(trouble.what, "seal", "warning")
        except Refused as trouble:
            self._say(trouble.what, "ochre", "warning")
        else:
            words = tr("合计 {total} = {unit} {voters}", total=tally.total(), unit=yard.unit(), voters=yard.voters)
            self._say(words, "pine", "check")

    def _say(self, words: str, tone: str, icon: str) -> None:
        if words == self.sum.text():
            return
        self.sign.show_icon(icon, tone, None if icon == "users-three" else "bold")
        self.sum.say(words, tone)
        announce(self, words)
