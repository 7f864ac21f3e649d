"""Killed without mercy at any instant, a home keeps every act it said was saved, and no half of one.

`YUANBA_KILLS` says how many kills (200 unless told). Each home is killed several times, so that opening it after a
kill is killed too.
"""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.walks.nursery import Nursery

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("YUANBA_KILLS", "200"))
KILLS_PER_HOME = 10
LANES = 2


def killed_at_work(office, home, seed, chance):
    """Start work, kill it at some instant, and return the tokens of the edits it said were saved."""
    pipe = office.folder / "said"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    child = office("work", "--home", home, "--seed", seed, "--edits", 100_000, says_to=str(pipe))
    with pipe.open(encoding="utf-8") as said:
        acknowledged = []
        if chance.random() < 0.3:
            # While it starts: reading the key, opening and recovering the ledger, making the tables.
            time.sleep(chance.uniform(0, 0.3))
        else:
            for _ in range(chance.choice((1, 1, 2, 3, 8, 20, 60))):
                acknowledged.append(said.readline())
            time.sleep(chance.uniform(0, 0.004))
        child.kill()
        assert child.ends() == -9, child.err
        acknowledged += said.readlines()
    return [line.split()[1] for line in acknowledged if line.endswith("\n")]


def checked(office, home):
    """Return what the check says of a home, replaying its whole journal."""
    check = office.does("check", "--home", home, "--deep")
    return check.code, check.last, check.err


def live_through(office, home, seed, kills):
    """Kill the work in one home several times; return how many edits were saved, which are lost, what is wrong."""
    chance = random.Random(seed)
    acknowledged = [token for no in range(kills) for token in killed_at_work(office, home, f"{seed}/{no}", chance)]
    code, told, said = checked(office, home)
    lost = [token for token in acknowledged if token not in set(told["tokens"])]
    return len(acknowledged), lost, told["problems"] + ([] if code == 0 else [said])


@pytest.mark.kill
def test_two_hundred_kills_lose_nothing_that_was_said_to_be_saved(tmp_path):
    homes = -(-KILLS // KILLS_PER_HOME)
    shares = [min(KILLS_PER_HOME, KILLS - no * KILLS_PER_HOME) for no in range(homes)]

    def lane(first):
        folder = tmp_path / f"lane{first}"
        folder.mkdir()
        with Nursery(folder) as office:
            return [live_through(office, tmp_path / f"home{no}", no, shares[no]) for no in range(first, homes, LANES)]

    with ThreadPoolExecutor(LANES) as lanes:
        lives = [life for lived in lanes.map(lane, range(LANES)) for life in lived]

    assert len(lives) == homes
    assert sum(shares) == KILLS
    assert all(acknowledged > 0 for acknowledged, _, _ in lives)
    assert [lost for _, lost, _ in lives if lost] == []
    assert [problems for _, _, problems in lives if problems] == []


@pytest.mark.kill
def test_killed_while_the_home_is_being_made_it_is_made_next_time(tmp_path):
    chance = random.Random("first start")

    with Nursery(tmp_path) as office:
        for no in range(12):
            home = tmp_path / f"home{no}"
            child = started("work", "--home", home, "--seed", no, "--edits", 1)
            while not (home / "lock").exists():
                assert child.poll() is None, child.communicate()
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.25))
            child.kill()
            child.communicate()
            code, told, said = checked(office, home)
            assert (code, told["problems"]) == (0, []), said


def started(*words):
    """Start the headless command line as a person would."""
    return subprocess.Popen(
        [sys.executable, "-m", "ui.office", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
