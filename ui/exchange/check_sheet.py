"""核对单: one key, and the sheet that says what arrived is printed; with no printer it is kept as PDF."""

from PySide6.QtCore import QObject

from ui.exchange.port import Exchange
from ui.print_sheet import PrintSheet
from ui.room import Room
from ui.words import tr


class CheckSheet(PrintSheet):
    """Makes the sheet on the worker of errands and prints it."""

    def __init__(self, room: Room, parent: QObject) -> None:
        super().__init__(room, "exchange_check", tr("核对单"), parent)

    def make(self, exchange: Exchange) -> None:
        """Make and print the sheet as things stand now."""
        if not self.is_under_way:
            self.is_under_way = True
            self._room.errand(self, exchange.check, self.print, self.stop)
