"""The bench meter: one small bar for each person expected, a red line where it is enough."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Role, look
from ui.widgets.painted import RIGHT, Painted, advance, paint_box, paint_text, pen_for
from ui.words import tr

MOST_BARS = 60
TOGETHER = 5
PITCH = 8
HEIGHT = 20


class BenchMeter(Painted):
    """How many have come, of how many, and whether it is enough; the caller knows the number that is enough."""

    def __init__(
        self, present: int = 0, expected: int = 0, quorum: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.present, self.expected, self.quorum, self.word = present, expected, quorum, ""
        self.show_people(present, expected, quorum)

    def show_people(self, present: int, expected: int, quorum: int | None, word: str = "") -> None:
        """Show another count; `word` is what the practice calls enough, 过半 if it says nothing."""
        self.present, self.expected, self.quorum, self.word = present, expected, quorum, word or tr("过半")
        self.says(tr("到会人数"), self.spoken())
        self.update()

    def spoken(self) -> str:
        """Return in words what is drawn."""
        counted = tr("到会 {present} 人，应到 {expected}", present=self.present, expected=self.expected)
        return tr("{one}，{other}", one=counted, other=self.verdict()) if self.quorum is not None else counted

    def verdict(self) -> str:
        """Return whether it is enough, or how many are short; empty if nothing was asked for."""
        if self.quorum is None:
            return ""
        if self.present >= self.quorum:
            return tr("已{word}", word=self.word)
        return tr("差 {count} 人{word}", count=self.quorum - self.present, word=self.word)

    @property
    def people_per_bar(self) -> int:
        """Return how many people one bar stands for: one, or five in a large yard."""
        return 1 if max(self.expected, self.present) <= MOST_BARS else TOGETHER

    def bars(self) -> tuple[int, int]:
        """Return how many bars are filled, of how many."""
        each = self.people_per_bar
        return self.present // each, -(-max(self.expected, self.present) // each)

    def sizeHint(self) -> QSize:
        return QSize(look().px(210), look().px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(80), look().px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        filled, count = self.bars()
        if not count:
            return
        painter = pen_for(QPainter(self))
        pitch = min(look().px(PITCH), (self.width() - self._note_width()) / count)
        bar, height = max(2.0, pitch - max(1.0, pitch * 0.2)), look().px(13)
        top = (self.height() - height) / 2
        for place in range(count):
            self._paint_bar(painter, QRectF(place * pitch, top, bar, height), place < filled)
        self._paint_quorum(painter, pitch)
        if self.people_per_bar > 1:
            note = QRectF(0, 0, self.width(), self.height())
            paint_text(painter, note, self._note(), look().font(Role.SMALL), "ink3", RIGHT)
        painter.end()

    def _paint_bar(self, painter: QPainter, place: QRectF, is_filled: bool) -> None:
        ink = "ink" if self.isEnabled() else "ink3"
        paint_box(painter, place, ink if is_filled else None, None if is_filled else "edge", 3, line=1)

    def _paint_quorum(self, painter: QPainter, pitch: float) -> None:
        if self.quorum is None:
            return
        x = self.quorum / self.people_per_bar * pitch - pitch * 0.1
        tall = look().px(18)
        painter.fillRect(QRectF(x - 1, (self.height() - tall) / 2, 2, tall), look().colour("seal"))

    def _note(self) -> str:
        return tr("一格 {count} 人", count=TOGETHER)

    def _note_width(self) -> float:
        return advance(look().font(Role.SMALL), self._note()) + look().px(8) if self.people_per_bar > 1 else 0.0
