"""Erasing: what one home does to have words erased everywhere, and what it knows of how far that has come.

Everything is sealed first, so that each word to go lies in a segment that everybody has or will have under one id. Then
these are made anew, a statement says which comes for which, and both are taken in here as anybody else takes them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.domain.erasure import is_word
from app.domain.errors import NotForUs, PackFromNewer
from app.domain.op import Audience, Op
from app.domain.place import Level
from app.ports import ENTERED, FORGOT, OWN, TAKEN, Clock, Parcel, Postbox, Seal, StatementFile
from sync.directory import ERASE, DeviceCard, Directory, Said, certifier, chain, file_of, level_of, opening, read_said
from sync.erasure import ANYBODYS, MOST_PAIRS, SWEEP, Erasures, made_anew, without
from sync.receipts import RECEIPT, SHORT, newest
from sync.segment import Segment, open_segment
from sync.statement import sign_statement

Pair = tuple[str, str]
Targets = Mapping[tuple[str, str], frozenset[str]]
"""Which fields of which records are to go: (kind, record id) and names."""


@dataclass(frozen=True, slots=True)
class Replica:
    """A computer where the words are, or were: what it is called, whether it has erased them, whether it was lost."""

    device: str
    name: str
    level: Level
    is_done: bool
    is_here: bool = False
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What would go: how many entries hold words of these records, how many of them we may not erase (they are another
    region's, or sealed for others), and where copies are."""

    entries: int
    beyond: int
    replicas: tuple[Replica, ...]


@dataclass(slots=True)
class _Anew:
    """What is to be made anew of one segment that lies here."""

    parcel: Parcel
    opened: Segment
    fields: dict[int, frozenset[str]]


class Eraser:
    """Erases from one home on."""

    def __init__(self, postbox: Postbox, seal: Seal, clock: Clock) -> None:
        self._postbox = postbox
        self._seal = seal
        self._clock = clock
        self.directory = Directory.of(postbox)
        self.erasures = Erasures.of(self.directory)
        self._secrets = opening(postbox.identities())

    # What there is

    def look(self, targets: Targets) -> Found:
        """Return what erasing would do."""
        words = self._words(targets)
        anew = self._to_make_anew(words)
        reached = {(one.parcel.stream, seq) for one in anew for seq in one.fields}
        unsealed = {place for place in words if not self._lanes(place)}
        return Found(len(words), len(words.keys() - reached - unsealed), self.replicas((), self._is_open(anew)))

    def _words(self, targets: Targets) -> dict[tuple[str, int], tuple[Op, frozenset[str]]]:
        """Return the ops that still tell something which is to go, and which of their fields do."""
        found: dict[tuple[str, int], tuple[Op, frozenset[str]]] = {}
        for (kind, record_id), names in targets.items():
            for op in self._postbox.ops(kind, record_id):
                told = frozenset(name for name in names & op.sets.keys() if is_word(op.sets[name]))
                if told:
                    found[(op.stream, op.seq)] = (op, told)
        return found

    def _lanes(self, place: tuple[str, int]) -> list[Parcel]:
        stream, seq = place
        there = [one for one in self._lying if one.state in ENTERED and one.stream == stream]
        return [one for one in there if one.first <= seq <= one.last]

    def _parcels(self) -> Sequence[Parcel]:
        return [one for one in self._lying if one.state in (OWN, TAKEN)]

    @cached_property
    def _lying(self) -> list[Parcel]:
        """Return what lies here, as it was when it was first asked for: an eraser is for one moment."""
        return self._postbox.parcels()

    def _to_make_anew(self, words: Mapping[tuple[str, int], tuple[Op, frozenset[str]]]) -> list[_Anew]:
        """Return the segments that hold words to go, and which we may make anew."""
        numbers: dict[str, dict[int, frozenset[str]]] = {}
        for (stream, seq), (_, names) in words.items():
            numbers.setdefault(stream, {})[seq] = names
        found = []
        for parcel in self._parcels():
            told = numbers.get(parcel.stream, {})
            wanted = {seq: names for seq, names in told.items() if parcel.first <= seq <= parcel.last}
            if wanted and self.directory.may_erase(self.directory.device_id, parcel.region):
                opened = self._open(parcel)
                fields = _fields(opened, wanted) if opened else {}
                if opened and fields:
                    found.append(_Anew(parcel, opened, fields))
        return found

    def _open(self, parcel: Parcel) -> Segment | None:
        try:
            content = self._postbox.content(parcel.id)
            return open_segment(content, self._secrets, self._seal.holds, reissues=ANYBODYS)
        except (NotForUs, PackFromNewer):
            return None

    # Doing it

    def erase(self, targets: Targets, reason: str, blobs: Sequence[str] = ()) -> list[str]:
        """Erase the words of these records here, and say it for everybody; return the ids of what was said.

        What nobody has vouched for yet lies nowhere else: then nothing has to be said.

        Raises:
            NotSaved: The disk would not take it. Nothing is erased.
        """
        words = self._words(targets)
        said = self._say(self._to_make_anew(words), reason, blobs)
        unsealed = [without(op, names) for place, (op, names) in words.items() if not self._lanes(place)]
        if unsealed:
            self._postbox.erase(unsealed, self._clock.now())
            self._postbox.note({SWEEP: "1"})
        return said

    def tend(self) -> list[str]:
        """Make one of what two have made anew without knowing of each other, for each still holds what the other has
        erased; return the ids of what was said."""
        families: dict[str, list[Parcel]] = {}
        roots = {come: first for first, come, _ in sorted(self.erasures.reissues) if first not in self.erasures.pairs}
        for parcel in self._parcels() if len(self.erasures.said) > 1 else ():
            if parcel.id in roots and parcel.id not in self.erasures.gone:
                families.setdefault(roots[parcel.id], []).append(parcel)
        anew = [made for many in families.values() if len(many) > 1 for made in self._united(many)]
        others = {one.parcel.id: [p.id for p in families[roots[one.parcel.id]]] for one in anew}
        return self._say(anew, "request", (), others)

    def say_again(self) -> list[str]:
        """Have erased everywhere what a home that was put back to before has forgotten again by itself: its word may
        have been lost with what was not carried out yet. Return the ids of what was said."""
        words = {(op.stream, op.seq): (op, op.erased) for op in self._postbox.erased()}
        said = self._say(self._to_make_anew(words), "request", ())
        self._postbox.note({FORGOT: None})
        return said

    def _united(self, parcels: Sequence[Parcel]) -> Iterator[_Anew]:
        opened = [one for one in map(self._open, parcels) if one is not None]
        if len(opened) < len(parcels) or not self.directory.may_erase(self.directory.device_id, parcels[0].region):
            return
        gone = [{op.seq: op.erased for op in one.ops if op.erased} for one in opened]
        if all(one == gone[0] for one in gone):
            return
        every: dict[int, frozenset[str]] = {}
        for one in gone:
            every |= {seq: names | every.get(seq, frozenset()) for seq, names in one.items()}
        yield _Anew(parcels[0], opened[0], every)

    def _say(
        self,
        anew: Sequence[_Anew],
        reason: str,
        blobs: Sequence[str],
        others: Mapping[str, Sequence[str]] | None = None,
    ) -> list[str]:
        """Make segments anew, say so, and put them in the place of the first ones: all of it, or nothing."""
        parcels, files = [], []
        for start in range(0, len(anew), MOST_PAIRS // 2):
            pairs: list[Pair] = []
            for one in anew[start : start + MOST_PAIRS // 2]:
                made, first = self._made(one)
                parcels.append(made)
                gone = {first, one.parcel.id, *(others or {}).get(one.parcel.id, ())}
                pairs += ((left, made.id) for left in sorted(gone))
            files.append(self._statement(one.parcel.region, reason, pairs, blobs))
        if not files:
            return []
        now = self._clock.now()
        with self._postbox.together():
            self._postbox.keep_statements(files, now)
            self._postbox.take_in(sorted(parcels, key=lambda one: (one.stream, one.last, one.audience)), now)
            self._postbox.supersede(pair for file in files for pair in _pairs(file))
            self._postbox.note({SWEEP: "1"})
        return [file.id for file in files]

    def _made(self, one: _Anew) -> tuple[Parcel, str]:
        """Return a segment made anew, and the id of the one that its author sealed."""
        device, sign = self.directory.device_id, self._seal.sign
        to = self.directory.recipients(one.parcel.region, Audience(one.parcel.audience))
        sealed = made_anew(one.parcel.id, one.opened, one.fields, device, sign, to)
        first = sealed.head.replaces
        reissues = {(first, sealed.id, device)}
        opened = open_segment(sealed.content, self._secrets, self._seal.holds, reissues=reissues)
        told: dict[str, Any] = {"id": sealed.id, "content": sealed.content, "size": len(sealed.content), "state": TAKEN}
        return replace(one.parcel, **told, plain_digest=sealed.head.was, ops=opened.ops), first

    def _statement(self, region: str, reason: str, pairs: Sequence[Pair], blobs: Sequence[str]) -> StatementFile:
        told: dict[str, Any] = {"device": self.directory.device_id, "region": region, "reason": reason}
        told |= {"at": self._clock.now().isoformat(), "pairs": pairs, "blobs": sorted(blobs)}
        said = read_said(sign_statement(ERASE, told, self._seal.sign))
        assert said is not None
        return file_of(ERASE, said)

    # How far it has come

    def said_of(self, targets: Iterable[tuple[str, str]]) -> list[Said]:
        """Return what was said of erasing words of these records, the oldest first."""
        places = [(op.stream, op.seq) for key in targets for op in self._postbox.ops(*key) if op.erased]
        ids = {parcel.id for place in places for parcel in self._lanes(place)} & self.erasures.pairs.keys()
        found = [one for one in self.erasures.said if ids & {come for _, come in one.body.pairs}]
        return sorted(found, key=lambda one: (one.body.at, one.id))

    def replicas(self, said: Iterable[Said], is_open: bool = False) -> tuple[Replica, ...]:
        """Return where the words of a region of ours are or were: this computer first, then the township's, the
        county's, and those above only of what was open to them."""
        wanted = list(said)
        regions = {one.body.region for one in wanted} or {self.directory.own()}
        done = set(self.erasures.applied(one.id for one in self._lying))
        receipts = newest(self._postbox.statements(RECEIPT))
        found = []
        for card in self._holders(regions, is_open):
            erased = receipts[card.device][1].erased if card.device in receipts else []
            is_here = card.device == self.directory.device_id
            is_done = all((one.id in done) if is_here else (one.id[:SHORT] in erased) for one in wanted)
            is_lost = self.directory.revoked_upto(card.device) is not None
            found.append(Replica(card.device, card.name, level_of(card.org), is_done, is_here, is_lost))
        return tuple(sorted(found, key=lambda one: (not one.is_here, LEVELS.index(one.level), one.name, one.device)))

    def _holders(self, regions: Iterable[str], is_open: bool) -> list[DeviceCard]:
        lines = ((region, *chain(region)) if is_open else (region, certifier(region)) for region in regions if region)
        orgs = {org for line in lines for org in line}
        return [card for card in self.directory.devices() if card.org in orgs]

    def is_open(self, said: Iterable[Said]) -> bool:
        """Return whether something that was open to every level was erased."""
        come = {come for one in said for _, come in one.body.pairs}
        return any(one.id in come and one.audience == Audience.OPEN for one in self._lying)

    @staticmethod
    def _is_open(anew: Iterable[_Anew]) -> bool:
        return any(one.parcel.audience == Audience.OPEN for one in anew)


LEVELS = (Level.TOWNSHIP, Level.COUNTY, Level.PREFECTURE, Level.PROVINCE)


def _fields(opened: Segment, wanted: Mapping[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    told = {op.seq: frozenset(op.sets) - op.erased for op in opened.ops if op.seq in wanted}
    found = {seq: names & wanted[seq] for seq, names in told.items()}
    return {seq: names for seq, names in found.items() if names}


def _pairs(file: StatementFile) -> Sequence[Pair]:
    said = read_said(file.raw)
    return said.body.pairs if said else ()
