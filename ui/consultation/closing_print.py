"""打印: the real pages beside the list of papers; printing goes sheet by sheet and can always be stopped."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Trouble
from app.domain.paper import Paper, SignInSheet
from app.domain.practice import Practice
from app.printing import PAPERS
from app.queries import paper as papers
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.consultation.closing_choice import Choice, ChoiceList
from ui.home.following import Following
from ui.printing import (
    Copy,
    DrawnPaper,
    DrawnPapers,
    NoPrinter,
    PrinterFor,
    PrintRun,
    copies_of,
    printer_named,
    printer_names,
    save_papers,
    set_for_papers,
)
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Rule
from ui.widgets.error_panel import ErrorPanel, WayOut
from ui.widgets.label import Label
from ui.widgets.page_preview import PagePreview
from ui.widgets.progress import Progress
from ui.widgets.sign import Sign
from ui.words import tr

FOLDER = "文书"
SIGN_IN = "sign_in_sheet"
SIDE = 286
SHORT = 560
NARROW = 800


class _Side(QWidget):
    """The column at the right, as wide as the letters ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._fit()
        look().changed.connect(self._fit)

    def _fit(self) -> None:
        self.setFixedWidth(look().px(SIDE))


class PrintStep(QWidget):
    """The second step; `printed` leads on to signing. Printing goes on while other pages are looked at."""

    printed = Signal()

    def __init__(self, room: Room, drawn: DrawnPapers) -> None:
        super().__init__()
        self.room, self.drawn = room, drawn
        self.live: LiveSitting | None = None
        self.printer_name = ""
        self.printer_for: PrinterFor | None = None
        self._was_open = False
        self.run: PrintRun | None = None
        self._left: list[Copy] = []
        self._printed_for = ""
        self._wants_print = False
        self._contents: Mapping[str, Paper] = {}
        self._make_parts()
        self._lay_out()
        self._listen()

    def _make_parts(self) -> None:
        self.name, self.form = Label("", Role.NAME), Label("", Role.CAPTION, "ink2")
        self.whole = Button(tr("整页"), "link")
        self.preview = PagePreview(name=tr("文书的样子"))
        self.list = ChoiceList()
        self.fewer, self.more = Button("−", "plain"), Button("+", "plain")
        self.fewer.setAccessibleName(tr("少印一份"))
        self.more.setAccessibleName(tr("多印一份"))
        self.printer, self.sheets = Label("", Role.BODY), Label("", Role.CAPTION, "ink2")
        self.other = Button(tr("换打印机"), "link")
        self.trouble, self.progress = ErrorPanel(), Progress(tr("停下不会弄坏东西，印出来的都算数"))
        self.go = Button(tr("打印"), "primary", "printer", shown_key("closing.print"), tall=True)
        self.pdf = Button(tr("没带打印机，存 PDF"), "plain", "file-pdf")
        self.onward = Button(tr("下一步：签字"), "quiet", "arrow-right")
        self.result = Label("", Role.CAPTION, "pine").wrapped()
        self.tip = Label(tr("卡纸断电都不怕，印过几份这里有数"), Role.CAPTION, "ink2").wrapped()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._desk(), 1)
        row.addWidget(self._side())

    def _desk(self) -> QWidget:
        desk = QWidget()
        desk.setProperty("ground", "desk")
        desk.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column, top = QVBoxLayout(desk), QHBoxLayout()
        column.setContentsMargins(look().px(24), look().px(8), look().px(22), 0)
        column.setSpacing(0)
        top.setSpacing(10)
        for part in (self.name, self.form):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.whole)
        column.addLayout(top)
        column.addWidget(self.trouble)
        column.addWidget(self.progress)
        column.addWidget(self.preview, 1)
        return desk

    def _side(self) -> QWidget:
        side, inside = _Side(), QWidget()
        whole, column = QVBoxLayout(side), QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Following(inside))
        column.setContentsMargins(look().px(20), look().px(16), look().px(20), look().px(14))
        column.setSpacing(look().px(6))
        column.addLayout(_row(Label(tr("印哪几样"), Role.CARD), None, self.fewer, self.more))
        column.addWidget(self.list, 9)
        column.addWidget(Rule())
        column.addLayout(_row(Sign("printer", "ink2", 18), self.printer, None))
        column.addLayout(_row(self.sheets, None, self.other))
        column.addStretch(1)
        for part in (self.result, self.go, self.pdf, self.onward):
            column.addWidget(part)
        column.addWidget(self.tip)
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tip.setVisible(self.height() >= look().px(SHORT))
        self.form.setVisible(self.width() >= look().px(NARROW))

    def _listen(self) -> None:
        self.list.changed.connect(self._chosen_anew)
        self.list.shown.connect(lambda _: self._show_pages())
        self.list.confirmed.connect(self.print)
        self.fewer.clicked.connect(lambda: self.list.add_copies(-1))
        self.more.clicked.connect(lambda: self.list.add_copies(1))
        self.whole.clicked.connect(self.preview.whole_page)
        self.other.clicked.connect(self.choose_printer)
        self.go.clicked.connect(self.print)
        self.pdf.clicked.connect(self.choose_folder)
        self.onward.clicked.connect(self.printed)
        self.progress.stopped.connect(self.stop)
        self.drawn.drawn.connect(self._take_drawn)

    def show_meeting(self, live: LiveSitting, contents: Mapping[str, Paper], practice: Practice) -> None:
        """Show what there is to print; another meeting begins with the practice's own copies."""
        is_open = live.sitting.is_open()
        is_new = self.live is None or self.live.sitting_id != live.sitting_id or self._was_open != is_open
        self._was_open = is_open
        if is_new or contents != self._contents:
            self._left = []
        self.live, self._contents = live, contents
        before = {} if is_new else {row.kind: row for row in self.list.choices.rows}
        wanted, keepers = papers.copies(live, practice), papers.keepers(practice)
        rows = []
        for kind in contents:
            copies = wanted[kind]
            is_due = copies > 0 and (kind == SIGN_IN or not is_open)
            fresh = Choice(kind, PAPERS[kind].name, copies=max(1, copies), is_ticked=is_due)
            kept = before.get(kind, fresh)
            rows.append(replace(kept, detail=self._detail(kind, keepers[kind]), pages=self._pages(kind)))
        self.list.show_choices(rows)
        if is_new:
            self._begin_anew()
        self._count()

    def _begin_anew(self) -> None:
        self.result.say("")
        self.result.hide()
        self.trouble.hide()
        self.progress.hide()
        self.go.be("primary")
        self.onward.be("quiet")
        self._left = []
        self._show_pages()

    def begin(self) -> None:
        """Take the keyboard: Enter prints what is ticked."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.printer_name and self.printer_for is None:
            self._find_printer()
        self._show_pages()

    def _detail(self, kind: str, keepers: str) -> str:
        assert self.live is not None
        printed, content = self.printed_copies(kind), self._contents[kind]
        pages, about = self._pages(kind), keepers.partition("；")[0]
        if isinstance(content, SignInSheet):
            about = tr("已签 {count}，留白 {rows} 行", count=content.arrived or 0, rows=content.blank_rows)
        parts = (
            tr("印过 {count} 份", count=printed) if printed else "",
            tr("{count} 页", count=pages) if pages else "",
            about,
        )
        return " · ".join(part for part in parts if part)

    def _pages(self, kind: str) -> int:
        paper = self.drawn.paper(kind)
        return len(paper.pages) if paper else 0

    def printed_copies(self, kind: str) -> int:
        """Return how many copies of a paper are out already."""
        return self._counted(_note(self.live.sitting_id, kind)) if self.live else 0

    def saved_papers(self) -> int:
        """Return how many papers were saved as PDF at once, to be printed elsewhere."""
        return self._counted(f"saved/{self.live.sitting_id}") if self.live else 0

    def _counted(self, note: str) -> int:
        kept = self.room.jotted(note, "0")
        return int(kept) if kept.isdecimal() else 0

    def _take_drawn(self, kind: str) -> None:
        if self.live is None or kind not in self._contents:
            return
        self._refresh()
        if kind == self.list.current_kind():
            self._show_pages()
        if self._wants_print and self.drawn.is_ready():
            self.print()

    def _refresh(self) -> None:
        assert self.live is not None
        keepers = papers.keepers(self.room.practices[self.live.consultation.practice])
        rows = [
            replace(row, detail=self._detail(row.kind, keepers[row.kind]), pages=self._pages(row.kind))
            for row in self.list.choices.rows
        ]
        self.list.show_choices(rows)
        self._count()

    def _show_pages(self) -> None:
        paper = self.drawn.paper(self.list.current_kind())
        if paper is None:
            return
        self.name.say(paper.name)
        count = len(paper.pages)
        pages = tr("1–{count} 页", count=count) if count > 1 else tr("1 页")
        self.form.say(tr("{pages} · A4 · 三号仿宋，每页 22 行、每行 28 字", pages=pages))
        self.preview.show_pages(paper.pages)

    def _count(self) -> None:
        sheets = sum(row.sheets for row in self.list.choices.rows)
        self.sheets.say(tr("共 {count} 张纸，单面", count=sheets))
        is_idle = self.run is None
        self.go.setEnabled(is_idle and bool(self.list.ticked()))
        self.pdf.setEnabled(bool(self.list.ticked()))

    def _chosen_anew(self) -> None:
        """Count sheets; copies left over from a jam are no longer what is wanted."""
        self._left = []
        self._count()

    def _find_printer(self) -> None:
        assert self.live is not None
        names = printer_names()
        last = self.room.jotted(self._printer_note())
        self._use(last if last in names else names[0] if names else "")

    def _printer_note(self) -> str:
        """Return the name of the note that remembers the printer of this place."""
        assert self.live is not None
        return f"printer/{next(iter(self.live.consultation.place_codes), '')}"

    def _use(self, name: str) -> None:
        self.printer_name = name
        self.printer.say(name or tr("没找到打印机"), "ink" if name else "ochre")

    def choose_printer(self) -> None:
        """Ask the system's own dialog which printer to use."""
        self._printer = set_for_papers(QPrinter(QPrinter.PrinterMode.HighResolution))
        if self.printer_name:
            self._printer.setPrinterName(self.printer_name)
        dialog = QPrintDialog(self._printer, self)
        dialog.finished.connect(self._printer_chosen)
        dialog.setModal(True)
        dialog.show()

    def _printer_chosen(self, answer: int) -> None:
        if answer != QDialog.DialogCode.Accepted:
            return
        chosen = self._printer
        self.printer_for = lambda _: chosen
        self._use(chosen.printerName() or chosen.outputFileName())
        if chosen.printerName():
            self.room.jot(self._printer_note(), chosen.printerName())

    def print(self) -> None:
        """Print what is ticked, or what a jam left over; papers still being drawn are waited for."""
        if self._left:
            self.resume()
            return
        if self.run is not None or not self.list.ticked():
            return
        self._wants_print = not self.drawn.is_ready()
        if not self._wants_print:
            self._start(copies_of((paper, copies) for paper, copies in self._ticked()))

    def _ticked(self) -> list[tuple[DrawnPaper, int]]:
        pairs = ((self.drawn.paper(row.kind), row.copies) for row in self.list.ticked())
        return [(paper, copies) for paper, copies in pairs if paper]

    def _start(self, copies: list[Copy]) -> None:
        printer_for = self.printer_for or self._usual_printer()
        if printer_for is None:
            self._say_trouble(NoPrinter())
            return
        assert self.live is not None
        self._printed_for = self.live.sitting_id
        self.trouble.hide()
        self.result.hide()
        self.progress.begin()
        self.run = PrintRun(self.room, copies, printer_for, self)
        self.run.went_on.connect(self.progress.show_step)
        self.run.copied.connect(self._copied)
        self.run.ended.connect(self._ended)
        self.run.failed.connect(self._failed)
        self._count()
        self.run.start()

    def _usual_printer(self) -> PrinterFor | None:
        if not self.printer_name:
            self._find_printer()
        if not self.printer_name:
            return None
        printer = printer_named(self.printer_name)
        self.room.jot(self._printer_note(), self.printer_name)
        return lambda _: printer

    def stop(self) -> None:
        """Print no more."""
        self._wants_print = False
        if self.run is not None:
            self.run.stop()

    def is_printing(self) -> bool:
        """Return whether sheets are on their way."""
        return self.run is not None

    def _copied(self, copy: object) -> None:
        assert isinstance(copy, Copy)
        note = _note(self._printed_for, copy.paper.kind)
        self.room.jot(note, str(self._counted(note) + 1))
        self._refresh()

    def _ended(self, is_all: bool) -> None:
        sheets = self.run.done if self.run else 0
        self._end_run()
        self.progress.hide()
        said = tr("{count} 张都印了。念一遍，签字。", count=sheets) if is_all else tr("停下了，印出来的都算数")
        self._say_result(said)
        if not self.isVisible():
            self.room.say(said)
        elif is_all:
            self.go.be("plain")
            self.onward.be("primary")
            self.onward.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, trouble: object) -> None:
        assert isinstance(trouble, Trouble)
        self._left = list(self.run.left) if self.run else []
        self._end_run()
        self.progress.hide()
        self._say_trouble(trouble)
        if not self.isVisible():
            self.room.troubled.emit(trouble)

    def _end_run(self) -> None:
        if self.run is not None:
            self.run.deleteLater()
        self.run = None
        self._count()

    def _say_trouble(self, trouble: Trouble) -> None:
        again = WayOut(tr("接着印"), self.resume) if self._left else WayOut(tr("再试一次"), self._try_again)
        ways = (again, WayOut(tr("存 PDF"), self.choose_folder))
        self.trouble.say(trouble.what, trouble.kept, trouble.advice, trouble.code, ways)

    def _try_again(self) -> None:
        self.printer_name = ""
        self._find_printer()
        self.print()

    def resume(self) -> None:
        """Print the copies that did not come out."""
        left, self._left = self._left, []
        if left and self.run is None:
            self._start(left)

    def _say_result(self, sentence: str) -> None:
        self.result.say(sentence)
        self.result.show()

    def choose_folder(self) -> None:
        """Ask where to save the ticked papers as PDF."""
        dialog = QFileDialog(self, tr("PDF 存到哪里"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(str(_there(self.folder())))
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def folder(self) -> Path:
        """Return where PDFs were saved last, or the folder for them in the home."""
        last = self.room.jotted("papers/folder")
        return Path(last) if last else Path(self.room.where or ".") / FOLDER

    def save(self, folder: Path) -> None:
        """Save the ticked papers as PDF."""
        wanted, sitting_id = [paper for paper, _ in self._ticked()], self.live.sitting_id if self.live else ""
        self.room.work(
            self, lambda: save_papers(wanted, folder), lambda files: self._saved(sitting_id, files), self._not_saved
        )

    def _saved(self, sitting_id: str, files: list[Path]) -> None:
        self.trouble.hide()
        self.room.jot(f"saved/{sitting_id}", str(len(files)))
        self.room.jot("papers/folder", str(files[0].parent))
        said = tr("{count} 样存成 PDF，在 {folder}", count=len(files), folder=files[0].parent.name)
        self._say_result(said)
        self.room.say(said)

    def _not_saved(self, error: BaseException) -> None:
        if isinstance(error, Trouble):
            ways = (WayOut(tr("换个地方存"), self.choose_folder),)
            self.trouble.say(error.what, error.kept, error.advice, error.code, ways)
        else:
            self.room.broken.emit(error)


def _note(sitting_id: str, kind: str) -> str:
    """Return the name of the note that counts the printed copies of a paper."""
    return f"printed/{sitting_id}/{kind}"


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Return parts beside each other; None is the room between."""
    row = QHBoxLayout()
    row.setSpacing(look().px(8))
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row


def _there(folder: Path) -> Path:
    """Return the folder, made if it is not there; its parent if it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return folder.parent
    return folder
