"""Every part in every state, to be looked at: `python -m ui.gallery [theme] [letter size] [picture.png]`."""

import sys
from collections.abc import Callable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, QTimer
from PySide6.QtGui import QImage, QInputMethodEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QListView, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Role, look
from ui.widgets.banner import Banner
from ui.widgets.bench_meter import BenchMeter
from ui.widgets.button import Button, ReasonedButton
from ui.widgets.candidate_popup import Candidate, CandidatePopup, Offer
from ui.widgets.card import Card
from ui.widgets.check_row import CheckRow
from ui.widgets.chip import Chip
from ui.widgets.composing_edit import ComposingLine, ComposingText
from ui.widgets.empty_state import EmptyState
from ui.widgets.error_panel import ErrorPanel, WayOut
from ui.widgets.field import Field
from ui.widgets.key_cap import KeyCap
from ui.widgets.label import Label, SectionTitle
from ui.widgets.lifecycle_dots import LifecycleDots
from ui.widgets.page_preview import PagePreview
from ui.widgets.painted import MIDDLE, Painted
from ui.widgets.progress import Progress
from ui.widgets.row import ROW_ROLE, Row, RowBrush
from ui.widgets.skeleton import Skeleton
from ui.widgets.stage_rail import StageRail
from ui.widgets.status_bar import StatusBar
from ui.widgets.tag import Tag
from ui.widgets.tally import Tally
from ui.widgets.toast import Toast

STAGES = ("签到", "说事", "议事", "定事", "收尾")
LIFE = ("征集", "研判", "立题", "协商", "办理", "回访", "办结")
ROWS = (
    Row("红白理事会重选理事 7 名", "新塘村 · 乡党建办", "今天", "ink2", "circle"),
    Row("红白理事会重选理事 7 名", "选中：底色，不加边", "今天", "ink2", "circle"),
    Row(
        "村规民约修订稿交村民会议表决，表决前在六个小组逐户征求意见三天",
        "太长：末尾省略，悬停或 F2 看全文；姓名、日期永不省略",
        "4月15日",
        "ink2",
        "circle",
    ),
    Row(
        "破除陈规陋习，建设和美新塘",
        "新塘村 · 打 cg 找到的",
        "逾期 3 天",
        "seal",
        "check-circle",
        "pine",
        "fill",
        (2, 3),
    ),
)


class _Rows(QAbstractListModel):
    """The sample rows."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(ROWS)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        row = ROWS[index.row()]
        spoken = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        return row if role == ROW_ROLE else row.spoken() if spoken else None


class _List(QListView):
    """A list as high as the sample rows."""

    def __init__(self) -> None:
        super().__init__()
        look().changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self.setFixedHeight(look().px(50) * len(ROWS) + 4)


class _Swatches(Painted):
    """The tokens of one theme side by side."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedHeight(24)
        self.says(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, shown = QPainter(self), theme.theme(self._name, look().theme.base)
        tokens = ("paper", "desk", "note", "line2", "ink3", "ink2", "ink", "seal", "pine", "ochre", "indigo")
        width = self.width() / len(tokens)
        for at, token in enumerate(tokens):
            place = QRectF(at * width, 0, width - 1, self.height())
            painter.fillRect(place, shown.colour(token))
            painter.setPen(shown.colour("ink" if at < 4 else "paper"))
            painter.drawText(place, MIDDLE, "纸案笺线三二墨朱松赭靛"[at])
        painter.end()


class Gallery(QWidget):
    """The page of parts, in three columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("部件与状态")
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        columns = QHBoxLayout()
        columns.setContentsMargins(32, 20, 32, 8)
        columns.setSpacing(32)
        for build in (self._left, self._middle, self._right):
            column = QVBoxLayout()
            column.setSpacing(7)
            build(column)
            column.addStretch(1)
            columns.addLayout(column, 1)
        page.addLayout(columns, 1)
        self.status = StatusBar()
        page.addWidget(self.status)
        self.toast = Toast(self)
        self._dress_keys()

    def _left(self, column: QVBoxLayout) -> None:
        column.addWidget(SectionTitle("按钮"))
        column.addLayout(
            _row(
                Button("进入会场", "primary", "arrow-right", "↵"), Button("定稿落印", "seal", "stamp"), Button("看材料")
            )
        )
        waiting = Button("打印", "plain", "printer", "Ctrl P")
        waiting.set_busy(True)
        column.addLayout(_row(waiting, Button("等会儿再说", "quiet"), Button("全部 31", "link")))
        refused = ReasonedButton(Button("去打印", "primary", "printer", "Ctrl P"), "补上期限就亮")
        column.addWidget(refused)
        column.addWidget(SectionTitle("输入"))
        self._fields(column)
        column.addWidget(SectionTitle("列表行", "一屏一件事"))
        column.addWidget(self._list())
        column.addWidget(Skeleton(1, at_once=True))

    def _fields(self, column: QVBoxLayout) -> None:
        self.typing = ComposingLine()
        self.typing.setText("石墙村")
        self.typing.setAccessibleName("村")
        readonly = ComposingLine()
        readonly.setText("本机只读")
        readonly.setEnabled(False)
        readonly.setAccessibleName("只读")
        empty = ComposingLine()
        empty.setPlaceholderText("姓名或首字母")
        column.addLayout(_row(empty, self.typing, readonly))
        wrong, composing = Field(name="日期"), Field(name="事由")
        wrong.line.setText("4月31日")
        wrong.say_wrong("四月只有 30 天")
        composing.line.setText("经院坝协商")
        self.composing = composing
        column.addLayout(_row(wrong, composing))
        self.text = ComposingText()
        self.text.setPlainText("墙就沿量出来的线砌，15 米，两家各出一半工钱；砂石村里砂场有，村集体可以出。\n第二行")
        self.text.setAccessibleName("说了什么")
        column.addWidget(self.text)

    def _list(self) -> QListView:
        shown = _List()
        shown.setModel(_Rows(shown))
        shown.setItemDelegate(RowBrush(shown))
        shown.setCurrentIndex(shown.model().index(1, 0))
        shown.setAccessibleName("要盯的事")
        return shown

    def _middle(self, column: QVBoxLayout) -> None:
        column.addWidget(SectionTitle("标签与状态"))
        tags = (
            ("会中", "seal"),
            ("异议", "ochre"),
            ("答复", "pine"),
            ("建议", "indigo"),
            ("诉求", "ink"),
            ("意见", "outline"),
        )
        column.addLayout(_row(*(Tag(text, tone) for text, tone in tags), stretch=True))
        words = (("逾期 3 天", "seal"), ("已备好", "pine"), ("在路上", "ochre"))
        column.addLayout(
            _row(*(Label(text, Role.CAPTION, tone) for text, tone in words), KeyCap("Ctrl N"), stretch=True)
        )
        chips = (Chip("王某辛", "person", "村支书"), Chip("答复", "kind", tone="pine"), Chip("② 谁出资", "issue"))
        column.addLayout(_row(*chips, stretch=True))
        chosen = Chip("全部", "filter", "6")
        chosen.setChecked(True)
        column.addLayout(_row(chosen, Chip("移风易俗", "filter", "3"), Chip("基层治理", "filter", "1"), stretch=True))
        column.addLayout(_row(Tally(23, "同意"), Tally(1, "反对", "ochre"), stretch=True))
        column.addWidget(BenchMeter(27, 32, 17))
        column.addWidget(BenchMeter(212, 302, 152))
        column.addLayout(_row(StageRail(STAGES, 2), stretch=True))
        column.addLayout(_row(*(LifecycleDots(LIFE, at) for at in (0, 4, 6)), stretch=True))
        for name in theme.THEMES:
            column.addWidget(_Swatches(name))
        self._figures(column)
        self._checks(column)

    def _figures(self, column: QVBoxLayout) -> None:
        card = Card("current", "挡墙谁出资")
        card.column.addLayout(
            _row(Label("27", Role.FIGURE), Label("到会 / 应到 32", Role.CAPTION, "ink2"), stretch=True)
        )
        card.column.addWidget(Label("石墙村 15 米挡墙院坝协商", Role.HERO))
        card.column.addWidget(Label("两户各担一半工钱，村集体出砂石约 18 方。", Role.CONSENSUS).wrapped())
        column.addWidget(card)

    def _checks(self, column: QVBoxLayout) -> None:
        column.addWidget(CheckRow("到会 27 人，过半", "群众 18 · 干部 4 · 委员 2 · 部门 3", "complete"))
        mend = ComposingLine()
        mend.setText("420")
        mend.setAccessibleName("期限")
        mend.setFixedWidth(look().px(108))
        column.addWidget(CheckRow("任务 3 没有期限", "打 420 就是 4月20日", "missing", mend=mend))
        column.addWidget(
            CheckRow("现场照片 0 张", "不拍也能定稿", "optional", mend=Button("拍一张", "plain", "camera"))
        )

    def _right(self, column: QVBoxLayout) -> None:
        column.addWidget(SectionTitle("出错：发生了什么 · 保住了什么 · 现在怎么办"))
        panel = ErrorPanel()
        kept = "共识第 3 份没印出来，前 2 份好的。会议内容都在，一个字没少。"
        ways = (WayOut("接着印第 3 份", _nothing), WayOut("存 PDF，回去再印", _nothing))
        panel.say("打印机没有回应", kept, "看看打印机有没有纸、线松没松，再按“接着印”。", "P-207", ways)
        column.addWidget(panel)
        banner = Banner()
        banner.say("磁盘只剩 1.2 吉，够写，不够存照片", "腾地方", "hard-drives")
        column.addWidget(banner)
        empty = Card("plain", "空着的时候")
        empty.column.addWidget(
            EmptyState(
                "tray", "还没有议题", "听到一条记一条，三句话就够：什么事、哪个村、谁提的", "记一条议题", "Ctrl N"
            )
        )
        column.addWidget(empty)
        progress = Progress("停下就当没导过，名册不变")
        progress.show_step("正在导入 286 人", 171, 286, 12)
        column.addWidget(progress)
        self.preview = PagePreview()
        self.preview.setMinimumHeight(200)
        self.preview.show_pages([_sample_page(at) for at in (1, 2)])
        column.addWidget(self.preview, 1)

    def open_everything(self) -> None:
        """Show what floats: the toast, the list of candidates, a composition under way."""
        self.toast.say("已签到 郑某庚", "第 28 位")
        self.status.saved_at("10:42:07")
        keys = (
            ("↵", "签到"),
            ("↓", "下一个同音"),
            ("Ctrl ↵", "登记新人"),
            ("Tab", "代签"),
            ("Ctrl Z", "撤销上一个"),
            ("F10", "开会"),
        )
        self.status.set_keys(keys)
        self.popup = CandidatePopup(self.typing, "名册里的人")
        found = (Candidate(1, "郑某庚", "zmg", "村民 · 二组"), Candidate(2, "周某庚", "zmg", "村民 · 五组 · 上次到会"))
        here = Candidate(3, "赵某甲", "zmj", "当事人", "10:01")
        offers = (
            Offer("register", "名册里没有？登记新来的人", "user-plus", "Ctrl ↵"),
            Offer("proxy", "家人代签", "hand-palm", "Tab"),
        )
        self.popup.show_candidates((*found, here), offers)
        self.typing.setFocus()
        QApplication.sendEvent(self.composing.line, QInputMethodEvent("yi'zhi", []))

    def _dress_keys(self) -> None:
        for keys, change in (
            ("Ctrl+Shift+T", lambda: _dress(theme.next_theme(look().theme.name), look().theme.base)),
            ("Ctrl++", lambda: _dress(look().theme.name, theme.step(look().theme.base, 1))),
            ("Ctrl+-", lambda: _dress(look().theme.name, theme.step(look().theme.base, -1))),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(change)


def _nothing() -> None:
    """Do nothing, as a sample should."""


def _row(*parts: QWidget, stretch: bool = False) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    for part in parts:
        row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
    if stretch:
        row.addStretch(1)
    return row


def _sample_page(number: int) -> QImage:
    page = QImage(840, 1188, QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    font = theme.theme("light").font(Role.SECTION, size=34)
    painter.setFont(font)
    painter.drawText(QRectF(0, 150, 840, 60), MIDDLE, "石墙村 15 米挡墙院坝协商共识")
    painter.drawText(QRectF(0, 1060, 840, 40), MIDDLE, f"— {number} —")
    painter.end()
    return page


def _dress(name: str, base: int) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication):
        theme.apply(app, name, base)


def show(arguments: list[str]) -> int:
    """Show the page, or write it as a picture and end; return the exit code."""
    app = QApplication(arguments[:1])
    name, base, picture = (*arguments[1:], *("light", "15", "")[len(arguments) - 1 :])
    theme.begin(app, name, int(base))
    page = Gallery()
    page.resize(round(1500 * int(base) / 15), round(940 * int(base) / 15))
    page.show()
    page.activateWindow()
    page.open_everything()
    if picture:
        QTimer.singleShot(600, _keeps(page, picture))
    return app.exec()


def _keeps(page: QWidget, picture: str) -> Callable[[], None]:
    def keep() -> None:
        page.grab().save(picture)
        QApplication.quit()

    return keep


if __name__ == "__main__":
    sys.exit(show(sys.argv))
