"""The card of carrying: the stick as it lies there, the line, what is being written, what would be taken in.

It shows and asks; what is done about it the page decides. While something is written it says 先别拔, and 停下.
"""

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.actions import shown_key
from ui.exchange.port import Preview, Step, Stick
from ui.exchange.words import beside_words, preview_words, step_words, stick_words
from ui.theme import Role
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.widgets.painted import announce
from ui.widgets.sign import Sign
from ui.words import tr

LEAST_SHOWN_MS = 500
STICK, WIRE = 0, 1
WRITING, LOOKING, TAKING, WIRING = "writing", "looking", "taking", "wiring"
WORKS = {
    WRITING: ("正在写进 U 盘", "先别拔", "停下不会弄坏东西，下次接着写", "usb"),
    LOOKING: ("正在看 U 盘里有什么", "先别拔", "停下什么都不变", "usb"),
    TAKING: ("正在收", "先别拔", "停下一样也不收，本机不变", "download-simple"),
    WIRING: ("正在走网络", "", "停下不要紧，送到的不用再送", "wifi-high"),
}


class StickCard(Card):
    """Carries nothing itself. `asked` names what somebody wants: write, take, wire, stop, accept, decline, folder."""

    asked = Signal(str)
    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__("current", tr("U 盘"))
        self.set_margins(20, 16, 20, 16, 10)
        self.way, self.sticks, self.at, self.number = STICK, list[Stick](), 0, 0
        self.state, self._ending = "", ""
        self._done = 0
        self._shown_for = QElapsedTimer()
        self.sign, self.title, self.about = Sign("usb", "ink", 24), Label("", Role.TIMER), Label("", Role.CAPTION)
        self.count, self.bar = Label("", Role.CARD), QProgressBar()
        self.step, self.hold = Label("", Role.NOTE).wrapped(), Label("", Role.NAME, "ochre")
        self.stop, self.meaning = (
            self._button("stop", "停下", "x", "exchange.stop"),
            Label("", Role.CAPTION, "ink2").wrapped(),
        )
        self.write = self._button("write", "写进 U 盘", "upload-simple", "exchange.write", "primary")
        self.take = self._button("take", "从 U 盘收", "download-simple", "exchange.take")
        self.folder = self._button("folder", "选个文件夹", "", "", "link")
        self.address = Field(tr("上级的电脑，像 http://192.168.1.10:8420"), tr("上级的电脑在哪里"))
        self.wire = self._button("wire", "走网络", "wifi-high", "exchange.wire", "primary")
        self.accept = Button(tr("收"), "primary", "download-simple", "↵", tall=True)
        self.decline = self._button("decline", "不收", "x", "exchange.stop")
        self.told = [Label("", Role.NAME) for _ in range(4)]
        self.missing = Label("", Role.CAPTION, "ochre").wrapped()
        self._lay_out()
        self.show_rest()

    def _button(self, asks: str, words: str, icon: str, act: str, kind: str = "plain") -> Button:
        button = Button(tr(words), kind, icon, shown_key(act) if act else "")
        button.clicked.connect(lambda: self.asked.emit(asks))
        return button

    def _lay_out(self) -> None:
        head, words = QHBoxLayout(), QVBoxLayout()
        head.setSpacing(12)
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.about)
        head.addWidget(self.sign)
        head.addLayout(words, 1)
        head.addWidget(self.count)
        head.addWidget(self.folder)
        self.column.addLayout(head)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("进度"))
        self._choices = QWidget()
        self._choice_row = _row(self._choices)
        self._working = self._built_working()
        self._resting = _beside(self.write, self.take)
        self._wired = QWidget()
        column = QVBoxLayout(self._wired)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.address)
        column.addWidget(_beside(self.wire))
        self._previewed = self._built_preview()
        for part in (self._choices, self._working, self._resting, self._wired, self._previewed):
            self.column.addWidget(part)
        self.accept.clicked.connect(lambda: self.asked.emit("accept"))
        self.address.line.submitted.connect(lambda _: self.asked.emit("wire"))

    def _built_working(self) -> QWidget:
        part, line = QWidget(), QHBoxLayout()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        line.addWidget(self.step, 1)
        line.addWidget(self.hold)
        column.addWidget(self.bar)
        column.addLayout(line)
        ways_out = _row(stopping := QWidget())
        ways_out.addWidget(self.stop)
        ways_out.addWidget(self.meaning, 1)
        column.addWidget(stopping)
        return part

    def _built_preview(self) -> QWidget:
        part, counts = QWidget(), QHBoxLayout()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        counts.setSpacing(16)
        for label in self.told:
            counts.addWidget(label)
        counts.addStretch(1)
        column.addLayout(counts)
        column.addWidget(self.missing)
        column.addWidget(_beside(self.accept, self.decline))
        return part

    @property
    def stick(self) -> Stick | None:
        """Return the stick that is chosen, if any is there."""
        return self.sticks[self.at] if self.at < len(self.sticks) else None

    @property
    def is_at_rest(self) -> bool:
        """Say whether nothing is under way and nothing waits for an answer."""
        return self.state == ""

    def show_sticks(self, sticks: Sequence[Stick], number: int = 0) -> None:
        """Show what is plugged in; the one that was chosen stays chosen while it is there."""
        chosen = self.stick.folder if self.stick else None
        folders = [stick.folder for stick in sticks]
        if folders != [stick.folder for stick in self.sticks]:
            self._ending = ""
        self.sticks, self.number = list(sticks), number
        self.at = folders.index(chosen) if chosen in folders else 0
        if self.is_at_rest:
            self.show_rest()

    def go_by(self, way: int) -> None:
        """Show the stick, or the line."""
        self.way, self._ending = way, ""
        if self.is_at_rest:
            had_keys = self._has_keys()
            self.show_rest()
            if had_keys:
                self.take_keys()

    def _has_keys(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def show_rest(self) -> None:
        """Show what could be done now; how the last work ended stays the title until sticks come or go."""
        self.state, title = "", self._ending
        self._show_only(self._wired if self.way == WIRE else self._resting)
        if self.way == WIRE:
            self._say("wifi-high", title or tr("走网络"), tr("和上级的电脑直接交换，断了会接着传"))
        else:
            self._show_stick(title)
        self.count.hide()

    def _show_stick(self, title: str) -> None:
        stick = self.stick
        if stick is None:
            self._say("usb", tr("没插 U 盘"), tr("插上 U 盘，这里自己会认出来"))
        else:
            self._say("usb", title or tr("U 盘插好了"), stick_words(stick, self.number))
        reason = "" if stick else tr("插上 U 盘就亮")
        self._allow(self.take, reason)
        self._allow(self.write, tr("只能看，写不进去") if stick and stick.is_read_only else reason)
        self._show_choices()

    def _show_choices(self) -> None:
        """With several sticks, show them all; a tick stands before the one that is meant."""
        while (item := self._choice_row.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        for at, stick in enumerate(self.sticks if len(self.sticks) > 1 else []):
            button = Button(stick.label, "plain", "check-circle" if at == self.at else "circle")
            button.setAccessibleDescription(tr("选中") if at == self.at else "")
            button.clicked.connect(lambda _=False, at=at: self.pick(at))
            self._choice_row.addWidget(button)
        self._choice_row.addStretch(1)
        self._choices.setVisible(len(self.sticks) > 1)

    def pick(self, at: int) -> None:
        """Mean another stick."""
        self.at, self._ending = at, ""
        self.show_rest()
        self.picked.emit(at)

    def show_work(self, work: str) -> None:
        """Show that something begins: writing, looking, taking or wiring."""
        title, hold, meaning, icon = WORKS[work]
        self.state, self._ending, self._done = work, "", 0
        stick = self.stick
        self._say(icon, tr(title), stick_words(stick, self.number) if stick and work != WIRING else "")
        self.hold.say(tr(hold) if hold else "")
        self.meaning.say(tr(meaning))
        self.stop.setAccessibleDescription(tr(meaning))
        self.stop.setEnabled(True)
        self.step.say("")
        self.bar.setRange(0, 1)
        self.bar.setValue(0)
        self.count.hide()
        self._shown_for.start()
        self._show_only(self._working)
        self.stop.setFocus()

    def show_step(self, step: Step) -> None:
        """Show how far it is; what was shown never goes back."""
        if self.state not in WORKS:
            return
        self._done = max(self._done, step.done)
        self.count.say(f"{self._done} / {step.of}")
        self.count.show()
        self.bar.setRange(0, max(1, step.of))
        self.bar.setValue(self._done)
        self.step.say(step_words(step.text, step.seconds_left))
        self.bar.setAccessibleDescription(tr("{done}，共 {total}", done=self._done, total=step.of))

    def show_stopping(self) -> None:
        """Say that it was heard."""
        self.stop.setEnabled(False)
        self.step.say(tr("正在停下"))

    def end_work(self, title: str = "") -> None:
        """Be at rest again; a bar once shown stays half a second."""
        wait = LEAST_SHOWN_MS - (self._shown_for.elapsed() if self._shown_for.isValid() else LEAST_SHOWN_MS)
        self.bar.setValue(self.bar.maximum() if title else self.bar.value())
        self.state = "ended"
        QTimer.singleShot(max(0, wait), self, lambda: self._come_to_rest(title))

    def _come_to_rest(self, title: str) -> None:
        if self.state != "ended":
            return
        had_keys = self._has_keys()
        self._ending = title
        self.show_rest()
        if had_keys and self.isVisible():
            self.take_keys()

    def take_keys(self) -> None:
        """Give the keyboard to what one would press next."""
        if self.state == "preview":
            self.accept.setFocus()
        elif self.state in WORKS:
            self.stop.setFocus()
        elif self.way == WIRE:
            (self.wire if self.address.line.text().strip() else self.address.line).setFocus()
        else:
            next(button for button in (self.write, self.take, self.folder) if button.isEnabled()).setFocus()

    def show_preview(self, preview: Preview) -> None:
        """Show what taking in would do, and ask."""
        self.state = "preview"
        self._say("download-simple", tr("收不收？"), tr("{sender} 送来的，还没收", sender=preview.sender))
        for label, words in zip(self.told, preview_words(preview), strict=True):
            label.say(words)
        self.told[2].say(self.told[2].text(), "seal" if preview.contests else "ink")
        also = [*beside_words(preview), *preview.gaps]
        self.missing.say("；".join(also), "ochre" if preview.gaps else "ink2")
        self.missing.setVisible(bool(also))
        self.count.hide()
        self._show_only(self._previewed)
        self.accept.setAccessibleDescription("，".join(preview_words(preview)))
        self.accept.setFocus()
        announce(self, "，".join(preview_words(preview)))

    def _say(self, icon: str, title: str, about: str) -> None:
        self.sign.show_icon(icon, "ink")
        self.title.say(title)
        self.about.say(about, "ink2")
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)

    def _show_only(self, part: QWidget) -> None:
        for one in (self._working, self._resting, self._wired, self._previewed):
            one.setVisible(one is part)
        self.folder.setVisible(part is self._resting)
        self._choices.setVisible(part is self._resting and len(self.sticks) > 1)

    def _allow(self, button: Button, reason: str) -> None:
        button.setEnabled(not reason)
        button.setToolTip(reason)
        button.setAccessibleDescription(reason)


def _row(part: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    return row


def _beside(*parts: QWidget) -> QWidget:
    whole = QWidget()
    row = _row(whole)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return whole
