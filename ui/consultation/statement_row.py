"""发言 as rows: what each shows, how tall it is at a width, and how it is painted."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.domain.statement import STATEMENT_KIND_WORDS, Statement, StatementKind
from app.domain.wording import circled, clock
from app.queries.sitting import LiveSitting
from ui.theme import Role, look
from ui.widgets.painted import MIDDLE, RIGHT, advance, elided, paint_box, paint_text, pen_for
from ui.widgets.tag import paint_tag, tag_size, tone_of_statement
from ui.words import tr

ROW_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
MOST_SIGNS = 42


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement as it is shown; `issue` is 0 when it belongs to none."""

    statement_id: str
    time: str
    name: str
    title: str
    text: str
    kind: StatementKind
    issue: int = 0
    issue_id: str | None = None

    @property
    def kind_word(self) -> str:
        """Return 诉求, 意见 and so on."""
        return tr(STATEMENT_KIND_WORDS[self.kind])

    def spoken(self) -> str:
        """Return the whole row in words."""
        issue = tr("焦点 {number}", number=self.issue) if self.issue else ""
        return " ".join(filter(None, (self.time, self.name, self.title, self.kind_word, issue, self.text)))


def row_of(live: LiveSitting, statement: Statement, numbers: dict[str, int]) -> StatementRow:
    """Return the row of a statement; `numbers` are the issues' by id."""
    person = live.person(statement.speaker_id)
    return StatementRow(
        statement.id,
        clock(statement.said_at) if statement.said_at else "",
        person.name if person else tr("一位村民"),
        speaker_title(live, statement.speaker_id),
        statement.text,
        statement.kind,
        numbers.get(statement.issue_id or "", 0),
        statement.issue_id,
    )


def speaker_title(live: LiveSitting, person_id: str | None) -> str:
    """Return what stands beside a speaker's name: post, or unit, or role."""
    person = live.person(person_id)
    if person is None:
        return ""
    unit = live.unit(person.unit_id)
    return person.post or (unit.name if unit else tr(person.title()))


class Statements(QAbstractListModel):
    """The statements in view. What is added at the end is added, not shown anew."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[StatementRow] = []

    def show_rows(self, rows: list[StatementRow]) -> int:
        """Show other statements; return how many came at the end, -1 if it was not only that."""
        old = self.rows
        if rows[: len(old)] == old:
            return self._append(rows)
        if [row.statement_id for row in rows] == [row.statement_id for row in old]:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            self.layoutChanged.emit()
            return -1
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return -1

    def _append(self, rows: list[StatementRow]) -> int:
        first, last = len(self.rows), len(rows) - 1
        if last >= first:
            self.beginInsertRows(QModelIndex(), first, last)
            self.rows = rows
            self.endInsertRows()
        return last - first + 1

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken()
        return row if role == ROW_ROLE else None


@dataclass(frozen=True, slots=True)
class _Measure:
    """What all rows share at one width of the list, in px."""

    list_width: int
    text_width: int
    line: int
    gap: int


class StatementBrush(QStyledItemDelegate):
    """Paints statements and knows their heights; measured once per text and width."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._lines: dict[tuple[str, int], int] = {}
        self._measure: _Measure | None = None
        self.fresh, self.freshness = "", 0.0
        look().changed.connect(self.forget)

    def forget(self) -> None:
        """Measure everything anew, for the letters are others."""
        self._lines.clear()
        self._measure = None

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row = index.data(ROW_ROLE)
        return QSize(self._view.viewport().width(), self.height_of(row) if isinstance(row, StatementRow) else 0)

    def height_of(self, row: StatementRow) -> int:
        """Return how tall a row is in a list as wide as ours."""
        all_share = self._measured()
        return all_share.gap + all_share.line * (1 + self._count(row.text, all_share.text_width))

    def _measured(self) -> _Measure:
        """Return what all rows share, taken once per width: a list of hundreds asks for every height at each layout."""
        width, kept = self._view.width(), self._measure
        if kept is None or kept.list_width != width:
            kept = _Measure(width, self._text_width(width), look().line_height(Role.STATEMENT), look().px(18))
            self._measure = kept
        return kept

    def _count(self, text: str, width: int) -> int:
        found = self._lines.get((text, width))
        if found is None:
            is_short = "\n" not in text and advance(look().font(Role.STATEMENT), text) <= width
            found = 1 if is_short else len(broken(text, width)[1])
            self._lines[(text, width)] = found
        return found

    def _text_width(self, list_width: int) -> int:
        """Return how wide texts are; the scroll bar stands in the margin, so that it never breaks lines anew."""
        most = round(MOST_SIGNS * look().size(16))
        return max(look().px(80), min(most, list_width - text_left() - look().px(18)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, StatementRow):
            return
        place = QRectF(option.rect)  # type: ignore[attr-defined]  # the stubs leave out the fields of style options
        pen_for(painter)
        self._paint_ground(painter, place, option, row)
        inner = place.adjusted(look().px(18), look().px(9), 0, -look().px(9))
        inner.setRight(self._view.width() - look().px(18))
        _paint_head(painter, inner, row)
        self._paint_text(painter, inner, row)

    def _paint_ground(self, painter: QPainter, place: QRectF, option: QStyleOptionViewItem, row: StatementRow) -> None:
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        ground = place.adjusted(look().px(6), 1, -look().px(6), -1)
        if row.statement_id == self.fresh and self.freshness > 0:
            painter.setOpacity(self.freshness)
            paint_box(painter, ground, "select")
            painter.setOpacity(1.0)
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            paint_box(painter, ground, "select", "indigo", 6, line=2)

    def _paint_text(self, painter: QPainter, inner: QRectF, row: StatementRow) -> None:
        line = look().line_height(Role.STATEMENT)
        x, y = inner.x() + text_left() - look().px(18), inner.y() + line
        layout, starts = broken(row.text, self._measured().text_width)
        painter.setPen(look().colour("ink"))
        for at in range(len(starts)):
            drawn = layout.lineAt(at)
            drawn.draw(painter, QPointF(x, y + at * line + (line - drawn.height()) / 2 - drawn.y()))


def text_left() -> int:
    """Return where names and texts begin, after the time."""
    return look().px(18) + max(look().px(47), round(advance(look().font(Role.CAPTION), "00:00")) + look().px(12))


def broken(text: str, width: int) -> tuple[QTextLayout, list[int]]:
    """Return a text laid out in lines of a width, and where each line begins."""
    layout = QTextLayout(text.replace("\n", "\u2028"), look().font(Role.STATEMENT))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    starts: list[int] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(40, width))
        line.setPosition(QPointF(0, 0))
        starts.append(line.textStart())
    layout.endLayout()
    return layout, starts or [0]


def _paint_head(painter: QPainter, inner: QRectF, row: StatementRow) -> None:
    line, small = look().line_height(Role.STATEMENT), look().font(Role.CAPTION)
    head = QRectF(inner.x(), inner.y(), inner.width(), line)
    paint_text(painter, head.adjusted(0, 0, 0, -look().px(2)), row.time, small, "ink2")
    right = _paint_right(painter, head, row)
    name = look().font(Role.NAME, 600, 16)
    x = inner.x() + text_left() - look().px(18)
    paint_text(painter, QRectF(x, head.y(), right - x, line), row.name, name, "ink")
    x += advance(name, row.name) + look().px(8)
    room = right - x - look().px(8)
    paint_text(painter, QRectF(x, head.y(), room + 2, line), elided(small, row.title, room), small, "ink2")


def _paint_right(painter: QPainter, head: QRectF, row: StatementRow) -> float:
    """Paint the issue's number and the kind's tag; return where they begin."""
    mark, right = look().px(22), head.right()
    if row.issue:
        place = QRectF(right - mark + look().px(3), head.y(), mark, head.height())
        paint_text(
            painter, place, circled(row.issue), look().font(Role.BODY), "ink2", RIGHT if row.issue > 50 else MIDDLE
        )
    size = tag_size(row.kind_word)
    left = right - mark - look().px(2) - size.width()
    paint_tag(
        painter,
        QRectF(left, head.center().y() - size.height() / 2, size.width(), size.height()),
        row.kind_word,
        tone_of_statement(STATEMENT_KIND_WORDS[row.kind]),
    )
    return left
