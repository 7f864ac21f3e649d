"""The standard meeting through the real window, by keys alone: 60 people, 12 issues, 18 actions, and its papers.

The keys are those of the keystroke tables (ui.md section 4). A key is a key press; the sentence itself, written
through the input method, is not counted. What is counted is held to the goals of section 19.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter

from app.domain.action import Action, Contribution
from app.domain.attendance import Attendance
from app.domain.consensus import Consensus, Reservation
from app.domain.issue import Issue
from app.domain.people import Person, Role
from app.domain.record import Record
from app.domain.statement import Statement
from app.queries.sitting import live_sitting
from tests.hands import Hands
from tests.world import World
from ui import theme
from ui.shell import Shell

SURNAMES = dict(zip("zqslwcfhgk", "赵钱孙李王陈冯何郭孔", strict=True))
GIVEN = dict(zip("jybdgx", "甲乙丙丁庚辛", strict=True))
PEOPLE = {f"{s}m{g}": f"{surname}某{given}" for s, surname in SURNAMES.items() for g, given in GIVEN.items()}
UNITS = ("村委会", "自然资源所", "乡民政所", "县住建局")
ISSUES = [f"第{word}件事怎么办" for word in "一二三四五六七八九十甲乙"]


class Evening:
    """One clerk at one laptop with the window open."""

    def __init__(self, world: World, shell: Shell) -> None:
        self.world, self.shell, self.hands = world, shell, Hands(shell)

    def all(self, kind: type[Record]) -> list[Record]:
        return self.world.home.shelf.all(kind)

    def spent(self, act) -> int:
        before = self.hands.keys
        act()
        return self.hands.keys - before

    def call_meeting(self) -> None:
        self.hands.chord(Qt.Key.Key_N, ctrl=True, shift=True)
        self.hands.say("石墙村 15 米挡墙院坝协商")
        self.hands.press("↵↵")

    def put_issues(self) -> None:
        for title in ISSUES:
            self.hands.chord(Qt.Key.Key_F4, ctrl=True)
            self.hands.say(title)
            self.hands.press("↵")

    def check_in(self, letters: str) -> None:
        self.hands.press(letters + "↵")

    def record(self, letters: str, sentence: str) -> None:
        self.hands.press(letters + "␣")
        self.hands.say(sentence)
        self.hands.press("↵")

    def settle_unanimously(self, sentence: str) -> None:
        self.hands.chord(Qt.Key.Key_F5)
        self.hands.say(sentence)
        self.hands.chord(Qt.Key.Key_Down, ctrl=True)
        self.hands.press("y")
        self.hands.chord(Qt.Key.Key_Return, ctrl=True)

    def settle_with_dissent(self, sentence: str, who: str, reason: str) -> None:
        self.hands.chord(Qt.Key.Key_F5)
        self.hands.say(sentence)
        self.hands.chord(Qt.Key.Key_Down, ctrl=True)
        self.hands.press("58⇥1⇥1↵" + who + "␣")
        self.hands.say(reason)
        self.hands.press("↵")
        self.hands.chord(Qt.Key.Key_Return, ctrl=True)

    def prints_to(self, folder: Path):
        """Give the window a printer that prints into files, and return how to see them."""
        made: list[Path] = []

        def printer(*_: object) -> QPrinter:
            made.append(folder / f"{len(made)}.pdf")
            paper = QPrinter(QPrinter.PrinterMode.HighResolution)
            paper.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
            paper.setOutputFileName(str(made[-1]))
            return paper

        self.shell.page().printing.printer_for = printer
        return lambda: [file for file in made if file.exists() and file.stat().st_size > 0]

    def assign(self, sentence: str, unit: str, who: str, due: str, shares: str) -> None:
        self.hands.chord(Qt.Key.Key_F6)
        self.hands.say(sentence)
        self.hands.press(f"↵{unit}↵{who}↵{due}↵{shares}↵")


@pytest.fixture
def evening(qtbot, qapp, tmp_path: Path) -> Iterator[Evening]:
    """A laptop of a village of sixty, the window open at home."""
    from app.commands.people import RegisterUnit

    if not qapp.styleSheet():
        theme.begin(qapp)
    world = World(tmp_path / "home")
    for name in PEOPLE.values():
        world.villager(name, Role.VILLAGER)
    for unit in UNITS:
        world.desk.do(RegisterUnit(unit))
    room = world.room()
    room.jot("here/place", "532622202")
    room.jot("here/village", "532622202201")
    room.introduce("示例干部")
    shell = Shell(room, pytest.fail)
    qtbot.addWidget(shell)
    with qtbot.waitActive(shell):
        shell.show()
        shell.activateWindow()
    shell.go("home")
    yield Evening(world, shell)
    shell.close()
    world.close()


def test_the_standard_meeting_is_held_by_keyboard_alone(evening: Evening, qtbot, tmp_path: Path) -> None:
    hands = evening.hands

    evening.call_meeting()
    qtbot.waitUntil(lambda: evening.shell.at == "desk")
    evening.put_issues()
    hands.chord(Qt.Key.Key_F2)
    arrivals = [evening.spent(lambda letters=letters: evening.check_in(letters)) for letters in PEOPLE]
    hands.chord(Qt.Key.Key_F10)
    hands.chord(Qt.Key.Key_F3)
    letters = list(PEOPLE)
    spoken = [evening.spent(lambda at=at: evening.record(letters[at], f"我说第{at}句")) for at in range(30)]
    settled, assigned = [], []
    for at, _ in enumerate(ISSUES):
        if at == 1:
            settled.append(
                evening.spent(lambda: evening.settle_with_dissent("两户各担一半工钱。", "zmb", "应先定全村标准"))
            )
        else:
            assert evening.spent(lambda at=at: evening.settle_unanimously(f"照第{at}个办法办。")) <= 4
        for _ in range(2 if at < 6 else 1):
            assigned.append(
                evening.spent(lambda: evening.assign("沿确权界线修挡墙", "cw", "wmx", "430", "zmj50 qmy50"))
            )
            hands.press("⎋")
    hands.chord(Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: evening.shell.at == "closing")
    for words in ("李某丁家院坝", "王某辛"):
        hands.say(words)
        hands.press("↵")
    qtbot.waitUntil(evening.shell.room.tasks.is_quiet)
    printed = evening.prints_to(tmp_path)
    assert evening.spent(lambda: (hands.chord(Qt.Key.Key_P, ctrl=True), hands.press("↵"))) <= 2

    assert len([a for a in evening.all(Attendance) if a.is_here()]) == 60
    assert len(evening.all(Issue)) == 12
    assert len(evening.all(Statement)) == 30
    assert len([c for c in evening.all(Consensus) if c.is_settled()]) == 12
    assert [r.text for r in evening.all(Reservation)] == ["应先定全村标准"]
    assert len(evening.all(Action)) == 18
    assert all(action.unit_id and action.person_id and action.due_on for action in evening.all(Action))
    assert len(evening.all(Contribution)) == 36
    assert max(arrivals) <= 4
    assert max(spoken) <= 5
    assert settled[0] <= 16
    assert median(assigned) <= 25
    live = evening.world.desk.ask(live_sitting, evening.all(Attendance)[0].sitting_id, evening.shell.room.register)
    assert [gap for gap in live.gaps() if gap.required] == []
    qtbot.waitUntil(lambda: len(printed()) == 5)
    assert {person.id for person in evening.all(Person)} == {a.person_id for a in live.here()}


def test_on_a_slow_disk_every_word_lands_where_it_was_meant(evening: Evening, qtbot) -> None:
    write, pauses = evening.world.home.ledger.write, random.Random("slow disk")

    def slowly(*act: object) -> None:
        time.sleep(pauses.choice((0, 0, 0.1)))
        write(*act)

    evening.call_meeting()
    qtbot.waitUntil(lambda: evening.shell.at == "desk")
    for letters in PEOPLE:
        evening.check_in(letters)
    evening.hands.chord(Qt.Key.Key_F10)
    evening.hands.chord(Qt.Key.Key_F3)
    evening.world.home.ledger.write = slowly
    for at, letters in enumerate(list(PEOPLE)[:25]):
        evening.record(letters, f"我说第{at}句")
    qtbot.waitUntil(evening.shell.room.tasks.is_quiet)

    said = sorted(evening.all(Statement), key=lambda statement: statement.number)
    assert [statement.text for statement in said] == [f"我说第{at}句" for at in range(25)]
