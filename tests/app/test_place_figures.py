"""Figures of places: counted from what meetings wrote, once each, and telling nothing of a single household."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.commands.consensus import SettleConsensus
from app.commands.revisit import RecordRevisit
from app.domain.consensus import Consensus, Method, Result
from app.domain.place import Places
from app.domain.place_figures import FIGURES, NAMES, Figures, total
from app.queries.place_cells import county_cells, is_unanimous, local_day
from app.queries.place_titles import spelt
from tests.app.conftest import NOW

COUNTY = "532627"


def figures(desk):
    return total(cell.figures for cell in desk.ask(county_cells, COUNTY))


def test_a_meeting_counts_on_the_evening_it_was_opened_in_its_township(desk, yard):
    (cell,) = desk.ask(county_cells, COUNTY)

    assert (cell.township, cell.month, cell.figures.sittings) == ("532627208", "2026-03", 1)


def test_households_count_as_every_level_may_know_them_answer_by_answer(desk, yard):
    desk.do(RecordRevisit(yard.sitting.consultation_id, very_satisfied=9, satisfied=4, fair=3, unsure=2))

    found = figures(desk)

    assert (found.households, found.content) == (10 + 5 + 5 + 0, 10 + 5)


def test_what_lies_in_another_county_is_not_counted(desk, yard):
    assert desk.ask(county_cells, "532626") == ()
    assert desk.ask(county_cells, "5326") == desk.ask(county_cells, COUNTY)


def test_every_figure_says_what_it_counts():
    assert tuple(meaning.name for meaning in FIGURES) == NAMES
    assert all(meaning.sentence.endswith("。") for meaning in FIGURES)


def test_unanimous_is_what_everybody_counted_agreed_to_or_nobody_objected_to():
    one = Consensus("a", "s", "i", "好", Method.SHOW_OF_HANDS, Result.REACHED, agree=7, present=7)

    assert is_unanimous(one)
    assert not is_unanimous(Consensus("a", "s", "i", "好", Method.SHOW_OF_HANDS, agree=6, silent=1, present=7))
    assert is_unanimous(Consensus("a", "s", "i", "好", Method.NO_OBJECTION))
    assert not is_unanimous(Consensus("a", "s", "i", "好", Method.HOST_SUMMARY))


def test_an_evening_is_counted_on_its_own_day_whatever_the_server_thinks_of_time():
    assert local_day(NOW.astimezone(tz=None)) == date(2026, 3, 30)


@given(st.lists(st.tuples(*[st.integers(0, 10_000)] * len(NAMES)), max_size=12))
def test_parts_added_up_in_any_order_are_the_whole(rows):
    parts = [Figures(*row) for row in rows]

    assert total(parts) == total(reversed(parts)) == sum(parts, Figures())


def test_a_share_is_told_only_of_twenty_households_and_more():
    assert Figures(households=15, content=15).share_content() is None
    assert Figures(households=20, content=15).share_content() == 75
    assert Figures(households=20, content=25).share_content() == 100


def test_a_title_is_spelt_by_initials_and_in_full():
    words = spelt("破除陈规").split()

    assert "pccg" in words
    assert "pochuchengui" in words


def test_places_of_the_sample_are_a_whole_province():
    from sync.server.sample import COUNTIES, TOWNSHIPS, SampleProvince

    places = Places(SampleProvince().places())
    sizes = [len(place.code) for place in places]

    assert (sizes.count(2), sizes.count(4), sizes.count(6), sizes.count(9)) == (1, 16, COUNTIES, TOWNSHIPS)
    assert all(place.parent == "" or places.get(place.parent) for place in places)


def test_a_settled_issue_counts_as_a_consensus(desk, yard):
    desk.do(SettleConsensus(yard.issues[0].id, "以确权图为准", Method.NO_OBJECTION))
    desk.do(SettleConsensus(yard.issues[1].id, "", Method.HOST_SUMMARY, result=Result.NOT_REACHED))

    assert (figures(desk).consensuses, figures(desk).unanimous) == (1, 1)
