"""Cold start: from spawning the interpreter to the usable home page on data set L, beside an empty window with a table.

Files are in the system's cache, as after a first start of the day; the interpreter is always a new one.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.speed.county import L, Size, county
from tests.speed.figures import Figure, tell

ROOT = Path(__file__).resolve().parents[2]
STARTS = 7


def bench(size: Size = L, starts: int = STARTS, platforms: tuple[str, ...] = ("offscreen", "xcb")) -> Iterator[Figure]:
    """Start the program and an empty window by turns, on the screen nobody sees and on X where there is one."""
    with county(size) as lent, screen() as display:
        for platform in platforms if display else platforms[:1]:
            yield from _on(platform, display, str(lent.folder), starts)


def _on(platform: str, display: str, folder: str, starts: int) -> Iterator[Figure]:
    environment = {**os.environ, "QT_QPA_PLATFORM": platform, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
    ours, floors = [], []
    for _ in range(starts + 1):
        floors.append(_start(["floor"], environment))
        ours.append(_start(["app", folder], environment))
    floor = median(told["usable"] for told in floors[1:])
    steps = {name: median(told[name] for told in ours[1:]) for name in ours[0]}
    note = " ".join(f"{name} {took:.0f}" for name, took in steps.items())
    name = f"cold start to usable home, {platform}"
    yield Figure(name, steps["usable"], "ms", 3_000, floor, "empty PySide6 window with a table", 2.0, note)
    name = f"cold start to first frame, {platform}"
    yield Figure(name, steps["frame"], "ms", 1_000, floor, "empty PySide6 window with a table")


def _start(words: list[str], environment: dict[str, str]) -> dict[str, float]:
    """Return the times of one start, the interpreter's own included."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.speed.cold_child", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as child:
        assert child.stdout is not None
        line = child.stdout.readline()
        read_ms = (time.perf_counter() - begun) * 1000
        _, said = child.communicate(timeout=60)
    if not line:
        raise RuntimeError(f"no start: {words}: {said}")
    told: dict[str, float] = json.loads(line)
    interpreter = max(0.0, read_ms - max(told.values()))
    return {name: took + interpreter for name, took in told.items()}


@contextmanager
def screen() -> Iterator[str]:
    """Lend a display: the one there is, else a hidden one; empty where there is none to be had."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
    elif shutil.which("Xvfb") is None:
        yield ""
    else:
        words = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            assert server.stdout is not None
            try:
                yield f":{server.stdout.readline().strip()}"
            finally:
                server.terminate()


if __name__ == "__main__":
    tell(bench())
