"""我的账号: one's own password and second factor."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.account import ROLE_WORDS
from app.domain.errors import Refused
from sync.server.pages.charts import code_drawing
from sync.server.pages.guard import OWN_PAGE, accounts_of, form_field, signed_in, told_in
from sync.server.pages.room import page, room_of
from sync.server.second_factor import address

TWICE = ("两次打的新密码不一样", "再打一遍")
DONE_WORDS = {"password": "密码改好了", "on": "动态码用上了，下次登录要打", "off": "动态码停用了"}
SAID = (*TWICE, *DONE_WORDS.values())


def own(request: Request) -> Response:
    """Return one's own account."""
    return _own(request)


def _own(request: Request, status: int = 200, **told: Any) -> Response:
    shown: dict[str, Any] = {"trouble": None, "secret": "", "drawing": "", "form": form_field(request)} | told
    account = signed_in(request).account
    shown |= {"account": account, "role": ROLE_WORDS[account.role], "at": OWN_PAGE}
    shown["done"] = DONE_WORDS.get(request.query_params.get("done", ""), "")
    return page(request, "office_own.html", status, tab="own", **shown)


def _did(what: str) -> Response:
    """Lead back to the account, which says what was done."""
    return RedirectResponse(f"{OWN_PAGE}?done={what}", 303)


def password(request: Request) -> Response:
    """Change one's own password."""
    try:
        if told_in(request, "new") != told_in(request, "again"):
            raise Refused(TWICE[0], "", TWICE[1])
        accounts_of(request).change_password(signed_in(request), told_in(request, "old"), told_in(request, "new"))
    except Refused as trouble:
        return _own(request, 422, trouble=trouble)
    return _did("password")


def offer(request: Request) -> Response:
    """Show a new secret, as text and as a code, this once."""
    visitor, room = signed_in(request), room_of(request)
    try:
        secret = accounts_of(request).offer_second_factor(visitor)
    except Refused as trouble:
        return _own(request, 422, trouble=trouble)
    drawing = code_drawing(address(secret, visitor.account.name, room.name))
    return _own(request, secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), drawing=drawing)


def confirm(request: Request) -> Response:
    """Take the second factor that was shown for good."""
    try:
        accounts_of(request).confirm_second_factor(signed_in(request), told_in(request, "digits"))
    except Refused as trouble:
        return _own(request, 422, trouble=trouble)
    return _did("on")


def drop(request: Request) -> Response:
    """Do without the second factor again."""
    try:
        accounts_of(request).drop_second_factor(signed_in(request), told_in(request, "old"))
    except Refused as trouble:
        return _own(request, 422, trouble=trouble)
    return _did("off")
