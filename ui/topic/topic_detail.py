"""One topic beside the list: what it says, its life with dates, what came of it, and what can be done next."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.commands.topic import NEXT
from app.domain.place import Places
from app.domain.revisit import Revisit
from app.domain.topic import CATEGORIES, SOURCES, TOPIC_STAGE_WORDS, Topic, TopicStage
from app.domain.wording import day_seen_from
from app.queries.topic import Held, TopicLife
from ui.actions import shown_key
from ui.exchange.reach_tag import ReachTag
from ui.home.following import Following
from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Rule
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.widgets.painted import LEFT, RIGHT, Painted, elided, paint_text
from ui.widgets.tag import Tag
from ui.words import tr

DONE, NOW, COMING, AWAY = "done", "now", "coming", "away"
_SIGNS = {
    DONE: ("check-circle", "pine", "fill"),
    NOW: ("circle", "ink", "fill"),
    COMING: ("circle", "edge", None),
    AWAY: ("prohibit", "ochre", None),
}
_ROW_OF_STEP = (0, 1, 1, 2, 3, 4, 4)


@dataclass(frozen=True, slots=True)
class LifeLine:
    """One step of a topic's life as shown: its name, day and what happened."""

    name: str
    state: str
    day: str = ""
    detail: str = ""

    def spoken(self) -> str:
        """Return the line in words."""
        state = {DONE: tr("已过"), NOW: tr("现在"), COMING: tr("还没到"), AWAY: ""}[self.state]
        return " ".join(filter(None, (self.name, state, self.day, self.detail)))


def life_lines(topic: Topic, life: TopicLife | None, today: date) -> list[LifeLine]:
    """Return the steps of a life, one line each; what we have not asked for yet is left out."""
    held, sources, revisits = (life.held, life.sources, life.revisits) if life else ((), (), ())
    day = _days(topic, held, revisits, today)
    details = (
        *(_raised(topic, sources), _screened(topic)),
        *(_held_words(held), _task_words(held, today), _revisit_words(revisits)),
    )
    names = (tr("征集"), tr("研判 · 立题"), tr("协商"), tr("办理"), tr("回访 · 办结"))
    step = topic.step()
    at = _ROW_OF_STEP[step] if step is not None else (1 if topic.screened_on else 0)
    ended = topic.stage == TopicStage.SETTLED
    lines = []
    for row, name in enumerate(names):
        state = DONE if row < at or ended else NOW if row == at and step is not None else COMING
        shown = day[row] or (tr("现在") if state == NOW else "")
        lines.append(LifeLine(name, state, shown, details[row]))
    if step is None:
        lines.insert(at + 1, LifeLine(tr(TOPIC_STAGE_WORDS[topic.stage]), AWAY, "", topic.reason))
    return lines


def _days(topic: Topic, held: tuple[Held, ...], revisits: tuple[Revisit, ...], today: date) -> tuple[str, ...]:
    opened = next((one.sitting.opened_at for one in held if one.sitting.opened_at), None)
    met, went = opened.date() if opened else None, revisits[0].visited_on if revisits else None
    known = (topic.raised_on, topic.approved_on or topic.screened_on, met, None, went)
    return tuple(day_seen_from(day, today) if day else "" for day in known)


def _raised(topic: Topic, sources: tuple[Topic, ...]) -> str:
    if not sources:
        return tr("{who}提的", who=topic.raised_by) if topic.raised_by else ""
    words = [tr(SOURCES.get(one.source, "")) for one in (topic, *sources)]
    counted = "、".join(f"{word} {words.count(word)}" for word in dict.fromkeys(words))
    return tr("来源 {count} 条已合并：{sources}", count=len(words), sources=counted)


def _screened(topic: Topic) -> str:
    if topic.approved_on:
        return tr("列入 {year} 年协商计划", year=topic.approved_on.year)
    return tr("研判过了，还没立题") if topic.screened_on else ""


def _held_words(held: tuple[Held, ...]) -> str:
    if not held:
        return ""
    last = held[0]
    if not last.sitting.opened_at:
        return tr("已安排，还没开")
    times = tr("开过 {count} 次，", count=len(held)) if len(held) > 1 else ""
    return times + tr("到会 {came} 人，达成共识 {settled} 条", came=last.came, settled=last.settled)


def _task_words(held: tuple[Held, ...], today: date) -> str:
    count, done = sum(len(one.actions) for one in held), sum(one.done() for one in held)
    late = sum(one.overdue(today) for one in held)
    if not count:
        return ""
    words = tr("分解 {count} 项任务，已办 {done} 项", count=count, done=done)
    return words + (tr("，逾期 {late} 项", late=late) if late else "")


def _revisit_words(revisits: tuple[Revisit, ...]) -> str:
    if not revisits:
        return ""
    last = revisits[0]
    times = tr("走过 {count} 次，", count=len(revisits)) if len(revisits) > 1 else ""
    few = tr("（户数少）") if last.is_few() else ""
    return times + tr("走了 {count} 户，满意 {share}%", count=last.households(), share=last.satisfied_share()) + few


class LifeRow(Painted):
    """Paints one line of a life."""

    def __init__(self) -> None:
        super().__init__()
        self.line = LifeLine("", COMING)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, line: LifeLine) -> None:
        """Show another line."""
        self.line = line
        self.says(line.name, line.spoken())
        self.follow_look()

    def sizeHint(self) -> QSize:
        second = look().line_height(Role.CAPTION) if self.line.detail else 0
        return QSize(look().px(120), look().line_height(Role.BODY) + second + look().px(7))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, first = QPainter(self), look().line_height(Role.BODY)
        side, left = look().size(17), look().size(17) + look().px(10)
        icon, tone, weight = _SIGNS[self.line.state]
        paint_icon(painter, icon, QRectF(0, look().px(3) + (first - side) / 2, side, side), tone, weight)
        top, width = look().px(3), self.width()
        small, name = look().font(Role.CAPTION), look().font(Role.NAME)
        ink = {COMING: "ink2", AWAY: "ochre"}.get(self.line.state, "ink")
        paint_text(painter, QRectF(left, top, width - left, first), self.line.name, name, ink, LEFT)
        paint_text(painter, QRectF(left, top, width - left, first), self.line.day, small, "ink2", RIGHT)
        if self.line.detail:
            words = elided(small, self.line.detail, width - left)
            below = QRectF(left, top + first - 1, width - left + 2, look().line_height(Role.CAPTION))
            paint_text(painter, below, words, small, "ink2")
        painter.end()


class TopicDetail(QWidget):
    """The panel. It asks for acts by signals and takes a reason in place; it decides nothing."""

    back = Signal()
    call_wanted = Signal()
    tasks_wanted = Signal(str)
    form_wanted = Signal()
    advance_wanted = Signal()
    edit_wanted = Signal()
    decline_given = Signal(str)

    def __init__(self, places: Places) -> None:
        super().__init__()
        self._places = places
        self.topic: Topic | None = None
        self.life: TopicLife | None = None
        self.category, self.plan, self.reach = Tag("", "ink"), Tag("", "indigo"), ReachTag()
        self.title = Label("", Role.CARD).wrapped()
        self.origin = Label("", Role.CAPTION, "ink2").wrapped()
        self.summary = Label("", Role.BODY).wrapped()
        self.rows = [LifeRow() for _ in range(6)]
        self.merged = Label("", Role.CAPTION, "ink2").wrapped()
        self.reason = Field(tr("为什么不列，一句话，好给提的人回话"), tr("不予列题的理由"))
        self.tasks = Button(tr("看任务"), "plain", "list-checks")
        self.call = Button(tr("安排协商"), "plain", "chats-circle", "Ctrl ↵")
        self.advance = Button(tr("往前走"), "plain", "arrow-right", "A")
        self.decline = Button(tr("不予列题"), "quiet", "", "X")
        self.form = Button(tr("审批表"), "plain", "printer", shown_key("list.print"))
        self._build()
        self._wire()

    def _build(self) -> None:
        self.setProperty("ground", "note")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("议题详情"))
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        tags = QHBoxLayout()
        tags.setSpacing(8)
        tags.addWidget(self.category)
        tags.addWidget(self.plan)
        tags.addStretch(1)
        tags.addWidget(self.reach)
        self._column.addLayout(tags)
        for part in (self.title, self.origin, self.summary, Rule(), *self.rows, self.merged):
            self._column.addWidget(part)
        self._column.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(Following(inside), 1)
        page.addLayout(self._build_foot())
        self._measure()

    def _build_foot(self) -> QVBoxLayout:
        self._foot = QVBoxLayout()
        self._foot.addWidget(self.reason)
        for pair in ((self.advance, self.decline), (self.tasks, self.call), (self.form,)):
            line = QHBoxLayout()
            line.setSpacing(10)
            for button in pair:
                line.addWidget(button)
            line.addStretch(1)
            self._foot.addLayout(line)
        self.reason.hide()
        return self._foot

    def _wire(self) -> None:
        look().changed.connect(self._measure)
        self.call.clicked.connect(self.call_wanted)
        self.form.clicked.connect(self.form_wanted)
        self.advance.clicked.connect(self.advance_wanted)
        self.decline.clicked.connect(self.ask_reason)
        self.tasks.clicked.connect(self._see_tasks)
        self.reason.line.submitted.connect(self.decline_given)
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Escape):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._go_back)

    def _measure(self) -> None:
        px = look().px
        self._column.setContentsMargins(px(24), px(20), px(24), px(12))
        self._column.setSpacing(px(8))
        self._foot.setContentsMargins(px(20), px(10), px(20), px(18))
        self._foot.setSpacing(px(10))

    def show_topic(self, topic: Topic, today: date) -> None:
        """Show what is known at once; its life follows by `show_life`."""
        is_other = self.topic is None or topic.id != self.topic.id
        self.topic = topic
        if is_other:
            self.life = None
            self.reason.hide()
            self.reason.line.clear()
        self._tell(today)

    def show_life(self, life: TopicLife, today: date) -> None:
        """Show what became of the topic; nothing if another one is in view by now."""
        if self.topic is not None and life.topic.id == self.topic.id:
            self.life = life
            self._tell(today)

    def _tell(self, today: date) -> None:
        topic = self.topic
        assert topic is not None
        self.category.say(tr(CATEGORIES.get(topic.category, "")))
        self.category.setVisible(topic.category != "OTHER")
        self.plan.setVisible(topic.approved_on is not None)
        if topic.approved_on:
            self.plan.say(tr("{year} 年计划", year=topic.approved_on.year))
        self.title.say(topic.title)
        self.origin.say(self._origin(topic, today))
        self.summary.say(topic.summary)
        self.summary.setVisible(bool(topic.summary))
        self._tell_life(topic, today)
        self._tell_ways(topic)

    def _origin(self, topic: Topic, today: date) -> str:
        place = self._places.label(topic.village_code) if self._places.get(topic.village_code) else ""
        raised = tr("{day} 入池", day=day_seen_from(topic.raised_on, today)) if topic.raised_on else ""
        source = tr(SOURCES.get(topic.source, ""))
        return "　".join(part for part in (place, source, raised) if part)

    def _tell_life(self, topic: Topic, today: date) -> None:
        lines = life_lines(topic, self.life, today)
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(lines))
            if at < len(lines):
                row.tell(lines[at])
        sources = self.life.sources if self.life else ()
        self.merged.say(tr("并进来的：{titles}", titles="；".join(source.title for source in sources)))
        self.merged.setVisible(bool(sources))

    def _tell_ways(self, topic: Topic) -> None:
        held = self.life.held if self.life else ()
        count = sum(len(one.actions) for one in held)
        self.tasks.say(tr("看 {count} 项任务", count=count))
        self.tasks.setVisible(bool(count))
        was_held = any(one.sitting.opened_at for one in held)
        self.call.say(tr("再议一次") if was_held else tr("安排协商"))
        self.advance.setVisible(topic.stage in NEXT)
        if topic.stage in NEXT:
            self.advance.say(tr("往前到{stage}", stage=tr(TOPIC_STAGE_WORDS[NEXT[topic.stage]])))
        self.decline.setVisible(topic.stage in (TopicStage.RAISED, TopicStage.SCREENED, TopicStage.APPROVED))

    def ask_reason(self) -> None:
        """Open the line for why it is not taken up."""
        self.reason.show()
        self.reason.line.setFocus()

    def take_focus(self) -> None:
        """Put the keyboard on the first thing one can do."""
        self.call.setFocus()

    def _see_tasks(self) -> None:
        actions = [action for one in (self.life.held if self.life else ()) for action in one.actions]
        first = next((action for action in actions if action.is_open()), actions[0] if actions else None)
        if first is not None:
            self.tasks_wanted.emit(first.id)

    def _go_back(self) -> None:
        if self.reason.isVisible():
            self.reason.hide()
            self.take_focus()
        else:
            self.back.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, look().theme.line, self.height(), look().colour("line"))
        painter.end()
