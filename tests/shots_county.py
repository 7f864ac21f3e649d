"""The pictures of a county's desk: its return, and its relay with the computers of its townships."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from PySide6.QtWidgets import QApplication

import resources
from app.domain.place import Places
from app.settings import ME, ORGAN, PLACE
from db.keep import open_home
from sync.homes import StageClock
from tests.county_year import lived
from tests.shots_exchange import Computer, enrol
from tests.speed.window import until
from ui import theme
from ui.exchange.page import ExchangePage
from ui.exchange.relay_door import Door
from ui.ledger_book.ledger_page import LedgerPage
from ui.main import furnish
from ui.shell import Shell

NOW = datetime(2026, 11, 2, 15, 20, tzinfo=timezone(timedelta(hours=8)))
COUNTY, TOWNSHIPS = "532622", ("532622202", "532622104")
NAME = "县政协办"
ADDRESS, PORT = "192.168.1.10", 8420


def shoot(take: Callable[[Shell, str], None]) -> None:
    """Take the pictures; `take` waits until nothing moves and keeps one under its name."""
    with _window() as (window, live):
        until(lambda: window.room.door is not None and window.room.exchange is not None)
        _open_relay(window)
        take(window, "county")
        live()
        window.go("ledger")
        page = cast(LedgerPage, window.page())
        until(lambda: bool(page.shown.ledger.rows))
        page.table.setCurrentIndex(page.table.rows.index(2, 7))
        take(window, "ledger")


def _open_relay(window: Shell) -> None:
    """Open the relay at any free number, and show the usual one and an address that is nobody's."""
    door = window.room.door
    assert door is not None
    door.port, door.find = 0, lambda: (ADDRESS,)
    window.go("exchange")
    cast(ExchangePage, window.page()).turn_door()
    until(lambda: door.stands is Door.OPEN)
    door.port = PORT
    cast(ExchangePage, window.page()).relay.show_door()
    until(lambda: not window.room.tasks.is_busy())


@contextmanager
def _window() -> Iterator[tuple[Shell, Callable[[], None]]]:
    """Open the window of a county; what is returned with it lets its townships live through a year."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.begin(application)
    places, clock = Places(resources.places("53")), StageClock(NOW)
    with TemporaryDirectory() as folder:
        home = open_home(Path(folder) / "county", NOW)
        county = Computer(home, clock, "示例科员")
        county.exchange.enrolment().found(COUNTY, NAME)
        for at, org in enumerate(TOWNSHIPS):
            _let_in(Path(folder) / org, org, county, clock, NOW - timedelta(days=3 + 14 * at))
        home.ledger.jot({PLACE.name: COUNTY, ME.name: "示例科员", ORGAN.name: "政协示例县委员会办公室"})
        window = furnish(application, home, county.desk, clock)  # type: ignore[arg-type]
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        until(window.isActiveWindow)
        yield window, lambda: lived(county.desk, places, COUNTY, home.seal, topics=72)
        window.close()
        home.close()


def _let_in(folder: Path, org: str, county: Computer, clock: StageClock, on: datetime) -> None:
    """Enrol a laptop of a township on a day."""
    folder.mkdir()
    clock.set(on)
    home, stick = open_home(folder / "home", on), folder / "stick"
    stick.mkdir()
    enrol(Computer(home, clock, "示例干部"), county, org, stick)
    home.close()
    clock.set(NOW)
