"""How many have come and whether it is enough: the figure, the verdict, the bar of benches, and all in one strip."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.domain.sitting import QuorumBase
from app.queries.sitting import LiveSitting, Quorum
from ui.actions import shown_key
from ui.theme import Role as TypeRole
from ui.theme import look
from ui.widgets.bench_meter import BenchMeter
from ui.widgets.button import Button
from ui.widgets.label import Label
from ui.widgets.painted import Painted, advance, paint_text, pen_for
from ui.widgets.sign import Sign
from ui.words import tr


def quorum_words(quorum: Quorum) -> tuple[str, bool]:
    """Return whether enough have come, in words, and as a truth; no words when nobody is counted."""
    if not quorum.base or not quorum.need:
        return "", True
    rule = {"half": tr("过半"), "two_thirds": tr("三分之二")}[quorum.rule]
    if quorum.is_met():
        return (rule if quorum.rule == "half" else tr("到{rule}", rule=rule)), True
    households = quorum.by == QuorumBase.HOUSEHOLDS
    return tr("差 {count} 户{rule}" if households else "差 {count} 人{rule}", count=quorum.missing(), rule=rule), False


def headcount_words(live: LiveSitting, quorum: Quorum) -> str:
    """Return what stands beside the figure of those here: of how many, or how many households of how many."""
    if quorum.by == QuorumBase.HOUSEHOLDS and quorum.base:
        return tr("到会 · {here} / {base} 户", here=quorum.here, base=quorum.base)
    expected = live.expected()
    return tr("到会 / 应到 {count}", count=expected) if expected else tr("到会")


def show_quorum(meter: BenchMeter, quorum: Quorum) -> None:
    """Draw how many have come; households are called households."""
    rule = tr("三分之二") if quorum.rule == "two_thirds" else tr("过半")
    meter.show_people(quorum.here, quorum.base, quorum.need or None, rule)
    meter.setVisible(bool(quorum.base))
    if quorum.by == QuorumBase.HOUSEHOLDS:
        counted = tr("到会 {here} 户，应到 {base} 户", here=quorum.here, base=quorum.base)
        meter.says(tr("到会户数"), "，".join(filter(None, (counted, quorum_words(quorum)[0]))))


class Verdict(QWidget):
    """过半 with its tick, or how many are short."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = Sign("check-circle", "pine", 16, "fill")
        self.words = Label("", TypeRole.CAPTION, "pine")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.sign)
        row.addWidget(self.words)

    def show_quorum(self, quorum: Quorum) -> None:
        """Say whether it is enough."""
        words, is_met = quorum_words(quorum)
        self.words.say(words, "pine" if is_met else "ochre")
        self.sign.setVisible(is_met)
        self.setVisible(bool(words))


class Headcount(Painted):
    """27 in large letters, and of how many."""

    def __init__(self, size: int = 36, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size, self.figure, self.words = size, 0, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_count(self, figure: int, words: str) -> None:
        """Show another count."""
        if (figure, words) != (self.figure, self.words):
            self.figure, self.words = figure, words
            self.says(tr("到会人数"), f"{figure} {words}")
            self.follow_look()

    def sizeHint(self) -> QSize:
        width = advance(self._digits(), str(self.figure)) + look().px(10) + advance(self._small(), self.words)
        return QSize(round(width) + 2, look().size(self._size * 44 / 36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        base = self.height() * 0.78
        painter.setFont(self._digits())
        painter.setPen(look().colour("ink"))
        painter.drawText(0, round(base), str(self.figure))
        x = advance(self._digits(), str(self.figure)) + look().px(10)
        small = QRectF(x, base - look().size(16), self.width() - x, look().size(20))
        paint_text(painter, small, self.words, self._small(), "ink2")
        painter.end()

    def _digits(self) -> QFont:
        return look().font(TypeRole.FIGURE, size=self._size)

    def _small(self) -> QFont:
        return look().font(TypeRole.CAPTION)


class CheckInStrip(QWidget):
    """Check-in in 36 px over the timeline, where there is no room for its column; its buttons open the others."""

    checkin_wanted = Signal()
    speak_wanted = Signal()
    settle_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("签到一栏"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "paper")
        self.count, self.verdict, self.meter = Headcount(22), Verdict(), BenchMeter()
        self.checkin = Button(tr("签到"), "quiet", key=shown_key("desk.checkin"))
        self.speak = Button(tr("发言"), "quiet", key=shown_key("desk.speak"))
        self.settle = Button(tr("共识"), "quiet", key=shown_key("desk.settle"))
        self._row = QHBoxLayout(self)
        self._row.addWidget(Sign("users-three", "ink2", 18))
        self._row.addWidget(self.count)
        self._row.addWidget(self.verdict)
        self._row.addWidget(self.meter, 1)
        self._row.addStretch(0)
        for button, wanted in self._buttons():
            self._row.addWidget(button)
            button.clicked.connect(wanted)
        self._measure()
        look().changed.connect(self._measure)

    def _buttons(self) -> tuple[tuple[Button, SignalInstance], ...]:
        wanted = (self.checkin_wanted, self.speak_wanted, self.settle_wanted)
        return tuple(zip((self.checkin, self.speak, self.settle), wanted, strict=True))

    def _measure(self) -> None:
        self._row.setContentsMargins(look().px(18), 0, look().px(10), 0)
        self._row.setSpacing(look().px(8))
        self.setFixedHeight(look().px(36))

    def show_live(self, live: LiveSitting) -> None:
        """Show how many are here."""
        quorum = live.quorum()
        base = tr("/ {count}", count=live.expected()) if live.expected() else ""
        self.count.show_count(len(live.here()), base)
        self.verdict.show_quorum(quorum)
        show_quorum(self.meter, quorum)

    def offer(self, settle: bool, speak: bool, meter: bool) -> None:
        """Show the buttons of the panels that are not in view."""
        self.settle.setVisible(settle)
        self.speak.setVisible(speak)
        self.meter.setMaximumWidth(look().px(270) if meter else 0)
