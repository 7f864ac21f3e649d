"""Rows under each other in a column whose last part is the room left over: taken out and put in anew."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget


def show_rows(column: QVBoxLayout, rows: Sequence[QWidget]) -> None:
    """Show these rows in place of those before; the stretch at the end of the column stays."""
    while column.count() > 1:
        item = column.takeAt(0)
        row = item.widget() if item else None
        if row is not None:
            row.hide()
            row.deleteLater()
    for place, row in enumerate(rows):
        column.insertWidget(place, row)
