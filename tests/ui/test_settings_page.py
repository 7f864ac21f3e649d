"""设置: the sheet a printer is checked with is one button away, and needs no meeting."""

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
