"""谁 · 类别 · 焦点 · 文字: the line at which everything said this evening is caught.

Initials and Space choose who speaks; kind and issue are set by role and by what is under discussion; Enter records.
Whatever stands here is kept against a power cut, and never cleared before it is on the disk.
"""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.commands.issue import TakeUpIssue
from app.commands.statement import AmendStatement, RecordStatement
from app.domain.change import ChangeSet
from app.domain.errors import Trouble
from app.domain.people import Role as PersonRole
from app.domain.practice import usual_kind
from app.domain.statement import KINDS, STATEMENT_KIND_WORDS, Statement, StatementKind
from app.domain.wording import circled
from app.queries.sitting import LiveSitting
from ui.actions import shown_key
from ui.consultation.entry_draft import (
    NOBODY,
    SOMEBODY,
    Draft,
    draft_from,
    draft_of,
    is_recorded,
    last_speaker,
    speaker_before,
)
from ui.consultation.entry_keys import TextKeys, WhoKeys
from ui.consultation.person_search import PersonSearch
from ui.consultation.statement_row import speaker_title
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.button import Button
from ui.widgets.candidate_popup import CandidatePopup, Offer
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.composing_edit import ComposingLine, ComposingText, fold_width, hint
from ui.widgets.field import FieldNote
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.widgets.sign import Sign
from ui.widgets.tag import tone_of_statement
from ui.words import tr

MOST_TITLE = 8


class EntryLine(QWidget):
    """The entry line of the live desk."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.live: LiveSitting | None = None
        self.search: PersonSearch | None = None
        self._draft, self._aside = Draft(), Draft()
        self._submitted: str | None = None
        self.setAccessibleName(tr("记发言"))
        self._make_parts()
        self._lay_out()
        self.popup = CandidatePopup(self.who, tr("说话的人"))
        self.who.lend_keys(WhoKeys(self))
        self.text.lend_keys(TextKeys(self))
        self._listen()
        self._dress()

    def _make_parts(self) -> None:
        self.who, self.text = ComposingLine(), ComposingText()
        self.who.set_initials_only()
        self.who.setProperty("bare", True)
        self.who.setAccessibleName(tr("谁说的，首字母"))
        self.text.setProperty("bare", True)
        self.text.setProperty("role", str(Role.STATEMENT))
        self.text.setAccessibleName(tr("说了什么"))
        self.text.setPlaceholderText(tr("写他说的话"))
        self.person, self.kind = Chip("", "person"), Chip("", "kind")
        self.issue, self.number = Chip("", "issue"), Label("", Role.CAPTION, "ink2")
        self.sign, self.cap = Sign("chats", "ink3", 18), KeyCap(shown_key("desk.speak"))
        self.note = FieldNote()
        self.save = Button(tr("记下"), "quiet", key="↵")
        self.lock = Label("", Role.NOTE, "ink2")
        self.reopen = Button(tr("回会场"), "plain", key=shown_key("desk.stage"))

    def _lay_out(self) -> None:
        self.card = Card("entry", tr("记发言"))
        self.card.set_margins(14, 7, 10, 7, 6)
        head, self.foot = QHBoxLayout(), QWidget()
        head.setSpacing(6)
        before: tuple[QWidget, ...] = (self.sign, self.lock, self.who, self.person, self.kind, self.issue)
        after: tuple[QWidget, ...] = (self.number, self.cap, self.reopen)
        for part in before:
            head.addWidget(part, 1 if part in (self.who, self.lock) else 0)
        self._space = QWidget()
        head.addWidget(self._space, 1)
        for part in after:
            head.addWidget(part)
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.note, 1)
        foot.addStretch(0)
        for part in (Label(tr("换行"), Role.CAPTION, "ink2"), KeyCap("Shift ↵"), self.save):
            foot.addWidget(part)
        self.card.column.addLayout(head)
        self.card.column.addWidget(self.text)
        self.card.column.addWidget(self.foot)
        self._frame = QVBoxLayout(self)
        self._frame.addWidget(self.card)
        self._measure()
        look().changed.connect(self._measure)

    def _measure(self) -> None:
        self._frame.setContentsMargins(look().px(14), look().px(4), look().px(14), look().px(12))
        self.save.setFixedHeight(look().px(32))

    def _listen(self) -> None:
        self.who.keyed.connect(lambda _: self._look_up())
        self.who.submitted.connect(lambda _: self._nobody_found())
        self.who.worth_keeping.connect(lambda _: self.keep())
        self.text.worth_keeping.connect(lambda _: self.keep())
        self.text.submitted.connect(self._submit)
        self.text.keyed.connect(lambda _: self._dress_words())
        for field in (self.who, self.text):
            field.composing_changed.connect(self._show_composing)
        self.popup.chosen.connect(lambda person_id: self.choose_speaker(str(person_id)))
        self.popup.offered.connect(self.choose_speaker)
        self.person.clicked.connect(self.back_to_who)
        self.kind.clicked.connect(self._offer_kinds)
        self.issue.clicked.connect(self._offer_issues)
        self.save.clicked.connect(lambda: self._submit(self.text.text()))
        self.room.not_saved.connect(self._say_not_saved)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def show_evening(self, search: PersonSearch) -> None:
        """Show a sitting from its beginning, with what was half written."""
        if self.live is None or self.live.sitting_id != search.live.sitting_id:
            self._submitted = None
        self.search, self.live = search, search.live
        self._aside = draft_from(self._jotted("aside"))
        draft = draft_from(self._jotted("speak"))
        if is_recorded(draft, search.live) or not self._still_there(draft):
            draft = self._aside if not self._aside.is_empty() else self._fresh()
            self._aside = Draft()
        self._put(draft if not draft.is_empty() else self._fresh())
        self.who.resume(self._jotted("who") if self._draft.speaker == NOBODY else "")
        self._say("")
        self._dress()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show what an act changed: the number, the issue under discussion, a statement that is gone."""
        if not self._still_there(self._draft):
            self._end_amending()
        elif "sitting" in kinds and self._is_untouched():
            self._draft = replace(self._draft, issue_id=self._usual_issue())
        self._dress()

    def _still_there(self, draft: Draft) -> bool:
        return not draft.statement_id or self._statement(draft.statement_id) is not None

    def _statement(self, statement_id: str) -> Statement | None:
        said = self.live.statements() if self.live and statement_id else []
        return next((statement for statement in said if statement.id == statement_id), None)

    def focus_line(self) -> None:
        """Take the keyboard: in 谁 while nobody is chosen, else in the words."""
        self._move_to(self.who if self._draft.speaker == NOBODY else self.text)
        self._look_up()

    def _move_to(self, field: QWidget) -> None:
        """Give a field the keyboard before anything else is hidden, so that it never wanders."""
        if self.live is None or self.live.sitting.is_open():
            field.show()
            field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._dress()

    def is_idle(self) -> bool:
        """Return whether nothing is half written here."""
        return self._is_untouched() and not self.who.half_typed()

    def _is_untouched(self) -> bool:
        return self._draft.speaker == NOBODY and not self.text.half_typed()

    def is_amending(self) -> bool:
        """Return whether a statement already recorded is being mended."""
        return bool(self._draft.statement_id)

    def draft(self) -> Draft:
        """Return what stands here, the word under way included."""
        return replace(self._draft, text=self.text.half_typed())

    def can_choose(self) -> bool:
        """Return whether the letters in 谁 mean somebody."""
        return self.popup.isVisible() and self.popup.current_row() >= 0

    def speaker_before(self) -> str:
        """Return the other of two who argue; empty if only one has spoken."""
        return speaker_before(self.live) if self.live else NOBODY

    def same_speaker(self) -> None:
        """Choose who spoke last."""
        speaker = last_speaker(self.live) if self.live else NOBODY
        if speaker:
            self.choose_speaker(speaker)
        else:
            self._say(tr("还没人说过话，先打首字母选人；? 是一位村民"))

    def choose_speaker(self, speaker: str) -> None:
        """Choose who speaks; kind by role and issue under discussion are set, unless words are written already."""
        if self.live is None or speaker == NOBODY:
            return
        kept = bool(self.text.half_typed()) or self.is_amending()
        kind = self._draft.kind if kept else self._usual_kind(speaker)
        self._draft = replace(self._draft, speaker=speaker, kind=kind)
        self.popup.hide()
        self.who.clear()
        self._say("")
        self._move_to(self.text)
        self.keep()

    def choose_kind(self, kind: StatementKind) -> None:
        """Set the kind."""
        self._draft = replace(self._draft, kind=kind)
        self._dress()
        self.keep()

    def choose_issue(self, number: int) -> None:
        """Put what is being written to an issue; with nothing being written, take the issue up."""
        issues = self.live.issues() if self.live else []
        issue = next((issue for issue in issues if issue.number == number), None)
        if issue is None:
            self._say(tr("没有焦点 {number}，Ctrl F4 加一个", number=number))
        elif self._is_untouched():
            said = tr("正在议 {mark} {title}", mark=circled(issue.number), title=issue.title)
            self.room.do(self, TakeUpIssue(issue.id), refused=self._refused, say=said)
        else:
            self.set_issue(issue.id)

    def set_issue(self, issue_id: str) -> None:
        """Put what is being written to an issue."""
        self._draft = replace(self._draft, issue_id=issue_id)
        self._dress()
        self.keep()

    def back_to_who(self) -> None:
        """Choose somebody else; what is written stays."""
        self._draft = replace(self._draft, speaker=NOBODY)
        self._move_to(self.who)
        self.keep()

    def can_amend_last(self) -> bool:
        """Return whether there is a last entry to go back to."""
        return bool(self.live and self.live.statements()) and not self.is_amending()

    def amend_last(self) -> None:
        """Mend the last entry."""
        if self.live and self.live.statements():
            self.amend(self.live.statements()[-1].id)

    def amend(self, statement_id: str) -> None:
        """Mend a statement; what was half written waits aside."""
        statement = self._statement(statement_id)
        if statement is None:
            return
        if not self.is_amending():
            self._aside = self.draft()
        kept = draft_from(self._jotted(f"amend/{statement_id}"))
        self._put(kept if kept.statement_id else draft_of(statement))
        self._move_to(self.text)
        self.keep()

    def leave_amending(self) -> None:
        """Leave the statement as it was; what was changed here waits until it is mended again."""
        statement, draft = self._statement(self._draft.statement_id), self.draft()
        if statement is not None:
            self._jot(f"amend/{statement.id}", None if draft == draft_of(statement) else draft.note())
        self._end_amending()

    def _end_amending(self) -> None:
        had_focus = self._has_focus()
        self._put(self._aside if not self._aside.is_empty() else self._fresh())
        self._aside = Draft()
        self._say("")
        if had_focus:
            self.focus_line()
        self._dress()
        self.keep()

    def _has_focus(self) -> bool:
        return any(part.hasFocus() for part in (self.who, self.text, self.save))

    def _submit(self, text: str) -> None:
        if self.live is None or self._submitted is not None:
            return
        if self._draft.speaker == NOBODY:
            self._say(tr("谁说的还没选；? 是一位村民"))
            self._move_to(self.who)
            return
        self._submitted = text
        self._say("")
        self.keep()
        if self.is_amending():
            statement_id = self._draft.statement_id
            self.room.do(
                self, self._amendment(text), lambda _: self._amended(statement_id), self._refused, tr("改好了")
            )
        else:
            self.room.do(self, self._record(text), self._recorded, self._refused)

    def _record(self, text: str) -> RecordStatement:
        draft = self._draft
        return RecordStatement(
            self.live.sitting_id if self.live else "",
            text,
            None if draft.speaker == SOMEBODY else draft.speaker,
            draft.kind,
            draft.issue_id or None,
        )

    def _amendment(self, text: str) -> AmendStatement:
        draft, before = self._draft, self._statement(self._draft.statement_id)
        speaker_id = None if draft.speaker == SOMEBODY else draft.speaker
        if before is None:
            raise LookupError(draft.statement_id)
        issue_id = draft.issue_id or None
        return AmendStatement(replace(before, text=text, speaker_id=speaker_id, kind=draft.kind, issue_id=issue_id))

    def _recorded(self, changes: ChangeSet) -> None:
        written, self._submitted = self._submitted or "", None
        left, had_focus = self.text.text().removeprefix(written), self._has_focus()
        if left:
            self.text.resume(left)
        else:
            self._put(self._fresh())
        self._say("")
        if had_focus:
            self.focus_line()
        self._dress()
        self.keep()

    def _amended(self, statement_id: str) -> None:
        """Go back to what waits aside; words typed since stay, here or where they were put by."""
        written, self._submitted = self._submitted, None
        if self._draft.statement_id != statement_id:
            if draft_from(self._jotted(f"amend/{statement_id}")).text == written:
                self._jot(f"amend/{statement_id}", None)
        elif self.text.text() == written:
            self._jot(f"amend/{statement_id}", None)
            self._end_amending()
        self._say("")

    def _refused(self, trouble: Trouble) -> None:
        self._submitted = None
        self._say(trouble.sentence())

    def _say_not_saved(self, error: object) -> None:
        if self._submitted is not None:
            self._say(tr("没记下，字都在，过两秒自己再存"))

    def _nobody_found(self) -> None:
        if self.who.text().strip():
            self._look_up()

    def _look_up(self) -> None:
        query = self.who.search_key().strip()
        if fold_width(query) == SOMEBODY:
            self.choose_speaker(SOMEBODY)
        elif self.search is None or not query or not self.who.hasFocus():
            self.popup.show_candidates([])
        else:
            found = self.search.speaking(query)
            somebody = Offer(SOMEBODY, tr("一位村民"), "user", "?")
            self.popup.show_candidates(found, (somebody,), tr("没有“{query}”，F2 可登记新来的人", query=query))

    def _usual_kind(self, speaker: str) -> StatementKind:
        live = self.live
        if live is None:
            return StatementKind.OPINION
        attendance, person = live.attendance_of(speaker), live.person(speaker)
        role = attendance.role if attendance else person.role if person else PersonRole.VILLAGER
        practice = self.room.practices.get(live.consultation.practice)
        return practice.kind_for(role) if practice else usual_kind(role)

    def _usual_issue(self) -> str:
        return (self.live.sitting.current_issue_id or "") if self.live else ""

    def _fresh(self) -> Draft:
        return Draft(issue_id=self._usual_issue())

    def _put(self, draft: Draft) -> None:
        self._draft = draft
        self.text.resume(draft.text)

    def _dress(self) -> None:
        """Show the parts that belong to where we are: 谁, the words with their chips, or that the meeting is over."""
        locked = self.live is not None and not self.live.sitting.is_open()
        writing = not locked and not self._is_untouched()
        self.lock.setVisible(locked)
        self.reopen.setVisible(locked)
        self.who.setVisible(not locked and self._draft.speaker == NOBODY)
        self.person.setVisible(writing and self._draft.speaker != NOBODY)
        for part in (self.kind, self.issue, self.number, self.text, self.foot):
            part.setVisible(writing)
        self._space.setVisible(writing and self._draft.speaker != NOBODY)
        self.sign.setVisible(not writing)
        self.cap.setVisible(not writing and not locked)
        self.lock.say(tr("会已经结了，记下的都在。"))
        self.who.setPlaceholderText(tr("谁说的？") if writing else tr("谁说的？首字母选人，写他说的话，回车记下"))
        if writing and self.live is not None:
            self._dress_chips(self.live)

    def _dress_words(self) -> None:
        """Show the chips as soon as words stand here without a speaker; nothing else changes while typing."""
        if self._draft.speaker == NOBODY and self.foot.isVisible() == self._is_untouched():
            self._dress()

    def _dress_chips(self, live: LiveSitting) -> None:
        draft, person = self._draft, live.person(self._draft.speaker)
        self.person.say(person.name if person else tr("一位村民"), speaker_title(live, draft.speaker))
        word = STATEMENT_KIND_WORDS[draft.kind]
        self.kind.say(tr(word), tone=tone_of_statement(word))
        issue = next((issue for issue in live.issues() if issue.id == draft.issue_id), None)
        title = f"{circled(issue.number)} {_short(issue.title)}" if issue else tr("不归焦点")
        self.issue.say(title)
        self.issue.setVisible(bool(live.issues()))
        self.number.say(self._numbering(live))

    def _numbering(self, live: LiveSitting) -> str:
        before = self._statement(self._draft.statement_id)
        if before is not None:
            return tr("改第 {number} 条", number=before.number)
        said = live.statements()
        return tr("第 {number} 条", number=said[-1].number + 1 if said else 1)

    def _offer_kinds(self) -> None:
        words = [(tr(STATEMENT_KIND_WORDS[kind]), shown_key(f"desk.kind.{n}")) for n, kind in enumerate(KINDS, 1)]
        self._offer(self.kind, words, lambda at: self.choose_kind(KINDS[at]))

    def _offer_issues(self) -> None:
        issues = self.live.issues() if self.live else []
        words = [(f"{circled(issue.number)} {issue.title}", f"Alt {issue.number}") for issue in issues]
        ids = [*(issue.id for issue in issues), ""]
        self._offer(self.issue, [*words, (tr("不归焦点"), "")], lambda at: self.set_issue(ids[at]))

    def _offer(self, chip: Chip, words: list[tuple[str, str]], choose: Callable[[int], None]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for at, (word, key) in enumerate(words):
            menu.addAction(f"{word}\t{key}" if key else word, lambda at=at: choose(at))
        menu.aboutToHide.connect(self.focus_line)
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self.card.be("entry-on" if self.isAncestorOf(now) else "entry")

    def _show_composing(self, composing: bool) -> None:
        self._dress_words()
        if composing:
            self.note.say(hint(), "text-aa", "ochre")
        else:
            self._say("")

    def _say(self, text: str) -> None:
        """Say a sentence in place; it stands in the foot, which is then in view."""
        self.note.say(text, "warning", "seal")
        if text:
            self.foot.setVisible(True)
        elif self._is_untouched():
            self.foot.setVisible(False)

    def keep_now(self) -> None:
        """Keep what is half written without waiting for a rest."""
        for field in (self.who, self.text):
            field.keeping.now()

    def keep(self) -> None:
        """Keep what is half written."""
        if self.live is None:
            return
        self._jot("speak", self.draft().note())
        self._jot("aside", self._aside.note())
        self._jot("who", self.who.half_typed() or None)

    def _jotted(self, field: str) -> str:
        return self.room.jotted(f"desk/{self.live.sitting_id}/{field}") if self.live else ""

    def _jot(self, field: str, text: str | None) -> None:
        if self.live is not None and (text or self._jotted(field)):
            self.room.jot(f"desk/{self.live.sitting_id}/{field}", text)


def _short(title: str) -> str:
    return title if len(title) <= MOST_TITLE else title[: MOST_TITLE - 1] + "…"
