"""The record file: a sealed record, its seal and what opens its personal parts, to be checked anywhere.

The public form opens nothing; the private form opens all, and stays with the township and its county.
"""

from dataclasses import dataclass

import msgspec

from app.domain.edition import Edition
from app.domain.edition_code import SealCode, read_code
from app.domain.edition_record import (
    Json,
    Opening,
    canonical,
    commitments,
    digest_of,
    read_canonical,
    read_openings,
    read_record,
)

FILE_FORMAT, FILE_VERSION = "yuanba-record-file", 1


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A record file taken apart: the canonical bytes, the seal, the openings by their commitments."""

    raw: bytes
    code: SealCode
    openings: dict[str, Opening]

    def is_whole(self) -> bool:
        """Return whether record and seal are of one another and every opening opens a part that is there."""
        record = read_record(self.raw)
        if record is None or digest_of(self.raw) != self.code.digest:
            return False
        named = record.get("id") == self.code.sitting_id and record.get("version") == self.code.version
        return named and set(self.openings) <= set(commitments(record))


def record_file(edition: Edition, is_private: bool) -> bytes:
    """Return the record file of a version."""
    code = SealCode(edition.sitting_id, edition.version, edition.digest, edition.device_key, edition.signature)
    kept = read_openings(edition.openings) or {}
    pairs = sorted((one.salt, one.value) for one in kept.values()) if is_private else []
    openings: list[Json] = [[salt, value] for salt, value in pairs]
    told: dict[str, Json] = {"format": FILE_FORMAT, "v": FILE_VERSION, "openings": openings}
    return canonical(told | {"record": edition.record, "seal": code.tail()}) + b"\n"


def read_record_file(raw: bytes) -> RecordFile | None:
    """Return a record file taken apart; None when it is none."""
    found = read_canonical(raw.removesuffix(b"\n"))
    if found is None or set(found) != {"format", "v", "record", "seal", "openings"} or found["v"] is True:
        return None
    record, seal = found["record"], found["seal"]
    is_ours = found["format"] == FILE_FORMAT and found["v"] == FILE_VERSION
    if not (is_ours and isinstance(record, str) and isinstance(seal, str)):
        return None
    code, openings = read_code(seal), _openings(found["openings"])
    return RecordFile(record.encode(), code, openings) if isinstance(code, SealCode) and openings is not None else None


def _openings(found: Json) -> dict[str, Opening] | None:
    """Return openings as a file has them; None when one is no opening, or stands there twice."""
    openings = read_openings(msgspec.json.encode(found).decode())
    return openings if openings is not None and isinstance(found, list) and len(openings) == len(found) else None
