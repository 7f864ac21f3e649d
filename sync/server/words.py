"""Words on the pages: Chinese is the source, English is looked up by it, as on the screens of the laptop."""

import json
from collections.abc import Callable
from functools import cache

import resources

LANGUAGES = ("zh", "en")
Tr = Callable[..., str]


def words(language: str) -> Tr:
    """Return what turns a Chinese text into a language; one without a translation stays Chinese."""
    known = _catalogue(language)

    def tr(text: str, **values: object) -> str:
        found = known.get(text, text)
        return found.format(**values) if values else found

    return tr


@cache
def _catalogue(language: str) -> dict[str, str]:
    if language not in LANGUAGES[1:]:
        return {}
    merged: dict[str, str] = {}
    for file in sorted(resources.path(f"i18n/{language}").glob("*.json")):
        merged.update(json.loads(file.read_text("utf-8")))
    return merged
