"""设置: who, where, how it looks, in which language, where the data lie. Everything counts at once."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QStandardPaths
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.settings import CONTACT, LANGUAGE, MASTHEAD, ME, ORGAN, PHONE, PLACE, START_MM, Setting
from ui.home.following import Following
from ui.office_papers import Printed, print_calibration
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import BASES, STANDARD, THEMES, Role, look
from ui.widgets.button import Button
from ui.widgets.choice import Choice
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr

THEME_WORDS = {"light": "宣纸（明）", "dark": "夜砚（暗）", "sun": "户外高对比"}
BASE_WORDS = dict(zip(BASES, ("小", "标准", "大", "特大"), strict=True))
OFFICE_WORDS: dict[Setting, tuple[str, str]] = {
    ORGAN: ("落款单位", "文书落款，如：政协示例县委员会办公室"),
    CONTACT: ("联系人", "通知、公示上的联系人"),
    PHONE: ("联系电话", "只写办公电话，印在通知、公示、承诺卡上"),
    MASTHEAD: ("纪要红头", "如：政协示例县委员会办公室协商纪要"),
    START_MM: ("预印红头纸", "正文从纸上边多少毫米起，不用就写 0"),
}
LANGUAGE_WORDS = {"zh": "中文", "en": "English"}


class SettingsPage(Page):
    """One column of settings, each with one sentence."""

    name = "settings"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.me = Field(tr("姓名"), tr("记录上署谁的名"))
        self.me.line.submitted.connect(lambda _: self._keep_name())
        self.me.line.left.connect(self._keep_name)
        self.issuer = {setting: self._office_field(setting) for setting in OFFICE_WORDS}
        self.place = Label("", Role.BODY)
        self.change_place = Button(tr("换地方"))
        self.change_place.clicked.connect(lambda: room.go("first"))
        self.theme = Choice(tr("外观"), dict(THEME_WORDS), look().theme.name, self._wear)
        bases = {str(base): words for base, words in BASE_WORDS.items()}
        self.base = Choice(tr("字号"), bases, str(look().theme.base), self._size)
        self.language = Choice(tr("语言"), LANGUAGE_WORDS, room.setting(LANGUAGE), self._speak)
        self.practise = Button(tr("打开练习数据"), "plain", "flag")
        self.practise.clicked.connect(self._practise)
        self.calibrate = Button(tr("存一张打印机校准页"), "plain", "printer")
        self.calibrate.clicked.connect(self._calibrate)
        self.papers_folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        self._lay_out()
        look().changed.connect(self._mark)

    def _office_field(self, setting: Setting) -> Field:
        """Return a line for what stands on papers: the organ, who answers the telephone, the red head."""
        field = Field(tr(OFFICE_WORDS[setting][1]), tr(OFFICE_WORDS[setting][0]))
        field.line.submitted.connect(lambda _: self._keep_office(setting))
        field.line.left.connect(lambda: self._keep_office(setting))
        field.setMaximumWidth(look().px(480))
        return field

    def _keep_office(self, setting: Setting) -> None:
        """Keep what was typed; a beginning that is no number of millimetres is said so and not kept."""
        field, text = self.issuer[setting], self.issuer[setting].line.text().strip()
        is_wrong = setting is START_MM and text != "" and not (text.isascii() and text.isdigit() and int(text) <= 200)
        field.say_wrong(tr("写毫米数，0 到 200；不用就写 0") if is_wrong else "")
        if not is_wrong and text != self.room.setting(setting):
            self.room.choose(setting, text or setting.default)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(20)
        grid.setColumnStretch(1, 1)
        place = QHBoxLayout()
        place.addWidget(self.place)
        place.addSpacing(12)
        place.addWidget(self.change_place)
        place.addStretch(1)
        practise = QHBoxLayout()
        practise.addWidget(self.practise)
        practise.addStretch(1)
        printer = QHBoxLayout()
        printer.addWidget(self.calibrate)
        printer.addStretch(1)
        where = Label(self.room.where, Role.CAPTION, "ink3").wrapped()
        rows: list[tuple[str, QWidget | QHBoxLayout]] = [
            (tr("我叫"), self.me),
            (tr("地方"), place),
            *((tr(words), self.issuer[setting]) for setting, (words, _) in OFFICE_WORDS.items()),
            (tr("外观"), self.theme),
            (tr("字号"), self.base),
            (tr("语言"), self.language),
            (tr("打印机"), printer),
            (tr("练习"), practise),
            (tr("数据放在"), where),
        ]
        for at, (word, part) in enumerate(rows):
            grid.addWidget(Label(word, Role.NAME, "ink2"), at, 0)
            if isinstance(part, QWidget):
                grid.addWidget(part, at, 1)
            else:
                grid.addLayout(part, at, 1)
        inside, whole = QWidget(), QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Following(inside))
        column = QVBoxLayout(inside)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(20)
        column.addWidget(Label(tr("设置"), Role.PAGE))
        column.addLayout(grid)
        column.addWidget(Label(tr("严禁在本机处理国家秘密"), Role.CAPTION, "ink3"))
        column.addStretch(1)
        self.me.setMaximumWidth(look().px(360))

    def enter(self, record_id: str = "") -> None:
        """Show what is in force."""
        self.me.line.resume(self.room.setting(ME))
        for setting, field in self.issuer.items():
            field.line.resume(self.room.setting(setting))
        code = self.room.setting(PLACE)
        self.place.say(self.room.places.label(code) if code else tr("还没选"))
        self._mark()
        self.me.line.setFocus()

    def leave(self) -> None:
        """Keep the name, and what stands on papers, as they are typed."""
        self._keep_name()
        for setting in self.issuer:
            self._keep_office(setting)

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys that change the look from anywhere."""
        return (Hint("Ctrl +", tr("字大")), Hint("Ctrl -", tr("字小")), Hint("Ctrl Shift T", tr("明 / 暗 / 户外")))

    def _mark(self) -> None:
        self.theme.mark(look().theme.name)
        self.base.mark(str(look().theme.base))

    def _keep_name(self) -> None:
        name = self.me.line.text().strip()
        if name and name != self.room.setting(ME):
            self.room.introduce(name)
            self.room.say(tr("记下了：{name}", name=name))

    def _wear(self, name: str) -> None:
        self.room.dress(name, look().theme.base)

    def _size(self, base: str) -> None:
        self.room.dress(look().theme.name, int(base or STANDARD))

    def _speak(self, language: str) -> None:
        self.room.choose(LANGUAGE, language)
        self.room.say(tr("下次打开换成{language}", language=LANGUAGE_WORDS[language]))

    def _calibrate(self) -> None:
        """Write the sheet a printer is checked with, and say where it lies and how it is printed."""
        to = self.papers_folder / f"{tr('打印机校准页')}.pdf"
        self.room.work(self, lambda: print_calibration(to), self._calibrated)

    def _calibrated(self, sheet: Printed) -> None:
        self.room.say(tr("校准页存在 {file}，按“实际大小”打印，再用直尺量", file=sheet.file))

    def _practise(self) -> None:
        QProcess.startDetached(sys.executable, ["-m", "ui.main", "--demo"])


assert set(THEME_WORDS) == set(THEMES)
