"""台账 on paper: the list as wide as the sheet, who signs under it, what its columns count on what is left."""

from app.domain.paper_ledger import LedgerHead, LedgerSheet
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import CELL_SIZE, SMALL_SIZE, Align, Look

ROOM = 225.0
"""How wide a table on a sheet turned sideways is, in millimetres."""
NARROWEST = 9.0
TITLE = Look(Style.TITLE, 18.0, 26.0, 0, Align.CENTER)
ABOUT = Look(Style.BODY, SMALL_SIZE, pitch=20.0, indent=0, align=Align.LEFT)
HEAD = Look(Style.HEAD, SMALL_SIZE, 22.0, 0, Align.LEFT)
NOTE = Look(size=SMALL_SIZE, pitch=17.0, indent=0, align=Align.LEFT)
TO_FILL = ("填报日期", "联系电话", "单位盖章")
MANY = 12
"""From so many columns on letters are smaller."""


def compose(paper: LedgerSheet, to: Compositor) -> None:
    """Set a list."""
    to.title(paper.title, TITLE)
    to.ends(f"填报单位：{paper.unit}", paper.about, ABOUT)
    to.table(_columns(paper.columns), paper.rows, row_mm=7.0, keep_last=bool(paper.signers))
    with to.kept():
        to.blank(0.3)
        to.text(paper.note, NOTE)
        if paper.signers:
            to.blank(0.3)
            to.form([[(one, "") for one in paper.signers], [(one, "") for one in TO_FILL]], row_mm=8.0)
    if paper.meanings:
        to.blank(0.5, with_next=True)
        to.text("指标说明", HEAD, with_next=True)
        columns = (Column("指标", 45.0, cell_look(CELL_SIZE)), Column("怎么算", ROOM - 45.0, cell_look(CELL_SIZE)))
        to.table(columns, paper.meanings, row_mm=7.0)


def _columns(heads: tuple[LedgerHead, ...]) -> list[Column]:
    """Return the columns, together as wide as the sheet."""
    size = CELL_SIZE if len(heads) < MANY else CELL_SIZE - 1
    whole = sum(head.width for head in heads)
    wide = [max(NARROWEST, ROOM * head.width / whole) for head in heads]
    over = sum(wide) / ROOM
    looks = [cell_look(size, Align.CENTER if head.is_centred else Align.LEFT) for head in heads]
    return [Column(head.header, width / over, look) for head, width, look in zip(heads, wide, looks, strict=True)]
