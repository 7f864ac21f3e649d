"""Where a paper belongs: the place as it is printed, whose seal it takes, and who keeps a copy."""

from app.domain.place import Level, Place, Places
from app.domain.practice import PaperKind, PaperRule, Practice
from app.queries.sitting import LiveSitting

BY_THE_HOST = "主办单位"
MOST_NAMED = 4
"""How many who keep a copy are called by name; more are called 各方, 各村, 各乡镇."""


def place_words(live: LiveSitting, places: Places) -> str:
    """Return where the meeting belongs, from the township down: 青石乡石墙村大寨; empty when no place is known."""
    return "、".join(_addresses(live, places))


def venue_words(live: LiveSitting, places: Places, venue: str) -> str:
    """Return where to go: 五珠乡五珠村示例寨文化广场; of several places the first, and no name twice."""
    place = next(iter(_addresses(live, places)), "")
    villages = (one.display_name for one in _villages(live, places))
    named = next((name for name in villages if venue.startswith(name) and name in place), "")
    if named and not place.endswith(named):
        return place[: place.rfind(named)] + venue
    return joined(place, venue)


def joined(place: str, more: str) -> str:
    """Return two parts of an address as one; what both tell at the seam is told once."""
    return place + _untold(place, more)


def venue_beside(place: str, venue: str) -> str:
    """Return the venue as it follows a place that has just been named: 文化广场 after 示例寨."""
    return _untold(place, venue) or venue


def _untold(place: str, more: str) -> str:
    """Return `more` without the words at its head with which `place` ends; a single character is chance."""
    told = (place[start:] for start in range(len(place) - 1))
    return more.removeprefix(next((words for words in told if more.startswith(words)), ""))


def seal_words(live: LiveSitting, places: Places, practice: Practice | None) -> tuple[str, ...]:
    """Return what stands in the places for seals: the village's, each village's, the township's, or the host's."""
    if practice is not None and _is_kept_at_a_station(practice):
        return (f"{BY_THE_HOST}盖章处",)
    villages = _villages(live, places)
    if len(villages) == 1:
        return ("社区居委会盖章处" if _is_community(villages[0]) else "村委会盖章处",)
    named = [f"{one.display_name}{'居委会' if _is_community(one) else '委会'}" for one in villages]
    offices = named or [_office(place) for place in _townships(live, places)] or [BY_THE_HOST]
    return tuple(f"{office}盖章处" for office in dict.fromkeys(offices))


def copies_of(rule: PaperRule, live: LiveSitting, parties: int) -> int:
    """Return how many copies of a paper are wanted: every party, village and township has its own."""
    codes = live.consultation.place_codes
    villages = len({code for code in codes if len(code) == 12})
    townships = len({code[:9] for code in codes if len(code) >= 9})
    evening = rule.keepers.partition("；")[0]
    more = (("村存", villages), ("乡镇存", townships))
    return rule.copies_for(parties) + sum(max(0, count - 1) for word, count in more if word in evening)


def keepers_words(keepers: str, live: LiveSitting, places: Places, parties: tuple[str, ...]) -> list[str]:
    """Return who keeps the copies of the evening: 赵某甲、钱某乙各一份, 村存一份, 乡镇存一份."""
    evening = keepers.partition("；")[0].split("，") if keepers else []
    told = (_keeper(keeper, live, places, parties) for keeper in evening)
    return [words for words in told if words]


def _keeper(keeper: str, live: LiveSitting, places: Places, parties: tuple[str, ...]) -> str:
    if keeper.startswith("各方"):
        return _each(parties, "各方", "")
    if keeper.startswith("村存"):
        return _village_keeps(live, places)
    if keeper.startswith("乡镇存"):
        return _township_keeps(_townships(live, places))
    return f"{keeper}份" if keeper.endswith("一") else keeper


def _village_keeps(live: LiveSitting, places: Places) -> str:
    villages = _villages(live, places)
    if len(villages) > 1:
        return _each(tuple(one.display_name for one in villages), "各村", "存")
    if villages:
        return "社区存一份" if _is_community(villages[0]) else "村存一份"
    # A hamlet in no table may stand under its township alone: it is a village all the same.
    return "村存一份" if live.consultation.hamlet and _townships(live, places) else f"{BY_THE_HOST}存一份"


def _township_keeps(townships: list[Place]) -> str:
    if len(townships) > 1:
        return _each(tuple(one.printed_name for one in townships), "各乡镇", "存")
    return "街道存一份" if townships and _is_urban(townships[0]) else "乡镇存一份"


def offices(live: LiveSitting, places: Places) -> list[str]:
    """Return the offices a meeting belongs to, townships first: 五珠乡人民政府, 五珠村民委员会."""
    found = [_office(place) for place in _townships(live, places)]
    return [*found, *(village.printed_name for village in _villages(live, places))]


def _each(names: tuple[str, ...], many: str, verb: str) -> str:
    if not names:
        return ""
    whose = "、".join(names) if len(names) <= MOST_NAMED else many
    return f"{whose}{'各' if len(names) > 1 else ''}{verb}一份"


def _addresses(live: LiveSitting, places: Places) -> list[str]:
    """Return the places of the meeting; the hamlet lies in the first of them."""
    known = [code for code in live.consultation.place_codes if places.get(code)]
    first, *others = list(dict.fromkeys(_from_township(code, places) for code in known)) or [""]
    return [address for address in (joined(first, live.consultation.hamlet), *others) if address]


def _from_township(code: str, places: Places) -> str:
    parts = [place for place in places.path(code) if len(place.code) >= 9] or [places.place(code)]
    return "".join(place.display_name if place.level is Level.VILLAGE else place.printed_name for place in parts)


def _known(live: LiveSitting, places: Places) -> list[Place]:
    found = (places.get(code) for code in live.consultation.place_codes)
    return [place for place in found if place]


def _villages(live: LiveSitting, places: Places) -> list[Place]:
    return [place for place in _known(live, places) if place.level is Level.VILLAGE]


def _townships(live: LiveSitting, places: Places) -> list[Place]:
    codes = dict.fromkeys(place.code[:9] for place in _known(live, places) if len(place.code) >= 9)
    return [place for place in (places.get(code) for code in codes) if place]


def _is_community(village: Place) -> bool:
    return village.display_name.endswith("社区")


def _is_urban(township: Place) -> bool:
    return township.display_name.endswith("街道")


def _office(township: Place) -> str:
    return f"{township.display_name}办事处" if _is_urban(township) else f"{township.printed_name}人民政府"


def _is_kept_at_a_station(practice: Practice) -> bool:
    """Return whether a members' station, not a village, calls the meetings of this practice and keeps their papers."""
    sheet = practice.paper(PaperKind.SIGN_IN) or practice.paper(PaperKind.RECORD)
    return sheet is not None and sheet.keepers.startswith("工作站")
