"""人民调解口头协议登记表 (F12): the agreement by word of mouth as its mediator wrote it down, on one sheet."""

from app.domain.paper import Signer
from app.domain.paper_mediation import OralAgreement
from app.printing.compositor import Compositor
from app.printing.mediation_agreement import AIR, LABEL_MM, LAW, NUMBER, names_of, party_rows

ROW_MM = 10.0


def names(paper: OralAgreement) -> list[str]:
    """Return every name that is kept in one piece."""
    return [*names_of(paper.settlement), paper.mediators, paper.recorder]


def compose(paper: OralAgreement, to: Compositor) -> None:
    """Set the sheet."""
    told = paper.settlement
    to.title(paper.title)
    to.text(told.number, NUMBER, with_next=True)
    for party in told.parties:
        to.form(party_rows(party), row_mm=ROW_MM, label_mm=LABEL_MM)
    written = (
        ("主要事实\n争议事项", "\n".join(fact for fact in told.facts if fact), 17.0),
        ("协议内容", _listed(told.terms), 20.0),
        ("履行方式\n和期限", _listed(told.performance), 20.0),
        ("调解时间\n地点", "，".join(part for part in (told.day, told.place) if part), 12.0),
        ("记录人", paper.recorder, ROW_MM),
    )
    for label, value, height in written:
        to.form([[(label, value)]], row_mm=height, label_mm=LABEL_MM)
    to.blank(AIR, with_next=True)
    to.text(paper.law_line, LAW, with_next=True)
    to.sign((Signer("人民调解员", paper.mediators),), paper.seals)


def _listed(lines: tuple[str, ...]) -> str:
    if len(lines) < 2:
        return "".join(lines)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
