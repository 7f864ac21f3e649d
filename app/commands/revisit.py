"""Recording a revisit, which takes the topic on, and mending one that was written down wrong."""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.action import Action
from app.domain.change import Change, ChangeSet, changed, created
from app.domain.consultation import Consultation
from app.domain.revisit import BEFORE_REVISIT, Revisit
from app.domain.topic import Topic, TopicStage
from app.ports import Moment, Shelf


@dataclass(frozen=True, slots=True)
class RecordRevisit:
    """记回访: how many households said what about a task, or about a whole consultation if no task is named.

    Without a day it was today, without a name whoever is at the keys went.
    """

    consultation_id: str = ""
    action_id: str | None = None
    visited_on: date | None = None
    very_satisfied: int = 0
    satisfied: int = 0
    fair: int = 0
    dissatisfied: int = 0
    unsure: int = 0
    text: str = ""
    by: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the revisit, and the topic brought to 回访 if it is on the way there.

        Raises:
            Incomplete: Nobody was asked, a count is below nothing, or a dissatisfied answer has no sentence.
            StageForbids: The day has not come.
        """
        action = shelf.get(Action, self.action_id) if self.action_id else None
        consultation = shelf.get(Consultation, action.consultation_id if action else self.consultation_id)
        today = moment.now.date()
        revisit = Revisit(
            moment.mint(),
            consultation.id,
            self.visited_on or today,
            action.id if action else None,
            self.very_satisfied,
            self.satisfied,
            self.fair,
            self.dissatisfied,
            self.unsure,
            self.text.strip(),
            self.by.strip() or moment.who,
        )
        revisit.check()
        revisit.may_stand_on(today)
        name = action.text if action else consultation.title
        return ChangeSet(f"记回访 {name[:12]}", created(revisit) + _topic_moves(shelf, consultation))


def _topic_moves(shelf: Shelf, consultation: Consultation) -> tuple[Change, ...]:
    """Return the change that takes a consultation's topic on to 回访; none if it is there, past it, or off the road."""
    topic = shelf.find(Topic, consultation.topic_id)
    if topic is None or topic.stage not in BEFORE_REVISIT:
        return ()
    return changed(topic, replace(topic, stage=TopicStage.REVISITED))


@dataclass(frozen=True, slots=True)
class ReviseRevisit:
    """Mend a revisit: the day, the counts, the sentence, who went. What it is about stays."""

    revisit: Revisit

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return what differs.

        Raises:
            Incomplete: As it is now, it could not have been recorded.
            StageForbids: The day has not come.
        """
        before = shelf.get(Revisit, self.revisit.id)
        after = replace(
            self.revisit,
            consultation_id=before.consultation_id,
            action_id=before.action_id,
            text=self.revisit.text.strip(),
            by=self.revisit.by.strip(),
            standing=before.standing,
        )
        after.check()
        after.may_stand_on(moment.now.date())
        action = shelf.find(Action, after.action_id)
        name = action.text if action else shelf.get(Consultation, after.consultation_id).title
        return ChangeSet(f"改回访 {name[:12]}", changed(before, after))
