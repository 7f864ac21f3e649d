"""任务: every task by day, unit or village; squares for how far it has come; one task beside the list."""

from datetime import date

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSizePolicy, QToolButton

from app.domain import wording
from app.domain.action import Action, ActionStage, Contribution, Progress
from app.domain.change import ChangeSet
from app.domain.consensus import Consensus
from app.domain.people import Person
from app.domain.practice import Deadlines
from app.domain.revisit import Revisit
from app.domain.unit import Unit
from app.queries.action import ActionGroup, ActionStory, Board, board, by_due, by_unit, by_village, counts, story
from app.queries.revisit import due_revisits
from ui.action.action_detail import ActionDetail, due_tag
from ui.action.action_list import ActionList, ActionRow, ActionRows, Heading
from ui.action.squares import Squares
from ui.actions import act, bind
from ui.page import Hint, Page
from ui.people.two_panes import TwoPanes
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import Label
from ui.words import tr

DETAIL_WIDTH, SHORT = 424, 700
WAYS = ("action.by_due", "action.by_unit", "action.by_village")
OURS = frozenset(
    {kind.KIND for kind in (Action, Progress, Contribution, Revisit, Consensus, Unit, Person)},
)
MOST_MEETINGS = 30


class ActionPage(Page):
    """The tasks."""

    name = "actions"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.board: Board | None = None
        self.consultation_id, self.way, self._wanted = "", WAYS[0], ""
        self.panes = TwoPanes(DETAIL_WIDTH)
        self.chooser, self.squares = Button(tr("全部任务"), "plain", "caret-down"), Squares()
        self.ways = {name: QToolButton() for name in WAYS}
        self._shown_for: tuple[str, str, date] | None = None
        self._to_revisit: frozenset[str] = frozenset()
        self._count = 0
        self.rows, self.list = ActionRows(self._line, self), ActionList(tr("任务"))
        self.detail = ActionDetail(room)
        self.detail.hide()
        self.empty = EmptyState("list-checks", tr("没有要盯的事"), tr("会上定下的任务都会到这里来"))
        self._lay_out()
        self._wire()
        room.changed.connect(self._learn)

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        head = QHBoxLayout()
        head.setSpacing(look().px(12))
        head.addWidget(Label(tr("任务"), Role.PAGE))
        head.addWidget(self.chooser)
        head.addStretch(1)
        self._add_ways(head)
        column = self.panes.column
        column.addLayout(head)
        column.addWidget(self.squares)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        self.panes.pane.column.addWidget(self.detail)
        self.list.setModel(self.rows)

    def _add_ways(self, head: QHBoxLayout) -> None:
        group = QButtonGroup(self)
        for name, button in self.ways.items():
            words = tr(act(name).words)
            button.setText(words)
            button.setAccessibleName(words)
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, way=name: self._group_by(way))
            group.addButton(button)
            head.addWidget(button)
        self.ways[self.way].setChecked(True)

    def _wire(self) -> None:
        self.list.moved.connect(self._ask_story)
        self.list.opened.connect(self._open)
        self.detail.left.connect(self._back)
        self.chooser.clicked.connect(self._choose)
        acts = {"list.finish": self._finish, "list.extend": self._extend, "list.print": self._offer_papers}
        bind(self, {"filter": self._choose, **acts})
        bind(
            self.list,
            {name: lambda way=name: self._group_by(way) for name in WAYS}
            | {"list.edit": self._edit, "list.revisit": self._revisit, "list.revise": self._revise},
        )

    def enter(self, record_id: str = "") -> None:
        """Show the tasks; on one of them, or those of one consultation, if an id is given."""
        self._wanted = record_id
        if self.board is None:
            self.room.ask(self, self._have, board)
        else:
            self._have(self.board)

    def _have(self, found: Board) -> None:
        self.board = found
        wanted = self._wanted
        if wanted in found.consultations:
            self.consultation_id = wanted
        elif wanted in found.actions and found.actions[wanted].consultation_id != self.consultation_id:
            self.consultation_id = ""
        if self._shown_for == self._to_show():
            self._stand_on(wanted or self._current_id())
        else:
            self._show(wanted)
        self.panes.show_detail(wanted in found.actions)
        self.list.setFocus()

    def took(self, changes: ChangeSet) -> None:
        """Bring the task beside the list up to date; from one that was finished go on to the next."""
        if changes.kinds() & OURS:
            self._leave_finished(changes)
            self._ask_story()

    def _leave_finished(self, changes: ChangeSet) -> None:
        """Stand on the next open task before the line of the finished one is hidden."""
        current_id = self._current_id()
        if self.board is None or current_id not in _finished(changes):
            return
        if self.detail.isAncestorOf(self.focusWidget() or self):
            self.list.setFocus()
        at = self.rows.place_of(current_id)
        tasks = [row for row in (*self.rows.rows[at + 1 :], *self.rows.rows[:at]) if isinstance(row, Action)]
        following = next((task for task in tasks if task.is_open()), None)
        if following is not None:
            self.list.go_to(self.rows.place_of(following.id))

    def _learn(self, changes: ChangeSet) -> None:
        """Keep the board up to date, in view or not, so that it is read only once."""
        if self.board is None:
            return
        if self.board.take(changes) or Unit.KIND in changes.kinds():
            self._shown_for = None
            if self.isVisible():
                self._show()

    def _to_show(self) -> tuple[str, str, date]:
        """Return what the list depends on beside the board."""
        return self.consultation_id, self.way, self.room.today()

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys worth knowing now."""
        return (
            Hint("↑↓", tr("选任务")),
            Hint("↵", tr("写进展")),
            Hint("Ctrl D", tr("办完了")),
            Hint("V", tr("记回访")),
            Hint("F2", tr("改单位")),
            Hint("Ctrl P", tr("印表")),
            Hint("1 2 3", tr("换分组")),
            Hint("Ctrl F", tr("哪场会")),
        )

    def _show(self, wanted: str = "") -> None:
        """Show the chosen tasks in their groups; the current one stays current while it is there."""
        if self.board is None:
            return
        kept, actions = wanted or self._current_id(), self.board.of(self.consultation_id)
        self._to_revisit = self._waiting(self.board, actions)
        rows: list[Action | Heading] = []
        for group in self._groups(self.board, actions):
            rows += [self._heading(group), *group.actions]
        self.rows.show(rows)
        self._shown_for, self._count = self._to_show(), len(actions)
        self.squares.show_counts(*counts(actions, self.room.today()))
        self._say_meeting()
        for part, on in ((self.empty, not actions), (self.list, bool(actions)), (self.squares, bool(actions))):
            part.setVisible(on)
        self._stand_on(kept)

    def _stand_on(self, action_id: str) -> None:
        self.list.go_to(self.rows.place_of(action_id))
        self._ask_story()

    def _say_meeting(self) -> None:
        """Say on the button whose tasks these are; where there is little room, only how many."""
        chosen = self.board.consultations.get(self.consultation_id) if self.board else None
        if chosen is None:
            self.chooser.say(tr("全部任务"))
        elif self.panes.main.width() < look().px(SHORT):
            self.chooser.say(tr("{count} 项任务", count=self._count))
        else:
            self.chooser.say(tr("{title} {count} 项任务", title=_short(chosen.title), count=self._count))
        self.chooser.setToolTip(chosen.title if chosen else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say_meeting()

    def _groups(self, held: Board, actions: list[Action]) -> list[ActionGroup]:
        if self.way == WAYS[1]:
            return by_unit(actions, {unit.id: unit.name for unit in self.room.register.units.values()})
        if self.way == WAYS[2]:
            return by_village(actions, held.place_of, self._village)
        return by_due(actions, self.room.today(), self._to_revisit)

    def _waiting(self, held: Board, actions: list[Action]) -> frozenset[str]:
        """Return the tasks whose households somebody should go back to by now, as the practice of each has it."""

        def deadlines_of(action: Action) -> Deadlines:
            consultation = held.consultations.get(action.consultation_id)
            practice = self.room.practices.get(consultation.practice) if consultation else None
            return practice.deadlines if practice else Deadlines()

        due = due_revisits(actions, held.revisits.values(), self.room.today(), deadlines_of)
        return frozenset(one.action.id for one in due)

    def _village(self, code: str) -> str:
        place = self.room.places.get(code)
        return place.display_name if place else ""

    def _heading(self, group: ActionGroup) -> Heading:
        return Heading(tr(group.heading), len(group.actions), "seal" if group.heading == "逾期" else "ink")

    def _line(self, action: Action) -> ActionRow:
        today, unit = self.room.today(), self.room.register.units.get(action.unit_id or "")
        person = self.room.register.one(action.person_id)
        who = (unit.name if unit else "", person.name if person else "")
        if not action.is_open():
            day = wording.day_seen_from(action.done_on, today) if action.done_on else ""
            return ActionRow(
                action.id, action.number, action.text, *who, day, "ink2", "check-circle", "pine", is_done=True
            )
        words, tone = due_tag(action, today)
        late = "seal" if tone == "seal" else "ink3"
        due = "" if action.due_on is None else words
        return ActionRow(action.id, action.number, action.text, *who, due, _quiet(tone), icon_tone=late)

    def _current_id(self) -> str:
        at = self.list.currentIndex().row()
        row = self.rows.rows[at] if 0 <= at < len(self.rows.rows) else None
        return row.id if isinstance(row, Action) else ""

    def _ask_story(self) -> None:
        action_id = self._current_id()
        if not action_id:
            self.detail.hide()
        elif self.board is not None and action_id in self.board.actions:
            self.room.ask(self, self._got_story, story, action_id)

    def _got_story(self, found: ActionStory) -> None:
        if self.board is not None and found.action.id == self._current_id():
            of, is_due = len(self.board.of(found.action.consultation_id)), found.action.id in self._to_revisit
            self.detail.show_story(found, of, is_due)

    def _group_by(self, way: str) -> None:
        self.way = way
        self.ways[way].setChecked(True)
        self._show()

    def _choose(self) -> None:
        """Offer the meetings whose tasks to see, the newest first."""
        if self.board is None:
            return
        menu = QMenu(self)
        menu.setAccessibleName(tr("哪场会的任务"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("全部任务")).triggered.connect(lambda: self._take_meeting(""))
        for one in self.board.held()[:MOST_MEETINGS]:
            title = one.title.replace("&", "&&")
            menu.addAction(title).triggered.connect(lambda _=False, chosen=one.id: self._take_meeting(chosen))
        menu.popup(self.chooser.mapToGlobal(QPoint(0, self.chooser.height() + look().px(4))))
        menu.setActiveAction(menu.actions()[0])

    def _take_meeting(self, consultation_id: str) -> None:
        self.consultation_id = consultation_id
        self._show()
        self.list.setFocus()

    def _open(self) -> None:
        if self._current_id():
            self._show_detail()
            if self.detail.entry.isVisible():
                self.detail.entry.line.setFocus()

    def _edit(self) -> None:
        self._show_detail()
        self.detail.edit()

    def _finish(self) -> None:
        self._show_detail()
        if self.detail.finish.isVisible():
            self.detail.entry.ask_how_it_ended()

    def _revisit(self) -> None:
        if self._current_id():
            self.panes.show_detail(True)
            self.detail.revisit.begin()

    def _revise(self) -> None:
        self._show_detail()
        self.detail.revisit.begin_mending()

    def _extend(self) -> None:
        self._show_detail()
        if self.detail.extend.isVisible():
            self.detail.entry.ask_for_another_day()

    def _offer_papers(self) -> None:
        if self._current_id():
            self.panes.show_detail(True)
            self.detail.offer_papers()

    def _show_detail(self) -> None:
        """Turn to the sheet for something else than counting households, which waits."""
        self.panes.show_detail(True)
        self.detail.revisit.put_by()

    def _back(self) -> None:
        self.panes.show_detail(False)
        self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the list from anywhere by Esc."""
        if event.key() == Qt.Key.Key_Escape and not self.list.hasFocus():
            self._back()
        else:
            super().keyPressEvent(event)


def _finished(changes: ChangeSet) -> frozenset[str]:
    """Return the tasks an act has finished."""
    parts = (part for part in changes.changes if part.kind == Action.KIND and part.field == "stage")
    return frozenset(part.record_id for part in parts if part.new == ActionStage.DONE)


def _quiet(tone: str) -> str:
    return "ink2" if tone == "outline" else tone


def _short(title: str) -> str:
    """Return the beginning of a title, for a button that never wraps."""
    return title if len(title) <= 14 else title[:13] + "…"
