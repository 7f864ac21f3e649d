"""打印机校准页: one page with the 版心 as a frame, rulers, lines and type, to see whether a printer keeps the measures.

The frame is 156 × 225 mm, 28 mm from the left and 37 mm from the top (GB/T 9704-2012, 5.2.1).
"""

from reportlab.pdfgen.canvas import Canvas

from app.domain.paper_blanks import CalibrationSheet
from app.printing.document import Document
from app.printing.fonts import Fonts, Style
from app.printing.page import BODY, PORTRAIT, TITLE
from app.printing.pen import BODY_PITCH, MM, Align, Look, Pen, typeset
from app.printing.seal_code import modules_of

LEFT, TOP, ROOM, DEPTH = PORTRAIT.left, PORTRAIT.top, PORTRAIT.room, PORTRAIT.depth
HAIR = 0.25 * MM
WIDTHS_MM = (0.25, 0.35, 0.5)
STYLES = (Style.BODY, Style.HEAD, Style.KAI, Style.TITLE)
NUMBER = Look(Style.SONG, 6.5, pitch=8.0, indent=0, align=Align.CENTER)
SMALL = Look(Style.SONG, 9.0, pitch=12.0, indent=0, align=Align.LEFT)
LINES, CODE_SIDE = 22, 25 * MM
SAMPLE_ROWS, TEXT_ROW, LINE_ROW = 4, 6, 14


def draw(paper: CalibrationSheet, fonts: Fonts) -> bytes:
    """Return the PDF: one page, the same bytes for the same words."""
    canvas = Document(fonts, (PORTRAIT.width, PORTRAIT.height), paper.title)
    pen = Pen(canvas, fonts, PORTRAIT.height)
    _frame(canvas, pen)
    _rulers(pen)
    _grid(pen)
    _samples(paper, pen)
    _lines(pen)
    _words(paper, pen)
    canvas.showPage()
    return canvas.pdf()


def _frame(canvas: Canvas, pen: Pen) -> None:
    """Draw the 版心 with a line as thin as one measures by, its middle on the measure."""
    canvas.saveState()
    canvas.setLineWidth(HAIR)
    canvas.rect(LEFT, PORTRAIT.height - TOP - DEPTH, ROOM, DEPTH)
    canvas.restoreState()
    pen.words("版心 156×225 毫米", LEFT, TOP + DEPTH + 2 * MM, ROOM, SMALL)


def _rulers(pen: Pen) -> None:
    """Draw a ruler outside the top edge and one outside the left edge: a tick a millimetre, a number every ten."""
    for mm in range(157):
        length = _tick(mm) * MM
        pen.rule(LEFT + mm * MM, TOP - length, LEFT + mm * MM, TOP, 0.3)
        if mm % 10 == 0:
            pen.words(str(mm), LEFT + mm * MM - 10, TOP - 8.5 * MM, 20, NUMBER)
    for mm in range(226):
        length = _tick(mm) * MM
        pen.rule(LEFT - length, TOP + mm * MM, LEFT, TOP + mm * MM, 0.3)
        if mm % 10 == 0:
            pen.words(str(mm), LEFT - 11 * MM, TOP + mm * MM - 3, 5 * MM, NUMBER)


def _tick(mm: int) -> float:
    return 5.0 if mm % 10 == 0 else 3.5 if mm % 5 == 0 else 2.0


def _grid(pen: Pen) -> None:
    """Mark the twenty-two lines at both edges of the frame, and number them at the right."""
    for line in range(LINES):
        top = TOP + line * BODY_PITCH
        pen.rule(LEFT, top, LEFT + 2 * MM, top, 0.3)
        pen.rule(LEFT + ROOM - 2 * MM, top, LEFT + ROOM, top, 0.3)
        pen.words(str(line + 1), LEFT + ROOM + 1 * MM, top + 4, 6 * MM, NUMBER)


def _samples(paper: CalibrationSheet, pen: Pen) -> None:
    """Print the title, and lines of twenty-eight characters in each of the faces of a paper."""
    pen.words(paper.title, LEFT, TOP, ROOM, TITLE)
    for row in range(SAMPLE_ROWS):
        look = Look(STYLES[row % len(STYLES)], indent=0, tracking=BODY.tracking)
        pen.words(paper.sample, LEFT, TOP + (row + 1) * BODY_PITCH, ROOM, look)


def _lines(pen: Pen) -> None:
    """Draw the line of 100 mm with its ends, and the three widths of official rules."""
    top, left = TOP + LINE_ROW * BODY_PITCH, LEFT + 10 * MM
    pen.rule(left, top, left + 100 * MM, top, HAIR)
    for x in (left, left + 100 * MM):
        pen.rule(x, top - 2 * MM, x, top + 2 * MM, HAIR)
    pen.words("100 毫米", left, top + 2.5 * MM, 100 * MM, NUMBER)
    for place, width in enumerate(WIDTHS_MM):
        y = top + (12 + 8 * place) * MM
        pen.rule(left, y, left + 100 * MM, y, width * MM)
        pen.words(f"{width} 毫米", left + 102 * MM, y - 5, 20 * MM, SMALL)


def _words(paper: CalibrationSheet, pen: Pen) -> None:
    """Print what to check and what to do, then the code in the corner."""
    look = Look(size=11.0, pitch=17.0, indent=0, align=Align.LEFT)
    top = TOP + TEXT_ROW * BODY_PITCH
    for line in (*(f"{n}. {text}" for n, text in enumerate(paper.checks, start=1)), *paper.advice):
        made = typeset(pen.fonts, line, ROOM - 10 * MM, look)
        pen.lines(made, LEFT + 5 * MM, top, ROOM - 10 * MM, look)
        top += len(made) * look.pitch
    corner = (LEFT + ROOM - CODE_SIDE - 4 * MM, TOP + DEPTH - CODE_SIDE - 4 * MM)
    pen.modules(modules_of(paper.code), *corner, CODE_SIDE)
    pen.words(paper.organ, LEFT + 5 * MM, TOP + DEPTH - 8 * MM, ROOM / 2, SMALL)
