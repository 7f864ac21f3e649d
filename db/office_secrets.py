"""The secrets of an office in a database that others look after: sealed with the home's key, as second factors are.

What opens what was sealed for the office, and what it signs with. A home in a file needs none of this: its file is
sealed as a whole. A dump of the database without the key of the folder opens nothing and signs nothing; so whoever
keeps the one keeps the other, in another place.
"""

import logging
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import DBAPIError

from db.ledger import SqlLedger
from db.scope import OWNER, within
from db.sealed_text import MARK, TextSeal
from db.tables import IdentityRow, StreamRow
from db.turns import reader

SWEPT = "office/swept"
"""The note that no page of the two tables holds a secret that was sealed since; without it they are written anew."""
_IDENTITIES = select(IdentityRow.key_id, IdentityRow.secret).where(IdentityRow.secret.not_like(f"{MARK}%"))
_DEVICES = select(StreamRow.no, StreamRow.public_key, StreamRow.private_key).where(
    StreamRow.private_key.is_not(None), func.substr(StreamRow.private_key, 1, len(MARK)) != MARK.encode()
)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class OfficeSecrets:
    """Seals and opens them; each is bound to its public half."""

    home_key: bytes

    @cached_property
    def _identities(self) -> TextSeal:
        return TextSeal(self.home_key, "identity")

    @cached_property
    def _devices(self) -> TextSeal:
        return TextSeal(self.home_key, "device key")

    def seal_identity(self, secret: str, key_id: str) -> str:
        """Return a secret that opens segments, as it is kept."""
        return self._identities.seal(secret, key_id)

    def open_identity(self, kept: str, key_id: str) -> str:
        """Return a secret that opens segments; as it is kept, if an older program did."""
        return self._identities.open(kept, key_id)

    def seal_device(self, private: bytes, public: bytes) -> bytes:
        """Return the key that a device signs with, as it is kept."""
        return self._devices.seal(private.hex(), public.hex()).encode()

    def open_device(self, kept: bytes, public: bytes) -> bytes:
        """Return the key that a device signs with; as it is kept, if an older program did."""
        if not kept.startswith(MARK.encode()):
            return kept
        return bytes.fromhex(self._devices.open(kept.decode(), public.hex()))


def seal_what_was_plain(engine: Engine, ledger: SqlLedger, office: OfficeSecrets) -> None:
    """Seal what an older program kept as it is, and leave nothing of it in the pages: what the database does not do now
    is done at the next opening.

    Raises:
        NotSaved: The database would not take it.
    """
    with reader(engine).connect() as connection:
        is_plain = bool(connection.execute(_IDENTITIES).first() or connection.execute(_DEVICES).first())
    if is_plain:
        _seal(ledger, office)
    if SWEPT not in ledger.jotted(SWEPT):
        _sweep(engine, ledger)


def _seal(ledger: SqlLedger, office: OfficeSecrets) -> None:
    with ledger.together(), ledger.transaction() as connection:
        for key_id, secret in connection.execute(_IDENTITIES).all():
            kept = {"secret": office.seal_identity(secret, key_id)}
            connection.execute(update(IdentityRow).where(IdentityRow.key_id == key_id).values(kept))
        for no, public, private in connection.execute(_DEVICES).all():
            kept_key = {"private_key": office.seal_device(bytes(private or b""), bytes(public))}
            connection.execute(update(StreamRow).where(StreamRow.no == no).values(kept_key))
        ledger.jot({SWEPT: None})


def _sweep(engine: Engine, ledger: SqlLedger) -> None:
    """Write the tables anew; only once both are, nothing need be done at the next opening."""
    try:
        with within(OWNER), reader(engine).connect() as connection:
            for table in (IdentityRow, StreamRow):
                connection.exec_driver_sql(f"VACUUM (FULL) {table.__tablename__}")
    except DBAPIError as error:
        _LOG.warning("pages with secrets of the office are not swept yet, the next start tries again: %s", error.orig)
    else:
        ledger.jot({SWEPT: "1"})
