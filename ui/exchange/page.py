"""同步: what goes out, what came in, the stick or the line, and who has received it.

The page asks and shows; carrying is an errand on the worker that can be stopped. Nothing is taken in before somebody
has seen what it would do.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.settings import ADDRESS, PLACE, PRACTICE
from ui.actions import bind, shown_key
from ui.exchange.check_sheet import CheckSheet
from ui.exchange.errand import Errand
from ui.exchange.port import Arrivals, Exchange, Outgoing, Package, Preview, Sent, Stick, Synced, Taken
from ui.exchange.receipts import Gaps, Receipts
from ui.exchange.relay_card import Computers, RelayCard
from ui.exchange.rows import RowCard, Waiting
from ui.exchange.stick_card import LOOKING, STICK, TAKING, WIRE, WIRING, WRITING, StickCard
from ui.exchange.told import Told
from ui.exchange.ways import Ways
from ui.exchange.words import arrivals_words, outgoing_words, sent_words, synced_words, taken_words
from ui.home.following import Following
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.error_panel import ErrorPanel, WayOut
from ui.widgets.label import Label, SectionTitle
from ui.words import tr

WIDE, TWO_COLUMNS = 1100, 900
LOOK_MS, SETTLE_MS = 2_000, 600
T = TypeVar("T")


class ExchangePage(Page):
    """The page. Where this computer has not been enrolled it says so, and what can be done."""

    name = "exchange"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.outgoing, self.arrivals = Outgoing(), Arrivals()
        self.preview: Preview | None = None
        self._folder: Path | None = None
        self._again: Callable[[], None] = self.write
        self.errand = Errand(room, self)
        self.ways = Ways(tr("怎么送"), (("usb", tr("U 盘")), ("wifi-high", tr("网络"))))
        self.card, self.told, self.trouble = StickCard(), Told(), ErrorPanel()
        self.out_title = SectionTitle(tr("要送出去"))
        self.out_card = RowCard(tr("要送出去"), tr("都送出去了，没有新的。"))
        self.in_title = SectionTitle(tr("收进来了"))
        self.in_card = RowCard(tr("收进来了"), tr("收到的会记在这里。"))
        self.waiting, self.receipts, self.gaps = Waiting(), Receipts(), Gaps()
        self.relay, self.computers = RelayCard(room), Computers()
        self.check = Button(tr("印核对单"), "link", key=shown_key("exchange.check"))
        self.check_sheet = CheckSheet(room, self)
        self.nobody = EmptyState("package", tr("还没登记"), "", tr("去登记"))
        if self.nobody.button:
            self.nobody.button.icon_name = "arrow-right"
        self._sticks, self._settle = QTimer(self, interval=LOOK_MS), QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._is_looking = False
        self._lay_out()
        self._wire()

    @property
    def exchange(self) -> Exchange:
        """Return what is behind; only where this computer is enrolled."""
        assert self.room.exchange is not None
        return self.room.exchange

    @property
    def is_office(self) -> bool:
        """Return whether we work for a county, prefecture or province."""
        return self.room.is_office

    def _lay_out(self) -> None:
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QWidget()
        self.grid = QGridLayout(self.body)
        self.grid.addLayout(self._built_head(), 0, 0, 1, 2)
        self.left, self.right = self._built_left(), self._built_right()
        self.grid.setRowStretch(3, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        self.sheet = Following(self.body)
        page.addWidget(self.sheet)
        page.addWidget(self.nobody)
        self._place()

    def _built_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(look().px(12))
        head.addWidget(Label(tr("同步"), Role.PAGE))
        self.slogan = Label("", Role.NOTE, "ink2")
        self._say_slogan(0)
        head.addWidget(self.slogan)
        head.addStretch(1)
        self.enrol = Button(tr("登记别的电脑"), "link", "package")
        head.addWidget(self.enrol)
        head.addWidget(self.ways)
        return head

    def _built_left(self) -> QWidget:
        left, column = _column()
        self.out_title.add_right(Label(tr("只送变了的"), Role.CAPTION, "ink2"))
        self.in_card.column.addWidget(self.waiting)
        for part in (self.relay, self.out_title, self.out_card, self.in_title, self.in_card):
            column.addWidget(part)
        column.addStretch(1)
        return left

    def _built_right(self) -> QWidget:
        right, column = _column()
        title = SectionTitle(tr("收到没有"), tr("每一级收到都回执"))
        title.add_right(self.check)
        for part in (self.card, self.trouble, self.told, title, self.gaps, self.receipts, self.computers):
            column.addWidget(part)
        column.addStretch(1)
        return right

    def _wire(self) -> None:
        self.acts = bind(
            self,
            {
                "exchange.write": self.write,
                "exchange.take": self.look_in,
                "exchange.wire": self.sync,
                "exchange.stop": self.stop,
                "exchange.door": self.turn_door,
                "exchange.check": self.print_check,
            },
        )
        asked: dict[str, Callable[[], None]] = {
            "write": self.write,
            "take": self.look_in,
            "wire": self.sync,
            "stop": self.stop,
            "accept": self.accept,
            "decline": self.stop,
            "folder": self.choose_folder,
        }
        self.card.asked.connect(lambda what: asked[what]())
        self.ways.chosen.connect(self._go_by)
        self.check.clicked.connect(self.print_check)
        self.check_sheet.told.connect(self.room.say)
        self.check_sheet.failed.connect(self._failed)
        for wanted in (self.enrol.clicked, self.computers.wanted):
            wanted.connect(lambda *_: self.room.go("enrolment"))
        self.waiting.wanted.connect(lambda: self.room.go("contest"))
        self.nobody.acted.connect(
            lambda: self.room.go("help" if self.room.setting(PRACTICE) else "enrolment", "exchange")
        )
        self.room.joined.connect(lambda: self.enter() if self.isVisible() else None)
        self.room.renewed.connect(lambda: self._settle.start() if self.isVisible() else None)
        self.errand.stepped.connect(self.card.show_step)
        self.errand.failed.connect(self._failed)
        self.errand.halted.connect(self._halted)
        self._sticks.timeout.connect(self._look_for_sticks)
        self._settle.timeout.connect(self._ask)
        look().changed.connect(self._place)

    def enter(self, record_id: str = "") -> None:
        """Show how things stand; the keyboard goes to what one would press."""
        is_ours = self.room.exchange is not None
        self.sheet.setVisible(is_ours)
        self.nobody.setVisible(not is_ours)
        self.enrol.setVisible(self.is_office)
        for part in (self.relay, self.computers):
            part.setVisible(self.is_office and self.room.door is not None)
        if not is_ours:
            self._say_nobody()
            return
        self.window().installEventFilter(self)
        self.card.address.line.resume(self.room.setting(ADDRESS))
        self.relay.attend()
        self._ask()
        self._look_for_sticks()
        self._sticks.start()
        self.card.take_keys()

    def leave(self) -> None:
        """Look for sticks no more; what is under way goes on."""
        self._sticks.stop()
        if not self.errand.is_under_way:
            self.told.say("")

    def took(self, changes: ChangeSet) -> None:
        """Ask anew, when the hand has come to rest."""
        self._settle.start()

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of this page."""
        if self.room.exchange is None:
            return (Hint("↵", self.nobody.button.text() if self.nobody.button else ""),)
        if self.card.state == "preview":
            return (Hint("↵", tr("收")), Hint("Esc", tr("不收")))
        keys = (("exchange.write", "写进 U 盘"), ("exchange.take", "从 U 盘收"), ("exchange.wire", "走网络"))
        return (*(Hint(shown_key(act), tr(words)) for act, words in keys), Hint("Esc", tr("停下")))

    def _say_nobody(self) -> None:
        if self.room.setting(PRACTICE):
            self.nobody.say(tr("练习数据，不送出去"), tr("随便练，一条也不会离开这台电脑。自己的数据在另一处。"))
            if self.nobody.button:
                self.nobody.button.say(tr("怎么登记"))
        else:
            self._say_not_enrolled()
        if self.nobody.button:
            self.nobody.button.setFocus()

    def _say_not_enrolled(self) -> None:
        if self.is_office:
            told = tr("在管登记的那一台电脑上设立一次，乡镇的才收得进来，回执才出得去。")
            self.nobody.say(tr("这个单位还没设立"), told)
        else:
            told = tr("这台电脑还没到县里登记，暂时送不出去。先照常记，一条都不会丢；登记好了，从头到尾一次送齐。")
            self.nobody.say(tr("还没登记"), told)
        if self.nobody.button:
            self.nobody.button.say(tr("去设立") if self.is_office else tr("去登记"))

    def _ask(self) -> None:
        """Ask for everything on the page."""
        if self.room.exchange is None or self.errand.is_under_way:
            return
        exchange = self.exchange
        self._work(exchange.outgoing, self._show_outgoing)
        self._work(exchange.arrivals, self._show_arrivals)
        self._work(exchange.packages, self._show_packages)
        self._work(exchange.gaps, self.gaps.show_gaps)
        door, scope = self.room.door, self.room.setting(PLACE)
        if door is not None and self.is_office:
            self._work(lambda: door.state(scope), lambda state: self.computers.show_state(state, self.room.today()))

    def _work(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        self.room.errand(self, work, then)

    def _show_outgoing(self, found: Outgoing) -> None:
        self.outgoing = found
        self.out_title.after.say(outgoing_words(found))
        self.out_card.show_rows(found.rows)
        self.card.show_sticks(self.card.sticks, found.number)
        self.room.waiting.emit(found.items)

    def _show_arrivals(self, found: Arrivals) -> None:
        self.arrivals = found
        self.in_title.after.say(arrivals_words(found.sender, found.at, self.room.today()))
        self.in_card.show_rows(found.rows)
        self.waiting.show_count(found.contests)

    def _show_packages(self, packages: list[Package]) -> None:
        self.receipts.show_packages(packages, self.room.today())

    def _look_for_sticks(self) -> None:
        """Look what is plugged in, beside everything else; one look at a time."""
        if not self._is_looking and self.card.is_at_rest:
            self._is_looking = True
            self.room.aside(self, self.exchange.sticks, self._show_sticks)

    def _show_sticks(self, sticks: list[Stick]) -> None:
        self._is_looking = False
        if self._folder is not None:
            sticks = [*sticks, Stick(self._folder.name, self._folder)]
        if sticks != self.card.sticks:
            self.card.show_sticks(sticks, self.outgoing.number)

    def choose_folder(self) -> None:
        """Let a folder stand in for a stick."""
        name = QFileDialog.getExistingDirectory(self, tr("选个文件夹"))
        if name:
            self.use_folder(Path(name))

    def use_folder(self, folder: Path) -> None:
        """Carry by this folder as if it were a stick."""
        self._folder = folder
        known = [stick for stick in self.card.sticks if stick.folder != folder]
        self.card.show_sticks([*known, Stick(folder.name, folder)], self.outgoing.number)
        self.card.pick(len(known))

    def _say_slogan(self, way: int) -> None:
        by_stick = tr("没有网也不耽误：写进 U 盘，带到县里就行")
        if self.is_office:
            by_stick = tr("没有网也不耽误：写进 U 盘，送上去、带回乡里都行")
        self.slogan.say(tr("有网就走网络，断了会接着传；没网改用 U 盘") if way else by_stick)

    def _go_by(self, way: int) -> None:
        self.card.go_by(way)
        self.trouble.hide()
        self._say_slogan(way)

    def _is_free(self, way: int) -> bool:
        """Say whether something may begin this way, and turn to it."""
        if self.room.exchange is None or self.errand.is_under_way or self.card.state not in ("", "ended"):
            return False
        self.ways.choose(way)
        self.trouble.hide()
        self.told.say("")
        return way == WIRE or self.card.stick is not None

    def write(self) -> None:
        """Write what is to be sent to the stick."""
        if not self._is_free(STICK):
            return
        stick = self.card.stick
        assert stick is not None
        self._again = self.write
        self.told.foretell(tr("写完会说一句话"))
        self.card.show_work(WRITING)
        folder = stick.folder
        self.errand.begin(lambda step, stop: self.exchange.write_to(folder, step, stop), self._written)

    def _written(self, sent: Sent) -> None:
        title = tr("写好了，可以拔") if sent.items else tr("可以拔")
        self._end(sent_words(sent), title, tr("照这句念给电话那头听") if sent.items else "")

    def look_in(self) -> None:
        """See what could be taken in from the stick; nothing is taken."""
        if not self._is_free(STICK):
            return
        stick = self.card.stick
        assert stick is not None
        self._again = self.look_in
        self.card.show_work(LOOKING)
        folder = stick.folder
        self.errand.begin(lambda step, stop: self.exchange.look(folder, step, stop), self._looked)

    def _looked(self, preview: Preview) -> None:
        self.preview = preview
        if preview.brings_nothing():
            self._end(tr("都收过了，没有新的。"), tr("可以拔"))
        else:
            self.card.show_preview(preview)
            self._tell_hints()

    def accept(self) -> None:
        """Take in what was looked at."""
        preview = self.preview
        if preview is None or self.card.state != "preview":
            return
        self._again = self.look_in
        self.card.show_work(TAKING)
        self._tell_hints()
        self.errand.begin(lambda step, stop: self.exchange.take(preview, step, stop), self._taken)

    def _taken(self, taken: Taken) -> None:
        self._tell_screens(taken)
        self._end(taken_words(taken), tr("收好了，可以拔"))

    def _tell_screens(self, taken: Taken) -> None:
        if taken.is_large:
            self.room.renew()
        elif taken.changes:
            self.room.take_in(taken.changes)

    def sync(self) -> None:
        """Send and fetch over the line."""
        if not self._is_free(WIRE):
            return
        address = self.card.address.line.text().strip()
        if not address:
            self.card.address.say_wrong(tr("先写上级的电脑在哪里，问上级要"))
            self.card.address.line.setFocus()
            return
        self.card.address.say_wrong("")
        self.room.choose(ADDRESS, address)
        self._again = self.sync
        self.card.show_work(WIRING)
        self.errand.begin(lambda step, stop: self.exchange.sync(address, step, stop), self._synced)

    def _synced(self, synced: Synced) -> None:
        if synced.taken:
            self._tell_screens(synced.taken)
        self._end(synced_words(synced), tr("走网络"))

    def print_check(self) -> None:
        """Print what has arrived and what has not, to keep or to hand over."""
        if self.room.exchange is not None:
            self.check_sheet.make(self.exchange)

    def turn_door(self) -> None:
        """Let townships send by themselves, or no longer; only an office has that."""
        if self.is_office and self.room.exchange is not None:
            self.relay.turn()

    def stop(self) -> None:
        """Stop what is under way, or do not take in what is offered."""
        if self.errand.is_under_way:
            self.errand.stop()
            self.card.show_stopping()
        elif self.card.state == "preview":
            self.preview = None
            self._end(tr("没有收，本机和 U 盘都没变。"), "")

    def _end(self, sentence: str, title: str, head: str = "") -> None:
        """Say what came of it, here, or in passing where somebody has gone to another page."""
        self.preview = None
        self.told.say(sentence, head)
        self.card.end_work(title)
        self._ask()
        self._tell_hints()
        if not self.isVisible():
            self.room.say(sentence)

    def _halted(self, is_wanted: bool) -> None:
        sentence = tr("停下了。停下不会弄坏东西，下次接着来。") if is_wanted else ""
        self.told.say(sentence, "", "prohibit", "ink2")
        self.card.end_work()
        self._ask()

    def _failed(self, trouble: Trouble) -> None:
        """Say it in three parts, in place; whoever has gone to another page hears it there."""
        self.told.say("")
        self.card.end_work()
        ways = (WayOut(tr("再来一次"), self._try_again), WayOut(tr("知道了"), self._note))
        self.trouble.say(trouble.what, trouble.kept, trouble.advice, trouble.code, ways)
        self._ask()
        if not self.isVisible():
            self.room.troubled.emit(trouble)

    def _try_again(self) -> None:
        self.trouble.hide()
        self.card.take_keys()
        self._again()

    def _note(self) -> None:
        self.trouble.hide()
        self.card.take_keys()

    def _tell_hints(self) -> None:
        if self.isVisible():
            self.room.hinted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stop when the window is being closed, so that nobody waits for a slow stick."""
        if event.type() == QEvent.Type.Close and self.errand.is_under_way:
            self.errand.stop()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            bar = self.sheet.verticalScrollBar()
            bar.setValue(bar.value() + steps * bar.pageStep())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Put the columns beside each other, or the card first and the rest below."""
        px = look().px
        edge, is_double = px(32 if self.width() >= px(WIDE) else 22), self.width() >= px(TWO_COLUMNS)
        self.grid.setContentsMargins(edge, px(20), edge, px(16))
        self.grid.setHorizontalSpacing(px(28))
        self.grid.setVerticalSpacing(px(12))
        self.slogan.setVisible(self.width() >= px(700))
        self.grid.addWidget(self.left, 1 if is_double else 2, 0, 1, 1 if is_double else 2)
        self.grid.addWidget(self.right, 1, 1 if is_double else 0, 1, 1 if is_double else 2)
        self.grid.setColumnStretch(0, 540 if is_double else 1)
        self.grid.setColumnStretch(1, 566 if is_double else 0)


def _column() -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    part.setMinimumWidth(look().px(300))
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(look().px(10))
    return part, column
