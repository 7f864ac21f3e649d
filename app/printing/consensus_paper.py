"""协商共识 (F10): what was agreed item by item, who does what, who disagreed, and where everybody signs.

The notice about personal data (F25) stands where it is needed: above the signatures.
"""

from app.domain.paper import ActionRow, ConsensusPaper, ConsensusSection
from app.domain.wording import numeral
from app.printing.fonts import Fonts
from app.printing.page import DATE_LINE, Galley
from app.printing.pen import CELL_SIZE, SMALL_SIZE, Align, Look
from app.printing.signing import keep_together, signed_and_sealed
from app.printing.table import Column, cell_look, table

NOTICE = Look(size=SMALL_SIZE, pitch=17.0, indent=2)
LEFT = cell_look(CELL_SIZE)
CENTERED = cell_look(CELL_SIZE, Align.CENTER)
COLUMNS = (
    Column("序", 8, CENTERED),
    Column("任务", 50, LEFT),
    Column("谁来办", 29.5, LEFT),
    Column("期限", 20.5, CENTERED),
    Column("分担", 48, LEFT),
)
BELOW_RATIO = "【未达比例】"


def draw(paper: ConsensusPaper, fonts: Fonts) -> bytes:
    """Return the PDF of a consensus paper."""
    galley = Galley(fonts, names=_names(paper))
    galley.title(paper.title)
    galley.text(paper.date_line, DATE_LINE, with_next=True)
    galley.blank(with_next=True)
    galley.text(paper.opening)
    for number, section in enumerate(paper.sections, start=1):
        _section(galley, number, section)
    _actions(galley, len(paper.sections) + 1, paper.actions)
    _signing(galley, paper)
    return galley.pdf(paper.title, paper.imprint)


def _names(paper: ConsensusPaper) -> list[str]:
    """Return every name that is kept in one piece."""
    people = [name for action in paper.actions for name in (*action.people, *_shares(action))]
    speakers = [kept.speaker for section in paper.sections for kept in section.reservations]
    return [*paper.names, *(signer.name for signer in paper.signers), *speakers, *people]


def _shares(action: ActionRow) -> list[str]:
    """Return what each brings, as pieces between which a line may end: 周某甲 | 吴某乙各50% | 村集体18方."""
    return [piece for line in action.share.splitlines() for piece in line.split("、")]


def _section(galley: Galley, number: int, section: ConsensusSection) -> None:
    galley.heading(f"{numeral(number)}、{section.heading}")
    galley.text(section.text)
    galley.text(section.tally, lead=BELOW_RATIO if section.below_ratio else "")
    if section.below_ratio and not section.tally:
        galley.text(" ", lead=BELOW_RATIO)
    for kept in section.reservations:
        galley.text(f"保留意见（{kept.speaker}）：{kept.text}" if kept.speaker else f"保留意见：{kept.text}")
        galley.text(f"答复：{kept.answer}" if kept.answer else "")


def _actions(galley: Galley, number: int, actions: tuple[ActionRow, ...]) -> None:
    if not actions:
        return
    galley.heading(f"{numeral(number)}、任务分解")
    rows = [(str(place), row.task, row.who, row.due, row.share) for place, row in enumerate(actions, start=1)]
    galley.add(*table(galley, COLUMNS, rows))
    galley.blank(0.5)


def _signing(galley: Galley, paper: ConsensusPaper) -> None:
    """Put what is said before signing, the places to sign and those for seals.

    They stand on one page, with the sentences before them so that nobody signs a bare sheet; when that would leave
    too much of a page empty, at least the signatures stay together, and if not even they can, the last with the seals.
    """
    sentences = len(galley.strips)
    for line in (paper.closing, paper.language_line, paper.copies_line):
        galley.text(line)
    notice = len(galley.strips)
    galley.text(paper.notice, NOTICE)
    if paper.signers:
        galley.heading("签字")
    galley.add(*signed_and_sealed(galley, paper.signers, paper.seals))
    keep_together(galley, sentences, notice)
