"""Topics as a list to type into, and one topic with its whole life."""

from dataclasses import dataclass
from datetime import date

from app.domain.action import Action
from app.domain.consensus import SETTLING, Consensus
from app.domain.consultation import Consultation
from app.domain.pinyin import matches
from app.domain.sitting import Sitting
from app.domain.topic import Topic, TopicStage
from app.ports import Among, Is, Shelf


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic that the typed letters may mean, and which characters of its title they matched."""

    topic: Topic
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One consultation held about a topic: when, how many were there, what came of it."""

    consultation: Consultation
    sitting: Sitting
    settled: int
    actions: tuple[Action, ...]

    def overdue(self, today: date) -> int:
        """Return how many of its tasks are past their day."""
        return sum(action.is_overdue(today) for action in self.actions)


@dataclass(frozen=True, slots=True)
class TopicLife:
    """A topic with what became of it."""

    topic: Topic
    sources: tuple[Topic, ...]
    held: tuple[Held, ...]


def all_topics(shelf: Shelf) -> list[Topic]:
    """Return all topics, the newest first; merged ones are left to the topic they went into."""
    return [topic for topic in shelf.all(Topic, order="-id") if topic.stage != TopicStage.MERGED]


def type_ahead(topics: list[Topic], query: str, category: str = "") -> list[FoundTopic]:
    """Return the topics whose title the typed letters match, in their order; all of them while nothing is typed."""
    chosen = (topic for topic in topics if not category or topic.category == category)
    if not query.strip():
        return [FoundTopic(topic, ()) for topic in chosen]
    found = ((topic, matches(query, topic.title)) for topic in chosen)
    return [FoundTopic(topic, positions) for topic, positions in found if positions is not None]


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
    return TopicLife(topic, tuple(sources), tuple(one for one in held if one))


def _held(shelf: Shelf, consultation: Consultation) -> Held | None:
    sittings = shelf.all(Sitting, Is("consultation_id", consultation.id), order="-ordinal")
    if not sittings:
        return None
    found = shelf.all(Consensus, Among("sitting_id", tuple(sitting.id for sitting in sittings)))
    settled = sum(consensus.is_settled() and consensus.result in SETTLING for consensus in found)
    return Held(consultation, sittings[0], settled, tuple(shelf.all(Action, Is("consultation_id", consultation.id))))
