"""登录: the door of the office, and the way out."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.account import Role
from app.domain.errors import Refused
from sync.server.accounts import Visitor
from sync.server.pages.guard import DOOR, OWN_PAGE, SIGN_IN, STAY, accounts_of, form_field, signed_in, told_in
from sync.server.pages.room import page

FIRST = {
    Role.SYSTEM: "/office/accounts",
    Role.SECURITY: "/office/exchange",
    Role.AUDIT: "/office/audit",
    Role.READER: "/office/exchange",
}


def door(request: Request) -> Response:
    """Return the form for signing in."""
    return _door(request)


def _door(request: Request, trouble: Refused | None = None) -> Response:
    is_new = not request.cookies.get(DOOR)
    if is_new:
        request.state.door = accounts_of(request).random(32).hex()
    status = 422 if trouble else 200
    told = {"trouble": trouble, "typed": told_in(request, "name"), "form": form_field(request)}
    response = page(request, "office_door.html", status, tab="", at=SIGN_IN, **told)
    response.headers["Cache-Control"] = "no-store"  # the form is good only with the cookie that came with it
    if is_new:
        _give(request, response, DOOR, request.state.door)
    return response


def come_in(request: Request) -> Response:
    """Begin a stay, and lead to the first page of the role; who has a first password is led to change it."""
    try:
        visitor = accounts_of(request).sign_in(
            told_in(request, "name"),
            told_in(request, "password"),
            told_in(request, "digits"),
            request.cookies.get(STAY, ""),
        )
    except Refused as trouble:
        return _door(request, trouble)
    response = RedirectResponse(_first(visitor), 303)
    _give(request, response, STAY, visitor.token)
    response.delete_cookie(DOOR, path="/", httponly=True, samesite="strict")
    return response


def first(request: Request) -> Response:
    """Lead to the first page of the role; strangers are led to the door before they come here."""
    return RedirectResponse(_first(signed_in(request)), 303)


def _first(visitor: Visitor) -> str:
    return OWN_PAGE if visitor.account.must_change else FIRST[visitor.account.role]


def _give(request: Request, response: Response, name: str, value: str) -> None:
    """Give a cookie that no script reads and no other site sends; under TLS it never goes without."""
    is_safe = request.url.scheme == "https"
    response.set_cookie(name, value, path="/", httponly=True, samesite="strict", secure=is_safe)


def go_out(request: Request) -> Response:
    """End the stay."""
    accounts_of(request).sign_out(signed_in(request))
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(STAY, path="/", httponly=True, samesite="strict")
    return response
