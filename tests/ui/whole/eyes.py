"""Eyes on the window: what has no name, what is cut off, what has no glyph, what lies outside. Each tells in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetrics, QPainter, QTextLayout
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QStackedWidget,
    QWidget,
)

from ui.consultation.desk_floor import _Edge
from ui.widgets import painted
from ui.widgets.button import Button
from ui.widgets.chip import Chip
from ui.widgets.focus_ring import FocusRing
from ui.widgets.sign import Sign

MOST_ROWS = 40
_PLAIN = (QStackedWidget, QScrollBar, FocusRing, Sign, _Edge)
"""Nobody needs their names: they hold or adorn others, as a Sign does the words beside it."""
CLOSING = "，。；：、！？）》”’"


def seen_in(window: QWidget) -> list[QWidget]:
    """Return all widgets of a window that can be seen now, the window first."""
    return [window, *(one for one in window.findChildren(QWidget) if one.isVisible() and not _is_hidden(one))]


def _is_hidden(widget: QWidget) -> bool:
    return widget.visibleRegion().isEmpty()


def called(widget: QWidget) -> str:
    """Return a widget in words, for the one who reads a failed test."""
    words = getattr(widget, "text", None)
    text = words() if callable(words) else words
    chain: list[str] = []
    step: QWidget | None = widget
    while step is not None and len(chain) < 3:
        chain.append(type(step).__name__)
        step = step.parentWidget()
    return f"{'<'.join(chain)} “{text or widget.accessibleName()}”"


def unnamed(window: QWidget) -> list[str]:
    """Return what can be reached or is drawn by us and has no name, or only that of its class."""
    return [called(one) for one in seen_in(window) if _needs_name(one) and not _is_named(one)]


def _needs_name(widget: QWidget) -> bool:
    if isinstance(widget, _PLAIN) or widget.objectName().startswith("qt_"):
        return False
    is_drawn = isinstance(widget, QAbstractButton | painted.Painted | QAbstractItemView)
    return is_drawn or widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def _is_named(widget: QWidget) -> bool:
    interface = QAccessible.queryAccessibleInterface(widget)
    name = widget.accessibleName() or (interface.text(QAccessible.Text.Name) if interface else "")
    return bool(name.strip()) and name not in {kind.__name__ for kind in type(widget).__mro__}


def mute_rows(window: QWidget) -> list[str]:
    """Return the rows of lists that say nothing to a screen reader."""
    lists = [one for one in seen_in(window) if isinstance(one, QAbstractItemView)]
    return [
        f"{called(one)} row {row}"
        for one in lists
        for row in range(min(MOST_ROWS, one.model().rowCount() if one.model() else 0))
        if not _row_words(one.model(), row)
    ]


def _row_words(model: QAbstractItemModel, row: int) -> str:
    index = model.index(row, 0, QModelIndex())
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    return str(spoken or index.data(Qt.ItemDataRole.DisplayRole) or "").strip()


def cut_off(window: QWidget) -> list[str]:
    """Return the words that have less room than they need, and what sticks out of the window."""
    return [
        f"{called(one)}: {complaint}"
        for one in seen_in(window)
        for complaint in (_lacks_room(one) or _sticks_out(one, window),)
        if complaint
    ]


def _lacks_room(widget: QWidget) -> str:
    if isinstance(widget, QLabel) and widget.text() and not widget.pixmap():
        return _label_lacks(widget)
    if isinstance(widget, Button | Chip):
        need, has = widget.minimumSizeHint(), widget.size()
        if need.width() > has.width() or need.height() > has.height():
            return f"needs {need.toTuple()}, has {has.toTuple()}"
    if isinstance(widget, QLineEdit) and not widget.text():
        need_px = QFontMetrics(widget.font()).horizontalAdvance(widget.placeholderText())
        has_px = widget.contentsRect().width() - widget.textMargins().left() - widget.textMargins().right()
        if need_px > has_px:
            return f"placeholder “{widget.placeholderText()}” needs {need_px}, has {has_px}"
    return ""


def _label_lacks(label: QLabel) -> str:
    metrics, has = QFontMetrics(label.font()), label.contentsRect()
    if label.wordWrap():
        need = metrics.boundingRect(QRect(0, 0, has.width(), 10_000), Qt.TextFlag.TextWordWrap, label.text()).size()
    else:
        need = metrics.size(0, label.text())
    lacks = need.width() > has.width() + 1 or need.height() > has.height() + metrics.descent()
    return f"needs {need.toTuple()}, has {has.size().toTuple()}" if lacks else ""


def _sticks_out(widget: QWidget, window: QWidget) -> str:
    """Say by how much a widget with words is not inside what shows it; what can be scrolled to is inside."""
    if not isinstance(widget, QLabel | QAbstractButton | QLineEdit | QAbstractScrollArea):
        return ""
    if _is_scrolled(widget):
        return ""
    holder: QWidget = widget
    while holder is not window and (parent := holder.parentWidget()) is not None:
        holder = parent
        place = QRect(widget.mapTo(holder, QPoint(0, 0)), widget.size())
        if not holder.rect().adjusted(-1, -1, 1, 1).contains(place):
            return f"lies at {place.getRect()} in {holder.size().toTuple()} of {type(holder).__name__}"
    return ""


def _is_scrolled(widget: QWidget) -> bool:
    step = widget.parentWidget()
    while step is not None:
        if isinstance(step, QScrollArea) or step.objectName() == "qt_scrollarea_viewport":
            return True
        step = step.parentWidget()
    return False


def overlapping(window: QWidget) -> list[str]:
    """Return the pairs of neighbours with words that lie over one another."""
    leaves = [one for one in seen_in(window) if isinstance(one, QLabel | QAbstractButton | QLineEdit)]
    by_parent: dict[QWidget | None, list[QWidget]] = {}
    for one in leaves:
        if not isinstance(one, QLabel) or one.text():
            by_parent.setdefault(one.parentWidget(), []).append(one)
    return [
        f"{called(first)} over {called(other)}"
        for family in by_parent.values()
        for at, first in enumerate(family)
        for other in family[at + 1 :]
        if _overlap(first.geometry().intersected(other.geometry()))
    ]


def _overlap(common: QRect) -> bool:
    return common.width() > 2 and common.height() > 2


def words_of(window: QWidget) -> set[tuple[str, str]]:
    """Return all texts that widgets and lists show, each with the key of its font."""
    words: set[tuple[str, str]] = set()
    for one in seen_in(window):
        if isinstance(one, QAbstractItemView) and one.model():
            rows = range(min(MOST_ROWS, one.model().rowCount()))
            words |= {(_row_words(one.model(), row), one.font().toString()) for row in rows}
        elif isinstance(one, QLineEdit):
            words |= {(one.text(), one.font().toString()), (one.placeholderText(), one.font().toString())}
        elif isinstance(one, QLabel | QAbstractButton):
            words.add((one.text(), one.font().toString()))
    return {pair for pair in words if pair[0].strip()}


@cache
def has_glyphs(text: str, font: str) -> bool:
    """Say whether a font and those after it in its chain can draw all of a text."""
    letters = QFont()
    letters.fromString(font)
    layout = QTextLayout(text.replace("\n", " ").replace("\t", " "), letters)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    return bool(runs) and all(0 not in run.glyphIndexes() for run in runs)


@dataclass
class Ink:
    """What was painted letter by letter: each text with the key of its font, and those that ran out of their widget."""

    words: set[tuple[str, str]] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)

    def note(self, painter: QPainter, place: QRectF, text: str, font: QFont) -> None:
        """Take note of one text that is being painted."""
        if not text.strip():
            return
        self.words.add((text, font.toString()))
        widget = painter.device()
        # A mark that closes a line may hang over: its ink is in its left half.
        width = painted.advance(font, text.rstrip(CLOSING))
        if not isinstance(widget, QWidget) or painter.transform().isRotating():
            return
        left = painter.transform().map(place.topLeft()).x()
        if left + width > widget.width() + 1.5 or place.height() < QFontMetrics(font).ascent():
            self.cut.add(f"{called(widget)}: “{text}” needs {width:.0f} from {left:.0f}, has {widget.width()}")


@contextmanager
def watched_ink(modules: dict[str, object]) -> Iterator[Ink]:
    """Watch every text that our own parts paint, while it lasts."""
    real, ink = painted.paint_text, Ink()

    def noted(
        painter: QPainter,
        place: QRectF,
        text: str,
        font: QFont,
        token: str,
        align: Qt.AlignmentFlag = painted.LEFT,
    ) -> None:
        ink.note(painter, place, text, font)
        real(painter, place, text, font, token, align)

    users = [module for module in list(modules.values()) if getattr(module, "paint_text", None) is real]
    for module in users:
        module.paint_text = noted  # type: ignore[attr-defined]
    yield ink
    for module in users:
        module.paint_text = real  # type: ignore[attr-defined]


class Doorkeeper(QObject):
    """Notes every window that is shown beside the one there should be; menus and tips may come and go."""

    def __init__(self, *known: type[QWidget]) -> None:
        super().__init__()
        self.known, self.strangers = known, list[str]()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            is_passing = watched.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
            if not is_passing and not isinstance(watched, self.known):
                self.strangers.append(called(watched))
        return False
