"""签字 and 收好: who signs after it was read aloud; then one sentence about what was done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.paper import Signer
from app.domain.paper_mediation import AgreementSigned
from app.queries.paper import signers
from app.queries.paper_mediation import has_agreement
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.consultation.closing_agreement import AgreementTicks
from ui.consultation.closing_scans import ScanPanel
from ui.home.following import Following
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Rule
from ui.widgets.label import Label
from ui.widgets.rows import show_rows
from ui.widgets.sign import Sign
from ui.words import tr


class SignerRow(QWidget):
    """Somebody who signs: the name, and as what."""

    def __init__(self, signer: Signer) -> None:
        super().__init__()
        name = signer.name or tr("到时候再定")
        self.setAccessibleName(f"{signer.label} {name}")
        row, column = QHBoxLayout(), QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row.setContentsMargins(look().px(16), look().px(8), look().px(14), look().px(8))
        row.setSpacing(look().px(12))
        row.addWidget(Sign("signature", "ink2", 18))
        row.addWidget(Label(name, Role.NAME, "ink" if signer.name else "ink2"))
        row.addStretch(1)
        row.addWidget(Label(signer.label, Role.CAPTION, "ink2"))
        column.addLayout(row)
        column.addWidget(Rule())


class SignStep(QWidget):
    """The third step. Who signed is seen on the paper; only what makes a mediation agreement hold is ticked."""

    readout_wanted = Signal()
    done = Signal()
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.headline, self.advice = Label(tr("念一遍，再签字"), Role.PAGE), Label("", Role.CAPTION, "ink2").wrapped()
        self.read = Button(tr("念一遍"), "plain", "speaker-high", shown_key("desk.readout"))
        self.kept = Button(tr("签好了，收好"), "primary", "check", "↵", tall=True)
        self.back = Button(tr("再印一份"), "quiet", "", "Esc")
        self.agreement = AgreementTicks()
        self._rows = QWidget()
        self._rows.setProperty("ground", "none")
        self._list = QVBoxLayout(self._rows)
        self._shown: tuple[Signer, ...] = ()
        self._lay_out()
        self.read.clicked.connect(self.readout_wanted)
        self.kept.clicked.connect(self.done)
        self.back.clicked.connect(self.back_wanted)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        top = QHBoxLayout()
        top.addWidget(self.headline)
        top.addStretch(1)
        top.addWidget(self.read)
        self._column.addLayout(top)
        self._column.addWidget(self.advice)
        self._column.addWidget(self._scrolled(), 1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.kept)
        foot.addStretch(1)
        foot.addWidget(self.back)
        self._column.addLayout(foot)
        self.leave_room(24, 4)

    def _scrolled(self) -> QScrollArea:
        self._list.setContentsMargins(0, 0, 4, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._rows, 1)
        column.addWidget(self.agreement)
        area = Following(inside)
        area.setAccessibleName(tr("谁签字"))
        return area

    def leave_room(self, top: int, left: int) -> None:
        """Keep clear of what stands above and at the left, as drawn at 标准."""
        self._column.setContentsMargins(look().px(left), look().px(top), look().px(24), look().px(20))
        self._column.setSpacing(look().px(10))

    def show_meeting(self, live: LiveSitting) -> None:
        """Show who signs."""
        wanted = signers(live)
        self.agreement.show_meeting(live.sitting_id, has_agreement(live))
        language = live.sitting.spoken_language
        read = tr("用{language}念给大家听", language=language) if language else tr("念给大家听")
        self.advice.say(tr("{read}，没有异议再签；不会写字的按手印，家人代签写明关系。", read=read))
        if wanted == self._shown:
            return
        self._shown = wanted
        show_rows(self._list, [SignerRow(signer) for signer in wanted])

    def signed(self) -> AgreementSigned:
        """Return what was ticked of the mediation agreement."""
        return self.agreement.signed()

    def begin(self) -> None:
        """Take the keyboard: the first tick that is wanted, else the button."""
        (self.agreement.next_wanted() or self.kept).setFocus(Qt.FocusReason.OtherFocusReason)


class DoneStep(QWidget):
    """The last step: what was done, the signed sheets as they come back, the notice, and the way home."""

    home_wanted = Signal()
    notice_wanted = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.sentence = Label("", Role.STATEMENT, "ink2").wrapped()
        self.scans = ScanPanel(room)
        self.home = Button(tr("回工作台"), "primary", "house", "↵", tall=True)
        self.notice = Button(tr("公示"), "plain", "eye", shown_key("closing.notice"))
        self.home.clicked.connect(self.home_wanted)
        self.notice.clicked.connect(self.notice_wanted)
        self._column = QVBoxLayout(self)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(look().px(14))
        column.addWidget(Label(tr("收好了"), Role.PAGE))
        column.addWidget(self.sentence)
        column.addWidget(self.scans, 1)
        self._column.addWidget(Following(inside), 1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.home)
        foot.addWidget(self.notice)
        foot.addStretch(1)
        self._column.addLayout(foot)
        self.leave_room(24, 4)

    def leave_room(self, top: int, left: int) -> None:
        """Keep clear of what stands above and at the left, as drawn at 标准."""
        self._column.setContentsMargins(look().px(left), look().px(top), look().px(24), look().px(20))
        self._column.setSpacing(look().px(14))

    def show_meeting(self, live: LiveSitting, printed: int, saved: int) -> None:
        """Say what was done; papers saved as PDF are handed out as printed ones are."""
        self.scans.show_meeting(live.sitting_id)
        settled, tasks = len(live.settled()), len(live.actions())
        parts = [
            tr("{came} 人到会", came=len(live.came())),
            tr("{count} 个焦点有了结论", count=settled),
            tr("分了 {count} 个任务", count=tasks) if tasks else "",
            tr("印了 {count} 份", count=printed) if printed else "",
            tr("{count} 样存成 PDF", count=saved) if saved else "",
            "" if printed or saved else tr("文书还没印，随时可以回来印"),
        ]
        self.sentence.say("，".join(part for part in parts if part) + tr("。都存在本机了。"))

    def begin(self) -> None:
        """Take the keyboard."""
        self.home.setFocus(Qt.FocusReason.OtherFocusReason)
