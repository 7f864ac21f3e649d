"""A page: one screen inside the shell, with its own keys."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.domain.change import ChangeSet
from ui.room import Room


@dataclass(frozen=True, slots=True)
class Hint:
    """One context key for the status bar: the key cap and what it does."""

    key: str
    words: str


class Page(QWidget):
    """A screen of the shell. Sub-classes set `name`, and answer what the shell asks.

    With `toast_head` the toast stands so far below the window's head, because the page writes at its foot.
    """

    name = ""
    wants_rail = False
    toast_head: int | None = None

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        room.changed.connect(self._heard)

    def enter(self, record_id: str = "") -> None:
        """Become the page in view, on a record if an id is given: ask for what is shown, take the focus."""

    def leave(self) -> None:
        """Stop being in view; keep what is half typed."""

    def took(self, changes: ChangeSet) -> None:
        """Show what an act changed; called only while in view."""

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys worth knowing now, seven at most."""
        return ()

    def _heard(self, changes: ChangeSet) -> None:
        if self.isVisible():
            self.took(changes)
