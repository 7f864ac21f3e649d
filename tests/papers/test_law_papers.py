"""Mediation, decision and folder papers on paper: they read as they did, fit their pages, and no sign is lacking.

`YUANBA_GOLDEN=1` writes the golden texts anew (look at the pictures before it is believed) and reads every scenario.
"""

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import resources
from app.domain.consultation import Consultation
from app.domain.paper import Issuer
from app.domain.place import Places
from app.domain.practice import read_practices
from app.printing import draw, missing_characters
from app.queries.paper_blanks import calibration
from app.queries.papers import Matter, made
from app.queries.people import register
from app.queries.sitting import live_sitting, sitting_of
from db import keep
from sync.homes import SeededDice
from tests.app.test_mediation import WALL as DISPUTE
from tests.app.test_paper_content import AGREED, GUESTS, ISSUES, PEOPLE, PLACES, TASKS, YUANBA, meeting
from tests.papers.reading import MM, pages, text_of
from ui.pages_of import page_count
from ui.rehearsal import rehearse

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 9, 1, 10, 0, tzinfo=timezone(timedelta(hours=8)))
OURS = (
    "mediation_agreement",
    "oral_agreement",
    "rights_notice",
    "confirmation_request",
    "assignment_slips",
    "decision_forms",
    "dossier_index",
    "blank_set",
)
NEVER_FIRST = "，。、；：？！）》」』】〕”’%"
OF_A_DISPUTE = OURS[:5]


def dispute():
    return Matter(meeting(*DISPUTE), PLACES, YUANBA, Issuer("示例县政协办公室"))


def village():
    records = (*PEOPLE, *GUESTS, *ISSUES, *AGREED, *TASKS)
    return Matter(meeting(*records, expected=12), PLACES, YUANBA, Issuer("示例县政协办公室"))


def paper_of(kind):
    return made(kind, dispute() if kind in OF_A_DISPUTE else village())


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    """Every meeting of the practice data, as papers are made from it."""
    home = keep.open_home(tmp_path_factory.mktemp("scenarios") / "home", NOW)
    rehearse(home.shelf, home.ledger, SeededDice("law papers"), NOW)
    places, practices = Places(resources.places()), read_practices(resources.practices())
    everybody, found = register(home.shelf), []
    for consultation in home.shelf.all(Consultation):
        sitting = sitting_of(home.shelf, consultation.id)
        if sitting is not None:
            live = live_sitting(home.shelf, sitting.id, everybody)
            practice = practices.get(consultation.practice) or practices["yuanba"]
            found.append(Matter(live, places, practice, Issuer("示例县政协办公室"), NOW.date()))
    yield found
    home.close()


@pytest.mark.parametrize("kind", OURS)
def test_papers_read_as_they_did(kind, fonts):
    text, golden = text_of(draw(paper_of(kind), fonts)), GOLDEN / f"{kind}.txt"
    if os.environ.get("YUANBA_GOLDEN"):
        golden.write_text(text + "\n", "utf-8")

    assert text == golden.read_text("utf-8").rstrip("\n")


def test_the_calibration_sheet_reads_as_it_did(fonts):
    text, golden = text_of(draw(calibration(), fonts)), GOLDEN / "calibration.txt"
    if os.environ.get("YUANBA_GOLDEN"):
        golden.write_text(text + "\n", "utf-8")

    assert text == golden.read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize("kind", OURS)
def test_every_scenario_prints_without_a_missing_sign_and_no_line_begins_wrongly(kind, scenarios, fonts):
    papers = [paper for matter in scenarios if (paper := made(kind, matter))]

    assert len(papers) >= 2
    assert all(missing_characters(paper, fonts) == () for paper in papers)
    for paper in papers if os.environ.get("YUANBA_GOLDEN") else papers[-1:]:
        made_pages = pages(draw(paper, fonts))
        assert not [run for page in made_pages for run in _runs(page) if run[0].text in NEVER_FIRST]
        assert all(sign.x1 <= page.width - 15 * MM for page in made_pages for sign in page.signs)


def _runs(page):
    """Return what stands together in a line: a cell, or a line of text."""
    for row in page.rows():
        run = []
        for sign in row:
            if run and sign.x0 - run[-1].x1 > sign.size * 0.8:
                yield run
                run = []
            run.append(sign)
        if run:
            yield run


@pytest.mark.parametrize(
    ("kind", "count"),
    [("rights_notice", 1), ("oral_agreement", 1), ("confirmation_request", 1), ("mediation_agreement", 2)],
)
def test_the_papers_of_a_dispute_between_two_fit_their_pages(kind, count, fonts):
    assert len(pages(draw(paper_of(kind), fonts))) == count


def test_the_rights_are_one_page_in_every_scenario(scenarios, fonts):
    notices = [notice for matter in scenarios if (notice := made("rights_notice", matter))]

    assert len(notices) >= 2
    assert {page_count(draw(notice, fonts)) for notice in notices} == {1}


def test_every_slip_of_every_scenario_is_one_page(scenarios, fonts):
    papers = [paper for matter in scenarios if (paper := made("assignment_slips", matter))]

    assert [page_count(draw(paper, fonts)) for paper in papers] == [len(paper.slips) for paper in papers]


def test_the_six_decision_sheets_are_six_pages_in_every_scenario(scenarios, fonts):
    papers = [paper for matter in scenarios if (paper := made("decision_forms", matter))]

    assert {page_count(draw(paper, fonts)) for paper in papers} == {6}


def test_the_agreement_has_a_place_for_every_finger_and_for_the_seal_on_one_page(fonts):
    paper = paper_of("mediation_agreement")
    last = pages(draw(paper, fonts))[-1]
    sides = [round((frame.x1 - frame.x0) / MM) for frame in last.frames]

    assert sides.count(15) == len(paper.signers)
    assert sides.count(45) == 1


def test_cells_that_are_filled_by_hand_are_ten_millimetres_high(fonts):
    first = pages(draw(paper_of("mediation_agreement"), fonts))[0]

    cells = [frame for frame in first.frames if frame.x1 - frame.x0 > 15 * MM]
    assert len(cells) > 12
    assert min((cell.bottom - cell.top) / MM for cell in cells) >= 10


def test_the_index_is_one_page_and_its_back_another(scenarios, fonts):
    papers = [made("dossier_index", matter) for matter in scenarios]

    assert {page_count(draw(paper, fonts)) for paper in papers} == {2}
    assert {paper.folder.name for paper in papers} == {"调解卷宗", "协商卷宗"}
