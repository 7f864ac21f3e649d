"""任务: what is late stands first, one line writes how it goes, and the old day is never lost."""

import os
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from app.commands.action import AssignAction, FinishAction, NoteProgress, Offer
from app.commands.consensus import SettleConsensus
from app.domain.action import ActionStage, ContributionKind
from app.domain.consensus import Method
from app.domain.people import Role
from tests.hands import Hands
from tests.ui.action_board import headings, shown_tasks
from ui.action.action_list import ActionRow
from ui.action.action_page import ActionPage
from ui.action.squares import Squares

PICTURES = os.environ.get("YUANBA_PICTURES", "")
TASKS = (
    ("停办升学宴、乔迁宴公约上墙", "新塘村委会", date(2026, 3, 27)),
    ("红白事报备单印发到 6 个小组", "乡民政所", date(2026, 3, 29)),
    ("红白理事会重选理事 7 名", "乡党建办", date(2026, 3, 30)),
    ("移风易俗法治宣讲进 3 个小组", "乡司法所", date(2026, 4, 2)),
    ("村规民约修订稿交村民会议表决", "新塘村委会", date(2026, 4, 15)),
    ("文化室桌椅、灶具统一配齐", "县文旅局", None),
    ("特色辣椒订单种植 120 亩", "", date(2026, 4, 30)),
    ("清理乱搭棚、乱堆放 37 处", "新塘村委会", date(2026, 3, 20)),
)


@pytest.fixture
def tasks(world) -> list[str]:
    """Eight tasks of one meeting, the last one done; one more of another village."""
    person = world.villager("李某丁", Role.VILLAGE_CADRE)
    sitting = world.sitting("公约怎么上墙", place_codes=("530502205205",))
    issue = next(iter(world.desk.ask(lambda shelf: shelf.all(_issue())))).id
    settled = world.desk.do(SettleConsensus(issue, text="公约上墙，逐条念过", method=Method.NO_OBJECTION))
    consensus = world.made(settled, "consensus")
    made = []
    for text, unit, due in TASKS:
        offers = (Offer("群众", ContributionKind.LABOUR, "12", "工", person),) if not made else ()
        command = AssignAction(
            sitting, text, consensus_id=consensus, unit_name=unit, person_id=person, due_on=due, offers=offers
        )
        made.append(world.made(world.desk.do(command), "action"))
    world.desk.do(NoteProgress(made[0], "公约定稿，共 9 条，群众会上念过。"))
    world.desk.do(NoteProgress(made[0], "一、二组墙绘做好了；三组老墙要先粉刷。"))
    world.desk.do(FinishAction(made[7], "清完了"))
    other = world.sitting(place_codes=("530502205206",))
    made.append(world.made(world.desk.do(AssignAction(other, "挡墙修 15 米")), "action"))
    return made


def _issue():
    from app.domain.issue import Issue

    return Issue


@pytest.fixture
def page(qtbot, tasks, room):
    return shown_tasks(qtbot, room)


@pytest.fixture
def hands(page) -> Hands:
    return Hands(page)


def rows(page) -> list[ActionRow]:
    told = map(page.rows.told, range(page.rows.rowCount()))
    return [row for row in told if isinstance(row, ActionRow)]


def action(page, at: int, tasks):
    return page.board.actions[tasks[at]]


def past(page) -> str:
    return " ".join(label.text() for label in page.detail.findChildren(QLabel) if label.isVisible())


def test_what_is_late_stands_first_and_what_is_done_last(page):
    assert headings(page) == ["逾期 2", "这周 2", "四月 2", "没定期限 2", "办完了 1"]
    assert rows(page)[0].due == "逾期 3 天"
    assert rows(page)[2].due == "今天"
    assert (rows(page)[0].tone, rows(page)[2].tone) == ("seal", "ochre")


def test_squares_are_the_tasks(page):
    assert page.squares.squares() == ["pine", "seal", "seal"] + [""] * 6
    assert page.squares.accessibleDescription() == "1 项办完，2 项逾期，6 项在办"


def test_many_tasks_share_a_square_and_it_says_so(qtbot):
    squares = Squares()
    qtbot.addWidget(squares)
    squares.show_counts(300, 1, 99)

    assert squares.tasks_per_square == 17
    assert squares.squares().count("seal") == 1
    assert len(squares.squares()) <= 42


def test_one_two_three_change_the_groups_without_ranking_anybody(page, hands, room):
    hands.press("2")
    by_unit = headings(page)
    hands.press("3")
    by_village = headings(page)
    hands.press("1")

    registered = [unit.name for unit in sorted(room.register.units.values(), key=lambda unit: unit.id)]
    assert [words.split()[0] for words in by_unit] == [*registered, "没定单位"]
    assert [words.split()[-1] for words in by_village] == ["8", "1"]
    assert headings(page)[0] == "逾期 2"


def test_arrows_pass_over_headings_and_the_sheet_follows(page, hands, tasks):
    hands.press("↓↓")

    assert page.detail.action.id == tasks[2]
    assert page.detail.due.text == "今天"
    hands.press("jjk")
    assert page.detail.action.id == tasks[3]


def test_the_sheet_tells_agreement_shares_and_the_way_so_far(page, hands):
    told = past(page)

    assert page.detail.title.text() == TASKS[0][0]
    assert page.detail.number.text() == "任务 1 / 8"
    assert page.detail.consensus.text() == "共识第 1 条"
    assert "李某丁 12个工" in told
    assert told.index("三组老墙") < told.index("公约定稿")
    QTest.mouseClick(page.detail.consensus, Qt.MouseButton.LeftButton)
    assert page.detail.agreed.isVisible()
    assert page.detail.agreed.text() == "公约上墙，逐条念过"


def test_enter_goes_to_the_line_and_enter_writes_progress(page, hands, tasks):
    hands.press("↵sanzufenshua↵")

    assert "sanzufenshua" in past(page)
    assert action(page, 0, tasks).stage == ActionStage.IN_PROGRESS
    assert page.detail.entry.line.text() == ""
    hands.press("⎋")
    assert page.list.hasFocus()


def test_done_asks_one_line_in_place_and_moves_the_task(qtbot, page, hands, room, tasks):
    hands.chord(Qt.Key.Key_D, ctrl=True)
    hands.press("↵")
    asked = page.detail.entry.note.text()
    with qtbot.waitSignal(room.said) as said:
        hands.press("qiangzhanghaole↵")

    assert "办得怎么样，写一句" in asked
    assert said.args[1]
    assert action(page, 0, tasks).stage == ActionStage.DONE
    assert headings(page)[-1] == "办完了 2"
    room.undo(page)
    assert headings(page)[0] == "逾期 2"


def test_after_a_task_is_done_the_keys_are_on_the_next_open_one(page, hands, tasks):
    hands.chord(Qt.Key.Key_D, ctrl=True)
    hands.press("haole↵")
    first = page.rows.rows[1].id

    assert page.list.hasFocus()
    assert page.detail.action.id == first != tasks[0]
    hands.press("↓")
    assert page.detail.action.id == page.rows.rows[3].id
    page.enter(tasks[0])
    assert not page.detail.entry.isVisible()


def test_the_last_open_task_done_leaves_the_keys_in_the_list(page, hands, tasks):
    page.enter(page.board.actions[tasks[8]].consultation_id)
    hands.chord(Qt.Key.Key_D, ctrl=True)
    hands.press("haole↵")

    assert page.list.hasFocus()
    assert page.detail.action.id == tasks[8]


def test_half_a_line_of_progress_is_no_part_of_how_it_ended(page, hands, room, tasks):
    hands.press("↵yiban")
    hands.chord(Qt.Key.Key_D, ctrl=True)
    asked = page.detail.entry.line.text()
    hands.press("wanle⎋")
    back = page.detail.entry.line.text()
    hands.chord(Qt.Key.Key_D, ctrl=True)
    hands.press("↵")
    page.enter(tasks[0])
    QApplication.processEvents()

    assert (asked, back) == ("", "yiban")
    assert "wanle" in past(page)
    assert room.jotted(f"action/{tasks[0]}/entry") == "yiban"
    assert room.jotted(f"action/{tasks[0]}/finish") == ""


def test_putting_off_asks_day_and_reason_and_keeps_the_old_day(page, hands, tasks):
    hands.chord(Qt.Key.Key_D, ctrl=True, shift=True)
    hands.press("410")
    echo = page.detail.entry.note.text()
    hands.press("↵↵")
    refused = page.detail.entry.note.text()
    hands.press("xiayu↵")

    assert "4月10日 周五" in echo
    assert "延期要写一句理由" in refused
    assert action(page, 0, tasks).due_on == date(2026, 4, 10)
    assert "延期：原定2026年3月27日，改到2026年4月10日。xiayu" in past(page)


def test_a_day_that_is_none_is_told_under_the_line(page, hands, tasks):
    hands.chord(Qt.Key.Key_D, ctrl=True, shift=True)
    hands.press("431↵")

    assert page.detail.entry.note.text() == "四月只有 30 天"
    hands.press("⎋")
    assert page.detail.entry.question.text() == ""
    assert action(page, 0, tasks).due_on == TASKS[0][2]


def test_half_a_line_of_progress_waits_for_its_task(qtbot, page, hands, room, tasks):
    hands.press("↵yiban⎋↓")
    elsewhere = page.detail.entry.line.text()
    hands.press("↑")

    assert elsewhere == ""
    assert page.detail.entry.line.text() == "yiban"
    assert room.jotted(f"action/{tasks[0]}/entry") == "yiban"


def test_what_lacks_a_day_or_a_unit_is_given_it_in_place(page, hands, tasks, room):
    page.enter(tasks[5])
    page.detail.day.line.setFocus()
    hands.press("yd↵")
    assert action(page, 5, tasks).due_on == date(2026, 3, 31)

    page.enter(tasks[6])
    page.detail.unit.line.setFocus()
    hands.press("xtcwh↵")
    assert room.register.units[action(page, 6, tasks).unit_id].name == "新塘村委会"
    assert action(page, 6, tasks).stage == ActionStage.ASSIGNED


def test_a_unit_nobody_knows_yet_is_registered_by_its_name(page, hands, tasks, room):
    hands.chord(Qt.Key.Key_F2)
    page.detail.unit.line.selectAll()
    page.detail.unit.line.insert("乡农业服务中心")
    hands.press("↵")

    assert room.register.units[action(page, 0, tasks).unit_id].name == "乡农业服务中心"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_one_meeting_is_chosen_by_keys(page, hands, tasks):
    hands.chord(Qt.Key.Key_F, ctrl=True)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QApplication.processEvents()

    assert [row.text for row in rows(page)] == ["挡墙修 15 米"]
    assert page.list.hasFocus()


def test_a_task_or_a_meeting_is_opened_from_elsewhere(page, tasks):
    page.enter(tasks[3])
    assert page.detail.action.id == tasks[3]
    page.enter(page.board.actions[tasks[8]].consultation_id)
    assert len(rows(page)) == 1
    page.enter(tasks[1])
    assert len(rows(page)) == 9
    assert page.detail.action.id == tasks[1]


def test_what_was_assigned_meanwhile_stands_here_on_the_way_back(qtbot, page, room, tasks):
    sitting = page.board.actions[tasks[8]].sitting_id
    page.hide()
    room.do(page, AssignAction(sitting, "排水沟清一遍"))
    qtbot.waitUntil(room.is_saved)

    page.show()
    page.enter()

    assert "排水沟清一遍" in [row.text for row in rows(page)]
    assert len(rows(page)) == 10


def test_no_task_yet_says_so(qtbot, room):
    page = ActionPage(room)
    qtbot.addWidget(page)
    page.show()
    page.enter()
    qtbot.waitUntil(lambda: page.board is not None)

    assert page.empty.isVisible()
    assert page.empty.title.text() == "没有要盯的事"
    assert not page.detail.isVisible()


def test_every_part_one_can_reach_has_a_name(page):
    reachable = [w for w in page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]

    assert reachable
    assert [type(w).__name__ for w in reachable if not w.accessibleName()] == []


@pytest.mark.skipif(not PICTURES, reason="only when somebody wants to look")
@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_picture(page, hands, dressed, theme, tasks):
    dressed(theme)
    page.enter(page.board.actions[tasks[0]].consultation_id)
    QApplication.processEvents()
    page.grab().save(f"{PICTURES}/actions-{theme}.png")
    page.enter(tasks[6])
    page.resize(972, 560)
    hands.chord(Qt.Key.Key_D, ctrl=True, shift=True)
    hands.press("qmq")
    QApplication.processEvents()
    page.grab().save(f"{PICTURES}/actions-off-{theme}.png")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize(("steps", "name"), [(1, "办理反馈（答复）表"), (4, "回访记录")])
def test_the_papers_of_a_task_are_kept_by_keys(qtbot, page, hands, room, tmp_path, steps, name):
    for kind, words in (("feedback_form", "反馈表"), ("revisit_record", "回访记录")):
        page.detail.sheets.sheet(kind, words).folder = tmp_path / "papers"
    said = []
    room.said.connect(lambda words, undo: said.append(words))

    hands.chord(Qt.Key.Key_P, ctrl=True)
    menu = QApplication.activePopupWidget()
    for _ in range(steps):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said))

    (file,) = (tmp_path / "papers").iterdir()
    assert name in file.name
    assert file.suffix == ".pdf"
