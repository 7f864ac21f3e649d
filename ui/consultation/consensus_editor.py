"""定共识: the words as they will be printed, how it was settled, the votes, the reservations; Ctrl ↵ settles it.

What is half entered, votes included, goes to the notes of this machine and comes back by itself. The words become the
draft of the consensus when the keyboard leaves the editor.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.commands.consensus import DraftConsensus, Objection, SettleConsensus
from app.domain import wording
from app.domain.change import ChangeSet
from app.domain.consensus import COUNTED, METHOD_WORDS, RATIO_WORDS, RESULT_WORDS, SETTLING, Method, Ratio, Result
from app.domain.errors import Trouble, VotesMissing
from app.domain.issue import Issue
from app.queries.sitting import LiveSitting
from ui.actions import means, shown_key
from ui.consultation.jotted_field import WrappedNote
from ui.consultation.reservation_line import Half, ReservationLine, Voice, reserved
from ui.consultation.vote_cells import VoteCells, Yard
from ui.page import Hint
from ui.room import Room
from ui.theme import Role
from ui.widgets.button import Button, Kind
from ui.widgets.chip import Chip, Sort
from ui.widgets.composing_edit import ComposingLine, ComposingText, hint
from ui.widgets.label import Label
from ui.words import tr

W = TypeVar("W", Method, Result, Ratio)
RATIOS: dict[Ratio, str] = {**RATIO_WORDS, Ratio.NONE: "不设比例"}
ACTS = ("settle.votes", "settle.words", "settle.method", "settle.result", "settle.down")


@dataclass(frozen=True, slots=True)
class HalfEntered:
    """What stands in an editor, half entered or not, as it is kept between two starts; `text` None: as the draft."""

    method: Method
    result: Result
    ratio: Ratio
    votes: dict[str, str]
    objections: tuple[Objection, ...]
    half: Half
    text: str | None

    def dumped(self) -> str:
        """Return it as one line of text."""
        return json.dumps(asdict(self), ensure_ascii=False)


def read_half_entered(note: str) -> HalfEntered | None:
    """Return what was kept; None when there is nothing, or nothing we can read any more."""
    try:
        kept = json.loads(note)
        return HalfEntered(
            Method(kept["method"]),
            Result(kept["result"]),
            Ratio(kept["ratio"]),
            {str(part): str(text) for part, text in kept["votes"].items()},
            tuple(Objection(said["person_id"], str(said["text"])) for said in kept["objections"]),
            Half(**kept["half"]),
            kept["text"],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


class Choice(Chip, Generic[W]):
    """One of a few words: ← → change it, Enter or a click opens the list. `picked` is said after a change by hand."""

    picked = Signal()
    value: W

    def __init__(self, name: str, words: Mapping[W, str], value: W) -> None:
        self.name = name
        self.words: Mapping[W, str] = words
        self.value = value
        super().__init__(tr(words[value]), Sort.KIND, tone="outline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self.open)
        self.show_value(value)

    def say(self, text: str, detail: str = "", tone: str | None = None) -> None:
        super().say(text, detail, tone)
        self.setAccessibleName(f"{self.name} {text}")

    def show_value(self, value: W) -> None:
        """Show a choice."""
        self.value = value
        self.say(tr(self.words[value]))

    def pick(self, value: W) -> None:
        """Choose by hand."""
        self.show_value(value)
        self.picked.emit()

    def _pick_item(self, value: W, _: bool = False) -> None:
        self.pick(value)

    def open(self) -> None:
        """Open the list; figures choose too."""
        menu = QMenu(self)
        menu.setAccessibleName(self.name)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, (each, word) in enumerate(self.words.items(), start=1):
            item = menu.addAction(f"&{number}  {tr(word)}")
            item.triggered.connect(partial(self._pick_item, each))
            if each == self.value:
                menu.setActiveAction(item)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if steps is not None:
            values = list(self.words)
            self.pick(values[(values.index(self.value) + steps) % len(values)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.open()
        else:
            super().keyPressEvent(event)


class ConsensusEditor(QWidget):
    """The editor inside the card of one issue. `settled` brings the issue's id; `left` means Esc."""

    settled = Signal(str)
    left = Signal()
    moved = Signal()

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.live: LiveSitting | None = None
        self.issue_id = ""
        self.objections: list[Objection] = []
        self._stored_text = ""
        self._is_filling, self._is_under_way, self._wants_reservation = False, False, False
        self.setAccessibleName(tr("定共识"))
        self._make_parts()
        self._lay_out()
        self._listen()

    def _make_parts(self) -> None:
        self.text = ComposingText()
        self.text.most_lines = 8
        self.text.setProperty("role", str(Role.CONSENSUS))
        self.text.setPlaceholderText(tr("定了什么，一句一句写，印出来就是这样"))
        self.text.setAccessibleName(tr("共识正文"))
        self.note = WrappedNote()
        self.method: Choice[Method] = Choice(tr("方式"), METHOD_WORDS, Method.SHOW_OF_HANDS)
        self.result: Choice[Result] = Choice(tr("结果"), RESULT_WORDS, Result.REACHED)
        self.ratio: Choice[Ratio] = Choice(tr("比例"), RATIOS, Ratio.HALF)
        self.cells = VoteCells()
        self.voices = QWidget()
        self.voices.setAccessibleName(tr("保留意见"))
        self.reservation = ReservationLine()
        self.down = Button(tr("定下"), Kind.PRIMARY, key="Ctrl ↵")

    def _lay_out(self) -> None:
        choices, foot = QHBoxLayout(), QHBoxLayout()
        choices.setSpacing(6)
        for choice in (self.method, self.result, self.ratio):
            choices.addWidget(choice)
        choices.addStretch(1)
        foot.addWidget(self.down)
        foot.addStretch(1)
        foot.addWidget(Label(tr("Esc 先放着，已存"), Role.CAPTION, "ink2"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addLayout(choices)
        for part in (self.cells, self.voices, self.reservation, self.note):
            column.addWidget(part)
        column.addLayout(foot)
        voices = QVBoxLayout(self.voices)
        voices.setContentsMargins(0, 0, 0, 0)
        voices.setSpacing(2)

    def _listen(self) -> None:
        cells = (cell.line for cell in self.cells.cells.values())
        fields: list[ComposingLine | ComposingText] = [self.text, *cells, *self._reservation_lines()]
        for line in fields:
            line.lend_keys(self)
            line.worth_keeping.connect(lambda _: self.keep())
            line.left.connect(self._check_left)
        for choice in (self.method, self.result, self.ratio):
            choice.picked.connect(self._picked)
        self.text.submitted.connect(lambda _: self._go_on())
        self.text.composing_changed.connect(self._composing)
        self.text.keyed.connect(lambda _: self._composing(self.text.composing))
        self.cells.changed.connect(self._counted)
        self.cells.finished.connect(self._votes_done)
        self.reservation.added.connect(self._objected)
        self.reservation.ended.connect(self.down.setFocus)
        self.reservation.typed.connect(self.keep)
        self.reservation.recalled.connect(self._recall)
        self.down.clicked.connect(self.settle)

    def _reservation_lines(self) -> tuple[ComposingLine, ...]:
        return self.reservation.who, self.reservation.sentence

    def open(self, live: LiveSitting, issue: Issue) -> None:
        """Show what is known of an issue's consensus: what was half entered, else its draft."""
        self.live, self.issue_id = live, issue.id
        self._is_under_way = self._wants_reservation = False
        self._is_filling = True
        self._fill_from_record(live, issue)
        self._fill_from_note()
        self._is_filling = False
        self._say("")
        self.look_in(live)

    def look_in(self, live: LiveSitting) -> None:
        """Follow the sitting: who is here now, and which reservations are kept already."""
        self.live = live
        self.reservation.look_in(live)
        self.cells.hold_against(Yard(live.voters(self.method.value), self.method.value, self.ratio.value))
        self._show_voices()
        self._fit()

    def begin(self) -> None:
        """Take the keyboard, in the text."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def is_settling(self) -> bool:
        """Return whether what was handed in has not been answered yet."""
        return self._is_under_way

    def has_words(self) -> bool:
        """Return whether anything was entered beyond the stored draft."""
        is_other = self.text.half_typed().strip() != self._stored_text
        half = self.reservation.half().is_empty()
        return is_other or not self.cells.is_empty() or bool(self.objections) or not half

    def note_name(self) -> str:
        """Return the name of the note that keeps what is half entered here."""
        assert self.live is not None
        return f"desk/{self.live.sitting_id}/consensus/{self.issue_id}"

    def keep(self) -> None:
        """Keep everything as it stands."""
        if not self._is_filling and self.issue_id:
            self.room.jot(self.note_name(), self._half_entered().dumped())

    def put_down(self) -> None:
        """Make the words the draft of the consensus, if they have changed."""
        text = self.text.text().strip()
        if self.issue_id and text != self._stored_text and not self._is_under_way and not self._is_settled():
            self.room.do(self, DraftConsensus(self.issue_id, text), self._drafted, self._refused)

    def _drafted(self, changes: ChangeSet) -> None:
        self._stored_text = self._record_text()
        self.keep()

    def _half_entered(self) -> HalfEntered:
        text = self.text.half_typed()
        return HalfEntered(
            self.method.value,
            self.result.value,
            self.ratio.value,
            self.cells.texts(),
            tuple(self.objections),
            self.reservation.half(),
            text if text.strip() != self._stored_text else None,
        )

    def _is_settled(self) -> bool:
        consensus = self.live.consensus_of(self.issue_id) if self.live else None
        return consensus is not None and consensus.is_settled()

    def _record_text(self) -> str:
        consensus = self.live.consensus_of(self.issue_id) if self.live else None
        return consensus.text if consensus else ""

    def _fill_from_record(self, live: LiveSitting, issue: Issue) -> None:
        consensus = live.consensus_of(issue.id)
        self._stored_text = consensus.text if consensus else ""
        self.text.resume(self._stored_text)
        if consensus is not None and consensus.present:
            self._choose(consensus.method, consensus.result, consensus.ratio)
        else:
            practice = self.room.practices.get(live.consultation.practice)
            usual = (practice.method, practice.threshold) if practice else (Method.SHOW_OF_HANDS, Ratio.HALF)
            self._choose(usual[0], Result.REACHED, usual[1])
        votes = {part: getattr(consensus, part) for part in self.cells.cells} if consensus else {}
        self.cells.fill({part: str(count) for part, count in votes.items() if any(votes.values())})
        self.objections = []
        self.reservation.look_in(live)
        self.reservation.clear()

    def _choose(self, method: Method, result: Result, ratio: Ratio) -> None:
        self.method.show_value(method)
        self.result.show_value(result)
        self.ratio.show_value(ratio)

    def _fill_from_note(self) -> None:
        kept = read_half_entered(self.room.jotted(self.note_name()))
        if kept is None:
            return
        if kept.text is not None:
            self.text.resume(kept.text)
        self._choose(kept.method, kept.result, kept.ratio)
        self.cells.fill(kept.votes)
        self.objections = list(kept.objections)
        self.reservation.put_back(kept.half)

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key in one of the fields is for the whole editor."""
        return event.key() == Qt.Key.Key_Escape or any(means(event, name) for name in ACTS)

    def take(self, event: QKeyEvent) -> None:
        """Move between text and votes, open a list, settle, leave."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif means(event, "settle.votes"):
            self._go_on()
        elif means(event, "settle.words"):
            self.begin()
        elif means(event, "settle.down"):
            self.settle()
        else:
            (self.method if means(event, "settle.method") else self.result).open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.wants(event):
            event.accept()
            self.take(event)
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """Go to what comes next: the votes, after them the reservations."""
        in_cells = any(cell.line.hasFocus() for cell in self.cells.cells.values())
        if self.counts() and not in_cells:
            self.cells.begin()
        else:
            self._reserve()
        self.moved.emit()

    def _votes_done(self) -> None:
        tally, voters = self.cells.tally(), self.cells.yard.voters
        silent = self.cells.cells["silent"]
        if tally.total() > voters or self.cells.is_empty():
            return
        if tally.total() < voters and not silent.line.hasFocus():
            silent.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif tally.against or tally.abstain:
            self._reserve()
        else:
            self.down.setFocus()

    def _reserve(self) -> None:
        self._wants_reservation = True
        self._fit()
        self.reservation.begin()
        self.moved.emit()

    def counts(self) -> bool:
        """Return whether votes are counted: by the method chosen, and only when something was agreed."""
        return self.method.value in COUNTED and self.result.value in SETTLING

    def _picked(self) -> None:
        if self.live is not None:
            self.look_in(self.live)
        self.keep()

    def _counted(self) -> None:
        self._say("")
        self._fit()

    def _objected(self, objection: Objection) -> None:
        self.objections.append(objection)
        self._show_voices()
        self.keep()
        self.moved.emit()

    def _recall(self) -> None:
        """Take the last reservation, which is not stored yet, back into the line to be mended."""
        if self.objections:
            last = self.objections.pop()
            self.reservation.put_back(Half(last.person_id or "", "", last.text))
            self.reservation.begin()
            self._show_voices()

    def _show_voices(self) -> None:
        """Show the reservations kept beside this consensus and those about to be."""
        if self.live is None:
            return
        consensus = self.live.consensus_of(self.issue_id)
        kept = self.live.reservations_of(consensus.id) if consensus else []
        said = [(r.person_id, r.text, r.answer) for r in kept] + [(o.person_id, o.text, "") for o in self.objections]
        column = self.voices.layout()
        assert column is not None
        while item := column.takeAt(0):
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for person_id, text, answer in said:
            person = self.live.person(person_id)
            column.addWidget(Voice(reserved(person.name if person else "", text), answer))
        self.voices.setVisible(bool(said))
        self.reservation.say_number(len(said) + 1)

    def _fit(self) -> None:
        """Show the parts this method, result and count ask for."""
        tally = self.cells.tally()
        self.cells.setVisible(self.counts())
        self.ratio.setVisible(self.counts())
        has_words = bool(self.objections) or not self.reservation.half().is_empty()
        dissent = self.counts() and tally.against + tally.abstain > 0
        self.reservation.setVisible(not self.counts() or dissent or has_words or self._wants_reservation)

    def _composing(self, composing: bool) -> None:
        self.note.say(hint() if composing else "", "text-aa", "ochre")

    def _say(self, words: str) -> None:
        self.note.say(words, "warning", "seal", "fill")

    def _check_left(self) -> None:
        QTimer.singleShot(0, self, self._put_down_if_left)

    def _put_down_if_left(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self.put_down()

    def settle(self) -> None:
        """定下: hand everything in, a reservation just typed included."""
        if self._is_under_way or not self.issue_id:
            return
        self._is_under_way = True
        last = self.reservation.objection()
        objections = (*self.objections, *((last,) if last else ()))
        command = SettleConsensus(
            self.issue_id,
            self.text.text(),
            self.method.value,
            self.cells.tally(),
            self.result.value,
            self.ratio.value,
            objections=objections,
        )
        issue_id, number = self.issue_id, self._number()
        said = tr("已定下 {number}", number=number)
        self.room.do(self, command, lambda _: self._settled(issue_id), self._refused, said)

    def _number(self) -> str:
        issues = self.live.issues() if self.live else []
        return next((wording.circled(issue.number) for issue in issues if issue.id == self.issue_id), "")

    def _settled(self, issue_id: str) -> None:
        """Keep what was entered for the case that it is taken back; the reservations are stored for good."""
        if issue_id == self.issue_id:
            self.objections = []
            self.reservation.clear()
            self._stored_text = ""
            self.keep()
            self._is_under_way = False
        self.settled.emit(issue_id)

    def _refused(self, trouble: Trouble) -> None:
        self._is_under_way = False
        self._say(trouble.sentence())
        if isinstance(trouble, VotesMissing):
            line = self.cells.cells["silent" if self.cells.tally().total() else "agree"].line
            line.setFocus(Qt.FocusReason.OtherFocusReason)

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys worth knowing in the part that has the keyboard."""
        part: tuple[Hint, ...]
        if any(cell.line.hasFocus() for cell in self.cells.cells.values()):
            part = (
                Hint("Tab", tr("下一格")),
                Hint("Y", tr("全体一致")),
                Hint("T F Q", tr("画正")),
                Hint("↵", tr("下一行")),
            )
        elif any(line.hasFocus() for line in self._reservation_lines()):
            part = (Hint(tr("空格"), tr("选人")), Hint("↵", tr("记下保留")), Hint("↑", tr("改上一条")))
        else:
            part = (Hint("Ctrl ↓", tr("到票数")), Hint("Ctrl M", tr("换方式")), Hint("Ctrl R", tr("换结果")))
        return (
            *part,
            Hint("Ctrl ↵", tr("定下")),
            Hint(shown_key("desk.assign"), tr("加任务")),
            Hint("Esc", tr("先放着，已存")),
        )
