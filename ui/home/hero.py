"""The card at the top of the home page: the one meeting to go to now, and the button that Enter presses."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.home.telling import HeroWords, Ready
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Label
from ui.widgets.sign import Sign
from ui.words import tr

MOST_READY = 3


class ReadyMark(QWidget):
    """A tick and a word: ready, or a dashed ring and what is not."""

    def __init__(self) -> None:
        super().__init__()
        self.sign, self.words = Sign("check-circle", "pine", 16, "fill"), Label("", Role.NOTE)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.sign)
        row.addWidget(self.words)

    def tell(self, ready: Ready) -> None:
        """Show one thing made ready or not."""
        shown = ("check-circle", "pine", "fill") if ready.is_done else ("circle-dashed", "ochre", None)
        self.sign.show_icon(*shown)
        self.words.say(ready.words, "ink" if ready.is_done else "ochre")


class Hero(Card):
    """`started` brings the sitting to enter, empty for a new one; `studied` the topic whose papers are wanted."""

    started = Signal(str)
    studied = Signal(str)

    def __init__(self) -> None:
        super().__init__("hero")
        self.shown: HeroWords | None = None
        self.when, self.beside = Label("", Role.NAME, "seal"), Label("", Role.NOTE, "ink2")
        self.category = Label("", Role.CAPTION, "ink2")
        self.title, self.line = Label("", Role.HERO).wrapped(), Label("", Role.NOTE, "ink2").wrapped()
        self.marks = [ReadyMark() for _ in range(MOST_READY)]
        self.start = Button(tr("进入会场"), "primary", "arrow-right", "↵", tall=True)
        self.study = Button(tr("看议题材料"), tall=True)
        self._lay_out()
        self.start.clicked.connect(self._start)
        self.study.clicked.connect(lambda: self.studied.emit(self.shown.topic_id if self.shown else ""))

    def _lay_out(self) -> None:
        self.set_margins(26, 22, 26, 24, 7)
        self.column.addLayout(_line(self.when, self.beside, None, self.category, gap=10))
        self.column.addWidget(self.title)
        self.column.addWidget(self.line)
        self.marks_line = QWidget()
        marks = _line(*self.marks, None, gap=16)
        marks.setContentsMargins(0, 2, 0, 2)
        self.marks_line.setLayout(marks)
        self.column.addWidget(self.marks_line)
        self.column.addSpacing(6)
        self.column.addLayout(_line(self.start, self.study, None, gap=10))

    def _start(self) -> None:
        if self.shown:
            self.started.emit(self.shown.sitting_id)

    def tell(self, words: HeroWords) -> None:
        """Show a meeting, or that there is none."""
        self.shown = words
        self.setAccessibleName(" ".join(filter(None, (words.when, words.title, words.line))))
        self.when.say(words.when)
        self.beside.say(words.beside)
        self.category.say(words.category)
        for part in (self.when, self.beside, self.category):
            part.setVisible(bool(part.text()))
        self.title.say(words.title)
        self.line.say(words.line)
        self.marks_line.setVisible(bool(words.ready))
        for mark, ready in zip(self.marks, words.ready, strict=False):
            mark.tell(ready)
        if self.start.text() != words.button:
            self.start.say(words.button)
        self.study.setVisible(bool(words.topic_id))


def _line(*parts: QWidget | None, gap: int) -> QHBoxLayout:
    """Return a row of parts; None is the room between left and right."""
    row = QHBoxLayout()
    row.setSpacing(gap)
    for part in parts:
        row.addStretch(1) if part is None else row.addWidget(part)
    return row
