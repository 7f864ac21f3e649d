"""The numbers of packages: 第 19 包 is one package, whatever was killed or pulled out while it was being written.

A number is taken down before anything of its pack is written. What ends in between leaves the number taken; the next
time the same stick is there, the pack lies on it whole, and was package 19, or it does not, and the number is free.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.errors import NotCarried, NotTaken
from app.ports import SENT, Package, Postbox
from sync.carriers import Disk, Found, Place, RealDisk, fetch, take_from
from sync.pack import PackHead, read_pack

BEGUN = "exchange/begun/"
"""Which statements and receipts went out last to somebody."""
MOST = 40
"""How many packs on sticks that never came back are remembered."""


class Begun(msgspec.Struct, frozen=True):
    """A package that may or may not have come to be. `medium` tells the stick from others, `name` is that of the file,
    `ids` name the segments in it, `sent` its statements and receipts."""

    number: int
    to: str
    carrier: str
    items: int
    segments: tuple[str, ...]
    sent: tuple[str, ...] = ()
    medium: str = ""
    name: str = ""
    ids: tuple[str, ...] = ()


class Numbers:
    """Gives out the numbers of one home."""

    def __init__(self, postbox: Postbox) -> None:
        self._postbox = postbox

    def next(self) -> int:
        """Return the number that the next package will have."""
        last = self._postbox.packages(1)
        return max([0, *(one.number for one in last), *(one.number for one in self.begun())]) + 1

    def begun(self) -> list[Begun]:
        """Return the packages of which nobody knows whether they came to be, by rising number."""
        noted = self._postbox.noted(BEGUN)
        return [msgspec.json.decode(noted[name], type=Begun) for name in sorted(noted)]

    def begin(self, package: Begun) -> None:
        """Take down a number before anything of its package is written."""
        old = {_name(one.number): None for one in self.begun()[:-MOST]}
        self._postbox.note(old | {_name(package.number): msgspec.json.encode(package).decode()})

    def end(self, package: Begun, at: datetime, size: int) -> None:
        """Keep that a package has come to be."""
        told = (at, package.carrier, package.to, package.items, size, package.segments)
        with self._postbox.together():
            self._postbox.keep_package(Package(package.number, *told))
            self._postbox.note({SENT + package.to: "\n".join(package.sent), _name(package.number): None})

    def free(self, number: int) -> None:
        """Give a number back, of which nothing can be anywhere."""
        self._postbox.note({_name(number): None})

    def settle(self, place: Place, inbox: Path, now: Callable[[], datetime], device: str, disk: Disk | None) -> None:
        """Find out what became of the packages begun on this stick.

        Raises:
            NotCarried: The stick does not say.
        """
        known = {one.number for one in self._postbox.packages(MOST)}
        for package in self.begun():
            if package.number in known:
                self.free(package.number)  # ended just after it was kept
            elif package.medium == place.device_id:
                found = _whole(package, place, inbox, device, disk or RealDisk())
                if found is None:
                    self.free(package.number)
                else:
                    self.end(package, now(), found.size)


def _name(number: int) -> str:
    return f"{BEGUN}{number:09}"


def _whole(package: Begun, place: Place, inbox: Path, device: str, disk: Disk) -> Found | None:
    """Return the file of a package if it lies on the stick, whole, after making it durable there."""
    for found, head in packs_on(place, package.to, package.name, inbox, disk):
        ids = tuple(segment_id for segment_id, *_ in head.segs)
        if (head.device, head.number, ids) == (device, package.number, package.ids):
            disk.fsync_folder(found.path.parent)
            return found
    return None


def packs_on(place: Place, to: str, name: str, inbox: Path, disk: Disk) -> Iterator[tuple[Found, PackHead]]:
    """Yield the packs on a stick that were written under a name for somebody, and are whole; `inbox` is for copies.

    Raises:
        NotCarried: The stick does not say.
    """
    stem = name.rpartition(".")[0]
    for found in take_from(place, to, disk):
        if found.name.upper().startswith(stem) and found.to_org.upper() == to.upper():
            disk.forget(found.path)
            head = _head(fetch(found, inbox, disk))
            if head is not None:
                yield found, head


def _head(copy: Path) -> PackHead | None:
    try:
        with suppress(NotTaken), copy.open("rb") as file:
            return read_pack(file).head
    except OSError as error:
        raise NotCarried("读不了", NotCarried.KEPT) from error
    finally:
        copy.unlink(missing_ok=True)
    return None
