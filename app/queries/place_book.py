"""The book of figures: what has been counted of each county, kept so that a page need not count a province again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from app.domain.place_figures import Cell, Figures
from app.ports import Shelf
from app.queries.place_cells import county_cells
from app.queries.place_titles import Title, county_titles

AT_LEAST_EVERY = timedelta(days=1)


class By(StrEnum):
    """By what figures are added up: by the place of a level below, by month, by category, or by year."""

    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    MONTH = "month"
    CATEGORY = "category"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a county had come when it was looked at: how many segments, how many acts of our own, and the last."""

    segments: int
    acts: int
    upto: str

    def words(self) -> str:
        """Return it as it is kept."""
        return f"{self.segments} {self.acts} {self.upto}"


@dataclass(frozen=True, slots=True)
class Counted:
    """When the book was last brought up to date, and up to when records had come in by then."""

    at: datetime
    upto: datetime


class Book(Protocol):
    """Where figures are kept. Every call may come from any thread."""

    def stale(self, counted_before: str = "") -> dict[str, Mark]:
        """Return the counties of which something has come in since they were counted, each with the mark of now; and
        those that were counted before a moment, told as `at` was."""

    def keep(self, county: str, mark: Mark, at: datetime, cells: Sequence[Cell], titles: Sequence[Title]) -> None:
        """Put a county's figures in the place of those before, in one transaction."""

    def sums(self, by: By, within: str = "", since: str = "", until: str = "9999") -> dict[str, Figures]:
        """Return the figures of a place, from one month up to another (both included), added up; what has none is
        not there."""

    def cells(self, within: str, since: str, until: str) -> list[Cell]:
        """Return what was counted, in the order of township, month and category."""

    def counted(self) -> Counted | None:
        """Return how new the book is; None while it is empty."""

    def find(self, query: str, within: str = "", limit: int = 20) -> list[Title]:
        """Return titles that have these words in them, or these letters in their spelling."""


def bring_up_to_date(shelf: Shelf, book: Book, now: datetime, stop: Callable[[], bool] = lambda: False) -> int:
    """Count the counties of which something has come in, until told to stop; return how many were counted.

    Whatever was counted longer than a day ago is counted again: no figure outlives a mistake of ours by more.
    Each county is a transaction of its own: whoever is stopped in the middle goes on with the rest the next time.
    What comes in while one is counted makes it stale again, for its mark is that of the beginning.

    Raises:
        Exception: Some could not be counted, of which this is the first; all others were, before it is told.
    """
    count, failures = 0, list[Exception]()
    for county, mark in sorted(book.stale((now - AT_LEAST_EVERY).isoformat()).items()):
        if stop():
            break
        try:
            book.keep(county, mark, now, county_cells(shelf, county), county_titles(shelf, county))
        except Exception as failure:
            failures.append(failure)
        count += 1
    if failures:
        raise failures[0]
    return count
