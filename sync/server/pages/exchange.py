"""交换情况: who has not been heard from, gaps, forks, what was lost; and the requests that wait for an approval."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.domain.account import may_approve
from app.domain.errors import Missing, Refused
from sync.server.office import Approvers, Office, Waits
from sync.server.pages.guard import accounts_of, form_field, signed_in, told_in
from sync.server.pages.room import page, room_of

MOST_LISTED = 100
"""So many computers are listed on one page; where there are more, those of the place itself, and those that
somebody has to look after."""
STATE, REQUESTS = "/office/exchange", "/office/enrolment"


def _office(request: Request) -> Office:
    """Return the exchange as the office sees it.

    Raises:
        Missing: This server has none.
    """
    office = room_of(request).office
    if office is None:
        raise Missing("exchange", "")
    return office


def _scope(request: Request) -> str:
    """Return the place that is asked for, one's own scope if none is.

    Raises:
        Missing: It lies outside, or there is none.
    """
    account = signed_in(request).account
    code = request.query_params.get("place") or account.scope
    if not account.reaches(code):
        raise Missing("place", code)
    return room_of(request).place(code)


def state(request: Request) -> Response:
    """Return how the exchange stands within one's scope."""
    return _state(request)


def _state(request: Request, status: int = 200, trouble: Refused | None = None) -> Response:
    code, room = _scope(request), room_of(request)
    found, account = _office(request).state(code), signed_in(request).account
    below = [one for one in room.places.children(code) if len(one.code) <= 9]
    told: dict[str, Any] = {"found": found, "place": room.places.place(code), "below": below, "by": account}
    units = found.listed(MOST_LISTED, code)
    listed = sum(len(unit.computers) for unit in units)
    told |= {
        "units": units,
        "most": MOST_LISTED,
        "left_out": len(found.computers()) - listed,
        "trouble": trouble,
        "form": form_field(request),
        "back": code[:6] if len(code) > 6 else code[: len(code) - 2],
    }
    return page(request, "office_exchange.html", status, tab="exchange", at=STATE, **told)


def lose(request: Request) -> Response:
    """Report a computer lost."""
    device = request.path_params["device"]
    try:
        _office(request).lose(signed_in(request).account.scope, device, told_in(request, "reason")[:60])
    except Refused as trouble:
        return _state(request, 422, trouble)
    return RedirectResponse(STATE, 303)


def enrolment(request: Request) -> Response:
    """Return the requests that wait, and the field for the digits."""
    return _enrolment(request)


def _enrolment(request: Request, status: int = 200, **told: Any) -> Response:
    waiting = _office(request).waiting(signed_in(request).account.scope)
    told = {
        "trouble": None,
        "accepted": None,
        "digits": "",
        "typed": "",
        "checked": None,
        "form": form_field(request),
    } | told
    told |= {"by": signed_in(request).account, "names": {one.id: one.name for one in accounts_of(request).everybody()}}
    return page(request, "office_enrolment.html", status, tab="enrolment", at=REQUESTS, waiting=waiting, **told)


def _approvers(request: Request) -> Approvers:
    everybody = accounts_of(request).everybody()
    return lambda place: {one.id for one in everybody if may_approve(one, place)}


def accept(request: Request) -> Response:
    """Take a computer in whose digits were read out by telephone, and show those to be read back; or, where somebody
    else may approve as well, let it wait for them."""
    by = signed_in(request).account
    try:
        done = _office(request).accept(by.scope, told_in(request, "digits"), by.id, _approvers(request))
    except Refused as trouble:
        return _enrolment(request, 422, trouble=trouble, typed=told_in(request, "digits"))
    if isinstance(done, Waits):
        return _enrolment(request, checked=done)
    return _enrolment(request, accepted=done[0], digits=done[1])


def confirm(request: Request) -> Response:
    """Take a computer in whose digits somebody else has compared, and show those to be read back."""
    by, asked = signed_in(request).account, request.path_params["request"]
    try:
        accepted, digits = _office(request).confirm(by.scope, asked, by.id, _approvers(request))
    except Refused as trouble:
        return _enrolment(request, 422, trouble=trouble)
    return _enrolment(request, accepted=accepted, digits=digits)
