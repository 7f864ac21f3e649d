"""收件 at an office: one switch, the address to read out by telephone, what has come; and every computer it took in.

Computers stand under their township in administrative order, with the day on which something of each came last.
"""

from collections.abc import Iterator
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.wording import day_seen_from
from sync.server.office import Computer, State
from ui.actions import shown_key
from ui.exchange.port import Row, Sort
from ui.exchange.relay_door import Door, RelayDoor
from ui.exchange.rows import RowCard
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.error_panel import ErrorPanel
from ui.widgets.label import Label, SectionTitle
from ui.widgets.painted import announce
from ui.widgets.sign import Sign
from ui.words import tr

LOOK_MS = 4_000
MOST_COMPUTERS = 400


class RelayCard(Card):
    """The switch with what it has led to."""

    def __init__(self, room: Room) -> None:
        super().__init__("plain", tr("收件"))
        self.set_margins(20, 14, 20, 16, 6)
        self._room = room
        self.sign, self.title = Sign("wifi-slash", "ink2", 24), Label("", Role.TIMER)
        self.about = Label("", Role.CAPTION, "ink2").wrapped()
        self.switch = Button("", "plain", "wifi-high", shown_key("exchange.door"))
        self.address = Label("", Role.CARD)
        self.hint = Label(tr("念给乡镇，填进他们“同步”里的“网络”那一格"), Role.CAPTION, "ink2").wrapped()
        self.others = Label("", Role.CAPTION, "ink2").wrapped()
        self.news = Label("", Role.NOTE).wrapped()
        self.blocked = Label(
            tr("乡镇连不上：两边要接在一张网上；系统问让不让院坝联网，选允许。"), Role.CAPTION, "ink3"
        ).wrapped()
        self.trouble = ErrorPanel()
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._show_addresses)
        self.switch.clicked.connect(self.turn)
        self._lay_out()

    def _lay_out(self) -> None:
        head, words = QHBoxLayout(), QVBoxLayout()
        head.setSpacing(look().px(12))
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.about)
        head.addWidget(self.sign)
        head.addLayout(words, 1)
        head.addWidget(self.switch)
        self.column.addLayout(head)
        for part in (self.address, self.hint, self.others, self.news, self.blocked, self.trouble):
            self.column.addWidget(part)

    @property
    def door(self) -> RelayDoor | None:
        """Return the relay of this home; None on practice data."""
        return self._room.door

    def attend(self) -> None:
        """Show how it stands, and follow it from now on."""
        if self.door is not None and self.door.property("attended") is None:
            self.door.setProperty("attended", True)
            self.door.changed.connect(self.show_door)
            self.door.came.connect(self._show_news)
        self.show_door()

    def turn(self) -> None:
        """Open it, or shut it."""
        if self.door is not None:
            self.door.shut() if self.door.stands is Door.OPEN else self.door.open()

    def show_door(self) -> None:
        """Show how it stands now."""
        door = self.door
        if door is None:
            return
        is_open = door.stands is Door.OPEN
        titles = {Door.OPENING: tr("正在开"), Door.SHUTTING: tr("正在关"), Door.OPEN: tr("开着，等乡镇交来")}
        self.title.say(titles.get(door.stands, tr("没开着")))
        self.sign.show_icon("wifi-high" if is_open else "wifi-slash", "pine" if is_open else "ink2")
        about = tr("关上窗口就停，没交完的下次接着交") if is_open else tr("开了，乡镇不用跑县里，从网上直接交来")
        self.about.say(about)
        self.switch.say(tr("不收了") if is_open else tr("让乡镇从网上交来"))
        self.switch.icon_name = "wifi-slash" if is_open else "wifi-high"
        self.switch.set_busy(door.stands in (Door.OPENING, Door.SHUTTING))
        self._show_trouble(door)
        self._show_addresses()
        self._show_news()
        (self._look.start if is_open else self._look.stop)()
        announce(self, self.title.text())

    def _show_trouble(self, door: RelayDoor) -> None:
        self.trouble.setVisible(door.trouble is not None)
        if door.trouble is not None:
            self.trouble.say(door.trouble.what, door.trouble.kept, door.trouble.advice, door.trouble.code)

    def _show_addresses(self) -> None:
        """Show what townships type; a cable that was pulled out or plugged in is seen within seconds."""
        door = self.door
        is_open = door is not None and door.stands is Door.OPEN
        urls = door.urls() if door is not None and is_open else ()
        self.address.say(urls[0] if urls else tr("这台电脑没连网，接上网线，地址自己出来"), "ink" if urls else "ochre")
        self.others.say(tr("也可以用 {addresses}", addresses="、".join(urls[1:])) if urls[1:] else "")
        for part, is_shown in (
            (self.address, is_open),
            (self.hint, bool(urls)),
            (self.others, bool(urls[1:])),
            (self.blocked, bool(urls)),
        ):
            part.setVisible(is_shown)

    def _show_news(self) -> None:
        door = self.door
        if door is None:
            return
        self.news.say(news_words(door.taken, door.refusal), "ochre" if door.refusal else "ink")
        self.news.setVisible(door.stands is Door.OPEN or bool(door.taken or door.refusal))


def news_words(taken: int, refusal: str) -> str:
    """Return what has come since it was opened."""
    came = tr("这一次收了 {count} 包", count=taken) if taken else tr("还没有乡镇来过")
    return tr("{came}；刚才有一包没收：{why}", came=came, why=refusal) if refusal else came


class Computers(QWidget):
    """Every computer that was taken in, and the townships that have none. `wanted` asks for 登记."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = SectionTitle(tr("各乡镇的电脑"))
        self.card = RowCard(tr("各乡镇的电脑"), tr("还没有登记过别的电脑。"), MOST_COMPUTERS)
        self.unknown = Label("", Role.CAPTION, "ink2").wrapped()
        self.enrol = Button(tr("登记、报失"), "link")
        self.enrol.clicked.connect(self.wanted)
        self.title.add_right(self.enrol)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(8))
        for part in (self.title, self.card, self.unknown):
            column.addWidget(part)

    def show_state(self, state: State, today: date) -> None:
        """Show how the exchange stands with each."""
        found = state.computers()
        silent, gaps = sum(one.is_silent for one in found), sum(one.has_gap for one in found)
        counts = [tr("{count} 台", count=len(found))] if found else []
        counts += [tr("{count} 台等着登记", count=len(state.waiting))] if state.waiting else []
        counts += [tr("{count} 台好久没来", count=silent)] if silent else []
        counts += [tr("{count} 台缺包", count=gaps)] if gaps else []
        self.title.after.say(" · ".join(counts))
        self.card.show_rows(tuple(_rows(state, today)))
        names = "、".join(state.unknown)
        more = "…" if state.unknown_count > len(state.unknown) else ""
        self.unknown.say(tr("还没登记电脑的：{names}", names=names + more) if names else "")
        self.unknown.setVisible(bool(names))


def _rows(state: State, today: date) -> Iterator[Row]:
    for asked in state.waiting:
        yield Row(asked.name, Sort.NOTICE, tr("等着登记，打电话对 8 位数"), asked.unit)
    for unit in state.units:
        for one in unit.computers:
            yield Row(one.name, Sort.NOTICE if one.is_lost else Sort.OTHER, computer_words(one, today), unit.name)


def computer_words(one: Computer, today: date) -> str:
    """Return when something of a computer came last, and what is the matter with it."""
    if one.is_lost:
        return tr("已报失，以后写的要人看过")
    heard = one.heard_at
    when = tr("{day}来过", day=day_seen_from(heard.date(), today)) if heard else tr("一包也没来过")
    marks = (
        (one.is_silent and one.days is not None, tr("{days} 天没来", days=one.days or 0)),
        (one.has_gap, tr("中间缺包")),
        (one.is_forked, tr("恢复或复制过")),
    )
    return " · ".join((when, *(words for is_so, words in marks if is_so)))
