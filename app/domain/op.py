"""An op: one record's part of one act, as it stands in the journal and travels between machines.

It says which fields were set, to what, and for each of them which versions its author was looking at. Order comes
from these versions and from Lamport counters; wall clocks are evidence and decide nothing.
"""

from enum import StrEnum
from typing import Any

import msgspec

Version = tuple[int, str, int]
"""Which op set a value: its Lamport counter, its stream (`device/incarnation`), its number in that stream."""
Base = dict[str, tuple[Version, ...]]
"""For each field the versions its author was looking at: mostly one, several when a conflict is decided, none if the
field was not there. The name '' stands for every field not named."""


class Audience(StrEnum):
    """Who may read a part of an op: O every level, C the township and its county, T the township alone."""

    OPEN = "O"
    COUNTY = "C"
    TOWNSHIP = "T"


AUDIENCES = (Audience.OPEN, Audience.COUNTY, Audience.TOWNSHIP)


NOTHING: frozenset[str] = frozenset()


class Op(msgspec.Struct, frozen=True, gc=False):
    """One record in one act. `base` is None when the op brings the record into being.

    `sets` holds plain values, those of unknown kinds and fields too. `masked` names fields whose value here is what
    the public may read, because the true one belongs to a narrower audience. `correction` is the id of the 更正 under
    which a sealed meeting was changed; `seen` says of a sealing, for each stream, up to which op it had seen it, and
    `holds` which records it holds fast.
    `parts` are the audiences whose parts have been joined here; own ops are whole and have none. `erased` names fields
    whose values had to go for good: they are None here, and every other word of the op stays what it was.

    A county's year is two hundred thousand of them: made in a tenth of a dataclass's time, and none is ever part of a
    ring that would have to be looked for.
    """

    stream: str
    seq: int
    lamport: int
    kind: str
    record_id: str
    sets: dict[str, Any]
    base: Base | None
    act: str = ""
    who: str = ""
    wall: str = ""
    correction: str = ""
    seen: dict[str, int] | None = None
    holds: tuple[str, ...] = ()
    masked: frozenset[str] = NOTHING
    parts: str = ""
    erased: frozenset[str] = NOTHING

    @property
    def version(self) -> Version:
        """Return the version of every value this op sets."""
        return (self.lamport, self.stream, self.seq)
