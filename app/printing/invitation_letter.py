"""邀请函 (F5): one letter for one guest, whose name is written on the line at its head."""

from app.domain.paper_invitation import InvitationLetter
from app.printing.compositor import Compositor
from app.printing.invitation import ADDRESSED


def compose(paper: InvitationLetter, to: Compositor) -> None:
    """Set a letter of invitation."""
    to.title(paper.title)
    to.blank(with_next=True)
    to.text(paper.to_whom, ADDRESSED, with_next=True)
    to.text("\n".join(paper.paragraphs))
    with to.kept():
        to.text(paper.closing)
        to.subscribe(paper.organ, paper.day)
