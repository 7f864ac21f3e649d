"""A few buttons, or quieter chips, of which one is down."""

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.words import tr


class Choice(QWidget):
    """A few buttons of which one is down; left and right arrows move."""

    def __init__(self, name: str, words: dict[str, str], chosen: str, take: Callable[[str], None]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, Button] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for key, text in words.items():
            button = Button(tr(text))
            button.setCheckable(True)
            button.setAccessibleName(f"{name} {tr(text)}")
            button.clicked.connect(lambda _=False, key=key: self._press(key, take))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)
        self.mark(chosen)

    def mark(self, chosen: str) -> None:
        """Show which one is in force."""
        for key, button in self._buttons.items():
            button.setChecked(key == chosen)
            button.be("primary" if key == chosen else "plain")

    def _press(self, key: str, take: Callable[[str], None]) -> None:
        self.mark(key)
        take(key)


class Filters(QWidget):
    """A few chips of which one is down: what is shown below them."""

    def __init__(self, name: str, words: dict[str, str], chosen: str, take: Callable[[str], None]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.chips = {key: Chip(tr(text), "filter") for key, text in words.items()}
        group, row = QButtonGroup(self), QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for key, chip in self.chips.items():
            group.addButton(chip)
            row.addWidget(chip)
            chip.clicked.connect(lambda _=False, key=key: take(key))
        row.addStretch(1)
        self.mark(chosen)

    def mark(self, chosen: str) -> None:
        """Show which one is in force."""
        self.chips[chosen].setChecked(True)
        for chip in self.chips.values():
            chip.updateGeometry()  # the one that is down is bolder
