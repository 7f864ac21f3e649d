"""The second factor: six digits that a telephone counts out of a shared secret every half minute (RFC 6238)."""

import base64
import binascii
from datetime import datetime
from urllib.parse import quote

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_S, DIGITS, SECRET_BYTES = 30, 6, 20
AROUND = (0, -1, 1)
"""A telephone's clock may be half a minute off."""


def secret_of(bits: int) -> str:
    """Return a secret as people type it, out of 160 random bits."""
    return base64.b32encode(bits.to_bytes(SECRET_BYTES, "big")).decode("ascii")


def step_of(secret: str, digits: str, now: datetime, used: int = 0) -> int:
    """Return which half minute these digits are of; 0 when they are of none, or of one that was used before."""
    typed = "".join(sign for sign in digits if not sign.isspace())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdecimal()):
        return 0
    current = int(now.timestamp()) // STEP_S
    for step in (current + off for off in AROUND):
        if step > used and _is_good(secret, typed, step):
            return step
    return 0


def _is_good(secret: str, typed: str, step: int) -> bool:
    try:
        _totp(secret).verify(typed.encode("ascii"), step * STEP_S)
    except (InvalidToken, binascii.Error):  # the latter: sealed with a key that is not here, so that nothing is good
        return False
    return True


def _totp(secret: str) -> TOTP:
    # SHA-1 because many programs on telephones know nothing else; as HMAC it is still good for this.
    return TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_S)


def address(secret: str, name: str, place: str) -> str:
    """Return the address that a telephone reads out of the code."""
    issuer = quote(f"院坝 {place}", safe="")
    return f"otpauth://totp/{issuer}:{quote(name, safe='')}?secret={secret}&issuer={issuer}"


def code_path(text: str) -> tuple[int, str]:
    """Return a code as the path of a drawing, and how many modules wide it is with its margin of four."""
    rows = [bytes(row) for row in segno.make(text, micro=False, error="m").matrix]
    modules = [(x + 4, y + 4) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return len(rows) + 8, "".join(f"M{x} {y}h1v1h-1z" for x, y in modules)
