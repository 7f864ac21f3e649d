"""Who may read what: the audience of every field of every record, and the parts into which an op is split for them.

O is for every level and holds nothing that names or singles out a villager; C is for the township and its county; T
for the township alone. Free text of class O passes a mask: what it hides goes up hidden and stays true in C. Counts
of households go up to the nearest five, and stay true in C.
`sync/AUDIENCES.md` tells the same as a page.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec.structs import replace

from app.domain.edition_record import Json, read_record
from app.domain.op import AUDIENCES, NOTHING, Audience, Base, Op
from app.domain.revisit import ANSWERS, told

Mask = Callable[[str], tuple[str, bool]]
"""Returns a text as the public may read it, and whether anything was hidden."""
IN_DOUBT, NOT_PUBLIC = "（涉及个人，县内可见）", "（不公开，县内可见）"
"""What stands for a text on which the mask and its second check do not agree; for any text of a closed session."""


class FieldClasses(NamedTuple):
    """The fields of a kind by who may read them: `open` as they are, `masked` and `rounded` as their public value, the
    others never up.
    """

    open: str = ""
    masked: str = ""
    rounded: str = ""
    county: str = ""
    township: str = ""

    def home(self) -> Audience:
        """Return the most open audience that has a field, where `id` and `standing` are."""
        return next(one for one, names in zip(AUDIENCES, self._by_audience(), strict=True) if names)

    def audiences(self) -> Iterator[tuple[str, Audience]]:
        """Yield each field and its audience."""
        for one, names in zip(AUDIENCES, self._by_audience(), strict=True):
            yield from ((name, one) for name in names)

    def _by_audience(self) -> tuple[list[str], ...]:
        return (f"{self.open} {self.masked} {self.rounded}".split(), self.county.split(), self.township.split())


CLASSES: Mapping[str, FieldClasses] = {
    "hamlet": FieldClasses("village_code", "name"),
    "unit": FieldClasses("place_code", "name"),  # a unit may be called after the man who leads it
    "household": FieldClasses(county="village_code group head"),
    "person": FieldClasses(
        county="name village_code group role post unit_id household_id merged_into",
        township="phone note",
    ),
    "topic": FieldClasses(
        "village_code raised_on source category stage screened_on approved_on merged_into",
        "title summary reason",
        county="raised_by",
    ),
    "consultation": FieldClasses(
        "topic_id place_codes practice form category stage closed_session",
        "title hamlet case_number summary reason",
    ),
    "sitting": FieldClasses(
        "consultation_id ordinal starts_at stage opened_at ended_at current_issue_id expected expected_households"
        " quorum_rule quorum_base",
        "venue spoken_language",  # most courtyards are somebody's
        county="host_id host recorder note",
    ),
    # Even without a name: with its role and its minutes, a seat among few is somebody.
    "attendance": FieldClasses(
        county="sitting_id person_id role presence mode invited arrived_at left_at proxy_name proxy_relation reason"
        " counts"
    ),
    "issue": FieldClasses("sitting_id number", "title", county="note"),
    "statement": FieldClasses(county="sitting_id number text kind speaker_id issue_id said_at note"),
    "consensus": FieldClasses(
        "sitting_id issue_id method result agree against abstain silent present expected ratio route settled_at"
        " drafted_at",
        "text",
        county="second_text",  # no mask knows how a name is written in the second language
    ),
    "reservation": FieldClasses(county="consensus_id text person_id answer"),
    "action": FieldClasses(
        "sitting_id consultation_id number consensus_id unit_id due_on stage done_on",
        "text support_units due_words fund",
        county="person_id supervisor note",  # who supervises is mostly a villager
    ),
    "contribution": FieldClasses(county="action_id party kind amount measure person_id"),  # what one household brings
    "progress": FieldClasses("action_id said_at stage", "text", county="by"),
    "revisit": FieldClasses(
        "consultation_id visited_on action_id",
        "text",
        " ".join(ANSWERS),  # of two households who are dissatisfied everybody knows which they are
        county="by",
    ),
    "edition": FieldClasses(
        "consultation_id sitting_id version digest digits device_key signature sealed_at spoken_digits previous_id",
        "record reason",  # personal parts of a record are salted commitments; it goes up whole or not at all
        county="openings closure sealed_by",
    ),
    "correction": FieldClasses(
        "consultation_id sitting_id edition_id opened_at", "reason", county="asked_by opened_by"
    ),
    # The digest of a paper is not salted: who can guess its names could test the guess. A folder may name its owner.
    "printout": FieldClasses(
        county="consultation_id sitting_id paper version copies pages sha256 printed_at is_reprint",
        township="where",
    ),
    "notice": FieldClasses(
        "consultation_id sitting_id posted_on until edition_id version",
        "where shown",
        county="phone",  # meant to be the office's, but nobody can tell by looking at it
    ),
    "attachment": FieldClasses(
        county="consultation_id blob media_type size sitting_id edition_id action_id paper version page pages thumbnail"
        " digest taken_at note"
    ),
    # It holds versions and no values, but may be about a person, and its reason may name one.
    "ruling": FieldClasses(county="kind record_id fields chosen others reason decided_at by"),
}
"""What each kind of record has for whom."""
RAISED: Mapping[str, frozenset[str] | None] = {
    "statement": None,
    "reservation": None,
    "attachment": None,
    "edition": frozenset({"openings", "closure"}),
}
"""What of a closed session does not leave the township: what was said, its pictures, and what opens its record."""
FIELD_AUDIENCE: Mapping[tuple[str, str], Audience] = {
    (kind, name): one
    for kind, classes in CLASSES.items()
    for name, one in (("id", classes.home()), *classes.audiences(), ("standing", classes.home()))
}
"""The audience of every field of every record."""
MASKABLE = frozenset((kind, name) for kind, classes in CLASSES.items() for name in classes.masked.split())
"""The fields of class O that people write in their own words."""
ROUNDED = frozenset((kind, name) for kind, classes in CLASSES.items() for name in classes.rounded.split())
"""The fields of class O that count households."""


def audience_of(kind: str, field: str, *, is_closed: bool = False) -> Audience:
    """Return who may read a field, of a closed session or not; what a newer version knows and we do not is for C."""
    found = FIELD_AUDIENCE.get((kind, field), Audience.COUNTY)
    if is_closed and found is Audience.COUNTY and kind in RAISED:
        raised = RAISED[kind]
        return Audience.TOWNSHIP if raised is None or field in raised else found
    return found


def split(op: Op, mask: Mask, *, is_closed: bool = False) -> dict[Audience, Op]:
    """Return the parts of an op, the most open first; joined again they are the op.

    Each has the whole head of the op and `parts` is its class. Of a closed session no text goes up at all, and what was
    said there stays in the township. Whom the mask hides as the author of an act is not named above the county.
    """
    plan = _plan(op.kind, tuple(op.sets), is_closed)
    is_hidden = plan.goes_up and mask(op.who)[1]
    if plan.only is not None and not is_hidden:
        return {plan.only: _part(op, plan.only, op.sets, op.base)}
    sets = op.sets
    values = {one: {name: sets[name] for name in names} for one, names in plan.fields}
    masked = _hide(values, plan.texts, _not_public if is_closed else mask) if plan.texts else NOTHING
    if plan.counts:
        masked |= _round(values, plan.counts)
    if masked or is_hidden:
        values = {one: values.get(one, {}) for one in AUDIENCES if one in values or one is Audience.COUNTY}
        values[Audience.COUNTY] |= {name: sets[name] for name in masked}
    parts: dict[Audience, Op] = {}
    for one, some in values.items():
        parts[one] = _part(op, one, some, _base_of(op, some, is_first=not parts))
    if masked or is_hidden:
        public = parts[Audience.OPEN]
        parts[Audience.OPEN] = replace(public, masked=masked, who="" if is_hidden else op.who)
    return parts


class _Plan(NamedTuple):
    """How ops that set these fields are split: into which parts, which texts pass the mask, which counts are rounded.

    `only` is the audience of the one part there is, if nothing of it is masked; `goes_up` whether there is a part O.
    """

    fields: tuple[tuple[Audience, tuple[str, ...]], ...]
    texts: tuple[str, ...]
    counts: tuple[str, ...]
    only: Audience | None
    goes_up: bool


@lru_cache(4096)  # of one version there are some hundred; a newer one may send others
def _plan(kind: str, names: tuple[str, ...], is_closed: bool) -> _Plan:
    found: dict[Audience, list[str]] = {} if names else {audience_of(kind, "standing", is_closed=is_closed): []}
    for name in names:
        found.setdefault(audience_of(kind, name, is_closed=is_closed), []).append(name)
    fields = tuple((one, tuple(found[one])) for one in AUDIENCES if one in found)
    texts = tuple(name for name in names if (kind, name) in MASKABLE)
    counts = tuple(name for name in names if (kind, name) in ROUNDED)
    only = fields[0][0] if len(fields) == 1 and not texts and not counts else None
    return _Plan(fields, texts, counts, only, Audience.OPEN in found)


def _part(op: Op, audience: Audience, sets: dict[str, Any], base: Base | None) -> Op:
    erased = op.erased.intersection(sets) if op.erased else NOTHING
    evidence = (op.act, op.who, op.wall, op.correction, op.seen, op.holds)
    name = audience._value_  # `value` is a property, and slow
    return Op(op.stream, op.seq, op.lamport, op.kind, op.record_id, sets, base, *evidence, NOTHING, name, erased)


def _base_of(op: Op, some: Mapping[str, Any], *, is_first: bool) -> Base | None:
    """Return what of an op's base goes with some of its fields; what is about no field it sets goes with the first."""
    if op.base is None:
        return None
    sets = op.sets
    return {name: seen for name, seen in op.base.items() if name in some or not name or (is_first and name not in sets)}


def _hide(values: Mapping[Audience, dict[str, Any]], texts: Iterable[str], mask: Mask) -> frozenset[str]:
    """Put what the public may read in the place of each text, and return the names of those that were changed."""
    public = values[Audience.OPEN]
    masked = []
    for name in texts:
        if public[name]:
            public[name], is_hidden = _hidden(name, public[name], mask)
            if is_hidden:
                masked.append(name)
    return frozenset(masked)


def _round(values: Mapping[Audience, dict[str, Any]], counts: tuple[str, ...]) -> frozenset[str]:
    """Put what every level may know in the place of each count, and return the names of all.

    All are named, those too that were round before: else it could be told that they were.
    """
    public = values[Audience.OPEN]
    for name in counts:
        public[name] = told(public[name]) if isinstance(public[name], int) else 0
    return frozenset(counts)


def _hidden(name: str, value: Any, mask: Mask) -> tuple[Any, bool]:
    if name == "record":
        return _hidden_record(value, mask)
    if isinstance(value, str):
        return mask(value)
    parts = [(text, False) if _ID.fullmatch(text) else mask(text) for text in value]
    return tuple(text for text, _ in parts), any(is_hidden for _, is_hidden in parts)


_ID = re.compile(r"[0-9a-f]{32}")


def _not_public(text: str) -> tuple[str, bool]:
    return NOT_PUBLIC, True


def _hidden_record(raw: str, mask: Mask) -> tuple[str, bool]:
    """Return a sealed record as it is, or nothing of it when one of its open texts should be hidden: it is signed."""
    record = read_record(raw.encode())
    is_hidden = record is None or any(mask(text)[1] for text in _open_texts(record))
    return ("", True) if is_hidden else (raw, False)


_CODES = frozenset(
    {"format", "suite", "id", "previous", "sealed_at", "spoken", "held_on", "ended_at", "role", "presence", "mode"}
    | {"method", "result", "ratio", "route", "kind", "due", "amount", "c"}
)
"""What of a record the program writes and nobody else: codes, days, figures, commitments."""


def _open_texts(value: Json) -> Iterator[str]:
    """Yield every text of a record that anybody can read, with 某某 where a personal part is closed."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in _CODES:
                yield from _open_texts(part)
    elif isinstance(value, list) and any(isinstance(part, str) for part in value):
        yield "".join(part if isinstance(part, str) else "某某" for part in value)
    elif isinstance(value, list):
        for part in value:
            yield from _open_texts(part)
