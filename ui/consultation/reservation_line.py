"""保留意见: writing down who keeps what, and how it stands beside a consensus; nobody can switch it off."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.commands.consensus import Objection
from app.queries.sitting import LiveSitting
from ui.consultation.unit_search import PersonLine
from ui.theme import Role, look
from ui.widgets.card import Card
from ui.widgets.composing_edit import ComposingLine, hint
from ui.widgets.label import Label
from ui.widgets.painted import advance
from ui.widgets.sign import Sign
from ui.words import tr


def reserved(name: str, text: str) -> str:
    """Return a reservation as it reads: 周某戊 保留：应先定全村标准."""
    return f"{name} {tr('保留')}：{text}" if name else f"{tr('有人保留')}：{text}"


class Voice(QWidget):
    """One reservation as it stands, with the answer given to it."""

    def __init__(self, words: str, answer: str = "") -> None:
        super().__init__()
        self.setAccessibleName(words)
        row, column = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Sign("hand-palm", "ochre", 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        column.setSpacing(0)
        said = Label(words, Role.CAPTION, "ochre").wrapped()
        column.addWidget(said)
        if answer:
            column.addWidget(Label(f"{tr('答复')}：{answer}", Role.CAPTION, "ink2").wrapped())


@dataclass(frozen=True, slots=True)
class Half:
    """A reservation half typed: who, if chosen, the letters for who, and the sentence so far."""

    person_id: str = ""
    letters: str = ""
    sentence: str = ""

    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not (self.person_id or self.letters or self.sentence)


class ReservationLine(Card):
    """Who, then the sentence, Enter after each. `added` brings one; `ended` is an empty Enter; `typed` any key."""

    added = Signal(object)
    ended = Signal()
    typed = Signal()
    recalled = Signal()

    def __init__(self) -> None:
        super().__init__("entry", tr("保留意见"))
        self.set_margins(11, 6, 11, 6, 2)
        self.title = Label("", Role.CAPTION, "ochre")
        self.rest = Label(tr("没有就空着回车"), Role.CAPTION, "ink2")
        self.who = _Who(self)
        self.sentence = _Sentence(self)
        self.note = Label("", Role.CAPTION, "ochre").wrapped()
        self._lay_out()
        self._listen()
        self.say_number(1)
        self.note.hide()
        self._fit()

    def _lay_out(self) -> None:
        top, row = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(self.rest)
        row.setSpacing(8)
        row.addWidget(self.who)
        row.addWidget(self.sentence, 1)
        self.column.addLayout(top)
        self.column.addLayout(row)
        self.column.addWidget(self.note)

    def _listen(self) -> None:
        self.who.taken.connect(self._chosen)
        self.who.passed.connect(self._who_passed)
        self.who.keyed.connect(lambda _: self._say(hint() if self.who.composing else ""))
        self.who.keyed.connect(lambda _: self._fit())
        look().changed.connect(self._fit)
        self.sentence.submitted.connect(self._written)
        self.sentence.composing_changed.connect(lambda composing: self._say(hint() if composing else ""))
        for line in (self.who, self.sentence):
            line.worth_keeping.connect(lambda _: self.typed.emit())

    def say_number(self, number: int) -> None:
        """Show which reservation this will be."""
        self.title.say(tr("保留意见 {number}", number=number))

    def look_in(self, live: LiveSitting) -> None:
        """Find people in this sitting."""
        self.who.live = live

    def begin(self) -> None:
        """Take the keyboard where it was left."""
        line = self.sentence if self.who.chosen_id or self.sentence.text() else self.who
        line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def half(self) -> Half:
        """Return what is half typed."""
        chosen = self.who.chosen_id or ""
        return Half(chosen, "" if chosen else self.who.half_typed(), self.sentence.half_typed())

    def put_back(self, half: Half) -> None:
        """Show what was half typed."""
        person = self.who.live.person(half.person_id) if self.who.live else None
        self.who.choose(half.person_id if person else None, person.name if person else half.letters)
        self.sentence.resume(half.sentence)
        self._fit()

    def objection(self) -> Objection | None:
        """Return what stands here as a reservation, or None while there is no sentence."""
        text = self.sentence.text().strip()
        return Objection(self.who.chosen_id, text) if text else None

    def clear(self) -> None:
        """Be empty for the next one."""
        self.put_back(Half())

    def show_focus(self) -> None:
        """Draw the frame in the colour of focus while either part has the keyboard."""
        on = self.who.hasFocus() or self.sentence.hasFocus()
        self.be("entry-on" if on else "entry")

    def _fit(self) -> None:
        """Show a chosen name as a chip as broad as the name."""
        is_chosen = bool(self.who.chosen_id)
        ground = (
            f"background: {look().theme.hex('select')}; border-radius: {look().px(4)}px; padding: 0 {look().px(6)}px"
        )
        self.who.setStyleSheet(ground if is_chosen else "")
        text = self.who.text() if is_chosen else self.who.placeholderText()
        self.who.setFixedWidth(round(advance(look().font(Role.BODY), text)) + look().px(22))

    def _chosen(self) -> None:
        self._fit()
        self.typed.emit()
        self.sentence.setFocus(Qt.FocusReason.OtherFocusReason)

    def _who_passed(self, text: str) -> None:
        if text.strip():
            self._say(tr("名册里没有“{name}”。不记名字就按 Tab", name=text.strip()[:8]))
        elif not self.sentence.text().strip():
            self.ended.emit()
        else:
            self._written(self.sentence.text())

    def _written(self, _: str) -> None:
        objection = self.objection()
        if objection is None:
            self.ended.emit()
            return
        self.clear()
        self.added.emit(objection)
        self.who.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        self.note.say(words)
        self.note.setVisible(bool(words))


class _Who(PersonLine):
    """The name in a reservation; ↑ in the empty field brings the last one back to be mended."""

    def __init__(self, line: ReservationLine) -> None:
        super().__init__(tr("谁保留意见"), tr("谁？首字母"), line)
        self._line = line
        self.setProperty("bare", True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up and not self.text():
            self._line.recalled.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._line.show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._line.show_focus()


class _Sentence(ComposingLine):
    """The sentence of a reservation."""

    def __init__(self, line: ReservationLine) -> None:
        super().__init__(line)
        self._line = line
        self.setProperty("bare", True)
        self.setAccessibleName(tr("保留什么意见"))
        self.setPlaceholderText(tr("他保留什么意见"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._line.show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._line.show_focus()
