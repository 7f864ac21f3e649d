"""登记一个人: one line, 姓名 ↵ 组 ↵ 身份 ↵, with those of the same name shown before anything is written."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from app.commands.people import RegisterPerson
from app.domain.change import ChangeSet
from app.domain.errors import IdNumberRefused
from app.domain.people import ROLE_WORDS, Role, refuse_forbidden_numbers
from ui.people.person_detail import roles_for
from ui.room import Room
from ui.theme import Role as Face
from ui.theme import look
from ui.widgets.candidate_popup import Candidate, CandidatePopup
from ui.widgets.card import Card
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.label import Label
from ui.words import tr

JOT = "people/new"
KEPT_BETWEEN = "\t"


class NewPerson(Card):
    """The line of a new person. `made` brings the id; `closed` is Esc, which keeps what is typed."""

    made = Signal(str)
    closed = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__("entry", tr("登记一个人"))
        self._room = room
        self._role = Role.VILLAGER
        self.name, self.group, self.role = ComposingLine(), ComposingLine(), ComposingLine()
        self.village_code = ""
        self.note, self.village = Label("", Face.CAPTION, "ochre").wrapped(), Label("", Face.CAPTION, "ink2")
        self._popup: CandidatePopup | None = None
        self._lay_out()
        self._wire()
        self.hide()

    def _lay_out(self) -> None:
        self.set_margins(14, 10, 14, 10, 6)
        row = QHBoxLayout()
        row.setSpacing(look().px(8))
        for line, word, example, stretch in (
            (self.name, tr("姓名"), tr("姓名"), 4),
            (self.group, tr("组"), tr("几组"), 2),
            (self.role, tr("身份"), tr("身份首字母，空着是村民"), 4),
        ):
            line.setAccessibleName(word)
            line.setPlaceholderText(example)
            row.addWidget(line, stretch)
        row.addWidget(self.village)
        self.role.set_initials_only()
        self.column.addLayout(row)
        self.column.addWidget(self.note)
        self.note.hide()

    def _wire(self) -> None:
        self.name.submitted.connect(lambda _: self._after_name())
        self.group.submitted.connect(lambda _: self.role.setFocus())
        self.role.submitted.connect(lambda _: self._write())
        self.name.keyed.connect(self._show_namesakes)
        self.role.keyed.connect(self._offer_roles)
        for line in (self.name, self.group, self.role):
            line.worth_keeping.connect(lambda _: self._keep())

    def begin(self, village_code: str) -> None:
        """Come up for somebody of this village, with what was half typed the last time."""
        self.village_code = village_code
        place = self._room.places.get(village_code)
        self.village.say(place.display_name if place else "")
        typed = [*self._room.jotted(JOT).split(KEPT_BETWEEN), "", "", ""][:3]
        for line, text in zip((self.name, self.group, self.role), typed, strict=True):
            if not line.text():
                line.resume(text)
        self.show()
        self.name.setFocus()
        self._show_namesakes(self.name.text())

    def _keep(self) -> None:
        parts = [line.half_typed().replace(KEPT_BETWEEN, " ") for line in (self.name, self.group, self.role)]
        try:
            refuse_forbidden_numbers(" ".join(parts))
        except IdNumberRefused:
            return
        self._room.jot(JOT, KEPT_BETWEEN.join(parts) if any(parts) else None)

    def _show_namesakes(self, typed: str) -> None:
        known = self._room.register.namesakes(typed) if typed.strip() else []
        told = "；".join(f"{one.name} {self._room.register.where(one)}" for one in known[:3])
        self._say(tr("名册里有 {count} 个同名：{told}", count=len(known), told=told) if known else "", "ochre")

    def _say(self, sentence: str, tone: str) -> None:
        self.note.say(sentence, tone)
        self.note.setVisible(bool(sentence))

    def _after_name(self) -> None:
        if self.name.text().strip():
            self.group.setFocus()
        else:
            self._say(tr("名字还没写"), "seal")

    def _offer_roles(self, typed: str) -> None:
        if not self.role.hasFocus():
            return
        if self._popup is None:
            self._popup = CandidatePopup(self.role, tr("身份"))
            self._popup.chosen.connect(self._take_role)
        self._popup.show_candidates(roles_for(typed) if typed.strip() else ())

    def _take_role(self, role: object) -> None:
        if self._popup:
            self._popup.hide()
        self._write(Role(str(role)))

    def _write(self, role: Role | None = None) -> None:
        """Put the person on the register; the line is free again once that is durable."""
        offered: list[Candidate] = roles_for(self.role.text()) if self.role.text().strip() else []
        if role is None and self.role.text().strip() and not offered:
            self._say(tr("没有“{typed}”，换几个字母试试", typed=self.role.text()[:12]), "seal")
            return
        chosen = role or (Role(str(offered[0].key)) if offered else Role.VILLAGER)
        name, group = self.name.text(), self.group.text()
        self._room.do(
            self,
            RegisterPerson(name, self.village_code, group, chosen),
            then=lambda changes: self._written(changes, name),
            refused=lambda trouble: self._refused(trouble.sentence()),
            say=tr("已登记 {name} {role}", name=name.strip(), role=tr(ROLE_WORDS[chosen])),
        )

    def _written(self, changes: ChangeSet, name: str) -> None:
        if self.name.text() == name:
            for line in (self.name, self.role):
                line.clear()
        self._keep()
        self._say("", "ochre")
        self.name.setFocus()
        self.made.emit(changes.changes[0].record_id)

    def _refused(self, sentence: str) -> None:
        self._say(sentence, "seal")
        self.name.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
