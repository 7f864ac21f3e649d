"""协商活动: one matter taken up, from preparing to filing; it may need more than one sitting."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class ConsultationStage(StrEnum):
    """Where a consultation stands. Source: domain.md 1.5."""

    PREPARING = "PREPARING"
    NOTIFIED = "NOTIFIED"
    IN_SESSION = "IN_SESSION"
    CONCLUDED = "CONCLUDED"
    SIGNED = "SIGNED"
    ISSUED = "ISSUED"
    FOLLOWING_UP = "FOLLOWING_UP"
    EVALUATED = "EVALUATED"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"
    POSTPONED = "POSTPONED"
    CANCELLED = "CANCELLED"


CONSULTATION_STAGE_WORDS: dict[ConsultationStage, str] = {
    ConsultationStage.PREPARING: "筹备",
    ConsultationStage.NOTIFIED: "已通知",
    ConsultationStage.IN_SESSION: "会中",
    ConsultationStage.CONCLUDED: "已议定",
    ConsultationStage.SIGNED: "已签认",
    ConsultationStage.ISSUED: "已印发",
    ConsultationStage.FOLLOWING_UP: "落实中",
    ConsultationStage.EVALUATED: "已评价",
    ConsultationStage.CLOSED: "办结",
    ConsultationStage.ARCHIVED: "归档",
    ConsultationStage.POSTPONED: "延期",
    ConsultationStage.CANCELLED: "取消",
}


@dataclass(frozen=True, slots=True)
class Consultation:
    """One consultation. `place_codes` are the divisions it spans, the host village first."""

    KIND: ClassVar[str] = "consultation"
    id: str
    title: str
    topic_id: str | None = None
    place_codes: tuple[str, ...] = ()
    hamlet: str = ""
    practice: str = "yuanba"
    form: str = "YUANBA"
    category: str = "OTHER"
    stage: ConsultationStage = ConsultationStage.PREPARING
    closed_session: bool = False
    case_number: str = ""
    summary: str = ""
    reason: str = ""
    standing: int = 1
