"""What the page 登记 needs from behind: how it stands with this computer, and the few steps of enrolling."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ui.exchange.port import Exchange


@dataclass(frozen=True, slots=True)
class Waits:
    """One computer that asks to be enrolled: its name and whose it is to be."""

    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Known:
    """One computer that was taken in here, whose it is, and whether it has been reported lost."""

    device: str
    name: str
    unit: str
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands: `own` is whose computer this is, '' before. `digits` are those of our own request, `to` the office
    that answers it; `is_believed` once its digits were typed here. `may_accept` where requests are answered, and
    `computers` were taken in. An office that stands under nobody yet may ask those `above`, each told by its code and
    its name; else `under` is the one that it stands under."""

    own: str = ""
    digits: str = ""
    to: str = ""
    is_believed: bool = False
    may_accept: bool = False
    waiting: tuple[Waits, ...] = ()
    computers: tuple[Known, ...] = ()
    above: tuple[tuple[str, str], ...] = ()
    under: str = ""


class Enrolling(Protocol):
    """The steps; each may raise any `Trouble`. They run beside the keys (`Room.errand`)."""

    def standing(self) -> Standing:
        """Return how it stands now."""

    def ask(self, org: str, name: str, folder: Path) -> Standing:
        """Ask to be a computer of this organisation, or of an office to stand under it, and write the request onto a
        stick."""

    def confirm(self, digits: str) -> Standing:
        """Take the digits that the office read out."""

    def take_answer(self, folder: Path) -> Standing:
        """Take in what the office has written onto the stick."""

    def found(self, org: str) -> Standing:
        """Found an office on this computer."""

    def accept(self, digits: str) -> tuple[str, str]:
        """Take in whoever read these digits out; return the name and the digits to be read back."""

    def lose(self, device: str, reason: str) -> Standing:
        """Report a computer lost: what comes from it from now on waits until somebody looks."""

    def join(self) -> Exchange | None:
        """Return what 同步 works with, None while this computer is nobody's."""
