"""帮助: the page for where one is, and every key, made from the list of acts."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout, QWidget

import resources
from app.domain.pinyin import matches
from ui.actions import ACTS, Act
from ui.page import Hint, Page
from ui.room import Room
from ui.theme import Role, look
from ui.widgets.composing_edit import ComposingLine
from ui.widgets.label import Label
from ui.words import tr

SCOPES = {
    "everywhere": "哪里都能用",
    "list": "列表里",
    "desk": "会场里",
    "statement": "写发言时",
    "issues": "焦点上",
    "settle": "写共识时",
    "votes": "计票时",
    "closing": "收尾时",
    "readout": "念一遍时",
    "form": "填表时",
    "people": "名册里",
    "actions": "任务里",
    "exchange": "同步里",
    "contest": "两边都改过时",
}
ORDER = (
    "home",
    "call",
    "desk",
    "closing",
    "printing",
    "templates",
    "scanning",
    "mediation",
    "topics",
    "actions",
    "people",
    "exchange",
    "contest",
    "saving",
    "ime",
    "privacy",
)
KEYS = "keys"
ROW = 34


def key_card() -> str:
    """Return every key as a page of Markdown, scope by scope."""
    parts = [f"# {tr('全部按键')}"]
    for scope, words in SCOPES.items():
        rows = [_key_row(act) for act in ACTS if act.scope == scope and not act.name.startswith("desk.issue.")]
        parts += [f"## {tr(words)}", f"| {tr('按键')} | {tr('做什么')} |\n|---|---|\n" + "\n".join(rows)]
    return "\n\n".join(parts)


def _key_row(act: Act) -> str:
    keys = " · ".join(_cap(keys) for keys in act.keys)
    return f"| {keys} | {tr(act.tip or act.words)} |"


def _cap(keys: str) -> str:
    """Return keys as they stand on a cap, safe in Markdown (a lone + would begin a list)."""
    held, _, last = keys.rpartition("+") if not keys.endswith("+") else (keys[:-2], "", "＋")
    return f"{held.replace('+', ' ')} {last}".strip().replace("Return", "↵").replace("Enter", "↵")


def pages() -> dict[str, str]:
    """Return the help pages by name, as Markdown, the card of keys first."""
    found = {file.stem: file.read_text("utf-8") for file in sorted(resources.path("help").glob("*.md"))}
    ordered = {name: found[name] for name in ORDER if name in found}
    return {KEYS: key_card()} | ordered | found


def title(text: str) -> str:
    """Return a page's first heading."""
    return text.lstrip().splitlines()[0].lstrip("# ").strip()


class HelpPage(Page):
    """A list of pages to type into, and the page chosen."""

    name = "help"

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._pages = pages()
        self.line = ComposingLine()
        self.line.setPlaceholderText(tr("找帮助，可只打首字母"))
        self.line.setAccessibleName(tr("找帮助"))
        self.line.keyed.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("帮助的各页"))
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("帮助"))
        self.text.setOpenExternalLinks(False)
        self.text.setOpenLinks(False)
        self._lay_out()
        self._filter("")
        look().changed.connect(self._look_again)

    def _lay_out(self) -> None:
        side, left = QWidget(), QVBoxLayout()
        side.setLayout(left)
        side.setMinimumWidth(look().px(206))
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(Label(tr("帮助"), Role.PAGE))
        left.addWidget(self.line)
        left.addWidget(self.list, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(32, 24, 32, 24)
        row.setSpacing(24)
        row.addWidget(side, 1)
        row.addWidget(self.text, 3)

    def enter(self, record_id: str = "") -> None:
        """Open the page about where one came from."""
        self._show()
        self.line.setFocus()
        for at in range(self.list.count()):
            if self.list.item(at).data(Qt.ItemDataRole.UserRole) == record_id:
                self.list.setCurrentRow(at)

    def hints(self) -> tuple[Hint, ...]:
        """Return the way through the pages."""
        return (Hint("Tab", tr("到列表")), Hint("↑↓", tr("换一页")), Hint("Ctrl 1", tr("回工作台")))

    def _filter(self, typed: str) -> None:
        self.list.clear()
        for name, text in self._pages.items():
            if not typed or matches(typed, title(text)) is not None or typed in text:
                item = QListWidgetItem(title(text))
                item.setData(Qt.ItemDataRole.UserRole, name)
                item.setSizeHint(QSize(0, look().px(ROW)))
                self.list.addItem(item)
        self.list.setCurrentRow(0 if self.list.count() else -1)

    def _look_again(self) -> None:
        """Set the page anew in another look; one out of sight is set when it is opened."""
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.text.setMarkdown(self._pages[item.data(Qt.ItemDataRole.UserRole)])
            self._space_out()

    def _space_out(self) -> None:
        """Give paragraphs air; Markdown as Qt sets it has none."""
        document = self.text.document()
        document.setDocumentMargin(look().px(20))
        whole = QTextCursor(document)
        whole.beginEditBlock()
        block = document.begin()
        while block.isValid():
            shape = block.blockFormat()
            if not QTextCursor(block).currentTable():
                shape.setTopMargin(look().px(14 if shape.headingLevel() else 3))
                shape.setBottomMargin(look().px(6 if shape.headingLevel() else 3))
                shape.setLineHeight(140, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            QTextCursor(block).setBlockFormat(shape)
            block = block.next()
        whole.endEditBlock()
