"""文书 of every kind: which there are, when each is due, and how it is made from a meeting as it stands.

One line for each paper, in the order of the table on the wall. A maker returns None where there is nothing to print
(no dispute, no mediation agreement).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from app.domain.attachment import Attachment
from app.domain.edition import Correction, Edition
from app.domain.paper import Issuer, Paper
from app.domain.paper_notice import LookBackLine
from app.domain.place import Places
from app.domain.practice import PaperKind, PaperTime, Practice
from app.domain.printout import Printout
from app.queries import (
    paper,
    paper_agenda,
    paper_assignment,
    paper_bilingual,
    paper_blanks,
    paper_decision,
    paper_dossier,
    paper_invitation,
    paper_mediation,
    paper_minutes,
    paper_notice,
    paper_record,
)
from app.queries.edition import correction_words, seal_text, sitting_as_sealed
from app.queries.sitting import LiveSitting
from app.settings import CONTACT, MASTHEAD, ORGAN, PHONE, START_MM, Setting


@dataclass(frozen=True, slots=True)
class Matter:
    """What papers are made from: the meeting, where and under which practice it is held, and who issues them.

    `edition` is the sealed version the papers are of, None before 定稿, and `versions` are all of them; `correction`
    stands while one is open.
    `attachments` and `printouts` are what the folder holds so far, `promises` what earlier meetings here agreed on
    (`app.queries.paper_notice.earlier_promises`).
    """

    live: LiveSitting
    places: Places
    practice: Practice
    issuer: Issuer = field(default_factory=Issuer)
    today: date | None = None
    edition: Edition | None = None
    correction: Correction | None = None
    versions: tuple[Edition, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    printouts: tuple[Printout, ...] = ()
    promises: tuple[LookBackLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Maker:
    """How one paper is made: the practice's rule for it, when it is due if the practice does not say, its maker."""

    when: PaperTime
    make: Callable[[Matter], Paper | None]
    rule: PaperKind | None = None

    def due(self, practice: Practice) -> PaperTime:
        """Return when the paper is needed under a practice."""
        rule = practice.paper(self.rule) if self.rule else None
        return rule.when if rule else self.when


MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "consensus_paper": Maker(
            PaperTime.TONIGHT, lambda m: paper.consensus_paper(m.live, m.places, m.practice), PaperKind.CONSENSUS
        ),
        "sign_in_sheet": Maker(
            PaperTime.TONIGHT, lambda m: paper.sign_in_sheet(m.live, m.places, m.practice), PaperKind.SIGN_IN
        ),
        "action_list": Maker(
            PaperTime.TONIGHT, lambda m: paper.action_list(m.live, m.places, m.practice), PaperKind.ACTION_LIST
        ),
        "mediation_agreement": Maker(PaperTime.TONIGHT, paper_mediation.mediation_agreement, PaperKind.MEDIATION),
        "oral_agreement": Maker(PaperTime.AFTER, paper_mediation.oral_agreement),
        "rights_notice": Maker(PaperTime.BEFORE, paper_mediation.rights_notice),
        "confirmation_request": Maker(PaperTime.AFTER, paper_mediation.confirmation_request),
        "assignment_slips": Maker(PaperTime.AFTER, paper_assignment.assignment_slips),
        "bilingual_sheet": Maker(PaperTime.TONIGHT, paper_bilingual.bilingual_sheet),
        "blank_set": Maker(PaperTime.BEFORE, paper_blanks.blank_set),
        "decision_forms": Maker(PaperTime.AFTER, paper_decision.decision_forms),
        "dossier_index": Maker(PaperTime.AFTER, paper_dossier.dossier_index),
        "public_notice": Maker(PaperTime.AFTER, paper_notice.public_notice, PaperKind.PUBLIC_NOTICE),
        "public_notice_wall": Maker(PaperTime.AFTER, paper_notice.public_notice_wall),
        "public_notice_poster": Maker(PaperTime.AFTER, paper_notice.public_notice_poster),
        "promise_cards": Maker(PaperTime.AFTER, paper_notice.promise_cards),
        "look_back": Maker(PaperTime.BEFORE, paper_notice.look_back),
        "look_back_wall": Maker(PaperTime.BEFORE, paper_notice.look_back_wall),
        "ballot_sheet": Maker(PaperTime.AFTER, paper_notice.ballot_sheet, PaperKind.EVALUATION),
        "meeting_record": Maker(PaperTime.TONIGHT, paper_record.meeting_record, PaperKind.RECORD),
        "minutes": Maker(PaperTime.AFTER, paper_minutes.minutes, PaperKind.MINUTES),
        "invitation": Maker(PaperTime.BEFORE, paper_invitation.invitation, PaperKind.INVITATION),
        "invitation_letter": Maker(PaperTime.BEFORE, paper_invitation.invitation_letter),
        "invitation_wall": Maker(PaperTime.BEFORE, paper_invitation.invitation_wall),
        "invitation_poster": Maker(PaperTime.BEFORE, paper_invitation.invitation_poster),
        "issue_sheet": Maker(PaperTime.BEFORE, paper_invitation.issue_sheet),
        "agenda": Maker(PaperTime.BEFORE, paper_agenda.agenda, PaperKind.AGENDA),
    }
)


SEALED_PAPERS = frozenset({"consensus_paper", "mediation_agreement"})
"""Papers that carry the seal code, which anybody can read and any copy of the program can check."""

PUBLIC_PAPERS = frozenset({"public_notice", "public_notice_wall", "public_notice_poster"})
"""Papers on a wall that carry the seal code too, with nothing in words that the wall hides."""

NEVER_SEALED = frozenset(
    {
        *("blank_set", "dossier_index", "rights_notice", "agenda", "issue_sheet"),
        *("invitation", "invitation_letter", "invitation_wall", "invitation_poster"),
    }
)
"""Papers that are written on, grow after sealing, or were handed out before it: no version can be vouched for."""


OF_THE_VERSION = frozenset({"sign_in_sheet", "consensus_paper", "action_list", "mediation_agreement", "oral_agreement"})
"""Papers that say what was sealed and nothing since: made from the version itself, so that they are always the same."""


def issuer_of(setting: Callable[[Setting], str]) -> Issuer:
    """Return who issues papers here, as set on this machine; a height that is no number counts as none."""
    organ, phone, contact, masthead = (setting(one) for one in (ORGAN, PHONE, CONTACT, MASTHEAD))
    told = setting(START_MM).strip()
    start = float(told) if told.replace(".", "", 1).isdecimal() else 0.0
    return Issuer(organ, phone, contact, masthead, start)


def made(kind: str, matter: Matter) -> Paper | None:
    """Return one paper of a meeting, marked with its version; None where there is nothing to print."""
    return _made(kind, matter, _as_sealed(matter))


def _as_sealed(matter: Matter) -> Matter:
    """Return a matter with the meeting as its version has it; as it stands when nothing is sealed, or under 更正."""
    is_sealed = matter.edition is not None and matter.correction is None
    return replace(matter, live=sitting_as_sealed(matter.edition)) if is_sealed and matter.edition else matter


def _made(kind: str, matter: Matter, as_sealed: Matter) -> Paper | None:
    content = MAKERS[kind].make(as_sealed if kind in OF_THE_VERSION else matter)
    return None if content is None else marked(kind, content, matter)


def marked(kind: str, content: Paper, matter: Matter) -> Paper:
    """Return a paper with the marks of its version: sealed, or not yet; being corrected, it is not."""
    edition = None if matter.correction or kind in NEVER_SEALED else matter.edition
    imprint = replace(content.imprint, sitting_id=matter.live.sitting_id, paper=kind, version=0)
    if edition is not None:
        marks = {"version": edition.version, "check": edition.digest[:16], "digits": edition.digits}
        imprint = replace(imprint, **marks, seal=_seal(kind, edition, matter))  # type: ignore[arg-type]
        imprint = replace(imprint, corrections=correction_words(matter.versions, edition))
    return replace(content, imprint=imprint)  # type: ignore[type-var]


def _seal(kind: str, edition: Edition, matter: Matter) -> str:
    """Return the seal code of a paper: on a wall it tells no more in words than the wall does."""
    if kind in PUBLIC_PAPERS:
        return seal_text(edition, paper_notice.hide(matter))
    return seal_text(edition) if kind in SEALED_PAPERS else ""


def every_paper(matter: Matter) -> dict[str, Paper]:
    """Return every paper there is something to print on, by kind, in the order of the table."""
    as_sealed = _as_sealed(matter)
    found = ((kind, _made(kind, matter, as_sealed)) for kind in MAKERS)
    return {kind: content for kind, content in found if content is not None}
