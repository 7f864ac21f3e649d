"""Plain JSON, as the exchange takes it: no key twice, no fractions, no number beyond 2^53, nothing deeper than 32.

Two readers that take the last and the first of a doubled key would see two records in the same signed bytes; a
fraction does not come through every engine as it went in; depth and size are what hostile files are made of.
"""

import json
from typing import Any, NoReturn

import msgspec

DEEPEST = 32
GREATEST = 2**53
_ENCODER = msgspec.json.Encoder()
_ALWAYS = frozenset((str, bool, type(None)))


class NotPlain(ValueError):
    """It is not JSON, or not of the plain sort. Told to people by whoever read it."""


def read_plain(raw: bytes) -> Any:
    """Return the value that the bytes stand for.

    Raises:
        NotPlain: They stand for none, or for one that is not plain.
    """
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
        _ENCODER.encode(value)  # halves of surrogate pairs, which no file and no database takes, come to light here
    except NotPlain:
        raise
    except (ValueError, RecursionError) as error:
        raise NotPlain(str(error)) from error
    ensure_plain(value)
    return value


def ensure_plain(value: Any, room: int = DEEPEST) -> None:
    """Refuse a value that is not plain: fractions, great numbers, things deeper than there is room.

    Raises:
        NotPlain: It is none.
    """
    if isinstance(value, dict | list):
        if not room:
            raise NotPlain("too deep")
        for part in value.values() if isinstance(value, dict) else value:
            if type(part) not in _ALWAYS:  # nearly all are, and to ask for each costs more than to read it
                ensure_plain(part, room - 1)
    elif isinstance(value, float):
        raise NotPlain("a fraction")
    elif isinstance(value, int) and abs(value) > GREATEST:
        raise NotPlain("a great number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotPlain("a key twice")
    return found


def _whole(digits: str) -> int:
    if len(digits) > 17:
        raise NotPlain("a great number")
    return int(digits)


def _refuse(digits: str) -> NoReturn:
    raise NotPlain("a fraction")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_refuse, parse_int=_whole, parse_constant=_refuse)
