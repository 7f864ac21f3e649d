"""双语对照宣读单: two columns, item by item, in large type, because it is read aloud in a courtyard at night."""

from app.domain.paper_bilingual import BilingualSheet
from app.printing.column import Column
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.page import DATE_LINE
from app.printing.pen import FOLIO_SIZE, SMALL_SIZE, Align, Look

NOTICE = Look(Style.KAI, SMALL_SIZE, pitch=20.0, indent=2)
PITCH = 1.6
HALF_MM = 78.0
ROW_MM = 16.0


def compose(paper: BilingualSheet, to: Compositor) -> None:
    """Set the sheet."""
    look = Look(Style.BODY, FOLIO_SIZE, FOLIO_SIZE * PITCH, 0, Align.LEFT)
    to.title(paper.title)
    to.text(paper.about, DATE_LINE)
    to.blank(0.5)
    columns = tuple(Column(script, HALF_MM, look) for script in paper.scripts)
    to.table(columns, [(f"{row.heading}\n{row.text}", row.second) for row in paper.rows], row_mm=ROW_MM)
    to.blank(0.5)
    to.text(paper.notice, NOTICE)


def names(paper: BilingualSheet) -> tuple[str, ...]:
    """Return the names kept in one piece."""
    return paper.names
