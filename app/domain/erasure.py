"""删去: what goes when somebody asks that the words about them be erased, or when the years of keeping are over.

What was sealed stays: it is the archive's (《档案法》). What goes are words: a name, a telephone, what was said. A seat
that was counted stays counted, with nobody's name on it.
"""

from enum import StrEnum
from typing import Any

from app.domain.action import Contribution, Progress
from app.domain.attachment import Attachment
from app.domain.attendance import Attendance
from app.domain.consensus import Reservation
from app.domain.people import Household, Person
from app.domain.record import Record
from app.domain.revisit import Revisit
from app.domain.statement import Statement
from app.domain.topic import Topic


class Reason(StrEnum):
    """Why words are erased; the code travels, and nothing else of it."""

    REQUEST = "request"
    RETENTION = "retention"


GONE = "（已删去）"
"""What stands where a name was, or what somebody said."""
WORDS_OF: dict[str, frozenset[str]] = {
    "person": frozenset({"name", "group", "post", "unit_id", "household_id", "phone", "note"}),
    "household": frozenset({"head"}),
    "attendance": frozenset({"proxy_name", "proxy_relation", "reason"}),
    "statement": frozenset({"text", "note"}),
    "reservation": frozenset({"text"}),
    "contribution": frozenset({"party"}),
    "topic": frozenset({"title", "summary", "reason", "raised_by"}),
    "progress": frozenset({"text", "by"}),
    "revisit": frozenset({"text", "by"}),
    "attachment": frozenset({"note", "blob", "thumbnail", "digest"}),
}
"""The fields that hold words about people, of the kinds of records that can be erased."""
KINDS: dict[str, type[Record]] = {
    kind.KIND: kind
    for kind in (
        *(Person, Household, Attendance, Statement, Reservation, Contribution, Topic, Progress),
        *(Revisit, Attachment),
    )
}
NAMES = frozenset({"name", "head", "text", "party", "title"})
"""Fields in which something has to stand."""


def blank_of(name: str, value: Any) -> Any:
    """Return what stands in a field when its words are gone."""
    if name in NAMES:
        return GONE
    return "" if isinstance(value, str) and not name.endswith("_id") else None


def is_word(value: Any) -> bool:
    """Return whether a value still tells something that could go."""
    return value not in (None, "", GONE, [], ())
