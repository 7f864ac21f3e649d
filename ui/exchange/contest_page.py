"""两边都改过，听您的: what both have changed, beside each other; nothing is chosen until somebody chooses.

Both are kept whatever is decided. A decision is one act of the desk, so that it can be taken back.
"""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.domain.merge_texts import three_way
from ui.actions import bind, means, shown_key
from ui.exchange.port import Choice, ContestView, How
from ui.exchange.sides import ChoiceCard, JoinedCard, OriginalCard, SideCard
from ui.exchange.subject import Subject
from ui.exchange.words import use_words
from ui.home.following import Following
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.field import Field
from ui.widgets.label import Label
from ui.words import tr

WIDE, BESIDE, LOW = 1100, 300, 430
DRAFT = "exchange/reason/"
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right)


class ContestPage(Page):
    """One contest after the other."""

    name = "contest"
    toast_head = 60

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.views: list[ContestView] = []
        self.at = 0
        self.choice: Choice | None = None
        self.decided: list[tuple[str, str]] = []
        self.cards: list[ChoiceCard] = []
        self.joined: JoinedCard | None = None
        self._wanted, self._is_writing, self._has_words = "", False, False
        self.count = Label("", Role.CAPTION, "ink2")
        self.subject = Subject()
        self.reason = Field(tr("可以空着"), tr("为什么这样定"))
        self.both, self.join = Button("", "plain", "git-diff", "↑"), Button(tr("合成一份看看"), "plain", "note", "↓")
        self.apart = Label(tr("两边改了同一句，合不起来，听您的"), Role.CAPTION, "ochre").wrapped()
        self.later = Button(tr("等会儿再说"), "quiet", "", shown_key("contest.later"))
        self.settle = Button(tr("定了"), "plain", "check", "↵")
        self.nothing = EmptyState("check-circle", tr("都定好了"), tr("没有两边都改过的了。"), tr("回同步"))
        if self.nothing.button:
            self.nothing.button.icon_name = "arrow-left"
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body, inside = QWidget(), QWidget()
        whole, column, self.frame = QVBoxLayout(self), QVBoxLayout(inside), QVBoxLayout(self.body)
        self.pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.pair.setSpacing(look().px(18))
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look().px(14))
        column.addLayout(self.pair, 1)
        self.frame.setSpacing(look().px(14))
        self.frame.addLayout(self._built_head())
        self.frame.addWidget(self.subject)
        self.sheet = Following(inside)
        self.frame.addWidget(self.sheet, 1)
        self.frame.addLayout(self._built_reason())
        self.foot = self._built_foot()
        self.frame.addWidget(self.foot)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.body)
        whole.addWidget(self.nothing)
        self.nothing.hide()

    def _built_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(look().px(12))
        head.addWidget(Label(tr("两边都改过，听您的"), Role.PAGE))
        head.addWidget(self.count)
        head.addStretch(1)
        self.kept = Label(tr("两份都已存好，选哪个都找得回来"), Role.CAPTION, "pine")
        head.addWidget(self.kept)
        return head

    def _built_reason(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look().px(12))
        self.why = Label(tr("为什么这样定"), Role.NAME)
        self.why.setMinimumHeight(look().px(36))
        row.addWidget(self.why, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.reason, 1)
        row.addWidget(self.settle, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _built_foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(12))
        for part in (self.both, self.join, self.apart):
            row.addWidget(part)
        told = tr("定了以后双方都会看到：谁、什么时候、为什么这样定")
        self.seen = Label(told, Role.CAPTION, "ink2").wrapped()
        self.seen.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.seen, 1)
        row.addWidget(self.later)
        return foot

    def _wire(self) -> None:
        bind(
            self,
            {
                "contest.left": lambda: self.step(-1),
                "contest.right": lambda: self.step(1),
                "contest.both": self.choose_both,
                "contest.join": self.look_at_joined,
                "contest.next": lambda: self.turn(1),
                "contest.previous": lambda: self.turn(-1),
                "contest.down": lambda: self._scroll(1),
                "contest.up": lambda: self._scroll(-1),
                "contest.later": self.put_off,
            },
        )
        self.both.clicked.connect(self.choose_both)
        self.join.clicked.connect(self.look_at_joined)
        self.later.clicked.connect(self.put_off)
        self.settle.clicked.connect(self.decide)
        self.nothing.acted.connect(lambda: self.room.go("exchange"))
        line = self.reason.line
        line.lend_keys(self)
        line.submitted.connect(lambda _: self.decide())
        line.worth_keeping.connect(self._keep)
        line.textChanged.connect(self._typed)
        look().changed.connect(self._show)

    def enter(self, record_id: str = "") -> None:
        """Show what waits, the one of a record first if an id is given."""
        self._wanted = record_id
        self.decided = []
        self._ask()

    def leave(self) -> None:
        """Keep the half-typed reason."""
        self._keep(self.reason.line.half_typed())

    def took(self, changes: ChangeSet) -> None:
        """Show what is left, or what came back."""
        self._ask()

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of this page."""
        if self.view is None:
            return (Hint("↵", tr("回同步")), Hint("Ctrl Z", tr("反悔")))
        arrows = "← →" if not self.reason.line.text() else "Alt ← →"
        shown = [Hint(arrows, tr("选一边")), Hint("↑", tr("都留着")), Hint("↓", tr("合成一份"))]
        is_there = (True, bool(self.view.both), bool(self._joined_texts()))
        found = [hint for hint, there in zip(shown, is_there, strict=True) if there]
        last = Hint("Ctrl Z", tr("反悔")) if self.foot.isVisible() else Hint("Esc", tr("等会儿再说"))
        return (*found, Hint("↵", tr("定了，看下一处")), last)

    @property
    def view(self) -> ContestView | None:
        """Return the contest in view."""
        return self.views[self.at] if self.at < len(self.views) else None

    def _ask(self) -> None:
        if self.room.exchange is None:
            self._show_views([])
        else:
            self.room.work(self, self.room.exchange.contests, self._show_views)

    def _show_views(self, views: list[ContestView]) -> None:
        """Show these; what was decided and is back comes into view, else the one that was, else what follows it."""
        keys = [_key(view) for view in views]
        back = [key for key in self.decided if key in keys]
        before = _key(self.view) if self.view else None
        self.decided = [key for key in self.decided if key not in keys]
        is_the_same = before in keys and views[keys.index(before)] == self.view and not back and not self._wanted
        self.views = views
        wanted = [at for at, view in enumerate(views) if view.record_id == self._wanted]
        if back or wanted:
            self.at = keys.index(back[-1]) if back else wanted[0]
        elif before in keys:
            self.at = keys.index(before)
        else:
            self.at = min(self.at, max(0, len(views) - 1))
        self._wanted = ""
        if is_the_same:
            self._show_count()
        else:
            self._open()

    def _open(self) -> None:
        """Show the contest in view, nothing chosen, with the reason that was half typed."""
        self.choice, self.joined = None, None
        view = self.view
        self.reason.say_wrong("")
        self.reason.line.resume(self.room.jotted(DRAFT + view.record_id) if view else "")
        self._show()
        self.sheet.verticalScrollBar().setValue(0)
        if self.isVisible():
            self.take_keys()
            self.room.hinted.emit()

    def take_keys(self) -> None:
        """Give the keyboard to the line for the reason; its arrows choose while it is empty."""
        if self.view is not None:
            self.reason.line.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.nothing.button:
            self.nothing.button.setFocus()

    def _show(self) -> None:
        view = self.view
        self.body.setVisible(view is not None)
        self.nothing.setVisible(view is None)
        if view is None:
            return
        self._show_count()
        self.subject.show_view(view)
        self._show_cards(view)
        self.both.setVisible(bool(view.both))
        self.both.say(view.both or tr("都留着"))
        is_joinable = bool(self._joined_texts())
        self.join.setVisible(is_joinable and self.joined is None)
        self.apart.setVisible(_has_text(view) and not is_joinable)
        self._mark()
        self._place()

    def _show_count(self) -> None:
        at, whole = len(self.decided) + self.at + 1, len(self.decided) + len(self.views)
        self.count.say(tr("第 {at} 处，共 {count} 处", at=at, count=whole))

    def _show_cards(self, view: ContestView) -> None:
        """Show the sides; between long texts the original, or what both would be together."""
        _empty(self.pair)
        today = self.room.today()
        self.cards = [SideCard(view, at, today) for at in range(len(view.sides))]
        for at, card in enumerate(self.cards):
            self.pair.addWidget(card, 1)
            card.chosen.connect(lambda at=at: self.choose(at))
            if at == 0 and _has_text(view):
                self.pair.addWidget(self._between(view), 1)

    def _between(self, view: ContestView) -> QWidget:
        if self.joined is None:
            return OriginalCard(view)
        self.joined = JoinedCard(view, self._joined_texts())
        self.joined.chosen.connect(self.choose_joined)
        return self.joined

    def _joined_texts(self) -> dict[str, str]:
        """Return what both have changed put together, by field; empty when that cannot be for every field."""
        view = self.view
        if view is None or len(view.sides) != 2 or view.is_about_removal():
            return {}
        disputed = [row for row in view.fields if row.is_disputed]
        found = {row.name: three_way(row.original, *row.values) for row in disputed if row.is_text}
        texts = {name: text for name, text in found.items() if text is not None}
        return texts if len(texts) == len(disputed) else {}

    def step(self, steps: int) -> None:
        """Choose the side to the left or to the right."""
        view = self.view
        if view is None:
            return
        last, chosen = len(view.sides) - 1, self.choice
        if chosen is None or chosen.how != How.SIDE:
            self.choose(0 if steps < 0 else last)
        else:
            self.choose(max(0, min(last, chosen.side + steps)))

    def choose(self, at: int) -> None:
        """Choose a side; nothing is decided yet."""
        self._choose(Choice(How.SIDE, at))

    def choose_both(self) -> None:
        """Choose to keep both, where that can be."""
        if self.view is not None and self.view.both:
            self._choose(Choice(How.BOTH))

    def look_at_joined(self) -> None:
        """Show what both would be together; a second time, choose it."""
        if not self._joined_texts() or self.view is None:
            return
        if self.joined is not None:
            self.choose_joined()
            return
        self.joined = JoinedCard(self.view, self._joined_texts())
        self._show()
        QTimer.singleShot(0, self, self._show_joined)  # once the cards have their places

    def _show_joined(self) -> None:
        if self.joined is not None:
            self.sheet.ensureWidgetVisible(self.joined)

    def choose_joined(self) -> None:
        """Choose the joined text that is being looked at."""
        self._choose(Choice(How.JOINED, texts=self._joined_texts()))
        self._show_joined()

    def _choose(self, choice: Choice) -> None:
        self.choice = choice
        self.reason.say_wrong("")
        self._mark()
        if choice.how == How.SIDE:
            self.sheet.ensureWidgetVisible(self.cards[choice.side])

    def _mark(self) -> None:
        """Show what is chosen, and nothing else."""
        choice = self.choice
        for at, card in enumerate(self.cards):
            card.mark_chosen(choice is not None and choice.how == How.SIDE and choice.side == at)
        if self.joined is not None:
            self.joined.mark_chosen(choice is not None and choice.how == How.JOINED)
        is_both = choice is not None and choice.how == How.BOTH
        self.both.be("primary" if is_both else "plain")
        self.both.icon_name = "check" if is_both else "git-diff"
        self.both.setAccessibleDescription(tr("选中") if is_both else "")

    def _scroll(self, steps: int) -> None:
        bar = self.sheet.verticalScrollBar()
        bar.setValue(bar.value() + steps * bar.pageStep() // 2)

    def turn(self, steps: int) -> None:
        """Leave this one for the moment and look at another."""
        at = self.at + steps
        if 0 <= at < len(self.views):
            self._keep(self.reason.line.half_typed())
            self.at = at
            self._open()

    def put_off(self) -> None:
        """Go back; nothing is decided, the reason stays half typed."""
        self.room.go("exchange")

    def decide(self) -> None:
        """Decide as chosen and go on to the next; without a choice say so in place."""
        view, choice = self.view, self.choice
        if view is None or self._is_writing or self.room.exchange is None:
            return
        if choice is None:
            self.reason.say_wrong(tr("先选一边：← 左边，→ 右边"))
            return
        self._is_writing = True
        command = self.room.exchange.decision(view, choice, self.reason.line.text().strip())
        self.room.do(self, command, self._decided, self._refused, self._done_words(view, choice))

    def _done_words(self, view: ContestView, choice: Choice) -> str:
        if choice.how == How.BOTH:
            return tr("定了：都留着")
        if choice.how == How.JOINED:
            return tr("定了：用合起来的")
        return tr("定了：{what}", what=use_words(view, choice.side))

    def _decided(self, changes: ChangeSet) -> None:
        """Go on to the next; it is shown when what is left has been asked for (`took`)."""
        self._is_writing = False
        view = self.view
        if view is not None:
            self.decided.append(_key(view))
            self.room.jot(DRAFT + view.record_id, None)
            self.reason.line.resume("")
        self._ask()

    def _refused(self, trouble: Trouble) -> None:
        self._is_writing = False
        self.reason.say_wrong(trouble.sentence())

    def _keep(self, text: str) -> None:
        if self.view is not None:
            self.room.jot(DRAFT + self.view.record_id, text or None)

    def _typed(self, text: str) -> None:
        """Show other keys when arrows begin or cease to belong to the text."""
        if bool(text) != self._has_words:
            self._has_words = bool(text)
            self.room.hinted.emit()

    def wants(self, event: QKeyEvent) -> bool:
        """Say whether an arrow in the line chooses a side: while nothing is typed there."""
        return event.key() in _ARROWS and not event.modifiers() & ~_KEYPAD and not self.reason.line.text()

    def take(self, event: QKeyEvent) -> None:
        """Choose by an arrow."""
        self.step(-1 if event.key() == Qt.Key.Key_Left else 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if means(event, "contest.decide"):
            self.decide()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        """Let go of what can be missed where there is little room; in a low window the keys stand in the status bar."""
        px, is_low = look().px, self.height() < look().px(LOW)
        edge = px(32 if self.width() >= px(WIDE) else 22)
        self.frame.setContentsMargins(edge, px(8 if is_low else 20), edge, px(8 if is_low else 16))
        self.frame.setSpacing(px(8 if is_low else 14))
        is_beside = self.width() - 2 * edge >= self.pair.count() * px(BESIDE)
        self.pair.setDirection(QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom)
        is_broad = self.width() >= px(1000)
        for part in (self.kept, self.seen):
            part.setVisible(is_broad)
        self.why.setVisible(self.width() >= px(700))
        self.foot.setVisible(not is_low)
        self.subject.be_brief(self.width() < px(700))


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _key(view: ContestView) -> tuple[str, str]:
    return view.kind, view.record_id


def _has_text(view: ContestView) -> bool:
    return any(row.is_text and row.is_disputed for row in view.fields)


def _empty(box: QBoxLayout) -> None:
    while (item := box.takeAt(0)) is not None:
        part = item.widget()
        if part is not None:
            part.hide()
            part.deleteLater()
