"""协商共识 (F10): what was agreed item by item, who does what, who disagreed, and where everybody signs.

The notice about personal data (F25) stands where it is needed: above the signatures.
"""

from app.domain.paper import ActionRow, ConsensusPaper, ConsensusSection
from app.domain.wording import numeral
from app.printing.column import Column, cell_look
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.page import DATE_LINE
from app.printing.pen import BODY_TRACKING, CELL_SIZE, SMALL_SIZE, Align, Look
from app.printing.seal_words import seal_words

CORRECTION = Look(Style.KAI, tracking=BODY_TRACKING)
NOTICE = Look(size=SMALL_SIZE, pitch=17.0, indent=2)
ROUTE = Look(Style.KAI, tracking=BODY_TRACKING)
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


def compose(paper: ConsensusPaper, to: Compositor) -> None:
    """Set a consensus paper."""
    to.title(paper.title)
    to.text(paper.date_line, DATE_LINE, with_next=True)
    to.blank(with_next=True)
    for line in paper.imprint.corrections:
        to.text(line, CORRECTION)
    to.text(paper.opening)
    for number, section in enumerate(paper.sections, start=1):
        _section(to, number, section)
    _actions(to, len(paper.sections) + 1, paper.actions)
    _signing(to, paper)


def names(paper: ConsensusPaper) -> list[str]:
    """Return every name that is kept in one piece."""
    people = [name for action in paper.actions for name in (*action.people, *_shares(action))]
    speakers = [kept.speaker for section in paper.sections for kept in section.reservations]
    return [*paper.names, *(signer.name for signer in paper.signers), *speakers, *people]


def _shares(action: ActionRow) -> list[str]:
    """Return what each brings, as pieces between which a line may end: 周某甲 | 吴某乙各50% | 村集体18方."""
    return [piece for line in action.share.splitlines() for piece in line.split("、")]


def _section(to: Compositor, number: int, section: ConsensusSection) -> None:
    to.heading(f"{numeral(number)}、{section.heading}")
    to.text(section.text)
    to.text(section.tally, lead=BELOW_RATIO if section.below_ratio else "")
    if section.below_ratio and not section.tally:
        to.text(" ", lead=BELOW_RATIO)
    to.text(section.route_line, ROUTE)
    for kept in section.reservations:
        to.text(f"保留意见（{kept.speaker}）：{kept.text}" if kept.speaker else f"保留意见：{kept.text}")
        to.text(f"答复：{kept.answer}" if kept.answer else "")


def _actions(to: Compositor, number: int, actions: tuple[ActionRow, ...]) -> None:
    if not actions:
        return
    to.heading(f"{numeral(number)}、任务分解")
    rows = [(str(place), row.task, row.who, row.due, row.share) for place, row in enumerate(actions, start=1)]
    to.table(COLUMNS, rows)
    to.blank(0.5)


def _signing(to: Compositor, paper: ConsensusPaper) -> None:
    """Put what is said before signing, the places to sign and those for seals.

    They stand on one page, with the sentences before them so that nobody signs a bare sheet; when that would leave
    too much of a page empty, at least the signatures stay together, and if not even they can, the last with the seals.
    """
    sentences = to.mark()
    for line in (paper.closing, paper.language_line, paper.copies_line):
        to.text(line)
    notice = to.mark()
    to.text(paper.notice, NOTICE)
    if paper.signers:
        to.heading("签字")
    to.sign(paper.signers, paper.seals)
    to.stay_together(sentences, notice)
    if paper.imprint.seal:
        to.seal_code(paper.imprint.seal, seal_words(paper.imprint))
