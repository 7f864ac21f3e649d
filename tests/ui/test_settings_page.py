"""设置: the sheet a printer is checked with is one button away, and needs no meeting."""

import pytest

from app.settings import PHONE, START_MM
from ui.pages_of import page_count
from ui.settings.settings_page import SettingsPage


def test_the_calibration_sheet_is_saved_and_told_where_it_lies(qtbot, world, tmp_path):
    room, said = world.room(), []
    page = SettingsPage(room)
    qtbot.addWidget(page)
    page.papers_folder = tmp_path
    room.said.connect(lambda text, _: said.append(text))

    page.calibrate.click()

    qtbot.waitUntil(lambda: bool(said))
    file = tmp_path / "打印机校准页.pdf"
    assert said == [f"校准页存在 {file}，按“实际大小”打印，再用直尺量"]
    assert page_count(file.read_bytes()) == 1
    room.tasks.finish()


@pytest.fixture
def page(qtbot, world):
    room = world.room()
    page = SettingsPage(room)
    qtbot.addWidget(page)
    page.enter()
    yield page
    room.tasks.finish()


def test_what_stands_on_papers_is_typed_once_and_kept(qtbot, page):
    field = page.issuer[PHONE]
    field.line.setText("0876-1234567")
    page.leave()

    assert page.room.setting(PHONE) == "0876-1234567"


def test_a_beginning_that_is_no_number_of_millimetres_is_not_kept(qtbot, page):
    field = page.issuer[START_MM]
    field.line.setText("一百")
    page.leave()

    assert page.room.setting(START_MM) == "0"
    assert "毫米" in field.note.words.text()
