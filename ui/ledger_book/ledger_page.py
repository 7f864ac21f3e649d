"""台账: the return and the lists of a place over some days; every figure opens the meetings behind it.

Nothing can be typed in here but of which place and which days. What is shown is written as Excel and printed as it
stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.desk import Desk
from app.domain.action import Action
from app.domain.change import ChangeSet
from app.domain.consultation import Consultation
from app.domain.errors import Trouble
from app.domain.return_figures import MEANINGS, Entry, figure, meanings
from app.domain.topic import Topic
from app.domain.wording import day_seen_from
from app.office_files.excel import excel
from app.queries.ledger_book import LISTS, Asked, Book, Ledger
from app.queries.paper_ledger import ledger_sheet
from app.queries.return_count import Return, count_return
from app.queries.return_sheet import return_ledger
from app.queries.sitting import sitting_of
from app.settings import ORGAN
from ui.actions import bind, shown_key
from ui.home.following import Following
from ui.ledger_book.ledger_scope import ALL, LedgerScope
from ui.ledger_book.ledger_table import LedgerTable
from ui.office_papers import write_whole
from ui.page import Hint, Page
from ui.people.people_list import RowList
from ui.print_sheet import PrintSheet
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.choice import Filters
from ui.widgets.error_panel import ErrorPanel
from ui.widgets.label import Label
from ui.widgets.painted import announce
from ui.widgets.row import ROW_ROLE, Row
from ui.words import tr

RETURN = "return"
KINDS = {
    RETURN: "报表",
    "plan": "计划表",
    "supervision": "督办表",
    "actions": "任务台账",
    "consultations": "活动台账",
    "topics": "议题清单",
}
FIRST_FIGURE = 2
WIDE = 900
MEASURES = {one.name: one.measure for one in MEANINGS} | {"share_content": "户"}
"""In what the things behind a figure are counted."""
SETTLE_MS = 600
OURS = frozenset({"topic", "consultation", "sitting", "attendance", "consensus", "action", "progress", "revisit"})
_Index = QModelIndex | QPersistentModelIndex
_SPOKEN = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)


@dataclass(frozen=True, slots=True)
class Shown:
    """What was made: the list, and of a return what it was counted from."""

    ledger: Ledger
    counted: Return | None = None


class Behind(QAbstractListModel):
    """What stands behind a figure, day by day."""

    def __init__(self, tell: Callable[[Entry], Row], parent: QWidget) -> None:
        super().__init__(parent)
        self._tell = tell
        self.found: tuple[Entry, ...] = ()

    def show(self, found: tuple[Entry, ...]) -> None:
        """Show others."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != ROW_ROLE and role not in _SPOKEN:
            return None
        row = self._tell(self.found[index.row()])
        return row if role == ROW_ROLE else row.spoken()


class LedgerPage(Page):
    """The page."""

    name = "ledger"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.kind, self.shown = RETURN, Shown(Ledger("", "", (), (), "", date.min))
        self.name_label = Label(tr("台账"), Role.PAGE)
        self.kinds = Filters(tr("哪一种"), KINDS, RETURN, self.choose)
        self.scope = LedgerScope(room)
        self.excel = Button("Excel", "plain", "download-simple", shown_key("ledger.excel"))
        self.print = Button(tr("打印"), "primary", "printer", shown_key("ledger.print"))
        self.pdf = Button(tr("存 PDF"), "plain", "file-pdf", shown_key("ledger.pdf"))
        self.word = Button("Word", "plain", "file-text", shown_key("ledger.word"))
        self.table, self.trouble = LedgerTable(), ErrorPanel()
        self.figure, self.meaning = Label("", Role.NAME), Label("", Role.CAPTION, "ink2").wrapped()
        self.behind = RowList(tr("这个数是哪几场会来的"), 42)
        self.entries = Behind(self._row_of, self.behind)
        self.behind.setModel(self.entries)
        self.sheet = PrintSheet(room, "ledger_sheet", tr("台账"), self)
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head, self.body = QHBoxLayout(), QWidget()
        self.head.setSpacing(look().px(10))
        self.head.addWidget(self.name_label)
        self.head.addStretch(1)
        for button in self.carrying:
            self.head.addWidget(button)
        self.column = QVBoxLayout(self.body)
        self.column.addLayout(self.head)
        self.column.addWidget(self.kinds)
        self.column.addWidget(self.scope)
        self.column.addWidget(self.trouble)
        self.column.addWidget(self.table, 100)
        self.column.addWidget(self.figure)
        self.column.addWidget(self.meaning)
        self.column.addWidget(self.behind, 1)
        self.trouble.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Following(self.body))
        look().changed.connect(self._place)
        self._place()

    @property
    def carrying(self) -> dict[Button, str]:
        """Return the buttons that take the list along, with the acts they stand for."""
        acts = ("ledger.excel", "ledger.word", "ledger.pdf", "ledger.print")
        return dict(zip((self.excel, self.word, self.pdf, self.print), acts, strict=True))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Give the parts their room; in a narrow window keys are not shown on the buttons."""
        px = look().px
        is_wide = self.width() >= px(WIDE)
        edge = px(32 if is_wide else 20)
        self.column.setContentsMargins(edge, px(16), edge, px(12))
        self.column.setSpacing(px(9))
        self.table.setMinimumHeight(px(190))
        self.behind.setMinimumHeight(px(90))
        self.scope.place_parts(is_wide=is_wide)
        self._place_kinds(self.width() - 2 * edge, has_keys=is_wide)

    def _place_kinds(self, room: int, *, has_keys: bool) -> None:
        """Put the kinds of lists beside the buttons where both have room, if need be with no keys on the buttons."""
        self._show_keys(has_keys)
        is_beside = self._head_width() <= room
        if has_keys and not is_beside:
            self._show_keys(False)
            is_beside = self._head_width() <= room
            self._show_keys(not is_beside)
        if is_beside != (self.head.indexOf(self.kinds) >= 0):
            (self.head if is_beside else self.column).insertWidget(1, self.kinds)

    def _show_keys(self, on: bool) -> None:
        for button, act in self.carrying.items():
            button.key = shown_key(act) if on else ""
            button.updateGeometry()

    def _head_width(self) -> int:
        """Return how wide the head is with the kinds of lists in it."""
        parts = (self.name_label, self.kinds, *self.carrying)
        return sum(part.sizeHint().width() for part in parts) + (1 + len(parts)) * self.head.spacing()

    def _wire(self) -> None:
        bind(
            self,
            {
                "ledger.excel": self.save_excel,
                "ledger.print": self.print_it,
                "ledger.pdf": self.save_pdf,
                "ledger.word": self.save_word,
                "ledger.back": self.table.setFocus,
                "filter": self.scope.place.setFocus,
            },
        )
        self.scope.changed.connect(self.ask)
        self.table.moved.connect(self.show_behind)
        self.table.opened.connect(self.open)
        self.behind.opened.connect(self.open_entry)
        self.behind.installEventFilter(self)
        self.behind.doubleClicked.connect(lambda _: self.open_entry())
        self.excel.clicked.connect(self.save_excel)
        self.print.clicked.connect(self.print_it)
        self.pdf.clicked.connect(self.save_pdf)
        self.word.clicked.connect(self.save_word)
        self.sheet.told.connect(self.room.say)
        self.sheet.failed.connect(self._failed)
        self._settle.timeout.connect(self.ask)
        self.room.renewed.connect(lambda: self._settle.start() if self.isVisible() else None)

    def enter(self, record_id: str = "") -> None:
        """Show the list that was shown last, as it is now."""
        self.scope.enter()
        self.table.setFocus()
        self.ask()

    def took(self, changes: ChangeSet) -> None:
        """Ask anew once the hands have come to rest."""
        if changes.kinds() & OURS:
            self._settle.start()

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of this page."""
        opens = tr("看是哪几场会") if self.kind == RETURN else tr("打开这一条")
        keys = (("ledger.excel", tr("存 Excel")), ("ledger.print", tr("打印")), ("filter", tr("换地方")))
        return (Hint("↵", opens), *(Hint(shown_key(act), words) for act, words in keys))

    def choose(self, kind: str) -> None:
        """Show another list."""
        self.kind = kind
        self.kinds.mark(kind)
        self.ask()
        self.room.hinted.emit()

    def ask(self) -> None:
        """Have the list made, of the place and days that are chosen."""
        self.room.with_desk(self, self._made, self.show_made, self._failed)

    def _made(self, desk: Desk) -> Shown:
        """Make the list; on the worker."""
        room, scope = self.room, self.scope
        unit, today = room.setting(ORGAN), room.today()
        if self.kind == RETURN:
            found = desk.ask(count_return, room.places, scope.code, scope.since, scope.until, scope.use)
            return Shown(return_ledger(found, unit, today), found)
        names = {code: practice.name for code, practice in room.practices.items()}
        ends = (date.min, date.max) if scope.key == ALL else (scope.since, scope.until)
        asked = Asked(today, unit, place=scope.code, since=ends[0], until=ends[1])
        return Shown(desk.ask(lambda shelf: LISTS[self.kind](Book(shelf, room.places, names), asked)))

    def show_made(self, shown: Shown) -> None:
        """Show what was made."""
        self.trouble.hide()
        self.shown = shown
        for part in (self.figure, self.meaning, self.behind, self.scope.uses):
            part.setVisible(shown.counted is not None)
        self.table.show_ledger(shown.ledger)
        self.show_behind()

    def show_behind(self) -> None:
        """Say what the figure stood on counts, and what it came from."""
        counted, at = self.shown.counted, self.table.currentIndex()
        if counted is None or not at.isValid():
            return
        meaning = meanings(counted.use)[max(0, at.column() - FIRST_FIGURE)]
        row = "" if self.table.rows.is_sum(at.row()) else counted.rows[at.row()].code
        name = counted.place.display_name if not row else counted.rows[at.row()].name
        figures = counted.whole if not row else counted.rows[at.row()].figures
        told = figure(figures, meaning.name, counted.use)
        shown = f"{told} {tr(meaning.measure)}" if told is not None else tr("没有")
        self.figure.say(" · ".join((name, tr(meaning.title), shown)))
        self.meaning.say(tr(meaning.sentence))
        self.entries.show(counted.behind(row, meaning.name))
        self.behind.setEnabled(bool(self.entries.found))
        announce(self, f"{self.figure.text()}，{self.meaning.text()}")

    def _row_of(self, entry: Entry) -> Row:
        place = self.room.places.get(entry.code)
        where = place.display_name if place else ""
        detail = " · ".join(filter(None, (day_seen_from(entry.day, self.room.today()), where)))
        name, count = entry.counts[0]
        icon = "tray" if entry.kind == Topic.KIND else "chats-circle"
        return Row(entry.title, detail, f"{count} {tr(MEASURES[name])}", icon=icon)

    def open(self) -> None:
        """Go to what stands behind the figure, or open what the row is about."""
        if self.shown.counted is not None:
            if self.entries.found:
                self.behind.go_to(0)
                self.behind.setFocus()
            return
        at = self.table.currentIndex().row()
        if 0 <= at < len(self.shown.ledger.records):
            self._go(*self.shown.ledger.records[at])

    def open_entry(self) -> None:
        """Open the meeting or the topic that is chosen."""
        at = self.behind.currentIndex().row()
        if 0 <= at < len(self.entries.found):
            entry = self.entries.found[at]
            self._go(entry.kind, entry.record_id)

    def _go(self, kind: str, record_id: str) -> None:
        if kind == Consultation.KIND:
            self.room.ask(self, lambda sitting: self._go_to_meeting(record_id, sitting), sitting_of, record_id)
        else:
            self.room.go("actions" if kind == Action.KIND else "topics", record_id)

    def _go_to_meeting(self, consultation_id: str, sitting: object) -> None:
        found = getattr(sitting, "id", "")
        self.room.go("desk", found) if found else self.room.go("call", consultation_id)

    def save_excel(self) -> None:
        """Keep the list as Excel, whole or not at all, and say where."""
        ledger, to = self.shown.ledger, self.sheet.folder / f"{self.shown.ledger.title}.xlsx"

        def write() -> str:
            write_whole(to, excel(ledger))
            return str(to)

        self.room.tasks.run(self, write, self._say_kept, self._failed, aside=True)

    def _say_kept(self, file: str) -> None:
        self.room.say(tr("存在 {file}", file=file))

    def print_it(self) -> None:
        """Print the list as it is shown."""
        if not self.sheet.is_under_way:
            self.sheet.print(ledger_sheet(self.shown.ledger))

    def save_pdf(self) -> None:
        """Keep the list as PDF."""
        if not self.sheet.is_under_way:
            self.sheet.save(ledger_sheet(self.shown.ledger))

    def save_word(self) -> None:
        """Keep the list as Word, to be put behind a letter as its annex."""
        if not self.sheet.is_under_way:
            self.sheet.save_word(ledger_sheet(self.shown.ledger))

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, Trouble):
            self.trouble.say(error.what, error.kept, error.advice, error.code)
        else:
            self.room.broken.emit(error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mark a row as soon as the keyboard comes to what stands behind a figure."""
        if event.type() == QEvent.Type.FocusIn and not self.behind.currentIndex().isValid():
            self.behind.go_to(0)
        return super().eventFilter(watched, event)
