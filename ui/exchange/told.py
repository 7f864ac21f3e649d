"""The one sentence under the card: what came of it, in words that can be read aloud on the telephone."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Role, look
from ui.widgets.label import Label
from ui.widgets.painted import announce
from ui.widgets.sign import Sign


class Told(QWidget):
    """A tick, what it is, and the sentence; before the end it says that there will be one. Not there when silent."""

    def __init__(self) -> None:
        super().__init__()
        self.sign, self.head = Sign("check-circle", "pine", 18, "fill"), Label("", Role.CAPTION, "ink2")
        self.sentence = Label("", Role.NAME).wrapped()
        row, words = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(look().px(5), 0, 0, 0)
        row.setSpacing(look().px(11))
        words.setSpacing(0)
        words.addWidget(self.head)
        words.addWidget(self.sentence)
        row.addWidget(self.sign)
        row.addLayout(words, 1)
        self.hide()

    def say(self, sentence: str, head: str = "", icon: str = "check-circle", tone: str = "pine") -> None:
        """Say the sentence, with a quiet word above it; an empty one is silence."""
        self._show(head if sentence else "", sentence)
        self.sign.show_icon(icon, tone, "fill")
        if sentence:
            announce(self, sentence)

    def foretell(self, words: str) -> None:
        """Say that there will be a sentence."""
        self._show(words, "")
        self.sign.show_icon("circle-dashed", "ink3")

    def _show(self, head: str, sentence: str) -> None:
        self.head.say(head)
        self.head.setVisible(bool(head))
        self.sentence.say(sentence)
        self.sentence.setVisible(bool(sentence))
        self.setAccessibleName(sentence or head)
        self.setVisible(bool(sentence or head))
