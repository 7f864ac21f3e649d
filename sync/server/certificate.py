"""The certificate of a relay that speaks TLS in a network without an authority: made once, known by its pin.

Whoever calls compares the key with the pin it was given on paper or in the card of the county, and looks at no date: a
laptop whose clock is years off reaches the county all the same.
"""

import datetime
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sync.carriers.line import pin_of

_FROM, _TO = datetime.datetime(2000, 1, 1), datetime.datetime(2099, 12, 31)
_FILE = "relay.pem"


def relay_trust(folder: Path) -> ssl.SSLContext:
    """Return what a `Server` speaks TLS with; key and certificate lie in the folder, and are made when they do not."""
    file = folder / _FILE
    if not file.exists():
        write_certificate(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(file)
    return context


def relay_pin(folder: Path) -> str:
    """Return the pin of the certificate in the folder."""
    found = x509.load_pem_x509_certificate((folder / _FILE).read_bytes())
    return pin_of(found.public_bytes(Encoding.DER))


def write_certificate(file: Path, begin: datetime.datetime = _FROM, end: datetime.datetime = _TO) -> None:
    """Write a new key and its certificate, which nobody but the owner of the file may read."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "yuanba relay")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), begin, end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as content:
        content.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        content.write(certificate.public_bytes(Encoding.PEM))
    beside.replace(file)
