"""Blobs: pictures and files beside the ledger, sealed, each once.

A blob is named by the keyed SHA-256 of its content, so that the same picture is one file and its name tells nobody
without the key what it is. It lies in `blobs/ab/<id>` as: magic, length of the content, then chunks of 4 MiB, each
AES-256-GCM under a key of this blob alone; number, length and whether it is the last stand in what is authenticated,
so that no chunk can be moved, cut off or put under another name. The same content gives the same bytes.

What came from another home keeps the id it has there, which nothing here can be computed from: two contents might come
under one id. So its key is drawn with fresh dice, which stand in its head. Sealed pieces of what has not come whole,
or is not for us to open, lie as they came under `carried/<id>/<number>.age`.

A blob is on the disk before any row names it: written beside, made durable, renamed, and the folder made durable too.
What a crash leaves beside is swept away at the next opening; what no row names harms nobody.
"""

import hmac
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from app.domain.attachment import Attachment
from app.domain.errors import AttachmentLost, NotSaved
from app.ports import Shelf
from db.derived import derived

if TYPE_CHECKING:  # the cryptography costs a window tens of milliseconds, so it is loaded with the first blob
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"YBB1"
ADOPTED = b"YBB2"
SALT = 16
LENGTH_BYTES = 8
CHUNK = 4 * 1024 * 1024
TAG = 16
HEAD = len(MAGIC) + LENGTH_BYTES
ID_DIGITS = 64
AT_ONCE = 8


class FileBlobs:
    """The blobs of one home. Nothing is held open between two calls."""

    def __init__(
        self, folder: Path, home_key: bytes, is_to_come: Callable[[str], bool] = lambda blob_id: False
    ) -> None:
        """Open the blobs of a folder; `is_to_come` tells of a blob that is not here whether it never was."""
        self._folder = folder
        self._beside = folder / "part"
        self._key = home_key
        self._is_to_come = is_to_come
        self._unsettled: dict[Path, str] = {}
        self._sweep()

    def at_desk(self, desk: str) -> Self:
        """Return the same blobs for somebody who adopts beside others: what each makes ready is its own to settle."""
        made = copy(self)
        made._beside, made._unsettled = self._beside / desk, {}
        made._sweep()
        return made

    @cached_property
    def _naming(self) -> bytes:
        return derived(self._key, b"", b"yuanba blob name")

    def put(self, content: bytes) -> str:
        """Keep the content and return its id; what is there already is not written again, unless it is damaged.

        Raises:
            NotSaved: The disk would not take it. Nothing is half written.
        """
        blob_id = self.id_of(content)
        try:
            self._keep(blob_name(blob_id), self._sealed(blob_id, content))
        except OSError as error:
            raise NotSaved(str(error)) from error
        return blob_id

    def get(self, blob_id: str) -> bytes:
        """Return the content.

        Raises:
            AttachmentLost: It is not there, cannot be read, or is not what it was.
        """
        try:
            sealed = self._read(blob_name(blob_id))
        except OSError as error:
            raise self._lost(blob_id, error, "unreadable") from error
        from cryptography.exceptions import InvalidTag

        try:
            return b"".join(self._opened(blob_id, sealed))
        except (InvalidTag, ValueError) as error:
            raise AttachmentLost(blob_id, "damaged") from error

    def has(self, blob_id: str) -> bool:
        """Return whether there is such a blob; it may still be damaged."""
        return self._is_there(blob_name(blob_id))

    def size(self, blob_id: str) -> int:
        """Return how many bytes the content has, as its head says.

        Raises:
            AttachmentLost: It is not there, or has no head.
        """
        try:
            return _length(self._read(blob_name(blob_id), 0, HEAD))
        except (OSError, ValueError) as error:
            raise self._lost(blob_id, error, "damaged") from error

    def piece(self, blob_id: str, number: int) -> bytes:
        """Return one chunk of the content, from 0.

        Raises:
            AttachmentLost: As for the whole.
        """
        from cryptography.exceptions import InvalidTag

        try:
            first = self._read(blob_name(blob_id), 0, HEAD + SALT + (0 if number else CHUNK + TAG))
            length, salt = _length(first[:HEAD]), _salt(first[: HEAD + SALT])
            begin = HEAD + len(salt) + number * (CHUNK + TAG)
            size = min(CHUNK, length - number * CHUNK) + TAG
            chunk = self._read(blob_name(blob_id), begin, size) if number else first[begin : begin + size]
            return self._box(blob_id, salt).decrypt(_nonce(number), chunk, _bound(blob_id, number, length))
        except OSError as error:
            raise self._lost(blob_id, error, "unreadable") from error
        except (InvalidTag, ValueError) as error:
            raise AttachmentLost(blob_id, "damaged") from error

    def adopt(self, blob_id: str, size: int, pieces: Iterable[bytes]) -> None:
        """Write down a content that came from another home, chunk by chunk, under the id it has there. It is there once
        `settle` has been called: to make many durable together costs a fraction of one after the other.

        Raises:
            NotSaved: The disk would not take it. Nothing is half written.
        """
        name = blob_name(blob_id)
        try:
            self._lay_ready(name, self._adopted(blob_id, size, pieces))
        except OSError as error:
            raise NotSaved(str(error)) from error

    def _lay_ready(self, name: str, sealed: Iterable[bytes]) -> None:
        """Write down what `settle` will put in its place."""
        self._beside.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._beside / f"{name.replace('/', '.')}.part"
        _write_beside(beside, sealed)
        self._unsettled[beside] = name

    def settle(self) -> None:
        """Make durable what was adopted, and let it be seen; all of it is there whole, or not there.

        Raises:
            NotSaved: The disk would not take it.
        """
        waiting, self._unsettled = self._unsettled, {}
        try:
            self._put_in_place(waiting)
        except OSError as error:
            raise NotSaved(str(error)) from error
        finally:
            for beside in waiting:
                with suppress(OSError):
                    beside.unlink(missing_ok=True)

    def _put_in_place(self, waiting: Mapping[Path, str]) -> None:
        _at_once(_fsync_file, waiting)
        folders = {(self._folder / name).parent for name in waiting.values()}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for beside, name in waiting.items():
            beside.replace(self._folder / name)
        _at_once(fsync_folder, (*sorted(folders), *((self._folder, self._folder.parent) if folders else ())))

    def _adopted(self, blob_id: str, size: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
        salt = secrets.token_bytes(SALT)
        box = self._box(blob_id, salt)
        yield ADOPTED + size.to_bytes(LENGTH_BYTES, "big") + salt
        for number, piece in enumerate(pieces):
            yield box.encrypt(_nonce(number), piece, _bound(blob_id, number, size))

    def shelve(self, blob_id: str, number: int, sealed: bytes) -> None:
        """Keep a sealed piece as it came; it is there once `settle` has been called.

        Raises:
            NotSaved: The disk would not take it. Nothing is half written.
        """
        try:
            self._keep(piece_name(blob_id, number), sealed)
        except OSError as error:
            raise NotSaved(str(error)) from error

    def shelved(self, blob_id: str, number: int) -> bytes:
        """Return a sealed piece as it came; empty when it is gone or cannot be read."""
        try:
            return self._read(piece_name(blob_id, number))
        except OSError:
            return b""

    def unshelve(self, blob_id: str) -> None:
        """Throw the sealed pieces of a blob away; what the disk will not let go of is no harm."""
        shutil.rmtree((self._folder / piece_name(blob_id, 0)).parent, ignore_errors=True)

    def forget(self, blob_id: str) -> None:
        """Throw a blob away, whole or in pieces.

        Raises:
            NotSaved: The disk would not let go of it.
        """
        self.unshelve(blob_id)
        try:
            (self._folder / blob_name(blob_id)).unlink(missing_ok=True)
        except OSError as error:
            raise NotSaved(str(error)) from error

    def _read(self, name: str, start: int = 0, count: int = -1) -> bytes:
        """Return what lies under a name, or so many bytes of it, fewer at its end.

        Raises:
            FileNotFoundError: There is no such file.
            OSError: It cannot be read.
        """
        with (self._folder / name).open("rb") as file:
            file.seek(start)
            return file.read(count)

    def _is_there(self, name: str) -> bool:
        return (self._folder / name).is_file()

    def _lost(self, blob_id: str, error: Exception, otherwise: str) -> AttachmentLost:
        """Return what is wrong with a blob that could not be read."""
        if not isinstance(error, FileNotFoundError):
            return AttachmentLost(blob_id, otherwise)
        return AttachmentLost(blob_id, "to come" if self._is_to_come(blob_id) else "gone")

    def id_of(self, content: bytes) -> str:
        """Return the id the content has here, kept or not."""
        return hmac.digest(self._naming, content, "sha256").hex()

    def _sealed(self, blob_id: str, content: bytes) -> bytes:
        box = self._box(blob_id)
        starts = range(0, max(len(content), 1), CHUNK)
        chunks = (
            box.encrypt(_nonce(number), content[start : start + CHUNK], _bound(blob_id, number, len(content)))
            for number, start in enumerate(starts)
        )
        return MAGIC + len(content).to_bytes(LENGTH_BYTES, "big") + b"".join(chunks)

    def _opened(self, blob_id: str, sealed: bytes) -> Iterator[bytes]:
        length = _length(sealed[:HEAD])
        count = max(1, -(-length // CHUNK))
        salt = sealed[HEAD : HEAD + SALT] if sealed.startswith(ADOPTED) else b""
        begin = HEAD + len(salt)
        if len(sealed) != begin + length + count * TAG:
            raise ValueError("cut short, or longer than it says")
        box = self._box(blob_id, salt)
        for number in range(count):
            start = begin + number * (CHUNK + TAG)
            chunk = sealed[start : start + CHUNK + TAG]
            yield box.decrypt(_nonce(number), chunk, _bound(blob_id, number, length))

    def _box(self, blob_id: str, salt: bytes = b"") -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(derived(self._key, bytes.fromhex(blob_id) + salt, b"yuanba blob content"))

    def _keep(self, name: str, sealed: bytes) -> None:
        """Write beside, make durable, rename, make the name durable; what lies there as it should is left."""
        file = self._folder / name
        if _holds(file, sealed):
            return
        is_new_folder = not file.parent.is_dir()
        for folder in (self._beside, file.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._beside / f"{file.name}.part"
        _write_beside(beside, [sealed], is_durable=True)
        try:
            beside.replace(file)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        fsync_folder(file.parent)
        if is_new_folder:
            fsync_folder(file.parent.parent)
            fsync_folder(self._folder)
            fsync_folder(self._folder.parent)

    def _sweep(self) -> None:
        """Throw away what a crash left half written; a disk that will not let go of it is no harm."""
        with suppress(OSError):
            for left in self._beside.glob("*.part"):
                left.unlink()


def blob_name(blob_id: str) -> str:
    """Return where a blob lies. An id comes from rows that may come from elsewhere: it never leads out of here."""
    if len(blob_id) != ID_DIGITS or not set(blob_id) <= set("0123456789abcdef"):
        raise AttachmentLost(blob_id, "gone")
    return f"{blob_id[:2]}/{blob_id}"


def piece_name(blob_id: str, number: int) -> str:
    """Return where a sealed piece of a blob lies."""
    return f"carried/{blob_name(blob_id)[3:]}/{number}.age"


def _nonce(number: int) -> bytes:
    """Return the nonce of a chunk. The key is this content's alone, so that a count is never used twice."""
    return number.to_bytes(12, "big")


def _bound(blob_id: str, number: int, length: int) -> bytes:
    """Return what a chunk is bound to: its blob, its place, and the length of the whole, which says which is last."""
    return bytes.fromhex(blob_id) + number.to_bytes(8, "big") + length.to_bytes(8, "big")


def _length(head: bytes) -> int:
    if len(head) != HEAD or not head.startswith((MAGIC, ADOPTED)):
        raise ValueError("no head of a blob")
    return int.from_bytes(head[len(MAGIC) :], "big")


def _salt(head: bytes) -> bytes:
    """Return the dice of a blob that came from elsewhere, which stand behind its head; none of our own."""
    if not head.startswith(ADOPTED):
        return b""
    salt = head[HEAD:]
    if len(salt) != SALT:
        raise ValueError("cut short in its head")
    return salt


def _write_beside(beside: Path, parts: Iterable[bytes], *, is_durable: bool = False) -> None:
    """Write a file that nobody looks at yet; what cannot be written to its end is not there."""
    try:
        with beside.open("wb") as out:
            beside.chmod(0o600)
            for part in parts:
                out.write(part)
            if is_durable:
                out.flush()
                os.fsync(out.fileno())
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _at_once(work: Callable[[Path], None], many: Iterable[Path]) -> None:
    """Do for each what mostly waits for the disk: asked for several things at once, a disk makes one journey of them.

    Raises:
        OSError: One could not be done.
    """
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in threads.map(work, many):
            pass


def _fsync_file(file: Path) -> None:
    with file.open("r+b") as written:
        os.fsync(written.fileno())


def _holds(file: Path, sealed: bytes) -> bool:
    return file.is_file() and file.stat().st_size == len(sealed) and file.read_bytes() == sealed


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system has a way to."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def lost_attachments(shelf: Shelf, blobs: FileBlobs) -> list[str]:
    """Return one line for each picture or thumbnail that was here and is not there whole any more."""
    lost = []
    for attachment in shelf.all(Attachment):
        for what, blob_id in (("blob", attachment.blob), ("thumbnail", attachment.thumbnail)):
            try:
                if blob_id:
                    blobs.get(blob_id)
            except AttachmentLost as trouble:
                if trouble.how == "to come":
                    continue
                lost.append(f"attachment {attachment.id}: {what} {blob_id[:12]} is {trouble.how}")
    return lost
