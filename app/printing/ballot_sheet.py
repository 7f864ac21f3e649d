"""满意度测评表 (F16): four on a sheet, to be cut. Nobody signs; a tick is enough."""

from app.domain.edition_code import NO_CHECK, PageCode
from app.domain.paper_notice import BallotSheet
from app.printing.document import Document
from app.printing.fonts import Fonts, Style
from app.printing.page import PORTRAIT
from app.printing.pen import MM, Align, Look, Pen, typeset
from app.printing.seal_code import PAGE_LEVEL, modules_of

WIDE, HIGH = 105 * MM, 148.5 * MM
MARGIN = 10 * MM
ROOM = WIDE - 2 * MARGIN
HEAD = Look(Style.TITLE, 17.0, 24.0, 0, Align.CENTER)
ABOUT = Look(Style.KAI, 11.0, 15.0, 0, Align.CENTER)
ASK = Look(Style.HEAD, 15.0, 25.0, 0, Align.LEFT)
ANSWER = Look(Style.BODY, 15.0, 25.0, 0, Align.LEFT)
SMALL = Look(Style.SONG, 8.5, 11.0, 0, Align.LEFT)
BOX = 5 * MM
CODE_SIDE = 20 * MM


def draw(paper: BallotSheet, fonts: Fonts) -> bytes:
    """Return the PDF, one sheet with four ballots."""
    size = (PORTRAIT.width, PORTRAIT.height)
    canvas = Document(fonts, size, paper.title, paper.imprint.author, paper.imprint.number_shown)
    pen = Pen(canvas, fonts, PORTRAIT.height)
    for row in range(2):
        for column in range(2):
            _ballot(pen, paper, column * WIDE, row * HIGH)
    pen.cut(0, HIGH, PORTRAIT.width)
    pen.cut(WIDE, 0, PORTRAIT.height, down=True)
    canvas.showPage()
    return canvas.pdf()


def _ballot(pen: Pen, paper: BallotSheet, left: float, top: float) -> None:
    x, place = left + MARGIN, top + 9 * MM
    pen.words(paper.title, x, place, ROOM, HEAD)
    place += HEAD.pitch
    pen.lines(typeset(pen.fonts, paper.matter, ROOM, ABOUT)[:2], x, place, ROOM, ABOUT)
    place += 2 * ABOUT.pitch + 2 * MM
    for ask in paper.asks:
        pen.words(f"{ask}：", x, place, ROOM, ASK)
        place += ASK.pitch
        for number, answer in enumerate(paper.answers):
            left_of = x + (number % 2) * ROOM / 2
            level = place + (number // 2) * ANSWER.pitch
            pen.frame(left_of, level, BOX, BOX)
            pen.words(answer, left_of + BOX + 2 * MM, level, ROOM / 2 - BOX, ANSWER)
        place += ANSWER.pitch * -(-len(paper.answers) // 2) + 2 * MM
    pen.words("理由（不写也行）：", x, place, ROOM, ASK)
    for line in range(1, 3):
        level = place + ASK.pitch + line * 8 * MM - 4 * MM
        pen.rule(x, level, x + ROOM, level)
    _foot(pen, paper, x, top + HIGH - 8 * MM)


def _foot(pen: Pen, paper: BallotSheet, x: float, foot: float) -> None:
    pen.words("在□里打勾，不写名字。", x, foot - 2 * SMALL.pitch, ROOM - CODE_SIDE, SMALL)
    pen.words(f"编号 {paper.imprint.number_shown}", x, foot - SMALL.pitch, ROOM - CODE_SIDE, SMALL)
    imprint = paper.imprint
    if imprint.sitting_id:
        check = imprint.check or NO_CHECK
        code = PageCode(imprint.sitting_id, imprint.paper, imprint.version, 1, 1, check).text("测评表", "")
        pen.modules(modules_of(code, PAGE_LEVEL), x + ROOM - CODE_SIDE, foot - CODE_SIDE, CODE_SIDE)
