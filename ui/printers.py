"""Printers of this machine: looked for on a thread of their own, since a print service that hangs may never answer."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinterInfo

from ui import ipp
from ui.aside import Aside
from ui.print_ways import IppWay, QtWay, Way, printer_named
from ui.words import tr

_ABOUT = ("printer-name", "printer-info", "sides-supported", "media-source-supported")


@dataclass(frozen=True, slots=True)
class Printer:
    """One printer: what the system calls it, whether it prints on both sides, which trays it has."""

    name: str
    duplex: bool = False
    trays: tuple[str, ...] = ()
    door: ipp.Door | None = None

    def way(self, tray: str = "") -> Way:
        """Return the way to it; through the print queue where there is one."""
        if self.door is not None:
            return IppWay(self.door, self.name, tray)
        name = self.name
        return QtWay(lambda _: printer_named(name))


def found_printers() -> list[Printer]:
    """Return the printers this machine knows, the usual one first; to be run on a thread of its own."""
    if sys.platform in ("win32", "darwin"):
        usual = QPrinterInfo.defaultPrinterName()
        return [Printer(name) for name in sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: name != usual)]
    try:
        return queue_printers(ipp.door())
    except (ipp.QueueSilent, ipp.QueueRefused):
        return []


def queue_printers(door: ipp.Door) -> list[Printer]:
    """Return the printers of a print service, the usual one first.

    Raises:
        QueueSilent: It does not answer.
        QueueRefused: It has none.
    """
    asked = [(ipp.OPERATION, [ipp.Field(ipp.KEYWORD, "requested-attributes", _ABOUT)])]
    printers = door.ask(ipp.Operation.GET_PRINTERS, asked, "/")
    found = [_printer(group, door) for group in printers.of(ipp.PRINTER) if ipp.first(group, "printer-name")]
    try:
        default = next(door.ask(ipp.Operation.GET_DEFAULT, asked, "/").of(ipp.PRINTER), {})
    except ipp.QueueRefused:
        default = {}
    return sorted(found, key=lambda printer: printer.name != ipp.first(default, "printer-name"))


def _printer(group: ipp.Attributes, door: ipp.Door) -> Printer:
    sides = ipp.words(group, "sides-supported")
    trays = tuple(tray for tray in ipp.words(group, "media-source-supported") if tray != "auto")
    return Printer(str(ipp.first(group, "printer-name")), "two-sided-long-edge" in sides, trays, door)


def tray_words(tray: str) -> str:
    """Return what people call a tray."""
    kind, _, number = tray.rpartition("-")
    if kind == "tray" and number.isdecimal():
        return tr("纸盒 {number}", number=number)
    return tr("手动进纸") if tray in ("manual", "by-pass-tray") else tray


class PrinterSearch(QObject):
    """Looks for printers without anybody waiting; `found` brings them, none if there are none."""

    found = Signal(object)

    def __init__(self, parent: QObject, find: Callable[[], list[Printer]] | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self.is_looking = False

    def look(self) -> None:
        """Look, unless a search is under way."""
        if self.is_looking:
            return
        self.is_looking = True
        search = _Search(self._find or found_printers)
        search.found.connect(self._end)
        search.begin()

    def _end(self, printers: list[Printer]) -> None:
        self.is_looking = False
        self.found.emit(printers)


class _Search(Aside):
    """One look for printers."""

    found = Signal(object)

    def __init__(self, find: Callable[[], list[Printer]]) -> None:
        super().__init__("printers")
        self._find = find

    def work(self) -> None:
        """Look."""
        self.found.emit(self._find())
