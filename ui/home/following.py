"""A part that scrolls up and down when it does not fit, and follows the keyboard wherever it goes inside."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from ui.theme import look


class Following(QScrollArea):
    """A frameless scroll that never hides what has the focus."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside.setProperty("ground", "none")
        self.setWidget(inside)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, _: QWidget | None, part: QWidget | None) -> None:
        if part is not None and self.isVisible() and self.isAncestorOf(part):
            self.ensureWidgetVisible(part, look().px(8), look().px(28))
