"""交换核对单: what has been sent, how far each level has it, what is missing; to be kept by whoever carried it."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class PackageLine:
    """One package: its number, day, way, how much it brought, and of each level when it arrived, or 在路上."""

    number: str
    day: str
    carrier: str
    items: str
    arrived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComputerLine:
    """One computer: how many entries of it lie here, how far each level has them, and the digits to compare.

    The digits come from the sealed bytes themselves: who has the same segments prints the same digits.
    """

    computer: str
    entries: str
    reached: tuple[str, ...]
    digits: str


@dataclass(frozen=True, slots=True)
class ExchangeCheck:
    """交换核对单, A4. `levels` head the columns of `arrived` and `reached`; `verdict` is what it is printed for, and
    `missing` names whatever is not where it should be: nothing is left out of it."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    verdict: str = ""
    missing: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    computers: tuple[ComputerLine, ...] = ()
    packages: tuple[PackageLine, ...] = ()
    notes: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
