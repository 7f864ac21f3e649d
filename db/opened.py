"""What is to be taken in, made ready before anybody has to wait for it.

Opening, checking, joining the parts of an op and putting entries into words takes far longer than writing them down,
and needs nothing of the ledger. So it is done first, while whoever is at the keys goes on writing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from app.domain.edition import Correction, Edition
from app.domain.merge import join
from app.domain.op import Op
from app.domain.record import fits
from app.domain.sweeping import no_sweeping
from app.ports import Parcel
from db.journal import body_of, entry_of, op_of
from db.projection import KINDS
from db.rows import field_set
from db.tables import TABLES

MOST_LAMPORT = 2**53
MOST_READY = 100_000
"""How many ops are held ready; of a larger intake, which no township ever sends, the rest is opened as it is written,
and whoever is at the keys waits for it."""
LARGE = 5_000
Made = tuple[Op, bytes, bool]
"""An op, the body of its entry, and whether it may be put down without a second thought."""
Packed = tuple[Any, ...]
"""The same while it waits, in half of the room: the entry without its stream, and the last of these."""


@dataclass(slots=True)
class Batch:
    """What was sealed together: parcels without their ops, and these by the last act of the parcels; packed they are
    the entries that will be made of them."""

    parcels: list[Parcel]
    made: dict[str, dict[int, Made]]
    entries: dict[str, list[Packed]] = field(default_factory=dict)

    def pack(self) -> None:
        """Let the ops wait in less room."""
        self.entries = {act: [_packed(*one) for one in some.values()] for act, some in self.made.items()}
        self.made = {}

    def ops(self, act: str) -> dict[int, Made]:
        """Return the ops of an act by their numbers."""
        if act in self.made:
            return self.made[act]
        name = self.parcels[0].stream
        many = self.entries.get(act, ())
        return {entry[0]: (op_of((0, *entry), {0: name}), entry[-1], is_plain) for *entry, is_plain in many}


class Opened(Iterable[Parcel]):
    """An intake as far as it is ready: batches in their order, of a very large one the rest still to be opened."""

    def __init__(self, parcels: Iterable[Parcel]) -> None:
        with no_sweeping():
            self._rest = map(_batch, _groups(parcels))
            self._ready: list[Batch] = []
            self.count = packed = 0
            for batch in self._rest:
                self._ready.append(batch)
                self.count += sum(map(len, batch.made.values()))
                if self.is_large:
                    for one in self._ready[packed:]:
                        one.pack()
                    packed = len(self._ready)
                if self.count >= MOST_READY:
                    break

    @property
    def is_large(self) -> bool:
        """Return whether it is more than a busy week of a township."""
        return self.count > LARGE

    def __iter__(self) -> Iterator[Parcel]:
        """Yield the parcels that are ready; `batches` says more."""
        return (parcel for batch in self._ready for parcel in batch.parcels)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches, each once, and let go of them."""
        ready, self._ready = self._ready, []
        ready.reverse()
        while ready:
            yield ready.pop()
        yield from self._rest


def opened(parcels: Iterable[Parcel]) -> Opened:
    """Return parcels made ready; those that are ready already are left as they are."""
    return parcels if isinstance(parcels, Opened) else Opened(parcels)


def made(op: Op) -> Made:
    """Return an op with its entry's body."""
    return op, body_of(op), is_plain(op)


def is_plain(op: Op) -> bool:
    """Return whether an op says something that a row can say, and lets nothing else be seen anew."""
    kind = op.kind
    if kind not in TABLES or kind in (Edition.KIND, Correction.KIND) or op.seen is not None or op.erased:
        return False
    is_ours = op.lamport <= MOST_LAMPORT and field_set(kind).issuperset(op.sets)
    return is_ours and fits(KINDS[kind], op.sets)


def _batch(group: list[Parcel]) -> Batch:
    """Return a group of parcels with the parts of their ops joined."""
    acts: dict[str, list[Iterable[Op]]] = {}
    for parcel in group:
        if parcel.ops:
            acts.setdefault(parcel.acts[-1], []).append(parcel.ops)
    bare = [replace(parcel, ops=()) if parcel.ops else parcel for parcel in group]
    ops = {act: joined(chain.from_iterable(many)) for act, many in acts.items()}
    return Batch(bare, {act: {seq: made(some[seq]) for seq in sorted(some)} for act, some in ops.items()})


def joined(ops: Iterable[Op]) -> dict[int, Op]:
    """Return ops of one stream by their numbers, with the parts of each joined."""
    found: dict[int, Op] = {}
    for op in ops:
        seq = op.seq
        found[seq] = join(found[seq], op) if seq in found else op
    return found


def _packed(op: Op, body: bytes, may_lie: bool) -> Packed:
    return (*entry_of(op, 0, body)[1:], may_lie)


def _groups(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Yield parcels that follow each other and hold parts of the same entries, together."""
    group: list[Parcel] = []
    for parcel in parcels:
        if group and (parcel.stream != group[-1].stream or parcel.first > group[-1].last):
            yield group
            group = []
        group.append(parcel)
    if group:
        yield group
