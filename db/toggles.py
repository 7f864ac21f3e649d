"""What takes an act back, as it is kept beside it: the ledger alone reads it, and it never travels."""

import msgspec

from app.domain.change import Change, ChangeSet, Reopened
from app.domain.record import Plain


class _Toggle(msgspec.Struct, array_like=True):
    title: str
    parts: tuple[tuple[str, str, str, Plain, Plain], ...]
    lasting: tuple[str, ...]
    decides: tuple[tuple[str, str, str], ...] = ()
    reopens: tuple[Reopened, ...] = ()


_TOGGLE = msgspec.msgpack.Decoder(_Toggle)


def toggle_bytes(changes: ChangeSet) -> bytes:
    """Return what takes an act back as it is kept."""
    parts = tuple((c.kind, c.record_id, c.field, c.old, c.new) for c in changes.changes)
    told = _Toggle(
        changes.title, parts, tuple(sorted(changes.lasting)), tuple(sorted(changes.decides)), changes.reopens
    )
    return msgspec.msgpack.encode(told)


def read_toggle(kept: bytes, title: str, set_id: str) -> ChangeSet:
    """Return what takes an act back, under another title and id."""
    told = _TOGGLE.decode(kept)
    changes = tuple(Change(*part) for part in told.parts)
    decides = frozenset(told.decides)
    return ChangeSet(title, changes, set_id, frozenset(told.lasting), decides=decides, reopens=told.reopens)
