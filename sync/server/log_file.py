"""The log as a file that anybody can check: JSON lines, in their head the rule of the hash. See `AUDIT.md`."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from app.domain.audit import Deed, Line, Walk, walk

RULE = (
    "hash = SHA-256, in lower-case hexadecimal, of the UTF-8 bytes of previous, number, at, account, act, object and"
    " outcome in this order, with one line feed between and none at the end; previous is the hash of the line before,"
    " of line 1 it is 64 zeros; numbers count from 1 without a gap"
)
NAME = "yuanba audit"
NAMES = ("at", "account", "act", "object", "outcome")


class NotALog(ValueError):
    """A line is not as the log writes it; its number is that of the first such."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def written(lines: Iterable[Line], place: str, at: datetime) -> Iterator[str]:
    """Yield the file line by line, the head first."""
    yield _dumped({"log": NAME, "version": 1, "place": place, "at": at.isoformat(), "rule": RULE})
    for line in lines:
        yield _dumped(_told(line))


def _told(line: Line) -> dict[str, Any]:
    deed = {name: getattr(line.deed, name) for name in NAMES}
    return {"number": line.number, "previous": line.previous} | deed | {"hash": line.hash}


def _dumped(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def read(raw: Iterable[bytes]) -> Iterator[Line]:
    """Yield the lines of a file, without its head.

    Raises:
        NotALog: A line differs, be it by a space, from what we write for what it says.
    """
    for number, text in enumerate(raw):
        if number:
            yield _line(text, number)


def is_log(raw: Sequence[bytes]) -> bool:
    """Return whether a file begins as a log does."""
    try:
        return bool(json.loads(raw[0])["log"] == NAME)
    except (IndexError, ValueError, KeyError, TypeError):
        return False


def place_of(raw: Sequence[bytes]) -> str:
    """Return whose log a file says it is; '' if it says nothing of the kind."""
    try:
        return str(json.loads(raw[0])["place"])
    except (IndexError, ValueError, KeyError, TypeError):
        return ""


def _line(text: bytes, number: int) -> Line:
    try:
        told = json.loads(text.decode("utf-8"))
        line = Line(told["number"], told["previous"], Deed(*(told[name] for name in NAMES)), told["hash"])
        is_ours = _dumped(_told(line)).encode() == text
    except (ValueError, KeyError, TypeError) as error:
        raise NotALog(number) from error
    if not is_ours:
        raise NotALog(number)
    return line


def checked(raw: Iterable[bytes]) -> Walk:
    """Walk along the log in a file."""
    good: list[Line] = []
    try:
        good.extend(read(raw))
    except NotALog as broken:
        found = walk(good)
        return found if found.broken_at else Walk(found.count, found.last, broken.number)
    return walk(good)
