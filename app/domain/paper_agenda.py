"""议程 and 主持词 (F6): what comes after what, how long it takes, and what the host says at each step."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class AgendaStep:
    """One step: its name, from when to when, how many minutes, who speaks, and the host's lines."""

    name: str
    minutes: int
    clock: str = ""
    speakers: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agenda:
    """会议议程和主持词. `warning` is said when the evening does not hold it all."""

    title: str
    frame: tuple[tuple[tuple[str, str], ...], ...] = ()
    steps: tuple[AgendaStep, ...] = ()
    total: str = ""
    warning: str = ""
    names: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
