"""自然村 and 村民小组: where the meeting really happens; in no official table, so kept here."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Hamlet:
    """One hamlet under an official village code."""

    KIND: ClassVar[str] = "hamlet"
    id: str
    village_code: str
    name: str
    standing: int = 1
