"""收尾: from the end of the meeting to signed paper in five steps: 查齐, 定稿, 打印, 签字, 收好."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.commands.edition import CloseCorrection, OpenCorrection, SealSitting
from app.commands.issue import TakeUpIssue
from app.commands.sitting import ReopenSitting, SignConsultation
from app.domain.change import ChangeSet
from app.domain.edition import Correction, Edition
from app.domain.paper_notice import LookBackLine
from app.domain.practice import Practice
from app.queries.edition import EditionState, content_of, edition_state, has_changed
from app.queries.paper_notice import earlier_promises
from app.queries.papers import Matter, every_paper
from app.queries.sitting import LiveSitting, live_sitting
from ui.actions import bind, shown_key
from ui.consultation.closing_check import CheckStep
from ui.consultation.closing_print import PrintStep
from ui.consultation.closing_seal import SealStep
from ui.consultation.closing_sign import DoneStep, SignStep
from ui.consultation.closing_steps import CHECK, DONE, PRINT, SEAL, SIGN, STEPS, TO_PRINT, StepColumn
from ui.consultation.readout import ReadOut
from ui.matter import matter_of, practice_of
from ui.page import Hint, Page
from ui.printing import DrawnPapers
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.label import Label
from ui.widgets.page_preview import PagePreview
from ui.widgets.stage_rail import StageRail
from ui.words import tr

WIDE, MEDIUM = 1200, 860
ROOMY, CRAMPED = 900, 720
"""Below these widths the head says no longer which step of how many it is, nor which meeting."""
FIRST = "consensus_paper"


class ClosingPage(Page):
    """The assistant. Only 定稿 locks anything; all else can be taken up again."""

    name = "closing"
    wants_rail = True
    toast_head = 52

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.live: LiveSitting | None = None
        self.at = CHECK
        self.drawn = DrawnPapers(room, self)
        self.steps, self.head = StepColumn(), Head()
        self.state = EditionState()
        self.promises: tuple[LookBackLine, ...] = ()
        self.version = 0
        self.check, self.sealing, self.printing = CheckStep(room), SealStep(), PrintStep(room, self.drawn)
        self.signing, self.done = SignStep(), DoneStep(room)
        self.beside = Beside()
        self.stack = QStackedWidget()
        self._lay_out()
        self._listen()
        bind(
            self,
            {
                "closing.seal": self.seal,
                "closing.notice": self.to_notice,
                "closing.word": self.save_word,
                "closing.scan": self.scan,
                "closing.print": self.print,
                "closing.pdf": self.save_pdf,
                "closing.back": self.reopen,
                "closing.up": self.go_up,
                "desk.readout": self.read_out,
            },
        )

    def _lay_out(self) -> None:
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        for step in (self.check, self.sealing, self.printing, self.signing, self.done):
            self.stack.addWidget(step)
        body = QHBoxLayout()
        body.setSpacing(0)
        for part, stretch in ((self.steps, 0), (self.stack, 1), (self.beside, 0)):
            body.addWidget(part, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(body, 1)

    def _listen(self) -> None:
        self.check.seal_wanted.connect(lambda: self.show_step(SEAL))
        self.check.print_wanted.connect(lambda: self.show_step(PRINT))
        self.sealing.seal_wanted.connect(self._seal)
        self.sealing.print_wanted.connect(lambda: self.show_step(PRINT))
        self.sealing.correction_wanted.connect(self._open_correction)
        self.sealing.dropped.connect(self._close_correction)
        self.sealing.desk_wanted.connect(self.reopen)
        self.sealing.version_wanted.connect(self.print_version)
        self.check.back_wanted.connect(self.reopen)
        self.check.desk_wanted.connect(self.reopen)
        self.printing.printed.connect(lambda: self.show_step(SIGN))
        self.printing.counted.connect(self._show_done)
        self.signing.readout_wanted.connect(self.read_out)
        self.signing.done.connect(self.sign)
        self.signing.back_wanted.connect(lambda: self.show_step(PRINT))
        self.done.home_wanted.connect(lambda: self.room.go("home"))
        self.done.notice_wanted.connect(self.to_notice)
        self.steps.chosen.connect(self.show_step)
        self.drawn.drawn.connect(self._show_beside)
        self.drawn.pictured.connect(self._paint_beside)
        look().changed.connect(self._fit)

    def enter(self, record_id: str = "") -> None:
        """Look at the meeting anew; another meeting begins at 查齐, and at 打印 when the desk asked for paper."""
        wanted = record_id.removeprefix(TO_PRINT) or (self.live.sitting_id if self.live else "")
        if not wanted:
            self.room.go("home")
            return
        if self.live is None or self.live.sitting_id != wanted:
            self.drawn.forget()
            self.at = CHECK
        if record_id.startswith(TO_PRINT):
            self.at = PRINT
        elif self.live is not None and self.live.sitting.is_open():
            self.at = CHECK  # the desk had asked for the sign-in sheet; now the meeting has ended
        self.room.ask(self, self._arrived, live_sitting, wanted, self.room.register)

    def leave(self) -> None:
        """Draw no more; what is on its way to the printer goes on, and its end is said in passing."""
        self.drawn.rest()

    def took(self, changes: ChangeSet) -> None:
        """Show what an act changed, if it was about this meeting or a name in it."""
        if self.live is None:
            return
        if self.live.take(changes) or "unit" in changes.kinds():
            self._show()
        if self.state.correction is not None or changes.kinds() & {Edition.KIND, Correction.KIND}:
            self._ask_state()

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of the step in hand."""
        back, up = Hint(shown_key("closing.back"), tr("回会场接着议")), Hint("Esc", tr("上一步"))
        out = Hint(shown_key("closing.print"), tr("打印"))
        if self.at == CHECK:
            return (Hint("↵", tr("补上，跳下一个缺项")), out, back, Hint("Esc", tr("回会场")))
        if self.at == SEAL:
            return (
                Hint(shown_key("closing.seal"), tr("定稿落印")),
                Hint(shown_key("desk.readout"), tr("念一遍")),
                out,
                up,
            )
        if self.at == PRINT:
            pdf = Hint(shown_key("closing.pdf"), tr("存 PDF"))
            return (Hint(tr("空格"), tr("勾选")), Hint("+", tr("加一份")), Hint("-", tr("减一份")), out, pdf, up)
        if self.at == SIGN:
            return (Hint("↵", tr("收好")), Hint(shown_key("desk.readout"), tr("念一遍")), back, up)
        return (Hint("↵", tr("回工作台")), back, up)

    def _arrived(self, live: LiveSitting) -> None:
        if self.live is not live:
            self.state, self.version, self.promises = EditionState(), 0, ()
        self.live = live
        self._show()
        self.show_step(self.at)
        self._ask_state()

    def _ask_state(self) -> None:
        """Ask which versions are sealed, and what a correction has changed so far."""
        assert self.live is not None
        self.room.ask(self, self._take_state, edition_state, self.live.sitting_id, self.room.places, self.practice())
        self.room.ask(self, self._take_promises, earlier_promises, self.live, self.room.today())

    def _take_state(self, state: EditionState) -> None:
        if state != self.state and self.live is not None:
            self.state = state
            self._show()
            if self.at == CHECK and state.is_sealed():
                self.show_step(SEAL)  # nothing is filled in any more, so that no word is typed in vain

    def _take_promises(self, promises: tuple[LookBackLine, ...]) -> None:
        if promises != self.promises and self.live is not None:
            self.promises = promises
            self._show()

    def matter(self) -> Matter:
        """Return what the papers are made from, with the version they are of."""
        assert self.live is not None
        matter = replace(matter_of(self.room, self.live, self.state), promises=self.promises)
        old = next((one for one in self.state.editions if one.version == self.version), None)
        return replace(matter, edition=old, correction=None) if old else matter

    def practice(self) -> Practice:
        """Return how this place consults."""
        assert self.live is not None
        return practice_of(self.room, self.live)

    def _show(self) -> None:
        live = self.live
        assert live is not None
        self.steps.meeting.say(live.consultation.title)
        self.steps.reach.tell_of(self.room, *(record_id for many in live.records.values() for record_id in many))
        self.head.show_meeting(live.consultation.title)
        matter = self.matter()
        contents = every_paper(matter)
        self.check.show_meeting(live)
        self.sealing.show_state(live, self.state)
        self.printing.show_meeting(matter, contents)
        self.signing.show_meeting(live)
        self._show_done()

    def _show_done(self) -> None:
        assert self.live is not None
        self.done.show_meeting(self.live, self.printing.printed_copies(), self.printing.saved_papers())

    def _show_beside(self, kind: str) -> None:
        paper = self.drawn.paper(FIRST)
        if kind == FIRST and paper is not None:
            self.beside.preview.show_pages(self.drawn.pages(FIRST))
            self.beside.count.say(tr("{name} · {count} 页", name=tr("共识"), count=paper.count))

    def _paint_beside(self, kind: str, page: int) -> None:
        picture = self.drawn.pages(kind)[page]
        if kind == FIRST and picture is not None and page < self.beside.preview.page_count():
            self.beside.preview.show_page(page, picture)

    def show_step(self, at: int) -> None:
        """Show a step and give it the keyboard; the last one only after signing."""
        at = SEAL if at == CHECK and self.state.is_sealed() else at
        self.at = at
        if self.version and at in (CHECK, SEAL):
            self.version = 0
            self._show()
        self.steps.show_step(at)
        self.head.show_step(at)
        if at == DONE:
            self._show_done()
        self.stack.setCurrentIndex(at)
        self._fit()
        (self.check, self.sealing, self.printing, self.signing, self.done)[at].begin()

    def print(self) -> None:
        """Go to the papers; there, print. Missing things are pointed at first."""
        if self.live is None:
            return
        if self.at == PRINT:
            self.printing.print()
        elif self.at == CHECK and not self.check.is_complete():
            self.room.say(self.check.go.reason.text())
            self.check.begin()
        else:
            self.show_step(PRINT)

    def seal(self) -> None:
        """Go to sealing; there, seal."""
        if self.live is None or self.live.sitting.is_open():
            return
        if self.at == SEAL:
            self.sealing.press()
        else:
            self.show_step(SEAL)

    def _seal(self, digits: str) -> None:
        assert self.live is not None
        sitting_id = self.live.sitting_id
        content = content_of(self.room.places, self.practice(), sitting_id)
        self.room.do(self, SealSitting(sitting_id, content, digits), lambda _: self._sealed())

    def _sealed(self) -> None:
        """Go on to the papers and say so; 撤销 is not offered, for a seal is not taken back."""
        self.show_step(PRINT)
        self.room.say(tr("定稿了"))

    def print_version(self, version: int) -> None:
        """Print the papers of an older version as they were; 打印 after another look at 定稿 is of the latest again."""
        self.version = version
        self._show()
        self.show_step(PRINT)
        self.room.say(tr("现在印的是第 {version} 版，旧版", version=version))

    def _open_correction(self, reason: str, asked_by: str) -> None:
        assert self.live is not None
        command = OpenCorrection(self.live.sitting_id, reason, asked_by)
        self.room.do(self, command, lambda _: self.sealing.begin(), say=tr("可以改了，改完再定稿"))

    def _close_correction(self) -> None:
        assert self.live is not None
        command = CloseCorrection(self.live.sitting_id, has_changed(self.room.places, self.practice()))
        self.room.do(self, command, lambda _: self.sealing.begin())

    def to_notice(self) -> None:
        """Go to the notice of this meeting."""
        if self.live is not None:
            self.room.go("notice", self.live.sitting_id)

    def scan(self) -> None:
        """Go to the last step and take signed paper in."""
        if self.live is not None:
            self.show_step(DONE)
            self.done.scans.choose()

    def save_word(self) -> None:
        """Save the ticked papers as Word files."""
        if self.live is not None:
            self.printing.choose_word_folder()

    def save_pdf(self) -> None:
        """Save the ticked papers as PDF."""
        if self.live is not None:
            self.printing.choose_folder()

    def sign(self) -> None:
        """Note that the paper is signed, and put it away; an agreement that is not in force stays where it is."""
        signed = self.signing.signed()
        if self.live is None or not self.signing.agreement.is_wanted():
            if self.live is not None:
                self.room.do(self, SignConsultation(self.live.sitting_id))
            self.show_step(DONE)
            return
        command = SignConsultation(self.live.sitting_id, signed)
        self.room.do(self, command, lambda _: self.show_step(DONE), self.signing.agreement.tell)

    def read_out(self) -> None:
        """Show what was agreed in large letters, to be read aloud."""
        if self.live is not None:
            ReadOut(self.room, self.live).open()

    def _is_first(self) -> bool:
        """Return whether this is the first step there is: of a sealed meeting it is 定稿."""
        return self.at == SEAL and self.state.is_sealed()

    def go_up(self) -> None:
        """Go back one step; from the first one to the desk, the meeting staying ended. Printing is stopped instead."""
        if self.printing.is_printing():
            self.printing.stop()
        elif self.at == CHECK or self._is_first() or (self.live is not None and self.live.sitting.is_open()):
            self.room.go("desk", self.live.sitting_id if self.live else "")
        else:
            self.show_step(self.at - 1)

    def reopen(self, issue_id: str = "") -> None:
        """Go back into the meeting, on an issue if one is given."""
        if self.live is None:
            return
        sitting_id = self.live.sitting_id
        if self.live.sitting.is_open():
            self.room.go("desk", sitting_id)
            return

        def go(_: object) -> None:
            self.room.go("desk", sitting_id)

        def take_up(_: object) -> None:
            self.room.do(self, TakeUpIssue(issue_id), go)

        self.room.do(self, ReopenSitting(sitting_id), take_up if issue_id else go, say=tr("回会场接着议"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Fit the width: three columns, two, or one; the pages always have the room beside the list of papers."""
        is_wide, is_medium = self.width() >= look().px(WIDE), self.width() >= look().px(MEDIUM)
        self.steps.setVisible(self.at != PRINT and is_wide)
        self.head.setVisible(self.at == PRINT or not is_wide)
        for step in (self.check, self.sealing, self.signing, self.done):
            step.leave_room(24 if is_wide else 8, 4 if is_wide else 22)
        self.beside.setVisible(self.at in (CHECK, SEAL, SIGN) and is_medium)
        self.beside.setFixedWidth(look().px(390 if is_wide else 320))


class Head(QWidget):
    """The line over the pages: which meeting, which step."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.meeting, self.place = Label("", Role.BODY, "ink2"), Label("", Role.CAPTION, "ink2")
        self.rail = StageRail(tuple(tr(name) for name, _ in STEPS))
        row = QHBoxLayout(self)
        row.setContentsMargins(look().px(20), 0, look().px(20), 0)
        row.setSpacing(look().px(10))
        row.addWidget(Label(tr("收尾"), Role.CARD))
        row.addWidget(self.meeting)
        row.addStretch(1)
        row.addWidget(self.rail)
        row.addStretch(1)
        row.addWidget(self.place)
        self._fit()
        look().changed.connect(self._fit)

    def _fit(self) -> None:
        self.setFixedHeight(look().px(48))
        self.place.setVisible(self.width() >= look().px(ROOMY))
        self.meeting.setVisible(self.width() >= look().px(CRAMPED))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_meeting(self, title: str) -> None:
        """Show which meeting it is."""
        self.meeting.say(title)

    def show_step(self, at: int) -> None:
        """Show which step is in hand."""
        self.rail.show_stage(at)
        self.place.say(tr("第 {at} 步，共 {all} 步", at=at + 1, all=len(STEPS)))


class Beside(QWidget):
    """边补边看: the consensus as it will be printed, beside what is being filled in."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("边补边看"))
        self.count, self.preview = Label("", Role.CAPTION, "ink2"), PagePreview(name=tr("共识的样子"))
        column, top = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(look().px(8), look().px(24), look().px(8), 0)
        column.setSpacing(0)
        top.setContentsMargins(look().px(16), 0, look().px(16), 0)
        top.addWidget(Label(tr("边补边看"), Role.NAME))
        top.addStretch(1)
        top.addWidget(self.count)
        column.addLayout(top)
        column.addWidget(self.preview, 1)
