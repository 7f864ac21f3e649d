"""What the tests of the exchange are made of: keys that everybody knows, ops of invented people, packs good and bad."""

import io
import random
from base64 import b64encode

from app.domain.op import Op
from sync.archive import ArchiveWriter
from sync.pack import FIRST, SIGNED_AS, PackHead, write_pack
from sync.segment import SIGNED_AS as SEGMENT_SIGNED_AS
from sync.segment import SegmentHead, op_line, seal_segment
from sync.statement import sign_statement
from sync.suite import key_ids, pae, suite

WAYS = suite("A")
SECRET = bytes(range(32))
SIGN = WAYS.signer(SECRET)
KEY = SIGN(b"").key
DEVICE = WAYS.fingerprint(KEY)
STREAM = f"{DEVICE}/1"
OTHER_SIGN = WAYS.signer(bytes(range(1, 33)))
# The age identities of an organisation and of a stranger, made once and for all.
OURS = "AGE-SECRET-KEY-1DNEFZXDYP8JRKXDX3PTKYYHM6XW8ZF8K8EAM0XKPC4MSAUKA2NHSY3W2UL"
OUR_PUBLIC = WAYS.public_of(OURS)
STRANGER, STRANGER_PUBLIC = WAYS.new_identity()
COUNTY = "530102001:C"
WALL = "2026-11-23T10:02:11+08:00"


def op(number: int, **sets: object) -> Op:
    """Return an op of our stream that brings a record into being."""
    told = sets or {"body": f"赵某甲：挡墙各出一半，第{number}条。", "at": 1_790_000_000 + number}
    return Op(STREAM, number, number + 100, "statement", f"{number:032x}", told, None, "ab" * 16, "钱某乙", WALL)


def head(last: int = 3, **other: object) -> SegmentHead:
    """Return the head of a segment of our stream that begins with its first op."""
    told = {"acts": ("5e" * 16,), "after": None, "prev": None, "audience": COUNTY, "to": key_ids([OUR_PUBLIC])}
    return SegmentHead(DEVICE, 1, 1, last, schema="2026_11_26_exchange", app="0.1.0", **{**told, **other})


def sealed(count: int = 3, **other: object):
    """Return a sealed segment of so many ops."""
    lines = [op_line(op(number)) for number in range(1, count + 1)]
    return seal_segment(head(count, **other), lines, SIGN, [OUR_PUBLIC])


def sealed_bytes(signed: bytes, sign=SIGN, recipients=(OUR_PUBLIC,)) -> bytes:
    """Return any lines at all, signed and sealed as if they were a segment."""
    made = sign(pae(SEGMENT_SIGNED_AS, signed))
    plain = signed + f'{{"key":"{made.key}","sig":"{made.signature}"}}\n'.encode()
    return WAYS.seal(WAYS.squeeze(plain), recipients)


def card() -> bytes:
    """Return the card of an invented county."""
    told = {"org": "530102", "name": "示例县", "level": "county", "parent": None, "sign_key": KEY, "at": WALL}
    return sign_statement("card", told | {"seal_key": OUR_PUBLIC}, SIGN)


def receipt(number: int = 1) -> bytes:
    """Return a receipt of a county."""
    told = {"org": "530102", "device": DEVICE, "no": number, "at": WALL, "have": {STREAM: {"O": [[1, number]]}}}
    return sign_statement("receipt", told | {"applied": {}, "known": [], "level": "county"}, SIGN)


def pack_head(**other: object) -> PackHead:
    """Return the head of a pack that goes to the county."""
    told = {"number": 19, "packer_name": "桃园村笔记本", "have": {STREAM: {"O": [[1, 3]]}}, "parts_set": "5e" * 16}
    return PackHead(KEY, WALL, ("org:530102",), **{**told, **other})


def pack(segments=(), blobs=(), statements=(), receipts=(), **other: object) -> bytes:
    """Return a pack."""
    file = io.BytesIO()
    carried = [(one.id, one.head, one.content) for one in segments]
    write_pack(file, pack_head(**other), statements, receipts, carried, blobs, SIGN)
    return file.getvalue()


def small_pack() -> bytes:
    """Return a pack with one of each."""
    piece = WAYS.seal(b"picture", [OUR_PUBLIC])
    return pack([sealed(1)], [("c4" * 32 + "/0", piece)], [card()], [receipt()])


def random_pack(seed: int) -> bytes:
    """Return some pack, another for each number."""
    dice = random.Random(seed)
    first = [sealed(dice.randint(1, 6), acts=(f"{seed:032x}", f"a{n:031x}")) for n in range(dice.randint(0, 3))]
    names = sorted((f"{dice.getrandbits(256):064x}", n) for n in range(dice.randint(0, 3)))
    blobs = [(f"{name}/{n}", dice.randbytes(dice.randint(0, 1500))) for name, n in names]
    statements = [card()] if dice.random() < 0.5 else []
    return pack(first, blobs, statements, [receipt(n) for n in range(1, dice.randint(1, 3))])


def entries_of(raw: bytes) -> list[tuple[str, bytes]]:
    """Return names and contents of a pack's entries, as a reader would that trusts everything."""
    found, at = [], 0
    while at + 512 <= len(raw) and raw[at]:
        name = raw[at : at + 100].split(b"\0")[0].decode("ascii")
        size = int(raw[at + 124 : at + 135], 8)
        found.append((name, raw[at + 512 : at + 512 + size]))
        at += 512 + size + -size % 512
    return found


def signed_pack(entries, sign=SIGN) -> bytes:
    """Return a pack of any entries at all, with a manifest of these and a good signature over it."""
    file = io.BytesIO()
    out = ArchiveWriter(file)
    for name, content in entries:
        if not name.startswith("manifest"):
            out.add(name, content)
    told = ",".join(f'["{one.name}",{one.size},"{one.digest}"]' for one in out.members)
    manifest = f"[{told}]".encode()
    made = sign(pae(SIGNED_AS, manifest))
    out.add("manifest.json", manifest)
    signature = (
        f'[{{"keyid":"{WAYS.fingerprint(made.key)}","sig":"{b64encode(bytes.fromhex(made.signature)).decode()}"}}]'
    )
    around = f'{{"payloadType":"{SIGNED_AS}","payload":"{b64encode(manifest).decode()}","signatures":{signature}}}'
    out.add("manifest.dsse", around.encode())
    out.close()
    return file.getvalue()


def first_entry() -> tuple[str, bytes]:
    """Return what every pack begins with."""
    return FIRST, b"yuanba_pack_1\n"
