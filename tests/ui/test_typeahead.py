"""On a slow disk the clerk types on; every word lands where it was meant to."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tests.hands import Hands
from ui.tasks import Tasks
from ui.widgets.composing_edit import ComposingLine

SLOW_S = 0.25


@pytest.fixture
def yard(qtbot, monkeypatch):
    """A field whose Enter takes a slow disk's time, clears it, and moves on to the second field."""
    monkeypatch.setattr("ui.tasks.BLINK_S", 0.06)
    window = QWidget()
    first, second = ComposingLine(window), ComposingLine(window)
    column = QVBoxLayout(window)
    for field in (first, second):
        field.setAccessibleName("field")
        column.addWidget(field)
    tasks = Tasks(window)
    window.written = []

    def write(text: str) -> None:
        tasks.run(window, lambda: time.sleep(SLOW_S) or text, written, pytest.fail, soon=True)

    def written(text: str) -> None:
        window.written.append(text)
        first.clear()
        second.setFocus()

    first.submitted.connect(write)
    window.first, window.second = first, second
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    first.setFocus()
    yield window
    tasks.finish()


def test_what_is_typed_while_the_disk_is_busy_waits_for_the_next_field(qtbot, yard):
    hands = Hands(yard)
    hands.press("zmg↵ly")

    qtbot.waitUntil(lambda: yard.second.text() == "ly")
    assert yard.written == ["zmg"]
    assert yard.first.text() == ""


def test_a_second_enter_during_the_write_does_not_write_twice(qtbot, yard):
    hands = Hands(yard)
    hands.press("zmg↵↵↵")

    qtbot.waitUntil(lambda: yard.written == ["zmg"])
    qtbot.wait(50)
    assert yard.written == ["zmg"]


def test_words_from_the_input_method_wait_too(qtbot, yard):
    hands = Hands(yard)
    hands.press("zmg↵")
    hands.say("凡涉及公共安全")

    qtbot.waitUntil(lambda: yard.second.text() == "凡涉及公共安全")


def test_an_enter_after_waiting_words_still_submits_them(qtbot, yard):
    yard.second.submitted.connect(lambda text: yard.written.append(text))
    hands = Hands(yard)
    hands.press("zmg↵")
    hands.say("凡涉及公共安全")
    hands.press("↵")

    qtbot.waitUntil(lambda: yard.written == ["zmg", "凡涉及公共安全"])


def test_a_shortcut_typed_meanwhile_is_done_afterwards(qtbot, yard):
    done = []
    action = QAction("定下", yard)
    action.setShortcut(QKeySequence("F6"))
    action.triggered.connect(lambda: done.append(yard.first.text()))
    yard.addAction(action)
    hands = Hands(yard)
    hands.press("zmg↵")
    hands.chord(Qt.Key.Key_F6)

    assert done == []
    qtbot.waitUntil(lambda: done == [""])
