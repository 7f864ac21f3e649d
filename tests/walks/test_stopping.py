"""A server that is told to stop stops at the first word, also one that was held still and let go again."""

import os
import signal
import subprocess
import sys

import pytest

from db import keep
from tests.db.conftest import NOW
from tests.walks.serving import ROOT, server_on

TRIES = 3
SLOW_TO_GO_ON = """
import time
from sync.server import main as server
tell = server._tell
def tell_slowly(sentence):
    tell(sentence)
    time.sleep(0.5)
server._tell = tell_slowly
server.sys.exit(server.main())
"""
A_DOOR_FALLS = """
import sys
from sync.server import main as server
from sync.server.serving import Pages
from sync.server.web import Server
{} = lambda _: sys.exit()
sys.exit(server.main())
"""
DROPPED = """
import signal, sys
from sync.server import main as server
code = server._code
class Drop:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)
def code_and_drop(*told):
    Drop()
    return code(*told)
server._code = code_and_drop
sys.exit(server.main())
"""
STOPPED_WHILE_IT_LOADS = """
import signal, sys
class Hand:
    def find_spec(self, name, *_):
        if name == "sync.server.relay":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Hand())
from sync.server import __main__ as program
program._start()
"""
STOPPED_AS_A_PART_BEGINS = """
import signal, sys
from sync.server import main as server
class Counting(server.Counting):
    def __enter__(self):
        super().__enter__()
        signal.raise_signal(signal.SIGINT)
server.Counting = Counting
sys.exit(server.main())
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


@pytest.mark.skipif(os.name == "nt", reason="nobody is stopped by a signal there")
def test_who_stops_a_server_while_it_loads_is_not_told_where_it_was(tmp_path):
    command = [sys.executable, "-c", STOPPED_WHILE_IT_LOADS, "--home", str(tmp_path / "home"), "--place", "53"]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60)

    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, b"")
    assert not (tmp_path / "home").exists()


def test_a_server_that_is_stopped_as_its_parts_begin_leaves_none_of_them_behind(tmp_path):
    keep.open_home(tmp_path / "home", NOW).close()

    with server_on(tmp_path / "home", "--place", "53", program=("-c", STOPPED_AS_A_PART_BEGINS)) as server:
        assert server.process.wait(60) == 0


def test_a_server_is_stopped_also_by_a_word_that_python_dropped(tmp_path):
    keep.open_home(tmp_path / "home", NOW).close()
    command = [sys.executable, "-c", DROPPED, "--home", str(tmp_path / "home"), "--place", "53", "--port", "0"]

    ended = subprocess.run([*command, "--relay-port", "0"], cwd=ROOT, capture_output=True, timeout=60)

    assert ended.returncode == 130
    assert ended.stderr.decode().splitlines() == ["停下了。没做完的已经清掉，数据没有动。什么时候再做都行"]


@pytest.mark.parametrize("door", ["Pages._run", "Server._accept"])
def test_a_server_with_a_door_that_has_shut_by_itself_ends_so_that_it_is_started_again(tmp_path, door):
    keep.open_home(tmp_path / "home", NOW).close()

    with server_on(tmp_path / "home", "--place", "53", program=("-c", A_DOOR_FALLS.format(door))) as server:
        assert server.process.wait(60) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only there one may ask what another program is allowed")
def test_a_server_may_have_as_many_connections_open_as_the_system_lets_it(tmp_path):
    import resource

    keep.open_home(tmp_path / "home", NOW).close()

    with server_on(tmp_path / "home", "--place", "53") as server:
        soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)

    assert soft == hard


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no disk is full there at will")
def test_a_server_whose_log_cannot_be_written_serves_and_does_not_complain_of_every_line(tmp_path):
    keep.open_home(tmp_path / "home", NOW).close()
    command = [sys.executable, "-c", STOPPED_AS_A_PART_BEGINS, "--home", str(tmp_path / "home"), "--place", "53"]

    with open("/dev/full", "wb") as log:
        ports = ("--port", "0", "--relay-port", "0")
        ended = subprocess.run([*command, *ports], cwd=ROOT, stdout=log, stderr=subprocess.PIPE, timeout=60)

    assert ended.returncode == 0
    assert [line.partition("：")[0] for line in ended.stderr.decode().splitlines()] == [
        "网页",
        "管理",
        "交换",
        "按 Ctrl C 停",
    ]
