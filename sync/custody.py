"""Custody on paper: how far each level has what was recorded, and what is missing, as 交换核对单 says it.

Only what this home can prove is said: segments that lie here, and what signed receipts say of them. Nothing in it
names a villager.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from itertools import groupby

from app.domain.op import Audience
from app.domain.paper import Imprint
from app.domain.paper_exchange import ComputerLine, ExchangeCheck, PackageLine
from app.domain.place import Level
from app.ports import DOUBTED, UNKNOWN, Package, Parcel, Postbox
from sync.directory import Directory, level_of
from sync.exchange import FOLDER, STICK
from sync.inbox import WIRE
from sync.statement import is_moment

TITLE = "交换核对单"
HEADS = {Level.COUNTY: "县", Level.PREFECTURE: "州", Level.PROVINCE: "省"}
CARRIERS = {STICK: "U 盘", WIRE: "网络", FOLDER: "文件夹"}
ON_ITS_WAY, NOT_FOR_THEM, ALL = "在路上", "—", "齐"
PACKAGES = 12
SLACK = timedelta(minutes=10)
"""Clocks that differ by less are called the same (trust.md F15)."""
Gone = Sequence[tuple[Package, int]]


def after_a_gap(parcels: Sequence[Parcel]) -> list[Parcel]:
    """Return the segments that follow upon an act of sealing of which nothing has come."""
    acts = {act for one in parcels for act in one.acts}
    return [one for one in parcels if one.after is not None and one.after not in acts]


def digits_of(parcels: Sequence[Parcel]) -> str:
    """Return eight digits that whoever has the same segments gets too, in two groups; '' for none."""
    if not parcels:
        return ""
    ids = "\n".join(sorted(one.id for one in parcels))
    digits = f"{int.from_bytes(sha256(ids.encode('ascii')).digest()) % 10**8:08}"
    return f"{digits[:4]} {digits[4:]}"


@dataclass(frozen=True)
class Custody:
    """What this home knows of who holds what, at one moment. `gaps` are sentences that name what never came."""

    postbox: Postbox
    directory: Directory
    name_of: Callable[[str], str]
    now: datetime
    gaps: Sequence[str] = ()

    @cached_property
    def parcels(self) -> Mapping[str, Parcel]:
        """Return the segments that lie here, by their ids."""
        return {one.id: one for one in self.postbox.parcels()}

    @cached_property
    def levels(self) -> Sequence[str]:
        """Return the offices above us that are known, from the nearest."""
        own = self.directory.own()
        return [org for org in (own[:6], own[:4], own[:2]) if len(org) < len(own) and self.directory.org(org)]

    def arrived(self, package: Package) -> dict[str, datetime | None]:
        """Return for each level above us that is to read something of a package when it has said that it holds all of
        that; None while it has not."""
        those = [self.parcels[one] for one in package.segments if one in self.parcels]
        found: dict[str, datetime | None] = {}
        for org in self.levels:
            meant = [one for one in those if _is_for(org, one)]
            at = [self._held[one.id, org] for one in meant if (one.id, org) in self._held]
            if meant:
                found[org] = max(at) if len(at) == len(meant) else None
        return found

    def check(self, gone: Gone) -> ExchangeCheck:
        """Return the sheet; `gone` are the packages to tell of, each with how many things it brought."""
        missing = [*self._not_sent(), *self._on_their_way(), *self._others()]
        return ExchangeCheck(
            TITLE,
            self._facts(),
            self._verdict(missing),
            tuple(f"{line}。" for line in missing),
            tuple(HEADS[level_of(org)] for org in self.levels),
            tuple(self._computer(stream, there) for stream, there in self._streams),
            tuple(self._package(one, items) for one, items in gone[:PACKAGES]),
            tuple(self._notes(gone)),
            Imprint(f"{_device(self)[:4]}-{self.now:%Y%m%d%H%M}"),
        )

    def _facts(self) -> tuple[tuple[str, str], ...]:
        own, card = self.directory.own(), self.directory.device(self.directory.device_id)
        at = self.now
        when = f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
        return (
            ("单位", self.name_of(own)),
            ("核对时间", when),
            ("电脑", card.name if card else ""),
            ("设备码", _device(self)),
        )

    @cached_property
    def _held(self) -> dict[tuple[str, str], datetime]:
        """Return when each organisation has said of a segment that it holds it; what says no moment says nothing."""
        said = (one for one in self.postbox.held() if is_moment(one.at))
        return {(one.segment, one.org.partition("/")[0]): datetime.fromisoformat(one.at) for one in said}

    @cached_property
    def _streams(self) -> list[tuple[str, list[Parcel]]]:
        """Return the streams of the region, ours first, each with what lies here of it."""
        own, here = self.directory.own(), self.directory.device_id
        ours = [one for one in self.parcels.values() if one.region.startswith(own)]
        ours.sort(key=lambda one: (not one.stream.startswith(here), one.stream, one.first))
        return [(stream, list(those)) for stream, those in groupby(ours, key=lambda one: one.stream)]

    def _computer(self, stream: str, there: list[Parcel]) -> ComputerLine:
        card = self.directory.device(stream.partition("/")[0])
        name = card.name if card else "没登记的电脑"
        entries = f"1—{max(one.last for one in there)}条"
        return ComputerLine(name, entries, tuple(self._reached(org, there) for org in self.levels), digits_of(there))

    def _reached(self, org: str, there: list[Parcel]) -> str:
        meant = [one for one in there if _is_for(org, one)]
        if not meant:
            return NOT_FOR_THEM
        lacking = [one.first for one in meant if (one.id, org) not in self._held]
        if not lacking:
            return ALL
        reached = max((one.last for one in meant if one.last < min(lacking)), default=0)
        return f"到第{reached}条" if reached else ON_ITS_WAY

    def _package(self, gone: Package, items: int) -> PackageLine:
        at = self.arrived(gone)
        days = (at.get(org) for org in self.levels)
        told = (NOT_FOR_THEM if org not in at else _day(day) for org, day in zip(self.levels, days, strict=True))
        carrier = CARRIERS.get(gone.carrier, gone.carrier)
        return PackageLine(f"第{gone.number}包", _day(gone.at), carrier, f"{items}项", tuple(told))

    def _not_sent(self) -> list[str]:
        waiting = len(self.postbox.unsealed(10**6))
        return [f"本机还有{waiting}条没有送出去"] if waiting else []

    def _on_their_way(self) -> list[str]:
        if not self.levels:
            return []
        org = self.levels[0]
        lacking = [one for one in self._all() if (one.id, org) not in self._held and _is_for(org, one)]
        return [f"{_entries(lacking)}条还没有{self.name_of(org)}的回执，下次带去再要"] if lacking else []

    def _all(self) -> list[Parcel]:
        return [one for _, there in self._streams for one in there]

    def _others(self) -> list[str]:
        doubted = sum(one.state in (UNKNOWN, DOUBTED) for one in self.parcels.values())
        strange = [f"有{doubted}件来自没登记或已停用的电脑，原样存着，没有收进"] if doubted else []
        return [*(one.removesuffix("。") for one in self.gaps), *strange]

    def _verdict(self, missing: list[str]) -> str:
        if not self.levels:
            return "这台电脑没有上级，这里只列本机收到的。" if not missing else "这台电脑没有上级；本机收到的里面还缺："
        whole = _entries(self._all())
        nearest = self.levels[0]
        above = self.name_of(nearest)
        if not missing:
            return f"本机的{whole}条，{above}全部收到，一条没丢。" if whole else "还没有记过要送的。"
        got = _entries([one for one in self._all() if (one.id, nearest) in self._held])
        rest = "还缺的如下：" if self.gaps else "没到的一条也没有丢，都在本机："
        return f"本机已封好的{whole}条，{above}已收到{got}条。{rest}"

    def _notes(self, gone: Gone) -> list[str]:
        notes = ["“齐”：这一级的回执说，给它看的全都收到了。“—”：按规定不给这一级看。"]
        notes.append("核对码相同，就是同样的内容一件不差。请和上级打出的同一台电脑的核对码比一比。")
        return notes + _clocks(gone, self._held, self.now, self.name_of)


def _device(custody: Custody) -> str:
    return custody.directory.device_id[:8].upper()


def _is_for(org: str, parcel: Parcel) -> bool:
    """Return whether a level is to read it: above the county only what is open."""
    return len(org) == 6 or parcel.audience == Audience.OPEN


def _entries(parcels: Sequence[Parcel]) -> int:
    """Return how many entries these segments hold; one that stands in several audiences counts once."""
    numbers: dict[str, list[tuple[int, int]]] = {}
    for one in parcels:
        numbers.setdefault(one.stream, []).append((one.first, one.last))
    return sum(_covered(spans) for spans in numbers.values())


def _covered(spans: list[tuple[int, int]]) -> int:
    count, reached = 0, 0
    for first, last in sorted(spans):
        count += max(0, last - max(first - 1, reached))
        reached = max(reached, last)
    return count


def _day(at: datetime | None) -> str:
    return f"{at.month}月{at.day}日" if at else ON_ITS_WAY


def _clocks(
    gone: Gone, held: dict[tuple[str, str], datetime], now: datetime, name_of: Callable[[str], str]
) -> list[str]:
    """Return what receipts prove of the clocks: who says to have received before it was sent is slow, later than now
    is fast. Clocks order nothing; what they say is only shown."""
    sent = {segment: package.at for package, _ in gone for segment in package.segments}
    apart: dict[str, timedelta] = {}
    for (segment, org), at in held.items():
        late = at - now if at > now else min(timedelta(0), at - sent.get(segment, at))
        if abs(late) > max(SLACK, abs(apart.get(org, timedelta(0)))):
            apart[org] = late
    return [
        f"{name_of(org)}的钟比本机{'快' if late > timedelta(0) else '慢'}至少{_span(abs(late))}；先后不看钟，内容不变。"
        for org, late in sorted(apart.items())
    ]


def _span(time: timedelta) -> str:
    if time >= timedelta(days=1):
        return f"{time.days}天"
    return f"{time.seconds // 3600}小时" if time >= timedelta(hours=1) else f"{time.seconds // 60}分钟"
