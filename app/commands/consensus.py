"""Writing down what is being agreed, settling it with its votes, and keeping every reservation."""

from dataclasses import dataclass, replace

from app.commands.people import into
from app.domain.attendance import Attendance, Presence
from app.domain.change import Change, ChangeSet, changed, created, raised
from app.domain.consensus import COUNTED, SETTLING, Consensus, Method, Ratio, Reservation, Result, Tally
from app.domain.errors import Incomplete
from app.domain.issue import Issue
from app.domain.people import Person, refuse_forbidden_numbers, the_one
from app.domain.sitting import Sitting, SittingStage
from app.ports import Is, Moment, Shelf

LASTING = frozenset({Reservation.KIND, Consensus.KIND})
NO_VOTES = Tally()


@dataclass(frozen=True, slots=True)
class DraftConsensus:
    """Keep the words of a consensus while they are still being found."""

    issue_id: str
    text: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the draft with its new words; a settled one is not touched."""
        issue = shelf.get(Issue, self.issue_id)
        consensus, before = consensus_of(shelf, issue)
        if consensus.is_settled():
            return ChangeSet("", ())
        refuse_forbidden_numbers(self.text)
        after = replace(consensus, text=self.text.strip(), drafted_at=moment.now.replace(microsecond=0))
        return ChangeSet(
            f"写共识草稿 {issue.title}", put_down(shelf, after) if before is None else changed(before, after)
        )


@dataclass(frozen=True, slots=True)
class TranslateConsensus:
    """Put what was agreed in the second language of the village, typed or pasted; empty takes it back.

    An aid for reading out: it may be written before and after the meeting, and a sealed version stays as it is.
    """

    consensus_id: str
    text: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the consensus with its second text.

        Raises:
            Refused: An identity or account number stands in it.
        """
        refuse_forbidden_numbers(self.text)
        before = shelf.get(Consensus, self.consensus_id)
        issue = shelf.get(Issue, before.issue_id)
        return ChangeSet(f"写第二种文字 {issue.title}", changed(before, replace(before, second_text=self.text.strip())))


@dataclass(frozen=True, slots=True)
class Objection:
    """One reservation as typed: who, and the sentence."""

    person_id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class SettleConsensus:
    """定下共识: the words, the way it was settled, the votes, the reservations; the next issue is taken up."""

    issue_id: str
    text: str
    method: Method = Method.SHOW_OF_HANDS
    tally: Tally = NO_VOTES
    result: Result = Result.REACHED
    ratio: Ratio = Ratio.HALF
    route: str = ""
    objections: tuple[Objection, ...] = ()

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the consensus settled.

        Raises:
            Incomplete: No words.
            VotesDoNotAddUp: More votes than people in the yard.
            VotesMissing: Fewer, and nobody put down as silent.
            StageForbids: The meeting has ended.
        """
        issue = shelf.get(Issue, self.issue_id)
        sitting = shelf.get(Sitting, issue.sitting_id)
        sitting.may_record()
        draft, before = consensus_of(shelf, issue)
        after = self._settled(draft, shelf, moment)
        after.check()
        refuse_forbidden_numbers(self.text)
        # Begun apart from settled: undo takes the settling back, never the reservations nor what they hang on.
        begun = () if before else put_down(shelf, draft)
        parts = [*begun, *self._reservations(after, moment), *changed(draft, after)]
        parts += changed(sitting, replace(_turned(shelf, sitting, issue), stage=SittingStage.SETTLE))
        return ChangeSet(f"定下 {issue.title}", tuple(parts), lasting=LASTING)

    def _settled(self, draft: Consensus, shelf: Shelf, moment: Moment) -> Consensus:
        guests = shelf.all(Attendance, Is("sitting_id", draft.sitting_id))
        counted = self.method in COUNTED and self.result in SETTLING
        tally = self.tally if counted else NO_VOTES
        return replace(
            draft,
            text=self.text.strip(),
            method=self.method,
            result=self.result,
            ratio=self.ratio,
            route=self.route,
            agree=tally.agree,
            against=tally.against,
            abstain=tally.abstain,
            silent=tally.silent,
            present=votes_in_yard(guests, self.method, shelf),
            expected=sum(guest.invited for guest in guests),
            settled_at=moment.now.replace(microsecond=0),
        )

    def _reservations(self, consensus: Consensus, moment: Moment) -> tuple[Change, ...]:
        parts: list[Change] = []
        for objection in self.objections:
            if objection.text.strip():
                refuse_forbidden_numbers(objection.text)
                parts += created(Reservation(moment.mint(), consensus.id, objection.text.strip(), objection.person_id))
        return tuple(parts)


def consensus_of(shelf: Shelf, issue: Issue) -> tuple[Consensus, Consensus | None]:
    """Return the issue's consensus and the same as stored; a fresh one and None if there is none yet."""
    stored = shelf.all(Consensus, Is("issue_id", issue.id), limit=1)
    return (stored[0], stored[0]) if stored else (Consensus.of(issue.sitting_id, issue.id), None)


def put_down(shelf: Shelf, consensus: Consensus) -> tuple[Change, ...]:
    """Return a consensus newly begun; a draft that was taken back is brought back as this one."""
    before = shelf.kept(Consensus, consensus.id)
    return raised(before, consensus) if before else created(consensus)


def votes_in_yard(guests: list[Attendance], method: Method, shelf: Shelf) -> int:
    """Return how many votes are in the yard now: people, or households when each has one."""
    here = [guest for guest in guests if guest.presence == Presence.PRESENT and guest.counts]
    ones = {the_one(guest.person_id, into(shelf)) for guest in here}
    if method != Method.HOUSEHOLD_VOTE:
        return len(ones)
    people = (shelf.find(Person, one) for one in ones)
    return len({person.household_id for person in people if person and person.household_id})


def _turned(shelf: Shelf, sitting: Sitting, issue: Issue) -> Sitting:
    """Return the sitting turned to the next issue that is not settled, or left where it is."""
    found = shelf.all(Consensus, Is("sitting_id", sitting.id))
    settled = {consensus.issue_id for consensus in found if consensus.is_settled()} | {issue.id}
    issues = shelf.all(Issue, Is("sitting_id", sitting.id), order="number")
    open_ones = [other for other in issues if other.id not in settled]
    later = [other for other in open_ones if other.number > issue.number] or open_ones
    return replace(sitting, current_issue_id=later[0].id if later else issue.id)


@dataclass(frozen=True, slots=True)
class ReopenConsensus:
    """重议: open a settled consensus again; its votes are kept in the history, its reservations stay beside it."""

    issue_id: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the consensus as a draft, and the sitting turned to its issue."""
        issue = shelf.get(Issue, self.issue_id)
        sitting = shelf.get(Sitting, issue.sitting_id)
        sitting.may_record()
        consensus, before = consensus_of(shelf, issue)
        if before is None:
            return ChangeSet("", ())
        after = replace(consensus, settled_at=None)
        turned = replace(sitting, current_issue_id=issue.id)
        return ChangeSet(f"重议 {issue.title}", changed(before, after) + changed(sitting, turned))


@dataclass(frozen=True, slots=True)
class KeepReservation:
    """Put a further reservation beside a consensus; undo does not remove it."""

    consensus_id: str
    text: str
    person_id: str | None = None

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the reservation."""
        if not self.text.strip():
            raise Incomplete("保留什么意见还没写")
        refuse_forbidden_numbers(self.text)
        consensus = shelf.get(Consensus, self.consensus_id)
        kept = Reservation(moment.mint(), consensus.id, self.text.strip(), self.person_id)
        return ChangeSet("记保留意见", created(kept), lasting=LASTING)


@dataclass(frozen=True, slots=True)
class CorrectReservation:
    """Mend who or what was typed wrongly in a reservation; both versions stay in the history."""

    reservation: Reservation

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the fields that differ."""
        before = shelf.get(Reservation, self.reservation.id)
        if not self.reservation.text.strip():
            raise Incomplete("保留意见不能改成空的", "", "可以写答复")
        refuse_forbidden_numbers(self.reservation.text)
        after = replace(self.reservation, text=self.reservation.text.strip(), standing=before.standing)
        return ChangeSet("改保留意见", changed(before, after))


@dataclass(frozen=True, slots=True)
class AnswerReservation:
    """Write what was said in answer to a reservation."""

    reservation_id: str
    answer: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the answer."""
        before = shelf.get(Reservation, self.reservation_id)
        return ChangeSet("答复保留意见", changed(before, replace(before, answer=self.answer.strip())))
