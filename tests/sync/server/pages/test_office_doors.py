"""Who may do what: every address by every role in every region; whoever is not named is shut out and learns nothing."""

import dataclasses

import pytest

from app.domain.account import Role
from sync.server.pages import guard
from sync.server.pages.doors import OFFICE
from sync.server.pages.endpoint import EVERYBODY, NOBODY, Endpoint
from sync.server.pages.site import ENDPOINTS, site
from sync.server.serving import Pages
from tests.sync.server.offices import COUNTY, OTHER, OWN, PASSWORD, SIBLING
from tests.sync.server.pages.county_office import CANARY, EVERY, Browser, CountyOffice

REGIONS = {"own": OWN, "sibling": SIBLING, "parent": COUNTY, "other": OTHER}
REGIONAL = ("{account_id:str}", "{device:str}")
WHO = (None, *Role)
DENIED = {303, 401, 403, 404, 405, 422}


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    made = CountyOffice(tmp_path_factory.mktemp("county"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def browsers(county):
    return {role: county.browser(role) for role in WHO}


def address(one, county, region):
    """Return the address for what lies in a region, and the fields that go with it."""
    path = one.path.replace("{account_id:str}", county.targets[region].id)
    path = path.replace("{device:str}", county.devices[region]).replace("{code:str}", region)
    path = path.replace("{consultation_id:str}", "0" * 32).replace("{name:str}.{form:str}", "topics.csv")
    if one.path == "/office/exchange":
        path += f"?place={region}"
    fields = {"name": "新来的人", "role": "reader", "scope": region, "digits": county.digits[region], "reason": ""}
    return path, fields | {"old": "wrong", "new": "wrong", "again": "wrong", "password": "wrong"}


def is_regional(one):
    said = ("/office/exchange", "/office/enrolment", "/office/accounts")
    return (
        any(name in one.path for name in REGIONAL) or (one.path in said and one.method == "POST") or one.path == said[0]
    )


def is_allowed(one, role, region):
    return (role.value if role else "") in one.who and (region == "own" or not is_regional(one))


def asked(county, browser, role, one, region):
    path, fields = address(one, county, REGIONS[region])
    if one.method == "POST":
        token = browser.token("/office/me" if role else "/office/sign-in")
        return browser.ask("POST", path, form=token, **fields)
    return browser.get(path)


def matrix():
    return [(one, role, region) for one in EVERY for role in WHO for region in REGIONS]


def test_whoever_is_not_named_is_denied_learns_nothing_and_changes_nothing(county, browsers):
    before, wrong, denied = county.facts(), [], 0
    last = county.office.register.newest(1)[0].number
    for one, role, region in matrix():
        if is_allowed(one, role, region) or (region != "own" and not is_regional(one)):
            continue
        got = asked(county, browsers[role], role, one, region)
        denied += 1
        if got.status not in DENIED or CANARY in got.text:
            wrong.append((one.method, one.path, role, region, got.status))
        if got.status == 303 and got.headers["location"] != guard.SIGN_IN:
            wrong.append((one.method, one.path, role, region, got.headers["location"]))

    assert wrong == []
    assert denied > 130
    assert county.facts() == before
    lines = [line.deed for line in county.office.register.lines(last)]
    by_pages = ("account.read", "exchange.read", "enrolment.read", "audit.read")
    assert {deed.outcome for deed in lines if deed.act not in by_pages} <= {"begun", "denied", "refused"}


def test_whoever_is_named_reads_what_is_theirs_and_nothing_of_a_neighbour(county, browsers):
    wrong = []
    for one, role, region in matrix():
        if one.method == "GET" and region == "own" and is_allowed(one, role, region):
            path, _ = address(one, county, OWN)
            got = browsers[role].get(path)
            expected = {404} if "consultations" in path else {303} if path == "/office" else {200}
            is_leak = CANARY in got.text and role is not Role.AUDIT
            if got.status not in expected or is_leak:
                wrong.append((one.path, role, got.status, is_leak))

    assert wrong == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST", "GET"])
def test_no_address_answers_another_method(county, browsers, method):
    before, answers = county.facts(), set()
    for path in {one.path for one in EVERY}:
        if method in {one.method for one in EVERY if one.path == path}:
            continue
        for role in WHO:
            one = next(one for one in EVERY if one.path == path)
            got = browsers[role].ask(method, address(one, county, OWN)[0])
            answers.add(got.status)
            assert CANARY not in got.text

    assert answers == {405}
    assert county.facts() == before


def test_a_form_without_its_token_or_with_that_of_another_stay_changes_nothing(county, browsers):
    before = county.facts()
    foreign = browsers[Role.READER].token("/office/me")
    for one in OFFICE:
        if one.method != "POST":
            continue
        for role in WHO:
            if (role.value if role else "") not in one.who or role is Role.READER:
                continue
            path, fields = address(one, county, OWN)
            for told in ({}, {"form": ""}, {"form": foreign}, {"form": "zz"}, {"form": "0" * 96}):
                got = browsers[role].ask("POST", path, **{**fields, **told})
                assert (got.status, "什么也没变" in got.text) == (403, True), (path, role, told)

    assert county.facts() == before


def test_an_address_that_names_nobody_is_shut(county):
    shut = Endpoint("/secret", lambda request: None, "nothing")
    room = county.room

    with Pages(site(room, None, (shut, *OFFICE)), ("127.0.0.1", 0)) as pages:
        for role in WHO:
            browser = Browser(pages.url)
            if role:
                browser.sign_in(county.people[role].name)
            assert browser.get("/secret").status in (401, 403)
    assert shut.who == NOBODY


def test_open_pages_say_that_they_are_for_everybody_and_the_office_door_alone_is():
    assert all(one.who == EVERYBODY for one in ENDPOINTS)
    assert {one.path for one in OFFICE if "" in one.who} == {guard.SIGN_IN}
    assert all(f"{one.path}/".startswith("/office/") for one in OFFICE)
    assert all(one.act for one in OFFICE if one.method == "POST")
    assert {field.name: field.default for field in dataclasses.fields(Endpoint)}["who"] == NOBODY


def test_the_open_pages_alone_have_no_office(county):
    with Pages(site(county.room), ("127.0.0.1", 0)) as pages:
        assert {Browser(pages.url).get(one.path).status for one in OFFICE} == {404}


def test_a_cookie_is_for_no_script_and_no_other_site_and_the_page_is_not_kept(county):
    browser = county.browser()
    browser.sign_in(county.people[Role.READER].name)
    stay = next(told for told in browser.set_cookies if told.startswith(guard.STAY))

    assert {part.strip().lower() for part in stay.split(";")[1:]} == {"httponly", "path=/", "samesite=strict"}
    assert browser.get("/office/exchange").headers["cache-control"] == "no-store"


def test_the_form_for_signing_in_is_not_kept_either(county):
    """A browser that has forgotten its cookies showed the form that belonged to them, and was told it had expired."""
    assert county.browser().get(guard.SIGN_IN).headers["cache-control"] == "no-store"


def test_under_tls_the_cookie_never_goes_without(county):
    browser = county.browser()
    token = browser.token("/office/sign-in")
    import http.client
    from urllib.parse import urlencode, urlsplit

    connection = http.client.HTTPConnection(urlsplit(county.url).netloc, timeout=60)
    fields = {"form": token, "name": county.people[Role.READER].name, "password": PASSWORD}
    headers = {
        "Content-Type": guard.FORM,
        "X-Forwarded-Proto": "https",
        "Cookie": f"{guard.DOOR}={browser.cookies[guard.DOOR]}",
    }
    connection.request("POST", "/office/sign-in", urlencode(fields), headers)
    told = connection.getresponse().headers.get_all("set-cookie")
    connection.close()

    assert any(one.startswith(guard.STAY) and "secure" in one.lower() for one in told)


def test_a_form_that_is_none_or_too_large_is_turned_away(county):
    browser = county.browser(Role.READER)

    too_long = browser.ask("POST", "/office/me/password", form="x" * 20_000)
    assert too_long.status == 413
    assert "填的太长，没有收下" in too_long.text
    connection = http_connection(county.url)
    connection.request("POST", "/office/sign-in", b"{}", {"Content-Type": "application/json"})
    assert connection.getresponse().status == 415
    connection.close()


def http_connection(url):
    import http.client
    from urllib.parse import urlsplit

    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
