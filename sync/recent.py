"""What was made of the same thing a moment ago: an exchange asks a dozen times, and what it asks of seldom changes."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The last few that were made, each with what it was made of; that need not be hashable."""

    def __init__(self, most: int) -> None:
        self._kept: deque[tuple[K, V]] = deque(maxlen=most)

    def of(self, key: K, make: Callable[[], V]) -> V:
        """Return what was made of an equal thing, or make it now."""
        for known, made in tuple(self._kept):
            if known == key:
                return made
        made = make()
        self._kept.append((key, made))
        return made
