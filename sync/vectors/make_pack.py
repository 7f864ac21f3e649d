"""Makes the vector of packs: `python -m sync.vectors.make_pack`. Sealing is random, so each run makes another pack.

The keys are known to everybody, so that anybody can make more. Released packs stay as they are: a later version adds
a file beside them, for every version must read what every earlier one wrote.
"""

import io
import json
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from app.domain.op import Base, Op
from sync.pack import PackHead, PackWritten, read_pack, write_pack
from sync.segment import LineWriter, Sealed, SegmentHead, open_segment, seal_segment
from sync.statement import add_signature, sign_statement
from sync.suite import suite

FOLDER = Path(__file__).resolve().parent / "pack"
WAYS = suite("A")
SECRET, PARENT_SECRET = bytes(range(32)), bytes(range(1, 33))
SIGN, SIGN_ABOVE = WAYS.signer(SECRET), WAYS.signer(PARENT_SECRET)
IDENTITY = "AGE-SECRET-KEY-1DNEFZXDYP8JRKXDX3PTKYYHM6XW8ZF8K8EAM0XKPC4MSAUKA2NHSY3W2UL"
KEY = SIGN(b"").key
DEVICE = WAYS.fingerprint(KEY)
STREAM = f"{DEVICE}/1"
AT = "2026-11-23T10:02:11+08:00"
RECORD = "0195e1a0c0007abc8000000000000001"


def ops() -> list[tuple[str, Op]]:
    """Return parts of three ops, each with the class it is for: a statement, and a task that is moved on."""
    said = _op(1, "statement", {"kind": "proposal", "standing": 1})
    name = _op(1, "statement", {"speaker": "赵某甲", "text": "挡墙\n各出一半"})
    moved = _op(3, "action", {"stage": "办理中", "share": None})
    base: Base = {"stage": ((99, STREAM, 1), (98, "00112233445566ff/281474976710655", 7))}
    masked = replace(_op(4, "consensus", {"text": "李某某"}), masked=frozenset(["text"]))
    return [("O", said), ("C", name), ("O", replace(moved, base=base)), ("O", masked)]


def _op(number: int, kind: str, sets: dict[str, Any]) -> Op:
    return Op(STREAM, number, 100 + number, kind, f"{RECORD[:-1]}{number}", sets, None, "ab" * 16, "", AT)


def segment(letter: str) -> Sealed:
    """Return the segment of a class."""
    writer = LineWriter()
    lines = [writer.line(one) for audience, one in ops() if audience == letter]
    head = SegmentHead(
        DEVICE, 1, 1, 4, ("5e" * 16,), None, None, f"530102001:{letter}", (), "2026_11_26_exchange", "0.1.0"
    )
    return seal_segment(head, lines, SIGN, [WAYS.public_of(IDENTITY)])


def statements() -> list[bytes]:
    """Return a card of a county that its province has signed too."""
    told = {"org": "530102", "name": "示例县", "level": "county", "parent": "53", "sign_key": KEY, "at": AT}
    return [add_signature(sign_statement("card", told | {"seal_key": WAYS.public_of(IDENTITY)}, SIGN), SIGN_ABOVE)]


def pack() -> tuple[bytes, PackWritten]:
    """Return a pack with something of every kind."""
    file = io.BytesIO()
    head = PackHead(KEY, AT, ("org:530102",), 19, "桃园村笔记本", have={STREAM: {"O": [[1, 4]], "C": [[1, 4]]}})
    have = {STREAM: {"O": [[1, 4]], "C": [[1, 4]]}}
    receipt: dict[str, Any] = {"org": "530102", "device": DEVICE, "no": 1, "at": AT, "have": have}
    receipt |= {"applied": {STREAM: {"O": [[1, 4]]}}, "known": [], "level": "county"}
    carried = [(one.id, one.head, one.content) for one in map(segment, "OC")]
    blobs = [(f"{'c4' * 32}/{number}", WAYS.seal(b"picture", [WAYS.public_of(IDENTITY)])) for number in (2, 10)]
    written = write_pack(file, head, statements(), [sign_statement("receipt", receipt, SIGN)], carried, blobs, SIGN)
    return file.getvalue(), written


def told_of(raw: bytes, written: PackWritten) -> dict[str, Any]:
    """Return what the pack holds, for whoever reads it with a program of their own."""
    found = read_pack(io.BytesIO(raw))
    opened = {
        name: open_segment(content, [IDENTITY], WAYS.holds, name, head) for name, head, content in found.segments()
    }
    return {
        "signing_key": SECRET.hex(),
        "parent_signing_key": PARENT_SECRET.hex(),
        "identity": IDENTITY,
        "sha256": written.digest,
        "packer": DEVICE,
        "segments": [
            {"id": name, "plain_sha256": one.plain_digest, "lines": [line.decode() for line in one.lines]}
            for name, one in opened.items()
        ],
        "statements": [WAYS.digest(one) for one in (*found.statements(), *found.receipts())],
        "blobs": [name for name, _ in found.blobs()],
        "spoilt": spoilt(raw),
    }


def spoilt(raw: bytes) -> list[dict[str, Any]]:
    """Return what each pack says of itself that begins as this one does: cut, or with one byte another one."""
    places = {"X-501": 0, "X-503": raw.index(b"age-encryption"), "X-506": raw.index(b'"sig":"', len(raw) - 4096) + 20}
    told: list[dict[str, Any]] = [{"code": code, "at": at, "xor": 1} for code, at in places.items()]
    return [*told, *({"code": "X-502", "cut": cut} for cut in (0, 512, len(raw) // 2, len(raw) - 512))]


if __name__ == "__main__":
    made = pack()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "version_1.yb").write_bytes(made[0])
    (FOLDER / "version_1.json").write_text(json.dumps(told_of(*made), ensure_ascii=False, indent=1) + "\n", "utf-8")
