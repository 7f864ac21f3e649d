"""法条: the laws that ship with the program, read once, and what they say about where a consensus may go."""

from functools import cache

import resources
from app.domain.paper_law import Law, read_laws


@cache
def law(code: str) -> Law:
    """Return one law as it ships: mediation, village, collective."""
    return read_laws(resources.laws())[code]


def route_line(route: str, is_village_rule: bool) -> str:
    """Return the line under a consensus that a courtyard alone cannot decide; empty when it can."""
    if is_village_rule:
        return law("village").says("village_rule")
    return law("village").says(route) or law("collective").says(route) if route else ""
