"""Opening the sitting with 500 statements and 500 participants: from the act to the painted desk."""

from collections.abc import Iterator
from typing import cast

from app.queries.sitting import live_sitting
from tests.speed.county import L, Size
from tests.speed.figures import Figure, spread, tell, took_ms, usual_ms
from tests.speed.window import Eye, quiet, shell_on, until
from ui.consultation.desk_page import DeskPage


def bench(size: Size = L, times: int = 15) -> Iterator[Figure]:
    """Open it for the first time (the page is made), then again and again from the home page."""
    with shell_on(size) as (shell, lent):
        ask = shell.room._desk.ask
        read = usual_ms(lambda: ask(live_sitting, lent.big, shell.room.register), times)

        def open_big() -> None:
            before = cast(DeskPage | None, shell.pages.get("desk"))
            live = before.live if before else None
            shell.go("desk", lent.big)
            desk = cast(DeskPage, shell.page())
            until(lambda: desk.live is not live)

        def open_and_rest() -> None:
            open_big()
            quiet(shell)

        first = took_ms(open_and_rest)
        desk = cast(DeskPage, shell.page())
        eye, taken = Eye(desk.timeline.list, desk.checkin.list, desk.head), []
        for _ in range(times):
            shell.go("home")
            quiet(shell)
            taken.append(eye.ms_until_painted(open_big))
        eye.close()
        quiet(shell)
    again = spread(taken)
    what = "the sitting read from the shelf"
    name = "open 500 statements and 500 participants"
    yield Figure(f"{name} (p95)", again.p95, "ms", 300, read, what, note=str(again))
    yield Figure(f"{name}, the first time", first, "ms", 300, read, what)


if __name__ == "__main__":
    tell(bench())
