"""A clerk who types statements into the real window until somebody pulls the plug.

`python -m tests.walks.typist HOME [SLOW_S]` goes on where the home was left and tells, a line at a time and flushed at
once: `FOUND <text>` the half sentence that came back, `HALF <seconds> <text>` what stands in the entry line, `ENTER`
just before that key, `SAVED <text>` what the window has taken as recorded. With SLOW_S the desk takes so long to come.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.commands.attendance import CheckIn
from app.commands.people import RegisterPerson
from app.commands.sitting import CallSitting, OpenSitting
from app.desk import Desk
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from db.keep import Home, open_home
from sync.homes import SystemClock, SystemDice
from tests.hands import Hands
from ui import theme
from ui.consultation import desk_page
from ui.consultation.desk_page import DeskPage
from ui.consultation.entry_draft import Draft
from ui.main import furnish
from ui.shell import Shell

WORDS = "a wall of fifteen metres between two yards and who pays for the stones and the sand "
KEY_S = 0.02
PATIENCE_S = 60.0


def tell(*words: object) -> None:
    """Say a line that survives us."""
    print(*words, flush=True)


def until(is_so: Callable[[], bool], what: str) -> None:
    """Let the window work until something is so; a clerk whose window hangs says what was waited for."""
    given_up = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > given_up:
            raise TimeoutError(what)
        QTest.qWait(1)


def slow_down(seconds: float) -> None:
    """Let the desk come as late as on a busy machine or an old disk."""
    at_once = desk_page.evening

    def late(*args):  # type: ignore[no-untyped-def]
        time.sleep(seconds)
        return at_once(*args)

    desk_page.evening = late


def held(home: Home, desk: Desk) -> str:
    """Return the sitting of this home, made with one villager if there is none."""
    found = home.shelf.all(Sitting)
    if found:
        return found[0].id
    person = desk.do(RegisterPerson("赵某甲")).changes[0].record_id
    called = desk.do(CallSitting("挡墙", issues=("谁出资",), venue="院坝", host="王某辛"))
    sitting = next(change.record_id for change in called.changes if change.kind == "sitting")
    desk.do(OpenSitting(sitting))
    desk.do(CheckIn(sitting, person))
    return sitting


def window(folder: Path) -> tuple[QApplication, Home, Shell]:
    """Return the real window on a home, at the live desk."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.begin(application)
    clock = SystemClock()
    home = open_home(folder, clock.now())
    desk = Desk(home.shelf, home.ledger, clock, SystemDice(), "示例干部", blobs=home.blobs, seal=home.seal)
    sitting = held(home, desk)
    shell = furnish(application, home, desk, clock)
    shell.show()
    shell.activateWindow()
    QTest.qWaitForWindowActive(shell)
    shell.go("desk", sitting)
    return application, home, shell


def at_the_desk(shell: Shell) -> Draft:
    """Wait for the desk to come, as whoever looks at the screen does, and return what was half written there."""
    page = shell.page()
    assert isinstance(page, DeskPage)
    until(lambda: page.live is not None and shell.room.tasks.is_quiet(), "the desk")
    return page.entry.draft()


def type_on(shell: Shell, home: Home) -> None:
    """Record one statement after another, a key at a time; first of all the half one that was found."""
    draft = at_the_desk(shell)
    hands = Hands(shell)
    number = home.shelf.count(Statement)
    tell("OPEN", number)
    hands.chord(Qt.Key.Key_F3)
    if draft.text:
        tell("FOUND", draft.text)
        finish(hands, home, draft.text)
        number += 1
    if draft.text or not draft.speaker:
        choose_speaker(shell, hands)
    while True:
        number += 1
        sentence = f"{number} {WORDS}"
        for at, letter in enumerate(sentence):
            hands.press("␣" if letter == " " else letter)
            tell("HALF", time.monotonic(), sentence[: at + 1])
            QTest.qWait(int(KEY_S * 1000))
        finish(hands, home, sentence)
        choose_speaker(shell, hands)


def choose_speaker(shell: Shell, hands: Hands) -> None:
    """Choose the one villager by initials; letters that came back in 谁 go first."""
    page = shell.page()
    assert isinstance(page, DeskPage)
    hands.press("⌫" * len(page.entry.who.half_typed()) + "zmj␣")


def finish(hands: Hands, home: Home, text: str) -> None:
    """Press Enter, wait until one statement more is on the shelf, and tell which it must be."""
    before = home.shelf.count(Statement)
    tell("ENTER")
    hands.press("↵")
    until(lambda: home.shelf.count(Statement) > before, f"to be recorded: {text}")
    tell("SAVED", text.strip())


if __name__ == "__main__":
    if len(sys.argv) > 2:
        slow_down(float(sys.argv[2]))
    _, opened, shown = window(Path(sys.argv[1]))
    type_on(shown, opened)
