"""What befalls sticks and packs: lost, doubled, cut, a bit turned over, pulled in the middle of writing."""

import errno
import random
from pathlib import Path

from sync.carriers.disk import RealDisk


class PulledDisk(RealDisk):
    """A stick that is pulled at its n-th call; 0 is never."""

    def __init__(self) -> None:
        self.calls_left = 0

    def _count(self) -> None:
        if self.calls_left:
            self.calls_left -= 1
            if not self.calls_left:
                self.calls_left = 1  # it stays away
                raise OSError(errno.EIO, "pulled")

    def create(self, file: Path) -> int:
        """Make a new empty file, unless the stick is gone."""
        self._count()
        return super().create(file)

    def write(self, handle: int, chunk: memoryview) -> int:
        """Write, unless the stick is gone."""
        self._count()
        return super().write(handle, chunk)

    def fsync(self, handle: int) -> None:
        """Come back at once: the simulator lies in memory."""
        self._count()

    def fsync_folder(self, folder: Path) -> None:
        """Come back at once."""
        self._count()

    def rename(self, old: Path, new: Path) -> None:
        """Give a file its name, unless the stick is gone."""
        self._count()
        super().rename(old, new)


def packs_on(stick: Path) -> list[Path]:
    """Return the packs that lie on a stick, the oldest name first."""
    return sorted(stick.rglob("*.YB"))


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return a pack that has been cut, or has had bits turned over, or a stretch of it blanked."""
    way = chance.randrange(4)
    at = chance.randrange(len(content))
    if way == 0:
        return content[:at]
    if way == 1:
        turned = bytearray(content)
        for _ in range(chance.randrange(1, 4)):
            turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
        return bytes(turned)
    if way == 2:
        length = chance.randrange(1, 2048)
        return content[:at] + bytes(min(length, len(content) - at)) + content[at + length :]
    return content + chance.randbytes(chance.randrange(1, 600))
