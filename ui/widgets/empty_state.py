"""Nothing here yet: says so kindly, and how the first one comes about."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.label import Label
from ui.widgets.sign import Sign


class EmptyState(QWidget):
    """An icon, a title in serif, one sentence and at most one button, in the middle of their place."""

    acted = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        sentence: str = "",
        button: str = "",
        key: str = "",
        kind: str = "primary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.title, self.sentence = Label(title, Role.SECTION), Label(sentence, Role.NOTE, "ink2").wrapped()
        self.button = Button(button, kind, "plus", key) if button else None
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(Sign(icon, "edge", 32), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        if self.button:
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if self.button:
            self.button.clicked.connect(self.acted)

    def say(self, title: str, sentence: str = "") -> None:
        """Say something else about the emptiness."""
        self.title.say(title)
        self.sentence.say(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
