"""Tables of a Word paper: lists with a header on every page, forms, and 版记 at the foot of its page."""

from collections.abc import Sequence
from itertools import pairwise

from app.office_files.ooxml import Element, border, made, points, run, text_box, told, twips
from app.office_files.word_signing import edges_of
from app.office_files.word_styles import BLANK, TABLE, TABLE_HEAD, StyleSheet
from app.printing.column import Column
from app.printing.paper_pdf import LABEL, VALUE
from app.printing.pen import MM, Look

BOX_NUMBER = 9
OUTER, INNER = 8, 6
"""The rules of 版记 in eighths of a point: 0.35 and 0.25 mm (7.4)."""


def grid(
    styles: StyleSheet, columns: Sequence[Column], rows: Sequence[Sequence[str]], row_mm: float, head_mm: float
) -> Element:
    """Return a list: its header repeated on every page, its rows never split."""
    edges = edges_of([column.width_mm * MM for column in columns])
    widths = [after - before for before, after in pairwise(edges)]
    heads = [column.header for column in columns]
    header = _row(widths, heads, [TABLE_HEAD] * len(columns), twips(head_mm), is_head=True)
    names = [styles.of(column.look) for column in columns]
    lines = [_row(widths, texts, names, twips(row_mm)) for texts in rows]
    return _table(edges, [header, *lines], told("jc", "center"))


def _table(edges: Sequence[int], rows: Sequence[Element], *about: Element) -> Element:
    head = made(
        "tblPr",
        told("tblStyle", TABLE),
        made("tblW", w=edges[-1] - edges[0], type="dxa"),
        *about,
        made("tblLayout", type="fixed"),
    )
    columns = made("tblGrid", *(made("gridCol", w=after - before) for before, after in pairwise(edges)))
    return made("tbl", head, columns, *rows)


def _row(
    widths: Sequence[int], texts: Sequence[str], styles: Sequence[str], least: int, *, is_head: bool = False
) -> Element:
    repeats = told("tblHeader", 1) if is_head else None
    about = made("trPr", told("cantSplit", 1), made("trHeight", val=least, hRule="atLeast"), repeats)
    cells = zip(widths, texts, styles, strict=True)
    return made("tr", about, *(_cell(width, text, style) for width, text, style in cells))


def _cell(width: int, text: str, style: str, span: int = 1) -> Element:
    spans = told("gridSpan", span) if span > 1 else None
    about = made("tcPr", made("tcW", w=width, type="dxa"), spans, told("vAlign", "center"))
    lines = text.splitlines() or [""]
    return made("tc", about, *(_line(line, style) for line in lines))


def _line(text: str, style: str) -> Element:
    return made("p", made("pPr", told("pStyle", style)), run(text) if text else None)


def form(
    styles: StyleSheet, fields: Sequence[Sequence[tuple[str, str]]], room: float, row_mm: float, label_mm: float
) -> Element:
    """Return a form: every row divided evenly, a label and a value in each part."""
    by_row = [_form_edges(len(row), room, label_mm * MM) for row in fields]
    edges = sorted({edge for row in by_row for edge in row})
    looks: tuple[Look, Look] = (LABEL, VALUE)
    names = [styles.of(look) for look in looks]
    rows = []
    for row, own in zip(fields, by_row, strict=True):
        texts = [text for pair in row for text in pair]
        spans = [(after - before, edges.index(after) - edges.index(before)) for before, after in pairwise(own)]
        parts = enumerate(zip(texts, spans, strict=True))
        cells = [_cell(width, text, names[place % 2], span) for place, (text, (width, span)) in parts]
        about = made("trPr", told("cantSplit", 1), made("trHeight", val=twips(row_mm), hRule="atLeast"))
        rows.append(made("tr", about, *cells))
    return _table(edges, rows, made("tblInd", w=0, type="dxa"))


def _form_edges(count: int, room: float, label: float) -> list[int]:
    share = room / count
    starts = (number * share for number in range(count))
    return [*(points(edge) for start in starts for edge in (start, start + label)), points(room)]


def imprint_block(blocks: Sequence[Sequence[Element]], width: float, height: float) -> Element:
    """Return 版记: a box at the foot of the 版心, with rules of 0.35, 0.25 and 0.35 mm as wide as it.

    Rules are lines of their own, for the border of an indented paragraph is as narrow as its text. A box and not a
    table or frame that floats: LibreOffice 7.4 leaves those where they are anchored.
    """
    sizes = [OUTER, *[INNER] * (len(blocks) - 1)]
    lines = [line for size, block in zip(sizes, blocks, strict=True) for line in (_rule(size), *block)]
    drawing = text_box(
        [*lines, _rule(OUTER)], width, height, BOX_NUMBER, across=("margin", "left"), down=("margin", "bottom")
    )
    thin = made("spacing", line=20, lineRule="exact")
    return made("p", made("pPr", told("pStyle", BLANK), thin), made("r", drawing))


def _rule(size: int) -> Element:
    height = made("spacing", line=40, lineRule="exact")
    return made("p", made("pPr", told("pStyle", BLANK), made("pBdr", border("bottom", size)), height))
