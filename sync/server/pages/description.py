"""The description of the addresses for programs (OpenAPI 3.1), made from the list of addresses itself."""

import re
from collections.abc import Iterable
from typing import Any, Protocol

from app.queries.place_lists import LISTS

_TYPE = re.compile(r"\{(\w+)(?::\w+)?\}")
FORMS = ("csv", "json", "xlsx")
_ASKS: dict[str, dict[str, Any]] = {
    "code": {"description": "a code from a paper", "schema": {"type": "string", "maxLength": 4_000}},
    "lang": {"description": "the language of the page", "schema": {"enum": ["zh", "en"]}},
    "order": {"description": "by what the list is sorted", "schema": {"enum": ["planned", "taken_up", "done"]}},
    "place": {"description": "the code of a place", "schema": {"type": "string", "pattern": "^[0-9]{2,12}$"}},
    "q": {"description": "what is looked for", "schema": {"type": "string", "maxLength": 60}},
    "year": {"description": "of which year", "schema": {"type": "string", "pattern": "^[0-9]{4}$"}},
}
_PATHS: dict[str, dict[str, Any]] = {
    "code": {"type": "string", "pattern": "^[0-9]{2,9}$"},
    "consultation_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "form": {"enum": list(FORMS)},
    "name": {"enum": [one.name for one in LISTS]},
}


class Described(Protocol):
    """What is told of one address."""

    @property
    def path(self) -> str:
        """Return the address with its blanks."""

    @property
    def asks(self) -> tuple[str, ...]:
        """Return what may be asked of it."""

    @property
    def sentence(self) -> str:
        """Return what it does."""


def description(endpoints: Iterable[Described], url: str) -> dict[str, Any]:
    """Return the description of these addresses."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "院坝 Yuanba", "version": "1", "description": "What a province shows everybody."},
        "servers": [{"url": url}],
        "paths": {_TYPE.sub(r"{\1}", one.path): {"get": _operation(one)} for one in endpoints},
    }


def _operation(one: Described) -> dict[str, Any]:
    path = [{"name": name, "in": "path", "required": True, "schema": _PATHS[name]} for name in _TYPE.findall(one.path)]
    query = [{"name": name, "in": "query", **_ASKS[name]} for name in (*one.asks, "lang")]
    answers = {"200": {"description": one.sentence}, "404": {"description": "there is none here"}}
    return {"summary": one.sentence, "parameters": path + query, "responses": answers}
