"""The desk: the one door for screens, server and command line.

`do` carries a command out, `ask` answers a question, `undo` and `redo` go back and forth among one's own acts.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from app.commands.edition import may_change
from app.commands.issue import may_undo
from app.domain.change import ChangeSet
from app.domain.edition import Edition
from app.domain.errors import NotSaved, UndoEnds
from app.domain.ids import Mint
from app.ports import Blobs, Clock, Deed, Dice, Ledger, Moment, Seal, Shelf

UNDO_ENDS = "undo/ends"
"""The note that keeps the newest act before the last sealing: nothing behind it is taken back in passing."""

P = ParamSpec("P")
T = TypeVar("T")


class Command(Protocol):
    """One thing a person can do."""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Read, let the records refuse, and return what changes; never write."""


class Desk:
    """Where one person works on one home."""

    def __init__(
        self,
        shelf: Shelf,
        ledger: Ledger,
        clock: Clock,
        dice: Dice,
        who: str = "",
        *,
        blobs: Blobs | None = None,
        seal: Seal | None = None,
    ) -> None:
        self._shelf = shelf
        self._ledger = ledger
        self._clock = clock
        self._dice = dice
        self._blobs = blobs
        self._seal = seal
        self._mints = Mint()
        self.who = who

    def do(self, command: Command) -> ChangeSet:
        """Carry a command out; what is returned is written and durable. An empty set wrote nothing.

        Raises:
            Refused: A rule says no. Nothing has changed.
            NotSaved: The disk says no. Nothing has changed.
        """
        moment = Moment(self._clock.now(), self.who, self._mint, self._dice.bits, self._seal)
        changes = command.changes(self._shelf, moment)
        if not changes:
            return changes
        under = may_change(self._shelf, changes)
        named = replace(changes, id=self._mint(), correction=under)
        self._ledger.write(named, self.who, moment.now)
        if Edition.KIND in named.lasting:
            with suppress(NotSaved):  # sealed it is; the guard holds by itself
                self._ledger.jot({UNDO_ENDS: self._newest()})
        return named

    def ask(self, question: Callable[Concatenate[Shelf, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the answer to a question about what is written."""
        return question(self._shelf, *args, **kwargs)

    def undo(self) -> ChangeSet:
        """Take back the newest act of this machine and return what that changed.

        Raises:
            NothingToUndo: There is none.
            UndoEnds: What comes next lies before a sealing.
            ChangedElsewhere: Somebody else has touched it since.
        """
        newest = self._newest()
        if newest and newest == self._ledger.jotted(UNDO_ENDS).get(UNDO_ENDS):
            raise UndoEnds
        return self._ledger.undo(self._mint(), self.who, self._clock.now(), self._may_undo)

    def _newest(self) -> str:
        """Return the id of the act that would be taken back next; empty when there is none."""
        return next((deed.id for deed in self._ledger.deeds(1)), "")

    def redo(self) -> ChangeSet:
        """Do again what was taken back last and return what that changed.

        Raises:
            NothingToUndo: There is none.
            ChangedElsewhere: Somebody else has touched it since.
        """
        return self._ledger.redo(self._mint(), self.who, self._clock.now(), self._may_undo)

    def deeds(self, limit: int = 30) -> list[Deed]:
        """Return one's acts that can be undone, the newest first."""
        return self._ledger.deeds(limit)

    def undone(self, limit: int = 30) -> list[Deed]:
        """Return one's acts that can be done again, the next one first."""
        return self._ledger.undone(limit)

    @property
    def blobs(self) -> Blobs:
        """Return where pictures and files are kept. They are put there before the command that names them is done."""
        assert self._blobs is not None, "this desk was opened without a place for pictures"
        return self._blobs

    def jot(self, notes: dict[str, str | None]) -> None:
        """Keep notes of this machine, durable together: half-typed words, settings, where it was; None forgets one.

        Raises:
            NotSaved: The disk says no.
        """
        self._ledger.jot(notes)

    def jotted(self, prefix: str = "") -> dict[str, str]:
        """Return the notes whose names begin with the prefix."""
        return self._ledger.jotted(prefix)

    @property
    def seal(self) -> Seal:
        """Return the seal of this device, for checking what was sealed elsewhere."""
        assert self._seal is not None, "this desk was opened without a seal"
        return self._seal

    def _may_undo(self, back: ChangeSet) -> str:
        may_undo(self._shelf, back)
        return may_change(self._shelf, back)

    def _mint(self) -> str:
        return self._mints.strike(self._clock.now(), self._dice.bits(62))
