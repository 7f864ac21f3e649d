"""文书: what stands on a paper, in plain words and numbers, before anybody draws it.

Every sentence arrives finished (dates, sums and units are worded by `app/domain/wording.py`); a paper only numbers its
sections and rows and puts them in their places. Empty text means the line is not printed.
"""

from dataclasses import dataclass
from typing import Protocol

from app.domain.wording import PENDING_NUMBER

PRIVACY_NOTICE = (
    "个人信息告知：本表收集姓名、所在单位或村组、身份和签名，仅用于证明到会、形成协商文书和存档，"
    "由主办单位保管，不收集身份证号；您可以查阅、要求更正，也可以不签，不影响参会和发言。"
)
"""What a person is told before signing. Source: domain.md F25, 《个人信息保护法》第十四条至第十七条."""

READ_OUT = "本共识已当场宣读，核对无误后签字。"

Modules = tuple[tuple[bool, ...], ...]
"""A square code, row by row from the top; True is black."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is printed at the foot of every page: which paper of which meeting this is, and which version of it.

    Version 0 was not sealed. `paper` is the code of its kind, `check` begins the digest of the version, `digits` are
    its 20 digits, and `seal` is the text of its seal code, on papers that carry it. `reprint` counts from 1.
    `start_mm` is where the first page begins, from the top of the sheet, on paper with a printed red head; 0: as usual.
    """

    number: str = ""
    version: int = 1
    draft: bool = False
    footer: str = ""
    author: str = ""
    sitting_id: str = ""
    paper: str = ""
    check: str = ""
    digits: str = ""
    seal: str = ""
    corrections: tuple[str, ...] = ()
    start_mm: float = 0.0

    @property
    def number_shown(self) -> str:
        """Return the number, or that there is none yet."""
        return self.number or PENDING_NUMBER


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues papers here: the organ as it signs, its telephone and who answers it, and the red mark of its 纪要.

    `start_mm` is where text begins on its paper with a printed red head, from the top of the sheet; 0: it has none.
    """

    organ: str = ""
    phone: str = ""
    contact: str = ""
    masthead: str = ""
    start_mm: float = 0.0


class Paper(Protocol):
    """The content of any paper; each kind has fields of its own, in a file named after it."""

    @property
    def title(self) -> str:
        """Return what it is headed with."""

    @property
    def imprint(self) -> Imprint:
        """Return what stands at the foot of its pages."""


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One expected or arrived person on the sheet; `note` says who signed for them and as what."""

    name: str
    unit: str = ""
    role: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SignInSheet:
    """签到表 (F7). `blank_rows` are left at the end for those who come late."""

    title: str
    time: str = ""
    place: str = ""
    rows: tuple[SignInRow, ...] = ()
    expected: int | None = None
    arrived: int | None = None
    notice: str = PRIVACY_NOTICE
    blank_rows: int = 15
    imprint: Imprint = Imprint()


@dataclass(frozen=True, slots=True)
class ReservationLine:
    """保留意见 as printed: who said it, what, and what was answered."""

    speaker: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class ConsensusSection:
    """One issue and what was settled about it; `tally` is the sentence with the votes or the method.

    `route_line` says that the law leaves the matter to somebody else than the courtyard.
    """

    heading: str
    text: str
    tally: str = ""
    below_ratio: bool = False
    reservations: tuple[ReservationLine, ...] = ()
    route_line: str = ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One task in the table of a consensus paper; `people` are the names that must not be torn apart."""

    task: str
    who: str = ""
    due: str = ""
    share: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """A place to sign: in which capacity, and the name when it is known."""

    label: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ConsensusPaper:
    """协商共识 (F10): read out, signed and sealed on the spot. `names` are kept in one piece wherever they stand."""

    title: str
    date_line: str = ""
    opening: str = ""
    sections: tuple[ConsensusSection, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    closing: str = READ_OUT
    language_line: str = ""
    notice: str = ""
    signers: tuple[Signer, ...] = ()
    seals: tuple[str, ...] = ()
    copies_line: str = ""
    names: tuple[str, ...] = ()
    imprint: Imprint = Imprint()


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One task in the list that is handed to the departments."""

    task: str
    consensus: str = ""
    lead_unit: str = ""
    support_units: str = ""
    person: str = ""
    due: str = ""
    funds: str = ""
    supervisor: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ActionList:
    """任务分解清单 (F13), A4 landscape."""

    title: str
    subtitle: str = ""
    rows: tuple[ActionLine, ...] = ()
    seals: tuple[str, ...] = ()
    imprint: Imprint = Imprint()
