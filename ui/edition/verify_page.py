"""查真伪: a code typed in, or a photograph of the paper, and one sentence about what the paper is worth."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.edition_code import shown_digits
from app.domain.wording import clock, full_day
from app.queries.edition import PROVES, Finding, Verdict, verdict
from ui.actions import bind, shown_key
from ui.home.following import Following
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import Role, look
from ui.verifying import finding_of_file
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.widgets.sign import Sign
from ui.words import tr

WORDS = {
    Verdict.UNCHANGED: ("没改过", "check-circle", "pine", "fill"),
    Verdict.SUPERSEDED: ("旧版", "warning", "ochre", "fill"),
    Verdict.ALTERED: ("改动过", "warning", "seal", "fill"),
    Verdict.NOT_OURS: ("不是我们的", "warning", "seal", "fill"),
    Verdict.UNKNOWN_HERE: ("本机没有原件", "question", "ochre", None),
    Verdict.UNSEALED: ("没盖印", "circle-dashed", "ink3", None),
}
PICTURES = "*.jpg *.jpeg *.png *.heic *.tif *.tiff *.pdf *.json"


class VerifyPage(Page):
    """One field, one button for pictures, one answer."""

    name = "verify"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.setAcceptDrops(True)
        self.code = Field(tr("二十个数，或扫码枪扫一下"), tr("验真码"))
        self.check = Button(tr("查一查"), "primary", "seal-check", "↵", tall=True)
        self.picture = Button(tr("从照片里读码"), "plain", "camera", shown_key("verify.picture"))
        self.answer = Card("plain", tr("查的结果"))
        self.sign, self.word = Sign("question", "ink3", 24), Label("", Role.CARD)
        self.sentence, self.facts = Label("", Role.STATEMENT).wrapped(), Label("", Role.CAPTION, "ink2").wrapped()
        self.proves = Label(tr(PROVES), Role.CAPTION, "ink2").wrapped()
        self._lay_out()
        self.code.line.submitted.connect(lambda _: self.ask())
        self.check.clicked.connect(self.ask)
        self.picture.clicked.connect(self.choose)
        bind(self, {"verify.picture": self.choose})

    def _lay_out(self) -> None:
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        whole, inside = QVBoxLayout(self), QWidget()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Following(inside))
        column = QVBoxLayout(inside)
        column.setContentsMargins(look().px(32), look().px(24), look().px(32), look().px(20))
        column.setSpacing(look().px(12))
        column.addWidget(Label(tr("查真伪"), Role.PAGE))
        told = tr("纸上每页脚有码，也可以输入验真码。照片拖进来也行；什么都不会传出去。")
        column.addWidget(Label(told, Role.BODY, "ink2").wrapped())
        column.addWidget(self.code)
        row = QHBoxLayout()
        row.setSpacing(look().px(12))
        row.addWidget(self.check)
        row.addWidget(self.picture)
        row.addStretch(1)
        column.addLayout(row)
        head = QHBoxLayout()
        head.setSpacing(look().px(10))
        head.addWidget(self.sign)
        head.addWidget(self.word)
        head.addStretch(1)
        self.answer.column.addLayout(head)
        for part in (self.sentence, self.facts, self.proves):
            self.answer.column.addWidget(part)
        self.answer.hide()
        column.addWidget(self.answer)
        column.addStretch(1)

    def enter(self, record_id: str = "") -> None:
        """Take the keyboard; a code that is handed over is checked at once."""
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)
        if record_id:
            self.code.line.setText(record_id)
            self.ask()

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of this page."""
        return (Hint("↵", tr("查一查")), Hint(shown_key("verify.picture"), tr("从照片里读码")))

    def ask(self) -> None:
        """Check what is typed."""
        text = self.code.line.text().strip()
        if text:
            self.room.ask(self, self.show_finding, verdict, self.room.seal, text)

    def choose(self) -> None:
        """Choose a photograph, a scan or a record file, and check it."""
        name, _ = QFileDialog.getOpenFileName(
            self, tr("从照片里读码"), "", f"{tr('照片、扫描件、记录文件')} ({PICTURES})"
        )
        if name:
            self.check_file(Path(name))

    def check_file(self, file: Path) -> None:
        """Check a file; it is read in a process of its own, beside the window."""
        self.answer.hide()  # what was said of another paper is not said of this one
        self.picture.set_busy(True)
        finding_of_file(self.room, self, file, self._read)

    def _read(self, finding: Finding | None) -> None:
        self.picture.set_busy(False)
        if finding is not None:
            self.show_finding(finding)

    def show_finding(self, finding: Finding) -> None:
        """Say what the paper is worth."""
        word, icon, tone, weight = WORDS[finding.verdict]
        self.word.say(tr(word), tone)
        self.sign.show_icon(icon, tone, weight)
        self.sentence.say(finding.told())
        self.facts.say(_facts(finding))
        self.facts.setVisible(bool(self.facts.text()))
        self.proves.setVisible(finding.edition is not None)
        self.answer.setAccessibleDescription(f"{tr(word)} {finding.told()}")
        self.answer.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.check_file(files[0])


def _facts(finding: Finding) -> str:
    edition = finding.edition
    if edition is None:
        return ""
    at = f"{full_day(edition.sealed_at.date())} {clock(edition.sealed_at)}"
    told = tr("第 {version} 版，{who} {at} 定稿，验真码 {digits}。")
    return told.format(version=edition.version, who=edition.sealed_by, at=at, digits=shown_digits(edition.digits))
