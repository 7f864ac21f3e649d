"""How far a record has got: 本机, 已拷出, 县已收, 省已存, 省已入账. Said only of what receipts prove.

What is not open to all never goes above the county, and there its way ends.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from enum import IntEnum

from app.domain.op import Audience
from app.ports import Parcel, Postbox
from sync.directory import Directory
from sync.receipts import APPLIED

ALL_PACKAGES = 100_000


class Reach(IntEnum):
    """The steps of the way."""

    HERE = 0
    CARRIED = 1
    RECEIVED = 2
    STORED = 3
    APPLIED = 4


def reach_of(postbox: Postbox, directory: Directory, records: Iterable[str]) -> Reach | None:
    """Return how far all that was written about these records has got, told by their ids; None before this computer
    belongs to anybody, and of what nothing was written about."""
    own = directory.own()
    entries = postbox.entries_about(records) if own else []
    if not entries:
        return None
    sealed = _sealed(postbox.parcels(), entries)
    return _reach(postbox, own, sealed) if sealed else Reach.HERE


def _sealed(parcels: Iterable[Parcel], entries: Iterable[tuple[str, int]]) -> list[Parcel]:
    """Return the segments that hold entries (stream, number); none if one of these has not been sealed."""
    runs: dict[tuple[str, str], list[Parcel]] = {}
    for one in parcels:
        runs.setdefault((one.stream, one.audience), []).append(one)
    for many in runs.values():
        many.sort(key=lambda one: one.last)
    found: dict[str, Parcel] = {}
    for stream, seq in entries:
        covering = [_covering(runs.get((stream, audience), ()), seq) for audience in Audience]
        if not any(covering):
            return []
        found |= {one.id: one for one in covering if one is not None}
    return list(found.values())


def _covering(runs: Sequence[Parcel], seq: int) -> Parcel | None:
    at = bisect_left(runs, seq, key=lambda one: one.last)
    return runs[at] if at < len(runs) and runs[at].first <= seq else None


def _reach(postbox: Postbox, own: str, sealed: list[Parcel]) -> Reach:
    held = {(one.segment, one.org.partition("/")[0]): one.custody for one in postbox.held()}
    county, province = own[:6], own[:2]
    upward = [one for one in sealed if one.audience == Audience.OPEN]

    def lies_at(org: str, many: list[Parcel], *, applied: bool = False) -> bool:
        said = [APPLIED if org == own else held.get((one.id, org), "") for one in many]
        return all(one == APPLIED if applied else one for one in said)

    if upward and lies_at(province, upward):
        return Reach.APPLIED if lies_at(province, upward, applied=True) else Reach.STORED
    if lies_at(county, sealed):
        return Reach.RECEIVED
    carried = {name for package in postbox.packages(ALL_PACKAGES) for name in package.segments}
    return Reach.CARRIED if all(one.id in carried for one in sealed) else Reach.HERE
