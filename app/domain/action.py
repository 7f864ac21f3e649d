"""任务: who does what by when, and who brings money, labour or material."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from app.domain.errors import Incomplete, StageForbids
from app.domain.people import refuse_forbidden_numbers


class ActionStage(StrEnum):
    """Where a task stands. Source: domain.md 1.5."""

    DRAFT = "DRAFT"
    ASSIGNED = "ASSIGNED"
    ACCEPTED = "ACCEPTED"
    IN_PROGRESS = "IN_PROGRESS"
    REPORTED = "REPORTED"
    VERIFIED = "VERIFIED"
    DONE = "DONE"
    RETURNED = "RETURNED"
    REWORK = "REWORK"
    BLOCKED = "BLOCKED"
    LONG_TERM = "LONG_TERM"
    DROPPED = "DROPPED"
    HANDED_UP = "HANDED_UP"


ACTION_STAGE_WORDS: dict[ActionStage, str] = {
    ActionStage.DRAFT: "拟办",
    ActionStage.ASSIGNED: "已交办",
    ActionStage.ACCEPTED: "已签收",
    ActionStage.IN_PROGRESS: "办理中",
    ActionStage.REPORTED: "已反馈",
    ActionStage.VERIFIED: "已核实",
    ActionStage.DONE: "已销号",
    ActionStage.RETURNED: "退回重分",
    ActionStage.REWORK: "重办",
    ActionStage.BLOCKED: "受阻",
    ActionStage.LONG_TERM: "列入计划",
    ActionStage.DROPPED: "终止",
    ActionStage.HANDED_UP: "提级",
}

ENDED = frozenset({ActionStage.DONE, ActionStage.DROPPED})


@dataclass(frozen=True, slots=True)
class Action:
    """One task. `due_words` keeps what was said (清明前); `due_on` is the day it means."""

    KIND: ClassVar[str] = "action"
    id: str
    sitting_id: str
    consultation_id: str
    number: int
    text: str
    consensus_id: str | None = None
    unit_id: str | None = None
    person_id: str | None = None
    support_units: tuple[str, ...] = ()
    due_on: date | None = None
    due_words: str = ""
    supervisor: str = ""
    fund: str = ""
    stage: ActionStage = ActionStage.DRAFT
    done_on: date | None = None
    note: str = ""
    standing: int = 1

    def check(self) -> None:
        """Refuse a task that does not say what is to be done.

        Raises:
            Incomplete: The text is empty.
            IdNumberRefused: The text holds an identity or bank number.
        """
        if not self.text.strip():
            raise Incomplete("做什么还没写")
        refuse_forbidden_numbers(self.text)

    def lacks(self) -> tuple[str, ...]:
        """Return which of unit and due day are still open, in the clerk's words; empty when none is."""
        return tuple(word for word, there in (("责任单位", self.unit_id), ("期限", self.due_on)) if there is None)

    def is_open(self) -> bool:
        """Return whether it still has to be done."""
        return self.stage not in ENDED

    def is_overdue(self, today: date) -> bool:
        """Return whether it is open and its day is past; a task due today is not overdue."""
        return self.is_open() and self.due_on is not None and self.due_on < today

    def may_finish(self) -> None:
        """Refuse to finish what has ended.

        Raises:
            StageForbids: It is done or dropped already.
        """
        if not self.is_open():
            raise StageForbids(f"“{self.text}”{ACTION_STAGE_WORDS[self.stage]}，不用再办")


class ContributionKind(StrEnum):
    """What somebody brings."""

    SHARE = "share"
    MONEY = "money"
    LABOUR = "labour"
    MATERIAL = "kind"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one party brings to a task: `amount` is a decimal number as text, in `measure` (%, 元, 工, 方)."""

    KIND: ClassVar[str] = "contribution"
    id: str
    action_id: str
    party: str
    kind: ContributionKind
    amount: str
    measure: str = ""
    person_id: str | None = None
    standing: int = 1


def share_missing(contributions: tuple[Contribution, ...]) -> Decimal:
    """Return how many per cent are missing to 100 (negative: too many); 0 when nobody gave a share."""
    shares = [Decimal(part.amount) for part in contributions if part.kind == ContributionKind.SHARE]
    return Decimal(100) - sum(shares, Decimal(0)) if shares else Decimal(0)


@dataclass(frozen=True, slots=True)
class Progress:
    """进展: one line about how a task is going."""

    KIND: ClassVar[str] = "progress"
    id: str
    action_id: str
    text: str
    said_at: datetime | None = None
    stage: ActionStage = ActionStage.IN_PROGRESS
    by: str = ""
    standing: int = 1
