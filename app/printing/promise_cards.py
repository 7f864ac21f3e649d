"""承诺卡: A5, two on a sheet to be cut; each is handed to the household it is about.

A sheet of A4 goes through every printer, A5 through few: so the cards are cut, not fed.
"""

from app.domain.edition_code import NO_CHECK, PageCode
from app.domain.paper_notice import PromiseCard, PromiseCards
from app.printing.document import Document
from app.printing.fonts import Fonts, Style
from app.printing.page import PORTRAIT
from app.printing.pen import MM, Align, Look, Pen
from app.printing.seal_code import PAGE_LEVEL, modules_of

HALF = 148.5 * MM
MARGIN = 16 * MM
ROOM = 210 * MM - 2 * MARGIN
CODE_SIDE = 24 * MM
HEAD = Look(Style.TITLE, 26.0, 34.0, 0, Align.CENTER)
ABOUT = Look(Style.KAI, 13.0, 18.0, 0, Align.CENTER)
TASK = Look(Style.BODY, 20.0, 30.0, 0, Align.LEFT)
FACT = Look(Style.HEAD, 15.0, 24.0, 0, Align.LEFT)
FOOT = Look(Style.SONG, 9.0, 12.0, 0, Align.LEFT)


def draw(paper: PromiseCards, fonts: Fonts) -> bytes:
    """Return the PDF: two cards on each sheet, a line between them to cut along."""
    size = (PORTRAIT.width, PORTRAIT.height)
    canvas = Document(fonts, size, paper.title, paper.imprint.author, paper.imprint.number_shown)
    pen = Pen(canvas, fonts, PORTRAIT.height)
    sheets = [paper.cards[start : start + 2] for start in range(0, len(paper.cards), 2)]
    for number, cards in enumerate(sheets, start=1):
        for place, card in enumerate(cards):
            _card(pen, paper, card, place * HALF, number, len(sheets))
        pen.cut(0, HALF, PORTRAIT.width)
        canvas.showPage()
    return canvas.pdf()


def _card(pen: Pen, paper: PromiseCards, card: PromiseCard, top: float, sheet: int, sheets: int) -> None:
    pen.words("承诺卡", MARGIN, top + 10 * MM, ROOM, HEAD)
    pen.words(paper.matter, MARGIN, top + 10 * MM + HEAD.pitch, ROOM, ABOUT)
    place = top + 12 * MM + HEAD.pitch + ABOUT.pitch
    pen.rule(MARGIN, place, MARGIN + ROOM, place, 0.8)
    pen.words(card.task, MARGIN, place + 4 * MM, ROOM, TASK, (card.household,))
    facts = (
        f"{card.household}家" if card.household else "",
        f"谁来办：{card.unit}" if card.unit else "",
        f"哪天前：{card.due}" if card.due else "",
        f"出多少：{card.share}" if card.share else "",
        f"问进度：{card.phone}" if card.phone else "",
    )
    foot = top + HALF - 10 * MM
    told = [fact for fact in facts if fact]
    start = foot - max(CODE_SIDE, len(told) * FACT.pitch + FOOT.pitch)
    for row, fact in enumerate(told):
        pen.words(fact, MARGIN, start + row * FACT.pitch, ROOM - CODE_SIDE - 6 * MM, FACT, (card.household,))
    said = " ".join(part for part in (paper.organ, paper.day, f"任务{card.number}") if part)
    pen.words(said, MARGIN, foot - FOOT.pitch, ROOM - CODE_SIDE - 6 * MM, FOOT)
    imprint = paper.imprint
    if imprint.sitting_id:
        code = PageCode(
            imprint.sitting_id, imprint.paper, imprint.version, sheet, sheets, imprint.check or NO_CHECK
        ).text("承诺卡", imprint.digits)
        pen.modules(modules_of(code, PAGE_LEVEL), MARGIN + ROOM - CODE_SIDE, foot - CODE_SIDE, CODE_SIDE)
