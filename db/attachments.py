"""Attachments: where those of a home lie. In its folder, unless the file `attachments` there names a bucket.

What lies in a bucket is byte for byte what would lie in the folder, sealed by the same key, under the same names. It is
made ready in the folder, and all of it is in the bucket before any row names it.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import NotSaved, Refused
from db.blobs import FileBlobs, blob_name, fsync_folder, piece_name
from db.bucket import AT_ONCE, Bucket, BucketUnclear

TOLD = "attachments"


class LieElsewhere(Refused):
    """Somebody would keep attachments in another place than where they lie."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"附件现在存在{where or '这个文件夹里'}", "什么也没动", "要搬，先停下服务，用 ./run server attachments 搬"
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """What went from a folder into a bucket."""

    files: int
    size: int


class BucketBlobs(FileBlobs):
    """The blobs of a home that lie in a bucket; the folder holds what is being made ready."""

    def __init__(self, folder: Path, home_key: bytes, is_to_come: Callable[[str], bool], bucket: Bucket) -> None:
        super().__init__(folder, home_key, is_to_come)
        self.bucket = bucket
        self._absent: set[str] = set()

    def shelve(self, blob_id: str, number: int, sealed: bytes) -> None:
        """Lay a sealed piece ready; it is there once `settle` has been called."""
        try:
            self._lay_ready(piece_name(blob_id, number), [sealed])
        except OSError as error:
            raise NotSaved(str(error)) from error

    def unshelve(self, blob_id: str) -> None:
        """Throw the sealed pieces of a blob away; what the store will not let go of is no harm."""
        with suppress(NotSaved):
            self._remove_pieces(blob_id)

    def forget(self, blob_id: str) -> None:
        """Throw a blob away, whole or in pieces. What has been seen to be gone is not asked for again."""
        self._remove_pieces(blob_id)
        self.bucket.remove(blob_name(blob_id))
        self._absent.add(blob_name(blob_id))

    def _remove_pieces(self, blob_id: str) -> None:
        for name, _ in list(self.bucket.names(piece_name(blob_id, 0).removesuffix("0.age"))):
            self.bucket.remove(name)

    def _read(self, name: str, start: int = 0, count: int = -1) -> bytes:
        return self.bucket.read(name, start, count)

    def _is_there(self, name: str) -> bool:
        if name in self._absent:
            return False
        is_there = self.bucket.has(name)
        if not is_there:
            self._absent.add(name)
        return is_there

    def _keep(self, name: str, sealed: bytes) -> None:
        self.bucket.write(name, sealed)
        self._absent.discard(name)

    def _put_in_place(self, waiting: Mapping[Path, str]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for _ in threads.map(self.bucket.write, waiting.values(), waiting):
                pass
        self._absent.difference_update(waiting.values())


def blobs_of(home: Path, home_key: bytes, is_to_come: Callable[[str], bool]) -> FileBlobs:
    """Return the blobs of a home, wherever they lie.

    Raises:
        AddressOfNone: The file that names the bucket is spoilt.
    """
    where = told(home)
    if not where:
        return FileBlobs(home / "blobs", home_key, is_to_come)
    return BucketBlobs(home / "blobs", home_key, is_to_come, Bucket.at(where))


def told(home: Path) -> str:
    """Return the address of the bucket in which the attachments of a home lie; '' when they lie in its folder."""
    try:
        return (home / TOLD).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise NotSaved(str(error)) from error


def begin_in(home: Path, address: str) -> None:
    """Let a home that has no attachments yet keep them in a bucket; one that does already is left as it is.

    Raises:
        AddressOfNone: It is no address.
        LieElsewhere: There are some, in another place.
        NotSaved: The disk would not take it.
    """
    bucket, where = Bucket.at(address), told(home)
    if where == bucket.address:
        return
    if where or _lying(home):
        raise LieElsewhere(where)
    _tell(home, bucket)


def try_out(blobs: FileBlobs) -> None:
    """See whether a bucket, if they lie in one, takes and gives; said now, and not when the first pack comes.

    Raises:
        BucketTrouble: It does not.
    """
    if isinstance(blobs, BucketBlobs):
        blobs.bucket.try_out()


def move_to(home: Path, address: str) -> Moved:
    """Move the attachments of a home, which nobody has open, from its folder into a bucket. Cut off, it goes on from
    the beginning the next time: they are in the folder until all of them have been read back from the bucket.

    Raises:
        AddressOfNone: It is no address.
        LieElsewhere: They lie in another bucket.
        BucketTrouble: The store would not take them.
    """
    bucket, where = Bucket.at(address), told(home)
    if where not in ("", bucket.address):
        raise LieElsewhere(where)
    bucket.try_out()
    files = _lying(home)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        sizes = list(threads.map(lambda name: _moved(bucket, name, files[name]), files))
    _tell(home, bucket)
    for file in files.values():
        file.unlink()
    return Moved(len(sizes), sum(sizes))


def _moved(bucket: Bucket, name: str, file: Path) -> int:
    content = file.read_bytes()
    bucket.write(name, content)
    if bucket.read(name) != content:
        raise BucketUnclear("ReadBackDiffers")
    return len(content)


def _lying(home: Path) -> dict[str, Path]:
    """Return the files of attachments that lie in the folder of a home, by their names."""
    folder = home / "blobs"
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.parent.name != "part")
    return {file.relative_to(folder).as_posix(): file for file in files}


def _tell(home: Path, bucket: Bucket) -> None:
    beside = home / f"{TOLD}.part"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.write_text(f"{bucket.address}\n", "utf-8")
        beside.replace(home / TOLD)
        fsync_folder(home)
    except OSError as error:
        raise NotSaved(str(error)) from error
