"""The oracle: what was truly written, by whom, having seen what; and so what every home must show of it.

Plain dicts and sets, no clock, no Lamport counter, no stream, nothing of `app.domain.merge`. An op is known by its
act, kind and record. Of each it keeps which ops its author truly had, and which of them it took the place of.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.domain.change import STANDING, Change, ChangeSet
from app.domain.edition import BESIDE, HELD, HUNG_ON

Uid = tuple[str, str, str]
Key = tuple[str, str]
View = dict[Uid, dict[str, Any]]
"""What a home holds: of each op the fields that it has been told."""


@dataclass(frozen=True, slots=True)
class Written:
    """One op. `over` tells for each field it sets which ops it took the place of, `saw` all that its author had."""

    uid: Uid
    sets: dict[str, Any]
    over: dict[str, frozenset[Uid]]
    saw: frozenset[Uid]
    is_new: bool
    correction: str = ""
    is_newer: bool = False

    @property
    def key(self) -> Key:
        """Return the record."""
        return self.uid[1], self.uid[2]


@dataclass(slots=True)
class Oracle:
    """Everything that was ever written, and which segment brings what."""

    ops: dict[Uid, Written] = field(default_factory=dict)
    segments: dict[str, View] = field(default_factory=dict)
    masked: dict[str, set[tuple[Uid, str]]] = field(default_factory=dict)
    by_record: dict[Key, list[Uid]] = field(default_factory=dict)
    closures: dict[Uid, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    erased: dict[str, dict[Uid, frozenset[str]]] = field(default_factory=dict)
    """By segment that was made anew: which fields of which ops are absent from it."""
    firsts: dict[str, str] = field(default_factory=dict)
    """Of segments that were made anew, the one that their author sealed."""
    superseded: dict[str, str] = field(default_factory=dict)
    """Of segments that were made anew, the one they were made of."""
    asked: set[tuple[Key, str]] = field(default_factory=set)
    """Which fields of which records somebody has had erased."""

    def view(self, own: Iterable[Uid], segments: Iterable[str]) -> View:
        """Return what a home holds that wrote these ops and has these segments."""
        view: View = {uid: dict(self.ops[uid].sets) for uid in own}
        masked: dict[Uid, dict[str, Any]] = {}
        for segment in segments:
            hidden = self.masked.get(segment, set())
            for uid, sets in self.segments.get(segment, {}).items():
                there = view.setdefault(uid, {})
                for name, value in sets.items():
                    if (uid, name) in hidden:
                        masked.setdefault(uid, {})[name] = value
                    else:
                        there[name] = value
        for uid, sets in masked.items():
            view[uid] = sets | view[uid]
        for segment in segments:
            for uid, names in self.erased.get(segment, {}).items():
                view[uid] |= dict.fromkeys(names & view[uid].keys())
        return view

    def make_anew(self, segment: str, first: str, erased: Iterable[tuple[Uid, frozenset[str]]]) -> None:
        """Keep that a segment tells what another one did, but for these fields, which nobody may read any more."""
        told = self.segments[first]
        self.superseded[segment] = first
        self.firsts[segment] = self.first_of(first)
        self.segments[segment] = {uid: dict(sets) for uid, sets in told.items()}
        self.masked[segment] = set(self.masked.get(first, ()))
        gone = {uid: names & told[uid].keys() for uid, names in erased if uid in told}
        self.erased[segment] = {uid: names for uid, names in gone.items() if names}

    def first_of(self, segment: str) -> str:
        """Return the segment as its author sealed it."""
        return self.firsts.get(segment, segment)

    def all_erased(self) -> dict[Uid, frozenset[str]]:
        """Return which fields of which ops somebody has erased."""
        found: dict[Uid, frozenset[str]] = {}
        for told in self.erased.values():
            for uid, names in told.items():
                found[uid] = found.get(uid, frozenset()) | names
        return found

    def secrets(self, counted: Collection[str]) -> set[str]:
        """Return the telephones that are erased wherever anybody wrote them down: of all segments in force, and of what
        has not been sealed, none tells them. `counted` are the segments made anew of which the word counts."""
        names = [(uid, names) for come in counted for uid, names in self.erased.get(come, {}).items()]
        erased = {str(self.ops[uid].sets["phone"]) for uid, gone in names if "phone" in gone}
        replaced = {one for come in counted for one in (self.first_of(come), self.superseded.get(come))}
        live = [told for segment, told in self.segments.items() if segment not in replaced]
        sealed = {uid for told in self.segments.values() for uid in told}
        told = {str(sets["phone"]) for view in live for sets in view.values() if sets.get("phone")}
        told |= {str(one.sets["phone"]) for uid, one in self.ops.items() if uid not in sealed and one.sets.get("phone")}
        return erased - told

    def commit(
        self,
        changes: ChangeSet,
        view: View,
        contested: Collection[tuple[str, str, str]] = (),
        is_newer: bool = False,
    ) -> list[Uid]:
        """Keep what was written by somebody who held `view`; `contested` is what nobody but a person may settle."""
        made = []
        touched: dict[Key, list[Change]] = {}
        for one in changes.changes:  # an act may come back to a record
            touched.setdefault((one.kind, one.record_id), []).append(one)
        for (kind, record_id), parts in touched.items():
            uid = (changes.id, kind, record_id)
            sets = {part.field: part.new for part in parts}
            olds = {part.field: part.old for part in reversed(parts)}
            is_new = any(part.field == STANDING and part.old is None for part in parts)
            decided = {name for of, record, name in changes.decides if (of, record) == (kind, record_id)}
            over = {
                name: self._over(
                    view,
                    (kind, record_id),
                    name,
                    olds[name],
                    (kind, record_id, name) in contested and name not in decided,
                )
                for name in sets
            }
            written = Written(uid, sets, over, frozenset(view), is_new, changes.correction, is_newer)
            self.ops[uid] = written
            self.by_record.setdefault((kind, record_id), []).append(uid)
            if kind == "edition" and is_new:
                self.closures[uid] = msgspec.json.decode(str(sets["closure"]))
            made.append(uid)
        return made

    def _over(self, view: View, key: Key, name: str, old: Any, is_asked: bool) -> frozenset[Uid]:
        """Return what a new value takes the place of: what its author was shown; of what is contested only that."""
        heads = self.heads(view, key, name)
        if is_asked and name != STANDING:
            heads = {uid for uid in heads if same(view[uid].get(name), old)}
        found = set(heads)
        for uid in heads:
            found |= self.ops[uid].over.get(name, frozenset())
        return frozenset(found)

    def touching(self, view: View, key: Key) -> list[Uid]:
        """Return the ops of a record that a home holds."""
        return [uid for uid in self.by_record.get(key, ()) if uid in view]

    def heads(self, view: View, key: Key, name: str) -> set[Uid]:
        """Return the ops whose value of a field nobody has replaced who had been shown it."""
        held = self.touching(view, key)
        barred = self.barred(view, key)
        setting = [uid for uid in held if name in view[uid] and name not in barred.get(uid, ())]
        gone: set[Uid] = set()
        for uid in held:
            if name in view[uid]:
                gone |= self.ops[uid].over.get(name, frozenset())
        return {uid for uid in setting if uid not in gone}

    def barred(self, view: View, key: Key) -> dict[Uid, frozenset[str]]:
        """Return what no home may show that has these sealings: what they had not seen of what they hold fast."""
        kind = key[0]
        if kind not in HELD or not self.closures:
            return {}
        held_fields = HELD[kind]
        found: dict[Uid, frozenset[str]] = {}
        for edition, closure in self.closures.items():
            if edition not in view or not self._holds(closure, view, key):
                continue
            corrections = self._corrections(view, edition)
            for uid in self.touching(view, key):
                written = self.ops[uid]
                if uid in self.ops[edition].saw or (written.correction and written.correction in corrections):
                    continue
                guarded = frozenset(written.sets) if held_fields is None else held_fields & set(written.sets)
                guarded -= BESIDE.get(kind, frozenset())
                if guarded:
                    every = frozenset(written.sets) if written.is_new else guarded
                    found[uid] = found.get(uid, frozenset()) | every
        return found

    def _holds(self, closure: dict[str, list[dict[str, Any]]], view: View, key: Key) -> bool:
        ids = {row["id"] for kind, rows in closure.items() if kind in HELD for row in rows}
        if key[1] in ids:
            return True
        hung = HUNG_ON.get(key[0])
        return hung is not None and any(view[uid].get(hung) in ids for uid in self.touching(view, key))

    def _corrections(self, view: View, edition: Uid) -> set[str]:
        """Return the corrections under which a version, or a later one of its meeting, may be changed."""
        sets = self.ops[edition].sets
        later = {
            uid[2]
            for uid in self.closures
            if uid in view
            and self.ops[uid].sets["sitting_id"] == sets["sitting_id"]
            and self.ops[uid].sets["version"] >= sets["version"]
        }
        return {
            uid[2]
            for uid in view
            if uid[1] == "correction" and self.ops[uid].is_new and self.ops[uid].sets["edition_id"] in later
        }

    def lacks(self, view: View, key: Key) -> bool:
        """Return whether a home has gaps in what is known of a record: somebody saw an op of it that is not here."""
        held = self.touching(view, key)
        seen: set[Uid] = set()
        for uid in held:
            seen |= {one for one in self.by_record[key] if one in self.ops[uid].saw}
        return not seen <= set(held) or not any(self.ops[uid].is_new for uid in held)


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same as far as a home can tell: what is not there, and what is blank."""
    return bool(plain(one) == plain(other))


def plain(value: Any) -> Any:
    """Return a value as the driver would give it."""
    if value is None or value is False or value == "" or value == 0:
        return ""
    if value is True:
        return 1
    if isinstance(value, list | tuple):
        return msgspec.json.encode(value).decode() if value else "[]"
    return value
