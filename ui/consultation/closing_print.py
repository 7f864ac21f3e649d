"""打印: the real pages beside the list of papers; printing goes page by page and can always be stopped."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.commands.printout import OwePrintouts, RecordPrintout, ToPrint
from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.domain.paper import Paper
from app.domain.printout import Printout
from app.queries.papers import Matter
from app.queries.printout import owed_of, printouts_of
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.consultation.closing_choice import ChoiceList
from ui.consultation.closing_plan import EveningPapers, seconds_of, time_words
from ui.home.following import Following
from ui.print_run import PrintRun
from ui.print_ways import EMPTY, Copy, PrinterFor, QtWay, Way
from ui.printers import Printer, PrinterSearch, tray_words
from ui.printing import DrawnPaper, DrawnPapers, NoPrinter, save_papers
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Rule
from ui.widgets.error_panel import ErrorPanel, WayOut
from ui.widgets.label import Label
from ui.widgets.page_preview import PagePreview
from ui.widgets.progress import Progress
from ui.widgets.sign import Sign
from ui.word_files import save_word
from ui.words import tr

FOLDER = "文书"
BESIDE = "consensus_paper"
SIDE = 286
SHORT = 560
NARROW = 800
LEFT = "print/left/"
"""Before a sitting's id: the note of the copies that a power cut kept from coming out."""


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
    """The step of paper: `printed` leads on to signing, `counted` is said when copies are.

    Printing goes on while other pages are looked at.
    """

    printed = Signal()
    counted = Signal()

    def __init__(self, room: Room, drawn: DrawnPapers) -> None:
        super().__init__()
        self.room, self.drawn = room, drawn
        self.evening = EveningPapers(drawn)
        self.live: LiveSitting | None = None
        self.search = PrinterSearch(self)
        self.printers: list[Printer] | None = None
        self.at_printer: Printer | None = None
        self.tray = ""
        self.printer_for: PrinterFor | None = None
        self.run: PrintRun | None = None
        self._was_open = False
        self._way: tuple[str, Way] | None = None
        self._left: list[Copy] = []
        self._printed_for = ""
        self._wants_print = False
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
        self.word = Button(tr("存 Word，要改字的"), "link")
        self.onward = Button(tr("下一步：签字"), "quiet", "arrow-right")
        self.result = Label("", Role.CAPTION, "pine").wrapped()
        self.tip = Label(_tip(), Role.CAPTION, "ink2").wrapped()

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
        column.addWidget(self.list, 30)
        column.addWidget(Rule())
        column.addLayout(_row(Sign("printer", "ink2", 18), self.printer, None))
        column.addLayout(_row(self.sheets, None, self.other))
        column.addStretch(1)
        for part in (self.result, self.go, self.pdf, self.word, self.onward):
            column.addWidget(part)
        column.addWidget(self.tip)
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tip.setVisible(self.height() >= look().px(SHORT))
        self.form.setVisible(self.width() >= look().px(NARROW))

    def _listen(self) -> None:
        self.list.changed.connect(self._chosen_anew)
        self.list.shown.connect(lambda _: self._look_at())
        self.list.confirmed.connect(self.print)
        self.fewer.clicked.connect(lambda: self.list.add_copies(-1))
        self.more.clicked.connect(lambda: self.list.add_copies(1))
        self.whole.clicked.connect(self.preview.whole_page)
        self.other.clicked.connect(self.choose_printer)
        self.go.clicked.connect(self.print)
        self.pdf.clicked.connect(self.choose_folder)
        self.word.clicked.connect(self.choose_word_folder)
        self.onward.clicked.connect(self.printed)
        self.progress.stopped.connect(self.stop)
        self.drawn.drawn.connect(self._take_drawn)
        self.drawn.pictured.connect(self._take_picture)
        self.search.found.connect(self._take_printers)
        self.room.changed.connect(self._take_changes)

    def show_meeting(self, matter: Matter, contents: Mapping[str, Paper]) -> None:
        """Show what there is to print; another meeting begins with the practice's own copies."""
        live, before = matter.live, self.evening.matter
        was = (before.live.sitting_id, self._was_open) if before else None
        is_new = was != (live.sitting_id, live.sitting.is_open())
        self._left = [copy for copy in self._left if copy.paper.content == contents.get(copy.paper.kind)]
        self.live, self._was_open = live, live.sitting.is_open()
        if is_new:
            self.evening.forget()
        self.evening.take(matter, contents)
        if is_new:
            self._begin_anew()
            self.room.ask(self, self._take_printouts, printouts_of, live.sitting_id)
        self._refresh()
        self._want()

    def _begin_anew(self) -> None:
        self.result.say("")
        self.result.hide()
        self.trouble.hide()
        self.progress.hide()
        self.go.be("primary")
        self.onward.be("quiet")
        self._left = []

    def begin(self) -> None:
        """Take the keyboard: Enter prints what is ticked."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.at_printer is None and self.printer_for is None:
            self.search.look()
        self._look_at()

    def _take_printouts(self, printouts: tuple[Printout, ...]) -> None:
        self.evening.printouts = list(printouts)
        self._refresh()
        self.counted.emit()

    def _take_changes(self, changes: ChangeSet) -> None:
        """Count what was printed of this meeting; printing is told by the same words as everything else."""
        if self.live is not None and Printout.KIND in changes.kinds():
            self.room.ask(self, self._take_printouts, printouts_of, self.live.sitting_id)

    def _want(self) -> None:
        """Have those papers drawn that are ticked or looked at; the others cost nothing."""
        kinds = {row.kind for row in self.list.choices.rows if row.is_ticked} | {self.list.current_kind(), BESIDE}
        contents = {kind: content for kind, content in self.evening.contents.items() if kind in kinds}
        first = self.list.current_kind() if self.isVisible() else BESIDE
        self.drawn.want(contents, first=first)

    def _look_at(self) -> None:
        self.drawn.look_at(self.list.current_kind(), BESIDE)
        self._want()
        self._show_pages()

    def _take_drawn(self, kind: str) -> None:
        if self.live is None or kind not in self.evening.contents:
            return
        self._refresh()
        if kind == self.list.current_kind():
            self._show_pages()
        if self.drawn.is_ready():
            self._recall()
            if self._wants_print:
                self.print()

    def _take_picture(self, kind: str, page: int) -> None:
        picture = self.drawn.pages(kind)[page]
        if kind == self.list.current_kind() and picture is not None and page < self.preview.page_count():
            self.preview.show_page(page, picture)

    def _refresh(self) -> None:
        if self.evening.matter is None:
            return
        duplex = self.at_printer.duplex if self.at_printer else False
        self.list.show_choices(self.evening.rows(duplex))
        self._count()

    def _show_pages(self) -> None:
        paper = self.drawn.paper(self.list.current_kind())
        if paper is None:
            return
        self.name.say(paper.name)
        pages = tr("1–{count} 页", count=paper.count) if paper.count > 1 else tr("1 页")
        self.form.say(tr("{pages} · A4 · 三号仿宋，每页 22 行、每行 28 字", pages=pages))
        self.preview.show_pages(self.drawn.pages(paper.kind))

    def _count(self) -> None:
        rows = self.list.choices.rows
        sheets, pages = sum(row.sheets for row in rows), sum(row.sides for row in rows)
        lasts = time_words(seconds_of(pages, self._pace())) if pages else ""
        told = tr("共 {count} 张纸，{lasts}", count=sheets, lasts=lasts)
        owed = sum(paper.copies for paper in owed_of(self.evening.printouts))
        self.sheets.say(told if pages else tr("都印齐了；要再印，按空格勾上"))
        self.tip.say(tr("回去再印：还有 {count} 份", count=owed) if owed else _tip())
        self.go.setEnabled(self.run is None and bool(self.list.ticked() or self._left))
        self.pdf.setEnabled(bool(self.list.ticked()))

    def _chosen_anew(self, kind: str) -> None:
        """Count sheets; copies left over from a jam are no longer what is wanted."""
        self._left = []
        row = next(row for row in self.list.choices.rows if row.kind == kind)
        self.evening.put_by_hand(row)
        self._want()
        self._count()

    def printed_copies(self, kind: str = "") -> int:
        """Return how many copies are out already, of one paper or of all."""
        return sum(one.copies for one in self.evening.printouts if one.is_out() and kind in ("", one.paper))

    def saved_papers(self) -> int:
        """Return how many papers were saved as PDF, to be printed elsewhere."""
        return len({one.paper for one in self.evening.printouts if not one.is_out() and one.where})

    def _take_printers(self, printers: list[Printer]) -> None:
        self.printers = printers
        last = self.room.jotted(self._note("printer"))
        known = next((printer for printer in printers if printer.name == last), None)
        self._use(known or next(iter(printers), None), self.room.jotted(self._note("tray")) if known else "")
        if self._wants_print:
            self.print()

    def _note(self, of: str) -> str:
        """Return the name of the note that remembers the printer, or its tray, of this place."""
        codes = self.live.consultation.place_codes if self.live else ()
        return f"{of}/{next(iter(codes), '')}"

    def _pace(self) -> float | None:
        kept = self.room.jotted(f"pace/{self.at_printer.name}") if self.at_printer else ""
        return int(kept) / 1000 if kept.isdecimal() else None

    def _use(self, printer: Printer | None, tray: str = "") -> None:
        self.at_printer, self.tray, self._way = printer, tray, None
        name = printer.name if printer else tr("没找到打印机")
        self.printer.say(f"{name} · {tray_words(tray)}" if tray else name, "ink" if printer else "ochre")
        self._refresh()

    def choose_printer(self) -> None:
        """Offer the printers of this machine, each with its trays; the list comes when it is known."""
        if self.printers is None:
            self.search.look()
            return
        menu = QMenu(self)
        for printer in self.printers:
            for tray in ("", *printer.trays):
                words = f"{printer.name} · {tray_words(tray)}" if tray else printer.name
                menu.addAction(words).triggered.connect(lambda _=False, p=printer, t=tray: self._chosen(p, t))
        menu.addAction(tr("再找一遍")).triggered.connect(self.search.look)
        menu.popup(self.other.mapToGlobal(QPoint(0, self.other.height())))

    def _chosen(self, printer: Printer, tray: str) -> None:
        self.printer_for = None
        self._use(printer, tray)
        self._remember()

    def _remember(self) -> None:
        """Keep which printer was used here last."""
        if self.at_printer is not None and self.printer_for is None:
            self.room.jot(self._note("printer"), self.at_printer.name)
            self.room.jot(self._note("tray"), self.tray or None)

    def _way_out(self) -> Way | None:
        """Return the way to the printer; the same one as before, for it knows the jobs it has there."""
        if self.printer_for is not None:
            return QtWay(self.printer_for)
        if self.at_printer is None:
            return None
        key = f"{self.at_printer.name}/{self.tray}"
        if self._way is None or self._way[0] != key:
            self._way = (key, self.at_printer.way(self.tray))
        return self._way[1]

    def print(self) -> None:
        """Print what is ticked, or what a jam left over; the printer and papers being drawn are waited for."""
        if self.run is not None or not (self._left or self.list.ticked()):
            return
        self._wants_print = self._is_looking() or not (self._left or self.drawn.is_ready())
        if not self._wants_print:
            self._start(self._left or self.evening.copies_of(self.list.ticked()))

    def _is_looking(self) -> bool:
        """Return whether the printer is still being looked for."""
        if self.printer_for is not None or self.printers is not None:
            return False
        self.search.look()
        return True

    def _start(self, copies: list[Copy]) -> None:
        way = self._way_out()
        if way is None:
            self._say_trouble(NoPrinter())
            self.printers = None
            return
        assert self.live is not None
        self._printed_for, self._left = self.live.sitting_id, []
        self.trouble.hide()
        self.result.hide()
        self.progress.begin()
        self._remember()
        self.run = PrintRun(copies, way, self)
        self.run.went_on.connect(self.progress.show_step)
        self.run.turned.connect(self._turned)
        self.run.waits.connect(self._waits)
        self.run.copied.connect(self._copied)
        self.run.ended.connect(self._ended)
        self.run.failed.connect(self._failed)
        self._count()
        self.run.start()

    def stop(self) -> None:
        """Print no more."""
        self._wants_print = False
        if self.run is not None:
            self.run.stop()

    def is_printing(self) -> bool:
        """Return whether sheets are on their way."""
        return self.run is not None

    def _turned(self) -> None:
        """Keep what is left, to go on with the very page after a power cut."""
        assert self.run is not None
        left = [
            f"{copy.paper.kind} {copy.number} {copy.first} {copy.paper.digest[:12]} {int(copy.two_sided)}{copy.mark}"
            for copy in self.run.left
        ]
        self.room.jot(LEFT + self._printed_for, "\n".join(left) or None)

    def _recall(self) -> None:
        """Offer to go on where a power cut broke off, if the papers still say the same."""
        kept = self.room.jotted(LEFT + self.live.sitting_id) if self.live else ""
        if not kept or self._left or self.run is not None:
            return
        found = [self._recalled(line) for line in kept.splitlines()]
        self._left = [copy for copy in found if copy is not None]
        if self._left:
            pages = sum(copy.pages for copy in self._left)
            self._say_result(tr("上次印到一半，还有 {count} 页；再按一次打印，从断的那页接着印", count=pages))
        self._count()

    def _recalled(self, line: str) -> Copy | None:
        kind, number, first, digest, rest = line.split(" ", 4)
        paper = self.drawn.paper(kind)
        if paper is None or paper.digest[:12] != digest:
            return None
        return Copy(paper, int(number), int(first), rest[0] == "1", rest[1:])

    def _waits(self, waits_for: str) -> None:
        if waits_for == EMPTY:
            self.trouble.say(tr("打印机没纸了"), tr("印出来的都好。"), tr("加上纸，它自己接着印。"), "P-210", ())
        else:
            self.trouble.hide()

    def _copied(self, copy: object) -> None:
        assert isinstance(copy, Copy)
        where = self.at_printer.name if self.at_printer and self.printer_for is None else ""
        paper, version, is_reprint = copy.paper, self.evening.version, bool(copy.mark)
        job = f"{id(self.run)}/{copy.number}"
        self.evening.came_out(Printout(job, "", self._printed_for, paper.kind, version, 1, paper.count, paper.digest))
        self._refresh()
        record = RecordPrintout(
            self._printed_for, paper.kind, paper.count, paper.digest, version, where, is_reprint, job
        )
        self.room.do(self, record, soon=False)

    def _ended(self, is_all: bool) -> None:
        pages = self.run.done if self.run else 0
        self._left = list(self.run.left) if self.run else []
        self._end_run()
        self.progress.hide()
        said = tr("{count} 页都印了。念一遍，签字。", count=pages) if is_all else tr("停下了，印出来的都算数")
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
        self._owe([(copy.paper, 1) for copy in self._left])
        self._end_run()
        self.progress.hide()
        self._say_trouble(trouble)
        if not self.isVisible():
            self.room.troubled.emit(trouble)

    def _end_run(self) -> None:
        if self.run is not None:
            pace = self.run.seconds_a_page()
            if pace is not None and self.at_printer is not None and self.printer_for is None:
                self.room.jot(f"pace/{self.at_printer.name}", str(round(1000 * pace)))
            self.run.deleteLater()
        self.run = None
        self._count()

    def _say_trouble(self, trouble: Trouble) -> None:
        again = WayOut(tr("接着印"), self.resume) if self._left else WayOut(tr("再试一次"), self._try_again)
        ways = (again, WayOut(tr("存 PDF"), self.choose_folder))
        self.trouble.say(trouble.what, trouble.kept, trouble.advice, trouble.code, ways)

    def _try_again(self) -> None:
        self.printers = None
        self.print()

    def resume(self) -> None:
        """Print what did not come out, from the very page on."""
        if self._left:
            self.print()

    def _owe(self, papers: list[tuple[DrawnPaper, int]], where: str = "") -> None:
        """Note what is to be printed later: 回去再印."""
        counts: dict[str, int] = {}
        for paper, copies in papers:
            counts[paper.kind] = counts.get(paper.kind, 0) + copies
        sums = {paper.kind: paper.digest for paper, _ in papers}
        owed = tuple(ToPrint(kind, count, sums[kind], self.evening.version) for kind, count in counts.items())
        sitting_id = self._printed_for or (self.live.sitting_id if self.live else "")
        self.room.do(self, OwePrintouts(sitting_id, owed, where), soon=False)

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

    def choose_word_folder(self) -> None:
        """Ask where to save the ticked papers as Word files."""
        name = QFileDialog.getExistingDirectory(self, tr("Word 存到哪里"), str(_there(self.folder())))
        if name:
            self.save_word(Path(name))

    def save_word(self, folder: Path) -> None:
        """Save the ticked papers that can be edited as Word files."""
        papers = [paper for row in self.list.ticked() if (paper := self.drawn.paper(row.kind)) is not None]
        home = Path(self.room.where or ".")
        self.room.work(self, lambda: save_word(papers, folder, home), self._saved_word, self._not_saved)

    def _saved_word(self, files: list[Path]) -> None:
        said = tr("{count} 样存成 Word", count=len(files)) if files else tr("勾上的这几样没有 Word 版，可以存 PDF")
        self._say_result(said)
        self.room.say(said)

    def folder(self) -> Path:
        """Return where PDFs were saved last, or the folder for them in the home."""
        last = self.room.jotted("papers/folder")
        return Path(last) if last else Path(self.room.where or ".") / FOLDER

    def save(self, folder: Path) -> None:
        """Save the ticked papers as PDF; they wait to be printed elsewhere."""
        rows = [(self.drawn.paper(row.kind), row.copies) for row in self.list.ticked()]
        wanted = [(paper, copies) for paper, copies in rows if paper is not None]
        self._printed_for = self.live.sitting_id if self.live else ""
        self.room.work(
            self, lambda: save_papers(wanted, folder), lambda files: self._saved(wanted, files), self._not_saved
        )

    def _saved(self, papers: list[tuple[DrawnPaper, int]], files: list[Path]) -> None:
        self.trouble.hide()
        self._owe(papers, str(files[0].parent))
        self.room.jot("papers/folder", str(files[0].parent))
        said = tr("{count} 样存成 PDF，在 {folder}", count=len(papers), folder=files[0].parent.name)
        self._say_result(said)
        self.room.say(said)

    def _not_saved(self, error: BaseException) -> None:
        if isinstance(error, Trouble):
            ways = (WayOut(tr("换个地方存"), self.choose_folder),)
            self.trouble.say(error.what, error.kept, error.advice, error.code, ways)
        else:
            self.room.broken.emit(error)


def _tip() -> str:
    return tr("卡纸断电都不怕，印过几份这里有数")


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
