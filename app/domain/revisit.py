"""回访: somebody goes back to the households after the work is done and asks how satisfied they are.

Households are counted by what they say (很满意 满意 一般 不满意 说不清); who said what is not written down. Below ten
households a share says little, so it is shown with 户数少 (source: ui.md, Tasks). Above the county each of the five
counts is known to the nearest five and no nearer (source: trust.md R2).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from app.domain.errors import Incomplete, StageForbids
from app.domain.people import refuse_forbidden_numbers
from app.domain.topic import TopicStage

Answers = tuple[int, int, int, int, int]
FEW = 10
STEP = 5
"""To the nearest so many, households are told above the county."""
ANSWERS: dict[str, str] = {
    "very_satisfied": "很满意",
    "satisfied": "满意",
    "fair": "一般",
    "dissatisfied": "不满意",
    "unsure": "说不清",
}
"""What a household can answer, by the field that counts it, in the order in which it is asked."""
BEFORE_REVISIT = frozenset({TopicStage.IN_CONSULTATION, TopicStage.IN_HAND})
"""The stages of a topic from which a revisit takes it on: its tasks were done, whether or not somebody said 办理."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """One round of households, about one task, or about the whole consultation when `action_id` is None."""

    KIND: ClassVar[str] = "revisit"
    id: str
    consultation_id: str
    visited_on: date
    action_id: str | None = None
    very_satisfied: int = 0
    satisfied: int = 0
    fair: int = 0
    dissatisfied: int = 0
    unsure: int = 0
    text: str = ""
    by: str = ""
    standing: int = 1

    def answers(self) -> Answers:
        """Return the five counts in the order of `ANSWERS`."""
        return self.very_satisfied, self.satisfied, self.fair, self.dissatisfied, self.unsure

    def households(self) -> int:
        """Return how many households were asked."""
        return sum(self.answers())

    def satisfied_share(self) -> int | None:
        """Return how many in a hundred households are satisfied; None when nobody was asked."""
        return share(self.very_satisfied + self.satisfied, self.households())

    def is_few(self) -> bool:
        """Return whether so few were asked that a share says little."""
        return self.households() < FEW

    def as_told(self) -> "Revisit":
        """Return this round as every level may know it; as told once, it is told again the same."""
        return replace(
            self,
            very_satisfied=told(self.very_satisfied),
            satisfied=told(self.satisfied),
            fair=told(self.fair),
            dissatisfied=told(self.dissatisfied),
            unsure=told(self.unsure),
        )

    def check(self) -> None:
        """Refuse a round that counts nobody, counts less than nobody, or passes over what displeases.

        Raises:
            Incomplete: Nobody was asked, a count is below nothing, or somebody is dissatisfied and nobody says why.
            IdNumberRefused: The sentence holds an identity or bank number.
        """
        if min(self.answers()) < 0:
            raise Incomplete("户数不能比 0 少")
        if not self.households():
            raise Incomplete("走了几户还没写", "", "五个数里至少填一个")
        if self.dissatisfied and not self.text.strip():
            raise Incomplete(f"有 {self.dissatisfied} 户不满意，他们怎么说，写一句")
        refuse_forbidden_numbers(self.text)

    def may_stand_on(self, today: date) -> None:
        """Refuse a day that has not come.

        Raises:
            StageForbids: It is after `today`.
        """
        if self.visited_on > today:
            raise StageForbids("那天还没到，走了再记", "填的都在")


def told(count: int) -> int:
    """Return a count of households as it may be told above the county: to the nearest five (trust.md R2).

    Every answer of every round is rounded before it is sent or added to anything, so that whoever has all that is
    told, at every level, knows of no count more than its nearest five: from 5 that it was 3 to 7, from 0 that it was
    0 to 2.
    """
    return (count + STEP // 2) // STEP * STEP


def share(satisfied: int, households: int) -> int | None:
    """Return how many in a hundred, rounded down, so that 100 means everybody; None when nobody was asked."""
    return 100 * satisfied // households if households else None


def total(revisits: Iterable[Revisit]) -> Answers:
    """Return the five counts of several rounds together, in the order of `ANSWERS`."""
    very_satisfied, satisfied, fair, dissatisfied, unsure = 0, 0, 0, 0, 0
    for one in revisits:
        very_satisfied += one.very_satisfied
        satisfied += one.satisfied
        fair += one.fair
        dissatisfied += one.dissatisfied
        unsure += one.unsure
    return very_satisfied, satisfied, fair, dissatisfied, unsure
