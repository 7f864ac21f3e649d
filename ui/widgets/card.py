"""A sheet of paper on the desk: holds one thing, edged quietly, in ink when it is the one in hand."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.theme import look


class Card(QFrame):
    """A framed column. Sorts: plain, hero, current (in hand), wrong, raised, entry and entry-on (being typed in)."""

    def __init__(self, sort: str = "plain", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("card", sort)
        self.setAccessibleName(name)
        self.column = QVBoxLayout(self)
        self._margins = (16, 12, 16, 12)
        self._spacing = 8
        self._measure()
        look().changed.connect(self._measure)

    def set_margins(self, left: int, top: int, right: int, bottom: int, spacing: int = 8) -> None:
        """Set the room between edge and contents and between them, as drawn at 标准; it grows with the letters."""
        self._margins, self._spacing = (left, top, right, bottom), spacing
        self._measure()

    def _measure(self) -> None:
        self.column.setContentsMargins(*(look().px(side) for side in self._margins))
        self.column.setSpacing(look().px(self._spacing))

    def be(self, sort: str) -> None:
        """Become another sort of card."""
        if sort == self.property("card"):
            return
        self.setProperty("card", sort)
        self.style().unpolish(self)
        self.style().polish(self)


class Rule(QFrame):
    """A hairline between two parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("rule", True)
