"""A column of a table: its header, width, and how its cells look."""

from dataclasses import dataclass

from app.printing.fonts import Style
from app.printing.pen import MM, Align, Look

PADDING = 1.2 * MM


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, width, and how its cells look."""

    header: str
    width_mm: float
    look: Look

    @property
    def room(self) -> float:
        """Return what is left for text, in points."""
        return self.width_mm * MM - 2 * PADDING


def cell_look(size: float, align: Align = Align.LEFT, style: Style = Style.BODY) -> Look:
    """Return how cells of a type size look."""
    return Look(style, size, pitch=round(size * 1.2, 1), indent=0, align=align)
