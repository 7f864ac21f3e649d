"""协商纪要 (F9) in the form of GB/T 9704, 10.3: red mark, number, body, those present in 黑体 labels, and 版记."""

from app.domain.paper_minutes import Minutes, MinutesPart
from app.domain.wording import numeral
from app.printing.compositor import Compositor
from app.printing.pen import BODY_PITCH, Align, Look

NUMBER = Look(pitch=BODY_PITCH, indent=0, align=Align.CENTER)


def compose(paper: Minutes, to: Compositor) -> None:
    """Set the minutes; on paper with a printed red head without the mark and its red line."""
    is_printed = paper.imprint.start_mm > 0
    if not is_printed:
        to.masthead(paper.mark)
        to.blank(1.5, with_next=True)
    to.text(paper.number_line, NUMBER, with_next=True)
    to.ends(paper.organ, paper.day)
    if not is_printed:
        to.red_rule()
    to.blank(2 if not is_printed else 1, with_next=True)
    to.title(paper.title)
    to.blank(with_next=True)
    to.text(paper.opening)
    for number, part in enumerate(paper.parts, start=1):
        to.heading(f"{numeral(number)}、{part.heading}")
        _points(part, to)
    if paper.lists:
        to.blank(with_next=True)
    for label, text in paper.lists:
        to.hanging(label, text)
    to.imprint_block(paper.sent_to, paper.organ, f"{paper.day}印发")


def names(paper: Minutes) -> tuple[str, ...]:
    """Return every name that is kept in one piece."""
    return paper.names


def _points(part: MinutesPart, to: Compositor) -> None:
    headed = [point for point in part.points if point.heading]
    for point in part.points:
        if point.heading:
            to.heading(f"（{numeral(headed.index(point) + 1)}）{point.heading}", 2)
        to.text("\n".join(point.paragraphs))
