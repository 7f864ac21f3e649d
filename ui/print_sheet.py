"""One sheet that is no paper of a meeting: drawn aside and printed; with no printer it is kept as PDF."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.domain.errors import Trouble
from app.domain.paper import Paper
from ui.print_run import PrintRun
from ui.print_ways import Copy
from ui.printers import Printer, found_printers
from ui.printing import DrawnPaper, drawn_paper, save_papers
from ui.room import Room
from ui.word_files import save_word
from ui.words import tr


class PrintSheet(QObject):
    """Prints sheets of one kind, one at a time; whatever the printer does, the window goes on. `name` is what a clerk
    calls it."""

    told = Signal(str)
    failed = Signal(object)

    def __init__(self, room: Room, kind: str, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._room, self._kind, self._name = room, kind, name
        self.folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.find: Callable[[], list[Printer]] = found_printers
        self.run: PrintRun | None = None
        self.is_under_way = False

    def print(self, content: Paper) -> None:
        """Print a sheet that says this."""

        def draw() -> tuple[DrawnPaper, list[Printer]]:
            return drawn_paper(self._kind, content), self.find()

        self.is_under_way = True
        self._room.tasks.run(self, draw, lambda made: self._drawn(*made), self.stop, aside=True)

    def save(self, content: Paper) -> None:
        """Keep a sheet as PDF."""

        def keep(paper: DrawnPaper) -> None:
            self._save(paper, tr("{name}存在 {file}"))

        self.is_under_way = True
        self._room.tasks.run(self, lambda: drawn_paper(self._kind, content), keep, self.stop, aside=True)

    def save_word(self, content: Paper) -> None:
        """Keep a sheet as Word: in the county's own template where one lies in the home, else as it prints."""
        home = Path(self._room.where or ".")

        def keep() -> Path:
            return save_word([drawn_paper(self._kind, content)], self.folder, home)[0]

        def say(file: Path) -> None:
            self._end(tr("{name}存在 {file}", name=self._name, file=str(file)))

        self.is_under_way = True
        self._room.tasks.run(self, keep, say, self.stop, aside=True)

    def _drawn(self, paper: DrawnPaper, printers: list[Printer]) -> None:
        if not printers:
            self._save(paper, tr("没印成，{name}存在 {file}"))
            return
        self.run = PrintRun([Copy(paper, 1)], printers[0].way(), self)
        self.run.ended.connect(lambda _: self._end(tr("{name}印好了", name=self._name)))
        self.run.failed.connect(lambda _: self._save(paper, tr("没印成，{name}存在 {file}")))
        self.run.start()

    def _save(self, paper: DrawnPaper, words: str) -> None:
        """Keep it as a file: it was asked for, or there is no printer, or none that answers."""
        try:
            file = save_papers([(paper, 1)], self.folder)[0]
        except Trouble as trouble:
            self.stop(trouble)
        else:
            self._end(words.format(name=self._name, file=str(file)))

    def _end(self, sentence: str) -> None:
        self.is_under_way = False
        self.told.emit(sentence)

    def stop(self, error: BaseException) -> None:
        """Say what was in the way of making the sheet."""
        self.is_under_way = False
        if not isinstance(error, Trouble):
            raise error
        self.failed.emit(error)
