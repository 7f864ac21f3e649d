"""One thing the closing assistant looks for: there, missing, or good to have; what is missing is mended in the row."""

from enum import StrEnum

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Role
from ui.widgets.card import Card, Rule
from ui.widgets.label import Label
from ui.widgets.sign import Sign
from ui.words import tr


class State(StrEnum):
    """How a thing stands."""

    COMPLETE = "complete"
    MISSING = "missing"
    OPTIONAL = "optional"


_SIGNS = {
    State.COMPLETE: ("check-circle", "pine", "fill", "齐"),
    State.MISSING: ("warning", "seal", "fill", "缺"),
    State.OPTIONAL: ("circle-dashed", "ink3", None, "可补"),
}


class CheckRow(QWidget):
    """A sign, what is looked for, how it stands, and at the right a word or something to mend it with."""

    def __init__(
        self,
        title: str,
        detail: str,
        state: State | str,
        word: str = "",
        mend: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.mend = mend
        self.title, self.detail = Label(title, Role.NAME).wrapped(), Label(detail, Role.CAPTION, "ink2").wrapped()
        self.sign, self.word = Sign("check-circle", "pine", 18, "fill"), Label("", Role.CAPTION, "pine")
        self._card, self._rule = Card("none"), Rule()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._card)
        column.addWidget(self._rule)
        self._lay_out()
        self.say(title, detail, state, word)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(13)
        row.addWidget(self.sign)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.title)
        texts.addWidget(self.detail)
        row.addLayout(texts, 1)
        if self.mend is not None:
            row.addWidget(self.mend)
        row.addWidget(self.word)
        self._card.column.addLayout(row)
        self._card.set_margins(17, 9, 14, 9)

    def say(self, title: str, detail: str, state: State | str, word: str = "") -> None:
        """Show how the thing stands now."""
        icon, tone, weight, usual = _SIGNS[State(state)]
        self.sign.show_icon(icon, tone, weight, tr(usual))
        self.title.say(title)
        self.detail.say(detail)
        self.detail.setVisible(bool(detail))
        self.word.say(word or (tr(usual) if state == State.COMPLETE else ""), tone)
        self.word.setVisible(bool(self.word.text()))
        if self.mend is not None:
            self.mend.setVisible(state != State.COMPLETE)
        self._card.be("wrong" if state == State.MISSING else "none")
        self._rule.setVisible(state != State.MISSING)
        self.setAccessibleName(f"{title} {tr(usual)}")
        self.setAccessibleDescription(detail)
