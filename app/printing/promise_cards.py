"""承诺卡: A5, two on a sheet of A4 to be cut; each is handed to the household it is about.

A4 goes through every printer, A5 through few: so the cards are cut, not fed.
"""

from app.domain.edition_code import NO_CHECK, PageCode
from app.domain.paper_notice import PromiseCard, PromiseCards
from app.printing.document import Document
from app.printing.fonts import Fonts, Style
from app.printing.page import PORTRAIT
from app.printing.pen import MM, Align, Look, Pen, typeset
from app.printing.public_notice_wall import by_day
from app.printing.seal_code import PAGE_LEVEL, modules_of

HALF = 148.5 * MM
MARGIN = 18 * MM
ROOM = 210 * MM - 2 * MARGIN
CODE_SIDE = 22 * MM
LABEL_ROOM = 4.6 * 18.0
HEAD = Look(Style.TITLE, 28.0, 36.0, 0, Align.CENTER)
ABOUT = Look(Style.KAI, 14.0, 20.0, 0, Align.CENTER)
WHOM = Look(Style.HEAD, 18.0, 28.0, 0, Align.LEFT)
TASK = Look(Style.BODY, 20.0, 30.0, 2, Align.LEFT)
LABEL = Look(Style.HEAD, 18.0, 27.0, 0, Align.LEFT)
FACT = Look(Style.KAI, 18.0, 27.0, 0, Align.LEFT)
FOOT = Look(Style.SONG, 10.5, 14.0, 0, Align.LEFT)
BLANK_HOUSEHOLD = "＿＿＿＿＿＿户："


def draw(paper: PromiseCards, fonts: Fonts) -> bytes:
    """Return the PDF: two cards on each sheet, a line between them to cut along."""
    size = (PORTRAIT.width, PORTRAIT.height)
    canvas = Document(fonts, size, paper.title, paper.imprint.author, paper.imprint.number_shown)
    pen = Pen(canvas, fonts, PORTRAIT.height)
    sheets = [paper.cards[start : start + 2] for start in range(0, len(paper.cards), 2)]
    for number, cards in enumerate(sheets, start=1):
        for place, card in enumerate(cards):
            _card(pen, paper, card, place * HALF)
            _code(pen, paper, place * HALF, number, len(sheets))
        pen.cut(0, HALF, PORTRAIT.width)
        canvas.showPage()
    return canvas.pdf()


def _card(pen: Pen, paper: PromiseCards, card: PromiseCard, top: float) -> None:
    pen.words("承诺卡", MARGIN, top + 11 * MM, ROOM, HEAD)
    about = typeset(pen.fonts, paper.matter, ROOM, ABOUT)[:1]
    pen.lines(about, MARGIN, top + 12 * MM + HEAD.pitch, ROOM, ABOUT)
    place = top + 14 * MM + HEAD.pitch + ABOUT.pitch
    pen.rule(MARGIN, place, MARGIN + ROOM, place, 0.8)
    place += 5 * MM
    pen.words(f"{card.household}户：" if card.household else BLANK_HOUSEHOLD, MARGIN, place, ROOM, WHOM)
    place += WHOM.pitch
    task = typeset(pen.fonts, card.task, ROOM, TASK, (card.household,))
    facts = _facts(card)
    foot = top + HALF - 12 * MM - FOOT.pitch
    most = int((foot - 2 * MM - place - len(facts) * FACT.pitch) // TASK.pitch)
    pen.lines(task[:most], MARGIN, place, ROOM, TASK)
    place += len(task[:most]) * TASK.pitch + 3 * MM
    for row, (label, fact) in enumerate(facts):
        level = place + row * FACT.pitch
        pen.words(label, MARGIN, level, LABEL_ROOM, LABEL)
        pen.lines(typeset(pen.fonts, fact, ROOM, FACT)[:1], MARGIN + LABEL_ROOM, level, ROOM, FACT)
    said = "　".join(part for part in (paper.organ, paper.day, f"任务{card.number}") if part)
    pen.words(said, MARGIN, foot, ROOM - CODE_SIDE - 6 * MM, FOOT)


def _facts(card: PromiseCard) -> list[tuple[str, str]]:
    """Return who does it, by when, what the household brings, and whom to ask; what is not known is left out."""
    facts = (
        ("谁来办：", card.unit),
        ("哪天前：", by_day(card.due)),
        ("您家出：", card.share),
        ("问进度：", card.phone),
    )
    return [(label, fact) for label, fact in facts if fact]


def _code(pen: Pen, paper: PromiseCards, top: float, sheet: int, sheets: int) -> None:
    imprint, foot = paper.imprint, top + HALF - 12 * MM
    if imprint.sitting_id:
        check = imprint.check or NO_CHECK
        page = PageCode(imprint.sitting_id, imprint.paper, imprint.version, sheet, sheets, check)
        code = modules_of(page.text("承诺卡", imprint.digits), PAGE_LEVEL)
        pen.modules(code, MARGIN + ROOM - CODE_SIDE, foot - CODE_SIDE, CODE_SIDE)
