"""A clerk who types statements into the real window until somebody pulls the plug.

`python -m tests.walks.typist HOME` goes on where the home was left and tells, a line at a time and flushed at once:
`HALF <seconds> <text>` what stands in the entry line, `SAVED <text>` what the window has taken as recorded.
"""

import sys
import time
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
from tests.hands import Hands
from ui import theme
from ui.homes import SystemClock, SystemDice
from ui.main import furnish
from ui.shell import Shell

WORDS = "a wall of fifteen metres between two yards and who pays for the stones and the sand "
KEY_S = 0.02


def tell(*words: object) -> None:
    """Say a line that survives us."""
    print(*words, flush=True)


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


def type_on(shell: Shell, home: Home) -> None:
    """Record one statement after another, a key at a time."""
    hands = Hands(shell)
    number = home.shelf.count(Statement)
    tell("OPEN", number)
    draft = shell.page().entry.draft()  # type: ignore[attr-defined]
    hands.chord(Qt.Key.Key_F3)
    if draft.text:
        tell("FOUND", draft.text)
        finish(hands, home)
        number += 1
    if draft.text or not draft.speaker:
        hands.press("zmj␣")
    while True:
        number += 1
        sentence = f"{number} {WORDS}"
        for at, letter in enumerate(sentence):
            hands.press("␣" if letter == " " else letter)
            tell("HALF", time.monotonic(), sentence[: at + 1])
            QTest.qWait(int(KEY_S * 1000))
        finish(hands, home)
        tell("SAVED", sentence.strip())
        hands.press("zmj␣")


def finish(hands: Hands, home: Home) -> None:
    """Press Enter and wait until the statement is on the shelf."""
    before = home.shelf.count(Statement)
    hands.press("↵")
    while home.shelf.count(Statement) == before:
        QApplication.processEvents()


if __name__ == "__main__":
    _, opened, shown = window(Path(sys.argv[1]))
    type_on(shown, opened)
