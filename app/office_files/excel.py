"""A list as an Excel file: typed cells, a filter, a fixed header, set up to print on A4 sideways, and no formula ever.

Whatever begins as a formula would (= + - @, a tab, NUL) is written as text and marked as text (ASVS 1.2.10, CWE-1236):
even after somebody has edited the cell, Excel does not reckon it.
"""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import Any

import xlsxwriter

from app.domain.wording import full_day
from app.office_files.ooxml import sound
from app.queries.ledger_book import Ledger
from app.queries.ledger_columns import Cell, CellKind, LedgerColumn

MOST_SIGNS = 32_767
"""What a cell of Excel holds."""
CUT = "……（太长，余下见原记录）"
OPENS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "|", "%")
TITLE_ROW, ABOUT_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2, 3
BODY, HEAD, TITLE = "仿宋", "黑体", "方正小标宋简体"
A4 = 9
SIGN, LINE, TALLEST = 2.1, 14.5, 400.0
"""How wide a Chinese character is in the width units of Excel, how high a line in points, and the highest row."""
MADE = datetime(2026, 1, 1)
"""When every file says it was made: the same list is the same bytes."""
PICTURES = {
    CellKind.DAY: 'yyyy"年"m"月"d"日"',
    CellKind.TIME: "hh:mm",
    CellKind.CODE: "@",
    CellKind.TEXT: "@",
    CellKind.NUMBER: "General",
}
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


def excel(ledger: Ledger) -> bytes:
    """Return a list as an Excel file: the same list, the same bytes."""
    out = io.BytesIO()
    never = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": False, **never})
    book.set_properties({"title": sound(ledger.title), "comments": sound(ledger.note), "created": MADE})
    sheet = book.add_worksheet(sound(ledger.name).translate(FORBIDDEN_IN_NAMES)[:31] or "清单")
    _Writer(book, sheet, ledger).write()
    book.close()
    return out.getvalue()


class _Writer:
    """One list on its way into a sheet."""

    def __init__(self, book: Any, sheet: Any, ledger: Ledger) -> None:
        self._book, self._sheet, self._ledger = book, sheet, ledger
        self._formats: dict[tuple[CellKind, bool, bool], Any] = {}
        self._last = len(ledger.columns) - 1
        self._puts: dict[CellKind, Callable[[int, int, Any, CellKind], None]] = {
            CellKind.DAY: self._day,
            CellKind.TIME: self._time,
            CellKind.NUMBER: self._number,
        }

    def write(self) -> None:
        """Write title, unit and day, header, rows and note, and set the sheet up."""
        self._top()
        for row, cells in enumerate(self._ledger.rows, start=FIRST_ROW):
            for column, (cell, about) in enumerate(zip(cells, self._ledger.columns, strict=True)):
                self._put(row, column, cell, about)
            # Told, not left to the program that opens it: LibreOffice and WPS guess the height of wrapped rows apart.
            self._sheet.set_row(row, _height(cells, self._ledger.columns))
        self._sums()
        self._bottom()
        self._set_up()
        self._meanings()

    def _format(self, **how: object) -> Any:
        return self._book.add_format({"font_name": BODY, "font_size": 11, "valign": "vcenter", **how})

    def _top(self) -> None:
        ledger, sheet = self._ledger, self._sheet
        title = self._format(font_name=TITLE, font_size=20, align="center")
        sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, self._last, "", title)
        sheet.write_string(TITLE_ROW, 0, _held(ledger.title), title)
        half = self._last // 2
        about = f"{ledger.unit_head}：{_held(ledger.unit)}"
        for first, last, text, align in (
            (0, half, about, "left"),
            (half + 1, self._last, _held(ledger.about or f"日期：{full_day(ledger.day)}"), "right"),
        ):
            sheet.merge_range(ABOUT_ROW, first, ABOUT_ROW, last, "", self._format(align=align))
            sheet.write_string(ABOUT_ROW, first, text, self._format(align=align))
        header = self._format(font_name=HEAD, align="center", border=1, text_wrap=True)
        for column, about_column in enumerate(ledger.columns):
            sheet.write_string(HEADER_ROW, column, about_column.header, header)
        sheet.set_row(TITLE_ROW, 34)
        sheet.set_row(ABOUT_ROW, 20)
        sheet.set_row(HEADER_ROW, 34)

    @property
    def _end(self) -> int:
        """Return the first row below those of the list."""
        return FIRST_ROW + max(1, len(self._ledger.rows))

    def _sums(self) -> None:
        """Write the sums under the last row, outside the filter: as values, for the list may be cut and pasted."""
        for column, (cell, about) in enumerate(zip(self._ledger.sums, self._ledger.columns, strict=False)):
            self._put(self._end, column, cell, about, is_sum=True)

    def _bottom(self) -> None:
        """Write what the list is and may be used for under its last row, and who answers for it."""
        row = self._end + bool(self._ledger.sums)
        note = self._format(font_size=10, text_wrap=True, align="left")
        self._sheet.merge_range(row, 0, row, self._last, "", note)
        self._sheet.write_string(row, 0, _held(self._ledger.note), note)
        self._sheet.set_row(row, 30)
        if self._ledger.signers:
            signers = "　　　　　　　　".join(f"{one}：" for one in self._ledger.signers)
            line = self._format(align="left")
            self._sheet.merge_range(row + 1, 0, row + 1, self._last, "", line)
            self._sheet.write_string(row + 1, 0, signers, line)
            self._sheet.set_row(row + 1, 30)

    def _meanings(self) -> None:
        """Write on a sheet of its own what each column counts."""
        if not self._ledger.meanings:
            return
        sheet = self._book.add_worksheet("指标说明")
        sheet.set_column(0, 0, 12 * SIGN)
        sheet.set_column(1, 1, 50 * SIGN)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        head = self._format(font_name=HEAD, border=1)
        cell = self._format(border=1, text_wrap=True)
        for row, words in enumerate((("指标", "怎么算"), *self._ledger.meanings)):
            for column, text in enumerate(words):
                sheet.write_string(row, column, _held(text), cell if row else head)

    def _set_up(self) -> None:
        sheet, ledger = self._sheet, self._ledger
        for column, about in enumerate(ledger.columns):
            sheet.set_column(column, column, about.width * SIGN)
        sheet.autofilter(HEADER_ROW, 0, self._end - 1, self._last)
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
        sheet.center_horizontally()
        sheet.set_footer("&C第&P页，共&N页")

    def _put(self, row: int, column: int, cell: Cell, about: LedgerColumn, *, is_sum: bool = False) -> None:
        if cell is None or cell == "":
            self._sheet.write_blank(row, column, None, self._kept(about.kind))
        elif isinstance(cell, str):
            self._text(row, column, cell)
        elif is_sum:
            self._sheet.write_number(row, column, cell, self._kept(about.kind, bold=True))
        else:
            self._puts.get(about.kind, self._as_text)(row, column, cell, about.kind)

    def _kept(self, kind: CellKind, *, marked: bool = False, bold: bool = False) -> Any:
        """Return the format of a kind of cell, made once; `marked` cells stay text whatever is done to them."""
        if (kind, marked, bold) not in self._formats:
            align = "left" if kind == CellKind.TEXT else "center"
            how = {"num_format": PICTURES[kind], "align": align, "border": 1, "text_wrap": True, "bold": bold}
            self._formats[kind, marked, bold] = self._format(**how, **({"quote_prefix": True} if marked else {}))
        return self._formats[kind, marked, bold]

    def _text(self, row: int, column: int, text: str) -> None:
        kind = self._ledger.columns[column].kind
        kind = kind if kind == CellKind.CODE else CellKind.TEXT
        self._sheet.write_string(row, column, _held(text), self._kept(kind, marked=text.startswith(OPENS_FORMULA)))

    def _as_text(self, row: int, column: int, cell: object, _: CellKind) -> None:
        self._text(row, column, str(cell))

    def _day(self, row: int, column: int, cell: date, kind: CellKind) -> None:
        day = cell.date() if isinstance(cell, datetime) else cell
        self._sheet.write_datetime(row, column, datetime(day.year, day.month, day.day), self._kept(kind))

    def _time(self, row: int, column: int, cell: datetime, kind: CellKind) -> None:
        self._sheet.write_datetime(row, column, cell.replace(tzinfo=None), self._kept(kind))

    def _number(self, row: int, column: int, cell: int | Decimal, kind: CellKind) -> None:
        self._sheet.write_number(row, column, cell, self._kept(kind))


def _height(cells: Sequence[Cell], columns: Sequence[LedgerColumn]) -> float:
    """Return how high a row is, in points, for its longest text to be read."""
    texts = ((cell, about.width) for cell, about in zip(cells, columns, strict=True) if isinstance(cell, str))
    lines = max((sum(_lines(part, width) for part in text.split("\n")) for text, width in texts), default=1)
    return min(TALLEST, LINE * lines + 8)


def _lines(text: str, width: int) -> int:
    signs = sum(1 if sign > "\u2e80" else 0.55 for sign in text)
    return max(1, ceil(signs / (width - 0.5)))


def _held(text: str) -> str:
    """Return a text as a cell can hold it: lines kept, no sign XML forbids, cut where Excel would refuse it."""
    text = "\n".join(sound(line) for line in text.splitlines()) if "\n" in text else sound(text)
    return text if len(text.encode("utf-16-le")) // 2 <= MOST_SIGNS else text[: MOST_SIGNS // 2 - len(CUT)] + CUT
