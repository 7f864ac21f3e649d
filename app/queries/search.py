"""找: topics, consultations, issues, actions and statements found by what is written in them, never by who said it.

Titles lie in memory, indexed by every reading. Statements are looked for on the shelf by their characters, and by
initials among the latest 5,000. A statement has no speaker here: nothing may list what one villager said
(trust.md R9).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from app.domain.action import Action
from app.domain.change import STANDING, Change, ChangeSet, applied
from app.domain.consultation import Consultation
from app.domain.issue import Issue
from app.domain.pinyin import Index, fold_query, matches
from app.domain.record import Record
from app.domain.sitting import Sitting
from app.domain.statement import Statement
from app.domain.topic import Topic, TopicStage
from app.ports import Contains, Shelf
from app.queries.sitting import numbered

RECENT = 5_000
FEWEST_LETTERS = 3
SEEN = 42
BEFORE_HIT = 6

Titled = Topic | Consultation | Issue | Action
KINDS: dict[str, type[Record]] = {kind.KIND: kind for kind in (Topic, Consultation, Issue, Action, Sitting, Statement)}
TITLED: tuple[type[Titled], ...] = (Topic, Consultation, Issue, Action)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: the record, the words to show, which of them matched, and the meeting it belongs to."""

    record: Titled | Statement
    words: str
    positions: tuple[int, ...]
    sitting: Sitting | None = None
    consultation: Consultation | None = None

    def matched(self) -> str:
        """Return the characters that matched, as they stand."""
        return "".join(self.words[at] for at in self.positions)


def words_of(record: Titled | Statement) -> str:
    """Return what a record is looked for by."""
    return record.text if isinstance(record, Action | Statement) else record.title


class Finder:
    """Titles by every reading, beside the shelf that holds the statements. Lives on one thread, as its shelf does."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._held: dict[str, dict[str, Record]] = {kind.KIND: {} for kind in (*TITLED, Sitting)}
        for kind in (*TITLED, Sitting):
            self._held[kind.KIND] = {record.id: record for record in shelf.all(kind)}
        self._latest = {sitting.consultation_id: sitting.id for sitting in self._sittings()}
        self._titles = {kind.KIND: self._index(kind) for kind in TITLED}
        self._recent: dict[str, Statement] | None = None

    def take(self, changes: ChangeSet) -> None:
        """Apply an act to what is held."""
        for kind, record_id, parts in changes.by_record():
            if kind == Statement.KIND and self._recent is not None:
                self._take_statement(record_id, parts)
            held = self._held.get(kind)
            if held is not None and (record_id in held or _creates(parts)):
                held[record_id] = record = applied(KINDS[kind], held.get(record_id), record_id, parts)
                self._take_title(record)

    def titles(self, query: str, most: int = 4) -> list[Finding]:
        """Return the topics, consultations, issues and actions the query may mean, the closest of each kind first."""
        return [
            self._finding(self._held[kind][hit.id], hit.positions)
            for kind, index in self._titles.items()
            for hit in index.search(query, most, self._counts(kind))
        ]

    def statements(self, query: str, most: int = 12) -> list[Finding]:
        """Return the latest statements that hold these characters, or, from three letters on, these initials."""
        wanted = query.strip()
        if not wanted:
            return []
        if not wanted.isascii():
            found = self._shelf.all(Statement, Contains("text", wanted), order="-id", limit=most)
            return [self._finding(record, _places(record.text, wanted)) for record in found]
        return self._by_letters(wanted, most) if len(fold_query(wanted)) >= FEWEST_LETTERS else []

    def _by_letters(self, wanted: str, most: int) -> list[Finding]:
        heard = ((record, matches(wanted, record.text)) for record in reversed(self._latest_statements().values()))
        return [self._finding(record, places) for record, places in islice(((r, p) for r, p in heard if p), most)]

    def _latest_statements(self) -> dict[str, Statement]:
        if self._recent is None:
            latest = self._shelf.all(Statement, order="-id", limit=RECENT)
            self._recent = {record.id: record for record in reversed(latest)}
        return self._recent

    def _take_statement(self, record_id: str, parts: tuple[Change, ...]) -> None:
        recent = self._latest_statements()
        if record_id not in recent and not _creates(parts):
            return
        record = applied(Statement, recent.get(record_id), record_id, parts)
        if record.standing:
            recent[record_id] = record
        else:
            recent.pop(record_id, None)

    def _take_title(self, record: Record) -> None:
        if isinstance(record, Sitting):
            self._latest[record.consultation_id] = record.id
        elif isinstance(record, Topic | Consultation | Issue | Action):
            index = self._titles[record.KIND]
            index.replace(record.id, words_of(record)) if record.standing else index.remove(record.id)

    def _index(self, kind: type[Titled]) -> Index[str]:
        held = self._held[kind.KIND].values()
        return Index((r.id, words_of(r), ()) for r in held if isinstance(r, Topic | Consultation | Issue | Action))

    def _sittings(self) -> list[Sitting]:
        return [record for record in self._held[Sitting.KIND].values() if isinstance(record, Sitting)]

    def _counts(self, kind: str) -> Callable[[str], bool] | None:
        return self._is_own_topic if kind == Topic.KIND else None

    def _is_own_topic(self, record_id: str) -> bool:
        """Return whether a topic stands by itself; a merged one is found by the topic it went into."""
        topic = self._held[Topic.KIND][record_id]
        return isinstance(topic, Topic) and topic.stage != TopicStage.MERGED

    def _finding(self, record: Record, positions: tuple[int, ...]) -> Finding:
        assert isinstance(record, Topic | Consultation | Issue | Action | Statement)
        words, seen = excerpt(words_of(record), positions)
        sitting = self._held[Sitting.KIND].get(self._sitting_id(record))
        meeting = sitting if isinstance(sitting, Sitting) else None
        consultation = self._held[Consultation.KIND].get(meeting.consultation_id if meeting else "")
        shown = self._as_numbered(record) if isinstance(record, Issue) else record
        return Finding(shown, words, seen, meeting, consultation if isinstance(consultation, Consultation) else None)

    def _as_numbered(self, issue: Issue) -> Issue:
        """Return an issue with the number it is shown with on its desk."""
        held = (one for one in self._held[Issue.KIND].values() if isinstance(one, Issue))
        beside = [one for one in held if one.sitting_id == issue.sitting_id and one.standing]
        return next((one for one in numbered(beside) if one.id == issue.id), issue)

    def _sitting_id(self, record: Titled | Statement) -> str:
        if isinstance(record, Topic):
            return ""
        return self._latest.get(record.id, "") if isinstance(record, Consultation) else record.sitting_id


def finder(shelf: Shelf) -> Finder:
    """Return a finder over what is written."""
    return Finder(shelf)


def excerpt(text: str, positions: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Return the part of a long text that shows what matched, and where it matched in that part."""
    flat = text.replace("\n", " ")
    first, last = (min(positions), max(positions)) if positions else (0, 0)
    if last < SEEN:
        return flat, positions
    start = max(0, first - BEFORE_HIT)
    return "…" + flat[start:], tuple(at - start + 1 for at in positions)


def _places(text: str, wanted: str) -> tuple[int, ...]:
    at = text.lower().find(wanted.lower())
    return tuple(range(at, at + len(wanted))) if at >= 0 else ()


def _creates(parts: tuple[Change, ...]) -> bool:
    return any(part.field == STANDING and part.old is None for part in parts)
