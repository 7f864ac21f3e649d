"""Sheets about one thing, offered under a button: each can be printed, kept as PDF, or kept as Word to be edited."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.desk import Desk
from app.domain.paper import Paper
from ui.print_sheet import PrintSheet
from ui.room import Room
from ui.theme import look
from ui.words import tr


@dataclass(frozen=True, slots=True)
class Offered:
    """One sheet: its kind, what a clerk calls it, and how it is made; that is done on the worker."""

    kind: str
    name: str
    made: Callable[[Desk], Paper]


class _Way(NamedTuple):
    words: str
    carry: Callable[[PrintSheet, Paper], None]


WAYS = (
    _Way("打印{name}", lambda sheet, content: sheet.print(content)),
    _Way("{name}存 PDF", lambda sheet, content: sheet.save(content)),
    _Way("{name}存 Word", lambda sheet, content: sheet.save_word(content)),
)


class SheetMenu(QObject):
    """Opens the menu over a page and carries out what is chosen; whatever comes of it is said in passing."""

    def __init__(self, room: Room, page: QWidget) -> None:
        super().__init__(page)
        self._room, self._page = room, page
        self.sheets: dict[str, PrintSheet] = {}

    def sheet(self, kind: str, name: str = "") -> PrintSheet:
        """Return what prints and keeps sheets of a kind."""
        if kind not in self.sheets:
            made = self.sheets[kind] = PrintSheet(self._room, kind, name, self)
            made.told.connect(self._room.say)
            made.failed.connect(self._room.troubled)
        return self.sheets[kind]

    def offer(self, under: QWidget, offered: Sequence[Offered]) -> None:
        """Open the menu under a button, its first line chosen, so that Enter prints."""
        menu = QMenu(self._page)
        menu.setAccessibleName(tr("印哪一样"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, one in enumerate(offered):
            if number:
                menu.addSeparator()
            for way in WAYS:
                action = menu.addAction(tr(way.words, name=one.name))
                action.triggered.connect(lambda _=False, one=one, way=way: self._make(one, way))
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + look().px(4))))
        menu.setActiveAction(menu.actions()[0])

    def _make(self, one: Offered, way: _Way) -> None:
        sheet = self.sheet(one.kind, one.name)
        if not sheet.is_under_way:
            self._room.with_desk(self, one.made, lambda content: way.carry(sheet, content))
