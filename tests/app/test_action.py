"""A task says who does what by when, and how it went."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.commands.action import (
    AmendAction,
    AssignAction,
    ExtendAction,
    FinishAction,
    NoteProgress,
    Offer,
    RemoveAction,
)
from app.domain.action import Action, ActionStage, Contribution, ContributionKind, Progress, share_missing
from app.domain.errors import Incomplete, StageForbids
from app.domain.unit import Unit
from app.ports import Is

HALF = ContributionKind.SHARE


@pytest.fixture
def wall(yard):
    """A task with unit, day and two halves."""
    offers = (Offer("赵某甲", HALF, "50", "%"), Offer("钱某乙", HALF, "50", "%"))
    yard.desk.do(
        AssignAction(yard.sitting_id, "修 15 米挡墙", unit_name="村委会", due_on=date(2026, 4, 30), offers=offers)
    )
    return yard.all(Action)[0]


def lines(yard, action):
    return yard.all(Progress, Is("action_id", action.id), order="id")


def test_with_unit_and_day_a_task_is_assigned_without_them_a_draft(yard, wall):
    draft = yard.made(AssignAction(yard.sitting_id, "雨后验墙"))

    assert (wall.stage, wall.lacks()) == (ActionStage.ASSIGNED, ())
    assert yard.get(Action, draft).stage == ActionStage.DRAFT
    assert yard.get(Action, draft).lacks() == ("责任单位", "期限")
    yard.desk.do(AmendAction(replace(yard.get(Action, draft), due_on=date(2026, 6, 1)), unit_name="村委会"))
    assert yard.get(Action, draft).stage == ActionStage.ASSIGNED
    assert len(yard.all(Unit)) == 1, "a unit met before is not registered again"


def test_tasks_are_numbered_through_the_consultation(yard, wall):
    yard.desk.do(AssignAction(yard.sitting_id, "雨后验墙"))

    assert [action.number for action in yard.all(Action, order="number")] == [1, 2]


def test_shares_that_lack_something_to_a_hundred_are_told(yard, wall):
    brought = tuple(yard.all(Contribution))
    assert share_missing(brought) == 0

    yard.desk.do(
        AmendAction(
            wall, offers=(Offer("赵某甲", HALF, "37.5", "%"), Offer("村集体", ContributionKind.MATERIAL, "18", "方"))
        )
    )

    assert share_missing(tuple(yard.all(Contribution))) == Decimal("62.5")
    yard.desk.undo()
    assert {part.party for part in yard.all(Contribution)} == {"赵某甲", "钱某乙"}


def test_a_task_must_say_what_is_to_be_done(yard, wall):
    for nothing in (AssignAction(yard.sitting_id, " "), AmendAction(replace(wall, text=""))):
        with pytest.raises(Incomplete, match="做什么还没写"):
            yard.desk.do(nothing)


def test_removed_with_its_contributions_and_brought_back_with_them(yard, wall):
    yard.desk.do(RemoveAction(wall.id))
    assert (yard.all(Action), yard.all(Contribution)) == ([], [])

    yard.desk.undo()
    assert yard.all(Action) == [wall]
    assert len(yard.all(Contribution)) == 2


def test_progress_moves_the_stage_and_every_line_stays(yard, wall):
    yard.desk.do(NoteProgress(wall.id, "石料到了", ActionStage.ACCEPTED))
    yard.desk.do(NoteProgress(wall.id, "等雨季过", ActionStage.BLOCKED))
    with pytest.raises(Incomplete):
        yard.desk.do(NoteProgress(wall.id, ""))

    assert [line.text for line in lines(yard, wall)] == ["石料到了", "等雨季过"]
    assert yard.get(Action, wall.id).stage == ActionStage.BLOCKED


def test_done_needs_a_line_and_is_done_once(yard, wall, desk_clock):
    with pytest.raises(Incomplete, match="办得怎么样"):
        yard.desk.do(FinishAction(wall.id, ""))
    yard.desk.do(FinishAction(wall.id, "墙砌好了"))

    done = yard.get(Action, wall.id)
    assert (done.stage, done.done_on) == (ActionStage.DONE, desk_clock.moment.date())
    with pytest.raises(StageForbids, match="已销号"):
        yard.desk.do(FinishAction(wall.id, "再办一次"))


def test_a_later_day_needs_a_reason_and_the_old_day_stays_in_the_line(yard, wall):
    with pytest.raises(Incomplete, match="延期要写一句理由"):
        yard.desk.do(ExtendAction(wall.id, date(2026, 5, 20), " "))
    yard.desk.do(ExtendAction(wall.id, date(2026, 5, 20), "连下半月雨"))

    assert yard.get(Action, wall.id).due_on == date(2026, 5, 20)
    assert "2026年4月30日" in lines(yard, wall)[0].text


def test_overdue_is_the_day_after_and_never_once_it_is_done(yard, wall):
    assert not wall.is_overdue(wall.due_on)
    assert wall.is_overdue(wall.due_on + timedelta(days=1))
    yard.desk.do(FinishAction(wall.id, "墙砌好了"))
    assert not yard.get(Action, wall.id).is_overdue(wall.due_on + timedelta(days=1))
    assert not replace(wall, due_on=None).is_overdue(date(2099, 1, 1))
