"""议题: the pool as a list to type into, one topic beside it, and a new one in three fields."""

from collections import Counter

from PySide6.QtCore import QItemSelectionModel, QSize, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from app.commands.topic import BinTopics, MergeTopics, TakeTopicOn, TurnTopicAway
from app.desk import Command, Desk
from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.domain.paper import Paper
from app.domain.topic import CATEGORIES, Topic, TopicStage
from app.queries.paper_approval import approval_form
from app.queries.topic import TopicPool, topic_life, topic_pool
from ui.actions import bind, shown_key
from ui.page import Hint, Page
from ui.room import Room
from ui.sheet_menu import Offered, SheetMenu
from ui.theme import Role, look
from ui.topic.topic_detail import TopicDetail
from ui.topic.topic_filter import TopicFilter
from ui.topic.topic_form import TopicForm
from ui.topic.topic_list import TopicList, TopicRows
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.words import tr

LIFE_MS = 60
MOST_CHIPS = 5
SIDE_BY_SIDE = 860
NEW = "new"


class TopicPage(Page):
    """The page. The whole pool is at hand: a key filters without asking; only a topic's life is asked for."""

    name = "topics"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.pool: TopicPool | None = None
        self.category = ""
        self._wanted = ""
        self._is_open = False
        self._categories: list[str] = []
        self.counts = Label("", Role.NOTE, "ink2")
        self.note = Button(tr("记一条议题"), "primary", "plus", "Ctrl N")
        self.filter = TopicFilter()
        self.chips = [Chip(tr("全部"), "filter") for _ in range(MOST_CHIPS + 1)]
        self.list = TopicList()
        self.rows = TopicRows(room.places, self.list)
        self.list.setModel(self.rows)
        self.empty = EmptyState("tray", "", "", tr("记一条议题"), "Ctrl N")
        self.refusal = Label("", Role.CAPTION, "seal").wrapped()
        self.merge = Button(tr("合并相同议题"), "link")
        self.detail, self.form = TopicDetail(room.places), TopicForm(room)
        self.papers = SheetMenu(room, self)
        self._life_wait = QTimer(self, singleShot=True, interval=LIFE_MS)
        self._build()
        self._wire()
        room.changed.connect(self._learn)

    def _build(self) -> None:
        self.setAccessibleName(tr("议题"))
        self.listing = QWidget()
        self._column = QVBoxLayout(self.listing)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Label(tr("议题"), Role.PAGE))
        head.addWidget(self.counts)
        head.addStretch(1)
        head.addWidget(self.note)
        chips = QHBoxLayout()
        chips.setSpacing(7)
        for chip in self.chips:
            chips.addWidget(chip)
        chips.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(Label(tr("↑↓ 选择　→ 看详情　空格 勾选"), Role.CAPTION, "ink2"))
        foot.addStretch(1)
        foot.addWidget(self.merge)
        self.shown = QStackedWidget()
        self.shown.addWidget(self.list)
        self.shown.addWidget(self.empty)
        self._column.addLayout(head)
        self._column.addWidget(self.filter)
        self._column.addLayout(chips)
        self._column.addWidget(self.shown, 1)
        self._column.addWidget(self.refusal)
        self._column.addLayout(foot)
        self.beside = QStackedWidget()
        for part in (self.detail, self.form):
            self.beside.addWidget(part)
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        page.addWidget(self.listing, 1)
        page.addWidget(self.beside)
        self.beside.hide()
        self.refusal.hide()
        self._place()

    def _wire(self) -> None:
        self.filter.line.keyed.connect(lambda _: self._seek())
        for part in (self.filter, self.list):
            part.moved.connect(self._move)
            part.opened.connect(self._open)
        self.filter.ticked.connect(self._tick)
        self.filter.binned.connect(self._bin)
        self.list.typed.connect(self._type)
        self.list.left.connect(self.filter.line.setFocus)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        for chip in self.chips:
            chip.clicked.connect(lambda _=False, chip=chip: self._choose(chip))
        self.note.clicked.connect(self.begin)
        self.empty.acted.connect(self.begin)
        self.merge.clicked.connect(self._merge)
        self._wire_beside()
        self._life_wait.timeout.connect(self._ask_life)
        self._bind()
        look().changed.connect(self._place)

    def _wire_beside(self) -> None:
        self.detail.back.connect(self._back)
        self.detail.call_wanted.connect(self._call)
        self.detail.tasks_wanted.connect(lambda action_id: self.room.go("actions", action_id))
        self.detail.form_wanted.connect(self._offer_form)
        self.detail.advance_wanted.connect(self._advance)
        self.detail.decline_given.connect(self._decline)
        self.form.noted.connect(self._noted)
        self.form.back.connect(self._back)
        self.form.seen.connect(self._see)

    def _bind(self) -> None:
        bind(self, {"new": self.begin, "filter": self._to_filter})
        listed = {"list.edit": self._edit, "list.merge": self._merge, "list.call": self._call}
        listed["list.print"] = self._offer_form
        bind(self.listing, listed)
        bind(self.detail, listed)
        letters = {"list.advance": self._advance, "list.decline": self._ask_reason, "list.bin": self._bin}
        bind(self.list, {**letters, "list.tick": self._tick})
        bind(self.detail, letters)

    def enter(self, record_id: str = "") -> None:
        self._wanted = record_id
        self.filter.line.setFocus()
        if self.pool is None:
            self.room.ask(self, self._have, topic_pool)
        else:
            self._have(self.pool)

    def leave(self) -> None:
        self.form.keep()

    def took(self, changes: ChangeSet) -> None:
        if changes.kinds() & {"action", "consultation", "sitting", "consensus", "revisit"}:
            self._life_wait.start()

    def hints(self) -> tuple[Hint, ...]:
        if self.beside.currentWidget() is self.form and self.form.isVisible():
            return (Hint("↵", tr("下一格")), Hint(shown_key("form.finish"), tr("记下")), Hint("Esc", tr("先放着")))
        listed = (Hint("Ctrl N", tr("记一条")), Hint("Ctrl M", tr("合并")), Hint("↵", tr("看详情")))
        return (*listed, Hint("F2", tr("改")), Hint("Del", tr("回收站")), Hint("Ctrl ↵", tr("安排协商")))

    def _learn(self, changes: ChangeSet) -> None:
        if self.pool is not None and self.pool.take(changes):
            self._count_pool()
            self._seek()

    def _have(self, pool: TopicPool) -> None:
        self.pool = pool
        self._count_pool()
        wanted, self._wanted = self._wanted, ""
        if wanted and wanted != NEW:
            self.filter.line.clear()
            self.category = ""
        self._seek(wanted)
        if wanted == NEW:
            self.begin()
        elif wanted and self.rows.row_of(wanted) >= 0:
            self._open()

    def _seek(self, keep: str = "") -> None:
        """Show what the letters find; the topic in view stays in view if it is still there."""
        if self.pool is None:
            return
        keep = keep or self._current_id()
        matched = self.pool.find(self.filter.line.search_key())
        found = [one for one in matched if not self.category or one.topic.category == self.category]
        self.rows.show_found(found)
        self._tell_counts(Counter(one.topic.category for one in matched))
        self.filter.say(len(found))
        self._tell_empty(bool(found))
        self._go_to(max(0, self.rows.row_of(keep)))

    def _count_pool(self) -> None:
        """Count what changes only with the pool itself, so that a key need not."""
        assert self.pool is not None
        pooled, planned = len(self.pool.all()), self.pool.approved_in(self.room.today().year)
        self.counts.say(tr("池里 {pooled} · 列入今年计划 {planned}", pooled=pooled, planned=planned))
        self._categories = self.pool.categories()[:MOST_CHIPS]

    def _tell_counts(self, by_category: Counter[str]) -> None:
        codes = ["", *self._categories] if self._categories else []
        for at, chip in enumerate(self.chips):
            chip.setProperty("used", at < len(codes))
            if at < len(codes):
                count = by_category[codes[at]] if codes[at] else by_category.total()
                chip.say(tr(CATEGORIES.get(codes[at], "全部")), str(count))
                chip.setProperty("code", codes[at])
                chip.setChecked(codes[at] == self.category)
        self._fit_chips()

    def _fit_chips(self) -> None:
        """Show as many chips as the line holds."""
        room = self.filter.width()
        for chip in self.chips:
            room -= chip.sizeHint().width() + look().px(7)
            chip.setVisible(bool(chip.property("used")) and room + look().px(7) >= 0)

    def _tell_empty(self, has_any: bool) -> None:
        self.shown.setCurrentWidget(self.list if has_any else self.empty)
        has_topics = bool(self._categories)
        self.note.setVisible(has_topics)
        if self.empty.button is not None:
            self.empty.button.setVisible(not has_topics)
        if has_any:
            return
        typed = self.filter.line.text()
        if typed or self.category:
            self.empty.say(tr("没有“{typed}”", typed=typed), tr("少打一个字母试试，或 Ctrl N 记一条新的"))
        else:
            self.empty.say(tr("还没有议题"), tr("听到一条记一条，三句话就够：什么事、哪个村、谁提的"))

    def _choose(self, chip: Chip) -> None:
        self.category = str(chip.property("code") or "")
        self._seek()
        self.filter.line.setFocus()

    def current(self) -> Topic | None:
        """Return the topic in view."""
        row = self.list.currentIndex().row()
        return self.rows.found[row].topic if 0 <= row < len(self.rows.found) else None

    def _current_id(self) -> str:
        topic = self.current() or self.detail.topic
        return topic.id if topic else ""

    def _go_to(self, row: int) -> None:
        index = self.rows.index(row) if 0 <= row < self.rows.rowCount() else self.rows.index(-1)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.scrollTo(index, QListView.ScrollHint.EnsureVisible)
        self._show_current()

    def _move(self, steps: int) -> None:
        last = self.rows.rowCount() - 1
        self._go_to(max(0, min(last, self.list.currentIndex().row() + steps)))

    def _show_current(self) -> None:
        topic = self.current()
        self.refusal.hide()
        if topic is not None:
            self.detail.show_topic(topic, self.room.today())
            self._life_wait.start()
        self._place()

    def _ask_life(self) -> None:
        topic = self.current()
        if topic is not None and self.isVisible():
            self.room.ask(self, lambda life: self.detail.show_life(life, self.room.today()), topic_life, topic.id)
            self.detail.reach.tell_of(self.room, topic.id)

    def _type(self, letter: str) -> None:
        self.filter.line.setFocus()
        self.filter.line.insert(letter)

    def _to_filter(self) -> None:
        self.filter.line.setFocus()
        self.filter.line.selectAll()

    def _open(self) -> None:
        if self.current() is None:
            return
        self._be_open(self.detail)
        self._life_wait.stop()
        self._ask_life()
        self.detail.take_focus()

    def _back(self) -> None:
        self.form.keep()
        self._is_open = False
        self.beside.setCurrentWidget(self.detail)
        self._place()
        self.filter.line.setFocus()

    def begin(self) -> None:
        """Begin a new topic."""
        if self.pool is not None:
            self._be_open(self.form)
            self.form.begin(self.pool)

    def _edit(self) -> None:
        topic = self.current()
        if topic is not None and self.pool is not None:
            self._be_open(self.form)
            self.form.change(topic, self.pool)

    def _be_open(self, part: QWidget) -> None:
        """Show detail or form; where it is narrow, in place of the list."""
        self._is_open = True
        self.beside.setCurrentWidget(part)
        self._place()

    def _noted(self, topic_id: str) -> None:
        if self.rows.row_of(topic_id) < 0:
            self.filter.line.clear()
            self.category = ""
        self._seek(topic_id)
        self._back()

    def _see(self, topic_id: str) -> None:
        self.form.keep()
        self.filter.line.clear()
        self.category = ""
        self._seek(topic_id)
        self._open()

    def _tick(self) -> None:
        row = self.list.currentIndex().row()
        if row >= 0:
            self.rows.tick(row)
            ticked = len(self.rows.ticked)
            self.merge.say(tr("合并勾上的 {count} 条", count=ticked) if ticked > 1 else tr("合并相同议题"))

    def _meant(self) -> tuple[str, ...]:
        """Return the topics an act is for: the ticked ones, else the one in view."""
        ticked = tuple(one.topic.id for one in self.rows.found if one.topic.id in self.rows.ticked)
        topic = self.current()
        return ticked or ((topic.id,) if topic else ())

    def _merge(self) -> None:
        meant, current = self._meant(), self._current_id()
        into = current if current in meant else meant[0] if meant else ""
        self._do(MergeTopics(into, meant), tr("合并好了，原来的都留着"))

    def _bin(self) -> None:
        row = self.list.currentIndex().row()
        if self._meant():
            self._do(BinTopics(self._meant()), tr("放进回收站了"), row)

    def _advance(self) -> None:
        if self._meant():
            self._do(TakeTopicOn(self._meant()), tr("往前走了一步"))

    def _ask_reason(self) -> None:
        if self.current() is not None:
            self._open()
            self.detail.ask_reason()

    def _decline(self, reason: str) -> None:
        topic = self.current()
        if topic is not None:
            command = TurnTopicAway(topic.id, TopicStage.DECLINED, reason)
            self.room.do(self, command, self._declined, self._no_reason, tr("写明了不予列题"))

    def _declined(self, changes: ChangeSet) -> None:
        self.detail.reason.line.clear()
        self._back()
        self.detail.reason.hide()

    def _no_reason(self, trouble: Trouble) -> None:
        self.detail.reason.say_wrong(trouble.sentence())

    def _call(self) -> None:
        topic = self.current()
        if topic is not None:
            self.room.go("call", f"topic:{topic.id}")

    def _offer_form(self) -> None:
        """Offer the approval form of the topic in view."""
        topic, room = self.current(), self.room
        if topic is None:
            return
        if not self.detail.isVisible():
            self._open()

        def made(desk: Desk) -> Paper:
            return desk.ask(approval_form, room.places, room.practices, topic.id)

        self.papers.offer(self.detail.form, [Offered("approval_form", tr("审批表"), made)])

    def _do(self, command: Command, say: str, row: int = -1) -> None:
        def done(changes: ChangeSet) -> None:
            self.rows.untick()
            self.merge.say(tr("合并相同议题"))
            if row >= 0:
                self._go_to(min(row, self.rows.rowCount() - 1))

        self.refusal.hide()
        self.room.do(self, command, done, self._refused, say)

    def _refused(self, trouble: Trouble) -> None:
        self.refusal.say(trouble.sentence())
        self.refusal.show()

    def minimumSizeHint(self) -> QSize:
        """Return a size at which one of list and panel still fits; the other one makes room."""
        return QSize(look().px(320), look().px(200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._fit_chips()

    def _place(self) -> None:
        """Put list and panel side by side, or show one of them when it is narrow."""
        px, width = look().px, self.width()
        edge = px(32 if width >= px(1180) else 22)
        self._column.setContentsMargins(edge, px(22), edge - px(8) if width < px(1180) else px(24), px(14))
        self._column.setSpacing(px(12))
        is_double = width >= px(SIDE_BY_SIDE)
        has_something = self.current() is not None or self.beside.currentWidget() is self.form
        is_shown = has_something and (is_double or self._is_open)
        self.beside.setVisible(is_shown)
        self.listing.setVisible(is_double or not is_shown)
        self.beside.setMinimumWidth(0)
        self.beside.setMaximumWidth(16777215)
        if is_double:
            self.beside.setFixedWidth(max(px(330), min(px(430), round(width * 0.36))))
