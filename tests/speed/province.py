"""A province over five years: the overview, a step down, a search; beside one SQL sum over the same roll-ups.

The book of 129 counties is filled from the figures of one (data set L), counted as the server counts them; the records
behind it are those of one county.
"""

import http.client
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, urlsplit

from app.domain.place import Places
from app.domain.place_figures import Cell
from app.queries.place_book import Mark
from app.queries.place_cells import county_cells
from app.queries.place_titles import Title, county_titles
from db.keep import Home, open_home
from db.place_book import SqlBook
from sync.homes import SystemClock
from sync.server.pages.room import Room
from sync.server.pages.site import site
from sync.server.sample import SampleProvince
from sync.server.serving import Pages
from tests.speed.county import EVENING, L, Size, county, room
from tests.speed.figures import Figure, spread, tell, took_ms

COUNTIES = 129
SUM = (
    "SELECT substr(county, 1, 4), sum(planned), sum(taken_up), sum(done) FROM place_cell"
    " WHERE month LIKE '{}-%' GROUP BY 1"
)


def bench(size: Size = L, counties: int = COUNTIES, times: int = 20) -> Iterator[Figure]:
    """Measure counting one county, then the pages over a book of so many."""
    with county(size) as lent, room() as beside:
        home = open_home(lent.folder, EVENING)
        code = next(iter(SqlBook(home.engine, home.ledger).stale()))
        counted: list[float] = [took_ms(lambda: county_cells(home.shelf, code)) for _ in range(3)]
        cells, titles = county_cells(home.shelf, code), county_titles(home.shelf, code)
        home.close()
        yield Figure(
            "a county counted anew", spread(counted).p50, "ms", note=f"{len(cells)} cells, {len(titles)} titles"
        )
        yield from _pages(beside / "home", cells, titles, counties, times)


def _pages(
    folder: Path, cells: tuple[Cell, ...], titles: tuple[Title, ...], counties: int, times: int
) -> Iterator[Figure]:
    home, places = open_home(folder, EVENING), Places(SampleProvince().places())
    book = SqlBook(home.engine, home.ledger)
    codes = [place.code for place in places if len(place.code) == 6][:counties]
    for number, code in enumerate(codes):
        book.keep(
            code, Mark(number, 0, EVENING.isoformat()), EVENING, _moved(cells, code), _retold(titles, code, number)
        )
    year = max(cell.month for cell in cells)[:4]
    floor = spread([_raw(home, year) for _ in range(times)]).p50
    room = Room(home.shelf, book, places, home.seal, SystemClock(), "99")
    with Pages(site(room), ("127.0.0.1", 0)) as pages:
        ask = _asking(pages.url)
        for name, path, budget in (
            ("overview of a province, five years", f"/?year={year}", 1000.0),
            ("a step down to a county", f"/places/{codes[0]}?year={year}", 300.0),
            ("a search by characters", "/search?q=" + quote("挡墙"), 1000.0),
            ("a search for what is nowhere", "/search?q=" + quote("挡猪"), 1000.0),
            ("a search by initials", "/search?q=zzjf", 1000.0),
        ):
            ask(path)
            taken = [ask(path) for _ in range(times)]
            times_ms, sizes = spread([one for one, _ in taken]), taken[0][1]
            what = f"{times_ms}; {sizes / 1000:.0f} kB; {counties} × {len(cells)} cells, {len(titles)} titles"
            yield Figure(name, times_ms.p50, "ms", budget, floor, "one SQL sum over the roll-ups", note=what)
    home.close()


def _asking(url: str) -> Callable[[str], tuple[float, int]]:
    """Return what asks for a page and tells the milliseconds to the first byte, and how large the page is."""

    def ask(path: str) -> tuple[float, int]:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        began = perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        first = (perf_counter() - began) * 1000
        body = answer.read()
        connection.close()
        assert answer.status == 200, (path, answer.status)
        return first, len(body)

    return ask


def _raw(home: Home, year: str) -> float:
    def run() -> object:
        with home.engine.connect() as connection:
            return connection.exec_driver_sql(SUM.format(year)).fetchall()

    return took_ms(run)


def _moved(cells: tuple[Cell, ...], code: str) -> list[Cell]:
    return [replace(cell, township=code + cell.township[6:]) for cell in cells]


def _retold(titles: tuple[Title, ...], code: str, number: int) -> list[Title]:
    return [
        replace(one, record_id=f"{number:04}{one.record_id[4:]}", township=code + one.township[6:]) for one in titles
    ]


if __name__ == "__main__":
    tell(bench())
