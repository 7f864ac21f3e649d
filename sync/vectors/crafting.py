"""What the vectors of the exchange are crafted with: keys from a seed, age files, segments, statements and packs.

Everything here writes by hand what `sync` writes by its own ways, so that it can also be written wrongly; and it throws
no dice, so that the same script makes the same bytes.
"""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import zstandard
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.archive import entry_head
from sync.suite import Sign, pae, suite

WAYS = suite("A")
SEED = b"yuanba exchange vectors 1: "
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
AT = "2026-11-23T10:02:11+08:00"
SEGMENT, MANIFEST = "application/vnd.yuanba.segment.v1", "application/vnd.yuanba.manifest.v1"
Json = dict[str, Any]
Entry = tuple[str, bytes]


def from_seed(name: str) -> bytes:
    """Return 32 bytes that look random and are always the same."""
    return hashlib.sha256(SEED + name.encode()).digest()


def compact(value: object) -> bytes:
    """Return JSON without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


# Keys


def _bech32(prefix: str, raw: bytes) -> str:
    number = int.from_bytes(raw, "big") << (-len(raw) * 8 % 5)
    count = -(-len(raw) * 8 // 5)
    words = [number >> 5 * (count - 1 - place) & 31 for place in range(count)]
    around = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    check = 1
    for word in [*around, *words, 0, 0, 0, 0, 0, 0]:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ word
        for place, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if top >> place & 1 else 0
    words += [(check ^ 1) >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1{''.join(LETTERS[word] for word in words)}"


def _public(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


AGE_SECRETS = {name: from_seed(f"age {name}") for name in ("township", "county", "province", "stranger")}
IDENTITIES = {name: _bech32("age-secret-key-", secret).upper() for name, secret in AGE_SECRETS.items()}
RECIPIENTS = {name: _bech32("age", _public(secret)) for name, secret in AGE_SECRETS.items()}
SIGN_SECRETS = {
    name: from_seed(f"sign {name}") for name in ("laptop", "other laptop", "county", "province", "stranger")
}
SIGN: dict[str, Sign] = {name: WAYS.signer(secret) for name, secret in SIGN_SECRETS.items()}
KEY = {name: sign(b"").key for name, sign in SIGN.items()}
DEVICE = {name: WAYS.fingerprint(key) for name, key in KEY.items()}
STREAM = f"{DEVICE['laptop']}/1"
READERS = {"O": ("province", "county", "township"), "C": ("county", "township"), "T": ("township",)}


# age files


def _b64(raw: bytes) -> bytes:
    return b64encode(raw).rstrip(b"=")


def _derived(secret: bytes, salt: bytes, word: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, word).derive(secret)


def _stanza(recipient: bytes, file_key: bytes, short: X25519PrivateKey) -> bytes:
    share = short.public_key().public_bytes_raw()
    shared = short.exchange(X25519PublicKey.from_public_bytes(recipient))
    wrap = _derived(shared, share + recipient, b"age-encryption.org/v1/X25519")
    return b"-> X25519 %b\n%b\n" % (_b64(share), _b64(ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)))


def sealed_to(content: bytes, names: Sequence[str], stanzas: bytes = b"") -> bytes:
    """Return an age file for these readers; its secrets come from its content."""
    seed = hashlib.sha256(SEED + content + " ".join(names).encode()).digest()
    file_key, nonce = seed[:16], hashlib.sha256(seed + b"nonce").digest()[:16]
    head = b"age-encryption.org/v1\n"
    for name in names:
        short = X25519PrivateKey.from_private_bytes(hashlib.sha256(seed + name.encode()).digest())
        head += _stanza(_public(AGE_SECRETS[name]), file_key, short)
    head += stanzas + b"---"
    head += b" %b\n" % _b64(hmac.digest(_derived(file_key, b"", b"header"), head, "sha256"))
    payload, pieces = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")), range(0, len(content) or 1, 1 << 16)
    for number, at in enumerate(pieces):
        last = b"\1" if at == pieces[-1] else b"\0"
        nonce += payload.encrypt(number.to_bytes(11, "big") + last, content[at : at + (1 << 16)], None)
    return head + nonce


# Frames


def squeezed(content: bytes, **how: Any) -> bytes:
    """Return the frame that our programs write, or one written otherwise."""
    return zstandard.ZstdCompressor(**{"level": 9, "write_content_size": True, **how}).compress(content)


def frame_of(size: int, blocks: bytes, window: int | None = None) -> bytes:
    """Return a frame written by hand, which may claim any size."""
    kind = b"\xe0" if window is None else b"\xc0" + bytes([window])
    return b"\x28\xb5\x2f\xfd" + kind + size.to_bytes(8, "little") + blocks


def zeros(count: int) -> bytes:
    """Return the blocks of a frame that stand for so many times 128 KiB of zeros: four bytes each."""
    size = 1 << 17
    more, last = (size << 3 | 2).to_bytes(3, "little"), (size << 3 | 3).to_bytes(3, "little")
    return (more + b"\0") * (count - 1) + last + b"\0"


# Segments


def head_of(letter: str = "C", **other: Any) -> Json:
    """Return the head of a segment of the laptop."""
    to = sorted(WAYS.key_id(RECIPIENTS[name]) for name in READERS[letter])
    lane = {"dev": DEVICE["laptop"], "incarnation": 1, "first": 1, "last": 3, "acts": ["5e" * 16], "after": None}
    told: Json = {"format": "yuanba-segment", "v": 1, "min_reader": 1, "suite": "A", **lane, "prev": None}
    return told | {"aud": f"530102001:{letter}", "to": to, "schema": "2026_11_26_exchange", "app": "0.1.0"} | other


def op_of(number: int = 1, **other: Any) -> Json:
    """Return an op that brings a record into being."""
    told: Json = {"n": number, "l": 100 + number, "t": AT, "u": "钱某乙", "a": "ab" * 16, "k": "statement"}
    sets = {"text": f"赵某甲：挡墙各出一半，第{number}条。", "number": number}
    return told | {"i": f"{number:032x}", "s": sets, "b": None} | other


def lines_of(head: Json, ops: Sequence[Json | bytes]) -> bytes:
    """Return the lines that are signed."""
    return b"".join((one if isinstance(one, bytes) else compact(one)) + b"\n" for one in (head, *ops))


def plain_of(signed: bytes, signer: str = "laptop") -> bytes:
    """Return lines with their signature."""
    made = SIGN[signer](pae(SEGMENT, signed))
    return signed + f'{{"key":"{made.key}","sig":"{made.signature}"}}\n'.encode()


def segment_of(head: Json, ops: Sequence[Json | bytes], signer: str = "laptop", to: Sequence[str] = ()) -> bytes:
    """Return a sealed segment."""
    names = to or READERS[str(head.get("aud"))[-1:]]
    return sealed_to(squeezed(plain_of(lines_of(head, ops), signer)), names)


def entry_of(sealed: bytes, head: Json, **other: Any) -> Json:
    """Return what the header of a pack says of a segment."""
    told: Json = {"id": WAYS.digest(sealed)}
    told |= {name: head[name] for name in ("dev", "incarnation", "first", "last", "aud", "acts", "after")}
    return told | {"size": len(sealed)} | other


# Statements


def signed_by(kind: str, payload: bytes, *signers: str) -> list[Json]:
    """Return the signatures of a statement."""
    made = [SIGN[name](pae(kind, payload)) for name in signers]
    return [
        {"keyid": WAYS.fingerprint(one.key), "key": one.key, "sig": b64encode(bytes.fromhex(one.signature)).decode()}
        for one in made
    ]


def statement_of(kind: str, payload: Json | bytes, /, *signers: str, **other: Any) -> bytes:
    """Return the file of a statement, or what is nearly one."""
    raw = payload if isinstance(payload, bytes) else compact(payload)
    name = f"application/vnd.yuanba.{kind}.v1"
    told = {"payloadType": name, "payload": b64encode(raw).decode(), "signatures": signed_by(name, raw, *signers)}
    return compact(told | other)


def card_of(**other: Any) -> Json:
    """Return what the card of a county says."""
    told = {"kind": "card", "org": "530102", "name": "示例县", "level": "county", "parent": None}
    return told | {"sign_key": KEY["county"], "seal_key": RECIPIENTS["county"], "at": AT} | other


def receipt_body(**other: Any) -> Json:
    """Return what a receipt of the county says."""
    told: Json = {"kind": "receipt", "org": "530102", "device": DEVICE["county"], "no": 7, "at": AT}
    told |= {"have": {STREAM: {"O": [[1, 3]], "C": [[1, 3]]}}, "applied": {STREAM: {"O": [[1, 3]]}}}
    return told | {"known": ["0123abcd"], "level": "county"} | other


# Packs


def header_of(segs: Sequence[Json] = (), packer: str = "laptop", **other: Any) -> Json:
    """Return header.json of a pack."""
    told: Json = {"format": "yuanba-pack", "v": [1, 0], "min_reader": [1, 0], "suite": "A"}
    told |= {"packer": f"dev:{DEVICE[packer]}", "key": KEY[packer], "packer_name": "桃园村笔记本", "made_wall": AT}
    told |= {"clock": {"quality": "unset"}, "to": ["org:530102"], "via": []}
    told |= {"parts": {"set": "5e" * 16, "no": 1, "of": 1}, "number": 19}
    return told | {"have": {STREAM: {"O": [[1, 3]]}}, "needs": {}, "segs": list(segs)} | other


def tar_of(entries: Sequence[Entry], end: bytes = bytes(1024)) -> bytes:
    """Return a tar of entries."""
    return b"".join(entry_head(name, len(raw)) + raw + bytes(-len(raw) % 512) for name, raw in entries) + end


def signed_off(entries: Sequence[Entry], signer: str = "laptop", keyid: str = "") -> list[Entry]:
    """Return entries with manifest and signature after them."""
    told = compact([[name, len(raw), WAYS.digest(raw)] for name, raw in entries])
    signature = b64encode(bytes.fromhex(SIGN[signer](pae(MANIFEST, told)).signature)).decode()
    signatures = [{"keyid": keyid or DEVICE[signer], "sig": signature}]
    envelope = {"payloadType": MANIFEST, "payload": b64encode(told).decode(), "signatures": signatures}
    return [*entries, ("manifest.json", told), ("manifest.dsse", compact(envelope))]


def entries_of(header: Json | bytes, *parts: Entry) -> list[Entry]:
    """Return the entries of a pack before its manifest."""
    raw = header if isinstance(header, bytes) else compact(header)
    return [("0=yuanba_pack_1", b"yuanba_pack_1\n"), ("header.json", raw), *parts]


def seg_part(sealed: bytes) -> Entry:
    """Return the entry of a segment."""
    return f"seg/{WAYS.digest(sealed)}.age", sealed


def said_parts(folder: str, *files: bytes) -> list[Entry]:
    """Return the entries of statements or receipts."""
    return [(f"{folder}/{digest}.json", raw) for digest, raw in sorted((WAYS.digest(raw), raw) for raw in files)]
