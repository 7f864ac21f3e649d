"""What nobody we believe answers for: it is kept, for it may count one day, but only so much of it. Whatever is not
kept was never said to be held, and so comes again with the next pack; by then somebody may have certified its author.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.ports import Freight, Parcel, StatementFile
from sync.directory import LOCAL, Directory
from sync.statement import signed_by, words_of

MOST_SENT = 64 << 20
"""How many bytes of sealed words, and of pictures, lie here of computers that nobody has certified."""
MOST_SAID = 256 << 10
"""How many bytes of their statements do: some four hundred requests."""


@dataclass
class Spare:
    """The room that is left for what computers send that nobody has certified; `lying` is what is here of everybody,
    `packer` the device that brings more."""

    lying: Iterable[Parcel] | Iterable[Freight]
    directory: Directory
    packer: str

    def has_room(self, one: Parcel | Freight) -> bool:
        """Return whether something that arrives may be kept, and take its room. What one of ours brings of one of ours
        needs none; of a stranger's word that it is of one of ours nothing is kept, for it would be said to be held.
        Before we know who we are there is no telling."""
        if not self.directory.own():
            return True
        if self._is_ours(one):
            return self.directory.device(self.packer) is not None
        if one.id in self._strange:
            return True
        has_room = one.size <= self._left
        if has_room:
            self._strange[one.id] = one.size
            self._left -= one.size
        return has_room

    @cached_property
    def _strange(self) -> dict[str, int]:
        return {one.id: one.size for one in self.lying if not self._is_ours(one)}

    @cached_property
    def _left(self) -> int:
        return MOST_SENT - sum(self._strange.values())

    def _is_ours(self, one: Parcel | Freight) -> bool:
        return self.directory.may_write(one.device, one.region)


def is_strange(one: StatementFile, directory: Directory) -> bool:
    """Return whether somebody whom we do not believe has signed a statement."""
    if one.kind in LOCAL or not directory.own():  # before we know who we are everybody is a stranger
        return False
    return not signed_by(one.raw) <= directory.keys


def to_forget(files: Sequence[StatementFile], directory: Directory) -> list[str]:
    """Return the strangers' statements that there is no room for. The oldest go: whoever asks now is on the telephone
    now."""
    room, gone = MOST_SAID, []
    for one in reversed(list(_adding_nothing(files, directory))):
        room -= len(one.raw)
        if room < 0:
            gone.append(one.id)
    return gone


def _adding_nothing(files: Iterable[StatementFile], directory: Directory) -> Iterator[StatementFile]:
    """Yield the strangers' statements to which nobody whom we believe has put a signature that the ones before lack:
    anybody may sign once more what an office has signed, and that is another file each time."""
    vouched: dict[bytes, frozenset[str]] = {}
    for one in files:
        if is_strange(one, directory):
            words, before = words_of(one.raw), signed_by(one.raw) & directory.keys
            if before <= vouched.get(words, frozenset()):
                yield one
            vouched[words] = before | vouched.get(words, frozenset())
