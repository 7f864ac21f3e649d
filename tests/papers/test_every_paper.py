"""Every paper of every practice scenario, measured on the finished PDF with a ruler that knows nothing of our numbers.

By default each scenario prints a quarter of the kinds, so that every kind is measured several times;
YUANBA_PAPERS=all prints them all (about 300 papers, a minute).
"""

import os
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta, timezone

import pytest

import resources
from app.domain.place import Places
from app.domain.practice import read_practices
from app.domain.sitting import Sitting
from app.printing import PAPERS, draw, missing_characters
from app.printing.page import PORTRAIT
from app.queries.paper_blanks import calibration
from app.queries.papers import MAKERS, Matter, every_paper
from app.queries.people import register
from app.queries.sitting import live_sitting
from db import keep
from sync.homes import SeededDice
from tests.papers.archive import HAS_RULES, findings
from tests.papers.ruler import Leaf, leaves, signs
from ui.rehearsal import rehearse

NOW = datetime(2026, 3, 30, 10, 42, 18, tzinfo=timezone(timedelta(hours=8)))
ALL = os.environ.get("YUANBA_PAPERS") == "all"
SHARE = 1 if ALL else 4
SHEETS = {(210, 297), (297, 210), (297, 420)}
CLOSING = tuple("，。、；：？！）》」』】〕”’…%‰℃·")
OPENING = tuple("（《「『【〔“‘")
BODY_PT, FOLIO_PT = 16.0, 14.0

OTHER_WORDS = {
    "assignment_slips": "the content holds ids",
    "blank_set": "the content holds a name for lists",
    "dossier_index": "what to do about a gap is said on the screen",
    "public_notice_wall": "the wall says it shorter",
    "public_notice_poster": "the wall says it shorter",
    "invitation_wall": "the wall says it shorter",
    "invitation_poster": "the wall says it shorter",
    "issue_sheet": "each half has a head of its own",
    "confirmation_request": "it holds the agreement it is about",
}
NOT_PRINTED = {"names", "kinds", "attachments", "imprint"}
UNSEEN = {
    "calibration": "needs no meeting; measured by its own test",
    "approval_form": "is about a topic, not a meeting; measured by its own test",
    "exchange_check": "is about packages, not a meeting; measured by its own test",
    "feedback_form": "is about a task, not a meeting; measured by its own test",
    "revisit_record": "is about a task, not a meeting; measured by its own test",
    "ledger_sheet": "is about many meetings; measured by its own test",
    "look_back": "needs an earlier meeting",
    "look_back_wall": "needs an earlier meeting",
}


def printed(home):
    """Yield kind, content and meeting of what is printed of the practice home."""
    places, practices, people = Places(resources.places()), read_practices(resources.practices()), register(home.shelf)
    seen = set()
    for number, sitting in enumerate(home.shelf.all(Sitting, order="id")):
        live = live_sitting(home.shelf, sitting.id, people)
        practice = practices.get(live.consultation.practice) or practices["yuanba"]
        found = every_paper(Matter(live, places, practice, today=NOW.date()))
        for place, kind in enumerate(MAKERS):
            if kind in found and ((place + number) % SHARE == 0 or kind not in seen):
                seen.add(kind)
                yield kind, found[kind]


@pytest.fixture(scope="module")
def papers(tmp_path_factory, fonts):
    home = keep.open_home(tmp_path_factory.mktemp("all") / "home", NOW)
    rehearse(home.shelf, home.ledger, SeededDice("practice"), NOW)
    drawn = []
    for kind, content in [*printed(home), ("calibration", calibration())]:
        pdf = draw(content, fonts)
        drawn.append((kind, content, pdf, leaves(pdf)))
    home.close()
    return drawn


def columns(papers) -> Iterator[tuple[str, list[Leaf]]]:
    """Yield those that are a column of blocks on an upright sheet; cards and posters are no such thing."""
    for kind, _, _, pages in papers:
        if PAPERS[kind].compose is not None and PAPERS[kind].sheet is PORTRAIT:
            yield kind, pages


def words(content: object) -> Iterator[str]:
    """Yield what a content says, from the top."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, tuple):
        for part in content:
            yield from words(part)
    elif is_dataclass(content):
        for field in fields(content):
            if field.name not in NOT_PRINTED:
                yield from words(getattr(content, field.name))


def em(row: str) -> float:
    """Return how many characters wide a line is at the least: a mark may be squeezed to half, Latin is left out."""
    chinese = re.sub("[ -~]", "", row)
    return len(chinese) - sum(sign in (*CLOSING, *OPENING) for sign in chinese) / 2


def test_every_kind_of_paper_is_measured(papers):
    measured = {kind for kind, *_ in papers}

    assert set(PAPERS) - measured <= set(UNSEEN)


def test_sheets_are_a4_or_a3(papers):
    assert {(round(page.width), round(page.height)) for *_, pages in papers for page in pages} <= SHEETS


def test_no_character_comes_nearer_to_the_edge_than_printers_print(papers):
    near = [
        (kind, number, mark.text)
        for kind, _, _, pages in papers
        for number, page in enumerate(pages, start=1)
        for mark in page.marks
        if mark.text.strip()
        and not (mark.left >= 5 and mark.right <= page.width - 5 and mark.top >= 5 and mark.bottom <= page.height - 5)
    ]

    assert near == []


def test_only_lines_to_cut_along_reach_the_edge(papers):
    over = [
        (kind, bounds)
        for kind, _, _, pages in papers
        for page in pages
        for bounds in page.bounds
        if min(bounds[0], bounds[1], page.width - bounds[2], page.height - bounds[3]) < 4.9
        and min(bounds[2] - bounds[0], bounds[3] - bounds[1]) > 1
    ]

    assert over == []


def test_the_body_stands_inside_156_by_225_millimetres(papers):
    outside = [
        (kind, number, mark.text, round(mark.left, 1), round(mark.top, 1))
        for kind, pages in columns(papers)
        for number, page in enumerate(pages, start=1)
        for mark in page.marks
        # A mark at the edge of a line may be squeezed to half its box: its ink then stands inside.
        if mark.text.strip() and 30 < mark.top < 262 and mark.text not in (*CLOSING, *OPENING)
        if not (mark.left >= 27.7 and mark.right <= 184.4)
    ]

    assert outside == []


def test_no_page_has_more_than_22_lines_of_28_characters(papers):
    rows = [page.rows(BODY_PT) for _, pages in columns(papers) for page in pages]

    assert max(len(page) for page in rows) <= 22
    assert max(em(row) for page in rows for row in page) <= 28


def test_no_line_begins_or_ends_with_a_mark_of_the_other_side(papers):
    wrong = [
        (kind, row)
        for kind, pages in columns(papers)
        for page in pages
        for row in page.rows(BODY_PT)
        if len(row) > 1 and (row.startswith(CLOSING) or row.endswith(OPENING))
    ]

    assert wrong == []


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones(papers):
    for kind, pages in columns(papers):
        for number, page in enumerate(pages, start=1):
            dashes = [mark for mark in page.marks if mark.text == "—" and abs(mark.size - FOLIO_PT) < 0.05]
            foot = [mark for mark in dashes if mark.top > 262]
            assert len(foot) == 2, (kind, number)
            assert (max(mark.right for mark in foot) > 170) == (number % 2 == 1), (kind, number)


def test_no_character_is_missing_with_only_the_fonts_we_bring(papers, fonts):
    assert {kind: lacking for kind, content, *_ in papers if (lacking := missing_characters(content, fonts))} == {}
    assert all("〓" not in signs(pages) for *_, pages in papers)


def test_what_the_paper_says_can_be_read_out_of_the_pdf_again(papers):
    lost = {}
    for kind, content, _, pages in papers:
        said = {sign for text in words(content) for sign in text if sign.strip()}
        if kind not in OTHER_WORDS and (missing := said - set(signs(pages))):
            lost[kind] = "".join(sorted(missing))

    assert lost == {}


@pytest.mark.skipif(not HAS_RULES, reason="pikepdf's validator needs jsonschema and referencing")
def test_every_kind_of_paper_is_fit_for_the_archive(papers):
    one_of_each = {kind: pdf for kind, _, pdf, _ in papers}

    assert {kind: found for kind, pdf in one_of_each.items() if (found := findings(pdf))} == {}
