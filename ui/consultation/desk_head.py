"""The head of the live desk: what meeting this is, how far it has come, how long it has lasted, and 开会 or 结会."""

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.practice import STAGE_WORDS, Practice
from app.domain.sitting import STAGES
from app.domain.wording import clock, stopwatch
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.label import Label
from ui.widgets.painted import Painted, advance, elided, paint_text, pen_for
from ui.widgets.sign import Sign
from ui.widgets.stage_rail import StageRail
from ui.widgets.tag import Tag
from ui.words import tr

RAIL_FROM, FRAME_FROM = 900, 700


def stage_words(practice: Practice | None) -> tuple[str, ...]:
    """Return what the practice calls the five stages."""
    words = practice.stages if practice else STAGE_WORDS
    return tuple(tr(words[stage]) for stage in STAGES)


class _Title(Painted):
    """The title in serif, on one line; shortened where there is no room, whole in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        """Show another title."""
        self.text = text
        self.says(text)
        self.follow_look()

    def sizeHint(self) -> QSize:
        return QSize(round(advance(look().font(Role.CARD), self.text)) + 4, look().line_height(Role.CARD))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, font = pen_for(QPainter(self)), look().font(Role.CARD)
        paint_text(painter, QRectF(self.rect()), elided(font, self.text, self.width()), font, "ink")
        painter.end()


class DeskHead(QWidget):
    """The head; `stage_pressed` is F10 by mouse."""

    stage_pressed = Signal()
    stage_chosen = Signal(int)

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.live: LiveSitting | None = None
        self.setAccessibleName(tr("会议"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "paper")
        self.title, self.tag = _Title(), Tag("", "seal")
        self.frame = Label("", Role.CAPTION, "ink2")
        self.frame.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.rail = StageRail(stage_words(None))
        self.rail.setCursor(Qt.CursorShape.PointingHandCursor)
        self.rail.setToolTip(tr("按一下，换到这个环节"))
        self.rail.pressed.connect(self.stage_chosen)
        self.time = Label("", Role.TIMER)
        self.stage = Button(tr("开会"), "primary", key=shown_key("desk.stage"))
        self.stage.clicked.connect(self.stage_pressed)
        self._lay_out()
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self.show_time)

    def _lay_out(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(10)
        title.addWidget(self.title)
        title.addWidget(self.tag)
        title.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(title)
        words.addWidget(self.frame)
        right = QHBoxLayout()
        right.setSpacing(8)
        right.addStretch(1)
        for part in (Sign("timer", "ink", 18), self.time):
            right.addWidget(part)
        right.addSpacing(8)
        right.addWidget(self.stage)
        self._row = QHBoxLayout(self)
        self._row.addLayout(words, 1)
        self._row.addWidget(self.rail)
        self._row.addLayout(right, 1)
        self._measure()
        look().changed.connect(self._measure)

    def _measure(self) -> None:
        self._row.setContentsMargins(look().px(18), look().px(4), look().px(14), look().px(5))
        self.setFixedHeight(look().size(61))

    def show_live(self, live: LiveSitting) -> None:
        """Show a sitting as it stands."""
        self.live = live
        sitting, consultation = live.sitting, live.consultation
        self.title.say(consultation.title)
        if not sitting.is_open():
            self._say_state(tr("已结会"), "ink", tr("回会场"), "plain")
        elif sitting.opened_at:
            self._say_state(tr("会中"), "seal", tr("结会"), "plain")
        else:
            self._say_state(tr("签到中"), "indigo", tr("开会"), "primary")
        self.frame.say("    ".join(self._frame_words(live)))
        practice = self.room.practices.get(consultation.practice)
        self.rail.show_stage(STAGES.index(sitting.stage), stage_words(practice))
        self.show_time()
        self._tick.start()

    def _say_state(self, word: str, tone: str, button: str, kind: str) -> None:
        self.tag.say(word, tone)
        self.stage.say(button)
        self.stage.be(kind)

    def _frame_words(self, live: LiveSitting) -> list[str]:
        host, recorder = live.host(), live.sitting.recorder
        words = (
            live.sitting.venue,
            tr("主持 {name}", name=host) if host else "",
            tr("记录 {name}", name=recorder) if recorder else "",
        )
        return [word for word in words if word]

    def show_time(self) -> None:
        """Show how long the meeting has lasted; before it the time of day."""
        live, now = self.live, self.room.now()
        if live is not None and self.isVisible():
            self.time.say(self._time(live, now))

    def _time(self, live: LiveSitting, now: datetime) -> str:
        return stopwatch(live.elapsed_s(now)) if live.sitting.opened_at else clock(now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self.rail.setVisible(width >= look().px(RAIL_FROM))
        self.frame.setVisible(width >= look().px(FRAME_FROM))
