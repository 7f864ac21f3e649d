"""The plug is pulled while somebody types into the real window: what was recorded is there, and the half sentence too.

`YUANBA_WINDOW_KILLS` says how many kills (20 unless told); each home is killed several times in a row. When the plug
is pulled is drawn in keys, not in seconds, so that a slow machine is killed at the same work as a fast one.
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from PySide6.QtCore import Qt

from app.domain.statement import Statement
from db.keep import check, open_home
from tests.hands import Hands
from tests.walks.typist import KEY_S, WORDS
from tests.world import World
from ui import theme
from ui.shell import Shell

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("YUANBA_WINDOW_KILLS", "20"))
KILLS_PER_HOME = 5
LANES = 2
AT_MOST_LOST_S = 1.0
# Between the key and the line that tells of it lie a few ms; on a machine with all cores busy the timer is late too.
LATENESS_S = 0.35
SENTENCE = len(f"1 {WORDS}")


@dataclass(frozen=True)
class Plug:
    """When it is pulled: with the `count`th line of a kind, and then so many times as long as a key takes."""

    word: str
    count: int
    keys_later: float = 0.0


def plug(no: int, chance: random.Random) -> Plug:
    """Draw when a life ends: the first of a home in its second sentence, then in turn about an Enter or anywhere."""
    if no == 0:
        return Plug("HALF", chance.randint(SENTENCE + 1, 2 * SENTENCE), chance.uniform(0, 1))
    if no % 2:
        return Plug("ENTER", chance.choice((1, 1, 2)), chance.uniform(0, 1.5))
    return Plug("HALF", chance.randint(1, 2 * SENTENCE), chance.uniform(0, 1))


@dataclass
class Life:
    """What the clerk had seen when the plug was pulled."""

    found: str = ""
    saved: list[str] = field(default_factory=list)
    half: list[tuple[float, str]] = field(default_factory=list)
    keyed_s: list[float] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)

    def hear(self, line: str) -> None:
        word, _, rest = line.rstrip("\n").partition(" ")
        self.heard[word] += 1
        if word == "FOUND":
            self.found = rest
        elif word == "SAVED":
            self.saved.append(rest)
            self.half.clear()
        elif word == "HALF":
            seconds, _, text = rest.partition(" ")
            self.half.append((float(seconds), text))
            self.keyed_s.append(float(seconds))

    def a_key_s(self) -> float:
        """Return how long a key takes on this machine."""
        return median(_gaps(self.keyed_s) or [KEY_S])

    def surely_kept(self) -> str:
        """Return what stood in the line a second before the end; the time the machine itself stood still is given."""
        times = [seconds for seconds, _ in self.half]
        late = LATENESS_S + max(_gaps(times), default=0.0)
        old = [text for seconds, text in self.half if seconds < times[-1] - AT_MOST_LOST_S - late]
        return old[-1] if old else ""


def _gaps(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


def typed_until_killed(home: Path, end: Plug, *more: object) -> Life:
    """Let the clerk type, pull the plug, and hear what was still on its way."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.walks.typist", str(home), *map(str, more)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        life = heard_until_killed(child, end)
        said = child.stderr.read()
    assert child.returncode == -signal.SIGKILL, said
    return life


def heard_until_killed(child: subprocess.Popen, end: Plug) -> Life:
    life = Life()
    for line in child.stdout:
        life.hear(line)
        if life.heard[end.word] == end.count:
            time.sleep(end.keys_later * life.a_key_s())
            break
    child.kill()
    for line in child.stdout:
        if line.endswith("\n"):
            life.hear(line)
    return life


@dataclass
class Left:
    """What a home holds after a kill: statements, the half-typed one, and what is wrong with it."""

    statements: list[str]
    half: str
    problems: list[str]


def left(home: Path) -> Left:
    opened = open_home(home, datetime.now().astimezone())
    statements = [statement.text for statement in opened.shelf.all(Statement)]
    half = "".join(text.partition("\n")[2] for name, text in opened.ledger.jotted("desk/").items() if "/speak" in name)
    problems = check(opened.engine, deep=True).problems
    opened.close()
    return Left(statements, half, problems)


def wrongs(life: Life, before: list[str], now: Left) -> list[str]:
    """Say what a kill did to a home that it must not do."""
    wrong = [f"lost {text!r}" for text in life.saved if text not in now.statements]
    wrong += [f"{text!r} twice" for text, times in Counter(now.statements).items() if times > 1]
    wrong += [f"{text!r} is gone" for text in before if text not in now.statements]
    if " " in life.found and any(text.startswith(life.found.strip()) for text in before):
        wrong.append(f"{life.found!r} came back as half written, but was recorded")
    sure = life.surely_kept().strip()
    if sure and not any(text.startswith(sure) for text in (now.half, *now.statements)):
        wrong.append(f"too little left of {life.half[-1][1]!r}")
    return wrong + now.problems


def live_through(home: Path, seed: int) -> tuple[int, list[str]]:
    """Kill the window on one home several times; return how many statements were taken, and what went wrong."""
    chance = random.Random(seed)
    wrong: list[str] = []
    taken = 0
    statements: list[str] = []
    for no in range(KILLS_PER_HOME):
        end = plug(no, chance)
        life = typed_until_killed(home, end)
        now = left(home)
        taken += len(life.saved)
        story = f"{end}; found {life.found!r}; on the shelf {now.statements}; half typed {now.half!r}"
        wrong += [f"home {seed}, kill {no}: {fault} ({story})" for fault in wrongs(life, statements, now)]
        statements = now.statements
    return taken, wrong


@pytest.mark.kill
def test_a_window_killed_while_typing_loses_no_statement_and_at_most_a_second_of_words(tmp_path):
    homes = -(-KILLS // KILLS_PER_HOME)
    with ThreadPoolExecutor(LANES) as lanes:
        lives = list(lanes.map(lambda no: live_through(tmp_path / f"home{no}", no), range(homes)))

    assert [line for _, wrong in lives for line in wrong] == []
    assert all(taken > 0 for taken, _ in lives)


@pytest.mark.kill
def test_a_half_sentence_is_found_and_finished_however_late_the_desk_comes(tmp_path):
    home = tmp_path / "home"
    typed_until_killed(home, Plug("HALF", SENTENCE - 5))
    half = left(home).half
    assert len(half) > 10

    life = typed_until_killed(home, Plug("SAVED", 2), 0.3)

    assert life.found == half
    assert life.saved == [half.strip(), f"2 {WORDS}".strip()]
    assert left(home).statements == life.saved


@pytest.mark.kill
def test_after_a_kill_one_key_resumes_the_meeting_with_the_half_sentence(qtbot, qapp, tmp_path):
    home = tmp_path / "home"
    typed_until_killed(home, Plug("HALF", 2 * SENTENCE - 5))
    kept = left(home)
    assert len(kept.statements) == 1
    assert kept.half.startswith("2 ")
    if not qapp.styleSheet():
        theme.begin(qapp)
    world = World(home)
    world.clock.at = datetime.now().astimezone()
    room = world.room()
    room.jot("here/place", "532622202")
    shell = Shell(room, pytest.fail)
    qtbot.addWidget(shell)
    with qtbot.waitActive(shell):
        shell.show()
        shell.activateWindow()
    shell.go("home")

    Hands(shell).chord(Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: shell.at == "desk")
    page = shell.page()
    qtbot.waitUntil(lambda: page.entry.text.half_typed() == kept.half)
    assert page.entry.text.hasFocus()
    assert re.search(rf"\b{len(kept.statements)}\b", page.timeline.count.text())
    shell.close()
    world.close()
