"""The container of a pack: a plain tar whose every byte has one possible value. See `FORMAT.md` 5.

Writing an entry's header anew from its name and size and comparing all 512 bytes is the whole check: links, owners,
times, extensions of pax and GNU, and whatever else two readers of tar could disagree about are not there.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from app.domain.errors import NotAPack, PackCutShort, PackSpoilt, PackTooLarge

BLOCK = 512
MOST_BYTES = 64 << 20
MOST_ENTRIES = 200_000
PIECE = 1 << 20
ZEROS = bytes(BLOCK)
_NAME = re.compile(rb"[0-9a-z._=/]{1,99}\0")
_SIZE = re.compile(rb"[0-7]{11}")


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a pack: where its content begins, how long it is, and its SHA-256."""

    name: str
    offset: int
    size: int
    digest: str


def entry_head(name: str, size: int) -> bytes:
    """Return the 512 bytes before the content of an entry."""
    parts = (b"0000644", b"0000000", b"0000000", b"%011o" % size, b"0" * 11, b" " * 7 + b" 0")
    head = name.encode("ascii").ljust(100, b"\0") + b"\0".join(parts[:5]) + b"\0" + parts[5]
    head += bytes(100) + b"ustar\0" + b"00" + bytes(64) + b"0000000\0" * 2 + bytes(167)
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def room_of(size: int) -> int:
    """Return how many bytes an entry takes of a pack, with its header and what fills its last block."""
    return BLOCK + size + -size % BLOCK


class ArchiveWriter:
    """Writes entries one after the other, and hashes the whole as it goes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.members: list[Member] = []
        self.size = 0

    def add(self, name: str, content: bytes) -> None:
        """Write an entry.

        Raises:
            PackTooLarge: It does not fit any more.
        """
        size = len(content)
        if self.size + room_of(size) + 2 * BLOCK > MOST_BYTES or len(self.members) >= MOST_ENTRIES:
            raise PackTooLarge(f"{name} is more than a pack holds")
        offset = self.size + BLOCK
        self._put(entry_head(name, size))
        self._put(content)
        self._put(bytes(-size % BLOCK))
        self.members.append(Member(name, offset, size, hashlib.sha256(content).hexdigest()))

    def close(self) -> str:
        """Write the end, and return the SHA-256 of all that was written."""
        self._put(ZEROS + ZEROS)
        return self._hash.hexdigest()

    def _put(self, piece: bytes) -> None:
        self._file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)


def walk(file: BinaryIO, first: str) -> Iterator[Member]:
    """Read through a whole archive that begins with an entry of this name, and return its entries as they come.

    Raises:
        NotAPack: It begins with something else.
        PackCutShort, PackSpoilt, PackTooLarge: It is not as it was written.
    """
    total = file.seek(0, 2)
    if total > MOST_BYTES:
        raise PackTooLarge(f"{total} bytes")
    at = file.seek(0)
    for number in range(MOST_ENTRIES + 1):
        head = file.read(BLOCK)
        if at == 0:
            _check_beginning(head, first)
        if len(head) < BLOCK:
            raise PackCutShort(f"ends at {at + len(head)}")
        if head == ZEROS:
            return _check_end(file.read(BLOCK + 1), number)
        name, size = _read_head(head)
        if at + room_of(size) > total:
            raise PackCutShort(f"{name} goes beyond {total}")
        yield Member(name, at + BLOCK, size, _digest(file, size))
        at = file.seek(at + room_of(size))
    raise PackTooLarge("too many entries")


def read_member(file: BinaryIO, member: Member) -> bytes:
    """Return the content of an entry, which must be what it was when the archive was walked through.

    Raises:
        PackSpoilt: It is not: the stick was changed, or lies.
    """
    file.seek(member.offset)
    content = file.read(member.size)
    if hashlib.sha256(content).hexdigest() != member.digest:
        raise PackSpoilt(f"{member.name} reads differently the second time")
    return content


def _check_beginning(head: bytes, first: str) -> None:
    begin = first.encode("ascii")
    if not head.strip(b"\0") or (len(head) < BLOCK and head[: len(begin)] == begin[: len(head)]):
        raise PackCutShort("nothing was written")
    if not head.startswith(begin):
        raise NotAPack("begins with something else")


def _read_head(head: bytes) -> tuple[str, int]:
    name, size = _NAME.match(head), _SIZE.fullmatch(head, 124, 135)
    if name is None or size is None:
        raise PackSpoilt("an entry without name or size")
    found = name[0][:-1].decode("ascii"), int(size[0], 8)
    if entry_head(*found) != head:
        raise PackSpoilt(f"the header of {found[0]} is not as it is written")
    return found


def _digest(file: BinaryIO, size: int) -> str:
    """Return the SHA-256 of the next bytes; what fills the last block must be zeros."""
    found, rest = hashlib.sha256(), size
    while rest:
        piece = file.read(min(PIECE, rest))
        if not piece:
            raise PackCutShort("the file became shorter")
        found.update(piece)
        rest -= len(piece)
    if file.read(-size % BLOCK).strip(b"\0"):
        raise PackSpoilt("something between two entries")
    return found.hexdigest()


def _check_end(rest: bytes, number: int) -> None:
    if not rest.strip(b"\0") and len(rest) == BLOCK and number:
        return
    # Zeros in plenty are what a stick shows where nothing was written; anything else was put there by somebody.
    raise (PackSpoilt if rest.strip(b"\0") else PackCutShort)("the end is not the end")
