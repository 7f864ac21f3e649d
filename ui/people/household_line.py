"""合成一户: the people who are ticked become one household, and one line asks who its head is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.commands.people import RegisterHousehold
from app.domain.people import Person
from app.domain.pinyin import matches
from ui.room import Room
from ui.theme import Role as Face
from ui.widgets.card import Card
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.label import Label
from ui.words import tr


class HouseholdLine(Card):
    """The question, and a line with the first one's name in it. `made` once it is written, `closed` by Esc."""

    made = Signal()
    closed = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__("entry", tr("合成一户"))
        self._room = room
        self._people: list[Person] = []
        self.asks, self.note = Label("", Face.CAPTION, "ink2").wrapped(), Label("", Face.CAPTION, "seal")
        self.line = ComposingLine()
        self.line.setAccessibleName(tr("户主"))
        self.line.set_initials_only()
        self.set_margins(14, 10, 14, 10, 6)
        for part in (self.asks, self.line, self.note):
            self.column.addWidget(part)
        self.line.submitted.connect(self._write)
        self.hide()

    def begin(self, people: list[Person]) -> None:
        """Ask about these people."""
        self._people = people
        names = "、".join(person.name for person in people)
        self.asks.say(tr("{names} 合成一户。户主是谁？首字母就行，回车登记", names=names))
        self.note.hide()
        self.line.setText(people[0].name)
        self.show()
        self.line.setFocus()
        self.line.selectAll()

    def _write(self, typed: str) -> None:
        head = self._head(typed)
        first = self._people[0]
        self._room.do(
            self,
            RegisterHousehold(first.village_code, first.group, head, tuple(person.id for person in self._people)),
            then=lambda _: self.made.emit(),
            refused=lambda trouble: self._refuse(trouble.sentence()),
            say=tr("已登记 {head} 一户，{count} 人", head=head, count=len(self._people)),
        )

    def _head(self, typed: str) -> str:
        """Return whom the letters mean among the ticked; what was typed itself when they mean none of them."""
        meant = (person.name for person in self._people if typed.strip() and matches(typed, person.name))
        return next(meant, typed.strip())

    def _refuse(self, sentence: str) -> None:
        self.note.say(sentence)
        self.note.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
