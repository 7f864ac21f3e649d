"""区划: provinces, prefectures, counties, townships and villages, by their official codes.

The code says where a place belongs: 53 is a province, 5305 a prefecture, 530502 a county, 530502205 a township and
530502205205 a village.
Hamlets are in no official table and are records of the ledger (`hamlet.py`).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.domain.errors import Missing
from app.domain.pinyin import Hit, Index, matches

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|"
    "土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|"
    "鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_AUTONOMOUS = re.compile(rf"(?<=..)(?:(?:{_PEOPLES})族)+(?:自治)?(?=[州县乡镇]$)")
_COMMUNITY = re.compile(r"(?:社区)?(?:居民委员会?|居委会)$")
_VILLAGE = re.compile(r"(?:村民委员会|村委会)$")
_REMARK = re.compile(r"（.*）$")
_NO_TOWNSHIP = frozenset("45")
NOWHERE = "99"
"""The code of 示例省, which no province has."""
_MOST_HEADS = 12
_LONGEST_HEAD = 10


class Level(StrEnum):
    """How high a place stands."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


_LEVELS = {2: Level.PROVINCE, 4: Level.PREFECTURE, 6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
_PARENT_SIZE = {4: 2, 6: 4, 9: 6, 12: 9}


@dataclass(frozen=True, slots=True)
class Place:
    """One division as the State's table names it; a case keeps the name of its day even when the place ends.

    `valid_from` and `valid_to` are both included; None means since ever, until further notice. `successor` is the code
    of the place that took it over.
    """

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""

    @property
    def level(self) -> Level:
        """Return how high the place stands, which its code tells."""
        return _LEVELS[len(self.code)]

    @property
    def parent(self) -> str:
        """Return the code of the place it belongs to; empty for a province."""
        return self.code[: _PARENT_SIZE.get(len(self.code), 0)]

    @property
    def display_name(self) -> str:
        """Return the short name for screens: 土官村, 桃源社区, 维摩乡, 文山州."""
        return short_name(self.name, self.level)

    @property
    def printed_name(self) -> str:
        """Return the full name for papers, spelled one way: 土官村民委员会, 桃源社区居民委员会, 维摩彝族乡."""
        return full_name(self.name, self.level)

    @property
    def is_hidden(self) -> bool:
        """Return whether it is a zone, farm or prison that stands in the table among townships, or lies in one."""
        return self.code[6:7] in _NO_TOWNSHIP or "虚拟" in self.name

    def is_valid_on(self, day: date) -> bool:
        """Return whether the place existed under this name on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that was looked for: its label, and which characters of its short name to light."""

    place: Place
    label: str
    positions: tuple[int, ...]


def short_name(name: str, level: Level) -> str:
    """Return a place name as people say it, for screens."""
    if level is not Level.VILLAGE:
        return _AUTONOMOUS.sub("", name).removesuffix("办事处")
    bare = _REMARK.sub("", name)
    if _VILLAGE.search(bare):
        base = _VILLAGE.sub("", bare)
        return base if base.endswith(("村", "社区")) else f"{base}村"
    return _COMMUNITY.sub("社区", bare)


def full_name(name: str, level: Level) -> str:
    """Return a place name as it stands on papers, whichever of its spellings the table has."""
    if level is not Level.VILLAGE:
        return name
    bare = _REMARK.sub("", name)
    if _VILLAGE.search(bare):
        return _VILLAGE.sub("村民委员会", bare)
    return _COMMUNITY.sub("社区居民委员会", bare)


class Places:
    """All bundled divisions; finds them by code, by what belongs where, and by what is typed."""

    def __init__(self, *texts: str) -> None:
        """Read lines of `code, name[, valid from, valid to, successor]` with tabs between; a later line replaces.

        Raises:
            ValueError: A line is not of this form.
        """
        self._places: dict[str, Place] = {}
        for text in texts:
            self._places.update((place.code, place) for place in _read(text))

    def __len__(self) -> int:
        """Return how many places there are, hidden ones among them."""
        return len(self._places)

    def __iter__(self) -> Iterator[Place]:
        """Yield every place in the order of the table."""
        return iter(self._places.values())

    def get(self, code: str) -> Place | None:
        """Return the place with this code, or None."""
        return self._places.get(code)

    def place(self, code: str) -> Place:
        """Return the place with this code.

        Raises:
            Missing: There is none.
        """
        found = self._places.get(code)
        if found is None:
            raise Missing("place", code)
        return found

    def children(self, code: str = "", *, with_hidden: bool = False, day: date | None = None) -> list[Place]:
        """Return what belongs to a place, in order of code; the provinces for an empty code.

        Zones, farms and prisons only on demand; with a day, only what existed then.
        """
        below = self._below.get(code, ())
        return [
            place for place in below if (with_hidden or not place.is_hidden) and (day is None or place.is_valid_on(day))
        ]

    def path(self, code: str) -> tuple[Place, ...]:
        """Return the place and all above it, the province first.

        Raises:
            Missing: There is none with this code.
        """
        place = self.place(code)
        above = [self._places[code[:size]] for size in (2, 4, 6, 9) if size < len(code) and code[:size] in self._places]
        return (*above, place)

    def current(self, code: str) -> Place:
        """Return the place that stands for a code today: itself, or the last of its successors.

        Raises:
            Missing: The code, or one it leads to, is in no table.
        """
        place, seen = self.place(code), {code}
        while place.successor and place.successor not in seen:
            seen.add(place.successor)
            place = self.place(place.successor)
        return place

    def label(self, code: str) -> str:
        """Return a name that cannot be mistaken: 新村 · 维摩乡 · 砚山县; the township always, and its county."""
        names = [place.display_name for place in reversed(self.path(code))]
        return " · ".join(names[: {12: 3, 9: 2, 6: 2}.get(len(code), 1)])

    def full_address(self, code: str) -> str:
        """Return where a place is, for papers: 隆阳区瓦渡乡土官村; from the county down."""
        parts = [place for place in self.path(code) if len(place.code) >= 6] or [self.place(code)]
        return "".join(place.display_name if len(place.code) == 12 else place.printed_name for place in parts)

    def search(self, query: str, limit: int = 20, *, within: str = "", with_hidden: bool = False) -> list[FoundPlace]:
        """Return places by initials, pinyin or characters; exact names first, then beginnings, then contained.

        Words before the last narrow it down (`瓦渡 土官`, also written together). What sounds the same comes at the
        end, so that 桃园社区 finds 桃源社区. `within` is the code of a place to stay inside.
        """
        words = query.split()
        if not words:
            return []

        def stays(code: str) -> bool:
            return code.startswith(within) and (with_hidden or not self._places[code].is_hidden)

        found = self._found(words, limit, stays)
        if not found and len(words) == 1:
            found = self._found_by_parts(words[0], limit, stays)
        return [FoundPlace(self._places[hit.id], self.label(hit.id), hit.positions) for hit in found]

    def warm(self) -> None:
        """Build the index now (a fifth of a second for Yunnan) rather than at the first key."""
        assert len(self._upper) + len(self._villages) == len(self)

    @cached_property
    def _below(self) -> dict[str, list[Place]]:
        below: defaultdict[str, list[Place]] = defaultdict(list)
        for code in sorted(self._places):
            below[self._places[code].parent].append(self._places[code])
        return dict(below)

    @cached_property
    def _upper(self) -> Index[str]:
        """Provinces to townships, the larger first, by short and by official name."""
        upper = sorted(
            (place for place in self._places.values() if len(place.code) < 12), key=lambda one: len(one.code)
        )
        return Index((place.code, place.display_name, _other_name(place)) for place in upper)

    @cached_property
    def _villages(self) -> Index[str]:
        villages = (place for place in self._places.values() if len(place.code) == 12)
        return Index((place.code, place.display_name, ()) for place in villages)

    def _found(self, words: list[str], limit: int, stays: Callable[[str], bool]) -> list[Hit[str]]:
        *above, last = words

        def fits(code: str) -> bool:
            return stays(code) and self._lies_in(code, above)

        hits = [hit for index in (self._upper, self._villages) for hit in index.search(last, limit, fits)]
        hits.sort(key=lambda hit: hit.closeness)
        if len(hits) < limit:
            seen = {hit.id for hit in hits}
            alike = (hit for index in (self._upper, self._villages) for hit in index.sounding(last, limit, fits))
            hits += [hit for hit in alike if hit.id not in seen]
        return hits[:limit]

    def _found_by_parts(self, word: str, limit: int, stays: Callable[[str], bool]) -> list[Hit[str]]:
        """Return what an address in one word means: the longest opening that is a place, then what lies in it."""
        for cut in range(min(len(word) - 1, _LONGEST_HEAD), 1, -1):
            heads = tuple(hit.id for hit in self._upper.search(word[:cut], _MOST_HEADS, stays))
            if heads:
                found = self._found_in(heads, word[cut:], limit, stays)
                if found:
                    return found
        return []

    def _found_in(self, heads: tuple[str, ...], rest: str, limit: int, stays: Callable[[str], bool]) -> list[Hit[str]]:
        def below(code: str) -> bool:
            return code.startswith(heads) and code not in heads and stays(code)

        return self._found([rest], limit, below) or self._found_by_parts(rest, limit, below)

    def _lies_in(self, code: str, words: list[str]) -> bool:
        above = [place.display_name for place in self.path(code)[:-1]] if words else []
        return all(any(matches(word, name) for name in above) for word in words)


def _other_name(place: Place) -> tuple[str, ...]:
    return () if place.name == place.display_name else (place.name,)


def _read(text: str) -> Iterator[Place]:
    for line in text.splitlines():
        code, *rest = line.split("\t")
        if len(code) not in _LEVELS or not rest or not rest[0]:
            raise ValueError(f"not a place: {line!r}")
        yield Place(code, rest[0]) if len(rest) == 1 else _dated(code, rest)


def _dated(code: str, rest: list[str]) -> Place:
    name, since, until, successor = (*rest, "", "", "")[:4]
    return Place(code, name, _day(since), _day(until), successor)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
