"""账号: who may sign in here; made, locked, given anew and removed by one role, unlocked by another."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.account import ROLE_WORDS, Account, Role
from app.domain.errors import Refused
from sync.server.pages.guard import accounts_of, form_field, signed_in, told_in
from sync.server.pages.room import page, room_of

LIST, MOST = "/office/accounts", 80


def accounts(request: Request) -> Response:
    """Return the accounts within one's scope."""
    return _list(request)


def _list(request: Request, status: int = 200, **told: Any) -> Response:
    by, room = signed_in(request).account, room_of(request)
    listed = accounts_of(request).listed(by)
    last = max(1, -(-len(listed) // MOST))
    at = _page(request, last)
    shown: dict[str, Any] = {
        "trouble": None,
        "fresh": None,
        "word": "",
        "by": by,
        "roles": ROLE_WORDS,
        "listed": listed[(at - 1) * MOST : at * MOST],
        "page_number": at,
        "last_page": last,
        "now": room.clock.now(),
        "form": form_field(request),
        "typed": {"name": "", "role": Role.READER, "scope": by.scope},
    }
    return page(request, "office_accounts.html", status, tab="accounts", at=LIST, **(shown | told))


def _page(request: Request, last: int) -> int:
    """Return which page of the list is asked for; the first if none, the last if there are not so many."""
    asked = request.query_params.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    return min(max(number, 1), last)


def add(request: Request) -> Response:
    """Make an account, and show its first password this once."""
    typed = {name: told_in(request, name) for name in ("name", "role", "scope")}
    return _shown_once(request, lambda by: accounts_of(request).add(by, **typed), typed=typed)


def reset(request: Request) -> Response:
    """Give an account a new first password, and show it this once."""
    return _shown_once(request, lambda by: accounts_of(request).reset(by, request.path_params["account_id"]))


def _shown_once(request: Request, make: Callable[[Account], tuple[Account, str]], **kept: Any) -> Response:
    """Show what was made; when it is refused, the form again with what was typed into it."""
    try:
        fresh, word = make(signed_in(request).account)
    except Refused as trouble:
        return _list(request, 422, trouble=trouble, **kept)
    return _list(request, fresh=fresh, word=word)


def lock(request: Request) -> Response:
    """Let an account in no more."""
    return _changed(request, lambda by, whom: accounts_of(request).lock(by, whom))


def unlock(request: Request) -> Response:
    """Let an account in again."""
    return _changed(request, lambda by, whom: accounts_of(request).unlock(by, whom))


def role(request: Request) -> Response:
    """Give an account another role."""
    return _changed(request, lambda by, whom: accounts_of(request).set_role(by, whom, told_in(request, "role")))


def remove(request: Request) -> Response:
    """Remove an account."""
    return _changed(request, lambda by, whom: accounts_of(request).remove(by, whom))


def _changed(request: Request, change: Callable[[Account, str], None]) -> Response:
    try:
        change(signed_in(request).account, request.path_params["account_id"])
    except Refused as trouble:
        return _list(request, 422, trouble=trouble)
    return RedirectResponse(LIST, 303)
