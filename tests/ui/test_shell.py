"""The window as a whole: it opens pages, says what happened, keeps the look."""

import gc

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import delete

from app.domain.errors import NotSaved
from ui.main import show_fitting
from ui.room import Room
from ui.shell import Shell
from ui.theme import look


@pytest.fixture
def shell(qtbot, room: Room):
    room.jot("here/place", "532622202")
    window = Shell(room, pytest.fail)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    gc.collect()


def test_a_new_home_asks_where_and_who_and_then_work_begins(qtbot, shell, room):
    shell.go("first")
    page = shell.page()
    qtbot.keyClicks(page.place.line, "wmyzx")
    qtbot.keyClick(page.place.line, Qt.Key.Key_Return)
    assert not page.place.note.isVisible()
    page.me.line.insert("示例干部")
    qtbot.keyClick(page.me.line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: shell.at == "home")
    assert room.jotted("here/place") == "532622202"
    assert "维摩" in shell.top.place.text()
    assert room.jotted("me/name") == "示例干部"


def test_a_name_left_out_is_told_in_the_field(qtbot, shell):
    shell.go("first")
    page = shell.page()
    qtbot.keyClicks(page.place.line, "wmyzx")
    qtbot.keyClick(page.place.line, Qt.Key.Key_Return)
    qtbot.keyClick(page.me.line, Qt.Key.Key_Return)

    assert page.me.note.isVisible()
    assert shell.at == "first"


def test_the_theme_turns_round_and_is_remembered(qtbot, shell, room):
    shell.go("help")
    shell.act("theme")
    assert look().theme.name == "dark"
    assert room.jotted("look/theme") == "dark"
    shell.act("theme")
    shell.act("theme")
    assert look().theme.name == "light"


def test_letters_grow_and_go_back(shell):
    shell.go("help")
    shell.act("larger")
    assert look().theme.base == 17
    shell.act("standard")
    assert look().theme.base == 15


def test_the_help_lists_every_key_that_is_declared(shell):
    shell.go("help")
    text = shell.page().text.toPlainText()
    assert "撤销本机上一步" in text
    assert "F10" in text


def test_what_the_disk_refused_is_said_in_red_and_the_window_stays(qtbot, shell, room):
    shell.go("help")
    room.not_saved.emit(NotSaved("disk full"))

    assert "没存上" in shell.foot.saved.text
    assert shell.banner.isVisible()


def test_nothing_in_the_shell_is_unnamed(shell):
    shell.go("settings")
    nameless = [
        child
        for child in shell.findChildren(QWidget)
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus and child.isVisible() and not child.accessibleName()
    ]
    assert nameless == []


def test_a_field_may_go_the_moment_the_keyboard_comes_to_it(qtbot, shell):
    shell.go("home")
    for _ in range(50):
        field = QLineEdit(shell)
        field.show()
        field.setFocus()
        delete(field)
    room = [bytearray(256) for _ in range(2000)]

    qtbot.wait(1)

    assert len(room) == 2000
    assert shell.foot.isVisible()


def test_a_window_that_is_larger_than_the_screen_fills_it_and_no_more(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()

    window.resize(room.width(), room.height())
    show_fitting(window)
    assert window.isMaximized()

    window.showNormal()
    window.resize(room.width() // 2, room.height() // 2)
    show_fitting(window)
    assert not window.isMaximized()
