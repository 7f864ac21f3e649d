"""查齐: what the papers must have and what is good to have; each gap is filled in its own row, the page beside it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.consultation.closing_findings import REASONS, Finding, first_gap, headline, required, welcome
from ui.consultation.closing_gaps import GapField, field_for
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button, ReasonedButton
from ui.widgets.check_row import CheckRow, State
from ui.widgets.label import Label
from ui.words import tr


class FindingRow(CheckRow):
    """A row with the field that mends it, if it lacks something."""

    def __init__(self, finding: Finding, field: GapField | None) -> None:
        super().__init__(finding.title, finding.detail, finding.state, finding.word, field)
        self.finding, self.field = finding, field
        if field is not None:
            field.told.connect(self._tell)

    def follow(self, finding: Finding) -> None:
        """Show how the same thing stands now."""
        if finding != self.finding:
            self.finding = finding
            self.say(finding.title, finding.detail, finding.state, finding.word)

    def _tell(self, sentence: str) -> None:
        self.detail.say(sentence or self.finding.detail, "seal" if sentence else "ink2")
        self.detail.setVisible(bool(self.detail.text()))


class FindingList(QWidget):
    """One group of rows. Rows that stay keep their fields and what is typed in them."""

    filled = Signal(str)
    desk_wanted = Signal(str)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.title = Label(title, Role.CAPTION, "ink2")
        self.rows: dict[str, FindingRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.title)

    def show_findings(self, room: Room, live: LiveSitting, findings: Sequence[Finding]) -> None:
        """Show these findings in this order."""
        keys = {finding.key for finding in findings}
        for key in [key for key in self.rows if key not in keys]:
            self._drop(self.rows.pop(key))
        for place, finding in enumerate(findings, start=1):
            row = self.rows.get(finding.key)
            if row is None:
                row = self.rows[finding.key] = self._make_row(room, live, finding)
            row.follow(finding)
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        self.rows = {finding.key: self.rows[finding.key] for finding in findings}
        self.setVisible(bool(findings))

    def clear(self) -> None:
        """Forget every row, as for another meeting."""
        for row in self.rows.values():
            self._drop(row)
        self.rows = {}

    def complete(self) -> int:
        """Return how many of the rows are as they should be."""
        return sum(row.finding.state == State.COMPLETE for row in self.rows.values())

    def first_field(self) -> GapField | None:
        """Return the field of the first gap."""
        return next((row.field for row in self.rows.values() if row.field is not None), None)

    def _make_row(self, room: Room, live: LiveSitting, finding: Finding) -> FindingRow:
        field = field_for(room, live, finding.gap) if finding.gap else None
        if field is not None:
            field.filled.connect(lambda: self.filled.emit(finding.key))
            field.desk_wanted.connect(self.desk_wanted)
        return FindingRow(finding, field)

    def _drop(self, row: FindingRow) -> None:
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()


class CheckStep(QWidget):
    """The first step. `seal_wanted` goes on, `print_wanted` with gaps; `desk_wanted` brings an issue, or nothing."""

    seal_wanted = Signal()
    print_wanted = Signal()
    back_wanted = Signal()
    desk_wanted = Signal(str)

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        self.live: LiveSitting | None = None
        self.headline = Label("", Role.PAGE)
        self.count = Label("", Role.CAPTION, "ink2")
        self.must, self.may = FindingList(tr("必须有")), FindingList(tr("有更好"))
        self.go = ReasonedButton(Button(tr("去定稿"), "primary", "stamp", "↵", tall=True))
        self.anyway = Button(tr("照样印，空着的手写"), "quiet")
        self.back = Button(tr("回会场接着议"), "quiet", "", shown_key("closing.back"))
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        top = QHBoxLayout()
        top.addWidget(self.headline)
        top.addStretch(1)
        top.addWidget(self.count, 0, Qt.AlignmentFlag.AlignBottom)
        self._column.addLayout(top)
        self._column.addWidget(self._scrolled(), 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.go, 1)
        foot.addWidget(self.anyway)
        foot.addWidget(self.back)
        self._column.addLayout(foot)
        self.leave_room(24, 4)

    def _scrolled(self) -> QScrollArea:
        inside, area = QWidget(), QScrollArea()
        inside.setProperty("ground", "none")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(look().px(14))
        column.addWidget(self.must)
        column.addWidget(self.may)
        column.addStretch(1)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        area.setAccessibleName(tr("查齐"))
        self._area = area
        return area

    def leave_room(self, top: int, left: int) -> None:
        """Keep clear of what stands above and at the left, as drawn at 标准."""
        self._column.setContentsMargins(look().px(left), look().px(top), look().px(24), look().px(20))
        self._column.setSpacing(look().px(10))

    def _listen(self) -> None:
        self.go.clicked.connect(self.seal_wanted)
        self.anyway.clicked.connect(self.print_wanted)
        self.back.clicked.connect(self.back_wanted)
        for group in (self.must, self.may):
            group.filled.connect(self._go_on)
            group.desk_wanted.connect(self.desk_wanted)

    def show_meeting(self, live: LiveSitting) -> None:
        """Show how everything stands; fields that are being typed in are left alone."""
        if self.live is not live:
            self.must.clear()
            self.may.clear()
        self.live = live
        self.must.show_findings(self.room, live, required(live))
        self.may.show_findings(self.room, live, welcome(live))
        self.headline.say(headline(live))
        must = tr("必须 {done}/{all}", done=self.must.complete(), all=len(self.must.rows))
        may = tr("可补 {done}/{all}", done=self.may.complete(), all=len(self.may.rows))
        self.count.say(f"{must}　{may}" if self.may.rows else must)
        gap = first_gap(live)
        self.go.refuse(tr(REASONS[gap.what]) if gap else None)
        self.anyway.setVisible(gap is not None)

    def begin(self) -> None:
        """Take the keyboard: at the first gap, or on the way to sealing."""
        field = self.must.first_field()
        if field is None:
            self.go.button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._area.ensureWidgetVisible(field)
        field.begin()

    def is_complete(self) -> bool:
        """Return whether nothing required is missing."""
        return self.live is not None and first_gap(self.live) is None

    def _go_on(self, key: str) -> None:
        """Go from a gap that was filled or passed over to the next one, then to sealing."""
        following = self._after(key) if key.startswith("reservation") else self.must.first_field()
        if following is None:
            self.begin()
        else:
            self._area.ensureWidgetVisible(following)
            following.begin()

    def _after(self, key: str) -> GapField | None:
        """Return the field of the gap that comes after one that it is good to fill."""
        keys = list(self.may.rows)
        later = keys[keys.index(key) + 1 :] if key in keys else keys
        return next((row.field for row in map(self.may.rows.__getitem__, later) if row.field is not None), None)
