"""公示 in letters to be read from three metres, A3: as on A4, everything larger by the root of two."""

from dataclasses import replace
from math import sqrt

from app.domain.paper_notice import PublicNoticePoster
from app.printing.fonts import Fonts
from app.printing.public_notice_wall import WALL, put_notice, wall_pdf

A3 = replace(WALL, scale=sqrt(2))
SIZES = (26.0, 24.0, 22.0, 20.0)
"""Before they are enlarged: at the least 20 × 1.41 = 28.3 points."""


def draw(paper: PublicNoticePoster, fonts: Fonts) -> bytes:
    """Return the PDF, A3."""
    return wall_pdf(paper, paper.imprint, fonts, A3, SIZES, lambda to, size: put_notice(paper.notice, to, size))
