"""Keystroke → paint in the fields people type into most, and initials → candidates painted over 20,000 people.

Every key is pressed in the real window on data set L, on the sitting with 500 participants and 500 statements; the
time ends when the field (and the list under it) has been painted.
"""

import random
from collections.abc import Callable, Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.pinyin import readings
from tests.speed.county import L, Size
from tests.speed.figures import Figure, spread, tell
from tests.speed.window import Eye, focused, press, quiet, shell_on, typed, until
from ui.consultation.desk_page import DeskPage
from ui.search_box import SearchBox
from ui.shell import Shell
from ui.topic.topic_page import TopicPage
from ui.widgets.candidate_popup import CandidatePopup

KEYS = 400
PINYIN = "jinnianyujijiudulianghui"


def bench(size: Size = L, keys: int = KEYS) -> Iterator[Figure]:
    """Type in one field after another."""
    with shell_on(size) as (shell, lent):
        shell.go("desk", lent.big)
        quiet(shell)
        desk = cast(DeskPage, shell.page())
        names = [person.name for person in shell.room.register.people.values()]
        desk.go_speak()
        yield from _choosing("speaker field", shell, desk.entry.who, desk.entry.popup, names, keys)
        desk.entry.choose_speaker(_somebody_here(desk))
        yield _typing("entry text", shell, desk.entry.text, keys)
        yield _composing("entry text, composing", shell, desk.entry.text, keys)
        desk.entry.text.clear()
        desk.go_checkin()
        yield from _choosing("check-in field", shell, desk.checkin.field, desk.checkin.popup, names, keys)
        shell.go("topics")
        quiet(shell)
        yield _typing("topic filter", shell, cast(TopicPage, shell.page()).filter.line, keys)
        shell.seek()
        quiet(shell)
        box = next(iter(shell.findChildren(SearchBox)))
        yield _typing("Ctrl K", shell, box.line, keys)
        box.close_box()


def _somebody_here(desk: DeskPage) -> str:
    assert desk.live is not None
    return desk.live.here()[0].person_id


def _typing(name: str, shell: Shell, field: QWidget, keys: int) -> Figure:
    """Type letters, a word at a time, with what they set going left running."""
    letters = (PINYIN[at % len(PINYIN)] for at in range(keys))
    return _told(name, _times(shell, field, (lambda letter=letter: typed(letter) for letter in letters)))  # type: ignore[misc]


def _composing(name: str, shell: Shell, field: QWidget, keys: int) -> Figure:
    """Let the input method show the letters under way, and put a word in after each six."""
    steps = (PINYIN[: at % 6 + 1] for at in range(keys))
    return _told(name, _times(shell, field, (lambda step=step: _compose(step) for step in steps)))  # type: ignore[misc]


def _compose(letters: str) -> None:
    event = QInputMethodEvent("" if len(letters) == 6 else letters, [])
    if len(letters) == 6:
        event.setCommitString("今年雨季")
    QApplication.sendEvent(focused(), event)


def _times(shell: Shell, field: QWidget, acts: Iterator[Callable[[], None]]) -> list[float]:
    field.setFocus()
    until(field.hasFocus)
    eye = Eye(field)
    taken = []
    for count, act in enumerate(acts):
        if count % 24 == 0:
            field.clear()  # type: ignore[attr-defined]
            quiet(shell)
        taken.append(eye.ms_until_painted(act))
    eye.close()
    field.clear()  # type: ignore[attr-defined]
    quiet(shell)
    return taken


def _told(name: str, taken: list[float]) -> Figure:
    told = spread(taken)
    return Figure(f"key → paint, {name} (p99)", told.p99, "ms", 16, note=str(told))


def _choosing(
    name: str, shell: Shell, field: QWidget, popup: CandidatePopup, names: list[str], keys: int
) -> Iterator[Figure]:
    """Type the three initials of one person after another and take them back."""
    pick = random.Random("choosing")
    field.setFocus()
    until(field.hasFocus)
    seen, both, back = Eye(field), [], []
    for _ in range(keys // 3):
        for letter in _initials(pick.choice(names)):
            both.append(_until_both(seen, popup, letter))
        while field.text():  # type: ignore[attr-defined]
            back.append(seen.ms_until_painted(lambda: press(Qt.Key.Key_Backspace)))
    seen.close()
    quiet(shell)
    told = spread(both)
    yield Figure(f"initials → candidates painted, {name} (p95)", told.p95, "ms", 16, note=str(told))
    yield _told(name, both + back)


def _until_both(eye: Eye, popup: CandidatePopup, letter: str) -> float:
    """Type a letter; the list is up when the key returns, so it is painted in the same round as the field."""
    below = Eye(popup)
    try:
        took = eye.ms_until_painted(lambda: typed(letter))
        assert not popup.isVisible() or below.seen, "the list came later than the letter"
        return took
    finally:
        below.close()


def _initials(name: str) -> str:
    return "".join((readings(sign) or (sign,))[0][0] for sign in name)[:3]


if __name__ == "__main__":
    tell(bench())
