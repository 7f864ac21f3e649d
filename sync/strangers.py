"""What nobody we believe answers for: it is kept, for it may count one day, but only so much of it. Whatever is not
kept was never said to be held, and so comes again with the next pack; by then somebody may have certified its author.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.ports import Freight, Parcel, StatementFile
from sync.directory import LOCAL, Directory, read_said
from sync.receipts import RECEIPT
from sync.statement import read_statement
from sync.suite import suite

MOST_SENT = 64 << 20
"""How many bytes of sealed words, and of pictures, lie here of computers that nobody has certified."""
MOST_SAID = 256 << 10
"""How many bytes of their statements do: some four hundred requests."""


@dataclass(frozen=True)
class Spare:
    """The room that is left for what computers send that nobody has certified; `lying` is what is here of everybody."""

    lying: Iterable[Parcel] | Iterable[Freight]
    directory: Directory

    def has_room(self, one: Parcel | Freight) -> bool:
        """Return whether something that arrives may be kept, and take its room; what is of one of ours needs none, and
        before we know who we are there is no telling."""
        if self._is_ours(one) or not self.directory.own() or one.id in self._strange:
            return True
        left = MOST_SENT - sum(self._strange.values())
        if one.size <= left:
            self._strange[one.id] = one.size
        return one.size <= left

    @cached_property
    def _strange(self) -> dict[str, int]:
        return {one.id: one.size for one in self.lying if not self._is_ours(one)}

    def _is_ours(self, one: Parcel | Freight) -> bool:
        device = one.stream.partition("/")[0] if isinstance(one, Parcel) else one.device
        return self.directory.may_write(device, one.region)


def is_strange(one: StatementFile, directory: Directory) -> bool:
    """Return whether nobody whom we believe has signed a statement."""
    if one.kind in LOCAL or not directory.own():  # before we know who we are everybody is a stranger
        return False
    if one.kind == RECEIPT:  # it has no other author than the device it is kept under
        return one.subject != directory.device_id and directory.device(one.subject) is None
    return _signers(one.raw).isdisjoint(directory.keys)


def to_forget(files: Sequence[StatementFile], directory: Directory) -> list[str]:
    """Return the strangers' statements that there is no room for. The oldest go: whoever asks now is on the telephone
    now."""
    room, gone = MOST_SAID, []
    for one in reversed(files):
        if is_strange(one, directory):
            room -= len(one.raw)
            if room < 0:
                gone.append(one.id)
    return gone


@lru_cache(maxsize=1 << 12)
def _signers(raw: bytes) -> frozenset[str]:
    """Return the keys that signed, of what a newer version says as well."""
    said = read_said(raw)
    return said.keys if said else frozenset(key for _, key in read_statement(raw, suite().holds).signers)
