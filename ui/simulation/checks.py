"""What must hold of every home after every exchange, by the oracle alone. Laws are named as in the design."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.change import STANDING
from app.domain.notice import IN_OFFICE
from app.ports import OWN, TAKEN, Parcel
from ui.simulation.machine import COLUMNS, Machine
from ui.simulation.oracle import Key, Oracle, Uid, View, plain, same

QUIET = frozenset(
    {("attendance", name) for name in ("presence", "arrived_at", "left_at", "invited")}
    | {("sitting", name) for name in ("current_issue_id", "stage", "opened_at", "ended_at")}
    | {("consensus", name) for name in ("drafted_at", "settled_at")}
    | {("issue", "number")}
)
"""Fields of which a rule may choose the value shown."""


class Violation(Exception):
    """A law did not hold."""

    def __init__(self, law: str, words: str) -> None:
        super().__init__(f"{law}: {words}")
        self.law, self.words = law, words


@dataclass(frozen=True, slots=True)
class Shown:
    """What a home shows."""

    rows: dict[Key, dict[str, Any]]
    contested: dict[tuple[str, str, str], bool]
    withheld: set[Uid]
    waiting: set[Key]


def held_segments(parcels: Iterable[Parcel]) -> set[str]:
    """Return the segments that a home has opened and taken in, its own among them."""
    return {parcel.id for parcel in parcels if parcel.state in (OWN, TAKEN)}


def check_home(machine: Machine, oracle: Oracle, view: View, org: str) -> None:
    """Check that a home shows what the oracle says it must, of all that it holds."""
    _check_journal(machine, view)
    check_readers(machine, machine.parcels(), org)
    shown = Shown(machine.rows(), machine.contested(), machine.withheld(), machine.waiting())
    keys = {(kind, record_id) for _, kind, record_id in view}
    for key in sorted(keys):
        _check_record(machine, oracle, view, key, shown)
    for key in sorted(shown.rows.keys() - keys):
        raise Violation("P3", f"{machine.name} shows {key}, of which it has been told nothing")


def _check_journal(machine: Machine, view: View) -> None:
    journal = machine.journal()
    if journal != set(view):
        lost, more = set(view) - journal, journal - set(view)
        raise Violation("P3", f"the journal of {machine.name} lacks {sorted(lost)[:3]}, has besides {sorted(more)[:3]}")


def check_readers(machine: Machine, parcels: Iterable[Parcel], org: str) -> None:
    """Check that a home keeps and reads no segment that is not for it."""
    for parcel in parcels:
        is_near = org.startswith(parcel.region) or parcel.region.startswith(org)
        may_read = (
            parcel.audience == "O" or (parcel.audience == "C" and len(org) >= 6) or len(org) == len(parcel.region)
        )
        may_lie = parcel.audience == "O" or len(org) >= 6
        if not is_near or not may_lie or (parcel.state == TAKEN and not may_read):
            raise Violation("P15", f"{machine.name} holds {parcel.audience} of {parcel.region} as {parcel.state}")


def _check_record(machine: Machine, oracle: Oracle, view: View, key: Key, shown: Shown) -> None:
    held, barred = oracle.touching(view, key), oracle.barred(view, key)
    if key[0] not in COLUMNS:
        if key not in shown.waiting:
            raise Violation("P16", f"{machine.name} does not say that {key} waits for a newer version")
        return
    born = [uid for uid in held if oracle.ops[uid].is_new and not barred.get(uid)]
    row = shown.rows.get(key)
    if row is None:
        if born:
            raise Violation("P3", f"{machine.name} does not show {key}")
        _check_kept_aside(machine, held, barred, key, shown)
        return
    if not born:
        law = "P14" if barred else "P1"
        raise Violation(law, f"{machine.name} shows {key}, whose beginning it may not show or has not got")
    names = {name for uid in held for name in view[uid]}
    has_gaps = oracle.lacks(view, key)
    for name in sorted(names):
        if name == STANDING:
            _check_standing(machine, oracle, view, key, shown, has_gaps)
        elif name in COLUMNS[key[0]]:
            _check_field(machine, oracle, view, key, name, shown, has_gaps)
        elif key not in shown.waiting:
            raise Violation("P16", f"{machine.name} does not say that {key} has a field of a newer version")


def _check_kept_aside(
    machine: Machine, held: list[Uid], barred: dict[Uid, frozenset[str]], key: Key, shown: Shown
) -> None:
    """Check that a record with nothing to show is known to wait, and its withheld ops to be withheld."""
    if key not in shown.waiting:
        raise Violation("P3", f"{machine.name} neither shows {key} nor says that it waits")
    for uid in held:
        if barred.get(uid) and uid not in shown.withheld and not _is_answered(uid, held):
            raise Violation("P3", f"{machine.name} neither shows {uid} nor says that it is withheld")


def _is_answered(uid: Uid, held: list[Uid]) -> bool:
    return held[-1] != uid


def _check_field(
    machine: Machine, oracle: Oracle, view: View, key: Key, name: str, shown: Shown, has_gaps: bool
) -> None:
    """Check one field: every value that nobody has replaced is shown, contested or withheld, and nothing else is."""
    value = shown.rows[key].get(name)
    heads = oracle.heads(view, key, name)
    place = (*key, name)
    sides: list[Any] = []
    for uid in sorted(heads):
        said = view[uid][name]
        if same(said, value) or uid in shown.withheld:
            continue
        sides = sides or machine.sides(key).get(name, [])
        if place not in shown.contested or not any(same(said, side) for side in sides):
            raise Violation("P3", f"{machine.name} has lost {said!r} of {uid} for {name}; it shows {value!r}")
    if has_gaps:
        return
    told = {plain(view[uid][name]) for uid in heads}
    if told and plain(value) not in told:
        raise Violation("P1", f"{machine.name} shows {value!r} for {place}; said was {sorted(map(str, told))}")
    if len(told) > 1 and place not in shown.contested:
        raise Violation("P4", f"{machine.name} does not say that {place} is contested")
    if len(told) == 1 and shown.contested.get(place) is False:
        raise Violation("P1", f"{machine.name} says that {place} is contested, and nobody contests it")


def _check_standing(machine: Machine, oracle: Oracle, view: View, key: Key, shown: Shown, has_gaps: bool) -> None:
    """Check that a record is laid down only by somebody who had seen all of it."""
    if has_gaps:
        return
    heads = oracle.heads(view, key, STANDING)
    laid = [uid for uid in heads if plain(view[uid][STANDING]) == ""]
    stands = [uid for uid in heads if plain(view[uid][STANDING]) == 1]
    value = plain(shown.rows[key][STANDING])
    is_contested = shown.contested.get((*key, STANDING)) is False
    if not laid:
        if value != 1:
            raise Violation("P3", f"{machine.name} has laid down {key}, which nobody did")
        return
    others = {
        uid
        for name in sorted({name for uid in oracle.touching(view, key) for name in view[uid]} - {STANDING})
        for uid in oracle.heads(view, key, name)
    }
    has_seen_all = any(others <= oracle.ops[uid].saw | {uid} for uid in laid)
    expected = not stands and has_seen_all
    if expected and (value != "" or is_contested):
        raise Violation("P1", f"{machine.name} keeps {key}, which was laid down by somebody who had seen it all")
    if not expected and (value != 1 or not is_contested):
        raise Violation("P3", f"{machine.name} has laid down {key} over what whoever did so had not seen")


def check_custody(machine: Machine, oracle: Oracle, ever: dict[str, set[str]]) -> None:
    """Check that nobody is said to hold entries that never lay there, as they were first sealed or made anew."""
    for held in machine.box.held():
        if oracle.first_of(held.segment) not in ever.get(held.org, set()):
            raise Violation(
                "P10", f"{machine.name} believes that {held.org} holds {held.segment[:8]}, which it never had"
            )


def check_nameless(machine: Machine, oracle: Oracle) -> None:
    """Check that a home above the county holds no name of a villager."""
    office = {role.value for role in IN_OFFICE}
    names = set()
    for written in oracle.ops.values():
        if written.key[0] == "person" and written.sets.get("role", "villager") not in office:
            names.add(str(written.sets.get("name") or ""))
    names.discard("")
    if not names:
        return
    found = re.compile("|".join(map(re.escape, sorted(names))))
    for key, row in machine.rows().items():
        for name, value in row.items():
            met = found.search(str(value))
            if met:
                raise Violation("P15", f"{machine.name} can read {met[0]} in {name} of {key}")
