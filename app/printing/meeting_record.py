"""会议记录 (F8): the frame, who came, issue by issue what was said and how it was decided, and who signs for it."""

from collections.abc import Callable

from app.domain.paper_record import MeetingRecord, RecordedIssue, RecordedStatement
from app.domain.wording import numeral
from app.printing.compositor import Compositor
from app.printing.fonts import Style
from app.printing.page import BODY
from app.printing.pen import SMALL_SIZE, Align, Look

NOTE = Look(Style.KAI, SMALL_SIZE, pitch=20.0, indent=0, align=Align.CENTER)
BELOW_RATIO = "【未达比例】"


def compose(paper: MeetingRecord, to: Compositor) -> None:
    """Set a record."""
    to.title(paper.title)
    to.text(paper.note, NOTE, with_next=True)
    to.blank(0.5, with_next=True)
    to.form(paper.frame, row_mm=10.0)
    to.blank(0.5)
    for number, (heading, put) in enumerate(_parts(paper), start=1):
        to.heading(f"{numeral(number)}、{heading}")
        put(paper, to)
    start = to.mark()
    to.text("\n".join(paper.ending))
    signing = to.mark()
    to.blank(0.5, with_next=True)
    to.sign(paper.signers)
    to.stay_together(start, signing)


def names(paper: MeetingRecord) -> list[str]:
    """Return every name that is kept in one piece."""
    return [*paper.names, *(signer.name for signer in paper.signers)]


def _parts(paper: MeetingRecord) -> list[tuple[str, Callable[[MeetingRecord, Compositor], None]]]:
    """Return the parts there is something to tell in."""
    parts = (
        ("到会情况", paper.guests, _guests),
        ("议事情况", paper.issues, _issues),
        ("其他发言", paper.others, _others),
        ("会场情况", paper.incidents, _incidents),
    )
    return [(heading, put) for heading, content, put in parts if content]


def _guests(paper: MeetingRecord, to: Compositor) -> None:
    for label, text in paper.guests:
        to.text(text, lead=label)


def _issues(paper: MeetingRecord, to: Compositor) -> None:
    for number, issue in enumerate(paper.issues, start=1):
        to.heading(f"（{numeral(number)}）{issue.heading}", 2)
        _issue(issue, to)


def _issue(issue: RecordedIssue, to: Compositor) -> None:
    for said in issue.statements:
        _statement(said, to)
    to.text(issue.text, lead=issue.lead)
    to.text(issue.vote, BODY, BELOW_RATIO if issue.below_ratio else "")
    for kept in issue.reservations:
        to.text(f"保留意见（{kept.speaker}）：{kept.text}" if kept.speaker else f"保留意见：{kept.text}")
        to.text(f"答复：{kept.answer}" if kept.answer else "")
    to.text(issue.open_line)


def _statement(said: RecordedStatement, to: Compositor) -> None:
    to.text(said.text, lead=said.lead)


def _others(paper: MeetingRecord, to: Compositor) -> None:
    for said in paper.others:
        _statement(said, to)


def _incidents(paper: MeetingRecord, to: Compositor) -> None:
    for label, text in paper.incidents:
        to.text(text, lead=label)
