"""The seal of this device: its Ed25519 key, which never leaves the home."""

from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select

from app.ports import Signature
from db.office_secrets import OfficeSecrets
from db.tables import StreamRow
from db.turns import reader

if TYPE_CHECKING:  # loaded with the first seal: it costs a window tens of milliseconds
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class DeviceSeal:
    """Signs with the key of the current stream; checks signatures of any device."""

    def __init__(self, engine: Engine, office: OfficeSecrets | None = None) -> None:
        self._engine, self._office = engine, office

    @cached_property
    def _private(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        with reader(self._engine).connect() as connection:
            ours = select(StreamRow.private_key, StreamRow.public_key).where(StreamRow.is_current)
            kept, public = connection.execute(ours).one()
        assert kept is not None, "the current stream is ours"
        raw = self._office.open_device(bytes(kept), bytes(public)) if self._office else kept
        return Ed25519PrivateKey.from_private_bytes(raw)

    def sign(self, words: bytes) -> Signature:
        """Sign with the device's key."""
        return Signature(self._private.public_key().public_bytes_raw().hex(), self._private.sign(words).hex())

    def holds(self, words: bytes, signature: Signature) -> bool:
        """Return whether a signature is good for these bytes; False for anything malformed."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.key))
            key.verify(bytes.fromhex(signature.signature), words)
        except (InvalidSignature, ValueError):
            return False
        return True
