"""An address: what answers there, and who may ask. Whoever is not named may not; one that names nobody is shut."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from app.domain.account import Role

View = Callable[[Request], Response]
NOBODY: frozenset[str] = frozenset()
STRANGER = ""
"""Who is not signed in."""
SIGNED_IN: frozenset[str] = frozenset(Role)
EVERYBODY = SIGNED_IN | {STRANGER}


def only(*roles: Role) -> frozenset[str]:
    """Return that these may ask, and nobody else."""
    return frozenset(roles)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address: what answers there, what it does in a sentence, what may be asked of it, and who may ask.

    `act` is what the log calls it when somebody who is signed in asks; '' leaves no line but one that the view writes.
    With `is_told` the view writes the line itself once it is done, in the transaction of what it does, and only
    refusals are written here.
    """

    path: str
    view: View
    sentence: str
    asks: tuple[str, ...] = ()
    who: frozenset[str] = NOBODY
    method: str = "GET"
    act: str = ""
    is_told: bool = False
