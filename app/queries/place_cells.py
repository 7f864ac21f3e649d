"""Counting a county: its topics, meetings, consensuses, tasks and revisits, by township, month and category."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import islice

from app.domain.action import Action, ActionStage
from app.domain.consensus import COUNTED, SETTLING, Consensus, Method
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.place_figures import NAMES, Cell, Figures
from app.domain.record import R
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting
from app.domain.topic import Topic, TopicStage
from app.ports import Among, AtLeast, Before, Condition, Shelf

CHINA = timezone(timedelta(hours=8))
"""Evenings are counted in the time of the yard, wherever the server thinks it is."""
COUNTY, TOWNSHIP = 6, 9
"""How many digits of a code tell the county, and the township."""
AFTER_DIGITS = "~"
MOST_IDS = 500
_HIDDEN_STAGES = frozenset({TopicStage.MERGED})
_Key = tuple[str, str, str]


def in_place(field: str, code: str) -> tuple[Condition, Condition]:
    """Return the conditions that a field begins with the code of a place."""
    return AtLeast(field, code), Before(field, code + AFTER_DIGITS)


def hosted_in(code: str) -> tuple[Condition, Condition]:
    """Return the conditions that a consultation has its host village in a place."""
    return in_place("place_codes", f'["{code}')


def local_day(moment: datetime) -> date:
    """Return the day of a moment as the village's calendar has it; of one at the end of all days, that day."""
    try:
        return moment.astimezone(CHINA).date() if moment.tzinfo else moment.date()
    except OverflowError:  # only an older program takes such a moment in
        return moment.date()


def hung_on(shelf: Shelf, kind: type[R], field: str, ids: Sequence[str], *where: Condition) -> Iterator[R]:
    """Yield the records of a kind that hang on any of these by a field."""
    rest = iter(ids)
    while some := tuple(islice(rest, MOST_IDS)):
        yield from shelf.all(kind, Among(field, some), *where)


def opened_in(shelf: Shelf, consultations: Iterable[str]) -> Iterator[tuple[Sitting, date]]:
    """Yield the sittings of consultations that were opened, each with its day."""
    for sitting in hung_on(shelf, Sitting, "consultation_id", tuple(consultations)):
        if sitting.opened_at:
            yield sitting, local_day(sitting.opened_at)


@dataclass(frozen=True, slots=True)
class Fact:
    """One record that counts: in which place, on which day, under which category, and by how much for which figures.

    `record` is the topic, or the consultation it happened in.
    """

    code: str
    day: date
    category: str
    record: Topic | Consultation
    counts: Mapping[str, int]


class Facts:
    """What a county (or any place) has that counts, read once. Whatever is added up anywhere is added up from this.

    Households count as every level may know them, or as they were asked, for those who may, if `is_told` is not set.
    """

    def __init__(self, shelf: Shelf, place: str, *, is_told: bool = True) -> None:
        self._shelf, self._place, self._is_told = shelf, place, is_told
        self.consultations = {one.id: one for one in shelf.all(Consultation, *hosted_in(place))}
        self.sittings = {sitting.id: sitting for sitting, _ in opened_in(shelf, self.consultations)}
        of_these = self._of(Consensus, "sitting_id", self.sittings)
        self.consensuses = [one for one in of_these if one.settled_at and one.result in SETTLING]
        self.actions = list(self._of(Action, "consultation_id", self.consultations))

    def all(self) -> Iterator[Fact]:
        """Yield everything that counts, kind by kind."""
        yield from self._topics()
        for sitting in self.held():
            yield self._at(sitting, opened_on(sitting), {"sittings": 1})
        for consensus in self.consensuses:
            counts = {"consensuses": 1, "unanimous": int(is_unanimous(consensus))}
            yield self.settled(consensus, counts)
        yield from self._tasks()
        yield from self._revisits()

    def held(self) -> Iterator[Sitting]:
        """Yield the sittings that were opened and not cancelled."""
        stages = {one.id: one.stage for one in self.consultations.values()}
        return (one for one in self.sittings.values() if stages[one.consultation_id] != ConsultationStage.CANCELLED)

    def settled(self, consensus: Consensus, counts: Mapping[str, int]) -> Fact:
        """Return a fact about a consensus, on the day on which it was settled."""
        assert consensus.settled_at is not None
        return self._at(self.sittings[consensus.sitting_id], local_day(consensus.settled_at), counts)

    def _of(self, kind: type[R], field: str, ids: Iterable[str]) -> Iterator[R]:
        return hung_on(self._shelf, kind, field, tuple(ids))

    def _at(self, sitting: Sitting, day: date, counts: Mapping[str, int]) -> Fact:
        return self._in(sitting.consultation_id, day, counts)

    def _in(self, consultation_id: str, day: date, counts: Mapping[str, int]) -> Fact:
        one = self.consultations[consultation_id]
        return Fact(one.place_codes[0], day, one.category, one, counts)

    def _topics(self) -> Iterator[Fact]:
        taken_up = {self.consultations[one.consultation_id].topic_id for one in self.sittings.values()}
        for topic in self._shelf.all(Topic, *in_place("village_code", self._place)):
            if topic.approved_on and topic.stage not in _HIDDEN_STAGES:
                counts = {"planned": 1, "taken_up": int(topic.id in taken_up)}
                yield Fact(topic.village_code, topic.approved_on, topic.category, topic, counts)

    def _tasks(self) -> Iterator[Fact]:
        for action in self.actions:
            sitting = self.sittings.get(action.sitting_id)
            if action.stage == ActionStage.DONE and action.done_on:
                yield self._in(action.consultation_id, action.done_on, {"done": 1})
            elif action.is_open() and sitting:
                yield self._in(action.consultation_id, opened_on(sitting), {"underway": 1})

    def _revisits(self) -> Iterator[Fact]:
        for revisit in self._of(Revisit, "consultation_id", self.consultations):
            one = revisit.as_told() if self._is_told else revisit
            counts = {"households": one.households(), "content": one.very_satisfied + one.satisfied}
            yield self._in(revisit.consultation_id, revisit.visited_on, counts)


def opened_on(sitting: Sitting) -> date:
    """Return the day on which a sitting that was opened began."""
    assert sitting.opened_at is not None
    return local_day(sitting.opened_at)


def county_cells(shelf: Shelf, county: str) -> tuple[Cell, ...]:
    """Return what is counted for a county (or any place), in the order of township, month and category."""
    sums: defaultdict[_Key, Counter[str]] = defaultdict(Counter)
    for fact in Facts(shelf, county).all():
        sums[(fact.code[:TOWNSHIP], fact.day.isoformat()[:7], fact.category)].update(fact.counts)
    return tuple(Cell(*key, Figures(*(of[name] for name in NAMES))) for key, of in sorted(sums.items()))


def is_unanimous(consensus: Consensus) -> bool:
    """Return whether everybody agreed: by the count where there was one, else because nobody objected."""
    if consensus.method in COUNTED:
        return consensus.tally().is_unanimous()
    return consensus.method == Method.NO_OBJECTION
