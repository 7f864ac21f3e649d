"""Votes add up or are refused in the field, and no voice kept beside a consensus is ever lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands.attendance import Leave, SetRole
from app.commands.consensus import (
    AnswerReservation,
    CorrectReservation,
    DraftConsensus,
    KeepReservation,
    Objection,
    ReopenConsensus,
    SettleConsensus,
)
from app.commands.sitting import CloseSitting
from app.domain.attendance import Attendance
from app.domain.consensus import Consensus, Method, Ratio, Reservation, Result, Tally
from app.domain.errors import IdNumberRefused, Incomplete, StageForbids, VotesDoNotAddUp, VotesMissing
from app.domain.people import Role
from app.domain.sitting import SittingStage
from app.ports import Is

ID_NUMBER = "11010119900307" + "7870"
numbers = st.integers(0, 60)


def settled(yard, **how):
    """Settle the first issue and return what was settled."""
    yard.desk.do(SettleConsensus(yard.issues[0].id, how.pop("text", "以确权图为准"), **how))
    return yard.all(Consensus, Is("issue_id", yard.issues[0].id))[0]


@given(numbers, numbers, numbers, numbers, st.integers(0, 240))
def test_a_tally_is_taken_exactly_when_it_accounts_for_everybody(agree, against, abstain, silent, present):
    tally = Tally(agree, against, abstain, silent)
    total = agree + against + abstain + silent

    if total == present:
        tally.check(present)
    else:
        with pytest.raises(VotesDoNotAddUp if total > present else VotesMissing):
            tally.check(present)


@given(numbers, numbers, numbers)
def test_the_ratio_is_of_those_present(agree, against, abstain):
    tally = Tally(agree, against, abstain)
    everybody = agree + against + abstain

    assert tally.reaches(Ratio.HALF) == (agree > everybody / 2)
    assert tally.reaches(Ratio.TWO_THIRDS) == (agree * 3 >= everybody * 2)
    assert tally.reaches(Ratio.ALL) == (against + abstain == 0)
    assert tally.reaches(Ratio.NONE)


def test_what_is_settled_keeps_words_votes_and_who_was_there(yard):
    consensus = settled(yard, tally=Tally(5, 1, 1))

    assert (consensus.agree, consensus.against, consensus.abstain) == (5, 1, 1)
    assert (consensus.present, consensus.expected) == (7, 7)
    assert consensus.is_settled()
    assert not consensus.is_below_ratio()
    assert yard.sitting.stage == SittingStage.SETTLE
    assert yard.sitting.current_issue_id == yard.issues[1].id


@pytest.mark.parametrize(("tally", "refusal"), [(Tally(8), VotesDoNotAddUp), (Tally(5, 1), VotesMissing)])
def test_votes_that_do_not_add_up_change_nothing(yard, tally, refusal):
    with pytest.raises(refusal, match="到会 7"):
        settled(yard, tally=tally)

    assert yard.all(Consensus) == []
    assert yard.sitting.current_issue_id == yard.issues[0].id


def test_who_left_and_who_does_not_count_has_no_vote(yard):
    first, second = yard.all(Attendance)[:2]
    yard.desk.do(Leave(first.id))
    yard.desk.do(SetRole(second.id, Role.EXPERT, counts=False))

    assert settled(yard, tally=Tally(5)).present == 5


def test_by_households_each_household_has_one_vote(yard):
    consensus = settled(yard, method=Method.HOUSEHOLD_VOTE, tally=Tally(6))

    assert consensus.present == 6


@pytest.mark.parametrize(
    "method", [Method.NO_OBJECTION, Method.HOST_SUMMARY, Method.PARTY_SIGNATURE, Method.CIRCULATION]
)
def test_where_nobody_counts_no_vote_is_forced(yard, method):
    consensus = settled(yard, method=method)

    assert consensus.is_settled()
    assert consensus.tally().total() == 0


@pytest.mark.parametrize("result", [Result.NOT_REACHED, Result.DEFERRED])
def test_what_was_not_reached_is_written_down_without_votes(yard, result):
    consensus = settled(yard, result=result, tally=Tally(3, 4))

    assert (consensus.result, consensus.tally().total()) == (result, 0)


def test_too_few_who_agree_are_marked_and_never_hidden(yard):
    assert settled(yard, tally=Tally(3, 4)).is_below_ratio()


def test_without_words_nothing_is_settled(yard):
    with pytest.raises(Incomplete, match="定了什么还没写"):
        settled(yard, text="  ", tally=Tally(7))


def test_after_the_end_nothing_is_settled(yard):
    yard.desk.do(CloseSitting(yard.sitting_id))

    with pytest.raises(StageForbids):
        settled(yard, tally=Tally(7))


@pytest.mark.parametrize("place", ["text", "objection"])
def test_an_identity_number_is_refused_wherever_it_is_typed(yard, place):
    said = f"找他要，{ID_NUMBER}"
    text = said if place == "text" else "以确权图为准"
    voices = (Objection(None, said),) if place == "objection" else ()

    with pytest.raises(IdNumberRefused):
        settled(yard, text=text, tally=Tally(7), objections=voices)

    assert yard.all(Consensus) == []


def test_a_draft_grows_and_becomes_the_consensus(yard):
    issue = yard.issues[0]
    yard.desk.do(DraftConsensus(issue.id, "两户各担一半"))
    yard.desk.do(DraftConsensus(issue.id, "两户各担一半工钱"))
    (draft,) = yard.all(Consensus)

    consensus = settled(yard, text=draft.text, tally=Tally(7))

    assert consensus.id == draft.id
    assert consensus.text == "两户各担一半工钱"
    assert not yard.desk.do(DraftConsensus(issue.id, "改口")), "a settled one is not a draft"


def test_a_reservation_stays_through_undo_redo_and_reopening(yard):
    voices = (Objection(yard.people["周某戊"], "应先定全村标准"), Objection(None, "   "))
    settled(yard, tally=Tally(6, 1), objections=voices)

    yard.desk.undo()
    yard.desk.redo()
    yard.desk.do(ReopenConsensus(yard.issues[0].id))

    (kept,) = yard.all(Reservation)
    assert (kept.text, kept.person_id) == ("应先定全村标准", yard.people["周某戊"])
    assert yard.sitting.current_issue_id == yard.issues[0].id
    assert not yard.all(Consensus)[0].is_settled()


def test_settling_again_after_undo_uses_the_same_consensus(yard):
    first = settled(yard, tally=Tally(6, 1), objections=(Objection(None, "先定标准"),))
    yard.desk.undo()

    second = settled(yard, tally=Tally(7))

    assert second.id == first.id
    assert len(yard.all(Consensus)) == 1
    assert len(yard.all(Reservation)) == 1


def test_a_reservation_is_answered_and_mended_but_never_emptied(yard):
    consensus = settled(yard, tally=Tally(7))
    kept = yard.made(KeepReservation(consensus.id, "钱怎么用要公开", yard.people["赵某甲"]))

    yard.desk.do(AnswerReservation(kept, "每月贴一次"))
    yard.desk.do(CorrectReservation(replace(yard.get(Reservation, kept), text="钱怎么用要公开栏里贴")))

    mended = yard.get(Reservation, kept)
    assert (mended.text, mended.answer) == ("钱怎么用要公开栏里贴", "每月贴一次")
    with pytest.raises(Incomplete, match="不能改成空的"):
        yard.desk.do(CorrectReservation(replace(mended, text=" ")))
    laid = yard.desk.do(CorrectReservation(replace(mended, standing=0)))
    assert not laid, "there is no way to lay one down"
