"""How far what is shown has got, in a word: 本机, 已拷出, 县已收, 省已存, 省已入账."""

from functools import partial

from sync.reach import Reach
from ui.room import Room
from ui.theme import Role
from ui.widgets.label import Label
from ui.words import tr

WORDS: dict[Reach, tuple[str, str]] = {
    Reach.HERE: ("本机", "只在这台电脑上，还没有送出去"),
    Reach.CARRIED: ("已拷出", "已经写进 U 盘或送上网络，还没有回执"),
    Reach.RECEIVED: ("县已收", "县里的回执说收到了"),
    Reach.STORED: ("省已存", "省里的回执说存好了"),
    Reach.APPLIED: ("省已入账", "省里的回执说已经入账"),
}


class ReachTag(Label):
    """A quiet word; nothing while nobody knows, or this computer is nobody's yet."""

    def __init__(self) -> None:
        super().__init__("", Role.CAPTION, "ink2")
        self._records: tuple[str, ...] = ()
        self.hide()

    def tell_of(self, room: Room, *records: str) -> None:
        """Ask how far these records have got, told by their ids, and show it; nobody waits for it."""
        if records != self._records:
            self._records = records
            self.hide()
        exchange = room.exchange
        if exchange is not None:
            room.errand(self, lambda: exchange.reach(records), partial(self._show, records), lambda error: self.hide())

    def _show(self, records: tuple[str, ...], reach: Reach | None) -> None:
        if records != self._records:
            return
        self.setVisible(reach is not None)
        if reach is not None:
            word, about = WORDS[reach]
            self.say(tr(word))
            self.setToolTip(tr(about))
            self.setAccessibleName(tr("送到哪里：{reach}", reach=tr(word)))
