"""One person: the little the register keeps, edited in place, and the household they share. No meetings, no words.

What somebody said or how often they came is nowhere here: that would be a profile (trust.md R9).
"""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.commands.people import AmendPerson, SeparatePeople
from app.domain.erasure import GONE
from app.domain.people import ROLE_WORDS, Household, Person, Role
from app.domain.pinyin import matches
from app.settings import PLACE
from ui.people.erasure_card import ErasureCard, ErasureState
from ui.people.person_fields import ChoiceField, PersonField, PhoneField
from ui.room import Room
from ui.theme import Role as Face
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.candidate_popup import Candidate
from ui.widgets.card import Rule
from ui.widgets.label import Label
from ui.words import tr

MOST = 6


class PersonDetail(QWidget):
    """The sheet of one person. `left` is Esc: back to the list."""

    left = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.person_id = ""
        self.name, self.where = Label("", Face.CARD).wrapped(), Label("", Face.CAPTION, "ink2").wrapped()
        self.fields: dict[str, PersonField] = self._make_fields()
        self.shared = Label("", Face.CAPTION, "ink2").wrapped()
        self.leave_household = Button(tr("移出这户"), "link")
        self.twins, self.separate = Label("", Face.CAPTION, "ink2").wrapped(), Button(tr("分开"), "link")
        self.ask_erase = Button(tr("应本人要求删去…"), "link")
        self.erasing, self.erased = ErasureCard(room), ErasureState(room)
        self._lay_out()
        self._wire()

    def _make_fields(self) -> dict[str, PersonField]:
        return {
            "name": PersonField(tr("姓名"), tr("赵某甲")),
            "village_code": ChoiceField(tr("村"), tr("首字母，如 tgc"), self._villages, True),
            "group": PersonField(tr("组"), tr("二组")),
            "role": ChoiceField(tr("身份"), tr("首字母，如 cm 村民"), self._roles, False),
            "post": PersonField(tr("职务"), tr("村支书")),
            "unit_id": ChoiceField(tr("单位"), tr("首字母选单位"), self._units, True),
            "phone": PhoneField(tr("电话"), tr("不填也行")),
            "household_id": ChoiceField(tr("户"), tr("户主首字母"), self._households, True),
        }

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(8))
        column.addWidget(self.name)
        column.addWidget(self.where)
        column.addWidget(Rule())
        column.addWidget(self.erased)
        column.addWidget(self.erasing)
        for field in self.fields.values():
            column.addWidget(field)
        share = QHBoxLayout()
        share.addWidget(self.shared, 1)
        share.addWidget(self.leave_household, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(share)
        tied = QHBoxLayout()
        tied.addWidget(self.twins, 1)
        tied.addWidget(self.separate, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(tied)
        column.addStretch(1)
        column.addWidget(self.ask_erase, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(Label(tr("只记这些。身份证号、银行卡号不收。"), Face.CAPTION, "ink3").wrapped())

    def _wire(self) -> None:
        fields = list(self.fields.items())
        for at, (part, field) in enumerate(fields):
            following = fields[(at + 1) % len(fields)][1]
            field.done.connect(following.setFocus)
            if isinstance(field, ChoiceField):
                field.chosen.connect(lambda key, part=part: self._amend(part, key))
            else:
                field.written.connect(lambda text, part=part: self._amend(part, text))
        self.leave_household.clicked.connect(lambda: self._amend("household_id", None))
        self.separate.clicked.connect(self._separate)
        self.ask_erase.clicked.connect(self._begin_erasing)
        self.erased.again.connect(self._begin_erasing)
        self.erasing.closed.connect(self._leave_erasing)
        self.erasing.done.connect(self._leave_erasing)

    def show_person(self, person: Person | None) -> None:
        """Show somebody, or nobody; a field with a hand in it is left alone while it is the same person."""
        self.setVisible(person is not None)
        if person is None:
            self.person_id = ""
            return
        if person.id != self.person_id:
            for field in self.fields.values():
                field.line.setModified(False)
            self.erasing.hide()
        self.person_id = person.id
        self.name.say(person.name)
        self.where.say(_joined(self._room.register.where(person), self._village(person.village_code)))
        for part, field in self.fields.items():
            field.show_value(self._words(person, part))
        self._show_household(person)
        self._show_twins(person)
        self._show_erasing(person)

    def _show_erasing(self, person: Person) -> None:
        """Show the fields, or the question what is to be erased, or of who was erased how far that has come."""
        is_gone, is_asking = person.name == GONE, self.erasing.isVisibleTo(self)
        for field in self.fields.values():
            field.setVisible(not (is_gone or is_asking))
        self.ask_erase.setVisible(self._room.eraser is not None and not (is_gone or is_asking))
        if is_gone and not is_asking:
            self.erased.show_of(person)
        else:
            self.erased.hide()

    def _begin_erasing(self) -> None:
        person = self._room.register.people.get(self.person_id)
        if person is not None:
            self.erasing.begin(person)
            self._show_erasing(person)

    def _leave_erasing(self) -> None:
        self.erasing.hide()
        person = self._room.register.people.get(self.person_id)
        if person is not None:
            self.show_person(person)
            self.ask_erase.setFocus()

    def edit(self) -> None:
        """Take the keyboard, in the first field."""
        self.fields["name"].line.setFocus()
        self.fields["name"].line.selectAll()

    def _words(self, person: Person, part: str) -> str:
        register = self._room.register
        if part == "village_code":
            return self._village(person.village_code)
        if part == "role":
            return tr(ROLE_WORDS[person.role])
        if part == "unit_id":
            unit = register.units.get(person.unit_id or "")
            return unit.name if unit else ""
        household = register.households.get(person.household_id or "")
        return (household.head if household else "") if part == "household_id" else str(getattr(person, part))

    def _village(self, code: str) -> str:
        place = self._room.places.get(code)
        return place.display_name if place else ""

    def _show_household(self, person: Person) -> None:
        sharing = self._room.register.sharing(person)
        names = "、".join(one.name for one in sharing)
        words = tr("同户：{names}", names=names) if names else tr("一人一户") if person.household_id else ""
        self.shared.say(words)
        self.shared.setVisible(bool(words))
        self.leave_household.setVisible(person.household_id is not None)

    def _show_twins(self, person: Person) -> None:
        """Show which other entries stand behind this one."""
        register = self._room.register
        told = "；".join(_joined(one.name, register.where(one)) for one in register.twins_of(person))
        self.twins.say(tr("也记过：{told}", told=told) if told else "")
        self.twins.setVisible(bool(told))
        self.separate.setVisible(bool(told))

    def _separate(self) -> None:
        person = self._room.register.people.get(self.person_id)
        if person is not None:
            self._room.do(self, SeparatePeople(person.id), say=tr("已分开 {name}", name=person.name))

    def _amend(self, part: str, value: object) -> None:
        """Write one field at once; what is refused is told under it."""
        person, field = self._room.register.people.get(self.person_id), self.fields[part]
        if person is None:
            return
        parts: dict[str, Any] = {part: value if value is not None or part.endswith("_id") else ""}
        self._room.do(
            self,
            AmendPerson(replace(person, **parts)),
            then=lambda _: field.say_wrong(""),
            refused=lambda trouble: field.say_wrong(trouble.sentence()),
        )

    def _villages(self, typed: str) -> list[Candidate]:
        """Return villages and townships the letters may mean, those of our county first."""
        places, county = self._room.places, self._room.setting(PLACE)[:6]
        near = places.search(typed, MOST, within=county) if county else []
        found = {one.place.code: one for one in (*near, *places.search(typed, MOST)) if len(one.place.code) >= 9}
        return [
            Candidate(code, one.place.display_name, detail=one.label, hits=one.positions) for code, one in found.items()
        ]

    def _roles(self, typed: str) -> list[Candidate]:
        return roles_for(typed)

    def _units(self, typed: str) -> list[Candidate]:
        return [
            Candidate(one.unit.id, one.unit.name, hits=one.positions)
            for one in self._room.register.find_units(typed, MOST)
        ]

    def _households(self, typed: str) -> list[Candidate]:
        person = self._room.register.people.get(self.person_id)
        near = self._room.register.households_of(person.village_code if person else "")
        matched = ((one, matches(typed, one.head)) for one in near)
        return [_household(one, hits) for one, hits in matched if hits][:MOST]


def _household(household: Household, hits: tuple[int, ...]) -> Candidate:
    return Candidate(household.id, household.head, detail=household.group, hits=hits)


def roles_for(typed: str) -> list[Candidate]:
    """Return the roles the letters may mean, exact beginnings first, in the order they are declared."""
    found = [(role, matches(typed, tr(ROLE_WORDS[role]))) for role in Role]
    met = [(role, hits) for role, hits in found if hits]
    met.sort(key=lambda pair: (pair[1][0] > 0, len(tr(ROLE_WORDS[pair[0]]))))
    return [Candidate(role, tr(ROLE_WORDS[role]), hits=hits) for role, hits in met[:MOST]]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
