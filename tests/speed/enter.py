"""Enter on a check-in and on a statement → durable and painted, beside one raw durable commit of the same row."""

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.attendance import Presence
from app.domain.statement import Statement
from app.queries.sitting import LiveSitting
from tests.speed.county import L, Size, room
from tests.speed.figures import Figure, Spread, spread, tell, took_ms
from tests.speed.ledger import SAID, ciphered_commit
from tests.speed.window import Eye, focused, press, quiet, shell_on, until
from ui.consultation.desk_page import DeskPage
from ui.shell import Shell
from ui.widgets.composing_edit import ComposingText

TIMES = 60


def bench(size: Size = L, times: int = TIMES) -> Iterator[Figure]:
    """Record statements and check people in, each followed by a raw commit."""
    with shell_on(size) as (shell, lent), room() as beside:
        raw = ciphered_commit(beside / "raw.cipher")
        shell.go("desk", lent.big)
        quiet(shell)
        desk = cast(DeskPage, shell.page())
        assert desk.live is not None
        for name, taken in (("statement", _statements), ("check-in", _arrivals)):
            ours, floors = [], []
            for took in taken(shell, desk, desk.live, times):
                ours.append(took)
                floors += [took_ms(raw) for _ in range(3)]
            yield _told(name, spread(ours), spread(floors))


def _told(name: str, ours: Spread, floor: Spread) -> Figure:
    what = "raw SQLCipher commit of one row (p50)"
    return Figure(f"Enter → durable and painted, {name} (p95)", ours.p95, "ms", 50, floor.p50, what, 4, str(ours))


def _statements(shell: Shell, desk: DeskPage, live: LiveSitting, times: int) -> Iterator[float]:
    field = desk.entry.text
    desk.go_speak()
    speakers = [attendance.person_id for attendance in live.here()]
    eye = Eye(desk.timeline.list)
    for count in range(times):
        desk.entry.choose_speaker(speakers[count % len(speakers)])
        until(field.hasFocus)
        _say(SAID)
        quiet(shell)
        before = len(live.records[Statement.KIND])
        yield eye.ms_until_painted(lambda: press(Qt.Key.Key_Return))
        until(lambda before=before: len(live.records[Statement.KIND]) == before + 1)  # type: ignore[misc]
        assert not field.text(), "the field is free again"
        quiet(shell)
    eye.close()


def _arrivals(shell: Shell, desk: DeskPage, live: LiveSitting, times: int) -> Iterator[float]:
    field = desk.checkin.field
    desk.go_checkin()
    _focus(field)
    eye = Eye(desk.checkin.list, field)
    awaited = [live.person(a.person_id) for a in live.attendances() if a.presence == Presence.EXPECTED]
    for person in [person for person in awaited if person][:times]:
        field.setText(person.name)
        quiet(shell)
        here = len(live.here())
        took = eye.ms_until_painted(lambda: press(Qt.Key.Key_Return))
        until(lambda here=here: len(live.here()) == here + 1)  # type: ignore[misc]
        assert not field.text(), "the field is free again"
        quiet(shell)
        yield took
    eye.close()


def _focus(field: QWidget) -> None:
    field.setFocus()
    until(field.hasFocus)


def _say(sentence: str) -> None:
    event = QInputMethodEvent()
    event.setCommitString(sentence)
    field = focused()
    QApplication.sendEvent(field, event)
    # An Enter within 50 ms of the input method's would be taken for its echo, so the field hears a second, later word.
    assert isinstance(field, ComposingText)
    field.composition._committed_ms = None


if __name__ == "__main__":
    tell(bench())
