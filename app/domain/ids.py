"""Ids minted offline: 128 bits, the time in front so that records of one evening lie together.

The form is that of UUID version 7 (RFC 9562) in 32 small hexadecimal digits. The time in it is for
locality only; nothing is ever ordered by it.
"""

from datetime import datetime


def mint(now: datetime, random_bits: int) -> str:
    """Return a new id from the clock's milliseconds and at least 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    high = (milliseconds << 16) | 0x7000 | (random_bits & 0xFFF)
    low = (0b10 << 62) | ((random_bits >> 12) & (2**62 - 1))
    return f"{high:016x}{low:016x}"
