"""Frames: one line before whatever goes over the wire, so that no header, proxy or portal page is ever believed.

    yuanba-wire 1 pack 5f0c9e3a7b1d2246 152331 9f86d0…0a08⏎ and then 152331 bytes

Version, kind, the asker's random number (its answer repeats it), length and SHA-256 of what follows; see `WIRE.md`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

MAGIC = b"yuanba-wire "
VERSION = 1
LONGEST_LINE = 160
TYPE = "application/vnd.yuanba.wire"
NOBODY = "0" * 16  # asked by somebody whose question could not be read

MIB = 1024 * 1024
DIRECT = MIB  # a larger pack goes up in pieces
INLINE = MIB // 4  # a larger answer is fetched in pieces: on a slow line this is eight seconds
FIRST_PIECE = MIB // 4
LEAST_PIECE = MIB // 16
MOST_PIECE = 4 * MIB
MOST_JSON = MIB
MOST_PACK = 64_000_000

_LINE = re.compile(rb"yuanba-wire (\d{1,4}) ([a-z]{1,16}) ([0-9a-f]{16}) (\d{1,12}) ([0-9a-f]{64})\n")


class Kind(StrEnum):
    """What follows a frame's line."""

    HAVE = "have"
    PACK = "pack"
    PIECE = "piece"
    COMMIT = "commit"
    STATE = "state"
    LATER = "later"
    WAIT = "wait"
    TROUBLE = "trouble"


class NotAFrame(Exception):
    """It does not begin as everything of ours does: a page of somebody else."""


class FromTheFuture(NotAFrame):
    """Ours, of a version or kind not known here."""


class Mangled(Exception):
    """It began as ours, and is not what was sent."""


class EndedEarly(Exception):
    """It began as ours, and the rest did not come."""


class Readable(Protocol):
    """Something to read a frame from."""

    def read(self, size: int, /) -> bytes:
        """Return that many bytes, fewer only at the end."""

    def readline(self, size: int, /) -> bytes:
        """Return a line with its end, at most so many bytes."""


@dataclass(frozen=True, slots=True)
class Head:
    """The line of a frame."""

    kind: Kind
    ask: str
    length: int
    digest: str

    def line(self) -> bytes:
        """Return it as it goes over the wire."""
        return f"yuanba-wire {VERSION} {self.kind} {self.ask} {self.length} {self.digest}\n".encode("ascii")


def framed(kind: Kind, ask: str, body: bytes) -> bytes:
    """Return a whole frame."""
    return Head(kind, ask, len(body), sha256(body).hexdigest()).line() + body


def read_head(stream: Readable) -> Head:
    """Read the line of a frame; of anything else no more than a line's length is read.

    Raises:
        NotAFrame: Something else is there; FromTheFuture when it is ours of a later version.
        EndedEarly: It begins as a frame and stops within its line.
    """
    magic = stream.read(len(MAGIC))
    if magic != MAGIC:
        raise EndedEarly if MAGIC.startswith(magic) else NotAFrame
    line = magic + stream.readline(LONGEST_LINE - len(magic))
    found = _LINE.fullmatch(line)
    if found is None:
        raise NotAFrame if line.endswith(b"\n") or len(line) >= LONGEST_LINE else EndedEarly
    version, kind, ask, length, digest = (group.decode("ascii") for group in found.groups())
    if int(version) != VERSION or kind not in set(Kind):
        raise FromTheFuture
    return Head(Kind(kind), ask, int(length), digest)


def read_body(stream: Readable, head: Head, most: int) -> bytes:
    """Read what follows the line.

    Raises:
        Mangled: More than is allowed, or not the bytes that were framed.
        EndedEarly: Fewer bytes came.
    """
    if head.length > most:
        raise Mangled
    body = stream.read(head.length)
    if len(body) < head.length:
        raise EndedEarly
    if sha256(body).hexdigest() != head.digest:
        raise Mangled
    return body
