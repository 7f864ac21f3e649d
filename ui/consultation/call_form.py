"""What is asked when a meeting is called: the fields, what they mean, and what of them is kept half typed."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.commands.sitting import CallSitting
from app.domain.calendar import Day, read_day
from app.domain.sitting import QuorumBase
from app.domain.wording import clock
from ui.room import Room
from ui.theme import Role, look
from ui.topic.pick_field import PickField, among, choose_place, home_village, person_search, place_search
from ui.widgets.candidate_popup import Candidate
from ui.widgets.chip import Chip
from ui.widgets.composing_edit import fold_width
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr

USUAL_TITLE = "院坝协商会"
BASES = {QuorumBase.PERSONS.value: "按人数", QuorumBase.HOUSEHOLDS.value: "按户数"}
_TIME = re.compile(r"(上午|早上|中午|下午|晚上|晚)?(\d{1,2})(?:[:点时.](?:(\d{1,2})分?|(半))?)?")
_AFTERNOON = ("下午", "晚上", "晚", "中午")


def read_time(words: str) -> time | None:
    """Return the time that is meant by 10:00, 1000, 15, 下午3点半; None for anything else."""
    said = fold_width(words).replace(" ", "")
    if re.fullmatch(r"\d{3,4}", said):
        said = f"{said[:-2]}:{said[-2:]}"
    found = _TIME.fullmatch(said)
    if not found:
        return None
    hour, minute = int(found[2]), 30 if found[4] else int(found[3] or 0)
    hour += 12 if found[1] in _AFTERNOON and hour < (12 if found[1] != "中午" else 3) else 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


class Row(QWidget):
    """Fields side by side, each under its name."""

    def __init__(self, *parts: tuple[str, QWidget], first_wide: bool = False) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look().px(16))
        grid.setVerticalSpacing(look().px(3))
        for at, (name, part) in enumerate(parts):
            grid.addWidget(Label(name, Role.CAPTION, "ink2"), 0, at)
            grid.addWidget(part, 1, at, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(at, 2 if first_wide and not at else 1)


class Chosen(QWidget):
    """What was put on a list, as chips that a press takes off again; a line of some, then how many more."""

    dropped = Signal(int)
    MOST = 8

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.chips = [Chip("", "issue") for _ in range(self.MOST)]
        self.more = Label("", Role.CAPTION, "ink2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for at, chip in enumerate(self.chips):
            chip.clicked.connect(partial(self.dropped.emit, at))
            row.addWidget(chip)
        row.addWidget(self.more)
        row.addStretch(1)
        self.show_words([])

    def show_words(self, words: list[str], whole: int | None = None) -> None:
        """Show the last few of these words, the newest first."""
        for at, chip in enumerate(self.chips):
            chip.setVisible(at < len(words))
            if at < len(words):
                chip.say(words[at])
                chip.setToolTip(tr("拿掉 {name}", name=words[at]))
        count = len(words) if whole is None else whole
        self.more.say(tr("共 {count}", count=count) if count > 1 else "")
        self.setVisible(bool(words))


class CallForm(QWidget):
    """The fields. Enter goes from each to the next one; `done` is Enter after the last, `changed` any choice made."""

    done = Signal()
    village_picked = Signal(str)
    typed = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        self.topic_id: str | None = None
        self.category = "OTHER"
        self.hamlets: tuple[str, ...] = ()
        self.issues: list[str] = []
        self.invited: list[str] = []
        practices = {code: practice.name for code, practice in room.practices.items()}
        self.title = Field(tr("空着就叫“某某村院坝协商会”"), tr("会叫什么"))
        self.village = PickField(tr("哪个村"), tr("村名首字母"), place_search(room))
        self.hamlet = PickField(tr("自然村、小组"), tr("首字母，没有就写名字"), self._find_hamlets, free=True)
        self.venue = Field(tr("在谁家院坝"), tr("地点"))
        self.day = Field(tr("430、周五；空着是今天"), tr("哪天"))
        self.hour = Field(tr("下午3点；空着是现在"), tr("几点"))
        self.host = PickField(tr("谁主持"), tr("首字母选人"), person_search(room.register), free=True)
        self.practice = PickField(tr("协商形式"), tr("首字母，如 yb"), among(practices))
        self.base = PickField(tr("怎么算过半"), tr("rs 按人数，hs 按户数"), among(BASES))
        self.expected = Field(tr("空着就按请的人数"), tr("应到人数"))
        self.households = Field(tr("按户数时填"), tr("应到户数"))
        self.issue = Field(tr("一条一回车，空着回车往下"), tr("要议的焦点"))
        self.issue_list = Chosen(tr("列上的焦点"))
        self.person = PickField(tr("请谁"), tr("首字母选人，一个一回车；空着回车就好了"), person_search(room.register))
        self.person_list = Chosen(tr("请到的人"))
        self._build()
        self._wire()

    def _build(self) -> None:
        for field in (self.day, self.hour, self.expected, self.households):
            field.line.set_initials_only()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(9))
        self.first = Row((tr("会叫什么"), self.title), (tr("哪个村"), self.village), first_wide=True)
        self.rest = (
            Row((tr("地点"), self.venue), (tr("自然村、小组"), self.hamlet), first_wide=True),
            Row((tr("哪天"), self.day), (tr("几点"), self.hour), (tr("谁主持"), self.host)),
            Row(
                *((tr("协商形式"), self.practice), (tr("怎么算过半"), self.base)),
                *((tr("应到人数"), self.expected), (tr("应到户数"), self.households)),
            ),
            Row((tr("要议的焦点"), self.issue)),
            self.issue_list,
            Row((tr("请谁"), self.person)),
            self.person_list,
        )
        for part in (self.first, *self.rest):
            column.addWidget(part)

    def _wire(self) -> None:
        self.order: tuple[Field, ...] = (
            *(self.title, self.village, self.venue, self.hamlet, self.day, self.hour, self.host),
            *(self.practice, self.base, self.expected, self.households, self.issue, self.person),
        )
        for field in self.order:
            field.line.worth_keeping.connect(lambda _: self.typed.emit())
            on_enter = field.passed if isinstance(field, PickField) else field.line.submitted
            on_enter.connect(partial(self._pass, field))
        self.village.picked.connect(lambda code: self.village_picked.emit(str(code)))
        self.practice.picked.connect(lambda _: self._take_practice())
        self.day.line.keyed.connect(lambda _: self._echo_when())
        self.hour.line.keyed.connect(lambda _: self._echo_when())
        self.person.picked.connect(self._invite_one)
        self.issue_list.dropped.connect(self._drop_issue)
        self.person_list.dropped.connect(self._drop_person)

    def _pass(self, field: Field, *_: object) -> None:
        if field is self.issue and self.issue.line.text().strip():
            self._add_issue()
        elif field is self.person:
            self._pass_person()
        elif field in (self.day, self.hour) and not self._echo_when():
            return
        else:
            later = self.order[self.order.index(field) + 1 :]
            following = next((one for one in later if one.isVisible()), None)
            following.setFocus() if following else self.done.emit()

    def _pass_person(self) -> None:
        if self.person.key is not None:
            self.person.clear()
        elif not self.person.text():
            self.done.emit()

    def _add_issue(self) -> None:
        self.issues.append(self.issue.line.text().strip())
        self.issue.line.clear()
        self._show_lists()
        self.typed.emit()

    def _invite_one(self, person_id: object) -> None:
        self.invite([str(person_id)])

    def invite(self, person_ids: Iterable[str]) -> None:
        """Put people on the list of those invited; nobody twice, the newest first."""
        new = [person_id for person_id in person_ids if person_id not in self.invited]
        self.invited = [*reversed(new), *self.invited]
        self._show_lists()
        self.typed.emit()

    def _drop_issue(self, at: int) -> None:
        del self.issues[at]
        self._show_lists()
        self.typed.emit()

    def _drop_person(self, at: int) -> None:
        del self.invited[at]
        self._show_lists()
        self.typed.emit()

    def _show_lists(self) -> None:
        people = [self.room.register.people[one].name for one in self.invited[: Chosen.MOST]]
        self.person_list.show_words(people, len(self.invited))
        self.issue_list.show_words(self.issues[: Chosen.MOST], len(self.issues))
        if not self.issue.isVisible():
            self.issue_list.hide()
            self.person_list.hide()

    def _find_hamlets(self, typed: str) -> list[Candidate]:
        return list(among({name: name for name in self.hamlets})(typed))

    def _take_practice(self) -> None:
        practice = self.room.practices[str(self.practice.key)]
        self.base.choose(practice.quorum_base.value, tr(BASES[practice.quorum_base.value]), tr(practice.quorum_word))

    def only_first(self, only: bool) -> None:
        """Show title and village alone, or everything."""
        for part in self.rest:
            part.setVisible(not only)
        self._show_lists()

    def begin(self) -> None:
        """Show an empty form with the usual answers: this village, this practice."""
        for field in self.order:
            field.line.clear()
            field.say_wrong("")
        self.topic_id, self.category, self.issues, self.invited = None, "OTHER", [], []
        for picked in (self.village, self.hamlet, self.host, self.person):
            picked.clear()
        choose_place(self.village, self.room.places, home_village(self.room))
        self._choose_practice(self.room.jotted("here/practice", "yuanba"))
        self._show_lists()

    def _choose_practice(self, code: str) -> None:
        practice = self.room.practices.get(code) or next(iter(self.room.practices.values()))
        self.practice.choose(practice.code, practice.name)
        self._take_practice()

    def _day(self) -> date | None:
        words = self.day.line.text().strip()
        found = read_day(words, self.room.today()) if words else None
        if found is None:
            return self.room.today()
        return found.date if isinstance(found, Day) else None

    def _echo_when(self) -> bool:
        """Say under the fields what was understood; return whether all of it was."""
        words, hour = self.day.line.text().strip(), self.hour.line.text().strip()
        found = read_day(words, self.room.today()) if words else None
        is_day = found is None or isinstance(found, Day)
        self.day.say_wrong("" if found is None or isinstance(found, Day) else found.sentence)
        if isinstance(found, Day):
            self.day.note.say(" · ".join((found.echo, *found.notes)), "calendar-blank", "ink2")
        at = read_time(hour) if hour else None
        self.hour.say_wrong("" if at or not hour else tr("没看懂几点。写 10:00、下午3点"))
        if at:
            self.hour.note.say(clock(datetime.combine(self.room.today(), at)), "clock", "ink2")
        return is_day and bool(at or not hour)

    def starts_at(self) -> datetime | None:
        """Return when it begins; None is now."""
        day, at = self._day(), read_time(self.hour.line.text())
        if at is None and not self.day.line.text().strip():
            return None
        zone = self.room.now().tzinfo
        return datetime.combine(day or self.room.today(), at or time(9, 0), zone)

    def usual_title(self) -> str:
        """Return what a meeting is called when nobody calls it anything: the village's 院坝协商会."""
        place = self.room.places.get(str(self.village.key or ""))
        return (place.display_name if place else "") + tr(USUAL_TITLE)

    def faults(self) -> Iterator[tuple[Field, str]]:
        """Yield each field that cannot be understood, with the sentence for it."""
        for picked in (self.village, self.practice, self.base):
            if not picked.is_good():
                yield picked, tr("没有“{typed}”。少打一个字母试试", typed=picked.text())
        if not self._echo_when():
            yield (
                (self.day, self.day.line.accessibleDescription())
                if self._day() is None
                else (
                    self.hour,
                    self.hour.line.accessibleDescription(),
                )
            )
        for field in (self.expected, self.households):
            words = fold_width(field.line.text().strip())
            if words and not words.isdecimal():
                yield field, tr("写个数，如 32")

    def command(self) -> CallSitting:
        """Return what the form says, everything left out at its usual value."""
        practice = self.room.practices[str(self.practice.key)] if self.practice.key else None
        base = QuorumBase(str(self.base.key)) if self.base.key else QuorumBase.PERSONS
        usual = CallSitting(self.title.line.text().strip() or self.usual_title())
        pending = self.issue.line.text().strip()
        return CallSitting(
            usual.title,
            (str(self.village.key),) if self.village.key else (),
            self.topic_id,
            self.hamlet.text(),
            self.venue.line.text(),
            self.starts_at(),
            "" if self.host.key else self.host.text(),
            str(self.host.key) if self.host.key else None,
            self.room.jotted("me/name"),
            practice.code if practice else usual.practice,
            practice.form if practice else usual.form,
            self.category,
            practice.quorum_rule if practice else usual.quorum_rule,
            base,
            _number(self.expected),
            _number(self.households),
            issues=(*self.issues, *((pending,) if pending else ())),
            invited=tuple(reversed(self.invited)),
        )

    def half(self) -> str:
        """Return everything half typed as one text, empty when nothing is."""
        lines = {str(at): field.line.half_typed() for at, field in enumerate(self.order)}
        keys = {str(self.order.index(field)): field.key for field in self._picks() if field.key}
        said = {"lines": lines, "keys": keys, "issues": self.issues, "invited": self.invited}
        mine = [
            text for at, text in lines.items() if self.order[int(at)] not in (self.village, self.practice, self.base)
        ]
        return json.dumps(said, ensure_ascii=False) if any(mine) or self.issues or self.invited else ""

    def resume(self, half: str) -> None:
        """Put back what was half typed; nothing for an empty text."""
        if not half:
            return
        said = json.loads(half)
        for at, field in enumerate(self.order):
            text, key = str(said["lines"].get(str(at), "")), said["keys"].get(str(at))
            field.choose(key, text) if isinstance(field, PickField) else field.line.resume(text)
        self.issues = [str(one) for one in said["issues"]]
        self.invited = [str(one) for one in said["invited"] if one in self.room.register.people]
        self._show_lists()

    def _picks(self) -> list[PickField]:
        return [field for field in self.order if isinstance(field, PickField)]


def _number(field: Field) -> int:
    words = fold_width(field.line.text().strip())
    return int(words) if words.isdecimal() else 0
