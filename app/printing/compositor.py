"""What a paper is set with: blocks from the top, the same calls for print (PDF) and for Word.

A paper's file says what stands where, once; `PaperPdf` sets it strip by strip, `app/office_files` as paragraphs and
tables with styles. What only one of them can do (to keep parts on one page, say) is nothing to the other.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from app.domain.paper import Signer
from app.printing.column import Column
from app.printing.page import BODY
from app.printing.pen import Look


class Compositor(Protocol):
    """Sets a paper. Everything put stands under what was put before."""

    def masthead(self, text: str) -> None:
        """Put the mark of 纪要 or the issuing organ: red, centred, 35 mm under the top of the 版心 (7.2.4, 10.3)."""

    def title(self, text: str, look: Look | None = None) -> None:
        """Put a title, centred and broken by sense; 二号小标宋 unless told otherwise."""

    def text(self, text: str, look: Look = BODY, lead: str = "", *, with_next: bool = False) -> None:
        """Put paragraphs, one for each line of `text`; nothing for empty text. `lead` begins it in 黑体."""

    def heading(self, text: str, level: int = 1) -> None:
        """Put a heading: 一、黑体, （一）楷体, 1. and （1）仿宋. It stays with what follows."""

    def blank(self, lines: float = 1.0, *, with_next: bool = False) -> None:
        """Leave lines blank; at the top of a page they fall away."""

    def rule(self, width_pt: float = 0.5) -> None:
        """Draw a line as wide as the 版心."""

    def red_rule(self) -> None:
        """Draw the red line of an official head, 4 mm under what stands above it (7.2.7)."""

    def ends(self, left: str, right: str, look: Look = BODY) -> None:
        """Put two texts on one line, each a character in from its end: who issues it, and when."""

    def hanging(self, label: str, text: str, *, with_next: bool = False) -> None:
        """Put 出席：, 请假： or 列席： in 黑体, two characters in, and what follows hanging beside it (10.3)."""

    def imprint_block(self, copies: str, organ: str, day: str) -> None:
        """Put 版记 at the foot of the last page: whom it is sent to (抄送：甲，乙。), who issued it, and when (7.4)."""

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        row_mm: float = 8.0,
        head_mm: float = 8.0,
        keep_last: bool = False,
    ) -> None:
        """Put a table: thin grid, header repeated, rows never split; `keep_last` holds the last row to what follows."""

    def form(self, fields: Sequence[Sequence[tuple[str, str]]], *, row_mm: float = 9.0, label_mm: float = 28.0) -> None:
        """Put a form: rows of (label, value) beside each other in a grid; a value left empty is room to write in."""

    def sign(self, signers: Sequence[Signer], seals: Sequence[str] = ()) -> None:
        """Put places to sign and press a finger, two beside each other, then those for seals."""

    def seals(self, places: Sequence[str]) -> None:
        """Put places for seals, three beside each other at most. A seal is never drawn."""

    def subscribe(self, organ: str, day: str, *, sealed: bool = True) -> None:
        """Put 署名 and 成文日期 as 7.3.5 has them: sealed (day four characters from the right), or without a seal."""

    def seal_code(self, text: str, beside: Sequence[str]) -> None:
        """Put the seal code, 55 mm wide, with lines beside it that say what it is; nothing in what is no original."""

    def new_page(self) -> None:
        """Begin a new page."""

    def kept(self) -> AbstractContextManager[None]:
        """Keep everything put inside on one page, as far as one page holds it."""

    def mark(self) -> int:
        """Return a mark of this place, for `stay_together`."""

    def stay_together(self, *marks: int) -> None:
        """Keep all from a mark on to the end on one page: from the first of `marks` that wastes none."""
