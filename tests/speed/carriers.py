"""64 MB onto a medium and from it, beside a bare copy: until it is durable, until it is read back, fetched."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import BinaryIO

from sync.carriers import RealDisk, fetch, pack_name, place_of, take_from, write_out
from tests.speed.figures import Figure, tell, took_ms

SIZE, CHUNK = 64 << 20, 1 << 20


class Stamping(RealDisk):
    """The real disk, which remembers when a folder was last made durable."""

    durable_at = 0.0

    def fsync_folder(self, folder: Path) -> None:
        super().fsync_folder(folder)
        self.durable_at = time.perf_counter()


def bench(size: int = SIZE, times: int = 5) -> Iterator[Figure]:
    """Copy, write out and fetch by turns, so that a disk that is busy is so for each."""
    taken: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.write_bytes(os.urandom(size))
        for number in range(times):
            for name, took in _round(source, Path(folder) / str(number)).items():
                taken.setdefault(name, []).append(took)
    ms = {name: median(tooks) for name, tooks in taken.items()}
    what, bare = f"{size / 1e6:.0f} MB", "bare copy and fsync"
    mb_s = size / 1e3 / ms["read back"]
    yield Figure(f"{what} written out, durable", ms["durable"], "ms", None, ms["copied"], bare, 1.25)
    yield Figure(
        f"{what} written out and read back",
        ms["read back"],
        "ms",
        floor=ms["copied and read"],
        floor_what=f"{bare}, SHA-256 of it read past the cache",
        most=1.25,
        note=f"{mb_s:.0f} MB/s",
    )
    yield Figure(f"{what} fetched", ms["fetched"], "ms", None, ms["copied"], bare, 1.25)


def _round(source: Path, folder: Path) -> dict[str, float]:
    (folder / "bare").mkdir(parents=True)
    (folder / "stick").mkdir()
    copied = took_ms(lambda: _bare(source, folder / "bare" / "copy"))
    read = took_ms(lambda: _read(folder / "bare" / "copy"))
    disk, place, begun = Stamping(), place_of(folder / "stick"), time.perf_counter()
    name = pack_name("530102001", "7f3a", 1)
    whole = took_ms(lambda: write_out(place, "530102", name, lambda out: _pour(source, out), 0, disk))
    durable = (disk.durable_at - begun) * 1000
    found = take_from(place)[0]
    fetched = took_ms(lambda: fetch(found, folder / "inbox"))
    return {
        "copied": copied,
        "copied and read": copied + read,
        "durable": durable,
        "read back": whole,
        "fetched": fetched,
    }


def _pour(source: Path, out: BinaryIO) -> None:
    with source.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            out.write(chunk)


def _bare(source: Path, target: Path) -> None:
    with target.open("wb", buffering=0) as out:
        _pour(source, out)
        os.fsync(out.fileno())


def _read(file: Path) -> None:
    with file.open("rb", buffering=0) as read:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(read.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        summed = hashlib.sha256()
        while chunk := read.read(CHUNK):
            summed.update(chunk)


if __name__ == "__main__":
    tell(bench())
