"""Suites: which ciphers, hashes and compression a file was made with. Every file names its suite by a letter.

Suite A is SHA-256, Ed25519 over the DSSE encoding, Zstandard and age with X25519. A suite of SM2, SM3 and SM4 (密评)
is one more class here and one more line in `SUITES`; what was made with an old suite stays readable.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Protocol

import pyrage
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.errors import NotForUs, PackFromNewer, PackTooLarge, SegmentSpoilt
from app.ports import Signature

Sign = Callable[[bytes], Signature]
Holds = Callable[[bytes, Signature], bool]

FINGERPRINT = 16
"""How many hexadecimal digits of its hash name a key."""
LEVEL = 6
GREATEST_RATIO = 100
FREE_SIZE = 4 << 20
"""What is smaller than this unpacked may be packed as tightly as it likes."""
WINDOW = 1 << 26
GB = "gb18030"
MARK = b"\x84\x31\x95\x33"
"""U+FEFF in GB 18030, with which a text in it begins."""
_MOVED = tuple(
    (lead, re.compile(lead + rest))
    for lead, rest in (
        *((b"\xee", b""), (b"\xef", rb"(?:[\x80-\xa3]|\xb8[\x90-\x99])"), (b"\xe1", rb"\xb8\xbf")),
        (b"\xe9", rb"\xbe[\xb4-\xbb]"),
        (b"\xf0", rb"(?:\xa0(?:\x82[\x87\x89]|\x83\x8c)|\xa1\x97\x97|\xa2\xa6\x8f|\xa4\x87\xbe)"),
    )
)
"""In UTF-8, the signs that have other bytes in one edition of the standard (2000, 2005, 2022) than in the next: those
for private use, U+FE10 to FE19, 1E3F, 9FB4 to 9FBB, 20087, 20089, 200CC, 215D7, 2298F, 241FE."""
NOBODY = "No matching keys found"
MAGIC = b"age-encryption.org/v1\n"
MOST_STANZAS = 8 << 10
"""Each recipient that a file names is tried with each of our keys; thousands of them would keep us busy for minutes."""


def pae(kind: str, body: bytes) -> bytes:
    """Return what is signed: type and body, each with its length before it (DSSE pre-authentication encoding)."""
    return b"DSSEv1 %d %b %d %b" % (len(kind.encode()), kind.encode(), len(body), body)


class Suite(Protocol):
    """What a file needs of its suite."""

    id: str

    def digest(self, content: bytes) -> str:
        """Return the hash, in hexadecimal digits."""

    def fingerprint(self, key: str) -> str:
        """Return the id of the device that owns a public signing key (64 hexadecimal digits)."""

    def key_id(self, recipient: str) -> str:
        """Return the id of a public key that things are sealed to."""

    def squeeze(self, content: bytes) -> bytes:
        """Make the content small."""

    def is_bomb(self, size: int, squeezed: int) -> bool:
        """Return whether a content of this size should not become so small."""

    def unsqueeze(self, content: bytes, most: int) -> bytes:
        """Undo that, after a look at the size that is declared.

        Raises:
            PackTooLarge: It would be larger than `most`, or than anything honest.
            SegmentSpoilt: It is not what this suite makes.
        """

    def seal(self, content: bytes, recipients: Iterable[str]) -> bytes:
        """Encrypt to the public keys."""

    def unseal(self, content: bytes, identities: Iterable[str]) -> bytes:
        """Decrypt with whichever of the secret keys fits.

        Raises:
            NotForUs: None fits.
            SegmentSpoilt: It is not what this suite makes, or not as it was made.
        """

    def new_identity(self) -> tuple[str, str]:
        """Return a new secret key for opening, and its public key."""

    def public_of(self, identity: str) -> str:
        """Return the public key of a secret one; ValueError if it is none."""

    def is_recipient(self, text: str) -> bool:
        """Return whether this is a public key that things can be sealed to."""

    def new_signing_key(self) -> bytes:
        """Return a new secret key for signing."""

    def signer(self, secret: bytes) -> Sign:
        """Return what signs with a secret key."""

    def holds(self, words: bytes, signature: Signature) -> bool:
        """Return whether a signature is good for these bytes; False for anything malformed."""


class SuiteA:
    """SHA-256, Ed25519, Zstandard, age with X25519."""

    id = "A"

    def digest(self, content: bytes) -> str:
        """Return the SHA-256 in hexadecimal digits."""
        return hashlib.sha256(content).hexdigest()

    def fingerprint(self, key: str) -> str:
        """Return the first digits of the hash of a public key's 32 bytes."""
        return hashlib.sha256(bytes.fromhex(key)).hexdigest()[:FINGERPRINT]

    def key_id(self, recipient: str) -> str:
        """Return the first digits of the hash of `age1…` as it is written."""
        return hashlib.sha256(recipient.encode("ascii")).hexdigest()[:FINGERPRINT]

    def squeeze(self, content: bytes) -> bytes:
        """Return one Zstandard frame that tells its content's size, of GB 18030 where that is shorter than UTF-8."""
        return zstandard.ZstdCompressor(level=LEVEL, write_content_size=True).compress(_shorter(content))

    def is_bomb(self, size: int, squeezed: int) -> bool:
        """Return whether a content is over a hundred times its packed size, and not small."""
        return size >= FREE_SIZE and size > GREATEST_RATIO * squeezed

    def unsqueeze(self, content: bytes, most: int) -> bytes:
        """Return the content of exactly one frame, once its declared size has been found honest."""
        try:
            size = zstandard.get_frame_parameters(content).content_size
            if size in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR):
                raise SegmentSpoilt("no size in the frame")
            if size > most or self.is_bomb(size, len(content)):
                raise PackTooLarge(f"{size} bytes in {len(content)}")
            opener = zstandard.ZstdDecompressor(max_window_size=WINDOW)
            opened = _in_utf_8(opener.decompress(content, allow_extra_data=False))
        except (zstandard.ZstdError, UnicodeError) as error:
            raise SegmentSpoilt(str(error)) from error
        if len(opened) > most:
            raise PackTooLarge(f"{len(opened)} bytes in UTF-8")
        return opened

    def seal(self, content: bytes, recipients: Iterable[str]) -> bytes:
        """Return the age file for these recipients (`age1…`)."""
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
        sealed: bytes = pyrage.encrypt(content, keys)
        return sealed

    def unseal(self, content: bytes, identities: Iterable[str]) -> bytes:
        """Return what the age file holds."""
        if not content.startswith(MAGIC) or content.find(b"\n--- ", 0, MOST_STANZAS) < 0:
            raise SegmentSpoilt("no file of age, or one to a crowd")
        keys = [_identity(identity) for identity in identities]
        try:
            opened: bytes = pyrage.decrypt(content, keys)
        except pyrage.DecryptError as error:
            # age tells the two apart by words alone; any other word is damage, which is the safer of the two to say.
            raise (NotForUs if str(error) == NOBODY else SegmentSpoilt)(str(error)) from error
        return opened

    def new_identity(self) -> tuple[str, str]:
        """Return a new `AGE-SECRET-KEY-1…` and its `age1…`."""
        identity = pyrage.x25519.Identity.generate()
        return str(identity), str(identity.to_public())

    def public_of(self, identity: str) -> str:
        """Return the `age1…` of an `AGE-SECRET-KEY-1…`."""
        try:
            return str(pyrage.x25519.Identity.from_str(identity).to_public())
        except pyrage.IdentityError as error:
            raise ValueError("no secret key") from error

    def is_recipient(self, text: str) -> bool:
        """Return whether this is an `age1…`."""
        try:
            pyrage.x25519.Recipient.from_str(text)
        except pyrage.RecipientError:
            return False
        return True

    def new_signing_key(self) -> bytes:
        """Return 32 random bytes."""
        return Ed25519PrivateKey.generate().private_bytes_raw()

    def signer(self, secret: bytes) -> Sign:
        """Return what signs with an Ed25519 key of 32 bytes."""
        private = Ed25519PrivateKey.from_private_bytes(secret)
        key = private.public_key().public_bytes_raw().hex()
        return lambda words: Signature(key, private.sign(words).hex())

    def holds(self, words: bytes, signature: Signature) -> bool:
        """Return whether an Ed25519 signature is good for these bytes."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.key))
            key.verify(bytes.fromhex(signature.signature), words)
        except (InvalidSignature, ValueError):
            return False
        return True


@lru_cache(1 << 10)
def _identity(text: str) -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.from_str(text)


def _shorter(content: bytes) -> bytes:
    """Return a text in GB 18030, which takes two bytes for a Chinese character, if that is shorter."""
    try:
        text = content.decode()
    except UnicodeError:
        return content
    if len(text) + len(MARK) >= len(content) or any(
        lead in content and pattern.search(content) for lead, pattern in _MOVED
    ):
        return content
    other = MARK + text.encode(GB)
    return other if len(other) < len(content) else content


def _in_utf_8(content: bytes) -> bytes:
    return content[len(MARK) :].decode(GB).encode() if content.startswith(MARK) else content


SUITES: dict[str, Suite] = {"A": SuiteA()}


def suite(letter: str = "A") -> Suite:
    """Return the suite of a letter.

    Raises:
        PackFromNewer: This version does not know it.
    """
    if letter not in SUITES:
        raise PackFromNewer(f"suite {letter}")
    return SUITES[letter]


def key_ids(recipients: Sequence[str], letter: str = "A") -> tuple[str, ...]:
    """Return the ids of the recipients' keys, sorted, each once."""
    return tuple(sorted({suite(letter).key_id(recipient) for recipient in recipients}))
