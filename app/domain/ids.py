"""Ids made offline: minted, or told by what the record is about.

A minted one has 128 bits, the time in front so that records of one evening lie together. The form is that of UUID
version 7 (RFC 9562, 6.2 method 1) in 32 small hexadecimal digits. Ids of one mint rise strictly, so that records made
in one act sort in the order of their making. Nothing else is read from them.

Of some things there can be only one, and two laptops must give it the same id though neither knows of the other: one
person at one sitting is one attendance, whichever desk wrote it. Such an id is the first 128 bits of the SHA-256 over
the ids that it is about (`about`). It says nothing to those who do not know all of them: the province, which holds the
sitting and sees the ids that a sealing guards, cannot tell that two of them are of the same villager.
"""

from datetime import datetime
from hashlib import sha256


def about(*ids: str) -> str:
    """Return the id of the only record there can be about these, in this order: 32 small hexadecimal digits."""
    return sha256("\n".join(ids).encode()).hexdigest()[:32]


class Mint:
    """Makes ids that rise, whatever the clock does."""

    def __init__(self) -> None:
        self._last = 0

    def strike(self, now: datetime, random_bits: int) -> str:
        """Return a new id from the clock's milliseconds and at least 62 random bits."""
        tick = (int(now.timestamp() * 1000) & (2**48 - 1)) << 12
        self._last = max(tick, self._last + 1)
        high = ((self._last >> 12) << 16) | 0x7000 | (self._last & 0xFFF)
        low = (0b10 << 62) | (random_bits & (2**62 - 1))
        return f"{high:016x}{low:016x}"
