"""The cargo of one home: which pictures travel and how far they have come, as rows; their bytes lie with the blobs."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import Engine, delete, insert, select, update

from app.domain.errors import AttachmentLost
from app.ports import OWN, WHOLE, Freight
from db.blobs import FileBlobs
from db.ledger import SqlLedger
from db.scope import at, county_of
from db.shelf import ask
from db.tables import AttachmentRow, FreightRow, StreamRow
from db.turns import asking, reader

_PLAIN = ("id", "device", "region", "audience", "act", "among", "size", "state")
_FREIGHTS = f"SELECT {', '.join(_PLAIN)}, have FROM {FreightRow.__tablename__} ORDER BY no"


class SqlCargo:
    """What the exchange may do with the pictures of one home."""

    def __init__(self, engine: Engine, ledger: SqlLedger, blobs: FileBlobs) -> None:
        self._reader = reader(engine)
        self._ledger = ledger
        self._blobs = blobs
        self.piece, self.adopt, self.settle = blobs.piece, blobs.adopt, blobs.settle
        self._kept = 0
        self._read: tuple[int | None, list[Freight]] = (None, [])
        self.shelve, self.shelved, self.unshelve = blobs.shelve, blobs.shelved, blobs.unshelve

    def freights(self) -> list[Freight]:
        """Return all pictures that travel, in the order they were first met; read once in a turn with a county."""
        since = self._ledger.alone_since
        now = None if since is None else hash((since, self._kept))
        if now is None or now != self._read[0]:
            self._read = (now, self._freights())
        return list(self._read[1])

    def _freights(self) -> list[Freight]:
        return [Freight(*(*row[:-1], _numbers(row[-1]))) for row in ask(self._reader, _FREIGHTS)]

    def keep_freights(self, freights: Iterable[tuple[Freight, bytes]]) -> None:
        """Keep how things stand with some, in one transaction, each with its author's letter if that is known."""
        with self._ledger.transaction() as connection:
            for freight, letter in freights:
                at(connection, county_of(freight.region))
                row: dict[str, Any] = {name: getattr(freight, name) for name in _PLAIN}
                row["have"] = msgspec.json.encode(sorted(freight.have)).decode()
                row |= {"letter": letter} if letter else {}
                known = update(FreightRow).where(FreightRow.id == freight.id).values(row)
                if not connection.execute(known).rowcount:
                    connection.execute(insert(FreightRow), {"letter": b""} | row)
        self._kept += 1

    def forget(self, blob_ids: Iterable[str]) -> int:
        """Throw pictures away with all that is known of them; return how many were here."""
        wanted = [one for one in blob_ids if self._blobs.has(one) or self._is_known(one)]
        with self._ledger.transaction() as connection:
            for blob_id in wanted:
                connection.execute(delete(FreightRow).where(FreightRow.id == blob_id))
        self._kept += 1
        for blob_id in wanted:
            self._blobs.forget(blob_id)
        return len(wanted)

    def _is_known(self, blob_id: str) -> bool:
        with asking(self._reader) as connection:
            return connection.execute(select(FreightRow.id).where(FreightRow.id == blob_id)).first() is not None

    def letter(self, blob_id: str) -> bytes:
        """Return the letter of the author; empty when it is not known."""
        with asking(self._reader) as connection:
            found = connection.execute(select(FreightRow.letter).where(FreightRow.id == blob_id)).scalar()
        return bytes(found or b"")

    def size(self, blob_id: str) -> int | None:
        """Return how large a content is that lies here; None when there is none."""
        with suppress(AttachmentLost):
            return self._blobs.size(blob_id)
        return None


def _numbers(told: str) -> frozenset[int]:
    return frozenset(msgspec.json.decode(told, type=list[int]))


def never_was_here(engine: Engine, blob_id: str) -> bool:
    """Return whether a picture belongs to a record that came from elsewhere, and has not come itself."""
    kept = select(FreightRow.id).where(FreightRow.id == blob_id, FreightRow.state.in_((OWN, WHOLE)))
    named = (AttachmentRow.blob == blob_id) | (AttachmentRow.thumbnail == blob_id)
    own = select(StreamRow.no).where(StreamRow.private_key.is_not(None))
    with reader(engine).connect() as connection:
        if connection.execute(kept).first():
            return False
        told = connection.execute(select(AttachmentRow.versions).where(named)).scalars().all()
        ours = set(connection.execute(own).scalars())
    return bool(told) and not any(_stream(versions) in ours for versions in told)


def _stream(versions: str) -> int:
    """Return in which stream the picture of an attachment was named."""
    told = msgspec.json.decode(versions)
    version = told.get("blob") or told.get("")  # the latter stands for every field that was not changed since
    return int(version[1]) if version else 0
