"""存证: signed sheets come back as photographs or scans and find their places by the codes on their pages."""

from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.attachment import Placing
from app.domain.errors import Trouble
from app.queries.attachment import PaperBack, papers_back
from app.scanning.reading import Step
from ui.actions import shown_key
from ui.room import Room
from ui.scanning import FILES, ScanRun, TakenIn, paper_names
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.check_row import CheckRow, State
from ui.widgets.label import Label
from ui.widgets.progress import Progress
from ui.widgets.rows import show_rows
from ui.words import tr

STATES = {
    Placing.FILED: (State.COMPLETE, "收好"),
    Placing.OTHER_VERSION: (State.COMPLETE, "旧版"),
    Placing.ALREADY: (State.OPTIONAL, "收过"),
    Placing.ASIDE: (State.OPTIONAL, "待认"),
    Placing.FOREIGN: (State.MISSING, "别的会"),
}


class ScanPanel(QWidget):
    """Choose or drop files; while they are read there is progress and 停下; then each page says where it went."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self.room = room
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("签好的纸"))
        self.run: ScanRun | None = None
        self._sitting_id = ""
        self.choose_files = Button(tr("收签好的纸"), "plain", "camera", shown_key("closing.scan"))
        told = tr("手机拍的、扫描仪扫的都行，拖进来就认页脚的码。只存成图，不认指纹、不认笔迹。")
        self.advice = Label(told, Role.CAPTION, "ink2")
        self.progress = Progress(tr("停下什么都不留，原来的照片没动"))
        self.progress.hide()
        self._rows = QWidget()
        self._list = QVBoxLayout(self._rows)
        self._lay_out()
        self.choose_files.clicked.connect(self.choose)
        self.progress.stopped.connect(self.stop)

    def _lay_out(self) -> None:
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row.addWidget(self.choose_files)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.advice.wrapped())
        column.addWidget(self.progress)
        self._rows.setProperty("ground", "none")
        self._list.setContentsMargins(0, 0, 4, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        column.addWidget(self._rows, 1)

    def show_meeting(self, sitting_id: str) -> None:
        """Show what has come back of a meeting."""
        if sitting_id != self._sitting_id:
            self._sitting_id = sitting_id
            self._show_rows([])
            self._ask()

    def _ask(self) -> None:
        self.room.ask(self, self._show_back, papers_back, self._sitting_id, paper_names())

    def _show_back(self, back: list[PaperBack]) -> None:
        self._show_rows([self._back_row(paper) for paper in back])

    def _back_row(self, paper: PaperBack) -> CheckRow:
        state = State.OPTIONAL if paper.missing else State.COMPLETE
        return CheckRow(paper.sentence(), "", state, tr("还缺") if paper.missing else tr("齐"))

    def choose(self) -> None:
        """Choose photographs or scans."""
        kinds = " ".join(f"*.{ending}" for ending in FILES)
        names, _ = QFileDialog.getOpenFileNames(self, tr("收签好的纸"), "", f"{tr('照片、扫描件')} ({kinds})")
        self.take([Path(name) for name in names])

    def take(self, files: list[Path]) -> None:
        """Read files and file what is on them; one batch at a time."""
        if not files or self.run is not None:
            return
        self.run = ScanRun(self.room, files, self, self._sitting_id)
        self.run.went_on.connect(self._went_on)
        self.run.ended.connect(self._ended)
        self.run.failed.connect(self._failed)
        self.choose_files.setEnabled(False)
        self.progress.begin()
        self.progress.show_step(tr("正在认页脚的码"), 0, len(files))
        self.run.start()

    def stop(self) -> None:
        """Stop: nothing of the batch is kept."""
        if self.run is not None:
            self.run.stop()

    def _went_on(self, step: Step) -> None:
        self.progress.show_step(tr("正在认 {file}", file=step.file), step.done, step.known)

    def _ended(self, taken: TakenIn) -> None:
        self._rest()
        rows = [self._placed_row(placed.sentence, placed.placing) for placed in taken.placed]
        rows += [CheckRow(one.trouble.what, one.trouble.advice, State.MISSING) for one in taken.unread]
        rows += [CheckRow(sentence, "", State.OPTIONAL, tr("还缺")) for sentence in taken.missing]
        self._show_rows(rows)
        self.room.said.emit(tr("收了 {count} 页", count=taken.filed), taken.act)

    def _placed_row(self, sentence: str, placing: Placing) -> CheckRow:
        state, word = STATES[placing]
        return CheckRow(sentence, "", state, tr(word))

    def _failed(self, trouble: Trouble) -> None:
        self._rest()
        self.room.troubled.emit(trouble)

    def _rest(self) -> None:
        self.run = None
        self.choose_files.setEnabled(True)
        self.progress.hide()

    def _show_rows(self, rows: list[CheckRow]) -> None:
        show_rows(self._list, rows)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
