"""A choice already made that can be changed: who speaks, what kind, which issue; or a filter of a list."""

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from ui.icons import paint_icon
from ui.theme import Role, look
from ui.widgets.focus_ring import ring_around, ring_off
from ui.widgets.painted import advance, elided, paint_box, paint_text, pen_for
from ui.widgets.tag import ground_of
from ui.words import tr

HEIGHT = 32


class Sort(StrEnum):
    """What a chip stands for."""

    PERSON = "person"
    KIND = "kind"
    ISSUE = "issue"
    FILTER = "filter"


_SPOKEN = {Sort.PERSON: "发言人", Sort.KIND: "类别", Sort.ISSUE: "焦点", Sort.FILTER: "筛选"}


class Chip(QToolButton):
    """A chosen person, kind, issue or filter; the name is never shortened, the role beside it is shortened first."""

    def __init__(
        self,
        text: str,
        sort: Sort | str = Sort.PERSON,
        detail: str = "",
        tone: str = "ink",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.sort, self.detail, self.tone = Sort(sort), detail, tone
        self.setCheckable(self.sort == Sort.FILTER)
        self.setProperty("painted", True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look().changed.connect(self.updateGeometry)
        self.say(text, detail, tone)

    def say(self, text: str, detail: str = "", tone: str | None = None) -> None:
        """Show another choice."""
        self.setText(text)
        self.detail, self.tone = detail, tone or self.tone
        self.setAccessibleName(" ".join(filter(None, (tr(_SPOKEN[self.sort]), text, detail))))
        self.setToolTip(f"{text} {detail}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = self._fixed_width() + (advance(self._small(), self.detail) + look().px(7) if self.detail else 0)
        return QSize(round(width) + 1, look().px(HEIGHT if self.sort != Sort.FILTER else 30))

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._fixed_width()) + 1, self.sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        ring_around(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        ring_off(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        fill, border, ink = self._coat()
        paint_box(painter, QRectF(self.rect()), fill, border, HEIGHT / 2 - 1 if self.sort == Sort.FILTER else 6)
        x, height = look().px(self._pad()), self.height()
        width = advance(self._letters(), self.text())
        paint_text(painter, QRectF(x, 0, width + 2, height), self.text(), self._letters(), ink)
        if self.detail:
            x += round(width) + look().px(7)
            room = self.width() - x - look().px(self._pad())
            paint_text(
                painter, QRectF(x, 0, room + 2, height), elided(self._small(), self.detail, room), self._small(), "ink2"
            )
        if self.sort == Sort.KIND and self.isEnabled():
            side = look().size(12)
            paint_icon(
                painter, "caret-down", QRectF(self.width() - side - look().px(8), (height - side) / 2, side, side), ink
            )
        painter.end()

    def _coat(self) -> tuple[str | None, str | None, str]:
        if not self.isEnabled():
            return None, None, "ink3"
        is_outlined = self.sort == Sort.ISSUE or self.tone == "outline"
        ink = "ink" if self.tone == "outline" else self.tone
        if self.sort == Sort.FILTER:
            return ("raised" if self.isChecked() else None), ("ink" if self.isChecked() else "line2"), "ink"
        if look().theme.is_sun:
            return "raised", ink, ink
        border = "line2" if is_outlined else None
        return ("raised" if is_outlined else ground_of(self.tone)), ("edge" if self.underMouse() else border), ink

    def _fixed_width(self) -> float:
        caret = look().size(12) + look().px(5) if self.sort == Sort.KIND else 0
        return advance(self._letters(), self.text()) + 2 * look().px(self._pad()) + caret

    def _pad(self) -> int:
        return 10 if self.sort == Sort.FILTER else 9

    def _letters(self) -> QFont:
        weight = 400 if self.sort == Sort.ISSUE or (self.sort == Sort.FILTER and not self.isChecked()) else 500
        return look().font(Role.BODY, weight, 14 if self.sort == Sort.FILTER else None)

    def _small(self) -> QFont:
        return look().font(Role.CAPTION)
