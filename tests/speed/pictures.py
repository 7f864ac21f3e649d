"""Pictures from one home to another and what that takes beside a bare copy of the same files, each made durable."""

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from statistics import median

from app.domain.op import Audience, Op
from app.ports import Freight
from db import keep
from db.keep import Home
from sync.directory import Directory
from sync.pack import PackHead, read_pack, write_pack
from sync.piece import PIECE
from sync.porter import Piece, Porter
from sync.suite import suite
from tests.speed.figures import Figure, tell, took_ms

NOW = datetime(2026, 11, 23, 10, 2, 11, tzinfo=timezone(timedelta(hours=8)))
MOST = 1.25
"""At least four fifths of the speed of a bare copy (D15)."""
SECRET, PUBLIC = suite().new_identity()
ACT = "ac" * 16


class OneKey(Directory):
    """A directory that knows one key to seal to, and believes every device."""

    def recipients(self, region: str, audience: Audience) -> tuple[str, ...]:
        """Return the one key."""
        return (PUBLIC,)

    def may_write(self, device: str, region: str) -> bool:
        """Return True."""
        return True


def bench(size: int = 9 << 20, count: int = 6, scans: int = 100, times: int = 3) -> Iterator[Figure]:
    """Carry some large files, then many scans of 300 kB, and copy the same bytes by turns."""
    for what, sizes in (
        (f"{count} files of {size / 1e6:.0f} MB", [size] * count),
        (f"{scans} scans", [300_000] * scans),
    ):
        rounds = [_round(sizes) for _ in range(times)]
        packed, taken, copied = (median(told[at] for told in rounds) for at in range(3))
        mb = sum(sizes) / 1e3
        bare = "bare copy, fsync of each"
        yield Figure(f"{what} sealed into packs", packed, "ms", None, copied, bare, MOST, f"{mb / packed:.0f} MB/s")
        yield Figure(f"{what} taken in", taken, "ms", None, copied, bare, MOST, f"{mb / taken:.0f} MB/s")


def _round(sizes: list[int]) -> tuple[float, float, float]:
    """Return how long packing, taking in and a bare copy took."""
    with tempfile.TemporaryDirectory() as folder:
        author, reader = (keep.open_home(Path(folder) / name, NOW) for name in ("author", "reader"))
        contents = [os.urandom(size) for size in sizes]
        freights = _on_their_way(author, contents)
        packs: list[bytes] = []
        packed = took_ms(lambda: packs.extend(_packs(author, freights, Path(folder))))
        taken = took_ms(lambda: [_take(reader, pack) for pack in packs])
        assert sum(one.state == "whole" for one in reader.cargo.freights()) == len(sizes)
        copied = took_ms(lambda: _copy(Path(folder), contents))
        author.close()
        reader.close()
    return packed, taken, copied


def _on_their_way(home: Home, contents: list[bytes]) -> list[Freight]:
    ids = [home.blobs.put(content) for content in contents]
    parts = [{Audience.COUNTY: Op("", 1, 1, "attachment", blob_id, {"blob": blob_id}, None)} for blob_id in ids]
    Porter(home.cargo, home.postbox, home.seal).send_on_its_way(parts, ACT, "530102001")
    return home.cargo.freights()


def _packs(home: Home, freights: list[Freight], folder: Path) -> Iterator[bytes]:
    """Write packs of at most twelve pieces, make each durable, and yield what was written."""
    porter, directory = Porter(home.cargo, home.postbox, home.seal), OneKey(())
    pieces = [Piece(one, number) for one in freights for number in range(-(-one.size // PIECE))]
    for start in range(0, len(pieces), 12):
        some = pieces[start : start + 12]
        blobs = tuple({one.freight.id: one.freight for one in some}.values())
        head = PackHead(home.seal.sign(b"").key, NOW.isoformat(), ("org:530102",), blobs=blobs)
        with (folder / f"{start}.yb").open("w+b") as file:
            write_pack(file, head, (), (), (), porter.contents(some, directory), home.seal.sign)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            yield file.read()


def _take(home: Home, raw: bytes) -> None:
    pack = read_pack(BytesIO(raw))
    arriving = ((one, pack.pieces(one.id)) for one in pack.head.blobs)
    Porter(home.cargo, home.postbox, home.seal).take(arriving, OneKey(()), (SECRET,))


def _copy(folder: Path, contents: list[bytes]) -> None:
    (folder / "bare").mkdir()
    for content in contents:
        with (folder / "bare" / sha256(content[:64]).hexdigest()).open("wb", buffering=0) as out:
            out.write(content)
            os.fsync(out.fileno())


if __name__ == "__main__":
    tell(bench())
