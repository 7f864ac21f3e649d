"""Checking a picture of a paper from the window: its codes are read in a child, the verdict is asked of the shelf."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.edition_file import read_record_file
from app.domain.errors import PictureRefused
from app.ports import Seal, Shelf
from app.queries.edition import Finding, Verdict, verdict, verdict_of_file
from app.scanning.texts import code_texts
from ui.room import Room

RANK = (
    *(Verdict.ALTERED, Verdict.SUPERSEDED, Verdict.UNCHANGED),
    *(Verdict.UNKNOWN_HERE, Verdict.UNSEALED, Verdict.NOT_OURS),
)
"""Of several codes on one picture the gravest finding is told."""
RECORD_FILE_MOST = 16 * 1024 * 1024


def gravest(shelf: Shelf, seal: Seal, texts: list[str]) -> Finding:
    """Return the gravest finding of several codes; that it is none of ours when there is none."""
    findings = [verdict(shelf, seal, text) for text in texts]
    return min(findings, key=lambda finding: RANK.index(finding.verdict), default=Finding(Verdict.NOT_OURS))


def of_record(shelf: Shelf, seal: Seal, raw: bytes) -> Finding:
    """Return what a record file is worth."""
    found = read_record_file(raw)
    return Finding(Verdict.NOT_OURS) if found is None else verdict_of_file(shelf, seal, found)


def finding_of_file(room: Room, owner: QObject, file: Path, then: Callable[[Finding | None], None]) -> None:
    """Read a file aside and hand over what it is worth; None when it could not be read, which the shell says."""

    def fail(error: BaseException) -> None:
        then(None)
        (room.troubled if isinstance(error, PictureRefused) else room.broken).emit(error)

    def ask(texts: list[str]) -> None:
        room.ask(owner, then, gravest, room.seal, texts)

    if file.suffix.lower() == ".json":
        take = partial(_ask_record, room, owner, then)
        room.tasks.run(owner, lambda: _record_bytes(file), take, fail, aside=True)
    else:
        room.tasks.run(owner, lambda: code_texts(file), ask, fail, aside=True)


def _ask_record(room: Room, owner: QObject, then: Callable[[Finding | None], None], raw: bytes) -> None:
    room.ask(owner, then, of_record, room.seal, raw)


def _record_bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > RECORD_FILE_MOST:
            raise PictureRefused(file.name, "large")
        return file.read_bytes()
    except OSError as error:
        raise PictureRefused(file.name, "missing") from error
