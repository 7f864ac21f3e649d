"""A snapshot: what a new laptop needs of its township, many segments opened and sealed together. See `FORMAT.md` 12.

Every word in it is still signed by its author, and is checked as if it had come in its own segment. The office that
sealed them together vouches for one thing only: by which ids they are known elsewhere.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from app.domain.errors import (
    CarryStopped,
    NotForUs,
    NotSaved,
    PackFromNewer,
    PackTooLarge,
    SegmentForged,
    SegmentReaddressed,
    SegmentSpoilt,
)
from app.domain.op import Audience
from app.ports import TAKEN, Parcel, Postbox, Seal, Signature
from sync.directory import COUNTY, Directory, opening
from sync.pack import Pack
from sync.plain import NotPlain, read_plain
from sync.segment import (
    MOST_PLAIN,
    MOST_SEALED,
    Device,
    Hash,
    Number,
    SegmentHead,
    read_plain_head,
    signed_part,
)
from sync.suite import Holds, Sign, key_ids, pae, suite

FORMAT, VERSION = "yuanba-snapshot", 1
SIGNED_AS = "application/vnd.yuanba.snapshot.v1"
INDEX = "index.json"
FEWEST = 50
"""Fewer segments than these travel as they are."""
ENOUGH = 1 << 20
"""A snapshot ends when it holds so many bytes of segments."""
OPENED_AT_ONCE = 2
Stop = Callable[[], bool]


class Held(msgspec.Struct, frozen=True):
    """A segment that a snapshot stands for: its id, how large it is sealed, how many bytes of it stand in here."""

    id: Hash
    size: Annotated[int, Meta(ge=1, le=MOST_SEALED)]
    length: Annotated[int, Meta(ge=1, le=MOST_PLAIN)]


class Head(msgspec.Struct, frozen=True):
    """The first line of a snapshot. `by` is the device that signed, `aud` the narrowest audience of what it holds."""

    format: str
    v: Number
    min_reader: Number
    suite: str
    by: Device
    aud: Annotated[str, Meta(pattern=r"\A(?:[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}):[OC]\Z")]
    to: Annotated[tuple[Device, ...], Meta(min_length=1)]
    held: Annotated[tuple[Held, ...], Meta(min_length=1)]

    @property
    def region(self) -> str:
        """Return the place code of the audience."""
        return self.aud.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that was opened: its head, and each segment as its author signed it, by its id."""

    head: Head
    plains: dict[str, bytes]

    def parcels(self) -> Iterator[tuple[Parcel, SegmentHead]]:
        """Yield what stands for each segment, as far as its head tells.

        Raises:
            SegmentSpoilt: A head is none.
            SegmentReaddressed: It belongs to others than the snapshot is for.
        """
        region, _, widest = self.head.aud.partition(":")
        for one in self.head.held:
            with suppress(PackFromNewer):  # it comes by itself one day, and is kept until somebody can read it
                head = read_plain_head(self.plains[one.id])
                if head.region != region or head.audience_class not in ("O", widest):
                    raise SegmentReaddressed("a snapshot of others' words")
                route = (head.region, head.audience_class, head.first, head.last, head.acts, head.after, one.size)
                yield Parcel(one.id, head.stream, *route, TAKEN), head


def seal_snapshot(
    audience: str, held: Sequence[tuple[Held, bytes]], by: str, sign: Sign, recipients: Sequence[str]
) -> bytes:
    """Return opened segments, each with its plaintext, sealed together.

    Raises:
        PackTooLarge: There is more than one snapshot holds.
    """
    ways = suite()
    told = Head(FORMAT, VERSION, VERSION, "A", by, audience, key_ids(recipients), tuple(one for one, _ in held))
    signed = b"%b\n%b" % (msgspec.json.encode(told), b"".join(plain for _, plain in held))
    made = sign(pae(SIGNED_AS, signed))
    plain = b'%b{"key":"%b","sig":"%b"}\n' % (signed, made.key.encode(), made.signature.encode())
    squeezed = ways.squeeze(plain)
    content = ways.seal(squeezed, recipients)
    if len(plain) > MOST_PLAIN or len(content) > MOST_SEALED or ways.is_bomb(len(plain), len(squeezed)):
        raise PackTooLarge(f"{len(plain)} bytes of segments, {len(content)} sealed")
    return content


def open_snapshot(content: bytes, identities: Sequence[str], holds: Holds) -> Snapshot:
    """Open a snapshot and check that it is whole, signed by the device it names, and sealed for its readers. Whether
    that device may is for `may_stand_for` to say, and what its segments are worth for whoever reads each of them.

    Raises:
        NotForUs: No identity fits.
        SegmentSpoilt, PackTooLarge, PackFromNewer: It cannot be read.
        SegmentForged: Another key signed, or none.
        SegmentReaddressed: It was sealed for others.
    """
    ways = suite()
    if len(content) > MOST_SEALED:
        raise PackTooLarge(f"{len(content)} bytes sealed")
    plain = ways.unsqueeze(ways.unseal(content, identities), MOST_PLAIN)
    signed, signature = signed_part(plain)
    if not holds(pae(SIGNED_AS, signed), signature):
        raise SegmentForged("the signature does not hold")
    first, _, body = signed.partition(b"\n")
    head = _read_head(first)
    _check_origin(head, signature, identities)
    if len({one.id for one in head.held}) != len(head.held) or sum(one.length for one in head.held) != len(body):
        raise SegmentSpoilt("other segments than the head says")
    plains: dict[str, bytes] = {}
    at = 0
    for one in head.held:
        plains[one.id] = body[at : at + one.length]
        at += one.length
    return Snapshot(head, plains)


def _read_head(line: bytes) -> Head:
    try:
        told = read_plain(line)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise SegmentSpoilt("not a snapshot")
        needs = told.get("min_reader")
        if type(needs) is int and needs > VERSION:
            raise PackFromNewer(f"needs reader {needs}")
        return msgspec.convert(told, Head)
    except (NotPlain, msgspec.ValidationError) as error:
        raise SegmentSpoilt(str(error)) from error


def _check_origin(head: Head, signature: Signature, identities: Sequence[str]) -> None:
    ways = suite(head.suite)
    if ways.fingerprint(signature.key) != head.by:
        raise SegmentForged("signed by another device")
    if not any(ways.key_id(ways.public_of(identity)) in head.to for identity in identities):
        raise SegmentReaddressed("not sealed for us")
    if list(head.to) != sorted(set(head.to)):
        raise SegmentSpoilt("recipients out of order")


def may_stand_for(head: Head, directory: Directory) -> bool:
    """Return whether who sealed segments together may say by which ids they are known: an office above their region,
    above the county only of what is open to all, whose device was not reported lost."""
    card = directory.device(head.by)
    if card is None or directory.revoked_upto(head.by) is not None:
        return False
    is_above = head.region.startswith(card.org) and card.org != head.region
    return is_above and (len(card.org) == COUNTY or head.aud.endswith(f":{Audience.OPEN}"))


class Opening:
    """Snapshots of one pack, each opened as often as it is needed again: they are too large to lie about."""

    def __init__(self, pack: Pack, identities: Sequence[str], holds: Holds) -> None:
        self._pack = pack

        @lru_cache(OPENED_AT_ONCE)
        def opened(snapshot_id: str) -> Snapshot:
            found = open_snapshot(pack.snapshot(snapshot_id), identities, holds)
            if tuple(found.plains) != pack.head.snapshots[snapshot_id]:
                raise SegmentReaddressed("a snapshot of other segments than the header says")
            return found

        self._opened = opened

    def all(self, known: Set[str]) -> Iterator[tuple[str, Snapshot]]:
        """Yield those that are for us and stand for anything that is not known.

        Raises:
            NotTaken: One of its kinds: one of them is damaged or forged.
        """
        for snapshot_id, segments in self._pack.head.snapshots.items():
            if not known >= set(segments):
                with suppress(NotForUs, PackFromNewer):
                    yield snapshot_id, self._opened(snapshot_id)

    def plain(self, snapshot_id: str, segment_id: str) -> bytes:
        """Return a segment as its author signed it."""
        return self._opened(snapshot_id).plains[segment_id]


class Kept(msgspec.Struct, frozen=True):
    """A snapshot that lies ready: its id, its bytes, for which audience and keys, and the segments it stands for."""

    id: str
    size: int
    aud: str
    to: tuple[str, ...]
    segments: tuple[str, ...]


class Snapshots:
    """Makes snapshots and keeps them ready in a folder; they can be made anew at any time, and what has to be erased
    goes with the folder."""

    def __init__(self, postbox: Postbox, seal: Seal, folder: Path) -> None:
        self._postbox = postbox
        self._seal = seal
        self._folder = folder

    def content(self, snapshot_id: str) -> bytes:
        """Return the sealed bytes of one that lies ready.

        Raises:
            NotSaved: The disk does not give it.
        """
        try:
            return self._file(snapshot_id).read_bytes()
        except OSError as error:
            raise NotSaved(str(error)) from error

    def of(
        self, region: str, parcels: Sequence[Parcel], directory: Directory, stop: Stop = lambda: False
    ) -> list[Kept]:
        """Return snapshots that stand for these segments of a region, or for most of them; those that lie ready are
        taken, and more are made when it is worth it.

        Raises:
            NotSaved: The disk would not take them.
            CarryStopped: Somebody said stop; what was made is kept.
        """
        audience = f"{region}:{Audience.COUNTY}"
        recipients = directory.recipients(region, Audience.COUNTY)
        to = key_ids(recipients)
        wanted = {one.id for one in parcels}
        kept = [one for one in self._kept() if (one.aud, one.to) == (audience, to) and wanted.issuperset(one.segments)]
        kept = _apart(kept)
        left = wanted.difference(*(one.segments for one in kept))
        if len(left) >= FEWEST:
            rest = sorted((one for one in parcels if one.id in left), key=lambda one: (one.stream, one.last))
            for held in _cut(self._opened(rest, stop)):
                content = seal_snapshot(audience, held, directory.device_id, self._seal.sign, recipients)
                kept.append(self._keep(audience, to, [one.id for one, _ in held], content))
        return kept

    def _opened(self, parcels: Iterable[Parcel], stop: Stop) -> Iterator[tuple[Held, bytes]]:
        ways, secrets = suite(), opening(self._postbox.identities())
        for one in parcels:
            if stop():
                raise CarryStopped
            with suppress(NotForUs, PackFromNewer):
                plain = ways.unsqueeze(ways.unseal(self._postbox.content(one.id), secrets), MOST_PLAIN)
                if len(plain) <= ENOUGH:  # what is large by itself gains nothing
                    yield Held(one.id, one.size, len(plain)), plain

    def _file(self, snapshot_id: str) -> Path:
        return _named(self._folder, snapshot_id)

    @property
    def _index(self) -> Path:
        return self._folder / INDEX

    def _kept(self) -> list[Kept]:
        """Return what lies ready and is whole."""
        whole = []
        for one in _listed(self._index):
            with suppress(NotSaved):
                if suite().digest(self.content(one.id)) == one.id:
                    whole.append(one)
        return whole

    def _keep(self, audience: str, to: tuple[str, ...], segments: Sequence[str], content: bytes) -> Kept:
        made = Kept(suite().digest(content), len(content), audience, to, tuple(segments))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file(made.id).write_bytes(content)
            before = self._kept()
            stale = [one for one in before if one.aud == audience and (one.to != to or not _are_apart(one, made))]
            self._index.write_bytes(msgspec.json.encode([*(one for one in before if one not in stale), made]))
            for one in stale:
                self._file(one.id).unlink(missing_ok=True)
        except OSError as error:
            raise NotSaved(str(error)) from error
        return made


def ready_elsewhere(folder: Path, own: Path, gone: frozenset[str]) -> frozenset[Path]:
    """Return the files of snapshots that lie ready beneath a folder for others than our `own`, and hold nothing of what
    is gone: whoever has them may be about to send them."""
    files = set[Path]()
    for index in folder.rglob(INDEX):
        if index.parent != own:
            files |= {index, *(_named(index.parent, one.id) for one in _listed(index) if gone.isdisjoint(one.segments))}
    return frozenset(files)


def _named(folder: Path, snapshot_id: str) -> Path:
    return folder / f"{snapshot_id}.age"


def _listed(index: Path) -> list[Kept]:
    try:
        return msgspec.json.decode(index.read_bytes(), type=list[Kept])
    except (OSError, msgspec.MsgspecError):
        return []


def _cut(held: Iterable[tuple[Held, bytes]]) -> Iterator[list[tuple[Held, bytes]]]:
    """Yield opened segments, so many together as make a snapshot."""
    some: list[tuple[Held, bytes]] = []
    size = 0
    for one, plain in held:
        if some and size + len(plain) > ENOUGH:
            yield some
            some, size = [], 0
        some.append((one, plain))
        size += len(plain)
    if some:
        yield some


def _are_apart(one: Kept, other: Kept) -> bool:
    return set(one.segments).isdisjoint(other.segments)


def _apart(kept: Collection[Kept]) -> list[Kept]:
    """Return those of them that stand for nothing twice."""
    found: list[Kept] = []
    for one in kept:
        if all(_are_apart(one, other) for other in found):
            found.append(one)
    return found
