"""Who may be on the register twice: written down at two desks, or once with a wrong sign. Suggested, never merged.

Only what the register itself says is looked at. No figure tells how alike two entries are: they are a pair or not.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice, product

from app.domain.people import Person
from app.domain.pinyin import readings

Pair = tuple[str, str]
Key = Callable[[Person], tuple[object, ...]]
LEAST_DIGITS, MOST_SOUNDS = 7, 8
MOST_PAIRS, MOST_ALIKE = 20, 20
"""Nobody answers more than a few at a sitting; the rest is found when these have been answered."""


def twins(people: Sequence[Person], apart: Collection[Pair] = ()) -> list[tuple[Person, Person]]:
    """Return the first pairs that look like the same person, the earlier in front, each later one once.

    They have the same name and nothing that speaks against it; or the same sound, village and group; or the same
    phone without being of one household. `apart` names pairs of which somebody has said no.
    """
    found: dict[str, tuple[Person, Person]] = {}
    for key in (_by_name, _by_sound, _by_phone):
        for one, other in _pairs(people, key):
            if (one.id, other.id) not in apart and other.id not in found:
                found[other.id] = (one, other)
                if len(found) == MOST_PAIRS:
                    return list(found.values())
    return list(found.values())


def _pairs(people: Iterable[Person], key: Key) -> Iterator[tuple[Person, Person]]:
    alike: dict[object, list[Person]] = {}
    for person in people:
        for said in key(person):
            there = alike.setdefault(said, [])
            yield from ((before, person) for before in there[:MOST_ALIKE] if not _differ(before, person))
            there.append(person)


def _differ(one: Person, other: Person) -> bool:
    """Return whether the register itself tells two of one name, sound or phone apart."""
    places = ((one.village_code, other.village_code), (one.group, other.group))
    is_elsewhere = any(here and there and here != there for here, there in places)
    phones = _digits(one), _digits(other)
    if all(phones):
        return phones[0] != phones[1] or (one.name != other.name and _is_one_household(one, other))
    return is_elsewhere


def _is_one_household(one: Person, other: Person) -> bool:
    return one.household_id is not None and one.household_id == other.household_id


def _by_name(person: Person) -> tuple[object, ...]:
    return (person.name,)


def _by_sound(person: Person) -> tuple[object, ...]:
    """Return how a name may sound, and where; nothing for who has no village or group to compare."""
    if not (person.village_code and person.group):
        return ()
    sounds = product(*(readings(sign) or (sign,) for sign in person.name))
    return tuple((sound, person.village_code, person.group) for sound in islice(sounds, MOST_SOUNDS))


def _by_phone(person: Person) -> tuple[object, ...]:
    digits = _digits(person)
    return (digits,) if digits else ()


def _digits(person: Person) -> str:
    digits = "".join(filter(str.isdecimal, person.phone))
    return digits if len(digits) >= LEAST_DIGITS else ""
