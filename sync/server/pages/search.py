"""找: topics, meetings and tasks by their titles, places by their names; characters or initials."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.domain.pinyin import fold, matches
from app.queries.place_cells import TOWNSHIP
from app.queries.place_titles import Title
from sync.server.pages.room import Room, page, room_of

MOST, MOST_PLACES = 60, 12
LONGEST = 60
SEAM = re.compile(r"(?<=[0-9A-Za-z])(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])(?=[0-9A-Za-z])")
"""Between a digit or letter and a Chinese sign, where some type a space and some do not."""
KIND_WORDS = {"topic": "议题", "consultation": "协商活动", "action": "任务"}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: its title cut where it matched, what it is, where it lies and where it leads."""

    pieces: tuple[tuple[str, bool], ...]
    kind: str
    where: str
    link: str


def search(request: Request) -> Response:
    """Return what was found; without a question, only the field."""
    room, asked = room_of(request), request.query_params.get("q", "")[:LONGEST].strip()
    titles, words = _titles(room, asked)
    places = room.places.search(asked, MOST_PLACES + 1, within=room.code) if asked else []
    told: dict[str, Any] = {
        "asked": asked,
        "titles": [_found(room, words, one) for one in titles[:MOST]],
        "places": [_place(room, one.place.code) for one in places[:MOST_PLACES]],
        "has_more": len(titles) > MOST or len(places) > MOST_PLACES,
    }
    return page(request, "search.html", tab="", **told)


def _titles(room: Room, asked: str) -> tuple[list[Title], str]:
    """Return what was found, one more than is shown where there is more, and the words it was found by.

    What was typed in wide letters is looked for in plain ones as well, and 15米 finds 15 米; where nothing has all the
    words, the first may be a place and the others stand in a title from there: 石墙村 挡墙.
    """
    for words in dict.fromkeys((asked, fold(asked), SEAM.sub(" ", fold(asked)))):
        if found := room.book.find(words, room.code, MOST + 1):
            return found, words
    name, _, words = asked.partition(" ")
    named = [one.place.code for one in room.places.search(name, MOST_PLACES, within=room.code)] if words else []
    places = dict.fromkeys(code[:TOWNSHIP] for code in named if room.places.place(code).display_name == name)
    return [one for code in places for one in room.book.find(words, code, MOST + 1)][: MOST + 1], words.strip()


def _found(room: Room, asked: str, title: Title) -> Found:
    known = room.places.get(title.township)
    link = f"/consultations/{title.consultation_id}" if title.consultation_id else f"/places/{title.township}"
    where = room.places.label(title.township) if known else title.township
    return Found(pieces_of(title.title, asked), KIND_WORDS.get(title.kind, title.kind), where, link)


def _place(room: Room, code: str) -> tuple[str, str]:
    """Return a place's label and where it leads: a village leads to its township."""
    return room.places.label(code), f"/places/{code[:TOWNSHIP]}"


def pieces_of(title: str, asked: str) -> tuple[tuple[str, bool], ...]:
    """Return a title cut into what was found and what was not: all that was asked for, else each of its words."""
    at = title.lower().find(asked.lower())
    hits = set(range(at, at + len(asked))) if at >= 0 else {hit for word in asked.split() for hit in _hits(title, word)}
    pieces: list[tuple[str, bool]] = []
    for place, sign in enumerate(title):
        is_hit = place in hits
        if pieces and pieces[-1][1] == is_hit:
            pieces[-1] = (pieces[-1][0] + sign, is_hit)
        else:
            pieces.append((sign, is_hit))
    return tuple(pieces)


def _hits(title: str, word: str) -> Sequence[int]:
    at = title.lower().find(word.lower())
    return range(at, at + len(word)) if at >= 0 else matches(word, title) or ()
