"""A coloured word: the kind of a statement, the state of a meeting. It cannot be pressed."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Role, look
from ui.widgets.painted import MIDDLE, Painted, advance, paint_box, paint_text, pen_for

HEIGHT = 22
STATEMENT_TONES = {
    "诉求": "ink",
    "意见": "outline",
    "建议": "indigo",
    "答复": "pine",
    "承诺": "pine",
    "异议": "ochre",
}
_GROUNDS = {"ink": "select", "outline": "raised"}


def tone_of_statement(kind: str) -> str:
    """Return the tone of a kind of statement; a kind the practice has made up is outlined."""
    return STATEMENT_TONES.get(kind, "outline")


def ground_of(tone: str) -> str:
    """Return the token of the ground that belongs to a tone."""
    return _GROUNDS.get(tone, f"{tone}_tint")


def letters() -> QFont:
    """Return the font of tags."""
    return look().font(Role.CAPTION, 500)


def tag_size(text: str) -> QSize:
    """Return how large the tag of a word is."""
    return QSize(round(advance(letters(), text)) + look().px(18), look().px(HEIGHT))


def paint_tag(painter: QPainter, place: QRectF, text: str, tone: str, radius: float = 4) -> None:
    """Paint a tag; in sunlight it is an outline in its colour, 2 px."""
    ink = "ink" if tone == "outline" else tone
    border = ink if look().theme.is_sun else "line2" if tone == "outline" else None
    paint_box(painter, place, "raised" if look().theme.is_sun else ground_of(tone), border, radius)
    paint_text(painter, place, text, letters(), ink, MIDDLE)


class Tag(Painted):
    """One coloured word in its box."""

    def __init__(self, text: str, tone: str = "ink", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.text, self.tone = text, tone
        self.says(text)

    def say(self, text: str, tone: str | None = None) -> None:
        """Show another word, in another tone if one is given."""
        self.text, self.tone = text, tone or self.tone
        self.says(text)
        self.follow_look()

    def sizeHint(self) -> QSize:
        return tag_size(self.text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        paint_tag(painter, QRectF(self.rect()), self.text, self.tone)
        painter.end()
