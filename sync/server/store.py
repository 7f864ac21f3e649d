"""What a relay keeps on disk between two questions: packs half arrived, and answers until they have been fetched.

    arriving/<sha256>.part   a pack, as far as it has come
    answers/<sha256>.yb      an answer, by its own digest
    answers/<sha256>.json    which answer a pack got, by the digest of that pack

All of it may be thrown away at any time: it would only be sent again. The oldest is, when there is too much.
"""

import hashlib
import json
import os
import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sync.frame import MOST_PACK, EndedEarly, Head, Mangled, Readable

SWEPT_EVERY = 32
DURABLE_EVERY = 16_000_000
_BLOCK = 64 * 1024
"""So much of what comes or goes lies in memory for each connection."""


class TooMuch(Exception):
    """More than a pack may hold."""


class Full(Exception):
    """More comes at this moment than there is room for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer on disk, and how large the pack was that it answers."""

    digest: str
    size: int
    asked: int


@dataclass(slots=True)
class _Count:
    """The digest of what has come of a pack, as it comes, and how much of it is not yet durable."""

    digest: "hashlib._Hash" = field(default_factory=sha256)
    size: int = 0
    loose: int = 0


class Store:
    """The folder of a relay. Calls may come from many threads at once."""

    def __init__(self, folder: Path, most_files: int = 8192, most_bytes: int = 4_000_000_000) -> None:
        self._arriving, self._answers = folder / "arriving", folder / "answers"
        self._most_files, self._most_bytes = most_files, most_bytes
        self._lock, self._room, self._coming = threading.Lock(), threading.Lock(), 0
        self._since_swept = SWEPT_EVERY
        self._counts: OrderedDict[str, _Count] = OrderedDict()
        for room in (self._arriving, self._answers):
            room.mkdir(parents=True, exist_ok=True)
        for half in self._arriving.glob("*.in"):
            half.unlink()

    def there(self, digest: str) -> int:
        """Return how many bytes of a pack have come."""
        with suppress(FileNotFoundError):
            return self._part(digest).stat().st_size
        return 0

    def append(self, digest: str, at: int, piece: Path) -> int:
        """Put a piece where it belongs and return how many bytes are there now; one met before changes nothing.

        A piece that begins beyond the end is left: the count says from where to go on. Its file is removed.

        Raises:
            TooMuch: The pack would be larger than packs are.
        """
        try:
            with self._lock:
                there, end = self.there(digest), at + piece.stat().st_size
                if at > there or end <= there:
                    return there
                if end > MOST_PACK:
                    raise TooMuch
                self._add(digest, there, piece, there - at)
                return end
        finally:
            piece.unlink(missing_ok=True)

    def _add(self, digest: str, there: int, piece: Path, met: int) -> None:
        """Add to what has come of a pack what is new of a piece."""
        with piece.open("rb") as source, self._part(digest).open("ab") as file:
            source.seek(met)
            is_time = False
            while new := source.read(_BLOCK):
                file.write(new)
                is_time |= self._count(digest, there, new)
                there += len(new)
            file.flush()
            if is_time:
                os.fsync(file.fileno())

    def arrived(self, digest: str, size: int) -> Path | None:
        """Return the file of a pack that has come whole, else None; one that is long enough and wrong is forgotten."""
        with self._lock:
            part = self._part(digest)
            if self.there(digest) < size:
                return None
            count = self._counts.pop(digest, None)
            known = count and count.size == self.there(digest)
            if part.exists() and (count.digest.hexdigest() if count and known else _digest_of(part)) == digest:
                return part
            part.unlink(missing_ok=True)
            return None

    def arrive(self, digest: str, file: Path) -> Path:
        """Put a pack that came in one go where those are that came in pieces."""
        with self._lock:
            return file.replace(self._part(digest))

    def receive(self, stream: Readable, head: Head) -> Path:
        """Write a pack that comes in one go, and return its file.

        Raises:
            TooMuch, Full, Mangled, EndedEarly: Nothing remains of it.
        """
        if head.length > MOST_PACK:
            raise TooMuch
        self._sweep()
        file, came = self._arriving / f"{secrets.token_hex(8)}.in", 0

        def come(size: int) -> None:
            nonlocal came
            with self._room:  # what is still coming is no file to be swept away, however much it is
                if self._coming + size > self._most_bytes:
                    raise Full
                self._coming += size
            came += size

        try:
            _copy(stream, head, file, come)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        finally:
            with self._room:
                self._coming -= came
        return file

    def keep_answer(self, to: str, asked: int, answer: Path) -> Kept:
        """Keep the answer to a pack of a digest and size; its file becomes ours."""
        kept = Kept(_digest_of(answer), answer.stat().st_size, asked)
        self._sweep()
        shutil.move(answer, self._answers / f"{kept.digest}.yb")
        note = self._answers / f"{secrets.token_hex(8)}.in"
        note.write_text(json.dumps({"pack": kept.digest, "size": kept.size, "asked": asked}), "utf-8")
        note.replace(self._answers / f"{to}.json")
        return kept

    def answer_to(self, digest: str) -> Kept | None:
        """Return the answer that a pack got, if it is still here."""
        with suppress(OSError, ValueError, KeyError):
            told = json.loads((self._answers / f"{digest}.json").read_text("utf-8"))
            kept = Kept(str(told["pack"]), int(told["size"]), int(told["asked"]))
            if self._answer(kept.digest).stat().st_size == kept.size:
                return kept
        return None

    def answer_part(self, digest: str, at: int, count: int) -> Iterator[bytes]:
        """Yield a part of an answer in blocks; it is shorter only at the end of the answer.

        Raises:
            FileNotFoundError: The answer is not here.
        """
        with self._answer(digest).open("rb") as file:
            file.seek(at)
            while block := file.read(min(_BLOCK, count)):
                yield block
                count -= len(block)

    def _part(self, digest: str) -> Path:
        return self._arriving / f"{digest}.part"

    def _answer(self, digest: str) -> Path:
        return self._answers / f"{digest}.yb"

    def _count(self, digest: str, there: int, new: bytes) -> bool:
        """Count a piece into the digest of what has come, and return whether it is time to make it durable."""
        count = self._counts.get(digest) or _Count()
        if count.size != there:
            return True  # began before this program did: counted at its end, from the file
        count.digest.update(new)
        count.size += len(new)
        count.loose += len(new)
        is_time = count.loose >= DURABLE_EVERY
        if is_time:
            count.loose = 0
        self._counts[digest] = count
        while len(self._counts) > self._most_files:
            self._counts.popitem(last=False)
        return is_time

    def _sweep(self) -> None:
        """Drop the oldest files while there are too many; looked at once in a while."""
        self._since_swept += 1
        if self._since_swept < SWEPT_EVERY:
            return
        self._since_swept = 0
        with suppress(FileNotFoundError):
            files = sorted(map(_age, [*self._arriving.iterdir(), *self._answers.iterdir()]))
            count, size = len(files), sum(size for _, size, _ in files)
            for _, bytes_, file in files:
                if count < self._most_files and size + MOST_PACK <= self._most_bytes:
                    return
                with suppress(OSError):
                    file.unlink()
                count, size = count - 1, size - bytes_


def _age(file: Path) -> tuple[float, int, Path]:
    told = file.stat()
    return told.st_mtime, told.st_size, file


def _copy(stream: Readable, head: Head, file: Path, come: Callable[[int], None]) -> None:
    digest, rest = sha256(), head.length
    with file.open("wb") as into:
        while rest:
            block = stream.read(min(_BLOCK, rest))
            if not block:
                raise EndedEarly
            come(len(block))
            digest.update(block)
            into.write(block)
            rest -= len(block)
    if digest.hexdigest() != head.digest:
        raise Mangled


def _digest_of(file: Path) -> str:
    with file.open("rb") as content:
        digest = sha256()
        while block := content.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
