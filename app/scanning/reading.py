"""Reading a batch of files page by page, with progress, a way to stop, and limits that hold whatever is in the files.

The files are opened in a child of this program (`child.py`). One that eats memory, hangs or dies is ended and named;
the next file gets a new child. Nothing read is kept here beyond the batch: what becomes of it is decided by who asked.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.domain.errors import BatchStopped, PictureRefused

ROOT = Path(__file__).resolve().parents[2]
MEMORY_MIB = 1200
PATIENCE_S = 30.0
MOST_SHEETS = 400
BEAT_S = 0.1  # how often somebody who wants to stop is looked at
MOST_LINE, MOST_PART = 64 * 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it was read. `code` is empty where none was found; `taken` is as the camera wrote it, or empty."""

    file: str
    number: int
    code: str
    jpeg: bytes
    thumbnail: bytes
    by: str
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or one page of it (0: the whole file), that could not be read, and why in a sentence."""

    file: str
    number: int
    trouble: PictureRefused


@dataclass(frozen=True, slots=True)
class Step:
    """How far a batch is: so many pages are read, of so many known by now, and the one being read."""

    done: int
    known: int
    file: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of the files: the sheets in their order, and what could not be read."""

    sheets: tuple[Sheet, ...]
    unread: tuple[Unread, ...]


Progress = Callable[[Step], None]


def read_files(
    files: Sequence[Path],
    progress: Progress = lambda step: None,
    is_stopped: Callable[[], bool] = lambda: False,
    sideways: Sequence[str] = (),
    memory_mib: int = MEMORY_MIB,
    patience_s: float = PATIENCE_S,
) -> Batch:
    """Read every page of every file; `sideways` names the papers that lie across.

    Raises:
        BatchStopped: Somebody stopped it. Nothing of the batch remains.
    """
    reader = _Reader([str(memory_mib), *sideways], is_stopped, patience_s)
    try:
        return _Reading(reader, files, progress).batch()
    finally:
        reader.end()


class _Reading:
    """One batch on its way."""

    def __init__(self, reader: "_Reader", files: Sequence[Path], progress: Progress) -> None:
        self._reader, self._files, self._progress = reader, files, progress
        self._sheets: list[Sheet] = []
        self._unread: list[Unread] = []
        self._done = 0

    def batch(self) -> Batch:
        counts = dict(self._counts())
        known = sum(counts.values())
        for file in self._files:
            for number in range(counts.get(file, 0)):
                self._progress(Step(self._done, known, file.name))
                self._page(file, number, counts[file] == 1)
                self._done += 1
        self._progress(Step(self._done, known, ""))
        return Batch(tuple(self._sheets), tuple(self._unread))

    def _counts(self) -> Iterator[tuple[Path, int]]:
        """Open each file once to know how many pages lie ahead."""
        for file in self._files:
            self._progress(Step(0, 0, file.name))
            try:
                yield file, self._reader.count(file)
            except PictureRefused as trouble:
                self._unread.append(Unread(file.name, 0, trouble))

    def _page(self, file: Path, number: int, is_single: bool) -> None:
        try:
            if len(self._sheets) >= MOST_SHEETS:
                raise PictureRefused(file.name, "long")
            self._sheets += self._reader.sheets(file, number, is_single)
        except PictureRefused as trouble:
            self._unread.append(Unread(file.name, 0 if is_single else number + 1, trouble))


class _Reader:
    """The child, and a thread that listens to it, so that the one who asks can look at the clock and at the stop."""

    def __init__(self, words: list[str], is_stopped: Callable[[], bool], patience_s: float) -> None:
        self._words, self._is_stopped, self._patience_s = words, is_stopped, patience_s
        self._child: subprocess.Popen[bytes] | None = None
        self._heard: queue.Queue[tuple[dict[str, Any], list[bytes]] | None] = queue.Queue()
        self._open: Path | None = None

    def count(self, file: Path) -> int:
        """Open a file and return how many pictures it holds."""
        self._open = None
        said, _ = self._ask({"open": str(file.absolute())}, file.name)
        self._open = file
        return int(said["count"])

    def sheets(self, file: Path, number: int, is_single: bool) -> Iterator[Sheet]:
        """Yield the sheets on one picture of a file."""
        if self._open != file:
            self.count(file)
        said, parts = self._ask({"page": number}, file.name)
        for place, sheet in enumerate(said["sheets"]):
            jpeg, thumbnail = parts[2 * place : 2 * place + 2]
            shown = 0 if is_single else number + 1
            yield Sheet(file.name, shown, str(sheet["code"]), jpeg, thumbnail, str(sheet["by"]), str(said["taken"]))

    def end(self) -> None:
        """End the child, whatever it is doing."""
        child, self._child, self._open = self._child, None, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            with suppress(OSError):  # the other end is gone
                if pipe is not None:
                    pipe.close()

    def _ask(self, request: Mapping[str, object], name: str) -> tuple[dict[str, Any], list[bytes]]:
        child = self._begun()
        assert child.stdin is not None
        with suppress(OSError):  # a child that died in the meantime is found out by its silence
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
        answer = self._answer(name)
        if "refused" in answer[0]:
            raise PictureRefused(name, str(answer[0]["refused"]))
        return answer

    def _answer(self, name: str) -> tuple[dict[str, Any], list[bytes]]:
        until = time.monotonic() + self._patience_s
        while True:
            if self._is_stopped():
                self.end()
                raise BatchStopped
            try:
                heard = self._heard.get(timeout=BEAT_S)
            except queue.Empty:
                if time.monotonic() < until:
                    continue
                self.end()
                raise PictureRefused(name, "slow") from None
            if heard is None:
                self.end()
                raise PictureRefused(name, "broken")
            return heard

    def _begun(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            self._heard = queue.Queue()
            self._child = _child(self._words)
            threading.Thread(target=_listen, args=(self._child, self._heard), name="scans", daemon=True).start()
        return self._child


def _child(words: Sequence[str]) -> "subprocess.Popen[bytes]":
    call = [sys.executable, "-B", "-s", "-m", "app.scanning.child", *words]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        call, stdin=pipe, stdout=pipe, stderr=nothing, cwd=ROOT, creationflags=flags, env=environment
    )


def _listen(child: "subprocess.Popen[bytes]", heard: "queue.Queue[tuple[dict[str, Any], list[bytes]] | None]") -> None:
    """Pass on what the child says, and None when it says no more or something no child of ours would say."""
    assert child.stdout is not None
    with suppress(OSError, ValueError, KeyError, TypeError):
        while line := child.stdout.readline(MOST_LINE):
            told = json.loads(line)
            lengths = [int(sheet[part]) for sheet in told.get("sheets", ()) for part in ("jpeg", "thumbnail")]
            heard.put((told, [_exactly(child.stdout, length) for length in lengths]))
    heard.put(None)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    part = pipe.read(length) if 0 <= length <= MOST_PART else b""
    if len(part) != length:
        raise ValueError("cut short")
    return part
