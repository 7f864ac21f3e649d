"""总览: five figures, what lies beneath in the order of the table, months, categories."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.domain.place import Level
from app.domain.place_figures import FIGURES
from app.domain.topic import CATEGORIES
from app.queries.place_overview import PlaceRow, place_overview
from sync.server.pages.room import page, room_of

ORDERS: dict[str, Callable[[PlaceRow], int]] = {
    "planned": lambda row: -row.figures.planned,
    "taken_up": lambda row: -row.figures.taken_up,
    "done": lambda row: -row.figures.done,
}
"""By what a reader may have the list sorted; without asking it stays in the order of the table."""
PARTS_WORDS = {
    Level.PROVINCE: "各州市",
    Level.PREFECTURE: "各县市区",
    Level.COUNTY: "各乡镇街道",
}
WHOLE_WORDS = {
    Level.PROVINCE: "全省院坝协商",
    Level.PREFECTURE: "全州市院坝协商",
    Level.COUNTY: "全县院坝协商",
    Level.TOWNSHIP: "全乡镇院坝协商",
}


def overview(request: Request) -> Response:
    """Return the overview of the place whose pages these are."""
    room = room_of(request)
    found = place_overview(room.book, room.places, room.code, room.year(request))
    order = request.query_params.get("order", "")
    parts = sorted(found.parts, key=ORDERS[order]) if order in ORDERS else list(found.parts)
    told: dict[str, Any] = {
        "found": found,
        "parts": parts,
        "order": order if order in ORDERS else "",
        "categories": [(CATEGORIES.get(name, name), figures) for name, figures in found.categories],
        "most": max((row.figures.planned for row in parts), default=0),
        "longest": max((figures.planned for _, figures in found.categories), default=0),
        "parts_words": PARTS_WORDS.get(found.place.level, ""),
        "whole_words": WHOLE_WORDS[found.place.level],
    }
    return page(request, "overview.html", tab="overview", **told)


def meanings(request: Request) -> Response:
    """Return 数字怎么来的: what every figure counts, how new it is, and what may be done with it."""
    room = room_of(request)
    return page(request, "meanings.html", tab="", figures=FIGURES, counted=room.book.counted())
