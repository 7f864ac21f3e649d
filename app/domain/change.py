"""A change: one field of one record, from an old value to a new one; and a set of them, done together.

One fact, five uses: it is saved, undone, audited, announced to views, and put into the exchange file.
Creation is a change too: `standing` goes from None to 1, and every field from None to its value.
Removal and the undoing of a creation lay the record down: `standing` goes to 0. Nothing is ever erased here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter

from app.domain.op import Version
from app.domain.record import Plain, R, Record, field_names, from_plain, plain, plain_fields, with_plain

STANDING = "standing"
Reopened = tuple[str, str, str, tuple[Plain, ...]]
_OF_RECORD = attrgetter("kind", "record_id")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one record, before and after, in plain values."""

    kind: str
    record_id: str
    field: str
    old: Plain
    new: Plain


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What one act changed, under the name the person sees in the undo menu.

    `id` is given by the desk when the act is written; it travels, so that a set met twice is taken once.
    What it creates of its `lasting` kinds stays when the act is undone: a reservation cannot be removed.
    `correction` is the 更正 under which it changes a sealed meeting; `decides` names (kind, record id, field) of what
    two sides had changed and this act settles, `seen` the versions that were looked at: others stay. Taking that back
    `reopens` it: (kind, record id, field, what the sides had said), the one that was shown last.
    """

    title: str
    changes: tuple[Change, ...]
    id: str = ""
    lasting: frozenset[str] = field(default_factory=frozenset)
    correction: str = ""
    decides: frozenset[tuple[str, str, str]] = field(default_factory=frozenset)
    seen: frozenset[Version] = field(default_factory=frozenset)
    reopens: tuple[Reopened, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything changes at all."""
        return bool(self.changes)

    def kinds(self) -> frozenset[str]:
        """Return the kinds of record that are touched."""
        return frozenset(change.kind for change in self.changes)

    def by_record(self) -> Iterator[tuple[str, str, tuple[Change, ...]]]:
        """Yield (kind, record id, its changes) for each record touched, in the order of first touch."""
        for (kind, record_id), group in groupby(self.changes, key=_OF_RECORD):
            yield kind, record_id, tuple(group)

    def inverted(self, title: str) -> "ChangeSet":
        """Return the set that takes this one back; what it created is laid down, not emptied."""
        undone = (_inverse(changes, kind in self.lasting) for kind, _, changes in self.by_record())
        backwards = tuple(undone)[::-1]
        runs = groupby((change for changes in backwards for change in changes), key=_OF_RECORD)
        changes = tuple(change for _, run in runs for change in _folded(run))
        decides = frozenset((kind, record_id, name) for kind, record_id, name, _ in self.reopens)
        return ChangeSet(title, changes, lasting=self.lasting, decides=decides)


def _folded(changes: Iterable[Change]) -> Iterable[Change]:
    """Return changes of one record with each field once: from what it was first to what it was last."""
    fields: dict[str, Change] = {}
    for one in changes:
        before = fields.get(one.field)
        fields[one.field] = replace(before, new=one.new) if before else one
    return fields.values()


def _inverse(changes: tuple[Change, ...], is_lasting: bool) -> tuple[Change, ...]:
    for change in reversed(changes):  # a creation names its standing last
        if change.field == STANDING and change.old is None:
            return () if is_lasting else (Change(change.kind, change.record_id, STANDING, 1, 0),)
    taken_back = (c for c in reversed(changes) if not (is_lasting and c.field == STANDING and c.new))
    return tuple(Change(c.kind, c.record_id, c.field, c.new, c.old) for c in taken_back)


def created(record: Record) -> tuple[Change, ...]:
    """Return the changes that bring a record into being; fields at None need no change of their own."""
    kind, record_id, values = record.KIND, record.id, plain_fields(record)
    return tuple([Change(kind, record_id, name, None, value) for name, value in values.items() if value is not None])


def changed(before: R, after: R) -> tuple[Change, ...]:
    """Return one change for each field in which two states of the same record differ; empty if none does."""
    names = (name for name in field_names(type(before)) if name != "id")
    pairs = ((name, plain(getattr(before, name)), plain(getattr(after, name))) for name in names)
    return tuple(Change(before.KIND, before.id, name, old, new) for name, old, new in pairs if old != new)


def laid_down(record: Record) -> tuple[Change, ...]:
    """Return the change that takes a record out of every list; its fields stay as they were."""
    return (Change(record.KIND, record.id, STANDING, record.standing, 0),)


def raised(before: R, after: R) -> tuple[Change, ...]:
    """Return the changes that bring a record that was laid down back, as something else or as it was.

    Every field is said, also those that stay the same, so that who never saw the record can tell it whole.
    """
    old, new = plain_fields(before), plain_fields(after)
    return tuple(Change(before.KIND, before.id, name, old[name], value) for name, value in new.items())


def tells_whole(kind: type[Record], changes: Iterable[Change]) -> bool:
    """Return whether these changes of one record say all of it: they create it, or bring it back (`raised`)."""
    parts = tuple(changes)
    is_made = any(part.field == STANDING and part.old is None for part in parts)
    return is_made or {"id", *(part.field for part in parts)} >= set(field_names(kind))


def applied(kind: type[R], before: R | None, record_id: str, changes: Iterable[Change]) -> R:
    """Return the record as it is after the changes; `before` is None when they create it."""
    values = {change.field: change.new for change in changes}
    if before is None:
        return from_plain(kind, {"id": record_id, **values})
    return with_plain(before, values)
