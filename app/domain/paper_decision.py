"""“四议两公开”决策实施登记表 (F23): the six sheets by which a village decides what a courtyard has agreed on.

What the consultation knows is filled in; the six steps happen after it, and their sheets have room to write.
"""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class DecisionSheet:
    """One sheet. `fields` are (label, value, height in mm); `shares` says that those present must be counted.

    `signs` is what stands over the room where those present sign, `seal` whose seal ends it.
    """

    name: str
    fields: tuple[tuple[str, str, float], ...] = ()
    rule: str = ""
    shares: bool = False
    signs: tuple[str, ...] = ()
    seal: str = ""


@dataclass(frozen=True, slots=True)
class DecisionForms:
    """The six sheets of one matter."""

    title: str
    matter: str = ""
    village: str = ""
    sheets: tuple[DecisionSheet, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
