"""The right column in a window of its own, beside an entry line, with 27 of 32 people in the yard."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.commands.attendance import CheckIn
from app.commands.people import RegisterUnit
from app.commands.statement import RecordStatement
from app.domain.people import Role
from app.domain.statement import StatementKind
from app.queries.people import register
from app.queries.sitting import LiveSitting, live_sitting
from tests.hands import Hands
from tests.world import World
from ui.actions import bind
from ui.consultation.issue_column import IssueColumn
from ui.theme import look
from ui.widgets.composing_edit import ComposingLine

KNOWN = {
    "赵某甲": Role.PARTY,
    "钱某乙": Role.PARTY,
    "周某戊": Role.VILLAGE_REP,
    "王某辛": Role.VILLAGE_CADRE,
    "何某子": Role.LINE_DEPT,
    "孙某丙": Role.CPPCC_MEMBER,
    "李某丁": Role.GROUP_HEAD,
}
STEMS = "子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚辛"
ISSUES = ("地界怎么认", "挡墙谁出资", "墙后的水往哪排")
SAID = (
    ("李某丁", StatementKind.PROPOSAL, 2, "两家各出一半工钱；砂石村里砂场有，村集体可以出。"),
    ("孙某丙", StatementKind.PROPOSAL, 3, "墙脚预留三个泄水孔。"),
    ("周某戊", StatementKind.DISSENT, 2, "村集体出砂石，别家修墙是不是也给？得有个说法。"),
    ("王某辛", StatementKind.REPLY, 2, "村集体都按统一办法出砂石，写进村规。"),
)


class Evening:
    """A sitting with 27 of 32 here, some statements, and what the desk would hold of it."""

    def __init__(self, world: World, issues: tuple[str, ...] = ISSUES, here: int = 27) -> None:
        self.world = world
        self.ids = {name: world.villager(name, role) for name, role in KNOWN.items()}
        self.ids |= {f"吕某{STEMS[at]}{at}": world.villager(f"吕某{STEMS[at % 20]}") for at in range(13)}
        self.ids |= {f"施某{at}": world.villager(f"施某{STEMS[at]}") for at in range(12)}
        for unit in ("村委会", "自然资源所"):
            world.desk.do(RegisterUnit(unit))
        everybody = tuple(self.ids.values())
        self.sitting_id = world.sitting(*issues, invited=everybody)
        for person_id in everybody[:here]:
            world.desk.do(CheckIn(self.sitting_id, person_id))
        for name, kind, number, text in (said for said in SAID if said[2] <= len(issues)):
            world.clock.passes(minutes=5)
            world.desk.do(RecordStatement(self.sitting_id, text, self.ids[name], kind, self.issue(number)))

    def live(self) -> LiveSitting:
        return self.world.desk.ask(live_sitting, self.sitting_id, self.world.desk.ask(register))

    def issue(self, number: int) -> str:
        return self.live().issues()[number - 1].id

    def consensus(self, number: int):
        live = self.live()
        return live.consensus_of(live.issues()[number - 1].id)


class Yard(QWidget):
    """A window with the entry line at the left and the column at the right, wired as the desk page does it."""

    def __init__(self, evening: Evening, width: int = 1366, height: int = 694) -> None:
        super().__init__()
        self.setProperty("ground", "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.room = evening.world.room()
        self.said: list[str] = []
        self.room.said.connect(lambda text, _: self.said.append(text))
        self.entry = ComposingLine()
        self.entry.setAccessibleName("发言")
        self.column = IssueColumn(self.room)
        self.column.setFixedWidth(look().px(368))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.entry, 1)
        row.addWidget(self.column)
        self.column.left.connect(self.entry.setFocus)
        self.live = self.room._desk.ask(live_sitting, evening.sitting_id, self.room.register)
        self.room.changed.connect(self._heard)
        bind(
            self,
            {
                "desk.issue": self.column.focus_issue,
                "desk.new_issue": self.column.new_issue,
                "desk.settle": self.column.focus_consensus,
                "desk.assign": self.column.focus_action,
                "undo": lambda: self.room.undo(self),
                "desk.checkin": lambda: self.said.append("签到"),
            },
        )
        self.resize(width, height)

    def _heard(self, changes) -> None:
        touched = self.live.take(changes)
        self.column.show_live(self.live, touched or frozenset({"none"}))


def stand_up(qtbot, evening: Evening, width: int = 1366, height: int = 694) -> tuple[Yard, Hands]:
    """Return the window, shown and with the keyboard in the entry line, and the hands at it."""
    yard = Yard(evening, width, height)
    qtbot.addWidget(yard)
    with qtbot.waitActive(yard):
        yard.show()
        yard.activateWindow()
    yard.entry.setFocus()
    yard.column.show_live(yard.live)
    QApplication.processEvents()
    return yard, Hands(yard)
