"""任务: one cell per Enter: what, which unit, who, by when, who brings what; the last Enter writes it down.

Unit, person and day may stay open; shares that do not come to 100 % are said so and saved all the same.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

import resources
from app.commands.action import AmendAction, AssignAction, Offer
from app.domain import wording
from app.domain.action import Action
from app.domain.calendar import Day, NotADay, Workdays, read_day, read_workdays
from app.domain.contribution_words import Amount, NotAnAmount, Pledge, read_pledges, share_lacking
from app.domain.errors import Trouble
from app.domain.people import Person, Role
from app.queries.sitting import LiveSitting
from ui.actions import means
from ui.consultation.jotted_field import WrappedNote
from ui.consultation.unit_search import PersonLine, UnitLine, common_units, rank_here
from ui.page import Hint
from ui.room import Room
from ui.theme import Role as Letters
from ui.theme import look
from ui.widgets.card import Card
from ui.widgets.composing_edit import MOST_LETTERS, ComposingLine, ComposingText, hint
from ui.widgets.label import Label
from ui.words import tr

THREE = 3


@cache
def workdays() -> Workdays:
    """Return the holiday notices that ship with the program."""
    return read_workdays(resources.holiday_notices())


@dataclass(frozen=True, slots=True)
class Party:
    """Who brings something: the name as it will read, and who it is if on the register."""

    name: str
    person_id: str | None = None


def parties(live: LiveSitting, letters: str) -> list[Party]:
    """Return whom letters in a share may mean: parties here, others here, units, then anybody; a name is itself."""
    if not letters.isascii():
        same = [p for p in live.register.namesakes(letters) if live.attendance_of(p.id)]
        return [Party(letters, same[0].id if len(same) == 1 else None)]
    in_yard = rank_here(live)
    concerned = {a.person_id for a in live.here() if a.role == Role.PARTY}

    def rank(person: Person) -> int:
        return 0 if person.id in concerned else in_yard(person)

    found = [f.person for f in live.register.find_people(letters, 12, rank)]
    near = [Party(p.name, p.id) for p in found if rank(p) <= 1]
    far = [Party(p.name, p.id) for p in found if rank(p) > 1]
    units = [Party(f.unit.name) for f in live.register.find_units(letters)]
    common = [Party(hit.id) for hit in common_units().search(letters, 3)]
    return list(dict.fromkeys([*near, *units, *common, *far]))


@dataclass(frozen=True, slots=True)
class HalfTask:
    """A task half typed, as it is kept between two starts."""

    what: str = ""
    unit_id: str | None = None
    unit: str = ""
    person_id: str | None = None
    person: str = ""
    due: str = ""
    shares: str = ""
    consensus_id: str | None = None

    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not (self.what or self.unit or self.person or self.due or self.shares)


def read_half_task(note: str) -> HalfTask:
    """Return what was kept; an empty one when there is nothing we can read."""
    try:
        return HalfTask(**json.loads(note))
    except (ValueError, TypeError):
        return HalfTask()


class ActionLine(Card):
    """The cells of one task. `saved` is said after it was written, `left` when Esc or an empty first cell ends it."""

    saved = Signal()
    left = Signal()
    moved = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__("entry", tr("加任务"))
        self.room = room
        self.live: LiveSitting | None = None
        self.consensus_id: str | None = None
        self.mended: Action | None = None
        self._turns: dict[str, int] = {}
        self._is_under_way, self._is_filling = False, False
        self._make_parts()
        self._lay_out()
        self._listen()

    def _make_parts(self) -> None:
        self.title = Label("", Letters.CAPTION, "ink2")
        self.what = ComposingText()
        self.what.setAccessibleName(tr("做什么"))
        self.what.setPlaceholderText(tr("做什么，比如：沿确权界线修挡墙"))
        self.unit = UnitLine(tr("单位"), tr("首字母"))
        self.person = PersonLine(tr("谁负责"), tr("单位定"))
        self.due = _named(ComposingLine(), tr("期限"), "430")
        self.shares = _named(ComposingLine(), tr("分担"), tr("{example}，没有就空着回车", example="z 50 q 50"))
        self.shares.setMaxLength(MOST_LETTERS)
        self.day, self.echo = Label("", Letters.CAPTION, "ink2"), Label("", Letters.CAPTION, "ink2").wrapped()
        self.note = WrappedNote()

    def _lay_out(self) -> None:
        self.set_margins(13, 9, 13, 11, 6)
        top = QHBoxLayout()
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(Label(tr("一格一回车"), Letters.CAPTION, "ink2"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for column, line in enumerate((self.unit, self.person, self.due)):
            grid.addWidget(Label(line.accessibleName(), Letters.CAPTION, "ink2"), 0, column)
            grid.addWidget(line, 1, column)
            grid.setColumnStretch(column, 4 if line is self.unit else 3)
            line.setMinimumWidth(look().px(60))
        grid.addWidget(self.day, 2, 0, 1, THREE, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(Label(tr("分担"), Letters.CAPTION, "ink2"), 3, 0)
        grid.addWidget(self.shares, 4, 0, 1, THREE)
        grid.addWidget(self.echo, 5, 0, 1, THREE)
        self.column.addLayout(top)
        self.column.addWidget(self.what)
        self.column.addLayout(grid)
        self.column.addWidget(self.note)
        self.day.hide()
        self.echo.hide()

    def _listen(self) -> None:
        for line in self.lines():
            line.lend_keys(self)
            line.worth_keeping.connect(lambda _: self.keep())
            line.keyed.connect(lambda _, cell=line: self._typed(cell))
            line.composing_changed.connect(self._composing)
        self.what.submitted.connect(self._said_what)
        self.unit.taken.connect(self._unit_taken)
        self.unit.passed.connect(self._unit_passed)
        self.person.taken.connect(self._to_due)
        self.person.passed.connect(self._person_passed)
        self.due.keyed.connect(self._echo_day)
        self.due.submitted.connect(lambda _: self._due_given())
        self.shares.keyed.connect(lambda _: self._echo_shares())
        self.shares.submitted.connect(lambda _: self.save())

    def lines(self) -> tuple[ComposingLine | ComposingText, ...]:
        """Return the cells in the order of the Enters."""
        return self.what, self.unit, self.person, self.due, self.shares

    def open(self, live: LiveSitting, consensus_id: str | None, mended: Action | None = None) -> None:
        """Show an empty task under a consensus, or one to be mended; what was half typed comes back."""
        self.live, self.consensus_id, self.mended = live, consensus_id, mended
        self.unit.live = self.person.live = live
        self._turns = {}
        kept = read_half_task(self.room.jotted(self.note_name()))
        self._fill(self._as_stored() if kept.is_empty() else kept)
        if not kept.is_empty() and mended is None:
            self.consensus_id = kept.consensus_id or consensus_id
        self._say("")
        self._say_number()

    def begin(self) -> None:
        """Take the keyboard: the first cell that is empty, or the first of all."""
        empty = (line for line in self.lines() if not line.text())
        line = self.what if self.mended is not None else next(empty, self.shares)
        if not self.what.text():
            line = self.what
        line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def has_words(self) -> bool:
        """Return whether anything stands in the cells."""
        return not self.half_typed().is_empty()

    def note_name(self) -> str:
        """Return the name of the note that keeps what is half typed here."""
        assert self.live is not None
        name = f"desk/{self.live.sitting_id}/action"
        return f"{name}/{self.mended.id}" if self.mended else name

    def half_typed(self) -> HalfTask:
        """Return what stands in the cells."""
        unit, person = self.unit, self.person
        return HalfTask(
            self.what.half_typed(),
            unit.chosen_id,
            unit.half_typed(),
            person.chosen_id,
            person.half_typed(),
            self.due.half_typed(),
            self.shares.half_typed(),
            self.consensus_id,
        )

    def keep(self) -> None:
        """Keep the cells as they stand."""
        if self.live is None or self._is_filling:
            return
        half = self.half_typed()
        is_as_stored = half.is_empty() or half == self._as_stored()
        self.room.jot(self.note_name(), None if is_as_stored else json.dumps(asdict(half), ensure_ascii=False))

    def _as_stored(self) -> HalfTask:
        action, live = self.mended, self.live
        if action is None or live is None:
            return HalfTask(consensus_id=self.consensus_id)
        unit, person = live.unit(action.unit_id), live.person(action.person_id)
        brought = live.contributions_of(action.id)
        return HalfTask(
            action.text,
            action.unit_id,
            unit.name if unit else "",
            action.person_id,
            person.name if person else "",
            self._day_as_typed(action.due_on) if action.due_on else "",
            " ".join(f"{part.party} {Amount(part.kind, part.amount, part.measure)}" for part in brought),
            action.consensus_id,
        )

    def _day_as_typed(self, day: date) -> str:
        """Return a day so that it reads back as itself: 4月30日, or 2027-01-15 when it is not this year's to come."""
        today = self.room.today()
        comes = day.year == today.year and day >= today
        return wording.short_day(day) if comes else day.isoformat()

    def _fill(self, half: HalfTask) -> None:
        self._is_filling = True
        self.what.resume(half.what)
        self.unit.choose(half.unit_id, half.unit)
        self.person.choose(half.person_id, half.person)
        self.person.unit_id = half.unit_id
        self.due.resume(half.due)
        self.shares.resume(half.shares)
        self._echo_day(half.due)
        self._echo_shares()
        self._is_filling = False

    def _say_number(self) -> None:
        assert self.live is not None
        last = max((action.number for action in self.live.actions()), default=0)
        number = self.mended.number if self.mended else last + 1
        self.title.say(tr("任务 {number}", number=number))

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key in a cell is for the whole line."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return self.shares.hasFocus() and event.modifiers() == Qt.KeyboardModifier.NoModifier
        return event.key() == Qt.Key.Key_Escape or means(event, "settle.down")

    def take(self, event: QKeyEvent) -> None:
        """Leave, save at once, or turn to the next one the letters may mean."""
        if event.key() == Qt.Key.Key_Escape:
            self.keep()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._turn(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            self.save()

    def _said_what(self, text: str) -> None:
        if text.strip():
            self._to(self.unit)
        elif not self.has_words():
            self.left.emit()
        else:
            self._wrong(self.what, tr("做什么还没写"))

    def _unit_taken(self) -> None:
        self.person.unit_id = self.unit.chosen_id
        self._to(self.person)

    def _unit_passed(self, text: str) -> None:
        if text.strip().isascii() and text.strip() and not self.unit.chosen_name:
            self._wrong(self.unit, tr("没有“{name}”这个单位。按 Ctrl 空格打全名，回车就登记", name=text.strip()[:8]))
        else:
            self._unit_taken()

    def _person_passed(self, text: str) -> None:
        if text.strip() and not self.person.chosen_id:
            self._wrong(self.person, tr("名册里没有“{name}”。空着回车就由单位定", name=text.strip()[:8]))
        else:
            self._to_due()

    def _to_due(self) -> None:
        self._to(self.due)

    def _due_given(self) -> None:
        found = self._read_due()
        if isinstance(found, NotADay):
            self._wrong(self.due, found.sentence)
        else:
            self._to(self.shares)

    def _read_due(self) -> Day | NotADay | None:
        words = self.due.text()
        return read_day(words, self.room.today(), workdays()) if words.strip() else None

    def _echo_day(self, words: str) -> None:
        found = read_day(words, self.room.today(), workdays()) if words.strip() else None
        is_day = isinstance(found, Day)
        self.day.say(" · ".join((found.echo, *found.notes)) if isinstance(found, Day) else "")
        self.day.setVisible(is_day)

    def _pledges(self) -> tuple[Pledge, ...] | NotAnAmount:
        return read_pledges(self.shares.search_key())

    def _party(self, letters: str) -> Party | None:
        assert self.live is not None
        found = parties(self.live, letters)
        return found[self._turns.get(letters, 0) % len(found)] if found else None

    def _turn(self, steps: int) -> None:
        """Let the letters typed last mean the next one they may mean."""
        pledges = self._pledges()
        if isinstance(pledges, NotAnAmount) or not pledges:
            return
        letters = pledges[-1].party
        self._turns[letters] = self._turns.get(letters, 0) + steps
        self._echo_shares()

    def _echo_shares(self) -> None:
        pledges = self._pledges()
        if isinstance(pledges, NotAnAmount) or self.live is None:
            self.echo.hide()
            return
        words = "、".join(self._pledge_words(pledge) for pledge in pledges)
        lacking = share_lacking(pledges)
        if lacking:
            words += tr("，还差 {share}%", share=lacking) if lacking > 0 else tr("，多出 {share}%", share=-lacking)
        self.echo.say(words, "ochre" if lacking else "ink2")
        self.echo.setVisible(bool(pledges))

    def _pledge_words(self, pledge: Pledge) -> str:
        party = self._party(pledge.party)
        name = party.name if party else tr("没有“{name}”", name=pledge.party)
        return f"{name} {pledge.amount}" if pledge.amount else f"{name} …"

    def save(self) -> None:
        """Write the task down; what cannot be read is said under its cell and nothing is written."""
        due, offers = self._read_due(), self._read_offers()
        if isinstance(due, NotADay):
            self._wrong(self.due, due.sentence)
        elif isinstance(offers, str):
            self._wrong(self.shares, offers)
        elif not self._is_under_way and self.live is not None:
            self._is_under_way = True
            said = tr("任务 {number} 改好了", number=self.mended.number) if self.mended else ""
            name, handed_in = self.note_name(), self.half_typed()
            command = self._command(due.date if due else None, offers)
            self.room.do(self, command, lambda _: self._written(name, handed_in), self._refused, said)

    def _read_offers(self) -> tuple[Offer, ...] | str:
        pledges = self._pledges()
        if isinstance(pledges, NotAnAmount):
            return pledges.sentence
        offers: list[Offer] = []
        for pledge in pledges:
            party = self._party(pledge.party)
            if party is None:
                return tr("没有“{name}”。按 Ctrl 空格打全名", name=pledge.party)
            if pledge.amount is None:
                return tr("{name}出多少？写 50（百分之五十）、2000（元）、18方、12工", name=party.name)
            amount = pledge.amount
            offers.append(Offer(party.name, amount.kind, amount.amount, amount.measure, party.person_id))
        return tuple(offers)

    def _command(self, due_on: date | None, offers: tuple[Offer, ...]) -> AssignAction | AmendAction:
        assert self.live is not None
        text, due_words = self.what.text(), self._due_words()
        unit_id, person_id = self.unit.chosen_id, self.person.chosen_id
        if self.mended is None:
            return AssignAction(
                self.live.sitting_id,
                text,
                self.consensus_id,
                unit_id,
                self.unit.name_for_new(),
                person_id,
                due_on,
                due_words,
                offers=offers,
            )
        after = replace(
            self.mended, text=text, unit_id=unit_id, person_id=person_id, due_on=due_on, due_words=due_words
        )
        is_new = self.shares.text() != self._as_stored().shares
        return AmendAction(after, self.unit.name_for_new(), offers if is_new else None)

    def _due_words(self) -> str:
        """Return what was said for the day if it is a word (清明前); a day left as it was keeps its words."""
        said = self.due.text().strip()
        if self.mended is not None and said == self._as_stored().due:
            return self.mended.due_words
        return "" if said.isascii() or any(sign.isdigit() for sign in said) else said

    def _written(self, note_name: str, handed_in: HalfTask) -> None:
        """Be empty for the next task, unless something else was typed while the disk kept us waiting."""
        self._is_under_way = False
        if self.half_typed() != handed_in:
            return
        self.room.jot(note_name, None)
        if self.mended is None:
            self._fill(HalfTask())
            self._turns = {}
            self._say_number()
            self.what.setFocus(Qt.FocusReason.OtherFocusReason)
        self.saved.emit()

    def _refused(self, trouble: Trouble) -> None:
        self._is_under_way = False
        self._wrong(self.what, trouble.sentence())

    def _to(self, line: ComposingLine) -> None:
        self._say("")
        line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.moved.emit()

    def _wrong(self, line: ComposingLine | ComposingText, fault: str) -> None:
        self._say(fault)
        line.set_wrong(True)
        line.setAccessibleDescription(fault)
        line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, fault: str) -> None:
        for line in self.lines():
            if line.property("wrong"):
                line.set_wrong(False)
                line.setAccessibleDescription("")
        self.note.say(fault, "warning", "seal", "fill")

    def _typed(self, line: ComposingLine | ComposingText) -> None:
        self._say("")
        self._composing(line.composing)

    def _composing(self, composing: bool) -> None:
        self.note.say(hint() if composing else "", "text-aa", "ochre")

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys worth knowing here."""
        return (
            Hint("↵", tr("下一格")),
            Hint("Shift Tab", tr("上一格")),
            Hint("Ctrl ↵", tr("就这样记下")),
            Hint("Esc", tr("先放着，已存")),
        )


def _named(line: ComposingLine, name: str, example: str) -> ComposingLine:
    line.setAccessibleName(name)
    line.setPlaceholderText(example)
    line.set_initials_only()
    return line
