"""The pages of the program down the left side; with a narrow window or in the live desk only their icons."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ui.actions import act, shown_key
from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.painted import RIGHT, Painted, paint_box, paint_text, pen_for
from ui.words import tr

WIDE, RAIL = 168, 54
PAGES = (
    *("page.home", "page.topics", "page.desk", "page.actions"),
    *("page.people", "page.ledger", "page.exchange"),
)
FOOT = ("help", "settings")


class PageButton(QAbstractButton):
    """One page: icon, word, and a number when something waits there."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.number, self.is_alarm, self.is_rail = name, "", False, False
        declared = act(name)
        self.setText(tr(declared.words) if name != "help" else tr("帮助"))
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.text())
        self.setToolTip(f"{self.text()}  {shown_key(name)}")
        look().changed.connect(self.updateGeometry)

    def show_number(self, number: int, is_alarm: bool) -> None:
        """Show how many wait; 0 shows nothing."""
        self.number, self.is_alarm = str(number) if number else "", is_alarm
        self.setAccessibleDescription(tr("{number} 项", number=number) if number else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(38), look().px(38))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        place = QRectF(self.rect())
        if self.isChecked():
            paint_box(painter, place, "raised", "line", 6)
        elif self.underMouse():
            paint_box(painter, place, "select", None, 6)
        if self.hasFocus():
            paint_box(painter, place, None, "indigo", 6, line=2)
        token = "ink" if self.isChecked() else "ink2"
        side = look().size(18)
        left = (place.width() - side) / 2 if self.is_rail else look().px(12)
        weight = "fill" if self.isChecked() else None
        icon = QRectF(left, (place.height() - side) / 2, side, side)
        paint_icon(painter, act(self.name).icon, icon, token, weight)
        if not self.is_rail:
            self._paint_words(painter, token)
        painter.end()

    def _paint_words(self, painter: QPainter, token: str) -> None:
        font = look().font(Role.NAME if self.isChecked() else Role.BODY)
        words = QRectF(look().px(41), 0, self.width() - look().px(41), self.height())
        paint_text(painter, words, self.text(), font, token)
        if self.number:
            number = QRectF(0, 0, self.width() - look().px(12), self.height())
            tone = "seal" if self.is_alarm else "ink3"
            paint_text(painter, number, self.number, look().font(Role.NAME), tone, RIGHT)


class Sidebar(Painted):
    """All pages; `chosen` says which act was pressed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("各页"))
        self.buttons = {name: PageButton(name) for name in (*PAGES, *FOOT)}
        column = QVBoxLayout(self)
        column.setSpacing(3)
        self._column = column
        for name, button in self.buttons.items():
            if name == FOOT[0]:
                column.addStretch(1)
            column.addWidget(button)
            button.clicked.connect(lambda _=False, name=name: self._press(name))
        self._is_rail = False
        self.be_rail(False)

    def be_rail(self, is_rail: bool) -> None:
        """Show icons only, or words as well."""
        self._is_rail = is_rail
        for button in self.buttons.values():
            button.is_rail = is_rail
        side = 7 if is_rail else 10
        self._column.setContentsMargins(side, 14, side, 12)
        self.setFixedWidth(look().px(RAIL if is_rail else WIDE))
        self.update()

    def mark(self, name: str) -> None:
        """Mark the page in view."""
        for other, button in self.buttons.items():
            button.setChecked(other == name)

    def follow_look(self) -> None:
        self.be_rail(self._is_rail)
        super().follow_look()

    def _press(self, name: str) -> None:
        self.buttons[name].setChecked(not self.buttons[name].isChecked())
        self.chosen.emit(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("desk"))
        line = look().theme.line
        painter.fillRect(self.width() - line, 0, line, self.height(), look().colour("line"))
        painter.end()
