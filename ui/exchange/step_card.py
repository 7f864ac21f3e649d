"""A step of enrolling: its title, what it is for, and what is done in it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import Role, look
from ui.widgets.card import Card
from ui.widgets.label import Label


class StepCard(Card):
    """One step: its title, what it is for, and what is done in it."""

    def __init__(self, title: str, about: str) -> None:
        super().__init__("plain", title)
        self.set_margins(20, 16, 20, 18, 10)
        self.title, self.about = Label(title, Role.SECTION), Label(about, Role.NOTE, "ink2").wrapped()
        self.column.addWidget(self.title)
        self.column.addWidget(self.about)

    def add_row(self, *parts: QWidget) -> None:
        """Put parts beside each other, the first as wide as there is room."""
        row = QHBoxLayout()
        row.setSpacing(look().px(10))
        for at, part in enumerate(parts):
            row.addWidget(part, 1 if at == 0 else 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)
