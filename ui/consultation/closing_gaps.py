"""Filling a gap where it is seen: one field for each, Enter writes it down and goes on to the next."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.commands.action import AmendAction, Offer
from app.commands.consensus import KeepReservation, Objection
from app.commands.consensus_closing import ConcedeIssue
from app.commands.sitting import AmendSitting
from app.desk import Command
from app.domain.action import Action
from app.domain.calendar import NotADay, read_day
from app.domain.contribution_words import Amount, NotAnAmount, read_pledges
from app.domain.errors import Trouble
from app.queries.sitting import Gap, LiveSitting
from ui.consultation.action_line import parties, workdays
from ui.consultation.reservation_line import ReservationLine
from ui.consultation.unit_search import PersonLine, SearchLine, UnitLine
from ui.room import Room
from ui.theme import Role, look
from ui.topic.pick_field import above, home_village, place_search
from ui.widgets.button import Button
from ui.widgets.candidate_popup import Candidate
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.words import tr


class GapField(QWidget):
    """What mends one gap. `filled` is said after it was written, `told` brings a sentence to show beside it."""

    filled = Signal()
    told = Signal(str)
    desk_wanted = Signal(str)

    def __init__(self, room: Room, live: LiveSitting, gap: Gap) -> None:
        super().__init__()
        self.room, self.live, self.gap = room, live, gap
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(look().px(8))
        self._is_under_way = False
        self.setAccessibleName(gap.sentence)

    def begin(self) -> None:
        """Take the keyboard."""
        part = self.focusProxy() or self
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self, command: Command) -> None:
        if not self._is_under_way:
            self._is_under_way = True
            self.room.do(self, command, lambda _: self._written(), self._refused)

    def _written(self) -> None:
        self._is_under_way = False
        self.filled.emit()

    def _refused(self, trouble: Trouble) -> None:
        self._is_under_way = False
        self.told.emit(trouble.sentence())

    def _action(self) -> Action:
        return next(action for action in self.live.actions() if action.id == self.gap.record_id)


class LineGap(GapField):
    """A gap that one line of text fills."""

    name, example, breadth = "", "", 108

    def __init__(self, room: Room, live: LiveSitting, gap: Gap) -> None:
        super().__init__(room, live, gap)
        self.line = self._make_line()
        self.line.setAccessibleName(tr(self.name))
        self.line.setPlaceholderText(tr(self.example))
        self.line.setFixedWidth(look().px(self.breadth))
        self.setFocusProxy(self.line)
        self.echo = Label("", Role.CAPTION, "ink2")
        for part in (self.line, self.echo, KeyCap("↵")):
            self.row.addWidget(part)
        self.echo.hide()
        self.line.submitted.connect(self._submitted)
        self.line.keyed.connect(self._typed)

    def begin(self) -> None:
        """Take the keyboard behind what stands in the line, so that the next key adds to it."""
        super().begin()
        self.line.end(False)

    def _make_line(self) -> ComposingLine:
        return ComposingLine()

    def _submitted(self, text: str) -> None:
        if not text.strip():
            self.told.emit("")
            return
        found = self.read(text)
        if isinstance(found, str):
            self.line.set_wrong(True)
            self.told.emit(found)
        else:
            self._write(found)

    def _typed(self, text: str) -> None:
        self.line.set_wrong(False)
        self.told.emit("")
        words = self.echoed(text)
        self.echo.say(words)
        self.echo.setVisible(bool(words))

    def read(self, text: str) -> Command | str:
        """Return what Enter writes down, or the sentence that says why not."""
        raise NotImplementedError

    def echoed(self, text: str) -> str:
        """Return what is understood so far, to stand beside the field."""
        return ""


class VenueGap(LineGap):
    """地点."""

    name, example, breadth = "地点", "李某丁家院坝", 220

    def read(self, text: str) -> Command | str:
        """Return the venue."""
        return AmendSitting(self.gap.record_id, venue=text.strip())


class PlaceLine(SearchLine):
    """A line that finds places, those nearest to home first."""

    def __init__(self, room: Room, name: str, example: str) -> None:
        super().__init__(name, example)
        self.room = room

    def candidates(self, key: str) -> list[Candidate]:
        """Return places."""
        return list(place_search(self.room)(key))

    def _take_key(self, key: str) -> None:
        self.choose(key, self.room.places.place(key).display_name)


class PlaceGap(LineGap):
    """哪个村: by initials; the village last worked in stands there already."""

    name, example, breadth = "哪个村", "村名首字母", 190

    def __init__(self, room: Room, live: LiveSitting, gap: Gap) -> None:
        super().__init__(room, live, gap)
        home = room.places.get(home_village(room))
        if home is not None:
            self._place_line().choose(home.code, home.display_name)

    def begin(self) -> None:
        """Take the keyboard so that typing replaces what stands there."""
        super().begin()
        self.line.selectAll()

    def _make_line(self) -> ComposingLine:
        line = PlaceLine(self.room, tr(self.name), tr(self.example))
        line.taken.connect(lambda: self._submitted(line.text()))
        return line

    def _place_line(self) -> PlaceLine:
        assert isinstance(self.line, PlaceLine)
        return self.line

    def read(self, text: str) -> Command | str:
        """Return the village."""
        code = self._place_line().chosen_id
        if code is None:
            return tr("没有“{name}”这个村，少打一个字母试试", name=text.strip()[:8])
        return AmendSitting(self.gap.record_id, place_codes=(code,))

    def echoed(self, text: str) -> str:
        """Return where the village is."""
        code = self._place_line().chosen_id
        return above(self.room.places, code) if code else ""


class PersonGap(LineGap):
    """Somebody by initials, or a name in full that may be on no register."""

    example, breadth = "姓名或首字母", 150

    def _make_line(self) -> ComposingLine:
        line = PersonLine(tr(self.name), tr(self.example))
        line.live = self.live
        line.taken.connect(lambda: self._submitted(line.text()))
        return line

    def read(self, text: str) -> Command | str:
        """Return who it is; letters alone are nobody's name."""
        line, name = self.line, text.strip()
        assert isinstance(line, PersonLine)
        if name.isascii() and not line.chosen_name:
            return tr("名册里没有“{name}”。按 Ctrl 空格打全名", name=name[:8])
        known = self.live.register.namesakes(name)
        return self.named(name, line.chosen_id or (known[0].id if len(known) == 1 else None))

    def named(self, name: str, person_id: str | None) -> Command:
        """Return the command that writes them down."""
        raise NotImplementedError


class HostGap(PersonGap):
    """主持人."""

    name = "主持人"

    def named(self, name: str, person_id: str | None) -> Command:
        """Return the host."""
        return AmendSitting(self.gap.record_id, host=name, host_id=person_id)


class RecorderGap(PersonGap):
    """记录人."""

    name = "记录人"

    def named(self, name: str, person_id: str | None) -> Command:
        """Return the recorder."""
        return AmendSitting(self.gap.record_id, recorder=name)


class DueGap(LineGap):
    """期限: in any words for a day."""

    name, example = "期限", "420"

    def _make_line(self) -> ComposingLine:
        line = ComposingLine()
        line.set_initials_only()
        return line

    def read(self, text: str) -> Command | str:
        """Return the task with its day."""
        day = read_day(text, self.room.today(), workdays())
        if isinstance(day, NotADay):
            return day.sentence
        said = text.strip()
        return AmendAction(replace(self._action(), due_on=day.date, due_words="" if said.isascii() else said))

    def echoed(self, text: str) -> str:
        """Return the day that is meant, with what is unusual about it."""
        day = read_day(text, self.room.today(), workdays()) if text.strip() else NotADay("")
        return "" if isinstance(day, NotADay) else " · ".join((day.echo, *day.notes))


class UnitGap(LineGap):
    """责任单位: by initials, or a new name in full."""

    name, example, breadth = "责任单位", "首字母", 170

    def _make_line(self) -> ComposingLine:
        line = UnitLine(tr(self.name), tr(self.example))
        line.live = self.live
        line.taken.connect(self._taken)
        return line

    def _taken(self) -> None:
        self._submitted(self.line.text())

    def read(self, text: str) -> Command | str:
        """Return the task with its unit."""
        line = self.line
        assert isinstance(line, UnitLine)
        if text.strip().isascii() and not line.chosen_name:
            return tr("没有“{name}”这个单位。按 Ctrl 空格打全名，回车就登记", name=text.strip()[:8])
        return AmendAction(replace(self._action(), unit_id=line.chosen_id), line.name_for_new())


class ShareGap(LineGap):
    """分担: all shares in one line, to be put right."""

    name, example, breadth = "分担", "z 50 q 50", 230

    def __init__(self, room: Room, live: LiveSitting, gap: Gap) -> None:
        super().__init__(room, live, gap)
        brought = live.contributions_of(gap.record_id)
        self.line.resume(" ".join(f"{part.party} {Amount(part.kind, part.amount, part.measure)}" for part in brought))
        self.echo.hide()

    def read(self, text: str) -> Command | str:
        """Return the task with its shares as they stand in the line."""
        pledges = read_pledges(text)
        if isinstance(pledges, NotAnAmount):
            return pledges.sentence
        offers = []
        for pledge in pledges:
            found = parties(self.live, pledge.party)
            if not found or pledge.amount is None:
                return tr("{name}出多少？写 50（百分之五十）、2000（元）、18方、12工", name=pledge.party)
            amount = pledge.amount
            offers.append(Offer(found[0].name, amount.kind, amount.amount, amount.measure, found[0].person_id))
        return AmendAction(self._action(), offers=tuple(offers))


class VoiceGap(GapField):
    """保留意见: who, and the sentence; an empty Enter goes on without."""

    def __init__(self, room: Room, live: LiveSitting, gap: Gap) -> None:
        super().__init__(room, live, gap)
        self.voice = ReservationLine()
        self.voice.look_in(live)
        self.voice.setFixedWidth(look().px(330))
        self.row.addWidget(self.voice)
        self.voice.added.connect(self._keep)
        self.voice.ended.connect(self.filled)

    def begin(self) -> None:
        """Take the keyboard."""
        self.voice.begin()

    def _keep(self, objection: object) -> None:
        assert isinstance(objection, Objection)
        self._write(KeepReservation(self.gap.record_id, objection.text, objection.person_id))


class IssueGap(GapField):
    """An issue without an end: 没谈成 is written down here, anything else is settled at the desk."""

    def __init__(self, room: Room, live: LiveSitting, gap: Gap) -> None:
        super().__init__(room, live, gap)
        self.conceded, self.settle = Button(tr("没谈成"), "plain"), Button(tr("回去议"), "quiet")
        for part in (self.conceded, self.settle):
            self.row.addWidget(part)
        self.setFocusProxy(self.conceded)
        self.conceded.setAccessibleDescription(tr("照实写：未达成，择期再议"))
        self.settle.setAccessibleDescription(tr("回会场，接着议这个焦点"))
        self.conceded.clicked.connect(lambda: self._write(ConcedeIssue(gap.record_id)))
        self.settle.clicked.connect(lambda: self.desk_wanted.emit(gap.record_id))


class AttendanceGap(GapField):
    """Nobody has checked in: that is mended at the desk."""

    def __init__(self, room: Room, live: LiveSitting, gap: Gap) -> None:
        super().__init__(room, live, gap)
        self.back = Button(tr("回去签到"), "plain", "user-plus")
        self.row.addWidget(self.back)
        self.setFocusProxy(self.back)
        self.back.clicked.connect(lambda: self.desk_wanted.emit(""))


_FIELDS: dict[str, type[GapField]] = {
    "place": PlaceGap,
    "venue": VenueGap,
    "host": HostGap,
    "recorder": RecorderGap,
    "due": DueGap,
    "unit": UnitGap,
    "share": ShareGap,
    "reservation": VoiceGap,
    "consensus": IssueGap,
    "attendance": AttendanceGap,
}


def field_for(room: Room, live: LiveSitting, gap: Gap) -> GapField:
    """Return the field that fills a gap."""
    return _FIELDS[gap.what](room, live, gap)
