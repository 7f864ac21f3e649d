"""A FAT stick over a real folder, with a memory before it, that can be pulled, torn, full, read-only or lying.

What the system shows is in the folder. What the medium has is kept beside it: bytes once their file was made durable,
names once their folder was. When it is pulled, each sector and each name in between arrived or did not, by lot.
"""

import errno
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from random import Random

from sync.carriers.disk import RealDisk, Status
from sync.carriers.stick import Place

SECTOR = 512
STICK, HERE = 7, 1
FAT_NAME = re.compile(r"[A-Z0-9._-]{1,59}", re.ASCII)


class FaultyDisk:
    """The stick. It counts what it is asked; at call `pull_at` it is pulled, at call `fault_at` it says `fault`."""

    def __init__(self, root: Path, seed: int = 0, before: dict[str, bytes] | None = None) -> None:
        self.root, self.bare = root / "stick", root / "bare"
        self.root.mkdir()
        self.bare.mkdir()
        self.random = Random(seed)
        self.calls, self.pull_at, self.fault_at = 0, 0, 0
        self.asked: Counter[str] = Counter()
        self.fault, self.is_sticky, self.is_lying, self.shows_bare = 0, False, False, False
        self.room, self.real_room = 10**9, 10**9
        self.volume = "1A2B-3C4D"
        self.image: dict[str, bytes] | None = None
        self._real = RealDisk()
        self._open: dict[int, tuple[Path, int]] = {}
        self._bytes: dict[int, bytes] = {}
        self._dirty: dict[int, list[tuple[int, bytes]]] = {}
        self._names: dict[str, int] = {}
        self._names_now: dict[str, int] = {}
        self._late: list[tuple[str, str, int]] = []
        for name, content in (before or {}).items():
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        for path in self.root.rglob("*"):
            self._names[self._name(path)] = path.stat().st_ino
            self._bytes[path.stat().st_ino] = path.read_bytes() if path.is_file() else b""

    def place(self) -> Place:
        """Return it as a window would have found it."""
        return Place(self.root, "示例U盘", 10**9, f"{STICK}/{self.volume}", True, False, "vfat")

    def shown(self) -> dict[str, bytes]:
        """Return the files the system shows."""
        return {self._name(path): path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}

    def under_it(self) -> dict[str, bytes]:
        """Return what lies where the stick was mounted: files with their bytes, folders with none."""
        paths = sorted(self.bare.rglob("*"))
        return {path.relative_to(self.bare).as_posix(): path.read_bytes() if path.is_file() else b"" for path in paths}

    def pull(self) -> dict[str, bytes]:
        """Pull it, and return the files another machine will find."""
        if self.image is None:
            names = dict(self._names)
            for late in self._late:
                self._arrive(names, *late, by_lot=True)
            self.image, self._names_now = {}, names
            for name, node in names.items():
                is_reachable = all(str(above) in names for above in PurePosixPath(name).parents if above.name)
                if is_reachable and node in self._bytes and node not in self._folders():
                    self.image[name] = self._torn(node)
        return self.image

    def _folders(self) -> set[int]:
        return {path.stat().st_ino for path in self.root.rglob("*") if path.is_dir()}

    def _arrive(self, names: dict[str, int], act: str, name: str, node: int, by_lot: bool) -> None:
        """Let a change of names reach the medium; a rename that is cut may leave either name, both or none."""
        if act == "rename":
            old, new = name.split("|")
            if not by_lot or self.random.random() < 0.5:
                names[new] = node
            if not by_lot or self.random.random() < 0.5:
                names.pop(old, None)
        elif not by_lot or self.random.random() < 0.5:
            names.update({name: node}) if act == "add" else names.pop(name, None)

    def _torn(self, node: int) -> bytes:
        """Return the bytes of a file of which some sectors written since it was made durable have arrived."""
        content = bytearray(self._bytes.get(node, b""))
        for at, some in self._dirty.get(node, []):
            for start in range(at, at + len(some), SECTOR):
                if self.random.random() < 0.5:
                    sector = some[start - at : start - at + SECTOR]
                    content.extend(bytes(max(0, start + len(sector) - len(content))))
                    content[start : start + len(sector)] = sector
        return bytes(content)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _call(self, what: str) -> None:
        self.calls += 1
        self.asked[what] += 1
        if self.calls == self.pull_at:
            self.pull()
        is_due = self.calls == self.fault_at or (self.is_sticky and 0 < self.fault_at < self.calls)
        reads_still = self.fault in (errno.EROFS, errno.ENOSPC) and what not in CHANGES
        if is_due and not reads_still and self.image is None:
            raise OSError(self.fault, os.strerror(self.fault))

    def _path(self, what: str, path: Path) -> Path:
        """Count a call by name and return where it goes: names differ by more than case, and a stick may be gone."""
        self._call(what)
        if self.image is not None:
            if not self.shows_bare:
                raise OSError(errno.EIO, "pulled")
            return self.bare / path.relative_to(self.root)
        real = self.root
        for part in path.relative_to(self.root).parts:
            there = os.listdir(real) if real.is_dir() else []
            real = real / next((name for name in there if name.casefold() == part.casefold()), part)
        return real

    def _handle(self, what: str, handle: int) -> tuple[Path, int]:
        self._call(what)
        path, node = self._open[handle]
        if self.image is not None and path.is_relative_to(self.root):
            raise OSError(errno.EIO, "pulled")
        return path, node

    def _late_change(self, act: str, path: Path, node: int) -> None:
        if path.is_relative_to(self.root):
            self._late.append((act, self._name(path), node))

    # What a carrier asks

    def create(self, file: Path) -> int:
        assert FAT_NAME.fullmatch(file.name), file.name
        real = self._path("create", file)
        handle = self._real.create(real)
        node = os.fstat(handle).st_ino
        self._open[handle] = (real, node)
        if self.image is None:
            self._bytes[node], self._dirty[node] = b"", []
        self._late_change("add", real, node)
        return handle

    def open(self, file: Path) -> int:
        real = self._path("open", file)
        handle = self._real.open(real)
        self._open[handle] = (real, os.fstat(handle).st_ino)
        return handle

    def read(self, handle: int, most: int) -> bytes:
        self._handle("read", handle)
        return self._real.read(handle, most)

    def write(self, handle: int, chunk: memoryview) -> int:
        path, node = self._handle("write", handle)
        if path.is_relative_to(self.bare):
            raise AssertionError("bytes of a pack in the bare folder")
        left = self.room - sum(len(content) for content in self.shown().values())
        if left <= 0:
            raise OSError(errno.ENOSPC, "full")
        some = bytes(chunk[: min(left, self.random.choice((len(chunk), len(chunk), 1000)))])
        self._dirty[node].append((os.lseek(handle, 0, os.SEEK_CUR), some))
        return self._real.write(handle, memoryview(some))

    def fsync(self, handle: int) -> None:
        path, node = self._handle("fsync", handle)
        if not self.is_lying and path.is_relative_to(self.root):
            self._bytes[node] = path.read_bytes()
            self._dirty[node] = []

    def forget(self, file: Path) -> None:
        real = self._path("forget", file)
        if not self.is_lying and self.real_room == 10**9:
            return
        image = self._as_the_medium_has_it()
        name = self._name(real)
        if name in image:
            real.write_bytes(image[name])
        else:
            real.unlink()

    def _as_the_medium_has_it(self) -> dict[str, bytes]:
        """Return the files as a stick that lies, or is smaller than it says, gives them back."""
        image, self.image = self.pull(), None
        for name, content in image.items():
            image[name] = content[: self.real_room].ljust(len(content), b"\0")
        self._names = {name: node for name, node in self._names_now.items() if name in image or node in self._folders()}
        self._bytes.update({node: image[name] for name, node in self._names.items() if name in image})
        self._dirty, self._late = {node: [] for node in self._dirty}, []
        return image

    def close(self, handle: int) -> None:
        self._call("close")
        self._open.pop(handle)
        self._real.close(handle)
        if self.image is not None:
            raise OSError(errno.EIO, "pulled")

    def rename(self, old: Path, new: Path) -> None:
        assert FAT_NAME.fullmatch(new.name), new.name
        was, real = self._path("rename", old), new
        if self.image is None:
            taken = {name.casefold() for name in os.listdir(was.parent)}
            assert new.name.casefold() not in taken, "one file in the place of another"
            real = was.parent / new.name
            self._late.append(("rename", f"{self._name(was)}|{self._name(real)}", was.stat().st_ino))
        else:
            real = self.bare / new.relative_to(self.root)
        self._real.rename(was, real)

    def remove(self, file: Path) -> None:
        real = self._path("remove", file)
        self._late_change("remove", real, real.stat().st_ino)
        self._real.remove(real)

    def make_folder(self, folder: Path) -> None:
        assert FAT_NAME.fullmatch(folder.name), folder.name
        real = self._path("make_folder", folder)
        self._real.make_folder(real)
        self._late_change("add", real, real.stat().st_ino)
        if self.image is None:
            self._bytes[real.stat().st_ino] = b""

    def remove_folder(self, folder: Path) -> None:
        real = self._path("remove_folder", folder)
        self._late_change("remove", real, real.stat().st_ino)
        self._real.remove_folder(real)

    def fsync_folder(self, folder: Path) -> None:
        real = self._path("fsync_folder", folder)
        if self.is_lying or self.image is not None:
            return
        late, self._late = self._late, []
        for act, name, node in late:
            if (real / PurePosixPath(name.split("|")[0]).name) == self.root / name.split("|")[0]:
                self._arrive(self._names, act, name, node, by_lot=False)
            else:
                self._late.append((act, name, node))

    def names(self, folder: Path) -> list[str]:
        return self._real.names(self._path("names", folder))

    def status(self, path: Path) -> Status:
        return self._seen(self._path("status", path))

    def status_of(self, handle: int) -> Status:
        return self._seen(self._handle("status_of", handle)[0])

    def _seen(self, real: Path) -> Status:
        told = self._real.status(real)
        return Status(told.is_file, told.is_folder, told.size, STICK if real.is_relative_to(self.root) else HERE)

    def medium(self, folder: Path) -> str:
        real = self._path("medium", folder)
        return f"{STICK}/{self.volume}" if real.is_relative_to(self.root) else f"{HERE}/of-the-machine"

    def free(self, folder: Path) -> int:
        self._path("free", folder)
        return self.room - sum(len(content) for content in self.shown().values())


CHANGES = {"create", "write", "fsync", "rename", "remove", "make_folder", "remove_folder", "fsync_folder"}


def every_call(count: int, times: int) -> Iterator[tuple[int, int]]:
    """Return (call, seed) pairs: every call once, then again with another seed, `times` in all."""
    for number in range(max(times, count)):
        yield number % count + 1, number
