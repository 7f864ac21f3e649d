"""写进展: the line under a task. The same line finishes it or puts it off; nothing ever opens over the page."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.commands.action import ExtendAction, FinishAction, NoteProgress
from app.desk import Command
from app.domain.action import Action
from app.domain.calendar import Day, NotADay, read_day
from app.domain.errors import IdNumberRefused
from app.domain.people import refuse_forbidden_numbers
from ui.action.days import workdays
from ui.room import Room
from ui.theme import Role
from ui.widgets.card import Card
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.label import Label
from ui.words import tr


class Asks(StrEnum):
    """What the line is for now."""

    PROGRESS = "progress"
    FINISH = "finish"
    DAY = "day"
    REASON = "reason"


_QUESTIONS = {
    Asks.PROGRESS: ("", "写进展，回车记下"),
    Asks.FINISH: ("办完了：办得怎么样，写一句，回车记下", "比如：墙修好了，15 米，全村来看过"),
    Asks.DAY: ("要延期：改到哪天", "430、+20、月底、清明前"),
    Asks.REASON: ("要延期：为什么，写一句，回车记下", "比如：料没到"),
}


class ActionEntry(Card):
    """One line with its question above and its sentence below. `left` is Esc out of a plain line."""

    left = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__("none", tr("写进展"))
        self._room = room
        self.action: Action | None = None
        self.asks = Asks.PROGRESS
        self._day: Day | None = None
        self.question, self.note = Label("", Role.CAPTION, "ink2"), Label("", Role.CAPTION, "seal").wrapped()
        self.line = ComposingLine()
        self.set_margins(0, 0, 0, 0, 4)
        for part in (self.question, self.line, self.note):
            self.column.addWidget(part)
        self.line.submitted.connect(self._entered)
        self.line.keyed.connect(self._echo)
        self.line.worth_keeping.connect(self._keep)
        self._ask(Asks.PROGRESS)

    def show_action(self, action: Action) -> None:
        """Stand under another task, with what was half written about it."""
        if self.action is None or action.id != self.action.id:
            self._put_by()
            self.action = action
            self._ask(Asks.PROGRESS)
            self.line.resume(self._room.jotted(self._jot()))
        self.action = action

    def ask_how_it_ended(self) -> None:
        """Ask for the one line about how it was done; what is half written as progress waits."""
        if self.asks != Asks.FINISH:
            self._put_by()
            self._ask(Asks.FINISH)
            self.line.resume(self._room.jotted(self._jot()))
        self.line.setFocus()

    def ask_for_another_day(self) -> None:
        """Ask for another day, and then why."""
        self._put_by()
        self._ask(Asks.DAY)
        self.line.setFocus()

    def _ask(self, what: Asks) -> None:
        self.asks = what
        question, example = _QUESTIONS[what]
        self.question.say(tr(question) if question else "")
        self.question.setVisible(bool(question))
        self.line.setPlaceholderText(tr(example))
        self.line.setAccessibleName(tr(question or example))
        self.line.set_initials_only(what == Asks.DAY)
        self._say("")

    def _say(self, sentence: str, tone: str = "seal") -> None:
        self.note.say(sentence, tone)
        self.note.setVisible(bool(sentence))
        self.line.set_wrong(bool(sentence) and tone == "seal")

    def _put_by(self) -> None:
        """Leave the half written line in its jot, out of the way of another question."""
        self.line.keeping.now()
        self.line.clear()

    def _jot(self) -> str:
        name = "finish" if self.asks == Asks.FINISH else "entry"
        return f"action/{self.action.id}/{name}" if self.action else f"action/{name}"

    def _keep(self, half: str) -> None:
        if self.action is None or self.asks in (Asks.DAY, Asks.REASON):
            return
        try:
            refuse_forbidden_numbers(half)
        except IdNumberRefused:
            return
        self._room.jot(self._jot(), half or None)

    def _echo(self, typed: str) -> None:
        """Say beside a day what was understood."""
        if self.asks != Asks.DAY:
            self._say("")
            return
        day = self._read(typed) if typed.strip() else None
        self._say("  ".join((day.echo, *day.notes)) if isinstance(day, Day) else "", "ink2")

    def _read(self, typed: str) -> Day | NotADay:
        return read_day(typed, self._room.today(), workdays())

    def _entered(self, text: str) -> None:
        action = self.action
        if action is None:
            return
        if self.asks == Asks.DAY:
            self._take_day(text)
        elif self.asks == Asks.REASON and self._day is not None:
            self._do(ExtendAction(action.id, self._day.date, text), text, tr("已改到 {day}", day=self._day.echo))
        elif self.asks == Asks.FINISH:
            self._do(FinishAction(action.id, text), text, tr("办完了：{what}", what=action.text))
        else:
            self._do(NoteProgress(action.id, text), text, tr("进展记下了"))

    def _take_day(self, text: str) -> None:
        day = self._read(text)
        if isinstance(day, NotADay):
            self._say(day.sentence)
            return
        self._day = day
        self.line.clear()
        self._ask(Asks.REASON)
        self._say(day.echo, "ink2")

    def _do(self, command: Command, text: str, say: str) -> None:
        name = self._jot()
        self._room.do(
            self,
            command,
            then=lambda _: self._written(name, text),
            refused=lambda trouble: self._say(trouble.sentence()),
            say=say,
        )

    def _written(self, name: str, text: str) -> None:
        """Free the line once the disk has it; what was typed since stays, also under a task one has left."""
        if name != self._jot():
            self._room.jot(name, self._room.jotted(name).removeprefix(text) or None)
            return
        left = self.line.text().removeprefix(text)
        if self.asks == Asks.PROGRESS:
            self.line.setText(left)
            self.line.keeping.now()
            return
        if self.asks == Asks.FINISH:
            self._room.jot(name, left or None)
        self._back_to_progress()

    def _back_to_progress(self) -> None:
        """Ask for progress again, with what was half written of it."""
        self._ask(Asks.PROGRESS)
        self.line.resume(self._room.jotted(self._jot()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.asks == Asks.PROGRESS:
            self.left.emit()
        else:
            self.line.keeping.now()
            self._back_to_progress()
