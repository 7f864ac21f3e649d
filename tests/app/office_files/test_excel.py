"""Lists as Excel: every cell of its own type, set up to print, and never a formula, whoever wrote what."""

import csv
import io
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.office_files.excel import CUT, MOST_SIGNS, excel
from app.queries.ledger_book import Ledger
from app.queries.ledger_columns import CellKind, LedgerColumn
from tests.papers.office_eye import office

DAY = date(2026, 3, 30)
COLUMNS = (
    LedgerColumn("序号", CellKind.NUMBER, 3),
    LedgerColumn("任务内容", CellKind.TEXT, 12),
    LedgerColumn("区划代码", CellKind.CODE, 8),
    LedgerColumn("完成时限", CellKind.DAY, 7),
    LedgerColumn("到会时间", CellKind.TIME, 5),
    LedgerColumn("备注", CellKind.TEXT, 8),
)
DANGEROUS = (
    *("=1+1", "+86 871", "-2", "@SUM(A1)", "\t=1", "\r=1", "\0=1", '=HYPERLINK("http://x","y")'),
    *("=cmd|' /C calc'!A0", "＝1+1", "{=1}", "|x", "%0A=1", "'=1", "http://example.org/", "mailto:a@b.c"),
)


def ledger(*rows, title="石墙村任务清单", unit="示例县政协", note="只供内部使用", name="清单"):
    return Ledger(name, title, COLUMNS, tuple(rows), note, DAY, unit)


def row(number, text="修墙", code="0532", note=""):
    return (number, text, code, DAY, datetime(2026, 3, 30, 19, 30, tzinfo=timezone(timedelta(hours=8))), note)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def formulas(sheet):
    return [cell.coordinate for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


def test_days_are_days_numbers_numbers_and_codes_keep_their_zeros():
    sheet = opened(excel(ledger(row(1), row(2, code="053262720820"))))

    assert sheet["A4"].value == 1
    assert sheet["D4"].value == datetime(2026, 3, 30)
    assert sheet["D4"].number_format == 'yyyy"年"m"月"d"日"'
    assert sheet["E4"].value.strftime("%H:%M") == "19:30"
    assert (sheet["C4"].value, sheet["C4"].number_format, sheet["C5"].value) == ("0532", "@", "053262720820")


def test_it_is_set_up_as_offices_print_it():
    sheet = opened(excel(ledger(row(1), row(2))))

    assert (sheet["A1"].value, sheet["A2"].value, sheet["D2"].value) == (
        "石墙村任务清单",
        "填报单位：示例县政协",
        "日期：2026年3月30日",
    )
    assert [cell.value for cell in sheet[3]] == [column.header for column in COLUMNS]
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C4", "A3:F5")
    assert sheet["A6"].value == "只供内部使用"


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_begins_as_a_formula_is_text_and_stays_text(text):
    sheet = opened(excel(ledger(row(1, text=text, code=text, note=text), title=text, unit=text, note=text, name=text)))

    assert formulas(sheet) == []
    assert sheet["B4"].data_type == "s"
    assert sheet["B4"].hyperlink is None
    assert sheet["B4"].quotePrefix == text.startswith(tuple("=+-@\t\r\0＝|%"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=8), st.sampled_from("=+-@\t\0\r\n＝"))
def test_no_text_whatever_becomes_a_formula(texts, head):
    rows = [row(number, text=head + text, code=text, note=text) for number, text in enumerate(texts, start=1)]

    sheet = opened(excel(ledger(*rows, title=texts[0], note=head + texts[0])))

    assert formulas(sheet) == []
    assert {cell.data_type for line in sheet.iter_rows(min_row=4, min_col=2, max_col=3) for cell in line} <= {"s", "n"}
    assert all(cell.value is None for line in sheet.iter_rows(min_row=4) for cell in line[1:3] if cell.data_type == "n")


def test_libreoffice_finds_no_formula_in_it_either(tmp_path):
    file = tmp_path / "list.xlsx"
    file.write_bytes(excel(ledger(*(row(at, text=text, note=text) for at, text in enumerate(DANGEROUS, start=1)))))

    desk = office(tmp_path)
    flat = desk.converted([file], "fods")[0].read_text("utf-8")
    told = list(csv.reader(desk.converted([file], "csv")[0].read_text("utf-8").splitlines()))

    assert "table:formula=" not in flat
    assert [line[1] for line in told[3:7]] == ["=1+1", "+86 871", "-2", "@SUM(A1)"]


def test_the_same_list_is_the_same_bytes():
    assert excel(ledger(row(1))) == excel(ledger(row(1)))


def test_a_text_longer_than_a_cell_holds_is_cut_and_says_so():
    sheet = opened(excel(ledger(row(1, text="长" * 40_000))))

    assert sheet["B4"].value.endswith(CUT)
    assert len(sheet["B4"].value) <= MOST_SIGNS


def test_an_empty_list_and_odd_numbers_are_written_too():
    empty = opened(excel(ledger()))
    sheet = opened(excel(ledger((1, None, None, None, None, None), (Decimal("2.5"), "", "", "清明前", None, ""))))

    assert empty["A5"].value == "只供内部使用"
    assert sheet["A5"].value == 2.5
    assert (sheet["D5"].value, sheet["D5"].data_type) == ("清明前", "s")
