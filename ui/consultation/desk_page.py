"""会场: the live desk, where a whole evening is caught without a mouse.

Zone keys move between check-in, talk, issues, consensus and tasks. Where one was, and every half word, outlives a
crash.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from app.commands.sitting import CloseSitting, MoveStage, OpenSitting, ReopenSitting
from app.commands.statement import RemoveStatement
from app.domain.change import ChangeSet
from app.domain.sitting import STAGES, Sitting
from app.ports import Shelf
from app.queries.attendance import Regulars, regulars
from app.queries.people import Register
from app.queries.sitting import LiveSitting, live_sitting
from ui.actions import bind, shown_key
from ui.consultation.checkin_column import CheckInColumn
from ui.consultation.closing_steps import TO_PRINT
from ui.consultation.desk_floor import DeskFloor
from ui.consultation.desk_head import DeskHead
from ui.consultation.entry_line import EntryLine
from ui.consultation.issue_column import IssueColumn
from ui.consultation.person_search import PersonSearch
from ui.consultation.readout import ReadOut
from ui.page import Hint, Page
from ui.room import Room
from ui.widgets.card import Rule
from ui.widgets.empty_state import EmptyState
from ui.words import tr

CHECKIN, SPEAK, ISSUE, SETTLE, ASSIGN = "checkin", "speak", "issue", "settle", "assign"
ZONES = (CHECKIN, SPEAK, ISSUE, SETTLE, ASSIGN)
AT = "desk/at"


@dataclass(frozen=True, slots=True)
class Evening:
    """What the page asks for at once: the sitting, and who usually comes."""

    live: LiveSitting
    regulars: Regulars


def evening(shelf: Shelf, sitting_id: str, register: Register) -> Evening | None:
    """Return a sitting with its regulars, or None if it is not there."""
    if not sitting_id or shelf.find(Sitting, sitting_id) is None:
        return None
    return Evening(live_sitting(shelf, sitting_id, register), regulars(shelf, sitting_id))


class DeskPage(Page):
    """The live desk as a page of the shell."""

    name = "desk"
    wants_rail = True
    toast_head = 112

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.live: LiveSitting | None = None
        self.zone = CHECKIN
        self._issue_for_entry = False
        self.setAccessibleName(tr("会场"))
        self.head = DeskHead(room)
        self.checkin, self.entry, self.issues = CheckInColumn(room), EntryLine(room), IssueColumn(room)
        self.floor = DeskFloor(self.checkin, self.entry, self.issues)
        self.strip, self.timeline = self.floor.talk.strip, self.floor.talk.timeline
        self.nothing = EmptyState(
            "chats-circle", tr("现在没有会"), tr("在工作台安排一场，或者马上就开。"), tr("现在开会")
        )
        self._lay_out()
        self._listen()
        self._bind()

    def _lay_out(self) -> None:
        desk = QWidget()
        column = QVBoxLayout(desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, Rule()):
            column.addWidget(part)
        column.addWidget(self.floor, 1)
        self._faces = QStackedLayout(self)
        self._faces.addWidget(desk)
        self._faces.addWidget(self.nothing)
        self._desk = desk

    def _listen(self) -> None:
        self.head.stage_pressed.connect(self.move_stage)
        self.head.stage_chosen.connect(self._choose_stage)
        self.entry.reopen.clicked.connect(self.move_stage)
        self.nothing.acted.connect(lambda: self.room.go("call", "now"))
        self.checkin.wants_to_speak.connect(self._speak_for)
        self.strip.checkin_wanted.connect(self.go_checkin)
        self.strip.speak_wanted.connect(self.go_speak)
        self.strip.settle_wanted.connect(self.go_settle)
        self.issues.left.connect(self.go_speak)
        self.timeline.list.left.connect(self.go_speak)
        self.timeline.list.edited.connect(self._amend)
        self.timeline.list.removed.connect(self._remove)
        self.timeline.edit_pressed.connect(self._amend)
        self.timeline.remove_pressed.connect(self._remove)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def _bind(self) -> None:
        issues = {f"desk.issue.{n}": lambda n=n: self.entry.choose_issue(n) for n in range(1, 10)}
        bind(
            self,
            {
                "desk.checkin": self.go_checkin,
                "desk.speak": self.go_speak,
                "desk.issue": self.go_issue,
                "desk.new_issue": self.go_new_issue,
                "desk.settle": self.go_settle,
                "desk.assign": self.go_assign,
                "desk.readout": self.read_out,
                "desk.stage": self.move_stage,
                "desk.print": self.print,
                **issues,
            },
        )

    def enter(self, record_id: str = "") -> None:
        """Show a sitting, or go on with the last one where it was left."""
        sitting_id = record_id or self.room.jotted(AT).partition("|")[0]
        self.room.ask(self, self._show, evening, sitting_id, self.room.register)

    def leave(self) -> None:
        """Keep what is half typed; the clock of the head runs on."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            focused.clearFocus()
        self.entry.keep_now()
        self.checkin.keep_now()

    def _show(self, found: Evening | None) -> None:
        self.live = found.live if found else None
        self._faces.setCurrentWidget(self._desk if found else self.nothing)
        if found is None:
            if self.nothing.button:
                self.nothing.button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        search = PersonSearch(found.live, found.regulars)
        self.head.show_live(found.live)
        self.strip.show_live(found.live)
        self.timeline.show_live(found.live)
        self.checkin.show_evening(search)
        self.entry.show_evening(search)
        self.issues.show_live(found.live, frozenset())
        self.go(self._zone_left(found.live))

    def _zone_left(self, live: LiveSitting) -> str:
        """Return the zone where this sitting was left; a new one begins at the door."""
        sitting_id, _, zone = self.room.jotted(AT).partition("|")
        if sitting_id == live.sitting_id and zone in ZONES:
            return zone
        return SPEAK if live.sitting.opened_at and live.sitting.is_open() else CHECKIN

    def took(self, changes: ChangeSet) -> None:
        """Show what an act changed, in the zones it touched."""
        live = self.live
        if live is None:
            return
        kinds = live.take(changes) | (changes.kinds() & {"person", "unit"})
        if kinds & {"attendance", "person", "sitting", "consultation"}:
            self.head.show_live(live)
            self.strip.show_live(live)
            self.checkin.refresh()
        elif "statement" in kinds:
            self.checkin.refresh_spoken()
        if kinds & {"statement", "issue", "sitting", "person", "unit"}:
            self.timeline.refresh()
            self.entry.refresh(kinds)
        if kinds:
            self.issues.show_live(live, kinds)
        if "issue" in kinds and self._issue_for_entry and live.issues():
            self._issue_for_entry = False
            self.entry.set_issue(live.issues()[-1].id)

    def go(self, zone: str) -> None:
        """Move the keyboard to a zone."""
        moves = (self.go_checkin, self.go_speak, self.go_issue, self.go_settle, self.go_assign)
        dict(zip(ZONES, moves, strict=True))[zone]()

    def go_checkin(self) -> None:
        """Move to the door."""
        if self._take_zone(CHECKIN, self.checkin):
            self.checkin.focus_field()

    def go_speak(self) -> None:
        """Move to the entry line."""
        self._issue_for_entry = False
        if self._take_zone(SPEAK, self.floor.talk):
            self.timeline.forget_place()
            self.entry.focus_line()

    def go_issue(self) -> None:
        """Move to the issues."""
        if self._take_zone(ISSUE, self.issues):
            self.issues.focus_issue()

    def go_new_issue(self) -> None:
        """Ask for the title of a new issue; what is half written goes to it."""
        self._issue_for_entry = self.zone == SPEAK and not self.entry.is_idle()
        if self._take_zone(ISSUE, self.issues):
            self.issues.new_issue()

    def go_settle(self) -> None:
        """Move to the consensus on the issue under discussion."""
        if self._take_zone(SETTLE, self.issues):
            self.issues.focus_consensus()

    def go_assign(self) -> None:
        """Move to a task under the consensus just settled."""
        if self._take_zone(ASSIGN, self.issues):
            self.issues.focus_action()

    def read_out(self) -> None:
        """Show the consensus large, to be read aloud."""
        if self.live is not None:
            ReadOut(self.room, self.live).open()

    def move_stage(self) -> None:
        """开会, then 结会; after that back to the meeting."""
        live = self.live
        if live is None:
            return
        sitting = live.sitting
        if not sitting.is_open():
            self.room.do(self, ReopenSitting(sitting.id), lambda _: self.go_speak(), say=tr("回会场接着议"))
        elif sitting.opened_at is None:
            self.room.do(self, OpenSitting(sitting.id), lambda _: self._opened(), say=tr("开会了"))
        else:
            self.room.do(
                self, CloseSitting(sitting.id), lambda _: self.room.go("closing", sitting.id), say=tr("结会了")
            )

    def _choose_stage(self, at: int) -> None:
        """Go to the stage clicked; before 开会 that opens the meeting first."""
        live = self.live
        if live is None or live.sitting.stage == STAGES[at]:
            return
        said = tr("换到{stage}", stage=self.head.rail.stages[at])
        move = MoveStage(live.sitting.id, STAGES[at])
        if live.sitting.opened_at is None and live.sitting.is_open():
            self.room.do(self, OpenSitting(live.sitting.id), lambda _: self.room.do(self, move, say=said))
        else:
            self.room.do(self, move, say=said)

    def _opened(self) -> None:
        if self.checkin.is_idle():
            self.go_speak()

    def _take_zone(self, zone: str, part: QWidget) -> bool:
        if self.live is None:
            return False
        self.zone = zone
        self.floor.bring(part)
        self.room.jot(AT, f"{self.live.sitting_id}|{zone}")
        return True

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        """Follow the keyboard when it was moved by mouse or Tab."""
        if now is None or self.live is None or not self.floor.isAncestorOf(now):
            return
        if self.checkin.isAncestorOf(now):
            self._follow(CHECKIN, self.checkin)
        elif self.issues.isAncestorOf(now):
            self._follow(self.zone if self.zone in (ISSUE, SETTLE, ASSIGN) else ISSUE, self.issues)
        elif self.entry.isAncestorOf(now) or self.timeline.isAncestorOf(now):
            self._follow(SPEAK, self.floor.talk)

    def _follow(self, zone: str, part: QWidget) -> None:
        if zone != self.zone or part is not self.floor.front:
            self._take_zone(zone, part)

    def _speak_for(self, person_id: str) -> None:
        self._take_zone(SPEAK, self.floor.talk)
        self.entry.choose_speaker(person_id)

    def _amend(self, statement_id: str) -> None:
        self.entry.amend(statement_id)

    def _remove(self, statement_id: str) -> None:
        self.room.do(self, RemoveStatement(statement_id), say=tr("这条发言放进回收站了"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the entry line; Ctrl Z in an empty field takes the last act back."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_speak()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.room.undo(self)
        else:
            super().keyPressEvent(event)

    def print(self) -> None:
        """Go to the papers of this meeting as it stands: the sign-in sheet is wanted before it begins."""
        if self.live is not None:
            self.room.go("closing", f"{TO_PRINT}{self.live.sitting_id}")

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of the zone that has the keyboard."""
        live = self.live
        if live is None:
            return ()
        stage = Hint(shown_key("desk.stage"), tr("结会") if live.sitting.opened_at else tr("开会"))
        if self.timeline.list.hasFocus():
            return _list_keys()
        if self.zone == CHECKIN:
            return (*_row_keys(), stage) if self.checkin.list.hasFocus() else (*_door_keys(), stage)
        if self.zone == SPEAK:
            return _speak_keys()
        focused = QApplication.focusWidget()
        is_there = focused is not None and self.issues.isAncestorOf(focused)
        return self.issues.hints() if is_there else (*_issue_keys(), stage)


def _list_keys() -> tuple[Hint, ...]:
    return (Hint("F2", tr("改")), Hint("Del", tr("放进回收站")), Hint("Esc", tr("回去接着记")))


def _row_keys() -> tuple[Hint, ...]:
    return (
        Hint("↵", tr("签到 / 发言")),
        Hint("Q", tr("请假")),
        Hint("Del", tr("离开")),
        Hint("← →", tr("换名单")),
        Hint("Esc", tr("回去")),
    )


def _door_keys() -> tuple[Hint, ...]:
    return (
        Hint("↵", tr("签到")),
        Hint("↓", tr("下一个同音")),
        Hint("Ctrl ↵", tr("登记新人")),
        Hint("Tab", tr("代签")),
        Hint("Ctrl Z", tr("撤销上一个")),
    )


def _speak_keys() -> tuple[Hint, ...]:
    return (
        Hint(tr("空格"), tr("选人")),
        Hint("Ctrl 1–6", tr("换类别")),
        Hint("Alt 1–9", tr("归到焦点")),
        Hint("↑", tr("改上一条")),
        Hint(shown_key("desk.readout"), tr("念一遍")),
        Hint("Ctrl Z", tr("撤销")),
    )


def _issue_keys() -> tuple[Hint, ...]:
    return (
        Hint(shown_key("desk.speak"), tr("接着记")),
        Hint(shown_key("desk.settle"), tr("定下一条")),
        Hint(shown_key("desk.assign"), tr("加任务")),
        Hint(shown_key("desk.readout"), tr("念给大家听")),
        Hint("Ctrl Z", tr("撤销")),
    )
