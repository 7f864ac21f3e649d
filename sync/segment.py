"""A segment: a run of ops of one stream for one audience, signed and sealed once, never changed. See `FORMAT.md` 3.

Plaintext is JSON lines: a header, the ops, a signature over all of these. It is squeezed and sealed to the keys of
its audience; its id is the hash of the sealed bytes. A line is kept byte for byte as its author wrote it, whatever
unknown keys it has, so that an older program passes on what it does not understand.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from app.domain.errors import (
    PackFromNewer,
    PackTooLarge,
    SegmentForged,
    SegmentReaddressed,
    SegmentSpoilt,
)
from app.domain.op import Base, Op, Version
from app.ports import Signature
from sync.plain import DEEPEST, GREATEST, NotPlain, ensure_plain, read_plain
from sync.suite import Holds, Sign, Suite, key_ids, pae, suite

FORMAT, VERSION = "yuanba-segment", 1
SIGNED_AS = "application/vnd.yuanba.segment.v1"
MOST_SEALED, MOST_PLAIN = 4 << 20, 16 << 20
"""Limits of every segment: hostile lines take twenty times their length of memory. Writers do well to cut at a MiB or
two of lines."""

Count = Annotated[int, Meta(ge=0, le=GREATEST)]
Whole = Annotated[int, Meta(ge=-GREATEST, le=GREATEST)]
Number = Annotated[int, Meta(ge=1, le=GREATEST)]
Text = Annotated[str, Meta(min_length=1)]
Device = Annotated[str, Meta(pattern=r"\A[0-9a-f]{16}\Z")]
Stream = Annotated[str, Meta(pattern=r"\A[0-9a-f]{16}/[1-9][0-9]{0,15}(?:~[0-9a-f]{8})?\Z")]
"""A stream as ops and packs name it: `<device>/<incarnation>`, and `~` with the first digits of an act for a branch."""
Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Act = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Class = Annotated[str, Meta(pattern=r"\A[OCT]\Z")]
Public = Annotated[str, Meta(pattern=r"\A(?:[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}):[OCT]\Z")]

_SIGNED = re.compile(rb'\{"key":"([0-9a-f]{64})","sig":"([0-9a-f]{128})"\}')
_FLAT = frozenset((str, int, bool, type(None)))
_NONE: frozenset[str] = frozenset()


class SegmentUnvouched(SegmentForged):
    """It was made anew because something had to be erased, and nobody who may say so has said so: it is left out."""


@dataclass(frozen=True, slots=True)
class SegmentHead:
    """What a segment says of itself. `first` and `last` bound the numbers of its ops; `acts` are the acts of sealing
    it spans and `after` the one before them; `prev` is the hash of the plaintext before it in its lane.

    Of a segment that was made anew because something had to be erased, `replaces` is the id of the one that its author
    sealed, `was` the hash of that one's plaintext, and `by` the device that made it anew and signed."""

    device: str
    incarnation: int
    first: int
    last: int
    acts: tuple[str, ...]
    after: str | None
    prev: str | None
    audience: str
    to: tuple[str, ...]
    schema: str
    app: str
    min_reader: int = 1
    replaces: str = ""
    by: str = ""
    was: str = ""

    @property
    def stream(self) -> str:
        """Return the name of the stream."""
        return f"{self.device}/{self.incarnation}"

    @property
    def region(self) -> str:
        """Return the place code of the audience."""
        return self.audience.partition(":")[0]

    @property
    def audience_class(self) -> str:
        """Return O, C or T."""
        return self.audience.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A segment as it travels; `content` are the sealed bytes, `id` their hash."""

    id: str
    head: SegmentHead
    content: bytes
    plain_digest: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment that was opened: its ops, the line of each as it was written, and the key that signed."""

    head: SegmentHead
    ops: tuple[Op, ...]
    key: str
    plain_digest: str
    lines: tuple[bytes, ...]


class _Head(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first line."""

    format: str
    v: Number
    min_reader: Number
    suite: str
    dev: Device
    incarnation: Number
    first: Number
    last: Number
    acts: Annotated[tuple[Act, ...], Meta(min_length=1)]
    after: Act | None
    prev: Hash | None
    aud: Public
    to: Annotated[tuple[Device, ...], Meta(min_length=1)]
    schema: str
    app: str
    replaces: Hash | None = None
    by: Device | None = None
    was: Hash | None = None


class _Entry(msgspec.Struct, frozen=True):
    """What stands of a segment in the clear, in the header of a pack."""

    id: Hash
    dev: Device
    incarnation: Number
    first: Number
    last: Number
    aud: Public
    acts: Annotated[tuple[Act, ...], Meta(min_length=1)]
    after: Act | None
    size: Annotated[int, Meta(ge=1, le=MOST_SEALED)]


Value = str | Whole | bool | list[Any] | dict[str, Any] | None
Seen = tuple[tuple[Count, Stream, Number], ...]


class _Line(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The line of an op. What is left out of the first seven is as in the line before; `s` and `b` have short forms."""

    n: Number | UnsetType = UNSET
    l: Count | UnsetType = UNSET  # noqa: E741  (the name it has in the file)
    t: str | UnsetType = UNSET
    u: str | UnsetType = UNSET
    a: str | UnsetType = UNSET
    k: Text | UnsetType = UNSET
    i: Text | UnsetType = UNSET
    s: dict[str, Value] | list[Value] | UnsetType = UNSET
    b: dict[str, Seen] | Seen | UnsetType | None = UNSET
    c: str = ""
    v: dict[Stream, Count] | None = None
    h: tuple[str, ...] = ()
    x: tuple[str, ...] = ()
    e: tuple[str, ...] = ()


_ENCODER = msgspec.json.Encoder()
_LINE = msgspec.json.Decoder(_Line)


def op_line(op: Op) -> bytes:
    """Return the line of an op that stands alone, without its end.

    Raises:
        NotPlain: A field has a value that does not travel: a fraction, or something too deep.
    """
    return LineWriter().line(op)


def read_op(line: bytes, stream: str, audience_class: str) -> Op:
    """Read the line of an op that stands alone, which was written for one audience.

    Raises:
        SegmentSpoilt: It is no such line.
    """
    return next(_ops_of(stream, audience_class, _lines(line + b"\n")))


class LineWriter:
    """Writes the lines of one segment, each without what the line before has said already."""

    def __init__(self) -> None:
        self._seq = self._lamport = -1
        self._wall: str | None = None
        self._who: str | None = None
        self._act: str | None = None
        self._kind = ""
        self._names: dict[str, tuple[str, ...]] = {}

    def line(self, op: Op) -> bytes:
        """Return the line of the next op, without its end.

        Raises:
            NotPlain: A field has a value that does not travel: a fraction, or something too deep.
        """
        sets = op.sets
        if op.erased:
            sets = {name: value for name, value in sets.items() if name not in op.erased}
        if not _FLAT.issuperset(map(type, sets.values())):
            ensure_plain(sets, DEEPEST - 1)
        step = op.seq - self._seq
        line = _Line(
            UNSET if step == 1 else op.seq,
            UNSET if op.lamport - self._lamport == step and self._wall is not None else op.lamport,
            UNSET if op.wall == self._wall else op.wall,
            UNSET if op.who == self._who else op.who,
            UNSET if op.act == self._act else op.act,
            UNSET if op.kind == self._kind else op.kind,
            op.record_id,
            self._values(op.kind, sets),
            _short(op.base, sets),
            op.correction,
            op.seen,
            op.holds,
            tuple(sorted(op.masked)) if op.masked else (),
            tuple(sorted(op.erased)) if op.erased else (),
        )
        self._seq, self._lamport, self._kind = op.seq, op.lamport, op.kind
        self._wall, self._who, self._act = op.wall, op.who, op.act
        return _ENCODER.encode(line)

    def _values(self, kind: str, sets: dict[str, Any]) -> dict[str, Any] | list[Any]:
        names = tuple(sets)
        if self._names.get(kind) == names:
            return list(sets.values())
        self._names[kind] = names
        return sets


def _short(base: Base | None, sets: Mapping[str, Any]) -> Base | tuple[Version, ...] | None:
    """Return a base as it is written: once, when it is the same for each of the fields that are set and no other."""
    if not base or base.keys() != sets.keys():
        return base
    first, *rest = base.values()
    return first if all(one == first for one in rest) else base


def seal_segment(
    head: SegmentHead,
    lines: Iterable[bytes],
    sign: Sign,
    recipients: Sequence[str],
    letter: str = "A",
    *,
    is_ours: bool = False,
) -> Sealed:
    """Sign the lines and seal them to the recipients, whose key ids become the head's `to`.

    Lines that a `LineWriter` wrote just now, of ops in their order, are not read again as whole ops (`is_ours`).

    Raises:
        PackTooLarge: There is more than a segment holds: cut it.
        SegmentSpoilt: A line is none that could be read again.
    """
    ways = suite(letter)
    head = replace(head, to=key_ids(recipients, letter))
    body = b"\n".join(lines)
    body = body + b"\n" if body else b""
    _check_ours(body) if is_ours else _ops(head, body)
    signed = b"%b\n%b" % (_ENCODER.encode(_head_struct(head, letter)), body)
    signature = sign(pae(SIGNED_AS, signed))
    plain = b'%b{"key":"%b","sig":"%b"}\n' % (signed, signature.key.encode(), signature.signature.encode())
    squeezed = ways.squeeze(plain)
    content = ways.seal(squeezed, recipients)
    if len(plain) > MOST_PLAIN or len(content) > MOST_SEALED or ways.is_bomb(len(plain), len(squeezed)):
        raise PackTooLarge(f"{len(plain)} bytes of lines, {len(content)} sealed")
    return Sealed(ways.digest(content), head, content, ways.digest(plain))


def open_segment(
    content: bytes,
    identities: Sequence[str],
    holds: Holds,
    expected_id: str | None = None,
    entry: SegmentHead | None = None,
    letter: str = "A",
    reissues: Container[tuple[str, str, str]] = (),
) -> Segment:
    """Open a sealed segment and check that it is whole, signed by the device it names, and sealed for its readers.

    Whether that device is one of ours is for the directory to say. With `entry`, what stood outside is compared. One
    that was made anew must be among `reissues`: (the segment its author sealed, itself, who made it anew).

    Raises:
        NotForUs: No identity fits.
        SegmentSpoilt, PackTooLarge, PackFromNewer: It cannot be read.
        SegmentForged: Another key signed, or none.
        SegmentUnvouched: It was made anew, and nobody who may say so has said so.
        SegmentReaddressed: It was sealed for others, or is not what stood outside.
    """
    ways = suite(letter)
    if len(content) > MOST_SEALED:
        raise PackTooLarge(f"{len(content)} bytes sealed")
    if expected_id is not None and ways.digest(content) != expected_id:
        raise SegmentSpoilt("not the bytes of its name")
    plain = ways.unsqueeze(ways.unseal(content, identities), MOST_PLAIN)

    def check(head: SegmentHead, key: str) -> None:
        _check_origin(head, key, identities, ways, entry)
        if head.replaces and not is_vouched(head, ways.digest(content), reissues):
            raise SegmentUnvouched("made anew, and nobody vouches for it")

    return _read(plain, holds, letter, check)


def read_plain_segment(
    plain: bytes, segment_id: str, holds: Holds, letter: str = "A", reissues: Container[tuple[str, str, str]] = ()
) -> Segment:
    """Read what a segment of this id is said to hold: whoever opened it and sealed it anew vouches for the id alone,
    and its author's signature for every word of it.

    Raises:
        SegmentSpoilt, PackFromNewer: It cannot be read.
        SegmentForged: Another key signed, or none.
        SegmentUnvouched: It was made anew, and nobody who may say so has said so.
    """

    def check(head: SegmentHead, key: str) -> None:
        _check_signer(head, key, suite(letter))
        if not is_vouched(head, segment_id, reissues):
            raise SegmentUnvouched("made anew, and nobody vouches for it")

    return _read(plain, holds, letter, check)


def read_plain_head(plain: bytes, letter: str = "A") -> SegmentHead:
    """Return the head of an opened segment, whoever signed it.

    Raises:
        SegmentSpoilt, PackFromNewer: It cannot be read.
    """
    return _read_head(plain.partition(b"\n")[0], letter)


def is_vouched(head: SegmentHead, segment_id: str, reissues: Container[tuple[str, str, str]]) -> bool:
    """Return whether a segment is as its author sealed it, or was made anew by somebody who may say so."""
    return not head.replaces or (head.replaces, segment_id, head.by) in reissues


def _read(plain: bytes, holds: Holds, letter: str, check: Callable[[SegmentHead, str], None]) -> Segment:
    """Return an opened segment whose signature holds, once its head has been checked."""
    signed, signature = signed_part(plain)
    if not holds(pae(SIGNED_AS, signed), signature):
        raise SegmentForged("the signature does not hold")
    first, _, body = signed.partition(b"\n")
    head = _read_head(first, letter)
    check(head, signature.key)
    ops = _ops(head, body)
    return Segment(head, ops, signature.key, suite(letter).digest(plain), tuple(body.split(b"\n")[:-1]))


def head_entry(sealed: Sealed) -> dict[str, Any]:
    """Return what the header of a pack says of a segment."""
    return entry_of(sealed.id, sealed.head, len(sealed.content))


def entry_of(segment_id: str, head: SegmentHead, size: int) -> dict[str, Any]:
    """Return what the header of a pack says of a segment of this size."""
    route = (segment_id, head.device, head.incarnation, head.first, head.last, head.audience)
    told = _Entry(*route, head.acts, head.after, size)
    return {name: getattr(told, name) for name in told.__struct_fields__}


def read_entry(told: object) -> tuple[str, SegmentHead, int]:
    """Return the id, what is known of the head, and the size of a segment that the header of a pack names.

    Raises:
        NotPlain: It names none.
    """
    try:
        entry = msgspec.convert(told, _Entry)
    except msgspec.ValidationError as error:
        raise NotPlain(str(error)) from error
    lane = (entry.dev, entry.incarnation, entry.first, entry.last, entry.acts, entry.after)
    head = SegmentHead(*lane, prev=None, audience=entry.aud, to=(), schema="", app="")
    _check_bounds(head, NotPlain)
    return entry.id, head, entry.size


def is_entry_of(entry: SegmentHead, head: SegmentHead) -> bool:
    """Return whether what stands outside a segment is what it says inside, as far as it stands there."""
    return entry == replace(head, prev=None, to=(), schema="", app="", min_reader=1, replaces="", by="", was="")


def _head_struct(head: SegmentHead, letter: str) -> _Head:
    lane = (head.device, head.incarnation, head.first, head.last, head.acts, head.after, head.prev)
    anew = (head.replaces or None, head.by or None, head.was or None)
    told = _Head(FORMAT, VERSION, head.min_reader, letter, *lane, head.audience, head.to, head.schema, head.app, *anew)
    return msgspec.convert(msgspec.to_builtins(told), _Head)  # the limits of each field hold for what we write, too


def signed_part(plain: bytes) -> tuple[bytes, Signature]:
    """Return the lines that were signed, and the signature that stands after them."""
    cut = plain.rfind(b"\n", 0, -1) + 1
    found = _SIGNED.fullmatch(plain, cut, len(plain) - 1)
    if not cut or found is None or not plain.endswith(b"\n"):
        raise SegmentForged("no signature at the end")
    return plain[:cut], Signature(found[1].decode(), found[2].decode())


def _read_head(line: bytes, letter: str) -> SegmentHead:
    try:
        told = read_plain(line)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise SegmentSpoilt("not a segment")
        needs = told.get("min_reader")
        if type(needs) is int and needs > VERSION:
            raise PackFromNewer(f"needs reader {needs}")
        head = msgspec.convert(told, _Head)
    except (NotPlain, msgspec.ValidationError) as error:
        raise SegmentSpoilt(str(error)) from error
    lane = (head.dev, head.incarnation, head.first, head.last, head.acts, head.after, head.prev)
    anew = (head.replaces or "", head.by or "", head.was or "")
    found = SegmentHead(*lane, head.aud, head.to, head.schema, head.app, head.min_reader, *anew)
    _check_bounds(found, SegmentSpoilt)
    if any(anew) and not all(anew):
        raise SegmentSpoilt("made anew, but not said from what, by whom, or what it was")
    if head.suite != letter:
        raise SegmentReaddressed("sealed with another suite")
    return found


def _check_bounds(head: SegmentHead, blame: type[Exception]) -> None:
    if head.first > head.last or len(set(head.acts)) != len(head.acts) or head.after in head.acts:
        raise blame("a run that is none")


def _check_origin(
    head: SegmentHead, key: str, identities: Sequence[str], ways: Suite, entry: SegmentHead | None
) -> None:
    _check_signer(head, key, ways)
    if not any(ways.key_id(ways.public_of(identity)) in head.to for identity in identities):
        raise SegmentReaddressed("not sealed for us by its author")
    if list(head.to) != sorted(set(head.to)):
        raise SegmentSpoilt("recipients out of order")
    if entry is not None and not is_entry_of(entry, head):
        raise SegmentReaddressed("outside says another thing")


def _check_signer(head: SegmentHead, key: str, ways: Suite) -> None:
    if ways.fingerprint(key) != (head.by or head.device):
        raise SegmentForged("signed by another device")


def _ops(head: SegmentHead, body: bytes) -> tuple[Op, ...]:
    """Return the ops of a segment's lines."""
    ops = tuple(_ops_of(head.stream, head.audience_class, _lines(body)))
    last = head.first - 1
    for op in ops:
        if op.seq <= last:
            raise SegmentSpoilt("numbers do not rise")
        last = op.seq
    if last > head.last:
        raise SegmentSpoilt("numbers beyond the last")
    return ops


def _check_ours(body: bytes) -> None:
    """Refuse what a database may hold and a line may not: numbers too great, names that are none."""
    try:
        _LINE.decode_lines(body)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise SegmentSpoilt(str(error)) from error


def _lines(body: bytes) -> list[_Line]:
    """Read op lines. Writing them anew gives the same bytes nearly always, which proves that no key stands twice; lines
    that somebody else wrote (unknown keys, another order) are read a second time by the slow and strict reader."""
    try:
        lines = _LINE.decode_lines(body)
        if _ENCODER.encode_lines(lines) != body:
            raw = body.split(b"\n")
            if raw.pop() or len(raw) != len(lines):
                raise SegmentSpoilt("lines that are none")
            for line in raw:
                read_plain(line)
        for op in lines:
            if op.s is UNSET:
                raise SegmentSpoilt("no values")
            values = op.s.values() if isinstance(op.s, dict) else op.s
            if not _FLAT.issuperset(map(type, values)):
                ensure_plain(op.s, DEEPEST - 1)  # the line itself is one deep
    except (NotPlain, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise SegmentSpoilt(str(error)) from error
    return lines


def _ops_of(stream: str, audience_class: str, lines: Iterable[_Line]) -> Iterator[Op]:
    """Yield the ops of the lines of one segment: what is left out of one is as in the line before.

    Raises:
        SegmentSpoilt: A key is not there, and was not in a line before; or the values are not as many as the names.
    """
    seq = lamport = 0
    wall: Any = UNSET
    who: Any = UNSET
    act: Any = UNSET
    kind: Any = UNSET
    names: dict[str, list[str]] = {}
    for line in lines:
        if not seq and (line.n is UNSET or line.l is UNSET):
            raise SegmentSpoilt("a key that is not there")
        before, seq = seq, seq + 1 if line.n is UNSET else line.n
        lamport = lamport + seq - before if line.l is UNSET else line.l
        wall = wall if line.t is UNSET else line.t
        who = who if line.u is UNSET else line.u
        act = act if line.a is UNSET else line.a
        kind = kind if line.k is UNSET else line.k
        sets: Any = line.s
        record_id: Any = line.i
        base: Any = line.b
        if lamport > GREATEST or wall is UNSET or who is UNSET or act is UNSET or kind is UNSET:
            raise SegmentSpoilt("a key that is not there")
        if record_id is UNSET or sets is UNSET or base is UNSET:
            raise SegmentSpoilt("a key that is not there")
        if type(sets) is dict:
            names[kind] = list(sets)
        else:
            sets = _named(names.get(kind), sets)
        if type(base) is tuple:
            base = dict.fromkeys(sets, base)
        erased = frozenset(line.e) if line.e else _NONE
        if erased:
            sets = _without(sets, line.e)
        masked = frozenset(line.x) if line.x else _NONE
        evidence = (act, who, wall, line.c, line.v, line.h, masked, audience_class, erased)
        yield Op(stream, seq, lamport, kind, record_id, sets, base, *evidence)


def _named(names: list[str] | None, values: list[Any]) -> dict[str, Any]:
    if names is None or len(names) != len(values):
        raise SegmentSpoilt("values without names")
    return dict(zip(names, values, strict=True))


def _without(sets: dict[str, Any], erased: Iterable[str]) -> dict[str, Any]:
    if not sets.keys().isdisjoint(erased):
        raise SegmentSpoilt("a value that was erased")
    return sets | dict.fromkeys(erased)
