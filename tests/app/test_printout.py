"""Which papers tonight needs, how many of each, what came out and what is still to be printed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from app.commands.printout import OwePrintouts, RecordPrintout, ToPrint
from app.commands.sitting import CloseSitting
from app.domain.place import Places
from app.domain.practice import PaperKind, PaperTime, read_practices
from app.domain.printout import Printout
from app.queries.papers import MAKERS, Matter, every_paper
from app.queries.people import register
from app.queries.printout import (
    OwedPaper,
    counted,
    evening_plan,
    owed_of,
    owed_papers,
    printouts_of,
    sheets,
    wanted_copies,
)
from app.queries.sitting import live_sitting

PRACTICES = read_practices(resources.practices())
NOWHERE = Places("")


def matter_of(yard, practice="yuanba"):
    live = yard.desk.ask(live_sitting, yard.sitting_id, yard.desk.ask(register))
    return Matter(live, NOWHERE, PRACTICES[practice])


def due(matter):
    return [paper.kind for paper in evening_plan(matter, every_paper(matter)) if paper.is_due]


def out(paper, copies=1, digest="now", version=0, pages=2, key="x"):
    return Printout(key, "k", "s", paper, version, copies, pages, digest)


def test_while_the_meeting_lasts_only_the_sign_in_sheet_is_due(yard):
    assert due(matter_of(yard)) == ["sign_in_sheet"]


def test_in_the_evening_the_papers_come_in_the_order_of_the_table(yard):
    yard.desk.do(CloseSitting(yard.sitting_id))
    matter = matter_of(yard)

    tonight = due(matter)

    kinds = [MAKERS[kind].rule for kind in tonight]
    assert kinds[:1] == [PaperKind.SIGN_IN]
    assert kinds == sorted(kinds, key=list(PaperKind).index)
    assert {PaperKind.CONSENSUS, PaperKind.ACTION_LIST} <= set(kinds)
    assert all(MAKERS[kind].due(matter.practice) is PaperTime.TONIGHT for kind in tonight)


@pytest.mark.parametrize("code", PRACTICES)
def test_every_practice_is_given_every_paper_of_its_evening_that_can_be_made(yard, code):
    yard.desk.do(CloseSitting(yard.sitting_id))
    matter = matter_of(yard, code)
    made = every_paper(matter)

    wanted = {rule.kind for rule in matter.practice.papers_of(PaperTime.TONIGHT)}
    can_be_made = {MAKERS[kind].rule for kind in made} & wanted

    assert {MAKERS[kind].rule for kind in due(matter)} - {PaperKind.MEDIATION} == can_be_made - {PaperKind.MEDIATION}


def test_what_is_not_due_is_there_as_well_and_what_cannot_be_made_comes_last(yard):
    yard.desk.do(CloseSitting(yard.sitting_id))
    matter = matter_of(yard)
    contents = every_paper(matter)
    contents.pop("action_list")

    plan = evening_plan(matter, contents)

    assert {paper.kind for paper in plan} == set(MAKERS)
    assert [paper.is_due for paper in plan] == sorted((paper.is_due for paper in plan), reverse=True)
    assert not plan[-1].has_content
    assert not next(paper for paper in plan if paper.kind == "action_list").is_due


def test_copies_are_those_of_the_practice_and_none_where_it_does_without(yard):
    matter = matter_of(yard)

    assert wanted_copies("consensus_paper", matter.live, matter.practice) == 2
    assert wanted_copies("consensus_paper", matter.live, PRACTICES["gongzuozhan"]) == 0


def test_what_is_signed_or_posted_is_printed_on_one_side(yard):
    matter = matter_of(yard)
    plan = {paper.kind: paper for paper in evening_plan(matter, every_paper(matter))}

    assert not plan["consensus_paper"].two_sided
    assert not plan["sign_in_sheet"].two_sided
    assert (sheets(3, 2), sheets(3, 2, True), sheets(0, 2)) == (6, 4, 0)


def test_copies_of_an_older_wording_do_not_count(yard):
    yard.desk.do(CloseSitting(yard.sitting_id))
    matter = matter_of(yard)
    plan = evening_plan(matter, every_paper(matter))
    printed = [out("consensus_paper"), out("consensus_paper", digest="before"), out("consensus_paper", pages=0)]

    paper = next(p for p in counted(plan, printed, {"consensus_paper": "now"}) if p.kind == "consensus_paper")

    assert (paper.copies, paper.printed, paper.outdated, paper.left) == (2, 1, 1, 1)


def test_a_sealed_paper_is_counted_by_its_version_whatever_its_bytes(yard):
    plan = [p for p in evening_plan(matter_of(yard), {}) if p.kind == "consensus_paper"]
    printed = [out("consensus_paper", version=2), out("consensus_paper", version=1), out("consensus_paper")]

    paper = counted(plan, printed, {"consensus_paper": "now"}, version=2)[0]

    assert (paper.printed, paper.outdated) == (1, 2)


def test_each_copy_is_noted_and_no_undo_takes_it_back(yard):
    before = yard.desk.deeds()
    for job in ("1", "2"):
        yard.desk.do(RecordPrintout(yard.sitting_id, "consensus_paper", 2, "sum", where="示例打印机", job=job))

    noted = yard.desk.ask(printouts_of, yard.sitting_id)

    assert [(one.paper, one.copies, one.pages, one.where) for one in noted] == [
        ("consensus_paper", 1, 2, "示例打印机")
    ] * 2
    assert noted[0].printed_at is not None
    assert yard.desk.deeds() == before


def test_ctrl_z_after_printing_takes_back_what_was_done_before_it(yard):
    newest = yard.desk.deeds()[0]
    yard.desk.do(RecordPrintout(yard.sitting_id, "consensus_paper", 2, "sum"))

    undone = yard.desk.undo()

    assert undone.title == f"撤销 {newest.title}"
    assert len(yard.desk.ask(printouts_of, yard.sitting_id)) == 1


def test_what_was_not_printed_waits_until_it_comes_out(yard):
    owed = (ToPrint("sign_in_sheet", 1), ToPrint("consensus_paper", 3))
    yard.desk.do(OwePrintouts(yard.sitting_id, owed, "文书"))
    yard.desk.do(RecordPrintout(yard.sitting_id, "consensus_paper", 2, "sum"))

    waiting = yard.desk.ask(owed_papers)

    assert [(one.sitting_id, one.title, one.copies) for one in waiting] == [(yard.sitting_id, "石墙协商", 3)]
    assert waiting[0].papers == (OwedPaper("sign_in_sheet", 1), OwedPaper("consensus_paper", 2))


def test_what_is_no_longer_wanted_does_not_wait(yard):
    yard.desk.do(OwePrintouts(yard.sitting_id, (ToPrint("sign_in_sheet", 1),)))
    yard.desk.do(OwePrintouts(yard.sitting_id, (ToPrint("sign_in_sheet", 0),)))

    assert yard.desk.ask(owed_papers) == ()


KINDS = st.sampled_from(("sign_in_sheet", "consensus_paper"))
NOTES = st.lists(
    st.builds(
        lambda kind, copies, is_out: out(kind, copies, pages=2 if is_out else 0),
        KINDS,
        st.integers(0, 5),
        st.booleans(),
    )
)


@given(NOTES, KINDS, st.integers(1, 5))
def test_noting_a_number_twice_is_noting_it_once_and_printing_it_all_ends_it(notes, kind, copies):
    owed = out(kind, copies, pages=0)

    def waits(printouts):
        return next((paper.copies for paper in owed_of(printouts) if paper.kind == kind), 0)

    assert waits([*notes, owed]) == waits([*notes, owed, owed]) == copies
    assert waits([*notes, owed, *(replace(owed, copies=1, pages=2) for _ in range(copies))]) == 0
