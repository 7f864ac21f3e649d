"""Fields of one person, edited in place: saved on leaving, Enter goes on, a phone is masked unless one is in it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain import wording
from ui.theme import Role, look
from ui.widgets.candidate_popup import Candidate, CandidatePopup
from ui.widgets.composing_edit import ComposingLine, fold_width
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr

LABEL_WIDTH = 48


class PersonField(QWidget):
    """A word, and a line for it. `written` brings a value that differs from what was shown; `done` is Enter."""

    written = Signal(str)
    done = Signal()

    def __init__(self, word: str, example: str = "", field: Field | None = None) -> None:
        super().__init__()
        self.field = field or Field(example, word)
        self.line: ComposingLine = self.field.line
        self.value = ""
        self._label = Label(word, Role.CAPTION, "ink2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(8))
        row.addWidget(self._label)
        row.addWidget(self.field, 1)
        self.setFocusProxy(self.line)
        self.line.submitted.connect(lambda _: self.done.emit())
        self.line.left.connect(self._left)
        look().changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self._label.setFixedWidth(look().px(LABEL_WIDTH))

    def show_value(self, value: str) -> None:
        """Show what is written; what is being typed stays."""
        self.value = value
        if not self.line.hasFocus() or not self.line.isModified():
            self.line.resume(self.text_of(value))
            self.say_wrong("")

    def text_of(self, value: str) -> str:
        """Return how a value reads in the line."""
        return value

    def say_wrong(self, fault: str) -> None:
        """Say under the line what is wrong with it; the text stays."""
        self.field.say_wrong(fault)

    def is_typed_in(self) -> bool:
        """Return whether a hand has changed the line since it was shown."""
        return self.line.isModified()

    def _left(self) -> None:
        typed = self.line.text().strip()
        if self.is_typed_in() and typed != self.value:
            self.line.setModified(False)
            self.written.emit(typed)


class PhoneField(PersonField):
    """A phone number: 138****3217 until one is in the line."""

    def __init__(self, word: str, example: str = "") -> None:
        super().__init__(word, example, _PhoneHolder(example, word))
        holder = self.field
        assert isinstance(holder, _PhoneHolder)
        holder.phone.entered.connect(self._unmask)
        self.line.left.connect(self._mask)

    def text_of(self, value: str) -> str:
        return value if self.line.hasFocus() else wording.masked_phone(value)

    def _unmask(self) -> None:
        if not self.line.isModified():
            self.line.resume(self.value)
            self.line.selectAll()

    def _mask(self) -> None:
        if not self.field.note.isVisible():
            self.line.resume(wording.masked_phone(self.value))

    def _left(self) -> None:
        typed = fold_width(self.line.text()).strip()
        if self.is_typed_in() and typed != self.value:
            self.line.setModified(False)
            self.written.emit(typed)


class _PhoneLine(ComposingLine):
    """A line that says when the keyboard comes to it."""

    entered = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()


class _PhoneHolder(Field):
    """A field around that line."""

    def __init__(self, example: str, name: str) -> None:
        super().__init__(example, name)
        self.phone = _PhoneLine()
        self.phone.setPlaceholderText(example)
        self.phone.setAccessibleName(name)
        layout = self.layout()
        assert layout is not None
        layout.replaceWidget(self.line, self.phone)
        self.line.deleteLater()
        self.line = self.phone
        self.line.composing_changed.connect(self._tell)
        self.line.set_initials_only()
        self.setFocusProxy(self.line)


class ChoiceField(PersonField):
    """A line whose value is one of some things, chosen by initials; `find` returns those the letters may mean."""

    chosen = Signal(object)

    def __init__(self, word: str, example: str, find: Callable[[str], Sequence[Candidate]], may_be_empty: bool) -> None:
        super().__init__(word, example)
        self._find, self._may_be_empty = find, may_be_empty
        self._popup: CandidatePopup | None = None
        self.line.set_initials_only()
        self.line.keyed.connect(self._keyed)

    def _keyed(self, typed: str) -> None:
        if not self.line.hasFocus() or not (self.line.isModified() or self.line.composing):
            return
        self.popup().show_candidates(self._find(typed) if typed.strip() else (), sentence="")

    def popup(self) -> CandidatePopup:
        """Return the list under the line; made when it is first needed, in the window the line then stands in."""
        if self._popup is None:
            self._popup = CandidatePopup(self.line, self.line.accessibleName())
            self._popup.chosen.connect(self._take)
        return self._popup

    def _take(self, key: object) -> None:
        self.line.setModified(False)
        self.popup().hide()
        self.chosen.emit(key)
        self.done.emit()

    def _left(self) -> None:
        typed = self.line.text().strip()
        if not self.is_typed_in() or typed == self.value:
            return
        found = self._find(typed) if typed else ()
        if not typed and self._may_be_empty:
            self._settle(None)
        elif found:
            self._settle(found[0].key)
        elif typed:
            self.say_wrong(tr("没有“{typed}”，换几个字母试试", typed=typed[:12]))
        else:
            self.show_value(self.value)

    def _settle(self, key: object) -> None:
        self.line.setModified(False)
        self.chosen.emit(key)
