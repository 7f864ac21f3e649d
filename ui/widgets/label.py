"""Words that only say something: a label in one of the roles and tones of the look."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.theme import Role


class Label(QLabel):
    """A text in a role (face and size) and a tone (colour), both of which follow the look."""

    def __init__(
        self, text: str = "", role: Role | str = Role.BODY, tone: str = "ink", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", str(role))
        self.setProperty("tone", tone)
        self.setAccessibleName(text)

    def say(self, text: str, tone: str | None = None) -> None:
        """Show another text, in another tone if one is given."""
        self.setText(text)
        self.setAccessibleName(text)
        if tone is not None and tone != self.property("tone"):
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def wrapped(self) -> "Label":
        """Let the text run over several lines; return the label."""
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        return self


class SectionTitle(QWidget):
    """The serif title over a part of a page, with a quiet word after it and room at the right."""

    def __init__(self, text: str, after: str = "", parent: QWidget | None = None, after_tone: str = "ink3") -> None:
        super().__init__(parent)
        self.title = Label(text, Role.SECTION)
        self.after = Label(after, Role.CAPTION, after_tone)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self.title)
        self.row.addWidget(self.after)
        self.row.addStretch(1)
        self.setAccessibleName(text)

    def add_right(self, widget: QWidget) -> None:
        """Put something at the right end."""
        self.row.addWidget(widget)
