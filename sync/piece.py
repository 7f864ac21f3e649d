"""A piece of a picture or file: at most 4 MiB of it, sealed for itself, with what its author signed. See `FORMAT.md` 8.

The id of a picture is keyed by the home that took it, so nobody else can make it anew from the content. Its author
signs a letter instead: the id, the size, the hash of every piece. The letter stands in each of them, sealed too, so
that any piece proves itself, in whatever order they come, and whoever carries them can guess at nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.domain.errors import NotTaken
from app.ports import Freight, Signature
from sync.plain import NotPlain, read_plain
from sync.segment import Act, Device, Hash, Number, Public
from sync.suite import Holds, Sign, pae, suite

FORMAT, VERSION = "yuanba-blob", 1
SIGNED_AS = "application/vnd.yuanba.blob.v1"
PIECE = 4 << 20
MOST_PIECES = 512
SMALL = 32 << 10
"""What is no larger is a thumbnail or as good as one, and travels with the text."""
Spans = list[list[int]]
_Size = Annotated[int, Meta(ge=0, le=MOST_PIECES * PIECE)]
_ENCODER = msgspec.json.Encoder()


class PieceSpoilt(Exception):
    """A piece that is not what its author made. It is left out and asked for again; nothing else suffers from it."""


class _Letter(msgspec.Struct, frozen=True):
    """What the author says of the whole."""

    format: str
    v: Number
    min_reader: Number
    suite: str
    id: Hash
    dev: Device
    aud: Public
    act: Act
    among: Number
    size: _Size
    pieces: tuple[Hash, ...]


class _Entry(msgspec.Struct, frozen=True):
    """What stands of a picture in the clear, in the header of a pack."""

    id: Hash
    dev: Device
    aud: Public
    act: Act
    among: Number
    size: _Size


def count_of(size: int) -> int:
    """Return of how many pieces something of this size is."""
    return max(1, -(-size // PIECE))


def length_of(size: int, number: int) -> int:
    """Return how long a piece is."""
    return max(0, min(PIECE, size - number * PIECE))


def letter_of(freight: Freight, hashes: Iterable[str], sign: Sign, letter: str = "A") -> bytes:
    """Return the two lines with which an author vouches for a picture, from the hashes of its pieces."""
    told = _Letter(
        FORMAT,
        VERSION,
        VERSION,
        letter,
        freight.id,
        freight.device,
        f"{freight.region}:{freight.audience}",
        freight.act,
        freight.among,
        freight.size,
        tuple(hashes),
    )
    line = _ENCODER.encode(told) + b"\n"
    signature = sign(pae(SIGNED_AS, line))
    return b'%b{"key":"%b","sig":"%b"}\n' % (line, signature.key.encode(), signature.signature.encode())


def seal_piece(letter: bytes, content: bytes, recipients: Sequence[str]) -> bytes:
    """Return a piece as it travels."""
    return suite().seal(letter + content, recipients)


def open_piece(
    sealed: bytes, freight: Freight, number: int, secrets: Sequence[str], holds: Holds, known: bytes = b""
) -> tuple[bytes, bytes]:
    """Return the letter and the content of a piece; `known` is a letter that has been checked already.

    Raises:
        NotForUs: None of the secrets opens it.
        PieceSpoilt: It is damaged, or of something else than stands outside.
        PackFromNewer: It needs a newer reader.
    """
    try:
        plain = suite().unseal(sealed, secrets)
    except NotTaken as error:
        if error.code == "X-507":
            raise
        raise PieceSpoilt(str(error)) from error
    cut = plain.find(b"\n", plain.find(b"\n") + 1) + 1
    letter, content = plain[:cut], plain[cut:]
    hashes = _hashes(letter) if letter == known else _checked(letter, freight, holds)
    if len(hashes) != count_of(freight.size) or len(content) != length_of(freight.size, number):
        raise PieceSpoilt("not as long as it says")
    if hashlib.sha256(content).hexdigest() != hashes[number]:
        raise PieceSpoilt("other bytes than its author signed")
    return letter, content


def _hashes(letter: bytes) -> tuple[str, ...]:
    try:
        return msgspec.json.decode(letter.partition(b"\n")[0], type=_Letter).pieces
    except msgspec.MsgspecError as error:
        raise PieceSpoilt(str(error)) from error


def _checked(letter: bytes, freight: Freight, holds: Holds) -> tuple[str, ...]:
    """Return the hashes that a letter tells, once it has been found to be its author's and about this picture."""
    line, signed = letter.splitlines(keepends=True)[:2] if letter.count(b"\n") == 2 else (b"", b"")
    try:
        read_plain(line.rstrip(b"\n"))
        told = msgspec.json.decode(line, type=_Letter)
        signature = msgspec.json.decode(signed, type=_Signed)
    except (NotPlain, msgspec.MsgspecError, UnicodeError) as error:
        raise PieceSpoilt(str(error)) from error
    if (told.format, told.suite) != (FORMAT, "A") or told.min_reader > VERSION:
        raise PieceSpoilt("no letter, or one for newer readers")
    outside = (freight.id, freight.device, f"{freight.region}:{freight.audience}", freight.act)
    if (told.id, told.dev, told.aud, told.act) != outside or (told.among, told.size) != (freight.among, freight.size):
        raise PieceSpoilt("inside and outside tell two things")
    is_signed = holds(pae(SIGNED_AS, line), Signature(signature.key, signature.sig))
    if suite().fingerprint(signature.key) != told.dev or not is_signed:
        raise PieceSpoilt("not signed by its author")
    return told.pieces


class _Signed(msgspec.Struct, frozen=True):
    """The second line."""

    key: Hash
    sig: Annotated[str, Meta(pattern=r"\A[0-9a-f]{128}\Z")]


def entry_of(freight: Freight) -> dict[str, Any]:
    """Return what the header of a pack says of a picture."""
    told = {"id": freight.id, "dev": freight.device, "aud": f"{freight.region}:{freight.audience}"}
    return told | {"act": freight.act, "among": freight.among, "size": freight.size}


def read_entry(told: object) -> Freight:
    """Return a picture that the header of a pack names.

    Raises:
        NotPlain: It names none.
    """
    try:
        entry = msgspec.convert(told, _Entry)
    except msgspec.ValidationError as error:
        raise NotPlain(str(error)) from error
    region, _, audience = entry.aud.partition(":")
    return Freight(entry.id, entry.dev, region, audience, entry.act, entry.among, entry.size)


def spans_of(numbers: Iterable[int]) -> Spans:
    """Return whole numbers as ranges without a gap between."""
    spans: Spans = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return spans


def numbers_in(spans: Iterable[Sequence[int]]) -> frozenset[int]:
    """Return the numbers of pieces in ranges; what no picture has is left out."""
    return frozenset(
        number
        for span in spans
        if len(span) == 2
        for number in range(max(0, span[0]), min(span[1], MOST_PIECES - 1) + 1)
    )
