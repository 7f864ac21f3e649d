"""The small card 同步 on the home page: what waits to be carried and since when, how far the last package has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from app.domain.wording import day_seen_from
from ui.actions import shown_key
from ui.exchange.port import Exchange, Outgoing, Package, Stick
from ui.exchange.words import package_words, received_words
from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Label
from ui.widgets.painted import MIDDLE, Painted, paint_text, pen_for
from ui.words import tr

SIGN, STEM = 16, 12


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with the exchange, in three facts."""

    outgoing: Outgoing
    newest: Package | None
    sticks: tuple[Stick, ...]


def standing_of(exchange: Exchange) -> Standing:
    """Ask how things stand; run on the worker."""
    return Standing(exchange.outgoing(), next(iter(exchange.packages()), None), tuple(exchange.sticks()))


def waiting_words(found: Outgoing, today: date) -> str:
    """Return 7 项待送出 · 3月27日起, or that there is nothing."""
    if not found.items:
        return tr("都送出去了")
    since = tr("{day}起", day=day_seen_from(found.since, today)) if found.since else ""
    return " · ".join(filter(None, (tr("{count} 项待送出", count=found.items), since)))


class Chain(Painted):
    """本机 — 县 — 州 — 省, each with a tick and the day on which the newest package came there, or 在路上."""

    def __init__(self) -> None:
        super().__init__()
        self.stations: tuple[tuple[str, str, bool], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_package(self, package: Package, today: date) -> None:
        """Show how far a package has come."""
        here = (tr("本机"), tr("已存"), True)
        above = [(level, received_words(day, today), day is not None) for level, day in package.received.items()]
        self.stations = (here, *above)
        told = "，".join(f"{level} {words}" for level, words, _ in self.stations)
        self.says(told, "，".join((*package_words(package, today), told)))
        self.update()

    def sizeHint(self) -> QSize:
        lines = look().line_height(Role.CAPTION) + look().line_height(Role.SMALL)
        return QSize(look().px(200), look().size(SIGN) + look().px(4) + lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        side, stem, width = look().size(SIGN), look().px(STEM), self.width() / max(1, len(self.stations))
        for at, (level, words, is_there) in enumerate(self.stations):
            middle = width * (at + 0.5)
            if at:
                line = QRectF(middle - width + side / 2 + stem, side / 2, width - side - 2 * stem, look().theme.line)
                painter.fillRect(line, look().colour("line2"))
            name, tone, weight = ("check-circle", "pine", "fill") if is_there else ("circle-dashed", "ochre", None)
            paint_icon(painter, name, QRectF(middle - side / 2, 0, side, side), tone, weight)
            top = side + look().px(4)
            for role, text, token in ((Role.CAPTION, level, "ink"), (Role.SMALL, words, "ink2")):
                height = look().line_height(role)
                weighed = look().font(role, 500 if role is Role.CAPTION else 400)
                paint_text(painter, QRectF(width * at, top, width, height), text, weighed, token, MIDDLE)
                top += height
        painter.end()


class SyncCard(Card):
    """One line, the chain, one button; not there where nothing can be sent. `wanted` asks for the page 同步."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__("plain", tr("同步"))
        self.waits, self.never = Label("", Role.CAPTION, "ink2"), Label("", Role.NOTE, "ink2").wrapped()
        self.chain = Chain()
        self.button = Button(tr("去写进 U 盘"), icon="usb")
        self.button.setToolTip(tr("同步") + "  " + shown_key("page.exchange"))
        self.stick = Label("", Role.CAPTION, "ink2")
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(Label(tr("同步"), Role.SECTION))
        head.addStretch(1)
        head.addWidget(self.waits)
        foot.addWidget(self.button)
        foot.addStretch(1)
        foot.addWidget(self.stick)
        self.column.addLayout(head)
        self.column.addWidget(self.never)
        self.column.addWidget(self.chain)
        self.column.addLayout(foot)
        self.button.clicked.connect(self.wanted)
        self.hide()

    def tell(self, found: Standing, today: date) -> None:
        """Show how things stand."""
        self.waits.say(waiting_words(found.outgoing, today))
        package = found.newest
        self.chain.setVisible(package is not None)
        self.never.setVisible(package is None)
        self.never.say(tr("还没送过。送出去以后，哪一级收到了，这里都看得到。"))
        if package is not None:
            self.chain.show_package(package, today)
        self.say_sticks(found.sticks)
        self.show()

    def say_sticks(self, sticks: Sequence[Stick]) -> None:
        """Say which stick is plugged in, or that none is."""
        self.stick.say(sticks[0].label if sticks else tr("没插 U 盘"))
        self.setAccessibleDescription(f"{self.waits.text()}，{self.stick.text()}")
