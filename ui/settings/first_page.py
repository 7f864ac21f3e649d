"""第一次打开: where you work and what you are called; then work begins. Everything can be changed later."""

import sys

from PySide6.QtCore import QProcess, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from app.domain.place import FoundPlace, Level
from app.settings import ME, PLACE, VILLAGE
from ui.home.following import Following
from ui.icons import paint_logo
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.widgets.painted import Painted, pen_for
from ui.words import tr

LEFT_WIDTH = 356
NARROW = 900
SHOWN = 8


class _Logo(Painted):
    """The red square, large."""

    def sizeHint(self) -> QSize:
        return QSize(look().px(42), look().px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_logo(painter, QRectF(0, 0, look().px(40), look().px(40)))
        painter.end()


class _Left(Painted):
    """Who we are and the two steps."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("院坝"))
        self.setFixedWidth(look().px(LEFT_WIDTH))
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 48, 32, 32)
        column.setSpacing(6)
        logo = _Logo()
        logo.says(tr("院坝"))
        logo.setFixedSize(logo.sizeHint())
        column.addWidget(logo)
        column.addSpacing(10)
        column.addWidget(Label(tr("院坝"), Role.PAGE))
        column.addWidget(Label(tr("有事好商量"), Role.BODY, "ink3"))
        column.addSpacing(28)
        for title, note in ((tr("选地方"), tr("您在哪里工作")), (tr("写名字"), tr("记录上署谁的名"))):
            column.addWidget(Label(title, Role.NAME))
            column.addWidget(Label(note, Role.CAPTION, "ink3"))
            column.addSpacing(10)
        column.addStretch(1)
        column.addWidget(Label(tr("一分钟就好。全程不用联网。"), Role.CAPTION, "ink3"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), look().colour("desk"))
        line = look().theme.line
        painter.fillRect(self.width() - line, 0, line, self.height(), look().colour("line"))
        painter.end()


class FirstPage(Page):
    """Two fields: the place by its initials, one's own name. Enter goes on."""

    name = "first"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._found: list[FoundPlace] = []
        self._code = ""
        self.place = Field(tr("乡镇的首字母，比如 wmx、wdx"), tr("您在哪里工作"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("找到的地方"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.me = Field(tr("姓名"), tr("记录上署谁的名"))
        self.start = Button(tr("开始用"), "primary", "arrow-right", "↵", tall=True)
        self.practise = Button(tr("先用练习数据试试手"), "link")
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(56, 56, 56, 32)
        right.setSpacing(10)
        right.addWidget(Label(tr("您在哪里工作？"), Role.PAGE))
        note = Label(
            tr("乡镇选到乡镇，村里选到村，县里选到县。选一次，以后文头、编号、统计都按它来。"), Role.BODY, "ink2"
        )
        right.addWidget(note.wrapped())
        right.addWidget(self.place)
        right.addWidget(self.list, 1)
        right.addSpacing(8)
        right.addWidget(Label(tr("怎么称呼您？"), Role.SECTION))
        right.addWidget(self.me)
        right.addSpacing(12)
        foot = QHBoxLayout()
        foot.addWidget(self.practise)
        foot.addStretch(1)
        foot.addWidget(self.start)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._left = _Left()
        row.addWidget(self._left)
        holder = QWidget()
        holder.setLayout(right)
        row.addWidget(Following(holder), 1)

    def _wire(self) -> None:
        self.place.line.set_initials_only()
        self.place.line.keyed.connect(self._seek)
        self.place.line.submitted.connect(lambda _: self._take())
        self.place.line.lend_keys(_Arrows(self.list))
        self.list.itemClicked.connect(lambda _: self._take())
        self.me.line.submitted.connect(lambda _: self._begin())
        self.start.clicked.connect(self._begin)
        self.practise.clicked.connect(self._practise)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._left.setVisible(self.width() >= look().px(NARROW))

    def enter(self, record_id: str = "") -> None:
        """Begin at the place."""
        self.me.line.resume(self.room.setting(ME))
        self.place.line.setFocus()

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of the place field."""
        return (Hint("↑↓", tr("选")), Hint("↵", tr("选中，往下")), Hint("Ctrl Space", tr("换成打汉字")))

    def _seek(self, typed: str) -> None:
        self._code = ""
        self._found = self.room.places.search(typed, SHOWN) if typed.strip() else []
        self.list.clear()
        self.list.addItems([found.label for found in self._found])
        self.list.setCurrentRow(0 if self._found else -1)
        missing = typed.strip() and not self._found
        self.place.say_wrong(tr("没有“{typed}”。少打一个字母试试", typed=typed) if missing else "")

    def _take(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._found):
            chosen = self._found[row]
            with QSignalBlocker(self.place.line):  # the label is no search
                self.place.line.resume(chosen.label)
            self.place.say_wrong("")
            self._code = chosen.place.code
            self.me.line.setFocus()

    def _begin(self) -> None:
        if not self._code:
            self._take()
        if not self._code:
            self.place.say_wrong(tr("先选一个地方"))
            self.place.line.setFocus()
            return
        if not self.me.line.text().strip():
            self.me.say_wrong(tr("写上名字，记录上要署"))
            self.me.line.setFocus()
            return
        self._remember()
        self.room.go("home")

    def _remember(self) -> None:
        path = self.room.places.path(self._code)
        village = next((place.code for place in path if place.level == Level.VILLAGE), "")
        self.room.introduce(self.me.line.text().strip())
        self.room.choose(PLACE, self._code)
        if village:
            self.room.choose(VILLAGE, village)
        self.room.settle()

    def _practise(self) -> None:
        """Open the practice home in a window of its own; this home stays empty."""
        QProcess.startDetached(sys.executable, ["-m", "ui.main", "--demo"])
        self.window().close()


class _Arrows:
    """Lends the up and down keys of a field to a list beside it."""

    def __init__(self, rows: QListWidget) -> None:
        self._rows = rows

    def wants(self, event: object) -> bool:
        """Return whether the key moves the list."""
        return getattr(event, "key", int)() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._rows.count() > 0

    def take(self, event: object) -> None:
        """Move one row."""
        step = 1 if getattr(event, "key", int)() == Qt.Key.Key_Down else -1
        self._rows.setCurrentRow(max(0, min(self._rows.count() - 1, self._rows.currentRow() + step)))
