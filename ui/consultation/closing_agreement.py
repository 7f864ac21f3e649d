"""人民调解协议书: what has to be seen on it before a settled dispute is put away as signed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.domain.errors import Trouble
from app.domain.paper_mediation import AgreementSigned
from ui.theme import Role, look
from ui.widgets.label import Label
from ui.words import tr


class AgreementTicks(QWidget):
    """Three ticks: parties, mediator, seal; or the fourth, that no agreement was made. Hidden where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self.parties = QCheckBox(tr("当事人都签字或按了手印"))
        self.mediator = QCheckBox(tr("人民调解员签了字"))
        self.seal = QCheckBox(tr("调委会盖了章"))
        self.consensus_only = QCheckBox(tr("没做人民调解协议书，只签协商共识"))
        self.said = Label("", Role.CAPTION, "seal").wrapped()
        self._shown = ""
        self._is_wanted = False
        self._lay_out()
        for tick in (*self.three(), self.consensus_only):
            tick.toggled.connect(self._settle)
        self.hide()

    def three(self) -> tuple[QCheckBox, QCheckBox, QCheckBox]:
        """Return the ticks without which an agreement is not in force."""
        return self.parties, self.mediator, self.seal

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(2))
        column.addWidget(Label(tr("人民调解协议书，看着纸勾："), Role.NAME))
        for tick in self.three():
            tick.setMinimumWidth(tick.sizeHint().width() + look().px(6))  # the frame of the focus takes some
            column.addWidget(tick, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.consensus_only, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.said)
        self.said.hide()

    def show_meeting(self, sitting_id: str, has_agreement: bool) -> None:
        """Show the ticks for a meeting that leaves an agreement; those of another meeting are forgotten."""
        if sitting_id != self._shown:
            self._shown = sitting_id
            for tick in (*self.three(), self.consensus_only):
                tick.setChecked(False)
        self._is_wanted = has_agreement
        self.setVisible(has_agreement)

    def is_wanted(self) -> bool:
        """Return whether this meeting leaves an agreement at all."""
        return self._is_wanted

    def signed(self) -> AgreementSigned:
        """Return what was ticked."""
        seen = (tick.isChecked() for tick in (*self.three(), self.consensus_only))
        return AgreementSigned(*seen)

    def next_wanted(self) -> QCheckBox | None:
        """Return the first tick still lacking; None when nothing is."""
        if not self._is_wanted or not self.signed().lacks():
            return None
        return next((tick for tick in self.three() if not tick.isChecked()), None)

    def tell(self, trouble: Trouble) -> None:
        """Say why it is not put away yet, and go to the first tick that lacks."""
        self.said.say(trouble.sentence())
        self.said.show()
        if (tick := self.next_wanted()) is not None:
            tick.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self) -> None:
        """Without an agreement there is nothing to tick of it."""
        for tick in self.three():
            tick.setEnabled(not self.consensus_only.isChecked())
        self.said.hide()
