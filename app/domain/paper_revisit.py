"""回访记录 (F18): how a task is kept to and what the households said, round by round; who went signs."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class RevisitRound:
    """One round of households; one that is still to be walked is empty. `answers` stand in the order they are asked."""

    day: str = ""
    by: str = ""
    about: str = ""
    households: str = ""
    answers: tuple[str, ...] = ()
    rate: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RevisitRecord:
    """The record of one task. `answers` are the heads of what a household may say; `state` is how the task stands."""

    title: str
    head: str
    agreement: str = ""
    reason: str = ""
    state: str = ""
    answers: tuple[str, ...] = ()
    rounds: tuple[RevisitRound, ...] = ()
    note: str = ""
    imprint: Imprint = field(default_factory=Imprint)
