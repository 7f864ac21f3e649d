"""Passwords: kept as what scrypt makes of them, at a price for whoever tries many; weak ones are refused.

The numbers stand with each hash, so that a dearer price can be asked later without anybody's doing. There are no hints.
"""

import hashlib
import hmac
import re
import threading
import unicodedata
from itertools import pairwise

from app.domain.errors import Refused

COST = 17
"""2^17 rounds of 1 KiB: 128 MiB and about half a second (trust.md T1)."""
BLOCK, LANES = 8, 1
FEWEST, MOST = 12, 200
FEWEST_KINDS, FEWEST_OWN = 5, 6
AT_ONCE, IN_LINE = 2, 12
WEAK_PARTS = (
    *(
        "password",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "passwd",
        "admin",
        "administrator",
        "root",
        "user",
        "guest",
        "welcome",
    ),
    *(
        "letmein",
        "iloveyou",
        "qwertyuiop",
        "qwerty",
        "asdfghjkl",
        "asdfgh",
        "zxcvbnm",
        "zxcvbn",
        "1qaz2wsx3edc",
        "1qaz2wsx",
    ),
    *(
        "qazwsx",
        "1q2w3e4r5t",
        "1q2w3e4r",
        "abcdefgh",
        "abcdef",
        "abc",
        "1234567890",
        "0123456789",
        "123456789",
        "12345678",
    ),
    *(
        "1234567",
        "123456",
        "12345",
        "1234",
        "123",
        "987654321",
        "87654321",
        "654321",
        "4321",
        "88888888",
        "888888",
        "666666",
    ),
    *("000000", "111111", "112233", "123123", "123321", "5201314", "520", "1314", "woaini", "woaizhongguo", "zhongguo"),
    *(
        "china",
        "zhengxie",
        "xieshang",
        "yuanba",
        "院坝",
        "协商",
        "政协",
        "密码",
        "管理员",
        "yunnan",
        "kunming",
        "server",
    ),
)
"""What a guesser tries first. What is left of a password without these has to be long enough by itself."""
_YEAR = re.compile(r"(19|20)\d\d")
TOO_SHORT = ("密码太短", "至少 12 个字；四个不相干的词连起来，好记也够长")
TOO_LONG = ("密码太长", "最多 200 个字")
TOO_WEAK = ("这个密码太容易猜", "别用名字、年份、键盘上挨着的字和常见的词；四个不相干的词连起来就行")
TOO_BUSY = ("现在登录的人太多", "等半分钟再试")
SAID = (*TOO_SHORT, *TOO_LONG, *TOO_WEAK, *TOO_BUSY)
_running, _in_line = threading.BoundedSemaphore(AT_ONCE), threading.BoundedSemaphore(IN_LINE)


def hashed(password: str, salt: bytes, cost: int = COST) -> str:
    """Return a password as it is kept: how it was drawn, the salt, and what came of it."""
    return f"scrypt${cost}${BLOCK}${LANES}${salt.hex()}${_drawn(password, salt, cost, BLOCK, LANES).hex()}"


def fits(password: str, kept: str) -> bool:
    """Return whether a password is the one that was kept."""
    _, cost, block, lanes, salt, drawn = kept.split("$")
    found = _drawn(password[:MOST], bytes.fromhex(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(found, bytes.fromhex(drawn))


def _drawn(password: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    """Draw through scrypt; two at once take 256 MiB, the others wait in a short line.

    Raises:
        Refused: The line is full, so that sign-ins never take the pages their threads.
    """
    if not _in_line.acquire(blocking=False):
        raise Refused(TOO_BUSY[0], "", TOO_BUSY[1])
    try:
        with _running:
            room, words = (
                (1 << cost) * block * 256,
                unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass"),
            )
            return hashlib.scrypt(words, salt=salt, n=1 << cost, r=block, p=lanes, maxmem=room, dklen=32)
    finally:
        _in_line.release()


def refuse_weak(password: str, name: str) -> None:
    """Refuse a password that somebody would guess.

    Raises:
        Refused: It is too short or too long, or one of those that are tried first.
    """
    plain = unicodedata.normalize("NFKC", password).lower()
    if len(plain) < FEWEST:
        raise Refused(TOO_SHORT[0], "原来的没变", TOO_SHORT[1])
    if max(len(plain), len(password)) > MOST:  # `fits` reads no more, of what is typed
        raise Refused(TOO_LONG[0], "原来的没变", TOO_LONG[1])
    own = _YEAR.sub("", plain.replace(name.lower(), ""))
    for part in sorted(WEAK_PARTS, key=len, reverse=True):
        own = own.replace(part, "")
    if len(set(plain)) < FEWEST_KINDS or len(own) < FEWEST_OWN or _is_run(plain):
        raise Refused(TOO_WEAK[0], "原来的没变", TOO_WEAK[1])


def _is_run(plain: str) -> bool:
    """Return whether nearly every sign follows upon the one before, or repeats it, or half of it is the other half."""
    steps = [ord(after) - ord(before) for before, after in pairwise(plain)]
    halves = (plain[: len(plain) // 2], plain[len(plain) // 2 :])
    return sum(step in (-1, 0, 1) for step in steps) > len(steps) * 0.6 or halves[0] == halves[1]
