"""A line that asks for a few words where they belong: a title, a new name, an answer; half-typed words come back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from ui.room import Room
from ui.widgets.field import Field, FieldNote


class WrappedNote(FieldNote):
    """A note under fields that runs over several lines in a narrow column."""

    def __init__(self) -> None:
        super().__init__()
        self.words.wrapped()
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.setStretchFactor(self.words, 1)
        row.setStretch(row.count() - 1, 0)


class JottedField(Field):
    """A line whose half-typed words are kept under a name.

    `given` is Enter with words, `left` is Esc or an Enter without.
    """

    given = Signal(str)
    left = Signal()

    def __init__(self, room: Room, name: str, example: str) -> None:
        super().__init__(example, name)
        self.room = room
        self.note_name = ""
        self._given = ""
        self.line.worth_keeping.connect(self._keep)
        self.line.submitted.connect(self._submitted)
        self.line.lend_keys(self)

    def open(self, note_name: str, text: str = "") -> None:
        """Show what was half typed under this name, else the text, and take the keyboard."""
        self.note_name = note_name
        self.say_wrong("")
        self.line.resume(self.room.jotted(note_name) or text)
        self.show()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def done(self) -> None:
        """Forget what was given: it has been written. Words typed since stay."""
        if self.line.text() == self._given:
            self.line.resume("")
            self.hide()
            self.room.jot(self.note_name, None)
        self._given = ""

    def say_wrong(self, fault: str) -> None:
        """Say what is wrong; it may be given again."""
        self._given = ""
        super().say_wrong(fault)

    def _submitted(self, text: str) -> None:
        if not text.strip():
            self.left.emit()
        elif not self._given:
            self._given = text
            self.given.emit(text)

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key is for leaving."""
        return event.key() == Qt.Key.Key_Escape

    def take(self, event: QKeyEvent) -> None:
        """Leave; what was typed is kept."""
        self._keep(self.line.half_typed())
        self.left.emit()

    def _keep(self, text: str) -> None:
        if self.note_name and self.isVisible():
            self.room.jot(self.note_name, text or None)
