"""登记: a computer becomes a township's by one stick and one telephone call; an office answers on the same page.

Two numbers of eight digits are read out, one each way. They stand large, so that they can be read across a desk.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import Trouble
from app.settings import PLACE
from sync.carriers import sticks
from ui.exchange.enrol_port import Enrolling, Standing
from ui.exchange.lost_card import LostCard
from ui.exchange.port import Exchange
from ui.exchange.step_card import StepCard
from ui.home.following import Following
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState
from ui.widgets.error_panel import ErrorPanel
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr

WIDEST = 760
T = TypeVar("T")


class EnrolPage(Page):
    """The page. It shows the steps that are open now, and the next thing to do has the keyboard."""

    name = "enrolment"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.standing = Standing()
        self.folder: Path | None = None
        self.title, self.where = Label(tr("登记这台电脑"), Role.PAGE), Label("", Role.NOTE, "ink2")
        self.trouble = ErrorPanel()
        self._make_township()
        self._make_office()
        why = tr("登记在哪个乡镇，按设置里选的地方来。")
        self.nowhere = EmptyState("map-pin", tr("先选在哪里工作"), why, tr("去设置"))
        self._lay_out()
        self._wire()

    def _make_township(self) -> None:
        self.asking = StepCard(tr("写一份申请"), "")
        self.above, self.asked_of = QVBoxLayout(), ""
        self.up: Choice | None = None
        self.asking.column.addLayout(self.above)
        self.device = Field(tr("比如 桃园村笔记本"), tr("这台电脑叫什么"))
        self.write = Button(tr("写进 U 盘"), "primary", "usb", tall=True)
        self.digits = Label("", Role.READOUT)
        self.read_out = Label("", Role.NOTE, "ink2").wrapped()
        self.asking.add_row(self.device, self.write)
        self.asking.column.addWidget(self.digits)
        self.asking.column.addWidget(self.read_out)
        self.hearing = StepCard(tr("回念 8 位数"), "")
        self.heard = Field(tr("比如 4821 0937"), tr("对方念的 8 位数"))
        self.confirm = Button(tr("对一对"), "plain", "check", tall=True)
        self.hearing.add_row(self.heard, self.confirm)
        self.taking = StepCard(tr("收回信"), "")
        self.take = Button(tr("收"), "plain", "download-simple", tall=True)
        self.taking.add_row(_stretch(), self.take)

    def _make_office(self) -> None:
        self.founding = StepCard(tr("设立单位"), tr("县里、州市、省里，在管登记的那一台电脑上设立一次。"))
        self.found = Button("", "primary", "check", tall=True)
        self.founding.add_row(_stretch(), self.found)
        self.accepting = StepCard(tr("等着登记的"), "")
        self.told = Field(tr("比如 4821 0937"), tr("对方念的 8 位数"))
        self.accept = Button(tr("对上就登记"), "primary", "check", tall=True)
        self.answer = Label("", Role.READOUT)
        self.answered = Label("", Role.NOTE, "ink2").wrapped()
        self.accepting.add_row(self.told, self.accept)
        self.accepting.column.addWidget(self.answer)
        self.accepting.column.addWidget(self.answered)
        for part in (self.answer, self.answered):
            part.hide()
        self.lost = LostCard()

    @property
    def cards(self) -> tuple[StepCard, ...]:
        """Return every step there is."""
        return (self.founding, self.accepting, self.asking, self.hearing, self.taking, self.lost)

    def _lay_out(self) -> None:
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QWidget()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(look().px(32), look().px(20), look().px(32), look().px(20))
        column.setSpacing(look().px(12))
        head = QHBoxLayout()
        head.setSpacing(look().px(12))
        head.addWidget(self.title)
        head.addWidget(self.where, 1)
        self.help = Button(tr("怎么登记"), "link", "question")
        head.addWidget(self.help)
        column.addLayout(head)
        for part in (self.trouble, *self.cards):
            part.setMaximumWidth(look().px(WIDEST))
            column.addWidget(part)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.sheet = Following(self.body)
        whole.addWidget(self.sheet)
        whole.addWidget(self.nowhere)

    def _wire(self) -> None:
        self.write.clicked.connect(self.ask)
        self.device.line.submitted.connect(lambda _: self.ask())
        self.confirm.clicked.connect(self.compare)
        self.heard.line.submitted.connect(lambda _: self.compare())
        self.take.clicked.connect(self.take_answer)
        self.found.clicked.connect(self.found_office)
        self.accept.clicked.connect(self.accept_one)
        self.told.line.submitted.connect(lambda _: self.accept_one())
        self.lost.reported.connect(self.lose)
        self.help.clicked.connect(lambda: self.room.go("help", "enrolment"))
        self.nowhere.acted.connect(lambda: self.room.go("settings"))
        self.room.joined.connect(lambda: self.enter() if self.isVisible() else None)

    @property
    def enrolling(self) -> Enrolling:
        """Return what is behind."""
        assert self.room.enrolling is not None
        return self.room.enrolling

    @property
    def org(self) -> str:
        """Return whose computer this is to be: the township of the place where we work, or the office itself."""
        return self.room.setting(PLACE)[:9]

    def enter(self, record_id: str = "") -> None:
        """Show how it stands."""
        has_place = bool(self.org) and self.room.enrolling is not None
        self.sheet.setVisible(has_place)
        self.nowhere.setVisible(not has_place)
        if has_place:
            if not self.device.line.text():
                self.device.line.resume(self._usual_name())
            self._run(self.enrolling.standing, self.show_standing)

    def _usual_name(self) -> str:
        place = self.room.places.get(self.room.setting(PLACE))
        return tr("{place}笔记本", place=place.display_name) if place else ""

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of this page."""
        return (Hint("Tab", tr("下一格")), Hint("↵", tr("下一步")))

    def show_standing(self, standing: Standing) -> None:
        """Show the steps that are open now."""
        self.standing = standing
        place = self.room.places.place(self.org).display_name
        self.where.say(_where(standing) if standing.own else place)
        is_office, is_ours = len(self.org) <= 6, bool(standing.own)
        self.founding.setVisible(is_office and not is_ours)
        self.found.say(tr("设立{place}", place=place))
        told = _joining() if is_ours else _of_a_township()
        labels = (self.asking.title, self.asking.about, self.hearing.title, self.taking.title, self.taking.about)
        for label, words in zip(labels, told, strict=True):
            label.say(words)
        self._show_above(standing.above)
        for card in (self.asking, self.hearing, self.taking):
            card.setVisible(bool(standing.above) or not (is_office or is_ours))
        self.hearing.setEnabled(bool(standing.digits))
        self.taking.setEnabled(bool(standing.digits))
        self.accepting.setVisible(standing.may_accept)
        self.title.say(tr("登记别的电脑") if standing.may_accept else tr("登记这台电脑"))
        self.lost.show_computers(standing.computers if standing.may_accept else ())
        self._show_request(standing)
        self._show_waiting(standing)
        self._take_keys()

    def _show_above(self, offices: tuple[tuple[str, str], ...]) -> None:
        """Let one of the offices above be chosen, the highest unless somebody does."""
        if offices and self.up is None:
            self.asked_of = offices[-1][0]
            self.up = Choice(tr("接到哪里"), dict(offices), self.asked_of, self._choose_above)
            self.above.addWidget(self.up)
        if self.up is not None:
            self.up.setVisible(bool(offices))

    def _choose_above(self, org: str) -> None:
        self.asked_of = org

    def _show_request(self, standing: Standing) -> None:
        self.digits.say(standing.digits)
        self.digits.setVisible(bool(standing.digits))
        words = tr("U 盘送到{to}，打电话把这 8 位数念过去。", to=standing.to or tr("县里"))
        self.read_out.say(words if standing.digits else "")
        self.read_out.setVisible(bool(standing.digits))
        self.write.be("plain" if standing.digits or standing.waiting else "primary")
        self.write.say(tr("再写一份") if standing.digits else tr("写进 U 盘"))
        self.confirm.be("primary" if standing.digits and not standing.is_believed else "plain")
        self.take.be("primary" if standing.is_believed else "plain")
        about = tr("电话里对方也念 8 位数，照着输。两边都对上，才算数。")
        self.hearing.about.say(tr("记下了，U 盘带回来自己核对。") if standing.is_believed else about)

    def _show_waiting(self, standing: Standing) -> None:
        names = "；".join(f"{one.unit} {one.name}" for one in standing.waiting)
        nobody = tr("还没有。对方的 U 盘插上，先在“同步”里收一次。")
        self.accepting.about.say(names or nobody)
        self.accept.setEnabled(bool(standing.waiting))

    def _take_keys(self) -> None:
        standing = self.standing
        wanted = self.device if not standing.digits else self.take if standing.is_believed else self.heard
        if standing.may_accept and (standing.waiting or not standing.digits):
            wanted = self.told
        (self.found if self.founding.isVisible() and not standing.digits else wanted).setFocus()

    def ask(self) -> None:
        """Write the request onto the stick."""
        name = self.device.line.text().strip()
        if not name:
            self.device.say_wrong(tr("给这台电脑起个名字"))
            return
        self.device.say_wrong("")
        folder, org = self._stick(), (self.asked_of if self.standing.own else "") or self.org
        if folder is not None:
            self._run(lambda: self.enrolling.ask(org, name, folder), self.show_standing)

    def compare(self) -> None:
        """Take the digits that the office read out."""
        digits = self.heard.line.text()
        self._run(lambda: self.enrolling.confirm(digits), self._moved_on, self.heard)

    def take_answer(self) -> None:
        """Take in what the office has written onto the stick."""
        folder = self._stick()
        if folder is not None:
            self._run(lambda: self.enrolling.take_answer(folder), self._moved_on)

    def found_office(self) -> None:
        """Found the office of the place where we work."""
        org = self.org
        self._run(lambda: self.enrolling.found(org), self._moved_on)

    def accept_one(self) -> None:
        """Take in whoever reads these digits out, and show those to be read back."""
        digits = self.told.line.text()
        self._run(lambda: self.enrolling.accept(digits), self._accepted, self.told)

    def _accepted(self, told: tuple[str, str]) -> None:
        name, digits = told
        self.told.line.resume("")
        self.answer.say(digits)
        words = tr("{name}登记好了。把这 8 位数念给对方，再到“同步”里写进 U 盘，带回去收一次。", name=name)
        self.answered.say(words)
        for part in (self.answer, self.answered):
            part.show()
        self._run(self.enrolling.standing, self.show_standing)

    def lose(self, device: str, reason: str) -> None:
        """Report a computer lost."""
        self._run(lambda: self.enrolling.lose(device, reason), self._lost, self.lost.which)

    def _lost(self, standing: Standing) -> None:
        self.lost.end()
        self.show_standing(standing)

    def _moved_on(self, standing: Standing) -> None:
        """Go on; once this computer is somebody's, 同步 is open."""
        has_joined = bool(standing.under) and not self.standing.under and self.standing.may_accept
        self.show_standing(standing)
        if has_joined:
            self.room.say(tr("接上了：{unit}", unit=standing.under))
        if standing.own and self.room.exchange is None:
            self.room.say(tr("登记好了：{unit}", unit=standing.own))
            self._run(self.enrolling.join, self._joined)

    def _joined(self, exchange: Exchange | None) -> None:
        self.room.join(exchange, self.enrolling)
        if not self.standing.may_accept:
            self.room.go("exchange")

    def use_folder(self, folder: Path) -> None:
        """Carry by this folder as if it were a stick."""
        self.folder = folder

    def _stick(self) -> Path | None:
        """Return the stick that is plugged in, or a folder that somebody chooses; None when they would not."""
        if self.folder is None:
            found = [one for one in sticks() if not one.is_read_only]
            if found:
                return found[0].folder
            name = QFileDialog.getExistingDirectory(self, tr("没看见 U 盘，选个文件夹"))
            self.folder = Path(name) if name else None
        return self.folder

    def _run(self, work: Callable[[], T], then: Callable[[T], None], field: Field | None = None) -> None:
        """Do a step beside the keys; what is wrong with what was typed is said below it."""
        self.trouble.hide()
        if field is not None:
            field.say_wrong("")

        def failed(error: BaseException) -> None:
            if not isinstance(error, Trouble):
                self.room.broken.emit(error)
            elif field is not None:
                field.say_wrong(error.sentence())
            else:
                self.trouble.say(error.what, error.kept, error.advice, error.code)

        self.room.errand(self, work, then, failed)


def _of_a_township() -> tuple[str, ...]:
    """Return what the steps are called for a township's computer: asking, what for; hearing; taking, what for."""
    return (
        tr("写一份申请"),
        tr("给这台电脑起个名字，申请写进 U 盘，U 盘送到县里。"),
        tr("县里回念 8 位数"),
        tr("收县里的回信"),
        tr("U 盘带回来插上，点“收”，这台电脑就登记好了。"),
    )


def _joining() -> tuple[str, ...]:
    """Return the same for an office that is to stand under another."""
    return (
        tr("接到上级"),
        tr("选一个上级，申请写进 U 盘，U 盘送过去。接上了，这里收的才往上走。"),
        tr("上级回念 8 位数"),
        tr("收上级的回信"),
        tr("U 盘带回来插上，点“收”，就接上了。"),
    )


def _where(standing: Standing) -> str:
    """Return whose computer this is, and under whom."""
    if standing.under:
        return tr("已登记：{unit}，接到{above}", unit=standing.own, above=standing.under)
    return tr("已登记：{unit}", unit=standing.own)


def _stretch() -> QWidget:
    return QWidget()
