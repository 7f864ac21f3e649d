"""Noting topics, and taking them through screening to approval or out by a side exit."""

from dataclasses import dataclass, replace

from app.domain.change import Change, ChangeSet, changed, created, laid_down
from app.domain.consultation import Consultation
from app.domain.errors import Incomplete, StageForbids
from app.domain.people import refuse_forbidden_numbers
from app.domain.topic import TOPIC_STAGE_WORDS, Topic, TopicStage
from app.ports import Is, Moment, Shelf

NEXT = {
    TopicStage.RAISED: TopicStage.SCREENED,
    TopicStage.SCREENED: TopicStage.APPROVED,
    TopicStage.RETURNED: TopicStage.RAISED,
    TopicStage.DEFERRED: TopicStage.RAISED,
    TopicStage.DECLINED: TopicStage.RAISED,
}


@dataclass(frozen=True, slots=True)
class RaiseTopic:
    """Note a topic: what, which village, who raised it."""

    title: str
    village_code: str = ""
    raised_by: str = ""
    source: str = "VILLAGER"
    category: str = "OTHER"
    summary: str = ""

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the new topic, at its first step."""
        topic = Topic(
            moment.mint(),
            self.title.strip(),
            self.village_code,
            self.raised_by.strip(),
            moment.now.date(),
            self.source,
            self.category,
            self.summary.strip(),
        )
        topic.check()
        refuse_forbidden_numbers(self.title + " " + self.summary + " " + self.raised_by)
        return ChangeSet(f"记议题 {topic.title}", created(topic))


@dataclass(frozen=True, slots=True)
class AmendTopic:
    """Change what a topic says; None leaves a field as it is."""

    topic_id: str
    title: str | None = None
    village_code: str | None = None
    raised_by: str | None = None
    source: str | None = None
    category: str | None = None
    summary: str | None = None

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the fields that differ."""
        topic = shelf.get(Topic, self.topic_id)
        after = replace(
            topic,
            title=topic.title if self.title is None else self.title.strip(),
            village_code=topic.village_code if self.village_code is None else self.village_code,
            raised_by=topic.raised_by if self.raised_by is None else self.raised_by.strip(),
            source=topic.source if self.source is None else self.source,
            category=topic.category if self.category is None else self.category,
            summary=topic.summary if self.summary is None else self.summary.strip(),
        )
        after.check()
        refuse_forbidden_numbers(after.title + " " + after.summary + " " + after.raised_by)
        return ChangeSet(f"改议题 {after.title}", changed(topic, after))


@dataclass(frozen=True, slots=True)
class AdvanceTopic:
    """Take a topic one step on: screened, approved, and so on."""

    topic_id: str
    stage: TopicStage

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the new stage and, where it has one, the day it was reached."""
        topic = shelf.get(Topic, self.topic_id)
        today = moment.now.date()
        screened = today if self.stage == TopicStage.SCREENED else topic.screened_on
        approved = today if self.stage == TopicStage.APPROVED else topic.approved_on
        after = replace(topic, stage=self.stage, screened_on=screened, approved_on=approved)
        return ChangeSet(f"议题往前走 {topic.title}", changed(topic, after))


@dataclass(frozen=True, slots=True)
class TakeTopicOn:
    """Take topics one step on, 征集 to 研判 to 立题; one that was turned away begins again at 征集."""

    topic_ids: tuple[str, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the next stage of each.

        Raises:
            StageForbids: One has been approved: from there a meeting takes it on.
        """
        topics = [shelf.get(Topic, topic_id) for topic_id in self.topic_ids]
        parts: list[Change] = []
        for topic in topics:
            if topic.stage not in NEXT:
                words = TOPIC_STAGE_WORDS[topic.stage]
                raise StageForbids(f"“{topic.title}”已经{words}", "", "立题以后开了会才往前走，按 Ctrl ↵ 安排协商")
            parts += AdvanceTopic(topic.id, NEXT[topic.stage]).changes(shelf, moment).changes
        name = f"议题往前走 {topics[0].title}" if len(topics) == 1 else f"{len(topics)} 条议题往前走"
        return ChangeSet(name, tuple(parts))


@dataclass(frozen=True, slots=True)
class BinTopics:
    """放进回收站: lay topics down; undo takes them out again."""

    topic_ids: tuple[str, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the topics laid down.

        Raises:
            StageForbids: A meeting has been called about one of them.
        """
        topics = [shelf.get(Topic, topic_id) for topic_id in self.topic_ids]
        for topic in topics:
            if shelf.count(Consultation, Is("topic_id", topic.id)):
                raise StageForbids(
                    f"“{topic.title}”已经安排过协商，不能放进回收站", "内容都在", "不办了可以写明不予列题"
                )
        parts = tuple(change for topic in topics for change in laid_down(topic))
        name = topics[0].title if len(topics) == 1 else f"{len(topics)} 条议题"
        return ChangeSet(f"放进回收站 {name}", parts)


@dataclass(frozen=True, slots=True)
class TurnTopicAway:
    """Take a topic off the road: declined, returned, referred, deferred or withdrawn, always with a reason."""

    topic_id: str
    stage: TopicStage
    reason: str

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the side exit and its reason."""
        topic = shelf.get(Topic, self.topic_id)
        topic.may_leave(self.reason)
        after = replace(topic, stage=self.stage, reason=self.reason.strip())
        return ChangeSet(f"不列议题 {topic.title}", changed(topic, after))


@dataclass(frozen=True, slots=True)
class MergeTopics:
    """Make several topics one; the others are kept and listed as its sources."""

    into_id: str
    other_ids: tuple[str, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the others marked as merged into the first."""
        into = shelf.get(Topic, self.into_id)
        others = [shelf.get(Topic, other) for other in self.other_ids if other != self.into_id]
        if not others:
            raise Incomplete("至少勾两条才能合并")
        merged: list[Change] = []
        for topic in others:
            merged += changed(topic, replace(topic, stage=TopicStage.MERGED, merged_into=into.id))
        return ChangeSet(f"合并议题 {into.title}", tuple(merged))
