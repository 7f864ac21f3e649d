"""会议记录 (F8): who came, who said what and when, how each issue was decided, and what happened meanwhile."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint, ReservationLine, Signer


@dataclass(frozen=True, slots=True)
class RecordedStatement:
    """One statement: `lead` is the time, the speaker and the kind, `text` what was said."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordedIssue:
    """One issue: what was said to it, what was decided (`lead` says when), by which votes, and who kept a reservation.

    `below_ratio` marks a vote that missed the share the practice asks for; `open_line` says that nothing was decided.
    """

    heading: str
    statements: tuple[RecordedStatement, ...] = ()
    lead: str = ""
    text: str = ""
    vote: str = ""
    below_ratio: bool = False
    reservations: tuple[ReservationLine, ...] = ()
    open_line: str = ""


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """会议记录. `frame` are rows of (label, value); `guests` and `incidents` are (label, text), by bench or case."""

    title: str
    note: str = ""
    frame: tuple[tuple[tuple[str, str], ...], ...] = ()
    guests: tuple[tuple[str, str], ...] = ()
    issues: tuple[RecordedIssue, ...] = ()
    others: tuple[RecordedStatement, ...] = ()
    incidents: tuple[tuple[str, str], ...] = ()
    ending: tuple[str, ...] = ()
    signers: tuple[Signer, ...] = ()
    names: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
