"""What of a county can be found by its title: topics of the plan, meetings open to all, and what they settled to do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.action import Action
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.edition import Edition
from app.domain.notice import Notice
from app.domain.pinyin import keys, units
from app.domain.topic import Topic, TopicStage
from app.ports import Shelf
from app.queries.place_cells import TOWNSHIP, hosted_in, hung_on, in_place

OPEN_STAGES = frozenset(ConsultationStage) - {
    *(ConsultationStage.PREPARING, ConsultationStage.NOTIFIED, ConsultationStage.IN_SESSION),
    *(ConsultationStage.POSTPONED, ConsultationStage.CANCELLED),
}
"""From when a meeting is shown to everybody: once it has ended with something settled."""
MOST_SPELT = 4
LONGEST_SPELT = 24


@dataclass(frozen=True, slots=True)
class Title:
    """One thing that can be found: what it is, where it leads, and how its title may be typed in letters."""

    kind: str
    record_id: str
    consultation_id: str
    township: str
    title: str
    spelt: str


def is_open(consultation: Consultation) -> bool:
    """Return whether everybody may read a consultation; closed sessions are counted and never shown."""
    return not consultation.closed_session and consultation.stage in OPEN_STAGES


def is_planned(topic: Topic) -> bool:
    """Return whether a topic is in the plan and stands by itself."""
    return topic.approved_on is not None and topic.stage != TopicStage.MERGED


def sealed_or_posted(shelf: Shelf, consultations: Sequence[str]) -> frozenset[str]:
    """Return the sittings of which it was sealed, or posted on a wall, what they settled."""
    sealed = (edition.sitting_id for edition in hung_on(shelf, Edition, "consultation_id", consultations))
    posted = (notice.sitting_id for notice in hung_on(shelf, Notice, "consultation_id", consultations))
    return frozenset((*sealed, *posted))


def county_titles(shelf: Shelf, county: str) -> tuple[Title, ...]:
    """Return what of a county can be found, in the order of ids within topics, meetings and tasks."""
    return tuple(_titles(shelf, county))


def _titles(shelf: Shelf, county: str) -> Iterator[Title]:
    found = {one.id: one for one in shelf.all(Consultation, *hosted_in(county)) if is_open(one)}
    about = {one.topic_id: one.id for one in found.values() if one.topic_id}
    for topic in shelf.all(Topic, *in_place("village_code", county)):
        if is_planned(topic):
            yield _title(Topic.KIND, topic.id, about.get(topic.id, ""), topic.village_code, topic.title)
    for one in found.values():
        yield _title(Consultation.KIND, one.id, one.id, one.place_codes[0], one.title)
    told = sealed_or_posted(shelf, tuple(found))
    for action in hung_on(shelf, Action, "consultation_id", tuple(found)):
        if action.sitting_id not in told:
            continue
        of = found[action.consultation_id]
        yield _title(Action.KIND, action.id, of.id, of.place_codes[0], action.text)


def _title(kind: str, record_id: str, consultation_id: str, village: str, title: str) -> Title:
    return Title(kind, record_id, consultation_id, village[:TOWNSHIP], title, spelt(title))


def grams(many: Iterable[str]) -> set[str]:
    """Return the signs of some titles one by one and two by two, each once: whatever is part of one has only these."""
    found: set[str] = set()
    for title in many:
        small = title.encode().lower().decode()  # A to Z alone, as both stores do it
        found.update(small)
        found.update(map(str.__add__, small, small[1:]))
    return found


def spelt(title: str) -> str:
    """Return how the beginning of a title is spelt: its initials in a few readings, and its first full spelling."""
    head = title[:LONGEST_SPELT]
    count = len(units(head))
    spellings = keys(head)
    initials = tuple(islice((one for one in spellings if len(one) == count), MOST_SPELT))
    full = next((one for one in spellings if len(one) > count), "")
    return " ".join((*initials, full)).strip()
