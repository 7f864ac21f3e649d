"""A small exchange that really carries: what is to be sent is written to a folder as files, and read from there again.

`gate` holds it between two things, as a slow stick would, until a test opens it. Contests are about topics in the real
home; deciding one is a real act, so that it can be taken back.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from threading import Event

from app.commands.topic import AmendTopic
from app.desk import Command, Desk
from app.domain.errors import StickGone
from app.domain.paper_exchange import ExchangeCheck
from app.domain.topic import Topic
from sync.reach import Reach
from tests.world import BEIJING
from ui.exchange.port import (
    Arrivals,
    Choice,
    ContestView,
    FieldRow,
    How,
    Outgoing,
    Package,
    Preview,
    Progress,
    Row,
    Sent,
    Side,
    Sort,
    Step,
    Stick,
    Stop,
    Synced,
    Taken,
)

MARCH = date(2026, 3, 13)
MEETING = "石墙村 15 米挡墙"
OURS = (
    Row("协商共识（已定稿）", Sort.SEALED, "含签字页 1", MEETING),
    Row("签到表", Sort.SIGN_IN, "27 人", MEETING),
    Row("任务 3 项", Sort.ACTION, "新", MEETING),
    Row("新塘村 任务进展 1 条", Sort.ACTION, "照片 3"),
    Row("新议题 1 条 · 采购农资", Sort.TOPIC, "新"),
    Row("名册 添了 2 人", Sort.PEOPLE, "新"),
    Row("公示 贴出去 1 张", Sort.NOTICE, "新"),
)
THEIRS = (
    Row("四月协商计划 3 场", Sort.PLAN, "已放进工作台"),
    Row("批示 1 条 · “清明客要趁节前议”", Sort.NOTE, "未读"),
)


@dataclass
class Town:
    """What one laptop has to send, and what it has met."""

    desk: Desk
    to_send: list[Row] = field(default_factory=lambda: list(OURS))
    here: list[Stick] = field(default_factory=list)
    sent: list[Package] = field(default_factory=list)
    met: Arrivals = field(default_factory=Arrivals)
    missing: list[str] = field(default_factory=list)
    views: list[Callable[[Topic], ContestView]] = field(default_factory=list)
    gate: Event = field(default_factory=Event)
    breaks: Exception | None = None
    reached: Reach | None = None
    is_settled: Callable[[Topic], bool] = field(default=lambda topic: bool(topic.summary))

    def __post_init__(self) -> None:
        self.gate.set()

    def outgoing(self) -> Outgoing:
        return Outgoing(tuple(self.to_send), len(self.to_send), 3_200_000 * bool(self.to_send), 19)

    def begun_here(self, kind: str, record_id: str) -> bool:
        return True

    def arrivals(self) -> Arrivals:
        return replace(self.met, contests=len(self.contests()))

    def packages(self) -> list[Package]:
        return self.sent

    def reach(self, records: Sequence[str]) -> Reach | None:
        return self.reached

    def gaps(self) -> list[str]:
        return self.missing

    def check(self) -> ExchangeCheck:
        return ExchangeCheck("交换核对单", verdict="本机的7条，示例县全部收到，一条没丢。", levels=("县",))

    def sticks(self) -> list[Stick]:
        return list(self.here)

    def write_to(self, folder: Path, progress: Progress, stop: Stop) -> Sent:
        written = 0
        for row in list(self.to_send):
            if self._is_stopped(progress, stop, row.title, written, len(self.to_send)):
                break
            (folder / f"{written:03}.json").write_text(json.dumps(asdict(row), ensure_ascii=False), "utf-8")
            written += 1
        left = self.to_send[written:]
        sent = Sent(written, len(self.to_send), 19, "县里")
        self.to_send = left
        return sent

    def look(self, folder: Path, progress: Progress, stop: Stop) -> Preview:
        files = sorted(folder.glob("*.json"))
        rows = [Row(**json.loads(file.read_text("utf-8"))) for file in files]
        self._is_stopped(progress, stop, "看一遍", len(rows), len(rows))
        known = {row.title for row in self.met.rows}
        new = [row for row in rows if row.title not in known]
        return Preview("县政协办", len(new), 3 * bool(new), 1 * bool(new), 0, len(rows) - len(new), (), tuple(new))

    def take(self, preview: Preview, progress: Progress, stop: Stop) -> Taken:
        rows = preview.hold
        assert isinstance(rows, tuple)
        self._is_stopped(progress, stop, "一条一条收", len(rows), len(rows))
        self.met = Arrivals("县政协办", datetime(2026, 3, 27, 9, 0, tzinfo=BEIJING), (*self.met.rows, *rows))
        return Taken("县政协办", preview.new, preview.changed, preview.contests, preview.unread)

    def sync(self, address: str, progress: Progress, stop: Stop) -> Synced:
        count = len(self.to_send)
        self._is_stopped(progress, stop, address, count, count)
        self.to_send = []
        return Synced(Sent(count, count, 19, "县里"), None)

    def contests(self) -> list[ContestView]:
        topics = self.desk.ask(lambda shelf: shelf.all(Topic))
        return [view(topic) for topic, view in zip(topics, self.views, strict=False) if not self.is_settled(topic)]

    def decision(self, view: ContestView, choice: Choice, reason: str) -> Command:
        title = view.fields[0].values[choice.side] if choice.how == How.SIDE else choice.how.value
        return AmendTopic(view.record_id, title=title, summary=reason or "没写理由")

    def _is_stopped(self, progress: Progress, stop: Stop, text: str, done: int, of: int) -> bool:
        progress(Step(text, done, of, 6.0))
        self.gate.wait(10)
        if self.breaks is not None:
            error, self.breaks = self.breaks, None
            raise error
        return stop()


def gone() -> StickGone:
    """Return what is raised when somebody pulls the stick."""
    return StickGone("示例U盘")


def packages() -> list[Package]:
    """Return three packages, the newest still on its way to the province."""
    return [
        Package(18, date(2026, 3, 27), 12, "U 盘", {"县": date(2026, 3, 27), "州": date(2026, 3, 27), "省": None}),
        Package(
            17, date(2026, 3, 20), 9, "网络", dict.fromkeys(("县", "州"), date(2026, 3, 20)) | {"省": date(2026, 3, 21)}
        ),
        Package(16, MARCH, 21, "U 盘", {"县": MARCH, "州": date(2026, 3, 16), "省": date(2026, 3, 16)}),
    ]


HERE = Side("本机写的", "本机", "示例干部", "青石乡", datetime(2026, 3, 30, 14, 20, tzinfo=BEIJING))
THERE = Side("县里写的", "县里", "示例科员", "县政协办", datetime(2026, 3, 30, 16, 5, tzinfo=BEIJING))
SHARED = (
    FieldRow("unit", "谁来办", ("村委会 王某辛",) * 2, False),
    FieldRow("share", "分担", ("工钱两户各半，砂石村集体",) * 2, False),
)


def due_contest(topic: Topic) -> ContestView:
    """Return a task of which both have moved the day, with a reason each."""
    return ContestView(
        "topic",
        topic.id,
        "石墙村 · 任务 1　沿确权界线修 15 米挡墙，留三个泄水孔",
        Sort.ACTION,
        (HERE, THERE),
        (
            FieldRow("due", "期限", ("5月10日", "4月25日")),
            *SHARED,
            FieldRow("why", "理由", ("清明前后下雨，砂场 4 月 20 日才开工", "汛期前必须完工")),
        ),
        "4月30日 · 村委会 王某辛",
        "都留着，写成两条进展，期限先空着",
    )


OLD = "挡墙修十五米。留三个泄水孔。工钱两户各半。"
LEFT = "挡墙修十五米，高两米。留三个泄水孔。工钱两户各半。"
RIGHT = "挡墙修十五米。留三个泄水孔。工钱两户各半，五月底付清。"


def text_contest(topic: Topic, right: str = RIGHT) -> ContestView:
    """Return a consensus text in which both have changed a sentence."""
    row = FieldRow("text", "共识正文", (LEFT, right), True, OLD, True)
    return ContestView("topic", topic.id, "石墙村 · 共识第 1 条", Sort.SEALED, (HERE, THERE), (row,))


def removal_contest(topic: Topic) -> ContestView:
    """Return a topic that the county has put into the bin while it was still written on here."""
    there = replace(THERE, is_removal=True)
    row = FieldRow("title", "标题", ("采购农资，先报数", "采购农资"))
    return ContestView("topic", topic.id, "议题 采购农资", Sort.TOPIC, (HERE, there), (row,))
