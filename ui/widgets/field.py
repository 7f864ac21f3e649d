"""A line to type in with its sentence below: what is wrong with it, or that a word is still being composed."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Role
from ui.widgets.composing_edit import ComposingLine, hint
from ui.widgets.label import Label
from ui.widgets.sign import Sign


class FieldNote(QWidget):
    """The sentence under a field, with its sign; not there when there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = Sign("warning", "seal", 14, "fill")
        self.words = Label("", Role.CAPTION, "seal")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.sign)
        row.addWidget(self.words)
        row.addStretch(1)
        self.hide()

    def say(self, text: str, icon: str, tone: str, weight: str | None = None) -> None:
        """Say a sentence; an empty one hides the note."""
        self.sign.show_icon(icon, tone, weight)
        self.words.say(text, tone)
        self.setVisible(bool(text))


class Field(QWidget):
    """A composing line with its note; text is kept whatever is wrong with it."""

    def __init__(self, example: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = ComposingLine()
        self.line.setPlaceholderText(example)
        self.line.setAccessibleName(name or example)
        self.note = FieldNote()
        self._fault = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self.note)
        self.line.composing_changed.connect(self._tell)
        self.setFocusProxy(self.line)

    def say_wrong(self, fault: str) -> None:
        """Draw the red border and say what is wrong; empty means all is well again."""
        self._fault = fault
        self.line.set_wrong(bool(fault))
        self.line.setAccessibleDescription(fault)
        self._tell(self.line.composing)

    def _tell(self, composing: bool) -> None:
        if composing:
            self.note.say(hint(), "text-aa", "ochre")
        else:
            self.note.say(self._fault, "warning", "seal", "fill")
