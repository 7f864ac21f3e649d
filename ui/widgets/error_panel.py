"""What went wrong, in three parts: what happened, what is kept, what to do now; and a code for the telephone."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Label
from ui.widgets.painted import announce
from ui.widgets.sign import Sign
from ui.words import tr


@dataclass(frozen=True, slots=True)
class WayOut:
    """A button of the panel: a verb and what it does. The first one is the way we would go."""

    words: str
    act: Callable[[], None]


class ErrorPanel(Card):
    """A panel in place of what did not work; it stays until it is told something else or hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("wrong", parent=parent)
        self._happened = Label("", Role.NAME)
        self._kept = Label("", Role.NOTE, "ink2").wrapped()
        self._next = Label("", Role.NOTE, "ink2").wrapped()
        self._code = Label("", Role.CAPTION, "ink2")
        self._ways = QHBoxLayout()
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self.set_margins(18, 14, 18, 16, 2)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Sign("warning", "seal", 20, "fill", tr("出了岔子")))
        head.addWidget(self._happened, 1)
        self.column.addLayout(head)
        for part in (self._kept, self._next):
            line = QHBoxLayout()
            line.setContentsMargins(32, 0, 0, 0)
            line.addWidget(part)
            self.column.addLayout(line)
        self._ways.setContentsMargins(32, 8, 0, 0)
        self._ways.setSpacing(10)
        self.column.addLayout(self._ways)

    def say(self, happened: str, kept: str, next_step: str, code: str, ways: tuple[WayOut, ...] = ()) -> None:
        """Show what happened, what is kept and what to do, with a button for each way out."""
        self._happened.say(happened)
        self._kept.say(kept)
        self._next.say(next_step)
        self._code.say(tr("代号 {code}", code=code))
        self._clear_ways()
        for at, way in enumerate(ways):
            button = Button(way.words, "primary" if at == 0 else "plain")
            button.clicked.connect(way.act)
            self._ways.addWidget(button)
        self._ways.addStretch(1)
        self._ways.addWidget(self._code)
        self.setAccessibleName(happened)
        self.setAccessibleDescription(f"{kept} {next_step} {self._code.text()}")
        self.show()
        announce(self, f"{happened} {kept} {next_step}")

    def _clear_ways(self) -> None:
        while (item := self._ways.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, Button):
                widget.deleteLater()
