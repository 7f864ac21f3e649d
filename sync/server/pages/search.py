"""找: topics, meetings and tasks by their titles, places by their names; characters or initials."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from app.domain.pinyin import matches
from app.queries.place_titles import Title
from sync.server.pages.room import Room, page, room_of

MOST, MOST_PLACES = 60, 12
LONGEST = 60
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
    titles = [_found(room, asked, one) for one in room.book.find(asked, room.code, MOST)] if asked else []
    places = room.places.search(asked, MOST_PLACES, within=room.code) if asked else []
    return page(
        request,
        "search.html",
        tab="",
        asked=asked,
        titles=titles,
        places=[_place(room, one.place.code) for one in places],
    )


def _found(room: Room, asked: str, title: Title) -> Found:
    known = room.places.get(title.township)
    link = f"/consultations/{title.consultation_id}" if title.consultation_id else f"/places/{title.township}"
    where = room.places.label(title.township) if known else title.township
    return Found(pieces_of(title.title, asked), KIND_WORDS.get(title.kind, title.kind), where, link)


def _place(room: Room, code: str) -> tuple[str, str]:
    """Return a place's label and where it leads: a village leads to its township."""
    return room.places.label(code), f"/places/{code[:9]}"


def pieces_of(title: str, asked: str) -> tuple[tuple[str, bool], ...]:
    """Return a title cut into what was found and what was not."""
    at = title.lower().find(asked.lower())
    hits = set(range(at, at + len(asked))) if at >= 0 else set(matches(asked, title) or ())
    pieces: list[tuple[str, bool]] = []
    for place, sign in enumerate(title):
        is_hit = place in hits
        if pieces and pieces[-1][1] == is_hit:
            pieces[-1] = (pieces[-1][0] + sign, is_hit)
        else:
            pieces.append((sign, is_hit))
    return tuple(pieces)
