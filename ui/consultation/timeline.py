"""发言: everything said this evening, the newest at the foot; to be filtered, mended and taken back."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, QVariantAnimation, Signal, SignalInstance
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.domain.statement import Statement, StatementKind
from app.domain.wording import circled
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.consultation.statement_row import StatementBrush, StatementRow, Statements, row_of
from ui.consultation.switch import Switch
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.words import tr

ALL, OF_ISSUE, DISSENT = range(3)
FADE_MS = 400
LOW = 120


class StatementList(QListView):
    """The list. F2 or Enter on a row wants to mend it, Del to take it out, Esc to leave."""

    edited = Signal(str)
    removed = Signal(str)
    left = Signal()
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.statements = Statements(self)
        self.brush = StatementBrush(self)
        self.follows = True
        self.setModel(self.statements)
        self.setItemDelegate(self.brush)
        self.setProperty("bare", True)
        self.setAccessibleName(tr("发言记录"))
        # Adjust would lay all rows out again when only the height changes; see resizeEvent.
        self.setResizeMode(QListView.ResizeMode.Fixed)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(24)
        self.doubleClicked.connect(lambda index: self.edited.emit(self.statements.rows[index.row()].statement_id))
        self.verticalScrollBar().valueChanged.connect(self._note_place)
        self.selectionModel().currentChanged.connect(lambda: self.moved.emit())
        self._fade = QVariantAnimation(self, startValue=1.0, endValue=0.0, duration=FADE_MS)
        self._fade.valueChanged.connect(self._fade_to)
        look().changed.connect(self._look_changed)

    def show_rows(self, rows: list[StatementRow]) -> None:
        """Show other statements; keep to the newest unless the reader has scrolled up."""
        follows, before = self.follows, len(self.statements.rows)
        added = self.statements.show_rows(rows)
        self._settle(follows)
        if added == 1 and before:
            self._freshen(rows[-1])

    def row(self) -> StatementRow | None:
        """Return the current statement."""
        at = self.currentIndex().row()
        return self.statements.rows[at] if 0 <= at < len(self.statements.rows) else None

    def _freshen(self, row: StatementRow) -> None:
        if not look().theme.is_sun:
            self.brush.fresh = row.statement_id
            self._fade.start()

    def _fade_to(self, value: object) -> None:
        self.brush.freshness = float(str(value))
        last = self.statements.index(len(self.statements.rows) - 1)
        self.viewport().update(self.visualRect(last))

    def _note_place(self, value: int) -> None:
        self.follows = value >= self.verticalScrollBar().maximum() - 4

    def _sink(self) -> None:
        """Let few statements stand at the foot, above the entry line."""
        room, tall = self.height(), 0
        for row in self.statements.rows:
            tall += self.brush.height_of(row)
            if tall >= room:
                break
        above = max(0, room - tall - look().px(6))
        if above != self.viewportMargins().top():
            self.setViewportMargins(0, above, 0, 0)

    def _look_changed(self) -> None:
        self.doItemsLayout()
        self._sink()

    def resizeEvent(self, event: QResizeEvent) -> None:
        follows = self.follows
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()
        self._settle(follows)

    def _settle(self, follows: bool) -> None:
        """Stand at the foot, and at the newest if the reader followed it."""
        self._sink()
        if follows:
            self.scrollToBottom()
            self.follows = True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.moved.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_F2 and not event.modifiers() and self.row() is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, key = self.row(), event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif row is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edited.emit(row.statement_id)
        elif row is not None and key == Qt.Key.Key_Delete:
            self.removed.emit(row.statement_id)
        elif event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            event.ignore()
        else:
            super().keyPressEvent(event)


class Timeline(QWidget):
    """The list with its head and filters, and what stands there while nothing has been said."""

    edit_pressed = Signal(str)
    remove_pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.live: LiveSitting | None = None
        self._told: dict[str, tuple[tuple[object, ...], StatementRow]] = {}
        self.setAccessibleName(tr("发言"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(0)
        self.count = Label("", Role.CAPTION, "ink2")
        self.filters = Switch(tr("看哪些发言"), 3)
        self.edit, self.remove = Button(tr("改"), "link", key="F2"), Button(tr("放进回收站"), "link", key="Del")
        self.list = StatementList()
        self.empty = EmptyState("chats-circle", tr("人到得差不多了，按 F10 开会"))
        # A layout without a parent would show its first face as a window of its own for a blink.
        faces = QWidget(self)
        self._faces = QStackedLayout(faces)
        self._faces.addWidget(self.empty)
        self._faces.addWidget(self.list)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.head = self._head()
        self.column.addWidget(self.head)
        self.column.addWidget(faces, 1)
        self.filters.chosen.connect(lambda _: self.refresh())
        self.list.moved.connect(self._show_deeds)
        for button, pressed in ((self.edit, self.edit_pressed), (self.remove, self.remove_pressed)):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, pressed=pressed: self._press(pressed))
        self._show_deeds()

    def _press(self, pressed: SignalInstance) -> None:
        row = self.list.row()
        if row is not None:
            pressed.emit(row.statement_id)

    def _show_deeds(self) -> None:
        """Show what can be done with a row while it has the keyboard."""
        on_row = self.list.hasFocus() and self.list.row() is not None
        for part in (self.edit, self.remove):
            part.setVisible(on_row)
        self.filters.setVisible(not on_row)

    def _head(self) -> QWidget:
        holder = QWidget()
        head = QHBoxLayout(holder)
        head.setContentsMargins(look().px(18), look().px(6), look().px(12), 0)
        head.setSpacing(look().px(10))
        head.addStrut(look().px(32))
        for part in (Label(tr("发言"), Role.SECTION), KeyCap(shown_key("desk.speak")), self.count):
            head.addWidget(part)
        head.addStretch(1)
        for deed in (self.filters, self.edit, self.remove):
            head.addWidget(deed)
        return holder

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.head.setVisible(event.size().height() >= look().px(LOW))

    def show_live(self, live: LiveSitting) -> None:
        """Show a sitting from its beginning."""
        self.live = live
        self.list.follows = True
        self._told = {}
        self.filters.words[ALL].setChecked(True)
        self.refresh()

    def refresh(self) -> None:
        """Show the statements as they are now."""
        live = self.live
        if live is None:
            return
        numbers = {issue.id: issue.number for issue in live.issues()}
        said = [self._row(live, statement, numbers) for statement in live.statements()]
        self.count.say(tr("{count} 条", count=len(said)) if said else "")
        self._name_filters(live, bool(said))
        shown = [row for row in said if self._passes(live, row)]
        # The list first takes its width, so that rows are measured for one width only.
        self._faces.setCurrentWidget(self.list if shown else self.empty)
        self.list.show_rows(shown)
        self._say_why_empty(live, bool(said))

    def _row(self, live: LiveSitting, statement: Statement, numbers: dict[str, int]) -> StatementRow:
        """Return the row of a statement, the one shown before while nothing it tells of has changed."""
        person = live.person(statement.speaker_id)
        unit = live.unit(person.unit_id) if person else None
        told_of = (statement, person, unit, numbers.get(statement.issue_id or "", 0))
        kept = self._told.get(statement.id)
        if kept is None or kept[0] != told_of:
            self._told[statement.id] = kept = (told_of, row_of(live, statement, numbers))
        return kept[1]

    def _name_filters(self, live: LiveSitting, is_something: bool) -> None:
        current = live.current_issue()
        of_issue = tr("只看 {mark}", mark=circled(current.number)) if current else ""
        self.filters.say((tr("全部"), of_issue, tr("只看异议")) if is_something else ("", "", ""))
        if not of_issue and self.filters.current == OF_ISSUE:
            self.filters.words[ALL].setChecked(True)

    def _passes(self, live: LiveSitting, row: StatementRow) -> bool:
        chosen = self.filters.current
        if chosen == OF_ISSUE:
            return row.issue_id == live.sitting.current_issue_id
        return chosen == ALL or row.kind == StatementKind.DISSENT

    def _say_why_empty(self, live: LiveSitting, is_something: bool) -> None:
        if is_something:
            self.empty.say(tr("没有这样的发言"), tr("按“全部”看所有发言。"))
        elif live.sitting.opened_at is None:
            self.empty.say(tr("人到得差不多了，按 F10 开会"), tr("签到不用停。开会以后来的人，照样按 F2 签。"))
        else:
            self.empty.say(tr("还没有人发言"), tr("按 F3，首字母选人，写他说的话，回车记下。"))

    def enter_list(self) -> None:
        """Take the keyboard, on the newest statement."""
        last = self.list.statements.index(len(self.list.statements.rows) - 1)
        if last.isValid() and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(last)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_place(self) -> None:
        """Have no current row, so that the newest is in view again."""
        self.list.setCurrentIndex(QModelIndex())
