"""红纸议题单: two on one sheet of red paper, to be cut and handed round. Solid black and thick strokes, no grey.

Black on red is read when strokes are thick: everything stands in 黑体 of 14 points and more, lines are a point wide.
"""

from collections.abc import Sequence

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
ISSUE_SIZES = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0)
STROKE = 1.2
WEIGHT = 0.5  # the outline that makes every letter bold, in points
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

    def __init__(self, fonts: Fonts, issues: Sequence[str], first: int, size: float) -> None:
        self.look = Look(Style.HEAD, size, size * 1.35, 0, Align.LEFT)
        self.hang = size * 1.5
        self.marks = [typeset(fonts, circled(first + at), ROOM, self.look) for at in range(len(issues))]
        self.sets = [typeset(fonts, issue, ROOM - self.hang, self.look) for issue in issues]

    @property
    def height(self) -> float:
        return sum(len(lines) for lines in self.sets) * self.look.pitch

    def draw(self, pen: Pen, top: float, air: float) -> None:
        for mark, lines in zip(self.marks, self.sets, strict=True):
            pen.lines(mark, MARGIN, top, ROOM, self.look)
            pen.lines(lines, MARGIN + self.hang, top, ROOM - self.hang, self.look)
            top += len(lines) * self.look.pitch + air


def _halves(paper: IssueSheet, fonts: Fonts) -> list[_Issues]:
    """Return the issues in the largest letters that fit on one half; in the smallest on several when none do."""
    most = _room_for_issues(paper, fonts)
    for size in ISSUE_SIZES:
        whole = _Issues(fonts, paper.issues, 1, size)
        if whole.height <= most:
            return [whole]
    halves: list[_Issues] = []
    start = 0
    for end in range(1, len(paper.issues) + 1):
        last = end == len(paper.issues)
        if last or _Issues(fonts, paper.issues[start : end + 1], start + 1, ISSUE_SIZES[-1]).height > most:
            halves.append(_Issues(fonts, paper.issues[start:end], start + 1, ISSUE_SIZES[-1]))
            start = end
    return halves


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
    air = min(spare / max(1, len(issues.sets)), issues.look.size * 0.6)
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
