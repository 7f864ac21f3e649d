"""协商纪要 (F9): what an office issues about a meeting, in the form GB/T 9704 gives 纪要 (10.3)."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class MinutesPoint:
    """One point under a heading: its own heading (may be empty) and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MinutesPart:
    """One part of the body: 一、 and its heading, then points （一）（二）, or one point without a heading."""

    heading: str
    points: tuple[MinutesPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """协商纪要. `mark` is the red head, `lists` are (出席：, names), `sent_to` is 分送：甲，乙。

    On paper with a printed red head (`imprint.start_mm`) the mark and its red line are left out.
    """

    title: str
    mark: str = ""
    number_line: str = ""
    organ: str = ""
    day: str = ""
    opening: str = ""
    parts: tuple[MinutesPart, ...] = ()
    lists: tuple[tuple[str, str], ...] = ()
    sent_to: str = ""
    names: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
