"""Counties apart: each pack is taken in among the rows of its county, as if the office were that county's alone.

So a pack costs what lies of its county, not of the province; two counties never wait for each other, nor do two
processes; and what one county is told never speaks of another. Where a prefecture's office stands in between and brings
the packs of many, its counties are one place.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol
from zlib import crc32

import msgspec

from app.domain.errors import NotTaken, PackSpoilt
from sync.directory import COUNTY, DEVICE, read_said
from sync.exchange import Asked, Exchange, Relay
from sync.pack import read_pack
from sync.server.relay import Desk, Desks, Peer

PREFECTURE = 4
ALL, NOBODYS = "", "00"
"""The whole province; and what is no county's: requests of those whom nobody knows yet."""
PLACE = re.compile(r"[0-9]{2,9}")


class Store(Protocol):
    """Where counties are kept apart."""

    def within(self, place: str) -> AbstractContextManager[None]:
        """Work with the rows of one county or prefecture until the end of the block, and nobody else meanwhile."""

    def certificates(self, device: str, place: str) -> list[bytes]:
        """Return what has been said of a device to whoever works for a place, believed or not."""

    def has_card(self, org: str, place: str) -> bool:
        """Return whether the office itself knows the card of an organisation, as whoever works for a place sees it."""


class ByCounty:
    """A peer of the relay that works for one county at a time."""

    def __init__(self, exchange: Exchange, store: Store) -> None:
        self._relay, self._store = Relay(exchange), store

    def have(self, asked: bytes) -> bytes:
        """Return what we hold of the asker's county and how much waits for the asker, as JSON."""
        return self.at(place_of_question(asked, self._store)).have(asked)

    def take(self, pack: Path) -> Path:
        """Take a pack in whole and durably; return the file of an answer with the receipt and what waits."""
        return self.at(place_of_pack(pack, self._store)).take(pack)

    def at(self, place: str) -> Peer:
        """Return the same peer as it works for one place."""
        return _AtPlace(self._relay, self._store, place)


@dataclass(frozen=True, slots=True)
class _AtPlace:
    relay: Relay
    store: Store
    place: str

    def have(self, asked: bytes) -> bytes:
        with self.store.within(self.place):
            return self.relay.have(asked)

    def take(self, pack: Path) -> Path:
        with self.store.within(self.place):
            return self.relay.take(pack)


class CountyDesks(Desks):
    """Several desks over one database, each for its share of the counties: what is of one county goes to the same one,
    which knows it, and a county waits only for those it shares its desk with."""

    def __init__(self, desks: Sequence[tuple[ByCounty, Executor]], store: Store, hear: Callable[[Peer], Peer]) -> None:
        """`hear` puts somebody beside a peer who hears of each pack."""
        self._desks, self._store, self._hear = desks, store, hear

    def for_question(self, asked: bytes) -> Desk:
        """Return the desk of the asker's county."""
        return self._desk(place_of_question(asked, self._store))

    def for_pack(self, pack: Path) -> Desk:
        """Return the desk of the county that a pack is about; any desk refuses what is no pack."""
        try:
            place = place_of_pack(pack, self._store)
        except NotTaken:
            place = NOBODYS
        return self._desk(place)

    def _desk(self, place: str) -> Desk:
        peer, worker = self._desks[crc32(place.encode()) % len(self._desks)]
        return Desk(self._hear(peer.at(place)), worker)

    def close(self) -> None:
        """Let the packs that are being taken in be taken in, and end."""
        for _, worker in self._desks:
            worker.shutdown(wait=True, cancel_futures=True)


def place_of_question(asked: bytes, store: Store) -> str:
    """Return the place of whoever asks.

    Raises:
        PackSpoilt: It is no question.
    """
    try:
        said = msgspec.json.decode(asked, type=Asked)
    except msgspec.MsgspecError as error:
        raise PackSpoilt(str(error)) from error
    finder = _Finder(store)
    likely = finder.placed(said.org) if PLACE.fullmatch(said.org) else NOBODYS
    place = finder.place_of(said.device, likely)
    return NOBODYS if place is None else place


def place_of_pack(file: Path, store: Store) -> str:
    """Return the place that a pack is about: that of whoever packed it, if it speaks of no other.

    Raises:
        NotTaken: It is no pack.
    """
    with file.open("rb") as stream:
        pack = read_pack(stream)
        head, told, finder = pack.head, list(pack.statements()), _Finder(store)
    regions = (segment.region for _, segment, _ in head.segs)
    counties = {region[:COUNTY] for region in (*regions, *(one.region for one in head.blobs))}
    places = {finder.placed(county) for county in counties}
    own = finder.place_of(head.device, *places, told=told)
    if own is not None:
        places.add(own)
    if not places:
        return ALL if head.snapshots else NOBODYS
    return places.pop() if len(places) == 1 else ALL


class _Finder:
    """Finds the places of one question or pack."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._has_card = cache(store.has_card)

    def place_of(self, device: str, *likely: str, told: Iterable[bytes] = ()) -> str | None:
        """Return the place of the organisation of a device, as far as anybody says one; None when nobody does. It is
        looked for where it is likely, and everywhere only if it is not there."""
        found = self._said(device, told)
        for place in (*likely, NOBODYS, ALL):
            found = found or self._said(device, self._store.certificates(device, place))
        return None if not found else found.pop() if len(found) == 1 else ALL

    def _said(self, device: str, told: Iterable[bytes]) -> set[str]:
        """Return the places of which these say that the device belongs there."""
        said = [read_said(raw) for raw in told]
        return {self.placed(one.body.org) for one in said if one and one.kind == DEVICE and one.body.device == device}

    def placed(self, org: str) -> str:
        """Return the place of an organisation."""
        return placed(org, self._has_card)


def placed(org: str, has_card: Callable[[str, str], bool]) -> str:
    """Return the county of an organisation, or the prefecture that brings its packs, if the office has its card."""
    prefecture, county = org[:PREFECTURE], org[:COUNTY]
    is_one = len(county) < COUNTY or has_card(prefecture, county)
    return ALL if len(org) < PREFECTURE else prefecture if is_one else county
