"""The inbox: takes packs in whole or not at all, and says before what it would do.

Statements first, for they may open or vouch for what lies in the same pack; then segments, all in one transaction of
the ledger; then what receipts say. What is not for us is kept as it is and passed on.
"""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.domain.errors import (
    CarryStopped,
    NotAPack,
    NotForUs,
    NotTaken,
    PackFromNewer,
    PackSpoilt,
    StatementSpoilt,
)
from app.domain.op import Audience
from app.ports import (
    COVERED,
    DOUBTED,
    ENTERED,
    RELAYED,
    TAKEN,
    UNKNOWN,
    Clock,
    Identity,
    Parcel,
    Postbox,
    Seal,
    StatementFile,
    Taking,
)
from sync.directory import KINDS, LOCAL, OTHER, Directory, file_of, opening, read_said
from sync.enrolment import opened
from sync.erasure import ANYBODYS, SWEEP, Erasures, agree
from sync.outbox import may_keep
from sync.pack import Pack, PackHead, read_pack
from sync.porter import NOTHING, Brought, Porter
from sync.receipts import RECEIPT, held_of, is_ahead, newest, read_receipt
from sync.segment import Segment, SegmentHead, SegmentUnvouched, is_vouched, open_segment, read_plain_segment
from sync.snapshot import Opening, may_stand_for
from sync.statement import read_statement
from sync.strangers import Spare, is_strange, to_forget
from sync.suite import suite

WIRE = "wire"
"""The carrier of what comes from whoever calls."""
SEEN_ELSEWHERE = "seen elsewhere"
READY = 4 << 20
"""Of how many bytes of sealed words packs are opened before anybody has to wait; a stick seldom brings more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a pack: from whom, which of their packages, and what it brought; `head` is what it says outside."""

    sender: str
    number: int
    head: PackHead = field(repr=False)
    taking: Taking
    statements: int = 0
    receipts: int = 0
    pictures: Brought = NOTHING

    def is_news(self) -> bool:
        """Return whether it brought anything at all."""
        return bool(self.taking.parcels or self.statements or self.pictures.pieces)


@dataclass(frozen=True)
class _Readers:
    """Who may be believed and what can be opened, with what a pack itself brings."""

    directory: Directory
    identities: tuple[Identity, ...]

    @cached_property
    def erasures(self) -> Erasures:
        """Return what is to be erased, as far as it may be believed."""
        return Erasures.of(self.directory)

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """Return the keys to open with, our own office's first: one after the other is tried, and an office holds keys
        of all those below as well."""
        return tuple(opening(chain.from_iterable(self._by_org.values())))

    def secrets_for(self, parcel: Parcel) -> tuple[str, ...]:
        """Return those of our keys that a segment may be sealed to: of its township alone what is for nobody else, of
        the line that its region stands in all other (`Directory.recipients`)."""
        region, orgs = parcel.region, [parcel.region]
        if parcel.audience != Audience.TOWNSHIP:
            orgs = [org for org in self._by_org if org and (region.startswith(org) or org.startswith(region))]
        return tuple(opening(chain.from_iterable(self._by_org.get(org, ()) for org in orgs)))

    @cached_property
    def _by_org(self) -> dict[str, list[Identity]]:
        """Return our keys by the organisation they are of, our own first."""
        own = self.directory.own()
        found: dict[str, list[Identity]] = {}
        for one in sorted(self.identities, key=lambda one: one.org != own):
            found.setdefault(one.org, []).append(one)
        return found


class Inbox:
    """Takes packs into one home."""

    def __init__(self, postbox: Postbox, seal: Seal, clock: Clock, porter: Porter | None = None) -> None:
        self._porter = porter
        self._postbox = postbox
        self._seal = seal
        self._clock = clock

    def look(self, file: Path, stop: Callable[[], bool] = lambda: False) -> Taken:
        """Return what taking a pack in would do, and do nothing.

        Raises:
            NotTaken: One of its kinds, which taking it in would meet too.
        """
        (looked,) = self.look_all((file,), stop)
        if isinstance(looked, NotTaken):
            raise looked
        return looked

    def look_all(self, files: Iterable[Path], stop: Callable[[], bool] = lambda: False) -> list[Taken | NotTaken]:
        """Return what taking packs in one after the other would do, or why one would be refused, and do nothing. What
        lies in two of them is told with the first.

        Raises:
            CarryStopped: Somebody said stop.
        """
        with ExitStack() as shelf:
            looking = self._lookings(files, shelf, stop)
            ready = list(_up_to(READY, looking))
            looked: list[_Looking | NotTaken] = []

            def words() -> Iterator[Iterable[Parcel]]:
                for one in chain(ready, looking):
                    looked.append(one)
                    if isinstance(one, _Looking):
                        yield one.words

            takings = iter(self._postbox.rehearse(words(), self._clock.now()))
        return [one if isinstance(one, NotTaken) else replace(one.taken, taking=next(takings)) for one in looked]

    def _lookings(
        self, files: Iterable[Path], shelf: ExitStack, stop: Callable[[], bool]
    ) -> "Iterator[_Looking | NotTaken]":
        before = _Before()
        for file in files:
            with ExitStack() as desk:
                try:
                    pack = read_pack(desk.enter_context(_opened(file)))
                    arrived = self._arrived(pack, stop, before)
                    words = self._postbox.open(_in_order(arrived.waiting))
                except NotTaken as trouble:
                    yield trouble
                    continue
                pictures = self._pictures(pack, arrived.readers, is_trial=True, but=before.pieces)
                before.keep(pack, arrived)
                if arrived.waiting:  # it may be read again; the many that bring nothing any more are closed
                    shelf.push(desk.pop_all())
            yield _Looking(replace(arrived.taken, pictures=pictures), words, pack.words)

    def take(self, file: Path, carrier: str, stop: Callable[[], bool] = lambda: False) -> Taken:
        """Take a pack in whole. The same pack may come any number of times.

        Raises:
            NotTaken: One of its kinds; nothing has changed.
            NotSaved: The disk would not take it; nothing has changed.
            CarryStopped: Somebody said stop; nothing has changed.
        """
        with _opened(file) as stream:
            pack = read_pack(stream)
            arrived = self._arrived(pack, stop, _Before())
            now, readers = self._clock.now(), arrived.readers
            words = self._postbox.open(_in_order(arrived.waiting))
            with self._postbox.together():
                taken = replace(arrived.taken, taking=self._postbox.take_in(words, now))
                self._keep(arrived.statements, readers, taken, carrier)
                self._erase(readers.erasures)
            self._follow(readers, taken)
            if any(is_strange(one, readers.directory) for one in arrived.statements):
                self._postbox.forget_statements(to_forget(self._postbox.statements(), readers.directory))
            if pack.head.blobs:  # words never wait for pictures, nor fail with them
                self._postbox.go_on()
            pictures = self._pictures(pack, readers, is_trial=False)
        if pictures.pieces and not taken.is_news():
            self._keep_arrival(readers, taken, carrier)
        return replace(taken, pictures=pictures)

    def _arrived(self, pack: Pack, stop: Callable[[], bool], before: "_Before") -> "_Arrived":
        """Return what a pack brings that is not here, nor came `before` it; its words are still to be opened."""
        files, receipts = list(_statements(pack)), list(_receipts(pack))
        known = {one.id for one in (*self._postbox.statements(), *before.statements)}
        new = [one for one in (*files, *self._not_outdated(receipts)) if one.id not in known]
        readers = self._readers((*before.statements, *files))
        waiting = self._arriving(pack, readers, stop, before)
        if any(one.kind != RECEIPT for one in new):
            waiting += [*self._once_more(readers), *(one.read_by(readers) for one in before.waiting)]
        head = pack.head
        taken = Taken(head.packer_name or pack.device, head.number, head, Taking(), len(new), len(receipts))
        return _Arrived(taken, new, readers, waiting)

    def _not_outdated(self, receipts: Iterable[StatementFile]) -> list[StatementFile]:
        """Return receipts but those of our own that a newer one of ours has outdated: we have forgotten them."""
        device = self._postbox.stream().partition("/")[0]
        ours = newest(self._postbox.statements(RECEIPT)).get(device)
        upto = ours[1].no if ours else 0
        said = ((one, read_receipt(one.raw)) for one in receipts)
        return [one for one, told in said if told is None or told.device != device or told.no > upto]

    def _erase(self, erasures: Erasures) -> None:
        """Put what was made anew in the place of what had to go."""
        pairs = [(gone, come) for come, many in erasures.pairs.items() for gone in sorted(many)]
        if pairs and self._postbox.supersede(pairs):
            self._postbox.note({SWEEP: "1"})

    def _readers(self, files: Iterable[StatementFile]) -> _Readers:
        here = self._postbox.statements(*KINDS)
        directory = Directory((*here, *files), self._postbox.stream().partition("/")[0])
        own = self._postbox.identities()
        return _Readers(directory, (*own, *opened(directory, own)))

    def _arriving(self, pack: Pack, readers: _Readers, stop: Callable[[], bool], before: "_Before") -> "list[_Waiting]":
        """Return the segments of a pack that have to be looked at, unread yet, but those that came `before` it."""
        lying = self._postbox.parcels()
        met = {one.id for one in lying}.union(before.segments)
        known = met.difference((one.id for one in lying if one.state == COVERED), before.covered)
        waiting, spare = [], Spare(lying, readers.directory, pack.device)
        for segment_id, head, size in pack.head.segs:
            parcel = _parcel(segment_id, head, size)
            # What had to be erased may come again, from an old stick or a restored disk: it is known, and not taken.
            if segment_id in known | readers.erasures.gone or not may_keep(parcel, readers.directory.own()):
                continue
            if not spare.has_room(parcel):
                continue
            read, first = _reading(pack, segment_id), self._first(parcel, lying, readers)
            waiting.append(_Waiting(parcel, head, read, readers, self._seal, stop, first))
        return [*waiting, *self._covered(pack, readers, stop, met, lying)]

    def _covered(
        self, pack: Pack, readers: _Readers, stop: Callable[[], bool], known: set[str], lying: list[Parcel]
    ) -> "Iterator[_Waiting]":
        """Yield the segments that a pack's snapshots stand for and that have to be looked at. What is not believed now
        comes by itself one day, for nobody hears from us that we have it."""
        opening = Opening(pack, readers.secrets, self._seal.holds)
        for snapshot_id, snapshot in opening.all(known | readers.erasures.gone):
            if stop():
                raise CarryStopped
            if not may_stand_for(snapshot.head, readers.directory):
                continue
            for parcel, head in snapshot.parcels():
                if parcel.id in known | readers.erasures.gone or not may_keep(parcel, readers.directory.own()):
                    continue
                read, first = partial(opening.plain, snapshot_id, parcel.id), self._first(parcel, lying, readers)
                one = _Covered(parcel, head, read, readers, self._seal, stop, first)
                if one.is_believed():
                    yield one

    def _first(self, parcel: Parcel, lying: list[Parcel], readers: _Readers) -> tuple[Callable[[], bytes], ...]:
        """Return how to read what lies here of the same entries, if a segment was made anew: it has to say the same."""
        if parcel.id not in readers.erasures.pairs:
            return ()
        return tuple(
            _keeping(self._postbox, one.id) for one in lying if _is_same_run(one, parcel) and one.state != COVERED
        )

    def _pictures(
        self, pack: Pack, readers: _Readers, *, is_trial: bool, but: Collection[tuple[str, int]] = ()
    ) -> Brought:
        """Take in the pieces of pictures, which come after all words and never hold them up; `but` those that came."""
        if self._porter is None or not pack.head.blobs:
            return NOTHING
        own, gone = readers.directory.own(), readers.erasures.blobs
        spare = Spare(self._porter.freights(), readers.directory, pack.device)
        arriving = (
            (one, {number: read for number, read in pack.pieces(one.id).items() if (one.id, number) not in but})
            for one in pack.head.blobs
            if may_keep(one, own) and one.id not in gone and spare.has_room(one)
        )
        return self._porter.take(arriving, readers.directory, readers.secrets, is_trial=is_trial)

    def _once_more(self, readers: _Readers) -> "list[_Waiting]":
        """Return what lies here and could not be opened or believed, now that somebody has said something new."""
        found = [one for state in (RELAYED, UNKNOWN, DOUBTED) for one in self._postbox.parcels(state=state)]
        return [
            _Waiting(one, None, _keeping(self._postbox, one.id), readers, self._seal, lambda: False)
            for one in found
            if readers.directory.may_write(one.device, one.region) and readers.secrets_for(one)
        ]

    def take_again(self) -> Taking:
        """Take in what lies here and could not be opened or believed, now that somebody has been pinned."""
        readers = self._readers(())
        if self._porter:
            self._porter.take_again(readers.directory, readers.secrets)
        with self._postbox.together():
            taking = self._postbox.take_in(_in_order(self._once_more(readers)), self._clock.now())
            self._erase(readers.erasures)
        return taking

    def _keep(self, new: list[StatementFile], readers: _Readers, taken: Taken, carrier: str) -> None:
        """Keep what a pack said besides its segments, in the same transaction."""
        now = self._clock.now()
        known = {one.key_id for one in self._postbox.identities()}
        self._postbox.keep_statements(new, now)
        for identity in readers.identities:
            if identity.key_id not in known:
                self._postbox.keep_identity(identity, now)
        if taken.is_news():
            self._keep_arrival(readers, taken, carrier)

    def _keep_arrival(self, readers: _Readers, taken: Taken, carrier: str) -> None:
        """Keep that a pack brought something. Strangers may call as often as they like: of them nothing is kept, or
        they would push out of the list whom we have heard from."""
        directory = readers.directory
        is_stranger = bool(directory.own()) and directory.device(taken.head.device) is None
        if not (is_stranger and carrier == WIRE):
            self._postbox.keep_arrival(self._clock.now(), carrier, taken.sender, told_of(taken))

    def _follow(self, readers: _Readers, taken: Taken) -> None:
        """Do what follows from all that lies here now; cut off, it follows the next time that something comes."""
        receipts = self._postbox.statements(RECEIPT)
        if taken.receipts or taken.taking.parcels:
            self._postbox.keep_held(held_of(receipts, readers.directory, self._postbox.parcels()))
        if is_ahead(self._postbox.stream(), self._postbox.have(), receipts, readers.directory):
            self._postbox.begin_incarnation(SEEN_ELSEWHERE, self._clock.now())


class Told(msgspec.Struct, frozen=True):
    """What an arrival brought, as it is kept for the screen; an older program did not say which device packed it."""

    device: str = ""
    number: int = 0
    made: dict[str, int] = {}
    changed: dict[str, int] = {}
    contests: int = 0
    withheld: int = 0
    waiting: int = 0
    kept: int = 0


_TOLD = msgspec.json.Decoder(Told)


def told_of(taken: Taken) -> bytes:
    """Return what an arrival brought, as it is kept."""
    taking = taken.taking
    counts = (taking.made, taking.changed, taking.contests, taking.withheld, taking.waiting, taking.kept)
    return msgspec.json.encode(Told(taken.head.device, taken.number, *counts))


def read_told(raw: bytes) -> Told:
    """Return what an arrival brought; nothing, if it was kept in a way that is not known here."""
    try:
        return _TOLD.decode(raw)
    except msgspec.MsgspecError:
        return Told()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A segment that has not been opened yet."""

    parcel: Parcel
    head: SegmentHead | None
    read: Callable[[], bytes]
    readers: _Readers
    seal: Seal
    stop: Callable[[], bool]
    first: tuple[Callable[[], bytes], ...] = ()

    def read_by(self, readers: _Readers) -> "_Waiting":
        """Return it as those would read it who know more."""
        return replace(self, readers=readers)

    def opened(self) -> Parcel | None:
        """Return the segment as it is to be taken in: with its ops, or with the reason why it only lies here. None for
        one that was made anew by somebody who may not, or that says something else than the first."""
        content = self.read()
        try:
            segment = self._open(content, self.parcel.id, self.head)
        except SegmentUnvouched:
            return None
        except (NotForUs, PackFromNewer):  # a newer version here reads the latter one day; until then we pass it on
            return replace(self.parcel, content=content, state=RELAYED)
        return self._told(segment, replace(self.parcel, content=content, state=self._standing()))

    def _told(self, segment: Segment, parcel: Parcel) -> Parcel | None:
        """Return a parcel with what its segment tells; None if that is not what the first one told."""
        if segment.head.by and not all(self._agrees(read(), segment) for read in self.first):
            return None
        head = segment.head
        digest, key = head.was or segment.plain_digest, "" if head.by else segment.key
        ops = segment.ops if parcel.state in ENTERED else ()
        return replace(parcel, plain_digest=digest, key=key, ops=ops)

    def _open(self, content: bytes, name: str | None = None, entry: SegmentHead | None = None) -> Segment:
        reissues = self.readers.erasures.reissues if name else ANYBODYS
        secrets = self.readers.secrets_for(self.parcel)
        return open_segment(content, secrets, self.seal.holds, name, entry, reissues=reissues)

    def _agrees(self, lying: bytes, anew: Segment) -> bool:
        """Return whether what was made anew says what lies here, but for what is erased; True if we cannot read it."""
        try:
            return agree(self._open(lying), anew)
        except (NotForUs, PackFromNewer):
            return True

    def _standing(self) -> str:
        """Return whether what was opened may be taken in: by a device that is known, about its own place, in time."""
        directory, parcel = self.readers.directory, self.parcel
        if not directory.may_write(parcel.device, parcel.region):
            return UNKNOWN
        marks = directory.revoked_upto(parcel.device, parcel.region)
        if marks is not None and parcel.last > marks.get(parcel.stream.partition("~")[0], 0):
            return DOUBTED
        return TAKEN


@dataclass(frozen=True, slots=True)
class _Covered(_Waiting):
    """A segment that a snapshot stands for: its words are here, and its sealed bytes are not."""

    def is_believed(self) -> bool:
        """Return whether it may be taken in, as far as its head tells."""
        vouched = self.head is None or is_vouched(self.head, self.parcel.id, self.readers.erasures.reissues)
        return vouched and self._standing() == TAKEN

    def opened(self) -> Parcel | None:
        """Return it with its ops."""
        reissues = self.readers.erasures.reissues
        segment = read_plain_segment(self.read(), self.parcel.id, self.seal.holds, reissues=reissues)
        return self._told(segment, replace(self.parcel, state=COVERED))


@dataclass(frozen=True, slots=True)
class _Arrived:
    """What a pack brings: what is told of it, the statements that are new, who reads it, its words unopened."""

    taken: Taken
    statements: list[StatementFile]
    readers: _Readers
    waiting: list[_Waiting]


@dataclass(frozen=True, slots=True)
class _Looking:
    """A pack while it is looked at: what is told of it, its words opened, their size sealed in bytes."""

    taken: Taken
    words: Iterable[Parcel]
    size: int


@dataclass(frozen=True, slots=True)
class _Before:
    """What packs have brought that were looked at before another, and were not taken."""

    statements: list[StatementFile] = field(default_factory=list)
    segments: set[str] = field(default_factory=set)
    covered: set[str] = field(default_factory=set)
    waiting: list[_Waiting] = field(default_factory=list)
    pieces: set[tuple[str, int]] = field(default_factory=set)

    def keep(self, pack: Pack, arrived: _Arrived) -> None:
        """Take down what one more pack brings."""
        self.statements.extend(arrived.statements)
        self.segments.update(one.parcel.id for one in arrived.waiting)
        self.covered.difference_update(one.parcel.id for one in arrived.waiting)
        self.covered.update(one.parcel.id for one in arrived.waiting if isinstance(one, _Covered))
        self.waiting.extend(arrived.waiting)
        self.pieces.update((one.id, number) for one in pack.head.blobs for number in pack.pieces(one.id))


def _up_to(size: int, looking: "Iterator[_Looking | NotTaken]") -> "Iterator[_Looking | NotTaken]":
    """Yield what is looked at until it comes to a size; the rest stays."""
    for one in looking:
        yield one
        size -= one.size if isinstance(one, _Looking) else 0
        if size < 0:
            return


def _in_order(waiting: Iterable[_Waiting]) -> Iterator[Parcel]:
    """Yield segments opened, those that were sealed together one after the other."""
    for one in sorted(waiting, key=lambda one: (one.parcel.stream, one.parcel.last, one.parcel.audience)):
        if one.stop():
            raise CarryStopped
        parcel = one.opened()
        if parcel is not None:
            yield parcel


def _is_same_run(one: Parcel, other: Parcel) -> bool:
    route = (one.stream.partition("~")[0], one.region, one.audience, one.first, one.last, one.acts)
    return route == (other.stream, other.region, other.audience, other.first, other.last, other.acts)


def _opened(file: Path) -> BinaryIO:
    """Open a file to read; what is no file (a folder, a pipe that nobody writes into) is not waited for."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except IsADirectoryError as error:
        raise NotAPack(str(error)) from error
    except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
        raise PackSpoilt(str(error)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotAPack(f"{file} is no file")
    return os.fdopen(handle, "rb")


def _statements(pack: Pack) -> Iterator[StatementFile]:
    for raw in pack.statements():
        said = read_said(raw)
        kind = said.kind if said else read_statement(raw, suite().holds).kind
        if kind in (*LOCAL, RECEIPT):  # a receipt taken for a statement would be known, and never be counted
            raise StatementSpoilt("a home's word to itself, or a receipt in the wrong place")
        # One of a newer version is kept and passed on as it is.
        yield file_of(kind, said) if said else StatementFile(suite().digest(raw), OTHER, "", raw)


def _receipts(pack: Pack) -> Iterator[StatementFile]:
    for raw in pack.receipts():
        said = read_receipt(raw)
        if said is None:
            raise StatementSpoilt("a receipt that is none")
        yield StatementFile(suite().digest(raw), RECEIPT, said.device, raw)


def _parcel(segment_id: str, head: SegmentHead, size: int) -> Parcel:
    route = (head.region, head.audience_class, head.first, head.last, head.acts, head.after, size)
    return Parcel(segment_id, head.stream, *route, TAKEN)


def _reading(pack: Pack, segment_id: str) -> Callable[[], bytes]:
    return lambda: pack.segment(segment_id)


def _keeping(postbox: Postbox, segment_id: str) -> Callable[[], bytes]:
    return lambda: postbox.content(segment_id)
