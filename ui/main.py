"""The program with a window: opens the home, puts the room together, shows the shell."""

import argparse
import gc
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QTimer, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

import resources
from app.desk import Desk
from app.domain.errors import Damaged, NotSaved, Trouble
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.sweeping import keep_loaded
from app.queries.people import register
from app.settings import BASE, LANGUAGE, ME, PLACE, PRACTICE, THEME
from db.incarnation import LEFT, Traces
from db.keep import REVISION, Home, damaged_pages, open_home
from sync.homes import SystemClock, SystemDice, default_home, default_state, machine_print
from ui import theme
from ui.room import Room
from ui.shell import Shell
from ui.words import speak, tr

if TYPE_CHECKING:
    from ui.exchange.behind import Behind
    from ui.exchange.enrol_behind import EnrolBehind
    from ui.exchange.relay_door import RelayDoor

AFTER_PAINT_MS, AFTER_WARM_MS = 300, 5000
# Work beside the window gives way to a key within a millisecond, not within Python's usual five.
SWITCH_S = 0.001


def main(words: list[str] | None = None) -> int:
    """Run the program and return its exit code."""
    sys.setswitchinterval(SWITCH_S)
    gc.disable()  # until all is loaded: collecting in the middle would only find that nothing can go
    wanted = _arguments(words)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("yuanba")
    application.setApplicationDisplayName("院坝")
    theme.begin(application)
    folder = wanted.home or (practice_home() if wanted.demo else default_home())
    clock = SystemClock()
    try:
        home = open_home(folder, clock.now(), Traces(machine_print(folder), default_state()))
    except (Damaged, NotSaved) as trouble:
        return _cannot_open(application, trouble)
    desk = Desk(home.shelf, home.ledger, clock, SystemDice(), blobs=home.blobs, seal=home.seal)
    if wanted.demo and not desk.jotted(PRACTICE.name):
        _rehearse(application, home, clock)
    window = furnish(application, home, desk, clock)
    if wanted.demo:
        window.go("desk")
    show_fitting(window)
    code = application.exec()
    home.close()
    return code


def show_fitting(window: QWidget) -> None:
    """Show a window as large as it likes to be, or as large as the screen lets it: title and task bars take their part
    of the small screens our users have."""
    room = window.screen().availableGeometry()
    if room.width() > window.width() and room.height() > window.height():
        window.show()
    else:
        window.showMaximized()


def _arguments(words: list[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="yuanba", description="院坝协商，记在本机")
    reader.add_argument("--home", type=Path, help="数据放在哪个文件夹")
    reader.add_argument("--demo", action="store_true", help="打开练习数据")
    return reader.parse_args(words)


def practice_home() -> Path:
    """Return the folder of the practice home: beside one's own, never the same."""
    own = default_home()
    return own.with_name(f"{own.name}-practice")


def _rehearse(application: QApplication, home: Home, clock: SystemClock) -> None:
    """Fill a new practice home, saying so meanwhile."""
    from ui.rehearsal import rehearse
    from ui.widgets.empty_state import EmptyState

    waiting = EmptyState("clock", tr("正在备好练习数据"), tr("几秒钟就好，跟您自己的数据不在一处"))
    waiting.resize(640, 320)
    waiting.setWindowTitle(tr("院坝"))
    application.setQuitOnLastWindowClosed(False)
    waiting.show()
    application.processEvents()
    rehearse(home.shelf, home.ledger, SystemDice(), clock.now())
    waiting.hide()
    waiting.deleteLater()
    application.setQuitOnLastWindowClosed(True)


def furnish(application: QApplication, home: Home, desk: Desk, clock: SystemClock) -> Shell:
    """Return the window on an open home, dressed as it was last, at the place where work stopped."""
    notes = desk.jotted()
    speak(notes.get(LANGUAGE.name, LANGUAGE.default))
    theme.apply(application, notes.get(THEME.name, THEME.default), int(notes.get(BASE.name, BASE.default)))
    _speak_qt(application, notes.get(LANGUAGE.name, LANGUAGE.default))
    desk.who = notes.get(ME.name, ME.default)
    places = Places(resources.places("53"))
    practices = read_practices(resources.practices())
    room = Room(desk, desk.ask(register), places, practices, clock, notes, str(home.folder))
    window = Shell(room, _reporter(home.folder, clock))
    sys.excepthook = lambda _, error, __: room.broken.emit(error)
    window.go("home" if notes.get(PLACE.name) else "first")
    QTimer.singleShot(AFTER_PAINT_MS, window, lambda: _warm(window))
    QTimer.singleShot(AFTER_PAINT_MS, window, lambda: _join(window, home, clock))
    QTimer.singleShot(AFTER_PAINT_MS, window, lambda: _tell_of_copies(window, home))
    QTimer.singleShot(AFTER_WARM_MS, window, lambda: _look_further(window, home))
    return window


def _tell_of_copies(window: Shell, home: Home) -> None:
    """Say once that this computer was restored or copied; a stick or the line may show it at any time."""
    room = window.room

    def say(found: dict[str, str]) -> None:
        if LEFT in found:
            told = tr("这台电脑的数据被恢复或复制过，两边的都留着。另一台要是还在用，两台各记各的，到县里合到一起。")
            window.warn(told, "ochre", lambda: room.writes.note(LEFT, None))

    def look() -> None:
        room.work(window, lambda: home.ledger.jotted(LEFT), say)

    room.waiting.connect(lambda _: look())
    look()


def _speak_qt(application: QApplication, language: str) -> None:
    """Let Qt's own dialogs (files, printers) speak Chinese as well."""
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language == "zh" and translator.load("qtbase_zh_CN", folder):
        application.installTranslator(translator)


def _look_further(window: Shell, home: Home) -> None:
    """Read what Ctrl K looks in; then, out of the way, every page of the ledger, and say so if one is damaged."""
    from ui.search_box import prepare

    prepare(window.room, window)

    def say(pages: list[str]) -> None:
        if pages:
            window.warn(tr("数据文件有一处坏了。先把数据文件夹整个抄一份，再往下记"))

    window.room.aside(window, lambda: damaged_pages(home.engine), say)


def _join(window: Shell, home: Home, clock: SystemClock) -> None:
    """Find out whose computer this is, and let it exchange; nothing of practice data ever leaves."""
    room = window.room
    if room.setting(PRACTICE):
        return

    def made() -> "tuple[Behind, EnrolBehind, Callable[[], RelayDoor]]":
        from sync.exchange import Relay, exchange_of
        from sync.server.office import Office
        from ui.exchange.behind import Behind
        from ui.exchange.enrol_behind import EnrolBehind
        from ui.exchange.relay_door import RelayDoor

        parts = (home.postbox, home.shelf, home.seal, clock, SystemDice(), home.folder, REVISION, home.cargo)
        carrier = exchange_of(*parts)
        behind = Behind(carrier, home.postbox, home.shelf, room.places, clock)
        office = partial(Office, carrier, home.postbox, room.places, clock)
        door = partial(RelayDoor, room, Relay(carrier), office, home.folder)
        return behind, EnrolBehind(behind, home.postbox, room.places), door

    def join(found: "tuple[Behind, EnrolBehind, Callable[[], RelayDoor]]") -> None:
        from ui.erasing import ErasureDesk

        behind, enrolling, door = found
        room.let_erase(lambda desk: ErasureDesk(desk, behind.carrier, home.postbox))
        room.let_in(door())
        room.join(behind if enrolling.own() else None, enrolling)

    room.errand(window, made, join)


def _warm(window: Shell) -> None:
    """Make ready on the worker what the first keys will need, now that the window stands."""
    room = window.room
    keep_loaded()
    room.aside(window, room.register.indexed, room.register.adopt)
    room.aside(window, room.places.warm, lambda _: keep_loaded())
    room.went.connect(lambda page, _: _open_fonts(window) if page == "closing" else None)


def _open_fonts(window: Shell) -> None:
    """Open the paper's fonts while somebody still looks at what is missing."""
    from ui.printing import warm

    window.room.aside(window, warm)


def _reporter(folder: Path, clock: SystemClock) -> Callable[[str], None]:
    def keep(text: str) -> None:
        reports = folder / "reports"
        reports.mkdir(exist_ok=True)
        (reports / f"{clock.now():%Y%m%d-%H%M%S}.txt").write_text(text, encoding="utf-8")

    return keep


def _cannot_open(application: QApplication, trouble: Trouble) -> int:
    from ui.widgets.error_panel import ErrorPanel

    panel = ErrorPanel()
    panel.say(trouble.what, trouble.kept, trouble.advice, trouble.code)
    panel.setWindowTitle("院坝")
    panel.resize(640, 220)
    panel.show()
    application.exec()
    return 3


if __name__ == "__main__":
    raise SystemExit(main())
