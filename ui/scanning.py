"""签好的纸 on its way back into the home: read beside the window, then filed in one act.

`file_batch` files what was read, for the command line. `ScanRun` walks the whole way for the window: the files are read
on a thread of its own, which touches neither ledger nor shelf; filing goes through the one worker, like every act.
Until it is filed nothing of a batch is kept, so a batch that was stopped has left nothing behind.
"""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.commands.attachment import FileScans
from app.desk import Desk
from app.domain.attachment import Placed, Placing, Scan
from app.domain.change import ChangeSet
from app.domain.edition_code import PageCode, read_code
from app.domain.errors import BatchStopped, Trouble
from app.ports import Shelf
from app.printing import PAPERS
from app.queries.attachment import missing_pages, placed_scans
from app.scanning.reading import Batch, Sheet, Step, Unread, read_files
from ui.aside import Aside
from ui.room import Room
from ui.words import tr

FILES = ("jpg", "jpeg", "png", "heic", "heif", "tif", "tiff", "pdf")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a batch: each scan with its place and sentence, what could not be read, which pages lack."""

    placed: tuple[Placed, ...]
    unread: tuple[Unread, ...]
    missing: tuple[str, ...]
    act: str = ""

    @property
    def filed(self) -> int:
        """Return how many pages went to their papers."""
        return sum(placed.placing.is_filed for placed in self.placed)

    def count(self, placing: Placing) -> int:
        """Return how many pages were placed so."""
        return sum(placed.placing is placing for placed in self.placed)


def paper_names() -> dict[str, str]:
    """Return what each kind of paper is called, in the order of the table."""
    return {kind: paper.name for kind, paper in PAPERS.items()}


def sideways_papers() -> tuple[str, ...]:
    """Return the kinds of paper that lie across."""
    return tuple(kind for kind, paper in PAPERS.items() if paper.sheet.sideways)


def file_batch(desk: Desk, batch: Batch, zone: tzinfo | None, here: str = "") -> TakenIn:
    """Keep the pictures and file them in one act.

    Raises:
        NotSaved: The disk would not take it. No page is filed.
    """
    placed = placed_batch(desk, batch, zone, here)
    act = desk.do(FileScans(placed))
    return TakenIn(placed, batch.unread, desk.ask(_missing, placed), act.id)


def placed_batch(desk: Desk, batch: Batch, zone: tzinfo | None, here: str = "") -> tuple[Placed, ...]:
    """Put the pictures where pictures are kept, and return where each scan belongs; nothing is filed yet.

    Raises:
        NotSaved: The disk would not take a picture.
    """
    scans = [_kept(desk, sheet, zone) for sheet in batch.sheets]
    return tuple(desk.ask(placed_scans, scans, paper_names(), here))


def _missing(shelf: Shelf, placed: Sequence[Placed]) -> tuple[str, ...]:
    """Return what the papers of a batch still lack."""
    sittings = dict.fromkeys(one.sitting_id for one in placed if one.sitting_id)
    return tuple(missing_pages(shelf, sittings, paper_names()))


def _kept(desk: Desk, sheet: Sheet, zone: tzinfo | None) -> Scan:
    code = read_code(sheet.code)
    source = f"{sheet.file} 第{sheet.number}页" if sheet.number else sheet.file
    return Scan(
        source,
        code if isinstance(code, PageCode) else None,
        desk.blobs.put(sheet.jpeg),
        desk.blobs.put(sheet.thumbnail),
        len(sheet.jpeg),
        hashlib.sha256(sheet.jpeg).hexdigest(),
        _moment(sheet.taken, zone),
    )


def _moment(taken: str, zone: tzinfo | None) -> datetime | None:
    """Return when the camera says the picture was taken; None when it says nothing sensible."""
    try:
        return datetime.strptime(taken, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None


class ScanRun(QObject):
    """One batch for the window: `went_on` while it is read, then `ended` with what became of it, or `failed`."""

    went_on = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, room: Room, files: Sequence[Path], parent: QObject, here: str = "") -> None:
        super().__init__(parent)
        self._room, self._files, self._here = room, tuple(files), here
        self._stop = threading.Event()
        self._reading = _Reading(self._files, self._stop)
        self._reading.stepped.connect(self.went_on)
        self._reading.read.connect(self._file)
        # A window that closes in the middle stops the batch; the child is ended with it.
        self.destroyed.connect(self._stop.set)

    def start(self) -> None:
        """Begin to read."""
        self._reading.begin()

    def stop(self) -> None:
        """Stop within half a second: nothing of the batch is kept. Too late once it is being filed."""
        self._stop.set()

    def _file(self, what: object) -> None:
        if isinstance(what, Batch) and self._stop.is_set():
            what = BatchStopped()
        if isinstance(what, Batch):
            self._place(what)
        elif isinstance(what, Trouble):
            self.failed.emit(what)
        else:
            self._room.broken.emit(what)
            self.failed.emit(_not_taken())

    def _place(self, batch: Batch) -> None:
        zone, here = self._room.now().tzinfo, self._here
        self._room.with_desk(
            self,
            lambda desk: placed_batch(desk, batch, zone, here),
            lambda placed: self._write(placed, batch.unread),
            self._fail,
        )

    def _write(self, placed: tuple[Placed, ...], unread: tuple[Unread, ...]) -> None:
        def written(changes: ChangeSet) -> None:
            self._room.ask(
                self,
                lambda missing: self.ended.emit(TakenIn(placed, unread, missing, changes.id)),
                _missing,
                placed,
            )

        self._room.do(self, FileScans(placed), written, self._fail, soon=False)

    def _fail(self, error: BaseException) -> None:
        self.failed.emit(error if isinstance(error, Trouble) else _not_taken())


class _Reading(Aside):
    """The reading of one batch."""

    stepped = Signal(object)
    read = Signal(object)

    def __init__(self, files: Sequence[Path], stop: threading.Event) -> None:
        super().__init__("scans")
        self._files, self._stop = files, stop

    def work(self) -> None:
        """Read, and tell what came of it: a batch, or whatever went wrong."""
        try:
            self.read.emit(read_files(self._files, self._tell, self._stop.is_set, sideways_papers()))
        except BaseException as error:  # whatever it is, the window is told on its own thread
            self.read.emit(error)

    def _tell(self, step: Step) -> None:
        if not self._stop.is_set():
            self.stepped.emit(step)


def _not_taken() -> Trouble:
    return Trouble(tr("没收成"), tr("以前收的都在，原来的文件没动"), tr("再收一次"))
