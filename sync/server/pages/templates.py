"""Templates filled: everything is escaped, numbers and dates are written as officials write them."""

from calendar import month_name
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

import resources
from app.domain.edition_code import shown_digits
from app.domain.wording import circled, short_day
from sync.server.pages import charts


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resources.path("web")),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "circled": circled, "digits": shown_digits}
    environment.globals |= {
        "bar": charts.bar,
        "line": charts.line,
        "link": link,
        "day": day_words,
        "month": month_words,
    }
    return environment


def filled(template: str, **told: Any) -> str:
    """Return a template filled with what is told; a name that nobody told is an error."""
    return _environment().get_template(template).render(**told)


def number(count: int) -> str:
    """Return a number for screens: 1,912."""
    return f"{count:,}"


def day_words(day: date, language: str) -> str:
    """Return a day without its year: 3月30日, or 30 Mar."""
    return short_day(day) if language == "zh" else f"{day.day} {day:%b}"


def month_words(month: int, language: str) -> str:
    """Return what a month is called: 9 月, or September."""
    return f"{month} 月" if language == "zh" else month_name[month]


def link(path: str, **query: object) -> str:
    """Return an address with what is asked for; what is empty is left out."""
    told = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{path}?{urlencode(told)}" if told else path
