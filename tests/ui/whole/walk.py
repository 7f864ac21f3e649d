"""A walk through the real window on the practice evening: every page, every state one can bring it into."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.desk import Desk
from db.keep import Home, open_home
from sync.homes import SeededDice, StageClock
from tests.hands import Hands
from tests.ui.exchange.town import THEIRS, Town, due_contest, gone, packages, removal_contest, text_contest
from ui import theme
from ui.action.action_page import ActionPage
from ui.consultation.closing_page import ClosingPage
from ui.consultation.closing_steps import CHECK, DONE, PRINT, SEAL, SIGN
from ui.consultation.desk_page import DeskPage
from ui.consultation.readout import ReadOut
from ui.exchange.contest_page import ContestPage
from ui.exchange.page import ExchangePage
from ui.exchange.port import Arrivals, Preview, Stick
from ui.ledger_book.ledger_page import LedgerPage
from ui.main import furnish
from ui.page import Page
from ui.people.people_page import PeoplePage
from ui.rehearsal import rehearse
from ui.shell import Shell
from ui.topic.topic_page import TopicPage

EVENING = datetime(2026, 3, 30, 20, 24, tzinfo=timezone(timedelta(hours=8)))
PATIENCE = 400
P = TypeVar("P", bound=Page)


class Walker:
    """Goes to one place of the program after the other, by the doors a clerk has."""

    def __init__(self, window: Shell, sitting_id: str) -> None:
        self.window, self.sitting_id = window, sitting_id
        self.hands = Hands(window)

    def rest(self) -> None:
        """Wait until nothing is under way and nothing waits to be painted."""
        for _ in range(PATIENCE):
            QApplication.processEvents()
            if not self.window.room.tasks.is_busy():
                break
            QTest.qWait(1)
        for _ in range(2):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def stand(self, width: int, height: int) -> None:
        """Have the window this large."""
        self.window.resize(width, height)
        self.rest()

    def go(self, place: str) -> QWidget:
        """Go to a place and return what is seen: the window, or the reading sheet before it."""
        self.window.toast.hide()
        seen = PLACES[place](self)
        self.rest()
        return seen or self.window

    def leave(self, place: str) -> None:
        """Put away what lies over the window."""
        if place == "readout":
            self._sheet().close()
        elif place == "search":
            self.hands.press("⎋")
        elif place == "topic form":
            self._page(TopicPage)._back()
        elif place == "exchange preview":
            self._page(ExchangePage).stop()
        elif place == "exchange trouble":
            self._page(ExchangePage)._note()
        elif place == "exchange wire":
            self._page(ExchangePage).ways.choose(0)
        elif place in ("person form", "people detail"):
            self.hands.press("⎋")
        self.rest()

    def _page(self, kind: type[P]) -> P:
        page = self.window.page()
        assert isinstance(page, kind)
        return page

    def _open(self, page: str, record_id: str = "") -> None:
        self.window.go(page, record_id)
        self.rest()

    def home(self) -> None:
        self._open("home")

    def topics(self) -> None:
        self._open("topics")
        self._page(TopicPage)._back()

    def topic_detail(self) -> None:
        self.topics()
        self._page(TopicPage)._open()
        self.rest()

    def topic_form(self) -> None:
        self.topics()
        self._page(TopicPage).begin()

    def call_now(self) -> None:
        self._open("call", "now")

    def call_form(self) -> None:
        self._open("call", "")

    def _desk(self) -> DeskPage:
        self._open("desk", self.sitting_id)
        return self._page(DeskPage)

    def desk_talking(self) -> None:
        self._desk().go_speak()

    def desk_arriving(self) -> None:
        self._desk().go_checkin()

    def desk_settling(self) -> None:
        desk = self._desk()
        desk.go_settle()
        self.rest()
        editor = desk.issues.editor
        editor.cells.fill({"agree": str(editor.cells.yard.voters - 2), "against": "1", "abstain": "1"})
        editor.cells.finished.emit()

    def desk_task(self) -> None:
        self._desk().go_assign()

    def desk_issues(self) -> None:
        self._desk().go_issue()

    def desk_new_issue(self) -> None:
        self._desk().go_new_issue()

    def _closing(self, step: int) -> None:
        self._open("closing", self.sitting_id)
        self._page(ClosingPage).show_step(step)

    def closing_check(self) -> None:
        self._closing(CHECK)

    def closing_seal(self) -> None:
        self._closing(SEAL)

    def notice(self) -> None:
        self._open("notice", self.sitting_id)

    def verify(self) -> None:
        self._open("verify", "0000-0000-0000-0000-0000")

    def closing_print(self) -> None:
        self._closing(PRINT)

    def closing_sign(self) -> None:
        self._closing(SIGN)

    def closing_done(self) -> None:
        self._closing(DONE)

    def tasks(self) -> None:
        self._open("actions")
        self._page(ActionPage)._back()

    def task_detail(self) -> None:
        self.tasks()
        self._page(ActionPage)._open()

    def people(self) -> None:
        self._open("people")
        self._page(PeoplePage).panes.show_detail(False)

    def person_detail(self) -> None:
        self.people()
        self._page(PeoplePage)._open()

    def person_form(self) -> None:
        self.people()
        self._page(PeoplePage)._begin_new()

    def exchange_bare(self) -> None:
        self.window.room.exchange = None
        self._open("exchange")

    def _enrolled(self) -> Town:
        desk = self.window.room._desk
        town = Town(desk, sent=packages(), views=[due_contest] * 9, missing=["缺第 7 包，桃园村，3月2日"])
        town.is_settled = lambda _: False
        town.met = Arrivals("县政协办", EVENING, THEIRS)
        town.here = [Stick("示例U盘", Path("nowhere"), 5_100_000_000), Stick("另一个U盘", Path("elsewhere"), 900_000)]
        self.window.room.exchange = town
        return town

    def exchange(self) -> None:
        self._enrolled()
        self._open("exchange")

    def exchange_wire(self) -> None:
        self.exchange()
        self._page(ExchangePage).ways.choose(1)
        self._page(ExchangePage).card.take_keys()

    def exchange_preview(self) -> None:
        self.exchange()
        page = self._page(ExchangePage)
        page.ways.choose(0)
        page._looked(Preview("县政协办", 12, 3, 1, 0, 0, ("缺第 7 包，桃园村，3月2日",), ()))

    def exchange_trouble(self) -> None:
        self.exchange()
        page = self._page(ExchangePage)
        page._failed(gone())
        page.told.say("7 项都在 U 盘里了，可以拔。到县里插上，选“收”。")

    def contest(self) -> None:
        self._enrolled()
        self._open("contest")

    def contest_text(self) -> None:
        self._enrolled().views = [text_contest] * 9
        self._open("contest")
        self._page(ContestPage).look_at_joined()

    def contest_removal(self) -> None:
        self._enrolled().views = [removal_contest] * 9
        self._open("contest")

    def ledger(self) -> None:
        self._open("ledger")
        self._page(LedgerPage).choose("return")

    def ledger_list(self) -> None:
        self._open("ledger")
        self._page(LedgerPage).choose("supervision")

    def settings(self) -> None:
        self._open("settings")

    def help(self) -> None:
        self._open("help", "home")

    def first(self) -> None:
        self._open("first")

    def search(self) -> None:
        self.home()
        self.window.seek()
        self.rest()
        self.hands.press("zm")

    def readout(self) -> QWidget:
        self._desk().read_out()
        sheet = self._sheet()
        sheet.showNormal()
        sheet.setFixedSize(self.window.size())
        return sheet

    def _sheet(self) -> ReadOut:
        return next(one for one in QApplication.topLevelWidgets() if isinstance(one, ReadOut) and one.isVisible())


PLACES: dict[str, Callable[[Walker], QWidget | None]] = {
    "home": Walker.home,
    "topics": Walker.topics,
    "topic detail": Walker.topic_detail,
    "topic form": Walker.topic_form,
    "call now": Walker.call_now,
    "call form": Walker.call_form,
    "desk talking": Walker.desk_talking,
    "desk arriving": Walker.desk_arriving,
    "desk issues": Walker.desk_issues,
    "desk settling": Walker.desk_settling,
    "desk task": Walker.desk_task,
    "desk new issue": Walker.desk_new_issue,
    "closing check": Walker.closing_check,
    "closing seal": Walker.closing_seal,
    "closing print": Walker.closing_print,
    "notice": Walker.notice,
    "verify": Walker.verify,
    "closing sign": Walker.closing_sign,
    "closing done": Walker.closing_done,
    "tasks": Walker.tasks,
    "task detail": Walker.task_detail,
    "people": Walker.people,
    "person detail": Walker.person_detail,
    "person form": Walker.person_form,
    "exchange bare": Walker.exchange_bare,
    "exchange": Walker.exchange,
    "exchange wire": Walker.exchange_wire,
    "exchange preview": Walker.exchange_preview,
    "exchange trouble": Walker.exchange_trouble,
    "contest": Walker.contest,
    "contest text": Walker.contest_text,
    "contest removal": Walker.contest_removal,
    "ledger": Walker.ledger,
    "ledger list": Walker.ledger_list,
    "settings": Walker.settings,
    "help": Walker.help,
    "first": Walker.first,
    "search": Walker.search,
    "readout": Walker.readout,
}


@contextmanager
def practice_home(folder: Path) -> Iterator[tuple[Home, str]]:
    """Play the practice data into a new home; return it with the evening that is under way."""
    home = open_home(folder, EVENING)
    played = rehearse(home.shelf, home.ledger, SeededDice("walk"), EVENING)
    yield home, played.evening
    home.close()


@contextmanager
def walker_in(home: Home, sitting_id: str, application: QApplication) -> Iterator[Walker]:
    """Open the window on a home, let somebody walk through it, and close it."""
    clock = StageClock(EVENING)
    desk = Desk(home.shelf, home.ledger, clock, SeededDice("window"), blobs=home.blobs, seal=home.seal)
    hook = sys.excepthook
    window = furnish(application, home, desk, clock)  # type: ignore[arg-type]
    sys.excepthook = hook
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    walker = Walker(window, sitting_id)
    walker.rest()
    yield walker
    window.close()
    window.deleteLater()
    theme.apply(application, "light", theme.STANDARD)


NO_FOCUS = Qt.FocusPolicy.NoFocus
