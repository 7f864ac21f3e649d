"""收到没有: each package with the day on which county, prefecture and province took it in, or 在路上."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.exchange.port import Package
from ui.exchange.words import levels, package_words, received_words
from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.card import Card, Rule
from ui.widgets.label import Label
from ui.widgets.painted import Painted, elided, paint_text, pen_for
from ui.widgets.sign import Sign
from ui.words import tr

HEIGHT, HEAD = 51, 26
COLUMN = 92
MOST_PACKAGES = 12


class _Columns(Painted):
    """A row of the table: room for words at the left, then a column for each level."""

    def __init__(self, headed: Sequence[str]) -> None:
        super().__init__()
        self.headed = tuple(headed)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def column(self, at: int) -> QRectF:
        """Return where a level's column is."""
        width = look().px(COLUMN) + (look().theme.base - 15)
        left = self.width() - width * (len(self.headed) - at)
        return QRectF(left, 0, width, self.height())


class Head(_Columns):
    """The names of the levels."""

    def __init__(self, headed: Sequence[str]) -> None:
        super().__init__(headed)
        self.says(" ".join(headed))

    def sizeHint(self) -> QSize:
        return QSize(look().px(280), look().px(HEAD))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        for at, level in enumerate(self.headed):
            paint_text(painter, self.column(at), level, look().font(Role.SMALL), "ink2")
        painter.end()


class PackageRow(_Columns):
    """One package: its day and items, how it went, and for each level when it arrived."""

    def __init__(self, package: Package, headed: Sequence[str], today: date) -> None:
        super().__init__(headed)
        self.lines = package_words(package, today)
        self.days = [(level in package.received, package.received.get(level)) for level in headed]
        self.today = today
        told = [
            f"{level} {tr('收到了')} {self._told(at)}" if day else f"{level} {self._told(at)}"
            for at, (level, (is_for, day)) in enumerate(zip(headed, self.days, strict=True))
            if is_for
        ]
        self.says("，".join((*self.lines, *told)))

    def _told(self, at: int) -> str:
        is_for, day = self.days[at]
        return received_words(day, self.today) if is_for else "—"

    def sizeHint(self) -> QSize:
        lines = look().line_height(Role.NAME) + look().line_height(Role.SMALL)
        return QSize(look().px(280), max(look().px(HEIGHT), lines + look().px(8)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        first, second = look().line_height(Role.NAME), look().line_height(Role.SMALL)
        top, left = (self.height() - first - second) / 2, look().px(14)
        room = self.column(0).x() - left - look().px(8)
        for words, font, y, height, tone in (
            (self.lines[0], look().font(Role.NAME), top, first, "ink"),
            (self.lines[1], look().font(Role.SMALL, 400), top + first, second, "ink2"),
        ):
            paint_text(painter, QRectF(left, y, room + 2, height), elided(font, words, room), font, tone)
        for at in range(len(self.headed)):
            self._paint_day(painter, at)
        painter.end()

    def _paint_day(self, painter: QPainter, at: int) -> None:
        is_for, day = self.days[at]
        place, side, font = self.column(at), look().size(15), look().font(Role.CAPTION)
        if is_for:
            icon = QRectF(place.x(), place.center().y() - side / 2, side, side)
            name, tone, weight = ("check-circle", "pine", "fill") if day else ("circle-dashed", "ochre", None)
            paint_icon(painter, name, icon, tone, weight)
            place = place.adjusted(side + look().px(5), 0, 0, 0)
        paint_text(painter, place, self._told(at), font, "ochre" if is_for and not day else "ink2")


class Receipts(Card):
    """The table; with nothing sent yet one sentence."""

    def __init__(self) -> None:
        super().__init__("plain", tr("收到没有"))
        self._shown: tuple[list[Package], date] | None = None
        self.set_margins(0, 0, 0, 0, 0)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.column.addLayout(self._rows)

    def show_packages(self, packages: Sequence[Package], today: date) -> None:
        """Show the newest packages in place of those before; the same ones are left as they stand."""
        if (list(packages), today) == self._shown:
            return
        self._shown = (list(packages), today)
        _empty(self._rows)
        headed = levels(packages)
        parts: list[QWidget] = [PackageRow(one, headed, today) for one in packages[:MOST_PACKAGES]]
        if not parts:
            line = Label(tr("还没送过。送出去以后，哪一级收到了，这里都看得到。"), Role.NOTE, "ink2").wrapped()
            line.setContentsMargins(look().px(14), look().px(8), look().px(14), look().px(8))
            self._rows.addWidget(line)
            return
        self._rows.addWidget(Head(headed))
        for part in parts:
            self._rows.addWidget(Rule())
            self._rows.addWidget(part)


class Gaps(QWidget):
    """What is missing, by name, each with what it means; not there when nothing is."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("缺的包"))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(look().px(4))
        self.sentences: tuple[str, ...] = ()
        self.hide()

    def show_gaps(self, gaps: Sequence[str]) -> None:
        """Say these in place of those before."""
        self.sentences = tuple(gaps)
        _empty(self.column)
        for sentence in self.sentences:
            self.column.addWidget(_gap(sentence))
        self.setVisible(bool(self.sentences))


def _gap(sentence: str) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(look().px(8))
    row.addWidget(Sign("warning", "ochre", 15))
    row.addWidget(Label(sentence, Role.CAPTION, "ochre").wrapped(), 1)
    return line


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        part = item.widget()
        if part is not None:
            part.hide()
            part.deleteLater()
