"""工作台: today's meeting first, Enter starts it; then what comes next, what is unfinished, what to watch."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.calendar import lunar_day
from app.domain.change import ChangeSet
from app.domain.wording import home_day
from app.queries.overview import Overview, overview
from app.queries.printout import Owed, owed_papers
from app.settings import PRACTICE
from ui.actions import bind, shown_key
from ui.consultation.closing_steps import TO_PRINT
from ui.home.following import Following
from ui.home.hero import Hero
from ui.home.rows import Telling, TellingRow
from ui.home.sync_card import Standing, SyncCard, standing_of
from ui.home.telling import coming, hero_of, owed_row, plan_row, unfinished_row, watched_row
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.label import Label, SectionTitle
from ui.words import tr

MOST_AHEAD, MOST_UNFINISHED, MOST_WATCHED = 4, 4, 5
WIDE, TWO_COLUMNS = 1180, 800
MINUTE_MS = 20_000
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


class HomePage(Page):
    """The first page. It asks one question, the overview of now, and again whenever something was written."""

    name = "home"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.found: Overview | None = None
        self._lunar: tuple[date | None, str] = (None, "")
        self.day, self.beside_day = Label("", Role.PAGE), Label("", Role.NOTE, "ink2")
        self.meet = Button(tr("现在开会"), "quiet", "chats-circle")
        self.call = Button(tr("新建协商"), "quiet", "plus")
        self.hero = Hero()
        self.plans = [TellingRow(58) for _ in range(MOST_AHEAD)]
        self.unfinished = [TellingRow(64, 15, framed=True) for _ in range(MOST_UNFINISHED)]
        self.owed = TellingRow(56, 15, framed=True)
        self.owed.hide()
        self.watched = [TellingRow(56, 1) for _ in range(MOST_WATCHED)]
        self.watched_all = Button(tr("全部"), "link")
        self.sync = SyncCard()
        self._build()
        self._wire()

    def _build(self) -> None:
        self.setAccessibleName(tr("工作台"))
        self.body = QWidget()
        self.body.setProperty("ground", "none")
        self.grid = QGridLayout(self.body)
        self.left, self.right = self._build_left(), self._build_right()
        self.grid.addLayout(self._build_head(), 0, 0, 1, 2)
        self.grid.setRowStretch(3, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(Following(self.body))
        self._place()

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.day)
        head.addWidget(self.beside_day, 0, Qt.AlignmentFlag.AlignBottom)
        self.beside_day.setMargin(look().px(3))
        head.addStretch(1)
        head.addWidget(self.meet)
        head.addWidget(self.call)
        return head

    def _build_left(self) -> QWidget:
        self.plan_title = SectionTitle(tr("接下来"))
        self.plan_count = Label("", Role.CAPTION, "ink2")
        self.plan_title.add_right(self.plan_count)
        self.plan_card = Card("plain", tr("接下来"))
        self.plan_card.set_margins(0, 0, 0, 0, 0)
        for row in self.plans:
            self.plan_card.column.addWidget(row)
        self.unfinished_title = SectionTitle(tr("没写完"), tr("都已存好"), after_tone="pine")
        self.unfinished_grid = QGridLayout()
        for at, row in enumerate(self.unfinished):
            self.unfinished_grid.addWidget(row, at // 2, at % 2)
        left = QWidget()
        self.left_column = QVBoxLayout(left)
        self.left_column.setContentsMargins(0, 0, 0, 0)
        for part in (self.hero, self.plan_title, self.plan_card, self.unfinished_title):
            self.left_column.addWidget(part)
        self.left_column.addLayout(self.unfinished_grid)
        self.left_column.addWidget(self.owed)
        self.left_column.addStretch(1)
        return left

    def _build_right(self) -> QWidget:
        right = QWidget()
        self.watch_title = SectionTitle(tr("要盯的事"))
        self.watch_title.add_right(self.watched_all)
        self.nothing = Label(tr("没有要盯的事。"), Role.NOTE, "ink2")
        self.right_column = QVBoxLayout(right)
        self.right_column.setContentsMargins(0, 0, 0, 0)
        self.right_column.setSpacing(0)
        self.right_column.addWidget(self.watch_title)
        self.right_column.addWidget(self.nothing)
        for row in self.watched:
            self.right_column.addWidget(row)
        self.right_column.addStretch(1)
        self.right_column.addSpacing(look().px(12))
        self.right_column.addWidget(self.sync)
        return right

    def _wire(self) -> None:
        room = self.room
        bind(self, {"new": lambda: room.go("call")})
        self.call.clicked.connect(lambda: room.go("call"))
        self.meet.clicked.connect(lambda: room.go("call", "now"))
        self.hero.started.connect(self._start)
        self.hero.studied.connect(lambda topic_id: room.go("topics", topic_id))
        self.watched_all.clicked.connect(lambda: room.go("actions"))
        self.owed.clicked.connect(lambda: room.go("closing", TO_PRINT + self.owed.record_id))
        for rows, page in ((self.plans, "desk"), (self.unfinished, "closing"), (self.watched, "actions")):
            for row in rows:
                row.clicked.connect(lambda _=False, row=row, page=page: room.go(page, row.record_id))
        self.sync.wanted.connect(lambda: room.go("exchange"))
        room.joined.connect(self._joined)
        room.waiting.connect(self._ask_sync)
        self._minutes = QTimer(self, interval=MINUTE_MS)
        self._minutes.timeout.connect(self._pass_time)
        look().changed.connect(self._place)

    def _start(self, sitting_id: str) -> None:
        if sitting_id:
            self.room.go("desk", sitting_id)
        else:
            self.room.go("call", "now")

    def enter(self, record_id: str = "") -> None:
        self._minutes.start()
        self._ask()
        self._ask_sync()
        self.hero.start.setFocus()

    def leave(self) -> None:
        self._minutes.stop()

    def took(self, changes: ChangeSet) -> None:
        self._ask()

    def hints(self) -> tuple[Hint, ...]:
        words = self.hero.start.text()
        return (Hint("↵", words), Hint(shown_key("new"), tr("新建协商")), Hint(shown_key("meet.now"), tr("现在开会")))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            self.hero.start.click()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _ask(self) -> None:
        self.room.ask(self, self._show, overview, self.room.now(), is_ours=self._ours())
        self.room.ask(self, self._show_owed, owed_papers)

    def _ours(self) -> Callable[[str], bool] | None:
        """Return what tells the meetings of an office from those of its townships, which lie here as well; None where
        all of them are ours."""
        if not self.room.is_office:
            return None
        if self.room.exchange is not None:
            return partial(self.room.exchange.begun_here, "sitting")
        return None if self.room.enrolling is not None or self.room.setting(PRACTICE) else _not_known_yet

    def _joined(self) -> None:
        """Ask again what hangs on whose computer this is, now that it is known."""
        self._ask_sync()
        if self.room.is_office and self.isVisible():
            self._ask()

    def _ask_sync(self) -> None:
        """Ask how the exchange stands; the hands have come to rest then, and nobody waits for it."""
        exchange = self.room.exchange
        if exchange is not None and self.isVisible():
            self.room.errand(self, lambda: standing_of(exchange), self._show_sync)

    def _show_sync(self, found: Standing) -> None:
        self.sync.tell(found, self.room.today())

    def _show(self, found: Overview) -> None:
        self.found = found
        today = self.room.today()
        self._show_day(today)
        self._show_hero()
        plans = coming(found, today)[:MOST_AHEAD]
        _fill(self.plans, [(plan_row(plan, today), plan.sitting.id) for plan in plans])
        self.plan_title.setVisible(bool(plans))
        self.plan_card.setVisible(bool(plans))
        counts = (tr("全年计划 {count}", count=found.planned_this_year), tr("已开 {count}", count=found.held_this_year))
        self.plan_count.say(" · ".join(counts))
        left = found.unfinished[:MOST_UNFINISHED]
        _fill(self.unfinished, [(unfinished_row(one, today), one.plan.sitting.id) for one in left])
        self.unfinished_title.setVisible(bool(left))
        self._show_watched(found, today)

    def _show_owed(self, owed: tuple[Owed, ...]) -> None:
        self.owed.setVisible(bool(owed))
        if owed:
            self.owed.tell(owed_row(owed), owed[0].sitting_id)

    def _show_hero(self) -> None:
        if self.found is None:
            return
        resume = self.found.resume
        has_half = bool(resume and self.room.jotted(half_note(resume.plan.sitting.id)).strip())
        self.hero.tell(hero_of(self.found, self.room.now(), self.room.places, has_half))

    def _show_watched(self, found: Overview, today: date) -> None:
        rows = []
        for one in found.watched:
            person = self.room.register.one(one.person_id)
            rows.append((watched_row(one, today, self.room.places, person.name if person else ""), one.action.id))
        _fill(self.watched, rows)
        self.nothing.setVisible(not rows)
        self.watched_all.setVisible(bool(rows))
        self.watched_all.say(tr("全部 {count}", count=found.watched_in_all))

    def _show_day(self, today: date) -> None:
        self.day.say(home_day(today))
        known, lunar = self._lunar
        self.beside_day.say(" · ".join(filter(None, (tr(WEEKDAYS[today.weekday()]), lunar if known == today else ""))))
        if known != today:
            self._lunar = (today, "")
            # The lunar tables take a while to load; the page is painted first.
            QTimer.singleShot(0, self, lambda: self.room.work(self, lambda: lunar_day(today), self._know_lunar))

    def _know_lunar(self, words: str) -> None:
        self._lunar = (self._lunar[0], words)
        self._show_day(self.room.today())

    def _pass_time(self) -> None:
        if self.room.exchange is not None:
            self.room.aside(self, self.room.exchange.sticks, self.sync.say_sticks)
        if self.found is not None and self._lunar[0] != self.room.today():
            self._ask()
        else:
            self._show_hero()

    def _place(self) -> None:
        """Put the columns beside or below each other as the width allows."""
        px, wide = look().px, self.width() >= look().px(WIDE)
        edge = px(32 if wide else 22)
        is_double = self.width() >= px(TWO_COLUMNS)
        self.grid.setContentsMargins(edge, px(20), edge, px(16))
        self.grid.setHorizontalSpacing(px(32 if wide else 28))
        self.grid.setVerticalSpacing(px(12))
        self.left_column.setSpacing(px(12))
        self.unfinished_grid.setSpacing(px(12))
        self.grid.addWidget(self.left, 1, 0, 1, 1 if is_double else 2)
        self.grid.addWidget(self.right, 1 if is_double else 2, 1 if is_double else 0, 1, 1 if is_double else 2)
        self.right.setFixedWidth(max(px(276), min(px(346), round(self.width() * 0.3)))) if is_double else _let_go(
            self.right
        )
        self.grid.setColumnStretch(0, 1)


def _not_known_yet(_: str) -> bool:
    """Take no meeting for ours in the moments in which an office does not know yet which came from elsewhere."""
    return False


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def half_note(sitting_id: str) -> str:
    """Return the name of the note in which the live desk keeps the half-typed statement of a meeting."""
    return f"desk/{sitting_id}/speak"


def _let_go(part: QWidget) -> None:
    part.setMinimumWidth(0)
    part.setMaximumWidth(16777215)


def _fill(rows: Sequence[TellingRow], told: Sequence[tuple[Telling, str]]) -> None:
    """Let the first rows tell, hide the others."""
    for at, row in enumerate(rows):
        row.setVisible(at < len(told))
        if at < len(told):
            row.tell(*told[at], last=at == len(told) - 1)
