"""A server that is told to stop stops at the first word, also one that was held still and let go again."""

import os
import signal
import subprocess

import pytest

from db import keep
from tests.db.conftest import NOW
from tests.walks.serving import server_on

TRIES = 3
SLOW_TO_GO_ON = """
import time
from sync.server import main as server
tell = server._tell
def tell_slowly(sentence):
    tell(sentence)
    time.sleep(0.5)
server._tell = tell_slowly
server._start()
"""


@pytest.mark.skipif(os.name == "nt", reason="nobody can be held still by a signal there")
def test_a_server_that_was_told_to_stop_while_it_was_held_still_stops_once_it_is_let_go(tmp_path):
    keep.open_home(tmp_path / "home", NOW).close()
    words, ends = ("--place", "53", "--admin-port", "0"), []

    for _ in range(TRIES):
        with server_on(tmp_path / "home", *words) as server:
            for what in (signal.SIGSTOP, signal.SIGTERM, signal.SIGCONT):
                server.process.send_signal(what)
            try:
                ends.append(server.process.wait(60))
            except subprocess.TimeoutExpired:
                ends.append("goes on")

    assert ends == [0] * TRIES


def test_a_server_that_is_told_to_stop_the_moment_it_says_how_closes_its_home_first(tmp_path):
    keep.open_home(tmp_path / "home", NOW).close()

    with server_on(tmp_path / "home", "--place", "53", "--admin-port", "0", program=("-c", SLOW_TO_GO_ON)) as server:
        server.process.send_signal(signal.SIGTERM)

        assert server.process.wait(60) == 0
