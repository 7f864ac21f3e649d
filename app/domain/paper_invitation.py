"""通知, 公告, 邀请函 (F5) and the red-paper sheet of issues: what calls people to a meeting."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class Invitation:
    """会议通知: to whom, about what; `points` are (heading, lines), `day` is the day it is dated."""

    title: str
    to_whom: str = ""
    opening: str = ""
    points: tuple[tuple[str, tuple[str, ...]], ...] = ()
    closing: str = ""
    organ: str = ""
    day: str = ""
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """邀请函: the same for one member or department, whose name is written in by hand."""

    title: str
    to_whom: str = ""
    paragraphs: tuple[str, ...] = ()
    closing: str = ""
    organ: str = ""
    day: str = ""
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on a wall in big letters: (label, lines) from the top."""

    head: str = ""
    points: tuple[tuple[str, tuple[str, ...]], ...] = ()
    closing: str = ""
    organ: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class InvitationWall:
    """会议公告 for the wall, A4 in letters of 36 to 48 points."""

    title: str
    poster: Poster = field(default_factory=Poster)
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class InvitationPoster:
    """会议公告 for the wall, A3: the letters half as large again."""

    title: str
    poster: Poster = field(default_factory=Poster)
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class IssueSheet:
    """红纸议题单: two on a sheet of red paper, to cut; `language` names the second language room is left for."""

    title: str
    head: str = ""
    when: str = ""
    where: str = ""
    issues: tuple[str, ...] = ()
    language: str = ""
    foot: str = ""
    imprint: Imprint = field(default_factory=Imprint)
