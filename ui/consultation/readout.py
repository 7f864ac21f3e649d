"""念一遍: the consensus in letters that can be read across the yard, with the votes in 正 and every reservation.

One clause stands on one line. The laptop is turned round; ← → go from one consensus to the next, Space to its tasks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.domain import wording
from app.domain.consensus import COUNTED, METHOD_WORDS, RESULT_WORDS, SETTLING, Consensus
from app.domain.issue import Issue
from app.printing.lines import break_lines
from app.queries.sitting import LiveSitting
from ui.actions import bind
from ui.consultation.issue_card import shares_of
from ui.consultation.reservation_line import reserved
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.card import Rule
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label
from ui.widgets.painted import Painted, announce, paint_text, pen_for
from ui.widgets.tally import Tally as Strokes
from ui.words import tr

SIZES = (38, 44, 48, 54)
STANDARD = 3
SHORT = 5
LINE = 1.6
MARGIN = 60
SIZE_NOTE = "readout/size"
CLOSING = tuple("，。、；：？！”’）》")
_CLAUSE = re.compile(r"[^，；。：！？、\n]*(?:[，；。：！？]+[”’）》]*|、|\n|$)")
_SENTENCE = re.compile(r"[^，；。：！？]*(?:[，；。：！？]+[”’）》]*|$)")


def clauses(text: str) -> list[str]:
    """Return a text clause by clause, each with its closing mark; one of a few signs stays with the one before.

    An enumeration (甲、乙、丙) is one clause.
    """
    found: list[str] = []
    for part in (piece for line in text.splitlines() for piece in [*_pieces(line), ""]):
        is_short = len(part.strip("，；。：！？”’）》")) < SHORT
        goes_on = bool(found) and (found[-1].endswith("、") or part[:1] in CLOSING)
        if found and part and found[-1] and (goes_on or (is_short and not found[-1].endswith(("。", "！", "？")))):
            found[-1] += part
        else:
            found.append(part)
    return [clause for clause in found if clause]


def _pieces(line: str) -> list[str]:
    return [piece for piece in (match.group().strip() for match in _CLAUSE.finditer(line)) if piece]


@dataclass(frozen=True, slots=True)
class Big:
    """One paragraph to be read: its words, how large beside the reading size, its tone, room above it."""

    words: str
    scale: float = 1.0
    tone: str = "ink"
    above: float = 0.0


class Sheet(Painted):
    """Paragraphs in large letters, broken so that no line begins with a closing mark."""

    def __init__(self) -> None:
        super().__init__()
        self.size_px = SIZES[STANDARD]
        self.paragraphs: tuple[Big, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_paragraphs(self, paragraphs: Sequence[Big], size_px: int) -> None:
        """Show other paragraphs, or the same at another size."""
        self.paragraphs, self.size_px = tuple(paragraphs), size_px
        spoken = "\n".join(paragraph.words for paragraph in paragraphs)
        self.setAccessibleName(spoken)
        self.follow_look()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._laid_out(width)[1])

    def sizeHint(self) -> QSize:
        return QSize(look().px(600), self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def lines(self, width: float) -> list[str]:
        """Return the lines as they stand at a width."""
        return [text for text, _, _, _ in self._laid_out(width)[0]]

    def _laid_out(self, width: float) -> tuple[list[tuple[str, float, QFont, str]], float]:
        laid: list[tuple[str, float, QFont, str]] = []
        y = 0.0
        for paragraph in self.paragraphs:
            font = self._font(paragraph.scale)
            height = QFontMetricsF(font).height() * (LINE / 1.45)
            y += paragraph.above * look().size(self.size_px)
            for line in _broken(paragraph.words, width, font):
                laid.append((line, y, font, paragraph.tone))
                y += height
        return laid, y

    def _font(self, scale: float) -> QFont:
        return look().font(Role.READOUT, size=self.size_px * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = pen_for(QPainter(self))
        for words, y, font, tone in self._laid_out(self.width())[0]:
            height = QFontMetricsF(font).height() * (LINE / 1.45)
            paint_text(painter, QRectF(QPointF(0, y), QPointF(self.width(), y + height)), words, font, tone)
        painter.end()


def _broken(text: str, width: float, font: QFont) -> list[str]:
    metrics = QFontMetricsF(font)

    def advances(words: str) -> list[float]:
        return [metrics.horizontalAdvance(sign) for sign in words]

    parts = [text] if sum(advances(text)) <= width else [part for part in _SENTENCE.findall(text) if part.strip()]
    return [line.text for part in parts for line in break_lines(part.strip(), width, advances, justify=False)]


class Count(QWidget):
    """One pile of votes at the foot: its word, its figure, its strokes."""

    def __init__(self, words: str, count: int, tone: str, with_strokes: bool) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(14))
        for text, size, colour in ((words, 28, "ink"), (str(count), 46, tone)):
            label = Label(text, Role.READOUT, colour)
            label.setStyleSheet(f"font-size: {look().size(size)}px")
            row.addWidget(label)
        if with_strokes and count:
            row.addWidget(Strokes(count, words, tone, 34, number=False))
        self.setAccessibleName(f"{words} {count}")


class ReadOut(QWidget):
    """The whole screen for one consensus at a time. `open` shows it over the window; Esc closes it."""

    _shown: ClassVar[list["ReadOut"]] = []

    def __init__(self, room: Room, live: LiveSitting, start_issue_id: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self.room, self.live = room, live
        self.shows_tasks = False
        self._below: QWidget | None = None
        self.told = self._everything()
        self.at = self._start(start_issue_id)
        kept = room.jotted(SIZE_NOTE, str(STANDARD))
        self.step = max(0, min(len(SIZES) - 1, int(kept) if kept.isdecimal() else STANDARD))
        self.setWindowTitle(tr("念一遍"))
        self.setAccessibleName(tr("念一遍"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "paper")
        self._lay_out()
        self._bind()
        look().changed.connect(self.show_all)
        room.changed.connect(self._heard)
        self.show_all()

    def open(self) -> None:
        """Cover the screen; whoever opens it need not hold it."""
        self._shown.append(self)
        self._below = QApplication.activeWindow()
        # Where no window manager answers, a full screen must be asked for by its size.
        self.setGeometry(self.screen().geometry())
        self.showFullScreen()
        self.activateWindow()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bind(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bind(
            self,
            {
                "readout.next": lambda: self.go(1),
                "readout.previous": lambda: self.go(-1),
                "readout.larger": lambda: self.grow(1),
                "readout.smaller": lambda: self.grow(-1),
                "readout.actions": self.turn_over,
                "readout.close": self.close,
            },
        )

    def _lay_out(self) -> None:
        self.title, self.place = Label("", Role.CARD), Label("", Role.CARD)
        self.head = Label("", Role.READOUT).wrapped()
        self.sheet = Sheet()
        self.view = QScrollArea()
        self.view.setWidget(self.sheet)
        self.view.setWidgetResizable(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(tr("共识正文"))
        self.sheet.setProperty("ground", "none")
        self.votes = QHBoxLayout()
        self.votes.setSpacing(look().px(56))
        top, column = QHBoxLayout(), QVBoxLayout(self)
        top.addWidget(self.title, 1)
        top.addWidget(self.place)
        column.setSpacing(look().px(14))
        column.addLayout(top)
        column.addWidget(Rule())
        column.addSpacing(look().px(16))
        column.addWidget(self.head)
        column.addWidget(self.view, 1)
        column.addLayout(self.votes)
        column.addWidget(Rule())
        column.addLayout(self._keys())
        self.column = column

    def _keys(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(look().px(6))
        keys = (("←→", "上一条 / 下一条"), ("+ −", "字大字小"), (tr("空格"), "翻到任务"))
        for cap, words in keys:
            row.addWidget(KeyCap(cap))
            row.addWidget(Label(tr(words), Role.CAPTION))
            row.addSpacing(look().px(14))
        row.addStretch(1)
        row.addWidget(KeyCap("Esc"))
        row.addWidget(Label(tr("回会场"), Role.CAPTION))
        return row

    def _everything(self) -> list[tuple[Issue, Consensus | None]]:
        """Return every issue that has words to be read, settled or draft; all of them if none has."""
        pairs = [(issue, self.live.consensus_of(issue.id)) for issue in self.live.issues()]
        return [pair for pair in pairs if pair[1] and (pair[1].text or pair[1].is_settled())] or pairs

    def _start(self, issue_id: str) -> int:
        wanted = issue_id or self.live.sitting.current_issue_id
        found = [at for at, (issue, _) in enumerate(self.told) if issue.id == wanted]
        if found:
            return found[0]
        settled = [at for at, (_, consensus) in enumerate(self.told) if consensus and consensus.is_settled()]
        return settled[-1] if settled else 0

    def go(self, steps: int) -> None:
        """Go to another consensus."""
        self.at = max(0, min(len(self.told) - 1, self.at + steps))
        self.shows_tasks = False
        self.show_all()

    def grow(self, steps: int) -> None:
        """Make the letters larger or smaller; it stays so."""
        self.step = max(0, min(len(SIZES) - 1, self.step + steps))
        self.room.jot(SIZE_NOTE, str(self.step))
        self.show_all()

    def turn_over(self) -> None:
        """Turn to the tasks, or back to the words."""
        self.shows_tasks = not self.shows_tasks
        self.show_all()

    def show_all(self) -> None:
        """Show where one is."""
        self.column.setContentsMargins(look().px(MARGIN), look().px(30), look().px(MARGIN), look().px(22))
        self.title.say(self.live.consultation.title)
        self._clear_votes()
        if not self.told:
            self.place.say("")
            self.head.say(tr("还没有焦点"))
            self.sheet.show_paragraphs((), SIZES[self.step])
            return
        issue, consensus = self.told[self.at]
        self.place.say(tr("共识 {at} / {all}", at=self.at + 1, all=len(self.told)))
        self.head.setStyleSheet(f"font-size: {look().size(SIZES[self.step] * 0.8)}px")
        tasks = tr("任务") if self.shows_tasks else ""
        self.head.say(" ".join(filter(None, (wording.circled(issue.number), issue.title, tasks))))
        paragraphs = self._tasks(consensus) if self.shows_tasks else self._words(consensus)
        self.sheet.show_paragraphs(paragraphs, SIZES[self.step])
        self.view.verticalScrollBar().setValue(0)
        if consensus is not None and not self.shows_tasks:
            self._show_votes(consensus)
        announce(self, self.sheet.accessibleName())

    def _words(self, consensus: Consensus | None) -> list[Big]:
        if consensus is None:
            return [Big(tr("还没写共识"), tone="ink2")]
        told = [Big(clause) for clause in clauses(consensus.text)]
        if not consensus.is_settled():
            told.append(Big(tr("还没定，这是草稿"), 0.6, "ochre", 0.3))
        elif consensus.result not in SETTLING:
            told.append(Big(tr(RESULT_WORDS[consensus.result]), 0.8, "ochre", 0.3))
        elif consensus.is_below_ratio():
            told.append(Big(tr("未达比例"), 0.6, "ochre", 0.3))
        for at, kept in enumerate(self.live.reservations_of(consensus.id)):
            person = self.live.person(kept.person_id)
            told.append(Big(reserved(person.name if person else "", kept.text), 0.62, "ochre", 0 if at else 0.5))
            if kept.answer:
                told.append(Big(f"{tr('答复')}：{kept.answer}", 0.62, "ink2"))
        return told

    def _tasks(self, consensus: Consensus | None) -> list[Big]:
        tasks = self.live.actions_of(consensus.id) if consensus else []
        told: list[Big] = []
        for action in tasks:
            unit, person = self.live.unit(action.unit_id), self.live.person(action.person_id)
            due = wording.day_seen_from(action.due_on, self.room.today()) if action.due_on else ""
            who = " ".join(found.name for found in (unit, person) if found) or tr("还没定谁办")
            told.append(Big(f"{action.number}  {action.text}", 0.85, above=0.3 if told else 0))
            told.append(Big("，".join(filter(None, (who, due and tr("{day}前", day=due)))), 0.62, "ink2"))
            if shares := shares_of(self.live, action.id):
                told.append(Big(shares, 0.62, "ink2"))
        return told or [Big(tr("这一条没有任务"), 0.8, "ink2")]

    def _show_votes(self, consensus: Consensus) -> None:
        if not consensus.is_settled() or consensus.result not in SETTLING:
            return
        if consensus.method not in COUNTED:
            self.votes.addWidget(Label(tr(METHOD_WORDS[consensus.method]), Role.CARD))
            self.votes.addStretch(1)
            return
        self.votes.addWidget(Count(tr("同意"), consensus.agree, "ink", True))
        self.votes.addStretch(1)
        self.votes.addWidget(Count(tr("反对"), consensus.against, "ochre", False))
        self.votes.addWidget(Count(tr("弃权"), consensus.abstain, "ink", False))
        if consensus.silent:
            self.votes.addWidget(Count(tr("不表态"), consensus.silent, "ink", False))

    def _clear_votes(self) -> None:
        while item := self.votes.takeAt(0):
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()

    def _heard(self, changes: object) -> None:
        shown = self.told[self.at][0].id if self.told else ""
        self.told = self._everything()
        self.at = self._start(shown)
        self.show_all()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.view.verticalScrollBar()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 5, Qt.Key.Key_PageUp: -5}
        if (step := steps.get(Qt.Key(event.key()))) is not None:
            bar.setValue(bar.value() + step * SIZES[self.step])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sheet.updateGeometry()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self in self._shown:
            self._shown.remove(self)
        if self._below is not None and isValid(self._below):
            self._below.activateWindow()
