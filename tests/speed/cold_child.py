"""One cold start, told as JSON: from the first instant of the process to the frame, the usable home, and quiet.

`app HOME` starts the program as a person does; `floor` starts an empty window with a table.
"""

import sys
import time

BEGUN_NS = time.perf_counter_ns()


def ms() -> float:
    """Return how long this interpreter has been running our code."""
    return (time.perf_counter_ns() - BEGUN_NS) / 1e6


def floor() -> None:
    """Show an empty window with a table, and tell when it is painted."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget

    application = QApplication(sys.argv[:1])
    window, table = QMainWindow(), QTableWidget(20, 6)
    window.setCentralWidget(table)
    window.resize(1366, 768)

    class Eye(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, lambda: (print(f'{{"usable": {ms()}}}'), application.quit()))
                watched.removeEventFilter(self)
            return False

    eye = Eye()
    table.viewport().installEventFilter(eye)
    window.show()
    application.exec()


def app(folder: str) -> None:
    """Run the program's own `main` until its home is usable, tell the times, and quit."""
    from ui import main as program

    told: dict[str, float] = {"imported": ms()}
    import json
    from datetime import datetime, timedelta, timezone
    from typing import Any
    from unittest.mock import patch

    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    from sync.homes import StageClock

    evening = datetime(2026, 3, 30, 20, 10, tzinfo=timezone(timedelta(hours=8)))
    real = program.furnish
    eyes: list[QObject] = []

    class Eye(QObject):
        """Sees the first paint, the overview painted, and the worker at rest."""

        def __init__(self, window: Any) -> None:
            super().__init__()
            self.window = window
            window.page().hero.installEventFilter(self)
            window.room.tasks.idle.connect(self.rested)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                told.setdefault("frame", ms())
                if self.window.page().found is not None and "usable" not in told:
                    QTimer.singleShot(0, self.usable)
            return False

        def usable(self) -> None:
            told["usable"] = ms()
            self.rested()

        def rested(self) -> None:
            QTimer.singleShot(0, self.leave)

        def leave(self) -> None:
            if "usable" not in told or self.window.room.tasks.is_busy():
                return
            told["quiet"] = ms()
            print(json.dumps(told), flush=True)
            self.window.close()
            QApplication.quit()

    def furnish(*parts: Any) -> Any:
        told["opened"] = ms()
        window = real(*parts)
        told["furnished"] = ms()
        eyes.append(Eye(window))
        return window

    with patch.object(program, "furnish", furnish), patch.object(program, "SystemClock", lambda: StageClock(evening)):
        program.main(["--home", folder])


if __name__ == "__main__":
    app(sys.argv[2]) if sys.argv[1] == "app" else floor()
