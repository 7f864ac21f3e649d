"""记一条议题: three fields, each ended by Enter; the same form changes a topic and then asks for more."""

import json

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.commands.topic import AmendTopic, RaiseTopic
from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.domain.topic import CATEGORIES, SOURCES, Topic
from app.queries.topic import TopicPool, discussed_before
from ui.actions import bind
from ui.home.following import Following
from ui.home.rows import Telling, TellingRow
from ui.room import Room
from ui.theme import Role, look
from ui.topic.pick_field import PickField, among, choose_place, home_village, person_search, place_search
from ui.topic.topic_list import origin, spoken_step
from ui.widgets.button import Button
from ui.widgets.composing_edit import ComposingText
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr

HALF = "topic/half"
MOST_BEFORE = 3


class TopicForm(QWidget):
    """`noted` brings the id of the topic written; `back` is said when it is put aside; `seen` to look at an old one."""

    noted = Signal(str)
    back = Signal()
    seen = Signal(str)

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        self.pool = TopicPool([])
        self.topic: Topic | None = None
        self.heading = Label("", Role.CARD)
        self.title = Field(tr("什么事，一句话"), tr("什么事"))
        self.village = PickField(tr("哪个村"), tr("村名首字母"), place_search(room))
        self.who = PickField(
            tr("谁提的"), tr("首字母选人，名册里没有就写名字"), person_search(room.register), free=True
        )
        self.category = PickField(tr("类别"), tr("首字母，如 yfys"), among(CATEGORIES))
        self.source = PickField(tr("来源"), tr("首字母，如 qzfy"), among(SOURCES))
        self.summary = ComposingText()
        self.before = Label(tr("这事以前议过"), Role.NAME, "ochre")
        self.earlier = [TellingRow(52, 8) for _ in range(MOST_BEFORE)]
        self.finish = Button(tr("记下"), "primary", "check", "↵")
        self.cancel = Button(tr("先放着"), "quiet", "", "Esc")
        self._build()
        self._wire()

    def _build(self) -> None:
        self.setProperty("ground", "note")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.summary.setPlaceholderText(tr("情况，几句话"))
        self.summary.setAccessibleName(tr("情况"))
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.addWidget(self.heading)
        self._more = QWidget()
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        for name, part in ((tr("类别"), self.category), (tr("来源"), self.source), (tr("情况"), self.summary)):
            more.addWidget(Label(name, Role.CAPTION, "ink2"))
            more.addWidget(part)
        for name, field in ((tr("什么事"), self.title), (tr("哪个村"), self.village), (tr("谁提的"), self.who)):
            self._column.addWidget(Label(name, Role.CAPTION, "ink2"))
            self._column.addWidget(field)
            if field is self.title:
                self._column.addWidget(self.before)
                for row in self.earlier:
                    self._column.addWidget(row)
        self._column.addWidget(self._more)
        self._column.addSpacing(6)
        foot = QHBoxLayout()
        foot.addWidget(self.finish)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        self._column.addLayout(foot)
        self._column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(look().theme.line, 0, 0, 0)
        page.addWidget(Following(inside))
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, look().theme.line, self.height(), look().colour("line"))
        painter.end()

    def _measure(self) -> None:
        px = look().px
        self._column.setContentsMargins(px(24), px(20), px(24), px(18))
        self._column.setSpacing(px(6))

    def _wire(self) -> None:
        look().changed.connect(self._measure)
        self.title.line.keyed.connect(lambda _: self._look_back())
        self.title.line.submitted.connect(lambda _: self._pass_title())
        self.village.picked.connect(lambda _: self._look_back())
        self.village.passed.connect(self.who.setFocus)
        self.who.passed.connect(self._pass_who)
        self.category.passed.connect(self.source.setFocus)
        self.source.passed.connect(self.summary.setFocus)
        self.summary.submitted.connect(lambda _: self.write())
        for line in (self.title.line, self.village.line, self.who.line):
            line.worth_keeping.connect(lambda _: self.keep())
        for row in self.earlier:
            row.clicked.connect(lambda _=False, row=row: self.seen.emit(row.record_id))
        self.finish.clicked.connect(self.write)
        self.cancel.clicked.connect(self.back)
        bind(self, {"form.finish": self.write, "form.back": self.back.emit})

    def begin(self, pool: TopicPool) -> None:
        """Begin a new topic, with what was half typed before."""
        self._be(None, pool)
        half = json.loads(self.room.jotted(HALF) or "{}")
        self.title.line.resume(half.get("title", ""))
        self.who.choose(None, half.get("who", ""))
        choose_place(self.village, self.room.places, half.get("village", "") or home_village(self.room))
        self._look_back()

    def change(self, topic: Topic, pool: TopicPool) -> None:
        """Change a topic that is there."""
        self._be(topic, pool)
        self.title.line.resume(topic.title)
        choose_place(self.village, self.room.places, topic.village_code)
        self.who.choose(None, topic.raised_by)
        self.category.choose(topic.category, tr(CATEGORIES.get(topic.category, "")))
        self.source.choose(topic.source, tr(SOURCES.get(topic.source, "")))
        self.summary.resume(topic.summary)
        self._look_back()

    def _be(self, topic: Topic | None, pool: TopicPool) -> None:
        self.topic, self.pool = topic, pool
        self.heading.say(tr("改这一条") if topic else tr("记一条议题"))
        self._more.setVisible(topic is not None)
        self.finish.say(tr("改好了") if topic else tr("记下"))
        self.village.clear()
        self.title.say_wrong("")
        self.title.line.setFocus()

    def _pass_title(self) -> None:
        if self.title.line.text().strip():
            self.title.say_wrong("")
            self.village.line.setFocus()
        else:
            self.title.say_wrong(tr("什么事还没写"))

    def _pass_who(self) -> None:
        self.category.setFocus() if self.topic else self.write()

    def _look_back(self) -> None:
        """Show topics of the village that sound like the one being typed."""
        title, village = self.title.line.text().strip(), str(self.village.key or "")
        found = discussed_before(self.pool.all(), title, village) if len(title) > 2 else []
        found = [one for one in found if self.topic is None or one.id != self.topic.id][:MOST_BEFORE]
        self.before.setVisible(bool(found))
        for at, row in enumerate(self.earlier):
            row.setVisible(at < len(found))
            if at < len(found):
                detail = " · ".join(filter(None, (origin(found[at], self.room.places), spoken_step(found[at]))))
                row.tell(Telling(found[at].title, detail, icon="clock"), found[at].id, at == len(found) - 1)

    def keep(self) -> None:
        """Keep what is half typed, if it is a new topic."""
        if self.topic is not None:
            return
        half = {"title": self.title.line.half_typed(), "village": self.village.key, "who": self.who.line.half_typed()}
        self.room.jot(HALF, json.dumps(half, ensure_ascii=False) if half["title"] or half["who"] else None)

    def write(self) -> None:
        """Write the topic; a refusal is said in its field."""
        if not self.village.is_good():
            self.village.line.setFocus()
            self.village.say_wrong(tr("没有“{typed}”。少打一个字母试试", typed=self.village.text()))
            return
        title, village = self.title.line.text(), str(self.village.key or "")
        if self.topic is not None:
            self._amend(self.topic, title, village)
        else:
            command = RaiseTopic(title, village, self.who.text())
            say = tr("记下了 {title}", title=title.strip())
            self.room.do(self, command, lambda changes: self._raised(changes, title, village), self._refused, say)

    def _amend(self, topic: Topic, title: str, village: str) -> None:
        command = AmendTopic(
            topic.id,
            title,
            village,
            self.who.text(),
            str(self.source.key) if self.source.key else None,
            str(self.category.key) if self.category.key else None,
            self.summary.text(),
        )
        say = tr("改好了 {title}", title=title.strip())
        self.room.do(self, command, lambda _: self.noted.emit(topic.id), self._refused, say)

    def _raised(self, changes: ChangeSet, title: str, village: str) -> None:
        if self.title.line.text() == title:
            self.title.line.clear()
            self.who.clear()
            self.room.jot(HALF, None)
        if village:
            self.room.jot("here/village", village)
        self.noted.emit(changes.changes[0].record_id)

    def _refused(self, trouble: Trouble) -> None:
        self.title.say_wrong(trouble.sentence())
        self.title.line.setFocus()
