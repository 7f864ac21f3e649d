"""The book of figures: kept beside the ledger, counted again where something came in, and thrown away at no loss."""

from datetime import datetime, timedelta

import pytest

from app.commands.topic import AdvanceTopic, RaiseTopic
from app.domain.record import fits
from app.domain.sitting import Sitting
from app.domain.topic import Topic, TopicStage
from app.queries import place_book
from app.queries.place_book import By, bring_up_to_date
from app.queries.place_cells import local_day
from db.keep import open_home
from db.place_book import SqlBook
from tests.db.conftest import NOW
from tests.postgres import open_fresh
from tests.sync.fleet import Fleet

VILLAGE, OTHER = "532627208204", "532626101201"


@pytest.fixture(params=["a file", "a PostgreSQL"])
def home(request, tmp_path):
    home = (open_home if request.param == "a file" else open_fresh)(tmp_path / "home", NOW)
    yield home
    home.close()


@pytest.fixture
def book(home):
    return SqlBook(home.engine, home.ledger)


def planned(desk, village, title="修路"):
    desk.do(RaiseTopic(title, village))
    topic = desk.ask(lambda shelf: shelf.all(Topic, order="-id", limit=1))[0]
    desk.do(AdvanceTopic(topic.id, TopicStage.APPROVED))
    return topic


def test_a_new_book_has_nothing_and_says_so(book):
    assert book.stale() == {}
    assert book.counted() is None
    assert book.sums(By.YEAR) == {}


def test_what_was_written_makes_its_county_stale_until_it_is_counted(home, desk, book):
    planned(desk, VILLAGE)
    assert list(book.stale()) == ["532627"]

    assert bring_up_to_date(home.shelf, book, NOW) == 1

    assert book.stale() == {}
    assert book.sums(By.COUNTY)["532627"].planned == 1
    assert bring_up_to_date(home.shelf, book, NOW) == 0


def test_counting_again_puts_figures_in_the_place_of_those_before(home, desk, book):
    topic = planned(desk, VILLAGE)
    bring_up_to_date(home.shelf, book, NOW)

    desk.undo()
    bring_up_to_date(home.shelf, book, NOW)

    assert book.sums(By.YEAR) == {}
    assert book.find(topic.title) == []


def test_figures_are_added_up_by_place_month_and_year(home, desk, book):
    planned(desk, VILLAGE)
    planned(desk, VILLAGE)
    planned(desk, OTHER)
    bring_up_to_date(home.shelf, book, NOW)

    assert {code: one.planned for code, one in book.sums(By.TOWNSHIP).items()} == {"532626101": 1, "532627208": 2}
    assert {code: one.planned for code, one in book.sums(By.PREFECTURE).items()} == {"5326": 3}
    assert list(book.sums(By.MONTH, "532627")) == ["2026-03"]
    assert book.sums(By.YEAR, since="2027-01") == {}
    assert [cell.township for cell in book.cells("5326", "2026-01", "2026-12")] == ["532626101", "532627208"]


def test_a_stopped_count_goes_on_with_the_rest(home, desk, book):
    planned(desk, VILLAGE)
    planned(desk, OTHER)
    told = iter((False, True))

    assert bring_up_to_date(home.shelf, book, NOW, lambda: next(told)) == 1
    assert len(book.stale()) == 1
    assert bring_up_to_date(home.shelf, book, NOW) == 1


def test_a_county_that_cannot_be_counted_keeps_no_other_from_being_counted(home, desk, book, monkeypatch):
    planned(desk, VILLAGE)
    planned(desk, OTHER)
    count = place_book.county_cells

    def counted(shelf, county):
        if county == OTHER[:6]:
            raise OverflowError
        return count(shelf, county)

    monkeypatch.setattr(place_book, "county_cells", counted)
    assert OTHER < VILLAGE
    with pytest.raises(OverflowError):
        bring_up_to_date(home.shelf, book, NOW)
    monkeypatch.undo()

    assert list(book.sums(By.COUNTY)) == [VILLAGE[:6]]
    assert bring_up_to_date(home.shelf, book, NOW) == 1


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00"])
def test_a_moment_at_the_end_of_all_days_is_in_no_record_and_where_it_is_it_has_a_day(moment):
    """A single laptop could have shut the lists and figures of a whole province with one."""
    assert not fits(Sitting, {"opened_at": moment})
    assert not fits(Topic, {"approved_on": moment[:10]})
    assert fits(Sitting, {"opened_at": "2106-02-07T06:28:15+00:00"})

    assert local_day(datetime.fromisoformat(moment)).isoformat() == moment[:10]


def test_a_whole_round_asks_once_which_counties_are_to_be_counted(home, desk, book, monkeypatch):
    planned(desk, VILLAGE)
    planned(desk, OTHER)
    stale, asked = book.stale, []
    monkeypatch.setattr(book, "stale", lambda before="": asked.append(before) or stale(before))

    assert bring_up_to_date(home.shelf, book, NOW) == 2
    assert len(asked) == 1


@pytest.mark.parametrize("typed", ["修路", "路", "xl", "XL", "xiulu"])
def test_titles_are_found_by_characters_and_by_letters(home, desk, book, typed):
    topic = planned(desk, VILLAGE)
    bring_up_to_date(home.shelf, book, NOW)

    assert [one.record_id for one in book.find(typed)] == [topic.id]
    assert book.find(typed, within="532626") == []


@pytest.mark.parametrize("typed", ["%", "_", "'", "", "   ", "\\"])
def test_signs_of_the_store_stand_for_themselves(home, desk, book, typed):
    planned(desk, VILLAGE)
    bring_up_to_date(home.shelf, book, NOW)

    assert book.find(typed) == []


def test_what_was_counted_longer_than_a_day_ago_is_counted_again(home, desk, book):
    planned(desk, VILLAGE)
    bring_up_to_date(home.shelf, book, NOW)

    assert bring_up_to_date(home.shelf, book, NOW + timedelta(hours=23)) == 0
    assert bring_up_to_date(home.shelf, book, NOW + timedelta(hours=25)) == 1


def test_a_meeting_that_a_neighbour_wrote_down_counts_where_it_was_held(tmp_path):
    fleet = Fleet.known(tmp_path / "fleet")
    planned(fleet.a.desk, VILLAGE)
    fleet.a.writes_to(fleet.stick)
    fleet.county.takes_from(fleet.stick)
    fleet.county.writes_to(fleet.stick)
    fleet.province.takes_from(fleet.stick)
    home = fleet.province.home
    book = SqlBook(home.engine, home.ledger)

    bring_up_to_date(home.shelf, book, fleet.a.clock.now())

    assert book.sums(By.COUNTY)["532627"].planned == 1
    fleet.close()


@pytest.mark.parametrize("typed", ["修", "路", "修路", "路 WiFi", "路 wifi", "杆"])
def test_any_part_of_a_title_is_found(home, desk, book, typed):
    topic = planned(desk, VILLAGE, "修路 WiFi É杆")
    planned(desk, OTHER, "挡墙")
    bring_up_to_date(home.shelf, book, NOW)

    assert [one.record_id for one in book.find(typed)] == [topic.id]
    assert [one.record_id for one in book.find(typed, within="53")] == [topic.id]


@pytest.mark.parametrize("typed", ["修路 挑水", "挑水 修路", "路  杆", "xl 挑水", "修　杆"])
def test_words_are_found_in_any_order_and_with_anything_between(home, desk, book, typed):
    topic = planned(desk, VILLAGE, "修路和挑水的杆")
    planned(desk, VILLAGE, "修路")
    planned(desk, OTHER, "挑水")
    bring_up_to_date(home.shelf, book, NOW)

    assert [one.record_id for one in book.find(typed)] == [topic.id]


@pytest.mark.parametrize("typed", ["修墙", "路挡", "猫", "修路路", "路修"])
def test_signs_that_stand_together_nowhere_are_found_nowhere(home, desk, book, typed):
    planned(desk, VILLAGE, "修路")
    planned(desk, OTHER, "挡墙")
    bring_up_to_date(home.shelf, book, NOW)

    assert book.find(typed) == []


def test_a_county_counted_before_its_signs_were_listed_is_found_all_the_same(home, desk, book):
    topic = planned(desk, VILLAGE, "修路")
    bring_up_to_date(home.shelf, book, NOW)
    with home.ledger.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM place_grams")

    assert [one.record_id for one in book.find("修路")] == [topic.id]
