"""The office behind the pages: every address of it, and who may ask. What is not named here does not exist.

All of it lies beneath /office, so that a proxy can keep it within the building with one line.
"""

from app.domain.account import Role
from sync.server.pages import accounts, exchange, log, own, signing
from sync.server.pages.endpoint import EVERYBODY, SIGNED_IN, Endpoint, View, only

SYSTEM, SECURITY = only(Role.SYSTEM), only(Role.SECURITY)
ONE = "/office/accounts/{account_id:str}"


def _reading(
    path: str, view: View, sentence: str, who: frozenset[str], act: str = "", asks: tuple[str, ...] = ()
) -> Endpoint:
    return Endpoint(path, view, sentence, asks, who, act=act)


def _doing(path: str, view: View, sentence: str, who: frozenset[str], act: str, is_told: bool = True) -> Endpoint:
    return Endpoint(path, view, sentence, (), who, "POST", act, is_told)


OFFICE = (
    _reading("/office", signing.first, "the first page of one's role", SIGNED_IN),
    _reading("/office/sign-in", signing.door, "the form for signing in", EVERYBODY),
    _doing("/office/sign-in", signing.come_in, "begin a stay", EVERYBODY, "sign-in"),
    _doing("/office/sign-out", signing.go_out, "end the stay", SIGNED_IN, "sign-out"),
    _reading("/office/me", own.own, "one's own account", SIGNED_IN),
    _doing("/office/me/password", own.password, "change one's own password", SIGNED_IN, "password"),
    _doing("/office/me/factor", own.offer, "show a second factor", SIGNED_IN, "second-factor.offer"),
    _doing("/office/me/factor/on", own.confirm, "take the second factor", SIGNED_IN, "second-factor.on"),
    _doing("/office/me/factor/off", own.drop, "drop the second factor", SIGNED_IN, "second-factor.off"),
    _reading("/office/accounts", accounts.accounts, "who may sign in", SYSTEM | SECURITY, "account.read", ("page",)),
    _doing("/office/accounts", accounts.add, "make an account", SYSTEM, "account.add"),
    _doing(f"{ONE}/lock", accounts.lock, "lock an account", SYSTEM, "account.lock"),
    _doing(f"{ONE}/reset", accounts.reset, "give an account a new first password", SYSTEM, "account.reset"),
    _doing(f"{ONE}/role", accounts.role, "give an account another role", SYSTEM, "account.role"),
    _doing(f"{ONE}/remove", accounts.remove, "remove an account", SYSTEM, "account.remove"),
    _doing(f"{ONE}/unlock", accounts.unlock, "unlock an account", SECURITY, "account.unlock"),
    _reading(
        "/office/exchange",
        exchange.state,
        "who has not been heard from",
        SECURITY | only(Role.READER),
        "exchange.read",
        ("place",),
    ),
    _doing(
        "/office/devices/{device:str}/lost", exchange.lose, "report a computer lost", SECURITY, "device.lost", False
    ),
    _reading("/office/enrolment", exchange.enrolment, "who asks to be enrolled", SECURITY, "enrolment.read"),
    _doing("/office/enrolment", exchange.accept, "take a computer in", SECURITY, "enrolment.accept", False),
    _doing(
        "/office/enrolment/{request:str}", exchange.confirm, "confirm a computer", SECURITY, "enrolment.confirm", False
    ),
    _reading("/office/audit", log.log, "what was done", only(Role.AUDIT), "audit.read", ("before",)),
    _reading("/office/audit.jsonl", log.taken, "the whole log as a file", only(Role.AUDIT), "audit.export"),
)
"""Every address of the office, and who may ask."""
