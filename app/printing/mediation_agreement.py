"""人民调解协议书 (F11): who the parties are, what was in dispute, what was agreed, how and by when; signed and sealed.

What is not kept about people (sex, nationality, age, occupation) is a cell to write in by hand.
"""

from app.domain.paper_mediation import MediationAgreement, Party, Settlement
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.pen import SMALL_SIZE, Align, Look
from app.printing.seal_words import seal_words

NUMBER = Look(Style.BODY, 14.0, pitch=26.0, indent=0, align=Align.RIGHT)
HEAD = Look(Style.HEAD, 14.0, pitch=24.0)
TEXT = Look(size=14.0, pitch=23.0)
LAW = Look(size=SMALL_SIZE, pitch=17.0, indent=2)
ROW_MM = 10.5
AIR = 0.3
LABEL_MM = 18.0
WRITE_MM = 26.0


def names(paper: MediationAgreement) -> list[str]:
    """Return every name that is kept in one piece."""
    return names_of(paper.settlement) + [signer.name for signer in paper.signers]


def names_of(settlement: Settlement) -> list[str]:
    """Return the names in what is told."""
    sides = [name for party in settlement.parties for name in (party.name, *party.household)]
    return [*settlement.names, *sides]


def compose(paper: MediationAgreement, to: Compositor) -> None:
    """Set a mediation agreement."""
    told = paper.settlement
    to.title(paper.title)
    to.text(told.number, NUMBER, with_next=True)
    to.text("一、当事人基本情况", HEAD, with_next=True)
    put_parties(told.parties, to)
    to.text("二、纠纷主要事实、争议事项和各方责任", HEAD, with_next=True)
    for fact in told.facts:
        to.text(fact, TEXT)
    to.blank(AIR, with_next=True)
    to.form([[("各方责任", paper.responsibility)]], row_mm=WRITE_MM, label_mm=LABEL_MM)
    to.blank(AIR)
    to.text("三、协议内容", HEAD, with_next=True)
    to.text(paper.lead, TEXT, with_next=True)
    numbered(told.terms, to)
    to.text("四、履行方式、期限", HEAD, with_next=True)
    numbered(told.performance, to)
    if not told.performance:
        to.form([[("履行方式\n和期限", "")]], row_mm=WRITE_MM, label_mm=LABEL_MM)
        to.blank(AIR)
    _signing(paper, to)


def put_parties(parties: tuple[Party, ...], to: Compositor) -> None:
    """Put the cells of every side, and some air under them."""
    for party in parties:
        to.form(party_rows(party), row_mm=ROW_MM, label_mm=LABEL_MM)
    to.blank(AIR)


def party_rows(party: Party) -> list[list[tuple[str, str]]]:
    """Return the cells for one side: what is known filled in, the rest to be written."""
    known = "、".join((party.name, *party.household))
    name = f"{known}（{party.proxy}）" if party.proxy else known
    return [
        [("姓名", name), ("性别", ""), ("民族", ""), ("年龄", "")],
        [("职业", ""), ("住址", party.home)],
    ]


def numbered(lines: tuple[str, ...], to: Compositor) -> None:
    """Put lines as 1. 2. 3.; one alone has no number."""
    for number, line in enumerate(lines, start=1):
        to.text(f"{number}. {line}" if len(lines) > 1 else line, TEXT)


def _signing(paper: MediationAgreement, to: Compositor) -> None:
    sentences = to.mark()
    to.text(paper.copies_line, TEXT)
    law = to.mark()
    for line in paper.law_lines:
        to.text(line, LAW)
    to.blank(0.4)
    to.sign(paper.signers, paper.seals)
    to.stay_together(sentences, law)
    if paper.imprint.seal:
        to.seal_code(paper.imprint.seal, seal_words(paper.imprint))
