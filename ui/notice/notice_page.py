"""公示: what will hang on the wall, beside it every mask; not posted while anything left names anybody."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.commands.notice import PostNotice
from app.domain.change import ChangeSet
from app.domain.notice import Notice
from app.domain.wording import full_day
from app.queries.edition import EditionState, edition_state
from app.queries.notice import notices_of
from app.queries.paper_notice import MaskedNotice, mask_rules, masked_notice, notice_text
from app.queries.papers import marked
from app.queries.sitting import LiveSitting, live_sitting
from ui.actions import bind, shown_key
from ui.consultation.closing_steps import TO_PRINT
from ui.matter import matter_of, practice_of
from ui.page import Hint, Page
from ui.printing import DrawnPapers
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button, ReasonedButton
from ui.widgets.check_row import CheckRow, State
from ui.widgets.field import Field
from ui.widgets.label import Label, SectionTitle
from ui.widgets.page_preview import PagePreview
from ui.widgets.rows import show_rows
from ui.words import tr

KIND = "public_notice"
MOST_ROWS = 60
SIDE = 420


class NoticePage(Page):
    """One meeting's notice."""

    name = "notice"
    wants_rail = True

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self.live: LiveSitting | None = None
        self.state = EditionState()
        self.found: MaskedNotice | None = None
        self.chosen: tuple[str, ...] = ()
        self.posted: list[Notice] = []
        self.drawn = DrawnPapers(room, self)
        self.headline, self.meeting = Label(tr("公示"), Role.PAGE), Label("", Role.CAPTION, "ink2").wrapped()
        self.preview = PagePreview(tr("这一场没有可公示的"), tr("公示的样子"))
        self.masks = SectionTitle(tr("遮住的"))
        self.more = Field(tr("稿子上还想遮哪几个字，回车遮上"), tr("再遮几个字"))
        self.where = Field(tr("贴在哪里，如：村公示栏"), tr("贴在哪里"))
        self.post = ReasonedButton(Button(tr("贴出去了"), "primary", "check", shown_key("notice.post"), tall=True))
        self.print = Button(tr("去打印"), "plain", "printer", shown_key("closing.print"))
        self.told = Label("", Role.CAPTION, "pine").wrapped()
        self._rows = QWidget()
        self._list = QVBoxLayout(self._rows)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.headline)
        left.addWidget(self.meeting)
        left.addWidget(self.preview, 1)
        right.addWidget(self.masks)
        right.addWidget(self._scrolled(), 1)
        for part in (self.more, self.where, self.told, self.post, self.print):
            right.addWidget(part)
        self._side = QWidget()
        self._side.setLayout(right)
        row = QHBoxLayout(self)
        row.setContentsMargins(look().px(24), look().px(20), look().px(20), look().px(16))
        row.setSpacing(look().px(20))
        row.addLayout(left, 1)
        row.addWidget(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        self._fit()
        look().changed.connect(self._fit)

    def _fit(self) -> None:
        self._side.setFixedWidth(look().px(SIDE if self.width() > look().px(1000) else 300))

    def _scrolled(self) -> QScrollArea:
        self._rows.setProperty("ground", "none")
        self._list.setContentsMargins(0, 0, 4, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        area = QScrollArea()
        area.setWidget(self._rows)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        area.setAccessibleName(tr("遮住的"))
        return area

    def _listen(self) -> None:
        self.more.line.submitted.connect(self._hide)
        self.where.line.submitted.connect(lambda _: self.put_up())
        self.post.clicked.connect(self.put_up)
        self.print.clicked.connect(self.to_print)
        self.drawn.pictured.connect(lambda *_: self._show_pages())
        self.drawn.drawn.connect(lambda _: self._show_pages())
        bind(self, {"notice.post": self.put_up, "closing.print": self.to_print, "closing.up": self.go_back})

    def enter(self, record_id: str = "") -> None:
        """Show the notice of a meeting anew."""
        wanted = record_id or (self.live.sitting_id if self.live else "")
        if not wanted:
            self.room.go("home")
            return
        if self.live is None or self.live.sitting_id != wanted:
            self.chosen = ()
            self.drawn.forget()
        self.room.ask(self, self._arrived, live_sitting, wanted, self.room.register)

    def leave(self) -> None:
        """Draw no more."""
        self.drawn.rest()

    def took(self, changes: ChangeSet) -> None:
        """Show what an act changed."""
        if self.live is not None and (self.live.take(changes) or Notice.KIND in changes.kinds()):
            self._arrived(self.live)

    def hints(self) -> tuple[Hint, ...]:
        """Return the keys of this page."""
        post, out = Hint(shown_key("notice.post"), tr("贴出去了")), Hint(shown_key("closing.print"), tr("去打印"))
        return (Hint("↵", tr("再遮几个字")), post, out, Hint("Esc", tr("回收尾")))

    def _arrived(self, live: LiveSitting) -> None:
        self.live = live
        places, practice = self.room.places, practice_of(self.room, live)
        self.room.ask(self, self._take_state, edition_state, live.sitting_id, places, practice)
        self.room.ask(self, self._take_posted, notices_of, live.sitting_id)

    def _take_state(self, state: EditionState) -> None:
        self.state = state
        self._show()
        self.more.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_posted(self, posted: list[Notice]) -> None:
        self.posted = posted
        self._show_posted()

    def _show(self) -> None:
        assert self.live is not None
        matter = matter_of(self.room, self.live, self.state)
        self.meeting.say(self.live.consultation.title)
        self.found = masked_notice(matter, self.chosen)
        # An empty desk has nothing to turn: the keyboard passes it by.
        self.preview.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.found else Qt.FocusPolicy.NoFocus)
        if self.found is None:
            self.drawn.forget()
            self.preview.show_pages(())
        else:
            self.drawn.look_at(KIND)
            self.drawn.want({KIND: marked(KIND, self.found.paper, matter)}, first=KIND)
        self._show_masks()

    def _show_masks(self) -> None:
        found = self.found
        rows = [CheckRow(sentence, tr("遮上才能贴"), State.MISSING) for sentence in found.findings] if found else []
        masks = found.masks[:MOST_ROWS] if found else ()
        rows += [CheckRow(one.mask.sentence(), one.where, State.COMPLETE, tr("遮了")) for one in masks]
        show_rows(self._list, rows or [CheckRow(self._nothing(), "", State.OPTIONAL)])
        self.masks.after.setText(tr("{count} 处", count=len(found.masks)) if found else "")
        self.post.refuse(self._why_not())

    def _nothing(self) -> str:
        return tr("稿子上没有要遮的") if self.found else (self._why_not() or "")

    def _why_not(self) -> str | None:
        """Return why the notice cannot be posted; None when it can."""
        assert self.live is not None
        if self.live.consultation.closed_session:
            return tr("不公开的会，不往外贴")
        if self.found is None:
            return tr("会结了、有了结论才有公示")
        return tr("还有没遮住的，遮上才能贴") if self.found.findings else None

    def _show_posted(self) -> None:
        latest = self.posted[0] if self.posted else None
        words = tr("{day} 贴过，挂到 {until}，到期请取下。") if latest else ""
        self.told.say(words.format(day=full_day(latest.posted_on), until=full_day(latest.until)) if latest else "")

    def _show_pages(self) -> None:
        pages: list[QImage | None] = self.drawn.pages(KIND)
        if self.preview.page_count() != len(pages):
            self.preview.expect(len(pages))
        for at, page in enumerate(pages):
            if page is not None:
                self.preview.show_page(at, page)

    def _hide(self, words: str) -> None:
        if words.strip():
            self.chosen = (*self.chosen, words.strip())
            self.more.line.clear()
            self._show()

    def put_up(self) -> None:
        """Note that the notice hangs; refused while something on it is nobody's business."""
        if self.live is None or self.found is None or self._why_not():
            return
        phone = matter_of(self.room, self.live, self.state).issuer.phone
        rules = mask_rules(self.live, (phone,) if phone else (), self.chosen)
        days = practice_of(self.room, self.live).deadlines.display_days
        text, where = notice_text(self.found.paper), self.where.line.text()
        command = PostNotice(self.live.sitting_id, text, rules, self.room.today(), days, where, phone)
        self.room.do(self, command, say=tr("公示记下了，挂 {days} 天", days=days))

    def to_print(self) -> None:
        """Go to the papers of the meeting."""
        if self.live is not None:
            self.room.go("closing", f"{TO_PRINT}{self.live.sitting_id}")

    def go_back(self) -> None:
        """Go back to the closing assistant."""
        if self.live is not None:
            self.room.go("closing", self.live.sitting_id)
