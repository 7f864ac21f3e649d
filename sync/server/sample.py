"""示例省: a province that does not exist, so that whoever looks at the pages for the first time sees them full.

Sixteen prefectures, 129 counties, 1,418 townships and what they settled in two years, made from one seed: the same
province each time. Only what a province has is made (audience O): no villager is in it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any

import resources
from app.desk import Desk
from app.domain.action import Action, ActionStage
from app.domain.change import ChangeSet, created
from app.domain.consensus import Consensus, Method, Result
from app.domain.consultation import Consultation, ConsultationStage
from app.domain.edition import Edition
from app.domain.edition_code import digits_of, signed_words
from app.domain.edition_record import FORMAT, SUITE, VERSION, Json, canonical, digest_of
from app.domain.issue import Issue
from app.domain.place import Places
from app.domain.record import Record
from app.domain.revisit import Revisit
from app.domain.sitting import Sitting, SittingStage
from app.domain.topic import Topic, TopicStage
from app.domain.unit import Unit
from app.ports import Moment, Shelf, Signature
from app.queries.place_cells import CHINA

COUNTIES, TOWNSHIPS, VILLAGES = 129, 1_418, 6
BATCH = 1_000
LAST_DAY = date(2026, 10, 31)
"""Up to when the sample reaches."""
LAST_EVENING = datetime.combine(LAST_DAY, time(22), CHINA)
YEARS = ((2025, 1_450), (2026, 1_912))
SEED = "示例省"
_MADE = "5a3b1e00"
_PLACED = Mapping[str, Any]


@dataclass(slots=True)
class SampleProvince:
    """The province as it is made: its places, and its records in an order in which they can be written.

    `years` tells how many topics are planned in each.
    """

    told: _PLACED = field(default_factory=resources.sample_province)
    years: Sequence[tuple[int, int]] = YEARS
    dice: Random = field(default_factory=lambda: Random(SEED))
    made: int = 0

    def places(self) -> str:
        """Return the places as lines of `code, name` with a tab between, as `Places` reads them."""
        return "\n".join(f"{code}\t{name}" for code, name in self._places())

    def _places(self) -> Iterator[tuple[str, str]]:
        names, dice = self.told, Random(SEED)
        yield str(names["code"]), str(names["name"])
        counties = _shares(COUNTIES, len(names["prefectures"]), Random(SEED))
        townships = iter(_shares(TOWNSHIPS, COUNTIES, Random(SEED)))
        for no, (prefecture, count) in enumerate(zip(names["prefectures"], counties, strict=True), 1):
            code, is_first = f"{names['code']}{no:02}", prefecture == "示例州"
            yield code, prefecture
            called = iter(_called(names, dice, count, names["first_counties"] if is_first else (), "县"))
            for at in range(1, count + 1):
                yield f"{code}{20 + at:02}", (county := next(called))
                yield from self._townships(f"{code}{20 + at:02}", next(townships), dice, is_first=county == "示例县")

    def _townships(self, county: str, count: int, dice: Random, *, is_first: bool) -> Iterator[tuple[str, str]]:
        first: Sequence[str] = self.told["first_townships"] if is_first else ()
        for at, name in enumerate(_called(self.told, dice, count, first, "乡镇"), 1):
            code = f"{county}{'1' if name.endswith('镇') else '2'}{at:02}"
            yield code, name
            villages = self.told["first_villages"] if name == "青石乡" and is_first else ()
            for no, village in enumerate(_called(self.told, dice, VILLAGES, villages, "村"), 1):
                yield f"{code}{200 + no}", village

    def batches(self, places: Places, seal: "Sealing") -> Iterator["TellSample"]:
        """Yield the records, so many at a time as one act takes."""
        records = self._records(places, seal)
        while some := tuple(islice(records, BATCH)):
            yield TellSample(some)

    def _records(self, places: Places, seal: "Sealing") -> Iterator[Record]:
        townships = [place.code for place in places if len(place.code) == 9]
        villages = {code: [one.code for one in places.children(code)] for code in townships}
        eager = self.dice.sample(townships, k=max(1, len(townships) * 9 // 10))  # of some, nothing has come yet
        first = [code for code in townships if places.place(code).name in self.told["first_townships"]]
        for year, count in self.years:
            for at in range(count):
                # The first county of the pictures is never empty.
                township = first[at % len(first)] if at < 3 * len(first) else self.dice.choice(eager)
                village = self.dice.choice(villages[township])
                yield from self._life(village, _day_in(self.dice, year), places, seal)

    def _id(self) -> str:
        self.made += 1
        return f"{_MADE}{self.made:024x}"

    def _life(self, village: str, approved: date, places: Places, seal: "Sealing") -> Iterator[Record]:
        """Yield a topic and what came of it by the last day."""
        dice, kind = self.dice, self.dice.choice(self.told["topics"])
        title = kind["title"].format(village=places.place(village).display_name)
        held = approved + timedelta(days=dice.randint(12, 60))
        topic_id, is_held = self._id(), held <= LAST_DAY and dice.random() < 0.72
        stage = TopicStage.IN_HAND if is_held else TopicStage.APPROVED
        told = {"source": kind["source"], "category": kind["category"], "approved_on": approved}
        if not is_held:
            yield Topic(topic_id, title, village, stage=stage, **told)
            return
        meeting = _Meeting(self, village, kind, title, topic_id, held)
        records = list(meeting.records(seal))
        is_done = all(one.stage == ActionStage.DONE for one in records if isinstance(one, Action))
        is_seen = is_done and held + timedelta(days=120) <= LAST_DAY
        yield Topic(topic_id, title, village, stage=TopicStage.SETTLED if is_seen else stage, **told)
        yield from records


@dataclass(slots=True)
class _Meeting:
    """One meeting of the sample, with what it settled."""

    province: SampleProvince
    village: str
    kind: _PLACED
    title: str
    topic_id: str
    held: date

    def records(self, seal: "Sealing") -> Iterator[Record]:
        """Yield the consultation, its sitting, issues, consensuses, tasks and its seal."""
        new, dice = self.province._id, self.province.dice
        began = datetime.combine(self.held, time(19, 30), CHINA)
        consultation_id, sitting_id, present = new(), new(), dice.randint(14, 46)
        tasks = list(self._tasks(consultation_id, sitting_id))
        is_done = all(one.stage == ActionStage.DONE for one in tasks if isinstance(one, Action))
        stage = ConsultationStage.CLOSED if is_done else ConsultationStage.FOLLOWING_UP
        is_closed = dice.random() < 0.02
        category, codes = self.kind["category"], (self.village,)
        held = {"topic_id": self.topic_id, "place_codes": codes, "practice": self.kind["practice"]}
        yield Consultation(
            consultation_id, self.title, **held, category=category, stage=stage, closed_session=is_closed
        )
        ended = began + timedelta(minutes=dice.randint(50, 130))
        yield Sitting(
            sitting_id,
            consultation_id,
            starts_at=began,
            opened_at=began,
            ended_at=ended,
            stage=SittingStage.CLOSE,
            expected=present + dice.randint(0, 9),
        )
        items: list[Json] = []
        for number, (heading, text) in enumerate(self.kind["issues"], 1):
            issue, consensus = self._settled(sitting_id, number, heading, text, present, began)
            yield issue
            yield consensus
            items.append(_item(dice, heading, consensus))
        yield from tasks
        if is_done and (seen := self.held + timedelta(days=dice.randint(100, 130))) <= LAST_DAY:
            yield self._revisit(consultation_id, seen)
        if not is_closed and dice.random() < 0.85:
            yield seal.edition(new(), consultation_id, sitting_id, items, ended)

    def _settled(
        self, sitting_id: str, number: int, heading: str, text: str, present: int, began: datetime
    ) -> tuple[Issue, Consensus]:
        dice = self.province.dice
        issue = Issue(self.province._id(), sitting_id, number, heading)
        reached = Result.REACHED if dice.random() < 0.95 else Result.NOT_REACHED
        against = 0 if dice.random() < 0.86 else dice.randint(1, 3)
        silent = 0 if not against else dice.randint(0, 2)
        settled = began + timedelta(minutes=18 * number)
        return issue, Consensus(
            Consensus.of(sitting_id, issue.id).id,
            sitting_id,
            issue.id,
            text if reached == Result.REACHED else "",
            Method.SHOW_OF_HANDS,
            reached,
            agree=present - against - silent,
            against=against,
            silent=silent,
            present=present,
            expected=present + 4,
            route="VILLAGE_COMMITTEE",
            settled_at=settled,
        )

    def _revisit(self, consultation_id: str, seen: date) -> Revisit:
        dice = self.province.dice
        very, well, fair = dice.randint(2, 22), dice.randint(3, 12), int(dice.random() < 0.4)
        sour, unsure = int(dice.random() < 0.2), int(dice.random() < 0.25)
        said = self.kind["sour"] if sour else self.kind["sweet"]
        counts = (very, well, fair, sour, unsure)
        return Revisit(self.province._id(), consultation_id, seen, None, *counts, text=said)

    def _tasks(self, consultation_id: str, sitting_id: str) -> Iterator[Record]:
        dice = self.province.dice
        for number, (text, by, days) in enumerate(self.kind["tasks"], 1):
            due, unit = self.held + timedelta(days=days), Unit(self.province._id(), by, self.village[:9])
            done = due + timedelta(days=dice.randint(-9, 20))
            is_done = done <= LAST_DAY and dice.random() < 0.83
            yield unit
            yield Action(
                self.province._id(),
                sitting_id,
                consultation_id,
                number,
                text,
                unit_id=unit.id,
                due_on=due,
                stage=ActionStage.DONE if is_done else ActionStage.IN_PROGRESS,
                done_on=done if is_done else None,
            )


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals meetings of the sample with the key of whoever makes it, so that their codes can be checked."""

    sign: Callable[[bytes], Signature]

    def edition(
        self, edition_id: str, consultation_id: str, sitting_id: str, items: list[Json], at: datetime
    ) -> Edition:
        """Return the sealed version of a meeting."""
        told: dict[str, Json] = {"format": FORMAT, "v": VERSION, "suite": SUITE, "id": sitting_id, "version": 1}
        record = canonical(told | {"items": items})
        digest = digest_of(record)
        signed = self.sign(signed_words(sitting_id, 1, digest))
        whole = (record.decode(), "", "", digest, digits_of(digest), signed.key, signed.signature)
        return Edition(edition_id, consultation_id, sitting_id, 1, *whole, sealed_at=at)


@dataclass(frozen=True, slots=True)
class TellSample:
    """Write records of the sample province down, in one act."""

    records: tuple[Record, ...]

    def changes(self, shelf: Shelf, moment: Moment) -> ChangeSet:
        """Return the records as they begin."""
        return ChangeSet("示例省", tuple(change for record in self.records for change in created(record)))


def settled(desk: Desk, sign: Callable[[bytes], Signature], sample: SampleProvince | None = None) -> Places:
    """Write the whole sample down at a desk, sealed with a key, and return its places; where that was cut off before,
    only what is missing."""
    sample = sample or SampleProvince()
    places = Places(sample.places())
    for batch in sample.batches(places, Sealing(sign)):
        if not desk.ask(_is_there, batch.records[0]):
            desk.do(batch)
    return places


def _is_there(shelf: Shelf, record: Record) -> bool:
    return shelf.find(type(record), record.id) is not None


def is_mixed(shelf: Shelf) -> bool:
    """Return whether there are topics that are none of the sample."""
    return any(not topic.id.startswith(_MADE) for topic in shelf.all(Topic))


def _item(dice: Random, heading: str, consensus: Consensus) -> dict[str, Json]:
    kept = 1 if consensus.against and dice.random() < 0.6 else 0
    closed: list[Json] = [{"speaker": "", "text": "", "answer": ""} for _ in range(kept)]
    return {"heading": heading, "settled": True, "text": consensus.text, "reservations": closed}


def _shares(whole: int, parts: int, dice: Random) -> list[int]:
    """Return a whole number parted into so many parts, none of them empty and none far from the others."""
    shares = [whole // parts] * parts
    for _ in range(whole - sum(shares)):
        shares[dice.randrange(parts)] += 1
    for _ in range(parts):
        one, other = dice.randrange(parts), dice.randrange(parts)
        if one != other and shares[one] > 4:
            shares[one], shares[other] = shares[one] - 1, shares[other] + 1
    return shares


def _called(told: _PLACED, dice: Random, count: int, first: Sequence[str], endings: str) -> list[str]:
    """Return so many names, each once, those given before those made up."""
    names = dict.fromkeys(first)
    while len(names) < count:
        names.setdefault(dice.choice(told["heads"]) + dice.choice(told["tails"]) + dice.choice(endings))
    return list(names)[:count]


def _day_in(dice: Random, year: int) -> date:
    """Return a day of a year that the sample reaches; more of them lie in spring, when people are at home."""
    last = min(date(year, 12, 31), LAST_DAY).timetuple().tm_yday
    drawn = dice.triangular(1, last, last * 0.45) if dice.random() < 0.6 else dice.uniform(1, last)
    return date(year, 1, 1) + timedelta(days=int(drawn) - 1)
