"""A year of a county as Excel (1,500 rows) and the papers of the standard meeting as Word, beside bare loops."""

import io
from collections.abc import Iterator
from datetime import datetime

import docx
import xlsxwriter

import resources
from app.domain.place import Places
from app.domain.practice import read_practices
from app.office_files.excel import excel
from app.office_files.word import word
from app.printing.fonts import Fonts
from app.queries.ledger_book import LISTS, Asked, Book, Ledger
from db.keep import open_home
from tests.speed.county import EVENING, L, Size, county
from tests.speed.figures import Figure, tell, took_ms, usual_ms
from tests.speed.papers import _papers


def bench(size: Size = L, times: int = 3) -> Iterator[Figure]:
    """Gather and write the ledger of meetings, then write papers as Word."""
    asked, places = Asked(EVENING.date(), "示例县政协"), Places(resources.places("53"))
    practices = {code: one.name for code, one in read_practices(resources.practices()).items()}
    with county(size) as lent:
        home = open_home(lent.folder, EVENING)
        made: list[Ledger] = []
        gathered = took_ms(lambda: made.append(LISTS["consultations"](Book(home.shelf, places, practices), asked)))
        home.close()
    ledger = made[0]
    written = usual_ms(lambda: excel(ledger), times)
    rows = f"{len(ledger.rows)} rows of {len(ledger.columns)}"
    yield Figure("ledger of meetings, gathered and written", gathered + written, "ms", 3_000, note=rows)
    yield Figure(
        "the same, written", written, "ms", 3_000, usual_ms(lambda: bare_sheet(ledger), times), "bare XlsxWriter"
    )
    papers, fonts = list(_papers(size).values()), Fonts()
    first = took_ms(lambda: [word(paper, fonts) for paper in papers])
    again = usual_ms(lambda: [word(paper, fonts) for paper in papers], times)
    floor = usual_ms(lambda: bare_document(papers[0].title, 600), times)
    yield Figure("three papers as Word", again, "ms", 1_500, floor, "python-docx, 600 plain paragraphs")
    yield Figure("three papers as Word, the first time", first, "ms", 1_500)


def bare_sheet(ledger: Ledger) -> bytes:
    """Return the same cells written by XlsxWriter alone, as it comes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
    for row, cells in enumerate(ledger.rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell)
            elif isinstance(cell, int):
                sheet.write_number(row, column, cell)
            elif cell is not None:
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
    book.close()
    return out.getvalue()


def bare_document(text: str, paragraphs: int) -> bytes:
    """Return a document of python-docx with plain paragraphs."""
    document, out = docx.Document(), io.BytesIO()
    for _ in range(paragraphs):
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


if __name__ == "__main__":
    tell(bench())
