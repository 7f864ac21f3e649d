"""Words on the screen: Chinese is the source, other languages are looked up by it.

English lives in resources/i18n/en/, one JSON file per part of the program, merged when first needed. A text without a
translation stays Chinese: a wrong language is better than no word.
"""

import json
from functools import cache

from ui.theme import RESOURCES

LANGUAGES = ("zh", "en")
_spoken = {"language": "zh"}


def tr(text: str, **values: object) -> str:
    """Return a text in the language spoken, its {names} filled in."""
    known = catalogue(_spoken["language"]).get(text, text)
    return known.format(**values) if values else known


def speak(language: str) -> None:
    """Use this language from now on; screens already built keep their words.

    Raises:
        KeyError: We do not speak it.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    _spoken["language"] = language


def spoken() -> str:
    """Return the language in use."""
    return _spoken["language"]


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all translations of a language by their Chinese; empty for Chinese itself."""
    merged: dict[str, str] = {}
    for file in sorted((RESOURCES / "i18n" / language).glob("*.json")):
        merged.update(json.loads(file.read_text("utf-8")))
    return merged
