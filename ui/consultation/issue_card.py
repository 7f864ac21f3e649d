"""One issue as a card: waiting, under discussion, or settled with its votes, its reservations and its tasks.

What a card shows is a `CardState`; a card is built anew only when its state differs from the one it shows.
"""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QVBoxLayout, QWidget

from app.domain import wording
from app.domain.action import Action
from app.domain.consensus import COUNTED, METHOD_WORDS, RATIO_WORDS, RESULT_WORDS, SETTLING, Consensus, Result
from app.domain.contribution_words import Amount
from app.domain.issue import Issue
from app.domain.statement import StatementKind
from app.queries.sitting import LiveSitting
from ui.actions import act, means, shown_key
from ui.consultation.reservation_line import Voice, reserved
from ui.theme import Role, look
from ui.widgets.button import Button, Kind
from ui.widgets.card import Card, Rule
from ui.widgets.focus_ring import ring_around, ring_off
from ui.widgets.label import Label
from ui.widgets.sign import Sign
from ui.widgets.tag import Tag
from ui.widgets.tally import Tally as Strokes
from ui.words import tr

TOLD_KINDS = ((StatementKind.PROPOSAL, "建议 {count}", "indigo"), (StatementKind.DISSENT, "异议 {count}", "ochre"))


@dataclass(frozen=True, slots=True)
class TaskState:
    """What a task's row shows."""

    id: str
    number: int
    text: str
    who: str
    due: str
    shares: str
    lacks: str


@dataclass(frozen=True, slots=True)
class CardState:
    """What a card shows. `said` counts the statements, `told` those of kinds worth telling with their tone."""

    issue: Issue
    is_current: bool
    said: int
    told: tuple[tuple[str, str], ...]
    consensus: Consensus | None
    voices: tuple[tuple[str, str, str], ...]
    tasks: tuple[TaskState, ...]

    @property
    def is_settled(self) -> bool:
        """Return whether it has been settled, with or without agreement."""
        return self.consensus is not None and self.consensus.is_settled()


def card_state(live: LiveSitting, issue: Issue, today: date) -> CardState:
    """Return what the card of an issue shows now."""
    consensus = live.consensus_of(issue.id)
    kinds = live.statements_of(issue.id)
    told = tuple((tr(words, count=kinds[kind]), tone) for kind, words, tone in TOLD_KINDS if kinds[kind])
    kept = live.reservations_of(consensus.id) if consensus else []
    people = {r.id: live.person(r.person_id) for r in kept}
    voices = tuple((r.id, reserved(getattr(people[r.id], "name", ""), r.text), r.answer) for r in kept)
    tasks = tuple(task_state(live, action, today) for action in live.actions_of(consensus.id)) if consensus else ()
    is_current = live.sitting.current_issue_id == issue.id
    return CardState(issue, is_current, kinds.total(), told, consensus, voices, tasks)


def task_state(live: LiveSitting, action: Action, today: date) -> TaskState:
    """Return what the row of a task shows now."""
    unit, person = live.unit(action.unit_id), live.person(action.person_id)
    who = "  ".join(found.name for found in (unit, person) if found)
    due = tr("{day}前", day=wording.day_seen_from(action.due_on, today)) if action.due_on else ""
    missing = live.share_missing(action.id)
    lacks = [*action.lacks(), *([tr("分担差 {share}%", share=missing)] if missing > 0 else [])]
    lacks += [tr("分担多出 {share}%", share=-missing)] if missing < 0 else []
    return TaskState(
        action.id,
        action.number,
        action.text,
        who,
        due,
        shares_of(live, action.id),
        tr("还差 {what}", what="、".join(lacks)) if lacks else "",
    )


def shares_of(live: LiveSitting, action_id: str) -> str:
    """Return who brings what to a task in one line: 赵某甲 50% · 钱某乙 50%."""
    brought = live.contributions_of(action_id)
    return " · ".join(f"{part.party} {Amount(part.kind, part.amount, part.measure)}" for part in brought)


class Stop(QWidget):
    """A place among the cards the keyboard can stand on: an issue, a reservation, a task. `asked` brings an act."""

    asked = Signal(str)
    moved = Signal(int)
    entered = Signal()
    left = Signal()

    def __init__(self, kind: str, record_id: str, acts: tuple[str, ...], ring: QWidget | None = None) -> None:
        super().__init__()
        self.kind, self.record_id, self.acts = kind, record_id, acts
        self._ring = ring or self
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._is_ours(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif (step := _STEPS.get(Qt.Key(event.key()))) is not None:
            self.moved.emit(step)
        else:
            self.asked.emit(next(act for act in self.acts if means(event, act)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.asked.emit(self.acts[0])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        ring_around(self._ring)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        ring_off(self._ring)

    def _is_ours(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape or Qt.Key(event.key()) in _STEPS:
            return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return any(means(event, act) for act in self.acts)


_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class VoiceStop(Stop):
    """A reservation among the cards; Enter answers it. It cannot be removed."""

    def __init__(self, reservation_id: str, words: str, answer: str) -> None:
        super().__init__("reservation", reservation_id, ("issues.take",))
        self.answer = answer
        self.setAccessibleName(words)
        self.setAccessibleDescription(f"{tr('答复')}：{answer}" if answer else tr("回车写答复"))
        self.setToolTip(tr("回车写答复"))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.column.addWidget(Voice(words, answer))


class TaskStop(Stop):
    """A task among the cards; Enter or F2 opens it, Del takes it away."""

    def __init__(self, task: TaskState) -> None:
        super().__init__("action", task.id, ("issues.take", "issues.rename", "issues.drop"))
        spoken = (tr("任务 {number}", number=task.number), task.text, task.who, task.due, task.shares, task.lacks)
        self.setAccessibleName(" ".join(filter(None, spoken)))
        row, column = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(10))
        row.addWidget(Label(str(task.number), Role.BODY, "ink2"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        column.setSpacing(look().px(2))
        column.addWidget(Label(task.text).wrapped())
        if task.who or task.due:
            column.addLayout(_task_line(task))
        for words, tone in ((task.shares, "ink2"), (task.lacks, "ochre")):
            if words:
                column.addWidget(Label(words, Role.CAPTION, tone).wrapped())


def _task_line(task: TaskState) -> QLayout:
    line = QHBoxLayout()
    line.addWidget(Label(task.who, Role.CAPTION, "ink2").wrapped(), 1)
    line.addWidget(_strong(task.due, "ink"))
    return line


class IssueCard(Card):
    """The card of one issue. `asked` brings the kind, the id and the name of the act; `wanted` the button for 共识."""

    asked = Signal(str, str, str)
    moved = Signal(int)
    entered = Signal()
    left = Signal()
    settling = Signal()

    def __init__(self, issue_id: str) -> None:
        super().__init__("plain", "")
        self.issue_id = issue_id
        self.state: CardState | None = None
        self.guest: QWidget | None = None
        self.stops: list[Stop] = []
        self.head = Stop("issue", issue_id, ("issues.take", "issues.rename", "issues.drop", "issues.reopen"), self)
        self._head_row = QHBoxLayout(self.head)
        self._head_row.setContentsMargins(0, 0, 0, 0)
        self._head_row.setSpacing(8)
        self.body = QWidget()
        self._rows = QVBoxLayout(self.body)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self.set_margins(14, 11, 14, 11, 8)
        self.column.addWidget(self.head)
        self.column.addWidget(self.body)
        self._listen(self.head)
        look().changed.connect(self._build)

    def show_state(self, state: CardState) -> None:
        """Show a state; nothing happens if it is the one shown."""
        if state != self.state:
            self.state = state
            self._build()

    def open_up(self, is_open: bool) -> None:
        """Show the body, or the head alone."""
        self.body.setVisible(is_open and self.guest is None and self._rows.count() > 0)

    def take_guest(self, guest: QWidget | None) -> None:
        """Have an editor in place of the body; None sends it away."""
        if self.guest is not None and self.guest is not guest:
            self.guest.hide()
            self.column.removeWidget(self.guest)
            self.guest.setParent(self.parentWidget())
        self.guest = guest
        if guest is not None:
            self.column.addWidget(guest)
            guest.show()
        self.body.setVisible(guest is None and self._rows.count() > 0)
        self._build_head()

    def all_stops(self) -> list[Stop]:
        """Return where ↑ ↓ can stand in this card now, from the top."""
        return [self.head, *(stop for stop in self.stops if self.body.isVisibleTo(self))]

    def stop(self, kind: str, record_id: str) -> Stop | None:
        """Return the place of a record."""
        return next((s for s in [self.head, *self.stops] if (s.kind, s.record_id) == (kind, record_id)), None)

    def _listen(self, stop: Stop) -> None:
        stop.asked.connect(lambda act, s=stop: self.asked.emit(s.kind, s.record_id, act))
        stop.moved.connect(self.moved)
        stop.entered.connect(self.entered)
        stop.left.connect(self.left)

    def _build(self) -> None:
        state = self.state
        if state is None:
            return
        was_open = self.body.isVisibleTo(self)
        _clear(self._rows)
        self._rows.setSpacing(look().px(7))
        self.stops = []
        self.be("current" if state.is_current and not state.is_settled else "plain")
        self.setAccessibleName(tr("焦点 {number} {title}", number=state.issue.number, title=state.issue.title))
        self._build_head()
        if state.is_settled:
            self._build_settled(state)
        elif state.is_current:
            self._build_current(state)
        elif state.issue.note:
            self._rows.addWidget(Label(state.issue.note, Role.CAPTION, "ink2").wrapped())
        if not state.is_settled:
            self._build_voices(state)
            self._build_tasks(state)
        self.body.setVisible(was_open and self._rows.count() > 0)

    def _build_head(self) -> None:
        state = self.state
        if state is None:
            return
        _clear(self._head_row)
        number = wording.circled(state.issue.number)
        title = Label(f"{number} {state.issue.title}", Role.NAME).wrapped()
        self._head_row.addWidget(title, 1)
        spoken = [f"{number} {state.issue.title}"]
        for widget in self._right_words(state):
            self._head_row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
            spoken.append(widget.accessibleName())
        self.head.setAccessibleName(" ".join(filter(None, spoken)))
        if self.guest is None:
            self._head_row.addWidget(self._more(), 0, Qt.AlignmentFlag.AlignVCenter)

    def _more(self) -> Button:
        """Return the button that offers by mouse what keys do on the card."""
        more = Button("", Kind.QUIET, "dots-three")
        more.setAccessibleName(tr("更多"))
        more.setToolTip(tr("更多"))
        more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        more.setFixedSize(more.sizeHint())
        more.clicked.connect(lambda: self._offer(more))
        return more

    def _offer(self, below: QWidget) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        is_settled = self.state is not None and self.state.is_settled
        for name in self.head.acts:
            if name != "issues.reopen" or is_settled:
                words = f"{tr(act(name).words)}\t{shown_key(name)}"
                menu.addAction(words, lambda name=name: self.asked.emit("issue", self.issue_id, name))
        menu.popup(below.mapToGlobal(QPoint(0, below.height())))

    def _right_words(self, state: CardState) -> list[QWidget]:
        if self.guest is not None:
            return [_strong(tr("定共识"), "indigo")]
        if state.consensus is not None and state.is_settled:
            return _outcome(state.consensus)
        if state.is_current:
            return [_strong(tr("正在议"), "seal")]
        return [Label(tr("{count} 条发言", count=state.said), Role.CAPTION, "ink2")] if state.said else []

    def _build_settled(self, state: CardState) -> None:
        consensus = state.consensus
        assert consensus is not None
        if consensus.text:
            self._rows.addWidget(Label(consensus.text, Role.CONSENSUS).wrapped())
        if consensus.method in COUNTED and consensus.result in SETTLING and not consensus.tally().is_unanimous():
            self._rows.addWidget(votes_row(consensus))
        if consensus.is_below_ratio():
            self._rows.addWidget(Label(_base_words(consensus), Role.CAPTION, "ochre").wrapped())
        self._build_voices(state)
        self._build_tasks(state)

    def _build_voices(self, state: CardState) -> None:
        for reservation_id, words, answer in state.voices:
            self._add_stop(VoiceStop(reservation_id, words, answer))

    def _build_tasks(self, state: CardState) -> None:
        if state.tasks:
            self._rows.addWidget(Rule())
        for task in state.tasks:
            self._add_stop(TaskStop(task))

    def _add_stop(self, stop: Stop) -> None:
        self.stops.append(stop)
        self._listen(stop)
        self._rows.addWidget(stop)

    def _build_current(self, state: CardState) -> None:
        told = QHBoxLayout()
        told.setSpacing(look().px(12))
        for words, tone in ((tr("{count} 条发言", count=state.said), "ink2"), *state.told) if state.said else ():
            told.addWidget(Label(words, Role.CAPTION, tone))
        told.addStretch(1)
        if state.said:
            self._rows.addLayout(told)
        draft = state.consensus.text if state.consensus else ""
        if draft:
            self._build_draft(state, draft)
        self._rows.addLayout(self._settle_row(bool(draft)))

    def _build_draft(self, state: CardState, draft: str) -> None:
        self._rows.addWidget(Rule())
        row = QHBoxLayout()
        row.setSpacing(look().px(6))
        row.addWidget(Sign("note-pencil", "ink2", 16))
        row.addWidget(Label(tr("共识草稿"), Role.CAPTION, "ink2"))
        row.addStretch(1)
        drafted_at = state.consensus.drafted_at if state.consensus else None
        if drafted_at is not None:
            row.addWidget(Label(tr("{time} 存", time=wording.clock(drafted_at)), Role.CAPTION, "ink2"))
        self._rows.addLayout(row)
        self._rows.addWidget(Label(draft, Role.CONSENSUS, "ink2").wrapped())

    def _settle_row(self, has_draft: bool) -> QLayout:
        row = QHBoxLayout()
        key = shown_key("desk.settle")
        button = (
            Button(tr("定共识"), Kind.PRIMARY, key=key) if has_draft else Button(tr("写共识"), icon="plus", key=key)
        )
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self.settling)
        row.addWidget(button)
        row.addStretch(1)
        if has_draft:
            row.addWidget(Label(tr("说得差不多了再定"), Role.CAPTION, "ink2"))
        return row


def _clear(layout: QLayout) -> None:
    while item := layout.takeAt(0):
        if (inner := item.layout()) is not None:
            _clear(inner)
            inner.deleteLater()
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


def _strong(words: str, tone: str) -> Label:
    label = Label(words, Role.CAPTION, tone)
    label.setStyleSheet(f"font-weight: {look().theme.weight(500)}")
    return label


def _outcome(consensus: Consensus) -> list[QWidget]:
    """Return how it ended, for the right end of a card's head."""
    if consensus.result not in SETTLING:
        return [Tag(tr(RESULT_WORDS[consensus.result]), "ochre")]
    told: list[QWidget] = []
    if consensus.result != Result.REACHED:
        told.append(Tag(tr(RESULT_WORDS[consensus.result]), "outline"))
    if consensus.is_below_ratio():
        return [*told, Tag(tr("未达比例"), "ochre")]
    if consensus.method not in COUNTED:
        return [*told, Sign("seal-check", "pine", 18, "fill"), _strong(tr(METHOD_WORDS[consensus.method]), "pine")]
    if consensus.tally().is_unanimous():
        agreed = _strong(tr("一致 {count}", count=consensus.agree), "pine")
        return [*told, Sign("seal-check", "pine", 18, "fill"), agreed]
    return [*told, Tag(tr("已表决"), "outline")]


def _base_words(consensus: Consensus) -> str:
    """Return what the ratio was held against: 要求三分之二，到会 27、应到 32."""
    base = tr("到会 {present}、应到 {expected}", present=consensus.present, expected=consensus.expected)
    return f"{tr('要求{ratio}', ratio=tr(RATIO_WORDS[consensus.ratio]))}，{base}"


def votes_row(consensus: Consensus) -> QWidget:
    """Return the votes in one line: 同意 25 正正正正正 反对 1 弃权 1."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().px(5))
    piles = [("同意", consensus.agree, "ink"), ("反对", consensus.against, "ochre"), ("弃权", consensus.abstain, "ink")]
    piles += [("不表态", consensus.silent, "ink2")] if consensus.silent else []
    for at, (words, count, tone) in enumerate(piles):
        if at:
            row.addStretch(1)
        row.addWidget(Label(tr(words), Role.CAPTION, "ink2"))
        row.addWidget(Label(str(count), Role.NAME, tone))
        if words != "不表态" and count:
            row.addWidget(Strokes(count, tr(words), tone, 14, number=False))
    line.setAccessibleName("，".join(f"{tr(words)} {count}" for words, count, _ in piles))
    line.setToolTip(tr("到会 {present}、应到 {expected}", present=consensus.present, expected=consensus.expected))
    return line
