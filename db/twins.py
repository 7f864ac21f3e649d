"""Twins: one op told under two names, because a copied or restored laptop sealed again what had been sealed before.

An act has an id of its own and makes one op of a record at most, so two ops of one device, act and record are the same
op. They are shown as one, and whoever names either names both; else every restore would end in disputes about nothing.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from app.domain.merge import Seal
from app.domain.op import Base, Op, Version


def united(ops: Sequence[Op], seals: Iterable[Seal]) -> Sequence[Op]:
    """Return the ops of one record with twins under one version: that which the most sealings had seen, else the least.

    All twins stay, for each may be another part of the same op.
    """
    groups: dict[tuple[str, str, int], list[Op]] = {}
    for op in ops:
        if op.act:
            groups.setdefault((op.stream.partition("/")[0], op.act, op.lamport), []).append(op)
    if len(groups) == len(ops):
        return ops
    seen = [seal.seen for seal in seals]
    names: dict[Version, Version] = {}
    for group in groups.values():
        chosen = min(group, key=lambda op: (-sum(op.seq <= marks.get(op.stream, 0) for marks in seen), op.version))
        names |= {op.version: chosen.version for op in group if op.version != chosen.version}
    return [_renamed(op, names) for op in ops] if names else ops


def _renamed(op: Op, names: dict[Version, Version]) -> Op:
    lamport, stream, seq = names.get(op.version, op.version)
    return replace(op, lamport=lamport, stream=stream, seq=seq, base=_base(op.base, names))


def _base(base: Base | None, names: dict[Version, Version]) -> Base | None:
    if base is None:
        return None
    return {field: tuple(dict.fromkeys(names.get(one, one) for one in said)) for field, said in base.items()}
