"""念一遍: large letters, one clause a line, votes and reservations for everybody to see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from app.commands.action import AssignAction, Offer
from app.commands.consensus import DraftConsensus, Objection, SettleConsensus
from app.domain.action import ContributionKind
from app.domain.consensus import Tally
from tests.hands import Hands
from tests.ui.settling import Evening
from tests.world import World
from ui.consultation.readout import SIZES, Count, ReadOut, clauses

WORDS = "两户各担一半工钱，村集体出砂石约 18 方；今后凡协商确定的公共安全挡墙，照此办理。"
CLOSING = "，。、；：？！”’）》"


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def evening(world):
    made = Evening(world)
    world.desk.do(SettleConsensus(made.issue(1), "以确权图为准，当场钉桩。", tally=Tally(27)))
    kept = (Objection(made.ids["周某戊"], "应先定全村标准，再动砂石"),)
    world.desk.do(SettleConsensus(made.issue(2), WORDS, tally=Tally(25, 1, 1), objections=kept))
    offers = (Offer("赵某甲", ContributionKind.SHARE, "50", "%"), Offer("钱某乙", ContributionKind.SHARE, "50", "%"))
    consensus = made.consensus(2)
    world.desk.do(AssignAction(made.sitting_id, "沿确权界线修挡墙", consensus.id, unit_name="村委会", offers=offers))
    return made


@pytest.fixture
def readout(qtbot, evening):
    sheet = ReadOut(evening.world.room(), evening.live(), evening.issue(2))
    with qtbot.waitExposed(sheet):
        sheet.open()
    sheet.resize(1366, 768)
    QApplication.processEvents()
    sheet.setFocus()
    yield sheet
    if isValid(sheet):
        sheet.close()


def test_each_clause_stands_on_its_own_line(readout):
    assert readout.head.text() == "② 挡墙谁出资"
    assert readout.sheet.lines(1240)[:3] == [
        "两户各担一半工钱，",
        "村集体出砂石约 18 方；",
        "今后凡协商确定的公共安全挡墙，照此办理。",
    ]


def test_votes_are_shown_with_strokes_and_every_reservation_is_read(readout):
    counts = [part.accessibleName() for part in readout.findChildren(Count) if part.isVisible()]

    assert counts == ["同意 25", "反对 1", "弃权 1"]
    assert "周某戊 保留：应先定全村标准，再动砂石" in readout.sheet.lines(1240)


def test_keys_go_from_one_to_the_next_and_to_the_tasks(readout):
    hands = Hands(readout)
    hands.press("←")
    assert readout.head.text() == "① 地界怎么认"
    assert readout.place.text() == "共识 1 / 2"
    hands.press("→→␣")

    assert readout.head.text() == "② 挡墙谁出资 任务"
    assert readout.sheet.lines(1240) == ["1  沿确权界线修挡墙", "村委会", "赵某甲 50% · 钱某乙 50%"]
    hands.press("␣")
    assert readout.head.text() == "② 挡墙谁出资"


def test_letters_grow_and_stay_so_next_time(readout, evening):
    hands = Hands(readout)
    hands.press("+++++")
    assert readout.sheet.size_px == SIZES[-1]
    hands.press("-")
    again = ReadOut(readout.room, evening.live())

    assert again.sheet.size_px == SIZES[-2]


def test_escape_goes_back(readout, qtbot):
    gone = []
    readout.destroyed.connect(lambda: gone.append(True))
    Hands(readout).press("⎋")
    qtbot.waitUntil(lambda: bool(gone))


def test_a_draft_says_that_it_is_one_and_shows_no_votes(qtbot, evening):
    evening.world.desk.do(DraftConsensus(evening.issue(3), "墙脚留三个泄水孔"))
    sheet = ReadOut(evening.world.room(), evening.live(), evening.issue(3))
    qtbot.addWidget(sheet)

    assert sheet.sheet.lines(1240) == ["墙脚留三个泄水孔", "还没定，这是草稿"]
    assert sheet.findChildren(Count) == []


def test_nobody_need_hold_the_sheet(qtbot, evening):
    ReadOut(evening.world.room(), evening.live()).open()

    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, ReadOut) and w.isVisible()]
    assert len(shown) == 1
    shown[0].close()


@pytest.mark.parametrize("look", ["light", "dark", "sun"])
def test_it_can_be_read_in_every_look(readout, dressed, look):
    dressed(look)

    assert readout.sheet.lines(1240)[0] == "两户各担一半工钱，"
    assert readout.focusPolicy() == Qt.FocusPolicy.StrongFocus


@given(st.text(alphabet="工钱墙十八方甲乙15 ，。、；：？！”）", max_size=60))
def test_no_clause_is_lost_and_none_begins_with_a_closing_mark(text):
    found = clauses(text)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(clause[0] not in CLOSING for clause in found[1:])
