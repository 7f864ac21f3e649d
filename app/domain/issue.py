"""焦点: what has to be settled at the table."""

from dataclasses import dataclass
from typing import ClassVar

from app.domain.errors import Incomplete


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of a sitting; `number` is its place on the list, from 1."""

    KIND: ClassVar[str] = "issue"
    id: str
    sitting_id: str
    number: int
    title: str
    note: str = ""
    standing: int = 1

    def check(self) -> None:
        """Refuse an issue without a title.

        Raises:
            Incomplete: The title is empty.
        """
        if not self.title.strip():
            raise Incomplete("焦点叫什么还没写")
