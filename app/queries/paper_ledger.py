"""A list as it is printed: every cell in words."""

from datetime import date, datetime

from app.domain.paper import Imprint
from app.domain.paper_ledger import LedgerHead, LedgerSheet
from app.domain.wording import clock, full_day
from app.queries.ledger_book import Ledger
from app.queries.ledger_columns import Cell, CellKind


def ledger_sheet(ledger: Ledger) -> LedgerSheet:
    """Return a list as a paper."""
    heads = (LedgerHead(one.header, one.width, one.kind != CellKind.TEXT) for one in ledger.columns)
    rows = (*ledger.rows, *((ledger.sums,) if ledger.sums else ()))
    return LedgerSheet(
        ledger.title,
        ledger.unit,
        ledger.about or f"日期：{full_day(ledger.day)}",
        tuple(heads),
        tuple(tuple(map(_said, row)) for row in rows),
        bool(ledger.sums),
        ledger.note,
        ledger.signers,
        ledger.meanings,
        Imprint(number=f"{ledger.day:%Y%m%d}"),
    )


def _said(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return clock(cell)
    if isinstance(cell, date):
        return full_day(cell)
    return "" if cell is None else str(cell)
