"""取数据: every list as CSV, XLSX or JSON, with a description of each column, a date, and terms of use."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.domain.errors import Missing, Refused
from app.domain.wording import full_day
from app.office_files.excel import OPENS_FORMULA, excel
from app.queries.ledger_book import Ledger
from app.queries.ledger_columns import Cell, LedgerColumn
from app.queries.place_lists import LISTS, Asked, OpenList
from sync.server.pages.room import Room, page, room_of
from sync.server.pages.templates import day_words

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TERMS = "可以自由使用、转载，请注明来源和日期；不得用来排名、打分或者追查个人。"
MOST_IN_EXCEL = 100_000
BLOCK = 200
BYTE_ORDER_MARK = "\ufeff"


class TooLongForExcel(Refused):
    """A list has more rows than we put into one Excel file."""

    def __init__(self) -> None:
        super().__init__(f"这张表超过 {MOST_IN_EXCEL:,} 行，Excel 装不下", "", "请取 CSV，或者分县取")


def offered(request: Request) -> Response:
    """Return which lists there are, with what each column holds."""
    room = room_of(request)
    code = room.place(request.query_params.get("place") or room.code)
    told: dict[str, Any] = {
        "lists": LISTS,
        "terms": TERMS,
        "years": room.years(),
        "place": room.places.place(code),
    }
    return page(request, "data.html", tab="data", year=room.year(request), **told)


def taken(request: Request) -> Response:
    """Return one list of a place and year as a file.

    Raises:
        Missing: There is no such list, form or place.
        TooLongForExcel: It does not fit into an Excel file.
    """
    room = room_of(request)
    found = _list(request.path_params["name"])
    code = room.place(request.query_params.get("place") or room.code)
    asked = Asked(room.shelf, room.book, room.places, code, room.year(request, code))
    form = request.path_params["form"]
    name = f"yuanba-{found.name}-{code}-{asked.year}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "csv":
        return StreamingResponse(_as_csv(found, asked), media_type=FORMS[form], headers=headers)
    if form == "json":
        return StreamingResponse(_as_json(room, found, asked), media_type=FORMS[form], headers=headers)
    if form == "xlsx":
        return Response(_as_excel(room, found, asked), media_type=FORMS[form], headers=headers)
    raise Missing("form", form)


def _list(name: str) -> OpenList:
    for one in LISTS:
        if one.name == name:
            return one
    raise Missing("list", name)


def _as_csv(found: OpenList, asked: Asked) -> Iterator[str]:
    """Yield a list in blocks of lines; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.head for column in found.columns])
    yield BYTE_ORDER_MARK + out.getvalue()
    rows = found.rows(asked)
    while some := list(islice(rows, BLOCK)):
        out = io.StringIO()
        csv.writer(out).writerows([[_text(cell) for cell in row] for row in some])
        yield out.getvalue()


def _as_json(room: Room, found: OpenList, asked: Asked) -> Iterator[str]:
    counted = room.book.counted()
    head = {
        "list": found.name,
        "title": found.title,
        "place": {"code": asked.code, "name": asked.places.place(asked.code).display_name},
        "year": asked.year,
        "up_to": counted.upto.isoformat() if counted else None,
        "terms": TERMS,
        "columns": [{"name": one.name, "title": one.head, "description": one.sentence} for one in found.columns],
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    comma = "\n"
    for row in found.rows(asked):
        yield comma + json.dumps([_plain(cell) for cell in row], ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def _as_excel(room: Room, found: OpenList, asked: Asked) -> bytes:
    columns = tuple(LedgerColumn(one.head, one.kind, one.width) for one in found.columns)
    rows = tuple(islice(found.rows(asked), MOST_IN_EXCEL + 1))
    if len(rows) > MOST_IN_EXCEL:
        raise TooLongForExcel
    title = f"{asked.places.place(asked.code).display_name}{asked.year}年{found.title}"
    counted, taken_on = room.book.counted(), full_day(room.today())
    about = f"数据到 {day_words(counted.upto, 'zh')}，{taken_on}取" if counted else f"{taken_on}取"
    meanings = tuple((one.head, one.sentence) for one in found.columns)
    told = (found.title, title, columns, rows, TERMS, room.today(), room.name)
    return excel(Ledger(*told, about=about, meanings=meanings, unit_head="来源"))  # nobody filled it in


def _text(cell: Cell) -> str:
    text = "" if cell is None else str(_plain(cell))
    return f"'{text}" if isinstance(cell, str) and text.startswith(OPENS_FORMULA) else text


def _plain(cell: Cell) -> str | int | None:
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Decimal) else cell
