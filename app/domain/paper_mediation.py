"""人民调解文书 (F11, F12): the agreement of a settled dispute, the papers around it, and when it is in force.

An agreement is in force only when all parties have signed, sealed or printed, a mediator has signed and the mediation
committee has put its seal (人民调解法; the rule's text is in `resources/law/mediation.toml`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.attendance import Attendance
from app.domain.consensus import SETTLING, Consensus, Method
from app.domain.consultation import Consultation
from app.domain.errors import Incomplete
from app.domain.paper import Imprint, Signer
from app.domain.people import Role

DISPUTE = "DISPUTE"


def is_mediated(consultation: Consultation, guests: Iterable[Attendance], settled: Iterable[Consensus]) -> bool:
    """Return whether what was settled leaves a mediation agreement.

    Parties came, something was agreed, and the matter is a dispute or is settled by the parties' own signatures.
    """
    agreed = [one for one in settled if one.standing == 1 and one.is_settled() and one.result in SETTLING]
    parties = any(guest.role == Role.PARTY and guest.has_come() and guest.standing == 1 for guest in guests)
    by_parties = any(one.method == Method.PARTY_SIGNATURE for one in agreed)
    return parties and bool(agreed) and (consultation.category == DISPUTE or by_parties)


@dataclass(frozen=True, slots=True)
class AgreementSigned:
    """What somebody has seen on the agreement itself; `consensus_only` when none was made, only a consensus signed."""

    by_parties: bool = False
    by_mediator: bool = False
    sealed: bool = False
    consensus_only: bool = False

    def lacks(self) -> tuple[str, ...]:
        """Return what keeps the agreement from being in force; empty when it is, or when there is none."""
        seen = (
            ("当事人还没有都签字或按手印", self.by_parties),
            ("人民调解员还没签字", self.by_mediator),
            ("调委会还没盖章", self.sealed),
        )
        return () if self.consensus_only else tuple(words for words, there in seen if not there)

    def check(self) -> None:
        """Refuse to call an agreement signed that is not in force.

        Raises:
            Incomplete: A signature or the seal is lacking; the sentence names which.
        """
        if lacking := self.lacks():
            what = f"人民调解协议书还没生效：{'，'.join(lacking)}"
            raise Incomplete(
                what, "会上定的都在，印好的协议书也还能用", "签齐、盖好章再来勾；没做协议书就勾“只签协商共识”"
            )


@dataclass(frozen=True, slots=True)
class Party:
    """当事人: one side. Sex, nationality, age and occupation are not kept here: the paper leaves room for them."""

    name: str
    home: str = ""
    household: tuple[str, ...] = ()
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What every paper of a mediation tells: who, about what, what was agreed, and how it is carried out by when."""

    number: str
    parties: tuple[Party, ...] = ()
    facts: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    performance: tuple[str, ...] = ()
    day: str = ""
    place: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MediationAgreement:
    """人民调解协议书 (F11). `responsibility` is left to be written by hand when empty."""

    title: str
    settlement: Settlement
    lead: str = ""
    responsibility: str = ""
    law_lines: tuple[str, ...] = ()
    copies: int = 0
    copies_line: str = ""
    signers: tuple[Signer, ...] = ()
    seals: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class OralAgreement:
    """人民调解口头协议登记表 (F12): the parties want no written one; the mediator writes down what was agreed."""

    title: str
    settlement: Settlement
    law_line: str = ""
    mediators: str = ""
    recorder: str = ""
    seals: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class RightsNotice:
    """人民调解当事人权利义务告知书: told before the mediation begins, signed by those who were told."""

    title: str
    opening: str = ""
    points: tuple[tuple[str, tuple[str, ...]], ...] = ()
    closing: str = ""
    signers: tuple[Signer, ...] = ()
    source: str = ""
    imprint: Imprint = field(default_factory=Imprint)


@dataclass(frozen=True, slots=True)
class ConfirmationRequest:
    """司法确认申请书: both parties together ask the court to confirm the agreement, within thirty days."""

    title: str
    settlement: Settlement
    request: str = ""
    reasons: tuple[str, ...] = ()
    promise: str = ""
    court: str = ""
    annexes: tuple[str, ...] = ()
    signers: tuple[Signer, ...] = ()
    names: tuple[str, ...] = ()
    imprint: Imprint = field(default_factory=Imprint)
