"""Counting a return: of a county township by township, of a township village by village, over any days."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.domain.action import ActionStage
from app.domain.people import COUNCIL, VILLAGERS
from app.domain.place import Level, Place, Places
from app.domain.return_figures import Entry, ReturnFigures, Use, point_of, total
from app.ports import Shelf
from app.queries.attendance_tied import Tied
from app.queries.place_cells import Fact, Facts, opened_on

OWN = {Level.PROVINCE: "省本级", Level.PREFECTURE: "州市本级", Level.COUNTY: "县本级", Level.TOWNSHIP: "乡镇本级"}
_KEPT_APART = frozenset({"unanimous", "underway", "done"})


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One place below, or what belongs to none of them, with its figures."""

    code: str
    name: str
    figures: ReturnFigures


@dataclass(frozen=True, slots=True)
class Return:
    """A return of a place over some days, both included: rows in administrative order, and whatever they count."""

    place: Place
    since: date
    until: date
    rows: tuple[ReturnRow, ...]
    whole: ReturnFigures
    entries: tuple[Entry, ...]
    use: Use = Use.KEPT

    def behind(self, row: str, column: str) -> tuple[Entry, ...]:
        """Return what stands behind a figure, day by day: of a row by its code, or of all for an empty one.

        What one meeting counts for on one day is one entry. The counts of all come to the figure.
        """
        found: defaultdict[tuple[date, str, str, str, str], int] = defaultdict(int)
        for entry in self.entries:
            if (not row or entry.code == row) and (count := entry.of(column)):
                found[(entry.day, entry.kind, entry.record_id, entry.title, entry.code)] += count
        return tuple(
            Entry(code, day, kind, record_id, title, ((column, count),))
            for (day, kind, record_id, title, code), count in sorted(found.items())
        )


def count_return(shelf: Shelf, places: Places, code: str, since: date, until: date, use: Use = Use.KEPT) -> Return:
    """Return the return of a place from one day up to another; of one that goes up every answer is rounded by itself.

    Raises:
        Missing: There is no such place.
    """
    place = places.place(code)
    below = places.children(code, with_hidden=True)
    length = len(below[0].code) if below else 0
    known = {one.code for one in below}
    entries = tuple(
        Entry(
            fact.code[:length] if fact.code[:length] in known else place.code,
            fact.day,
            fact.record.KIND,
            fact.record.id,
            fact.record.title,
            tuple((name, count) for name, count in fact.counts.items() if count),
        )
        for fact in _facts(shelf, code, is_told=use is Use.UP)
        if since <= fact.day <= until
    )
    return Return(place, since, until, _rows(place, below, entries), total(entries), entries, use)


def _rows(place: Place, below: list[Place], entries: tuple[Entry, ...]) -> tuple[ReturnRow, ...]:
    """Return a row for each place below in the order of the table; what belongs to none stands last, if there is any.

    A zone or farm that stands among the townships has one once something has come from it.
    """
    of = defaultdict[str, list[Entry]](list)
    for entry in entries:
        of[entry.code].append(entry)
    rows = [ReturnRow(one.code, one.display_name, total(of[one.code])) for one in below if _is_told(one, of)]
    if of.get(place.code):
        rows.append(ReturnRow(place.code, OWN.get(place.level, place.display_name), total(of[place.code])))
    return tuple(rows)


def _is_told(place: Place, of: dict[str, list[Entry]]) -> bool:
    return not place.is_hidden or place.code in of


def _facts(shelf: Shelf, code: str, *, is_told: bool) -> Iterator[Fact]:
    """Yield what a return counts: what the province's pages count, who came, and which consensuses became tasks."""
    facts = Facts(shelf, code, is_told=is_told)
    for fact in facts.all():
        counts = {name: count for name, count in fact.counts.items() if name not in _KEPT_APART}
        if "done" in fact.counts:
            counts[point_of(fact.category)] = fact.counts["done"]
        yield Fact(fact.code, fact.day, fact.category, fact.record, counts)
    yield from _guests(shelf, facts)
    yield from _converted(facts)


def _guests(shelf: Shelf, facts: Facts) -> Iterator[Fact]:
    tied = Tied(shelf)
    members, villagers = tied.came(COUNCIL), tied.came(VILLAGERS)
    for sitting in facts.held():
        counts = {"members": members.get(sitting.id, 0), "villagers": villagers.get(sitting.id, 0)}
        one = facts.consultations[sitting.consultation_id]
        yield Fact(one.place_codes[0], opened_on(sitting), one.category, one, counts)


def _converted(facts: Facts) -> Iterator[Fact]:
    tasks = Counter(one.consensus_id for one in facts.actions if one.stage != ActionStage.DROPPED)
    for consensus in facts.consensuses:
        if tasks[consensus.id]:
            yield facts.settled(consensus, {"converted": 1})
