"""The log of a ledger and when it is brought into the file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

USUAL = 1_000
"""After how many pages SQLite brings its log into the file, as it does by itself, but for a large intake."""


class Folding:
    """Brings what a large intake has left in the log into the file once others may write again."""

    def __init__(self, reader: Engine) -> None:
        self._reader = reader
        self._is_due = False

    def put_off(self, connection: Connection) -> None:
        """Keep a transaction from doing it at its commit, while everybody waits."""
        self._is_due = True
        _by_itself(connection, 0)

    @contextmanager
    def around(self, connection: Connection) -> Iterator[None]:
        """Let a transaction do it as usual, unless it is being done at this moment or has been put off."""
        was_due = self._is_due
        if was_due:
            _by_itself(connection, 0)
        try:
            yield
        finally:
            if was_due or self._is_due:
                _by_itself(connection, USUAL)

    def fold(self) -> None:
        """Do it if it has been put off."""
        if self._is_due:
            with suppress(OperationalError), self._reader.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            self._is_due = False


def _by_itself(connection: Connection, pages: int) -> None:
    """Let SQLite do it after so many pages (0: never), without beginning a transaction."""
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA wal_autocheckpoint = {pages}")
