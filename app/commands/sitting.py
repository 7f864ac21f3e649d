"""Calling a meeting, planned or at once, and running it through its stages."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.attendance import Attendance
from app.domain.change import Change, ChangeSet, changed, created
from app.domain.consensus import SETTLING, Consensus
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.errors import Incomplete
from app.domain.issue import Issue
from app.domain.paper_mediation import AgreementSigned, is_mediated
from app.domain.people import Person
from app.domain.sitting import QuorumBase, QuorumRule, Sitting, SittingStage
from app.domain.topic import LIFE, Topic, TopicStage
from app.ports import Is, Moment, Shelf

FRAME = (
    *("venue", "starts_at", "host", "host_id", "recorder", "expected", "expected_households"),
    *("quorum_rule", "quorum_base", "spoken_language", "note"),
)
BEFORE_CONSULTATION = frozenset(LIFE[: LIFE.index(TopicStage.IN_CONSULTATION)])


@dataclass(frozen=True, slots=True)
class CallSitting:
    """Call a meeting about a topic, or about a title alone (现在开会)."""

    title: str
    place_codes: tuple[str, ...] = ()
    topic_id: str | None = None
    hamlet: str = ""
    venue: str = ""
    starts_at: datetime | None = None
    host: str = ""
    host_id: str | None = None
    recorder: str = ""
    practice: str = "yuanba"
    form: str = "YUANBA"
    category: str = "OTHER"
    quorum_rule: QuorumRule = QuorumRule.HALF
    quorum_base: QuorumBase = QuorumBase.PERSONS
    expected: int = 0
    expected_households: int = 0
    closed_session: bool = False
    issues: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return everything a meeting needs to begin; the topic, if any, moves to 协商."""
        if not self.title.strip():
            raise Incomplete("会叫什么还没写")
        consultation = self._consultation(moment)
        sitting = self._sitting(consultation, moment)
        parts = [*created(consultation), *created(sitting)]
        for number, title in enumerate(self.issues, start=1):
            parts += created(Issue(moment.mint(), sitting.id, number, title))
        for person_id in dict.fromkeys(self.invited):
            person = shelf.get(Person, person_id)
            parts += created(Attendance.of(sitting.id, person.id, person.role))
        return ChangeSet(f"新建协商 {consultation.title}", (*parts, *self._topic_moves(shelf)))

    def _consultation(self, moment: Moment) -> Consultation:
        return Consultation(
            moment.mint(),
            self.title.strip(),
            self.topic_id,
            self.place_codes,
            self.hamlet,
            self.practice,
            self.form,
            self.category,
            closed_session=self.closed_session,
        )

    def _sitting(self, consultation: Consultation, moment: Moment) -> Sitting:
        return Sitting(
            moment.mint(),
            consultation.id,
            1,
            self.venue.strip(),
            self.starts_at or moment.now.replace(microsecond=0),
            self.host_id,
            self.host.strip(),
            self.recorder or moment.who,
            expected=self.expected,
            expected_households=self.expected_households,
            quorum_rule=self.quorum_rule,
            quorum_base=self.quorum_base,
        )

    def _topic_moves(self, shelf: Shelf) -> tuple[Change, ...]:
        topic = shelf.find(Topic, self.topic_id)
        if topic is None or topic.stage not in BEFORE_CONSULTATION:
            return ()
        return changed(topic, replace(topic, stage=TopicStage.IN_CONSULTATION))


@dataclass(frozen=True, slots=True)
class CallNextSitting:
    """Call a further sitting of the same consultation; issues that were not settled come along."""

    sitting_id: str
    starts_at: datetime | None = None

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the next sitting with the same people invited and the open issues carried over."""
        before = shelf.get(Sitting, self.sitting_id)
        after = Sitting(
            moment.mint(),
            before.consultation_id,
            before.ordinal + 1,
            before.venue,
            self.starts_at or moment.now.replace(microsecond=0),
            before.host_id,
            before.host,
            before.recorder,
            expected=before.expected,
            expected_households=before.expected_households,
            quorum_rule=before.quorum_rule,
            quorum_base=before.quorum_base,
        )
        parts = [*created(after)]
        for number, issue in enumerate(_unsettled(shelf, before), start=1):
            parts += created(Issue(moment.mint(), after.id, number, issue.title, issue.note))
        for guest in shelf.all(Attendance, Is("sitting_id", before.id), Is("invited", True)):
            parts += created(Attendance.of(after.id, guest.person_id, guest.role))
        return ChangeSet("再开一次会", tuple(parts))


def _unsettled(shelf: Shelf, sitting: Sitting) -> list[Issue]:
    found = shelf.all(Consensus, Is("sitting_id", sitting.id))
    settled = {consensus.issue_id for consensus in found if consensus.is_settled() and consensus.result in SETTLING}
    return [i for i in shelf.all(Issue, Is("sitting_id", sitting.id), order="number") if i.id not in settled]


@dataclass(frozen=True, slots=True)
class AmendSitting:
    """Change the frame of a meeting: place, venue, time, host, base numbers; None leaves a field as it is."""

    sitting_id: str
    title: str | None = None
    place_codes: tuple[str, ...] | None = None
    venue: str | None = None
    starts_at: datetime | None = None
    host: str | None = None
    host_id: str | None = None
    recorder: str | None = None
    expected: int | None = None
    expected_households: int | None = None
    quorum_rule: QuorumRule | None = None
    quorum_base: QuorumBase | None = None
    spoken_language: str | None = None
    note: str | None = None

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the fields that differ; a new title and other places go to the consultation."""
        sitting = shelf.get(Sitting, self.sitting_id)
        consultation = shelf.get(Consultation, sitting.consultation_id)
        given = {name: getattr(self, name) for name in FRAME if getattr(self, name) is not None}
        parts = changed(sitting, replace(sitting, **given))
        return ChangeSet("改会议信息", parts + changed(consultation, self._amended(consultation)))

    def _amended(self, before: Consultation) -> Consultation:
        title, places = (self.title or "").strip() or before.title, self.place_codes
        return replace(before, title=title, place_codes=before.place_codes if places is None else places)


@dataclass(frozen=True, slots=True)
class OpenSitting:
    """开会: start the clock. Checking in goes on."""

    sitting_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the sitting at 说事 and its consultation in session; opening twice changes nothing."""
        sitting = shelf.get(Sitting, self.sitting_id)
        first = sitting.current_issue_id or _first_issue(shelf, sitting)
        stage = SittingStage.RAISE if sitting.stage == SittingStage.SIGN_IN else sitting.stage
        after = replace(
            sitting,
            opened_at=sitting.opened_at or moment.now.replace(microsecond=0),
            stage=stage,
            current_issue_id=first,
        )
        consultation = shelf.get(Consultation, sitting.consultation_id)
        held = replace(consultation, stage=ConsultationStage.IN_SESSION)
        return ChangeSet("开会", changed(sitting, after) + changed(consultation, held))


def _first_issue(shelf: Shelf, sitting: Sitting) -> str | None:
    issues = shelf.all(Issue, Is("sitting_id", sitting.id), order="number", limit=1)
    return issues[0].id if issues else None


@dataclass(frozen=True, slots=True)
class MoveStage:
    """Go to another stage of the evening; forward and back are both allowed."""

    sitting_id: str
    stage: SittingStage

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the sitting at that stage."""
        sitting = shelf.get(Sitting, self.sitting_id)
        sitting.may_record()
        return ChangeSet("换环节", changed(sitting, replace(sitting, stage=self.stage)))


@dataclass(frozen=True, slots=True)
class CloseSitting:
    """结会: stop the clock. Nothing is locked yet."""

    sitting_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the sitting ended and its consultation concluded."""
        sitting = shelf.get(Sitting, self.sitting_id)
        sitting.may_record()
        now = moment.now.replace(microsecond=0)
        after = replace(sitting, ended_at=now, stage=SittingStage.CLOSE, opened_at=sitting.opened_at or now)
        consultation = shelf.get(Consultation, sitting.consultation_id)
        concluded = replace(consultation, stage=ConsultationStage.CONCLUDED)
        return ChangeSet("结会", changed(sitting, after) + changed(consultation, concluded))


@dataclass(frozen=True, slots=True)
class ReopenSitting:
    """回会场接着议: the meeting goes on as if it had not ended."""

    sitting_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the sitting open again, at 定事."""
        sitting = shelf.get(Sitting, self.sitting_id)
        after = replace(sitting, ended_at=None, stage=SittingStage.SETTLE)
        consultation = shelf.get(Consultation, sitting.consultation_id)
        held = replace(consultation, stage=ConsultationStage.IN_SESSION)
        return ChangeSet("回会场接着议", changed(sitting, after) + changed(consultation, held))


@dataclass(frozen=True, slots=True)
class SignConsultation:
    """签好了: the paper has its signatures; what was agreed is carried out from now on."""

    sitting_id: str
    agreement: AgreementSigned = field(default_factory=AgreementSigned)

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the consultation signed; only one that has been concluded can be.

        Raises:
            Incomplete: A dispute was settled and its mediation agreement is not in force yet.
        """
        consultation = shelf.get(Consultation, shelf.get(Sitting, self.sitting_id).consultation_id)
        if consultation.stage != ConsultationStage.CONCLUDED:
            return ChangeSet("", ())
        ours = Is("sitting_id", self.sitting_id)
        if is_mediated(consultation, shelf.all(Attendance, ours), shelf.all(Consensus, ours)):
            self.agreement.check()
        return ChangeSet("签好了", changed(consultation, replace(consultation, stage=ConsultationStage.SIGNED)))


@dataclass(frozen=True, slots=True)
class PostponeSitting:
    """Put a meeting off, with a reason: too few came, the power went."""

    sitting_id: str
    reason: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the consultation postponed and the sitting ended."""
        if not self.reason.strip():
            raise Incomplete("要写一句为什么延期")
        sitting = shelf.get(Sitting, self.sitting_id)
        consultation = shelf.get(Consultation, sitting.consultation_id)
        off = replace(consultation, stage=ConsultationStage.POSTPONED, reason=self.reason.strip())
        ended = replace(sitting, ended_at=sitting.ended_at or moment.now.replace(microsecond=0))
        return ChangeSet("延期", changed(consultation, off) + changed(sitting, ended))
