"""A text sealed with the home's key: what stands in a database that others look after, and is none of their business.

AES-256-GCM under a key of this purpose alone, with a nonce drawn anew and bound to whom it is about, so that no text
can be put in the place of another. The home's key lies in the folder, never in the database.
"""

import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from db.derived import derived

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = "sealed:"
_NONCE = 12


@dataclass(frozen=True)
class TextSeal:
    """Seals and opens texts of one purpose."""

    home_key: bytes
    purpose: str

    @cached_property
    def _box(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(derived(self.home_key, b"", f"yuanba {self.purpose}".encode()))

    def seal(self, text: str, whose: str) -> str:
        """Return a text as it is kept; an empty one stays empty, one that is sealed already as it is."""
        if not text or text.startswith(MARK):
            return text
        nonce = secrets.token_bytes(_NONCE)
        return MARK + (nonce + self._box.encrypt(nonce, text.encode(), whose.encode())).hex()

    def open(self, kept: str, whose: str) -> str:
        """Return the text that is kept; as it is kept, if it was never sealed, or this is not the key to it."""
        from cryptography.exceptions import InvalidTag

        if not kept.startswith(MARK):
            return kept
        try:
            raw = bytes.fromhex(kept.removeprefix(MARK))
            return self._box.decrypt(raw[:_NONCE], raw[_NONCE:], whose.encode()).decode()
        except (InvalidTag, ValueError):
            return kept
