"""司法确认申请书: the parties together ask the court; who they are, what they ask, why, and where they sign."""

from dataclasses import replace

from app.domain.paper_mediation import ConfirmationRequest
from app.printing.compositor import Compositor
from app.printing.mediation_agreement import HEAD, names_of, put_parties
from app.printing.pen import Align, Look

TEXT = Look(size=14.0, pitch=21.5)
FLUSH, NEXT = replace(TEXT, indent=0), replace(TEXT, indent=4)
DAY = replace(TEXT, indent=0, align=Align.RIGHT)


def names(paper: ConfirmationRequest) -> list[str]:
    """Return every name that is kept in one piece."""
    return [*names_of(paper.settlement), *paper.names]


def compose(paper: ConfirmationRequest, to: Compositor) -> None:
    """Set the request."""
    to.title(paper.title)
    to.text("申请人", HEAD, with_next=True)
    put_parties(paper.settlement.parties, to)
    to.text("请求事项", HEAD, with_next=True)
    to.text(paper.request, TEXT)
    to.text("事实和理由", HEAD, with_next=True)
    for line in (*paper.reasons, paper.promise):
        to.text(line, TEXT)
    start = to.mark()
    to.text("此致", TEXT)
    to.text(paper.court, FLUSH)
    for number, annex in enumerate(paper.annexes, start=1):
        to.text(f"附：{number}. {annex}" if number == 1 else f"{number}. {annex}", TEXT if number == 1 else NEXT)
    to.blank(0.3)
    to.sign(paper.signers)
    to.text("申请日期：　　　　年　　月　　日", DAY)
    to.stay_together(start)
