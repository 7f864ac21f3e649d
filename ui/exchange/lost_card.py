"""电脑丢了: an office says which one. What came from it so far is good; what comes later waits until somebody looks.

It cannot be taken back, so it is asked twice, in place.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from ui.exchange.enrol_port import Known
from ui.exchange.step_card import StepCard
from ui.theme import Role
from ui.topic.pick_field import PickField, among
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr


class LostCard(StepCard):
    """Which computer, how it was lost, and the button. `reported` brings both once it was pressed twice."""

    reported = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(
            tr("电脑丢了"), tr("以前送到的都算数，以后冒出来的先放着，等人看过。本乡别的电脑自己换新钥匙。")
        )
        self.computers: dict[str, str] = {}
        self.which = PickField(tr("哪一台"), tr("打首字母选"), lambda typed: among(self.computers)(typed))
        self.reason = Field(tr("怎么丢的（可以不写）"), tr("怎么丢的"))
        self.report = Button(tr("报失"), "plain", "warning", tall=True)
        self.known = Label("", Role.CAPTION, "ink2").wrapped()
        self.is_asked = False
        self.add_row(self.which)
        self.add_row(self.reason, self.report)
        self.column.addWidget(self.known)
        self.which.picked.connect(lambda _: self._ask_again(is_asked=False))
        self.which.passed.connect(self.reason.setFocus)
        self.reason.line.submitted.connect(lambda _: self.report.setFocus())
        self.report.clicked.connect(self.press)

    def show_computers(self, computers: Sequence[Known]) -> None:
        """Show which computers there are, and which have been reported already; nothing where there is none."""
        self.computers = {one.device: f"{one.unit} {one.name}" for one in computers if not one.is_lost}
        lost = [f"{one.unit} {one.name}" for one in computers if one.is_lost]
        self.known.say(tr("已经报失的：{names}", names="、".join(lost)) if lost else "")
        self.known.setVisible(bool(lost))
        self.setVisible(bool(computers))

    def press(self) -> None:
        """Ask once more, then report."""
        if self.which.key is None:
            self.which.say_wrong(tr("先选是哪一台"))
            self.which.setFocus()
        elif not self.is_asked:
            self._ask_again(is_asked=True)
        else:
            self.reported.emit(str(self.which.key), self.reason.line.text().strip())

    def end(self) -> None:
        """Be as it was: it has been reported."""
        self.which.clear()
        self.reason.line.resume("")
        self._ask_again(is_asked=False)

    def _ask_again(self, *, is_asked: bool) -> None:
        self.is_asked = is_asked
        self.report.say(tr("确定报失，收不回来") if is_asked else tr("报失"))
        self.report.be("primary" if is_asked else "plain")
