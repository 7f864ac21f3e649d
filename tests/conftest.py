"""What holds for every test: no screen needed, laws without a stopwatch, and nobody logs a warning unasked."""

import atexit
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

from tests.blank import Growing, laid_out_once

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# What the program keeps of its homes outside of them goes nowhere near that of whoever runs the tests.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="yuanba-state-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)

PATIENCE_MS = 60_000

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "expects_log(*patterns): warnings matching a pattern are meant, and each pattern must come up"
    )


@pytest.fixture(scope="session", autouse=True)
def grown() -> Iterator[Growing]:
    """Let new homes of this process have the tables of the first one; return how they grow without that."""
    with laid_out_once() as growing:
        yield growing


class PatientBot(QtBot):
    """A hand at the window that waits for what is to come about as long as a busy machine may take."""

    def waitUntil(self, callback, *, timeout=PATIENCE_MS):
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal, *, timeout=PATIENCE_MS, **more):
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitActive(self, widget, *, timeout=PATIENCE_MS):
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget, *, timeout=PATIENCE_MS):
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that logs a warning or worse, unless it expects that very one."""
    yield
    patterns = [pattern for marker in request.node.iter_markers("expects_log") for pattern in marker.args]
    warnings = [
        f"{record.name}: {record.getMessage()}"
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING
    ]
    unexpected = [text for text in warnings if not any(re.search(pattern, text) for pattern in patterns)]
    unheard = [pattern for pattern in patterns if not any(re.search(pattern, text) for text in warnings)]
    assert not unexpected, f"logged unasked: {unexpected}"
    assert not unheard, f"expected in the log, but never heard: {unheard}"
