"""新建协商 and 现在开会: a title and a village are enough; everything else has its usual value or comes later."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.commands.people import NameHamlet
from app.commands.sitting import CallSitting
from app.domain.action import Action
from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.domain.wording import due_words, relative_day
from app.queries.topic import CarriedOver, TopicLife, carried_over, topic_life
from ui.actions import bind, shown_key
from ui.consultation.call_form import CallForm
from ui.home.following import Following
from ui.home.rows import Telling, TellingRow
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import Role, look
from ui.topic.pick_field import choose_place
from ui.topic.topic_list import spoken_step
from ui.widgets.button import Button
from ui.widgets.label import Label, SectionTitle
from ui.words import tr

NOW, TOPIC = "now", "topic:"
SIDE_BY_SIDE = 900


class Carried(QWidget):
    """What a village still has open, every one of it; `opened` brings the id of the one pressed."""

    opened = Signal(str)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = SectionTitle(title)
        self.rows: list[TellingRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.title)

    def tell(self, told: list[tuple[Telling, str]]) -> None:
        """Show these and no others."""
        while len(self.rows) < len(told):
            row = TellingRow(52, 2)
            row.clicked.connect(lambda _=False, row=row: self.opened.emit(row.record_id))
            self.rows.append(row)
            self._column.addWidget(row)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(told))
            if at < len(told):
                row.tell(*told[at], last=at == len(told) - 1)
        self.title.after.say(tr("{count} 件", count=len(told)))
        self.setVisible(bool(told))

    def shown(self) -> list[str]:
        """Return what the rows say."""
        return [row.telling.title for row in self.rows if not row.isHidden()]


class CallPage(Page):
    """The page. `enter("now")` asks for title and village alone; `topic:<id>` and nothing for everything."""

    name = "call"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.is_now = False
        self.carried = CarriedOver((), (), (), (), "")
        self._record = ""
        self.heading, self.about = Label("", Role.PAGE), Label("", Role.NOTE, "ink2").wrapped()
        self.form = CallForm(room)
        self.village = Button(tr("全村名册"), "plain", "users-three", shown_key("call.village"))
        self.again = Button(tr("上次到会的人"), "plain", "users-three", shown_key("call.again"))
        self.finish = Button(tr("现在开会"), "primary", "arrow-right", shown_key("form.finish"), tall=True)
        self.more = Button(tr("全部填上"), "plain", "list")
        self.cancel = Button(tr("先放着"), "quiet", "", "Esc")
        self.refusal = Label("", Role.CAPTION, "seal").wrapped()
        self.topics, self.overdue = Carried(tr("还没了结的议题")), Carried(tr("逾期没办的事"))
        self._build()
        self._wire()

    def _build(self) -> None:
        self.setAccessibleName(tr("新建协商"))
        left = QWidget()
        self._left = QVBoxLayout(left)
        self._left.setContentsMargins(0, 0, 0, 0)
        ask = QHBoxLayout()
        ask.addWidget(self.village)
        ask.addWidget(self.again)
        ask.addStretch(1)
        self.foot = QWidget()
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(look().px(10))
        for button in (self.finish, self.more, self.cancel):
            foot.addWidget(button)
        foot.addStretch(1)
        for part in (self.heading, self.about, self.form):
            self._left.addWidget(part)
        self._left.addLayout(ask)
        self._left.addWidget(self.refusal)
        self._left.addStretch(1)
        self.refusal.hide()
        body = QWidget()
        self._grid = QGridLayout(body)
        self._beside, self._lower = left, self._build_right()
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(Following(body), 1)
        self._below = QHBoxLayout()
        page.addLayout(self._below)
        self._place()

    def _build_right(self) -> QWidget:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(14))
        self.nothing = Label(tr("这个村没有留下的议题，也没有逾期的事。"), Role.NOTE, "ink2").wrapped()
        for part in (self.nothing, self.overdue, self.topics):
            column.addWidget(part)
        column.addStretch(1)
        return right

    def _wire(self) -> None:
        self.form.village_picked.connect(self._ask_village)
        self.form.done.connect(self._enter_pressed)
        self.form.typed.connect(self.keep)
        self.village.clicked.connect(self._invite_village)
        self.again.clicked.connect(self._invite_again)
        self.finish.clicked.connect(self.call)
        self.more.clicked.connect(self._show_all)
        self.cancel.clicked.connect(self._go_back)
        self.topics.opened.connect(self._take_topic_up)
        self.overdue.opened.connect(lambda action_id: self.room.go("actions", action_id))
        acts = {"form.finish": self.call, "form.back": self._go_back}
        bind(self, {**acts, "call.village": self._invite_village, "call.again": self._invite_again})
        look().changed.connect(self._place)

    def enter(self, record_id: str = "") -> None:
        self.is_now, self._record = record_id == NOW, record_id
        half = self.room.jotted(self._note())
        self.refusal.hide()
        self.form.only_first(self.is_now)
        self.form.begin()
        self.form.resume(half)
        self.heading.say(tr("现在开会") if self.is_now else tr("新建协商"))
        self.about.say(tr("一个名字、一个村就能开，回车进会场；别的以后再补。") if self.is_now else "")
        self.about.setVisible(self.is_now)
        self.finish.say(tr("现在开会") if self.is_now else tr("定下"))
        self._show_finish_key()
        self._ask_village(str(self.form.village.key or ""))
        if record_id.startswith(TOPIC):
            self.room.ask(self, self._take_topic, topic_life, record_id.removeprefix(TOPIC))
        self.form.title.setFocus()

    def _show_finish_key(self) -> None:
        self.finish.key = "↵" if self.is_now else shown_key("form.finish")
        self.finish.updateGeometry()
        if self.is_now:
            self._left.insertWidget(self._left.count() - 1, self.foot)
        else:
            self._below.addWidget(self.foot)
        self._place()
        self.more.setVisible(self.is_now)

    def leave(self) -> None:
        self.keep()

    def hints(self) -> tuple[Hint, ...]:
        finish = Hint(shown_key("form.finish"), tr("进会场") if self.is_now else tr("定下"))
        whom = (Hint(shown_key("call.village"), tr("请全村")), Hint(shown_key("call.again"), tr("请上次到会的人")))
        return (Hint("↵", tr("进会场") if self.is_now else tr("下一格")), finish, *(() if self.is_now else whom))

    def keep(self) -> None:
        """Keep what is half typed, under what it is about."""
        self.room.jot(self._note(), self.form.half() or None)

    def _note(self) -> str:
        return f"call/half/{self._record}"

    def _take_topic(self, life: TopicLife) -> None:
        """Fill in what the topic already says, unless something is typed."""
        topic = life.topic
        self.form.topic_id, self.form.category = topic.id, topic.category
        self.about.say(tr("议题：{title} · {step}", title=topic.title, step=spoken_step(topic)))
        self.about.show()
        if not self.form.title.line.text():
            self.form.title.line.resume(topic.title)
        if topic.village_code and topic.village_code != self.form.village.key:
            choose_place(self.form.village, self.room.places, topic.village_code)
            self._ask_village(topic.village_code)
        self._show_carried(self.carried)

    def _take_topic_up(self, topic_id: str) -> None:
        """Put an open topic of the village on the list of issues, or call the meeting about it."""
        topic = next((one for one in self.carried.topics if one.id == topic_id), None)
        if topic is not None and self.is_now:
            self.room.ask(self, self._take_topic, topic_life, topic_id)
        elif topic is not None and topic.title not in self.form.issues:
            self.form.issues.append(topic.title)
            self.form.invite(())

    def _ask_village(self, code: str) -> None:
        self.room.ask(self, self._show_carried, carried_over, code, self.room.today())

    def _show_carried(self, carried: CarriedOver) -> None:
        self.carried, today = carried, self.room.today()
        self.form.hamlets = carried.hamlets
        own = [one for one in carried.topics if one.id != self.form.topic_id]
        self.topics.tell([(Telling(one.title, spoken_step(one)), one.id) for one in own])
        late = [(self._overdue_row(action, today), action.id) for action in carried.overdue]
        self.overdue.tell(late)
        self.nothing.setVisible(not own and not late and bool(self.form.village.key))
        self.village.say(tr("全村名册 {count} 人", count=len(self._villagers())))
        self.again.say(tr("上次到会 {count} 人", count=len(carried.came_last)))
        self.village.setVisible(bool(self._villagers()) and not self.is_now)
        self.again.setVisible(bool(carried.came_last) and not self.is_now)

    def _overdue_row(self, action: Action, today: date) -> Telling:
        unit = self.room.register.units.get(action.unit_id or "")
        words = due_words(action.due_on, today) if action.due_on else ""
        return Telling(action.text, unit.name if unit else "", right=words, right_tone="seal", right_line=1)

    def _villagers(self) -> list[str]:
        code = self.form.village.key
        return [person.id for person in self.room.register.standing() if code and person.village_code == code]

    def _invite_village(self) -> None:
        self.form.invite(self._villagers())

    def _invite_again(self) -> None:
        self.form.invite(one for one in self.carried.came_last if one in self.room.register.people)

    def _show_all(self) -> None:
        self.is_now = False
        self.form.only_first(False)
        self._show_finish_key()
        self._show_carried(self.carried)
        self.form.hamlet.setFocus()

    def _enter_pressed(self) -> None:
        if self.is_now:
            self.call()
        else:
            self.finish.setFocus()

    def call(self) -> None:
        """Call the meeting; what cannot be understood is said in its field."""
        for field, sentence in self.form.faults():
            field.say_wrong(sentence)
            field.setFocus()
            return
        command = self.form.command()
        new = command.hamlet and command.hamlet not in self.carried.hamlets and bool(command.place_codes)
        if new:
            self.room.do(self, NameHamlet(command.place_codes[0], command.hamlet))
        self.finish.set_busy(True)
        self.room.do(self, command, lambda changes: self._called(changes, command), self._refused)

    def _called(self, changes: ChangeSet, command: CallSitting) -> None:
        self.finish.set_busy(False)
        sitting_id = next(change.record_id for change in changes.changes if change.kind == "sitting")
        self.form.begin()
        self.room.jot(self._note(), None)
        if command.place_codes:
            self.room.jot("here/village", command.place_codes[0])
        self.room.jot("here/practice", command.practice)
        if self.is_now:
            self.room.go("desk", sitting_id)
            return
        day = relative_day((command.starts_at or self.room.now()).date(), self.room.today())
        self.room.say(tr("定下了：{day} {title}", day=day, title=command.title))
        self.room.go("home")

    def _refused(self, trouble: Trouble) -> None:
        self.finish.set_busy(False)
        self.refusal.say(trouble.sentence())
        self.refusal.show()

    def _go_back(self) -> None:
        self.keep()
        is_topic = self._record.startswith(TOPIC)
        self.room.go("topics" if is_topic else "home", self._record.removeprefix(TOPIC) if is_topic else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px, width = look().px, self.width()
        edge = px(32 if width >= px(1180) else 22)
        is_double = width >= px(SIDE_BY_SIDE)
        self._grid.setContentsMargins(edge, px(20), edge, px(16))
        self._grid.setHorizontalSpacing(px(40))
        self._left.setSpacing(px(12))
        self._below.setContentsMargins(*((0, 0, 0, 0) if self.is_now else (edge, px(8), edge, px(14))))
        self._grid.addWidget(self._beside, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self._lower, 0 if is_double else 1, 1 if is_double else 0, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 1 if is_double else 0)
        self._grid.setRowStretch(2, 1)
