"""应本人要求删去: what goes and what stays and why, before; how many computers have done it, afterwards.

Nothing that was said is shown here, only counted (trust.md R9). Erasing cannot be taken back, and the button says so.
"""

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout

from app.domain.erasure import Reason
from app.domain.errors import Trouble
from app.domain.people import Person
from app.domain.wording import short_day
from ui.room import Room
from ui.theme import Role as Face
from ui.theme import look
from ui.widgets.button import Button
from ui.widgets.card import Card, Rule
from ui.widgets.chip import Chip
from ui.widgets.label import Label
from ui.words import tr

if TYPE_CHECKING:
    from ui.erasing import ErasureDesk, Look, Progress

COUNTED = (
    ("attendance", "签到 {count} 次：人数照算，代签的名字删掉"),
    ("statement", "发言 {count} 条"),
    ("reservation", "保留意见 {count} 条"),
    ("contribution", "分担 {count} 处"),
    ("household", "户主名 {count} 处"),
)
MOST_TITLES = 3


class ErasureCard(Card):
    """The preview for one person. `done` once the words are gone here, `closed` by Esc or 算了."""

    done = Signal()
    closed = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__("entry", tr("应本人要求删去"))
        self._room = room
        self._person_id = ""
        self.title = Label("", Face.NAME).wrapped()
        self.reasons = {
            Reason.REQUEST: Chip(tr("本人要求"), "filter"),
            Reason.RETENTION: Chip(tr("保管期满"), "filter"),
        }
        self.goes, self.stays, self.where = (
            Label("", Face.CAPTION, tone).wrapped() for tone in ("ink", "ink2", "ink2")
        )
        self.heads = tuple(Label(tr(text), Face.CAPTION, "ink3") for text in ("删掉的", "留着的", "放在几处"))
        self.wrong = Label("", Face.CAPTION, "seal").wrapped()
        self.erase, self.leave = Button(tr("删去，收不回"), "primary"), Button(tr("算了"), "link")
        self._lay_out()
        self.erase.clicked.connect(self._erase)
        self.leave.clicked.connect(self.closed)
        self.hide()

    def _lay_out(self) -> None:
        self.set_margins(14, 12, 14, 12, 6)
        why, group = QHBoxLayout(), QButtonGroup(self)
        why.setSpacing(look().px(8))
        for chip in self.reasons.values():
            group.addButton(chip)
            why.addWidget(chip)
        why.addStretch(1)
        self.reasons[Reason.REQUEST].setChecked(True)
        self.column.addWidget(self.title)
        self.column.addLayout(why)
        for head, words in zip(self.heads, (self.goes, self.stays, self.where), strict=True):
            self.column.addWidget(Rule())
            self.column.addWidget(head)
            self.column.addWidget(words)
        self.column.addWidget(self.wrong)
        foot = QHBoxLayout()
        foot.addWidget(self.erase)
        foot.addWidget(self.leave)
        foot.addStretch(1)
        self.column.addLayout(foot)

    def begin(self, person: Person) -> None:
        """Look what erasing somebody would do, and ask."""
        eraser = self._room.eraser
        if eraser is None:
            return
        self._person_id = person.id
        self.title.say(tr("删去 {name} 的内容", name=person.name))
        self.erase.setEnabled(False)
        self.wrong.hide()
        for words in (self.goes, self.stays, self.where):
            words.say(tr("正在看"))
        self.show()
        self.leave.setFocus()
        self._room.errand(self, lambda: eraser.look(Person.KIND, person.id), self._show, self._refuse)

    def _show(self, found: "Look") -> None:
        plan = found.plan
        goes = [tr("名册上的姓名、组、职务、单位、电话、备注")]
        goes += [tr(words, count=plan.count(kind)) for kind, words in COUNTED if plan.count(kind)]
        self.goes.say("\n".join(f"· {line}" for line in goes) if not found.is_nothing() else tr("没有可删的了"))
        self.stays.say("\n".join(f"· {line}" for line in self._staying(found)))
        names = "、".join(one.name for one in found.found.replicas if not one.is_here)
        others = tr("这台电脑马上删；{names} 下次收包时删", names=names) if names else tr("只在这台电脑里，马上删")
        self.where.say(others)
        self.erase.setEnabled(not found.is_nothing())

    @staticmethod
    def _staying(found: "Look") -> list[str]:
        plan = found.plan
        lines = [
            tr("“{title}”已经定稿，按档案法留着；要改，走更正", title=title) for title in plan.sealed[:MOST_TITLES]
        ]
        if len(plan.sealed) > MOST_TITLES:
            lines.append(tr("还有 {count} 次定稿的会，一样留着", count=len(plan.sealed) - MOST_TITLES))
        if plan.mentions:
            lines.append(tr("别人写的文字里有 {count} 处提到这个名字，要人去改", count=plan.mentions))
        if found.found.beyond:
            lines.append(tr("{count} 处只有写的那一头打得开，要在那里删", count=found.found.beyond))
        return [*lines, tr("印出去的纸、U 盘里的旧包、另存的备份：要人去收")]

    def _erase(self) -> None:
        eraser = self._room.eraser
        if eraser is None:
            return
        reason = next(one for one, chip in self.reasons.items() if chip.isChecked())
        person_id = self._person_id
        self.erase.set_busy(True)
        self.erase.setEnabled(False)
        self._room.errand(self, lambda: eraser.erase(Person.KIND, person_id, reason), self._erased, self._refuse)

    def _erased(self, _: "Look") -> None:
        self.erase.set_busy(False)
        self._room.renew()
        self.done.emit()

    def _refuse(self, error: BaseException) -> None:
        self.erase.set_busy(False)
        if not isinstance(error, Trouble):
            self._room.broken.emit(error)
            return
        self.wrong.say(error.sentence())
        self.wrong.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class ErasureState(Card):
    """How far the erasing of somebody has come: 3 处已删，1 处待同步."""

    again = Signal()

    def __init__(self, room: Room) -> None:
        super().__init__("plain", tr("删去的情况"))
        self._room = room
        self._person_id = ""
        self.words, self.far = Label("", Face.CAPTION, "ink2").wrapped(), Label("", Face.NAME).wrapped()
        self.more, self.more_words = Button(tr("再删一次"), "link"), Label("", Face.CAPTION, "seal").wrapped()
        self.set_margins(14, 12, 14, 12, 6)
        left = Label(tr("印出去的纸、U 盘里的旧包、另存的备份：要人去收"), Face.CAPTION, "ink3").wrapped()
        for part in (self.words, self.far, left, self.more_words):
            self.column.addWidget(part)
        self.column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.more.clicked.connect(self.again)
        self.hide()

    def show_of(self, person: Person) -> None:
        """Ask how far it has come, and show it when somebody has asked for it."""
        eraser = self._room.eraser
        self.hide()
        self._person_id = person.id
        if eraser is None:
            return

        def ask(desk: "ErasureDesk" = eraser) -> "tuple[str, Progress | None, int]":
            progress = desk.progress(Person.KIND, person.id)
            left = desk.look(Person.KIND, person.id).found.entries
            return person.id, progress, left

        self._room.errand(self, ask, self._show)

    def _show(self, found: "tuple[str, Progress | None, int]") -> None:
        from ui.erasing import told

        person_id, progress, left = found
        if person_id != self._person_id:
            return
        self.words.say(_since(progress) if progress else tr("删去了，电脑还没登记，没往外送过"))
        self.far.say(told(progress) if progress else tr("只在这台电脑里，已经删了"))
        self.more_words.say(tr("后来又收到 {count} 处他的内容", count=left) if left else "")
        self.more_words.setVisible(bool(left))
        self.more.setVisible(bool(left))
        self.show()


def _since(progress: "Progress") -> str:
    """Return when it was asked for, and why."""
    day = date.fromisoformat(progress.at[:10])
    why = tr("应本人要求删去") if progress.reason == Reason.REQUEST else tr("保管期满删去")
    return f"{short_day(day)} {why}"
