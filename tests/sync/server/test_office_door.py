"""Where the office answers: on loopback beside the pages, or at a port of its own; never by chance to a network."""

from contextlib import ExitStack
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.account import Role
from sync.server import main as server
from sync.server.pages.doors import OFFICE
from sync.server.watching import Watch
from tests.sync.server.pages.county_office import Browser, CountyOffice


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    made = CountyOffice(tmp_path_factory.mktemp("county"))
    yield made
    made.close()


def opened(county, *words):
    """Return what is said at the opening, and what the office answers at each address told."""
    told = server._parser().parse_args(["--port", "0", *words])
    with ExitStack() as stack:
        _, said = stack.enter_context(server._pages(told, county.room, Watch()))
        urls = [line.partition("：")[2].replace("0.0.0.0", "127.0.0.1") for line in said]
        at = [url.removesuffix("/office/sign-in") for url in urls if url.startswith("http")]
        return (
            said,
            [Browser(url).get("/office/sign-in").status for url in at],
            [Browser(url).get("/").status for url in at],
        )


def test_on_this_machine_alone_the_office_stands_beside_the_pages(county):
    said, office, pages = opened(county)

    assert office == [200, 200]
    assert pages == [200, 200]
    assert said[1].endswith("/office/sign-in")


def test_to_a_network_the_pages_answer_without_the_office(county):
    said, office, pages = opened(county, "--address", "0.0.0.0")

    assert (office, pages) == ([404], [200])
    assert said[1] == "管理：没有开，用 --admin-port 给它一个端口"


def test_a_port_of_its_own_takes_the_office_away_from_the_pages(county):
    for words in ([], ["--address", "0.0.0.0"]):
        _, office, pages = opened(county, *words, "--admin-port", "0")

        assert office == [404, 200]
        assert pages == [200, 200]


def test_the_office_never_answers_a_network_without_tls(county):
    with pytest.raises(server.OfficeInTheOpen, match="明着传"):
        opened(county, "--admin-port", "0", "--admin-address", "0.0.0.0")


FIELDS = ("name", "password", "digits", "old", "new", "again", "role", "scope", "reason", "form")
signs = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


@pytest.fixture(scope="module")
def at_work(county):
    return {role: county.browser(role) for role in Role}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([one for one in OFFICE if one.path != "/office/sign-out"]),
    st.dictionaries(
        st.sampled_from(FIELDS), st.one_of(signs, st.sampled_from(["53", "530102001", "system", "0" * 96]))
    ),
    st.one_of(signs, st.sampled_from(["%00", "%ff", "..", "%2e%2e%2f"])),
    st.booleans(),
)
def test_nothing_that_anybody_types_makes_an_error_of_ours(county, at_work, one, fields, about, is_formal):
    role = next(role for role in Role if role.value in one.who)
    browser, about = at_work[role], quote(about, safe="%") or "x"
    path = one.path.replace("{account_id:str}", about).replace("{device:str}", about)
    if one.method == "POST":
        page = "/office/sign-in" if one.path == "/office/sign-in" else "/office/me"
        told = fields | ({"form": browser.token(page)} if is_formal else {})
        got = browser.ask("POST", path, **told)
    else:
        got = browser.get(f"{path}?place={about}&before={about}&lang={about}")

    assert got.status < 500
