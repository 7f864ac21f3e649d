"""An issue on which something hangs does not go: not by dropping it, not by undo."""

import pytest

from app.commands.action import AssignAction
from app.commands.consensus import Objection, ReopenConsensus, SettleConsensus
from app.commands.issue import DropIssue, RaiseIssue, TakeUpIssue
from app.commands.sitting import CloseSitting
from app.domain.consensus import Consensus, Reservation, Tally
from app.domain.errors import AlreadySettled, ReservationStays, StageForbids
from app.domain.issue import Issue
from app.domain.sitting import Sitting


@pytest.fixture
def settled(yard):
    """The first issue, settled with a reservation and opened again."""
    issue = yard.all(Issue)[0]
    objection = Objection(yard.people["周某戊"], "应先定全村标准")
    yard.desk.do(SettleConsensus(issue.id, "各出一半", tally=Tally(5, 1, 1), objections=(objection,)))
    yard.desk.do(ReopenConsensus(issue.id))
    return issue


def test_a_reservation_keeps_its_issue_on_the_table(yard, settled):
    with pytest.raises(ReservationStays, match="周某戊"):
        yard.desk.do(DropIssue(settled.id))

    assert [kept.text for kept in yard.all(Reservation)] == ["应先定全村标准"]
    assert settled.id in {issue.id for issue in yard.all(Issue)}


def test_undo_stops_before_the_issue_a_reservation_hangs_on(yard):
    raised = yard.desk.do(RaiseIssue(yard.sitting_id, "砂石谁出")).changes[0].record_id
    objection = Objection(yard.people["周某戊"], "不同意")
    yard.desk.do(SettleConsensus(raised, "村里出", tally=Tally(6, 1), objections=(objection,)))
    yard.desk.undo()

    with pytest.raises(ReservationStays):
        yard.desk.undo()

    assert raised in {issue.id for issue in yard.all(Issue)}


def test_a_task_keeps_its_issue_on_the_table(yard):
    issue = yard.all(Issue)[1]
    yard.desk.do(SettleConsensus(issue.id, "各出一半", tally=Tally(7)))
    consensus = next(c for c in yard.all(Consensus) if c.issue_id == issue.id)
    yard.desk.do(AssignAction(yard.sitting_id, "修墙", consensus.id))
    yard.desk.do(ReopenConsensus(issue.id))

    with pytest.raises(AlreadySettled, match="有任务"):
        yard.desk.do(DropIssue(issue.id))


def test_dropping_the_issue_under_discussion_turns_to_another(yard):
    first, second, _ = yard.all(Issue)
    yard.desk.do(TakeUpIssue(first.id))

    yard.desk.do(DropIssue(first.id))

    assert yard.all(Sitting)[0].current_issue_id == second.id


def test_after_the_end_no_issue_is_dropped(yard):
    yard.desk.do(CloseSitting(yard.sitting_id))

    with pytest.raises(StageForbids):
        yard.desk.do(DropIssue(yard.all(Issue)[2].id))
