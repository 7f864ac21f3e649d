"""The guard at every address: who asks, whether they may, whether a form came from a page of ours, and the line of it.

Deny by default: an address answers those whom its endpoint names. Whoever may not learns nothing but that. A form bears
a token that only a page of this stay could know; it is masked anew on each page, so that compressing tells nothing.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from app.domain.audit import BEGUN, DENIED, DONE, REFUSED
from app.domain.errors import Missing, Refused
from sync.server.accounts import Accounts, Visitor
from sync.server.pages.endpoint import STRANGER, Endpoint, View
from sync.server.pages.room import page, room_of

STAY, DOOR = "yuanba_stay", "yuanba_door"
SIGN_IN, OWN_PAGE = "/office/sign-in", "/office/me"
ALWAYS = frozenset((OWN_PAGE, "/office/me/password", "/office/sign-out"))
"""Where somebody may go who has to change the first password."""
LARGEST_FORM, MOST_FIELDS = 16_384, 20
FORM = "application/x-www-form-urlencoded"
MASK = 16
NOT_YOURS = ("这一页不归您管", "要看就请系统管理员调角色；一个人只有一个角色")
NOT_IN = ("请先登录", "登录过半小时没用，或者满 12 小时，就要重新登录")
NOT_OURS = ("这张表单过期了，什么也没变", "回到那一页，刷新以后再交一次")
SAID = (*NOT_YOURS, *NOT_IN, *NOT_OURS)


def visitor_of(request: Request) -> Visitor | None:
    """Return who asks, if they are signed in."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return visitor


def signed_in(request: Request) -> Visitor:
    """Return who asks, at an address that strangers do not come to.

    Raises:
        Missing: It is a stranger after all.
    """
    visitor = visitor_of(request)
    if visitor is None:
        raise Missing("account", "")
    return visitor


def accounts_of(request: Request) -> Accounts:
    """Return the accounts of the room; there are some wherever this is asked.

    Raises:
        Missing: The room has none.
    """
    accounts = room_of(request).accounts
    if accounts is None:
        raise Missing("account", "")
    return accounts


def told_in(request: Request, name: str) -> str:
    """Return a field of the form that came."""
    form: dict[str, str] = getattr(request.state, "form", {})
    return form.get(name, "")


def form_field(request: Request) -> Markup:
    """Return the hidden field that every form of ours bears."""
    mask = accounts_of(request).random(MASK)
    told = mask.hex() + _masked(mask, _secret(request))
    return Markup('<input type="hidden" name="form" value="{}">').format(told)


def _secret(request: Request) -> str:
    """Return what only pages of this stay know; before there is one, of this browser."""
    visitor = visitor_of(request)
    return visitor.token if visitor else request.cookies.get(DOOR, "") or getattr(request.state, "door", "")


def _masked(mask: bytes, secret: str) -> str:
    return hashlib.sha256(b"yuanba form" + mask + secret.encode("utf-8", "surrogatepass")).hexdigest()


def _is_ours(request: Request) -> bool:
    """Return whether a form came from a page of ours."""
    told, secret = told_in(request, "form"), _secret(request)
    try:
        mask = bytes.fromhex(told[: 2 * MASK])
    except ValueError:
        return False
    return bool(secret) and hmac.compare_digest(_masked(mask, secret), told[2 * MASK :])


def guarded(one: Endpoint) -> View:
    """Return a view that answers only whom the endpoint names, and leaves its line in the log."""

    def answered(request: Request) -> Response:
        accounts = room_of(request).accounts
        token = request.cookies.get(STAY, "")
        visitor = request.state.visitor = accounts.who(token) if accounts and token else None
        shut = _shut(one, request, visitor)
        if shut is not None:
            _note(one, request, DENIED)
            return shut
        if one.method == "POST" and not one.is_told:
            _note(one, request, BEGUN)  # so that nothing is ever done of which no line tells
        try:
            response = one.view(request)
        except (Missing, Refused):
            _note(one, request, REFUSED)
            raise
        if response.status_code >= 400:
            _note(one, request, REFUSED)
        elif not one.is_told:
            _note(one, request, DONE)
        if STRANGER not in one.who or visitor or one.method != "GET":
            response.headers["Cache-Control"] = "no-store"
        return response

    return answered


def _shut(one: Endpoint, request: Request, visitor: Visitor | None) -> Response | None:
    """Return what is answered to those who may not; None for those who may."""
    role = visitor.account.role.value if visitor else STRANGER
    if role not in one.who:
        return _no(request, 403, NOT_YOURS) if visitor else _to_the_door(request, one)
    if visitor and visitor.account.must_change and one.path.startswith("/office") and one.path not in ALWAYS:
        return RedirectResponse(OWN_PAGE, 303)
    if one.method == "POST" and not _is_ours(request):
        return _no(request, 403, NOT_OURS)
    return None


def _to_the_door(request: Request, one: Endpoint) -> Response:
    if not one.who or one.method != "GET":
        return _no(request, 401, NOT_IN)
    return RedirectResponse(SIGN_IN, 303, {"Cache-Control": "no-store"})


def _no(request: Request, status: int, said: tuple[str, str]) -> Response:
    response = page(request, "trouble.html", status, tab="", what=said[0], advice=said[1])
    response.headers["Cache-Control"] = "no-store"
    return response


def _note(one: Endpoint, request: Request, outcome: str) -> None:
    """Write the line of an endpoint."""
    if one.act:
        asked = [request.query_params.get(name, "") for name in one.asks]
        note(request, one.act, " ".join([*request.path_params.values(), *asked]), outcome)


def note(request: Request, act: str, about: str, outcome: str = DONE) -> None:
    """Write the line of somebody who is signed in; strangers who are turned away could fill the log."""
    visitor, accounts = visitor_of(request), room_of(request).accounts
    if visitor and accounts:
        accounts.note(visitor.account, act, about, outcome)


def posted(view: View) -> Callable[[Request], Awaitable[Response]]:
    """Return what reads the form that comes, and then asks the view aside.

    Raises:
        HTTPException: It is no form, or too large.
    """

    async def answered(request: Request) -> Response:
        request.state.form = await _form(request)
        return await run_in_threadpool(view, request)

    return answered


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415)
    raw = bytearray()
    try:
        async for some in request.stream():
            raw += some
            if len(raw) > LARGEST_FORM:
                raise HTTPException(413)
    except ClientDisconnect as gone:  # nobody is left to be answered, and nothing went wrong here
        raise HTTPException(400) from gone
    try:
        fields = parse_qs(raw.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise HTTPException(400) from error
    return {name: values[0] for name, values in fields.items()}
