"""Memory of the program on data set L: opened, after every page and the big sitting, and how it grows with use."""

import gc
from collections.abc import Iterator

import psutil

from tests.speed.county import L, Size
from tests.speed.figures import Figure, tell
from tests.speed.window import application, quiet, shell_on
from ui.shell import Shell

PAGES = ("home", "topics", "actions", "people", "settings")


def bench(size: Size = L, rounds: int = 20) -> Iterator[Figure]:
    """Open the program, go everywhere, then go round and round."""
    application()
    floor = _held()
    with shell_on(size) as (shell, lent):
        yield Figure("memory, home page open", _held(), "MB", 250, floor, "the imported program without a home")
        _round(shell, lent.big)
        shell.room.register.find_people("z")
        once = _held()
        yield Figure("memory, every page seen", once, "MB", 250, floor, "the imported program without a home")
        for _ in range(rounds):
            _round(shell, lent.big)
        growth = 100 * (_held() - once) / once
        yield Figure(f"growth in {rounds} rounds through all pages", growth, "%", 10)


def _round(shell: Shell, sitting_id: str) -> None:
    for page in PAGES:
        shell.go(page)
        quiet(shell)
    shell.go("desk", sitting_id)
    quiet(shell)


def _held() -> float:
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 1e6


if __name__ == "__main__":
    tell(bench())
