"""Pages as they will be printed, lying on the desk: white paper with its edge, as large as wanted."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.theme import Role, look
from ui.widgets.painted import MIDDLE, Painted, paint_box, paint_text, pen_for
from ui.widgets.shadow import PAGE, paint_shadow
from ui.words import tr

A4 = (210, 297)
GAP = 22
EDGE = 16
ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0)
PX_PER_MM = 96 / 25.4


class _Sheets(Painted):
    """The sheets side by side, as many as the width allows."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self.pages: list[QImage | None] = []
        self.side = QSize(1, 1)
        self.across = 1
        self.ringed: int | None = None
        self._scaled: dict[int, QPixmap] = {}

    def arrange(self, side: QSize, across: int) -> None:
        """Lay the sheets out at a size, so many in a row."""
        if side != self.side:
            self._scaled.clear()
        self.side, self.across = side, across
        rows = -(-len(self.pages) // across)
        self.setFixedHeight(max(1, rows * (side.height() + GAP) + 2 * EDGE - GAP))
        self.update()

    def place_of(self, page: int) -> QRect:
        """Return where a page lies, counted from 0."""
        row, column = divmod(page, self.across)
        shown = min(self.across, len(self.pages))
        broad = shown * (self.side.width() + GAP) - GAP
        left = max(EDGE, (self.width() - broad) // 2) + column * (self.side.width() + GAP)
        return QRect(left, EDGE + row * (self.side.height() + GAP), self.side.width(), self.side.height())

    def ring(self, page: int | None) -> None:
        """Put the ring of focus around a page, or take it away."""
        if page != self.ringed:
            self.ringed = page
            self.update()

    def forget(self) -> None:
        """Drop the pictures made for the pages before."""
        self._scaled.clear()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        for at, page in enumerate(self.pages):
            place = self.place_of(at)
            if place.adjusted(-EDGE, -EDGE, EDGE, EDGE).intersects(event.rect()):
                self._paint_sheet(painter, place, at, page)
        painter.end()

    def _paint_sheet(self, painter: QPainter, place: QRect, at: int, page: QImage | None) -> None:
        paint_shadow(painter, QRectF(place), 0, PAGE)
        painter.fillRect(place, look().colour("page"))
        if page is not None:
            painter.drawPixmap(place, self._picture(at, page))
        if look().theme.is_sun:
            painter.setPen(look().colour("edge"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place)
        if at == self.ringed:
            paint_box(painter, QRectF(place).adjusted(-4, -4, 4, 4), None, "indigo", 0, line=2)

    def _picture(self, at: int, page: QImage) -> QPixmap:
        if at not in self._scaled:
            ratio = self.devicePixelRatioF()
            smooth = Qt.TransformationMode.SmoothTransformation
            scaled = page.scaled(self.side * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
            scaled.setDevicePixelRatio(ratio)
            self._scaled[at] = QPixmap.fromImage(scaled)
        return self._scaled[at]


class PagePreview(QScrollArea):
    """The pages of one paper. Ctrl 0 shows a whole page, + and − are larger and smaller, Page Up and Down turn."""

    page_changed = Signal(int)

    def __init__(self, empty: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = empty or tr("还没有共识可印")
        self._zoom: float | None = None
        self._current = 0
        self._sheets = _Sheets()
        self.setWidgetResizable(True)
        self.setWidget(self._sheets)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.viewport().setAutoFillBackground(False)
        self._sheets.setAutoFillBackground(False)
        self.setAccessibleName(name or tr("纸样"))
        self._sheets.setAccessibleName(self.accessibleName())
        self.verticalScrollBar().valueChanged.connect(self._note_page)
        self._tell()

    def expect(self, count: int) -> None:
        """Show so many blank sheets at once, before their text is there."""
        self._sheets.pages = [None] * count
        self._begin()

    def show_pages(self, pages: Sequence[QImage | None]) -> None:
        """Show these pages, None for one not painted yet; the place on the desk stays if as many were there before."""
        is_same = len(pages) == len(self._sheets.pages)
        self._sheets.pages = list(pages)
        if is_same:
            self._sheets.forget()
            self._arrange()
        else:
            self._begin()

    def show_page(self, at: int, page: QImage) -> None:
        """Put the text on one of the blank sheets, counted from 0."""
        self._sheets.pages[at] = page
        self._sheets.forget()
        self._sheets.update(self._sheets.place_of(at))

    def page_count(self) -> int:
        """Return how many pages there are."""
        return len(self._sheets.pages)

    def current_page(self) -> int:
        """Return which page lies uppermost, counted from 0."""
        return self._current

    def whole_page(self) -> None:
        """Make each page as large as fits the height."""
        self._zoom = None
        self._arrange()

    def set_zoom(self, zoom: float) -> None:
        """Show pages at a share of their true size."""
        self._zoom = zoom
        self._arrange()

    def zoom(self) -> float:
        """Return the share of true size pages are shown at."""
        return self._sheets.side.width() / (A4[0] * PX_PER_MM)

    def larger(self) -> None:
        """Take the next larger step."""
        self.set_zoom(next((step for step in ZOOMS if step > self.zoom() + 0.01), ZOOMS[-1]))

    def smaller(self) -> None:
        """Take the next smaller step."""
        self.set_zoom(next((step for step in reversed(ZOOMS) if step < self.zoom() - 0.01), ZOOMS[0]))

    def turn_to(self, page: int) -> None:
        """Bring a page to the top."""
        self.verticalScrollBar().setValue(self._sheets.place_of(page).y() - EDGE)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._sheets.ring(self._current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._sheets.ring(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if is_ctrl and event.key() == Qt.Key.Key_0:
            self.whole_page()
        elif not is_ctrl and event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.larger()
        elif not is_ctrl and event.key() == Qt.Key.Key_Minus:
            self.smaller()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._sheets.pages:
            painter = QPainter(self.viewport())
            paint_text(painter, QRectF(self.viewport().rect()), self._empty, look().font(Role.BODY), "ink3", MIDDLE)
            painter.end()

    def _begin(self) -> None:
        self._current = 0
        self._sheets.forget()
        self._arrange()
        self.verticalScrollBar().setValue(0)
        self._tell()
        self.viewport().update()

    def _arrange(self) -> None:
        room = self.viewport().size()
        if self._zoom is None:
            side = self._fitting(room)
        else:
            side = QSize(round(A4[0] * PX_PER_MM * self._zoom), round(A4[1] * PX_PER_MM * self._zoom))
        across = max(1, (room.width() - 2 * EDGE + GAP) // (side.width() + GAP))
        self._sheets.setMinimumWidth(side.width() + 2 * EDGE)
        self._sheets.arrange(side, across)
        self._note_page()

    def _fitting(self, room: QSize) -> QSize:
        height = max(60, room.height() - 2 * EDGE)
        width = min(height * A4[0] // A4[1], max(40, room.width() - 2 * EDGE))
        return QSize(width, width * A4[1] // A4[0])

    def _note_page(self) -> None:
        top = self.verticalScrollBar().value() + self.viewport().height() // 3
        row = top // max(1, self._sheets.side.height() + GAP)
        page = max(0, min(self.page_count() - 1, row * self._sheets.across))
        if page != self._current:
            self._current = page
            self._sheets.ring(page if self.hasFocus() else None)
            self.page_changed.emit(page)
        self._tell()

    def _tell(self) -> None:
        count = self.page_count()
        place = tr("第 {page} 页，共 {count} 页", page=self._current + 1, count=count) if count else self._empty
        self.setAccessibleDescription(place)
