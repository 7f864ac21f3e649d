"""At the door, when a name alone will not do: a newcomer to register, or somebody whose family signs for them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.people import ROLE_WORDS, Role
from app.domain.pinyin import matches
from app.domain.wording import numeral
from app.queries.people import Register
from ui.theme import Role as TypeRole
from ui.widgets.candidate_popup import Candidate, CandidatePopup
from ui.widgets.composing_edit import ComposingLine, fold_width
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr


def group_written(text: str) -> str:
    """Return 二组 for 2; anything else as it was typed."""
    flat = fold_width(text).strip()
    return tr("{number}组", number=numeral(int(flat))) if flat.isdecimal() and 0 < int(flat) < 100 else text.strip()


class _Form(QWidget):
    """A small form in the column: Esc leaves it and keeps what is in it."""

    left = Signal()
    worth_keeping = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _stack(self, *parts: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in parts:
            column.addWidget(part)


class WalkInForm(_Form):
    """姓名 ↵ 组 ↵ 身份 ↵. Whoever bears the same name on the register is shown before anything is saved."""

    registered = Signal(str, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("登记新来的人"))
        self.register: Register | None = None
        self.name = Field(tr("姓名"), tr("新来的人的姓名"))
        self.group, self.role = ComposingLine(), ComposingLine()
        self.twins = Label("", TypeRole.CAPTION, "ochre").wrapped()
        self.title = Label(tr("登记新来的人"), TypeRole.CAPTION, "ink2")
        self._name_lines()
        pair = QWidget()
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.group)
        row.addWidget(self.role)
        self._stack(self.title, self.name, pair, self.twins)
        self.popup = CandidatePopup(self.role, tr("身份"))
        self._listen()

    def _name_lines(self) -> None:
        self.group.setPlaceholderText(tr("组"))
        self.group.setAccessibleName(tr("哪个组"))
        self.role.setPlaceholderText(tr("身份"))
        self.role.setAccessibleName(tr("身份，首字母，空着是村民"))
        self.role.set_initials_only()
        self.twins.hide()

    def _listen(self) -> None:
        self.name.line.submitted.connect(lambda _: self.group.setFocus(Qt.FocusReason.OtherFocusReason))
        self.group.submitted.connect(lambda _: self.role.setFocus(Qt.FocusReason.OtherFocusReason))
        self.role.submitted.connect(lambda _: self._register(Role.VILLAGER if not self.role.text() else None))
        self.role.keyed.connect(self._offer_roles)
        self.popup.chosen.connect(self._register)
        self.name.line.keyed.connect(self._show_twins)
        for line in (self.name.line, self.group, self.role):
            line.worth_keeping.connect(lambda _: self.worth_keeping.emit())

    def begin(self, typed: str, register: Register) -> None:
        """Start with what was typed, if it is Chinese; else with what was left here before."""
        self.register = register
        if typed and not typed.isascii():
            self.name.line.resume(typed.strip())
        self.name.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_twins(self.name.line.text())

    def half_typed(self) -> str:
        """Return name, group and role as they stand, to be kept."""
        parts = [line.half_typed() for line in (self.name.line, self.group, self.role)]
        return "\t".join(parts) if any(parts) else ""

    def resume(self, kept: str) -> None:
        """Put back what was half typed."""
        for line, text in zip((self.name.line, self.group, self.role), kept.split("\t"), strict=False):
            line.resume(text)

    def clear(self) -> None:
        """Forget what was typed, for it is saved."""
        self.resume("\t\t")
        self.name.say_wrong("")

    def say_wrong(self, fault: str) -> None:
        """Say what the register refuses."""
        self.name.say_wrong(fault)

    def _offer_roles(self, query: str) -> None:
        found = [role for role, word in ROLE_WORDS.items() if query and matches(query, word) is not None]
        found.sort(key=lambda role: matches(query, ROLE_WORDS[role]) or ())
        shown = [Candidate(role, ROLE_WORDS[role], query if query.isascii() else "") for role in found]
        self.popup.show_candidates(shown, sentence=tr("没有这种身份，空着就是村民") if query and not shown else "")

    def _show_twins(self, name: str) -> None:
        twins = self.register.namesakes(name) if self.register and name.strip() else []
        where = "、".join(self.register.where(person) for person in twins[:3]) if self.register else ""
        said = tr("名册里有 {count} 个同名：{where}。是新来的就接着填", count=len(twins), where=where)
        self.twins.say(said if twins else "")
        self.twins.setVisible(bool(twins))

    def _register(self, role: object) -> None:
        if not self.name.line.text().strip():
            self.name.say_wrong(tr("名字还没写"))
            self.name.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif isinstance(role, Role):
            self.popup.hide()
            self.registered.emit(self.name.line.text().strip(), group_written(self.group.text()), role)


class ProxyForm(_Form):
    """代签人 and how they belong together, in one line: 赵某 儿子 ↵."""

    signed = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("家人代签"))
        self.person_id = ""
        self.title = Label("", TypeRole.CAPTION, "ink2")
        self.signer = Field(tr("代签人 关系"), tr("代签人和关系，中间空一格"))
        self._stack(self.title, self.signer)
        self.signer.line.submitted.connect(self._sign)
        self.signer.line.worth_keeping.connect(lambda _: self.worth_keeping.emit())

    def begin(self, person_id: str, name: str) -> None:
        """Ask who signs for this person."""
        if person_id != self.person_id:
            self.signer.line.resume("")
        self.person_id = person_id
        self.title.say(tr("谁替 {name} 签？", name=name))
        self.signer.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def half_typed(self) -> str:
        """Return for whom and by whom, to be kept."""
        text = self.signer.line.half_typed()
        return f"{self.person_id}\t{text}" if text else ""

    def resume(self, kept: str) -> None:
        """Put back what was half typed."""
        self.person_id, _, text = kept.partition("\t")
        self.signer.line.resume(text)

    def clear(self) -> None:
        """Forget what was typed, for it is saved."""
        self.resume("")
        self.signer.say_wrong("")

    def _sign(self, text: str) -> None:
        name, _, relation = text.replace("\u3000", " ").strip().partition(" ")
        if not name:
            self.signer.say_wrong(tr("谁来代签还没写"))
        else:
            self.signed.emit(self.person_id, name, relation.strip())
