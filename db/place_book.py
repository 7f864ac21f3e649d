"""The book of figures in the store: what was counted of each county, and of which something has come in since."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, insert, literal, or_, select

from app.domain.place_figures import NAMES, Cell, Figures
from app.queries.place_book import By, Counted, Mark
from app.queries.place_cells import AFTER_DIGITS, COUNTY
from app.queries.place_titles import Title, grams
from db.beside import FIGURES, beside
from db.dialect import holds
from db.ledger import SqlLedger
from db.place_tables import PlaceCellRow, PlaceCountRow, PlaceGramsRow, PlaceTitleRow
from db.tables import TABLES, ChangeSetRow, SegmentRow
from db.turns import reader

FEW = 10
_FIGURES = [getattr(PlaceCellRow, name) for name in NAMES]
_WHO = ("township", "month", "category")
_TITLE = ("kind", "record_id", "consultation_id", "township", "title", "spelt")
_TITLED = [getattr(PlaceTitleRow, name) for name in _TITLE]
_BY: dict[By, Any] = {
    By.PREFECTURE: func.substr(PlaceCellRow.county, 1, 4),
    By.COUNTY: PlaceCellRow.county,
    By.TOWNSHIP: PlaceCellRow.township,
    By.MONTH: PlaceCellRow.month,
    By.CATEGORY: PlaceCellRow.category,
    By.YEAR: func.substr(PlaceCellRow.month, 1, 4),
}


class SqlBook:
    """The book of figures of one store."""

    def __init__(self, engine: Engine, ledger: SqlLedger) -> None:
        self._engine, self._reader, self._ledger = engine, reader(engine), ledger
        self._looked: tuple[int, dict[str, Mark]] = (-1, {})

    def stale(self, counted_before: str = "") -> dict[str, Mark]:
        """Return the counties of which something has come in since they were counted, each with the mark of now; and
        those that were counted before a moment."""
        turn = self._ledger.turn
        with self._reader.connect() as connection:
            if self._looked[0] != turn:
                self._looked = (turn, _marks(connection))
            rows = connection.execute(select(PlaceCountRow.county, PlaceCountRow.mark, PlaceCountRow.at))
            counted = {row.county: row.mark for row in rows if row.at >= counted_before}
        return {county: mark for county, mark in self._looked[1].items() if counted.get(county) != mark.words()}

    def keep(self, county: str, mark: Mark, at: datetime, cells: Sequence[Cell], titles: Sequence[Title]) -> None:
        """Put a county's figures in the place of those before."""
        which = int(county) if county.isdecimal() else 0
        with beside(self._engine, self._ledger, FIGURES, which) as connection:
            for table in (PlaceCellRow, PlaceTitleRow, PlaceGramsRow, PlaceCountRow):
                connection.execute(delete(table).where(table.county == county))
            if cells:
                connection.execute(insert(PlaceCellRow), [_cell_row(county, cell) for cell in cells])
            if titles:
                rows = [{"county": county} | {name: getattr(one, name) for name in _TITLE} for one in titles]
                connection.execute(insert(PlaceTitleRow), rows)
            connection.execute(insert(PlaceGramsRow), {"county": county, "grams": _listed(titles)})
            upto = mark.upto or at.isoformat()
            row = {"county": county, "mark": mark.words(), "at": at.isoformat(), "upto": upto}
            connection.execute(insert(PlaceCountRow), row)

    def sums(self, by: By, within: str = "", since: str = "", until: str = "9999") -> dict[str, Figures]:
        """Return the figures of a place and time, added up."""
        key = _BY[by]
        statement = (
            select(key, *(func.sum(column) for column in _FIGURES)).where(_lies(within, since, until)).group_by(key)
        )
        with self._reader.connect() as connection:
            return {row[0]: Figures(*map(int, row[1:])) for row in connection.execute(statement.order_by(key))}

    def cells(self, within: str, since: str, until: str) -> list[Cell]:
        """Return what was counted, in the order of township, month and category."""
        who = [getattr(PlaceCellRow, name) for name in _WHO]
        statement = select(*who, *_FIGURES).where(_lies(within, since, until)).order_by(*who)
        with self._reader.connect() as connection:
            return [_cell(*row) for row in connection.execute(statement)]

    def counted(self) -> Counted | None:
        """Return how new the book is; None while it is empty."""
        with self._reader.connect() as connection:
            at, upto = connection.execute(select(func.max(PlaceCountRow.at), func.max(PlaceCountRow.upto))).one()
        return Counted(datetime.fromisoformat(at), datetime.fromisoformat(upto)) if at else None

    def find(self, query: str, within: str = "", limit: int = 20) -> list[Title]:
        """Return titles that have these words in them, or these letters in their spelling: meetings, then topics;
        tasks, of which there are ten times as many, when few of these were found."""
        wanted, found = query.lower().split(), list[Title]()
        if not wanted:
            return found
        with self._reader.connect() as connection:
            county = _where(connection, wanted, within[:COUNTY])
            where = (county, _begins(PlaceTitleRow.township, within))
            for kind in ("consultation", "topic", "action"):
                if kind == "action" and len(found) >= FEW:
                    break
                asked = select(*_TITLED).where(PlaceTitleRow.kind == kind, *where, *map(_tells, wanted))
                found += (_title(*row) for row in connection.execute(asked.limit(limit - len(found))))
        return found


def _title(*row: str) -> Title:
    return Title(*row)


def _cell(township: str, month: str, category: str, *counts: int) -> Cell:
    return Cell(township, month, category, Figures(*counts))


def _cell_row(county: str, cell: Cell) -> dict[str, Any]:
    who = {"county": county} | {name: getattr(cell, name) for name in _WHO}
    return who | {name: getattr(cell.figures, name) for name in NAMES}


def _begins(column: Any, code: str) -> ColumnElement[bool]:
    return and_(column >= code, column < code + AFTER_DIGITS) if code else literal(True)


def _lies(within: str, since: str, until: str) -> ColumnElement[bool]:
    """Return the condition that cells are of a place and time; the county is said where it is known: it finds the
    shard."""
    county = _begins(PlaceCellRow.county, within[:COUNTY])
    township = _begins(PlaceCellRow.township, within) if len(within) > COUNTY else literal(True)
    return and_(county, township, PlaceCellRow.month >= since, PlaceCellRow.month <= until)


def _listed(titles: Sequence[Title]) -> str:
    """Return the grams of titles as `_where` looks for them, a line feed before and behind each."""
    return "\n".join(("", *sorted(grams(one.title for one in titles)), ""))


def _where(connection: Connection, wanted: Sequence[str], within: str) -> ColumnElement[bool]:
    """Return the condition that a title with these words is of a county where it may be found at all.

    A word that is nowhere, or in a few counties alone, is looked for in none or these: two signs that stand together in
    no title of a county are not listed there. Letters are looked for everywhere, for they may be of a spelling.
    """
    place = _begins(PlaceTitleRow.county, within)
    looked_for = {gram for word in wanted if not word.isascii() for gram in _longest(word)}
    if not looked_for:
        return place
    may_be = and_(*(holds(PlaceGramsRow.grams, literal(f"\n{gram}\n")) for gram in sorted(looked_for)))
    of = PlaceGramsRow.county == PlaceCountRow.county  # one that was counted before grams were listed has none
    asked = select(PlaceCountRow.county, may_be).join(PlaceGramsRow, of, isouter=True)
    told = [tuple(row) for row in connection.execute(asked.where(_begins(PlaceCountRow.county, within)))]
    where = [county for county, is_listed in told if is_listed is None or is_listed]
    return place if len(where) == len(told) else PlaceTitleRow.county.in_(where)


def _longest(word: str) -> set[str]:
    return {gram for gram in grams((word,)) if len(gram) == min(2, len(word))}


def _tells(word: str) -> ColumnElement[bool]:
    said = func.lower(PlaceTitleRow.title).contains(word, autoescape=True)
    return or_(said, PlaceTitleRow.spelt.contains(word, autoescape=True)) if word.isascii() else said


def _marks(connection: Connection) -> dict[str, Mark]:
    """Return for each county how many segments have come in, how many acts were done here, and when it came in last.

    A county may be written about by others alone: it takes the mark of all of them together, and is counted whenever
    anything comes in. What others write about a county that sends itself is counted with its own, or within the day.
    """
    county = func.substr(SegmentRow.region, 1, COUNTY)
    came = select(county, func.count(), func.max(SegmentRow.taken_at)).group_by(county)
    segments = {place: (count, last) for place, count, last in connection.execute(came)}
    acts, last_act = connection.execute(select(func.max(ChangeSetRow.ordinal), func.max(ChangeSetRow.at))).one()
    everything = (
        sum(count for count, _ in segments.values()),
        max((last for _, last in segments.values()), default=""),
    )
    marks = {}
    for place in sorted(_written_about(connection)):
        count, last = segments.get(place, everything)
        marks[place] = Mark(count, acts or 0, max(last, last_act or ""))
    return marks


def _written_about(connection: Connection) -> set[str]:
    """Return the counties that anything here is about."""
    topics, consultations = TABLES["topic"].c.village_code, TABLES["consultation"].c.place_codes
    # The codes stand in a JSON list, the host's first.
    hosts = func.substr(consultations, 3, COUNTY, type_=SegmentRow.region.type)
    found = select(func.substr(topics, 1, COUNTY)).union(select(hosts))
    return {place for place in connection.execute(found).scalars() if place and len(place) == COUNTY}
