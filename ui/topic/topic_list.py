"""The list of topics: title with the matched characters in red, where it came from, and how far it has come."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.domain.place import Places
from app.domain.topic import CATEGORIES, LIFE, SOURCES, TOPIC_STAGE_WORDS, Topic
from app.queries.topic import FoundTopic
from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.lifecycle_dots import PITCH, paint_dots
from ui.widgets.painted import advance, elided, paint_box, paint_text, pen_for
from ui.words import tr

HEIGHT = 60
FOUND = Qt.ItemDataRole.UserRole
TICKED = Qt.ItemDataRole.UserRole + 1
WHERE = Qt.ItemDataRole.UserRole + 2
_Index = QModelIndex | QPersistentModelIndex


def origin(topic: Topic, places: Places) -> str:
    """Return where a topic came from: 新塘村 · 走访 · 移风易俗."""
    place = places.get(topic.village_code)
    category = "" if topic.category == "OTHER" else tr(CATEGORIES.get(topic.category, ""))
    parts = (place.display_name if place else "", tr(SOURCES.get(topic.source, "")), category)
    return " · ".join(part for part in parts if part)


def spoken_step(topic: Topic) -> str:
    """Return how far a topic has come, in words."""
    step, word = topic.step(), tr(TOPIC_STAGE_WORDS[topic.stage])
    return word if step is None else tr("第 {at} 步 {stage}，共 {count} 步", at=step + 1, stage=word, count=len(LIFE))


class TopicRows(QAbstractListModel):
    """The topics found, in their order; which of them are ticked."""

    def __init__(self, places: Places, parent: QObject) -> None:
        super().__init__(parent)
        self._places = places
        self.found: list[FoundTopic] = []
        self.ticked: set[str] = set()

    def show_found(self, found: list[FoundTopic]) -> None:
        """Show other topics; ticks stay."""
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def tick(self, row: int) -> None:
        """Tick a topic, or take the tick away."""
        self.ticked ^= {self.found[row].topic.id}
        self.dataChanged.emit(self.index(row), self.index(row))

    def untick(self) -> None:
        """Take all ticks away."""
        self.ticked = set()
        if self.found:
            self.dataChanged.emit(self.index(0), self.index(len(self.found) - 1))

    def row_of(self, topic_id: str) -> int:
        """Return the row of a topic, or -1."""
        return next((at for at, one in enumerate(self.found) if one.topic.id == topic_id), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        found = self.found[index.row()]
        if role == FOUND:
            return found
        if role == TICKED:
            return found.topic.id in self.ticked
        if role == WHERE:
            return origin(found.topic, self._places)
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        return self._spoken(found.topic) if role in spoken else None

    def _spoken(self, topic: Topic) -> str:
        ticked = tr("已勾") if topic.id in self.ticked else ""
        return " ".join(filter(None, (ticked, topic.title, origin(topic, self._places), spoken_step(topic))))


class TopicBrush(QStyledItemDelegate):
    """Paints one topic of the list."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(look().px(200), look().px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out the fields of style options
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        place, found = QRectF(rect), index.data(FOUND)
        pen_for(painter)
        if state & QStyle.StateFlag.State_Selected:
            ring = "indigo" if state & QStyle.StateFlag.State_HasFocus else "ink" if look().theme.is_sun else None
            paint_box(painter, place.adjusted(1, 1, -1, -1), "select", ring, 6, line=2)
        else:
            line = look().theme.line
            painter.fillRect(QRectF(place.x(), place.bottom() - line, place.width(), line), look().colour("line"))
        inner = place.adjusted(look().px(14), 0, -look().px(14), 0)
        self._paint_words(painter, inner, found, bool(index.data(TICKED)), str(index.data(WHERE)))

    def _paint_words(self, painter: QPainter, place: QRectF, found: FoundTopic, ticked: bool, where: str) -> None:
        right = _paint_life(painter, place, found.topic)
        x = place.x()
        if ticked:
            side = look().size(18)
            paint_icon(painter, "check-circle", QRectF(x, place.center().y() - side / 2, side, side), "pine", "fill")
            x += side + look().px(10)
        first, second = look().line_height(Role.BODY), look().line_height(Role.CAPTION)
        top, room = place.center().y() - (first + second) / 2, right - x - look().px(16)
        paint_title(painter, QRectF(x, top, room, first), found.topic.title, found.positions)
        small = look().font(Role.CAPTION)
        paint_text(painter, QRectF(x, top + first, room + 2, second), elided(small, where, room), small, "ink2")


def _paint_life(painter: QPainter, place: QRectF, topic: Topic) -> float:
    """Paint dots and word at the right; return where they begin."""
    word, step = tr(TOPIC_STAGE_WORDS[topic.stage]), topic.step()
    font = look().font(Role.NOTE)
    word_left = place.right() - max(look().px(52), advance(font, word))
    tone = "ochre" if step is None else "pine" if step == len(LIFE) - 1 else "ink"
    paint_text(painter, QRectF(word_left, place.y(), place.right() - word_left + 2, place.height()), word, font, tone)
    if step is None:
        return word_left
    width = look().px(PITCH * 10) / 10 * (len(LIFE) - 1) + 2 * look().px(4)
    left = word_left - width - look().px(12)
    paint_dots(painter, QRectF(left, place.y(), width, place.height()), len(LIFE), step)
    return left


def paint_title(painter: QPainter, place: QRectF, title: str, hits: tuple[int, ...]) -> None:
    """Paint a title whose matched characters are red; runs of one colour are painted together."""
    plain, red = look().font(Role.BODY), look().font(Role.BODY, 500)
    shown, x, marked, at = elided(plain, title, place.width()), place.x(), set(hits), 0
    while at < len(shown):
        is_hit, end = at in marked, at
        while end < len(shown) and (end in marked) == is_hit:
            end += 1
        run, font = shown[at:end], red if is_hit else plain
        width = advance(font, run)
        paint_text(painter, QRectF(x, place.y(), width + 2, place.height()), run, font, "seal" if is_hit else "ink")
        x, at = x + width, end


class TopicList(QListView):
    """The list itself. A letter typed here that is no key of the list goes to the filter (`typed`)."""

    typed = Signal(str)
    opened = Signal()
    left = Signal()
    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self.setItemDelegate(TopicBrush(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("议题"))
        self.doubleClicked.connect(lambda _: self.opened.emit())
        look().changed.connect(self.scheduleDelayedItemsLayout)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = STEPS.get(Qt.Key(event.key()))
        if steps is not None:
            self.moved.emit(steps)
        elif event.key() in OPENING:
            self.opened.emit()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Escape):
            self.left.emit()
        elif event.text().isprintable() and event.text().strip() and not event.modifiers() & _HELD:
            self.typed.emit(event.text())
        else:
            event.ignore()


FAR = 100_000
STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_K: -1,
    Qt.Key.Key_J: 1,
    Qt.Key.Key_PageUp: -8,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_Home: -FAR,
    Qt.Key.Key_End: FAR,
}
OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right)
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
