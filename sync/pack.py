"""A pack (院坝交换包): segments, pictures and statements of anybody in one signed file. See `FORMAT.md` 5 to 7.

Packs mean nothing themselves: losing, repeating, splitting or mixing them changes nothing. One is read through
whole, every byte of it accounted for, before anything of it is given out; then its parts are read as they are asked
for, and hashed again, because a stick may change its mind.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Annotated, Any, BinaryIO, Literal

import msgspec
from msgspec import Meta

from app.domain.errors import PackCutShort, PackForged, PackFromNewer, PackSpoilt, PackTooLarge, SegmentSpoilt
from app.ports import Freight, Have, Signature
from sync import piece
from sync.archive import BLOCK, MOST_BYTES, ArchiveWriter, Member, read_member, room_of, walk
from sync.plain import NotPlain, read_plain
from sync.segment import MOST_SEALED, Class, Count, Hash, Number, SegmentHead, Stream, entry_of, read_entry
from sync.statement import MOST_BYTES as MOST_STATEMENT
from sync.suite import Sign, pae, suite

FORMAT, VERSION = "yuanba-pack", (1, 0)
MAGIC, FIRST = "0=yuanba_pack_", "0=yuanba_pack_1"
SIGNED_AS = "application/vnd.yuanba.manifest.v1"
CHUNK = 4 << 20
MOST = {
    "first": BLOCK,
    "header": 8 << 20,
    "dir": MOST_STATEMENT,
    "rcpt": MOST_STATEMENT,
    "snap": MOST_SEALED,
    "seg": MOST_SEALED,
    "blob": CHUNK + (64 << 10),
    "manifest": 32 << 20,
    "dsse": 48 << 20,
}
"""How large each kind of entry may be; the kinds stand in the order in which they come."""

Content = bytes | Callable[[], bytes]
"""Bytes, or what fetches them when their turn comes."""
Carried = tuple[str, SegmentHead, Content] | tuple[str, SegmentHead, Content, int]
"""A segment to be packed: id, head, content, and its size if that is known; else it is fetched twice."""
_NAMES = {
    "first": re.compile(re.escape(FIRST)),
    "header": re.compile(r"header\.json"),
    "dir": re.compile(r"dir/([0-9a-f]{64})\.json"),
    "rcpt": re.compile(r"rcpt/([0-9a-f]{64})\.json"),
    "snap": re.compile(r"snap/([0-9a-f]{64})\.age"),
    "seg": re.compile(r"seg/([0-9a-f]{64})\.age"),
    "blob": re.compile(r"blob/([0-9a-f]{64})/(0|[1-9][0-9]{0,6})\.age"),
    "manifest": re.compile(r"manifest\.json"),
    "dsse": re.compile(r"manifest\.dsse"),
}
_ONCE = ("first", "header", "manifest", "dsse")
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class PackHead:
    """What stands in the clear: where it comes from, where it goes, what the packer has. No content, no villager.

    `key` is the packing device's public key. `segs` are (id, head, size), as far as a head is known outside,
    `blobs` the pictures of which there are pieces, `snapshots` by their ids the segments that each stands for.
    `extra` holds what a newer version wrote and this one does not know.
    """

    key: str
    made_wall: str
    to: tuple[str, ...]
    number: int = 1
    packer_name: str = ""
    clock: Mapping[str, Any] = field(default_factory=lambda: {"quality": "unset"})
    via: tuple[str, ...] = ()
    parts_set: str = "0" * 32
    part: int = 1
    parts: int = 1
    have: Have = field(default_factory=dict)
    needs: Have = field(default_factory=dict)
    segs: tuple[tuple[str, SegmentHead, int], ...] = ()
    suite: str = "A"
    extra: Mapping[str, Any] = field(default_factory=dict)
    blobs: tuple[Freight, ...] = ()
    snapshots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def device(self) -> str:
        """Return the id of the device that packed."""
        return suite(self.suite).fingerprint(self.key)


@dataclass(frozen=True, slots=True)
class PackWritten:
    """What was written: how many bytes, their SHA-256, how many entries, the ids of the segments."""

    size: int
    digest: str
    entries: int
    segments: tuple[str, ...]


class Pack:
    """A pack that was found whole and rightly signed. Its parts come from the file as they are asked for."""

    def __init__(self, file: BinaryIO, head: PackHead, members: Iterable[Member]) -> None:
        self._file = file
        self.head = head
        self.key = head.key
        self.device = head.device
        self._members = {member.name: member for member in members}
        self._pieces: dict[str, dict[int, Member]] | None = None

    def statements(self) -> Iterator[bytes]:
        """Return the statements of the directory, by rising id."""
        return self._contents("dir/")

    def receipts(self) -> Iterator[bytes]:
        """Return the receipts, by rising id."""
        return self._contents("rcpt/")

    @property
    def words(self) -> int:
        """Return how many bytes of words it brings, sealed: segments and snapshots."""
        return sum(member.size for name, member in self._members.items() if name.startswith(("seg/", "snap/")))

    def snapshot(self, snapshot_id: str) -> bytes:
        """Return the sealed bytes of one snapshot of this pack."""
        return read_member(self._file, self._members[f"snap/{snapshot_id}.age"])

    def segments(self) -> Iterator[tuple[str, SegmentHead, bytes]]:
        """Return the segments in the order of the header: id, what stood outside, sealed bytes."""
        for segment_id, head, _ in self.head.segs:
            yield segment_id, head, self.segment(segment_id)

    def segment(self, segment_id: str) -> bytes:
        """Return the sealed bytes of one segment of this pack."""
        return read_member(self._file, self._members[f"seg/{segment_id}.age"])

    def blobs(self) -> Iterator[tuple[str, bytes]]:
        """Return the pieces of pictures and files, by rising id and number: name (`<id>/<n>`) and sealed bytes."""
        for name, member in self._members.items():
            if name.startswith("blob/"):
                yield name[5:-4], read_member(self._file, member)

    def pieces(self, blob_id: str) -> dict[int, Callable[[], bytes]]:
        """Return of a picture which pieces are here, each as what reads its sealed bytes."""
        if self._pieces is None:
            self._pieces = {}
            for name, member in self._members.items():
                if name.startswith("blob/"):
                    _, found, number = name[:-4].split("/")
                    self._pieces.setdefault(found, {})[int(number)] = member
        read = partial(partial, read_member, self._file)
        return {number: read(member) for number, member in self._pieces.get(blob_id, {}).items()}

    def _contents(self, folder: str) -> Iterator[bytes]:
        for name, member in self._members.items():
            if name.startswith(folder):
                yield read_member(self._file, member)


class _Parts(msgspec.Struct, frozen=True):
    """One of how many packs that were made together."""

    set: Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
    no: Number
    of: Number


class _Clock(msgspec.Struct, frozen=True):
    """What the packer's clock is worth."""

    quality: Literal["unset", "rtc", "ntp", "receipt"]


_Org = Annotated[str, Meta(pattern=r"\Aorg:[0-9]{2,12}\Z")]
_Ranges = dict[Stream, dict[Class, list[Annotated[list[Number], Meta(min_length=2, max_length=2)]]]]
_Version = tuple[Count, Count]


class _Age(msgspec.Struct, frozen=True):
    """What of the header every version can read."""

    format: Literal["yuanba-pack"]
    v: _Version
    min_reader: _Version


class _Stands(msgspec.Struct, frozen=True):
    """For which segments a snapshot stands."""

    id: Hash
    held: Annotated[tuple[Hash, ...], Meta(min_length=1)]


class _Head(msgspec.Struct, frozen=True):
    """The header as it is written."""

    format: Literal["yuanba-pack"]
    v: _Version
    min_reader: _Version
    suite: str
    packer: str
    key: Hash
    made_wall: str
    clock: _Clock
    to: tuple[_Org, ...]
    via: tuple[_Org, ...]
    parts: _Parts
    number: Number
    have: _Ranges
    needs: _Ranges
    segs: list[Any]
    packer_name: str = ""
    blobs: list[Any] = []
    snapshots: list[_Stands] = []


def write_pack(
    file: BinaryIO,
    head: PackHead,
    statements: Iterable[bytes],
    receipts: Iterable[bytes],
    segments: Iterable[Carried],
    blobs: Iterable[tuple[str, Content]],
    sign: Sign,
    snapshots: Mapping[str, Content] | None = None,
) -> PackWritten:
    """Write a pack to an open file, one part after the other; `blobs` (`<id>/<n>`) come by rising id and number,
    `snapshots` are named by their ids.

    Durability is for whoever opened the file. What was written before an error is no pack.

    Raises:
        PackTooLarge: It does not fit into one pack.
        SegmentSpoilt: A segment is not the one of its id any more.
    """
    carried = _sized(segments)
    head = replace(head, segs=tuple((segment_id, route, size) for segment_id, route, _, size in carried))
    out = ArchiveWriter(file)
    _add(out, "first", FIRST, FIRST[2:].encode() + b"\n")
    _add(out, "header", "header.json", _written(head))
    for folder, files in (("dir", statements), ("rcpt", receipts)):
        ways = suite(head.suite)
        for digest, raw in sorted({ways.digest(raw): raw for raw in files}.items()):
            _add(out, folder, f"{folder}/{digest}.json", raw)
    for snapshot_id, content in sorted((snapshots or {}).items()):
        _add(out, "snap", f"snap/{snapshot_id}.age", _fetched(content))
        if out.members[-1].digest != snapshot_id:
            raise SegmentSpoilt("not the bytes of its id")
    for segment_id, _, content, size in carried:
        _add(out, "seg", f"seg/{segment_id}.age", _fetched(content))
        if (out.members[-1].digest, out.members[-1].size) != (segment_id, size):
            raise SegmentSpoilt("not the bytes of its id")
    last = ""
    for name, content in blobs:
        if _rank("blob", f"blob/{name}.age") <= last:
            raise ValueError(f"{name} comes after {last}")
        last = _rank("blob", f"blob/{name}.age")
        _add(out, "blob", f"blob/{name}.age", _fetched(content))
    return _signed_off(out, head, sign, tuple(segment_id for segment_id, *_ in carried))


def read_pack(file: BinaryIO) -> Pack:
    """Read through a pack and return it once every byte has been accounted for.

    Nothing is said of whether the packer is one of ours, nor opened what is sealed: the directory and
    `sync.segment` do that. The file stays open as long as the pack is read.

    Raises:
        NotTaken: One of its kinds; nothing of the pack is to be used.
    """
    kinds: dict[str, list[Member]] = {kind: [] for kind in MOST}
    members: list[Member] = []
    last = (-1, "")
    for member in walk(file, MAGIC):
        last = _check_place(member, last)
        kinds[list(MOST)[last[0]]].append(member)
        members.append(member)
    if not kinds["dsse"]:
        raise PackCutShort("ends before its manifest")
    if any(len(kinds[kind]) != 1 for kind in _ONCE):
        raise PackSpoilt("a part is not there, or twice")
    if read_member(file, members[0]) != FIRST[2:].encode() + b"\n":
        raise PackSpoilt("the first entry says something else")
    head = _read_head(read_member(file, members[1]))
    _check_signature(file, members[:-2], members[-2], members[-1], head)
    listed = [(f"seg/{segment_id}.age", size) for segment_id, _, size in head.segs]
    if listed != [(member.name, member.size) for member in kinds["seg"]]:
        raise PackSpoilt("other segments than the header says")
    if [f"snap/{name}.age" for name in head.snapshots] != [member.name for member in kinds["snap"]]:
        raise PackSpoilt("other snapshots than the header says")
    return Pack(file, head, members)


def room_for(head: PackHead) -> int:
    """Return how many bytes a pack with this header has for what it carries, a signature of its size kept free."""
    return MOST_BYTES - room_of(len(_written(head))) - 16 * BLOCK


def room_taken(size: int, acts: int = 1) -> int:
    """Return how many bytes to reckon for a part of this size, and for a segment that spans so many acts.

    It is itself, what the manifest says of it, and its share of a header that may grow to an eighth of a pack.
    """
    return max(room_of(size) + 768, 3072) + 280 * (acts - 1)


def _sized(segments: Iterable[Carried]) -> list[tuple[str, SegmentHead, Content, int]]:
    carried: dict[str, tuple[str, SegmentHead, Content, int]] = {}
    for segment_id, head, content, *known in segments:
        size = known[0] if known else len(_fetched(content))
        carried.setdefault(segment_id, (segment_id, head, content, size))
    return list(carried.values())


def _fetched(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content()


def _add(out: ArchiveWriter, kind: str, name: str, content: bytes) -> None:
    if not _NAMES[kind].fullmatch(name):
        raise ValueError(f"no name for a part of a pack: {name}")
    if len(content) > MOST[kind]:
        raise PackTooLarge(f"{name} has {len(content)} bytes")
    out.add(name, content)


def _written(head: PackHead) -> bytes:
    """Return header.json."""
    told: dict[str, Any] = {"format": FORMAT, "v": VERSION, "min_reader": VERSION, "suite": head.suite}
    told |= {"packer": f"dev:{head.device}", "key": head.key}
    if head.packer_name:
        told["packer_name"] = head.packer_name
    told |= {"made_wall": head.made_wall, "clock": head.clock, "to": head.to, "via": head.via}
    told["parts"] = {"set": head.parts_set, "no": head.part, "of": head.parts}
    told |= {"number": head.number, "have": head.have, "needs": head.needs}
    told["segs"] = [entry_of(*entry) for entry in head.segs]
    if head.blobs:
        told["blobs"] = [piece.entry_of(one) for one in head.blobs]
    if head.snapshots:
        told["snapshots"] = [_Stands(name, held) for name, held in sorted(head.snapshots.items())]
    raw = _ENCODER.encode(told | {key: value for key, value in head.extra.items() if key not in told})
    _read_head(raw)  # what could not be read again is not written
    return raw


def _signed_off(out: ArchiveWriter, head: PackHead, sign: Sign, ids: tuple[str, ...]) -> PackWritten:
    manifest = _manifest(out.members)
    signature = sign(pae(SIGNED_AS, manifest))
    if signature.key != head.key:
        raise ValueError("the header names another key")
    _add(out, "manifest", "manifest.json", manifest)
    around = _envelope(manifest, head.device)
    _add(out, "dsse", "manifest.dsse", around[0] + b64encode(bytes.fromhex(signature.signature)) + around[1])
    entries = len(out.members)
    digest = out.close()
    return PackWritten(out.size, digest, entries, ids)


def _manifest(members: Iterable[Member]) -> bytes:
    return b"[%b]" % b",".join(
        b'["%b",%d,"%b"]' % (member.name.encode(), member.size, member.digest.encode()) for member in members
    )


def _envelope(manifest: bytes, device: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the signature in manifest.dsse."""
    before = b'{"payloadType":"%b","payload":"%b","signatures":[{"keyid":"%b","sig":"'
    return before % (SIGNED_AS.encode(), b64encode(manifest), device.encode()), b'"}]}'


def _check_place(member: Member, last: tuple[int, str]) -> tuple[int, str]:
    """Return where an entry stands in the order of a pack, which must be after the one before it."""
    kind = next((kind for kind, name in _NAMES.items() if name.fullmatch(member.name)), None)
    if kind is None:
        if member.name.startswith(MAGIC):
            raise PackFromNewer(member.name)
        raise PackSpoilt(f"an entry that no pack has: {member.name}")
    if member.size > MOST[kind]:
        raise PackTooLarge(f"{member.name} has {member.size} bytes")
    place = (list(MOST).index(kind), _rank(kind, member.name))
    if place[0] < last[0] or (place <= last and kind != "seg"):
        raise PackSpoilt(f"{member.name} stands in the wrong place")
    if kind in ("dir", "rcpt", "snap", "seg") and member.digest not in member.name:
        raise PackSpoilt(f"{member.name} has other bytes")
    return place


def _rank(kind: str, name: str) -> str:
    """Return what the entries of one kind are sorted by."""
    if kind != "blob":
        return name
    found = _NAMES["blob"].fullmatch(name)
    if found is None:
        raise ValueError(f"no name for a piece of a file: {name}")
    return f"{found[1]}/{found[2]:0>7}"


def _read_head(raw: bytes) -> PackHead:
    """Read header.json."""
    try:
        told = read_plain(raw)
        age = msgspec.convert(told, _Age)
        if age.min_reader > VERSION or age.v[0] > VERSION[0]:
            raise PackFromNewer(f"written as {age.v} for readers from {age.min_reader}")
        found = msgspec.convert(told, _Head)
        segs = tuple(read_entry(entry) for entry in found.segs)
        blobs = tuple(piece.read_entry(entry) for entry in found.blobs)
    except (NotPlain, msgspec.ValidationError) as error:
        raise PackSpoilt(str(error)) from error
    twice = len({one.id for one in found.snapshots}) != len(found.snapshots)
    if (
        twice
        or len({segment_id for segment_id, *_ in segs}) != len(segs)
        or len({one.id for one in blobs}) != len(blobs)
    ):
        raise PackSpoilt("a segment or a picture is listed twice")
    if found.packer != f"dev:{suite(found.suite).fingerprint(found.key)}":
        raise PackForged("the packer's id is not that of its key")
    parts = (found.parts.set, found.parts.no, found.parts.of)
    routing = (told["clock"], found.via, *parts, found.have, found.needs, segs, found.suite)
    extra = {key: value for key, value in told.items() if key not in _Head.__struct_fields__}
    held = {one.id: one.held for one in found.snapshots}
    told_by = (found.key, found.made_wall, found.to, found.number, found.packer_name, *routing)
    return PackHead(*told_by, extra, blobs, held)


def _check_signature(file: BinaryIO, before: list[Member], manifest: Member, dsse: Member, head: PackHead) -> None:
    raw = _manifest(before)
    if read_member(file, manifest) != raw:
        raise PackSpoilt("the manifest is not what the pack holds")
    start, end = _envelope(raw, head.device)
    signed = read_member(file, dsse)
    if not (signed.startswith(start) and signed.endswith(end)):
        raise PackSpoilt("the envelope is not that of the manifest")
    text = signed[len(start) : -len(end)]
    try:
        signature = b64decode(text, validate=True)
    except ValueError as error:
        raise PackForged(str(error)) from error
    holds = suite(head.suite).holds(pae(SIGNED_AS, raw), Signature(head.key, signature.hex()))
    if b64encode(signature) != text or not holds:
        raise PackForged("the signature does not hold")
