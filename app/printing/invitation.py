"""会议通知 (F5): 主送, when, where, about what, who is asked, whom to ask, and 落款 with room for a seal."""

from app.domain.paper_invitation import Invitation
from app.domain.wording import numeral
from app.printing.compositor import Compositor
from app.printing.page import BODY
from app.printing.pen import Look

ADDRESSED = Look(indent=0, tracking=BODY.tracking)


def compose(paper: Invitation, to: Compositor) -> None:
    """Set a notice of a meeting."""
    to.title(paper.title)
    to.blank(with_next=True)
    to.text(paper.to_whom, ADDRESSED, with_next=True)
    to.text(paper.opening)
    for number, (heading, lines) in enumerate(paper.points, start=1):
        if len(lines) == 1:
            to.text(lines[0], lead=f"{numeral(number)}、{heading}：")
            continue
        to.heading(f"{numeral(number)}、{heading}")
        to.text("\n".join(lines))
    with to.kept():
        to.text(paper.closing)
        to.subscribe(paper.organ, paper.day)
