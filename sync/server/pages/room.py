"""What a page may ask: the shelf, the book of figures, the places, the seal; and how it answers."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.domain.errors import Missing
from app.domain.place import Places
from app.ports import Clock, Seal, Shelf
from app.queries.place_book import Book
from app.queries.place_cells import CHINA
from app.queries.place_overview import years_of
from sync.server.accounts import Accounts
from sync.server.office import Office
from sync.server.pages.templates import filled
from sync.server.words import LANGUAGES, words

LANGUAGE, OFFICE = "language", "/office"
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Room:
    """The store behind the pages. `code` is the place whose pages these are; everything above it does not exist.

    Where nobody may sign in there are no `accounts`, and where nothing is exchanged there is no `office`. Whatever is
    asked for a page is asked within `asking`, which tells of a database that is away as of `StoreAway`.
    """

    shelf: Shelf
    book: Book
    places: Places
    seal: Seal
    clock: Clock
    code: str
    is_sample: bool = False
    accounts: Accounts | None = None
    office: Office | None = None
    asking: Callable[[], AbstractContextManager[None]] = nullcontext

    def ask(self, question: Callable[Concatenate[Shelf, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the answer to a question about what is written."""
        return question(self.shelf, *args, **kwargs)

    @cached_property
    def name(self) -> str:
        """Return what the place is called."""
        return self.places.place(self.code).display_name

    def today(self) -> date:
        """Return this day, as it is in China."""
        return self.clock.now().astimezone(CHINA).date()

    def place(self, code: str) -> str:
        """Return a code if it lies here.

        Raises:
            Missing: It does not, or there is none.
        """
        if not code.startswith(self.code):
            raise Missing("place", code)
        return self.places.place(code).code

    def year(self, request: Request, code: str = "") -> int:
        """Return the year that is asked for, else the latest there is anything of that has begun: some clock is always
        years ahead."""
        asked = request.query_params.get("year", "")
        if len(asked) == 4 and asked.isascii() and asked.isdecimal() and not asked.startswith("0"):
            return int(asked)
        now = self.today().year
        return next((year for year in self.years(code) if year <= now), now)

    def years(self, code: str = "") -> tuple[int, ...]:
        """Return the years there is anything of, the latest first."""
        return years_of(self.book, code or self.code)


def room_of(request: Request) -> Room:
    """Return the room that a request came into."""
    room: Room = request.app.state.room
    return room


def language_of(request: Request) -> str:
    """Return the language that is read: Chinese, or what the reader has chosen."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE, "")
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def page(request: Request, template: str, status: int = 200, **told: Any) -> Response:
    """Return a page, with what every page has; `at` among what is told is where it stands, when a form made it."""
    room, language = room_of(request), language_of(request)
    common = {"room": room, "tr": words(language), "language": language, "query": request.query_params}
    common["in_language"] = partial(_in_language, request, told.pop("at", ""))
    common["visitor"] = getattr(request.state, "visitor", None)
    common["has_office"] = request.app.state.has_office
    response = HTMLResponse(filled(template, **common, **told), status)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE, language, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def _in_language(request: Request, at: str, language: str) -> str:
    """Return the address of the same page in another language; what a form made stands `at` the page of the form.

    It begins with one slash alone and no other sign that a browser takes for one: two would lead to another site.
    """
    here = at or ("/" if request.method == "POST" else "/" + request.scope["path"].lstrip("/"))
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{quote(here)}?{urlencode([*asked, ('lang', language)])}"
