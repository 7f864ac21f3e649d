"""Topics as a list to type into, and one topic with its whole life."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from app.domain.action import ENDED, Action, ActionStage
from app.domain.attendance import Attendance, Presence
from app.domain.change import STANDING, ChangeSet, applied
from app.domain.consensus import SETTLING, Consensus
from app.domain.consultation import Consultation
from app.domain.hamlet import Hamlet
from app.domain.pinyin import Index
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.topic import LIFE, Topic, TopicStage
from app.ports import Among, Before, Is, Shelf
from app.queries.attendance_tied import Tied
from app.queries.revisit import revisits_of

OPEN_STAGES = tuple(stage.value for stage in LIFE if stage != TopicStage.SETTLED)


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic that the typed letters may mean, and which characters of its title they matched."""

    topic: Topic
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One consultation held about a topic: when, how many came, what came of it."""

    consultation: Consultation
    sitting: Sitting
    came: int
    settled: int
    actions: tuple[Action, ...]

    def done(self) -> int:
        """Return how many of its tasks are done."""
        return sum(action.stage == ActionStage.DONE for action in self.actions)

    def overdue(self, today: date) -> int:
        """Return how many of its tasks are past their day."""
        return sum(action.is_overdue(today) for action in self.actions)


@dataclass(frozen=True, slots=True)
class TopicLife:
    """A topic with what became of it; of its revisits the latest day first."""

    topic: Topic
    sources: tuple[Topic, ...]
    held: tuple[Held, ...]
    revisits: tuple[Revisit, ...] = ()


class TopicPool:
    """All topics at hand, the newest first, found by any part of their title; kept up to date by each act's changes.

    Topics merged into another are left to that one.
    """

    def __init__(self, topics: list[Topic]) -> None:
        self._topics = {topic.id: topic for topic in sorted(topics, key=lambda one: one.id, reverse=True)}
        self._titles: Index[str] = Index((topic.id, topic.title, ()) for topic in self.all())

    def all(self) -> list[Topic]:
        """Return every topic that stands for itself."""
        return [topic for topic in self._topics.values() if topic.standing and topic.stage != TopicStage.MERGED]

    def get(self, topic_id: str) -> Topic | None:
        """Return one topic, merged or laid down ones too; None if there is none."""
        return self._topics.get(topic_id)

    def take(self, changes: ChangeSet) -> bool:
        """Apply an act and return whether it touched a topic."""
        touched = False
        for kind, record_id, parts in changes.by_record():
            is_new = any(part.field == STANDING and part.old is None for part in parts)
            if kind == Topic.KIND and (record_id in self._topics or is_new):
                self._put(applied(Topic, self._topics.get(record_id), record_id, parts))
                touched = True
        return touched

    def _put(self, topic: Topic) -> None:
        if topic.id not in self._topics:
            self._topics = {topic.id: topic} | self._topics
        self._topics[topic.id] = topic
        if topic.standing and topic.stage != TopicStage.MERGED:
            self._titles.replace(topic.id, topic.title)
        else:
            self._titles.remove(topic.id)

    def find(self, query: str, category: str = "") -> list[FoundTopic]:
        """Return the topics whose title the typed letters match, the newest first; all while nothing is typed."""
        if not query.strip():
            found = [FoundTopic(topic, ()) for topic in self.all()]
        else:
            hits = self._titles.search(query, None)
            found = [FoundTopic(self._topics[hit.id], hit.positions) for hit in hits]
            found.sort(key=lambda one: one.topic.id, reverse=True)
        return [one for one in found if not category or one.topic.category == category]

    def categories(self) -> list[str]:
        """Return the categories in use, the commonest first."""
        return [category for category, _ in Counter(topic.category for topic in self.all()).most_common()]

    def approved_in(self, year: int) -> int:
        """Return how many topics were approved in a year: those on its plan."""
        return sum(topic.approved_on is not None and topic.approved_on.year == year for topic in self.all())


def topic_pool(shelf: Shelf) -> TopicPool:
    """Return all topics at hand."""
    return TopicPool(shelf.all(Topic))


def discussed_before(topics: list[Topic], title: str, village_code: str) -> list[Topic]:
    """Return topics of the same village whose title shares a run of three characters with what is being typed."""
    runs = {title[at : at + 3] for at in range(len(title) - 2)}
    nearby = (topic for topic in topics if not village_code or topic.village_code == village_code)
    return [topic for topic in nearby if any(run in topic.title for run in runs)][:5]


def topic_life(shelf: Shelf, topic_id: str) -> TopicLife:
    """Return a topic, the ones merged into it, and every consultation about it, the newest first."""
    topic = shelf.get(Topic, topic_id)
    sources = shelf.all(Topic, Is("merged_into", topic.id))
    consultations = shelf.all(Consultation, Is("topic_id", topic.id), order="-id")
    held = (_held(shelf, consultation) for consultation in consultations)
    revisits = [one for consultation in consultations for one in revisits_of(shelf, consultation.id)]
    revisits.sort(key=lambda one: (one.visited_on, one.id), reverse=True)
    return TopicLife(topic, tuple(sources), tuple(one for one in held if one), tuple(revisits))


def _held(shelf: Shelf, consultation: Consultation) -> Held | None:
    sittings = shelf.all(Sitting, Is("consultation_id", consultation.id), order="-ordinal")
    if not sittings:
        return None
    found = shelf.all(Consensus, Among("sitting_id", tuple(sitting.id for sitting in sittings)))
    settled = sum(consensus.is_settled() and consensus.result in SETTLING for consensus in found)
    there = Among("presence", (Presence.PRESENT.value, Presence.LEFT.value))
    came = len(Tied(shelf).one_each(shelf.all(Attendance, Is("sitting_id", sittings[0].id), there)))
    actions = tuple(shelf.all(Action, Is("consultation_id", consultation.id)))
    return Held(consultation, sittings[0], came, settled, actions)


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What a village brings to its next meeting: open topics, overdue tasks, its hamlets, who came last time."""

    topics: tuple[Topic, ...]
    overdue: tuple[Action, ...]
    hamlets: tuple[str, ...]
    came_last: tuple[str, ...]
    last_venue: str


def carried_over(shelf: Shelf, village_code: str, today: date) -> CarriedOver:
    """Return what a village still has open; nothing for an empty code."""
    if not village_code:
        return CarriedOver((), (), (), (), "")
    topics = shelf.all(Topic, Is("village_code", village_code), Among("stage", OPEN_STAGES), order="-id")
    hamlets = dict.fromkeys(hamlet.name for hamlet in shelf.all(Hamlet, Is("village_code", village_code)))
    last = _last_sitting(shelf, village_code)
    came = tuple(a.person_id for a in shelf.all(Attendance, Is("sitting_id", last.id)) if a.has_come()) if last else ()
    overdue = tuple(_overdue_in(shelf, village_code, today))
    return CarriedOver(tuple(topics), overdue, tuple(hamlets), came, last.venue if last else "")


def _overdue_in(shelf: Shelf, village_code: str, today: date) -> list[Action]:
    open_ones = tuple(stage.value for stage in ActionStage if stage not in ENDED)
    late = shelf.all(Action, Among("stage", open_ones), Before("due_on", today.isoformat()), order="due_on")
    ids = tuple({action.consultation_id for action in late})
    ours = {c.id for c in shelf.all(Consultation, Among("id", ids)) if village_code in c.place_codes}
    return [action for action in late if action.consultation_id in ours]


def _last_sitting(shelf: Shelf, village_code: str) -> Sitting | None:
    """Return the latest sitting held in a village."""
    for consultation in shelf.all(Consultation, order="-id"):
        if village_code in consultation.place_codes:
            held = shelf.all(Sitting, Is("consultation_id", consultation.id), order="-ordinal")
            opened = [sitting for sitting in held if sitting.opened_at]
            if opened:
                return opened[0]
    return None
