"""The shell: one window with the head, the pages, the foot; it opens pages and says what happened."""

import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.change import ChangeSet
from app.domain.errors import NotSaved, Trouble
from app.domain.wording import clock_with_seconds
from app.settings import BASE, PLACE, PRACTICE, THEME
from ui import theme
from ui.actions import bind
from ui.exchange.counting import Counting
from ui.page import Page
from ui.room import Room
from ui.sidebar import Sidebar
from ui.theme import look
from ui.top_bar import TopBar
from ui.widgets.banner import Banner
from ui.widgets.status_bar import StatusBar
from ui.widgets.toast import Toast
from ui.words import tr

if TYPE_CHECKING:
    from ui.search_box import SearchBox

RAIL_BELOW = 1280


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a page is found, and which button of the sidebar stands for it."""

    module: str
    page: str
    button: str = ""

    def make(self, room: Room) -> Page:
        """Return the page, made now: what is never looked at costs nothing at the start."""
        return cast(Page, getattr(import_module(self.module), self.page)(room))


OPENINGS: dict[str, Opening] = {
    "home": Opening("ui.home.home_page", "HomePage", "page.home"),
    "topics": Opening("ui.topic.topic_page", "TopicPage", "page.topics"),
    "desk": Opening("ui.consultation.desk_page", "DeskPage", "page.desk"),
    "closing": Opening("ui.consultation.closing_page", "ClosingPage", "page.desk"),
    "call": Opening("ui.consultation.call_page", "CallPage", "page.home"),
    "actions": Opening("ui.action.action_page", "ActionPage", "page.actions"),
    "people": Opening("ui.people.people_page", "PeoplePage", "page.people"),
    "ledger": Opening("ui.ledger_book.ledger_page", "LedgerPage", "page.ledger"),
    "notice": Opening("ui.notice.notice_page", "NoticePage", "page.desk"),
    "verify": Opening("ui.edition.verify_page", "VerifyPage"),
    "exchange": Opening("ui.exchange.page", "ExchangePage", "page.exchange"),
    "contest": Opening("ui.exchange.contest_page", "ContestPage", "page.exchange"),
    "enrolment": Opening("ui.exchange.enrol_page", "EnrolPage", "page.exchange"),
    "settings": Opening("ui.settings.settings_page", "SettingsPage", "settings"),
    "help": Opening("ui.help.help_page", "HelpPage", "help"),
    "first": Opening("ui.settings.first_page", "FirstPage"),
}


class Shell(QWidget):
    """The window. `report` keeps the text of our own mistakes beside the home; it is never sent."""

    _moved = Signal()

    def __init__(self, room: Room, report: Callable[[str], None]) -> None:
        super().__init__()
        self.room = room
        self._report = report
        self.setWindowTitle(tr("院坝"))
        self.setMinimumSize(683, 384)
        self.resize(1366, 768)
        self.pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._undoable = ""
        self._is_alarmed = False
        self._warned: tuple[str, Callable[[], None]] = ("", lambda: None)
        self._box: SearchBox | None = None
        self.at = ""
        self.top, self.side, self.banner = TopBar(), Sidebar(), Banner()
        self.stack, self.foot = QStackedWidget(), StatusBar()
        self._lay_out()
        self.toast = Toast(self)
        self._wire()
        self._acts = self._bind()
        self._show_place()
        self.foot.saved_at(clock_with_seconds(room.now()))

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.banner)
        body.addWidget(self.stack, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.side)
        middle.addLayout(body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addLayout(middle, 1)
        column.addWidget(self.foot)

    def _wire(self) -> None:
        room = self.room
        self.side.chosen.connect(self._press)
        self.top.seek.connect(self.seek)
        self.foot.help_wanted.connect(lambda: self.go("help"))
        self.foot.key_clicked.connect(self._press_key)
        self.toast.undone.connect(lambda: room.undo(self))
        room.went.connect(self.go)
        room.said.connect(self._said)
        room.saved.connect(self._saved)
        room.not_saved.connect(self._not_saved)
        room.troubled.connect(self._troubled)
        room.broken.connect(self._broken)
        room.changed.connect(self._changed)
        room.dressed.connect(self.dress)
        room.moved_in.connect(self._show_place)
        room.renewed.connect(self._renewed)
        room.hinted.connect(self._show_hints)
        room.waiting.connect(lambda count: self.side.buttons["page.exchange"].show_number(count, False))
        self.counting = Counting(room, self)
        self.banner.acted.connect(self._note_banner)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)
        # Later, not now: the page has to hear of its new zone first.
        self._moved.connect(self._show_hints, Qt.ConnectionType.QueuedConnection)

    def _bind(self) -> dict[str, QAction]:
        go = self.go
        return bind(
            self,
            {
                "find": self.seek,
                "page.home": lambda: go("home"),
                "page.topics": lambda: go("topics"),
                "page.desk": lambda: go("desk"),
                "page.actions": lambda: go("actions"),
                "page.people": lambda: go("people"),
                "page.ledger": lambda: go("ledger"),
                "page.exchange": lambda: go("exchange"),
                "verify": lambda: go("verify"),
                "meet.now": lambda: go("call", "now"),
                "undo": lambda: self.room.undo(self),
                "redo": lambda: self.room.redo(self),
                "saved": self._say_saved,
                "larger": lambda: self.grow(1),
                "smaller": lambda: self.grow(-1),
                "standard": lambda: self.dress(look().theme.name, theme.STANDARD),
                "theme": lambda: self.dress(theme.next_theme(look().theme.name), look().theme.base),
                "settings": lambda: go("settings"),
                "help": lambda: go("help", self.at),
                "heard": self._say_again,
            },
            everywhere=True,
        )

    def go(self, page: str, record_id: str = "") -> None:
        """Open a page, on a record if an id is given; the page before keeps what is half typed."""
        if self.at and self.at in self.pages:
            self.pages[self.at].leave()
        if page in self._stale:
            self._drop(page)
        if page not in self.pages:
            self.pages[page] = OPENINGS[page].make(self.room)
            self.stack.addWidget(self.pages[page])
        self.at = page
        opened = self.pages[page]
        self.side.mark(OPENINGS[page].button)
        self.side.setVisible(page != "first")
        self._fit()
        self.toast.hide()
        self.toast.stand(opened.toast_head)
        self.stack.setCurrentWidget(opened)
        opened.enter(record_id)
        self._show_hints()

    def _renewed(self) -> None:
        """Have every page made anew when it is next opened, for much has come in; the one in view once it was left."""
        self._stale = set(self.pages) - {"exchange", "contest"}
        for page in self._stale - {self.at}:
            self._drop(page)

    def _drop(self, page: str) -> None:
        self._stale.discard(page)
        gone = self.pages.pop(page)
        self.stack.removeWidget(gone)
        gone.deleteLater()

    def page(self) -> Page:
        """Return the page in view."""
        return self.pages[self.at]

    def seek(self) -> None:
        """Open the box that finds everything."""
        if self._box is None:
            from ui.search_box import SearchBox

            self._box = SearchBox(self, self.room)
            self._box.chosen_act.connect(self.act)
        self._box.open()

    def act(self, name: str) -> None:
        """Do an act by its name: one that works everywhere, or one that the page in view has."""
        own = next((action for action in self.page().actions() if action.objectName() == name), None)
        action = own or self._acts.get(name)
        if action is not None:
            action.trigger()

    def dress(self, name: str, base: int) -> None:
        """Wear another theme or letter size, and remember it."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, name, base)
        self.room.choose(THEME, name)
        self.room.choose(BASE, str(base))
        self._fit()

    def grow(self, steps: int) -> None:
        """Make letters larger or smaller by so many steps."""
        self.dress(look().theme.name, theme.step(look().theme.base, steps))

    def _show_place(self) -> None:
        """Show where we work, and whether this is practice data."""
        code = self.room.setting(PLACE)
        path = self.room.places.path(code) if code else ()
        self.top.show_place(" · ".join(place.display_name for place in path[-2:]))
        self.top.practice.setVisible(bool(self.room.setting(PRACTICE)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wants_rail = bool(self.at) and self.pages[self.at].wants_rail
        self.side.be_rail(wants_rail or self.width() < look().px(RAIL_BELOW))

    def _press(self, name: str) -> None:
        self.act(name)

    def _press_key(self, key: str) -> None:
        """Do what a key hint in the foot says, for those with the hand on the mouse."""
        target = QApplication.focusWidget() or self
        sequence = QKeySequence(key.replace(" ", "+").replace("↵", "Return").replace("空格", "Space"))
        if sequence.isEmpty():
            return
        wanted: QKeyCombination = sequence[0]  # type: ignore[index]
        for holder in (self.page(), self):
            for action in holder.actions():
                if any(shortcut == sequence for shortcut in action.shortcuts()):
                    action.trigger()
                    return
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, wanted.key(), wanted.keyboardModifiers()))

    def _focus_moved(self, *_: object) -> None:
        """Pass on that the keyboard moved, without whose it was: that field may be gone by the time it is heard."""
        self._moved.emit()

    def _show_hints(self) -> None:
        if self.at in self.pages:
            self.foot.set_keys([(hint.key, hint.words) for hint in self.page().hints()])

    def _said(self, text: str, set_id: str) -> None:
        """Say a line; 撤销 stands beside it only while that very act is the newest."""
        self._undoable = set_id
        self.toast.say(text, undo=bool(set_id))

    def _changed(self, changes: ChangeSet) -> None:
        if changes.id != self._undoable:
            self.toast.undo.hide()
        self._show_hints()

    def warn(self, text: str, tone: str = "seal", noted: Callable[[], None] = lambda: None) -> None:
        """Say at the head of the page what must not be overlooked; `noted` is called once somebody has taken note."""
        if self.banner.isHidden() or self.banner.accessibleName() != text:
            self.banner.say(text, tr("知道了"), tone=tone)
        self._warned = (text, noted)

    def _note_banner(self) -> None:
        text, noted = self._warned
        if text == self.banner.accessibleName():
            self._warned = ("", lambda: None)
            noted()
        self.banner.hide()

    def _saved(self, at: datetime) -> None:
        self.foot.saved_at(clock_with_seconds(at))
        if self._is_alarmed and self.room.is_saved():
            self._is_alarmed = False
            self.banner.say("")

    def _not_saved(self, error: NotSaved) -> None:
        self._is_alarmed = True
        self.foot.not_saved(tr(error.advice))
        self.banner.say(f"{tr(error.what)}。{tr(error.kept)}。{tr(error.advice)}", tone="seal")

    def _troubled(self, trouble: Trouble) -> None:
        self.toast.say(
            trouble.what, "。".join(part for part in (trouble.kept, trouble.advice) if part), False, "warning"
        )

    def _broken(self, error: BaseException) -> None:
        self.banner.say(tr("这一步没做成，前面的都存好了，换个办法接着用；毛病已记在本机，没有外传"), tr("知道了"))
        with suppress(OSError):
            self._report("".join(traceback.format_exception(error)))

    def _say_saved(self) -> None:
        self.toast.say(tr("都存好了"), self.foot.saved.text, undo=False)

    def _say_again(self) -> None:
        self.toast.say(tr("刚才"), "  ·  ".join(self.toast.last()) or tr("还没有提示"), undo=False)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go only when every word is on the disk."""
        if self.at in self.pages:
            self.page().leave()
        self.room.tasks.drain()  # so that what has just been kept is known to be on the disk, or not
        if self.room.has_unsaved():
            self.banner.say(tr("还有没存上的，先别关"), tone="seal")
            event.ignore()
            return
        if self.room.door is not None:
            self.room.door.end()
        self.room.tasks.finish()
        super().closeEvent(event)
