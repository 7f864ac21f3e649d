"""总览: the figures of one place and year, of what lies beneath it in the order of the table, of months and categories.

Places come in administrative order, never by how much they did: nobody is ranked.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from app.domain.place import Level, Place, Places
from app.domain.place_figures import Figures, total
from app.domain.topic import CATEGORIES
from app.queries.place_book import Book, By

BELOW = {
    Level.PROVINCE: By.PREFECTURE,
    Level.PREFECTURE: By.COUNTY,
    Level.COUNTY: By.TOWNSHIP,
}
NOTHING = Figures()


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place with its figures."""

    place: Place
    figures: Figures


@dataclass(frozen=True, slots=True)
class PlaceOverview:
    """Everything the overview shows. `months` has twelve numbers of meetings; `upto` is how new the figures are.

    `townships` is how many there are, `heard` of how many anything has come in this year.
    """

    place: Place
    year: int
    years: tuple[int, ...]
    whole: Figures
    parts: tuple[PlaceRow, ...]
    months: tuple[int, ...]
    categories: tuple[tuple[str, Figures], ...]
    prefectures: int
    counties: int
    townships: int
    heard: int
    upto: datetime | None


def place_overview(book: Book, places: Places, code: str, year: int) -> PlaceOverview:
    """Return the overview of a place in a year; all is zero where nothing has come in.

    Raises:
        Missing: There is no such place.
    """
    place, since, until = places.place(code), f"{year}-01", f"{year}-12"
    by_month = book.sums(By.MONTH, code, since, until)
    by_category = book.sums(By.CATEGORY, code, since, until)
    counted, beneath = book.counted(), _beneath(places, code)
    return PlaceOverview(
        place,
        year,
        years_of(book, code),
        total(by_month.values()),
        parts_of(book, places, code, year),
        tuple(by_month.get(f"{year}-{month:02}", NOTHING).sittings for month in range(1, 13)),
        tuple((name, by_category[name]) for name in _in_order(by_category)),
        beneath[Level.PREFECTURE],
        beneath[Level.COUNTY],
        beneath[Level.TOWNSHIP],
        len(book.sums(By.TOWNSHIP, code, since, until)),
        counted.upto if counted else None,
    )


def parts_of(book: Book, places: Places, code: str, year: int) -> tuple[PlaceRow, ...]:
    """Return the places directly beneath one with their figures of a year, in the order of the table."""
    place = places.place(code)
    if place.level not in BELOW:
        return ()
    sums = book.sums(BELOW[place.level], code, f"{year}-01", f"{year}-12")
    # A zone or farm that stands among the townships is shown once something has come from it.
    below = [one for one in places.children(code, with_hidden=True) if not one.is_hidden or one.code in sums]
    return tuple(PlaceRow(one, sums.get(one.code, NOTHING)) for one in below)


def years_of(book: Book, code: str) -> tuple[int, ...]:
    """Return the years of which there are figures, the latest first."""
    return tuple(sorted((int(year) for year in book.sums(By.YEAR, code)), reverse=True))


def _in_order(found: dict[str, Figures]) -> list[str]:
    """Return categories in the order of their list; 其他 and those that only a newer version knows come last."""
    known = [name for name in CATEGORIES if name in found and name != "OTHER"]
    return [*known, *sorted(name for name in found if name not in known)]


def _beneath(places: Places, code: str) -> Counter[Level]:
    """Return how many places of each level lie in a place, itself among them."""
    return Counter(one.level for one in places if one.code.startswith(code) and not one.is_hidden)
