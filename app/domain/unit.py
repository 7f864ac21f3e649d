"""单位: the village committee, office or department that takes a task on."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit, as people of the township call it. `place_code` is the division it belongs to, if any."""

    KIND: ClassVar[str] = "unit"
    id: str
    name: str
    place_code: str = ""
    standing: int = 1
