"""What may go from a stick: packs of ours of which everything has arrived where it belongs, and what writings that were
cut off left behind. Whatever is not known to have arrived stays, and so does everything of anybody else's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.domain.op import Audience
from app.ports import Freight, Package, Parcel, Postbox
from sync.carriers import Disk, Place, RealDisk, leftovers, pack_name, remove_receipted, take_from
from sync.directory import Directory
from sync.erasure import Erasures
from sync.numbers import packs_on
from sync.piece import count_of
from sync.porter import Piece, Porter
from sync.receipts import RECEIPT, holding

LOOKED_BACK = 200
"""How many packages are looked for on a stick."""
PROVINCE = 2
"""How many digits the code of a province has."""


@dataclass(frozen=True)
class Tidying:
    """What one home may take away from a stick, at this moment. In `inbox` a pack is looked through before it goes."""

    postbox: Postbox
    directory: Directory
    porter: Porter | None
    inbox: Path
    disk: Disk | None

    def tidy(self, place: Place) -> int:
        """Take away what need not lie there any more, and return how many packs that were.

        Of the packs for somebody the newest stays in any case: it says best what we hold and who is who.

        Raises:
            NotCarried: The stick is not there, or keeps them.
        """
        torn = [name for name in leftovers(place, self.disk) if self._is_ours(name)]
        lying = self.lying(place)
        done = [
            f"{one.to_org}/{self._name(one)}"
            for number, one in enumerate(lying)
            if self._may_go(one, [later for later in lying[number + 1 :] if later.to_org == one.to_org], place)
        ]
        if done or torn:
            remove_receipted(place, [*done, *torn], self.disk)
        return len(done)

    def lying(self, place: Place) -> list[Package]:
        """Return the packages of ours that lie on a stick, as far as names and sizes tell, by rising number.

        Raises:
            NotCarried: The stick is not there.
        """
        own = self.directory.own()
        found = {(one.to_org.upper(), one.name.upper(), one.size) for one in take_from(place, own, self.disk)}
        known = sorted(self.postbox.packages(LOOKED_BACK), key=lambda one: one.number)
        return [one for one in known if (one.to_org, self._name(one), one.size) in found]

    def _name(self, package: Package) -> str:
        return pack_name(self.directory.own(), self.directory.device_id, package.number)

    def _is_ours(self, name: str) -> bool:
        """Return whether a name is one of those that this computer gives."""
        first = pack_name(self.directory.own(), self.directory.device_id, 0).rpartition("-")[0]
        return name.upper().rpartition("/")[2].startswith(f"{first}-")

    def _may_go(self, package: Package, later: Sequence[Package], place: Place) -> bool:
        """Return whether whoever a package was for holds all that it brought, and the province what goes there.

        What has had to be erased since must not lie about: a package that still has it goes as soon as the rest of it
        has arrived, or lies here anew in a later one.
        """
        if not later:
            return False
        left = {*package.segments} - self._arrived(package.to_org)
        if left and not (self._is_anew(package) and left.issubset(name for one in later for name in one.segments)):
            return False
        there = self._there(package, place)
        gone = self._erasures.gone & there
        return there - gone <= {*package.segments} if gone else not left and there == _words(package)

    def _is_anew(self, package: Package) -> bool:
        return not self._erasures.pairs.keys().isdisjoint(package.segments)

    def _there(self, package: Package, place: Place) -> set[str]:
        """Return the segments in the pack that bears the name of a package; of one of a disk put back since, none."""
        disk, device = self.disk or RealDisk(), self.directory.device_id
        for found, head in packs_on(place, package.to_org, self._name(package), self.inbox, disk):
            if found.size == package.size and (head.device, head.number) == (device, package.number):
                return {segment_id for segment_id, *_ in head.segs}.union(*head.snapshots.values())
        return set()

    @cached_property
    def _erasures(self) -> Erasures:
        return Erasures.of(self.directory)

    @cached_property
    def _parcels(self) -> list[Parcel]:
        return self.postbox.parcels()

    def _arrived(self, to: str) -> frozenset[str]:
        """Return what lies here, segments and pieces of pictures, and whoever it was sent to is known to hold, and the
        province what is for every level."""
        freights = self.porter.freights() if self.porter else []
        pieces = {Piece(one, number).name for one in freights for number in range(count_of(one.size))}
        return frozenset(pieces.union(one.id for one in self._parcels)) - self._lacking(to) - self._unstored

    @cached_property
    def _unstored(self) -> frozenset[str]:
        """Return what is for every level and the province is not known to hold."""
        own, province = self.directory.own(), self.directory.own()[:PROVINCE]
        return frozenset() if own == province else self._lacking(province, lambda one: one.audience == Audience.OPEN)

    def _lacking(self, to: str, concerns: Callable[[Parcel | Freight], bool] = lambda one: True) -> frozenset[str]:
        """Return what somebody is not known to hold."""
        held = holding(to, self.postbox.statements(RECEIPT), self.directory, self._parcels)
        pieces = self.porter.wanted(to, self.directory, concerns) if self.porter else []
        lacking = {one.id for one in self._parcels if one.id not in held and concerns(one)}
        return frozenset(lacking.union(one.name for one in pieces))


def _words(package: Package) -> set[str]:
    """Return the segments of a package, without the pieces of pictures."""
    return {name for name in package.segments if "/" not in name}
