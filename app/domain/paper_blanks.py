"""空白表 (A9) of one meeting for the evening the power fails, and the sheet a printer is checked with.

What is known of the meeting stands on every blank; the rest is written by hand and typed or scanned in later.
"""

from dataclasses import dataclass, field

from app.domain.paper import PRIVACY_NOTICE, Imprint

SIGN_ROWS, SIGN_SHEETS, NOTE_ROWS, NOTE_SHEETS = 15, 3, 17, 2
"""What one page holds under a title of two lines, and how many pages there are of each."""

SPARE_ISSUES = 3
"""How many issues a blank has room for when none is known."""


@dataclass(frozen=True, slots=True)
class BlankSet:
    """签到, 记录, 共识, 计票 as blanks of one meeting. `issues` are those on the table; spare ones are empty."""

    title: str
    meeting: str = ""
    time: str = ""
    place: str = ""
    host: str = ""
    recorder: str = ""
    issues: tuple[str, ...] = ("",) * SPARE_ISSUES
    sign_rows: int = SIGN_ROWS
    sign_sheets: int = SIGN_SHEETS
    note_rows: int = NOTE_ROWS
    note_sheets: int = NOTE_SHEETS
    measure: str = "人"
    notice: str = PRIVACY_NOTICE
    consensus_notice: str = ""
    seals: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class CalibrationSheet:
    """打印机校准页: needs no meeting. `checks` say what to measure, `advice` what to do when it is wrong."""

    title: str = "打印机校准页"
    organ: str = ""
    checks: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    sample: str = ""
    code: str = ""
    imprint: Imprint = field(default_factory=Imprint)
