"""会议公告 on a wall, A3: the same notice as on A4, everything larger by the root of two."""

from dataclasses import replace
from math import sqrt

from app.domain.paper_invitation import InvitationPoster
from app.printing.fonts import Fonts
from app.printing.invitation_wall import WALL, poster_pdf

A3 = replace(WALL, scale=sqrt(2))
SIZES = (48.0, 44.0, 40.0, 36.0, 34.0, 32.0, 30.0, 28.0, 26.0)
"""Before they are enlarged: at the least 26 × 1.41 = 36.8 points."""


def draw(paper: InvitationPoster, fonts: Fonts) -> bytes:
    """Return the PDF, A3."""
    return poster_pdf(paper, paper.poster, paper.imprint, fonts, A3, SIZES)
