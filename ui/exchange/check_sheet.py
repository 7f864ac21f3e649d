"""核对单: one key, and the sheet that says what arrived is printed; with no printer it is kept as PDF."""

from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.domain.errors import Trouble
from app.domain.paper_exchange import ExchangeCheck
from ui.exchange.port import Exchange
from ui.print_run import PrintRun
from ui.print_ways import Copy
from ui.printers import Printer, found_printers
from ui.printing import DrawnPaper, drawn_paper, save_papers
from ui.room import Room
from ui.words import tr

KIND = "exchange_check"


class CheckSheet(QObject):
    """Makes the sheet on the worker, draws it aside and prints it; whatever the printer does, the window goes on."""

    told = Signal(str)
    failed = Signal(object)

    def __init__(self, room: Room, parent: QObject) -> None:
        super().__init__(parent)
        self._room = room
        self.folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self.find = found_printers
        self.run: PrintRun | None = None
        self.is_under_way = False

    def print(self, exchange: Exchange) -> None:
        """Make and print the sheet as things stand now."""
        if not self.is_under_way:
            self.is_under_way = True
            self._room.errand(self, exchange.check, self._draw, self._went_wrong)

    def _draw(self, content: ExchangeCheck) -> None:
        self._room.aside(self, lambda: (drawn_paper(KIND, content), self.find()), lambda made: self._drawn(*made))

    def _drawn(self, paper: DrawnPaper, printers: list[Printer]) -> None:
        if not printers:
            self._save(paper)
            return
        self.run = PrintRun([Copy(paper, 1)], printers[0].way(), self)
        self.run.ended.connect(lambda _: self._end(tr("核对单印好了")))
        self.run.failed.connect(lambda _: self._save(paper))
        self.run.start()

    def _save(self, paper: DrawnPaper) -> None:
        """Keep it as a file where there is no printer, or none that answers."""
        try:
            file = save_papers([(paper, 1)], self.folder)[0]
        except Trouble as trouble:
            self._went_wrong(trouble)
        else:
            self._end(tr("没印成，核对单存在 {file}", file=str(file)))

    def _end(self, sentence: str) -> None:
        self.is_under_way = False
        self.told.emit(sentence)

    def _went_wrong(self, error: BaseException) -> None:
        self.is_under_way = False
        if not isinstance(error, Trouble):
            raise error
        self.failed.emit(error)
