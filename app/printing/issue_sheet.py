"""红纸议题单: two on one sheet of red paper, to be cut and handed round. Solid black and thick strokes, no grey.

Black on red is read when strokes are thick: everything stands in 黑体 of 14 points and more, lines are a point wide.
"""

from collections.abc import Iterator, Sequence

from app.domain.paper_invitation import IssueSheet
from app.domain.wording import circled
from app.printing.document import Document
from app.printing.fonts import Fonts, Style
from app.printing.page import PORTRAIT
from app.printing.pen import MM, Align, Look, Pen, SetLine, typeset

HALF = 148.5 * MM
MARGIN = 14 * MM
ROOM = 210 * MM - 2 * MARGIN
HEAD = Look(Style.HEAD, 30.0, 40.0, 0, Align.CENTER)
FACT = Look(Style.HEAD, 18.0, 26.0, 0, Align.LEFT)
FOOT = Look(Style.HEAD, 14.0, 20.0, 0, Align.CENTER)
MARK = Look(Style.HEAD, 9.0, 12.0, 0, Align.LEFT)
STROKE = 1.2
WEIGHT = 0.025  # of the size: the outline that makes every letter bold
GUTTER = 8 * MM
SHAPES = ((28, 1), (26, 1), (24, 1), (22, 1), (20, 1), (18, 1), (18, 2), (16, 2), (14, 2))
"""How the issues may stand, the best first: size of the letters, and in how many columns."""
WRITING = 11 * MM
TOP = 12 * MM
BOTTOM = 10 * MM
WRITING_LINES = 2


def draw(paper: IssueSheet, fonts: Fonts) -> bytes:
    """Return the PDF: the same half twice, and more sheets when the issues fill more than one half."""
    size = (PORTRAIT.width, PORTRAIT.height)
    canvas = Document(fonts, size, paper.title, subject=paper.imprint.number_shown)
    pen = Pen(canvas, fonts, PORTRAIT.height)
    halves = _halves(paper, fonts)
    for number, issues in enumerate(halves, start=1):
        for top in (0.0, HALF):
            with pen.heavier(WEIGHT):
                _half(pen, paper, issues, top, f"{number}/{len(halves)}")
        pen.cut(0, HALF, PORTRAIT.width)
        canvas.showPage()
    return canvas.pdf()


class _Issues:
    """The issues of one half, set: their lines, how they look, and how high they are."""

    def __init__(self, fonts: Fonts, issues: Sequence[str], first: int, shape: tuple[int, int]) -> None:
        size, columns = shape
        self.look = Look(Style.HEAD, float(size), size * 1.35, 0, Align.LEFT)
        self.room = (ROOM - (columns - 1) * GUTTER) / columns
        self.hang = size * 1.5
        self.marks = [typeset(fonts, circled(first + at), ROOM, self.look) for at in range(len(issues))]
        self.sets = [typeset(fonts, issue, self.room - self.hang, self.look) for issue in issues]
        self.each = -(-len(issues) // columns)

    def columns(self) -> Iterator[range]:
        """Yield which issues stand in each column."""
        for start in range(0, len(self.sets), max(1, self.each)):
            yield range(start, min(start + self.each, len(self.sets)))

    @property
    def height(self) -> float:
        """Return how high the highest column is."""
        return max(sum(len(self.sets[at]) for at in column) for column in self.columns()) * self.look.pitch

    def draw(self, pen: Pen, top: float, air: float) -> None:
        """Draw the columns beside each other, the issues with some air between them."""
        for number, column in enumerate(self.columns()):
            place, x = top, MARGIN + number * (self.room + GUTTER)
            for at in column:
                pen.lines(self.marks[at], x, place, self.room, self.look)
                pen.lines(self.sets[at], x + self.hang, place, self.room - self.hang, self.look)
                place += len(self.sets[at]) * self.look.pitch + air


def _halves(paper: IssueSheet, fonts: Fonts) -> list[_Issues]:
    """Return the issues as well as they fit on one half; when they do not, as evenly as can be on several."""
    most = _room_for_issues(paper, fonts)
    for shape in SHAPES:
        whole = _Issues(fonts, paper.issues, 1, shape)
        if whole.height <= most:
            return [whole]
    for count in range(2, len(paper.issues) + 1):
        each = -(-len(paper.issues) // count)
        starts = range(0, len(paper.issues), each)
        halves = [_Issues(fonts, paper.issues[at : at + each], at + 1, SHAPES[-1]) for at in starts]
        if all(half.height <= most for half in halves):
            return halves
    return [_Issues(fonts, (issue,), at, SHAPES[-1]) for at, issue in enumerate(paper.issues, start=1)]


def _facts(paper: IssueSheet, fonts: Fonts) -> list[SetLine]:
    said = (f"时间：{paper.when}" if paper.when else "", f"地点：{paper.where}" if paper.where else "")
    return [line for text in said for line in typeset(fonts, text, ROOM, FACT)]


def _writing(paper: IssueSheet) -> float:
    """Return how much is left to write in a second language."""
    return FACT.pitch + WRITING_LINES * WRITING if paper.language else 0.0


def _room_for_issues(paper: IssueSheet, fonts: Fonts) -> float:
    facts = len(_facts(paper, fonts)) * FACT.pitch
    return HALF - TOP - BOTTOM - HEAD.pitch - facts - _writing(paper) - FOOT.pitch - MARK.pitch - 8 * MM


def _half(pen: Pen, paper: IssueSheet, issues: _Issues, top: float, part: str) -> None:
    foot = top + HALF - BOTTOM
    pen.words(paper.head, MARGIN, top + TOP, ROOM, HEAD)
    place = top + TOP + HEAD.pitch
    pen.rule(MARGIN, place, MARGIN + ROOM, place, STROKE)
    place += 3 * MM
    spare = _room_for_issues(paper, pen.fonts) - issues.height
    air = min(spare / max(1, issues.each), issues.look.size * 0.6)
    issues.draw(pen, place, air)
    facts = _facts(paper, pen.fonts)
    place = foot - MARK.pitch - FOOT.pitch - _writing(paper) - len(facts) * FACT.pitch - 2 * MM
    pen.rule(MARGIN, place - 2 * MM, MARGIN + ROOM, place - 2 * MM, STROKE)
    pen.lines(facts, MARGIN, place, ROOM, FACT)
    place += len(facts) * FACT.pitch
    if paper.language:
        pen.words(f"{paper.language}：", MARGIN, place, ROOM, FACT)
        for line in range(1, WRITING_LINES + 1):
            level = place + FACT.pitch + line * WRITING - 3 * MM
            pen.rule(MARGIN, level, MARGIN + ROOM, level, STROKE)
    pen.words(paper.foot, MARGIN, foot - MARK.pitch - FOOT.pitch, ROOM, FOOT)
    said = (f"编号 {paper.imprint.number_shown}", paper.imprint.footer, "" if part == "1/1" else f"第{part}张")
    pen.words(" · ".join(word for word in said if word), MARGIN, foot - MARK.pitch, ROOM, MARK)
