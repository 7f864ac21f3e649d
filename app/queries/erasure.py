"""What erasing the words about somebody comes to: which records lose words, which stay because they were sealed.

It lists nothing that anybody said; it only counts (trust.md R9).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain import RECORDS
from app.domain.action import Action, Contribution
from app.domain.attachment import Attachment
from app.domain.consensus import Consensus, Reservation
from app.domain.consultation import Consultation
from app.domain.edition import Edition
from app.domain.erasure import KINDS, WORDS_OF
from app.domain.people import Household, Person
from app.domain.record import Record
from app.ports import Is, Shelf

Key = tuple[str, str]
_MENDED = {kind.KIND: kind for kind in RECORDS if kind not in (Person, Edition, Household)}
_LINKS = {"attendance": "person_id", "statement": "speaker_id", "reservation": "person_id", "contribution": "person_id"}


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """What loses words (`targets`, the person first), the titles of the sealed meetings in which words stay, and in how
    many other records somebody has written the name into a text, which no program can take out."""

    targets: tuple[Key, ...] = ()
    sealed: tuple[str, ...] = ()
    mentions: int = 0
    blobs: tuple[str, ...] = ()

    def fields(self) -> dict[Key, frozenset[str]]:
        """Return which fields of which records are to go."""
        return {key: WORDS_OF[key[0]] for key in self.targets}

    def count(self, kind: str) -> int:
        """Return how many records of a kind lose words."""
        return sum(one[0] == kind for one in self.targets)


def entries_of(shelf: Shelf, person_id: str) -> tuple[Person, ...]:
    """Return somebody's entry in the register, and those that were tied to it, each way; empty if there is none."""
    first = shelf.kept(Person, person_id)
    found = {first.id: first} if first else {}
    waiting = list(found.values())
    while waiting:
        one = waiting.pop()
        tied = [*shelf.all(Person, Is("merged_into", one.id))]
        into = shelf.kept(Person, one.merged_into) if one.merged_into else None
        new = [other for other in (*tied, *((into,) if into else ())) if other.id not in found]
        found |= {other.id: other for other in new}
        waiting += new
    return tuple(found.values())


def erasure_of_person(
    shelf: Shelf, people: Iterable[Person], naming: Iterable[Key], mentioning: Iterable[Key]
) -> ErasurePlan:
    """Return what erasing somebody comes to. `naming` are the records that ever named one of the entries by its id,
    `mentioning` those in whose texts the name stands."""
    entries = {one.id: one for one in people}
    targets = {("person", person_id): True for person_id in entries}
    targets |= {("household", one.id): True for one in _households(shelf, entries.values())}
    sealed: dict[str, str] = {}
    held: set[Key] = set()
    for kind, record_id in naming:
        record = shelf.kept(KINDS[kind], record_id) if kind in _LINKS else None
        if record is None or getattr(record, _LINKS[kind]) not in entries:
            continue
        meeting = _sealed_meeting(shelf, record)
        if meeting:
            sealed[meeting.id] = meeting.title
            held.add((kind, record_id))
        else:
            targets[(kind, record_id)] = True
    others = {key for key in mentioning if key not in targets and key not in held and _can_be_mended(shelf, key)}
    return ErasurePlan(tuple(targets), tuple(sealed.values()), len(others))


def _can_be_mended(shelf: Shelf, key: Key) -> bool:
    """Return whether a name in the texts of a record can be taken out by whoever looks after it."""
    kind, record_id = key
    if kind not in _MENDED:
        return False
    record = shelf.find(_MENDED[kind], record_id)
    return record is not None and _sealed_meeting(shelf, record) is None


def erasure_of_record(shelf: Shelf, kind: str, record_id: str) -> ErasurePlan:
    """Return what erasing one record comes to: nothing when it was sealed, or there is none."""
    record = shelf.kept(KINDS[kind], record_id) if kind in KINDS else None
    if record is None:
        return ErasurePlan()
    meeting = _sealed_meeting(shelf, record)
    if meeting:
        return ErasurePlan(sealed=(meeting.title,))
    blobs = _alone(shelf, record) if isinstance(record, Attachment) else ()
    return ErasurePlan(((kind, record_id),), blobs=blobs)


def _alone(shelf: Shelf, attachment: Attachment) -> tuple[str, ...]:
    """Return the pictures of an attachment that no other one names."""
    named = (("blob", attachment.blob), ("thumbnail", attachment.thumbnail))
    others = {one.id for name, blob in named if blob for one in shelf.all(Attachment, Is(name, blob))} - {attachment.id}
    return () if others else tuple(blob for _, blob in named if blob)


def _households(shelf: Shelf, people: Iterable[Person]) -> list[Household]:
    found = ((one, shelf.kept(Household, one.household_id)) for one in people if one.household_id)
    return [household for one, household in found if household is not None and household.head == one.name]


def _sealed_meeting(shelf: Shelf, record: Record) -> Consultation | None:
    """Return the meeting whose sealed version holds a record; None while it was not sealed."""
    edition = next(iter(shelf.all(Edition, Is("sitting_id", _sitting_of(shelf, record)), limit=1)), None)
    return shelf.kept(Consultation, edition.consultation_id) if edition else None


def _sitting_of(shelf: Shelf, record: Record) -> str | None:
    if isinstance(record, Reservation):
        consensus = shelf.kept(Consensus, record.consensus_id)
        return consensus.sitting_id if consensus else None
    if isinstance(record, Contribution):
        action = shelf.kept(Action, record.action_id)
        return action.sitting_id if action else None
    if isinstance(record, Attachment):
        return record.sitting_id if record.edition_id else None
    return getattr(record, "sitting_id", None)
