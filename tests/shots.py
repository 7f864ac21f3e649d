"""`./run shots`: the pictures of the README and the help, taken from the real app on the practice data.

The clock stands still and the dice are loaded, so that the same program gives the same pictures.
"""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import cast

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.desk import Desk
from app.domain.consultation import Consultation
from app.queries.sitting import sitting_of
from db.keep import Home, open_home
from sync.homes import SeededDice, StageClock
from tests import shots_county, shots_web
from tests.shots_exchange import meet
from tests.speed.window import quiet, until
from ui import theme
from ui.consultation.closing_page import ClosingPage
from ui.consultation.closing_steps import PRINT, SEAL
from ui.consultation.desk_page import DeskPage
from ui.consultation.readout import ReadOut
from ui.exchange.contest_page import ContestPage
from ui.exchange.page import ExchangePage
from ui.main import furnish
from ui.rehearsal import rehearse
from ui.shell import Shell

PICTURES = Path(__file__).resolve().parents[1] / "resources" / "help" / "pictures"
NOW = datetime(2026, 3, 30, 20, 24, tzinfo=timezone(timedelta(hours=8)))
WIDTH, HEIGHT = 1366, 768
LARGER = "1.25"
STILL_MS = 700


class Photographer:
    """Goes through the program and takes a picture of each screen."""

    def __init__(self, window: Shell, sitting_id: str) -> None:
        self._window, self._sitting_id = window, sitting_id

    def everything(self) -> None:
        """Take all pictures in light, the desk in dark and sunlight as well."""
        self._pages()
        self._talking("desk-talking")
        for name in ("dark", "sun"):
            self._window.dress(name, theme.STANDARD)
            self._talking(f"desk-{name}")
        self._window.dress("light", theme.STANDARD)
        self._arriving()
        self._settling()
        self._closing()

    def larger(self) -> None:
        """Take the desk as it is on a screen that shows everything a quarter larger."""
        self._talking("desk-125")

    def _pages(self) -> None:
        for page, name in (("home", "home"), ("topics", "topics"), ("actions", "tasks"), ("people", "people")):
            self._window.go(page)
            self._shoot(name)

    def exchange(self, stick: Path) -> None:
        """Take 同步 with a stick plugged in, and what both sides have changed."""
        until(lambda: self._window.room.exchange is not None)
        self._window.go("exchange")
        page = cast(ExchangePage, self._window.page())
        page.use_folder(stick)
        self._still()
        page.write()
        until(lambda: not self._window.room.tasks.is_busy())
        self._shoot("exchange")
        self._window.go("contest")
        self._still()
        cast(ContestPage, self._window.page()).choose(0)
        self._shoot("contest")

    def _desk(self) -> DeskPage:
        self._window.go("desk", self._sitting_id)
        self._still()
        return cast(DeskPage, self._window.page())

    def _talking(self, name: str) -> None:
        self._desk().go_speak()
        self._shoot(name)

    def _arriving(self) -> None:
        desk = self._desk()
        desk.go_checkin()
        self._still()
        QTest.keyClicks(desk.checkin.field, "l")
        self._shoot("desk-checkin")
        desk.checkin.field.clear()

    def _settling(self) -> None:
        desk = self._desk()
        desk.go_settle()
        self._shoot("desk-settling")
        desk.read_out()
        book = next(window for window in QApplication.topLevelWidgets() if isinstance(window, ReadOut))
        book.showNormal()
        book.setFixedSize(self._window.size())
        book.go(-1)
        self._shoot("readout", book)
        book.close()

    def _closing(self) -> None:
        self._desk().move_stage()
        until(lambda: self._window.at == "closing")
        self._shoot("closing-check")
        self._sealing()

    def _sealing(self) -> None:
        """Take the rest on a meeting that can be sealed."""
        held = self._window.room.jotted("shots/held")
        self._window.go("closing", held)
        closing = cast(ClosingPage, self._window.page())
        until(lambda: closing.live is not None and closing.live.sitting_id == held)
        closing.show_step(SEAL)
        until(lambda: all(closing.drawn.pages("consensus_paper") or [None]))
        self._shoot("closing-seal")
        closing.sealing.press()
        until(lambda: closing.at == PRINT and not self._window.room.tasks.is_busy())
        self._shoot("closing-print")
        latest = closing.state.latest
        assert latest is not None
        self._window.go("notice", held)
        until(lambda: not self._window.room.tasks.is_busy())
        self._shoot("notice")
        self._window.go("verify", latest.digits)
        until(lambda: not self._window.room.tasks.is_busy())
        self._shoot("verify")

    def _still(self) -> None:
        still(self._window)

    def _shoot(self, name: str, window: QWidget | None = None) -> None:
        keep_picture(self._window, name, window)


def still(window: Shell) -> None:
    """Wait until nothing moves: no work under way, no fading."""
    quiet(window)
    QTest.qWait(STILL_MS)
    quiet(window)


def keep_picture(window: Shell, name: str, part: QWidget | None = None) -> None:
    """Keep a picture of a window, or of what stands before it."""
    still(window)
    window.toast.hide()
    file = PICTURES / f"{name}.png"
    file.write_bytes(png((part or window).grab().toImage()))
    print(f"{file.name} {file.stat().st_size // 1000} kB", flush=True)


def png(image: QImage) -> bytes:
    """Return a picture as PNG with 256 colours of its own, none mixed from dots: letters stay sharp, files small."""
    flat = image.convertToFormat(QImage.Format.Format_RGBA8888)
    whole = Image.frombytes("RGBA", (flat.width(), flat.height()), bytes(flat.constBits()))
    few = whole.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    store = io.BytesIO()
    few.save(store, "PNG", optimize=True)
    return store.getvalue()


def _held(desk: Desk) -> str:
    """Return a meeting of the practice data that has ended with everything its papers need."""
    found = desk.ask(lambda shelf: [one for one in shelf.all(Consultation) if "清明" in one.title])
    sitting = desk.ask(sitting_of, found[0].id)
    assert sitting is not None
    return sitting.id


@contextmanager
def practice(scale: float, then: Callable[[Home, Path], None] = lambda home, folder: None) -> Iterator[Photographer]:
    """Open the program on the practice evening, in a window that fills the smallest laptop at this scale; `then` may
    let more happen in the home before."""
    application = QApplication.instance() or QApplication(["shots"])
    assert isinstance(application, QApplication)
    theme.begin(application)
    with tempfile.TemporaryDirectory() as folder:
        home = open_home(Path(folder) / "home", NOW)
        played = rehearse(home.shelf, home.ledger, SeededDice("shots"), NOW)
        clock = StageClock(NOW)
        desk = Desk(home.shelf, home.ledger, clock, SeededDice("evening"), blobs=home.blobs, seal=home.seal)
        desk.jot({"shots/held": _held(desk)})
        then(home, Path(folder))
        window = furnish(application, home, desk, clock)  # type: ignore[arg-type]
        sys.excepthook = sys.__excepthook__
        window.resize(round(WIDTH / scale), round(HEIGHT / scale))
        window.show()
        window.activateWindow()
        until(window.isActiveWindow)
        yield Photographer(window, played.evening)
        window.close()
        home.close()


def main(words: list[str]) -> int:
    """Take all pictures; those at another scale in a process of their own, for Qt reads the scale only once."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    if words == [LARGER]:
        with practice(float(LARGER)) as photographer:
            photographer.larger()
        return 0
    with practice(1) as photographer:
        photographer.everything()
    sticks: list[Path] = []
    with practice(1, lambda home, folder: sticks.append(meet(home, NOW, folder))) as photographer:
        photographer.exchange(sticks[0])
        shots_county.shoot(keep_picture)
    shots_web.main()
    environment = {**os.environ, "QT_SCALE_FACTOR": LARGER}
    return subprocess.run([sys.executable, "-m", "tests.shots", LARGER], env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
