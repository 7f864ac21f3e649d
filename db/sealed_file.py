"""A file sealed with the home's key while it is written: chunk by chunk, so that it may be larger than the memory.

Four signs, a salt of 16 bytes, then chunks of 4 MiB, each AES-256-GCM under a key of this file alone. A chunk's number
and whether it is the last stand in its nonce: none can be moved, left out or cut off.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from db.derived import derived

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC, SALT, CHUNK, TAG = b"YBF1", 16, 4 * 1024 * 1024, 16


class SealBroken(ValueError):
    """A sealed file is not whole, or this is not the key to it."""


def seal_into(file: Path, source: IO[bytes], home_key: bytes) -> None:
    """Write what can be read from a source into a file, sealed."""
    salt = secrets.token_bytes(SALT)
    box = _box(home_key, salt)
    with file.open("wb") as out:
        out.write(MAGIC + salt)
        number, chunk, following = 0, source.read(CHUNK), source.read(CHUNK)
        while following:
            out.write(box.encrypt(_nonce(number, False), chunk, None))
            number, chunk, following = number + 1, following, source.read(CHUNK)
        out.write(box.encrypt(_nonce(number, True), chunk, None))


def opened(file: Path, home_key: bytes) -> Iterator[bytes]:
    """Yield the chunks of a sealed file; what has come is good, but not the whole before the end.

    Raises:
        SealBroken: It is not whole, or this is not the key to it.
    """
    from cryptography.exceptions import InvalidTag

    with file.open("rb") as source:
        head = source.read(len(MAGIC) + SALT)
        if not head.startswith(MAGIC):
            raise SealBroken(file.name)
        box = _box(home_key, head[len(MAGIC) :])
        number, chunk = 0, source.read(CHUNK + TAG)
        while True:
            following = source.read(CHUNK + TAG)
            try:
                yield box.decrypt(_nonce(number, not following), chunk, None)
            except (InvalidTag, ValueError) as error:
                raise SealBroken(file.name) from error
            if not following:
                return
            number, chunk = number + 1, following


def _box(home_key: bytes, salt: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(derived(home_key, salt, b"yuanba sealed file"))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
