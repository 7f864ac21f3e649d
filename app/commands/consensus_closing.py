"""Writing down, when the papers are made, that an issue came to no agreement."""

from dataclasses import dataclass, replace

from app.commands.consensus import LASTING, NO_VOTES, consensus_of, put_down
from app.domain.change import ChangeSet, changed
from app.domain.consensus import Consensus, Result
from app.domain.errors import AlreadySettled
from app.domain.issue import Issue
from app.ports import Moment, Shelf


@dataclass(frozen=True, slots=True)
class ConcedeIssue:
    """没谈成: an issue ends without agreement. It may be said after the meeting has ended, for it settles nothing."""

    issue_id: str
    result: Result = Result.NOT_REACHED

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the consensus closed without agreement; its draft words are kept.

        Raises:
            AlreadySettled: Something was agreed on it.
        """
        issue = shelf.get(Issue, self.issue_id)
        draft, before = consensus_of(shelf, issue)
        if draft.is_settled():
            raise AlreadySettled(f"“{issue.title}”已经有结论", "", "要改就回会场重议")
        begun = () if before else put_down(shelf, draft)
        parts = (*begun, *changed(draft, self._conceded(draft, moment)))
        return ChangeSet(f"没谈成 {issue.title}", parts, lasting=LASTING)

    def _conceded(self, draft: Consensus, moment: Moment) -> Consensus:
        return replace(
            draft,
            result=self.result,
            agree=NO_VOTES.agree,
            against=NO_VOTES.against,
            abstain=NO_VOTES.abstain,
            silent=NO_VOTES.silent,
            settled_at=moment.now.replace(microsecond=0),
        )
