"""逐级看: from the province down to one consultation, a column for each level; every step is a link."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.domain.place import Level, Place
from app.domain.place_figures import total
from app.domain.topic import CATEGORIES
from app.queries.consultation_open import Meeting, meetings_in, waiting_in
from app.queries.place_cells import TOWNSHIP
from app.queries.place_overview import PlaceRow, parts_of, place_overview
from sync.server.pages.room import Room, page, room_of

HEADS = {Level.PROVINCE: "州市", Level.PREFECTURE: "县市区", Level.COUNTY: "乡镇街道"}
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One level: its head, its places with their figures, and which of them was chosen."""

    head: str
    rows: tuple[PlaceRow, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way down; an empty code is where one stands."""

    name: str
    code: str


def place(request: Request) -> Response:
    """Return what lies beneath a place, and of a township its meetings."""
    room = room_of(request)
    asked = room.place(request.path_params.get("code") or room.code)
    code = room.place(asked[:TOWNSHIP]) if len(asked) > TOWNSHIP else asked  # a village is shown with its township
    year = room.year(request)
    path = list(room.places.path(code))
    crumbs = [Crumb(one.display_name, one.code if one.code != code else "") for one in _own(room, path)]
    levels = columns(room, path, year)
    here = [row.figures for row in levels[-1].rows if row.place.code.startswith(code)] if levels else []
    whole = total(here) if levels else place_overview(room.book, room.places, code, year).whole
    told: dict[str, Any] = {"columns": levels, "crumbs": crumbs, "chosen": None, "shown": path[-1], "figures": whole}
    told["years"] = room.years()
    return page(request, "place.html", tab="place", year=year, **told, **meetings(room, path, year))


def columns(room: Room, path: list[Place], year: int) -> list[Column]:
    """Return the columns that lead down a path, each with what was chosen of it."""
    own = _own(room, path)
    found = []
    for at, one in enumerate(own):
        if one.level in HEADS:
            below = own[at + 1].code if at + 1 < len(own) else ""
            found.append(Column(HEADS[one.level], parts_of(room.book, room.places, one.code, year), below))
    return found


def meetings(room: Room, path: list[Place], year: int) -> dict[str, Any]:
    """Return the meetings and waiting topics of the township on a path; nothing above one."""
    township = next((one for one in path if one.level is Level.TOWNSHIP), None)
    if township is None:
        return {"months": None, "closed": 0, "waiting": ()}
    shown, closed = room.ask(meetings_in, township.code, year)
    waiting = room.ask(waiting_in, township.code, year)
    return {"months": list(_by_month(shown[:MOST_SHOWN])), "closed": closed, "waiting": waiting[:MOST_SHOWN]}


def _by_month(shown: list[Meeting]) -> Iterator[tuple[date, list[tuple[Meeting, str]]]]:
    for day, some in groupby(shown, key=lambda meeting: meeting.day.replace(day=1)):
        yield day, [(one, CATEGORIES.get(one.consultation.category, "其他")) for one in some]


def way_down(room: Room, path: list[Place]) -> list[Crumb]:
    """Return the way down a path as links, for a page that stands below it."""
    return [Crumb(one.display_name, one.code) for one in _own(room, path)]


def _own(room: Room, path: list[Place]) -> list[Place]:
    return [one for one in path if one.code.startswith(room.code)]
