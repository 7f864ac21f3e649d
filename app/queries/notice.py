"""公示: which notices hang, and which may come down."""

from datetime import date

from app.domain.notice import Notice
from app.ports import Before, Is, Shelf


def notices_of(shelf: Shelf, sitting_id: str) -> list[Notice]:
    """Return the notices of a meeting, the latest first."""
    return shelf.all(Notice, Is("sitting_id", sitting_id), order="-posted_on")


def notices_due(shelf: Shelf, today: date) -> list[Notice]:
    """Return the notices whose days are over: from the day after `until` they may come down, the oldest first."""
    return shelf.all(Notice, Before("until", today.isoformat()), order="until")
