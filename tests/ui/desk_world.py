"""The live desk in a window, with a village and its sitting before it."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.commands.attendance import CheckIn
from app.commands.statement import RecordStatement
from app.domain.people import Role
from app.domain.statement import StatementKind
from app.queries.people import register
from app.queries.sitting import live_sitting
from tests.hands import Hands
from tests.world import World
from ui.consultation.desk_page import DeskPage

LONGEST = 30_000
WHO = (
    ("赵某甲", Role.PARTY, "二组", ""),
    ("钱某乙", Role.PARTY, "三组", ""),
    ("李某丁", Role.GROUP_HEAD, "二组", "二组组长"),
    ("周某戊", Role.VILLAGE_REP, "四组", ""),
    ("王某辛", Role.VILLAGE_CADRE, "", "村支书"),
    ("陈某癸", Role.VILLAGE_REP, "一组", ""),
    ("孙某丙", Role.CPPCC_MEMBER, "", "县政协委员"),
    ("何某子", Role.LINE_DEPT, "", "自然资源所"),
    ("冯某壬", Role.VILLAGER, "一组", ""),
    ("郑某庚", Role.VILLAGER, "二组", ""),
    ("周某庚", Role.VILLAGER, "五组", ""),
)
SAID = (
    ("赵某甲", StatementKind.CLAIM, 1, "去年雨季上边的土滑下来两回，堵了我家后檐沟。墙再不修，今年雨水一来还要塌。"),
    ("钱某乙", StatementKind.OPINION, 1, "地界一直没说清。我不是不肯修，是怕墙一砌，把我家那两尺地砌出去了。"),
    (
        "何某子",
        StatementKind.REPLY,
        1,
        "按 2021 年确权图，界线在老核桃树往东 0.6 米。图带来了，现在就能当面量、当面认。",
    ),
    (
        "李某丁",
        StatementKind.PROPOSAL,
        2,
        "墙就沿量出来的线砌，15 米，两家各出一半工钱；砂石村里砂场有，村集体可以出。",
    ),
    ("孙某丙", StatementKind.PROPOSAL, 3, "墙脚预留三个泄水孔，把上边的水引到村里边沟，免得墙修好了又被水泡垮。"),
    ("周某戊", StatementKind.DISSENT, 2, "村集体出砂石，别家修墙是不是也给？得有个说法。"),
)
ISSUES = ("地界怎么认", "挡墙谁出资", "墙后的水往哪排")


class Village:
    """People of the register by name, and a sitting among them."""

    def __init__(self, world: World, here: int = 0, said: int = 0, is_open: bool = True) -> None:
        self.world = world
        self.ids = {name: world.villager(name, role, group, post=post) for name, role, group, post in WHO}
        self.invited = tuple(self.ids.values())
        self.sitting_id = world.sitting(*ISSUES, invited=self.invited, is_open=is_open)
        for name in list(self.ids)[:here]:
            world.clock.passes(minutes=1)
            world.desk.do(CheckIn(self.sitting_id, self.ids[name]))
        live = self.live()
        for name, kind, number, text in SAID[:said]:
            world.clock.passes(minutes=5)
            issue_id = live.issues()[number - 1].id
            world.desk.do(RecordStatement(self.sitting_id, text, self.ids[name], kind, issue_id))

    def live(self):
        return self.world.desk.ask(live_sitting, self.sitting_id, self.world.desk.ask(register))


def desk(qtbot, room, sitting_id, size=(1312, 694)):
    """Return the page in a window of its own, with the keyboard."""
    page = DeskPage(room)
    qtbot.addWidget(page)
    page.resize(*size)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.enter(sitting_id)
    if sitting_id:
        qtbot.waitUntil(lambda: page.live is not None)
    QApplication.processEvents()
    return page


def hands(page) -> Hands:
    return Hands(page)


def settle(page) -> None:
    """Let everything asked for be answered."""
    for _ in range(LONGEST):
        QTest.qWait(1)
        if not page.room.tasks.is_busy():
            return
    raise AssertionError("never settled")
