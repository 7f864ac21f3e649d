"""The line that says what a contest is about, and at its right what it was before."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout

from ui.exchange.port import ContestView, Sort
from ui.exchange.words import ICONS
from ui.theme import Role, look
from ui.widgets.label import Label
from ui.widgets.painted import Painted, paint_box, pen_for
from ui.widgets.sign import Sign
from ui.widgets.tag import Tag
from ui.words import tr


class Subject(Painted):
    """石墙村 · 任务 1 沿确权界线修 15 米挡墙; 删除有争议 is said in a word of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.sign, self.words = Sign(ICONS[Sort.OTHER], "ink2", 18), Label("", Role.NAME).wrapped()
        self.removal, self.original = Tag(tr("删除有争议"), "ochre"), Label("", Role.NOTE, "ink2")
        row = QHBoxLayout(self)
        row.setContentsMargins(look().px(16), look().px(10), look().px(16), look().px(10))
        row.setSpacing(look().px(10))
        row.addWidget(self.sign)
        row.addWidget(self.words, 3)
        row.addWidget(self.removal)
        row.addWidget(self.original.wrapped(), 2)
        self.original.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def be_brief(self, is_brief: bool) -> None:
        """Leave out what it was before, where there is little room: the cards say it."""
        self.original.setVisible(not is_brief and bool(self.original.text()))

    def show_view(self, view: ContestView) -> None:
        """Say what this one is about."""
        self.sign.show_icon(ICONS[view.sort], "ink2")
        self.words.say(view.subject)
        self.removal.setVisible(view.is_about_removal())
        self.original.say(tr("原来：{value}", value=view.original) if view.original else "")
        self.says(view.subject, self.original.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_box(painter, QRectF(self.rect()), "desk", "line" if look().theme.is_sun else None, 8)
        painter.end()
