"""What the sides have made of a record: one card each, with what differs marked by a word, a weight and a tint."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.exchange.port import ContestView, FieldRow
from ui.exchange.sentences import against
from ui.exchange.words import side_words, use_words
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Label
from ui.widgets.painted import Painted, paint_box, pen_for
from ui.widgets.sign import Sign
from ui.words import tr

LABEL_WIDTH, MARK_WIDTH = 72, 40
Marked = list[tuple[str, str]]
"""The sentences of a text, each with the word beside it: 改过, or whose it is; '' for what all have."""


class FieldLine(Painted):
    """One field: its name, what this side has it to be, and 不同 when the others have it otherwise."""

    def __init__(self, label: str, value: str, is_disputed: bool) -> None:
        super().__init__()
        self.is_disputed = is_disputed
        self.label = Label(label, Role.NOTE, "ink2")
        self.value = Label(value or tr("空着"), Role.NAME if is_disputed else Role.BODY, "ink" if value else "ink3")
        self.mark = Label(tr("不同") if is_disputed else "", Role.CAPTION, "ochre")
        self.label.setMinimumWidth(look().px(LABEL_WIDTH - 10))
        row = QHBoxLayout(self)
        row.setContentsMargins(look().px(10), look().px(8), look().px(10), look().px(8))
        row.setSpacing(look().px(10))
        row.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.value.wrapped(), 1)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        self.says(f"{label} {self.value.text()} {self.mark.text()}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_disputed:
            return
        painter = pen_for(QPainter(self))
        paint_box(painter, QRectF(self.rect()), "ochre_tint", "ochre" if look().theme.is_sun else None, 6)
        painter.end()


class TextLines(QWidget):
    """A long text, a sentence a line; beside those that are not in the others stands a word."""

    def __init__(self, label: str, marked: Marked) -> None:
        super().__init__()
        self.setAccessibleName(f"{label} {''.join(sentence for sentence, _ in marked)}")
        column = QVBoxLayout(self)
        column.setContentsMargins(look().px(10), look().px(6), look().px(10), look().px(6))
        column.setSpacing(look().px(4))
        column.addWidget(Label(label, Role.NOTE, "ink2"))
        for sentence, word in marked:
            column.addLayout(_sentence(sentence.strip(), word))


def _sentence(sentence: str, word: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(look().px(8))
    mark = Label(word, Role.CAPTION, "ochre")
    mark.setMinimumWidth(look().px(MARK_WIDTH))
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Label(sentence, Role.NAME if word else Role.BODY, "ink" if word else "ink2").wrapped(), 1)
    return row


def changed(original: str, text: str, word: str) -> Marked:
    """Return the sentences of a text, those that are not in the original with a word."""
    return [(sentence, word if is_new else "") for sentence, is_new in against(original, text)]


def origins(original: str, values: Sequence[str], places: Sequence[str], joined: str) -> Marked:
    """Return the sentences of a joined text, each new one with the place that wrote it."""
    written = {
        sentence: place
        for value, place in zip(values, places, strict=True)
        for sentence, is_new in against(original, value)
        if is_new
    }
    return [(sentence, written.get(sentence, "") if is_new else "") for sentence, is_new in against(original, joined)]


class ChoiceCard(Card):
    """Something that can be chosen: a title, a quiet line, a ring that is ticked when chosen, a button."""

    chosen = Signal()

    def __init__(self, title: str, about: str, button: Button) -> None:
        super().__init__("hero", title)
        self.set_margins(20, 16, 20, 18, 8)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.title, self.about, self.button = Label(title, Role.SECTION), Label(about, Role.CAPTION, "ink2"), button
        self.mark = Sign("circle", "ink3", 20)
        head, words, self.lines = QHBoxLayout(), QVBoxLayout(), QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.about.wrapped())
        head.addLayout(words, 1)
        head.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        self.lines.setSpacing(0)
        self.column.addLayout(head)
        self.column.addLayout(self.lines)
        self.column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(button)
        foot.addStretch(1)
        self.column.addLayout(foot)
        button.setMinimumWidth(look().px(200))
        button.clicked.connect(self.chosen)

    def mark_chosen(self, is_chosen: bool) -> None:
        """Show whether this is what was chosen: a thicker edge, a tick, a dark button."""
        self.be("chosen" if is_chosen else "hero")
        self.mark.show_icon(*(("check-circle", "ink", "fill") if is_chosen else ("circle", "ink3", None)))
        self.button.be("primary" if is_chosen else "plain")
        self.setAccessibleDescription(tr("选中") if is_chosen else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()


class SideCard(ChoiceCard):
    """What one side has written."""

    def __init__(self, view: ContestView, at: int, today: date) -> None:
        side = view.sides[at]
        key = "←" if at == 0 else "→" if at == len(view.sides) - 1 else ""
        super().__init__(side.title, side_words(side, today), Button(use_words(view, at), "plain", "", key, tall=True))
        if side.is_removal:
            self.lines.addWidget(_removal())
        for row in view.fields:
            self.lines.addWidget(_line(row, at))
            self.lines.addSpacing(look().px(2))


class OriginalCard(Card):
    """What it was before, between the two; nothing to choose, but what somebody has changed is marked."""

    def __init__(self, view: ContestView) -> None:
        super().__init__("hero", tr("原来的"))
        self.set_margins(20, 16, 20, 18, 8)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(Label(tr("原来的"), Role.SECTION))
        head.addWidget(Label(tr("标出来的句子，有一边改了"), Role.CAPTION, "ink2").wrapped())
        self.column.addLayout(head)
        for row in (row for row in view.fields if row.is_text and row.is_disputed):
            kept = [
                {sentence for sentence, is_new in against(value, row.original) if not is_new} for value in row.values
            ]
            words = [
                (one, "" if all(one in side for side in kept) else tr("改过")) for one, _ in against("", row.original)
            ]
            self.column.addWidget(TextLines(row.label, words))
        self.column.addStretch(1)


class JoinedCard(ChoiceCard):
    """What both have changed, put together; only shown when asked for, only taken when chosen."""

    def __init__(self, view: ContestView, texts: dict[str, str]) -> None:
        about = tr("两边改的都在，旁边写着是谁改的")
        super().__init__(tr("合起来的样子"), about, Button(tr("用合起来的"), "plain", "", "↓", tall=True))
        places = [side.place for side in view.sides]
        for row in (row for row in view.fields if row.name in texts):
            marked = origins(row.original, row.values, places, texts[row.name])
            self.lines.addWidget(TextLines(row.label, marked))


def _line(row: FieldRow, at: int) -> QWidget:
    value = row.values[at]
    if row.is_text and row.is_disputed:
        return TextLines(row.label, changed(row.original, value, tr("改过")))
    return FieldLine(row.label, value, row.is_disputed)


def _removal() -> QWidget:
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(look().px(10), look().px(8), look().px(10), look().px(8))
    row.setSpacing(look().px(8))
    row.addWidget(Sign("trash", "ochre", 18))
    row.addWidget(Label(tr("放进了回收站"), Role.NAME, "ochre"), 1)
    return part
