"""The head of the window: who we are, where we work, the box that finds everything, and what kind of home this is."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui.actions import shown_key
from ui.icons import paint_icon, paint_logo
from ui.theme import Role, look
from ui.widgets.key_cap import cap_size, paint_cap
from ui.widgets.label import Label
from ui.widgets.painted import Painted, paint_box, paint_text, pen_for
from ui.widgets.tag import Tag
from ui.words import tr

HEIGHT = 40
BOX_WIDTH = 372


class FindBox(QAbstractButton):
    """Looks like a field, opens the box that finds everything."""

    def __init__(self) -> None:
        super().__init__()
        self.setText(tr("找人、议题、任务，可只打首字母"))
        self.setAccessibleName(self.text())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look().changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(look().px(BOX_WIDTH), look().px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(120), look().px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        place = QRectF(self.rect())
        paint_box(painter, place, "raised", "line2", 6)
        side = look().size(16)
        paint_icon(painter, "magnifying-glass", QRectF(look().px(10), (place.height() - side) / 2, side, side), "ink2")
        words = QRectF(look().px(34), 0, place.width() - look().px(34 + 66), place.height())
        paint_text(painter, words, self.text(), look().font(Role.CAPTION), "ink2")
        cap = cap_size(shown_key("find"))
        at = QRectF(QPointF(place.width() - cap.width() - look().px(6), (place.height() - cap.height()) / 2), cap)
        paint_cap(painter, at, shown_key("find"))
        painter.end()


class _Logo(Painted):
    """The red square with 院."""

    def __init__(self) -> None:
        super().__init__()
        self.says(tr("院坝"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look().px(24), look().px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_logo(painter, QRectF(0, 0, look().px(23), look().px(23)))
        painter.end()


class TopBar(Painted):
    """Logo, name and place at the left, the box in the middle, the kind of home at the right."""

    seek = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("窗口的头"))
        self.place = Label("", Role.CAPTION, "ink2")
        self.practice = Tag(tr("示例数据"), "indigo")
        self.practice.hide()
        self.box = FindBox()
        self.box.clicked.connect(self.seek)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(8)
        for part in (_Logo(), Label(tr("院坝"), Role.NAME), self.place):
            row.addWidget(part)
        row.addStretch(2)
        row.addWidget(self.box)
        row.addStretch(3)
        row.addWidget(self.practice)
        self.follow_look()

    def show_place(self, words: str) -> None:
        """Show where we work."""
        self.place.say(words)

    def follow_look(self) -> None:
        self.setFixedHeight(look().px(HEIGHT))
        super().follow_look()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("desk"))
        line = look().theme.line
        painter.fillRect(0, self.height() - line, self.width(), line, look().colour("line"))
        painter.end()
