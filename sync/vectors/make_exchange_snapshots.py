"""The vectors of snapshots: what a county may seal together, and what nobody should."""

from collections.abc import Iterator, Sequence
from typing import Any

from sync.suite import pae
from sync.vectors.crafting import (
    DEVICE,
    RECIPIENTS,
    SIGN,
    WAYS,
    Entry,
    Json,
    compact,
    entries_of,
    head_of,
    header_of,
    lines_of,
    op_of,
    plain_of,
    sealed_to,
    seg_part,
    segment_of,
    signed_off,
    squeezed,
    tar_of,
)
from sync.vectors.crafting import entry_of as segment_entry
from sync.vectors.make_exchange_segments import (
    COUNTY,
    FORGED,
    NEWER,
    OTHERS,
    READDRESSED,
    SPOILT,
    TAKEN,
    Vector,
    flipped,
)

SNAPSHOT = "application/vnd.yuanba.snapshot.v1"
READERS = ("county", "township")


def plain(letter: str = "C", signer: str = "laptop", **other: Any) -> bytes:
    """Return a segment as its author signed it."""
    return plain_of(lines_of(head_of(letter, **other), [op_of(n) for n in (1, 2)]), signer)


def snapshot_of(plains: Sequence[bytes], signer: str = "county", **other: Any) -> bytes:
    """Return a snapshot of segments, named by numbers since their sealed bytes are nowhere."""
    held = [{"id": f"{n:064x}", "size": len(one), "length": len(one)} for n, one in enumerate(plains, 1)]
    told: Json = {"format": "yuanba-snapshot", "v": 1, "min_reader": 1, "suite": "A", "by": DEVICE["county"]}
    told |= {
        "aud": "530102001:C",
        "to": sorted(WAYS.key_id(RECIPIENTS[name]) for name in READERS),
        "held": held,
    } | other
    signed = compact({name: part for name, part in told.items() if part != "left out"}) + b"\n" + b"".join(plains)
    made = SIGN[signer](pae(SNAPSHOT, signed))
    return sealed_to(squeezed(signed + f'{{"key":"{made.key}","sig":"{made.signature}"}}\n'.encode()), READERS)


def snapshots() -> Iterator[Vector]:
    """Yield all of them."""
    for name, raw in _good().items():
        yield _vector(f"good/{name}", raw, TAKEN)
    for answer, some in _bad().items():
        for name, raw in some.items():
            yield _vector(f"bad/{name}", raw, answer)
    yield Vector("snapshot/others/reader-without-keys", "snapshot", snapshot_of([plain()]), OTHERS, ("province",))
    yield _vector("newer/min-reader-2", snapshot_of([plain()], min_reader=2), NEWER)


def _vector(name: str, raw: bytes, answer: str) -> Vector:
    return Vector(f"snapshot/{name}", "snapshot", raw, answer, COUNTY)


def _good() -> dict[str, bytes]:
    anew = {"replaces": "f1" * 32, "was": "f2" * 32, "by": DEVICE["other laptop"]}
    return {
        "one": snapshot_of([plain()]),
        "several": snapshot_of([plain("O"), plain("C"), plain("C", first=1, last=9, acts=["01" * 16])]),
        "open-to-all": snapshot_of([plain("O")], aud="530102001:O"),
        "by-a-later-version": snapshot_of([plain()], v=2, weather="fine"),
        "segment-of-a-later-version": snapshot_of([plain("O"), plain(min_reader=2)]),
        "segment-made-anew-unvouched": snapshot_of([plain("O"), plain("C", "other laptop", **anew)]),
        "segment-sealed-for-others": snapshot_of([plain(to=["0" * 16])]),
    }


def _bad() -> dict[str, dict[str, bytes]]:
    one, two = plain("O"), plain("C")
    held = [{"id": "1" * 64, "size": 9, "length": len(one)}, {"id": "2" * 64, "size": 9, "length": len(two)}]
    short = [held[0], held[1] | {"length": len(two) - 1}]
    spoilt = {
        "flipped": flipped(snapshot_of([one]), len(snapshot_of([one])) - 40),
        "nothing-held": snapshot_of([], held=[]),
        "held-missing": snapshot_of([one], held="left out"),
        "held-short": snapshot_of([one, two], held=short),
        "held-twice": snapshot_of([one, one], held=[held[0], held[0]]),
        "held-of-no-size": snapshot_of([one], held=[held[0] | {"size": 0}]),
        "held-of-no-length": snapshot_of([two], held=[held[0] | {"length": 0}, held[1]]),
        "class-T": snapshot_of([one], aud="530102001:T"),
        "place-of-a-village": snapshot_of([one], aud="530102001001:C"),
        "by-missing": snapshot_of([one], by="left out"),
        "to-falling": snapshot_of([one], to=sorted((WAYS.key_id(RECIPIENTS[name]) for name in READERS), reverse=True)),
        "segment-of-no-head": snapshot_of([plain_of(b"{}\n")]),
    }
    forged = {
        "signed-by-another": snapshot_of([one], "laptop"),
        "signed-as-a-segment": sealed_to(squeezed(plain()), READERS),
        "segment-signed-by-another": snapshot_of([one, plain("C", "stranger")]),
        "segment-with-other-words": snapshot_of([one.replace("挡墙".encode(), "水沟".encode())]),
    }
    others = {
        "segment-of-another-place": snapshot_of([plain(aud="530102002:C")]),
        "segment-of-the-township-alone": snapshot_of([plain("T")]),
        "segment-of-a-narrower-class": snapshot_of([two], aud="530102001:O"),
        "not-addressed-to-us": snapshot_of([one], to=["0" * 16]),
    }
    return {SPOILT: spoilt, FORGED: forged, READDRESSED: others}


def _entry(raw: bytes) -> Entry:
    return f"snap/{WAYS.digest(raw)}.age", raw


def _listed(raw: bytes, *held: str) -> Json:
    return {"id": WAYS.digest(raw), "held": list(held)}


def with_snapshot() -> bytes:
    """Return a pack that has one."""
    raw = snapshot_of([plain("O"), plain()])
    told = header_of(snapshots=[_listed(raw, f"{1:064x}", f"{2:064x}")])
    return tar_of(signed_off(entries_of(told, _entry(raw))))


def misplaced() -> dict[str, list[Entry]]:
    """Return packs whose snapshots are not where they should be, or not as listed; nobody need open them."""
    snap, other, one = _entry(b"one"), _entry(b"another"), segment_of(head_of(), [op_of()])
    listed = _listed(b"one", "1" * 64)
    after = header_of([segment_entry(one, head_of())], snapshots=[listed])
    return {
        "snapshot-not-listed": signed_off(entries_of(header_of(), snap)),
        "snapshot-missing": signed_off(entries_of(header_of(snapshots=[listed]))),
        "snapshot-listed-twice": signed_off(entries_of(header_of(snapshots=[listed] * 2), snap)),
        "snapshot-of-another-name": signed_off(entries_of(header_of(snapshots=[listed]), other)),
        "snapshot-after-segment": signed_off(entries_of(after, seg_part(one), snap)),
        "snapshot-of-nothing": signed_off(entries_of(header_of(snapshots=[_listed(b"one")]), snap)),
    }
