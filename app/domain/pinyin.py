"""Pinyin: finding names and titles by initials, syllables, characters or plain letters.

Every reading of every character counts (单 is d, c and s), because a phrase dictionary knows one reading only and
villagers know another. A name is cut into units: one character, or one word of Latin letters and digits. A query
matches when it can be cut into pieces that stand for neighbouring units: an initial (`z`, `zh`), a whole syllable
(`zheng`), the character itself, and for the last piece any beginning of a syllable (`zhe`).
"""

import importlib.machinery
import importlib.util
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from itertools import islice, product
from operator import itemgetter
from typing import Generic, TypeVar, cast

T = TypeVar("T", bound=Hashable)

# Readings that pypinyin 0.55 does not have: characters of place names, and surnames in their old reading.
_OWN_READINGS = {
    "𣒍": "lǎng",
    "𡌶": "bà",
    "㛃": "jié",
    "䶮": "yǎn",
    "𬱖": "dí",
    "竜": "lóng",
    "㱔": "suǒ",
    "六": "lù",
    "黑": "hè",
    "谌": "shèn",
    "逄": "páng",
    "晟": "chéng",
}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HAN = re.compile("[\u4e00-\u9fff]+")
_TWO_LETTER_INITIALS = ("zh", "ch", "sh")
_MOST_SPELLINGS = 32


class Closeness(IntEnum):
    """How a query lies on a name, the closest first."""

    EXACT = 0
    PREFIX = 1
    CONTAINED = 2
    SOUND = 3


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """One found record: its id, which characters of its name matched, and how closely.

    `positions` is empty when something beside the name matched, such as the end of a phone number.
    """

    id: T
    positions: tuple[int, ...]
    closeness: Closeness


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of a name: what it is compared as, and where it stands in the written name."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text with full-width letters and capitals made plain, sign for sign."""
    return "".join(_plain(sign) for sign in text.translate(_FULL_WIDTH))


def fold_query(query: str) -> str:
    """Return what was typed without spaces and the apostrophes that input methods put in (`zm'g`)."""
    return "".join(sign for sign in fold(query) if _is_said(sign))


def readings(sign: str) -> tuple[str, ...]:
    """Return all syllables of one character without tones, the commonest first; ü is given as v, u and yu.

    Empty for anything that has no reading.
    """
    return _readings(sign)


def units(text: str) -> tuple[Unit, ...]:
    """Return the pieces of a name in order: each character by itself, Latin words and numbers whole."""
    if _HAN.fullmatch(text):
        return tuple([Unit(sign, at, at + 1) for at, sign in enumerate(text)])
    found: list[Unit] = []
    plain = fold(text)
    at = 0
    while at < len(plain):
        end = _unit_end(plain, at)
        if _is_said(plain[at]):
            found.append(Unit(plain[at:end], at, end))
        at = end
    return tuple(found)


def keys(name: str) -> tuple[str, ...]:
    """Return the spellings of a name, initials first, then full pinyin, every mixture of readings; at most 32 of each.

    `单某甲` gives dmj, cmj, smj, danmoujia, chanmoujia, shanmoujia.
    """
    spoken = [_sounds(unit.text) for unit in units(name)]
    initials = product(*(tuple(dict.fromkeys(sound[0] for sound in sounds)) for sounds in spoken))
    full = product(*spoken)
    joined = ["".join(parts) for parts in (*islice(initials, _MOST_SPELLINGS), *islice(full, _MOST_SPELLINGS))]
    return tuple(dict.fromkeys(spelling for spelling in joined if spelling))


def matches(query: str, text: str) -> tuple[int, ...] | None:
    """Return which characters of the text the query finds, earliest first; None when it finds nothing.

    For type-ahead in a short list: `cg` finds 陈规 in 破除陈规陋习. An empty query matches everything and no character.
    """
    wanted = fold_query(query)
    if not wanted:
        return ()
    pieces = _cached_units(text)
    for first in range(len(pieces)):
        count = _run(wanted, 0, pieces, first) if wanted[0] in _begun_keys(pieces[first].text) else 0
        if count:
            return _positions(pieces[first : first + count])
    return None


def last_four(phone: str) -> str:
    """Return the last four digits of a phone number, as people say them; empty when there are fewer."""
    if len(phone) < 4:
        return ""
    digits = phone if phone.isascii() and phone.isdecimal() else "".join(filter(str.isdecimal, fold(phone)))
    return digits[-4:] if len(digits) >= 4 else ""


@dataclass(slots=True)
class _Entry(Generic[T]):
    id: T
    blocks: list[tuple[int, int]]


class Index(Generic[T]):
    """Names by how they sound: 20,000 of them answer within a few milliseconds.

    All units of all names lie in one row, a gap after each name; a match is a start in that row and a number of units.
    The order of ids is the order in which they were first added; a replaced name keeps its place.
    """

    def __init__(self, names: Iterable[tuple[T, str, tuple[str, ...]]] = ()) -> None:
        """Build from (id, name, other words to be found by)."""
        self._row: list[str] = []
        self._owner: list[int] = []
        self._written: list[tuple[int, int]] = []
        self._opens: dict[int, int] = {}
        self._extra: set[int] = set()
        self._entries: list[_Entry[T] | None] = []
        self._number: dict[T, int] = {}
        self._where: dict[str, list[int]] = {}
        self._whole: defaultdict[str, set[str]] = defaultdict(set)
        self._begun: defaultdict[str, set[str]] = defaultdict(set)
        self._longest = 1
        for id_, name, others in names:
            self.add(id_, name, others)

    def __len__(self) -> int:
        """Return how many ids can be found."""
        return len(self._number)

    def __contains__(self, id_: T) -> bool:
        """Return whether this id can be found."""
        return id_ in self._number

    def add(self, id_: T, name: str, others: tuple[str, ...] = ()) -> None:
        """Make a name findable, also by other words (an old name, the last four digits of a phone).

        An id that is already here is replaced.
        """
        if id_ in self._number:
            self._clear(self._number[id_])
        else:
            self._number[id_] = len(self._entries)
            self._entries.append(None)
        number = self._number[id_]
        blocks = [self._lay(number, name)]
        for other in others:
            block = self._lay(number, other)
            self._extra.add(block[0])
            blocks.append(block)
        self._entries[number] = _Entry(id_, blocks)

    replace = add

    def remove(self, id_: T) -> None:
        """Forget an id; nothing happens when it is not here."""
        number = self._number.pop(id_, None)
        if number is not None:
            self._clear(number)

    def search(
        self,
        query: str,
        limit: int | None = 50,
        keep: Callable[[T], bool] | None = None,
        first: Callable[[T], int] | None = None,
    ) -> list[Hit[T]]:
        """Return who is meant by the query, exact names first, then beginnings, then names that contain it.

        Within each the order of ids. Only ids that `keep` agrees to. Those for whom `first` gives a smaller number come
        before all others. Empty for an empty query.
        """
        wanted = fold_query(query)
        if not wanted:
            return []
        steps = self._steps(wanted)
        return self._hits(self._starts(steps, len(wanted)), limit, keep, first)

    def sounding(self, query: str, limit: int | None = 50, keep: Callable[[T], bool] | None = None) -> list[Hit[T]]:
        """Return names that sound like the query though they are written with other characters (桃园 and 桃源).

        Only the commonest reading of a character counts, else too much would sound alike.
        """
        wanted = fold_query(query)
        if not wanted or not any(readings(sign) for sign in wanted):
            return []
        steps = [{at + 1: self._homophones(sign)} for at, sign in enumerate(wanted)]
        found = self._hits(self._starts(steps, len(wanted)), limit, keep)
        return [Hit(hit.id, hit.positions, Closeness.SOUND) for hit in found]

    def _lay(self, number: int, text: str) -> tuple[int, int]:
        start = len(self._row)
        for unit in units(text):
            if unit.text not in self._where:
                self._learn(unit.text)
            self._where[unit.text].append(len(self._row))
            self._row.append(unit.text)
            self._written.append((unit.start, unit.end))
        end = len(self._row)
        self._row.append("")
        self._written.append((0, 0))
        self._owner.extend([number] * (end + 1 - start))
        self._opens[start] = end
        return start, end

    def _learn(self, text: str) -> None:
        self._where[text] = []
        for key in _whole_keys(text):
            self._whole[key].add(text)
            self._longest = max(self._longest, len(key))
        for key in _begun_keys(text):
            self._begun[key].add(text)

    def _clear(self, number: int) -> None:
        entry = self._entries[number]
        self._entries[number] = None
        for start, end in entry.blocks if entry else ():
            for at in range(start, end):
                places = self._where[self._row[at]]
                del places[bisect_left(places, at)]
                self._row[at] = ""
            self._opens.pop(start, None)
            self._extra.discard(start)

    def _steps(self, wanted: str) -> list[dict[int, set[str]]]:
        """Return for each place in the query: where a piece may end, and which units it then stands for."""
        steps: list[dict[int, set[str]]] = []
        for at in range(len(wanted)):
            ends = {at + size: self._whole.get(wanted[at : at + size]) for size in range(1, self._longest + 1)}
            step = {end: found for end, found in ends.items() if found and end < len(wanted)}
            last = self._begun.get(wanted[at:])
            steps.append(step | {len(wanted): last} if last else step)
        return steps

    def _homophones(self, sign: str) -> set[str]:
        sound = _sounds(sign)[0]
        return {unit for unit in self._whole.get(sound, ()) if unit == sign or _sounds(unit)[0] == sound}

    def _starts(self, steps: list[dict[int, set[str]]], length: int) -> dict[int, int]:
        """Return every start in the row from which the whole query can be walked, with the number of units walked."""
        row = self._row
        walking: list[dict[int, list[int]]] = [{} for _ in range(length + 1)]
        for end, allowed in steps[0].items():
            walking[end][1] = [start for unit in allowed for start in self._where[unit]]
        for at in range(1, length):
            for count, starts in walking[at].items():
                for end, allowed in steps[at].items():
                    onward = [start for start in starts if row[start + count] in allowed]
                    if onward:
                        walking[end].setdefault(count + 1, []).extend(onward)
        return {start: count for count in sorted(walking[length]) for start in walking[length][count]}

    def _hits(
        self,
        starts: Mapping[int, int],
        limit: int | None,
        keep: Callable[[T], bool] | None,
        first: Callable[[T], int] | None = None,
    ) -> list[Hit[T]]:
        opens = self._opens
        opening = opens.keys() & starts.keys()
        exact = {start for start in opening if opens[start] == start + starts[start]}
        found: dict[int, tuple[int, Closeness]] = {}
        self._rank(exact, Closeness.EXACT, found, keep)
        self._rank(opening - exact, Closeness.PREFIX, found, keep)
        if limit is None or first is not None or len(found) < limit:
            self._rank(starts.keys() - opening, Closeness.CONTAINED, found, keep)
        ranked = self._ranked(found, first) if first else found.items()
        best = islice(ranked, limit)
        return [self._hit(closeness, number, start, starts[start]) for number, (start, closeness) in best]

    def _ranked(
        self, found: dict[int, tuple[int, Closeness]], first: Callable[[T], int]
    ) -> list[tuple[int, tuple[int, Closeness]]]:
        entries = self._entries
        ranks = [first(entry.id) for number in found if (entry := entries[number]) is not None]
        pairs = zip(ranks, found.items(), strict=True)
        return [pair for _, pair in sorted(pairs, key=itemgetter(0))]

    def _rank(
        self,
        starts: Iterable[int],
        closeness: Closeness,
        found: dict[int, tuple[int, Closeness]],
        keep: Callable[[T], bool] | None,
    ) -> None:
        owner, entries = self._owner, self._entries
        for number, start in sorted([(owner[start], start) for start in starts]):
            if number in found:
                continue
            entry = entries[number]
            if keep is None or (entry is not None and keep(entry.id)):
                found[number] = (start, closeness)

    def _hit(self, closeness: Closeness, number: int, start: int, count: int) -> Hit[T]:
        entry = self._entries[number]
        assert entry is not None, "the row holds no unit of a removed name"
        first, end = entry.blocks[0]
        spans = self._written[start : start + count] if first <= start < end else []
        return Hit(entry.id, tuple(at for begin, stop in spans for at in range(begin, stop)), closeness)


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign.lower()
    if sign.isalpha() and ord(sign) < 0x2E80:
        base = unicodedata.normalize("NFD", sign)[0].lower()
        return base if base.isascii() else sign
    return sign


def _is_said(sign: str) -> bool:
    """Return whether a sign is a letter, not a dot or space; Python's tables lack the newest rare characters."""
    return sign.isalnum() or "\ue000" <= sign <= "\uf8ff" or sign >= "\U00020000"


def _unit_end(plain: str, at: int) -> int:
    end = at + 1
    if plain[at].isascii() and plain[at].isalnum():
        while end < len(plain) and plain[end].isascii() and plain[end].isalnum():
            end += 1
    return end


@lru_cache(maxsize=20_000)
def _cached_units(text: str) -> tuple[Unit, ...]:
    return units(text)


@cache
def _table() -> Mapping[int, str]:
    """Return the character table of pypinyin without its phrase dictionary, which takes five times as long to load."""
    package = importlib.util.find_spec("pypinyin")
    places = package.submodule_search_locations if package else None
    spec = importlib.machinery.PathFinder.find_spec("pinyin_dict", places)
    if spec is None or spec.loader is None:
        from pypinyin.constants import PINYIN_DICT

        return cast(Mapping[int, str], PINYIN_DICT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Mapping[int, str], module.pinyin_dict)


@cache
def _readings(sign: str) -> tuple[str, ...]:
    toned = [reading for reading in (_table().get(ord(sign), ""), _OWN_READINGS.get(sign, "")) if reading]
    return tuple(dict.fromkeys(bare for reading in ",".join(toned).split(",") for bare in _toneless(reading) if bare))


def _toneless(reading: str) -> tuple[str, ...]:
    parts = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    bare = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return tuple(bare.replace("v", letter) for letter in ("v", "u", "yu")) if "v" in bare else (bare,)


def _sounds(unit: str) -> tuple[str, ...]:
    return (readings(unit) if len(unit) == 1 else ()) or (unit,)


@cache
def _whole_keys(unit: str) -> frozenset[str]:
    """Return what may stand for a unit in the middle of a query: itself, its syllables, its initials."""
    sounds = _sounds(unit)
    initials = {sound[0] for sound in sounds} | {
        sound[:2] for sound in sounds if sound.startswith(_TWO_LETTER_INITIALS)
    }
    return frozenset({unit, *sounds} | initials)


@cache
def _begun_keys(unit: str) -> frozenset[str]:
    """Return what may stand for a unit at the end of a query: any beginning of a syllable as well."""
    return frozenset({unit} | {sound[:size] for sound in _sounds(unit) for size in range(1, len(sound) + 1)})


def _run(wanted: str, at: int, pieces: tuple[Unit, ...], index: int) -> int:
    """Return how many units from `index` on the rest of the query walks over; 0 when it does not fit."""
    if index == len(pieces):
        return 0
    if wanted[at:] in _begun_keys(pieces[index].text):
        return 1
    for key in _whole_keys(pieces[index].text):
        if wanted.startswith(key, at) and len(key) < len(wanted) - at:
            more = _run(wanted, at + len(key), pieces, index + 1)
            if more:
                return more + 1
    return 0


def _positions(pieces: Iterable[Unit]) -> tuple[int, ...]:
    return tuple(at for piece in pieces for at in range(piece.start, piece.end))
