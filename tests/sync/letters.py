"""A county and a township that exchange letters: the least that the wire can be tried with.

A pack is a line of JSON and the letters themselves; who takes a letter in writes it down, once.
"""

import json
import shutil
import threading
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random

from app.domain.errors import NotAPack

NUMBERS = count(1)  # no pack is the same twice, as ours
MARK = b"0=yuanba_pack_1\n"


def letter(random: Random, size: int) -> bytes:
    return random.randbytes(size)


class Letters:
    """Letters by their digest, and the order in which they were written down."""

    def __init__(self, *letters: bytes) -> None:
        self.journal: list[str] = []
        self.held: dict[str, bytes] = {}
        for one in letters:
            self.write_down(one)

    def write_down(self, one: bytes) -> None:
        digest = sha256(one).hexdigest()[:16]
        if digest not in self.held:
            self.held[digest] = one
            self.journal.append(digest)

    def lacking_to(self, have: list[str]) -> list[bytes]:
        return [self.held[digest] for digest in self.journal if digest not in have]

    def pack(self, file: Path, letters: list[bytes]) -> Path:
        header = {"number": next(NUMBERS), "have": self.journal, "sizes": [len(one) for one in letters]}
        file.write_bytes(MARK + json.dumps(header).encode() + b"\n" + b"".join(letters))
        return file

    def unpack(self, file: Path) -> list[str]:
        """Write the letters of a pack down, and return what its sender has."""
        raw = file.read_bytes()
        if not raw.startswith(MARK):
            raise NotAPack
        line, _, rest = raw[len(MARK) :].partition(b"\n")
        header = json.loads(line)
        assert sum(header["sizes"]) == len(rest)
        for size in header["sizes"]:
            self.write_down(rest[:size])
            rest = rest[size:]
        return header["have"]


class County(Letters):
    """The peer behind a relay."""

    def __init__(self, folder: Path, *letters: bytes) -> None:
        super().__init__(*letters)
        self._folder = folder
        self.threads: set[str] = set()
        self.takes = 0
        self.refusal: Exception | None = None
        self.is_free = threading.Event()
        self.is_free.set()

    def have(self, asked: bytes) -> bytes:
        self.threads.add(threading.current_thread().name)
        waiting = sum(map(len, self.lacking_to(json.loads(asked)["have"])))
        return json.dumps({"have": self.journal, "waiting": waiting}).encode()

    def take(self, pack: Path) -> Path:
        self.threads.add(threading.current_thread().name)
        self.is_free.wait(20)
        self.takes += 1
        if self.refusal:
            raise self.refusal
        have = self.unpack(pack)
        return self.pack(self._folder / f"answer-{self.takes}", self.lacking_to(have))

    def begin_anew(self, *letters: bytes) -> None:
        self.__init__(self._folder, *letters)


class Township(Letters):
    """The office at the other end."""

    def __init__(self, folder: Path, *letters: bytes) -> None:
        super().__init__(*letters)
        self._at, self._unsent = folder, folder / "unsent.yb"
        self.folder = folder / "fetched"
        self.folder.mkdir(parents=True)
        self.answers = 0

    def have(self) -> bytes:
        return json.dumps({"org": "530102001", "device": "7f3a" * 4, "have": self.journal}).encode()

    def pack_for(self, answer: bytes) -> Path | None:
        self.answers += 1
        told = json.loads(answer)
        if self._unsent.exists():
            return self._unsent
        letters = self.lacking_to(told["have"])
        if not letters and not told["waiting"]:
            return None
        return self.pack(self._unsent, letters)

    def drop(self, pack: Path) -> None:
        pack.unlink()

    def take(self, pack: Path) -> bool:
        self.unpack(pack)
        return False

    def begin_anew(self, *letters: bytes) -> None:
        shutil.rmtree(self._at)
        self.__init__(self._at, *letters)
