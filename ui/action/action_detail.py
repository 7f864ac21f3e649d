"""One task: when it is due, what was agreed, who brings what, how it has gone, what households said, and its line."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.commands.action import AmendAction
from app.domain import wording
from app.domain.action import ACTION_STAGE_WORDS, Action, ActionStage, Contribution, Progress
from app.domain.calendar import Day, read_day
from app.domain.contribution_words import Amount
from app.queries.action import ActionStory
from app.queries.paper_feedback import feedback_form
from app.queries.paper_revisit import revisit_record
from ui.action.action_entry import ActionEntry
from ui.action.days import workdays
from ui.action.revisit_card import RevisitCard
from ui.actions import shown_key
from ui.exchange.reach_tag import ReachTag
from ui.home.following import Following
from ui.people.person_fields import ChoiceField, PersonField
from ui.room import Room
from ui.sheet_menu import Offered, SheetMenu
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.candidate_popup import Candidate
from ui.widgets.card import Rule
from ui.widgets.label import Label
from ui.widgets.sign import Sign
from ui.widgets.tag import Tag
from ui.words import tr

MOST = 6
NEW = "new:"


class ActionDetail(QWidget):
    """The sheet of one task. `finish` and `extend` are pressed, `left` is Esc back to the list."""

    left = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.action: Action | None = None
        self._fields_on = False
        self.due, self.number = Tag("", "outline"), Label("", Role.CAPTION, "ink2")
        self.reach = ReachTag()
        self.consensus = Button("", "link")
        self.title, self.who = Label("", Role.CARD).wrapped(), Label("", Role.NOTE, "ink2")
        self.when = Label("", Role.NOTE, "ink2")
        self.agreed, self.brought = Label("", Role.CONSENSUS, "ink2").wrapped(), Label("", Role.NOTE).wrapped()
        self.unit = ChoiceField(tr("单位"), tr("首字母选单位"), self._units, True)
        self.person = ChoiceField(tr("负责人"), tr("首字母，空着由单位定"), self._people, True)
        self.day = PersonField(tr("期限"), tr("430、+20、月底、清明前"))
        self.revisit, self.entry = RevisitCard(room), ActionEntry(room)
        self.finish = Button(tr("办完了"), "primary", "check", shown_key("list.finish"))
        self.extend = Button(tr("要延期"), "plain")
        self.papers, self.sheets = Button("", "quiet", "printer"), SheetMenu(room, self)
        self.past = QVBoxLayout()
        self.area = self._make_area()
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(8))
        head = QHBoxLayout()
        head.setSpacing(look().px(8))
        head.addWidget(self.due)
        head.addWidget(self.number)
        head.addWidget(self.reach)
        head.addStretch(1)
        head.addWidget(self.consensus)
        column.addLayout(head)
        column.addWidget(self.title)
        told = QHBoxLayout()
        told.setSpacing(look().px(14))
        told.addWidget(self.who)
        told.addWidget(self.when, 1)
        column.addLayout(told)
        for part in (self.unit, self.person, self.day, self.agreed, self.brought, Rule()):
            column.addWidget(part)
        column.addWidget(self.area, 1)
        column.addWidget(self.entry)
        buttons = QHBoxLayout()
        buttons.setSpacing(look().px(10))
        buttons.addWidget(self.finish)
        buttons.addWidget(self.extend)
        buttons.addStretch(1)
        buttons.addWidget(self.papers)
        column.addLayout(buttons)

    def _make_area(self) -> Following:
        """Return what scrolls when there is little room: how it has gone, and what households said."""
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, look().px(8), 0)
        inside.setSpacing(look().px(8))
        inside.addLayout(self.past)
        self.past.setSpacing(look().px(2))
        inside.addWidget(Rule())
        inside.addWidget(self.revisit)
        inside.addStretch(1)
        area = Following(holder)
        area.setAccessibleName(tr("进展"))
        self.papers.setAccessibleName(tr("印表"))
        self.papers.setToolTip(f"{tr('印表')} {shown_key('list.print')}")
        return area

    def _wire(self) -> None:
        self.consensus.clicked.connect(self._turn_agreed)
        self.finish.clicked.connect(self.entry.ask_how_it_ended)
        self.extend.clicked.connect(self.entry.ask_for_another_day)
        self.papers.clicked.connect(self.offer_papers)
        self.entry.left.connect(self.left)
        self.revisit.left.connect(self.left)
        self.revisit.opened.connect(self._make_room)
        self.unit.chosen.connect(self._give_unit)
        self.person.chosen.connect(self._give_person)
        self.day.written.connect(self._give_day)
        for field, following in ((self.unit, self.person), (self.person, self.day), (self.day, self.entry.line)):
            field.done.connect(lambda at=following: (at if at.isVisible() else self.entry.line).setFocus())

    def show_story(self, story: ActionStory, of: int, is_to_revisit: bool = False) -> None:
        """Show a task; of how many it is one, and whether it waits for somebody to go back."""
        action = story.action
        if self.action is None or self.action.id != action.id:
            self.agreed.hide()
            self._show_fields(bool(action.lacks()) and action.is_open())
        self.action = action
        self._show_head(story, of)
        beside = (one.id for told in (story.contributions, story.progress, story.revisits) for one in told)
        self.reach.tell_of(self._room, action.id, *beside)
        self.brought.say("  ".join(self._share(part) for part in story.contributions))
        self.brought.setVisible(bool(story.contributions))
        self._show_values(action)
        self._show_past(story.progress)
        self.revisit.show_revisits(action, story.revisits, is_to_revisit)
        self.entry.show_action(action)
        self._show_entry()
        self.show()

    def _make_room(self, for_counting: bool) -> None:
        """Bring the cells into view once they stand where they will."""
        self._show_entry()
        if for_counting:
            QTimer.singleShot(
                0, self.revisit, lambda: self.area.ensureWidgetVisible(self.revisit.cells, 0, look().px(28))
            )

    def _show_entry(self) -> None:
        """Show the line to write on where the task is open, unless households are being counted: both have no room."""
        for part in (self.entry, self.finish, self.extend):
            part.setVisible(self.action is not None and self.action.is_open() and not self.revisit.is_open)

    def offer_papers(self) -> None:
        """Offer the form the unit answers on, and the record of those who went back."""
        if self.action is None:
            return
        practices, action_id = self._room.practices, self.action.id
        offered = (
            Offered("feedback_form", tr("反馈表"), lambda desk: desk.ask(feedback_form, practices, action_id)),
            Offered("revisit_record", tr("回访记录"), lambda desk: desk.ask(revisit_record, practices, action_id)),
        )
        self.sheets.offer(self.papers, offered)

    def edit(self) -> None:
        """Bring up unit, person and day, with the keyboard in the first of them."""
        if self.action is not None and self.action.is_open():
            self._show_fields(True)
            self.unit.setFocus()
            self.unit.line.selectAll()

    def _show_fields(self, on: bool) -> None:
        for field in (self.unit, self.person):
            field.line.setModified(False)
            field.setVisible(on)
        self.day.line.setModified(False)
        self._fields_on = on

    def _show_head(self, story: ActionStory, of: int) -> None:
        action, today = story.action, self._room.today()
        self.due.say(*due_tag(action, today))
        self.number.say(tr("任务 {number} / {of}", number=action.number, of=of))
        self.consensus.say(tr("共识第 {number} 条", number=story.consensus_number))
        self.consensus.setVisible(story.consensus_number > 0)
        self.agreed.say(story.consensus.text if story.consensus else "")
        self.title.say(action.text)
        unit = self._room.register.units.get(action.unit_id or "")
        person = self._room.register.one(action.person_id)
        due = tr("{day} 到期", day=wording.day_seen_from(action.due_on, today)) if action.due_on else ""
        parts = (unit.name if unit else tr("没定单位"), person.name if person else "")
        self.who.say("    ".join(part for part in parts if part))
        self.when.say(due or tr("没定期限"), "seal" if action.is_overdue(today) else "ink2")

    def _show_values(self, action: Action) -> None:
        unit = self._room.register.units.get(action.unit_id or "")
        person = self._room.register.one(action.person_id)
        self.unit.show_value(unit.name if unit else "")
        self.person.show_value(person.name if person else "")
        self.day.show_value("")
        self.day.setVisible(self._fields_on and action.due_on is None)

    def _share(self, part: Contribution) -> str:
        person = self._room.register.one(part.person_id)
        return f"{person.name if person else part.party} {Amount(part.kind, part.amount, part.measure)}"

    def _show_past(self, lines: tuple[Progress, ...]) -> None:
        while (item := self.past.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in lines:
            self.past.addWidget(_Told(line, self._room))
        if not lines:
            self.past.addWidget(Label(tr("还没有进展。做了什么写一句"), Role.NOTE, "ink3").wrapped())

    def _turn_agreed(self) -> None:
        """Show or hide the words of the consensus the task stands under."""
        self.agreed.setVisible(not self.agreed.isVisible())

    def _units(self, typed: str) -> list[Candidate]:
        found = self._room.register.find_units(typed, MOST - 1)
        known = [Candidate(one.unit.id, one.unit.name, hits=one.positions) for one in found]
        is_new = not typed.isascii() and all(one.name != typed.strip() for one in known)
        return [*known, *([Candidate(NEW + typed.strip(), typed.strip(), detail=tr("新单位"))] if is_new else [])]

    def _people(self, typed: str) -> list[Candidate]:
        unit_id = self.action.unit_id if self.action else None
        found = self._room.register.find_people(typed, MOST, lambda one: int(not unit_id or one.unit_id != unit_id))
        where = self._room.register.where
        return [Candidate(one.person.id, one.person.name, "", where(one.person), "", one.positions) for one in found]

    def _give_unit(self, key: object) -> None:
        if self.action is None:
            return
        name = str(key).removeprefix(NEW) if str(key).startswith(NEW) else ""
        unit_id = None if key is None or name else str(key)
        self._amend(self.unit, AmendAction(replace(self.action, unit_id=unit_id), name))

    def _give_person(self, key: object) -> None:
        if self.action is not None:
            self._amend(self.person, AmendAction(replace(self.action, person_id=str(key) if key else None)))

    def _give_day(self, typed: str) -> None:
        day = read_day(typed, self._room.today(), workdays())
        if not isinstance(day, Day):
            self.day.say_wrong(day.sentence)
        elif self.action is not None:
            self._amend(self.day, AmendAction(replace(self.action, due_on=day.date, due_words=typed)))

    def _amend(self, field: PersonField, command: AmendAction) -> None:
        self._room.do(
            self,
            command,
            then=lambda _: field.say_wrong(""),
            refused=lambda trouble: field.say_wrong(trouble.sentence()),
        )


class _Told(QWidget):
    """One line of progress: a dot, the day and who wrote it, and what was done."""

    def __init__(self, line: Progress, room: Room) -> None:
        super().__init__()
        day = wording.day_seen_from(line.said_at.date(), room.today()) if line.said_at else ""
        stage = tr(ACTION_STAGE_WORDS[line.stage]) if line.stage == ActionStage.DONE else ""
        row, texts = QHBoxLayout(self), QVBoxLayout()
        row.setContentsMargins(0, 0, 0, look().px(8))
        row.setSpacing(look().px(9))
        dot = Sign("circle", "ink2", 9, "fill")
        dot.setFixedHeight(look().line_height(Role.CAPTION))
        row.addWidget(dot, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        texts.setSpacing(0)
        head = "  ".join(part for part in (day, line.by, stage) if part)
        texts.addWidget(Label(head, Role.CAPTION, "pine" if stage else "ink2"))
        texts.addWidget(Label(line.text, Role.BODY).wrapped())
        self.setAccessibleName(f"{head} {line.text}")


def due_tag(action: Action, today: date) -> tuple[str, str]:
    """Return the word on a task's tag and its tone: 逾期 3 天, 今天, 4月15日, 办完了."""
    if not action.is_open():
        return tr(ACTION_STAGE_WORDS[action.stage]), "pine"
    if action.due_on is None:
        return tr("没定期限"), "ochre"
    tone = "seal" if action.is_overdue(today) else "ochre" if action.due_on == today else "outline"
    return wording.due_words(action.due_on, today), tone
