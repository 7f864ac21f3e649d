"""A field in which one of many is picked by initials: a village, a person, a category; a line below says which."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.pinyin import matches
from app.domain.place import Places
from app.queries.people import Register
from ui.room import Room
from ui.theme import Role
from ui.widgets.candidate_popup import MOST, Candidate, CandidatePopup
from ui.widgets.composing_edit import MOST_LETTERS
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr

Find = Callable[[str], Sequence[Candidate]]


class PickField(Field):
    """`key` is what was picked, None while nothing is; with `free` any other text is good too.

    `picked` brings the key; `passed` is Enter meant to go on to the next field.
    """

    picked = Signal(object)
    passed = Signal()

    def __init__(
        self, name: str, example: str, find: Find, free: bool = False, none: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(example, name, parent)
        self.key: object = None
        self.free = free
        self.echo = Label("", Role.CAPTION, "ink2")
        self.echo.hide()
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self.echo)
        self._find, self._none = find, none or tr("没有找到，少打一个字母试试")
        self._found: Mapping[object, Candidate] = {}
        self._chosen = ""
        self.line.set_initials_only()
        if free:
            self.line.setMaxLength(MOST_LETTERS)
        self.popup = CandidatePopup(self.line, name)
        self.popup.chosen.connect(self._pick)
        self.line.keyed.connect(self._seek)
        self.line.submitted.connect(self._submit)
        self.line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.FocusIn and self.key is not None:
            self.line.selectAll()  # so that typing replaces what is picked already
        return False

    def choose(self, key: object, text: str, echo: str = "") -> None:
        """Show something as picked; nothing is sought."""
        self.key, self._chosen = key, text
        self.line.resume(text)
        self.popup.hide()
        self._say(echo)
        self.say_wrong("")

    def clear(self) -> None:
        """Empty the field."""
        self.choose(None, "")

    def text(self) -> str:
        """Return what stands in the field."""
        return self.line.text().strip()

    def is_good(self) -> bool:
        """Return whether the field is empty, picked, or may hold free text."""
        return self.free or self.key is not None or not self.text()

    def _seek(self, typed: str) -> None:
        if self.line.text() == self._chosen and not self.line.preedit:
            return
        self.key, self._chosen = None, ""
        self._say("")
        self.say_wrong("")
        found = self._find(typed) if typed.strip() else ()
        self._found = {candidate.key: candidate for candidate in found}
        self.popup.show_candidates(found, (), "" if self.free or not typed.strip() else self._none)

    def _pick(self, key: object) -> None:
        candidate = self._found[key]
        self.choose(key, candidate.name, candidate.detail)
        self.picked.emit(key)
        self.passed.emit()

    def _submit(self, text: str) -> None:
        self.popup.hide()
        if self.is_good():
            self.passed.emit()
        else:
            self.say_wrong(tr("没有“{typed}”。少打一个字母试试", typed=text.strip()))

    def _say(self, echo: str) -> None:
        self.echo.say(echo)
        self.echo.setVisible(bool(echo))
        self.line.setAccessibleDescription(echo)


def among(options: Mapping[str, str]) -> Find:
    """Return a search among a few words by their code: by initials, pinyin or characters."""

    def find(typed: str) -> list[Candidate]:
        found = ((code, words, matches(typed, words)) for code, words in options.items())
        return [Candidate(code, words, hits=hits) for code, words, hits in found if hits is not None]

    return find


def place_search(room: Room) -> Find:
    """Return a search among places, those of our own township first, then the county's, then all."""

    def find(typed: str) -> list[Candidate]:
        here = home_code(room)
        for within in dict.fromkeys((here[:9], here[:6], "")):
            found = room.places.search(typed, MOST, within=within)
            if found:
                return [
                    Candidate(one.place.code, one.place.display_name, "", above(room.places, one.place.code), "", hits)
                    for one in found
                    for hits in (one.positions,)
                ]
        return []

    return find


def person_search(register: Register) -> Find:
    """Return a search among the people of the register."""

    def find(typed: str) -> list[Candidate]:
        found = register.find_people(typed, MOST)
        return [Candidate(one.person.id, one.person.name, "", register.where(one.person)) for one in found]

    return find


def above(places: Places, code: str) -> str:
    """Return township and county of a place: 维摩乡 · 砚山县."""
    return " · ".join(places.label(code).split(" · ")[1:])


def home_code(room: Room) -> str:
    """Return the village last worked in, else the place the home was set up for."""
    return room.jotted("here/village") or room.jotted("here/place")


def home_village(room: Room) -> str:
    """Return the code of the village we are in; empty when we only know the township."""
    code = home_code(room)
    return code if len(code) == 12 and room.places.get(code) else ""


def choose_place(field: PickField, places: Places, code: str) -> None:
    """Show a village as picked, its township beside it; nothing for an unknown code."""
    place = places.get(code)
    if place is not None:
        field.choose(code, place.display_name, above(places, code))
