"""公示 (F17) as it stands on paper: what was agreed, with everything hidden that is nobody's business on a wall."""

from dataclasses import dataclass, field

from app.domain.paper import Imprint


@dataclass(frozen=True, slots=True)
class NoticeSection:
    """One issue: what was agreed, how, that somebody thinks otherwise, without a name, and who still has to decide."""

    heading: str
    text: str
    tally: str = ""
    below_ratio: bool = False
    reserved: str = ""
    route_line: str = ""


@dataclass(frozen=True, slots=True)
class NoticeTask:
    """One task as the wall tells it: what, which unit, by when."""

    task: str
    unit: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """公示, A4. `basis` is on what ground, `period` the time on the wall, `phone` the office's.

    `remarks` is where villagers write what they think of it; `remark_line` says it shorter, for the wall.
    """

    title: str
    opening: str = ""
    sections: tuple[NoticeSection, ...] = ()
    tasks: tuple[NoticeTask, ...] = ()
    basis: str = ""
    period: str = ""
    phone: str = ""
    closing: str = ""
    remark_line: str = ""
    organ: str = ""
    day: str = ""
    seals: tuple[str, ...] = ()
    remarks: str = "监督意见"
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class PublicNoticeWall:
    """The same notice in letters to be read from three metres, A4."""

    title: str
    notice: PublicNotice
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class PublicNoticePoster:
    """The same notice, A3."""

    title: str
    notice: PublicNotice
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class PromiseCard:
    """承诺卡: one task for the household concerned; it names nobody but the unit and that household.

    `household` is empty where the task concerns no household by name: it is written in by hand.
    """

    number: int
    household: str
    task: str
    unit: str = ""
    due: str = ""
    share: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PromiseCards:
    """承诺卡, A5, two on a sheet."""

    title: str
    matter: str = ""
    day: str = ""
    organ: str = ""
    cards: tuple[PromiseCard, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class LookBackLine:
    """One promise and what became of it. `state` is a word; `is_late` is said plainly, and so is `is_done`."""

    promised: str
    unit: str = ""
    due: str = ""
    state: str = ""
    happened: str = ""
    is_late: bool = False
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class LookBack:
    """上次说的事办到哪了: one page to read out and to pin on the wall."""

    title: str
    opening: str = ""
    lines: tuple[LookBackLine, ...] = ()
    sums: str = ""
    closing: str = ""
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class LookBackWall:
    """The same page in letters for a wall."""

    title: str
    page: LookBack
    organ: str = ""
    day: str = ""
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class BallotSheet:
    """满意度测评表 (F16), four on a sheet, without names."""

    title: str
    matter: str = ""
    asks: tuple[str, ...] = ("对办理工作", "对办理结果")
    answers: tuple[str, ...] = ("满意", "基本满意", "不满意", "不了解")
    imprint: Imprint = field(default_factory=Imprint)
