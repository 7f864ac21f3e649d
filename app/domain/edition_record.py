"""The sealed record: one canonical form of what was agreed, in which personal parts are closed but can be opened.

A record is JSON of text, whole numbers, truth values, None, lists and objects with ASCII keys: NFC text, keys sorted,
nothing between the parts, no floats. A personal part is `{"c": commitment}`, the SHA-256 of a salt of 16 bytes and the
value; who holds salt and value can open it, and a copy with the names blacked out has the same digest.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.domain.edition_code import digits_of, shown_digits
from app.domain.notice_mask import short_name

FORMAT, VERSION, SUITE = "yuanba-record", 1, "A"
DOMAIN = b"yuanba-record-1\n"
SALT_BITS = 128
DEEPEST, LARGEST = 24, 16 * 1024 * 1024
Json = str | int | bool | None | list["Json"] | dict[str, "Json"]
_SALT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens one commitment."""

    salt: str
    value: str

    def commitment(self) -> str:
        """Return the commitment it opens, in hexadecimal digits."""
        return hashlib.sha256(bytes.fromhex(self.salt) + self.value.encode()).hexdigest()


@dataclass(slots=True)
class Closing:
    """Closes personal parts while a record is made: names wherever they stand, whole texts where told."""

    names: tuple[str, ...]
    bits: Callable[[int], int]
    openings: dict[str, Opening] = field(default_factory=dict)

    def close(self, value: str) -> Json:
        """Return a personal value closed; empty stays empty, so that it is seen that nothing is hidden."""
        text = nfc(value)
        if not text:
            return ""
        opening = Opening(f"{self.bits(SALT_BITS):032x}", text)
        self.openings[opening.commitment()] = opening
        return {"c": opening.commitment()}

    def text(self, value: str) -> Json:
        """Return a text with every name in it closed: as it is when there is none, else its parts in a list."""
        text = nfc(value)
        parts = [self.close(part) if part in self.names else part for part in _cut(text, self.names) if part]
        return text if parts in ([text], []) else parts


def _cut(text: str, names: Sequence[str]) -> list[str]:
    """Return a text cut before and after every name, the longest names first."""
    if not names:
        return [text]
    pattern = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.split(f"({pattern})", text)


def nfc(text: str) -> str:
    """Return a text in the one form in which it is sealed (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


def canonical(record: Mapping[str, Json]) -> bytes:
    """Return the canonical bytes of a record."""
    return msgspec.json.encode(record, order="sorted")


def digest_of(raw: bytes) -> str:
    """Return the digest of canonical bytes, in hexadecimal digits."""
    return hashlib.sha256(DOMAIN + raw).hexdigest()


def read_canonical(raw: bytes) -> dict[str, Json] | None:
    """Return the object that canonical bytes tell of; None unless they are canonical, and not too large or deep.

    What a parser forgives (doubled keys, other spacing, other normalisation) is not canonical: the bytes are signed.
    """
    if len(raw) > LARGEST or _depth(raw) > DEEPEST:
        return None
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) and _is_plain(found) and canonical(found) == raw else None


def read_record(raw: bytes) -> dict[str, Json] | None:
    """Return a record from its bytes; None unless they are canonical and of a format known here."""
    found = read_canonical(raw)
    if found is None or found.get("v") is True:
        return None
    known = found.get("format") == FORMAT and found.get("v") == VERSION and found.get("suite") == SUITE
    return found if known else None


def _depth(raw: bytes) -> int:
    """Return how deep brackets nest, text left out of account only roughly: too much is refused before parsing."""
    depth = deepest = 0
    for byte in raw:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return value == nfc(value)
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and key.isascii() and _is_plain(part) for key, part in value.items())
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53)


def commitments(value: Json) -> Iterator[str]:
    """Yield every commitment of a record, in the order they stand."""
    if isinstance(value, dict):
        closed = value.get("c")
        if set(value) == {"c"} and isinstance(closed, str):
            yield closed
            return
        for key in sorted(value):
            yield from commitments(value[key])
    elif isinstance(value, list):
        for part in value:
            yield from commitments(part)


def opened(value: Json, openings: Mapping[str, Opening], hidden: Callable[[str], str] | None = None) -> Json:
    """Return a value with its closed parts opened; what has no opening is told by `hidden`, or as 〔未公开〕."""
    if isinstance(value, dict) and set(value) == {"c"}:
        closed = str(value["c"])
        known = openings.get(closed)
        if known is not None:
            return hidden(known.value) if hidden else known.value
        return "〔未公开〕"
    if isinstance(value, dict):
        return {key: opened(part, openings, hidden) for key, part in value.items()}
    if isinstance(value, list):
        parts = [opened(part, openings, hidden) for part in value]
        return "".join(map(str, parts)) if _is_text(value) else parts
    return value


def _is_text(parts: Sequence[Json]) -> bool:
    """Return whether a list is a text cut in parts: strings and closed parts, one closed at the least."""
    closed = [isinstance(part, dict) and set(part) == {"c"} for part in parts]
    return any(closed) and all(
        is_closed or isinstance(part, str) for part, is_closed in zip(parts, closed, strict=True)
    )


def openings_json(openings: Iterable[Opening]) -> str:
    """Return openings as the text in which they are kept."""
    kept = sorted([opening.salt, opening.value] for opening in openings)
    return msgspec.json.encode(kept).decode()


def read_openings(text: str) -> dict[str, Opening] | None:
    """Return openings by their commitments; None when the text is not what it should be."""
    try:
        pairs = msgspec.json.decode(text, type=list[tuple[str, str]])
        found = [Opening(salt, value) for salt, value in pairs if _SALT.fullmatch(salt)]
        return {opening.commitment(): opening for opening in found}
    except (msgspec.DecodeError, UnicodeError):
        return None


def told(
    record: Mapping[str, Any],
    openings: Mapping[str, Opening],
    digest: str,
    most: int = 200,
    hide: Callable[[str], str] = str,
) -> str:
    """Return what was agreed in a few sentences for the seal code: no villager's name, the digits at the end.

    `hide` takes out of each text whatever else is not for the public, so that a code on a wall tells no more than it.
    """
    shown = opened(dict(record), openings, short_name)
    assert isinstance(shown, dict)
    items = shown["items"]
    assert isinstance(items, list)
    shown["title"] = hide(str(shown["title"]))
    texts = (hide(_one_line(item["text"])) for item in _agreed(items))
    sentences = "".join(f"{number}.{text}" for number, text in enumerate(texts, start=1))
    if len(sentences) > most:
        sentences = sentences[: most - 1] + "…（全文见纸面）"
    head = f"{shown['title']} {shown['held_on'] or ''} 第{shown['version']}版"
    count = f"到会{shown['came']}人。"
    return "\n".join((head, sentences, count, f"验真码 {shown_digits(digits_of(digest))}"))


def _agreed(items: Sequence[Any]) -> list[dict[str, Any]]:
    return [item for item in items if item["text"] and item["settled"]]


def _one_line(text: Any) -> str:
    return " ".join(str(text).split())
