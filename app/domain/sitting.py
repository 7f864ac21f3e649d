"""场次: one meeting in one courtyard, with its five stages and its clock.

签到 → 说事 → 议事 → 定事 → 收尾. The names come from the practice; the stages do not.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.errors import StageForbids


class SittingStage(StrEnum):
    """The five stages of an evening."""

    SIGN_IN = "SIGN_IN"
    RAISE = "RAISE"
    DISCUSS = "DISCUSS"
    SETTLE = "SETTLE"
    CLOSE = "CLOSE"


STAGES = tuple(SittingStage)


class QuorumRule(StrEnum):
    """How many must be there for a result to hold."""

    NONE = "none"
    HALF = "half"
    TWO_THIRDS = "two_thirds"


class QuorumBase(StrEnum):
    """What the rule counts."""

    PERSONS = "persons"
    HOUSEHOLDS = "households"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One meeting. `expected` and `expected_households` are the base numbers; 0 means: count the invited."""

    KIND: ClassVar[str] = "sitting"
    id: str
    consultation_id: str
    ordinal: int = 1
    venue: str = ""
    starts_at: datetime | None = None
    host_id: str | None = None
    host: str = ""
    recorder: str = ""
    stage: SittingStage = SittingStage.SIGN_IN
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    current_issue_id: str | None = None
    expected: int = 0
    expected_households: int = 0
    quorum_rule: QuorumRule = QuorumRule.HALF
    quorum_base: QuorumBase = QuorumBase.PERSONS
    spoken_language: str = ""
    note: str = ""
    standing: int = 1

    def is_open(self) -> bool:
        """Return whether people may still speak and settle."""
        return self.ended_at is None

    def may_record(self) -> None:
        """Refuse to write into a meeting that has ended.

        Raises:
            StageForbids: The meeting has ended; reopen it first.
        """
        if not self.is_open():
            raise StageForbids("会已经结了", "记下的都在", "按 F10 回会场再记")

    def need(self, base: int) -> int:
        """Return how many of `base` must be there under this sitting's rule: more than half, or two thirds."""
        if self.quorum_rule == QuorumRule.HALF:
            return base // 2 + 1
        return -(-2 * base // 3) if self.quorum_rule == QuorumRule.TWO_THIRDS else 0
