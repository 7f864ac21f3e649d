"""Keys of one purpose each, derived from the key of a home: none tells another."""


def derived(home_key: bytes, salt: bytes, purpose: bytes) -> bytes:
    """Return 32 bytes for this purpose and salt (HKDF with SHA-256, RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=salt or None, info=purpose).derive(home_key)
