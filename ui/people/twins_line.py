"""像是同一个人: one quiet line over the register about two entries, and two keys; nothing happens by itself.

That two are not the same is a note of this machine: it says nothing of anybody and need not travel.
"""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.commands.people import MergePeople
from app.domain.people import Person
from app.queries.people_twins import Pair, twins
from ui.actions import shown_key
from ui.room import Room
from ui.theme import Role as Face
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.label import Label
from ui.words import tr

APART = "people/apart"
REST_MS, FEW = 400, 600
"""So few are looked through in a blink; more would wait for what is made ready aside when the program starts."""


class TwinsLine(QWidget):
    """The first pair that looks like one person; hidden while there is none. The merge comes with undo."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self._forms: tuple[QWidget, ...] = ()
        self.pairs: list[tuple[Person, Person]] = []
        self.words = Label("", Face.CAPTION, "ink2").wrapped()
        self.one = Button(tr("合成一个"), "link", key=shown_key("people.one"))
        self.apart = Button(tr("不是"), "link", key=shown_key("people.apart"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(8))
        row.addWidget(self.words, 1)
        row.addWidget(self.one)
        row.addWidget(self.apart)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._look)
        self.one.clicked.connect(self.merge)
        self.apart.clicked.connect(self.keep_apart)
        self.hide()

    def stand_behind(self, *forms: QWidget) -> None:
        """Do not be there while one of these forms is: on a small screen there is room for one of them."""
        self._forms = forms
        for form in forms:
            form.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._show()
        return False

    def look(self) -> None:
        """Look through the register once the hand has rested for a moment."""
        self._rest.start()

    def put_off(self) -> None:
        """Let the typing hand go first."""
        if self._rest.isActive():
            self._rest.start()

    def _look(self) -> None:
        people, apart = self._room.register.standing(), self._told_apart()
        if len(people) <= FEW:
            self._have(twins(people, apart))
        else:
            self._room.aside(self, lambda: twins(people, apart), self._have)

    def merge(self) -> None:
        """Say that the two shown are one; who was registered first is kept."""
        if self._is_asking():
            kept, twin = self.pairs.pop(0)
            self._show()
            self._room.do(self, MergePeople(kept.id, twin.id), say=tr("{name} 合成一个了", name=kept.name))

    def keep_apart(self) -> None:
        """Say that the two shown are not the same, and do not ask again on this machine."""
        if self._is_asking():
            one, other = self.pairs.pop(0)
            told = self._told_apart() | {(one.id, other.id)}
            self._room.jot(APART, " ".join("+".join(pair) for pair in sorted(told)))
            self._show()
            if not self.pairs:
                self.look()

    def _told_apart(self) -> frozenset[Pair]:
        told = (pair.partition("+") for pair in self._room.jotted(APART).split())
        return frozenset((one, other) for one, _, other in told)

    def _have(self, found: list[tuple[Person, Person]]) -> None:
        """Show what was found, unless somebody has changed it meanwhile."""
        register, apart = self._room.register, self._told_apart()
        fresh = [(register.people.get(one.id), register.people.get(other.id)) for one, other in found]
        self.pairs = [
            (one, other)
            for one, other in fresh
            if one and other and register.is_shown(one) and register.is_shown(other) and (one.id, other.id) not in apart
        ]
        self._show()

    def _is_asking(self) -> bool:
        return bool(self.pairs) and all(form.isHidden() for form in self._forms)

    def _show(self) -> None:
        self.setVisible(self._is_asking())
        if self.pairs:
            one, other = (self._told(person) for person in self.pairs[0])
            self.words.say(tr("像是同一个人：{one}，{other}", one=one, other=other))

    def _told(self, person: Person) -> str:
        place = self._room.places.get(person.village_code)
        parts = (self._room.register.where(person), place.display_name if place else "")
        return f"{person.name} {' · '.join(part for part in parts if part)}"
