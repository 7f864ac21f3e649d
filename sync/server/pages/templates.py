"""Templates filled: everything is escaped, numbers and dates are written as officials write them."""

from calendar import month_name
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

import resources
from app.domain.edition_code import shown_digits
from app.domain.wording import circled, full_day, short_day
from app.queries.place_cells import CHINA, local_day
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
    environment.filters |= {"number": number, "circled": circled, "digits": shown_digits, "moment": moment_words}
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


def day_words(day: date, language: str, year: int = 0) -> str:
    """Return a day: 2026年3月30日, or 30 Mar 2026; without its year where everything is of that year.

    A moment is told as the day it was in China, wherever the server thinks it is.
    """
    day = local_day(day) if isinstance(day, datetime) else day
    if language == "zh":
        return short_day(day) if day.year == year else full_day(day)
    return f"{day.day} {day:%b}" if day.year == year else f"{day.day} {day:%b} {day.year}"


def moment_words(moment: datetime) -> str:
    """Return a moment in the time of China: 2026-11-01 09:00."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def month_words(month: int, language: str) -> str:
    """Return what a month is called: 9 月, or September."""
    return f"{month} 月" if language == "zh" else month_name[month]


def link(path: str, **query: object) -> str:
    """Return an address with what is asked for; what is empty is left out."""
    told = {name: value for name, value in query.items() if value not in ("", None)}
    return f"{path}?{urlencode(told)}" if told else path
