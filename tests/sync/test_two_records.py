"""One meeting written on two laptops: all that was said and agreed is on both, each thing once, in one order."""

import pytest

from app.commands.action import AmendAction, AssignAction
from app.commands.attendance import CheckIn
from app.commands.consensus import DraftConsensus, SettleConsensus
from app.commands.issue import RaiseIssue
from app.commands.sitting import CloseSitting
from app.commands.statement import AmendStatement, RecordStatement
from app.domain.action import Action
from app.domain.consensus import Consensus, Result, Tally
from app.domain.paper import ActionList
from app.domain.statement import Statement
from app.ports import Is
from app.queries.action import board, story
from app.queries.paper import action_list
from app.queries.people import register
from app.queries.sitting import LiveSitting, live_sitting, numbered
from db import keep
from tests.db.test_intake import Courier, digests
from tests.world import World


@pytest.fixture
def worlds(tmp_path):
    made = [World(tmp_path / name) for name in "ab"]
    for no, world in enumerate(made):
        world.desk._dice._random.seed(f"secretary {no}")
    yield made
    for world in made:
        assert keep.check(world.home.engine, deep=True).problems == []
        world.close()


@pytest.fixture
def post():
    return Courier()


@pytest.fixture
def sitting(worlds, post) -> str:
    """Prepare one meeting with one issue on laptop a, and let b know of it."""
    a, b = worlds
    sitting = a.sitting("挡墙谁出资", invited=tuple(a.villagers(3)))
    post.meet(a, b)
    return sitting


def live(world: World, sitting: str) -> LiveSitting:
    return world.desk.ask(live_sitting, sitting, world.desk.ask(register))


def first_issue(world: World, sitting: str) -> str:
    return live(world, sitting).issues()[0].id


def said(world: World, sitting: str) -> list[tuple[int, str]]:
    return [(one.number, one.text) for one in live(world, sitting).statements()]


def tasks(world: World, sitting: str) -> ActionList:
    return action_list(live(world, sitting), world.room().places)


def test_what_was_said_at_both_laptops_is_on_both_numbered_once_each(worlds, post, sitting):
    a, b = worlds
    for no in range(3):
        a.desk.do(RecordStatement(sitting, f"甲记的第{no}句。"))
    for no in range(5):
        b.desk.do(RecordStatement(sitting, f"乙记的第{no}句。"))
    post.meet(a, b)

    assert said(a, sitting) == said(b, sitting)
    assert [number for number, _ in said(a, sitting)] == list(range(1, 9))
    assert {text for _, text in said(a, sitting)} == {
        *(f"甲记的第{no}句。" for no in range(3)),
        *(f"乙记的第{no}句。" for no in range(5)),
    }
    assert a.home.postbox.contests() == []
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_a_live_desk_goes_on_counting_after_the_other_laptop_came_in(worlds, post, sitting):
    a, b = worlds
    for world in worlds:
        for no in range(4):
            world.desk.do(RecordStatement(sitting, f"{no}"))
    post.meet(a, b)
    desk = live(a, sitting)
    desk.take(a.desk.do(RecordStatement(sitting, "最后一句。")))

    assert (desk.statements()[-1].number, desk.statements()[-1].text) == (9, "最后一句。")
    assert a.home.shelf.all(Statement, Is("text", "最后一句。"))[0].number == 5


def test_mending_what_is_shown_under_another_number_does_not_write_that_number(worlds, post, sitting):
    a, b = worlds
    for world in worlds:
        world.desk.do(RecordStatement(sitting, "水从哪排"))
        world.desk.do(AssignAction(sitting, "修挡墙"))
    post.meet(a, b)
    shown, task = live(a, sitting).statements()[1], live(a, sitting).actions()[1]
    assert (shown.number, task.number) == (2, 2)
    a.desk.do(AmendStatement(numbered([shown])[0]))
    a.desk.do(AmendAction(task))

    assert a.home.shelf.get(Statement, shown.id).number == 1
    assert a.home.shelf.get(Action, task.id).number == 1


def test_tasks_of_both_laptops_stand_on_one_list_and_every_page_numbers_them_alike(worlds, post, sitting):
    a, b = worlds
    for no in range(2):
        a.desk.do(AssignAction(sitting, f"甲任务{no}"))
        b.desk.do(AssignAction(sitting, f"乙任务{no}"))
    post.meet(a, b)

    assert tasks(a, sitting) == tasks(b, sitting)
    assert sorted(row.task for row in tasks(a, sitting).rows) == ["乙任务0", "乙任务1", "甲任务0", "甲任务1"]
    shown = {one.id: one.number for one in live(a, sitting).actions()}
    assert sorted(shown.values()) == [1, 2, 3, 4]
    assert {one.id: one.number for one in a.desk.ask(board).of()} == shown
    assert {one: a.desk.ask(story, one).action.number for one in shown} == shown


def test_an_issue_raised_at_each_laptop_is_two_issues_in_one_order(worlds, post, sitting):
    a, b = worlds
    a.desk.do(RaiseIssue(sitting, "水往哪排"))
    b.desk.do(RaiseIssue(sitting, "路怎么修"))
    post.meet(a, b)

    told = [[(one.number, one.title) for one in live(world, sitting).issues()] for world in worlds]
    assert told[0] == told[1]
    assert [number for number, _ in told[0]] == [1, 2, 3]
    assert {title for _, title in told[0]} == {"挡墙谁出资", "水往哪排", "路怎么修"}


def test_a_number_that_only_one_has_stays_though_another_was_removed():
    kept = [Statement(f"{no}", "s", no, "话") for no in (1, 3, 3, 7)]

    assert [one.number for one in numbered(kept)] == [1, 3, 4, 7]


@pytest.mark.parametrize("is_same", [True, False], ids=["the same words", "other words"])
def test_one_issue_settled_on_both_laptops_has_one_consensus_and_other_words_are_asked_about(
    worlds, post, sitting, is_same
):
    a, b = worlds
    guest = live(a, sitting).awaited()[0].person_id
    for world, text in ((a, "两家各出一半。"), (b, "两家各出一半。" if is_same else "村里出，两家出工。")):
        world.desk.do(CheckIn(sitting, guest))
        world.desk.do(SettleConsensus(first_issue(world, sitting), text, tally=Tally(agree=1)))
    post.meet(a, b)

    for world in worlds:
        (there,) = world.home.shelf.all(Consensus)
        asked = [field for kind, _, field in world.home.postbox.contests() if kind == "consensus"]
        assert there.result == Result.REACHED
        assert live(world, sitting).settled()[0][1].text == there.text
        assert asked == ([] if is_same else ["text"])
    assert digests([a, b]) == {keep.digest(a.home.engine)}


def test_a_draft_taken_back_is_begun_again_as_the_same_consensus(worlds, post, sitting):
    a, b = worlds
    issue = first_issue(a, sitting)
    first = a.desk.do(DraftConsensus(issue, "各出一半")).changes[0].record_id
    a.desk.undo()
    a.desk.do(DraftConsensus(issue, "村里出"))
    post.meet(a, b)

    for world in worlds:
        assert [(one.id, one.text) for one in world.home.shelf.all(Consensus)] == [(first, "村里出")]
    assert a.home.postbox.contests() == []


def test_both_laptops_may_end_the_meeting_and_nobody_is_asked(worlds, post, sitting):
    a, b = worlds
    for world in worlds:
        world.desk.do(RecordStatement(sitting, "散会。"))
        world.clock.passes(minutes=3)
        world.desk.do(CloseSitting(sitting))
    post.meet(a, b)

    assert all(world.home.postbox.contests() == [] for world in worlds)
    assert live(a, sitting).sitting == live(b, sitting).sitting
