"""回访 beside a task: what the households said last, five cells to count them anew, and the earlier rounds."""

from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.commands.revisit import RecordRevisit, ReviseRevisit
from app.domain import wording
from app.domain.action import Action
from app.domain.calendar import Day, NotADay, read_past_day
from app.domain.change import ChangeSet
from app.domain.errors import IdNumberRefused, Trouble
from app.domain.people import refuse_forbidden_numbers
from app.domain.revisit import ANSWERS, FEW, Revisit, share
from ui.action.revisit_cells import RevisitCells
from ui.actions import shown_key
from ui.consultation.switch import Switch
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.label import Label, SectionTitle
from ui.widgets.sign import Sign
from ui.widgets.tag import Tag
from ui.words import tr

MOST_EARLIER = 3
TASK, WHOLE = range(2)


class RevisitCard(QWidget):
    """What was said when somebody went back. `left` is Esc, or a round that was written.

    `opened` is said when counting begins and when it ends, so that there is room for it.
    """

    left = Signal()
    opened = Signal(bool)

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room
        self.action: Action | None = None
        self.revisits: tuple[Revisit, ...] = ()
        self.is_open, self._is_due = False, False
        self._mended: Revisit | None = None
        self._writing = ""
        self.head = SectionTitle(tr("回访"))
        self.few, self.share = Tag(tr("户数少"), "outline"), Label("", Role.BODY, "pine")
        self.record = Button(tr("记回访"), "link", "", shown_key("list.revisit"))
        self.cells = RevisitCells()
        self.quote, self.hand = Label("", Role.CAPTION, "ochre").wrapped(), Sign("hand-palm", "ochre", 15)
        self.mend = Button(tr("改"), "link")
        self.about = Switch(tr("问的是哪一样"), 2)
        self.day, self.line = ComposingLine(), ComposingLine()
        self.note = Label("", Role.CAPTION, "seal").wrapped()
        self.earlier = Label("", Role.CAPTION, "ink2").wrapped()
        self._dress()
        self._lay_out()
        self._wire()
        self._show()

    def _dress(self) -> None:
        self.about.say((tr("这一项"), tr("整场会")))
        self.day.setPlaceholderText(tr("今天"))
        self.day.setAccessibleName(tr("哪天去的"))
        self.day.set_initials_only()
        self.day.setFixedWidth(look().px(104))
        self.line.setPlaceholderText(tr("他们怎么说，写一句，可以空着"))
        self.line.setAccessibleName(tr("他们怎么说"))

    def _lay_out(self) -> None:
        for part in (self.few, self.share, self.record):
            self.head.add_right(part)
        said, asked = QHBoxLayout(), QHBoxLayout()
        said.setSpacing(look().px(6))
        said.addWidget(self.hand, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.quote, 1)
        said.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignTop)
        asked.setSpacing(look().px(8))
        asked.addWidget(self.about)
        asked.addStretch(1)
        asked.addWidget(self.day)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(6))
        column.addWidget(self.head)
        column.addWidget(self.cells)
        column.addWidget(self.line)
        column.addWidget(self.note)
        column.addLayout(asked)
        column.addLayout(said)
        column.addWidget(self.earlier)
        self.setAccessibleName(tr("回访"))
        walked = (*(cell.line for cell in self.cells.cells), self.line, *self.about.words, self.day)
        for before, after in pairwise(walked):
            self.setTabOrder(before, after)

    def _wire(self) -> None:
        self.record.clicked.connect(self.begin)
        self.mend.clicked.connect(self.begin_mending)
        self.cells.changed.connect(self._counted)
        self.cells.finished.connect(self._counted_all)
        self.line.submitted.connect(lambda _: self._write())
        self.day.submitted.connect(lambda _: self.cells.begin())
        self.day.keyed.connect(lambda _: self._read_day())
        self.line.keyed.connect(lambda _: self._say(""))
        for line in (self.line, self.day, *(cell.line for cell in self.cells.cells)):
            line.worth_keeping.connect(lambda _: self._keep())

    def show_revisits(self, action: Action, revisits: tuple[Revisit, ...], is_due: bool) -> None:
        """Show what was said about a task, the latest first; what is being counted about it stays."""
        if self.action is None or self.action.id != action.id:
            self._close()
        self.action, self.revisits, self._is_due = action, revisits, is_due
        self._show()

    def begin(self) -> None:
        """Count a new round, or go on with one half counted."""
        if self.action is None:
            return
        if not self.is_open:
            self._open(None, ("0", "", ""))
        self.cells.begin()

    def begin_mending(self) -> None:
        """Mend the latest round: its counts, its sentence, its day."""
        if self.action is None or self.is_open or not self.revisits:
            return
        latest = self.revisits[0]
        is_this_year = latest.visited_on.year == self._room.today().year
        day = wording.short_day(latest.visited_on) if is_this_year else latest.visited_on.isoformat()
        self._open(latest, ("0", day, latest.text, *map(str, latest.answers())))
        self.cells.begin()

    def _open(self, mended: Revisit | None, texts: tuple[str, ...]) -> None:
        """Open the cells with what was half counted, or else with these texts."""
        self.is_open, self._mended = True, mended
        kept = self._room.jotted(self._jot())
        about, day, text, *counts = kept.split("\n") if kept else texts
        self.about.words[int(about)].setChecked(True)
        self.day.resume(day)
        self.line.resume(text)
        self.cells.fill(tuple(counts))
        self._show()

    def put_by(self) -> None:
        """Stop counting; what is half counted waits until somebody goes on with it."""
        if self.is_open:
            self._close()
            self._show()

    def _show(self) -> None:
        """Show the cells open, or the latest round in them, or neither when there is none."""
        latest = self.revisits[0] if self.revisits else None
        self.cells.be_open(self.is_open)
        for part, on in ((self.line, True), (self.day, True), (self.about, self._mended is None)):
            part.setVisible(self.is_open and on)
        self.cells.setVisible(self.is_open or latest is not None)
        self.record.setVisible(not self.is_open)
        self._say("")
        if not self.is_open and latest is not None:
            self.cells.fill(tuple(str(count) for count in latest.answers()))
        self._show_head(latest)
        self._show_quote(latest)
        self._show_earlier()
        self.opened.emit(self.is_open)

    def _show_head(self, latest: Revisit | None) -> None:
        if self.is_open:
            self._counted()
            return
        households = latest.households() if latest else 0
        told = tr("走了 {count} 户", count=households) if households else ""
        due = tr("该回访了") if self._is_due else ""
        self.head.after.say("  ".join(part for part in (told, due) if part), "ochre" if due else "ink2")
        self._show_share(latest.answers() if latest else ())

    def _show_share(self, answers: tuple[int, ...]) -> None:
        households = sum(answers)
        found = share(sum(answers[:2]), households)
        self.share.say("" if found is None else tr("满意 {share}%", share=found))
        self.share.setVisible(found is not None)
        self.few.setVisible(found is not None and households < FEW)

    def _show_quote(self, latest: Revisit | None) -> None:
        """Tell of the round in the cells when it was, and what was said."""
        shown = latest if not self.is_open else None
        self.quote.setVisible(shown is not None)
        self.mend.setVisible(shown is not None)
        self.hand.setVisible(shown is not None and shown.dissatisfied > 0)
        if shown is None:
            return
        day, words = wording.day_seen_from(shown.visited_on, self._room.today()), shown.text
        when = tr("{day}去的。", day=day) if shown.action_id else tr("{day}为整场会去的。", day=day)
        if shown.dissatisfied:
            words = tr("不满意 {count} 户：{words}", count=shown.dissatisfied, words=wording.quoted(words))
        self.quote.say(f"{when}{words}", "ochre" if shown.dissatisfied else "ink2")

    def _show_earlier(self) -> None:
        """Tell of the rounds that are not in the cells, one sentence each."""
        rest = self.revisits if self.is_open and self._mended is None else self.revisits[1:]
        told = [sentence(one, self._room.today()) for one in rest[:MOST_EARLIER]]
        if len(rest) > MOST_EARLIER:
            told.append(tr("再早还有 {count} 次", count=len(rest) - MOST_EARLIER))
        self.earlier.say("\n".join(told))
        self.earlier.setVisible(bool(told))

    def _counted(self) -> None:
        """Say how many households that makes, while they are counted."""
        if self.is_open:
            counts = self.cells.counts()
            self.head.after.say(tr("走了 {count} 户", count=sum(counts)) if sum(counts) else "", "ink2")
            self._show_share(counts)
            self._say("")

    def _counted_all(self) -> None:
        """After the last cell: ask what they said if somebody is dissatisfied, else write."""
        displeased = self._displeased()
        if displeased and not self.line.text().strip():
            self._say(tr("有 {count} 户不满意，他们怎么说，写一句", count=displeased), "ochre")
            self.line.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._write()

    def _displeased(self) -> int:
        return self.cells.counts()[tuple(ANSWERS).index("dissatisfied")]

    def _read_day(self) -> Day | NotADay | None:
        """Return the day that was typed, None for today, and say beside it what was understood."""
        typed = self.day.text().strip()
        day = read_past_day(typed, self._room.today()) if typed else None
        wrong = day.sentence if isinstance(day, NotADay) else ""
        self._say(wrong or (day.echo if isinstance(day, Day) else ""), "seal" if wrong else "ink2")
        self.day.set_wrong(bool(wrong))
        return day

    def _write(self) -> None:
        day = self._read_day()
        jot = self._jot()
        if self.action is None or not self.is_open or self._writing == jot or isinstance(day, NotADay):
            return
        self._writing = jot
        said = tr("回访记下了：走了 {count} 户", count=sum(self.cells.counts()))
        command = self._command(self.action, day.date if day else self._room.today())
        self._room.do(self, command, lambda made: self._written(made, jot), self._refused, said)

    def _command(self, action: Action, visited_on: date) -> RecordRevisit | ReviseRevisit:
        """Return what is to be written: a new round, or the one that is mended as it stands in the cells now."""
        counts, text = self.cells.counts(), self.line.text()
        if self._mended is not None:
            kept = self._mended
            return ReviseRevisit(
                Revisit(kept.id, kept.consultation_id, visited_on, kept.action_id, *counts, text, kept.by)
            )
        about = None if self.about.current == WHOLE else action.id
        return RecordRevisit(action.consultation_id, about, visited_on, *counts, text)

    def _written(self, _: ChangeSet, jot: str) -> None:
        self._writing = ""
        self._room.jot(jot, None)
        if jot == self._jot():
            self.is_open, self._mended = False, None
            self._show()
            self.left.emit()

    def _refused(self, trouble: Trouble) -> None:
        self._writing = ""
        self._say(trouble.sentence())

    def _say(self, words: str, tone: str = "seal") -> None:
        self.note.say(words, tone)
        self.note.setVisible(bool(words))

    def _jot(self) -> str:
        if self._mended is not None:
            return f"revisit/{self._mended.id}"
        return f"action/{self.action.id}/revisit" if self.action else "action/revisit"

    def _keep(self) -> None:
        """Keep what is half counted on this machine; numbers that must not be kept are not."""
        if not self.is_open or self._writing:
            return
        texts = (self.day.text(), self.line.half_typed(), *self.cells.texts())
        try:
            refuse_forbidden_numbers(self.line.half_typed())
        except IdNumberRefused:
            return
        self._room.jot(self._jot(), "\n".join((str(self.about.current), *texts)) if any(texts) else None)

    def _close(self) -> None:
        """Stop counting; what is half counted stays in its jot."""
        self._keep()
        self.is_open, self._mended = False, None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_open:
            self.put_by()
            self.left.emit()
        else:
            super().keyPressEvent(event)


def went(revisit: Revisit, today: date) -> str:
    """Return when somebody went and to how many: 5月18日走了 12 户."""
    day = wording.day_seen_from(revisit.visited_on, today)
    count = revisit.households()
    if revisit.action_id is None:
        return tr("{day}为整场会走了 {count} 户", day=day, count=count)
    return tr("{day}走了 {count} 户", day=day, count=count)


def sentence(revisit: Revisit, today: date) -> str:
    """Return a round in one sentence: 5月18日走了 2 户，都满意。户数少"""
    told = zip(ANSWERS.values(), revisit.answers(), strict=True)
    answers = tr("都满意")
    if revisit.very_satisfied + revisit.satisfied < revisit.households():
        answers = "、".join(f"{tr(word)} {count}" for word, count in told if count)
    said = tr("{went}，{answers}。", went=went(revisit, today), answers=answers)
    few = tr("户数少") if revisit.is_few() else ""
    return " ".join(part for part in (said, revisit.text, few) if part)
