"""The outbox: seals what is new into segments, once, and packs for somebody what they are not known to hold.

Sealing cuts our stream into runs, each of them into a part per audience. What was sealed is never sealed again: every
later export copies the same bytes, until a receipt says that they have arrived.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, cast

from app.domain.attachment import Attachment
from app.domain.errors import NotEnrolled
from app.domain.op import AUDIENCES, Audience, Op
from app.domain.sweeping import no_sweeping
from app.ports import COVERED, OWN, SENT, TAKEN, Clock, Dice, Freight, Lane, Parcel, Postbox, Seal, StatementFile
from sync.directory import COUNTY, Directory, certifier
from sync.erasure import Erasures
from sync.numbers import Begun, Numbers
from sync.pack import PackHead, PackWritten, room_for, room_taken, write_pack
from sync.porter import Piece, Porter
from sync.receipts import (
    RECEIPT,
    SHORT,
    erased_at,
    forgetful,
    holding,
    in_words,
    known_to,
    may_say,
    new_to,
    newest,
    receipt_of,
)
from sync.segment import LineWriter, SegmentHead, seal_segment
from sync.snapshot import Kept, Snapshots
from sync.witnessing import heads_for

MOST_OPS = 5_000
MOST_BYTES = 2 << 20
MOST_SMALL = 4 << 20
"""How much of thumbnails goes with the text; more of them goes before the pictures."""
MOST_PICTURES = 64 << 20
IN_HEAD = 320
"""What a picture takes of the header of a pack."""
IN_LIST = 67
"""What a segment that a snapshot stands for takes of it."""

Parts = Callable[[Sequence[Op]], Iterable[dict[Audience, Op]]]
"""What cuts ops into their parts, each for its readers."""
Split = Callable[[], Parts]
"""What begins a sealing, and returns what cuts the ops of this one."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is to go to somebody: segments that lie here, statements, receipts, pieces of pictures.

    Statements ride along every time, for a stick may be lost; `is_news` says whether anything has not gone out before,
    or has not been heard of since, `has_words` whether anything but pictures. `fresh` are segments for somebody who
    has hardly any yet: they may go together, as `snapshots` (`Outbox.packs`).
    """

    to: str
    parcels: tuple[Parcel, ...]
    statements: tuple[StatementFile, ...]
    receipts: tuple[StatementFile, ...]
    is_news: bool = True
    pieces: tuple[Piece, ...] = ()
    has_words: bool = True
    fresh: frozenset[str] = frozenset()
    snapshots: tuple[Kept, ...] = ()
    covered: tuple[Parcel, ...] = ()

    @property
    def size(self) -> int:
        """Return about how many bytes it comes to."""
        texts = sum(one.size for one in self.parcels) + sum(one.size for one in self.snapshots)
        texts += sum(len(one.raw) for one in self.statements)
        return texts + sum(piece.room for piece in self.pieces)

    def without(self, names: Collection[str]) -> "Load":
        """Return it without the pieces of these names."""
        if not names:
            return self
        pieces = tuple(one for one in self.pieces if one.name not in names)
        return replace(self, pieces=pieces, is_news=bool(pieces) or self.has_words)

    def items(self) -> int:
        """Return how many entries it brings, each counted once."""
        return sum(
            last - first + 1 for first, last in {(one.first, one.last) for one in (*self.parcels, *self.covered)}
        )

    def ids(self) -> tuple[str, ...]:
        """Return the segments that it brings, by themselves or in snapshots."""
        return tuple(one.id for one in (*self.parcels, *self.covered))


class Outbox:
    """Seals and packs for one home. `schema` and `app` name the version that writes."""

    def __init__(
        self,
        postbox: Postbox,
        seal: Seal,
        clock: Clock,
        dice: Dice,
        split: Split,
        *,
        schema: str,
        app: str,
        porter: Porter | None = None,
        snapshots: Snapshots | None = None,
    ) -> None:
        self._snapshots = snapshots
        self._postbox = postbox
        self._seal = seal
        self._clock = clock
        self._dice = dice
        self._split = split
        self.porter = porter
        self._schema = schema
        self._app = app
        self.numbers = Numbers(postbox)
        self._said: tuple[int, StatementFile | None] = (-1, None)

    def directory(self) -> Directory:
        """Return who is who, as this home may believe it now."""
        return Directory.of(self._postbox)

    def seal_new(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Seal every entry that has not been sealed; return how many segments that made. Stopping keeps what is done.

        Raises:
            NotEnrolled: There is nobody yet to seal it to. The entries wait.
        """
        with no_sweeping():
            return self._seal_new(stop)

    def _seal_new(self, stop: Callable[[], bool]) -> int:
        directory = self.directory()
        region, made = directory.own(), 0
        ops = self._postbox.unsealed(MOST_OPS)
        parts = self._split() if ops and region else None
        while ops and not stop():
            if parts is None:
                raise NotEnrolled
            last, lines, named = self._lines(ops, parts)
            made += self._seal_run(directory, region, lines, named, last)
            ops = self._postbox.unsealed(MOST_OPS)
        return made

    def _lines(
        self, ops: Sequence[Op], cut: Parts
    ) -> tuple[int, dict[Audience, list[bytes]], list[dict[Audience, Op]]]:
        """Return the number of the last of as many ops as make a segment, their lines for each audience, and the parts
        of those that are about pictures."""
        lines: dict[Audience, list[bytes]] = {audience: [] for audience in AUDIENCES}
        writers = {audience: LineWriter() for audience in AUDIENCES}
        named: list[dict[Audience, Op]] = []
        size = 0
        last = ops[-1].seq
        for op, parts in zip(ops, cut(ops), strict=True):
            told = {audience: writers[audience].line(part) for audience, part in parts.items()}
            size += sum(map(len, told.values()))
            if size > MOST_BYTES and op is not ops[0]:
                return op.seq - 1, lines, named
            for audience, line in told.items():
                lines[audience].append(line)
            if op.kind == Attachment.KIND:
                named.append(parts)
            last = op.seq
        return last, lines, named

    def _seal_run(
        self,
        directory: Directory,
        region: str,
        lines: dict[Audience, list[bytes]],
        named: list[dict[Audience, Op]],
        last: int,
    ) -> int:
        act = f"{self._dice.bits(128):032x}"
        before = self._postbox.last_act()
        parcels = [
            self._sealed(directory, region, audience, told, act, last) for audience, told in lines.items() if told
        ]
        if self.porter and named:
            self.porter.send_on_its_way(named, act, region)
        self._postbox.keep_sealed(act, before, last, parcels)
        return len(parcels)

    def _sealed(
        self, directory: Directory, region: str, audience: Audience, lines: list[bytes], act: str, last: int
    ) -> Parcel:
        lane = self._postbox.lane(region, audience)
        stream = self._postbox.stream()
        recipients = directory.recipients(region, audience)
        head = self._head(stream, lane, f"{region}:{audience}", act, last)
        sealed = seal_segment(head, lines, self._seal.sign, recipients, is_ours=True)
        route = (region, audience.value, head.first, head.last, head.acts, head.after, len(sealed.content))
        return Parcel(sealed.id, stream, *route, OWN, sealed.content, sealed.plain_digest)

    def _head(self, stream: str, lane: Lane, audience: str, act: str, last: int) -> SegmentHead:
        device, _, incarnation = stream.partition("/")
        acts = (*lane.passed, act)
        named = (lane.last + 1, last, acts, lane.after, lane.prev, audience, (), self._schema, self._app)
        return SegmentHead(device, int(incarnation), *named)

    def loads(self) -> list[Load] | None:
        """Return what is to go to each of our neighbours; None before we belong to anybody."""
        still = _still(self._postbox)
        directory = Directory.of(still)
        if not directory.own():
            return None
        return [self._load(still, directory, to) for to in self._neighbours(directory)]

    def neighbours(self) -> list[str]:
        """Return to whom this home sends: a township to its county, an office to the one above and those below."""
        return self._neighbours(self.directory())

    def _neighbours(self, directory: Directory) -> list[str]:
        own = directory.own()
        if len(own) > COUNTY:
            return [certifier(own)]
        above = [code for code in (own[:4], own[:2]) if len(code) < len(own) and directory.org(code)]
        known = {*directory.below(own), *(card.org for card in directory.devices() if card.org.startswith(own))} - {own}
        direct = [code for code in known if not any(code != other and code.startswith(other) for other in known)]
        return [*above[:1], *sorted(direct)] if own else []

    def load_for(self, to: str, device: str = "") -> Load:
        """Return what somebody is not known to hold: an office, every laptop of a township, or one `device` of it."""
        still = _still(self._postbox)
        return self._load(still, Directory.of(still), to, device)

    def _load(self, still: Postbox, directory: Directory, to: str, device: str = "") -> Load:
        own = directory.own()
        said, lying = still.statements(RECEIPT), still.parcels()
        held = holding(to, said, directory, lying, device)
        erasures = Erasures.of(directory)
        anew = erasures.coming(erased_at(to, said, directory, device), SHORT)
        here = [one for one in lying if one.state != COVERED and one.id not in erasures.gone]
        left = [one for one in here if one.id not in held or one.id in anew]
        parcels = tuple(one for one in left if travels(one, own, to))
        known = known_to(to, said, directory, device)
        riding = (*directory.riders(to), *heads_for(to, still, directory, known))
        statements = tuple(one for one in riding if one.id[:SHORT] not in known)
        receipts = tuple(self._receipts(still, directory, to))
        sent = self._sent(to)
        pieces = tuple(self._wanted(to, directory, device))
        unheard = {one.id for one in receipts if one.subject in forgetful(said)}
        has_words = bool(parcels) or any(one.id not in sent - unheard for one in (*statements, *receipts))
        fresh = new_to(to, said, directory, here, device)
        return Load(to, parcels, statements, receipts, has_words or bool(pieces), pieces, has_words, fresh)

    def _wanted(self, to: str, directory: Directory, device: str) -> list[Piece]:
        """Return the pieces of pictures that somebody is not known to hold."""
        own = directory.own()
        return self.porter.wanted(to, directory, lambda one: travels(one, own, to), device) if self.porter else []

    def _receipts(self, still: Postbox, directory: Directory, to: str) -> Iterator[StatementFile]:
        """Return the newest receipts that concern somebody, our own first."""
        own = self._receipt(still, directory)
        if own is not None:
            yield own
        for file, said in newest(still.statements(RECEIPT)).values():
            is_upward = said.org.startswith(to) or to.startswith(said.org)
            if said.device != directory.device_id and is_upward and may_say(said, directory):
                yield file

    def receipt(self, directory: Directory | None = None) -> StatementFile | None:
        """Return the receipt that says what we hold now; None before we are enrolled."""
        still = _still(self._postbox)
        return self._receipt(still, directory or Directory.of(still))

    def _receipt(self, still: Postbox, directory: Directory) -> StatementFile | None:
        if self._said[0] != still.turn():
            own = self._newest_receipt(still, directory)
            self._said = (still.turn(), own)
        return self._said[1]

    def _newest_receipt(self, still: Postbox, directory: Directory) -> StatementFile | None:
        freights = self.porter.freights() if self.porter else []
        own = receipt_of(still, directory, self._seal.sign, self._clock.now().isoformat(), freights)
        if own is None:
            return None
        ours = {one.id for one in still.statements(RECEIPT) if one.subject == directory.device_id}
        if own.id not in ours:
            with still.together():
                still.keep_statements((own,), self._clock.now())
                still.forget_statements(ours)
        return own

    def packs(self, load: Load, most: int = MOST_PICTURES, stop: Callable[[], bool] = lambda: False) -> list[Load]:
        """Return the load cut into what fits into one pack each: statements and receipts go with the first, text and
        thumbnails before any picture, and pictures in packs of their own, of `most` bytes or one piece each.

        Raises:
            NotSaved: There is no room to make a snapshot.
            CarryStopped: Somebody said stop while one was made.
        """
        load = self._condensed(load, stop)
        room = room_for(self._pack_head(replace(load, pieces=()), 1, 1, 1)) - (1 << 20)
        texts = self._texts(load, room)
        small = [one for one in load.pieces if one.is_small]
        left = room - _room_of(texts[-1])
        last = _filled(small, left, MOST_SMALL)
        texts[-1] = replace(texts[-1], pieces=tuple(last))
        rest = [*small[len(last) :], *(one for one in load.pieces if not one.is_small)]
        if not load.parcels and not last:
            first = _filled(rest, left, most)
            texts[-1], rest = replace(texts[-1], pieces=tuple(first)), rest[len(first) :]
        while rest:
            cut = _filled(rest, room, most)
            texts.append(Load(load.to, (), (), (), pieces=tuple(cut)))
            rest = rest[len(cut) :]
        return texts

    def _condensed(self, load: Load, stop: Callable[[], bool]) -> Load:
        """Return a load with snapshots in the place of the segments that somebody needs who has hardly any yet."""
        fresh = [one for one in load.parcels if one.id in load.fresh]
        forked = {one.stream.partition("~")[0] for one in load.parcels if "~" in one.stream}
        fresh = [one for one in fresh if one.state == TAKEN and one.audience != Audience.TOWNSHIP]
        fresh = [one for one in fresh if one.stream.partition("~")[0] not in forked]
        if self._snapshots is None or not fresh:
            return load
        try:
            made = self._snapshots.of(load.to, fresh, self.directory(), stop)
        except NotEnrolled:  # keys are being changed: for this once the segments go as they are
            return load
        gone = {segment for one in made for segment in one.segments}
        covered, parcels = ([p for p in load.parcels if (p.id in gone) is is_in] for is_in in (True, False))
        return replace(load, parcels=tuple(parcels), snapshots=tuple(made), covered=tuple(covered), fresh=frozenset())

    def _texts(self, load: Load, room: int) -> list[Load]:
        cuts: list[list[Parcel]] = [[]]
        left = room - sum(room_taken(len(one.raw)) for one in (*load.statements, *load.receipts))
        left -= sum(_room_of_snapshot(one) for one in load.snapshots)
        for parcel in load.parcels:
            if room_taken(parcel.size, len(parcel.acts)) > left and cuts[-1]:
                cuts.append([])
                left = room
            cuts[-1].append(parcel)
            left -= room_taken(parcel.size, len(parcel.acts))
        first = replace(load, parcels=tuple(cuts[0]), pieces=())
        return [first, *(Load(load.to, tuple(cut), (), ()) for cut in cuts[1:])]

    def write(self, load: Load, file: BinaryIO, number: int, part: int = 1, of: int = 1) -> PackWritten:
        """Write one pack to an open file."""
        carried = ((one.id, _route(one), _content(self._postbox, one.id), one.size) for one in load.parcels)
        head = self._pack_head(load, number, part, of)
        raws = ([one.raw for one in load.statements], [one.raw for one in load.receipts])
        blobs = self.porter.contents(load.pieces, self.directory()) if self.porter else ()
        snapshots = {one.id: partial(self._snapshot, one.id) for one in load.snapshots}
        return write_pack(file, head, *raws, carried, blobs, self._seal.sign, snapshots)

    def _snapshot(self, snapshot_id: str) -> bytes:
        return self._snapshots.content(snapshot_id) if self._snapshots else b""

    def _pack_head(self, load: Load, number: int, part: int, of: int) -> PackHead:
        directory = self.directory()
        own = directory.device(directory.device_id)
        now = self._clock.now().isoformat()
        have = in_words(self._postbox.have())
        name = own.name if own else ""
        key = self._seal.sign(b"").key
        blobs = tuple({one.freight.id: one.freight for one in load.pieces}.values())
        to, held = (f"org:{load.to}",), {one.id: one.segments for one in load.snapshots}
        return PackHead(key, now, to, number, name, part=part, parts=of, have=have, blobs=blobs, snapshots=held)

    def begin(self, load: Load, carrier: str, medium: str = "", name: str = "") -> Begun:
        """Take down the number of a load that is about to go."""
        sent = sorted(one.id for one in (*load.statements, *load.receipts))
        ids = tuple(one.id for one in load.parcels)
        segments = (*load.ids(), *(one.name for one in load.pieces))
        told = (self.next_number(), load.to, carrier, load.items(), segments, tuple(sent), medium, name, ids)
        begun = Begun(*told)
        self.numbers.begin(begun)
        return begun

    def gone(self, package: Begun, size: int) -> None:
        """Keep that a load is on its way."""
        self.numbers.end(package, self._clock.now(), size)

    def next_number(self) -> int:
        """Return the number that the next package will have."""
        return self.numbers.next()

    def _sent(self, to: str) -> frozenset[str]:
        said = self._postbox.noted(SENT + to).get(SENT + to, "")
        return frozenset(said.split())


class _Still:
    """A postbox of which statements and segments are read once, while it stands still: for one load."""

    def __init__(self, postbox: Postbox) -> None:
        self._postbox = postbox
        self._parcels: list[Parcel] | None = None
        self._statements: list[StatementFile] | None = None

    def statements(self, *kinds: str) -> list[StatementFile]:
        if self._statements is None:
            self._statements = self._postbox.statements()
        return [one for one in self._statements if not kinds or one.kind in kinds]

    def keep_statements(self, statements: Iterable[StatementFile], at: datetime) -> int:
        self._statements = None
        return self._postbox.keep_statements(statements, at)

    def forget_statements(self, ids: Iterable[str]) -> None:
        self._statements = None
        self._postbox.forget_statements(ids)

    def parcels(self) -> list[Parcel]:
        if self._parcels is None:
            self._parcels = self._postbox.parcels()
        return self._parcels

    def __getattr__(self, name: str) -> Any:
        return getattr(self._postbox, name)


def _still(postbox: Postbox) -> Postbox:
    return cast(Postbox, _Still(postbox))


def travels(parcel: Parcel | Freight, own: str, to: str) -> bool:
    """Return whether a segment is for somebody's eyes or keeping: up to the county everything, above it only what is
    open to all; down to a township its own, and what the offices above it have written for it. What is open goes down
    to an office as well, for it may have been put back to before it passed it on, or never have had it."""
    is_up = own.startswith(to) and own != to
    if is_up:
        return len(to) == COUNTY or parcel.audience == Audience.OPEN
    if parcel.region.startswith(to):
        return parcel.region == to or parcel.audience == Audience.OPEN
    return to.startswith(parcel.region) and parcel.audience != Audience.TOWNSHIP


def may_keep(parcel: Parcel | Freight, own: str) -> bool:
    """Return whether a segment that is not for our eyes is for our keeping: a county passes on what its townships seal
    for each other; what is not open to all does not lie above the county, nor with strangers."""
    if not own or parcel.region.startswith(own) or own.startswith(parcel.region):
        return not own or len(own) >= COUNTY or parcel.audience == Audience.OPEN
    return False


def _room_of_snapshot(one: Kept) -> int:
    return room_taken(one.size) + IN_LIST * len(one.segments)


def _room_of(load: Load) -> int:
    """Return how many bytes the texts of a load take of a pack."""
    files = (*load.statements, *load.receipts)
    parcels = sum(room_taken(one.size, len(one.acts)) for one in load.parcels)
    parcels += sum(_room_of_snapshot(one) for one in load.snapshots)
    return parcels + sum(room_taken(len(one.raw)) for one in files)


def _filled(pieces: Sequence[Piece], room: int, most: int) -> list[Piece]:
    """Return the first of these pieces that have room together and are not more than `most`, or are one alone."""
    cut: list[Piece] = []
    taken = 0
    for piece in pieces:
        taken += room_taken(piece.room) + IN_HEAD
        if taken > room or (cut and taken > most):
            break
        cut.append(piece)
    return cut


def _route(parcel: Parcel) -> SegmentHead:
    device, _, incarnation = parcel.stream.partition("~")[0].partition("/")
    span = (parcel.first, parcel.last, parcel.acts, parcel.after)
    return SegmentHead(device, int(incarnation), *span, None, f"{parcel.region}:{parcel.audience}", (), "", "")


def _content(postbox: Postbox, segment_id: str) -> Callable[[], bytes]:
    return lambda: postbox.content(segment_id)
