"""找: one box over the window for people, topics, meetings, issues, statements, tasks and commands (Ctrl K).

People and commands answer at once from memory; titles and statements come from the worker a moment later and are
added below. What somebody said is found by its words, never by who said it (trust.md R9).
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.domain import wording
from app.domain.action import Action
from app.domain.change import ChangeSet
from app.domain.consultation import CONSULTATION_STAGE_WORDS, Consultation
from app.domain.issue import Issue
from app.domain.pinyin import matches
from app.domain.statement import STATEMENT_KIND_WORDS, Statement
from app.domain.topic import TOPIC_STAGE_WORDS, Topic
from app.ports import Shelf
from app.queries.people import FoundPerson
from app.queries.search import Finder, Finding, finder
from ui.actions import ACTS, EVERYWHERE, Act, shown_key
from ui.icons import paint_icon
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.card import Rule
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.key_cap import KeyCap, cap_size, paint_cap
from ui.widgets.label import Label
from ui.widgets.painted import LEFT, advance, announce, elided, paint_box, paint_text, pen_for
from ui.widgets.shadow import paint_shadow
from ui.widgets.sign import Sign
from ui.words import tr

WIDTH, TOP, FOOT = 680, 92, 24
ROW_HEIGHT, HEADING_HEIGHT = 52, 27
# The card's contents lie inside its rounded corners; its shadow reaches this far out of it.
INSET, SHADOW = (6, 4, 6, 6), (-20, -20, 20, 26)
DIM = 0.16
MOST = {"人": 4, "议题": 4, "会": 4, "焦点": 2, "发言": 4, "任务": 4, "做事": 8}
_Index = QModelIndex | QPersistentModelIndex
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DOWNS = (Qt.Key.Key_Down, Qt.Key.Key_Tab)
_UPS = (Qt.Key.Key_Up, Qt.Key.Key_Backtab)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to open: a page with a record on it, or an act. `hits` are the places in the title to paint red."""

    group: str
    title: str
    detail: str
    icon: str
    page: str = ""
    record_id: str = ""
    act: str = ""
    hits: tuple[int, ...] = ()
    cap: str = ""

    def spoken(self) -> str:
        """Return the whole row in words."""
        return " ".join(filter(None, (tr(self.group), self.title, self.detail, self.cap)))


class Entries(QAbstractListModel):
    """Rows under their headings; a heading is a plain text that cannot be chosen."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Entry | str] = []

    def show(self, entries: Iterable[Entry]) -> None:
        """Show other rows; those of one group lie together."""
        self.beginResetModel()
        self.rows = []
        for group, members in groupby(entries, key=lambda entry: entry.group):
            self.rows += [tr(group), *members]
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return row if isinstance(row, str) else row.spoken()
        return row if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def entries(self) -> list[Entry]:
        """Return the rows that can be opened, from the top."""
        return [row for row in self.rows if isinstance(row, Entry)]


class _Brush(QStyledItemDelegate):
    """Paints headings and rows."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        is_heading = isinstance(index.data(Qt.ItemDataRole.UserRole), str)
        return QSize(look().px(200), look().px(HEADING_HEIGHT if is_heading else ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out the fields of style options
        row, place = index.data(Qt.ItemDataRole.UserRole), QRectF(rect)
        pen_for(painter)
        if isinstance(row, str):
            heading = place.adjusted(look().px(14), look().px(4), 0, 0)
            paint_text(painter, heading, row, look().font(Role.CAPTION), "ink2")
        elif isinstance(row, Entry):
            view = self.parent()
            is_current = isinstance(view, QListView) and view.currentIndex().row() == index.row()
            _paint_entry(painter, place, row, is_current)


def _paint_entry(painter: QPainter, place: QRectF, entry: Entry, is_current: bool) -> None:
    if is_current:
        paint_box(painter, place, "select", "ink" if look().theme.is_sun else None, 8)
    side = look().size(18)
    paint_icon(
        painter, entry.icon, QRectF(place.x() + look().px(14), place.center().y() - side / 2, side, side), "ink2"
    )
    cap, right = entry.cap or ("↵" if is_current else ""), place.right() - look().px(12)
    if cap:
        size = cap_size(cap)
        right -= size.width()
        paint_cap(painter, QRectF(right, place.center().y() - size.height() / 2, size.width(), size.height()), cap)
    x, title = place.x() + look().px(45), look().line_height(Role.BODY)
    detail = look().line_height(Role.CAPTION) if entry.detail else 0
    top, room = place.center().y() - (title + detail) / 2, right - look().px(12) - x
    paint_hits(painter, QRectF(x, top, room, title), entry.title, entry.hits)
    if entry.detail:
        words = elided(look().font(Role.CAPTION), entry.detail, room)
        below = QRectF(x, top + title, room + 2, detail)
        paint_text(painter, below, words, look().font(Role.CAPTION), "ink2")


def paint_hits(painter: QPainter, place: QRectF, text: str, hits: tuple[int, ...]) -> None:
    """Paint one line, shortened at its end, with the signs that matched in red."""
    plain, lit = look().font(Role.BODY), look().font(Role.BODY, 600)
    shown, x = elided(lit if hits else plain, text, place.width()), place.x()
    for is_hit, run in groupby(range(len(shown)), key=lambda at: at in hits):
        words, font = "".join(shown[at] for at in run), _chosen(is_hit, lit, plain)
        width = advance(font, words)
        at = QRectF(x, place.y(), width + 2, place.height())
        paint_text(painter, at, words, font, "seal" if is_hit else "ink", LEFT)
        x += width


def _chosen(is_hit: bool, lit: QFont, plain: QFont) -> QFont:
    return lit if is_hit else plain


class _Books(QObject):
    """What the box of one window looks things up in: read on the worker, told of every act."""

    ready = Signal()

    def __init__(self, room: Room, owner: QObject) -> None:
        super().__init__(owner)
        self._room = room
        self._missed: list[ChangeSet] = []
        self.finder: Finder | None = None
        room.changed.connect(self._heard)
        room.renewed.connect(self._read)
        self._read()

    def _read(self) -> None:
        # Asking makes the keys wait and this takes a second, so only the way to make it is asked for.
        self._room.ask(self, lambda make: self._room.work(self, make, self._made), _making)

    def _made(self, found: Finder) -> None:
        self.finder, missed = found, self._missed
        self._missed = []
        for changes in missed:
            self._heard(changes)
        self.ready.emit()

    def _heard(self, changes: ChangeSet) -> None:
        finder = self.finder
        if finder is None:
            self._missed.append(changes)
        else:
            self._room.work(self, lambda: finder.take(changes), lambda _: None)


def _making(shelf: Shelf) -> Callable[[], Finder]:
    return lambda: finder(shelf)


def prepare(room: Room, owner: QObject) -> None:
    """Begin to read what the box of a window will look things up in, unless that has begun."""
    _books_of(room, owner)


def _books_of(room: Room, owner: QObject) -> _Books:
    return owner.findChild(_Books, options=Qt.FindChildOption.FindDirectChildrenOnly) or _Books(room, owner)


class SearchBox(QWidget):
    """The box. `open` shows it over the window; a command that is chosen is said through `chosen_act`."""

    chosen_act = Signal(str)

    def __init__(self, window: QWidget, room: Room) -> None:
        super().__init__(window)
        self._room, self._window = room, window
        self._books: _Books | None = None
        self._behind = QPixmap()
        self._number, self._began = 0, 0.0
        self._came_from: QWidget | None = None
        self._at_once: list[Entry] = []
        self._found: list[Entry] = []
        self.line, self.count = ComposingLine(), Label("", Role.CAPTION, "ink2")
        self.entries, self.list = Entries(self), QListView()
        self.nothing = Label("", Role.BODY, "ink2")
        self._column = QVBoxLayout()
        self._card = self._make_card()
        self._listen()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("找"))
        self.hide()

    def _make_card(self) -> QWidget:
        card = QWidget(self)
        column = self._column
        card.setLayout(column)
        column.setContentsMargins(*INSET)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addWidget(Rule())
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        self._dress_list()
        self.nothing.setContentsMargins(16, 14, 16, 14)
        return card

    def _make_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 12)
        head.setSpacing(10)
        self.line.setProperty("bare", True)
        self.line.setProperty("role", str(Role.TIMER))
        self.line.setAccessibleName(tr("找"))
        self.line.setPlaceholderText(tr("人、议题、会、发言、任务，可只打首字母"))
        self.line.set_initials_only()
        head.addWidget(Sign("magnifying-glass", "ink2", 18))
        head.addWidget(self.line, 1)
        head.addWidget(self.count)
        head.addWidget(KeyCap("Esc"))
        return head

    def _dress_list(self) -> None:
        self.list.setModel(self.entries)
        self.list.setItemDelegate(_Brush(self.list))
        self.list.setProperty("bare", True)
        self.list.setAccessibleName(tr("找到的"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(lambda index: self._choose(index.row()))

    def _listen(self) -> None:
        self.line.lend_keys(self)
        self.line.keyed.connect(self._look_for)
        self._window.installEventFilter(self)
        look().changed.connect(self._look_again)

    def open(self) -> None:
        """Come up over the window with the cursor in the line; what was looked for last is marked, ready to go."""
        if not self.isVisible():
            self._came_from = QApplication.focusWidget()
            self._look_behind()
        self._open_books()
        self.show()
        self.raise_()
        self.line.setFocus()
        self.line.selectAll()
        self._look_for(self.line.search_key())

    def close_box(self) -> None:
        """Go away and give the focus back to where it was."""
        self.hide()
        if self._came_from is not None and isValid(self._came_from):
            self._came_from.setFocus()

    def _open_books(self) -> None:
        if self._books is None:
            self._books = _books_of(self._room, self._window)
            self._books.ready.connect(self._look_anew)

    def _look_anew(self) -> None:
        if self.isVisible():
            self._look_for(self.line.search_key())

    def _look_for(self, words: str) -> None:
        """Show people and commands now, and send for the rest."""
        self._number += 1
        self._began = time.perf_counter()
        query = words.strip()
        self._at_once, self._found = [*_people(self._room, query), *_acts(query)], []
        self._show()
        if query:
            self._send_for(query, self._number)

    def _send_for(self, query: str, number: int) -> None:
        books = self._books.finder if self._books else None
        if books is None:
            return

        for look_up in (books.titles, books.statements):
            self._room.work(self, self._unless_typed_on(look_up, query, number), lambda found: self._got(found, number))

    def _unless_typed_on(
        self, look_up: Callable[[str], list[Finding]], query: str, number: int
    ) -> Callable[[], list[Finding]]:
        """Return the work of looking something up, nothing once more has been typed."""
        return lambda: look_up(query) if number == self._number else []

    def _got(self, found: list[Finding], number: int) -> None:
        if number == self._number:
            self._found += _told(self._room, [one for one in found if not self._is_about_a_person(one)])
            self._show()

    def _is_about_a_person(self, found: Finding) -> bool:
        """Say whether it was a name that matched: a title may hold it, what was said about somebody is not listed."""
        if isinstance(found.record, Topic | Consultation):
            return False
        return self._room.register.is_name(found.matched())

    def _show(self) -> None:
        kept = self._current()
        shown = (*self._at_once, *self._found)
        entries = _cut([entry for group in MOST for entry in shown if entry.group == group])
        self.entries.show(entries)
        self._say_count(len(entries))
        self._set_current(next((at for at, row in enumerate(self.entries.rows) if row == kept), 1))
        self._place()

    def _say_count(self, count: int) -> None:
        query = self.line.search_key().strip()
        took = max(1, round((time.perf_counter() - self._began) * 1000))
        self.count.say(tr("{count} 条 · {took} 毫秒", count=count, took=took) if query else "")
        self.nothing.say("" if count else tr("没有“{query}”。少打一个字母试试", query=query))
        self.nothing.setVisible(not count)
        self.list.setVisible(bool(count))

    def _current(self) -> Entry | None:
        at = self.list.currentIndex().row()
        row = self.entries.rows[at] if 1 < at < len(self.entries.rows) else None
        return row if isinstance(row, Entry) else None

    def _set_current(self, at: int) -> None:
        if 0 <= at < len(self.entries.rows):
            self.list.setCurrentIndex(self.entries.index(at))
            row = self.entries.rows[at]
            if isinstance(row, Entry):
                self.line.setAccessibleDescription(row.spoken())
                announce(self, row.spoken())

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether a key in the line is for the box."""
        return event.key() in (*_ENTERS, *_DOWNS, *_UPS, Qt.Key.Key_Escape)

    def take(self, event: QKeyEvent) -> None:
        """Move, open or go away."""
        if event.key() in _ENTERS:
            self._choose(self.list.currentIndex().row())
        elif event.key() == Qt.Key.Key_Escape:
            self.close_box()
        else:
            self._move(1 if event.key() in _DOWNS else -1)

    def _move(self, step: int) -> None:
        at = self.list.currentIndex().row() + step
        while 0 <= at < len(self.entries.rows) and isinstance(self.entries.rows[at], str):
            at += step
        self._set_current(at)
        if at == 1:
            self.list.scrollToTop()

    def _choose(self, at: int) -> None:
        row = self.entries.rows[at] if 0 <= at < len(self.entries.rows) else None
        if not isinstance(row, Entry):
            return
        self.close_box()
        if row.act:
            self.chosen_act.emit(row.act)
        else:
            self._room.go(row.page, row.record_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._look_again()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close_box()

    def _look_again(self) -> None:
        """Follow another size or another look of the window."""
        if self.isVisible():
            self._look_behind()
            self._place()
            self.update()

    def _look_behind(self) -> None:
        """Keep a dimmed picture of the window; a translucent box would have it painted anew at every key."""
        self.move(0, self._window.height())  # out of the picture, without giving up the focus
        self._behind = self._window.grab()
        if not look().theme.is_sun:
            painter = QPainter(self._behind)
            painter.fillRect(self._window.rect(), look().colour("shadow", DIM))
            painter.end()

    def _place(self) -> None:
        """Lie over the whole window, with the card as high as its rows."""
        if not self.isVisible():
            return
        self.setGeometry(self._window.rect())
        width = min(look().px(WIDTH), self.width() - 2 * look().px(16))
        top = min(look().px(TOP), max(look().px(8), self.height() // 10))
        rows = sum(self.list.sizeHintForRow(at) for at in range(len(self.entries.rows))) + 2
        room = self.height() - top - look().px(FOOT + 66)
        self.line.setFixedHeight(look().size(32))
        self.list.setFixedHeight(max(look().px(ROW_HEIGHT), min(rows, room)))
        height = self._column.totalSizeHint().height()
        before, after = self._card.geometry(), QRect((self.width() - width) // 2, top, width, height)
        if after != before:
            self._card.setGeometry(after)
            self.update(before.united(after).adjusted(*SHADOW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, card = pen_for(QPainter(self)), self._card.geometry()
        left, top, right, foot = INSET
        if card.adjusted(left, top, -right, -foot).contains(event.rect()):
            painter.fillRect(event.rect(), look().colour("raised"))
        else:
            painter.drawPixmap(0, 0, self._behind)
            paint_shadow(painter, QRectF(card), look().px(10))
            paint_box(painter, QRectF(card), "raised", "edge", 10)
        painter.end()


def _cut(entries: list[Entry]) -> list[Entry]:
    """Return the first few rows of each group."""
    groups = groupby(entries, key=lambda entry: entry.group)
    return [entry for group, members in groups for entry in list(members)[: MOST[group]]]


def _people(room: Room, query: str) -> list[Entry]:
    return [_person_entry(room, found) for found in room.register.find_people(query, MOST["人"])] if query else []


def _person_entry(room: Room, found: FoundPerson) -> Entry:
    person = found.person
    parts = (room.register.where(person), place_words(room, person.village_code))
    phone = "" if found.positions else wording.masked_phone(person.phone)
    return Entry("人", person.name, _joined(*parts, phone), "user", "people", person.id, hits=found.positions)


def _acts(query: str) -> list[Entry]:
    """Return the commands whose words match; the usual ones while nothing is typed."""
    declared = [act for act in ACTS if act.scope == EVERYWHERE and act.name != "find"]
    matched = ((act, matches(query, tr(act.words))) for act in declared)
    found = [_act_entry(act, hits) for act, hits in matched if hits is not None]
    return found[: MOST["做事"]]


def _act_entry(act: Act, hits: tuple[int, ...]) -> Entry:
    detail = tr(act.tip) if act.tip else ""
    return Entry("做事", tr(act.words), detail, act.icon, act=act.name, hits=hits, cap=shown_key(act.name))


def _told(room: Room, found: list[Finding]) -> list[Entry]:
    return [_TELLERS[type(one.record)](room, one) for one in found]


def _topic_entry(room: Room, found: Finding) -> Entry:
    topic = found.record
    assert isinstance(topic, Topic)
    day = wording.day_seen_from(topic.raised_on, room.today()) if topic.raised_on else ""
    detail = _joined(place_words(room, topic.village_code), tr(TOPIC_STAGE_WORDS[topic.stage]), day)
    return Entry("议题", found.words, detail, "tray", "topics", topic.id, hits=found.positions)


def _meeting_entry(room: Room, found: Finding) -> Entry:
    meeting = found.record
    assert isinstance(meeting, Consultation)
    where = place_words(room, meeting.place_codes[0]) if meeting.place_codes else ""
    detail = _joined(where, tr(CONSULTATION_STAGE_WORDS[meeting.stage]), _day(room, found))
    page, record_id = ("desk", found.sitting.id) if found.sitting else ("call", meeting.id)
    return Entry("会", found.words, detail, "chats-circle", page, record_id, hits=found.positions)


def _issue_entry(room: Room, found: Finding) -> Entry:
    issue = found.record
    assert isinstance(issue, Issue)
    detail = _joined(tr("焦点 {number}", number=issue.number), _title(found), _day(room, found))
    return Entry("焦点", found.words, detail, "flag", "desk", issue.sitting_id, hits=found.positions)


def _statement_entry(room: Room, found: Finding) -> Entry:
    said = found.record
    assert isinstance(said, Statement)
    detail = _joined(tr(STATEMENT_KIND_WORDS[said.kind]), _title(found), _day(room, found))
    return Entry("发言", found.words, detail, "chat-text", "desk", said.sitting_id, hits=found.positions)


def _action_entry(room: Room, found: Finding) -> Entry:
    action = found.record
    assert isinstance(action, Action)
    unit = room.register.units.get(action.unit_id or "")
    due = wording.due_words(action.due_on, room.today()) if action.due_on and action.is_open() else ""
    detail = _joined(unit.name if unit else "", due or ("" if action.is_open() else tr("办完了")), _title(found))
    return Entry("任务", found.words, detail, "list-checks", "actions", action.id, hits=found.positions)


_TELLERS: dict[type, Callable[[Room, Finding], Entry]] = {
    Topic: _topic_entry,
    Consultation: _meeting_entry,
    Issue: _issue_entry,
    Statement: _statement_entry,
    Action: _action_entry,
}


def place_words(room: Room, code: str) -> str:
    """Return the short name of a place, empty for a code in no table."""
    place = room.places.get(code)
    return place.display_name if place else ""


def _title(found: Finding) -> str:
    return found.consultation.title if found.consultation else ""


def _day(room: Room, found: Finding) -> str:
    starts_at = found.sitting.starts_at if found.sitting else None
    return wording.day_seen_from(starts_at.date(), room.today()) if starts_at else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
