"""The return of a county after five years (data set L): counted, written and printed, beside bare reading."""

from collections.abc import Iterator
from datetime import date

import resources
from app.domain.action import Action
from app.domain.consensus import Consensus
from app.domain.consultation import Consultation
from app.domain.place import Places
from app.domain.sitting import Sitting
from app.domain.topic import Topic
from app.office_files.excel import excel
from app.ports import Shelf
from app.printing import draw
from app.printing.fonts import Fonts
from app.queries.paper_ledger import ledger_sheet
from app.queries.return_count import count_return
from app.queries.return_sheet import return_ledger
from db.keep import open_home
from tests.speed.county import EVENING, L, Size, county
from tests.speed.figures import Figure, tell, usual_ms

SINCE, UNTIL = date(2021, 1, 1), date(2026, 12, 31)


def bench(size: Size = L, times: int = 5) -> Iterator[Figure]:
    """Count the return of all five years, which is more than anybody asks for, and take it along."""
    places, fonts = Places(resources.places("53")), Fonts()
    with county(size) as lent:
        home = open_home(lent.folder, EVENING)
        shelf, code = home.shelf, lent.village[:6]
        counted = usual_ms(lambda: count_return(shelf, places, code, SINCE, UNTIL), times)
        floor = usual_ms(lambda: bare(shelf), times)
        found = count_return(shelf, places, code, SINCE, UNTIL)
        home.close()
    told = f"{found.whole.sittings} meetings, {found.whole.villagers} villagers signed in, {len(found.rows)} townships"
    yield Figure("return of a county, counted", counted, "ms", 1_000, floor, "its records read once", note=told)
    columns = [row.code for row in found.rows]
    behind = usual_ms(lambda: [found.behind(code, "consensuses") for code in ("", *columns)], times)
    yield Figure("what stands behind a column of figures", behind / (1 + len(columns)), "ms", 100)
    ledger = return_ledger(found, "示例县政协", EVENING.date())
    yield Figure("return as Excel", usual_ms(lambda: excel(ledger), times), "ms", 1_000)
    yield Figure("return as PDF", usual_ms(lambda: draw(ledger_sheet(ledger), fonts), times), "ms", 1_000)


def bare(shelf: Shelf) -> int:
    """Read the records a return is made of, and count nothing."""
    return sum(len(shelf.all(kind)) for kind in (Topic, Consultation, Sitting, Consensus, Action))


if __name__ == "__main__":
    tell(bench())
