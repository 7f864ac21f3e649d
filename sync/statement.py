"""Statements: cards, requests, certificates, grants, revocations, receipts. Clear, small, signed JSON, each a file.

The envelope is DSSE. It is written in one way only, so that the id of a statement, the SHA-256 of its file, is
the id of what was said and by whom. See `FORMAT.md` 4.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.domain.errors import StatementSpoilt
from app.domain.record import is_amid
from app.ports import Signature
from sync.plain import NotPlain, read_plain
from sync.suite import Holds, Sign, pae, suite

MOST_BYTES = 1 << 20
MOST_SIGNERS = 8
_TYPE = re.compile(r"application/vnd\.yuanba\.([a-z][a-z_]{0,30})\.v1")


class _Signed(msgspec.Struct, frozen=True):
    """One signature of an envelope."""

    keyid: str
    key: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    sig: str


class _Envelope(msgspec.Struct, frozen=True, rename="camel"):
    """The file."""

    payload_type: str
    payload: str
    signatures: Annotated[tuple[_Signed, ...], Meta(min_length=1, max_length=MOST_SIGNERS)]


_ENCODER = msgspec.json.Encoder()
_ENVELOPE = msgspec.json.Decoder(_Envelope)


@dataclass(frozen=True, slots=True)
class Statement:
    """What was said, and who signed: the id of each key, and the key."""

    id: str
    kind: str
    body: dict[str, Any]
    signers: tuple[tuple[str, str], ...]
    raw: bytes

    def is_signed_by(self, key: str) -> bool:
        """Return whether this public key signed."""
        return any(key == signer for _, signer in self.signers)


def sign_statement(kind: str, body: dict[str, Any], sign: Sign) -> bytes:
    """Return the file of a statement.

    Raises:
        StatementSpoilt: It would be larger than a statement may be, or of no kind.
    """
    payload = _ENCODER.encode({"kind": kind, **body})
    told = _Envelope(f"application/vnd.yuanba.{kind}.v1", b64encode(payload).decode(), ())
    raw = _with_signature(told, payload, sign)
    _body(payload, _read(raw)[2])
    return raw


def add_signature(raw: bytes, sign: Sign) -> bytes:
    """Return the file of the same statement with one signature more; the same key signs but once.

    Raises:
        StatementSpoilt: It is no statement, or has as many signatures as there may be.
    """
    told, payload, _ = _read(raw)
    return _with_signature(told, payload, sign)


def read_statement(raw: bytes, holds: Holds) -> Statement:
    """Read a statement all of whose signatures hold. Whether its signers may say so is for the directory to tell.

    Raises:
        StatementSpoilt: It is none.
    """
    told, payload, kind = _read(raw)
    words = pae(told.payload_type, payload)
    for signed in told.signatures:
        if not holds(words, Signature(signed.key, _unpacked(signed.sig).hex())):
            raise StatementSpoilt("a signature does not hold")
    signers = tuple((signed.keyid, signed.key) for signed in told.signatures)
    return Statement(suite().digest(raw), kind, _body(payload, kind), signers, raw)


def signed_by(raw: bytes) -> frozenset[str]:
    """Return the keys that signed a statement that was read before."""
    return frozenset(signed.key for signed in _ENVELOPE.decode(raw).signatures)


def words_of(raw: bytes) -> bytes:
    """Return what the files of the same statement have in common, whoever has signed each."""
    return raw.partition(b'"signatures":')[0]


def _with_signature(told: _Envelope, payload: bytes, sign: Sign) -> bytes:
    made = sign(pae(told.payload_type, payload))
    others = [signed for signed in told.signatures if signed.key != made.key]
    if len(others) >= MOST_SIGNERS:
        raise StatementSpoilt("no room for another signature")
    signed = _Signed(suite().fingerprint(made.key), made.key, b64encode(bytes.fromhex(made.signature)).decode())
    return _ENCODER.encode(_Envelope(told.payload_type, told.payload, (*others, signed)))


def _read(raw: bytes) -> tuple[_Envelope, bytes, str]:
    """Return envelope, payload and kind of a file that is written in the one way; signatures are not checked."""
    try:
        told = _ENVELOPE.decode(raw) if len(raw) <= MOST_BYTES else None
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise StatementSpoilt(str(error)) from error
    if told is None or _ENCODER.encode(told) != raw:
        raise StatementSpoilt("too large, or not written in the one way")
    kind = _TYPE.fullmatch(told.payload_type)
    if kind is None or len({signed.key for signed in told.signatures}) != len(told.signatures):
        raise StatementSpoilt("of no kind, or signed twice by one key")
    # The id of a key is not among what is signed: any other than the key's own would make one statement into many.
    if any(signed.keyid != suite().fingerprint(signed.key) for signed in told.signatures):
        raise StatementSpoilt("a key with the id of another")
    return told, _unpacked(told.payload), kind[1]


def _unpacked(text: str) -> bytes:
    """Return what base64 stands for, which could be written in no other way."""
    try:
        found = b64decode(text, validate=True)
    except ValueError as error:
        raise StatementSpoilt(str(error)) from error
    if b64encode(found).decode() != text:
        raise StatementSpoilt("base64 with bits to spare")
    return found


def _body(payload: bytes, kind: str) -> dict[str, Any]:
    try:
        body = read_plain(payload)
    except NotPlain as error:
        raise StatementSpoilt(str(error)) from error
    if not isinstance(body, dict) or body.get("kind") != kind:
        raise StatementSpoilt("says another kind within")
    return body


def is_moment(text: str) -> bool:
    """Return whether a text is a moment as every program of ours writes it: with its zone, so that it can be told from
    another, and amid the days there are."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and is_amid(moment)
