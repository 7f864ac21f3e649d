"""人民调解当事人权利义务告知书: on one page, read out before the mediation begins and signed by those who were told."""

from app.domain.paper_mediation import RightsNotice
from app.domain.wording import numeral
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import SMALL_SIZE, Look

TEXT = Look(size=SMALL_SIZE, pitch=15.2, indent=2)
HEAD = Look(Style.HEAD, SMALL_SIZE, pitch=17.0, indent=2)
SOURCE = Look(size=9.0, pitch=12.0, indent=2)


def names(paper: RightsNotice) -> list[str]:
    """Return every name that is kept in one piece."""
    return [signer.name for signer in paper.signers]


def compose(paper: RightsNotice, to: Compositor) -> None:
    """Set the notice."""
    to.title(paper.title)
    to.text(paper.opening, TEXT)
    for place, (heading, lines) in enumerate(paper.points, start=1):
        to.text(f"{numeral(place)}、{heading}", HEAD, with_next=True)
        for number, line in enumerate(lines, start=1):
            to.text(f"（{numeral(number)}）{line}" if len(lines) > 1 else line, TEXT)
    to.blank(0.2)
    to.text(paper.closing, HEAD, with_next=True)
    start = to.mark()
    to.blank(0.2)
    to.sign(paper.signers)
    to.text(paper.source, SOURCE)
    to.stay_together(start)
