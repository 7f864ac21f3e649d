"""Turning from one thing to another: zone keys, pages, theme, letter size; on data set L, until painted."""

from collections.abc import Callable, Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.speed.county import L, Size
from tests.speed.figures import Figure, spread, tell, took_ms
from tests.speed.window import Eye, press, quiet, shell_on, until
from ui.consultation.desk_page import ZONES, DeskPage
from ui.shell import Shell

PAGES = ("home", "topics", "desk", "actions", "people", "settings")
KEYS = dict(zip(ZONES, (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F5, Qt.Key.Key_F6), strict=True))


def bench(size: Size = L, times: int = 12) -> Iterator[Figure]:
    """Press the zone keys, open every page, change theme and letter size."""
    with shell_on(size) as (shell, lent):
        shell.go("desk", lent.big)
        quiet(shell)
        yield _zones(shell, times)
        yield from _pages(shell, times)
        shell.go("desk", lent.big)
        quiet(shell)
        yield _dressing(shell, "theme change", lambda: shell.act("theme"), times)
        steps = iter([1, -1] * times)
        yield _dressing(shell, "letter size change", lambda: shell.grow(next(steps)), times)


def _zones(shell: Shell, times: int) -> Figure:
    """Tell how long until the keyboard is in another zone and what has it is painted."""
    desk, taken = cast(DeskPage, shell.page()), []
    for zone in ZONES * times:
        taken.append(took_ms(lambda zone=zone: _go(desk, zone)))  # type: ignore[misc]
        quiet(shell)
    told = spread(taken)
    return Figure("zone key → focus, painted (p95)", told.p95, "ms", 16, note=str(told))


def _go(desk: DeskPage, zone: str) -> None:
    press(KEYS[zone])
    until(lambda: desk.zone == zone and desk.isAncestorOf(QApplication.focusWidget() or desk))
    QApplication.processEvents()


def _pages(shell: Shell, times: int) -> Iterator[Figure]:
    """Tell how long each page takes, the first time of each apart; painted twice when its answer comes later."""
    first: list[tuple[float, str]] = []
    again: list[tuple[float, str]] = []
    for turn in range(times + 1):
        for page in PAGES:
            taken = (_turn(shell, page), page)
            (again if turn else first).append(taken)
    told = spread(ms for ms, _ in again)
    yield Figure("page switch (p95)", told.p95, "ms", 100, note=f"{told}, slowest {max(again)[1]}")
    told = spread(ms for ms, _ in first)
    yield Figure("page opened for the first time (slowest)", told.most, "ms", 100, note=f"{told}, {max(first)[1]}")


def _turn(shell: Shell, page: str) -> float:
    def go() -> None:
        shell.go(page)
        until(shell.room.is_saved)

    eye = Eye(shell.stack)
    taken = eye.ms_until_painted(go)
    eye.close()
    quiet(shell)
    return taken


def _dressing(shell: Shell, name: str, act: Callable[[], object], times: int) -> Figure:
    eye, taken = Eye(shell, cast(DeskPage, shell.page()).timeline.list), []
    for _ in range(times):
        taken.append(eye.ms_until_painted(act))
        quiet(shell)
    eye.close()
    told = spread(taken)
    return Figure(f"{name} (p95)", told.p95, "ms", 200, note=str(told))


if __name__ == "__main__":
    tell(bench())
