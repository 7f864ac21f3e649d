"""What papers are made from, as this window knows it: the meeting, its version, and who issues papers here."""

from app.domain.practice import Practice
from app.queries.edition import EditionState
from app.queries.papers import Matter, issuer_of
from app.queries.sitting import LiveSitting
from ui.room import Room


def practice_of(room: Room, live: LiveSitting) -> Practice:
    """Return how the place of a meeting consults."""
    known = room.practices
    return known.get(live.consultation.practice) or next(iter(known.values()))


def matter_of(room: Room, live: LiveSitting, state: EditionState) -> Matter:
    """Return what the papers of a meeting are made from."""
    issuer = issuer_of(room.setting)
    practice = practice_of(room, live)
    today, sealed = room.today(), (state.latest, state.correction, state.editions)
    return Matter(live, room.places, practice, issuer, today, *sealed)
