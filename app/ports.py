"""What the consultation needs from outside: a shelf to read, a ledger to write, a clock, dice.

All are handed in, so that a whole county can be simulated in one process.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.change import ChangeSet
from app.domain.record import Plain, R


@dataclass(frozen=True, slots=True)
class Is:
    """The field has exactly this plain value."""

    field: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Among:
    """The field has one of these plain values."""

    field: str
    values: tuple[Plain, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The field sorts before this plain value; None never does."""

    field: str
    value: Plain


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The field sorts at this plain value or after it; None never does."""

    field: str
    value: Plain


@dataclass(frozen=True, slots=True)
class Contains:
    """The text of the field has this text somewhere within it; the signs % and _ stand for themselves."""

    field: str
    value: str


Condition = Is | Among | Before | AtLeast | Contains


class Shelf(Protocol):
    """Everything that is written, for reading. Records that are laid down are not on it."""

    def get(self, kind: type[R], record_id: str) -> R:
        """Return one record.

        Raises:
            Missing: There is none, or it is laid down.
        """

    def find(self, kind: type[R], record_id: str | None) -> R | None:
        """Return one record, or None if there is none or the id is None."""

    def all(self, kind: type[R], *where: Condition, order: str = "", limit: int = 0) -> list[R]:
        """Return the records that meet every condition.

        They come in the order of their ids (that of their making) unless `order` names a field,
        with '-' before it for the greatest first. `limit` 0 is no limit.
        """

    def count(self, kind: type[R], *where: Condition) -> int:
        """Return how many records meet every condition."""

    def tally(self, kind: type[R], field: str, *where: Condition) -> dict[Plain, int]:
        """Return how many records meet every condition, by each value of a field; a value nobody has is not there."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One act that was written: its name, and whether it stands or was taken back."""

    id: str
    title: str
    at: datetime


class Ledger(Protocol):
    """The only writer."""

    def write(self, changes: ChangeSet, who: str, at: datetime) -> None:
        """Write rows and journal in one durable transaction; a set met before is left as it is.

        Raises:
            NotSaved: The disk would not take it. Nothing has changed.
        """

    def undo(self, set_id: str, who: str, at: datetime, allow: Callable[[ChangeSet], None]) -> ChangeSet:
        """Take the newest act of this machine back and return what changed; `allow` may refuse first.

        Raises:
            NothingToUndo: There is none.
            ChangedElsewhere: A field has been touched from elsewhere since.
        """

    def redo(self, set_id: str, who: str, at: datetime, allow: Callable[[ChangeSet], None]) -> ChangeSet:
        """Do again the act last taken back and return what changed; `allow` may refuse first.

        Raises:
            NothingToUndo: There is none, or something new was done since.
            ChangedElsewhere: A field has been touched from elsewhere since.
        """

    def deeds(self, limit: int) -> list[Deed]:
        """Return the acts that could be undone, the newest first."""

    def undone(self, limit: int) -> list[Deed]:
        """Return the acts that could be done again, the one to be redone next first."""

    def jot(self, notes: dict[str, str | None]) -> None:
        """Keep notes of this machine alone (half-typed words, settings, where it was); None forgets one.

        They are not facts: they carry no version, are never undone and never travel.

        Raises:
            NotSaved: The disk would not take them.
        """

    def jotted(self, prefix: str = "") -> dict[str, str]:
        """Return the notes whose names begin with the prefix."""


class Blobs(Protocol):
    """Pictures and files, sealed beside the ledger, each once; a row names them by their id."""

    def put(self, content: bytes) -> str:
        """Keep the content, durably, and return its id; the same content has the same id.

        Raises:
            NotSaved: The disk would not take it. Nothing is half written.
        """

    def get(self, blob_id: str) -> bytes:
        """Return the content.

        Raises:
            AttachmentLost: It is not there, or not what it was.
        """

    def has(self, blob_id: str) -> bool:
        """Return whether there is such a blob; it may still be damaged."""

    def size(self, blob_id: str) -> int:
        """Return how many bytes the content has.

        Raises:
            AttachmentLost: It is not there.
        """


class Clock(Protocol):
    """Tells the time of this machine, right or wrong."""

    def now(self) -> datetime:
        """Return this moment, with its offset from UTC."""


class Dice(Protocol):
    """Random bits."""

    def bits(self, count: int) -> int:
        """Return a number of that many random bits."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a device signed with: its public key and the signature, both in hexadecimal digits."""

    key: str
    signature: str


class Seal(Protocol):
    """The key of this device, which signs and checks (Ed25519, suite A)."""

    def sign(self, words: bytes) -> Signature:
        """Sign with the device's key."""

    def holds(self, words: bytes, signature: Signature) -> bool:
        """Return whether a signature by whoever's key is good for these bytes; False for anything malformed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a command may know of the world: the time, who is at the keys, a way to mint ids, dice, and the seal."""

    now: datetime
    who: str
    mint: Callable[[], str]
    bits: Callable[[int], int]
    seal: Seal | None = None
