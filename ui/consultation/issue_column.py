"""The right column of the live desk: issues as cards, and in them the consensus and the tasks that come of it."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.commands.action import RemoveAction
from app.commands.consensus import AnswerReservation, ReopenConsensus
from app.commands.issue import AmendIssue, DropIssue, RaiseIssue, TakeUpIssue
from app.desk import Command
from app.domain import wording
from app.domain.action import Action
from app.domain.consensus import Consensus
from app.domain.errors import Trouble
from app.domain.issue import Issue
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.consultation.action_line import ActionLine, read_half_task
from ui.consultation.consensus_editor import ConsensusEditor
from ui.consultation.issue_card import CardState, IssueCard, Stop, TaskStop, VoiceStop, card_state, task_state
from ui.consultation.jotted_field import JottedField
from ui.page import Hint
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button, Kind
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.field import Field
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.widgets.sign import Sign
from ui.words import tr

WIDTH = 368
THREE_COLUMNS = 1280
SHOWN = frozenset(
    {"issue", "sitting", "consensus", "reservation", "action", "contribution", "statement", "unit", "person"}
)


class ColumnHead(QWidget):
    """焦点 F4 → 共识 F5 → 任务 F6."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for at, (words, act) in enumerate((("焦点", "desk.issue"), ("共识", "desk.settle"), ("任务", "desk.assign"))):
            if at:
                row.addWidget(Sign("arrow-right", "ink2", 16))
            row.addWidget(Label(tr(words), Role.SECTION))
            row.addWidget(KeyCap(shown_key(act)))
        row.addStretch(1)
        self.setAccessibleName(tr("焦点、共识、任务"))


class IssueColumn(QWidget):
    """All issues of a sitting. `left` is said when the keyboard should go back to the entry line."""

    left = Signal()

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.live: LiveSitting | None = None
        self.cards: dict[str, IssueCard] = {}
        self.editor = ConsensusEditor(room)
        self.action = ActionLine(room)
        self.title = JottedField(room, tr("新焦点"), tr("焦点叫什么，比如：墙后的水往哪排"))
        self.rename = JottedField(room, tr("焦点改叫什么"), tr("焦点叫什么"))
        self.answer = JottedField(room, tr("答复保留意见"), tr("当场怎么答复的"))
        self.more = Button(tr("再加一个焦点"), Kind.QUIET, "plus", shown_key("desk.new_issue"))
        self.empty = Label(tr("还没有焦点。要定的事一条一个，按 Ctrl F4 写上"), Role.BODY, "ink2").wrapped()
        self._loose: list[TaskStop] = []
        self._just_settled = ""
        self._stands_in = ""
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self.setMinimumWidth(look().px(280))
        self.setAccessibleName(tr("焦点、共识、任务"))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 0, 8)
        column.setSpacing(10)
        column.addWidget(ColumnHead())
        self.inner = QWidget()
        self.inner.setProperty("ground", "none")
        self.list = QVBoxLayout(self.inner)
        self.list.setContentsMargins(0, 2, 14, 4)
        self.list.setSpacing(10)
        self.list.addWidget(self.empty)
        self.list.addWidget(self.title)
        self.list.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.list.addStretch(1)
        self.view = QScrollArea()
        self.view.setWidget(self.inner)
        self.view.setWidgetResizable(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAccessibleName(tr("焦点"))
        column.addWidget(self.view, 1)
        for part in (self.editor, self.action, self.rename, self.answer):
            part.setParent(self.inner)
            part.hide()
        self.title.hide()

    def _listen(self) -> None:
        self.more.clicked.connect(self.new_issue)
        self.title.given.connect(self._raise)
        self.title.left.connect(self._leave_title)
        self.rename.given.connect(self._renamed)
        self.rename.left.connect(lambda: self._close_line(self.rename))
        self.answer.given.connect(self._answered)
        self.answer.left.connect(lambda: self._close_line(self.answer))
        self.editor.settled.connect(self._settled)
        self.editor.left.connect(self._leave_editor)
        self.editor.moved.connect(self._follow_focus)
        self.action.saved.connect(self._task_written)
        self.action.left.connect(self._leave_action)
        self.action.moved.connect(self._follow_focus)
        look().changed.connect(self._fold)

    def sizeHint(self) -> QSize:
        return QSize(look().px(WIDTH), look().px(500))

    def show_live(self, live: LiveSitting, kinds: frozenset[str] = frozenset()) -> None:
        """Show a sitting, or what of it an act has touched (`kinds`, empty for everything)."""
        is_new = self.live is None or self.live.sitting_id != live.sitting_id
        self.live = live
        if is_new:
            self._begin_anew()
        if is_new or not kinds or kinds & SHOWN:
            self._show_cards()
        if self.editor.isVisibleTo(self.inner):
            self.editor.look_in(live)
        if is_new:
            self._resume()
        self._fold()

    def focus_issue(self) -> None:
        """F4: stand on the card under discussion."""
        if not self.cards:
            self.new_issue()
            return
        card = self._current_card() or self._cards_in_order()[0]
        card.head.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def new_issue(self) -> None:
        """Ctrl F4: ask for the title of a further issue."""
        if self.live is not None:
            self.title.open(f"desk/{self.live.sitting_id}/issue")
            self._reveal(self.title)

    def focus_consensus(self) -> None:
        """F5: open the editor in the card under discussion, or in the first one not settled."""
        issue = self._issue_to_settle()
        if issue is None:
            self._nothing_to_settle()
            return
        self._open_editor(issue)
        self.editor.begin()
        self._reveal(self.cards[issue.id])

    def focus_action(self) -> None:
        """F6: open a task under the consensus one stands on, the one just settled, or the one under discussion."""
        if self.live is None:
            return
        if not self.action.isVisibleTo(self.inner) or self.action.mended is not None:
            self._open_action(self._consensus_for_task())
        self.action.begin()
        self._reveal(self.action)

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys worth knowing where the keyboard is."""
        if self.editor.isAncestorOf(self.focusWidget() or self):
            return self.editor.hints()
        if self.action.isAncestorOf(self.focusWidget() or self):
            return self.action.hints()
        if isinstance(self.focusWidget(), JottedField | ComposingLine):
            return (Hint("↵", tr("记下")), Hint("Esc", tr("先放着，已存")))
        return (
            Hint("↑ ↓", tr("换一条")),
            Hint("↵", tr("议这个")),
            Hint("F2", tr("改名")),
            Hint("Del", tr("拿掉")),
            Hint("R", tr("重议")),
            Hint(shown_key("desk.new_issue"), tr("加焦点")),
            Hint("Esc", tr("回发言")),
        )

    def _begin_anew(self) -> None:
        self.editor.hide()
        self.action.hide()
        for issue_id in list(self.cards):
            self._remove_card(issue_id)
        self._just_settled = self._stands_in = ""

    def _show_cards(self) -> None:
        """Bring cards up to date, keeping those there are, and the place where the keyboard stands."""
        live = self._live()
        place = self._standing_place()
        today = self.room.today()
        issues = live.issues()
        for gone in self.cards.keys() - {issue.id for issue in issues}:
            self._remove_card(gone)
        for at, issue in enumerate(issues):
            card = self._card(issue.id)
            card.show_state(card_state(live, issue, today))
            self._put_at(card, at)
        self._show_loose(live)
        self.empty.setVisible(not issues)
        self._follow_current(live)
        if place is not None:
            self._stand_on(*place)

    def _card(self, issue_id: str) -> IssueCard:
        if issue_id not in self.cards:
            card = self.cards[issue_id] = IssueCard(issue_id)
            card.asked.connect(self._asked)
            card.moved.connect(self._move)
            card.entered.connect(lambda: self._entered(issue_id))
            card.left.connect(self.left)
            card.settling.connect(lambda: self._settle_clicked(issue_id))
        return self.cards[issue_id]

    def _put_at(self, card: IssueCard, at: int) -> None:
        cards = [w for w in self._widgets() if isinstance(w, IssueCard)]
        if at < len(cards) and cards[at] is card:
            return
        after = cards[at - 1] if at else None
        self.list.insertWidget(self.list.indexOf(after) + 1 if after else 0, card)
        card.show()

    def _widgets(self) -> list[QWidget]:
        found = (self.list.itemAt(at) for at in range(self.list.count()))
        return [widget for item in found if item is not None and (widget := item.widget()) is not None]

    def _remove_card(self, issue_id: str) -> None:
        card = self.cards.pop(issue_id)
        card.take_guest(None)
        if card.isAncestorOf(self.rename):
            self.rename.hide()
            self.rename.setParent(self.inner)
        self.list.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _show_loose(self, live: LiveSitting) -> None:
        """Show the tasks that hang on no issue's consensus, below the cards."""
        held = {consensus.id for issue in live.issues() if (consensus := live.consensus_of(issue.id))}
        loose = [task_state(live, a, self.room.today()) for a in live.actions() if a.consensus_id not in held]
        for stop in self._loose:
            self.list.removeWidget(stop)
            stop.hide()
            stop.deleteLater()
        self._loose = [TaskStop(task) for task in loose]
        for stop in self._loose:
            stop.asked.connect(lambda act, s=stop: self._asked(s.kind, s.record_id, act))
            stop.moved.connect(self._move)
            stop.left.connect(self.left)
            self.list.insertWidget(self.list.indexOf(self.title), stop)

    def _follow_current(self, live: LiveSitting) -> None:
        """Put the editor away when its issue was settled or dropped, or another one is under discussion."""
        if not self.editor.isVisibleTo(self.inner) or self.editor.is_settling():
            return
        consensus = live.consensus_of(self.editor.issue_id)
        gone = self.editor.issue_id not in self.cards
        elsewhere = live.sitting.current_issue_id not in (None, self.editor.issue_id)
        if gone or (consensus and consensus.is_settled()) or (elsewhere and not self._has_keys(self.editor)):
            self._close_editor()

    def _resume(self) -> None:
        """Bring back what was half entered when the sitting was last on the screen, without taking the keyboard."""
        live = self._live()
        issue = self._issue_to_settle()
        if issue is not None and self.room.jotted(f"desk/{live.sitting_id}/consensus/{issue.id}"):
            self._open_editor(issue)
            if not self.editor.has_words():
                self._close_editor()
        kept = read_half_task(self.room.jotted(f"desk/{live.sitting_id}/action"))
        if not kept.is_empty():
            self._open_action(kept.consensus_id)
        if self.room.jotted(f"desk/{live.sitting_id}/issue"):
            self.title.note_name = f"desk/{live.sitting_id}/issue"
            self.title.line.resume(self.room.jotted(self.title.note_name))
            self.title.show()
        QTimer.singleShot(0, self, self._reveal_current)

    def _live(self) -> LiveSitting:
        assert self.live is not None
        return self.live

    def _current_card(self) -> IssueCard | None:
        return self.cards.get(self._live().sitting.current_issue_id or "")

    def _issue_to_settle(self) -> Issue | None:
        """Return the issue under discussion unless it is settled, else the first that is not."""
        if self.live is None:
            return None
        settled = {issue.id for issue, _ in self.live.settled()}
        current = self.live.current_issue()
        waiting = [issue for issue in self.live.issues() if issue.id not in settled]
        return current if current in waiting else next(iter(waiting), None)

    def _nothing_to_settle(self) -> None:
        if self.cards:
            self.room.say(tr("焦点都定了。要改，在那一条上按 R 重议"))
            self.focus_issue()
        else:
            self.new_issue()

    def _consensus_for_task(self) -> str | None:
        """Return the consensus a new task hangs on."""
        live = self._live()
        settled = {issue.id: consensus for issue, consensus in live.settled()}
        stands_in = self._stands_in if self._standing_place() else ""
        for issue_id in (stands_in, self._just_settled):
            if issue_id in settled:
                return settled[issue_id].id
        if settled:
            return max(settled.values(), key=_settled_when).id
        current = live.current_issue()
        draft = live.consensus_of(current.id) if current else None
        return draft.id if draft else None

    def _open_editor(self, issue: Issue) -> None:
        if self.editor.isVisibleTo(self.inner) and self.editor.issue_id == issue.id:
            return
        self._close_editor()
        self.editor.open(self._live(), issue)
        self.cards[issue.id].take_guest(self.editor)
        self._fold()

    def _settle_clicked(self, issue_id: str) -> None:
        issue = next(issue for issue in self._live().issues() if issue.id == issue_id)
        self._open_editor(issue)
        self.editor.begin()
        self._reveal(self.cards[issue_id])

    def _close_editor(self) -> None:
        card = self.cards.get(self.editor.issue_id)
        if self.editor.isVisibleTo(self.inner):
            self.editor.keep()
            self.editor.put_down()
        if card is not None and card.guest is self.editor:
            card.take_guest(None)
        self.editor.hide()
        self._fold()

    def _leave_editor(self) -> None:
        self.left.emit()
        self._close_editor()

    def _settled(self, issue_id: str) -> None:
        self._just_settled = issue_id
        self.left.emit()
        self._close_editor()
        self._reveal_current()

    def _open_action(self, consensus_id: str | None, mended: Action | None = None) -> None:
        if self.action.isVisibleTo(self.inner):
            self.action.keep()
        self.action.open(self._live(), consensus_id, mended)
        holder = self._card_of_consensus(self.action.consensus_id)
        self.list.removeWidget(self.action)
        before = self.list.indexOf(holder) + 1 if holder else self.list.indexOf(self.title)
        self.list.insertWidget(before, self.action)
        self.action.show()

    def _card_of_consensus(self, consensus_id: str | None) -> IssueCard | None:
        held = (card for card in self.cards.values() if card.state and card.state.consensus)
        return next((c for c in held if _consensus_id(c.state) == consensus_id), None)

    def _task_written(self) -> None:
        if self.action.mended is not None:
            mended = self.action.mended
            self._hide_action()
            self._stand_on("action", mended.id)
        else:
            self._reveal(self.action)

    def _leave_action(self) -> None:
        mended = self.action.mended
        if mended is not None:
            self._hide_action()
            self._stand_on("action", mended.id)
            return
        self.left.emit()
        if not self.action.has_words():
            self._hide_action()

    def _hide_action(self) -> None:
        self.action.hide()
        self.list.removeWidget(self.action)

    def _asked(self, kind: str, record_id: str, act: str) -> None:
        """Do what a key on a card, a reservation or a task asks for."""
        doing: dict[tuple[str, str], Callable[[str], None]] = {
            ("issue", "issues.take"): self._take_up,
            ("issue", "issues.rename"): self._rename,
            ("issue", "issues.drop"): self._drop,
            ("issue", "issues.reopen"): self._reopen,
            ("reservation", "issues.take"): self._answer,
            ("action", "issues.take"): self._mend,
            ("action", "issues.rename"): self._mend,
            ("action", "issues.drop"): self._remove_task,
        }
        doing[kind, act](record_id)

    def _take_up(self, issue_id: str) -> None:
        self._do(TakeUpIssue(issue_id), self.left.emit)

    def _rename(self, issue_id: str) -> None:
        card = self.cards[issue_id]
        self.rename.setProperty("record", issue_id)
        card.column.insertWidget(0, self.rename)
        assert card.state is not None
        self.rename.open(f"desk/{self._live().sitting_id}/issue/{issue_id}", card.state.issue.title)
        card.head.hide()

    def _renamed(self, title: str) -> None:
        issue_id = str(self.rename.property("record"))
        self.room.do(
            self, AmendIssue(issue_id, title), lambda _: self._line_done(self.rename), self._wrong(self.rename)
        )

    def _drop(self, issue_id: str) -> None:
        card = self.cards[issue_id]
        title = card.state.issue.title if card.state else ""
        self._do(DropIssue(issue_id), self._stand_somewhere, tr("已拿掉“{title}”", title=title))

    def _reopen(self, issue_id: str) -> None:
        card = self.cards[issue_id]
        if card.state is not None and card.state.is_settled:
            number = wording.circled(card.state.issue.number)
            self._do(ReopenConsensus(issue_id), lambda: None, tr("重议 {number}", number=number))

    def _answer(self, reservation_id: str) -> None:
        stop = self._stop("reservation", reservation_id)
        if isinstance(stop, VoiceStop):
            self.answer.setProperty("record", reservation_id)
            holder = next(card for card in self.cards.values() if card.isAncestorOf(stop))
            self.list.insertWidget(self.list.indexOf(holder) + 1, self.answer)
            self.answer.open(f"desk/{self._live().sitting_id}/answer/{reservation_id}", stop.answer)

    def _answered(self, text: str) -> None:
        command = AnswerReservation(str(self.answer.property("record")), text)
        self.room.do(self, command, lambda _: self._line_done(self.answer), self._wrong(self.answer))

    def _mend(self, action_id: str) -> None:
        action = next((a for a in self._live().actions() if a.id == action_id), None)
        if action is not None:
            self._open_action(action.consensus_id, action)
            self.action.begin()
            self._reveal(self.action)

    def _remove_task(self, action_id: str) -> None:
        action = next((a for a in self._live().actions() if a.id == action_id), None)
        said = tr("已删任务 {number}", number=action.number) if action else ""
        self._do(RemoveAction(action_id), self._stand_somewhere, said)

    def _raise(self, title: str) -> None:
        self.room.do(
            self, RaiseIssue(self._live().sitting_id, title), lambda _: self._raised(), self._wrong(self.title)
        )

    def _raised(self) -> None:
        self.left.emit()
        self.title.done()

    def _leave_title(self) -> None:
        self.left.emit()
        if not self.title.line.text():
            self.title.hide()

    def _do(self, command: Command, then: Callable[[], None], say: str = "") -> None:
        self.room.do(self, command, lambda _: then(), say=say)

    def _wrong(self, field: Field) -> Callable[[Trouble], None]:
        return lambda trouble: field.say_wrong(trouble.sentence())

    def _line_done(self, line: JottedField) -> None:
        line.done()
        self._close_line(line)

    def _close_line(self, line: JottedField) -> None:
        """Put a line that stood in for a head or under a reservation away, and stand where it stood."""
        line.hide()
        self.list.removeWidget(line)
        line.setParent(self.inner)
        record_id = str(line.property("record"))
        if line is self.rename and record_id in self.cards:
            self.cards[record_id].head.show()
        self._stand_on("issue" if line is self.rename else "reservation", record_id)

    def _stops(self) -> list[Stop]:
        stops = [stop for card in self._cards_in_order() for stop in card.all_stops()]
        return [*stops, *self._loose]

    def _cards_in_order(self) -> list[IssueCard]:
        return [widget for widget in self._widgets() if isinstance(widget, IssueCard)]

    def _stop(self, kind: str, record_id: str) -> Stop | None:
        every = (stop for card in self.cards.values() for stop in (card.head, *card.stops))
        found = (s for s in (*every, *self._loose) if (s.kind, s.record_id) == (kind, record_id))
        return next(found, None)

    def _standing_place(self) -> tuple[str, str] | None:
        focused = self.focusWidget()
        has_keys = isinstance(focused, Stop) and focused.hasFocus()
        return (focused.kind, focused.record_id) if has_keys and isinstance(focused, Stop) else None

    def _stand_on(self, kind: str, record_id: str) -> None:
        stop = self._stop(kind, record_id)
        if stop is not None and not stop.hasFocus():
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stand_somewhere(self) -> None:
        if self.cards:
            self.focus_issue()
        else:
            self.left.emit()

    def _move(self, steps: int) -> None:
        stops = self._stops()
        standing = self.focusWidget()
        at = next((at for at, stop in enumerate(stops) if stop is standing), 0)
        stops[max(0, min(len(stops) - 1, at + steps))].setFocus(Qt.FocusReason.OtherFocusReason)

    def _entered(self, issue_id: str) -> None:
        if self._stands_in != issue_id:
            self._stands_in = issue_id
            self._fold()
        self._follow_focus()

    def _fold(self) -> None:
        """Open the cards there is room for: all in a wide window, those in hand while something is being settled."""
        if self.live is None:
            return
        is_wide = self.window().width() >= look().px(THREE_COLUMNS) and not self.editor.isVisibleTo(self.inner)
        current = self.live.sitting.current_issue_id
        for issue_id, card in self.cards.items():
            stands = issue_id == self._stands_in and self._has_keys(card)
            card.open_up(is_wide or issue_id == current or stands)

    def _has_keys(self, part: QWidget) -> bool:
        focused = self.focusWidget()
        return focused is not None and focused.hasFocus() and (focused is part or part.isAncestorOf(focused))

    def _follow_focus(self) -> None:
        focused = self.focusWidget()
        if focused is not None:
            self._reveal(focused)

    def _reveal_current(self) -> None:
        card = self._current_card() if self.live else None
        if card is not None:
            self._reveal(card)

    def _reveal(self, part: QWidget) -> None:
        """Scroll so that a part is seen, once the layout has settled."""
        QTimer.singleShot(0, part, lambda: self.view.ensureWidgetVisible(part, 0, look().px(12)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()


def _settled_when(consensus: Consensus) -> float:
    return consensus.settled_at.timestamp() if consensus.settled_at else 0.0


def _consensus_id(state: CardState | None) -> str | None:
    return state.consensus.id if state and state.consensus else None
