"""Days people can write beside a task: the holiday table that stands behind them, read once."""

from functools import cache

import resources
from app.domain.calendar import Workdays, read_workdays


@cache
def workdays() -> Workdays:
    """Return who rests when."""
    return read_workdays(resources.holiday_notices())
