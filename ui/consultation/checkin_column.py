"""签到: who is here, of how many, and the one field at which thirty people are checked in.

Three letters and Enter check somebody in; below stand who just came, who has not spoken and who is missing.
"""

from collections.abc import Callable

from PySide6.QtCore import QKeyCombination, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.commands.attendance import CheckIn, Excuse, Leave, WalkIn
from app.domain.attendance import Attendance, Mode, Presence
from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.domain.people import ROLE_WORDS, Role
from app.domain.wording import clock
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.consultation.arrival_forms import ProxyForm, WalkInForm
from ui.consultation.guest_list import Guest, GuestList
from ui.consultation.headcount import Headcount, Verdict, headcount_words, show_quorum
from ui.consultation.person_search import PersonSearch
from ui.consultation.switch import Switch
from ui.room import Room
from ui.theme import Role as TypeRole
from ui.theme import look
from ui.widgets.bench_meter import BenchMeter
from ui.widgets.button import Button
from ui.widgets.candidate_popup import CandidatePopup, Offer
from ui.widgets.composing_edit import ComposingLine, hint
from ui.widgets.field import FieldNote
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.widgets.painted import announce
from ui.widgets.sign import Sign
from ui.words import tr

JUST_CAME, SILENT, MISSING = range(3)
_CTRL_ENTER = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Return)
_TAB = QKeyCombination(Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Tab)


class _FieldKeys:
    """In the empty field ↓ enters the list and ← → turn it; while the popup is open they are the popup's."""

    def __init__(self, column: "CheckInColumn") -> None:
        self._column = column

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether the key is for the list below."""
        keys = (Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
        return event.key() in keys and not self._column.field.half_typed() and not event.modifiers() & _PRESSED

    def take(self, event: QKeyEvent) -> None:
        """Go to the list, or turn it."""
        if event.key() == Qt.Key.Key_Down:
            self._column.list.enter_list()
        else:
            self._column.switch.turn(1 if event.key() == Qt.Key.Key_Right else -1)


_PRESSED = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


class _Foot(QWidget):
    """Under the list: how many signed for others or are new; on a row, what can be done with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts = Label("", TypeRole.CAPTION, "ink2")
        self.undo = Button(tr("撤销上一个"), "link")
        self.check_in = Button(tr("签到"), "link", key="↵")
        self.speak = Button(tr("发言"), "link", key="↵")
        self.excuse = Button(tr("请假"), "link", key="Q")
        self.leave = Button(tr("离开"), "link", key="Del")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.counts)
        row.addStretch(1)
        for button in (self.undo, self.check_in, self.speak, self.excuse, self.leave):
            row.addWidget(button)
            if button is not self.undo:
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_for(self, guest: Guest | None, tab: int) -> None:
        """Show the deeds for a row, or the counts when none has the keyboard."""
        on_row = guest is not None
        self.counts.setVisible(not on_row)
        self.undo.setVisible(not on_row)
        self.check_in.setVisible(on_row and tab == MISSING)
        self.excuse.setVisible(on_row and tab == MISSING)
        self.speak.setVisible(on_row and tab != MISSING)
        self.leave.setVisible(on_row and tab != MISSING)


class CheckInColumn(QWidget):
    """The left column of the live desk. `wants_to_speak` names somebody picked from a list for the entry line."""

    wants_to_speak = Signal(str)

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.live: LiveSitting | None = None
        self.search: PersonSearch | None = None
        self._asked = ""
        self.setAccessibleName(tr("签到"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "paper")
        self._make_parts()
        self._lay_out()
        self.popup = CandidatePopup(self.field, tr("签到的人选"))
        self.field.lend_keys(_FieldKeys(self))
        self._listen()

    def _make_parts(self) -> None:
        self.count, self.verdict, self.meter = Headcount(), Verdict(), BenchMeter()
        self.benches = Label("", TypeRole.CAPTION, "ink")
        self.field = ComposingLine()
        self.field.setPlaceholderText(tr("姓名或首字母"))
        self.field.setAccessibleName(tr("签到，姓名或首字母，或手机后四位"))
        self.field.set_initials_only()
        self.mark = Sign("at", "ink3", 16)
        self.enter_says = Label(tr("↵ 签到"), TypeRole.CAPTION, "ink2", self.field)
        self.note = FieldNote()
        self.walk_in, self.proxy = WalkInForm(), ProxyForm()
        self.switch = Switch(tr("看哪些人"), 3, last_apart=True)
        self.list = GuestList(tr("刚到的人"))
        self.foot = _Foot()

    def _lay_out(self) -> None:
        inside = QHBoxLayout(self.field)
        inside.setContentsMargins(10, 0, 10, 0)
        inside.addWidget(self.mark)
        inside.addStretch(1)
        inside.addWidget(self.enter_says)
        self.enter_says.hide()
        self.column = QVBoxLayout(self)
        self.top = QWidget()
        top = QVBoxLayout(self.top)
        top.setContentsMargins(0, 0, 0, 0)
        top.addLayout(_pair(Label(tr("签到"), TypeRole.SECTION), KeyCap(shown_key("desk.checkin"))))
        top.addLayout(_pair(self.count, self.verdict))
        top.addWidget(self.meter)
        self.column.addWidget(self.top)
        for part in (self.benches, self.field, self.walk_in, self.proxy, self.note, self.switch):
            self.column.addWidget(part)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.foot)
        self._show_form(None)
        self._show_mark()
        self._measure()
        look().changed.connect(self._measure)

    def _measure(self) -> None:
        side = look().px(12)
        self.column.setContentsMargins(side, look().px(12), side, look().px(6))
        self.column.setSpacing(look().px(6))

    def be_compact(self, compact: bool, low: bool) -> None:
        """Leave out what the strip says already, and where it is low all but field and list."""
        self.top.setVisible(not compact)
        self.benches.setVisible(not low)
        self.foot.setVisible(not low)

    def _listen(self) -> None:
        self.field.keyed.connect(lambda _: self._look_up())
        self.field.submitted.connect(self._enter_alone)
        self.field.worth_keeping.connect(lambda _: self._keep())
        self.field.composing_changed.connect(self._show_composing)
        self.popup.chosen.connect(lambda person_id: self._check_in(str(person_id)))
        self.popup.refused.connect(lambda person_id: self._say_here(str(person_id)))
        self.popup.offered.connect(self._take_offer)
        self.walk_in.registered.connect(self._register)
        self.proxy.signed.connect(self._sign_for)
        for form in (self.walk_in, self.proxy):
            form.left.connect(self._leave_form)
            form.worth_keeping.connect(self._keep)
        self._listen_to_list()

    def _listen_to_list(self) -> None:
        self.switch.chosen.connect(lambda _: self._show_list())
        self.list.entered.connect(self._enter_row)
        self.list.removed.connect(self._leave)
        self.list.excused.connect(self._excuse)
        self.list.turned.connect(self.switch.turn)
        self.list.quit_up.connect(self.focus_field)
        self.list.current_moved.connect(self._show_foot)
        self.foot.undo.clicked.connect(lambda: self.room.undo(self))
        for button in (self.foot.check_in, self.foot.speak):
            button.clicked.connect(lambda: self._on_row(self._enter_row))
        self.foot.excuse.clicked.connect(lambda: self._on_row(self._excuse))
        self.foot.leave.clicked.connect(lambda: self._on_row(self._leave))

    def show_evening(self, search: PersonSearch) -> None:
        """Show a sitting from its beginning, and what was half typed at its door."""
        self.search, self.live = search, search.live
        self.walk_in.register = search.live.register
        if not self.field.composing:
            self.field.resume(self._jotted("checkin"))
        self.walk_in.resume(self._jotted("walk_in") or "\t\t")
        self.proxy.resume(self._jotted("proxy"))
        self._show_form(None)
        self.refresh()

    def refresh(self) -> None:
        """Show who is here now."""
        live = self.live
        if live is None or self.search is None:
            return
        self.search.learn()
        quorum = live.quorum()
        self.count.show_count(len(live.here()), headcount_words(live, quorum))
        self.verdict.show_quorum(quorum)
        show_quorum(self.meter, quorum)
        benches = (f"{tr(bench.value)} {count}" for bench, count in live.benches().items())
        self.benches.say("  ".join(benches))
        self._show_counts(live)
        self._show_list()

    def refresh_spoken(self) -> None:
        """Show anew who has not spoken; the other lists are as they were."""
        if self.switch.current == SILENT:
            self._show_list()
        elif self.live is not None:
            self._name_lists(self.live.silent(), self._missing(self.live))

    def _show_counts(self, live: LiveSitting) -> None:
        here = live.here()
        proxies = sum(a.mode == Mode.PROXY for a in here)
        # Ids are in the order of their making: who was put on the register after the sitting was called is new.
        new = sum(not a.invited and a.person_id > live.sitting_id for a in here)
        words = (tr("代签 {count}", count=proxies) if proxies else "", tr("新登记 {count}", count=new) if new else "")
        self.foot.counts.say("  ".join(filter(None, words)))

    def _show_list(self) -> None:
        live = self.live
        if live is None:
            return
        silent, missing = live.silent(), self._missing(live)
        self._name_lists(silent, missing)
        chosen = (live.here(), silent, missing)[self.switch.current]
        self.list.setAccessibleName((tr("刚到的人"), tr("没开口的人"), tr("未到的人"))[self.switch.current])
        self.list.show_guests([self._guest(live, attendance) for attendance in chosen])
        self._show_foot()

    def _name_lists(self, silent: list[Attendance], missing: list[Attendance]) -> None:
        self.switch.say((tr("刚到"), tr("没开口 {n}", n=len(silent)), tr("未到 {n}", n=len(missing))))

    def _missing(self, live: LiveSitting) -> list[Attendance]:
        away = (Presence.EXPECTED, Presence.EXCUSED, Presence.ABSENT)
        return sorted((a for a in live.attendances() if a.presence in away), key=lambda a: a.presence != away[0])

    def _guest(self, live: LiveSitting, attendance: Attendance) -> Guest:
        person = live.person(attendance.person_id)
        title = person.post if person and person.post else ROLE_WORDS[attendance.role]
        right, tone = clock(attendance.arrived_at) if attendance.arrived_at else "", "ink2"
        if attendance.mode == Mode.PROXY and attendance.is_here():
            title = tr("{signer} 代签", signer=attendance.proxy_name)
        if attendance.presence == Presence.EXCUSED:
            right, tone = tr("请假"), "ink2"
        return Guest(attendance.id, attendance.person_id, person.name if person else "", tr(title), right, tone)

    def focus_field(self) -> None:
        """Take the keyboard where the next one is checked in; a form under way goes on."""
        if self.walk_in.isVisible():
            self.walk_in.name.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.proxy.isVisible():
            self.proxy.signer.line.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._look_up()

    def is_idle(self) -> bool:
        """Return whether nothing is half typed here."""
        return not (self.field.half_typed() or self.walk_in.isVisible() or self.proxy.isVisible())

    def _look_up(self) -> None:
        query = self.field.search_key().strip()
        self._show_mark()
        self.enter_says.setVisible(bool(query))
        if self.search is None or not query or not self.field.hasFocus():
            self.popup.show_candidates([])
            return
        found = self.search.arriving(query)
        offers = [Offer("walk_in", tr("名册里没有？登记新来的人"), "user-plus", "Ctrl ↵", _CTRL_ENTER)]
        if found:
            offers.append(Offer("proxy", tr("家人代签"), "hand-palm", "Tab", _TAB))
        self.popup.show_candidates(found, offers, tr("名册里没有“{query}”", query=query))
        self._show_composing(self.field.composing)

    def _show_mark(self) -> None:
        is_empty = not self.field.half_typed()
        self.mark.setVisible(is_empty)
        self.field.setTextMargins(look().px(22) if is_empty else 0, 0, 0, 0)

    def _take_offer(self, name: str) -> None:
        if name == "walk_in":
            self._begin_walk_in()
        else:
            self._begin_proxy()

    def _begin_walk_in(self) -> None:
        if self.live is None:
            return
        self._show_form(self.walk_in)
        self.walk_in.begin(self.field.text(), self.live.register)
        self.popup.hide()

    def _begin_proxy(self) -> None:
        person_id = self._candidate_id()
        person = self.live.person(person_id) if self.live else None
        if person is None:
            return
        self._show_form(self.proxy)
        self.proxy.begin(person.id, person.name)
        self.popup.hide()

    def _candidate_id(self) -> str:
        """Return whom Enter would take."""
        if self.search is None:
            return ""
        found = self.search.arriving(self.field.search_key().strip())
        at = self.popup.current_row()
        wanted = found[at] if 0 <= at < len(found) else next((row for row in found if not row.already), None)
        return str(wanted.key) if wanted and not wanted.already else ""

    def _show_form(self, form: QWidget | None) -> None:
        for part in (self.walk_in, self.proxy):
            part.setVisible(part is form)
        self.field.setVisible(form is None)
        self._say("")

    def _leave_form(self) -> None:
        self._keep()
        self._show_form(None)
        self.focus_field()

    def _check_in(self, person_id: str) -> None:
        if self.live is None:
            return
        self._asked = self.field.text()
        person = self.live.person(person_id)
        said = tr("已签到 {name}", name=person.name if person else "")
        self.room.do(self, CheckIn(self.live.sitting_id, person_id), self._came_in, self._refused, said)

    def _came_in(self, changes: ChangeSet) -> None:
        if self.field.text() == self._asked:
            self.field.clear()
        self._say("")
        self._keep()

    def _refused(self, trouble: Trouble) -> None:
        self._say(trouble.sentence(), "seal")

    def _say_here(self, person_id: str) -> None:
        person = self.live.person(person_id) if self.live else None
        attendance = self.live.attendance_of(person_id) if self.live else None
        if person and attendance and attendance.arrived_at:
            time = clock(attendance.arrived_at)
            self._say(tr("{name} {time} 已经到了", name=person.name, time=time), "ochre")
            self.field.selectAll()

    def _enter_alone(self, text: str) -> None:
        if text.strip():
            self._look_up()

    def _register(self, name: str, group: str, role: object) -> None:
        if self.live is None or not isinstance(role, Role):
            return
        codes = self.live.consultation.place_codes
        command = WalkIn(self.live.sitting_id, name, group, role, codes[0] if codes else "")
        said = tr("已登记并签到 {name}", name=name)
        self.room.do(self, command, self._form_done, lambda trouble: self.walk_in.say_wrong(trouble.sentence()), said)

    def _sign_for(self, person_id: str, signer: str, relation: str) -> None:
        if self.live is None:
            return
        person = self.live.person(person_id)
        said = tr("{signer} 已替 {name} 签到", signer=signer, name=person.name if person else "")
        command = CheckIn(self.live.sitting_id, person_id, signer, relation)
        wrong = self.proxy.signer.say_wrong
        self.room.do(self, command, self._form_done, lambda trouble: wrong(trouble.sentence()), said)

    def _form_done(self, changes: ChangeSet) -> None:
        had_focus = self.walk_in.isAncestorOf(self._focus()) or self.proxy.isAncestorOf(self._focus())
        for form in (self.walk_in, self.proxy):
            if form.isVisible():
                form.clear()
        self.field.clear()
        self._show_form(None)
        self._keep()
        if had_focus:
            self.focus_field()

    def _focus(self) -> QWidget:
        return self.focusWidget() or self

    def _enter_row(self, guest: Guest) -> None:
        if self.switch.current == MISSING:
            self._asked = "\n"
            self._check_in_row(guest)
        else:
            self.wants_to_speak.emit(guest.person_id)

    def _check_in_row(self, guest: Guest) -> None:
        if self.live is not None:
            said = tr("已签到 {name}", name=guest.name)
            self.room.do(self, CheckIn(self.live.sitting_id, guest.person_id), refused=self._refused, say=said)

    def _leave(self, guest: Guest) -> None:
        if self.switch.current != MISSING:
            said = tr("{name} 离开了", name=guest.name)
            self.room.do(self, Leave(guest.attendance_id), refused=self._refused, say=said)

    def _excuse(self, guest: Guest) -> None:
        if self.switch.current == MISSING:
            said = tr("{name} 请假", name=guest.name)
            self.room.do(self, Excuse(guest.attendance_id), refused=self._refused, say=said)

    def _on_row(self, deed: Callable[[Guest], None]) -> None:
        guest = self.list.guest()
        if guest is not None:
            deed(guest)

    def _show_foot(self) -> None:
        self.foot.show_for(self.list.guest() if self.list.hasFocus() else None, self.switch.current)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = self.list.indexAt(self.list.viewport().mapFrom(self, event.pos()))
        if not at.isValid():
            return
        self.list.setCurrentIndex(at)
        menu = QMenu(self)
        for button in (self.foot.check_in, self.foot.speak, self.foot.excuse, self.foot.leave):
            if button in self._deeds():
                menu.addAction(button.text(), button.click)
        menu.popup(event.globalPos())

    def _deeds(self) -> tuple[Button, ...]:
        if self.switch.current == MISSING:
            return (self.foot.check_in, self.foot.excuse)
        return (self.foot.speak, self.foot.leave)

    def _show_composing(self, composing: bool) -> None:
        self._say(hint() if composing else "", "ochre", "text-aa")

    def _say(self, text: str, tone: str = "seal", sign: str = "warning") -> None:
        self.note.say(text, sign, tone)
        if text:
            announce(self.note, text)

    def _note_name(self, field: str) -> str:
        return f"desk/{self.live.sitting_id if self.live else ''}/{field}"

    def _jotted(self, field: str) -> str:
        return self.room.jotted(self._note_name(field))

    def keep_now(self) -> None:
        """Keep what is half typed without waiting for a rest."""
        for field in self.findChildren(ComposingLine):
            field.keeping.now()

    def _keep(self) -> None:
        """Keep what is half typed in every field here."""
        if self.live is None:
            return
        kept = (("checkin", self.field.half_typed()), ("walk_in", self.walk_in.half_typed()))
        for field, text in (*kept, ("proxy", self.proxy.half_typed())):
            if text or self._jotted(field):
                self.room.jot(self._note_name(field), text or None)


def _pair(left: QWidget, right: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(left, 0, Qt.AlignmentFlag.AlignBottom)
    row.addStretch(1)
    row.addWidget(right)
    return row
