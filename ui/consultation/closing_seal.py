"""定稿: the text, the votes and the attendance are sealed; afterwards there is only 更正. The one red button."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.edition import Edition
from app.domain.edition_code import shown_digits
from app.domain.wording import clock, full_day
from app.queries.edition import EditionState, why_not_seal
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.home.following import Following
from ui.theme import Role, look
from ui.widgets.button import Button, ReasonedButton
from ui.widgets.check_row import CheckRow, State
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.widgets.rows import show_rows
from ui.words import tr

MOST_ROWS = 30


class SealStep(QWidget):
    """The second step: before sealing what it means, after it the digits, during a correction what differs.

    `seal_wanted` brings the digits that were called out, `correction_wanted` the reason and who asked for it,
    `version_wanted` the number of a version whose papers are to be printed.
    """

    seal_wanted = Signal(str)
    print_wanted = Signal()
    correction_wanted = Signal(str, str)
    dropped = Signal()
    desk_wanted = Signal()
    version_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.state = EditionState()
        self.live: LiveSitting | None = None
        self._is_correcting = False
        self.headline = Label("", Role.PAGE).wrapped()
        self.advice = Label("", Role.BODY, "ink2").wrapped()
        self.digits = Label("", Role.FIGURE).wrapped()
        self.spoken = Field(tr("六个数字，不报就空着"), tr("三位村民各报两个数"))
        self.spoken.line.setMaxLength(12)
        self.reason = Field(tr("为什么更正，如：签字前当场改"), tr("更正的理由"))
        self.asked_by = Field(tr("谁提出来的，可不写"), tr("谁提出来的"))
        self.seal = ReasonedButton(Button(tr("定稿落印"), "seal", "stamp", shown_key("closing.seal"), tall=True))
        self.go = Button(tr("去打印"), "primary", "printer", shown_key("closing.print"), tall=True)
        self.skip = Button(tr("先不定，直接印"), "quiet", "", shown_key("closing.print"))
        self.correct = Button(tr("更正"), "plain", "pencil-simple-line")
        self.desk = Button(tr("回会场改"), "plain", "arrow-left", shown_key("closing.back"))
        self.drop = Button(tr("不更正了"), "quiet")
        self._rows = QWidget()
        self._list = QVBoxLayout(self._rows)
        self._spoken_words = Label(
            tr("念完以后请三位村民各报两个数，一起封进去，谁也没法提前做好另一份。"), Role.CAPTION, "ink2"
        )
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._scrolled(), 1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.seal)
        for button in (self.go, self.correct, self.desk):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.drop)
        foot.addWidget(self.skip)
        self._column.addLayout(foot)
        self.leave_room(24, 4)

    def _scrolled(self) -> QScrollArea:
        """Return all but the buttons, to be scrolled where the window is low."""
        inside = QWidget()
        self._rows.setProperty("ground", "none")
        self._list.setContentsMargins(0, 0, 4, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 4)
        column.setSpacing(look().px(10))
        for part in (self.headline, self.digits, self.advice):
            column.addWidget(part)
        column.addWidget(self._rows, 1)
        column.addWidget(self._spoken_words.wrapped())
        for field in (self.spoken, self.reason, self.asked_by):
            column.addWidget(field)
        area = Following(inside)
        area.setAccessibleName(tr("定稿"))
        return area

    def _listen(self) -> None:
        self.seal.clicked.connect(self.press)
        self.go.clicked.connect(self.print_wanted)
        self.skip.clicked.connect(self.print_wanted)
        self.correct.clicked.connect(self._ask_reason)
        self.desk.clicked.connect(self.desk_wanted)
        self.drop.clicked.connect(self._drop)
        self.spoken.line.submitted.connect(lambda _: self.press())
        self.reason.line.submitted.connect(lambda _: self.asked_by.setFocus(Qt.FocusReason.OtherFocusReason))
        self.asked_by.line.submitted.connect(lambda _: self.press())
        for field in (self.spoken, self.reason):
            field.line.keyed.connect(lambda _, mended=field: mended.say_wrong(""))

    def leave_room(self, top: int, left: int) -> None:
        """Keep clear of what stands above and at the left, as drawn at 标准."""
        self._column.setContentsMargins(look().px(left), look().px(top), look().px(24), look().px(20))
        self._column.setSpacing(look().px(10))

    def show_state(self, live: LiveSitting, state: EditionState) -> None:
        """Show how the meeting stands."""
        if self.live is not None and self.live.sitting_id != live.sitting_id:
            self.spoken.line.clear()
        if state.is_sealed() != self.state.is_sealed() or self.live is not live:
            self._is_correcting = False
        self.live, self.state = live, state
        self._show()

    def _show(self) -> None:
        live, state = self.live, self.state
        assert live is not None
        sealed, asks = state.is_sealed(), self._is_correcting
        self.headline.say(self._headline())
        self.advice.say(self._advice())
        latest = state.latest
        self.digits.setVisible(sealed and latest is not None)
        self.digits.say(shown_digits(latest.digits) if latest else "")
        self._show_rows()
        self.seal.refuse(None if asks else self._refusal())
        self.seal.button.say(tr("开更正") if asks else tr("定稿落印"))
        self.seal.button.be("plain" if asks else "seal")
        for part, is_there in (
            (self.seal, not sealed or asks),
            (self.go, sealed and not asks),
            (self.correct, sealed and not asks),
            (self.skip, not sealed),
            (self.desk, state.correction is not None),
            (self.drop, asks or (state.correction is not None and not state.changes)),
            (self.spoken, not sealed),
            (self._spoken_words, not sealed),
            (self.reason, asks),
            (self.asked_by, asks),
        ):
            part.setVisible(is_there)

    def _refusal(self) -> str | None:
        """Return why this cannot be sealed now: a second version is made of what was changed, never of nothing."""
        if self.live is not None and why_not_seal(self.live):
            return tr("先补上缺的，就能定稿")
        if self.state.correction is not None and not self.state.changes:
            return tr("还没有改，不用再定")
        return None

    def _headline(self) -> str:
        state = self.state
        latest = state.latest
        if self._is_correcting:
            return tr("为什么更正")
        if state.correction is not None and latest is not None:
            return tr("正在更正第 {version} 版", version=latest.version)
        if latest is not None:
            return tr("第 {version} 版已定稿", version=latest.version)
        return tr("可以定稿了") if self.live and not why_not_seal(self.live) else tr("还不能定稿")

    def _advice(self) -> str:
        latest, correction = self.state.latest, self.state.correction
        if self._is_correcting:
            return tr("原件一个字不动，永远留着、随时能再印。改完再定稿，就是新的一版，纸上写明改了什么。")
        if correction is not None:
            return tr("理由：{reason}。改完再定稿，旧版照样留着。", reason=correction.reason)
        if latest is not None:
            return self._sealed_words(latest)
        return tr("落印以后，正文、票数、签到锁定，谁也改不了；任务照常写进展、写回访；要改只能“更正”，原件永远留着。")

    def _sealed_words(self, edition: Edition) -> str:
        at = f"{full_day(edition.sealed_at.date())} {clock(edition.sealed_at)}"
        told = tr(
            "{who} {at} 定的稿。上面二十个数是验真码，印在每页脚上，可以念给大家听。", who=edition.sealed_by, at=at
        )
        return told + (tr("封进去的数：{digits}。", digits=edition.spoken_digits) if edition.spoken_digits else "")

    def _show_rows(self) -> None:
        show_rows(self._list, self._row_list())

    def _row_list(self) -> list[CheckRow]:
        assert self.live is not None
        if self.state.correction is not None:
            changes = self.state.changes[:MOST_ROWS]
            rows = [
                CheckRow(one.where, one.sentence().partition("：")[2], State.COMPLETE, tr("改了")) for one in changes
            ]
            return rows or [CheckRow(tr("还没有改"), tr("回会场改，改完回来定稿"), State.OPTIONAL)]
        if self.state.is_sealed():
            return self._version_rows()
        return [CheckRow(sentence, "", State.MISSING) for sentence in why_not_seal(self.live)] or self._ready_rows()

    def _version_rows(self) -> list[CheckRow]:
        return [self._version_row(edition) for edition in reversed(self.state.editions)]

    def _version_row(self, edition: Edition) -> CheckRow:
        title = tr("第 {version} 版", version=edition.version)
        detail = f"{shown_digits(edition.digits)}　{edition.reason}".strip()
        if edition is self.state.latest:
            return CheckRow(title, detail, State.COMPLETE, tr("现行"))
        again = Button(tr("印这一版"), "quiet", "printer")
        again.clicked.connect(lambda _=False, version=edition.version: self.version_wanted.emit(version))
        return CheckRow(title, detail, State.OPTIONAL, tr("旧版"), again)

    def _ready_rows(self) -> list[CheckRow]:
        live = self.live
        assert live is not None
        settled, came = len(live.settled()), len(live.came())
        kept = sum(len(live.reservations_of(consensus.id)) for _, consensus in live.settled())
        return [
            CheckRow(
                tr("{count} 个焦点的正文和票数", count=settled),
                tr("保留意见 {count} 条，都在", count=kept),
                State.COMPLETE,
            ),
            CheckRow(tr("{count} 人的签到", count=came), tr("名字封着存，公示时不露"), State.COMPLETE),
            CheckRow(tr("{count} 个任务", count=len(live.actions())), tr("以后照常写进展、要延期"), State.COMPLETE),
        ]

    def press(self) -> None:
        """Seal, or open the correction that is being asked for; what is lacking is said in place."""
        if self._is_correcting:
            reason = self.reason.line.text().strip()
            self.reason.say_wrong("" if reason else tr("写一句为什么更正"))
            if reason:
                self.correction_wanted.emit(reason, self.asked_by.line.text().strip())
            else:
                self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.state.is_sealed():
            self.print_wanted.emit()
            return
        digits = "".join(self.spoken.line.text().split()).translate(str.maketrans("０１２３４５６７８９", "0123456789"))
        if digits and not (len(digits) == 6 and digits.isdigit()):
            self.spoken.say_wrong(tr("三个人各报两个数，一共六个；不报就空着"))
            self.spoken.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.live is not None and self._refusal() is None:
            self.seal_wanted.emit(digits)

    def _ask_reason(self) -> None:
        self._is_correcting = True
        self.reason.line.clear()
        self.asked_by.line.clear()
        self._show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self) -> None:
        if self._is_correcting:
            self._is_correcting = False
            self._show()
            self.begin()
        else:
            self.dropped.emit()

    def begin(self) -> None:
        """Take the keyboard."""
        is_unchanged = self.state.correction is not None and not self.state.changes
        target = self.go if self.state.is_sealed() else self.desk if is_unchanged else self.seal.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)
