"""Rows of 同步: what goes and what came, with a quiet word at the right; and the red one that waits for a person."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.exchange.port import Row
from ui.exchange.words import ICONS, waiting_words
from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Card, Rule
from ui.widgets.label import Label
from ui.widgets.painted import RIGHT, Painted, advance, elided, paint_text, pen_for
from ui.widgets.sign import Sign
from ui.words import tr

HEIGHT, HEADING = 38, 30
MOST_ROWS = 40


class ItemRow(Painted):
    """An icon, a title that is shortened at its end, a word that never is."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.says(" ".join(filter(None, (row.title, row.note))))

    def sizeHint(self) -> QSize:
        return QSize(look().px(200), look().px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        place = QRectF(self.rect()).adjusted(look().px(15), 0, -look().px(15), 0)
        side = look().size(17)
        icon = QRectF(place.x(), place.center().y() - side / 2, side, side)
        paint_icon(painter, ICONS[self.row.sort], icon, "ink2")
        small, font = look().font(Role.CAPTION), look().font(Role.BODY)
        paint_text(painter, place, self.row.note, small, "ink2", RIGHT)
        left = icon.right() + look().px(11)
        room = place.right() - left - (advance(small, self.row.note) + look().px(16) if self.row.note else 0)
        title = elided(font, self.row.title, room)
        paint_text(painter, QRectF(left, 0, room + 2, self.height()), title, font, "ink")
        painter.end()


class Heading(Label):
    """The title of the meeting that the rows below belong to."""

    def __init__(self, meeting: str) -> None:
        super().__init__(meeting, Role.CAPTION, "ink3")
        self.setContentsMargins(look().px(15), 0, look().px(15), 0)
        self.setMinimumHeight(look().px(HEADING))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


class Waiting(QWidget):
    """有 2 处两边都改过，等您定, and the way there."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = Label("", Role.NAME, "seal").wrapped()
        self.button = Button(tr("去看看"))
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Rule())
        column.addLayout(row)
        row.setContentsMargins(look().px(15), look().px(3), look().px(8), look().px(3))
        row.setSpacing(look().px(11))
        row.addWidget(Sign("git-diff", "seal", 17))
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self.wanted)
        self.hide()

    def show_count(self, contests: int) -> None:
        """Say how many wait; none hides the row."""
        self.words.say(waiting_words(contests))
        self.button.setAccessibleName(f"{waiting_words(contests)} {self.button.text()}")
        self.setVisible(contests > 0)


class RowCard(Card):
    """A card of rows with hairlines between, those of one meeting under its title; long lists end with 还有 12 项."""

    def __init__(self, name: str, nothing: str, most: int = MOST_ROWS) -> None:
        super().__init__("plain", name)
        self.set_margins(0, 0, 0, 0, 0)
        self._nothing, self._most = nothing, most
        self._shown: tuple[Row, ...] | None = None
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.column.addLayout(self._rows)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows in place of those before; the same ones are left as they stand."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        while (item := self._rows.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        for at, part in enumerate(self._parts(rows)):
            if at:
                self._rows.addWidget(Rule())
            self._rows.addWidget(part)

    def _parts(self, rows: Sequence[Row]) -> list[QWidget]:
        if not rows:
            return [self._line(self._nothing)]
        parts: list[QWidget] = []
        meeting = ""
        for row in rows[: self._most]:
            if row.meeting and row.meeting != meeting:
                parts.append(Heading(row.meeting))
            meeting = row.meeting
            parts.append(ItemRow(row))
        if len(rows) > self._most:
            parts.append(self._line(tr("还有 {count} 项", count=len(rows) - self._most)))
        return parts

    def _line(self, words: str) -> Label:
        line = Label(words, Role.NOTE, "ink2").wrapped()
        line.setContentsMargins(look().px(15), look().px(8), look().px(15), look().px(8))
        return line
