"""Help says what is so: a page for every screen, a place for every code, and no key that is not a key."""

import re

import pytest

import resources
from app.domain import errors

PAGES = {file.stem: file.read_text("utf-8") for file in sorted(resources.path("help").glob("*.md"))}
KEYS = re.compile(r"(?:Ctrl |Alt |Shift )+(?:[A-Z0-9+−,]|↵|↑|↓|F\d+)(?![A-Za-z0-9])|\bF\d+\b")
CODE = re.compile(r"^### ([A-Z]-\d{3}) ", re.MULTILINE)
SIGNS = {"−": "-", "↵": "Return", "↑": "Up", "↓": "Down"}
# Keys of the field itself, so of no act: a new line, and the newcomer at the door.
OF_THE_FIELD = {"Shift+Return", "Ctrl+Return"}


def kinds_of(kind):
    """Return an error class and all that derive from it."""
    return {kind}.union(*map(kinds_of, kind.__subclasses__()))


def codes():
    """Return the code of every trouble a person can be told of."""
    pytest.importorskip("app.printing.fonts")
    rooms = (
        "ui.printing",
        "ui.exchange.relay_door",
        "db.backup",
        "db.bucket",
        "db.shards",
        "db.store_folder",
        "db.province_backup",
        "sync.server.serving",
    )
    for room in rooms:
        pytest.importorskip(room)
    return {kind.code for kind in kinds_of(errors.Trouble)}


def test_every_page_of_the_window_has_its_help():
    from ui.shell import OPENINGS

    assert set(OPENINGS) - {"help"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_begins_with_its_title(name):
    assert re.match(r"# \S+", PAGES[name])


def test_every_code_is_explained_and_none_that_is_not():
    assert set(CODE.findall(PAGES["trouble"])) == codes()


def test_every_code_says_what_happened_what_is_kept_and_what_to_do():
    parts = re.split(r"^### [A-Z]-\d{3} .*$", PAGES["trouble"], flags=re.MULTILINE)[1:]

    assert all(word in part for part in parts for word in ("发生了什么：", "保住了什么：", "怎么办："))


@pytest.mark.parametrize("name", PAGES)
def test_help_names_no_key_that_nothing_answers_to(name):
    from ui.actions import ACTS

    declared = {keys for act in ACTS for keys in act.keys} | OF_THE_FIELD
    named = {as_declared(found) for found in KEYS.findall(PAGES[name])}

    assert named - declared == set()


def as_declared(shown):
    """Return Ctrl+Shift+N for Ctrl Shift N."""
    return "+".join(SIGNS.get(part, part) for part in shown.split())
