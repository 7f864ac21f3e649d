"""审计: who did what to what, and when; every line is bound to the one before, so that none can be changed unseen.

The hash of a line is SHA-256 over seven texts in UTF-8 with a line feed between: the hash of the line before, its
number in decimal digits, time, account, act, object, outcome. Before the first line stand 64 zeros. How anybody checks
it is said in sync/server/AUDIT.md.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

BEGINNING = "0" * 64
BEGUN, DONE, REFUSED, DENIED = "begun", "done", "refused", "denied"
"""It is about to be tried; it was done; a rule or a password said no; the role or the scope does not allow it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is told of one act. Times are UTC to the second; texts have no line feed: that parts them in the hash."""

    at: str
    account: str
    act: str
    object: str
    outcome: str

    def __post_init__(self) -> None:
        if any("\n" in text for text in self.texts()):
            raise ValueError("a text of the log with a line feed")

    def texts(self) -> tuple[str, ...]:
        """Return its texts in the order of the hash."""
        return (self.at, self.account, self.act, self.object, self.outcome)


@dataclass(frozen=True, slots=True)
class Line:
    """A deed in the log: its number, the hash of the line before, and its own."""

    number: int
    previous: str
    deed: Deed
    hash: str


def bound(previous: str, number: int, deed: Deed) -> Line:
    """Return a deed as the line that follows upon one."""
    return Line(number, previous, deed, hash_of(previous, number, deed))


def hash_of(previous: str, number: int, deed: Deed) -> str:
    """Return the hash of a line."""
    return hashlib.sha256("\n".join((previous, str(number), *deed.texts())).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Walk:
    """What came of walking along the log: how many lines hold, the last good hash, and the number of the line at which
    it breaks, None when all of it holds."""

    count: int
    last: str
    broken_at: int | None = None


NOWHERE = Walk(0, BEGINNING)
"""Before the first line."""


def walk(lines: Iterable[Line], so_far: Walk = NOWHERE) -> Walk:
    """Walk along the log from its first line, or on from where one has come before, and stop where it breaks."""
    count, last = so_far.count, so_far.last
    for line in lines:
        number = count + 1
        is_next = line.number == number and line.previous == last
        if not is_next or line.hash != hash_of(last, number, line.deed):
            return Walk(count, last, number)
        count, last = number, line.hash
    return Walk(count, last)
