"""The site: which addresses there are, who may ask them, and what goes with every answer."""

import hashlib
import logging
from collections.abc import Awaitable, Sequence
from functools import cache
from time import perf_counter

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import resources
from app.domain.errors import Missing, NotSaved, Refused, StoreAway, Trouble
from sync.server.pages import consultation, downloads, edition, overview, place, search
from sync.server.pages.description import description
from sync.server.pages.endpoint import EVERYBODY, Endpoint, View
from sync.server.pages.guard import guarded, posted
from sync.server.pages.look import icon, style
from sync.server.pages.room import OFFICE, Room, page, room_of
from sync.server.watching import Watch

_LOG = logging.getLogger(__name__)
HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        b" connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
FRESH_S = 60
HERE = frozenset({"127.0.0.1", "::1"})
NOT_THUS = "这个地址不能这样用"
MISSING = ("这里没有这一页", "可能是地址抄漏了，也可能这场会不公开，或者还没有送到。")
OURS = ("这一页没有做出来", "数据没有动。请过一会儿再看，还是这样就告诉管理员。")
TOO_LONG = ("填的太长，没有收下", "什么也没变。请填短一些再交。")
AWAY = ("数据库暂时断开了", "存好的都在。请过一会儿再看；交过表单的，看看收下没有，没有就再交一次。")
FULL = ("服务器没有存上", "什么也没变，多半是磁盘满了。请告诉管理员，腾出地方以后再交一次。")
AGAIN_S = 5
SAID = (NOT_THUS, *MISSING, *OURS, *TOO_LONG, *AWAY, *FULL)
"""What is told when there is no page."""


ENDPOINTS = (
    Endpoint("/", overview.overview, "the overview of the whole place", ("year", "order"), EVERYBODY),
    Endpoint("/places/{code:str}", place.place, "what lies beneath a place", ("year",), EVERYBODY),
    Endpoint("/places", place.place, "what lies beneath the whole place", ("year",), EVERYBODY),
    Endpoint(
        "/consultations/{consultation_id:str}",
        consultation.consultation,
        "one consultation",
        who=EVERYBODY,
        act="read.consultation",
    ),
    Endpoint("/check", edition.check, "what a code from a paper is worth", ("code",), EVERYBODY),
    Endpoint("/search", search.search, "what is found by a title or a name", ("q",), EVERYBODY),
    Endpoint("/data", downloads.offered, "which lists may be taken away", ("place", "year"), EVERYBODY),
    Endpoint(
        "/data/{name:str}.{form:str}",
        downloads.taken,
        "one list as a file",
        ("place", "year"),
        EVERYBODY,
        act="read.list",
    ),
    Endpoint("/figures", overview.meanings, "what every figure counts", who=EVERYBODY),
)
"""Every address of the open pages, and who may ask: everybody, said of each. What is not named here or in `doors.py`
does not exist."""


def site(room: Room, watch: Watch | None = None, endpoints: Sequence[Endpoint] = ENDPOINTS) -> Starlette:
    """Return the pages of a room as an application; `watch` counts what is asked. Without more, the open ones only."""
    watch = watch or Watch()
    routes = [_route(one, _answered(one, watch)) for one in endpoints]
    routes += [Route("/static/{name}", static), Route("/health", health), Route("/openapi.json", described)]
    routes += [Route("/metrics", metrics)]
    handlers = {HTTPException: _not_found, Missing: _missing, Trouble: _troubled, Exception: _our_fault}
    middleware = [Middleware(_Headers), Middleware(GZipMiddleware, minimum_size=1_000)]
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=handlers)
    app.state.room, app.state.watch = room, watch
    app.state.has_office = any(one.path == OFFICE for one in endpoints)
    return app


def _route(one: Endpoint, view: View) -> Route:
    return Route(one.path, posted(view) if one.method == "POST" else view, methods=[one.method])


def _answered(one: Endpoint, watch: Watch) -> View:
    """Return a view that is guarded and counted, and so is what it could not answer."""
    view = _fresh(guarded(one))

    def answered(request: Request) -> Response:
        began, status = perf_counter(), 500
        try:
            with room_of(request).asking():
                response = view(request)
            status = response.status_code
        except Trouble as trouble:
            status = _status(trouble)
            raise
        finally:
            watch.took(one.path, status, perf_counter() - began)
        return response

    return answered


def _fresh(view: View) -> View:
    """Return a view that tells browsers how long its answer is good, and answers only with its head when unchanged."""

    def answered(request: Request) -> Response:
        response = view(request)
        response.headers.setdefault("Cache-Control", f"private, max-age={FRESH_S}")
        response.headers["Vary"] = "Cookie"  # the language one reads
        body = getattr(response, "body", b"")
        if not body or response.status_code != 200 or response.headers["Cache-Control"] == "no-store":
            return response
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        response.headers["ETag"] = tag
        if request.headers.get("if-none-match") == tag and "set-cookie" not in response.headers:
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": response.headers["Cache-Control"]})
        return response

    return answered


def static(request: Request) -> Response:
    """Return the style, the script or the mark of the pages."""
    found = _static().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    content, media_type = found
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=3600"})


@cache
def _static() -> dict[str, tuple[str, str]]:
    script = resources.read_text("web/keys.js")
    return {
        "web.css": (style(), "text/css"),
        "keys.js": (script, "text/javascript"),
        "mark.svg": (icon(), "image/svg+xml"),
    }


def health(request: Request) -> Response:
    """Return whether the store answers; 503 while it does not, whatever the reason."""
    room: Room = request.app.state.room
    told: dict[str, object] = {"ok": False, "place": room.code}
    try:
        counted = room.book.counted()
        told |= {"ok": True, "counted_at": counted.at.isoformat() if counted else None}
    except Exception as error:  # the store is away; why, its own log says
        _LOG.error("the store does not answer: %s", type(error).__name__)
    return JSONResponse(told, 200 if told["ok"] else 503, headers={"Cache-Control": "no-store"})


def metrics(request: Request) -> Response:
    """Return counters for whoever looks after the server; to this machine alone, for a proxy to pass on if it may."""
    if request.client is None or request.client.host not in HERE:
        raise HTTPException(404)
    watch: Watch = request.app.state.watch
    room: Room = request.app.state.room
    try:
        text = watch.text(store_answers=1, counties_waiting=len(room.book.stale()))
    except Exception:  # the store is away, which is just what one wants to be told
        text = watch.text(store_answers=0)
    return Response(text, media_type="text/plain; version=0.0.4", headers={"Cache-Control": "no-store"})


def described(request: Request) -> Response:
    """Return the description of the addresses for programs."""
    kept = {"Cache-Control": f"private, max-age={FRESH_S}"}  # it tells the address by which it was asked for
    return JSONResponse(description(ENDPOINTS, str(request.base_url).rstrip("/")), headers=kept)


def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status == 404:
        return _missing(request, error)
    response = _trouble(request, status, *(TOO_LONG if status == 413 else (NOT_THUS, "")))
    response.headers.update(getattr(error, "headers", None) or {})
    return response


def _missing(request: Request, error: Exception) -> Response:
    return _trouble(request, 404, *MISSING)


def _troubled(request: Request, error: Exception) -> Response:
    assert isinstance(error, Trouble)
    status, told = _status(error), (error.what, error.advice)
    if isinstance(error, NotSaved):
        told = AWAY if isinstance(error, StoreAway) else FULL
        _LOG.warning("a page was not made: %s %s", error.code, "the database is away" if told is AWAY else "no room")
    response = _trouble(request, status, *told)
    if status == 503:
        response.headers["Retry-After"] = str(AGAIN_S)
    return response


def _status(trouble: Trouble) -> int:
    if isinstance(trouble, Missing):
        return 404
    return 422 if isinstance(trouble, Refused) else 503


def _our_fault(request: Request, error: Exception) -> Response:
    route = request.scope.get("route")
    told = getattr(route, "path", "somewhere")  # never what was asked: it may be somebody's name
    _LOG.error("a page could not be made: %s", told, exc_info=error)
    response = _trouble(request, 500, *OURS)
    response.raw_headers.extend(HEADERS)  # it is made outside of what puts them with every other answer
    return response


def _trouble(request: Request, status: int, what: str, advice: str) -> Response:
    """Return a page that tells why there is none; nobody keeps it, for it may be there in a moment, or was somebody's
    who is signed in."""
    response = page(request, "trouble.html", status, tab="", what=what, advice=advice)
    response.headers["Cache-Control"] = "no-store"
    return response


class _Headers:
    """Puts what guards the reader with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with our headers."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        answering: Awaitable[None] = self._app(scope, receive, guarded)
        await answering
